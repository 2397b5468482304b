"""Chapter on what if: a card a case with what changes at the place, the price that turns it, the estimates that matter."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from xisuan.report.confidence import estimate_sensitivity
from xisuan.report.costs import site_comparison
from xisuan.report.document.blocks import Block, Card, Cards, Section, Text
from xisuan.report.facts import build_facts, ranges, turning_facts
from xisuan.report.place_amounts import case_money, change, money_digits, percent
from xisuan.report.run_context import LEAST_SHARE, Context, inside, workload_name
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled


def section(context: Context) -> Section:
    """Return the chapter."""
    say = context.say
    found: list[Block | None] = [_cards(context), _prices(context), estimate_sensitivity.brief_table(context)]
    lead = say(_("What changes at {place} if demand, prices or dates turn out otherwise.", place=context.focus_name))
    return Section("what_if", say(_("What if")), lead, tuple(block for block in found if block is not None))


def _cards(context: Context) -> Block:
    """Return a card for each case; a sentence where none was tried."""
    say, cases = context.say, turning_facts.cases(context)
    if not cases:
        return Text(say(_("No case was tried. {why}", why=context.why_not("stress"))), tone="empty")
    note = say(
        _(
            "Each case is planned beside the main plan: orders of the first year stay, later ones are planned again. "
            "Change of new IT power and racks at {place} in {year}; capital ordered here in {span}; in brackets: more "
            "or less than where nothing changes, on the same hours. {note}",
            place=context.focus_name,
            year=context.last,
            span=context.span,
            note=context.note("stress"),
        )
    )
    if any(one.name in turning_facts.ALL_DEMAND for one in cases) and context.periods[0] < context.last:
        note = (
            say(
                _(
                    "All demand: every kind of work of every region; it departs evenly from none in {first} to 50 % in "
                    "{last}. Budgets of investors grow with a higher demand; other budgets and yearly limits of orders "
                    "stay. ",
                    first=context.periods[0],
                    last=context.last,
                )
            )
            + note
        )
    return Cards(
        say(_("The first year's orders stand, then the case comes true")),
        (*_reference(context), *(_card(context, one) for one in cases)),
        note,
    )


def _reference(context: Context) -> tuple[Card, ...]:
    """Return the card that the others are compared with, beside the plan on its own hours; none if it has no plan."""
    one, say = turning_facts.unchanged(context), context.say
    if one is None or not math.isfinite(one.build_mw):
        return ()
    planned, path = build_facts.capital(context).value, build_facts.racks_path(context)
    lines = [say(_("plan: {mw}", mw=_mw(context, ranges.new_mw(context))))]
    if math.isfinite(one.capital_mcny):
        lines.append(
            say(
                _(
                    "capital {amount} (plan: {planned})",
                    amount=case_money(context, one.capital_mcny),
                    planned=money_digits(context, planned),
                )
            )
        )
    if one.racks > 0.0 and path is not None:
        racks, own = (_racks_digits(context, value) for value in (one.racks, path.values[-1]))
        lines.append(say(_("racks {amount} (plan: {planned})", amount=racks, planned=own)))
    title = say(_("Nothing changes, on the hours of the cases"))
    return (Card(title, _mw(context, one.build_mw), say(_("new IT power here")), tuple(lines), "plain"),)


def _mw(context: Context, value: float) -> str:
    """Return a power with three significant digits."""
    return context.show.mw(float(f"{value:.3g}"))


def _card(context: Context, case: turning_facts.Case) -> Card:
    say = context.say
    label = case.label[context.language]
    if not math.isfinite(case.build_mw):
        return Card(label, say(_("no plan")), say(_("the rules cannot all be met")), tone="bad")
    lines = [_capital(context, case), _racks(context, case)]
    short = case.shortfall > LEAST_SHARE
    if short:  # the cost is then that of the work served only: a lower one is no saving
        name = inside(workload_name(context, case.workload))
        lines.append(say(_("{share} of {name} not served", share=percent(context, case.shortfall), name=name)))
        lines.append(case.why[context.language])
    elif math.isfinite(case.cost_change):
        lines.append(say(_("cost of the network {change}", change=change(context, case.cost_change))))
    is_firm = abs(case.build_change) <= TURNS if math.isfinite(case.build_change) else case.build_mw == 0.0
    tone = "bad" if short else "firm" if is_firm else "open"
    told = tuple(line for line in lines if line)
    # Where the case in which nothing changes builds nothing, there is no relative change: the power itself is shown.
    is_relative = math.isfinite(case.build_change)
    value = change(context, case.build_change) if is_relative else _mw(context, case.build_mw)
    return Card(label, value, say(_("new IT power here")), told, tone)  # type: ignore[arg-type]


def _capital(context: Context, case: turning_facts.Case) -> str:
    """Return the capital ordered here in a case, net of a subsidy, and how much more or less; blank if not known."""
    if not math.isfinite(case.capital_mcny):
        return ""
    key = (
        unfilled("capital {amount} after the subsidy ({more})")
        if case.name == turning_facts.SUBSIDY
        else unfilled("capital {amount} ({more})")
    )
    amount = case_money(context, case.capital_mcny)
    return context.say(_(key, amount=amount, more=_signed(context, case.more_mcny, partial(case_money, unit=False))))


def _racks(context: Context, case: turning_facts.Case) -> str:
    """Return the racks here in a case, and how many more or fewer that are; blank without halls."""
    if not case.racks > 0.0:
        return ""
    shown = _signed(context, case.more_racks, _racks_digits)
    return context.say(_("racks {amount} ({more})", amount=_racks_digits(context, case.racks), more=shown))


def _racks_digits(context: Context, racks: float) -> str:
    """Return racks in thousands, in Chinese in 万, with three significant digits."""
    if context.language == "zh":
        return f"{plain(float(f'{racks / 1e4:.3g}'))}万架"
    return plain(float(f"{racks:.3g}"))


def _signed(context: Context, amount: float, shown: Callable[[Context, float], str]) -> str:
    """Return an amount with its sign; `±0` where it is shown as nothing."""
    digits = shown(context, abs(amount))
    if not any(digit in digits for digit in "123456789") or digits.startswith("<"):
        return "±0"
    return ("+" if amount > 0 else "−") + digits


def _prices(context: Context) -> Block:
    """Return a card for each break-even price of power; a sentence where none was sought."""
    say, found = context.say, turning_facts.flips(context)
    if not found:
        return site_comparison.break_even(context)
    cards = []
    for flip in found:
        what = say(site_comparison.FLIPPED[flip.what])
        outcome = (
            _("on the hours tried, ordered here from this price on; the plan itself orders some at the list price")
            if flip.is_edge
            else _("half of it goes elsewhere at this price") if flip.found and flip.loses
            else _("most of it stays here even at this price, the highest tried") if flip.loses
            else _("ordered here from this price on") if flip.found
            else _("none here even at this price, the lowest tried")
        )  # fmt: skip
        given = say(_("list price {price} CNY/kWh", price=plain(flip.list_price)))
        if math.isfinite(flip.contract):
            given += say(_(", contract price {price}", price=plain(flip.contract)))
        taker = context.site(flip.taker) if flip.taker and flip.found else ""
        takers = say(_("gains most: {site}", site=taker) if flip.loses else _("loses most: {site}", site=taker))
        lines = (given, takers) if taker else (given,)
        label = say(_("CNY/kWh")) + say(_("; ")) + say(outcome)
        cards.append(Card(what, plain(flip.price), label, lines, "open" if flip.found else "firm"))
    note = say(
        _(
            "Price of power at {place}, demand charge at 85 % load included. {note}",
            place=context.focus_name,
            note=context.note("break_even"),
        )
    )
    return Cards(say(_("The price of power that turns each build")), tuple(cards), note)


TURNS = 0.1
"""Relative change of new IT power from which a case changes the plan of the place."""
