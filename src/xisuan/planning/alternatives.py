"""Near-optimal alternatives: the range of a capacity among plans of nearly the same cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from os import cpu_count
from typing import Protocol

import numpy as np
import pandas as pd
import scipy.sparse as sp

from gnomon import (
    Array,
    Block,
    LinearProgram,
    Options,
    SolveRequest,
    StoredCoefficients,
    Vertex,
    Watch,
    flatten,
    nearest_vertex,
    run_strategies,
    strategies_for,
    with_objective,
    with_objective_limit,
)
from xisuan.equations import asset_sets
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError, Problem, ScenarioError, refusing_options
from xisuan.parallel.thread_map import side_by_side
from xisuan.planning.expansion import with_scenario_gap
from xisuan.planning.objectives import amounts, goal
from xisuan.progress import Report, tell, watcher
from xisuan.results.decision_tables import IT_POWER
from xisuan.results.plan import Plan
from xisuan.text.translation import message as _

FAMILIES = {
    "hall": "hall",
    "retrofitted": "retrofitted",
    "compute": "installed",
    "link": "capacity",
    "solar": "supply",
    "wind": "supply",
    "battery": "supply",
    "battery_energy": "energy",
    "access": "deployed",
}
"""Model variable of each asset of the table `capacity`."""
UNITS = {"link": "Gbps", "battery_energy": "MWh"}
"""Units of assets that are not in MW, without equipment and access, whose units are in their tables."""
ROBUST = 0.5
"""Share of a build that must remain in the least variant for the verdict "robust"; below it is "interchangeable"."""
CRUMB = 1e-6
"""Share of a capacity below which an addition, or its least amount, is rounding error of a solver and counts as 0."""
COLUMNS = ("asset", "where", "technology", "period", "existing", "planned", "least", "most", "unit", "verdict")


@refusing_options()
def alternatives(
    plan: Plan,
    within: float = 0.01,
    of: Sequence[tuple[str, str, str]] = (),
    *,
    options: Options | None = None,
    start: Vertex | None = None,
    progress: Report | None = None,
) -> pd.DataFrame:
    """Return least and most of a capacity in the last period among plans within a share `within` of the plan's cost.

    `of`: capacities as (asset, where, technology) of the plan's table `capacity`; empty: the five largest builds by
    money. `where` may be a hub, whose sites are added up, and the asset `it_power`, all equipment there in MW. Every
    other decision is free to change. `start`: optimal vertex of the plan's model; without integers the
    simplex method is warm-started from it, about five times as fast, and `options` is ignored. The gap is the scenario's
    unless `options` has one. Columns: `COLUMNS`.

    Raises ScenarioError for an unknown capacity.

    Source: near-optimal feasible space, Neumann & Brown, Electric Power Systems Research 190, 2021.
    """
    chosen = list(of) or largest(plan)
    scenario = plan.scenario
    options = with_scenario_gap(scenario, options or Options())
    assembly = assemble(scenario)
    wanted = [_quantity(plan, assembly, name) for name in chosen]
    named = [f"{asset} at {where} {technology}".rstrip() for asset, where, technology in chosen]
    ends = [(number, sign) for number in range(len(chosen)) for sign in (1.0, -1.0)]
    # Near-optimality: objective ≤ (1 + within) × optimum.
    most = plan.objective + within * abs(plan.objective)
    flat = flatten(assembly.model)
    if start is None or flat.integer.any():
        near: _NearOptimal = _ByMethod(assembly, most, plan, options)
    else:
        near = _FromVertex(assembly, flat, most, start)

    def least(end: tuple[int, float]) -> float:
        number, sign = end
        about = f"{named[number]}, {'least' if sign > 0 else 'most'}"
        return near.least(wanted[number], sign, watcher(progress, about) if near.at_a_time == 1 else None)

    def finished(end: tuple[int, float], share: float) -> None:
        tell(progress, "alternatives", named[end[0]], share)

    found = side_by_side(least, ends, threads=near.at_a_time, finished=finished)
    rows = []
    for at, one in enumerate(wanted):
        planned = one.planned(plan)
        low, high = found[2 * at : 2 * at + 2]
        low = low if low > CRUMB * max(planned, high) else 0.0  # what the solver leaves of 0
        rows.append(_row(plan, chosen[at], planned, low, high))
    return pd.DataFrame(rows, columns=list(COLUMNS))


@dataclass(frozen=True)
class _Quantity:
    """Weighted sum of a variable's items in the last period. weights: shape (items,)."""

    block: Block
    weights: Array

    def planned(self, plan: Plan) -> float:
        """Return the quantity of the plan."""
        return float(self.weights @ plan.variables[self.block.name].values[-1])


