"""Period, unit, value, scope and precision of an observation, and the consistency checks over all observations of a text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from xisuan.bulletins.language.lexicon import Lexicon
from xisuan.bulletins.language.quantities import Quantity, money
from xisuan.bulletins.language.time_phrases import Span
from xisuan.indicators.catalogue import Term
from xisuan.results.bulletin_reading import Observation, Unplaced
from xisuan.text.translation import message as _


def in_unit(figure: Quantity, unit: str) -> tuple[float, str]:
    """Return value and unit of a figure in the unit of its indicator; foreign currencies are not converted."""
    if money(figure.unit) and figure.unit != "CNY":
        return figure.value, f"m{figure.unit}"
    if figure.unit == "CNY":
        return (figure.value * 1e6, "CNY") if unit == "CNY" else (figure.value, "mCNY")
    if figure.unit == "Gbps" and unit in ("GB", "EB"):
        return (figure.value, "GB") if unit == "GB" else (figure.value / 1e9, "EB")
    if figure.unit == "GB" and unit == "EB":
        return figure.value / 1e9, "EB"
    return figure.value, unit


def clean(value: float) -> float:
    """Return a value rounded to 12 significant digits, without binary rounding noise."""
    return float(f"{value:.12g}")


def fitted_to(days: Span, spec: Term) -> tuple[datetime.date, datetime.date, str]:
    """Return first day, last day and basis of a figure of an indicator; a ratio of stocks is as of a day."""
    stands = "day" in spec.flags or ("point" in spec.flags and days.point)
    first, last, basis = fitted(days, "stock" if stands else spec.kind)
    return (last.replace(day=1), last, "single") if spec.indicator == "dou_month" else (first, last, basis)


def fitted(days: Span, kind: str) -> tuple[datetime.date, datetime.date, str]:
    """Return first day, last day and basis of a figure: a stock is a point, a flow to a date starts on 1 January."""
    if kind == "stock":
        return days.last, days.last, "point"
    first = datetime.date(days.last.year, 1, 1) if days.point else days.first
    return first, days.last, "cumulative" if (first.month, first.day) == (1, 1) else "single"


_KINDS = {
    "1": ("1", ""),
    "ratio": ("ratio", "1", ""),
    "per_10k": ("per_10k", "1", ""),
    "mCNY": ("CNY",),
    "CNY": ("CNY",),
    "mUSD": ("USD",),
    "GB": ("GB", "Gbps"),
    "EB": ("GB",),
}


def has_unit(one: Quantity, spec: Term) -> bool:
    """Return True if the unit of a quantity allows it as a level of the indicator."""
    if spec.unit in ("mCNY", "mUSD") and money(one.unit):
        return True
    if spec.unit == "pct" and one.unit == "ratio" and "open" in spec.flags:
        return True  # phones per hundred people
    return one.unit in _KINDS.get(spec.unit, (spec.unit,)) and not (
        spec.unit == "GB" and one.unit == "Gbps" and one.value < 1
    )


TWO_LEVELS = _("the text has two levels of the same figure")
ABOVE_WHOLE = _("a part that is larger than its whole")
TEN_TIMES = _("ten or more times the figure told before of the same thing")
BROKEN = _("a count that is no whole number; its unit is not said")
CONTRADICTIONS = (TWO_LEVELS, ABOVE_WHOLE, TEN_TIMES, BROKEN)
_ROUNDING = 0.051
_MARK = 0.101
_JUMP = 8.0
_KEY = tuple[str, str, str, str, bool, tuple[str, ...]]
"""Indicator, region, first and last day, True for a target, and all that two figures of one thing have in common."""


def checked(seen: Sequence[Observation], words: Lexicon) -> tuple[list[Observation], list[Unplaced]]:
    """Return the observations without duplicates, and the contradictory ones as unplaced numbers with reasons."""
    # The checks run in order, each on the observations that the ones before have kept.
    kept = _distinct(seen)
    left: list[Unplaced] = []
    for check in (
        lambda found: _broken_counts(found, words),
        _two_levels,
        lambda found: _above_whole(found, words),
        _jumps,
    ):
        kept, wrong = _without(kept, check)
        left += wrong
    return _preliminary_parts(kept, words), left


def _preliminary_parts(seen: list[Observation], words: Lexicon) -> list[Observation]:
    """Return the observations with parts and shares of a preliminary whole marked as preliminary too.

    初步核算 is said once, of GDP; its sectors, stated in later sentences, come from the same accounts.
    """
    told = {(*_key(one)[1:], one.indicator) for one in seen if one.status == "preliminary"}

    def status(one: Observation) -> str:
        spec = words.terms[one.indicator]
        wholes = (spec.part_of, spec.flag("of"), spec.flag("whole"))
        of_it = any((*_key(one)[1:], whole) in told for whole in wholes if whole)
        return "preliminary" if of_it and one.status == "actual" else one.status

    return [replace(one, status=status(one)) for one in seen]


def _without(
    seen: list[Observation], check: Callable[[list[Observation]], dict[int, str]]
) -> tuple[list[Observation], list[Unplaced]]:
    reasons = check(seen)
    left = [
        Unplaced(f"{seen[at].value:g} {seen[at].unit}", why, seen[at].text, seen[at].place, seen[at].marks)
        for at, why in reasons.items()
    ]
    return [one for at, one in enumerate(seen) if at not in reasons], left


def _key(one: Observation) -> _KEY:
    return one.indicator, one.region, one.period_start, one.period_end, one.status == "target", _edition(one)


def _edition(one: Observation) -> tuple[str, ...]:
    """Return what sets figures apart that do not contradict each other: bulletin, scope, prices, precision."""
    return one.published, one.source, one.scope, one.price_base, one.precision


def _says(one: Observation) -> int:
    """Return the information content of an observation: 2 per filled field, 1 if exact, −1 per inherited field."""
    more = (one.value, one.growth_pct, one.share_pct, one.rank, one.change_points)
    return 2 * sum(field is not None for field in more) + (one.bound is None) - len(one.inherited)


def _distinct(seen: Sequence[Observation]) -> list[Observation]:
    """Return the observations, each once.

    Of two equal ones, the exact or more informative one stays, at the position of the first; it is preliminary if one
    of them is.
    """
    out: list[Observation] = []
    of_thing: dict[tuple[str, str], list[int]] = {}
    for one in seen:
        known = of_thing.setdefault((one.indicator, one.region), [])
        twin = next((at for at in known if _is_same(out[at], one)), None)
        if twin is None:
            known.append(len(out))
            out.append(one)
            continue
        best = one if _better(one, out[twin]) else out[twin]
        best = _completed(best, out[twin] if best is one else one)
        early = best.status == "actual" and "preliminary" in (one.status, out[twin].status)
        out[twin] = replace(best, status="preliminary") if early else best
    return out


def _completed(best: Observation, other: Observation) -> Observation:
    """Return an observation with what only its twin says: growth, share, rank, change in points."""
    return replace(
        best,
        growth_pct=other.growth_pct if best.growth_pct is None else best.growth_pct,
        growth_to=other.growth_to if best.growth_pct is None else best.growth_to,
        share_pct=other.share_pct if best.share_pct is None else best.share_pct,
        rank=other.rank if best.rank is None else best.rank,
        change_points=other.change_points if best.change_points is None else best.change_points,
        change_to=other.change_to if best.change_points is None else best.change_to,
    )


def _is_same(a: Observation, b: Observation) -> bool:
    if (a.indicator, a.region, a.status == "target") != (b.indicator, b.region, b.status == "target"):
        return False
    if any(one and other and one != other for one, other in zip(_edition(a), _edition(b), strict=True)):
        return False
    same_days = (a.period_start, a.period_end) == (b.period_start, b.period_end)
    loose = "period" in a.inherited or "period" in b.inherited
    if a.value is None or b.value is None:
        if not same_days or a.growth_to != b.growth_to:
            return False
        return a.growth_pct is None or b.growth_pct is None or a.growth_pct == b.growth_pct
    if not (same_days or (loose and a.period_end[:4] == b.period_end[:4])):
        return False
    return a.value == b.value or (_rounded(a, b) and (a.bound is not None or b.bound is not None))


def _rounded(a: Observation, b: Observation) -> bool:
    """Return True if one value can be the other one after rounding."""
    if a.value is None or b.value is None or not a.value or not b.value:
        return False
    low, high = (a, b) if a.value < b.value else (b, a)
    slack = _MARK if low.bound == "over" else _ROUNDING
    return (high.value or 0.0) - (low.value or 0.0) <= slack * abs(high.value or 0.0)


def _better(one: Observation, known: Observation) -> bool:
    """Return True if `one` replaces `known`: exact before rounded, dated before inherited, then more filled fields."""
    if (one.bound is None) != (known.bound is None) and one.value is not None and known.value is not None:
        return one.bound is None
    if ("period" in one.inherited) != ("period" in known.inherited) and one.value == known.value:
        return "period" not in one.inherited
    return _says(one) > _says(known)


def _broken_counts(seen: list[Observation], words: Lexicon) -> dict[int, str]:
    """Return the positions of small counts with decimals, whose unit (万) stands elsewhere, with the reason."""

    def is_broken(one: Observation) -> bool:
        small = one.value is not None and abs(one.value) < _SMALL and not one.value.is_integer()
        return small and words.terms[one.indicator].unit == one.unit == "1"

    return {at: BROKEN for at, one in enumerate(seen) if is_broken(one)}


_SMALL = 1000
"""Counts below this have no decimals, even if they were told in tens of thousands with four decimals."""


def _two_levels(seen: list[Observation]) -> dict[int, str]:
    """Return the positions of observations with one key and different levels, none of them reliable, with the reason."""
    by_key: dict[_KEY, list[int]] = {}
    for at, one in enumerate(seen):
        if one.value is not None:
            by_key.setdefault(_key(one), []).append(at)
    return {at: TWO_LEVELS for found in by_key.values() if len(found) > 1 for at in found}


def _above_whole(seen: list[Observation], words: Lexicon) -> dict[int, str]:
    """Return the positions of observations that exceed their whole (indicator or region), with the reason."""
    levels = {_key(one): one.value for one in seen if one.value is not None}
    wholes: dict[str, set[str]] = {}
    for spec in words.terms.values():  # a share of users is one of a part in its whole, unless it may pass 100 %
        for part, whole in ((spec.indicator, spec.part_of), (spec.flag("part"), spec.flag("whole"))):
            if part and whole and not (spec.flag("part") == part and "open" in spec.flags):
                wholes.setdefault(part, set()).add(whole)
    out: dict[int, str] = {}
    for at, one in enumerate(seen):
        spec = words.terms[one.indicator]
        if one.value is None or spec.unit == "pct":
            continue
        key = _key(one)
        totals = (levels.get((whole, *key[1:])) for whole in wholes.get(one.indicator, ()))
        if any(whole is not None and one.value > whole * 1.001 for whole in totals):
            out[at] = ABOVE_WHOLE
        for outer in words.catalogue.within(one.region)[1:]:
            total = levels.get((key[0], outer, *key[2:]))
            if total is not None and spec.kind in ("stock", "flow") and one.unit != "CNY" and one.value > total * 1.001:
                out[at] = ABOVE_WHOLE
    return out


def _jumps(seen: list[Observation]) -> dict[int, str]:
    """Return the positions of observations that differ by a factor above `_JUMP` from an earlier one, with the reason.

    Both have the same indicator, region, unit and length of period, and end at most a year apart. An observation with a
    source of its own was stored before, and is taken as it is stored.
    """
    out: dict[int, str] = {}
    before: dict[tuple[object, ...], list[Observation]] = {}
    for at, one in enumerate(seen):
        if not one.value or one.status == "target" or one.source:
            continue
        months = (one.period_start[5:], one.period_end[5:]) if one.basis != "point" else one.basis
        others = before.setdefault((one.indicator, one.region, one.unit, _edition(one), months), [])
        near = [other for other in others if abs(int(one.period_end[:4]) - int(other.period_end[:4])) <= 1]
        ratios = [abs(one.value / other.value) for other in near if other.value]
        if any(max(ratio, 1 / ratio) > _JUMP for ratio in ratios):
            out[at] = TEN_TIMES
        others.append(one)
    return out


SIZE = "firms above designated size"
_SCOPE = re.compile(r"规模以上|规上|限额以上|限上|above\s+(?:the\s+)?designated\s+size|above-scale|designated-size")
_PRECISION = re.compile(r"\b(?:fp|int|bf)\s?-?(?:4|8|16|32|64)\b|半精度|单精度|双精度")
_FORMATS = {"半精度": "FP16", "单精度": "FP32", "双精度": "FP64"}


def scope_in(text: str) -> str:
    """Return the scope if folded words limit a figure to firms above designated size; else blank."""
    return SIZE if _SCOPE.search(text) else ""


def precision_in(text: str) -> str:
    """Return the number format that folded words state for computing power, such as FP16; blank if none."""
    found = _PRECISION.search(text)
    said = re.sub(r"[\s-]", "", found[0]).upper() if found else ""
    return _FORMATS.get(said, said)
