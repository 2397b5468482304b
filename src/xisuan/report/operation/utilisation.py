"""Section 9: how full the halls are (occupancy), how hard the equipment works (utilisation), and PUE: three things."""

from __future__ import annotations

import math

from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import percent
from xisuan.report.run_context import Context
from xisuan.text.numbers import exact, plain
from xisuan.text.translation import message as _

FULL = 0.995
"""Occupancy from which no room is left."""


def section(context: Context) -> Section:
    """Occupancy by site and year, utilisation by site and class, PUE by site and year."""
    say = context.say
    blocks: list[Block] = [table for table in (_occupancy(context), _utilisation(context), _pue(context)) if table]
    if not blocks:
        return Section(
            "usage",
            say(_("Occupancy, utilisation, PUE")),
            blocks=(Text(say(_("Nothing is installed.")), tone="empty"),),
        )
    return Section(
        "usage",
        say(_("Occupancy, utilisation, PUE")),
        say(
            _(
                "Three different things: a hall can be full (occupancy) of machines that idle (utilisation), "
                "cooled well or badly (PUE)."
            )
        ),
        tuple(blocks),
    )


def _sites(context: Context) -> list[str]:
    sites = [str(site) for site in context.scenario["sites"]["site"].drop_duplicates()]
    return [*context.focus, *(site for site in sites if site not in context.focus)]


def _occupancy(context: Context) -> Table | None:
    say = context.say
    halls = context.hall_mw
    installed = context.it_mw["mw"]
    sites = [site for site in _sites(context) if halls.get(site, 0.0) > 0]
    if not sites:
        return None
    bare = (installed.drop(sites, errors="ignore") > 0).any()
    columns = (
        Column(say(_("Site"))),
        Column(say(_("Halls {year}", year=context.last)), "MW", number=True),
        Column(say(_("Installed {year}", year=context.last)), "MW", number=True),
        *(Column(str(period), "%", number=True) for period in context.periods),
    )
    lines = []
    for site in sites:
        shares = [context.occupancies.get((period, site), math.nan) for period in context.periods]
        cells = (
            Cell(context.site(site)),
            Cell(plain(float(halls[site]))),
            Cell(plain(float(installed.get(site, 0.0)))),
        )
        lines.append(Row((*cells, *(_percent(share) for share in shares)), kind=context.row_kind(site)))
    shares = [run_measures.occupancy(context.run, period) for period in context.periods]
    total = (
        Cell(say(_("Total"))),
        Cell(plain(float(halls.sum()))),
        Cell(plain(float(installed.reindex(halls.index).sum()))),
    )
    lines.append(Row((*total, *(_percent(share) for share in shares)), kind="total"))
    full = any(context.occupancies.get((context.last, site), 0.0) > FULL for site in sites)
    notes = [full_halls(context)] if full else []
    if bare:
        notes.append(say(_("Sites without halls of their own are left out.")))
    return Table(say(_("Occupancy (上架率): installed MW over hall MW")), columns, tuple(lines), note=" ".join(notes))


def full_halls(context: Context) -> str:
    """Return what an occupancy of 100 % means in a plan of least cost."""
    return context.say(
        _(
            "100 % is what least cost comes to, not what to run at: halls are filled before new ones are "
            "built, and none is kept empty. Who wants room to spare adds it to the halls here."
        )
    )


def full_years(context: Context) -> list[int]:
    """Return the years in which the halls of the place are full."""
    return [year for year in context.periods if run_measures.occupancy(context.run, year, context.focus) > FULL]


def remark(context: Context) -> str:
    """Return the meaning of full halls, for the note of a table that shows occupancy of the place; blank if none are."""
    return context.say(_(" Occupancy: {meaning}", meaning=full_halls(context))) if full_years(context) else ""


def _percent(share: float) -> Cell:
    if not math.isfinite(share):
        return Cell("")
    return Cell(percent(share).text, bar=min(1.0, share), colour="full" if share > FULL else "")


def _utilisation(context: Context) -> Table | None:
    say = context.say
    found = run_measures.utilisation(context.run)
    found = found[(found["period"] == context.last) & (found["installed"] > 1e-9)]
    classes = [str(kind) for kind in found["class"].drop_duplicates()]
    if not classes:
        return None
    share = {(row["site"], row["class"]): row["share"] for row in run_measures.records(found)}
    columns = (
        Column(say(_("Site"))),
        *(Column(say(terms.named(terms.SHORT_CLASSES, kind)), "%", number=True) for kind in classes),
    )
    lines = [
        Row(
            (Cell(context.site(site)), *(_percent(share.get((site, kind), math.nan)) for kind in classes)),
            kind=context.row_kind(site),
        )
        for site in _sites(context)
        if any((site, kind) in share for kind in classes)
    ]
    sums = found.groupby("class")[["installed", "used"]].sum()
    mean = sums["used"] / sums["installed"]
    total = [_percent(float(mean[kind])) for kind in classes]
    lines.append(Row((Cell(say(_("All sites"))), *total), kind="total"))
    return Table(
        say(_("Utilisation (算力利用率): work over equipment, {year}", year=context.last)),
        columns,
        tuple(lines),
        note=say(_("Yearly mean. Storage: held over installed.")),
    )


def _pue(context: Context) -> Table | None:
    found = context.energy
    found = found[found["it_mwh"] > 0]
    if not len(found):
        return None
    table = {(row["site"], row["period"]): row["pue"] for row in run_measures.records(found)}
    columns = (Column(context.say(_("Site"))), *(Column(str(period), number=True) for period in context.periods))
    lines = [
        Row(
            (
                Cell(context.site(site)),
                *(Cell(exact(table.get((site, period), math.nan), 2)) for period in context.periods),
            ),
            kind=context.row_kind(site),
        )
        for site in _sites(context)
        if any((site, period) in table for period in context.periods)
    ]
    sums = found.groupby("period")[["facility_mwh", "it_mwh"]].sum()
    ratio = sums["facility_mwh"] / sums["it_mwh"]
    lines.append(
        Row(
            (
                Cell(context.say(_("All sites"))),
                *(Cell(exact(float(ratio.get(period, math.nan)), 3)) for period in context.periods),
            ),
            kind="total",
        )
    )
    return Table(
        context.say(_("PUE: facility energy over IT energy")),
        columns,
        tuple(lines),
        note=context.say(_("Weighted by energy over the year; retrofits included.")),
    )
