"""Section 16: the model beside published figures; and, of a plan of the past, what was planned beside what happened."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.confidence import outlooks_and_prices
from xisuan.report.confidence.record_figures import place, scaled, worded
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent, year
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import FLOWS, ROUGHLY
from xisuan.text.numbers import MISSING


def section(context: Context) -> Section | None:
    """Both tables where they are; None where the scenario has no record of what happened."""
    say = context.say
    found, happened = context.decided("calibration"), context.decided("actual_beside_planned")
    if found is None and happened is None and not context.scenario.has("actuals"):
        return None
    blocks: list[Block] = []
    if happened is not None:
        blocks.append(_happened(context, happened))
    if found is None:
        blocks.append(Text(say("calibration.not_asked", why=context.why_not("calibration")), tone="empty"))
    else:
        actual, aims = found[found["kind"] == "actual"], found[found["kind"] != "actual"]
        if left := context.note("calibration"):
            blocks.append(Text(left, tone="note"))
        unpublished = "" if (found["unit"] == "MW").any() else say("calibration.no_mw")
        blocks.append(_table(context, actual, say("calibration.table"), say("calibration.note") + unpublished))
        blocks += _misses(context, actual)
        if len(aims):
            blocks.append(_table(context, aims, say("calibration.aims"), say("calibration.aims_note")))
    blocks += [*outlooks_and_prices.outlooks(context), *outlooks_and_prices.prices(context)]
    return Section("calibration", say("calibration.title"), say("calibration.lead"), tuple(blocks))


def _title(context: Context, row: dict[str, Any]) -> str:
    return str(row[f"title_{context.language}"])


def _table(context: Context, rows: pd.DataFrame, title: str, note: str) -> Table:
    say = context.say
    columns = (
        Column(say("calibration.what")),
        Column(say("calibration.where")),
        Column(say("calibration.unit")),
        Column(say("calibration.model"), number=True),
        Column(say("calibration.published"), number=True),
        Column(say("calibration.when"), number=True),
        Column(say("calibration.difference"), "%", number=True),
        Column(say("calibration.scope")),
        Column(say("col.source")),
    )
    return Table(
        title, columns, tuple(_row(context, row) for row in run_measures.records(rows)), note=note, style="wide"
    )


def _row(context: Context, row: dict[str, Any]) -> Row:
    say = context.say
    factor, unit, decimals = scaled(context, str(row["unit"]))
    published = figure(factor * float(row["published"]), decimals, why=say("calibration.unpublished"))
    when = (str(row["date"] or "") or year(row["published_period"])) if published.value is not None else ""
    old = published.value is not None and not math.isfinite(float(row["difference"]))
    why = say("calibration.too_old" if old else "calibration.unpublished")
    difference = percent(float(row["difference"]), 0, why=why, bar=False, signed=True)
    if row["miss"]:
        difference = Cell(difference.text, value=difference.value, colour="full")
    return Row(
        (
            Cell(_title(context, row)),
            Cell(place(context, str(row["place"]))),
            Cell(unit),
            figure(factor * float(row["model"]), decimals, why=say("calibration.no_model")),
            worded(context, str(row["bound"]), published),
            Cell(_when(context, str(row["quantity"]), when)),
            difference,
            Cell(context.said(str(row["scope"]))),
            Cell(context.source(str(row["source"]))),
        )
    )


def _when(context: Context, quantity: str, date: str) -> str:
    """The date of a figure; of one that adds up over a year, the months of it."""
    year_of, _, month = date.partition("-")
    if quantity not in FLOWS or not month:
        return context.when(date)
    return context.say("money.to_month", year=year_of, month=context.say.known("month", str(int(month[:2]))))


def _misses(context: Context, rows: pd.DataFrame) -> list[Block]:
    """Every difference of more than a fifth, explained: a bound that is kept by far wants a reason as well."""
    large = rows["difference"].abs() > ROUGHLY
    missed = run_measures.records(rows[large])
    if not missed:
        return [Text(context.say("calibration.no_miss"))]
    items = tuple(
        context.say(
            "calibration.miss",
            what=_title(context, row),
            place=place(context, str(row["place"])),
            difference=percent(float(row["difference"]), 0, bar=False, signed=True).text,
            why=row[f"why_{context.language}"] or context.say("calibration.unexplained"),
        )
        for row in missed
    )
    return [Text(context.say("calibration.misses", n=len(items)), items=items, tone="note")]


def _happened(context: Context, rows: pd.DataFrame) -> Table:
    """What the plan said of a year, what was aimed at, and what happened."""
    say = context.say
    columns = (
        Column(say("calibration.what")),
        Column(say("calibration.where")),
        Column(say("col.year"), number=True),
        Column(say("calibration.unit")),
        Column(say("calibration.planned"), number=True),
        Column(say("calibration.aimed"), number=True),
        Column(say("calibration.happened"), number=True),
        Column(say("calibration.when"), number=True),
        Column(say("calibration.difference"), "%", number=True),
        Column(say("calibration.why")),
        Column(say("col.source")),
    )
    lines = []
    for row in run_measures.records(rows):
        factor, unit, decimals = scaled(context, str(row["unit"]))
        happened = figure(factor * float(row["happened"]), decimals, why=say("calibration.unpublished"))
        difference = float(row["difference"])
        lines.append(
            Row(
                (
                    Cell(_title(context, row)),
                    Cell(place(context, str(row["place"]))),
                    Cell(year(row["period"])),
                    Cell(unit),
                    figure(factor * float(row["planned"]), decimals, why=say("calibration.no_model")),
                    figure(factor * float(row["aimed"]), decimals, why=say("calibration.no_aim")),
                    worded(context, str(row["bound"]), happened),
                    Cell(_when(context, str(row["quantity"]), str(row["date"] or "") or year(row["period"]))),
                    percent(difference, 0, why=say("calibration.unpublished"), bar=False, signed=True)
                    if math.isfinite(difference)
                    else Cell(MISSING, tip=say("calibration.unpublished")),
                    Cell(str(row[f"why_{context.language}"])),
                    Cell(context.source(str(row["source"]))),
                )
            )
        )
    return Table(say("calibration.beside"), columns, tuple(lines), style="wide", note=say("calibration.beside_note"))
