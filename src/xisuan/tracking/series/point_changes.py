"""Changes of ratios in percentage points: the earlier levels they imply, and conflicts with published levels."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence

from xisuan.scenario.schema.statistics_tables import BY_YEAR_END
from xisuan.tracking.series.reconciliation import RESTATED_POINTS, Figure, back, ranked

_DUST = 9
"""Decimals to which a difference of percentages is rounded to remove binary rounding errors."""


def with_levels_before(figures: Sequence[Figure], units: Mapping[str, str]) -> list[Figure]:
    """Return the figures, ranked, with the earlier levels that changes of ratios imply.

    Example: 25.3 %, up 3.2 points, was 22.1 %. An implied level is `derived` and is added only where none of its day
    and scope was published. A level that is a bound implies none, and neither does a change over the previous month or
    quarter, which is ambiguous.
    """
    known = {_place(one, one.last) for one in figures if math.isfinite(one.value) and one.status != "target"}
    found: dict[tuple[object, ...], Figure] = {}
    for one in _changed(figures):
        days = before(one)
        if units[one.indicator] == "pct" and days is not None and not one.bound:
            key = _place(one, days[1])
            if key not in known and (key not in found or _later(one, found[key])):
                found[key] = _derived(one, days)
    return ranked([*figures, *found.values()]) if found else list(figures)


def before(one: Figure) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of the level from which a change is measured; None if it is unknown."""
    if not one.change_to:
        return back(one.first), back(one.last)
    if one.change_to == BY_YEAR_END and one.first == one.last:
        end = datetime.date(one.last.year - 1, 12, 31)
        return end, end
    if not one.change_to.isdecimal():
        return None
    years = one.last.year - int(one.change_to)
    return (back(one.first, years), back(one.last, years)) if years > 0 else None


def unborne(figures: Iterable[Figure]) -> list[tuple[Figure, float, float]]:
    """Return the changes that contradict two published levels: figure, change of the levels, difference in points."""
    figures = list(figures)
    levels = {_place(one, one.last): one for one in figures if one.rank == 1 and math.isfinite(one.value)}
    out = []
    for one in _changed(figures):
        days = before(one)
        was = levels.get(_place(one, days[1])) if days is not None else None
        if was is None or was.bound or one.bound:
            continue
        of_levels = round(one.value - was.value, _DUST)
        if abs(of_levels - one.change) > RESTATED_POINTS:
            out.append((one, of_levels, of_levels - one.change))
    return out


def _changed(figures: Iterable[Figure]) -> list[Figure]:
    """Return the levels used for their period whose change was published."""
    return [
        one
        for one in figures
        if one.rank == 1
        and math.isfinite(one.value)
        and math.isfinite(one.change)
        and math.isnan(one.told.share)
        and one.status in ("actual", "preliminary")
    ]


def _place(one: Figure, last: datetime.date) -> tuple[object, ...]:
    """Return the key of a level: indicator, region, last day, scope and price base."""
    return one.indicator, one.region, last, one.scope, one.price_base


def _later(one: Figure, other: Figure) -> bool:
    """Return True if a figure was published after another."""
    return (one.published or datetime.date.min) > (other.published or datetime.date.min)


def _derived(one: Figure, days: tuple[datetime.date, datetime.date]) -> Figure:
    """Return the level before a change, known since the change was published."""
    return Figure(
        one.indicator,
        one.region,
        *days,
        one.basis,
        round(one.value - one.change, _DUST),
        math.nan,
        one.status,
        "",
        one.scope,
        one.price_base,
        one.precision,
        one.published,
        one.tier,
        "derived",
        one.source,
    )
