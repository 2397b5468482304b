"""Dates of cities and how firm they are: draws of the estimates, opening values, and recorded outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from xisuan.report import run_measures, terms, unit_names
from xisuan.report.access.city_status import Standing
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table
from xisuan.report.run_context import Context, title
from xisuan.scenario.schema.access_tables import BY_INDICATOR, INDICATORS
from xisuan.text.numbers import MISSING, exact
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

REACHED, SHORT = 0.55, 0.0
FOLDED = 40
"""Rows from which the table of openings is folded."""
NAMED = 2
"""Indicators that are named as standing in the way."""


def blocks(context: Context, standing: Standing) -> Iterator[Block]:
    """Yield the table of dates and the table of opening values, each only if `run` has drawn the estimates."""
    tables = context.run.plan.tables
    dates, openings = tables.get("city_dates"), tables.get("city_openings")
    if dates is not None and len(dates):
        yield _dates(context, standing, dates)
    if openings is not None and len(openings):
        yield _openings(context, openings)


def _dates(context: Context, standing: Standing, dates: pd.DataFrame) -> Table:
    say, happened = context.say, _happened(context)
    heads = [
        Column(say(_("City"))),
        Column(say(in_context("gigabit", "Date")), number=True),
        Column(say(_("In the plan")), number=True),
        Column(say(_("Makes it")), "%", number=True),
        Column(say(_("Most often in the way"))),
    ]
    heads += [Column(say(_("What happened")))] if happened else []
    rows = []
    for row in run_measures.records(dates):
        city, share = str(row["city"]), float(row["share"])
        cells = [
            Cell(context.name("cities", city)),
            Cell(str(row["deadline"])),
            Cell(_planned(context, standing, city)),
            Cell(exact(100 * share, 0), bar=share),
            Cell(in_the_way(context, str(row["binding"]), int(row["draws"]))),
        ]
        rows.append(Row((*cells, Cell(happened.get(city, MISSING))) if happened else tuple(cells)))
    count = int(dates["draws"].iloc[0])
    heading = (
        say(_("How firm the dates are: {count} draws of the estimates", count=count))
        if count > 1
        else say(_("Dates, by the figures of the tables alone"))
    )
    note = say(
        _(
            "Share of the draws in which the city makes its date. Where the budgets of a draw allow all "
            "dates, all are made, later years included; else it is planned for most residents in cities that "
            "make theirs. "
        )
        if count > 1
        else _(
            "No figure of access has a range in the table estimates, so nothing was drawn: 100 or 0 is what "
            "the tables say. "
        )
    )
    note += (
        say(
            _(
                "What happened is from sources published after {day}; no plan reads it.",
                day=str(context.scenario.settings.as_of),
            )
        )
        if happened
        else ""
    )
    return Table(heading, tuple(heads), tuple(rows), note=note)


def _planned(context: Context, standing: Standing, city: str) -> str:
    """Return the year by the end of which a city meets its date in the plan."""
    if standing.named_for(city):
        return context.say(_("named"))
    period = standing.in_time(city)
    return MISSING if period is None else str(standing.ends[period])


def in_the_way(context: Context, binding: str, count: int) -> str:
    """Return the indicators that most often stood in the way, with their share of the draws."""
    counts = [part.rsplit(" ", 1) for part in binding.split(";") if part][:NAMED]
    return context.show.listed(
        [
            context.say(
                _(
                    "{what} (in {share} of the draws)",
                    what=_word(context, name),
                    share=context.show.share(int(times) / count),
                )
            )
            for name, times in counts
        ]
    )


def _word(context: Context, name: str) -> str:
    return title(context, BY_INDICATOR[name]) if name in BY_INDICATOR else context.say(_("budgets"))


def _happened(context: Context) -> Mapping[str, str]:
    """Return the date of each city's record as a gigabit city, if it was published after the day of the scenario.

    A city that was on record by then is left out: its date here is that of a later standard.
    """
    day = context.scenario.settings.as_of
    if day is None:
        return {}
    rows = context.scenario["actuals"]
    rows = rows[(rows["quantity"] == "gigabit_city") & (rows["kind"] == "actual") & (rows["value"] > 0)]
    first: dict[str, str] = {}
    for row in run_measures.records(rows):
        date = str(row["date"] or int(row["period"]))
        first[str(row["place"])] = min(date, first.get(str(row["place"]), date))
    later = {city: date for city, date in first.items() if date > day.isoformat()}
    return {city: context.say(_("by {date}", date=date)) for city, date in later.items()}


def _openings(context: Context, openings: pd.DataFrame) -> Table:
    """Return, for each city and indicator, the least opening value that meets the date, next to the estimate."""
    shown = [one for one in INDICATORS if (openings["indicator"] == one.name).any()]
    heads = [
        Column(context.say(_("City"))),
        *(
            Column(title(context, one), context.say(terms.named(unit_names.INDICATOR_UNITS, one.unit)), number=True)
            for one in shown
        ),
    ]
    rows = []
    for city, mine in openings.groupby("city", sort=False):
        values = {row["indicator"]: row for row in run_measures.records(mine)}
        cells = [_opening(context, values[one.name]) if one.name in values else Cell("") for one in shown]
        rows.append(Row((Cell(context.name("cities", str(city))), *cells)))
    heading, note = (
        context.say(_("Opening value above which a city makes its date (in brackets: the estimate)")),
        context.say(
            _(
                "For each indicator by itself, all else as estimated, with all the money that it asks for; later "
                "years, by the standard that holds then, are part of the date. Tinted: the estimate is above. 0: "
                "from any. "
            )
        ),
    )
    return Table(heading, tuple(heads), tuple(rows), folded=len(rows) > FOLDED, note=note)


def _opening(context: Context, row: Mapping[str, object]) -> Cell:
    needed, opening = run_measures.number(row["needed"]), run_measures.number(row["opening"])
    if math.isnan(needed):
        return Cell(
            f"{MISSING} ({exact(opening, 1)})",
            shade=SHORT,
            tip=context.say(_("another indicator cannot be reached by the date")),
        )
    text = f"{exact(needed, 1)} ({exact(opening, 1)})"
    return Cell(text, shade=REACHED if opening >= needed else SHORT)
