"""Section 2, targets: each with its status and chance, what parts and wholes say, and the planned path beside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.report import tracking, tracking_words
from xisuan.report.context import Context
from xisuan.report.specs import Block, Cell, Column, Row, Section, Table, Text
from xisuan.results.track import STATUSES, Track, records

SHADES = {"reached": 0.5, "on track": 0.3, "at risk": 0.12}
"""Tint of a status; others have none."""


def section(context: Context) -> Section | None:
    """Targets that are still open or due this year, earlier ones folded, bounds of parts, the planned path, claims.

    None for scenarios without `targets`; everything as of the scenario's own day.
    """
    say = context.say
    found = context.track
    if found is None:
        return None
    year = str(found.as_of.year)
    late = found.targets[found.targets["deadline"] >= year].sort_values(["region", "deadline", "indicator"])
    early = found.targets[found.targets["deadline"] < year].sort_values(["deadline", "region"], ascending=[False, True])
    counted = ("; " if context.language == "en" else "；").join(
        say(
            "targets.count",
            status=tracking_words.status(context.language, name),
            count=int((late["status"] == name).sum()),
        )
        for name in STATUSES
        if (late["status"] == name).any()
    )
    lead = say("targets.lead", day=found.as_of.isoformat(), count=len(late), year=year, statuses=counted)
    blocks: list[Block] = []
    if len(late):
        blocks.append(_table(context, found, late, say("targets.due", year=year)))
    if parts := tracking.part_lines(found, context.language):
        blocks.append(Text(say("targets.parts"), tuple(parts)))
    if (planned := _planned(context, found)) is not None:
        blocks.append(planned)
    if len(early):
        blocks.append(_table(context, found, early, say("targets.earlier", year=year), folded=True))
    if claims := tracking.multipliers(found, context.language):
        blocks.append(Text(say("targets.claims"), tuple(_claim(context, *claim) for claim in claims), "note"))
    return Section("targets", say("targets.title"), lead, tuple(blocks))


def _claim(context: Context, *parts: str) -> str:
    name, variable, span, unit, how = parts
    return context.say("targets.claim", name=name, variable=variable, span=span, unit=unit, how=how)


def _table(context: Context, found: Track, rows: pd.DataFrame, title: str, *, folded: bool = False) -> Table:
    say = context.say
    columns = (
        Column(say("targets.target")),
        Column(say("targets.by")),
        Column(say("targets.aim"), number=True),
        Column(say("targets.latest"), number=True),
        Column(say("targets.up_to")),
        Column(say("targets.status")),
        Column(say("targets.chance"), "%", number=True),
        Column(say("targets.expected"), say("targets.eighty"), number=True),
        Column(say("targets.needed"), "%", number=True),
        Column(say("targets.best"), "%", number=True),
        Column(say("targets.remark")),
    )
    lines = tuple(_row(context, found, row) for row in records(rows))
    return Table(title, columns, lines, folded=folded, note=say("targets.note"), style="remarks")


def _row(context: Context, found: Track, row: dict[str, Any]) -> Row:
    said = tracking.cells(found, row, context.language)
    chance = None if pd.isna(row["probability"]) else float(row["probability"])
    name = f"{said['indicator']} · {said['region']}"
    return Row(
        (
            Cell(name),
            Cell(said["deadline"].removesuffix("-12-31")),
            Cell(said["target"]),
            Cell(said["latest"]),
            Cell(said["latest_end"].removesuffix("-12-31")),
            Cell(said["status"], shade=SHADES.get(row["status"], 0.0)),
            Cell(said["probability"].removesuffix(" %"), bar=chance),
            Cell(said["interval"]),
            Cell(said["required"].removesuffix(" %")),
            Cell(said["best"].removesuffix(" %")),
            Cell(said["note"]),
        )
    )


def _planned(context: Context, found: Track) -> Table | None:
    """What plan and statistics both count: the latest published level, and the plan's by period."""
    plan = found.paths[found.paths["kind"] == "plan"]
    if plan.empty:
        return None
    say = context.say
    years = sorted(plan["date"].str[:4].unique())
    columns = (
        Column(say("targets.target")),
        Column(say("targets.latest"), number=True),
        Column(say("targets.up_to")),
        *(Column(say("targets.planned"), year, number=True) for year in years),
    )
    rows = []
    units = context.scenario["indicators"].set_index("indicator")["unit"]
    for (indicator, region), path in plan.groupby(["indicator", "region"], sort=True):
        unit = str(units[str(indicator)])
        seen = found.observed[
            (found.observed["indicator"] == indicator)
            & (found.observed["region"] == region)
            & (found.observed["rank"] == 1)
            & found.observed["value"].notna()
            & (found.observed["basis"] != "single")
        ].sort_values("period_end")
        latest, day = (float(seen["value"].iloc[-1]), str(seen["period_end"].iloc[-1])) if len(seen) else (None, "")
        levels = dict(zip(path["date"].str[:4], path["median"], strict=True))
        name = f"{found.called(str(indicator), context.language)} · {found.called(str(region), context.language)}"
        cells = [Cell(name), Cell(tracking_words.amount(latest, unit, context.language))]
        cells.append(Cell(day.removesuffix("-12-31")))
        cells += [Cell(tracking_words.amount(levels.get(year), unit, context.language)) for year in years]
        rows.append(Row(tuple(cells)))
    return Table(say("targets.beside"), columns, tuple(rows), note=say("targets.beside_note"))
