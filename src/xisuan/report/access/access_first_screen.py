"""Tiles of the brief of a scenario of cities alone: how many become gigabit cities, with what, how firm, what more buys."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from xisuan.report import run_measures, terms, unit_names
from xisuan.report.access.city_dates import in_the_way
from xisuan.report.access.city_status import Standing
from xisuan.report.access.gigabit_cities import budget_name
from xisuan.report.access.rollout_gantt import amount_of, measure_names
from xisuan.report.confidence import estimate_sensitivity
from xisuan.report.document.blocks import Tile
from xisuan.report.document.number_cells import CLOSE, OPEN, strong
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, exact
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

QUESTIONS = {
    "cities": _("Which become gigabit cities?"),
    "build": _("What is built first?"),
    "cost": _("What does it cost?"),
    "dates": _("Which dates are met?"),
    "firm": _("How firm are the dates?"),
    "more": _("What does more money buy?"),
    "power": _("How much power does it take?"),
    "rests": _("What does it rest on?"),
}

FIRST = 3
"""Measures that are named: those with most money."""
DUST = 1e-6


def about_cities(context: Context) -> bool:
    """Return True if the scenario is about cities and about no site."""
    return context.scenario.has("cities") and not context.scenario.has("sites")


def tiles(context: Context) -> tuple[Tile, ...]:
    """Return the tiles of the brief: one for each sentence, with a number where it has one.

    Electricity has a tile only where a measure states what it draws.
    """
    numbers = {**_numbers(context), **_confidence(context)}
    found = []
    for name, tell in SENTENCES.items():
        if name == "power" and not _draws_power(context):
            continue
        value, unit, label = numbers.get(name, ("", "", ""))
        found.append(
            Tile(context.say(QUESTIONS[name]), value, unit, label, verdict=bare(tell(context)), section=SECTION[name])
        )
    return tuple(found)


def bare(text: str) -> str:
    """Return a sentence without the marks around its figures."""
    return text.replace(OPEN, "").replace(CLOSE, "")


SECTION = {
    "cities": "cities", "build": "cities", "cost": "money", "dates": "cities", "firm": "cities", "more": "cities",
    "power": "cities", "rests": "risks",
}  # fmt: skip
"""Section that has the details of each tile."""


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
        _("By the end of {year}, {count} of {all} cities are gigabit cities, home to {people} million "
"residents{named}.", year=_year(context), count=len(done), all=len(last),
        people=context.show.people(float(done["residents"].sum())),
        named=context.say(_("; {count} had been named before", count=named)) if named else "",
    ))  # fmt: skip
    said += context.say(_(" Not yet: {names}.", names=_some_of(context, late))) if late else ""
    return said + (
        context.say(_(" No longer, by the standard that holds then: {names}.", names=_some_of(context, lost)))
        if lost
        else ""
    )


def _some_of(context: Context, names: list[str]) -> str:
    """Return the first of several names, and the number of the others."""
    more = [context.say(_("{count} more", count=len(names) - FIRST))] if len(names) > FIRST else []
    return context.show.listed([*names[:FIRST], *more])


def _build(context: Context) -> str:
    say, rows = context.say, context.run.plan.tables["rollout"]
    if not len(rows):
        return say(_("Nothing is built for it."))
    first = int(rows["period"].min())
    now = rows[rows["period"] == first].groupby("measure", sort=False)
    sums = now.agg(amount=("amount", "sum"), money=("capex_mcny", "sum"), unit=("unit", "first"))
    dearest = sums.sort_values("money", ascending=False, kind="stable").head(FIRST)
    parts = [
        _some(context, str(measure), float(row["amount"]), str(row["unit"])) for measure, row in dearest.iterrows()
    ]
    return say(_("Begin in {year} with {parts}.", year=first, parts=context.show.joined(parts)))


def _some(context: Context, measure: str, amount: float, unit: str) -> str:
    """Return an amount of a measure; a measure with the name of its unit is named once."""
    what, of = measure_names(context)[measure], context.say(terms.named(unit_names.MEASURE_UNITS, unit))
    alike = {text.casefold().removesuffix("s") for text in (what, unit, of)}
    key = unfilled("{amount} {unit}") if len(alike) == 1 or what in (unit, of) else unfilled("{what}: {amount} {unit}")
    return context.say(_(key, what=inside(what), amount=amount_of(amount), unit=of))


def _cost(context: Context) -> str:
    say, show, totals = context.say, context.show, context.run.plan.tables["access_totals"]
    spent = totals.groupby("city", sort=False)["capex_mcny"].sum().sort_values(ascending=False, kind="stable")
    if float(spent.sum()) <= 0.0:
        return say(_("Nothing is ordered, so there is nothing to pay for."))
    return say(
        _(
            "That takes {money} of capital in {span} (undiscounted), the largest part in {city}: {most}.",
            money=show.money(float(spent.sum())),
            span=context.span,
            city=context.name("cities", str(spent.index[0])),
            most=strong(show.money(float(spent.iloc[0]))),
        )
    )


def _due(context: Context) -> list[str]:
    """Return the cities with a date in the horizon that have not been named for it."""
    standing = Standing(context)
    return [city for city in standing.due if standing.at_date(city) is not None and not standing.named_for(city)]


def _dates(context: Context) -> str:
    standing, due = Standing(context), _due(context)
    if not due:
        return context.say(_("No city has a date to meet."))
    late = [context.name("cities", city) for city in due if city in standing.late]
    if not late:
        return context.say(
            _(
                unfilled("On the central estimates all {count} cities with a date are gigabit cities in time.")
                if len(due) > 1
                else unfilled("On the central estimates the city with a date is a gigabit city in time."),
                count=len(due),
            )
        )
    return context.say(
        _(
            "{count} of {all} cities with a date are gigabit cities in time; not {names}.",
            count=len(due) - len(late),
            all=len(due),
            names=_some_of(context, late),
        )
    )


def _firm(context: Context) -> str:
    if not Standing(context).due:
        return context.say(_("No city has a date, so there are no odds of making it."))
    dates = context.run.plan.tables.get("city_dates")
    if dates is None or not len(dates):
        return context.say(_("How firm the dates are was not found out. {why}", why=context.why_not("city_dates")))
    if int(dates["draws"].iloc[0]) == 1:
        return context.say(
            _("No figure of access has a range in the table estimates, so how firm the dates are is not known.")
        )
    if (dates["made"] == dates["draws"]).all():
        return context.say(
            _(
                "Every city with a date makes it in all {draws} draws of the estimates.",
                draws=int(dates["draws"].iloc[0]),
            )
        )
    row = run_measures.records(dates.sort_values("share", kind="stable").head(1))[0]
    share = strong(f"{exact(100 * run_measures.number(row['share']), 0)} %")
    draws = int(run_measures.number(row["draws"]))
    said = context.say(
        _(
            "Least firm is {city}: it makes its date in {share} of {draws} draws of the estimates.",
            city=context.name("cities", str(row["city"])),
            share=share,
            draws=draws,
        )
    )
    way = in_the_way(context, str(row["binding"]), draws)
    return said + (context.say(_(" Most often in the way: {way}.", way=way)) if way else "")


def _most_bought(context: Context) -> tuple[str, dict[str, object]] | None:
    """Return what one more 100 million CNY buys most of (a column of city_money), and where; None if nothing."""
    found = context.run.plan.tables.get("city_money")
    if found is None or not (found[["resident_years", "saved_mcny"]] > DUST).any(axis=None):
        return None
    by = "resident_years" if (found["resident_years"] > DUST).any() else "saved_mcny"
    return by, run_measures.records(found.sort_values(by, ascending=False, kind="stable").head(1))[0]


def _more(context: Context) -> str:
    say, found = context.say, context.run.plan.tables.get("city_money")
    if found is None or not len(found):
        return say(_("What one more 100 million CNY buys was not asked, or access has no budget of its own."))
    gain = _most_bought(context)
    if gain is None:
        return say(_("One more 100 million CNY in any budget of any year buys nothing: the budgets do not bind."))
    by, row = gain
    year, budget = row["period"], budget_name(context, str(row["budget"]))
    if by == "resident_years":
        people = strong(exact(run_measures.number(row["resident_years"]) / 1e6, 2))
        return say(
            _(
                "One more 100 million CNY buys most in the budget {budget} of {year}: {people} million "
                "resident-years in gigabit cities.",
                year=year,
                budget=budget,
                people=people,
            )
        )
    saved = strong(context.show.money(run_measures.number(row["saved_mcny"])))
    return say(
        _(
            "One more 100 million CNY buys most in the budget {budget} of {year}: it saves {money} over the horizon.",
            year=year,
            budget=budget,
            money=saved,
        )
    )


def _power(context: Context) -> str:
    totals = context.run.plan.tables["access_totals"]
    last = totals[totals["period"] == context.last]
    return context.say(
        _(
            "What is built draws {energy} of electricity in {year} and emits {carbon}.",
            year=context.last,
            energy=context.show.energy(float(last["grid_mwh"].sum())),
            carbon=context.show.carbon(float(last["location_t"].sum())),
        )
    )


def _draws_power(context: Context) -> bool:
    """Return True if any measure states what electricity it draws."""
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
"""The sentences, in order."""


def _numbers(context: Context) -> dict[str, tuple[str, str, str]]:
    """Return the number of a tile as value, unit and label: gigabit cities, capital, and electricity if stated."""
    say, show, last = context.say, context.show, _last(context)
    totals, year = context.run.plan.tables["access_totals"], _year(context)
    done, begun = last[last["gigabit"]], totals["period"] == context.periods[0]
    found = {
        "cities": (str(len(done)), say(_("of {all}", all=len(last))),
                   say(_("gigabit cities at the end of {year}", year=year))),
        "build": (*_split(show.money(float(totals.loc[begun, "capex_mcny"].sum()))),
                  say(_("capital ordered in {year}", year=context.periods[0]))),
        "cost": (*_split(show.money(float(totals["capex_mcny"].sum()))),
                 say(_("capital ordered, {span}", span=context.span))),
    }  # fmt: skip
    if _draws_power(context):
        energy = float(totals.loc[totals["period"] == context.last, "grid_mwh"].sum())
        label = say(_("electricity of what is built, {year}", year=year))
        found["power"] = (*_split(show.energy(energy)), label)
    return found


def _confidence(context: Context) -> dict[str, tuple[str, str, str]]:
    """Return the number of a tile as value, unit and label: dates met, how often, what more money buys, estimates."""
    say, found = context.say, {}
    if due := _due(context):
        met = sum(city not in Standing(context).late for city in due)
        found["dates"] = (str(met), say(_("of {all}", all=len(due))), say(_("dates met on the central estimates")))
    tried = context.run.plan.tables.get("city_dates")
    if due and tried is not None and len(tried) and int(tried["draws"].iloc[0]) > 1:
        least = exact(100 * float(tried["share"].min()), 0)
        found["firm"] = (least, "%", say(_("of the draws meet the date that is least firm")))
    gain = _most_bought(context)
    if gain is not None and gain[0] == "resident_years":
        people = exact(run_measures.number(gain[1]["resident_years"]) / 1e6, 2)
        found["more"] = (people, say(_("million resident-years")), say(_("for 100 million CNY more")))
    elif gain is not None:
        money = _split(context.show.money(run_measures.number(gain[1]["saved_mcny"])))
        found["more"] = (*money, say(_("saved by 100 million CNY more")))
    shares = context.decided("decided")
    if shares is not None:
        estimate = context.share(float(shares.loc[shares["quality"] == "estimate", "share"].sum()))
        found["rests"] = (*_split(estimate), say(_("of the money rests on estimates")))
    return found


def _split(amount: str) -> tuple[str, str]:
    """Return the number and the unit of an amount."""
    value, _gap, unit = amount.partition(GAP)
    return value, unit
