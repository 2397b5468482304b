"""Words and amounts of the brief: confidence, ranges, money in the digits of its tables."""

from __future__ import annotations

import math
from collections.abc import Iterable

from xisuan.report import terms
from xisuan.report.facts.build_facts import capital_decimals
from xisuan.report.facts.fact import Confidence
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, exact, plain
from xisuan.text.translation import message as _

CONFIDENCE: dict[Confidence, str] = {
    "firm": _("firm: in every plan within 1 % of the least cost"),
    "interchangeable": _("interchangeable within 1 % of cost"),
    "estimate": _("rests on an estimate"),
    "published": _("published"),
    "untested": _("not tested in this run"),
}
"""How certain a number is, in words."""
TONES = {"firm": "firm", "published": "firm", "interchangeable": "open", "estimate": "open", "untested": "plain"}
"""Tone of a tile by the confidence of its number."""


def confidence(context: Context, levels: Iterable[Confidence]) -> str:
    """Return levels of confidence in words, each once; *not tested* only where nothing else is known."""
    known = dict.fromkeys(levels)
    if len(known) > 1:
        known.pop("untested", None)
    return context.say(_("; ")).join(context.say(CONFIDENCE[level]) for level in known)


def money(context: Context, mcny: float) -> str:
    """Return capital of the place in the digits and unit of its tables."""
    return f"{money_digits(context, mcny)}{GAP}{context.money.unit}"


def money_digits(context: Context, mcny: float) -> str:
    """Return capital of the place in the digits of its tables, without the unit; smaller amounts as `<0.1`."""
    decimals = capital_decimals(context)
    value, least = mcny / context.money.divisor, 10.0**-decimals
    return f"<{exact(least, decimals)}" if 0.0 < value < least / 2 else exact(value, decimals)


def span(low: float, high: float, unit: str = "") -> str:
    """Return a range such as `85–310 MW`; blank where it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    ends = [plain(low), plain(high)]
    text = ends[0] if ends[0] == ends[1] else "–".join(ends)
    return f"{text}{GAP}{unit}" if unit else text


def computing(context: Context, kind: str) -> str:
    """Return the name of a class of computing inside a sentence."""
    return inside(context.say(terms.named(terms.PLAIN_CLASSES, kind)))


def percent(context: Context, share: float) -> str:
    """Return a share with at most three significant digits and its sign: `74 %`, `0.6 %`, `74%` in Chinese."""
    value = 100.0 * share
    text = "<0.1" if 0.0 < value < 0.05 else exact(value, 0 if abs(value) >= 9.95 or not value else 1)
    return text + ("%" if context.language == "zh" else f"{GAP}%")


def change(context: Context, share: float) -> str:
    """Return a relative change with its sign: `+12 %`, `−30 %`."""
    text = percent(context, abs(share))
    return (
        ("+" if share > 0 else "−" if share < 0 else "±") + text
        if abs(share) >= LEAST_CHANGE
        else percent(context, 0.0)
    )


LEAST_CHANGE = 5e-4
"""Relative change that is shown as none."""
