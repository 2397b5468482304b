"""Orders that stand at the most that `limits` lets a year order: where that is an estimate, so is what is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import percent, strong
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _

AT = 1.0 - 1e-3
"""Share of a ceiling from which orders stand at it: an interior point ends a little below."""


@dataclass(frozen=True)
class Ceiling:
    """Order of a technology at the focus that stands at its yearly limit: a row of the orders with
    `class`, `precision` and `eflops`, beside the row of `limits` that holds."""

    order: dict[str, Any]
    limit: dict[str, Any]

    @property
    def supposed(self) -> bool:
        """Return True if the ceiling is not published."""
        return bool(self.limit["quality"] == "estimate")


def reached(context: Context) -> list[Ceiling]:
    """Orders of the focus at a yearly ceiling, in the order of the years."""
    builds = run_measures.equipment(context.run, run_measures.orders(context.run))
    builds = builds[builds["where"].isin(list(context.focus))]
    found = []
    for period, rows in builds.groupby("period", sort=True):
        limits = _limits(context, int(str(period)))
        for row in run_measures.records(rows):
            limit = limits.get((str(row["where"]), str(row["technology"])))
            if limit is not None and row["amount"] >= AT * limit["max_build_units"] > 0:
                found.append(Ceiling(row, limit))
    return found


def _limits(context: Context, period: int) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of `limits` with a yearly ceiling in a period, by site and technology."""
    rows: pd.DataFrame = context.scenario.at("limits", period).dropna(subset=["max_build_units"])
    return {(str(row["site"]), str(row["technology"])): row for row in run_measures.records(rows)}


def said(context: Context) -> str:
    """Return the part of the build that rests on estimated yearly limits, in a sentence; blank where nothing does."""
    parts = [
        context.say(
            _(
                "{amount} of {what} in {year} ({money})",
                year=one.order["period"],
                what=inside(context.say(terms.named(terms.PLAIN_CLASSES, str(one.order["class"])))),
                amount=strong(_amount(context, one.order, float(one.order["amount"]))),
                money=strong(context.show.money(float(one.order["capex_mcny"]))),
            )
        )
        for one in reached(context)
        if one.supposed
    ]
    return (
        context.say(
            _(
                " Of this, {parts} is as much as may be ordered in the year, a limit that is an estimate, not a "
                "published figure.",
                parts=context.show.listed(parts),
            )
        )
        if parts
        else ""
    )


def _amount(context: Context, row: dict[str, Any], units: float) -> str:
    """So many units of the technology of a row: in EFLOPS at its precision where it computes, else in its unit."""
    each = float(row["eflops_per_unit"])
    return (
        f"{plain(units * each)} EFLOPS {row['precision']}"
        if each > 0
        else f"{plain(units)} {context.unit(row['unit'])}"
    )


def table(context: Context) -> Table | None:
    """Return the table of orders at a ceiling, each with the origin of the ceiling; None if there are none."""
    say, found = context.say, reached(context)
    if not found:
        return None
    orders = run_measures.orders(context.run)
    orders = orders[orders["where"].isin(list(context.focus))]
    spent = orders.groupby("period")["capex_mcny"].sum()
    columns = (
        Column(say(_("Year"))),
        Column(say(_("What"))),
        Column(say(_("Ordered")), number=True),
        Column(say(_("Ceiling")), number=True),
        Column(say(_("Capital")), number=True),
        Column(say(_("Of the year's capital here")), "%", number=True),
        Column(say(_("Grade"))),
        Column(say(_("Source"))),
    )
    lines = tuple(
        Row(
            (
                Cell(str(one.order["period"])),
                Cell(context.technology(str(one.order["technology"]))),
                Cell(_amount(context, one.order, float(one.order["amount"]))),
                Cell(_amount(context, one.order, float(one.limit["max_build_units"]))),
                Cell(context.show.money(float(one.order["capex_mcny"]))),
                percent(float(one.order["capex_mcny"]) / float(spent[one.order["period"]])),
                Cell(say(terms.named(terms.QUALITIES, str(one.limit["quality"])))),
                Cell(context.source(str(one.limit["source"]))),
            )
        )
        for one in found
    )
    return Table(
        say(_("Orders at {place} at a ceiling of the year", place=context.focus_name)),
        columns,
        lines,
        note=say(
            _(
                "No more of it may be ordered in the year (table limits). Where the ceiling is an estimate, so "
                "is the size of the build."
            )
        ),
    )
