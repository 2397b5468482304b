"""Section 16: the model compared with published figures; for a plan of the past, also the plan with the outcome."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures, terms
from xisuan.report.confidence import outlooks_and_prices
from xisuan.report.confidence.record_figures import place, scaled, worded
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent, year
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import FLOWS, ROUGHLY
from xisuan.text.numbers import MISSING
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

NOTE_ON_FIGURES = _(
    "≥, ≤ and ≈ are the publisher's own words. Published figures of other years carry their date; an "
    "amount of more than a year before is not compared. A figure of a part of a year stands beside "
    "as large a part of the model's. Computing, racks, storage and bandwidth of that year are given "
    "to the model: that they are close shows that its sources agree. Electricity and PUE are what it "
    "makes of them. Where the scenario has more than a week of hours, that year is modelled on four "
    "days."
)


NOTE_ON_AIMS = _(
    "An aim is what was wanted, not what happened: a difference from it is no error of the model. "
    "Which aims are met is in the chapter on targets."
)


NO_LOAD = _(" The load of data centres in MW is in none of the sources: electricity over the year stands for it.")


LEAD = _(
    "The model's figures of the latest year that is over, and the published ones. Every "
    "difference of more than 20 % is explained."
)


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
        blocks.append(
            Text(
                say(_("The model was not held against published figures. {why}", why=context.why_not("calibration"))),
                tone="empty",
            )
        )
    else:
        actual, aims = found[found["kind"] == "actual"], found[found["kind"] != "actual"]
        if left := context.note("calibration"):
            blocks.append(Text(left, tone="note"))
        unpublished = "" if (found["unit"] == "MW").any() else say(NO_LOAD)
        blocks.append(
            _table(
                context,
                actual,
                say(_("Model beside published")),
                say(NOTE_ON_FIGURES) + unpublished,
            )
        )
        blocks += _misses(context, actual)
        if len(aims):
            blocks.append(
                _table(
                    context,
                    aims,
                    say(_("Official aims beside the model")),
                    say(NOTE_ON_AIMS),
                )
            )
    blocks += [*outlooks_and_prices.outlooks(context), *outlooks_and_prices.prices(context)]
    return Section(
        "calibration",
        say(in_context("calibration", "Calibration")),
        say(LEAD),
        tuple(blocks),
    )


def _title(context: Context, row: dict[str, Any]) -> str:
    return str(row[f"title_{context.language}"])


def _table(context: Context, rows: pd.DataFrame, title: str, note: str) -> Table:
    say = context.say
    columns = (
        Column(say(_("Figure"))),
        Column(say(in_context("calibration", "Where"))),
        Column(say(_("Unit"))),
        Column(say(_("Model")), number=True),
        Column(say(_("Published")), number=True),
        Column(say(in_context("calibration", "As of")), number=True),
        Column(say(_("Difference")), "%", number=True),
        Column(say(_("What is counted"))),
        Column(say(_("Source"))),
    )
    return Table(
        title, columns, tuple(_row(context, row) for row in run_measures.records(rows)), note=note, style="wide"
    )


def _row(context: Context, row: dict[str, Any]) -> Row:
    say = context.say
    factor, unit, decimals = scaled(context, str(row["unit"]))
    published = figure(factor * float(row["published"]), decimals, why=say(_("not published")))
    when = (str(row["date"] or "") or year(row["published_period"])) if published.value is not None else ""
    old = published.value is not None and not math.isfinite(float(row["difference"]))
    why = say(
        _("published of more than a year before: an amount that grows is not compared") if old else _("not published")
    )
    difference = percent(float(row["difference"]), 0, why=why, bar=False, signed=True)
    if row["miss"]:
        difference = Cell(difference.text, value=difference.value, colour="full")
    return Row(
        (
            Cell(_title(context, row)),
            Cell(place(context, str(row["place"]))),
            Cell(unit),
            figure(factor * float(row["model"]), decimals, why=say(_("the model has no such figure"))),
            worded(context, str(row["bound"]), published),
            Cell(_when(context, str(row["quantity"]), when)),
            difference,
            Cell(context.said(str(row["scope"]))),
            Cell(context.source(str(row["source"]))),
        )
    )


def _when(context: Context, quantity: str, date: str) -> str:
    """Return the date of a figure, or its months if it adds up over a year."""
    year_of, _dash, month = date.partition("-")
    if quantity not in FLOWS or not month:
        return context.when(date)
    return context.say(
        _("January to {month} {year}", year=year_of, month=context.say(terms.named(terms.MONTHS, str(int(month[:2])))))
    )


def _misses(context: Context, rows: pd.DataFrame) -> list[Block]:
    """Return an explanation of every difference of more than a fifth, also where a bound is met by a wide margin."""
    large = rows["difference"].abs() > ROUGHLY
    missed = run_measures.records(rows[large])
    if not missed:
        return [Text(context.say(_("No difference is larger than 20 %.")))]
    items = tuple(
        context.say(
            _(
                "{what}, {place} ({difference} %): {why}",
                what=_title(context, row),
                place=place(context, str(row["place"])),
                difference=percent(float(row["difference"]), 0, bar=False, signed=True).text,
                why=row[f"why_{context.language}"] or context.say(_("the record gives no reason.")),
            )
        )
        for row in missed
    )
    return [Text(context.say(_("{n} differences of more than 20 %, and why:", n=len(items))), items=items, tone="note")]


def _happened(context: Context, rows: pd.DataFrame) -> Table:
    """Return the plan of a year beside its aims and outcomes."""
    say = context.say
    columns = (
        Column(say(_("Figure"))),
        Column(say(in_context("calibration", "Where"))),
        Column(say(_("Year")), number=True),
        Column(say(_("Unit"))),
        Column(say(in_context("calibration", "Planned")), number=True),
        Column(say(_("Official aim")), number=True),
        Column(say(_("Happened")), number=True),
        Column(say(in_context("calibration", "As of")), number=True),
        Column(say(_("Difference")), "%", number=True),
        Column(say(_("Why"))),
        Column(say(_("Source"))),
    )
    lines = []
    for row in run_measures.records(rows):
        factor, unit, decimals = scaled(context, str(row["unit"]))
        happened = figure(factor * float(row["happened"]), decimals, why=say(_("not published")))
        difference = float(row["difference"])
        lines.append(
            Row(
                (
                    Cell(_title(context, row)),
                    Cell(place(context, str(row["place"]))),
                    Cell(year(row["period"])),
                    Cell(unit),
                    figure(factor * float(row["planned"]), decimals, why=say(_("the model has no such figure"))),
                    figure(factor * float(row["aimed"]), decimals, why=say(_("no aim was set"))),
                    worded(context, str(row["bound"]), happened),
                    Cell(_when(context, str(row["quantity"]), str(row["date"] or "") or year(row["period"]))),
                    percent(difference, 0, why=say(_("not published")), bar=False, signed=True)
                    if math.isfinite(difference)
                    else Cell(MISSING, tip=say(_("not published"))),
                    Cell(str(row[f"why_{context.language}"])),
                    Cell(context.source(str(row["source"]))),
                )
            )
        )
    return Table(
        say(_("What was planned, and what happened")),
        columns,
        tuple(lines),
        style="wide",
        note=say(_("The plan knows nothing that was published after its day; the outcomes do.")),
    )
