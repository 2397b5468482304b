"""xisuan's plan beside the second model's optimum: status, objective, bound, cost tables and certificate."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import xisuan as xs
from tests.oracle.clock import Block, UnknownHoursError
from tests.oracle.folder import number, optional
from tests.oracle.model import Model
from tests.oracle.optimum import Answer, solve
from tests.oracle.program import Key

NEAR = 1e-6
"""Relative difference of objectives that two solvers may have."""
LISTED = 3e-6
"""The same of a cost that is added up from tables: orders below a millionth of the largest are not listed in them."""
GAP = 1e-7


@dataclass
class Verdict:
    """`status` of xisuan ("refused" where `check` finds errors); what differs, blank where nothing does.

    `gap`: how far the certificate's bound lies below the objective.
    """

    status: str
    differs: str = ""
    ours: float = math.nan
    second: float = math.nan
    gap: float = math.nan


def compare(given: Path, flat: Path | None = None, method: str = "auto") -> Verdict:
    """Plan the folder `given` with xisuan, and with the second model the same scenario as plain CSV files, `flat`."""
    flat = given if flat is None else flat
    try:
        scenario = xs.load(given)
    except xs.ScenarioError as error:
        return _refused(flat, error)
    second = solve(flat, _chosen(scenario))
    try:
        if len(scenario["members"]):
            return _joint(xs.two_stage(scenario, xs.Options(gap=GAP)), second)
        plan = xs.plan(scenario, xs.Options(gap=GAP), method=method)
    except xs.ScenarioError as error:  # of a member, which only a plan of all members reads
        return Verdict(
            "refused", "" if second.status == "infeasible" else f"{error}; the second model: {second.objective}"
        )
    except xs.InfeasibleError:
        return Verdict("infeasible", "" if second.status == "infeasible" else f"the second model: {second.objective}")
    except xs.SolverError as error:
        return Verdict("unsolved", f"{error}; the second model: {second.objective}")
    found = next((one for one in _differences(plan, second) if one), "")
    gap = math.nan if plan.certificate is None else plan.certificate.gap(plan.objective)
    return Verdict(plan.status, found, plan.objective, second.objective, gap)


def _refused(folder: Path, error: xs.ScenarioError) -> Verdict:
    """Return the verdict on a folder that `check` refuses: drawn folders are well formed, so that nothing but what cannot
    be done is refused, and the second model must have no plan either."""
    try:
        second = solve(folder)
    except UnknownHoursError:
        return Verdict("refused")
    infeasible = second.status == "infeasible"
    return Verdict("refused", "" if infeasible else f"{error}; the second model: {second.objective}")


def _chosen(scenario: xs.Scenario) -> tuple[Block, ...]:
    """Return the blocks that xisuan chose for days:N and weeks:N, whose choice the second model does not make."""
    blocks = scenario.timeline.blocks
    assert math.isclose(sum(block.hours * block.weight for block in blocks), 8760, rel_tol=1e-12)
    return tuple((block.first_hour, block.hours, block.weight, block.keep_means) for block in blocks)


def _joint(found: xs.TwoStage, second: Answer) -> Verdict:
    """Return the verdict on a plan of several futures."""
    differs = _difference("expected cost", found.objective, second.objective, second.status)
    certificate = found.certificate
    if not differs and (certificate is None or not certificate.ok):
        differs = f"the certificate does not hold: {certificate}"
    if not differs and certificate is not None:
        differs = _above(certificate.lower_bound, second)
    return Verdict(found.status, differs, found.objective, second.objective)


def _differences(plan: xs.Plan, second: Answer) -> Iterator[str]:
    """Yield what differs, blanks among it."""
    yield _difference("objective", plan.objective, second.objective, second.status)
    if not second.least <= plan.cost_mcny <= second.most:
        yield _difference("cost", plan.cost_mcny, second.cost, second.status)
    yield _difference("sum of the costs", float(plan.costs["discounted_mcny"].sum()), plan.cost_mcny, "optimal")
    certificate = plan.certificate
    if certificate is None or not certificate.ok:
        yield f"the certificate does not hold: {None if certificate is None else certificate.findings}"
    else:
        yield _above(certificate.lower_bound, second)
    if second.model is not None:
        yield from _terms(plan, second.model)


def _difference(what: str, ours: float, other: float, status: str) -> str:
    if status != "optimal":
        return f"xisuan has a plan with {what} {ours}, the second model is {status}"
    if abs(ours - other) > NEAR * max(1.0, abs(ours), abs(other)):
        return f"{what}: xisuan {ours}, second model {other}"
    return ""


def _above(bound: float, second: Answer) -> str:
    """Return whether a proven bound lies above the second model's optimum."""
    if bound > second.objective + NEAR * max(1.0, abs(second.objective)):
        return f"bound: {bound} is said to be proven, the second model has {second.objective}"
    return ""


