"""Complete analysis of a scenario with members: the joint plan, and its results in each member."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from gnomon import Options
from xisuan.decisions.decide import decide
from xisuan.planning.access.date_tables import with_dates
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.results.two_stage import Future
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _
from xisuan.workflow.operate import operated
from xisuan.workflow.plan import DEFAULT_OPTIONS
from xisuan.workflow.run import OtherHours, noted, on_other_hours, settled
from xisuan.workflow.two_stage import two_stage

ONE_FUTURE = _(
    "left out of a plan for several futures, for it is found by planning for one of them again and again; xisuan run on"
    " the folder members/NAME/scenario makes it for one"
)
"""Reason why tables that need further plans are missing."""


def run_two_stage(
    scenario: Scenario,
    options: Options = DEFAULT_OPTIONS,
    *,
    method: str = "auto",
    ask: bool = True,
    folder: Path | None = None,
    progress: Report | None = None,
) -> TwoStageRun:
    """Plan the members of `scenario` jointly and certify the plan; operate it in every member; make the decision
    tables.

    Every member's plan is operated on its own hours. Decision tables, and the operation on other days and on a typical
    week, are made for the likeliest member. `ask` and `folder` as in `run`: whether to do what takes longer than
    planning (other days and the week). Tables that need further plans are left out, since those would be plans for a
    single future; `decision_notes` says so. Raises as `two_stage` does.
    """
    found = two_stage(scenario, options, method=method, folder=folder, progress=progress)
    runs = []
    for one, weight in zip(found.members, found.weights, strict=True):
        tell(progress, "own hours", _("{name}: operating the plan on its own hours", name=one.name))
        schedule = operated(one.plan.scenario, _proven(one, weight), settled(options), progress)
        run = Run(one.plan.scenario, one.plan, schedule)
        runs.append(_decided(run, options, ask=ask, progress=progress) if one is found.likeliest else run)
    return TwoStageRun(found, tuple(runs))


def _proven(one: Future, weight: float) -> Plan:
    """Return the plan in a member with the joint duals divided by the member's weight: those that prove its operation."""
    duals = {name: dataclasses.replace(dual, values=dual.values / weight) for name, dual in one.duals.items()}
    return dataclasses.replace(one.plan, duals=duals)


def _decided(run: Run, options: Options, *, ask: bool, progress: Report | None) -> Run:
    """Return the run with its decision tables, and its plan on other days and on a week."""
    plan, undrawn = with_dates(run.plan, ask, progress)
    tables = dict(decide(plan, ask=False, why_not=ONE_FUTURE, progress=progress))
    tell(progress, "other days", _("operating the plan on other days"))
    hours = on_other_hours(plan, options) if ask else OtherHours()
    made = dataclasses.replace(run, plan=plan, others=hours.others, week=hours.week, decisions=tables)
    return noted(made, {"city_dates": undrawn, "rolling": hours.not_rolling}, quick=not ask)
