"""Words and amounts of the brief: confidence, ranges, money in the digits of its tables."""

from __future__ import annotations

from collections.abc import Iterable

from xisuan.report import terms
from xisuan.report.facts import money_facts, ranges, turning_facts
from xisuan.report.facts.fact import Confidence
from xisuan.report.place_amounts import change, percent
from xisuan.report.run_context import LEAST_SHARE, Context, inside, workload_name
from xisuan.text.translation import message as _
from xisuan.text.year_spans import spells

CONFIDENCE: dict[Confidence, str] = {
    "firm": _("firm: in every plan within 1 % of the least cost"),
    "interchangeable": _("interchangeable within 1 % of cost"),
    "estimate": _("rests on an estimate"),
    "published": _("published"),
    "untested": _("not tested in this run"),
}
"""How certain a number is, in words."""
LINES = 3
"""Lines of a tile under its number."""
TONES = {"firm": "firm", "published": "firm", "interchangeable": "open", "estimate": "open", "untested": "plain"}
"""Tone of a tile by the confidence of its number."""


def confidence(context: Context, levels: Iterable[Confidence]) -> str:
    """Return levels of confidence in words, each once; *not tested* only where nothing else is known."""
    known = dict.fromkeys(levels)
    if len(known) > 1:
        known.pop("untested", None)
    return context.say(_("; ")).join(context.say(CONFIDENCE[level]) for level in known)


def computing(context: Context, kind: str) -> str:
    """Return the name of a class of computing inside a sentence."""
    return inside(context.say(terms.named(terms.PLAIN_CLASSES, kind)))


def effect(context: Context, case: turning_facts.Case, is_short: bool = False) -> str:
    """Return the change of new IT power in a case, and the largest share of work not served.

    Only the latter if the power does not change. `is_short`: leave out which work that is.
    """
    if case.shortfall <= LEAST_SHARE:
        return change(context, case.build_change)
    share, name = percent(context, case.shortfall), inside(workload_name(context, case.workload))
    short = (
        context.say(_("{share} not served", share=share))
        if is_short
        else context.say(_("{share} of {name} not served", share=share, name=name))
    )
    is_same = abs(case.build_change) < ranges.NOTABLE
    return short if is_same else change(context, case.build_change) + context.say(_("; ")) + short


def _budget(context: Context, scope: str) -> str:
    """Return the name of a budget by its scope; that of a place limits all capital there, whoever pays."""
    if scope == "all":
        return context.say(_("all capital"))
    if scope in (context.focus_hub, *context.focus):
        return context.say(_("all capital in {place}", place=context.scope(scope)))
    return context.scope(scope)


def used_up(context: Context) -> str:
    """Return the budgets that are used up at the place, each with its years; blank if there are none."""
    found = money_facts.used_up(context)
    parts = [
        f"{_budget(context, scope)} " + spells((period, period in years) for period in context.periods)
        for scope, years in found.items()
    ]
    return context.show.joined(parts)
