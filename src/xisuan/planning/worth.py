"""What more money for gigabit access buys: resident-years in gigabit cities, or cost saved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from xisuan.equations.assemble import assemble_access
from xisuan.equations.assembly import Assembly
from xisuan.planning import rollout
from xisuan.planning.goals import outside
from xisuan.scenario.scenario import Scenario
from xisuan.solver import highs
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.highs import How

MONEY = ("period", "budget", "more_mcny", "resident_years", "saved_mcny")
SCOPE = "access"


def more_money(scenario: Scenario, mcny: float = 100.0) -> pd.DataFrame:
    """What `mcny` million CNY more in one budget of one period buy, all other limits as they are. Columns `MONEY`.

    Of budgets that access shares with halls and compute only the plan as a whole knows the worth, as a price; they are
    left out. Empty where access has no budget of its own.
    """
    assembly = assemble_access(scenario, budgets=True)
    flat, block = flatten(assembly.model), assembly.model.rows["budget"]
    limits = flat.part(flat.row_upper, block, rows=True)
    own = [i for i, (scope,) in enumerate(block.labels) if scope == SCOPE or not scenario.has("sites")]
    asked = [(y, i) for y in range(len(limits)) for i in own if np.isfinite(limits[y, i])]
    if not asked:
        return pd.DataFrame(columns=list(MONEY))
    reached, cost = _bought(assembly, flat)
    rows = []
    for y, i in asked:
        upper = flat.row_upper.copy()
        flat.part(upper, block, rows=True)[y, i] += mcny
        more, paid = _bought(assembly, replace(flat, row_upper=upper))
        if more < reached:  # the plan without it is one with it too, and better than what the gap left to be found
            more, paid = reached, cost
        rows.append((scenario.settings.periods[y], block.labels[i][0], mcny, more - reached, cost - paid))
    return pd.DataFrame(rows, columns=list(MONEY))


def _bought(assembly: Assembly, flat: Flat) -> tuple[float, float]:
    """Resident-years in gigabit cities, and the discounted cost of access."""
    worth = outside(assembly)
    if assembly.given.scenario.settings.objective != "residents":
        found = highs.solve(flat, How())
        return -float(worth @ found.x), found.objective
    block = assembly.model.columns["gigabit"]
    found = rollout.best(assembly, replace(flat, cost=worth, constant=assembly.outside_constant), How())
    lower, upper = flat.lower.copy(), flat.upper.copy()
    for side in (lower, upper):
        flat.part(side, block)[...] = np.rint(flat.part(found.x, block))
    settled = replace(flat, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))
    return assembly.outside_constant - found.objective, highs.solve(settled, How()).objective
