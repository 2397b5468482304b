"""Gigabit cities: indicators beside thresholds, floors, budgets, and what a date or more money is worth."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping

import pandas as pd

from xisuan.report import run_measures, terms, unit_names
from xisuan.report.access import city_dates, rollout_gantt
from xisuan.report.access.city_status import Standing
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context, title
from xisuan.scenario.queries.gigabit_standard import Threshold, thresholds
from xisuan.scenario.schema.access_tables import ALL, BY_INDICATOR, GIGABIT, INDICATORS, Indicator
from xisuan.text.numbers import LEAST_SAVED, MISSING, SAVED, exact, money_scale, plain
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

REACHED, SHORT = 0.55, 0.0
"""Tint of an indicator that is reached, and of one that is not."""
DUST = 1e-6
NOTE_ON_SAVINGS = _(
    " Saved: access planned again without the date of that city; a date asks for every later year too, by the standard "
    "that holds then. Savings of several cities do not add up."
)


def money_blocks(context: Context) -> list[Block]:
    """Return the roll-out as a table, budgets, price of a date, and worth of more money: blocks of the annex."""
    if "gigabit" not in context.run.plan.tables:
        return []
    standing = Standing(context)
    found: list[Block | None] = [*rollout_gantt.blocks(context, standing)[1:], _budgets(context)]
    found += [_prices(context, standing), _money(context), *list(city_dates.blocks(context, standing))[1:]]
    return [block for block in found if block is not None]


def _judged(context: Context) -> dict[str, Threshold]:
    """Thresholds of the last period, by indicator."""
    return {one.indicator.name: one for one in thresholds(context.scenario, context.last)}


def scoreboard(context: Context, standing: Standing, named: Mapping[str, str]) -> Table:
    """Return a row a city: month in which it was named, year by the last standard, indicators beside thresholds.

    Without that year where all cities have been named under the last standard.
    """
    say, asked = context.say, _judged(context)
    shown = [one for one in INDICATORS if one.name in asked]
    columns = [Column(say(_("City")))]
    columns += [Column(say(_("Named")), number=True)] if named else []
    since = _("By the supposed standard") if standing.supposed else _("Gigabit city since")
    columns += [] if standing.all_before else [Column(say(since), number=True)]
    columns += [Column(title(context, one), _threshold(context, asked[one.name], one), number=True) for one in shown]
    rows = []
    for city, found in standing.table.groupby("city", sort=False):
        cells = [Cell(context.name("cities", str(city)))]
        cells += [Cell(context.when(named[str(city)]) if str(city) in named else MISSING)] if named else []
        cells += [] if standing.all_before else [_since(context, standing, str(city))]
        cells += [_indicator(context, standing, found, asked[one.name]) for one in shown]
        rows.append(Row(tuple(cells)))
    return Table(
        say(_("Indicators against thresholds, {year}", year=context.last)),
        tuple(columns),
        tuple(rows),
        note=say(
            _(
                "Tinted: the threshold is reached; behind the value, the year in which it is, unless the city is named. "
                "Coverage above 100 % is normal, because it adds up the capacity of several operators."
            )
        ),
    )


def floors(context: Context, standing: Standing) -> Table | None:
    """Return the table of floors under single indicators with the values at their dates; None without floors."""
    say, targets = context.say, context.scenario["city_targets"]
    rows: list[Row] = []
    for row in run_measures.records(targets[targets["indicator"] != GIGABIT]):
        one = BY_INDICATOR[str(row["indicator"])]
        for city in standing.cities if row["city"] == ALL else (str(row["city"]),):
            period = standing.period_of(int(run_measures.number(row["deadline"])))
            if period is None:
                continue
            found = standing.table[(standing.table["city"] == city) & (standing.table["period"] == period)]
            value = float(found[one.name].iloc[0])
            met = value >= run_measures.number(row["value"]) * (1.0 - DUST)
            cells = (
                Cell(context.name("cities", city)),
                Cell(title(context, one)),
                Cell(str(standing.ends[period])),
                Cell(
                    f"≥ {plain(run_measures.number(row['value']))} {say(terms.named(unit_names.INDICATOR_UNITS, one.unit))}"
                ),
                Cell(told_apart(value, run_measures.number(row["value"]), ">="), shade=REACHED if met else SHORT),
            )
            rows.append(Row(cells))
    heads = (
        Column(say(_("City"))),
        Column(say(_("Indicator"))),
        Column(say(in_context("gigabit", "Date")), number=True),
        Column(say(_("Floor")), number=True),
        Column(say(_("Reached")), number=True),
    )
    return (
        Table(
            say(_("Floors under single indicators")),
            heads,
            tuple(rows),
            note=say(_("Floors hold in every later year too. Tinted: reached.")),
        )
        if rows
        else None
    )


SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def _threshold(context: Context, asked: Threshold, one: Indicator) -> str:
    """Return a threshold with its sign and unit."""
    unit = context.say(terms.named(unit_names.INDICATOR_UNITS, one.unit))
    return f"{SIGNS.get(asked.op, asked.op)} {plain(asked.value)} {unit}"


def told_apart(value: float, threshold: float, op: str) -> str:
    """Return a value with enough decimals to show on which side of its threshold it is, and a tenth below 100.

    Example: 12.001 is above 12, which 12.0 would not show. Differences within the solver's tolerance are not shown.
    """
    least = 1 if abs(value) < 99.95 else 0
    if abs(value - threshold) <= DUST * max(1.0, abs(threshold)):
        return exact(value, least)
    reaches = operator.gt if op == ">" else operator.ge
    side = reaches(value, threshold)
    digits = next((digits for digits in range(least, 6) if reaches(round(value, digits), threshold) == side), 6)
    return exact(value, digits)


def _since(context: Context, standing: Standing, city: str) -> Cell:
    if city in standing.before:
        return Cell(context.say(_("named")), tip=context.say(_("named already")))
    if city in standing.since or not standing.spells(city):
        return Cell(standing.year(city, MISSING))
    return Cell(
        standing.spells(city),
        tip=context.say(_("a gigabit city in these years, by the standard of then; later it is none")),
    )


def _indicator(context: Context, standing: Standing, found: pd.DataFrame, asked: Threshold) -> Cell:
    """Return the cell of the value in the last period; its tip says in which year the last threshold is met."""
    values = dict(zip(found["period"], found[asked.indicator.name], strict=True))
    value = float(values[context.last])
    if math.isnan(value):
        return Cell("", tip=context.say(_("not known; the city has been named already")))
    met = [standing.ends[int(period)] for period, reached in values.items() if asked.met(float(reached), DUST)]
    tip = (
        context.say(_("reached in {year}", year=min(met))) if met else context.say(_("not reached within the horizon"))
    )
    is_named = str(found["city"].iloc[0]) in standing.before
    text = told_apart(value, asked.value, asked.op) + (f" · {min(met)}" if met and not is_named else "")
    return Cell(text, shade=REACHED if asked.met(value, DUST) else SHORT, tip=tip)


def _budgets(context: Context) -> Table | None:
    """Return the use of the budgets that access draws on, and the worth of one more million of each."""
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
            price = run_measures.number(prices.get((period, scope), 0.0))
            cells = (
                Cell(str(period)),
                Cell(budget_name(context, str(scope))),
                context.money_cell(float(limit)),
                context.money_cell(used, bar=min(1.0, used / limit) if limit > 0 else None),
                Cell(context.saved(-price) if -price > LEAST_SAVED else say(_("not exhausted"))),
            )
            rows.append(Row(cells))
    heads = (
        Column(say(_("Year"))),
        Column(say(_("Budget"))),
        Column(say(_("Limit")), context.money.unit, number=True),
        Column(say(_("Taken by access")), context.money.unit, number=True),
        Column(say(_("One more million CNY of it saves")), SAVED[context.language].unit, number=True),
    )
    note = (
        say(
            _(
                "Saves: of the cost, for the cities found; that more money could bring others is in the table of "
                "100 million."
            )
        )
        if context.scenario.settings.objective == "residents"
        else ""
    )
    note += (
        say(
            _(
                "Budgets other than that of access cover halls, equipment and links too: what is saved is saved "
                "there as well."
            )
        )
        if context.scenario.has("sites")
        else ""
    )
    return Table(say(_("Budgets that access draws on")), heads, tuple(rows), note=note) if rows else None


def budget_name(context: Context, name: str) -> str:
    """Return the name of a budget."""
    return context.say(_("all capital")) if name == "all" else context.scope(name)


def _payers(context: Context) -> set[str]:
    return {f"investor:{name}" for name in context.scenario["cities"]["investor"] if name}


def _drawn(context: Context, totals: pd.DataFrame, scope: str) -> float:
    """Return the capital that access takes of a budget in a period, mCNY."""
    if scope.startswith("investor:"):
        rows = context.scenario["cities"].drop_duplicates("city")
        mine = rows.loc[rows["investor"] == scope.removeprefix("investor:"), "city"]
        totals = totals[totals["city"].isin(mine)]
    used = float(totals["capex_mcny"].sum())
    every = float(context.run.plan.tables["access_totals"]["capex_mcny"].sum())
    return used if used > DUST * every else 0.0


def _prices(context: Context, standing: Standing) -> Table | None:
    """Return the cost of each city's date at the margin: the price of its bound, over the horizon.

    Where most residents are the goal, cities that are gigabit cities before their date are so for that, not for the date.
    """
    say, prices = context.say, context.run.plan.prices
    found = prices[prices["constraint"] == "bound on gigabit"]
    wished = context.scenario.settings.objective == "residents"
    if wished:
        on_its_date = [standing.in_time(str(city)) == standing.at_date(str(city)) for city in found["item"]]
        found = found[on_its_date]
    if not len(found) or context.scenario.settings.objective == "carbon":
        return None
    total = found.groupby("item")["value"].sum().sort_values(ascending=False)
    saved = _saved(context)
    money = money_scale(context.language, max([*saved.values(), float(total.max())]))
    rows = [
        Row(
            (
                Cell(context.name("cities", str(city))),
                *(
                    (Cell(exact(saved[str(city)] / money.divisor, 1)) if str(city) in saved else Cell(MISSING),)
                    if saved
                    else ()
                ),
                Cell(exact(float(value) / money.divisor, 1)),
            )
        )
        for city, value in total.items()
    ]
    heads = (
        Column(say(_("City"))),
        *((Column(say(_("Saved if it alone is given up")), money.unit, number=True),) if saved else ()),
        Column(say(_("Price at the margin")), money.unit, number=True),
    )
    return Table(
        say(_("What a city's date costs")),
        heads,
        tuple(rows),
        note=say(_("Discounted, within the horizon."))
        + (say(NOTE_ON_SAVINGS) if saved else "")
        + say(
            _(
                " The price at the margin is the rate at which the first part of what the city lacks saves, taken "
                "for all of it: giving up the date saves no more than that, so it may be more than is spent "
                "there, and than the whole plan costs."
            )
        )
        + (say(_(" Cities that are gigabit cities before their date are left out.")) if wished else ""),
    )


def _saved(context: Context) -> dict[str, float]:
    """Return the saving from giving up each date alone, where `run` has computed it."""
    dates = context.run.plan.tables.get("city_dates")
    if dates is None or "saved_mcny" not in dates:
        return {}
    known = dates.dropna(subset=["saved_mcny"])
    return dict(zip(known["city"].astype(str), known["saved_mcny"].astype(float), strict=True))


def _money(context: Context) -> Block | None:
    """Return the worth of one more 100 million CNY; a sentence where it buys nothing, because no budget binds."""
    say, tables = context.say, context.run.plan.tables
    if "city_money" not in tables or not len(tables["city_money"]):
        return None
    if not (tables["city_money"][["resident_years", "saved_mcny"]] > DUST).any(axis=None):
        return Text(
            say(
                _(
                    "One more 100 million CNY in any budget of access alone, of any year, buys nothing: these "
                    "budgets do not bind."
                )
                if context.scenario.has("sites")
                else _("One more 100 million CNY in any budget of any year buys nothing: the budgets do not bind.")
            )
        )
    money = money_scale(context.language, float(tables["city_money"]["saved_mcny"].abs().max()))
    rows = [
        Row(
            (
                Cell(str(row["period"])),
                Cell(budget_name(context, str(row["budget"]))),
                Cell(exact(row["resident_years"] / 1e6, 2)),
                figure(-row["saved_mcny"] / money.divisor, 1, signed=True),
            )
        )
        for row in tables["city_money"].to_dict("records")
    ]
    heads = (
        Column(say(_("Year"))),
        Column(say(_("Budget"))),
        Column(say(_("More residents")), say(_("million resident-years")), number=True),
        Column(say(_("Change in cost")), money.unit, number=True),
    )
    mixed = _(
        " Of so many cities by a bound in which a few become gigabit cities in part; what is saved is not known of it."
    )
    note = _(
        "In one budget of one year, found by planning again with all other limits as they are. Cost is "
        "discounted, over the horizon: less than 0 is saved, more than 0 is spent on top."
    )
    is_unknown = tables["city_money"]["saved_mcny"].isna().all()
    return Table(
        say(_("What one more 100 million CNY buys")),
        heads,
        tuple(rows),
        note=say(note) + (say(mixed) if is_unknown else ""),
    )
