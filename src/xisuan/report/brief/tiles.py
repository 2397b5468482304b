"""The six tiles of a plan of sites: each a question, a number, its range and a verdict."""

from __future__ import annotations

import math

from xisuan.decisions.confidence.stress_cases import DEMAND_CHANGE
from xisuan.report import run_measures, terms
from xisuan.report.brief import open_choices, outcome_tiles
from xisuan.report.brief.brief_words import CONFIDENCE, LINES, TONES, computing, confidence, effect, used_up
from xisuan.report.document.blocks import Tile
from xisuan.report.facts import build_facts, customer_facts, money_facts, ranges, turning_facts
from xisuan.report.operation import electricity
from xisuan.report.place_amounts import case_money, energy, money, money_digits, percent, span
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, MISSING, exact, plain
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled


def tiles(context: Context) -> tuple[Tile, ...]:
    """Return six tiles: build, money, customers, what turns the plan, targets, cities; power and use where those lack."""
    found = [_build(context), _money(context), _customers(context), _turns(context)]
    found += [tile for tile in (outcome_tiles.targets(context), outcome_tiles.cities(context)) if tile is not None]
    spare = (_power(context), _use(context))
    return tuple([*found, *spare][:6])


def _build(context: Context) -> Tile:
    say = context.say
    lines = build_facts.procurement(context)
    kind, precision = build_facts.leading_class(context)
    by_year, decimals = build_facts.ordered_by_year(context)
    level = ranges.build_confidence(context)
    rows: list[tuple[str, str]] = []
    if by_year:
        value, unit = exact(sum(by_year.values()), decimals), f"EFLOPS {precision}"
        label = say(_("{name} ordered, {span}", name=computing(context, kind), span=context.span))
        shown = [f"{year}: {exact(eflops, decimals)}" for year, eflops in by_year.items()]
        rows.append((say(_("by year")), say(_("; ")).join(shown)))
    else:
        total_mw = sum(line.mw for line in lines if line.mw > 0)
        value, unit, label = (
            plain(float(f"{total_mw:.3g}")),
            "MW",
            say(_("of IT power ordered, {span}", span=context.span)),
        )
    halls = [line for line in lines if line.asset == "hall"]
    year = min((line.period for line in halls), default=0)
    rows.append(
        (say(_("new halls")), say(_("from {year}: {mw}", year=year, mw=_mw(context, sum(one.mw for one in halls))))
         if halls else say(_("none up to {year}", year=context.last)))
    )  # fmt: skip
    rows += _grid(context)
    return Tile(
        say(_("What is built, and when?")), value, unit, label, tuple(rows), _power_span(context),
        confidence(context, [level]), TONES[level], "build",  # type: ignore[arg-type]
    )  # fmt: skip


def _grid(context: Context) -> list[tuple[str, str]]:
    """Return the peak from the grid beside the limit of its zones in the last period; empty without a limit."""
    given = electricity.grid_limits(context, context.last)
    limit = sum(given.get(zone, math.nan) for zone in electricity.focus_zones(context))
    if not (math.isfinite(limit) and limit > 0):
        return []
    peak = run_measures.peak_grid_mw(context.run, context.last, context.focus)
    shown = context.say(_("{peak} of {limit} MW", peak=exact(peak, context.peak_decimals), limit=plain(limit)))
    return [(context.say(_("grid peak and limit, {year}", year=context.last)), shown)]


def _power_span(context: Context) -> str:
    """Return the range of new IT power over the cases and estimates tried; blank where nothing was varied."""
    low, high, tables = ranges.power_ratio(context)
    planned = ranges.new_mw(context)
    if not tables:
        return context.say(_("no range: a quick run varies nothing"))
    return context.say(
        _(
            "{open}new IT power {span} in the cases (plan: {base})",
            open=_open_size(context),
            span=span(low * planned, high * planned, "MW"),
            base=_mw(context, planned),
        )
    )


def _open_size(context: Context) -> str:
    """Return the range of the place over plans within 1 % of the least cost; blank if it is firm."""
    reach = open_choices.reach(context)
    return context.say(_("{span} within 1 % of cost; ", span=reach)) if reach else ""


def _mw(context: Context, value: float) -> str:
    """Return a power with three significant digits."""
    return context.show.mw(float(f"{value:.3g}"))


