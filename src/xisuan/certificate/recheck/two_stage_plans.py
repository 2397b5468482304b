"""Recheck of a stored two-stage plan: the joint certificate, and the tables over all members."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from xisuan.certificate.certify_two_stage import COMMON, certify_joint, weights_of
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.value_placement import place
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.certificate.reading.calendar import Array, Clock
from xisuan.certificate.reading.scenario_members import expand_members, is_same_scenario
from xisuan.certificate.recheck import documents
from xisuan.certificate.recheck.bounds_and_status import check_bound, check_status
from xisuan.certificate.recheck.plans import PROVEN, list_texts, without_texts
from xisuan.certificate.recheck.rechecked import NEEDS_SOLVING, TAKEN, Rechecked
from xisuan.certificate.tables.price_table import Priced, ReducedCosts
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.certificate.tolerances import TOLERANCE
from xisuan.results.certification import Difference
from xisuan.results.plan import ACCESS_TABLES
from xisuan.results.storage import two_stage_store
from xisuan.results.storage.run_store import PLAN
from xisuan.results.two_stage import FREQUENCY, MEMBERS, OWN_TABLES, TwoStage

FIGURES = (
    "objective", "certificate", "objective_kind", "objective_unit", "cost_mcny", "scenario", "scenario_hash", "seed",
    "hours_read", "format", "wait_and_see_mcny", "perfect_information_mcny", "first_period", "mean_value_mcny",
    "stochastic_solution_mcny", "mean_value_why", "expected_mcny", "cvar_mcny", "risk",
)  # fmt: skip
"""Keys of plan.json that follow from the scenario, the plans of the members and their costs after the mean's orders."""
OF_MEAN = ("mean_mcny", "mean_why")
"""Columns of `members` that need another solve."""
BUILT, ROBUST = 0.01, 0.9 - 1e-9
"""Share of the largest amount of an asset in any plan from which a plan counts as building it; share of futures that is
robust."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "builds": ("period", "asset", "where", "technology"),
    "capacity": ("period", "asset", "where", "technology"),
    "service": ("period", "region", "site", "workload"),
    "load": ("period", "hour", "site", "technology"),
    "backlog": ("period", "hour", "region", "workload"),
    "flows": ("period", "hour", "link", "from", "to"),
    "power": ("period", "hour", "site"),
    "costs": ("period", "term", "where", "investor"),
    "prices": ("period", "constraint", "item"),
    "emissions": ("period", "site"),
    "gigabit": ("period", "city"),
    "rollout": ("period", "city", "measure"),
    "access_totals": ("period", "city"),
}
"""Columns that identify a row of a member's table."""


def recheck_two_stage(plan: TwoStage, stored: Mapping[str, pd.DataFrame], head: Mapping[str, Any]) -> Rechecked:
    """Certify a two-stage plan jointly; its members' plans are rechecked one by one like single plans.

    stored: tables of the folder. head: its document as stored.
    """
    found = Rechecked("")
    made = certify_joint(plan.scenario, plan)
    found.certificate = made
    given = expand_members(plan.scenario)
    for member, future in zip(given, plan.members, strict=False):
        for one, part in ((future.plan, "members"), (future.alone, "alone")):
            if not is_same_scenario(one.scenario, member.scenario):
                found.add([Difference("other_scenario", table=f"{part}/{future.name}/scenario")])
    right = two_stage_store.two_stage_document(replace(plan, objective=made.cost, certificate=made))
    periods = plan.scenario.settings.periods
    fixed = sum(plan.scenario.fixed(period) for period in periods)
    right["first_period"] = periods[min(fixed, len(periods) - 1)]
    right["certificate"] = without_texts(right["certificate"])
    held = {**head, "certificate": without_texts(head.get("certificate"))}
    found.add(documents.compare(PLAN, held, right, FIGURES))
    whole = any(Statement.of(member.scenario).whole for member in given)
    check_bound(found, PLAN, head, made, made.cost, whole)
    check_status(found, head, made, made.cost)
    found.add(documents.unknown(PLAN, head, (*FIGURES, *PROVEN, *TAKEN, "members")))
    list_texts(found, head)
    found.unchecked |= dict.fromkeys(OF_MEAN, NEEDS_SOLVING)
    found.add(_mean_too_low(plan, made.lower_bound))
    found.compare(stored, _tables(plan), (*KEYS, *OWN_TABLES, *ACCESS_TABLES))
    found.add(documents.compare(PLAN, head, {"members": right["members"]}, ("members",)))
    return found


