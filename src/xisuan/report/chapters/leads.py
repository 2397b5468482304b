"""Opening sentences of the chapters: each answers one question, with figures that stand in a table of the chapter."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from xisuan.report import place_amounts, run_measures, terms
from xisuan.report.build import build_orders, facility_scale, order_ceilings
from xisuan.report.confidence import robust_builds
from xisuan.report.confidence.estimate_sensitivity import rests
from xisuan.report.costs import cost_sharing, rival_sites
from xisuan.report.document.number_cells import strong
from xisuan.report.facts import build_facts, money_facts, ranges, waiting_facts
from xisuan.report.operation import incoming_work, utilisation
from xisuan.report.operation.service_areas import LEFT
from xisuan.report.run_context import Context, inside
from xisuan.report.tracking import targets_sentence
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

HIGHER = 0.005
"""Share of the peak by which that of other days must exceed it to be told."""
BATTERY = ("battery", "battery_energy")


def _build(context: Context) -> str:
    """Return what to build by the last year, and what to start now."""
    say, first = context.say, context.periods[0]
    lines = facility_scale.lines(context)[:2]
    added = [
        say(
            _(
                "{new} {what}, to reach {total}{stood}",
                what=line.noun,
                new=strong(line.shown(line.ordered)),
                total=strong(line.shown(line.total)),
                stood=_stood(context, line),
            )
        )
        for line in lines
        if line.ordered > 0
    ]
    if not added:
        return _little(context)
    now = [
        say(_("{amount} {what}", what=line.noun, amount=strong(line.shown(line.years[first]))))
        for line in lines
        if line.years.get(first, 0.0) > 0
    ]
    place = context.focus_name
    said = say(
        _("By {year} build at {place} {added}.", year=context.last, place=place, added=context.show.joined(added))
    ) + order_ceilings.said(context)
    if len(context.periods) == 1:
        return said
    if now:
        return said + say(_(" Start with {now} in {first}.", first=first, now=context.show.listed(now)))
    what, money = _bought(context, first)
    if not what:
        nothing = say(_(" The plan orders nothing at {place} in {first}.", first=first, place=place))
        return said + nothing + _waiting(context)
    later = context.show.listed([inside(line.title) for line in lines if line.ordered > 0])
    return (
        said
        + say(
            _(
                " Order {what} in {first}, for {money}; of {later} the plan orders nothing that year.",
                first=first,
                what=what,
                money=money,
                later=later,
            )
        )
        + _waiting(context)
    )


def _waiting(context: Context) -> str:
    """Return why the first year orders no computing of the leading class here; blank where it does."""
    found, say = waiting_facts.waiting(context), context.say
    if found is None:
        return ""
    sites = context.show.listed([context.site(site) for site in found.sites])
    kind = inside(say(terms.named(terms.PLAIN_CLASSES, build_facts.leading_class(context)[0])))
    said = (
        say(
            _(
                " The {kind} that the network lacks in {year} is ordered at {sites}",
                kind=kind,
                year=found.first,
                sites=sites,
            )
        )
        if sites
        else say(_(" The {kind} that stands meets the demand of {year}", kind=kind, year=found.first))
    )
    if found.cheaper > ranges.NOTABLE:
        saved = place_amounts.percent(context, found.cheaper)
        said += say(_(", and an EFLOPS costs {share} less from {year}", share=saved, year=found.start))
    said += say(_("."))
    if not found.missing > 0:
        return said
    return said + say(
        _(
            " The aim of {aim} EFLOPS for {year} would take {missing} EFLOPS more in that year, {money}.",
            aim=plain(float(f"{found.aim:.3g}")),
            year=found.first,
            missing=plain(float(f"{found.missing:.3g}")),
            money=place_amounts.money(context, found.mcny),
        )
    )


def _stood(context: Context, line: facility_scale.Line) -> str:
    """Return what stood of it and is still in use in the last year; blank where all of it is, or nothing stood."""
    if line.began - line.stood <= LEFT * line.began:
        return ""
    began, left = strong(plain(line.began)), strong(plain(line.stood))
    return context.say(
        _(
            " ({began} stand in {first}, of which {left} are still in use in {year})",
            first=context.periods[0],
            began=began,
            left=left,
            year=context.last,
        )
    )


def _bought(context: Context, period: int | None = None) -> tuple[str, str]:
    """Return what is ordered at the place, in a year or (None) in all, and for how much; blank where nothing is."""
    builds = build_facts.orders(context)
    builds = builds if period is None else builds[builds["period"] == period]
    names = dict.fromkeys(inside(_called(context, row)) for row in run_measures.records(builds))
    return context.show.listed(list(names)), strong(place_amounts.money(context, float(builds["capex_mcny"].sum())))


def _called(context: Context, row: dict[str, Any]) -> str:
    """Return the name of an order; power and energy of batteries are one thing."""
    return context.say(_("Batteries")) if row["asset"] in BATTERY else build_orders.what(context, row)


def _little(context: Context) -> str:
    """Neither racks nor computing are ordered: what else is, if anything."""
    say, place = context.say, context.focus_name
    what, money = _bought(context)
    if not what:
        return say(_("The plan builds nothing at {place} up to {year}.", place=place, year=context.last))
    return say(
        _(
            "Up to {year} the plan orders at {place} only {what}, for {money}.",
            place=place,
            year=context.last,
            what=what,
            money=money,
        )
    )


def _cost(context: Context) -> str:
    say, show = context.say, context.show
    capital = build_facts.capital(context).value
    if capital == 0:
        return say(_("Nothing is ordered at {place}, so there is nothing to pay for.", place=context.focus_name))
    shares = money_facts.parties(context)
    nobody = shares.pop("", 0.0)
    parts = [
        say(_("{who} {money}", who=payer(context, name), money=strong(place_amounts.money(context, value))))
        for name, value in shares.items()
    ]
    tail = cost_sharing.basis(context)
    tail += (
        ""
        if "public" in shares or "operator" not in shares
        else say(_("; no public money is given, so it counts as 0"))
    )
    tail += (
        say(_("; who pays {money} of it is not named", money=strong(place_amounts.money(context, nobody))))
        if nobody
        else ""
    )
    return say(
        _(
            unfilled("Orders at {place} in {span} cost {money} (undiscounted), paid by {parts}{public}.")
            if parts
            else unfilled("Orders at {place} in {span} cost {money} (undiscounted); who pays is not named."),
            place=context.focus_name,
            span=context.span,
            money=strong(place_amounts.money(context, capital)),
            parts=show.listed(parts),
            public=tail,
        )
    )


def payer(context: Context, name: str) -> str:
    """Return the name of a party, or of an investor of whom no more is known."""
    known = context.say(terms.named(terms.PARTIES, name))
    return context.investor(name) if known == name else known


def _full(context: Context) -> str:
    say, show = context.say, context.show
    occupancy = run_measures.occupancy(context.run, context.last, context.focus)
    used = run_measures.utilisation(context.run)
    used = used[(used["period"] == context.last) & used["site"].isin(list(context.focus)) & (used["installed"] > 1e-9)]
    sums = used.groupby("class", sort=False)[["installed", "used"]].sum()
    classes = sorted((str(kind) for kind in sums.index), key=lambda kind: run_measures.CLASS_ORDER.get(kind, 9))
    share = sums["used"] / sums["installed"]
    parts = [
        say(
            _(
                "{share} for {name}",
                name=say(terms.named(terms.PLAIN_CLASSES, kind)),
                share=strong(context.share(float(share[kind]))),
            )
        )
        for kind in classes
        if kind != "storage"
    ]
    if not math.isfinite(occupancy) and not parts:
        return say(_("Nothing stands at {place}, so there is nothing to fill.", place=context.focus_name))
    values = {"year": context.last, "place": context.focus_name, "parts": show.listed(parts)}
    if not math.isfinite(occupancy):
        return say(_("In {year}, utilisation (算力利用率) at {place} is {parts}.", **values))
    occupied = strong(context.share(occupancy))
    tail = say(_(" None of its halls is kept empty in reserve.")) if occupancy > utilisation.FULL else ""
    if not parts:
        return (
            say(
                _(
                    "In {year}, {place} is {share} occupied (上架率); nothing that computes is installed.",
                    share=occupied,
                    **values,
                )
            )
            + tail
        )
    return (
        say(
            _(
                "In {year}, {place} is {full}{parts}.",
                full=say(_("{share} occupied (上架率); utilisation (算力利用率) is ", share=occupied)),
                **values,
            )
        )
        + tail
    )


def _power(context: Context) -> str:
    rows = context.energy
    rows = rows[(rows["period"] == context.last) & rows["site"].isin(list(context.focus))]
    if not len(rows):
        return context.say(_("The plan has no power at {place}.", place=context.focus_name))
    return context.say(
        _(
            "In {year}, {place} draws at most {peak} from the grid and uses {energy} of electricity.",
            year=context.last,
            place=context.focus_name,
            peak=strong(context.peak(run_measures.peak_grid_mw(context.run, context.last, context.focus))),
            energy=strong(place_amounts.energy(context, float(rows["facility_mwh"].sum()))),
        )
    ) + _on_other_days(context)


def _on_other_days(context: Context) -> str:
    """Return the peak on days that the plan was not made for, where it is higher: the grid must bear it."""
    here = run_measures.peak_grid_mw(context.run, context.last, context.focus)
    there = run_measures.other_peak_mw(context.run, context.last, context.focus)
    if not there > here * (1.0 + HIGHER):
        return ""
    return context.say(_(" On other days of the year that peak is up to {peak}.", peak=strong(context.peak(there))))


SENTENCES: dict[str, Callable[[Context], str]] = {
    "build": _build,
    "cost": _cost,
    "comes": incoming_work.said,
    "wins": rival_sites.wins,
    "use": _full,
    "power": _power,
    "targets": targets_sentence.said,
    "rests": lambda context: rests(context) + robust_builds.said(context) + robust_builds.gravest(context),
}
"""Opening sentences by topic."""
