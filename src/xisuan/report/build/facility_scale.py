"""Size of the place: racks, computing by class, storage; standing at the start, ordered by year, in use at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from xisuan import units
from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import blank, figure
from xisuan.report.run_context import Context
from xisuan.text.numbers import GAP, Scale, large_unit, plain, rack_scale
from xisuan.text.translation import message as _


@dataclass(frozen=True)
class Line:
    """Amounts of one quantity in `scale.unit`.

    They are: existing assets in use in the first year, the part of them in use in the last year, amounts ordered by
    year, and everything in use in the last year. `noun`: what follows an amount of it in a sentence.
    """

    title: str
    noun: str
    scale: Scale
    began: float
    stood: float
    years: dict[int, float]
    total: float

    @property
    def ordered(self) -> float:
        """All that is ordered."""
        return sum(self.years.values())

    def shown(self, amount: float) -> str:
        """Return an amount with its unit."""
        return f"{plain(amount)}{GAP}{self.scale.unit}".strip(GAP)


def lines(context: Context) -> list[Line]:
    """Racks first, then computing by class."""
    focus, say = list(context.focus), context.say
    capacity, builds = context.run.plan.capacity, run_measures.orders(context.run)
    capacity = capacity[capacity["where"].isin(focus)]
    here, start = (capacity[capacity["period"] == period] for period in (context.last, context.periods[0]))
    orders = builds[builds["where"].isin(focus)]
    found: list[Line] = []
    halls, new = here[here["asset"] == "hall"], orders[orders["asset"] == "hall"]
    if len(halls):
        unit = rack_scale(context.language, units.racks(float(halls["amount"].sum())))
        began = start[start["asset"] == "hall"]
        found.append(
            _line(
                say(_("standard racks (标准机架)")),
                say(_("standard racks (标准机架)")),
                unit,
                units.racks(1.0),
                began,
                halls,
                new,
                "amount",
            )
        )
    running, bought = run_measures.equipment(context.run, here), run_measures.equipment(context.run, orders)
    before = run_measures.equipment(context.run, start)
    for row in run_measures.records(run_measures.by_class(pd.concat([running, bought]) if len(bought) else running)):
        began, mine, new = before[_same(before, row)], running[_same(running, row)], bought[_same(bought, row)]
        name = say(terms.named(terms.PLAIN_CLASSES, str(row["class"])))
        column = "eflops" if math.isfinite(float(row["eflops"])) else "amount"
        factor, unit_name = large_unit(float(mine["amount"].sum()), str(row["unit"]))
        unit = (
            Scale(1.0, f"EFLOPS{GAP}{row['precision']}")
            if column == "eflops"
            else Scale(1 / factor, context.unit(unit_name))
        )
        found.append(_line(name, say(_("of {name}", name=name)), unit, 1.0, began, mine, new, column))
    return found


def _same(frame: pd.DataFrame, row: dict[str, object]) -> pd.Series:
    return (frame["class"] == row["class"]) & (frame["precision"] == row["precision"]) & (frame["unit"] == row["unit"])


def _line(
    title: str, noun: str, unit: Scale, factor: float, start: pd.DataFrame, here: pd.DataFrame, orders: pd.DataFrame,
    column: str,
) -> Line:  # fmt: skip
    began, stood = (
        _exactly((rows["existing"] * (rows[column] / rows["amount"].where(rows["amount"] > 0)).fillna(0.0)).sum())
        for rows in (start, here)
    )
    years = (orders.groupby("period")[column].sum() * factor / unit.divisor).to_dict()
    return Line(
        title,
        noun,
        unit,
        began * factor / unit.divisor,
        stood * factor / unit.divisor,
        {int(str(year)): float(value) for year, value in years.items()},
        float(here[column].sum()) * factor / unit.divisor,
    )


def _exactly(total: float) -> float:
    """Return a sum without its last digits, so that 145.5 is rounded the same way everywhere."""
    return float(f"{total:.10g}")


def table(context: Context) -> Table | None:
    """Return the table of facilities at the start, ordered and at the end; None if nothing stands and nothing is
    ordered."""
    say, found = context.say, lines(context)
    if not found:
        return None
    columns = (
        Column(say(_("What"))),
        Column(say(_("At the start")), number=True),
        Column(say(_("Of it in {year}", year=context.last)), number=True),
        *(Column(str(period), say(_("ordered")), number=True) for period in context.periods),
        Column(say(_("Ordered in all")), number=True),
        Column(say(_("In use {year}", year=context.last)), number=True),
        Column(say(_("Unit"))),
    )
    rows = tuple(
        Row(
            (
                Cell(line.title),
                figure(line.began),
                figure(line.stood),
                *(blank(line.years.get(period, 0.0)) for period in context.periods),
                figure(line.ordered),
                figure(line.total),
                Cell(line.scale.unit),
            )
        )
        for line in found
    )
    return Table(
        say(_("How large {place} becomes", place=context.focus_name)),
        columns,
        rows,
        note=say(
            _(
                "Standard racks of 2.5 kW. At the start: what stood before and is in use in the first year; "
                "equipment of it that ages out by the last year is not in the next column. FP16 and FP32 are "
                "never added."
            )
        ),
    )
