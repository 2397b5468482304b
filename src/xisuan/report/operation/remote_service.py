"""In section 6: why work that arises beside the focus runs elsewhere while the focus serves work from afar.

It looks absurd and is not: a place in full equipment goes to the work that has the dearest alternative, and work from afar
often has fewer sites within its limit of delay. The table sets one region of each kind side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xisuan.decisions.costs.marginal_cost import Margin, is_priced, margins
from xisuan.report import run_measures
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.run_context import Context
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

COST_OF_ONE_MORE = _(
    "Cost of one more unit-hour at the prices of the plan, the mean of the year: power, network, and "
    "what a place in the equipment is worth when it is full. In one hour all sites that serve a "
    "region cost it the same, so how its work is split between them may change without changing the "
    "cost."
)
STAYING = {
    "same": unfilled(" To {region} {place} and {site} cost the same: that its work runs there is no loss."),
    "cheaper": unfilled(" To {region} {site} is {share} cheaper than {place}, because places at {place} are scarce."),
    "dearer": unfilled(
        " To {region} {site} is {share} dearer than {place} in the mean of the year; its work runs there "
        "in the hours in which it is not."
    ),
}

LEAST = 0.05
"""Share of a region's work below which the place where it runs is not shown."""
SAME = 5e-4
"""Share of a cost within which two are the same to a reader."""


@dataclass(frozen=True)
class _Case:
    """A workload, a region beside the focus and the site most of its other work goes to, and the region from afar of which
    the focus runs most."""

    workload: str
    near: str
    whither: str
    far: str


def table(context: Context, near: list[str]) -> Table | None:
    """Return a table that compares regions: delay, cost of one more unit and share at each site.

    `near`: the regions nearest to the focus. None if no workload can be compared, or the focus is not one site.
    """
    case = _case(context, near)
    if case is None or len(context.focus) != 1:
        return None
    weight = context.scenario.timeline.weight
    found = margins(context.run.plan, case.workload)
    ends = {region: _means(found, region, weight) for region in (case.near, case.far)}
    here = context.focus[0]
    if any(here not in costs for costs in ends.values()):
        return None
    sites = sorted({site for costs in ends.values() for site in costs}, key=lambda site: _order(ends, site, here))
    say = context.say
    names = [context.name("regions", region) for region in (case.near, case.far)]
    unit = say(_("CNY per {unit}-hour", unit=context.one(context.unit_of(case.workload))))
    columns = [Column(say(_("Site")))]
    for name in names:
        columns += [
            Column(say(_("{region}: delay", region=name)), say(_("ms")), number=True),
            Column(say(_("{region}: cost", region=name)), unit, number=True),
            Column(say(_("{region}: share served there", region=name)), "%", number=True),
        ]
    lines = tuple(_row(context, case, ends, found, site) for site in sites)
    title = say(
        _(
            "{workload}: what one more unit would cost at each site, {year}",
            workload=context.workload(case.workload),
            year=context.last,
        )
    )
    return Table(title, tuple(columns), lines, note=_explain(context, case, ends, names))


def _case(context: Context, near: list[str]) -> _Case | None:
    """Return the workload to compare, or None.

    It is a priced workload that a region next to the focus mostly sends elsewhere, while the focus serves others.
    """
    found: dict[float, _Case] = {}
    for workload in context.scenario["workloads"]["workload"].drop_duplicates():
        rows = context.served
        rows = rows[(rows["workload"] == workload) & (rows["site"] != "")]
        if not len(rows) or not is_priced(context.run.plan, str(workload)):
            continue
        here = rows[rows["site"].isin(list(context.focus))]
        far = here[~here["region"].isin(near) & (here["share"] >= LEAST)].sort_values("units", kind="stable")
        mine = rows[rows["region"].isin(_beside(context, near)) & ~rows["site"].isin(list(context.focus))]
        mine = mine[mine["share"] >= LEAST].sort_values("units", kind="stable")
        if len(far) and len(mine):
            one = run_measures.records(mine)[-1]
            found[float(one["share"])] = _Case(
                str(workload), str(one["region"]), str(one["site"]), str(far["region"].iloc[-1])
            )
    return found[max(found)] if found else None


