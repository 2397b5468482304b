"""The first screen of a scenario of cities alone: how many become gigabit cities, with what, how firm, what more buys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.access.city_dates import in_the_way
from xisuan.report.access.city_map import year_map
from xisuan.report.access.city_status import Standing
from xisuan.report.access.gigabit_cities import budget_name
from xisuan.report.access.rollout_gantt import amount_of, measure_names
from xisuan.report.confidence import estimate_sensitivity
from xisuan.report.document.blocks import Hero, Key, Keys, Map, Section, Sentence
from xisuan.report.document.number_cells import strong
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, exact

FIRST = 3
"""Measures that are named: those with most money."""
DUST = 1e-6


def about_cities(context: Context) -> bool:
    """Whether the scenario is about cities and about no site."""
    return context.scenario.has("cities") and not context.scenario.has("sites")


def section(context: Context) -> Section:
    """The first screen."""
    say = context.say
    sentences = tuple(Sentence(say(f"headline.about_{name}"), tell(context)) for name, tell in SENTENCES.items())
    return Section("headline", say("headline.title"), blocks=(Hero(_keys(context), sentences, _map(context)),))


def _map(context: Context) -> Map | None:
    found = year_map(context, Standing(context))
    return None if found is None else replace(found, name="becoming", source="")


def _last(context: Context) -> pd.DataFrame:
    """Cities in the last period."""
    table = context.run.plan.tables["gigabit"]
    return table[table["period"] == context.last]


def _year(context: Context) -> int:
    return Standing(context).ends[context.last]


def _becomes(context: Context) -> str:
    last, standing = _last(context), Standing(context)
    done = last[last["gigabit"]]
    out = [str(city) for city in last.loc[~last["gigabit"], "city"]]
    late = [context.name("cities", city) for city in out if not standing.spells(city)]
    lost = [f"{context.name('cities', city)} ({standing.spells(city)})" for city in out if standing.spells(city)]
    named = sum(city in standing.before for city in standing.cities)
    said = context.say(
        "cities.becomes", year=_year(context), count=len(done), all=len(last),
        people=context.show.people(float(done["residents"].sum())),
        named=context.say("cities.named", count=named) if named else "",
    )  # fmt: skip
    said += context.say("cities.not_yet", names=_some_of(context, late)) if late else ""
    return said + (context.say("cities.no_more", names=_some_of(context, lost)) if lost else "")


def _some_of(context: Context, names: list[str]) -> str:
    """The first of several names, and how many more there are."""
    more = [context.say("cities.others", count=len(names) - FIRST)] if len(names) > FIRST else []
    return context.show.listed([*names[:FIRST], *more])


def _build(context: Context) -> str:
    say, rows = context.say, context.run.plan.tables["rollout"]
    if not len(rows):
        return say("gigabit.nothing")
    first = int(rows["period"].min())
    now = rows[rows["period"] == first].groupby("measure", sort=False)
    sums = now.agg(amount=("amount", "sum"), money=("capex_mcny", "sum"), unit=("unit", "first"))
    dearest = sums.sort_values("money", ascending=False, kind="stable").head(FIRST)
    parts = [
        _some(context, str(measure), float(row["amount"]), str(row["unit"])) for measure, row in dearest.iterrows()
    ]
    return say("cities.build", year=first, parts=context.show.joined(parts))


def _some(context: Context, measure: str, amount: float, unit: str) -> str:
    """An amount of a measure; where the measure is called like its unit, once."""
    what, of = measure_names(context)[measure], context.say.known("gigabit_unit", unit)
    alike = {text.casefold().removesuffix("s") for text in (what, unit, of)}
    key = "cities.bare" if len(alike) == 1 or what in (unit, of) else "cities.some"
    return context.say(key, what=inside(what), amount=amount_of(amount), unit=of)


def _cost(context: Context) -> str:
    say, show, totals = context.say, context.show, context.run.plan.tables["access_totals"]
    spent = totals.groupby("city", sort=False)["capex_mcny"].sum().sort_values(ascending=False, kind="stable")
    if float(spent.sum()) <= 0.0:
        return say("cities.free")
    return say(
        "cities.cost", money=show.money(float(spent.sum())), span=context.span,
        city=context.name("cities", str(spent.index[0])), most=strong(show.money(float(spent.iloc[0]))),
    )  # fmt: skip


def _dates(context: Context) -> str:
    standing = Standing(context)
    due = [city for city in standing.due if standing.at_date(city) is not None and not standing.named_for(city)]
    if not due:
        return context.say("cities.no_dates")
    late = [context.name("cities", city) for city in due if city in standing.late]
    if not late:
        return context.say("cities.on_time" if len(due) > 1 else "cities.one_on_time", count=len(due))
    return context.say("cities.late", count=len(due) - len(late), all=len(due), names=_some_of(context, late))


def _firm(context: Context) -> str:
    if not Standing(context).due:
        return context.say("cities.undated")
    dates = context.run.plan.tables.get("city_dates")
    if dates is None or not len(dates):
        return context.say("cities.not_drawn", why=context.why_not("city_dates"))
    if int(dates["draws"].iloc[0]) == 1:
        return context.say("cities.nothing_drawn")
    if (dates["made"] == dates["draws"]).all():
        return context.say("cities.certain", draws=int(dates["draws"].iloc[0]))
    row = run_measures.records(dates.sort_values("share", kind="stable").head(1))[0]
    share = strong(f"{exact(100 * run_measures.number(row['share']), 0)} %")
    draws = int(run_measures.number(row["draws"]))
    said = context.say("cities.firm", city=context.name("cities", str(row["city"])), share=share, draws=draws)
    way = in_the_way(context, str(row["binding"]), draws)
    return said + (context.say("cities.in_the_way", way=way) if way else "")


def _more(context: Context) -> str:
    say, found = context.say, context.run.plan.tables.get("city_money")
    if found is None or not len(found):
        return say("cities.no_budget")
    if not (found[["resident_years", "saved_mcny"]] > DUST).any(axis=None):
        return say("gigabit.more_money_nothing")
    by = "resident_years" if (found["resident_years"] > DUST).any() else "saved_mcny"
    row = run_measures.records(found.sort_values(by, ascending=False, kind="stable").head(1))[0]
    if by == "resident_years":
        people = strong(exact(row["resident_years"] / 1e6, 2))
        return say("cities.more", year=row["period"], budget=budget_name(context, str(row["budget"])), people=people)
    saved = strong(context.show.money(run_measures.number(row["saved_mcny"])))
    return say("cities.more_saves", year=row["period"], budget=budget_name(context, str(row["budget"])), money=saved)


def _power(context: Context) -> str:
    totals = context.run.plan.tables["access_totals"]
    last = totals[totals["period"] == context.last]
    if not _draws_power(context):
        return context.say("cities.no_power")
    return context.say(
        "cities.power", year=context.last, energy=context.show.energy(float(last["grid_mwh"].sum())),
        carbon=context.show.carbon(float(last["location_t"].sum())),
    )  # fmt: skip


def _draws_power(context: Context) -> bool:
    """Whether any measure states what electricity it draws."""
    return bool((context.scenario["measures"]["power_kw_per_unit"].fillna(0.0) > 0).any())


SENTENCES: dict[str, Callable[[Context], str]] = {
    "cities": _becomes,
    "build": _build,
    "cost": _cost,
    "dates": _dates,
    "firm": _firm,
    "more": _more,
    "power": _power,
    "rests": estimate_sensitivity.rests,
}
"""The eight sentences, in order."""


def _keys(context: Context) -> Keys:
    """Gigabit cities, their residents, capital, and electricity where measures state it; else capital to begin with."""
    say, show, last = context.say, context.show, _last(context)
    totals, year = context.run.plan.tables["access_totals"], _year(context)
    done = last[last["gigabit"]]
    texts = [
        (say("cities.of", count=len(done), all=len(last)), say("cities.key_cities", year=year)),
        (say("cities.people", people=show.people(float(done["residents"].sum()))), say("cities.key_people", year=year)),
        (show.money(float(totals["capex_mcny"].sum())), say("cities.key_money", span=context.span)),
    ]
    if _draws_power(context):
        energy = float(totals.loc[totals["period"] == context.last, "grid_mwh"].sum())
        texts.append((show.energy(energy), say("cities.key_energy", year=year)))
    else:
        begun = float(totals.loc[totals["period"] == context.periods[0], "capex_mcny"].sum())
        texts.append((show.money(begun), say("cities.key_first", year=context.periods[0])))
    return Keys(tuple(Key(value.partition(GAP)[0], value.partition(GAP)[2], label) for value, label in texts))
