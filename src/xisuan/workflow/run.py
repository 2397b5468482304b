"""All that can be found out about a scenario, one verb after the other."""

from __future__ import annotations

import dataclasses

from xisuan.decisions.decide import decide
from xisuan.dispatch.operate import operate
from xisuan.planning import alone, draws, worth
from xisuan.progress import Report, tell
from xisuan.results import identity
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How
from xisuan.workflow.days import other_days
from xisuan.workflow.plan import HOW, plan

MANY_STATES = 150
"""Cities times periods from which the estimates are not drawn, nor more money tried: that takes 200 plans."""


def run(
    scenario: Scenario, how: How = HOW, *, method: str = "auto", ask: bool = True, progress: Report | None = None
) -> Run:
    """Plan, certify, operate on the plan's own hours and on other days, and make the tables that a decision rests on.

    `ask`: whether to plan again and again for those of them that take it (decisions.decide.ASKED). `notes` says of a
    table that is missing why it is. Raises as `plan` does.
    """
    found = plan(scenario, how, method=method, progress=progress)
    after = dataclasses.replace(how, solver="auto", gap=None) if how.solver == "mip" else how
    other = other_days(scenario, scenario.settings.plan.operate_days)
    tell(progress, "own hours", "operating the plan on its own hours")
    schedule = operate(scenario, found, after, progress=progress)
    tell(progress, "other days", "operating the plan on other days")
    others = None if other is None else operate(other, found, after, progress=progress)
    found, undrawn = _with_dates(found, progress)
    decisions = dict(decide(found, ask=ask, progress=progress))
    firm = decisions.pop("alternatives", None)
    notes = identity.notes(identity.scenario_hash(scenario), identity.versions())
    said = decisions["decision_notes"]
    missing = said[~said["table"].isin([*decisions, *(["alternatives"] if firm is not None else [])])]
    left_out = {**dict(zip(missing["table"], missing["note_en"], strict=True)), "city_dates": undrawn}
    notes |= {name: text for name, text in left_out.items() if text}
    return Run(scenario, found, schedule, others, firm, notes, decisions)


def _with_dates(found: Plan, progress: Report | None) -> tuple[Plan, str]:
    """The plan with the tables that say how firm the dates of its cities are, and why some are left out."""
    scenario = found.scenario
    if not scenario.has("cities"):
        return found, ""
    tell(progress, "dates", "drawing the estimates of access")
    more = {"city_openings": alone.openings(scenario)}
    many = len(found.gigabit) >= MANY_STATES
    if not many:
        more |= {"city_dates": draws.draws(scenario, progress=progress), "city_money": worth.more_money(scenario)}
    why = f"left out because {len(found.gigabit):,} cities and periods take hours" if many else ""
    return dataclasses.replace(found, tables={**found.tables, **more}), why
