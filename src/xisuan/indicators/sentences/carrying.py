"""Units that an English sentence says once: 566 billion yuan in 2015 and 1,267 billion in 2023, from 851 billion to 1,427
billion yuan. A number with a word for millions or more and no unit of its own takes that of the amount before it, else of
the one that its change goes to; never where it counts something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.language.quantities import Quantity, money, quantities
from xisuan.indicators.language.tokens import Mention, Where
from xisuan.indicators.language.units import Units
from xisuan.indicators.language.vocabulary import MONEY, Vocabulary, fold

_NO_UNIT = ("", "1", "pct", "pp", "fold", "price", "rate", "per_10k", "ratio", "other", "foreign")
"""Units that no other number takes over."""
_ENDS = re.compile(
    r"\s*(?:$|[,.;:)(–—]|-\s|(?:in|at|by|for|from|to|and|or|but|while|whereas|when|as|during|over|than|up|down|compared|against"
    r"|respectively|last|this|a\s+year|the\s+(?:year|month|quarter)|after|before|year-on-year|on\s+the|with|was|were|is|of\s+(?:it|that|this|which|them|these|wind|solar|hydro|thermal|nuclear))\b)"
)
"""Behind a number that counts nothing."""
_EARNS = re.compile(
    r"(?:'s\s+firms|'s\s+companies)?\s+(?:alone\s+|itself\s+)?(?:earned|booked|posted|reported|brought\s+in|collected|followed)\b"
)
"""Behind a region that a sentence opens with, that it took in some of the money just told."""
_BILLION = 1e9
"""The least number that is taken for money without a word of it."""
_OF_THIS = re.compile(r"\s*of\s+(?:this|that|it|which|the\s+total|this\s+total|this\s+sum)\b")
"""How a sentence opens that goes on with the parts of what was told."""
_SAID_AGAIN = re.compile(
    r"[\s\"“]*(?:(?:in|by|at|for|over|during|from|this|last|next|but|and|so|then)\s[^,;.\d]{0,12}(?:(?:19|20)\d\d)?[^,;.\d]{0,40}?,?\s+)?"
    r"(?:(?:it|this|that|the\s+(?:figure|total|sum|amount|value))\s+(?:was|had\s+been|has\s+been|is|stood\s+at|stands\s+at|came\s+to|comes\s+to|reached|has\s+reached|hit|amounted\s+to|should|will|would)\b"
    r"|(?:we|they)\s+(?:have\s+|had\s+)?(?:already\s+|just\s+|now\s+)?(?:had|took\s+in|taken\s+in|earned|made|booked|hope\s+for|aim\s+for|(?:are|were)\s+aiming\s+(?:for|at)|(?:are|were)\s+hoping\s+for|expect|want)\b)"
)
"""How a sentence opens that says how much of what was told before there was at another time."""
_POWER = ("EFLOPS", "MW", "GWh")
"""Units of power, in which so much of what was told is told again without them."""
_IT_WAS = re.compile(
    r"[^.;:\d]{0,60}?(?:\b(?:in|of|at)\s+(?:[a-z]+\s+)?(?:19|20)\d\d[^.;:\d]{0,8}?)?\b(?:it|this|that|the\s+(?:figure|total|number|level))"
    r"\s+(?:(?:had\s+(?:still\s+|only\s+)?been|(?:will|should|would|is\s+to)\s+(?:be|reach)|was|is|stood\s+at|came\s+to)\s+)(?:(?:not\s+even|only|just|about|some|nearly|still|barely|over)\s+)*"
)
"""What leads to how much it was at another time: five years earlier it had been 13."""
_DOERS = re.compile(r"\b(?:used|watched|played|enjoyed|visited|read|placed|chosen|made|done|sent)\s+by\s+\S*\s*$")
"""Before so many who do something."""


def carried(
    text: str,
    amounts: Sequence[Quantity],
    mentions: Sequence[Mention],
    words: Vocabulary,
    told: str,
    regions: Sequence[Where] = (),
    said: str = "",
) -> list[Quantity]:
    """The amounts of an English sentence with the units that it says once; one that opens with `of this`, or with a
    region that takes so much, goes on with the money of `told`, the indicator of the sentence before, `said`.
    """
    out = list(amounts)
    spec = words.terms.get(told)
    if (
        spec is not None
        and spec.unit in _POWER
        and out
        and not out[0].unit
        and _IT_WAS.fullmatch(text, 0, out[0].start)
    ):
        earlier = [one for one in quantities(fold(said), [], words.units) if one.unit == spec.unit]
        if earlier and _ENDS.match(text, out[0].end) and not mentions:
            scale = earlier[-1].factor
            out[0] = replace(out[0], value=out[0].value * scale, unit=spec.unit, factor=out[0].factor * scale)
    opens = _OF_THIS.match(text) is not None or any(
        text[: one.start].strip() in ("", "the")
        and (words.cues.has_so_much.match(text, one.end) or _EARNS.match(text, one.end))
        for one in regions
    )
    goes_on = spec is not None and spec.unit == "mCNY" and (opens or _SAID_AGAIN.match(text) is not None)
    for at, here in enumerate(out):
        if here.unit or not here.scaled or _ENDS.match(text, here.end) is None or _DOERS.search(text, 0, here.start):
            continue
        before = next((one for one in reversed(out[:at]) if one.unit not in _NO_UNIT and one.scaled), None)
        low = before.end if before is not None else 0
        if before is None:
            before = _said_later(out[at + 1 :])
        if before is None and goes_on and here.value >= _BILLION and not _counted(mentions, 0, here, "CNY", words):
            out[at] = replace(here, value=here.value * 1e-6, unit="CNY", factor=here.factor * 1e-6)
            continue
        if before is None or _counted(mentions, low, here, before.unit, words):
            continue
        scale = 1e-6 if money(before.unit) else _factor(text, before, words.units)
        out[at] = replace(here, value=here.value * scale, unit=before.unit, factor=here.factor * scale)
    return out


def _said_later(later: Sequence[Quantity]) -> Quantity | None:
    """The amount that says the unit of those before it: A brought in 1.3 trillion, B 82 billion and C 499 billion yuan."""
    for one in later:
        if one.unit not in _NO_UNIT:
            return one if one.scaled else None
        if one.unit not in ("", "pct", "pp") or (not one.unit and not one.scaled):
            return None
    return None


def _factor(text: str, one: Quantity, units: Units) -> float:
    """What the unit of an amount is in the canonical one: a kilowatt-hour in GWh."""
    said = next((word for word in re.findall(r"[a-z]+", text[one.start : one.end]) if word in units.times), "")
    return one.factor / units.times[said] if said else one.factor


def _counted(mentions: Sequence[Mention], low: int, here: Quantity, unit: str, words: Vocabulary) -> bool:
    """Whether the indicator named last before a number, behind the amount before it, has another unit than that amount."""
    named = [one for one in mentions if low <= one.start and one.end <= here.start and not one.whole]
    spec = words.terms.get(named[-1].indicator) if named else None
    if spec is None:
        return False
    return spec.unit not in MONEY if money(unit) else spec.unit != unit
