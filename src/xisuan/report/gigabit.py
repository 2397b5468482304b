"""Section 12, gigabit cities: indicators against thresholds, what is built when, money, and how firm the dates are."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from xisuan.report import measures
from xisuan.report.context import Context
from xisuan.report.figures import exact, plain
from xisuan.report.orders import in_money
from xisuan.report.specs import Block, Cell, Column, Row, Section, Table, Text
from xisuan.scenario.standard import Threshold, thresholds
from xisuan.scenario.tables_access import INDICATORS, Indicator

REACHED, SHORT = 0.55, 0.0
"""Tint of an indicator that is reached, and of one that is not."""
DUST = 1e-6
CRUMB = 1e-4
"""Amounts below this share of the largest of their kind say nothing: an interior point stops short of zero."""


def section(context: Context) -> Section | None:
    """Scoreboard, roll-out by year, budgets, the price of a date, and the draws, in this order; None without cities."""
    say = context.say
    if "gigabit" not in context.run.plan.tables:
        return None
    table = context.run.plan.tables["gigabit"]
    last = table[table["period"] == context.last]
    first = {city: year for city, year in _first(table).items() if year is not None}
    people = float(last.loc[last["gigabit"], "residents"].sum())
    lead = say(
        "gigabit.lead",
        count=int(last["gigabit"].sum()),
        all=len(last),
        year=context.last,
        people=exact(people / 1e4, 0) if context.language == "zh" else exact(people / 1e6, 2),
    )
    blocks: list[Block] = [_scoreboard(context, table, first), _rollout(context, first)]
    blocks += [block for block in (_budgets(context), _prices(context), _dates(context), _money(context)) if block]
    return Section("gigabit", say("gigabit.title"), lead, tuple(blocks))


def _first(table: pd.DataFrame) -> dict[str, int | None]:
    """First period in which each city is a gigabit city."""
    return {
        str(city): (int(rows.loc[rows["gigabit"], "period"].min()) if rows["gigabit"].any() else None)
        for city, rows in table.groupby("city", sort=False)
    }


def _title(context: Context, one: Indicator) -> str:
    return one.title_zh if context.language == "zh" else one.title


def _judged(context: Context) -> dict[str, Threshold]:
    """Thresholds of the last period, by indicator."""
    return {one.indicator.name: one for one in thresholds(context.scenario, context.last)}


def _scoreboard(context: Context, table: pd.DataFrame, first: dict[str, int]) -> Table:
    say, asked = context.say, _judged(context)
    shown = [one for one in INDICATORS if one.name in asked]
    columns = [Column(say("col.city"))]
    columns += [Column(_title(context, one), _threshold(context, asked[one.name], one), number=True) for one in shown]
    columns.append(Column(say("gigabit.since"), number=True))
    rows = []
    for city, found in table.groupby("city", sort=False):
        cells = [Cell(context.name("cities", str(city)))]
        cells += [_indicator(context, found, asked[one.name]) for one in shown]
        cells.append(Cell(str(first.get(str(city), "–"))))
        rows.append(Row(tuple(cells)))
    return Table(
        say("gigabit.scoreboard", year=context.last), tuple(columns), tuple(rows), note=say("gigabit.scoreboard_note")
    )


SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def _threshold(context: Context, asked: Threshold, one: Indicator) -> str:
    """A threshold with its sign and unit."""
    return f"{SIGNS.get(asked.op, asked.op)} {plain(asked.value)} {context.say.known('access_unit', one.unit)}"


def _indicator(context: Context, found: pd.DataFrame, asked: Threshold) -> Cell:
    """The value in the last period; its explanation says in which year the threshold of the last period is met."""
    values = dict(zip(found["period"], found[asked.indicator.name], strict=True))
    value = float(values[context.last])
    if math.isnan(value):
        return Cell("", tip=context.say("gigabit.unknown"))
    met = [int(period) for period, reached in values.items() if asked.met(float(reached), DUST)]
    tip = context.say("gigabit.met", year=min(met)) if met else context.say("gigabit.not_met")
    text = exact(value, 1) + (f" · {min(met)}" if met else "")
    return Cell(text, shade=REACHED if asked.met(value, DUST) else SHORT, tip=tip)


def _rollout(context: Context, first: dict[str, int]) -> Block:
    """A Gantt by city and year: money in each, tinted by its share of the city's; ● from the year of the status on."""
    say = context.say
    totals = context.run.plan.tables["access_totals"]
    spent = totals.pivot_table(index="city", columns="period", values="capex_mcny", aggfunc="sum", sort=False)
    all_spent = float(spent.to_numpy().sum())
    if all_spent <= DUST:
        return Text(say("gigabit.nothing"), tone="note")
    least = max(DUST, CRUMB * all_spent)
    columns = [Column(say("col.city"))]
    columns += [Column(str(period), context.money.unit, number=True) for period in context.periods]
    columns += [Column(say("word.total"), context.money.unit, number=True), Column(say("gigabit.what"))]
    rows = []
    for city in spent.index:
        whole = float(spent.loc[city].sum())
        if whole <= least:
            continue
        cells = [Cell(context.name("cities", str(city)))]
        for period in context.periods:
            money = measures.number(spent.loc[city, period])
            mark = " ●" if first.get(str(city), np.inf) <= period else ""
            text = (in_money(context, money) if money > least else "") + mark
            cells.append(Cell(text.strip(), shade=money / whole if money > least else None))
        cells += [Cell(in_money(context, whole)), Cell(_measures(context, str(city)))]
        rows.append(Row(tuple(cells)))
    return Table(say("gigabit.rollout"), tuple(columns), tuple(rows), note=say("gigabit.rollout_note"), style="plain")


