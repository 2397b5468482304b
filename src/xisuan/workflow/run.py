"""All that can be found out about a scenario, one verb after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache

import pandas as pd

from xisuan.certificate.certify import certify
from xisuan.decisions.ahead import ahead
from xisuan.decisions.brief import brief
from xisuan.decisions.decide import LEFT_OUT, decide
from xisuan.dispatch.operate import operate
from xisuan.planning import alone, draws, worth
from xisuan.planning.plan import plan as find
from xisuan.progress import Report, tell
from xisuan.results import identity
from xisuan.results.decisions import frame
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.scenario.members import refuse
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How
from xisuan.workflow.days import other_days, typical_week
from xisuan.workflow.elsewhere import elsewhere
from xisuan.workflow.plan import HOW

OTHER_HOURS_GAP = 1e-4
"""Gap of operation on other days and on a week, unless one is asked for: what it costs more than planned is some percent,
and known to a hundredth of that. Digits beyond are dear: on other days of Guizhou the structured method may stay at 1.5e-5
(interior.solve.SLOW), and on its week IPX took seven times as long to 1e-6."""
MANY_STATES = 150
"""Cities times periods from which drawing the estimates, which takes 200 plans, is minutes of work."""


def run(
    scenario: Scenario, how: How = HOW, *, method: str = "auto", ask: bool = True, progress: Report | None = None
) -> Run:
    """Plan, certify, operate on the plan's own hours, on other days and on a typical week, and make the tables that a
    decision rests on.

    Of a large scenario, what takes no plan is found while the plan is, and other days are operated while the rest goes on,
    by other processes. `ask`: whether to plan again and again for those tables that take it (decisions.decide.ASKED), and
    to operate the plan on other days and on a week, which takes longer than planning. `notes` says of what is missing why
    it is. Raises as `plan` does.
    """
    refuse(scenario)
    with ExitStack() as beside:
        early = beside.enter_context(elsewhere(ahead, scenario)) if ask and _large(scenario) else None
        found = find(scenario, how, method=method, progress=progress)
        after = dataclasses.replace(how, solver="auto", gap=None) if how.solver == "mip" else how
        other = other_days(scenario, scenario.settings.plan.operate_days) if ask else None
        week = typical_week(scenario) if ask else None
        roughly = dataclasses.replace(after, gap=OTHER_HOURS_GAP if how.gap is None else how.gap)
        tried = ((other, roughly), (week, roughly))
        days = beside.enter_context(elsewhere(_operated, found, tried)) if early else None
        tell(progress, "certify", "checking the plan against the scenario")
        found = dataclasses.replace(found, certificate=certify(scenario, found))
        tell(progress, "own hours", "operating the plan on its own hours")
        schedule = operate(scenario, found, after, progress=progress)
        found, undrawn = _with_dates(found, ask, progress)
        decisions = dict(decide(found, ask=ask, found=cache(early.result) if early else None, progress=progress))
        tell(progress, "other days", "operating the plan on other days")
        others, week_operated = days.result() if days else _operated(found, tried)
    firm = decisions.pop("alternatives", None)
    notes = identity.notes(identity.scenario_hash(scenario), identity.versions())
    said = decisions["decision_notes"]
    if not ask:
        en, zh = LEFT_OUT
        days_too = frame("decision_notes", [{"table": of, "note_en": en, "note_zh": zh} for of in ("others", "week")])
        said = decisions["decision_notes"] = pd.concat([said, days_too], ignore_index=True)
    missing = said[~said["table"].isin([*decisions, *(["alternatives"] if firm is not None else [])])]
    left_out = {**dict(zip(missing["table"], missing["note_en"], strict=True)), "city_dates": undrawn}
    notes |= {name: text for name, text in left_out.items() if text}
    return Run(scenario, found, schedule, others, firm, notes, decisions, week_operated)


def _operated(plan: Plan, tried: Sequence[tuple[Scenario | None, How]]) -> list[Schedule | None]:
    """The plan operated on the hours of each scenario, one after the other."""
    return [None if scenario is None else operate(scenario, plan, how) for scenario, how in tried]


def _large(scenario: Scenario) -> bool:
    """Whether it is worth a process to find out two things at a time: where decisions are tried on fewer hours."""
    return scenario.settings.objective == "cost" and brief(scenario) is not scenario


def _with_dates(found: Plan, ask: bool, progress: Report | None) -> tuple[Plan, str]:
    """The plan with the tables that say how firm the dates of its cities are, and why some are left out.

    `ask`: whether to do what takes minutes.
    """
    scenario = found.scenario
    if not scenario.has("cities"):
        return found, ""
    tell(progress, "dates", "drawing the estimates of access")
    more = {"city_openings": alone.openings(scenario)}
    many = len(found.gigabit) >= MANY_STATES and not ask
    if not many:
        dates, saved = draws.draws(scenario, progress=progress), worth.saved_without(scenario)
        dates = dates.assign(saved_mcny=dates["city"].map(saved).astype(float))
        more |= {"city_dates": dates, "city_money": worth.more_money(scenario)}
    why = f"left out of a quick run: {len(found.gigabit):,} cities and periods take minutes" if many else ""
    return dataclasses.replace(found, tables={**found.tables, **more}), why
