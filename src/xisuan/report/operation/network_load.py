"""Section 11: how loaded links are, what leaves the province, and how far other places are in milliseconds."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent, year
from xisuan.report.maps import map_markers
from xisuan.report.run_context import Context
from xisuan.scenario.queries import candidates, routing
from xisuan.text.numbers import MISSING, Scale, decimals, rate_scale
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

SHOWN_LINKS = 15
DIRECT_MS = 20.0
"""One way to directly connected cities, as the hub aims at."""


def section(context: Context) -> Section | None:
    """Egress, links, delays; None where the scenario has no links."""
    say = context.say
    if not context.scenario.has("links"):
        return None
    found = (_egress(context), _links(context), _delays(context))
    blocks: tuple[Block, ...] = tuple(block for block in found if block is not None)
    if not blocks:
        blocks = (Text(say(_("The plan carries nothing over links.")), tone="empty"),)
    return Section(
        "network",
        say(_("Network")),
        say(_("How full the backbone is, what leaves the province, and how far others are in milliseconds.")),
        blocks,
    )


def inside(context: Context) -> frozenset[str]:
    """Backbone nodes in the province of the focus; outside China those of the focus itself."""
    home, places = map_markers.home(context), context.places
    sites = context.scenario["sites"]
    own = {str(node) for node in sites.loc[sites["site"].isin(list(context.focus)), "node"]}
    if home is None:
        return frozenset(own)
    nodes = {end for ends in context.ends.values() for end in ends}
    return frozenset(own | {node for node in nodes if node in places and home.contains(*places[node])})


def crossing(context: Context) -> list[str]:
    """Return the links with one end in the province."""
    within = inside(context)
    return [link for link, ends in context.ends.items() if len(within & set(ends)) == 1]


def egress(context: Context, period: int) -> tuple[float, float]:
    """Capacity of the links that leave the province, and the peak of what leaves over them in one hour, Gbps."""
    within = inside(context)
    flows = context.run.plan.flows
    rows = flows[(flows["period"] == period) & flows["link"].isin(crossing(context))]
    capacity = float(rows.groupby("link")["capacity_gbps"].max().sum())
    out = rows[rows["from"].isin(list(within))]
    return capacity, float(out.groupby("hour")["gbps"].sum().max()) if len(out) else math.nan


def _egress(context: Context) -> Table | None:
    """Return the egress of the plan by year, with the published figures and targets."""
    say = context.say
    found = [(period, *egress(context, period)) for period in context.periods]
    if not any(capacity > 0 for _, capacity, _ in found):
        return None
    record = context.scenario["actuals"]
    record = record[(record["quantity"] == "egress_gbps") & (record["place"] == context.focus_hub)]
    capacities = [*record["value"], *(capacity for _, capacity, _ in found)]
    unit = rate_scale(max(capacities))
    digits = decimals((value / unit.divisor for value in [*capacities, *(peak for *_, peak in found)]), 1)
    columns = (
        Column(say(_("When"))),
        Column(say(_("Capacity")), unit.unit, number=True),
        Column(say(_("Peak")), unit.unit, number=True),
        Column(say(_("Load")), "%", number=True),
        Column(say(_("Source"))),
    )
    rows = [
        _record(context, row, unit, digits)
        for row in run_measures.records(record.sort_values(["period", "date"], kind="stable"))
    ]
    for period, capacity, peak in found:
        cells = (
            Cell(say(_("{year}, this plan", year=period))),
            figure(capacity / unit.divisor, digits),
            figure(peak / unit.divisor, digits),
            percent(peak / capacity if capacity > 0 else math.nan),
            Cell(say(_("this plan"))),
        )
        rows.append(Row(cells, kind="marked"))
    title = say(_("Interprovincial egress (省际出口带宽) around {place}", place=context.focus_name))
    note = say(
        _(
            "Of the plan: capacity of the modelled links that leave the province, one direction, and the "
            "largest outflow in an hour. Where its source says so, capacity at the start is the published "
            "bandwidth shared out among neighbours; published bandwidth covers more than the modelled links."
        )
    )
    return Table(title, columns, tuple(rows), note=note + _required(context, [capacity for _, capacity, _ in found]))


SAME = 1e-3
"""Share by which two capacities may differ and still be read as the same."""


def _required(context: Context, capacities: list[float]) -> str:
    """Return that the egress of the plan grows as required, or that it does not grow; blank with one period."""
    if len(capacities) < 2:
        return ""
    ends = [_least(context, period) for period in (context.periods[0], context.last)]
    if ends[1] > ends[0] and capacities[-1] <= ends[1] * (1 + SAME):
        named = context.source(";".join(dict.fromkeys(_required_links(context, context.last)["source"])))
        return context.say(
            _(" The growth is that which links.min_gbps requires of these links ({source}).", source=named)
            if named
            else _(" The growth is that which links.min_gbps requires of these links.")
        )
    if capacities[-1] <= capacities[0] * (1 + SAME):
        return context.say(_(" It does not grow: links.min_gbps requires no growth, and the plan adds no capacity."))
    return ""


def _least(context: Context, period: int) -> float:
    """Return the least capacity required of the links that leave the province, Gbps."""
    return float(_required_links(context, period)["min_gbps"].sum())


def _required_links(context: Context, period: int) -> pd.DataFrame:
    """Return the links that leave the province and of which a least capacity is required."""
    rows = context.scenario.at("links", period)
    return rows[rows["link"].isin(crossing(context)) & (rows["min_gbps"] > 0)]


def _record(context: Context, row: dict[str, Any], unit: Scale, digits: int) -> Row:
    say = context.say
    mark = say(terms.named(terms.BOUNDS, row["bound"])) if row["bound"] in ("at least", "at most", "about") else ""
    value = figure(float(row["value"]) / unit.divisor, digits)
    none = Cell(MISSING, tip=say(_("not published")))
    when = context.when(str(row["date"])) if row["date"] else say(_("{year}", year=year(row["period"])))
    name = Cell(
        say(in_context("network", "{when}, aimed at", when=when))
        if row["kind"] == "target"
        else say(_("{when}, published", when=when))
    )
    return Row((name, Cell(mark + value.text, value=value.value), none, none, Cell(context.source(row["source"]))))


def _links(context: Context) -> Table | None:
    """Return the table of the links that are fullest in their busiest hour, those of the province first and marked."""
    say, last = context.say, context.peak_loads[context.last]
    rows = last[last["load"].notna()].sort_values("load", ascending=False, kind="stable")
    if not len(rows):
        return None
    within = inside(context)
    near = [str(link) for link in rows.index if within & set(context.ends.get(str(link), ()))]
    far = [str(link) for link in rows.index if str(link) not in near]
    chosen = [*near[:SHOWN_LINKS], *far[: max(3, SHOWN_LINKS - len(near))]]
    shown = rows.loc[chosen, ["capacity_gbps", "peak_gbps"]]
    unit = rate_scale(float(shown["capacity_gbps"].max()))
    shown = shown / unit.divisor
    digits = decimals(shown.to_numpy().ravel().tolist(), 1)
    columns = (
        Column(say(_("Link"))),
        Column(say(_("Capacity {year}", year=context.last)), unit.unit, number=True),
        Column(say(_("Peak")), unit.unit, number=True),
        *(Column(str(period), "%", number=True) for period in context.periods),
    )
    lines = []
    for link in chosen:
        loads = (context.peak_loads[period]["load"].get(link, math.nan) for period in context.periods)
        cells = (
            Cell(context.link(link)),
            *(figure(run_measures.number(value), digits) for value in shown.loc[link]),
            *(percent(run_measures.number(load), 0, why=say(_("no capacity in that year"))) for load in loads),
        )
        lines.append(Row(cells, kind="marked" if link in near else "plain"))
    note = say(_("{n} of {total} links; those that touch the province first, marked.", n=len(chosen), total=len(rows)))
    return Table(say(_("Load of links in their busiest hour")), columns, tuple(lines), note=note)


def delays(context: Context) -> pd.DataFrame:
    """Return the delay from the focus to every region that it reaches over links in use in the last year.

    Columns: region, node (the city where the path enters it), ms (one way, propagation, of the fastest path) and links.
    """
    flows = context.peak_loads[context.last]
    standing = set(flows.index[flows["capacity_gbps"] > 0])
    usable = candidates.usable_links(context.scenario, context.last, existing=False)
    links = [link for link in usable if link[0] in standing]
    sites = context.scenario["sites"].drop_duplicates("site").set_index("site")
    found = routing.shortest(links, str(sites.loc[context.focus[0], "node"])) if context.focus else {}
    rows = [
        (str(region), str(node), found[str(node)].latency_ms, len(found[str(node)].arcs))
        for region, node in context.scenario["regions"]
        .drop_duplicates("region")[["region", "node"]]
        .itertuples(index=False)
        if str(node) in found and found[str(node)].arcs
    ]
    return pd.DataFrame(rows, columns=["region", "node", "ms", "links"]).sort_values(
        "ms", kind="stable", ignore_index=True
    )


def _delays(context: Context) -> Table | None:
    say, found = context.say, delays(context)
    if not len(found):
        return None
    most = max(DIRECT_MS, float(found["ms"].max()))
    columns = (
        Column(say(_("Region"))),
        Column(say(_("Enters the backbone at"))),
        Column(say(_("One way")), say(_("ms")), number=True),
        Column(say(_("Links on the way")), number=True),
        Column(say(_("Within {ms} ms", ms=f"{DIRECT_MS:.0f}"))),
    )
    lines = tuple(
        Row(
            (
                Cell(context.name("regions", str(row["region"]))),
                Cell(context.node(str(row["node"]))),
                figure(float(row["ms"]), 1, bar=float(row["ms"]) / most),
                figure(float(row["links"]), 0),
                Cell(say(_("yes")) if row["ms"] <= DIRECT_MS else say(_("no"))),
            )
        )
        for row in run_measures.records(found)
    )
    count = int((found["ms"] <= DIRECT_MS).sum())
    title = say(
        _(
            "Propagation delay from {place}: {count} of {all} places within {ms} ms",
            place=context.focus_name,
            count=count,
            all=len(found),
            ms=f"{DIRECT_MS:.0f}",
        )
    )
    return Table(
        title,
        columns,
        lines,
        style="pairs",
        note=say(
            _(
                "Propagation over the fastest path of links in use in the last year; equipment on the way adds "
                "to it, so that what operators promise is longer, and fewer places may then be within the limit."
            )
        ),
    )
