"""Chapter on customers: whose work comes, by province; who serves the place's own work; and why it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xisuan.report import run_measures
from xisuan.report.chapters.leads import SENTENCES
from xisuan.report.costs import site_comparison
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table
from xisuan.report.document.number_cells import figure
from xisuan.report.facts import customer_facts
from xisuan.report.maps import network_map
from xisuan.report.run_context import Context
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

MOST_REGIONS = 12
"""Regions with a row of their own: those that send most."""
LEAST = 0.001
"""Share of a region's work below which the cell is blank."""


def section(context: Context) -> Section:
    """Return the chapter."""
    found: tuple[Block | None, ...] = (network_map.hero(context), _by_region(context), _own(context), _costs(context))
    blocks = tuple(block for block in found if block is not None)
    return Section("customers", context.say(_("Customers")), SENTENCES["comes"](context), blocks)


def _works(context: Context) -> list[str]:
    """Return the workloads that some region has, in the order of the table."""
    asked = set(context.served["workload"])
    return [str(name) for name in context.scenario["workloads"]["workload"].drop_duplicates() if name in asked]


def _shares(context: Context) -> dict[str, dict[str, float]]:
    """Return the share of each region's work that runs here: region → workload → share."""
    rows = context.served
    here = rows[rows["site"].isin(list(context.focus))]
    found: dict[str, dict[str, float]] = {}
    for region, work, share in zip(here["region"], here["workload"], here["share"], strict=True):
        of = found.setdefault(str(region), {})
        of[str(work)] = of.get(str(work), 0.0) + float(share)
    return found


def _by_region(context: Context) -> Table | None:
    """Return the regions that send most work here, and the share of each of their workloads that comes."""
    say, own = context.say, customer_facts.own_regions(context)
    origins = customer_facts.origins(context)
    weight: dict[str, float] = {}
    for one in origins:
        if one.region not in own:
            weight[one.region] = weight.get(one.region, 0.0) + one.mw
    if not weight:
        return None
    shares, works = _shares(context), _works(context)
    regions = sorted(weight, key=lambda region: -weight[region])
    columns = (
        Column(say(_("Region"))),
        Column(say(_("Keeps busy here")), "MW", number=True),
        *(Column(context.workload(name), "%", number=True) for name in works),
    )
    rows = [
        _row(context.name("regions", region), weight[region], shares.get(region, {}), works)
        for region in regions[:MOST_REGIONS]
    ]
    more = len(regions) - MOST_REGIONS
    note = say(_("Share of the region's work of each kind that runs at {place} in {year}; less than 0.1 % is blank.",
                 place=context.focus_name, year=context.last))  # fmt: skip
    note += say(_(" {n} more regions send less.", n=more)) if more > 0 else ""
    title = say(_("Whose work comes to {place}, {year}", place=context.focus_name, year=context.last))
    return Table(title, columns, tuple(rows), style="plain", note=note)


def _row(name: str, mw: float, shares: Mapping[str, float], works: list[str]) -> Row:
    return Row(
        (
            Cell(name),
            Cell(f"{mw:,.3g}" if mw < 100 else f"{mw:,.0f}", value=mw),
            *(_cell(float(shares.get(work, 0.0))) for work in works),
        )
    )


def _cell(share: float) -> Cell:
    if share < LEAST:
        return Cell("")
    text = f"{100 * share:.1f}" if share < 0.0995 else f"{100 * share:.0f}"
    return Cell(text, shade=min(1.0, share), value=100 * share)


def _own(context: Context) -> Table | None:
    """Return who serves the work of the place's own regions, by workload."""
    say, own = context.say, customer_facts.own_regions(context)
    rows = context.served
    rows = rows[rows["region"].isin(own)]
    if not len(rows):
        return None
    columns = (
        Column(say(_("Own work"))),
        Column(context.focus_name, "%", number=True),
        Column(say(_("Elsewhere")), "%", number=True),
        Column(say(_("Mainly at"))),
    )
    lines = []
    for work in _works(context):
        mine = rows[rows["workload"] == work]
        total = float(mine["units"].sum())
        if not total > 0:
            continue
        by_site = mine.groupby("site")["units"].sum() / total
        here = float(by_site[by_site.index.isin(list(context.focus))].sum())
        away = by_site[~by_site.index.isin(list(context.focus))].sort_values(ascending=False, kind="stable")
        names = [
            context.site(str(site)) if site else say(_("not served")) for site, share in away.items() if share >= SMALL
        ]
        lines.append(
            Row(
                (
                    Cell(context.workload(work)),
                    _cell(here),
                    _cell(max(0.0, 1.0 - here)),
                    Cell(context.show.listed(names[:2])),
                )
            )
        )
    title = say(_("Who serves the region's own work, {year}", year=context.last))
    note = say(
        _("Full equipment goes to the work whose next-best site costs most; own work then runs elsewhere at no loss.")
    )
    is_elsewhere = any(row.cells[2].text for row in lines)
    return Table(title, columns, tuple(lines), style="pairs", note=note if is_elsewhere else "")


def _costs(context: Context) -> Table | None:
    """Return why work comes: the cost of a new unit here beside the cheapest rival, for each workload."""
    found = context.decided("hub_costs")
    if found is None:
        return None
    say = context.say
    rows = found[found["site"].isin(list(context.focus)) & found["total_cny"].notna()]
    if not len(rows):
        return None
    # Outside the hubs a site may be cheaper than every hub, and then says why no more work comes.
    others = {"site": _("Cheapest of all sites")} if (rows["best_site"] != rows["best_rival"]).any() else {}
    rivals = {"rival": _("Cheapest rival hub") if others else _("Cheapest rival"), **others}
    several = rows["site"].nunique() > 1
    columns = (
        Column(say(_("Work"))),
        *((Column(say(_("Where"))),) if several else ()),
        Column(say(_("A new unit here")), say(_("CNY per unit-hour")), number=True),
        *(
            column
            for title in rivals.values()
            for column in (Column(say(title)), Column(say(_("Here against it")), "%", number=True))
        ),
        Column(say(_("Why not more"))),
    )
    lines = tuple(
        Row(
            (
                Cell(context.workload(str(row["workload"]))),
                *((Cell(context.site(str(row["site"]))),) if several else ()),
                figure(float(row["total_cny"])),
                *(cell for which in rivals for cell in _against(context, row, which)),
                Cell(say(site_comparison.WHY_NOT[str(row["why"])]) if row["why"] else ""),
            )
        )
        for row in run_measures.records(rows)
    )
    note = say(
        _("With new equipment for the peak hour of that work, halls, power and network; all sites are in the annex.")
    )
    return Table(
        say(_("Why it comes: what a new unit costs here and at the cheapest rival")), columns, lines, note=note
    )


def _against(context: Context, row: Mapping[str, Any], which: str) -> tuple[Cell, Cell]:
    """Return the cheapest rival of a kind (`rival`: in a hub, `site`: any), and the cost here against it."""
    name = str(row[f"best_{which}"])
    rival = context.site(name) if name else context.say(in_context("rival", "none"))
    return Cell(rival), figure(100 * float(row[f"against_{which}"]), 1, signed=True)


SMALL = 0.05
"""Share of a region's own work from which the site that runs it is named."""
