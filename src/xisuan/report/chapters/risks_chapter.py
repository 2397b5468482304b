"""Chapter on risks and instruments: each risk with what it does here, the instrument against it, and what that is worth."""

from __future__ import annotations

import math

from xisuan.report import run_measures, shortages, terms
from xisuan.report.access.access_first_screen import about_cities, bare
from xisuan.report.build import order_ceilings
from xisuan.report.chapters.leads import SENTENCES
from xisuan.report.confidence import estimate_sensitivity, stress_test
from xisuan.report.costs import resilience, shadow_prices
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table
from xisuan.report.facts import build_facts, ranges, turning_facts
from xisuan.report.operation import electricity, utilisation
from xisuan.report.place_amounts import change, money, percent
from xisuan.report.run_context import LEAST_SHARE, Context, inside, workload_name
from xisuan.text.numbers import exact
from xisuan.text.translation import message as _
from xisuan.text.year_spans import spells

MOST_ESTIMATES, MOST_LIMITS = 3, 4
"""Estimates and binding limits with a row of their own."""
INSTRUMENTS = {
    "demand": _("date: order in stages, as demand appears"),
    "power": _("price: a power contract of several years"),
    "latency": _("reserve: links on a second route"),
    "date": _("date: order early, or keep a reserve elsewhere"),
}
"""Instrument by what a case varies."""


def section(context: Context) -> Section:
    """Return the chapter."""
    found: list[Block | None] = [_risks(context), *resilience.blocks(context), _limits(context)]
    blocks = tuple(block for block in found if block is not None)
    lead = estimate_sensitivity.rests if about_cities(context) else SENTENCES["rests"]
    return Section("risks", context.say(_("Risks and instruments")), lead(context), blocks)


def _risks(context: Context) -> Table | None:
    rows = [*_of_price(context), *_of_cases(context), *_of_other_days(context)]
    rows += [*_of_estimates(context), *_of_ceilings(context), *_of_grid(context), *_of_full_halls(context)]
    if not rows:
        return None
    say = context.say
    columns = (
        Column(say(_("Risk"))),
        Column(say(_("What it does here"))),
        Column(say(_("Instrument"))),
    )
    lines = tuple(Row(tuple(Cell(text) for text in row)) for row in rows)
    return Table(say(_("Risks of the plan here, and the instrument against each")), columns, lines)


def _of_price(context: Context) -> list[tuple[str, str, str]]:
    found = [flip for flip in turning_facts.flips(context) if flip.found and flip.loses]
    if not found:
        return []
    say, flip = context.say, found[0]
    price, given = exact(flip.price, 2), exact(flip.list_price, 2)
    return [
        (
            say(_("Power becomes dearer here")),
            say(_("half of the orders go elsewhere at {price} CNY/kWh (list price {given})", price=price, given=given)),
            say(INSTRUMENTS["power"]),
        )
    ]


def _of_cases(context: Context) -> list[tuple[str, str, str]]:
    say, found = context.say, []
    for case in turning_facts.cases(context):
        short = case.shortfall > LEAST_SHARE
        less = math.isfinite(case.build_change) and case.build_change < -ranges.NOTABLE
        if not (short or less) or not case.kind:
            continue
        effect = say(_("new IT power {change}", change=change(context, case.build_change))) if less else ""
        if short:
            name = inside(workload_name(context, case.workload))
            left = say(_("{share} of {name} not served", share=percent(context, case.shortfall), name=name))
            effect = say(_("; ")).join(part for part in (effect, left) if part)
        found.append((case.label[context.language], effect, say(INSTRUMENTS[case.kind])))
    return found


def _of_other_days(context: Context) -> list[tuple[str, str, str]]:
    """Return the work left undone on days that the plan was not made for, and the reserve that would do it."""
    others, say = context.run.others, context.say
    found = shortages.shortages(context, others)
    if not found or others is None:
        return []
    tried = stress_test.hours_tried(context, others)
    return [
        (
            say(_("{hours} that the plan was not made for", hours=tried)),
            _undone(context, one),
            say(
                _(
                    "reserve: at most {share} more {kind} in the network, ordered for {year}",
                    share=percent(context, one.reserve),
                    kind=inside(say(terms.named(terms.PLAIN_CLASSES, one.kind))),
                    year=one.period,
                )
            ),
        )
        for one in found
    ]


