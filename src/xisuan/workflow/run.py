"""Complete analysis of a scenario: all verbs one after another."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from gnomon import Options, Rolling
from xisuan.certificate.certify_plan import certify
from xisuan.decisions.decide import LEFT_OUT, STRESS, decide, stress_of, tables_asked
from xisuan.decisions.decide_early import EarlyResults, decide_early
from xisuan.decisions.typical_day import on_few_hours
from xisuan.errors import SolverError
from xisuan.parallel.process import Elsewhere, EndedError, elsewhere
from xisuan.planning.access.date_tables import _dates, with_dates
from xisuan.planning.expansion import plan as find
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import frame, in_both
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.results.storage import fingerprint
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse
from xisuan.scenario.variants.modelled_hours import other_days, typical_week
from xisuan.text.translation import message as _
from xisuan.versions import versions
from xisuan.workflow.operate import operated
from xisuan.workflow.plan import DEFAULT_OPTIONS, shared, with_certificate

T = TypeVar("T")

OTHER_HOURS_GAP = 1e-4
"""Default gap of operation on other days and on a week. Its extra cost over the plan is some percent, so this gap gives
it to about a hundredth of its value."""


def run(
    scenario: Scenario,
    options: Options = DEFAULT_OPTIONS,
    *,
    method: str = "auto",
    ask: bool = True,
    folder: Path | None = None,
    progress: Report | None = None,
) -> Run:
    """Plan, certify, operate on the plan's own hours, on other days and on a typical week, and make the decision
    tables.

    For a large scenario, other processes compute results that need no plan during planning, and the longest of the
    remaining ones in parallel. `ask`: whether to make the tables that need further plans (decisions.decide.ASKED), and
    to operate the plan on other days and on a week, which takes longer than planning. `folder`: folder of the plan's
    checkpoints, as in `plan`. `notes` gives the reason for missing parts. Raises as `plan` does.
    """
    refuse(scenario)
    with ExitStack() as beside:
        early = beside.enter_context(elsewhere(_without_plan, scenario)) if ask and _large(scenario) else None
        with shared(options, None, None, folder) as kept:
            found = find(scenario, kept, method=method, check=partial(certify, scenario), progress=progress)
        known = cache(lambda: _result_or_repeat(early, progress, _without_plan, scenario)) if early else None
        vertex = known().decisions.vertex if known and early and early.over else None
        days = beside.enter_context(elsewhere(on_other_hours, found, options)) if early else None
        tested = early and STRESS in tables_asked(scenario)
        stressed = beside.enter_context(elsewhere(stress_of, found, vertex)) if tested else None
        found = with_certificate(found, progress)
        tell(progress, "own hours", _("operating the plan on its own hours"))
        schedule = operated(scenario, found, settled(options), progress)
        found, undrawn = with_dates(found, ask, progress, (lambda: known().dates) if known else None)
        tried = (lambda: known().decisions) if known else None
        cases = (lambda: _result_or_repeat(stressed, progress, stress_of, found, vertex)) if stressed else None
        decisions = dict(decide(found, ask=ask, found=tried, stressed=cases, vertex=vertex, progress=progress))
        tell(progress, "other days", _("operating the plan on other days"))
        hours = OtherHours()
        if ask:
            hours = (
                _result_or_repeat(days, progress, on_other_hours, found, options)
                if days
                else on_other_hours(found, options)
            )
    firm = decisions.pop("alternatives", None)
    made = Run(scenario, found, schedule, hours.others, firm, {}, decisions, hours.week)
    return noted(made, {"city_dates": undrawn, "rolling": hours.not_rolling}, quick=not ask)


@dataclass(frozen=True)
class WithoutPlan:
    """Results that need no plan of the scenario: for its decisions, and on the dates of its cities."""

    decisions: EarlyResults
    dates: Mapping[str, pd.DataFrame]


def _without_plan(scenario: Scenario) -> WithoutPlan:
    return WithoutPlan(decide_early(scenario), _dates(scenario, None) if scenario.has("cities") else {})


def _result_or_repeat(task: Elsewhere[T], progress: Report | None, work: Callable[..., T], *given: object) -> T:
    """Return the result of a worker process; if it was killed, report that and do its work here."""
    try:
        return task.result()
    except EndedError as problem:
        tell(progress, "again", _("{problem}; its work continues in this process", problem=problem))
        return work(*given)


def settled(options: Options) -> Options:
    """Return the solve options for a model whose integers are all fixed."""
    return dataclasses.replace(options, solver="auto", gap=None) if options.solver == "mip" else options


@dataclass(frozen=True)
class OtherHours:
    """Operation on other days and on a typical week, each None without such hours; why the week knows all its hours."""

    others: Schedule | None = None
    week: Schedule | None = None
    not_rolling: str = ""


def on_other_hours(plan: Plan, options: Options) -> OtherHours:
    """Return the plan operated on other days and on a typical week, by a rolling horizon if the scenario asks for it."""
    roughly = dataclasses.replace(settled(options), gap=OTHER_HOURS_GAP if options.gap is None else options.gap)
    days, week = other_days(plan.scenario, plan.scenario.settings.plan.operate_days), typical_week(plan.scenario)
    others = None if days is None else operated(days, plan, roughly)
    if week is None:
        return OtherHours(others)
    windows, not_rolling = plan.scenario.settings.plan.windows, ""
    if windows is not None:
        try:
            return OtherHours(others, operated(week, plan, roughly, rolling=Rolling(*windows)))
        except SolverError as failure:  # a week without it is worth more than no run
            not_rolling = str(failure)
    return OtherHours(others, operated(week, plan, roughly), not_rolling)


def noted(run: Run, why: Mapping[str, str], *, quick: bool) -> Run:
    """Return the run with its provenance and the reasons for missing parts: `why` and those of its decisions.

    `quick`: other days and the week were left out to save time.
    """
    decisions = dict(run.decisions)
    notes = fingerprint.notes(fingerprint.scenario_hash(run.scenario), versions())
    said = decisions["decision_notes"]
    if quick:
        days_too = frame("decision_notes", [{"table": of, **in_both("note", LEFT_OUT)} for of in ("others", "week")])
        said = decisions["decision_notes"] = pd.concat([said, days_too], ignore_index=True)
    missing = said[~said["table"].isin([*decisions, *(["alternatives"] if run.alternatives is not None else [])])]
    left_out = {**dict(zip(missing["table"], missing["note_en"], strict=True)), **why}
    notes |= {name: text for name, text in left_out.items() if text}
    return dataclasses.replace(run, notes=notes, decisions=decisions)


def _large(scenario: Scenario) -> bool:
    """Return True if a second worker process pays off: where decisions are tried on fewer hours."""
    return scenario.settings.objective == "cost" and on_few_hours(scenario) is not scenario