class _NearOptimal(Protocol):
    """Solver over the near-optimal plans. at_a_time: number of solves to run in parallel."""

    at_a_time: int

    def least(self, of: _Quantity, sign: float, watch: Watch) -> float:
        """Return the least (sign 1) or the most (−1) of a quantity."""


class _ByMethod:
    """Solves by the method that suits the model's size; the structured method uses all cores for one solve.

    Gaps are relative to the plan's capacity (1 where it has none) plus the result, since the result may be 0.
    """

    def __init__(self, assembly: Assembly, most: float, plan: Plan, options: Options) -> None:
        goal, constant = amounts(assembly)
        self._plan = plan
        self._flat = flat = flatten(with_objective_limit(assembly.model, goal, most - constant))
        self._options, self._strategies = options, strategies_for("auto", flat, options)
        # HiGHS releases Python's global interpreter lock
        self.at_a_time = 1 if SolveRequest.of(flat, options).is_structured_first else cpu_count() or 1

    def least(self, of: _Quantity, sign: float, watch: Watch) -> float:
        """Return the extreme of the quantity, as in `_NearOptimal`."""
        flat = self._flat
        target = np.zeros(of.block.lower.shape)
        target[-1] = sign * of.weights
        cost = np.zeros_like(flat.cost)
        flat.part(cost, flat.model.columns[of.block.name])[...] = target
        # The constant shifts the objective away from 0, where a relative gap has no meaning.
        size = abs(of.planned(self._plan)) or 1.0
        model = with_objective(flat.model, {of.block.name: target})
        wanted = replace(flat, model=model, cost=cost, constant=sign * size)
        found = run_strategies(self._strategies, wanted, self._options, watch)
        return sign * found.objective - size


class _FromVertex:
    """Solves by the simplex method, warm-started from the optimal vertex."""

    def __init__(self, assembly: Assembly, flat: LinearProgram, most: float, start: Vertex) -> None:
        row, constant = goal(assembly, flat)
        self._flat, self._start = _with_row(flat, row, most - constant), start.with_slack_row()
        self.at_a_time = cpu_count() or 1

    def least(self, of: _Quantity, sign: float, watch: Watch) -> float:
        """Return the extreme of the quantity, as in `_NearOptimal`. Raises InfeasibleError without a near-optimal plan."""
        target = np.zeros_like(self._flat.cost)
        self._flat.part(target, of.block)[-1] = sign * of.weights
        found = nearest_vertex(replace(self._flat, cost=target, constant=0.0), self._start, costs=True)
        if found is None:
            raise InfeasibleError(_("There is no plan at nearly the cost of this one."))
        return sign * found.objective


def _quantity(plan: Plan, assembly: Assembly, name: tuple[str, str, str]) -> _Quantity:
    """Return a capacity as a sum of model variables. Raises ScenarioError if nothing of it is modelled."""
    asset, where, technology = name
    block = assembly.model.columns.get("installed" if asset == IT_POWER else FAMILIES.get(asset, ""))
    labels = block.labels if block is not None else ()
    sites = places_of(plan, where)
    if asset == IT_POWER:
        chosen = [at for at, label in enumerate(labels) if label[0] in sites]
    else:
        wanted = {_label(asset, site, technology) for site in sites}
        chosen = [at for at, label in enumerate(labels) if label in wanted]
    if block is None or not chosen:
        raise ScenarioError([_unknown(plan, *name)])
    weights = np.zeros(len(labels))
    weights[chosen] = asset_sets.it_mw(assembly.given, labels)[-1, chosen] if asset == IT_POWER else 1.0
    return _Quantity(block, weights)


