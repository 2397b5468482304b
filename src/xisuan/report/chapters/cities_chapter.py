"""Chapter on gigabit cities: when each becomes one, with what, and how firm that is."""

from __future__ import annotations

from xisuan.report.access import city_dates, gigabit_cities, rollout_gantt
from xisuan.report.access.city_map import year_map
from xisuan.report.access.city_status import Standing
from xisuan.report.document.blocks import Block, Gantt, Section, Text
from xisuan.report.facts import build_facts, city_facts
from xisuan.report.run_context import Context
from xisuan.text.translation import message as _


def section(context: Context) -> Section | None:
    """Return the chapter; None without cities. Cities that are all named already, or a supposed standard, have no map."""
    if "gigabit" not in context.run.plan.tables:
        return None
    say, standing, found = context.say, Standing(context), city_facts.cities(context)
    assert found is not None, "the table gigabit is there"
    blocks: list[Block | None] = [Text(_supposed(context), tone="note") if found.supposed else None]
    if not (found.supposed or standing.all_before):
        blocks.append(year_map(context, standing))
    if standing.judged != context.periods and not found.supposed:
        blocks.append(Text(_changes(context, standing), tone="note"))
    blocks.append(gigabit_cities.scoreboard(context, standing, found.named))
    chart, *_table = rollout_gantt.blocks(context, standing)
    blocks += [chart if isinstance(chart, Gantt) else None, gigabit_cities.floors(context, standing)]
    blocks += list(city_dates.blocks(context, standing))[:1]
    title = say(_("Gigabit cities: the nine prefectures") if found.total == NINE else _("Gigabit cities"))
    return Section("cities", title, _lead(context, found), tuple(block for block in blocks if block))


NINE = 9
"""Prefectures of Guizhou."""


def _lead(context: Context, found: city_facts.Cities) -> str:
    """Return how many cities are gigabit cities, and what is spent on them."""
    say = context.say
    mcny = float(context.run.plan.tables["access_totals"]["capex_mcny"].sum())
    ordered = (
        say(_(" The plan orders {money} of access.", money=context.show.money(mcny)))
        if mcny >= build_facts.SMALLEST_ORDER_MCNY
        else say(_(" The plan orders no access."))
    )
    if found.all_named:
        last = context.when(max(found.named.values()))
        named = _("All {n} cities have been named gigabit cities (千兆城市) under the published standard by {date}.",
                  n=found.total, date=last)  # fmt: skip
        return say(named) + ordered
    year = max(found.by_year)
    reached = _("{n} of {all} cities are gigabit cities (千兆城市) by the end of {year}.",
                n=found.by_year[year], all=found.total, year=year)  # fmt: skip
    return say(reached) + ordered


def _changes(context: Context, standing: Standing) -> str:
    """Return that the standard changes within the horizon, and what that means for the years shown."""
    return context.say(
        _(
            "The standard changes in {year}: map and years are about the new one, and cities named under the "
            "earlier one are asked again.",
            year=standing.judged[0],
        )
    )


def _supposed(context: Context) -> str:
    """Return that the standard of the years shown is a supposition."""
    return context.say(
        _(
            "What if: the years below are those of a stricter standard that this scenario supposes. No such standard has "
            "been published, and no city needs it to be a gigabit city today."
        )
    )
