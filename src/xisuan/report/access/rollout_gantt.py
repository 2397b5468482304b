"""Roll-out by city and year: a Gantt chart, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from xisuan.report import run_measures, terms, unit_names
from xisuan.report.access.city_status import Standing
from xisuan.report.document.blocks import Block, Cell, Column, Gantt, Lane, Row, Series, Stretch, Table, Text
from xisuan.report.run_context import Context
from xisuan.text.numbers import Scale, exact, money_scale, plain
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

MOST = 40
"""Cities that are drawn: those with most money; the others are in the table `rollout`."""
FOLDED = 30
"""Rows from which the table of the roll-out is folded."""
DUST = run_measures.LEAST_PART
WHOLE_FROM = 10
"""Amounts from which parts of one are not shown."""
"""Share of the largest city's money below which an order is what an interior point leaves."""


def blocks(context: Context, standing: Standing) -> tuple[Block, ...]:
    """Chart and table; a sentence where nothing is built."""
    spent = context.run.plan.tables["access_totals"].groupby("city", sort=False)["capex_mcny"].sum()
    spent = spent[spent > DUST * float(spent.max())].sort_values(ascending=False, kind="stable")
    if not len(spent):
        return (Text(context.say(_("Nothing is built for it.")), tone="note"),)
    money = spent.iloc[:MOST]
    rows = context.run.plan.tables["rollout"]
    rows = rows[rows["city"].isin(money.index)]
    more = (
        context.say(_("{count} more cities with less capital are in the table rollout.", count=len(spent) - MOST))
        if len(spent) > MOST
        else ""
    )
    return (_gantt(context, standing, money, rows, more), _table(context, money, rows, more))


def measure_names(context: Context) -> Mapping[str, str]:
    """Return the name of each measure."""
    rows = context.scenario["measures"].drop_duplicates("measure")
    one, other = ("title_zh", "title") if context.language == "zh" else ("title", "title_zh")
    return {str(row["measure"]): str(row[one] or row[other] or row["measure"]) for row in rows.to_dict("records")}


def _colours(rows: pd.DataFrame, context: Context) -> Mapping[str, str]:
    order = [name for name in measure_names(context) if (rows["measure"] == name).any()]
    return {name: f"other-{i % 6 + 1}" for i, name in enumerate(order)}


def _gantt(context: Context, standing: Standing, money: pd.Series, rows: pd.DataFrame, more: str) -> Gantt:
    say, names, colours = context.say, measure_names(context), _colours(rows, context)
    lanes = [
        _lane(context, standing, str(city), rows[rows["city"] == city], colours, float(spent))
        for city, spent in money.items()
    ]
    return Gantt(
        title=say(
            _(
                "{city} takes most of the capital for access: {share}",
                city=context.name("cities", str(money.index[0])),
                share=context.show.share(float(money.iloc[0]) / float(money.sum())),
            )
        ),
        categories=tuple(str(period) for period in context.periods),
        lanes=tuple(lanes),
        series=tuple(Series(names[name], (), colour) for name, colour in colours.items()),
        marks=(say(_("becomes a gigabit city, by the standard of its date")), say(in_context("gigabit", "Date"))),
        numbers=_bar_rows(context, rows, money),
        note=say(
            _(
                "A bar runs from the order to the end of the year in which it is in use; the stronger, the "
                "larger a part of the measure in that city. On the right, capital. "
            )
        )
        + more,
    )


def _lane(
    context: Context, standing: Standing, city: str, rows: pd.DataFrame, colours: Mapping[str, str], spent: float
) -> Lane:
    """`spent`: capital of the city in all, million CNY, with that of ducts."""
    bars: list[Stretch] = []
    for at, measure in enumerate(name for name in colours if (rows["measure"] == name).any()):
        mine = rows[rows["measure"] == measure]
        bars += [
            _bar(context, standing, row, float(mine["amount"].sum()), at, colours) for row in run_measures.records(mine)
        ]
    due, dated = standing.due.get(city), standing.at_date(city) is not None
    since = standing.in_time(city) if dated else standing.since.get(city)
    built = since is not None and not standing.named_for(city)
    return Lane(
        name=context.name("cities", city),
        bars=tuple(bars),
        note=context.show.money(spent),
        due=None if due is None else standing.end(due),
        done=standing.end(standing.ends[since]) if built and since is not None else None,
        tip=_tip(context, city, "" if since is None else str(standing.ends[since]), due),
    )


def _bar_rows(context: Context, rows: pd.DataFrame, money: pd.Series) -> tuple[tuple[str, ...], ...]:
    """Return a row for each order, headings first, city by city in the order of the lanes."""
    say, names, scale = context.say, measure_names(context), money_scale(context.language, float(money.sum()))
    heads = (_("City"), in_context("gigabit", "Measure"), _("Amount"), _("Ordered"), _("In use from"))
    lines = (
        (
            context.name("cities", str(city)),
            f"{names[str(row['measure'])]}, {say(terms.named(unit_names.MEASURE_UNITS, str(row['unit'])))}",
            amount_of(run_measures.number(row["amount"])),
            str(row["period"]),
            str(row["in_use_from"]),
            exact(run_measures.number(row["capex_mcny"]) / scale.divisor, 2),
        )
        for city in money.index
        for row in run_measures.records(rows[rows["city"] == city])
    )
    return ((*map(say, heads), f"{say(_('Capital'))}, {scale.unit}"), *lines)