def _measures(context: Context, city: str) -> str:
    """What is built in a city, over all years."""
    rows = context.run.plan.tables["rollout"]
    rows = rows[rows["amount"] > CRUMB * rows.groupby("measure")["amount"].transform("max")]
    rows = rows[rows["city"] == city]
    names = _names(context)
    amounts = rows.groupby("measure", sort=False)["amount"].sum()
    return context.show.listed([f"{names[str(name)]} {plain(float(amount))}" for name, amount in amounts.items()])


def _names(context: Context) -> dict[str, str]:
    """What people call each measure."""
    rows = context.scenario["measures"].drop_duplicates("measure")
    one, other = ("title_zh", "title") if context.language == "zh" else ("title", "title_zh")
    return {str(row["measure"]): str(row[one] or row[other] or row["measure"]) for row in rows.to_dict("records")}


def _budgets(context: Context) -> Table | None:
    """What of the budgets that access draws on it takes, and what one more million of them is worth."""
    say, scenario = context.say, context.scenario
    rollout = context.run.plan.tables["access_totals"]
    found = context.run.plan.prices
    found = found[found["constraint"] == "budget"]
    prices = dict(zip(zip(found["period"], found["item"], strict=True), found["value"], strict=True))
    rows = []
    for period in context.periods:
        held = scenario.at("budgets", period)
        for scope, limit in zip(held["scope"], held["limit_mcny"], strict=True):
            if scope not in ("access", "all", *_payers(context)) or math.isnan(limit):
                continue
            used = _drawn(context, rollout[rollout["period"] == period], str(scope))
            price = measures.number(prices.get((period, scope), 0.0))
            cells = (
                Cell(str(period)),
                Cell(context.scope(str(scope))),
                Cell(in_money(context, float(limit))),
                Cell(in_money(context, used), bar=min(1.0, used / limit) if limit > 0 else None),
                Cell(exact(-price, 3) if price else ""),
            )
            rows.append(Row(cells))
    heads = (
        Column(say("col.year")),
        Column(say("gigabit.budget")),
        Column(say("gigabit.limit"), context.money.unit, number=True),
        Column(say("gigabit.used"), context.money.unit, number=True),
        Column(say("gigabit.worth"), say("gigabit.worth_unit"), number=True),
    )
    return Table(say("gigabit.budgets"), heads, tuple(rows)) if rows else None