def _beside(context: Context, near: list[str]) -> list[str]:
    """Return the nearest regions that belong to the hub of the focus; all of them if none does."""
    given = context.scenario["regions"].drop_duplicates("region")
    nodes = set(context.scenario["sites"].loc[context.scenario["sites"]["site"].isin(list(context.focus)), "node"])
    own = given[(given["hub"] == context.focus_hub) & (given["hub"] != "") | given["node"].isin(nodes)]["region"]
    mine = [region for region in near if region in set(own)]
    return mine or near


def _means(found: dict[tuple[str, ...], Margin], region: str, weight: np.ndarray) -> dict[str, float]:
    """Site → CNY for a unit-hour of the region's work there, the mean of the year."""
    return {site: float(one.cny @ weight / weight.sum()) for (where, site), one in found.items() if where == region}


def _order(ends: dict[str, dict[str, float]], site: str, here: str) -> tuple[bool, float, str]:
    return site != here, min(costs.get(site, np.inf) for costs in ends.values()), site


def _row(
    context: Context, case: _Case, ends: dict[str, dict[str, float]], found: dict[tuple[str, ...], Margin], site: str
) -> Row:
    cells = [Cell(context.site(site))]
    rows = context.served
    rows = rows[(rows["workload"] == case.workload) & (rows["site"] == site)]
    shares = rows.groupby("region")["share"].sum()
    for region in (case.near, case.far):
        if site not in ends[region]:
            cells += [Cell(context.say(_("beyond the limit"))), Cell(""), Cell("")]
            continue
        cells += [
            figure(found[region, site].ms, 1),
            figure(ends[region][site], _decimals(ends)),
            percent(float(shares.get(region, 0.0)), 0),
        ]
    return Row(tuple(cells), kind=context.row_kind(site))


def _decimals(ends: dict[str, dict[str, float]]) -> int:
    """Decimals that show a difference of a thousandth."""
    least = min(cost for costs in ends.values() for cost in costs.values())
    return max(0, 3 - int(np.floor(np.log10(max(least, 1e-9)))))


def _explain(context: Context, case: _Case, ends: dict[str, dict[str, float]], names: list[str]) -> str:
    """Return the reason in sentences: the cost of staying, and the cost of the work from afar elsewhere."""
    say, (here,) = context.say, context.focus
    near, far = ends[case.near], ends[case.far]
    apart = near[case.whither] / near[here] - 1.0
    side = "same" if abs(apart) <= SAME else "cheaper" if apart < 0 else "dearer"
    text = say(COST_OF_ONE_MORE) + say(
        _(
            STAYING[side],
            region=names[0],
            place=context.site(here),
            site=context.site(case.whither),
            share=context.show.share(abs(apart)),
        )
    )
    others = {site: cost for site, cost in far.items() if site != here}
    if not others:
        return text + say(
            _(
                " {region} reaches no other site within {ms} ms, so places at {place} go to it first.",
                region=names[1],
                place=context.site(here),
                ms=_limit(context, case),
            )
        )
    best = min(others, key=lambda site: others[site])
    more = others[best] / far[here] - 1.0
    if case.whither not in far:
        text += say(
            _(
                " {region} cannot reach {site} within {ms} ms.",
                region=names[1],
                site=context.site(case.whither),
                ms=_limit(context, case),
            )
        )
    key = (
        unfilled(
            " The cheapest site that {region} could go to instead, {site}, costs it {share} more: whoever has "
            "the dearer alternative stays."
        )
        if more > SAME
        else unfilled(" {region} could go to {site} at the same cost.")
    )
    return text + say(_(key, region=names[1], site=context.site(best), share=context.show.share(max(more, 0.0))))


def _limit(context: Context, case: _Case) -> str:
    given = context.scenario.at("workloads", context.last).set_index("workload")
    return plain(float(given["latency_ms"][case.workload]))
