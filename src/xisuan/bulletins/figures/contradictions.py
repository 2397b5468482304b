"""Consistency checks over all observations of a text: duplicates are merged, contradictions are left over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xisuan.bulletins.language.lexicon import Lexicon
from xisuan.results.bulletin_reading import Observation, Unplaced
from xisuan.text.translation import message as _

TWO_LEVELS = _("the text has two levels of the same figure")
ABOVE_WHOLE = _("a part that is larger than its whole")
TEN_TIMES = _("ten or more times the figure told before of the same thing")
_ROUNDING = 0.051
_MARK = 0.101
_JUMP = 8.0
_KEY = tuple[str, str, str, str, bool]


def checked(seen: Sequence[Observation], words: Lexicon) -> tuple[list[Observation], list[Unplaced]]:
    """Return the observations without duplicates, and the contradictory ones as unplaced numbers with reasons."""
    # The checks run in order, each on the observations that the ones before have kept.
    kept = _distinct(seen)
    left: list[Unplaced] = []
    for check in (_two_levels, lambda found: _above_whole(found, words), _jumps):
        kept, wrong = _without(kept, check)
        left += wrong
    return kept, left


def _without(
    seen: list[Observation], check: Callable[[list[Observation]], dict[int, str]]
) -> tuple[list[Observation], list[Unplaced]]:
    reasons = check(seen)
    left = [
        Unplaced(f"{seen[at].value:g} {seen[at].unit}", why, seen[at].text, seen[at].place)
        for at, why in reasons.items()
    ]
    return [one for at, one in enumerate(seen) if at not in reasons], left


def _key(one: Observation) -> _KEY:
    return one.indicator, one.region, one.period_start, one.period_end, one.status == "target"


def _says(one: Observation) -> int:
    """Return the information content of an observation: 2 per filled field, 1 if exact, −1 per inherited field."""
    more = (one.value, one.growth_pct, one.share_pct, one.rank, one.change_points)
    return 2 * sum(field is not None for field in more) + (one.bound is None) - len(one.inherited)


def _distinct(seen: Sequence[Observation]) -> list[Observation]:
    """Return the observations, each once.

    Of two equal ones, the exact or more informative one stays, at the position of the first.
    """
    out: list[Observation] = []
    for one in seen:
        twin = next((at for at, known in enumerate(out) if _is_same(known, one)), None)
        if twin is None:
            out.append(one)
        elif _better(one, out[twin]):
            out[twin] = one
    return out


def _is_same(a: Observation, b: Observation) -> bool:
    if (a.indicator, a.region, a.status == "target") != (b.indicator, b.region, b.status == "target"):
        return False
    same_days = (a.period_start, a.period_end) == (b.period_start, b.period_end)
    loose = "period" in a.inherited or "period" in b.inherited
    if a.value is None or b.value is None:
        if not same_days or a.growth_to != b.growth_to:
            return False
        return a.growth_pct is None or b.growth_pct is None or a.growth_pct == b.growth_pct
    if not (same_days or (loose and a.period_end[:4] == b.period_end[:4])):
        return False
    return a.value == b.value or (_rounded(a, b) and (a.bound is not None or b.bound is not None or loose))


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
    out: dict[int, str] = {}
    for at, one in enumerate(seen):
        spec = words.terms[one.indicator]
        if one.value is None or spec.unit == "pct":
            continue
        key = _key(one)
        whole = levels.get((spec.part_of, *key[1:])) if spec.part_of else None
        if whole is not None and one.value > whole * 1.001:
            out[at] = ABOVE_WHOLE
        for outer in words.catalogue.within(one.region)[1:]:
            total = levels.get((key[0], outer, *key[2:]))
            if total is not None and spec.kind in ("stock", "flow") and one.unit != "CNY" and one.value > total * 1.001:
                out[at] = ABOVE_WHOLE
    return out


def _jumps(seen: list[Observation]) -> dict[int, str]:
    """Return the positions of observations that differ by a factor above `_JUMP` from an earlier one, with the reason.

    Both have the same indicator, region, unit and length of period, and end at most a year apart.
    """
    out: dict[int, str] = {}
    for at, one in enumerate(seen):
        for other in seen[:at]:
            if (
                "target" in (one.status, other.status)
                or one.value is None
                or other.value is None
                or not other.value
                or not one.value
            ):
                continue
            if (one.indicator, one.region, one.unit) != (other.indicator, other.region, other.unit):
                continue
            if (
                one.basis != "point"
                and one.period_start[5:] + one.period_end[5:] != other.period_start[5:] + other.period_end[5:]
            ):
                continue
            ratio = abs(one.value / other.value)
            if max(ratio, 1 / ratio) > _JUMP and abs(int(one.period_end[:4]) - int(other.period_end[:4])) <= 1:
                out[at] = TEN_TIMES
    return out