def _money(context: Context) -> Tile:
    say = context.say
    fact = build_facts.capital(context)
    payers = money_facts.payers(context)
    rows = [(_payer(context, one), money(context, one.total)) for one in payers[:LINES]]
    if len(payers) > LINES:
        rest = sum(one.total for one in payers[LINES:])
        rows[-1] = (say(_("others")), money(context, payers[LINES - 1].total + rest))
    if fact.has_range:
        ends = "–".join(case_money(context, end, unit=False) for end in (fact.low, fact.high))
        reach = say(_("{span} {unit} over the cases tried", span=ends, unit=context.money.unit))
    else:
        reach = say(_("no range: a quick run varies nothing"))
    full = used_up(context)
    level = "estimate" if ranges.rests_on_estimates(context) else fact.confidence
    verdict = say(CONFIDENCE[level])
    if full:
        verdict += say(_("; budget used up: {budgets}", budgets=full))
    base = context.scenario.settings.base_year
    label = say(_("capital ordered here, {span}, prices of {year}", span=context.span, year=base))
    if not full and any(one.limit > 0 for one in payers):
        verdict += say(_("; no budget used up"))
    if payers and all(one.party not in ("", "public") for one in payers):
        verdict += say(_("; no public money"))
    return Tile(
        say(_("What does it cost, and who pays?")), money_digits(context, fact.value), context.money.unit, label,
        tuple(rows), reach, verdict, "open" if full or ranges.rests_on_estimates(context) else "plain", "money",
    )  # fmt: skip


def _payer(context: Context, one: money_facts.Payer) -> str:
    return context.investor(one.investor) if one.investor else context.say(_("payer not named"))


def _customers(context: Context) -> Tile:
    say = context.say
    found = customer_facts.origins(context)
    afar = [one for one in found if not one.is_own]
    question = say(_("Whose work comes?"))
    if not afar:
        return Tile(question, "0", "", say(_("no work of other regions comes")), (_own(context),), section="customers")
    first, *others = afar
    seen = {first.region}
    rows: list[tuple[str, str]] = []
    for one in others:
        if one.region not in seen and len(rows) < LINES - 1:
            seen.add(one.region)
            rows.append((_of(context, one), percent(context, one.share)))
    share = percent(context, first.share)
    return Tile(
        question, share.rstrip("%\u00a0 "), "%", say(_("of {work}", work=_of(context, first))),
        (*rows, _own(context)), _share_span(context, first), _stays(context), "plain", "customers",
    )  # fmt: skip


def _share_span(context: Context, first: customer_facts.Origin) -> str:
    """Return the range of the largest share from afar over the cases tried, and how many regions send work."""
    low, high = customer_facts.share_range(context, first)
    if not math.isfinite(low):
        return context.say(_("no range: the cases do not follow it; ")) + _waiting(context)
    ends = span(float(f"{100.0 * low:.3g}"), float(f"{100.0 * high:.3g}"))
    shown = f"{ends}%" if context.language == "zh" else f"{ends}{GAP}%"
    return context.say(_("{span} in the cases; ", span=shown)) + _waiting(context)


def _of(context: Context, one: customer_facts.Origin) -> str:
    """Return work by its region: *Guangdong's AI training*."""
    region, work = context.name("regions", one.region), inside(context.workload(one.workload))
    return context.say(_("{region}'s {work}", region=region, work=work))


def _own(context: Context) -> tuple[str, str]:
    """Return how much of the region's own work runs here: the lowest and the highest share of its workloads."""
    rows = customer_facts.own_work(context)
    if not len(rows):
        return context.say(_("own work")), MISSING
    low, high = float(rows["share"].min()), float(rows["share"].max())
    ends = [percent(context, low), percent(context, high)]
    least = inside(context.workload(str(rows.sort_values("share", kind="stable")["workload"].iloc[0])))
    reach = context.say(_("{low} ({work}) to {high}", low=ends[0], work=least, high=ends[1]))
    return context.say(_("own work served here")), ends[0] if ends[0] == ends[1] else reach


def _waiting(context: Context) -> str:
    """Return how many regions send work."""
    regions = {one.region for one in customer_facts.origins(context) if not one.is_own}
    return context.say(_("{n} other regions send work, {year}", n=len(regions), year=context.last))


def _stays(context: Context) -> str:
    """Return how much of the most urgent work of afar comes."""
    rows = context.scenario["workloads"].drop_duplicates("workload", keep="last").dropna(subset=["latency_ms"])
    if not len(rows):
        return ""
    name = str(rows.sort_values("latency_ms", kind="stable")["workload"].iloc[0])
    regions, called = context.senders
    share = customer_facts.share_here(context, name, frozenset(regions))
    if not math.isfinite(share):
        return ""
    key = (
        unfilled("{work} of {regions} stays there")
        if share < customer_facts.LEAST_SHARE
        else unfilled("{work} of {regions} stays there, {share} comes")
        if share < STAYS
        else unfilled("{share} of {work} of {regions} comes")
    )
    return context.say(_(key, work=context.workload(name), regions=called, share=percent(context, share)))


STAYS = 0.05
"""Share of a workload below which it is said to stay where it arises."""