def _terms(plan: xs.Plan, model: Model) -> Iterator[str]:
    """Yield which terms of the cost table are not what the other tables make of them by the second model's prices."""
    listed = plan.costs.groupby(["term", "period"])["discounted_mcny"].sum().to_dict()
    amounts = dict(_amounts(plan))
    made = {(term, y): 0.0 for term in ("transmission", "serving", "unserved") for y in model.clock.periods}
    made |= _service(plan, model, made)
    names = {column: key for key, column in model.program.columns.items()}
    known = {key[0] for key in amounts} | {"open", "retrofit"}
    for (term, period), prices in model.program.costs.items():
        if term not in ("transmission", "serving", "unserved") and {names[column][0] for column in prices} <= known:
            made[term, period] = sum(price * amounts.get(names[column], 0.0) for column, price in prices.items())
    room = LISTED * max(1.0, abs(plan.cost_mcny))
    for key, value in made.items():
        if abs(listed.get(key, 0.0) - value) > room:
            yield f"{key[0]} of {key[1]}: costs say {listed.get(key, 0.0)}, the other tables make {value}"


ORDERED = {"hall": "build_hall", "retrofit": "retrofit", "opening": "open", "battery_energy": "build_energy"}
STANDING = {"hall": "hall", "battery_energy": "energy"}
SOURCES = ("solar", "wind", "battery")


def _amounts(plan: xs.Plan) -> Iterator[tuple[Key, float]]:
    """Yield what the tables of a plan say, by the second model's names."""
    for row in plan.builds.to_dict("records"):
        yield _asset(row, ORDERED, "build"), float(row["amount"])
    for row in plan.capacity.to_dict("records"):
        yield _asset(row, STANDING, ""), float(row["amount"])
    for row in plan.power.to_dict("records"):
        at = (int(row["period"]), int(row["hour"]))
        yield ("grid", row["site"], *at), row["grid_mw"]
        yield ("discharge", row["site"], *at), row["discharge_mw"]
        for source in ("solar", "wind"):
            yield ("generation", row["site"], source, *at), row[f"{source}_mw"]
    peaks = plan.power.groupby(["site", "period"])["grid_mw"].max()
    for (site, period), value in peaks.items():
        yield ("peak", site, int(period)), float(value)
    for row in plan.emissions.to_dict("records"):
        yield ("contract", row["site"], int(row["period"])), row["contract_mwh"]
    if "rollout" not in plan.tables:
        return
    for row in plan.rollout.to_dict("records"):
        yield ("deploy", row["city"], row["measure"], int(row["period"])), row["amount"]
    for row in plan.access_totals.to_dict("records"):
        yield ("lay", row["city"], int(row["period"])), row["lay_km"]


def _asset(row: dict[str, object], names: dict[str, str], order: str) -> Key:
    """Return the name of what a row of `builds` (`order` is then "build") or of `capacity` is about."""
    asset, where, technology, period = str(row["asset"]), row["where"], row["technology"], int(str(row["period"]))
    if asset == "compute":
        return (order or "installed", where, technology, period)
    if asset == "link":
        return (
            ("link_modules", where, technology, period)
            if technology
            else (f"{order or 'capacity of'}_link", where, period)
        )
    if asset in SOURCES:
        return (f"{order}_supply" if order else "supply", where, asset, period)
    return (names.get(asset, asset), where, period)


def _service(plan: xs.Plan, model: Model, out: dict[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    """Return transmission, serving and unserved by period from the tables `flows` and `service`."""
    at, clock = model.folder.at, model.clock
    for row in plan.flows.to_dict("records"):
        price = number(at("links", int(row["period"]), row["link"]), "cost_mcny_per_gbps_hour")
        worth = clock.discount(int(row["period"])) * float(clock.weight[int(row["hour"])])
        out["transmission", int(row["period"])] += worth * row["gbps"] * price
    for row in plan.service.to_dict("records"):
        period, hours = int(row["period"]), 8760 * clock.discount(int(row["period"])) * row["units"]
        if row["site"] and not pd.isna(row["site"]):
            cost = at("serving_cost", period, row["region"], row["site"], row["workload"])
            out["serving", period] += hours * number(cost, "mcny_per_unit_hour")
        else:
            penalty = optional(at("workloads", period, row["workload"]), "unserved_mcny_per_unit_hour")
            out["unserved", period] += hours * (penalty or 0.0)
    return out
