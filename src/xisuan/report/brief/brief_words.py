"""Words and amounts of the brief: confidence, ranges, money in the digits of its tables."""

from __future__ import annotations

from collections.abc import Iterable

from xisuan.report import terms
from xisuan.report.facts.fact import Confidence
from xisuan.report.run_context import Context, inside
from xisuan.text.translation import message as _

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
