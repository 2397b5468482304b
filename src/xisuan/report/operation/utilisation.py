"""Section 9: how full the halls are (occupancy), how hard the equipment works (utilisation), and PUE: three things."""

from __future__ import annotations

import math

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.run_context import Context
from xisuan.text.numbers import exact, plain

FULL = 0.995
"""Occupancy from which no room is left."""


def section(context: Context) -> Section:
    """Occupancy by site and year, utilisation by site and class, PUE by site and year."""
    say = context.say
    blocks: list[Block] = [table for table in (_occupancy(context), _utilisation(context), _pue(context)) if table]
    if not blocks:
        return Section("usage", say("usage.title"), blocks=(Text(say("usage.none"), tone="empty"),))
    return Section("usage", say("usage.title"), say("usage.lead"), tuple(blocks))


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
        Column(say("col.site")),
        Column(say("col.halls", year=context.last), "MW", number=True),
        Column(say("col.installed", year=context.last), "MW", number=True),
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
        Cell(say("word.total")),
        Cell(plain(float(halls.sum()))),
        Cell(plain(float(installed.reindex(halls.index).sum()))),
    )
    lines.append(Row((*total, *(_percent(share) for share in shares)), kind="total"))
    full = any(context.occupancies.get((context.last, site), 0.0) > FULL for site in sites)
    notes = ([say("usage.full_note")] if full else []) + ([say("usage.occupancy_note")] if bare else [])
    return Table(say("usage.occupancy"), columns, tuple(lines), note=" ".join(notes))


def _percent(share: float) -> Cell:
    if not math.isfinite(share):
        return Cell("")
    return Cell(exact(100 * share, 1), bar=min(1.0, share), colour="full" if share > FULL else "")


def _utilisation(context: Context) -> Table | None:
    say = context.say
    found = run_measures.utilisation(context.run)
    found = found[(found["period"] == context.last) & (found["installed"] > 1e-9)]
    classes = [str(kind) for kind in found["class"].drop_duplicates()]
    if not classes:
        return None
    share = {(row["site"], row["class"]): row["share"] for row in run_measures.records(found)}
    columns = (Column(say("col.site")), *(Column(say.known("class_short", kind), "%", number=True) for kind in classes))
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
    lines.append(Row((Cell(say("word.total")), *total), kind="total"))
    return Table(say("usage.utilisation", year=context.last), columns, tuple(lines), note=say("usage.utilisation_note"))


def _pue(context: Context) -> Table | None:
    found = context.energy
    found = found[found["it_mwh"] > 0]
    if not len(found):
        return None
    table = {(row["site"], row["period"]): row["pue"] for row in run_measures.records(found)}
    columns = (Column(context.say("col.site")), *(Column(str(period), number=True) for period in context.periods))
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
                Cell(context.say("word.total")),
                *(Cell(exact(float(ratio.get(period, math.nan)), 3)) for period in context.periods),
            ),
            kind="total",
        )
    )
    return Table(context.say("usage.pue"), columns, tuple(lines), note=context.say("usage.pue_note"))