def places_of(plan: Plan, where: str) -> tuple[str, ...]:
    """Return the sites of a hub; any other place as it is."""
    sites = plan.scenario["sites"]
    return tuple(sites.loc[sites["hub"] == where, "site"].drop_duplicates()) or (where,)


def largest(
    plan: Plan, count: int = 5, sites: Collection[str] | None = None, place: str = ""
) -> list[tuple[str, str, str]]:
    """Return the largest builds by money as (asset, where, technology), access by city and measure.

    `sites`: only builds there. `place`: name under which the builds of these sites are added up.
    """
    builds = plan.builds[plan.builds["asset"].isin(list(FAMILIES))]
    if "rollout" in plan.tables:
        names = {"city": "where", "measure": "technology"}
        access = plan.tables["rollout"].rename(columns=names).assign(asset="access").reindex(columns=builds.columns)
        builds = access if builds.empty else pd.concat([builds, access], ignore_index=True)
    builds = builds.assign(technology=builds["technology"].where(builds["asset"].isin(["compute", "access"]), ""))
    if sites is not None:
        builds = builds[builds["where"].isin(list(sites))]
    if place:
        builds = builds.assign(where=place)
    money = builds.groupby(["asset", "where", "technology"])["capex_mcny"].sum().sort_values(ascending=False)
    return [(str(asset), str(where), str(technology)) for asset, where, technology in money.index[:count]]


def _with_row(flat: LinearProgram, row: Array, most: float) -> LinearProgram:
    """Return the model with one more row: row · x ≤ most."""
    return replace(
        flat,
        coefficients=StoredCoefficients(sp.vstack([flat.matrix, sp.csr_matrix(row)], format="csr")),
        row_lower=np.append(flat.row_lower, -np.inf),
        row_upper=np.append(flat.row_upper, most),
    )


def _label(asset: str, where: str, technology: str) -> tuple[str, ...]:
    """Return the model's label of a capacity."""
    if asset in ("compute", "access"):
        return (where, technology)
    return (where, asset) if FAMILIES.get(asset) == "supply" else (where,)


def _row(plan: Plan, name: tuple[str, str, str], planned: float, least: float, most: float) -> dict[str, object]:
    """Return one row of the result with its verdict."""
    asset, where, technology = name
    last = plan.scenario.settings.periods[-1]
    table = plan.capacity[plan.capacity["where"].isin(places_of(plan, where))]
    if asset == IT_POWER:
        same = table[table["asset"] == "compute"]
        row = same[same["period"] == last]
        existing = float((row["mw"] * (row["existing"] / row["amount"].where(row["amount"] > 0)).clip(upper=1.0)).sum())
    else:
        same = table[(table["asset"] == asset) & (table["technology"] == technology)]
        existing = float(same.loc[same["period"] == last, "existing"].sum())
    built = planned - existing
    verdict = "robust" if least - existing >= ROBUST * built else "interchangeable"
    if built <= CRUMB * max(existing, planned):
        verdict = "none"
    unit = _unit(plan, asset, technology)
    values = (asset, where, technology, last, existing, planned, least, most, unit, verdict)
    return dict(zip(COLUMNS, values, strict=True))


def _unit(plan: Plan, asset: str, technology: str) -> str:
    """Return the unit of an asset."""
    tables = {"compute": ("technologies", "technology"), "access": ("measures", "measure")}
    if asset not in tables:
        return UNITS.get(asset, "MW")
    table, key = tables[asset]
    given = plan.scenario[table]
    return str(given.loc[given[key] == technology, "unit"].iloc[0])


def _unknown(plan: Plan, asset: str, where: str, technology: str) -> Problem:
    """Return the problem of an unknown capacity, with examples."""
    known = plan.capacity[["asset", "where", "technology"]].drop_duplicates()
    some = "; ".join(" ".join(str(part) for part in row if part) for row in known.head(5).itertuples(index=False))
    return Problem("asset-unknown", column="of", value=f"{asset} {where} {technology}".rstrip(), example=some)