def priced(plan: TwoStage) -> dict[str, Priced]:
    """Return by member what its table of prices is made of: its part of the joint duals divided by its weight, and
    for first-stage decisions the joint reduced costs, which sum those of all members by weight."""
    given = expand_members(plan.scenario)
    if len(given) != len(plan.members):
        return {}  # the joint certificate reports it
    weights = weights_of(plan.scenario, given, plan.members)
    duals = {
        one.name: {name: replace(dual, values=dual.values / weight) for name, dual in one.duals.items()}
        for one, weight in zip(plan.members, weights, strict=True)
    }
    stage = int(Clock(plan.scenario).fixed.sum()) + 1
    common: dict[str, tuple[Array, Array]] = {}
    for member, future, weight in zip(given, plan.members, weights, strict=True):
        statement = Statement.of(member.scenario)
        of = Operands(statement.columns, place(statement.columns, future.plan.variables).x)
        reduced = ReducedCosts(of, statement.objective, duals[future.name])
        most = Bounds(statement, math.inf).most
        for rows in statement.rows(most, of.x):
            reduced.take(rows)
        reduced.close(most)
        for name in COMMON:
            family = statement.columns[name]
            own = [weight * family.view(side)[:stage] for side in (reduced.value, reduced.size)]
            before = common.get(name, (np.zeros_like(own[0]), np.zeros_like(own[1])))
            if before[0].shape == own[0].shape:  # else the joint certificate reports it
                common[name] = (before[0] + own[0], before[1] + own[1])
    return {name: Priced(of_member, common) for name, of_member in duals.items()}


def _mean_too_low(plan: TwoStage, lower: float) -> Iterator[Difference]:
    """Yield a difference where costs after the mean's orders are less than any plan costs.

    Those orders are common to all members, so their expected cost is no less than the joint bound `lower`; in a member
    they leave a plan of this member, which costs no less than the bound of the member planned alone.
    """
    for one in plan.members:
        if one.mean_mcny < (least := one.alone.lower_bound) - TOLERANCE * abs(least):
            yield Difference("bound", table="members", column="mean_mcny", stored=one.mean_mcny, right=least)
    if plan.mean_value < lower - TOLERANCE * abs(lower):
        yield Difference("bound", table=PLAN, column="mean_value_mcny", stored=plan.mean_value, right=lower)


def _tables(plan: TwoStage) -> dict[str, Recomputed]:
    """Return the joint tables from those of the members, which are rechecked with their plans."""
    weights = weights_of(plan.scenario, expand_members(plan.scenario), plan.members)
    rows = [
        (one.name, one.probability, weight, one.plan.objective, one.alone.objective,
         one.plan.objective - one.alone.objective, one.mean_mcny if math.isfinite(one.mean_mcny) else math.nan, one.mean_why)
        for one, weight in zip(plan.members, weights, strict=False)
    ]  # fmt: skip
    found = {
        "members": Recomputed(pd.DataFrame(rows, columns=list(MEMBERS)), ("member",)),
        "frequency": Recomputed(_frequency(plan), ("asset", "where", "technology")),
    }
    for name, keys in KEYS.items():
        parts = [one.plan.tables[name].assign(member=one.name) for one in plan.members if name in one.plan.tables]
        if parts:
            frame = pd.concat(parts, ignore_index=True)
            frame = frame[["member", *(column for column in frame.columns if column != "member")]]
            found[name] = Recomputed(frame, ("member", *keys))
    return found


def _frequency(plan: TwoStage) -> pd.DataFrame:
    """Return how often each asset is built with perfect foresight, and its amount in the common first stage."""
    names = ["asset", "where", "technology"]
    alone = [one.alone.tables["builds"].groupby(names)["amount"].sum() for one in plan.members]
    unit = pd.concat([one.alone.tables["builds"].set_index(names)["unit"] for one in plan.members])
    orders = plan.members[0].plan.tables["builds"]
    now = orders[orders["period"] <= plan.first].groupby(names)["amount"].sum()
    weight = np.array([one.probability for one in plan.members])
    rows = []
    for thing in dict.fromkeys(key for built in alone for key in built.index):
        amount = np.array([float(built.get(thing, 0.0)) for built in alone])
        most = float(amount.max())
        share = float(weight[amount >= BUILT * most].sum() / weight.sum())
        mean = float(weight @ amount / weight.sum())
        first = float(now.get(thing, 0.0))
        rows.append((*thing, unit.loc[[thing]].iloc[0], share, float(amount.min()), mean, most, share >= ROBUST, first))
    return pd.DataFrame(rows, columns=list(FREQUENCY))
