"""Cost of contingencies: table `resilience`, what a plan without each of them, and without all, would save."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from xisuan.decisions.repeated_solve import Question
from xisuan.errors import InfeasibleError
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import frame
from xisuan.scenario.queries.contingencies import Contingency, contingencies
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

NOTHING = {"contingency": "", "site": "", "link": "", "share_lost": math.nan, "workloads": ""}
"""First cells of the row of all contingencies."""
ROUNDING = 1e-9
"""Duals and savings relative to the cost of the plan, below which they are rounding of the simplex."""


def resilience(question: Question, progress: Report | None = None) -> pd.DataFrame:
    """Return the table `resilience` of a scenario on the hours of a question: all contingencies, then each by itself.

    A contingency whose constraints have no price binds nothing, so that leaving it out saves nothing.
    """
    scenario = question.scenario
    held = contingencies(scenario)
    if not held:
        return frame("resilience", [])
    tell(progress, "decisions", _("what each contingency costs"))
    base, priced = question.base.cost, _priced(question)
    rows = [_row(base, _cost_without(question, {one.name for one in held}), NOTHING)]
    for one in held:
        cost = _cost_without(question, {one.name}) if one.name in priced else base
        rows.append(_row(base, cost, _said(one)))
    return frame("resilience", rows)


def _row(base: float, cost: float, said: dict[str, Any]) -> dict[str, Any]:
    """Return a row; a saving within rounding is 0."""
    saving = base - cost
    return {**said, "cost_mcny": cost, "saving_mcny": saving if saving > ROUNDING * abs(base) else 0.0}


def _said(one: Contingency) -> dict[str, Any]:
    """Return what fails in a contingency, and what must survive."""
    lost = float(np.nanmax(one.lost))
    work = ";".join(sorted(one.surviving))
    return {"contingency": one.name, "site": one.site, "link": one.link, "share_lost": lost, "workloads": work}


def _priced(question: Question) -> set[str]:
    """Return the contingencies of which some constraint has a price at the optimal vertex."""
    duals = question.flat.split_rows(question.vertex.row_dual)
    found: set[str] = set()
    for name, block in question.assembly.model.rows.items():
        if name.startswith("recourse_"):
            some = np.abs(duals[name]).max(axis=(0, 1)) > 0.0
            found |= {label[0] for label, is_some in zip(block.labels, some, strict=True) if is_some}
    return found


def _cost_without(question: Question, names: set[str]) -> float:
    """Return the cost of the plan without these contingencies. Raises InfeasibleError where there is none."""
    found = question.solve_scenario(without(question.scenario, names))
    if found is None:
        raise InfeasibleError(_("There is no plan on the hours on which decisions are tried."))
    return found.cost


def without(scenario: Scenario, names: set[str]) -> Scenario:
    """Return the scenario without these contingencies."""
    table = scenario["contingencies"]
    return scenario.with_tables(contingencies=table[~table["contingency"].isin(names)].reset_index(drop=True))