def _tip(context: Context, city: str, since: str, due: int | None) -> str:
    lines = [context.name("cities", city)]
    lines.append(
        context.say(_("gigabit city from {year} on", year=since))
        if since
        else context.say(_("not at the end of the horizon"))
    )
    if due:
        lines.append(context.say(in_context("gigabit", "Date")) + f" {due}")
    return "\n".join(lines)


def _bar(
    context: Context, standing: Standing, row: Mapping[str, object], whole: float, at: int, colours: Mapping[str, str]
) -> Stretch:
    """Return the span from the start of the order's period to the end of the last period in which it is in use."""
    amount, period = run_measures.number(row["amount"]), int(run_measures.number(row["period"]))
    begin = context.periods.index(period) / len(context.periods)
    name = str(row["measure"])
    tip = context.say(
        _(
            "{measure}, {year}: {amount} {unit}, {money}",
            measure=measure_names(context)[name],
            amount=amount_of(amount),
            unit=context.say(terms.named(unit_names.MEASURE_UNITS, str(row["unit"]))),
            year=period,
            money=context.show.money(run_measures.number(row["capex_mcny"])),
        )
    )
    end = standing.end(int(run_measures.number(row["in_use_from"])))
    return Stretch(begin, max(end, begin), amount / whole, colours[name], tip, at)


def amount_of(amount: float) -> str:
    """Ports, users and stations are whole to a reader."""
    return exact(amount, 0) if amount >= WHOLE_FROM else plain(amount)


def _table(context: Context, money: pd.Series, rows: pd.DataFrame, more: str) -> Table:
    """City by city: its money by year, and under it what is ordered of each measure."""
    say, scale = context.say, money_scale(context.language, float(money.sum()))
    heads = [Column(say(_("City"))), Column(say(in_context("gigabit", "Measure"))), Column(say(_("Unit")))]
    heads += [Column(str(period), number=True) for period in context.periods]
    heads += [
        Column(say(_("Crew-days")), number=True),
        Column(say(_("Capital")), scale.unit, number=True),
    ]
    lines: list[Row] = []
    for city in money.index:
        mine = rows[rows["city"] == city]
        for number, (measure, part) in enumerate(mine.groupby("measure", sort=False)):
            lines.append(_line(context, str(city) if number == 0 else "", str(measure), part, scale))
        if (ducts := _ducts(context, str(city), mine, scale)) is not None:
            lines.append(ducts)
    parts = (
        say(_("Amounts are planned as any number and not rounded: less than one is part of one. "))
        if ((rows["amount"] < WHOLE_FROM) & (rows["amount"] % 1 > 0)).any()
        else ""
    )
    return Table(
        say(_("Roll-out by city and year")),
        tuple(heads),
        tuple(lines),
        folded=len(lines) > FOLDED,
        note=say(_("Orders by year; capital is overnight. ")) + parts + more,
    )


def _ducts(context: Context, city: str, mine: pd.DataFrame, scale: Scale) -> Row | None:
    """Return the kilometres of duct laid in a city, which its measures share, and their cost; None without any."""
    totals = context.run.plan.tables["access_totals"]
    totals = totals[totals["city"] == city]
    laid = dict(zip(totals["period"], totals["lay_km"], strict=True))
    if not sum(laid.values()) > DUST:
        return None
    cost = float(totals["capex_mcny"].sum() - mine["capex_mcny"].sum())
    cells = (
        Cell("" if len(mine) else context.name("cities", city)),
        Cell(context.say(_("ducts, shared by fibre and backhaul"))),
        Cell("km"),
        *(Cell(amount_of(laid[period]) if laid[period] > DUST else "") for period in context.periods),
        Cell(""),
        Cell(exact(cost / scale.divisor, 2)),
    )
    return Row(cells)


def _line(context: Context, city: str, measure: str, part: pd.DataFrame, scale: Scale) -> Row:
    by_year = part.groupby("period")["amount"].sum()
    unit = str(part["unit"].iloc[0])
    cells: Sequence[Cell] = (
        Cell(context.name("cities", city) if city else ""),
        Cell(measure_names(context)[measure]),
        Cell(context.say(terms.named(unit_names.MEASURE_UNITS, unit))),
        *(Cell(amount_of(float(by_year[period])) if period in by_year.index else "") for period in context.periods),
        Cell(amount_of(float(part["crew_days"].sum()))),
        Cell(exact(float(part["capex_mcny"].sum()) / scale.divisor, 2)),
    )
    return Row(tuple(cells))
