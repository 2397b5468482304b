"""The decisions due: what to order first, for how much, by when, and the event that would change it."""

from __future__ import annotations

from xisuan.report import terms
from xisuan.report.brief.brief_words import effect
from xisuan.report.document.blocks import Due
from xisuan.report.facts import ranges, turning_facts, waiting_facts
from xisuan.report.facts.decisions_due import Decision, decisions
from xisuan.report.place_amounts import money, percent
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, plain
from xisuan.text.translation import message as _

WHAT = {
    "compute": _("Order equipment"),
    "hall": _("Build halls"),
    "retrofit": _("Retrofit halls"),
    "link": _("Expand links"),
    "access": _("Roll out gigabit access"),
}
"""Decisions by kind; plants are named."""
PLANTS = {**terms.ASSETS, "battery": _("Batteries")}
"""Names of plants."""


def due(context: Context) -> tuple[Due, ...]:
    """Return the decisions due now, the earliest first."""
    return tuple(_due(context, one) for one in decisions(context))


def _due(context: Context, one: Decision) -> Due:
    say = context.say
    spent = context.show.money(one.mcny) if one.kind in ("link", "access") else money(context, one.mcny)
    size = _size(context, one)
    what = _what(context, one) + (say(_(": {size}", size=size)) if size else "")
    unit, aim = context.money, _aim(context) if one.kind == "compute" else ""
    return Due(what, spent, _date(context, one), _event(context, one) + aim, one.mcny / unit.divisor, unit.unit)


def _date(context: Context, one: Decision) -> str:
    """Return the years of order and of first use, and what waiting for the order of computing saves."""
    say = context.say
    found = waiting_facts.waiting(context) if one.kind == "compute" else None
    if found is not None and found.cheaper > ranges.NOTABLE:
        saved = {"share": percent(context, found.cheaper), "first": found.first}
        ordered = say(_("order in {year}, {share} cheaper than in {first}", year=one.year, **saved))
    else:
        ordered = say(_("order in {year}", year=one.year))
    if one.in_use_from > one.year:
        return ordered + say(_(", in use from {start}", start=one.in_use_from))
    return ordered + say(_(", in use the same year"))


def _aim(context: Context) -> str:
    """Return what the aim for a first year without orders of computing would cost; blank where none is missed."""
    found = waiting_facts.waiting(context)
    if found is None or not found.missing > 0:
        return ""
    return context.say(
        _(
            " {aim} EFLOPS in {year}, as aimed at, would cost {money} then.",
            aim=plain(float(f"{found.aim:.3g}")),
            year=found.first,
            money=money(context, found.mcny),
        )
    )


def _what(context: Context, one: Decision) -> str:
    """Return what is to be done; plants are named by kind, for a battery supplies nothing by itself."""
    if one.kind != "supply":
        return context.say(WHAT[one.kind])
    names = [inside(context.say(terms.named(PLANTS, asset))) for asset in one.things]
    return context.say(_("Build {plants}", plants=context.show.listed(names)))


def _size(context: Context, one: Decision) -> str:
    """Return how much is decided on, in the unit that people count it in."""
    if one.eflops > 0:
        return f"{plain(float(f'{one.eflops:.3g}'))}{GAP}EFLOPS"
    if one.kind == "link" and one.gbps > 0:
        return f"{plain(float(f'{one.gbps:.3g}'))}{GAP}Gbps"
    return context.show.mw(float(f"{one.mw:.3g}")) if one.mw > 0 else ""


def _event(context: Context, one: Decision) -> str:
    """Return the event that would change a decision, by what the run has varied."""
    say = context.say
    if one.kind == "access":
        return say(_("Changes if the standard for gigabit cities or its date changes."))
    if context.decided("stress") is None:
        return say(_("Which event would change it was not tested: this run left the cases out."))
    found = _largest(context, one)
    if found is None:
        return say(_("No case tried changes it by 1 % or more."))
    is_open = one.confidence == "interchangeable" and not ranges.open_sizes(context)
    firm = say(_(" Within 1 % of cost it could stand elsewhere.")) if is_open else ""
    return say(
        _(
            "Reconsider if “{case}”: new IT power {change}.",
            case=inside(found.label[context.language]),
            change=effect(context, found),
        )
    ) + firm  # fmt: skip


def _largest(context: Context, one: Decision) -> turning_facts.Case | None:
    """Return the case that changes the kind of decision most: a detour for links, demand for the others."""
    kinds = ("latency", "demand") if one.kind == "link" else ("demand", "power", "latency")
    for kind in kinds:
        reported = turning_facts.named(context, turning_facts.REPORTED) if kind == "power" else None
        for found in (reported, turning_facts.largest(context, kind)):
            if found is not None and abs(found.build_change) >= ranges.NOTABLE:
                return found
    return None