def _undone(context: Context, one: shortages.Shortage) -> str:
    """Return how much work is left undone on other days, over the network and here, and whether it could be others'."""
    say = context.say
    work = inside(workload_name(context, one.workload))
    parts = [say(_("{year}: {share} of the network's {work} not served", year=one.period, work=work,
                   share=percent(context, one.share)))]  # fmt: skip
    if one.region:
        here = {"region": context.name("regions", one.region), "share": percent(context, one.region_share)}
        parts.append(say(_("here at worst {share} of {region}'s", **here)))
        if one.is_everywhere:
            parts.append(say(_("the whole network is short: whose work waits is open")))
    return say(_("; ")).join(parts)


def _of_grid(context: Context) -> list[tuple[str, str, str]]:
    """Return the years in which the peak exceeds the low end of the grid limit, which is an estimate."""
    peaks = {year: run_measures.peak_grid_mw(context.run, year, context.focus) for year in context.periods}
    lows = {year: electricity.limit_ends(context, year)[0] for year in context.periods}
    short = [year for year in context.periods if peaks[year] > lows[year]]
    if not short:
        return []
    say, worst = context.say, max(short, key=lambda year: peaks[year] - lows[year])
    return [
        (
            say(_("The grid limit is an estimate")),
            say(
                _(
                    "at its low end the peak exceeds it in {years}: {peak} of {low} in {worst}",
                    years=spells((year, year in short) for year in context.periods),
                    peak=context.peak(peaks[worst]),
                    low=context.show.mw(float(f"{lows[worst]:.3g}")),
                    worst=worst,
                )
            ),
            say(_("date: have the power company confirm the limit before ordering")),
        )
    ]


def _of_full_halls(context: Context) -> list[tuple[str, str, str]]:
    """Return the years in which the halls of the place are full: the plan keeps none empty."""
    full = utilisation.full_years(context)
    if not full:
        return []
    say = context.say
    return [
        (
            say(_("Halls are full")),
            say(
                _(
                    "occupancy {share} in {years}: least cost fills halls before it builds, and keeps no room for growth "
                    "or repair",
                    share=percent(context, 1.0),
                    years=spells((period, period in full) for period in context.periods),
                )
            ),
            say(_("reserve: halls beyond the plan, as many as operators keep free")),
        )
    ]


def _of_estimates(context: Context) -> list[tuple[str, str, str]]:
    table = context.decided("estimates")
    if table is None:
        return []
    say, found = context.say, []
    for row in run_measures.records(table.sort_values("rank", kind="stable").head(MOST_ESTIMATES)):
        ends = [float(row[f"cost_{end}_mcny"]) for end in ("low", "high")]
        if not all(math.isfinite(end) for end in ends):
            effect = say(_("at its unfavourable end demand cannot be met"))
        else:
            low, high = (context.show.money(end) for end in sorted(ends))
            effect = say(_("cost of the network {low} to {high}", low=low, high=high))
        name = estimate_sensitivity.name(context, row)
        found.append((say(_("Estimate: {name}", name=name)), effect, say(_("settle the figure before ordering"))))
    return found


def _of_ceilings(context: Context) -> list[tuple[str, str, str]]:
    spent = sum(float(one.order["capex_mcny"]) for one in order_ceilings.reached(context) if one.supposed)
    if not spent > build_facts.SMALLEST_ORDER_MCNY:
        return []
    say = context.say
    return [
        (
            say(_("Yearly limits of orders are estimates")),
            say(_("{money} of orders stand at such a limit", money=money(context, spent))),
            say(_("date: agree deliveries with suppliers first")),
        )
    ]


def _limits(context: Context) -> Table | None:
    """Return the limits and budgets that bind, the dearest first, with what one per cent more would save."""
    found = shadow_prices.worth(context)
    if not len(found):
        return None
    say, divisor = context.say, context.money.divisor
    lines = tuple(
        Row((Cell(bare(shadow_prices.sentence(context, row))), _worth(context, float(row["worth"]), divisor)))
        for row in run_measures.records(found.head(MOST_LIMITS))
    )
    columns = (Column(say(_("Binding limit (紧约束)"))), Column(say(_("1 % more saves")), number=True))
    note = say(_("Discounted, over the horizon, in the whole network; for small changes only."))
    return Table(say(_("Limits that cost most")), columns, lines, note=note)


def _worth(context: Context, mcny: float, divisor: float) -> Cell:
    """Return money with its unit as a cell."""
    return Cell(context.show.money(mcny), value=mcny / divisor)
