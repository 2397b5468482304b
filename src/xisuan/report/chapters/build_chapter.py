"""Chapter on building: a Gantt chart with ranges, the procurement list by year, and how large the place becomes."""

from __future__ import annotations

import math

from xisuan.report import place_amounts, run_measures, terms
from xisuan.report.build import build_orders, facility_scale
from xisuan.report.chapters.leads import SENTENCES
from xisuan.report.document.blocks import (
    Block,
    Cell,
    Column,
    Gantt,
    Lane,
    Row,
    Section,
    Series,
    Stretch,
    Table,
)  # fmt: skip
from xisuan.report.facts import build_facts, ranges
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, MISSING, large_unit, plain
from xisuan.text.translation import message as _

COLOURS = {"hall": "cost-halls", "opening": "cost-halls", "retrofit": "cost-halls", "compute": "cost-equipment"}
"""Colour of an asset in the chart; others are power supply."""


def section(context: Context) -> Section:
    """Return the chapter."""
    lines = build_facts.procurement(context)
    found: list[Block | None] = []
    if lines:
        found += [_gantt(context, lines), _list(context, lines)]
    found += [facility_scale.table(context), _links(context)]
    blocks = [block for block in found if block is not None]
    return Section("build", context.say(_("What to build")), SENTENCES["build"](context), tuple(blocks))


def _name(context: Context, line: build_facts.Order) -> str:
    """Return what is ordered: a technology, or a kind of asset."""
    if line.asset == "battery":
        return context.say(_("Batteries"))
    return (
        context.technology(line.technology)
        if line.asset == "compute"
        else context.say(terms.named(terms.ASSETS, line.asset))
    )


def _amount(context: Context, line: build_facts.Order) -> str:
    """Return how much is ordered, in the unit that people count it in, with three significant digits."""
    if line.eflops > 0:
        return f"{_three(line.eflops)}{GAP}EFLOPS{GAP}{line.precision}"
    if line.asset == "opening":
        return ""
    factor, unit = large_unit(line.amount, line.unit)
    text = f"{_three(line.amount * factor)}{GAP}{context.unit(unit)}" if line.amount > 0 else ""
    stored = f"{_three(line.mwh)}{GAP}MWh" if line.mwh > 0 else ""
    return " / ".join(part for part in (text, stored) if part)


def _three(value: float) -> str:
    """Return a number with three significant digits."""
    return plain(float(f"{value:.3g}"))


def _gantt(context: Context, lines: list[build_facts.Order]) -> Gantt:
    """Return one lane for each thing ordered: a bar from the order to its first year of use."""
    say = context.say
    things: dict[str, list[build_facts.Order]] = {}
    for line in lines:
        things.setdefault(_name(context, line), []).append(line)
    most = max(line.mcny for line in lines) or 1.0
    lanes = []
    for name, mine in sorted(things.items(), key=lambda pair: (pair[1][0].period, -sum(one.mcny for one in pair[1]))):
        bars = tuple(_bar(context, line, most) for line in mine)
        lanes.append(Lane(name, bars, _reach(context, mine), tip=name))
    legend = [("hall", say(_("halls"))), ("compute", say(_("equipment"))), ("supply", say(_("power supply")))]
    kinds = {line.asset if line.asset in COLOURS else "supply" for line in lines}
    kinds = {"hall" if kind in ("opening", "retrofit") else kind for kind in kinds}
    series = tuple(Series(title, (), COLOURS.get(kind, "cost-supply")) for kind, title in legend if kind in kinds)
    money = {name: sum(line.mcny for line in mine) for name, mine in things.items()}
    largest = max(money, key=lambda name: money[name])
    title = say(
        _(
            "{place}: of the orders of {span}, {share} of the capital is for {what}",
            place=context.focus_name,
            span=context.span,
            share=place_amounts.percent(context, money[largest] / (sum(money.values()) or 1.0)),
            what=inside(largest),
        )
    )
    note = say(
        _(
            "A bar runs from the order to the end of the year in which it comes into use; the stronger, the more "
            "capital. On the right: all that is ordered, and the range over plans within 1 % of the least cost."
        )
    )
    return Gantt(
        title,
        tuple(str(period) for period in context.periods),
        tuple(lanes),
        series,
        ("", ""),
        _bar_rows(context, lines),
        note,
    )


def _bar_rows(context: Context, lines: list[build_facts.Order]) -> tuple[tuple[str, ...], ...]:
    """Return a row for each order, headings first."""
    heads = (_("What"), _("Where"), _("How much"), _("Ordered"), _("In use from"))
    money = f"{context.say(_('Capital'))}, {context.money.unit}"
    rows = (
        (
            _name(context, line), context.place(line.where), _amount(context, line), str(line.period),
            str(line.in_use_from), _capital(context, line),
        )
        for line in lines
    )  # fmt: skip
    return ((*map(context.say, heads), money), *rows)


