"""Targets: each with its status and chance, bounds from parts and wholes, and the planned path beside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.run_context import Context
from xisuan.report.tracking import plan_targets, track_notes, track_page, track_phrases, track_tables
from xisuan.results.track import Track, records, watched
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

SHADES = {"reached": 0.5, "on track": 0.3, "at risk": 0.12}
"""Tint of a status; others have none."""


def due_blocks(context: Context) -> list[Block]:
    """Return the targets due this year and later with remarks and intervals, and what wholes say of parts."""
    say, found = context.say, context.track
    if found is None:
        return []
    year = str(watched(found.as_of))
    late = records(plan_targets.due(found).sort_values(["region", "deadline", "indicator"]))
    blocks: list[Block] = []
    if late:
        blocks.append(
            _table(
                context, found, track_page.open_first(found, late), say(_("Targets due in {year} or later", year=year))
            )
        )
    if parts := track_tables.part_lines(found, context.language):
        blocks.append(Text(say(_("What parts and wholes say of one another:")), tuple(parts)))
    return blocks


def earlier_blocks(context: Context) -> list[Block]:
    """Return the targets of earlier years, and claims about effects: blocks of the annex."""
    say, found = context.say, context.track
    if found is None:
        return []
    year = str(watched(found.as_of))
    passed = found.targets[found.targets["deadline"] < year]
    early = records(passed.sort_values(["deadline", "region"], ascending=[False, True]))
    blocks: list[Block] = []
    if early:
        blocks.append(_table(context, found, early, say(_("Targets due before {year}", year=year)), folded=True))
    if claims := track_tables.multipliers(found, context.language):
        blocks.append(
            Text(
                say(_("Claims about effects, shown with their range; they change no plan:")),
                tuple(_claim(context, *claim) for claim in claims),
                "note",
            )
        )
    return blocks


def _claim(context: Context, *parts: str) -> str:
    name, variable, span, unit, how = parts
    return context.say(
        _("{name} / {variable}: {span} {unit}. {how}", name=name, variable=variable, span=span, unit=unit, how=how)
    )


def _table(context: Context, found: Track, rows: list[dict[str, Any]], title: str, *, folded: bool = False) -> Table:
    say = context.say
    columns = (
        Column(say(_("Indicator"))),
        Column(say(_("By"))),
        Column(say(_("Target")), number=True),
        Column(say(_("Latest published")), number=True),
        Column(say(_("Latest is of"))),
        Column(say(_("Status"))),
        Column(say(_("Chance")), "%", number=True),
        Column(say(_("Expected at the deadline")), say(_("80 % interval")), number=True),
        Column(say(_("Needs a year")), "%", number=True),
        Column(say(_("Best year on record")), "%", number=True),
        Column(say(_("Note"))),
    )
    lines = tuple(_row(context, found, row) for row in rows)
    return Table(
        title,
        columns,
        lines,
        folded=folded,
        note=say(
            _(
                "Growth a year counts from the latest whole year; one with a star is that of another measure of "
                "the industry. The chance is that of a random walk with damped drift; where the deadline has "
                "passed, that the outcome, once published, reaches the target. An interval from two levels is "
                "wide, because such a series may move by a tenth in a year. (D): source of the weakest grade. "
                "Charts and sources: the command xisuan track."
            )
        ),
        style="remarks",
    )


def _row(context: Context, found: Track, row: dict[str, Any]) -> Row:
    said = track_page.cells(found, row, context.language)
    chance = None if pd.isna(row["probability"]) else float(row["probability"])
    name, other = f"{said['indicator']} · {said['region']}", bool(row["best_growth_of"])
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
            Cell(said["best"].partition(" %")[0] + ("*" if other else "")),
            Cell(_remark(context, found, row, said["note"])),
        )
    )


def _remark(context: Context, found: Track, row: dict[str, Any], note: str) -> str:
    """Return the remark on a target, with the meaning of the star at the best growth."""
    say, of = context.say, row["best_growth_of"]
    parts = [note] if note else []
    parts += [say(_("* growth of {measure}", measure=track_notes.measure(found, of, context.language)))] if of else []
    return ("；" if context.language == "zh" else "; ").join(parts)


def planned(context: Context, found: Track) -> Table | None:
    """Return what plan and statistics both count: the latest published level, and the plan's by period."""
    plan = found.paths[found.paths["kind"] == "plan"]
    if plan.empty:
        return None
    say = context.say
    years = sorted(plan["date"].str[:4].unique())
    columns = (
        Column(say(_("Indicator"))),
        Column(say(_("Latest published")), number=True),
        Column(say(_("Latest is of"))),
        *(Column(say(_("Planned")), year, number=True) for year in years),
        Column(say(_("Official aims"))),
    )
    aimed: dict[tuple[str, str], list[str]] = {}
    for one in plan_targets.of_plan(context, found):
        reached = unfilled("{year}: {target}, reached") if one.met else unfilled("{year}: {target}, not reached")
        text = say(_(reached, year=one.year, target=one.shown(float(one.row["target"]))))
        aimed.setdefault((one.row["indicator"], one.row["region"]), []).append(text)
    units = context.scenario["indicators"].set_index("indicator")["unit"]
    rows = []
    for (indicator, region), path in plan.groupby(["indicator", "region"], sort=True):
        key, unit = (str(indicator), str(region)), str(units[str(indicator)])
        latest, day = _latest(context, found, key, unit)
        levels = dict(zip(path["date"].str[:4], path["median"], strict=True))
        cells = [Cell(" · ".join(found.called(name, context.language) for name in key)), Cell(latest), Cell(day)]
        cells += [Cell(track_phrases.planned(levels.get(year), unit, context.language)) for year in years]
        cells.append(Cell(("；" if context.language == "zh" else "; ").join(aimed.get(key, []))))
        rows.append(Row(tuple(cells)))
    return Table(
        say(_("The plan beside the statistics")),
        columns,
        tuple(rows),
        note=say(
            _(
                "Only what plan and statistics count alike; the planned level stands at the end of its period. "
                ">, ≈, <: as the source words it."
            )
        ),
    )


def _latest(context: Context, found: Track, key: tuple[str, str], unit: str) -> tuple[str, str]:
    """Return the latest published level of an indicator of a region, marked if vague, and its day; blank if none."""
    seen = found.observed[
        (found.observed[["indicator", "region"]] == list(key)).all(axis=1)
        & (found.observed["rank"] == 1)
        & found.observed["value"].notna()
        & found.observed["status"].isin(["actual", "preliminary"])
    ]
    kind = context.scenario["indicators"].set_index("indicator")["kind"][key[0]]
    seen = seen[seen["basis"] != "single"] if kind == "flow" else seen
    if not len(seen):
        return track_phrases.amount(None, unit, context.language), ""
    row = records(seen.sort_values("period_end", kind="stable"))[-1]
    mark = track_notes.BOUNDS.get(row["bound"] or "", "")
    return mark + track_phrases.amount(row["value"], unit, context.language), row["period_end"].removesuffix("-12-31")
