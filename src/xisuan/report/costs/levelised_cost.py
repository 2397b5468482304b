"""Section 8: levelised cost of compute, per unit of work and per rack and month."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.costs import site_comparison
from xisuan.report.document.blocks import Block, Cell, Column, Row, RowKind, Section, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context
from xisuan.text.numbers import exact

PARTS = ("equipment", "hall", "power", "network")


def section(context: Context) -> Section:
    """By place and class; without the table, the cost of a kilowatt-hour of IT over the whole plan."""
    say, found = context.say, context.decided("levelised")
    blocks: list[Block] = []
    if found is None:
        blocks.append(Text(say("levelised.not_asked", why=context.why_not("levelised")), tone="empty"))
    else:
        found = found[[not context.only_site(place) for place in found["place"]]]
        classes = sorted(found["class"].unique(), key=lambda kind: run_measures.CLASS_ORDER.get(str(kind), 9))
        blocks += [_table(context, str(kind), found[found["class"] == kind], at > 0) for at, kind in enumerate(classes)]
        blocks += [_racks(context, found[found["class"] == kind]) for kind in classes[:1]]
    whole = levelised(context)
    if math.isfinite(whole):
        blocks.append(Text(say("levelised.whole", value=exact(whole, 2))))
    return Section("levelised", say("levelised.title"), say("levelised.lead"), tuple(blocks))


def _place(context: Context, key: str) -> str:
    if key == "all":
        return context.say("levelised.everywhere")
    return context.site(key) if key in set(context.scenario["sites"]["site"]) else context.hub(key)


def _kind(context: Context, place: str) -> RowKind:
    return "marked" if place in (context.focus_hub, *context.focus) else "plain"


def _table(context: Context, kind: str, rows: pd.DataFrame, folded: bool) -> Table:
    """Cost of a unit-hour by place in the last year, and what it is made of."""
    say = context.say
    unit = say("why.per", unit=context.one(str(rows["unit"].iloc[0])))
    columns = (
        Column(say("levelised.place")),
        Column(say("levelised.served"), number=True),
        Column(say("levelised.installed"), number=True),
        Column(say("levelised.made_of")),
        *(Column(say(f"levelised.{part}"), "%", number=True) for part in PARTS),
    )
    most = float(rows["cny_per_unit_hour"].max())
    legend = tuple((say(f"levelised.{part}"), f"unit-{part}") for part in PARTS)
    return Table(
        say("levelised.table", name=say.known("class_plain", kind), unit=unit),
        columns,
        tuple(_row(context, row, most) for row in run_measures.records(rows)),
        folded=folded,
        legend=legend,
        note=say("levelised.note", halls=_standing(context, rows)),
    )


def _standing(context: Context, rows: pd.DataFrame) -> str:
    """Which of the places shown are given halls that stand."""
    costs = context.decided("hub_costs")
    return "" if costs is None else site_comparison.standing(context, costs[costs["site"].isin(rows["place"])])


def _row(context: Context, row: dict[str, Any], most: float) -> Row:
    none = context.say("levelised.nothing_new")
    whole = float(row["cny_per_unit_hour"])
    decimals = 2 if most < 100 else 0
    parts = {part: float(row[f"{part}_cny"]) for part in PARTS}
    bars = tuple((value / most, f"unit-{part}") for part, value in parts.items() if math.isfinite(value) and value > 0)
    cells = (
        Cell(_place(context, str(row["place"]))),
        figure(whole, decimals, why=none),
        figure(float(row["cny_per_installed_unit_hour"]), decimals, why=none),
        Cell("", parts=bars if math.isfinite(whole) else ()),
        *(figure(100 * value / whole if whole > 0 else math.nan, 0, why=none) for value in parts.values()),
    )
    return Row(cells, kind=_kind(context, str(row["place"])))


def _racks(context: Context, found: pd.DataFrame) -> Table:
    """Per standard rack and month, with and without equipment, in the last year."""
    say = context.say
    rows = found[found["class"] == found["class"].iloc[0]]
    unit, none = say("levelised.rack_unit"), say("levelised.nothing_new")
    columns = (
        Column(say("levelised.place")),
        Column(say("levelised.colocation"), unit, number=True),
        Column(say("levelised.equipped"), unit, number=True),
    )
    lines = tuple(
        Row(
            (
                Cell(_place(context, str(row["place"]))),
                figure(float(row["cny_per_rack_month"]), 0, why=none),
                figure(float(row["with_equipment_cny_per_rack_month"]), 0, why=none),
            ),
            kind=_kind(context, str(row["place"])),
        )
        for row in run_measures.records(rows)
    )
    title = say("levelised.racks", year=context.last, name=say.known("class_plain", str(rows["class"].iloc[0])))
    return Table(title, columns, lines, style="pairs", note=say("levelised.racks_note"))


def levelised(context: Context) -> float:
    """Discounted cost of the whole plan per discounted kWh of IT energy, CNY."""
    timeline = context.scenario.timeline
    weight = dict(zip(timeline.periods, timeline.period_discount.tolist(), strict=True))
    energy = context.energy
    total = float((energy["it_mwh"] * energy["period"].map(weight)).sum())
    return context.run.plan.cost_mcny / total * 1e3 if total > 0 else float("nan")