def _bar(context: Context, line: build_facts.Order, most: float) -> Stretch:
    n = len(context.periods)
    start = context.periods.index(line.period)
    used = [at for at, period in enumerate(context.periods) if period <= line.in_use_from]
    end = max(start, used[-1]) + 1
    tip = context.say(
        _(
            "{what}: {amount}, ordered in {year}, in use from {start}, {money}",
            what=_name(context, line),
            amount=_amount(context, line),
            year=line.period,
            start=line.in_use_from,
            money=place_amounts.money(context, line.mcny),
        )
    )
    return Stretch(start / n, end / n, min(1.0, line.mcny / most), COLOURS.get(line.asset, "cost-supply"), tip)


def _reach(context: Context, mine: list[build_facts.Order]) -> str:
    """Return all that is ordered of a thing, and its range where the run looked for one."""
    total = sum(line.amount for line in mine)
    first = mine[0]
    if first.asset == "opening":
        return ""
    factor = first.eflops / first.amount if first.eflops > 0 else large_unit(total, first.unit)[0]
    unit = f"EFLOPS{GAP}{first.precision}" if first.eflops > 0 else context.unit(large_unit(total, first.unit)[1])
    rows = ranges.whole_place(context)
    rows = rows[(rows["asset"] == first.asset) & (rows["technology"].fillna("") == first.technology)]
    rows = rows[rows["period"] == rows["period"].max()] if len(rows) else rows
    reach = ""
    if len(rows):
        least, most = (
            float((rows[end] - rows["existing"]).clip(lower=0.0).sum()) * factor for end in ("least", "most")
        )
        low, high = (end if end > run_measures.LEAST_PART * most else 0.0 for end in (least, most))
        reach = f" ({_three(low)}–{_three(high)})"
    return f"{_three(total * factor)}{reach}{GAP}{unit}"


def _list(context: Context, lines: list[build_facts.Order]) -> Table:
    """Return the procurement list: every order by year, its capital adding up to the year's and the whole."""
    say = context.say
    several = len({line.where for line in lines}) > 1
    payers = {_payers(context, line) for line in lines}
    one = len(payers) == 1
    columns = (
        Column(say(_("What"))),
        *((Column(say(_("Where"))),) if several else ()),
        Column(say(_("How much")), number=True),
        Column(say(_("IT power")), "MW", number=True),
        Column(say(_("New racks")), say(_("of 2.5 kW")), number=True),
        Column(say(_("In use from")), number=True),
        *(() if one else (Column(say(_("Who pays"))),)),
        Column(say(_("Certainty"))),
        Column(say(_("Capital")), context.money.unit, number=True),
    )
    most = max(line.mcny for line in lines)
    rows, years = [], build_facts.capital_by_year(context)
    for period in dict.fromkeys(line.period for line in lines):
        total = place_amounts.money_digits(context, years[period])
        head = Cell(say(_("To order in {year}", year=period)))
        rows.append(Row((head, Cell(total, value=years[period] / context.money.divisor)), kind="group"))
        rows += [_row(context, line, several, one, most) for line in lines if line.period == period]
    whole = sum(years.values())
    gaps = (Cell("") for _column in columns[2:])
    total_cell = Cell(place_amounts.money_digits(context, whole), value=whole / context.money.divisor)
    rows.append(Row((Cell(say(_("Total"))), *gaps, total_cell), kind="total"))
    note = say(
        _(
            "Capital is overnight and undiscounted, in prices of {base}. Orders below 10,000 CNY are not shown. "
            "Lines are rounded so that they add up to the year, and the years to the total; a dash rounds to nothing.",
            base=context.scenario.settings.base_year,
        )
    ) + (say(_(" Paid by {names}.", names=payers.pop())) if one and payers != {""} else "")
    title = say(_("Procurement list of {place} by year", place=context.focus_name))
    return Table(title, columns, tuple(rows), note=note)


def _row(context: Context, line: build_facts.Order, several: bool, one: bool, most: float) -> Row:
    level = ranges.build_confidence(context, line.asset, line.technology)
    divisor = context.money.divisor
    return Row(
        (
            Cell(_name(context, line)),
            *((Cell(context.place(line.where)),) if several else ()),
            Cell(_amount(context, line)),
            Cell(_three(line.mw) if line.mw > 0 else ""),
            Cell(_three(line.racks) if math.isfinite(line.racks) and line.racks >= 1 else ""),
            Cell(str(line.in_use_from)),
            *(() if one else (Cell(_payers(context, line)),)),
            Cell(context.say(SHORT[level])),
            Cell(_capital(context, line), bar=line.mcny / most if most else None, value=line.mcny / divisor),
        )
    )  # fmt: skip


def _capital(context: Context, line: build_facts.Order) -> str:
    """Return the capital of an order as shown; a dash for an amount that rounds to nothing."""
    return MISSING if line.is_small else place_amounts.money_digits(context, line.mcny)


SHORT = {
    "firm": _("firm"),
    "interchangeable": _("interchangeable"),
    "estimate": _("estimate"),
    "published": _("published"),
    "untested": _("not tested"),
}
"""Certainty in a column."""


def _payers(context: Context, line: build_facts.Order) -> str:
    """Return who pays for an order: those who share in what is built here, or the investor of the site."""
    return context.show.listed([context.investor(name) for name in context.payers or [line.investor]])


def _links(context: Context) -> Table | None:
    """Return the links that end at the place; None where none is expanded."""
    rows = build_facts.links_here(context)
    return build_orders.links(context, rows) if len(rows) else None
