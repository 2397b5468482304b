"""How far a capacity could be from the plan at nearly the same cost: what is robust and what is interchangeable."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import cpu_count

import numpy as np
import pandas as pd
import scipy.sparse as sp

from xisuan.equations.assemble import assemble
from xisuan.equations.assembly import Assembly
from xisuan.errors import InfeasibleError, Problem, ScenarioError
from xisuan.planning.goals import goal
from xisuan.planning.plan import asked
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.solver import highs, simplex
from xisuan.solver.coefficients import Held
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.highs import How
from xisuan.solver.model import Array, Block
from xisuan.solver.simplex import Vertex

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
"""Variables behind the assets of the table `capacity`."""
ROBUST = 0.5
"""A build is robust where even the least variant keeps this share of it, interchangeable where not."""
CRUMB = 1e-6
"""Share of what stands below which an addition is an interior point's rounding, not a build."""
COLUMNS = ("asset", "where", "technology", "period", "existing", "planned", "least", "most", "unit", "verdict")


def alternatives(
    plan: Plan,
    within: float = 0.01,
    of: Sequence[tuple[str, str, str]] = (),
    *,
    how: How | None = None,
    start: Vertex | None = None,
    progress: Report | None = None,
) -> pd.DataFrame:
    """Least and most of a capacity in the last period, at a cost within a share `within` of the plan's.

    `of` names capacities as (asset, where, technology) of the plan's table `capacity`; empty: the five largest builds
    by money. Every other decision is free to change. `start`: the cheapest vertex of the plan's model, where that is known:
    without integers a simplex goes on from there, whatever `how` says, in a fifth of the time. The gap is the scenario's
    unless `how` has one. Columns: `COLUMNS`.
    """
    chosen = list(of) or largest(plan)
    scenario = plan.scenario
    how = asked(scenario, how or How())
    assembly = assemble(scenario)
    flat = flatten(assembly.model)
    limited = _near(flat, plan, within, *goal(assembly, flat))
    last = len(scenario.settings.periods) - 1
    places = [_place(plan, assembly, name) for name in chosen]
    ends = [(flat.place(block, last, 0, item), sign) for block, item in places for sign in (1.0, -1.0)]

    begun = None if start is None or flat.integer.any() else start.beside()

    def end(at: int, sign: float) -> float:
        target = np.zeros_like(flat.cost)
        target[at] = sign
        aimed = replace(limited, cost=target, constant=0.0)
        if begun is None:
            return sign * highs.solve(aimed, how).objective
        found = simplex.near(aimed, begun, costs=True)
        if found is None:
            raise InfeasibleError("There is no plan at nearly the cost of this one.")
        return sign * found.objective

    found: list[float] = []
    with ThreadPoolExecutor(min(len(ends), cpu_count() or 1) or 1) as pool:  # HiGHS holds no lock of Python's
        for at, value in enumerate(pool.map(lambda one: end(*one), ends)):
            asset, where, technology = chosen[at // 2]
            tell(progress, "alternatives", f"{asset} at {where} {technology}".rstrip(), (at + 1) / len(ends))
            found.append(value)
    rows = []
    for at, (block, item) in enumerate(places):
        planned = float(plan.variables[block.name].values[last, item])
        rows.append(_row(plan, chosen[at], planned, max(0.0, found[2 * at]), found[2 * at + 1]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _place(plan: Plan, assembly: Assembly, name: tuple[str, str, str]) -> tuple[Block, int]:
    """The variable of a capacity, and which of its items."""
    block = assembly.model.columns.get(FAMILIES.get(name[0], ""))
    label = _label(*name)
    if block is None or label not in block.position:
        raise ScenarioError([_unknown(plan, *name)])
    return block, block.position[label]


def largest(plan: Plan, count: int = 5, sites: Collection[str] | None = None) -> list[tuple[str, str, str]]:
    """The builds of most money, as (asset, where, technology); of access by city and measure. `sites`: only at these."""
    builds = plan.builds[plan.builds["asset"].isin(list(FAMILIES))]
    if "rollout" in plan.tables:
        names = {"city": "where", "measure": "technology"}
        access = plan.tables["rollout"].rename(columns=names).assign(asset="access").reindex(columns=builds.columns)
        builds = access if builds.empty else pd.concat([builds, access], ignore_index=True)
    builds = builds.assign(technology=builds["technology"].where(builds["asset"].isin(["compute", "access"]), ""))
    if sites is not None:
        builds = builds[builds["where"].isin(list(sites))]
    money = builds.groupby(["asset", "where", "technology"])["capex_mcny"].sum().sort_values(ascending=False)
    return [(str(asset), str(where), str(technology)) for asset, where, technology in money.index[:count]]


def _near(flat: Flat, plan: Plan, within: float, row: Array, constant: float) -> Flat:
    """The model with every solution whose objective is within a share of the plan's."""
    most = plan.objective + within * abs(plan.objective) - constant
    return replace(
        flat,
        coefficients=Held(sp.vstack([flat.matrix, sp.csr_matrix(row)], format="csr")),
        row_lower=np.append(flat.row_lower, -np.inf),
        row_upper=np.append(flat.row_upper, most),
    )


def _label(asset: str, where: str, technology: str) -> tuple[str, ...]:
    if asset in ("compute", "access"):
        return (where, technology)
    return (where, asset) if FAMILIES.get(asset) == "supply" else (where,)


def _row(plan: Plan, name: tuple[str, str, str], planned: float, least: float, most: float) -> dict[str, object]:
    asset, where, technology = name
    last = plan.scenario.settings.periods[-1]
    table = plan.capacity
    same = table[(table["asset"] == asset) & (table["where"] == where) & (table["technology"] == technology)]
    row = same[same["period"] == last]
    existing = float(row["existing"].sum())
    built = planned - existing
    verdict = "robust" if least - existing >= ROBUST * built else "interchangeable"
    if built <= CRUMB * max(existing, 1.0):
        verdict = "none"
    unit = str(same["unit"].iloc[0]) if len(same) else _access_unit(plan, name)
    values = (asset, where, technology, last, existing, planned, least, most, unit, verdict)
    return dict(zip(COLUMNS, values, strict=True))


def _access_unit(plan: Plan, name: tuple[str, str, str]) -> str:
    """Unit of a measure of access."""
    measures = plan.scenario["measures"]
    found = measures.loc[measures["measure"] == name[2], "unit"]
    return str(found.iloc[0]) if name[0] == "access" and len(found) else ""


def _unknown(plan: Plan, asset: str, where: str, technology: str) -> Problem:
    known = plan.capacity[["asset", "where", "technology"]].drop_duplicates()
    some = "; ".join(" ".join(str(part) for part in row if part) for row in known.head(5).itertuples(index=False))
    what = f"not a capacity of this plan: give asset, where and technology as in its table capacity, such as {some}"
    return Problem("", "", "of", f"{asset} {where} {technology}".rstrip(), what)
