"""Tiles of the brief on what is reached: official targets and gigabit cities."""

from __future__ import annotations

import math

from xisuan.report.brief.brief_words import CONFIDENCE, LINES
from xisuan.report.document.blocks import Tile
from xisuan.report.facts import city_facts, target_facts
from xisuan.report.place_amounts import span
from xisuan.report.run_context import Context, inside
from xisuan.report.tracking import plan_targets
from xisuan.text.numbers import GAP, exact, money_scale, plain
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _


def targets(context: Context) -> Tile | None:
    """Return the tile on official targets; None without any."""
    say, found = context.say, target_facts.count(context)
    if found is None or found.total == 0:
        return None
    aims = [one for one in target_facts.planned(context) if not one.met]
    rows = [*_whole(context), *(_aim(context, one) for one in aims)]
    least, most = found.span
    reach = say(
        _("{span} in the end: {reached} reached, {open} open", span=span(least, most), reached=found.reached,
          open=most - least)
    )  # fmt: skip
    verdict = say(_("{bad} missed or unlikely", bad=found.bad)) if found.bad else ""
    own = say(_("the plan itself misses {n}", n=len(aims))) if aims else ""
    return Tile(
        say(_("Which targets are reached?")), str(found.good), say(_("of {all}", all=found.total)),
        say(_("targets due are reached or on track")), tuple(rows[:LINES]), reach,
        say(_("; ")).join(part for part in (verdict, own) if part), "bad" if found.bad or aims else "firm", "targets",
    )  # fmt: skip


def _aim(context: Context, one: plan_targets.Aim) -> tuple[str, str]:
    """Return the name of a target that the plan misses, and what the plan has of it."""
    name = inside(context.track.called(one.row["indicator"], context.language))  # type: ignore[union-attr]
    target = one.shown(float(one.row["target"]))
    return name, context.say(_("{planned} of {target}", planned=one.shown(one.planned), target=target))


def _whole(context: Context) -> list[tuple[str, str]]:
    """Return the largest target that is a sum of targets, and what is published of it; empty without one."""
    found = sorted(target_facts.wholes(context), key=lambda one: -one.whole.target)[:1]
    return [(_called(context, one), _level(context, one)) for one in found]


def _called(context: Context, one: target_facts.Whole) -> str:
    return inside(context.track.called(one.whole.indicator, context.language))  # type: ignore[union-attr]


def _level(context: Context, one: target_facts.Whole) -> str:
    """Return the latest published level of a target in money, in the unit of the target, or words that say it is
    not published."""
    target, divisor = context.show.money(one.whole.target), money_scale(context.language, one.whole.target).divisor
    latest = one.whole.latest
    known = plain(latest / divisor) if math.isfinite(latest) else context.say(in_context("published", "nothing"))
    return context.say(_("{planned} of {target}", planned=known, target=target))


def cities(context: Context) -> Tile | None:
    """Return the tile on gigabit cities; None without any."""
    say, found = context.say, city_facts.cities(context)
    if found is None:
        return None
    question = say(_("When is each city a gigabit city?"))
    later = [(str(year), say(_("{n} of {all}", n=n, all=found.total))) for year, n in found.by_year.items()]
    if found.all_named:
        dates: dict[str, int] = {}
        for date in found.named.values():
            dates[date] = dates.get(date, 0) + 1
        rows = tuple((context.when(date), say(_("{n} cities", n=n))) for date, n in sorted(dates.items()))
        last = max(found.named.values())
        fact = say(_("no range: a published list"))
        standard = say(_("; a later standard is a supposition: what if")) if found.supposed else ""
        label = say(_("named by {date}", date=context.when(last)))
        return Tile(
            question, str(found.total), say(_("of {all}", all=found.total)), label,
            rows[:LINES], fact, say(CONFIDENCE["published"]) + standard, "firm", "cities",
        )  # fmt: skip
    year = max(found.by_year)
    return Tile(
        question, str(found.by_year[year]), say(_("of {all}", all=found.total)), say(_("by the end of {year}", year=year)),
        tuple(later[:LINES]), _dates_made(context), say(_("under a supposed standard")) if found.supposed else "", "plain",
        "cities",
    )  # fmt: skip


def _dates_made(context: Context) -> str:
    """Return how often the cities make their dates in draws of the estimates; that it was not varied."""
    low, high, draws = city_facts.dates_made(context)
    if not draws > 1:
        return context.say(_("no range: no estimate of access was varied"))
    ends = span(float(exact(100.0 * low, 0)), float(exact(100.0 * high, 0)))
    shown = f"{ends}%" if context.language == "zh" else f"{ends}{GAP}%"
    return context.say(_("each makes its date in {span} of {draws} draws", span=shown, draws=draws))
