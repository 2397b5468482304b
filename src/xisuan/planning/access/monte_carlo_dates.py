"""Monte Carlo share of draws in which each city meets its date, and the binding obstacles in the other draws.

The draws keep the budgets, which cities share. Where all dates and floors can be kept, every city meets its date.
Otherwise floors are dropped, and resident-years are maximised over cities from their dates on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gnomon import Array, Block, LinearProgram, Options, best_integer_point, find_vertex, flatten
from xisuan.equations.build_model import assemble_access
from xisuan.equations.model_builder import Assembly
from xisuan.errors import SolverError
from xisuan.planning.access import dantzig_wolfe, pricing, quick_plan, single_city
from xisuan.planning.objectives import outside_resident_years
from xisuan.progress import Report, tell
from xisuan.scenario.queries.row_keys import Keyed
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import INDICATORS
from xisuan.text.translation import message as _

COUNT = 200
"""Default number of draws."""
DRAWN = ("cities", "city_state", "measures", "standard", "budgets")
"""Tables whose estimates are drawn."""
DATES = ("city", "deadline", "made", "draws", "share", "binding")
BUDGETS = "budgets"
"""Obstacle of a city that could meet its date with more money."""
SMALL, NODES = 150, 50
"""Most city-periods, and most nodes, for which branch and bound is tried first; it is fast with ample budgets."""
LOSS = 5e-3
"""Relative optimality gap from which a plan without a proof is replaced by a proven one."""
MADE = 0.5
"""Threshold between 0 and 1 for a binary value from a solver."""


def deadline_chances(
    scenario: Scenario, count: int = COUNT, *, seed: int = 0, progress: Report | None = None
) -> pd.DataFrame:
    """Return in how many of `count` draws of the estimates each city meets its date. Columns `DATES`.

    Each estimate of access is drawn independently from the triangular distribution of its low, value and high. The plan
    of each draw covers access alone and keeps all dates where possible. `binding`: obstacles in the other draws with
    their number of draws: indicators that the city cannot reach without budget limits, or the budgets. Without ranges
    there is one draw.
    """
    dues = single_city.due_periods(scenario)
    if not dues:
        return pd.DataFrame(columns=list(DATES))
    asked = single_city.access_only(scenario.with_settings(objective="residents"))
    ranges = list(_ranges(scenario))
    made, blocked = Counter[str](), {city: Counter[str]() for city in dues}
    prices = _missed_dates(asked, dues, None)[1]
    count = count if ranges else 1  # without ranges all draws are equal
    for number in range(count):
        tell(progress, "draws", _("draw {number} of {count}", number=number + 1, count=count), number / count)
        missed, _rest = _missed_dates(_draw(asked, ranges, np.random.default_rng([seed, number])), dues, prices)
        made.update(city for city in dues if city not in missed)
        for city, words in missed.items():
            blocked[city].update(words)
    return pd.DataFrame(
        [
            {
                "city": city,
                "deadline": scenario.timeline.years[due[0]][-1],
                "made": made[city],
                "draws": count,
                "share": made[city] / count,
                "binding": ";".join(f"{word} {n}" for word, n in blocked[city].most_common()),
            }
            for city, due in dues.items()
        ],
        columns=list(DATES),
    )


def _missed_dates(
    scenario: Scenario, dues: Mapping[str, tuple[int, ...]], prices: Array | None
) -> tuple[dict[str, list[str]], Array | None]:
    """Return the cities that miss their dates with their obstacles, and the budget prices there.

    `prices`: starting prices of the decomposition; returned unchanged if it was not used.
    """
    if _are_all_feasible(scenario):
        return {}, prices
    assembly = assemble_access(_without_dates(scenario), budgets=True)
    status = assembly.model.columns["gigabit"]
    if not (assembly.outside["gigabit"] < 0.0).all():  # unknown residents: cities count equally
        assembly.outside["gigabit"] = np.full_like(assembly.outside["gigabit"], -1.0)
    dated = np.zeros(status.upper.shape, dtype=bool)
    for name, periods in dues.items():
        dated[list(periods), status.position[(name,)]] = True
    # Count a city only in the periods in which its date requires the status.
    assembly.outside["gigabit"] = np.where(dated, assembly.outside["gigabit"], 0.0)
    assembly.outside_constant = -float(assembly.outside["gigabit"].sum())
    flat = flatten(assembly.model)
    wished = replace(flat, cost=outside_resident_years(assembly), constant=assembly.outside_constant)
    gigabit, found = _preferred_statuses(assembly, wished, prices)
    late = {city: due for city, due in dues.items() if gigabit[due[0], status.position[(city,)]] < MADE}
    # A late city that could meet its date without budget limits is held back by the budgets.
    able = {city for city, due in late.items() if found is not None and found.alone(status.position[(city,)], due)}
    missed: dict[str, list[str]] = {city: [BUDGETS] for city in able}
    for city in single_city.city_subproblems(
        assembly, flat, {name: due for name, due in late.items() if name not in able}
    ):
        short = [name for name, amount in city.shortfalls().items() if amount > single_city.NEAR]
        missed[city.name] = short or [BUDGETS]
    return missed, prices if found is None else found.prices


def _are_all_feasible(scenario: Scenario) -> bool:
    """Return True if a plan keeps all dates and floors within the budgets; dates fix all integers: a linear program."""
    flat = flatten(assemble_access(scenario, budgets=True).model)
    return find_vertex(replace(flat, cost=np.zeros_like(flat.cost))) is not None


def _without_dates(scenario: Scenario) -> Scenario:
    """Return the scenario without dates and floors."""
    return replace(scenario, tables={**scenario.tables, "city_targets": scenario["city_targets"].iloc[:0]})


def _preferred_statuses(
    assembly: Assembly, wished: LinearProgram, prices: Array | None
) -> tuple[Array, quick_plan.QuickPlan | None]:
    """Return the statuses with the most residents served by their dates, and the plan without a proof if one was made.

    Optimal, or within `LOSS` of the resident-years reached: branch and bound for few cities, else the decomposition.
    """
    status = assembly.model.columns["gigabit"]
    easy = best_integer_point(wished, nodes=NODES, done=True) if status.upper.size <= SMALL else None
    if easy is not None:
        return np.asarray(wished.part(easy, status)), None
    if not pricing.is_separable(assembly, wished):
        return _by_branching(wished, status), None
    found = quick_plan.quick_plan(assembly, wished, prices)
    if found.loss <= LOSS:
        return found.gigabit, found
    return np.asarray(wished.part(dantzig_wolfe.best(assembly, wished, Options(gap=LOSS)).x, status)), found


def _by_branching(wished: LinearProgram, status: Block) -> Array:
    """Return the optimal statuses by branch and bound, where choices cannot be listed.

    Raises SolverError without a plan.
    """
    found = best_integer_point(wished)
    if found is None:
        raise SolverError("branch and bound found no plan for a draw, although to build nothing is one")
    return np.asarray(wished.part(found, status))


@dataclass(frozen=True, slots=True)
class _Range:
    """Range of an estimate: its table, column and rows, and low and high as factors on the value."""

    table: str
    column: str
    rows: np.ndarray
    low: float
    high: float


def _ranges(scenario: Scenario) -> Iterator[_Range]:
    """Yield the estimates of access that have a range."""
    keys = {name: Keyed(scenario, name) for name in DRAWN}
    for row in scenario["estimates"].to_dict("records"):
        name, column = str(row["table"]), str(row["column"])
        if name not in DRAWN or column not in scenario[name].columns or np.isnan(row["low"]) or np.isnan(row["high"]):
            continue
        at = keys[name].held(str(row["key"]))
        values = scenario[name][column].to_numpy(dtype=np.float64)[at]
        known = at[np.isfinite(values) & (values > 0)]
        if len(known):
            low, high = values[values > 0].min(), values[values > 0].max()
            yield _Range(name, column, known, min(1.0, float(row["low"]) / low), max(1.0, float(row["high"]) / high))


def _draw(scenario: Scenario, ranges: Sequence[_Range], rng: np.random.Generator) -> Scenario:
    """Return the scenario with every estimate drawn; parts that exceed their whole are set to it."""
    drawn: dict[tuple[str, str], np.ndarray] = {}
    for one in ranges:
        # Triangular distribution of the factor on the value, with mode 1.
        factor = rng.triangular(one.low, 1.0, one.high) if one.low < one.high else 1.0
        at = (one.table, one.column)
        if at not in drawn:
            drawn[at] = scenario[one.table][one.column].to_numpy(dtype=np.float64, copy=True)
        drawn[at][one.rows] *= factor
    frames = {
        name: scenario[name].assign(**{column: values for (table, column), values in drawn.items() if table == name})
        for name in DRAWN
    }
    state = frames["city_state"]
    for part in (one for one in INDICATORS if one.part):
        state[part.numerator] = np.minimum(state[part.numerator], state[part.denominator])
    return replace(scenario, tables={**scenario.tables, **frames})