def _payers(context: Context) -> set[str]:
    return {f"investor:{name}" for name in context.scenario["cities"]["investor"] if name}


def _drawn(context: Context, totals: pd.DataFrame, scope: str) -> float:
    """What access takes of a budget in a period."""
    if scope.startswith("investor:"):
        rows = context.scenario["cities"].drop_duplicates("city")
        mine = rows.loc[rows["investor"] == scope.removeprefix("investor:"), "city"]
        totals = totals[totals["city"].isin(mine)]
    return float(totals["capex_mcny"].sum())


def _prices(context: Context) -> Table | None:
    """What the date of each city costs at the margin: the price of the bound that says so, over the horizon."""
    say, prices = context.say, context.run.plan.prices
    found = prices[prices["constraint"] == "bound on gigabit"]
    if not len(found) or context.scenario.settings.objective != "cost":
        return None
    total = found.groupby("item")["value"].sum().sort_values(ascending=False)
    rows = [
        Row((Cell(context.name("cities", str(city))), Cell(exact(float(value), 1)))) for city, value in total.items()
    ]
    heads = (Column(say("col.city")), Column(say("gigabit.date_price"), say("gigabit.worth_unit"), number=True))
    return Table(say("gigabit.prices"), heads, tuple(rows), note=say("gigabit.prices_note"))


def _dates(context: Context) -> Table | None:
    """The share of draws in which each city makes its date, and the opening from which it would."""
    say, tables = context.say, context.run.plan.tables
    if "city_dates" not in tables or not len(tables["city_dates"]):
        return None
    openings = tables["city_openings"]
    shown = [one for one in INDICATORS if (openings["indicator"] == one.name).any()]
    heads = [
        Column(say("col.city")),
        Column(say("gigabit.date"), number=True),
        Column(say("gigabit.share"), "%", number=True),
    ]
    heads += [Column(_title(context, one), context.say.known("access_unit", one.unit), number=True) for one in shown]
    rows = [Row(tuple(_date_cells(context, row, openings, shown))) for row in tables["city_dates"].to_dict("records")]
    count = int(tables["city_dates"]["draws"].iloc[0])
    return Table(say("gigabit.dates", count=count), tuple(heads), tuple(rows), note=say("gigabit.dates_note"))


def _date_cells(
    context: Context, row: dict[Hashable, Any], openings: pd.DataFrame, shown: list[Indicator]
) -> Iterator[Cell]:
    share = float(str(row["share"]))
    yield Cell(context.name("cities", str(row["city"])))
    yield Cell(str(row["deadline"]))
    yield Cell(exact(100 * share, 0), bar=share, tip=str(row["binding"]))
    mine = openings[openings["city"] == row["city"]].set_index("indicator")
    for one in shown:
        if one.name not in mine.index:
            yield Cell("")
            continue
        needed, opening = (measures.number(mine.loc[one.name, column]) for column in ("needed", "opening"))
        tip = context.say("gigabit.opens_at", value=exact(opening, 1))
        enough = not math.isnan(needed) and opening >= needed
        yield Cell("–" if math.isnan(needed) else exact(needed, 1), shade=REACHED if enough else SHORT, tip=tip)


def _money(context: Context) -> Table | None:
    """What one more 100 million CNY buys."""
    say, tables = context.say, context.run.plan.tables
    if "city_money" not in tables or not len(tables["city_money"]):
        return None
    rows = [
        Row((Cell(str(row["period"])), Cell(exact(row["resident_years"] / 1e6, 2)), Cell(exact(row["saved_mcny"], 1))))
        for row in tables["city_money"].to_dict("records")
    ]
    heads = (
        Column(say("col.year")),
        Column(say("gigabit.more_residents"), say("gigabit.million_resident_years"), number=True),
        Column(say("gigabit.saved"), say("gigabit.worth_unit"), number=True),
    )
    return Table(say("gigabit.more_money"), heads, tuple(rows), note=say("gigabit.more_money_note"))
