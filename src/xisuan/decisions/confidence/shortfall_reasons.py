"""Reasons for work that a case leaves unserved: no site within its latency, orders already made, or limits.

By duality the price of unserved work is a sum of rents, dual times right side. A limit whose rent is a notable part of
that price keeps the work from being served.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from xisuan.decisions.display_names import part_title, title_of
from xisuan.results.plan import Plan
from xisuan.results.summaries.unserved_work import CRUMB
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.policy_tables import INVESTOR
from xisuan.text.translation import Message, Series, Translatable, unfilled
from xisuan.text.translation import message as _
from xisuan.text.year_spans import spells

NOTABLE = 0.05
"""Share of the price of all unserved work from which a part of it, or the rent of a limit, is a reason."""
MOST_NAMES = 3
"""Names listed of a reason; the others are counted."""
LIMITS: dict[str, tuple[str, str, str]] = {
    "budget": ("budgets", "limit_mcny", unfilled("budget used up: {names}")),
    "bound on hall": ("halls", "limit_mw", unfilled("halls at their limit: {names}")),
    "fleet_within_site": ("sites", "it_limit_mw", unfilled("IT power at its limit: {names}")),
    "bound on build": ("limits", "max_build_units", unfilled("orders at their yearly limit: {names}")),
    "bound on capacity": ("links", "limit_gbps", unfilled("links at their limit: {names}")),
    "grid_within_zone": ("power", "grid_limit_mw", unfilled("grid connection at its limit: {names}")),
}
"""Limit as the table `prices` names it → its table, its column, and the reason that it is."""

ORDERED = ("budget", "bound on build")
"""Limits on orders: those of the first period are fixed and their limits mean nothing."""


def shortfall_reasons(plan: Plan) -> Series:
    """Return why a plan leaves work unserved, the largest reason first; empty if it serves all work.

    plan: a plan in which all work may be unserved at a price, with the orders of the first period fixed.
    """
    work = _unserved(plan)
    if not len(work):
        return Series(())
    found = _out_of_reach(plan.scenario, work[~work["reached"]])
    found += _too_late(plan.scenario, work[work["reached"]])
    found += _at_limits(plan)
    return Series(tuple(reason for _share, reason in sorted(found, key=lambda one: -one[0])))


def _unserved(plan: Plan) -> pd.DataFrame:
    """Return the unserved work by period, region and workload: `share` of the price of all of it.

    `reached`: some site is within the latency of the work.
    """
    rows = plan.tables["service"]
    rows = rows[(rows["site"] == "") & (rows["share"] > CRUMB)]
    work = plan.scenario["workloads"].drop_duplicates("workload", keep="last").set_index("workload")
    limited = set(work.index[work["latency_ms"].notna()])
    pairs = [label for name in ("serve", "hold") if name in plan.variables for label in plan.variables[name].labels]
    near = {(str(region), str(workload)) for region, _site, workload, *_rest in pairs}
    named = zip(rows["region"].astype(str), rows["workload"].astype(str), strict=True)
    reached = [workload not in limited or (region, workload) in near for region, workload in named]
    price = rows["units"] * rows["workload"].map(work["unserved_mcny_per_unit_hour"])
    return rows.assign(reached=reached, share=price / price.sum())


def _out_of_reach(scenario: Scenario, work: pd.DataFrame) -> list[tuple[float, Message]]:
    """Return the workloads for which regions have no site within the latency, each with its share of the price."""
    found = []
    for workload, rows in work.groupby("workload", sort=False):
        sums = rows.groupby("region")["share"].sum().sort_values(ascending=False, kind="stable")
        if float(sums.sum()) >= NOTABLE:
            called = title_of(scenario, str(workload), "workloads")
            regions = _listed([title_of(scenario, str(region), "regions") for region in sums.index])
            reason = _("{work}: no site within its latency of {regions}", work=called, regions=regions)
            found.append((float(sums.sum()), reason))
    return found


def _too_late(scenario: Scenario, work: pd.DataFrame) -> list[tuple[float, Message]]:
    """Return the workloads unserved in the first period, whose orders are made before the case is known."""
    first = scenario.settings.periods[0]
    sums = work[work["period"] == first].groupby("workload", sort=False)["share"].sum()
    names = {str(workload): title_of(scenario, str(workload), "workloads") for workload in sums.index}
    return [
        (float(share), _("{work}: nothing more comes into use in time for {year}", work=names[str(name)], year=first))
        for name, share in sums.items()
        if share >= NOTABLE
    ]


def _at_limits(plan: Plan) -> list[tuple[float, Message]]:
    """Return the kinds of limits that carry a notable share of the price, with the items and years of each."""
    costs, prices = plan.tables["costs"], plan.tables["prices"]
    first = plan.scenario.settings.periods[0]
    paid = float(costs.loc[costs["term"] == "unserved", "discounted_mcny"].sum())
    found = []
    for constraint, (table, column, source) in LIMITS.items():
        rows = prices[(prices["constraint"] == constraint) & ~(prices["period"].eq(first) & (constraint in ORDERED))]
        given = [
            plan.scenario.dated(table).column(period, column).get(tuple(str(item).split("/")), 0.0)
            for period, item in zip(rows["period"], rows["item"], strict=True)
        ]
        rows = rows.assign(share=rows["value"].abs() * given / paid)
        rows = rows[rows["share"] >= NOTABLE]
        if len(rows):
            sums = rows.groupby("item")["share"].sum().sort_values(ascending=False, kind="stable")
            names = [_with_years(plan.scenario, str(item), rows[rows["item"] == item]) for item in sums.index]
            found.append((float(sums.max()), _(source, names=_listed(names))))
    return found


def _with_years(scenario: Scenario, item: str, rows: pd.DataFrame) -> Message:
    """Return the name of what a limit is about, with the years in which it holds."""
    held = set(rows["period"])
    years = spells((period, period in held) for period in scenario.settings.periods)
    names = tuple(part_title(scenario, part) for part in item.removeprefix(INVESTOR).split("/"))
    return _("{name} {years}", name=Series(names, short=True), years=years)


def _listed(names: Sequence[Translatable]) -> Translatable:
    """Return the first names, and how many more there are."""
    shown = Series(tuple(names[:MOST_NAMES]), short=True)
    return (
        _("{names} and {count} more", names=shown, count=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else shown
    )