def _turns(context: Context) -> Tile:
    say, question = context.say, context.say(_("What turns the plan?"))
    rows = _levers(context)
    flips = turning_facts.flips(context)
    if not flips:
        if not rows:
            return Tile(
                question, MISSING, "", say(_("not tested: a quick run leaves out prices and cases")), section="what_if"
            )
        label, value = rows[0]
        return Tile(question, value, "", label, tuple(rows[1:]), section="what_if")
    first = flips[0]
    key = EDGE if first.is_edge else FLIP[first.loses, first.found]
    label = say(_(key, what=say(WHAT[first.what])))
    if first.taker and first.found and first.loses:
        label += say(_(", mostly to {site}", site=context.site(first.taker)))
    return Tile(
        question, exact(first.price, 2), say(_("CNY/kWh")), label,
        tuple(rows[:LINES]), _price_span(context, first, bool(rows)),
        say(_("the plan stands at this edge")) if first.is_edge else "", "open" if first.is_edge else "plain", "what_if",
    )  # fmt: skip


WHAT = {"compute": _("new equipment"), "halls": _("new halls")}
"""Builds that leave at a price of power."""
FLIP = {
    (True, True): unfilled("power price from which half of the {what} goes elsewhere"),
    (True, False): unfilled("highest power price tried: most of the {what} stays here"),
    (False, True): unfilled("power price from which {what} are ordered here"),
    (False, False): unfilled("lowest power price tried: no {what} here"),
}
"""Meaning of a break-even price: the place loses by it or not, and it was found or not."""


EDGE = unfilled("power price about which {what} come or go")
"""Meaning of a break-even price from which something is ordered that the plan orders already, on its own hours."""


def _price_span(context: Context, flip: turning_facts.Flip, has_lines: bool) -> str:
    """Return the prices of the plan beside the break-even, demand charge included, and what the lines of the tile are."""
    ends = {"list": flip.list_price, "contract": flip.contract}
    known = [exact(price, 2) for price in ends.values() if math.isfinite(price)]
    key = unfilled("now {list} by list, {contract} by contract") if len(known) == 2 else unfilled("now {list} by list")
    said = context.say(_(key, list=exact(flip.list_price, 2), contract=exact(flip.contract, 2)))
    return said + (context.say(_("; lines: new IT power here")) if has_lines else "")


def _levers(context: Context) -> list[tuple[str, str]]:
    """Return what demand, the price of power (as reported where it is known) and latency do to new IT power here."""
    both = [turning_facts.named(context, name) for name in turning_facts.ALL_DEMAND]
    found = []
    if all(both):
        changes = " / ".join(effect(context, one, is_short=True) for one in both if one is not None)
        share = f"{DEMAND_CHANGE * 100:g}"
        found.append((context.say(_("Demand {share} % up with budgets / down", share=share)), changes))
    for kind in ("power", "latency", "date") if found else ("demand", "power", "latency", "date"):
        reported = turning_facts.named(context, turning_facts.REPORTED) if kind == "power" else None
        one = reported or turning_facts.largest(context, kind)
        if one is not None:
            found.append((one.label[context.language], effect(context, one, is_short=True)))
    return found


def _power(context: Context) -> Tile:
    say, rows = context.say, context.energy
    rows = rows[(rows["period"] == context.last) & rows["site"].isin(list(context.focus))]
    question = say(_("How much power does it take?"))
    if not len(rows):
        return Tile(question, MISSING, "", say(_("the plan has no power here")), section="power")
    value, _gap, unit = energy(context, float(rows["facility_mwh"].sum())).partition("\u00a0")
    peak = context.peak(run_measures.peak_grid_mw(context.run, context.last, context.focus))
    lines = ((say(_("peak from the grid")), peak),)
    label, reach = say(_("electricity in {year}", year=context.last)), say(NOT_VARIED)
    return Tile(question, value, unit, label, lines, reach, section="power")


def _use(context: Context) -> Tile:
    say = context.say
    occupancy = run_measures.occupancy(context.run, context.last, context.focus)
    used = run_measures.utilisation(context.run)
    used = used[(used["period"] == context.last) & used["site"].isin(list(context.focus)) & (used["installed"] > 1e-9)]
    sums = used[used["class"] != "storage"].groupby("class", sort=False)[["installed", "used"]].sum()
    lines = tuple(
        (say(terms.named(terms.SHORT_CLASSES, str(kind))), percent(context, float(share)))
        for kind, share in (sums["used"] / sums["installed"]).items()
    )
    question = say(_("How full is it?"))
    if not math.isfinite(occupancy):
        return Tile(question, MISSING, "", say(_("no halls are given")), lines[:LINES], section="power")
    share = percent(context, occupancy)
    label = say(_("of halls occupied in {year}; utilisation:", year=context.last))
    return Tile(question, share.rstrip("%\u00a0 "), "%", label, lines[:LINES], say(NOT_VARIED), section="power")


NOT_VARIED = _("no range: the cases follow new IT power alone")
"""Reason for a number without a range."""
