"""Changes in percentage points of ratios: the levels that they give for the time that they are over, and those that
published levels do not bear out.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence

from xisuan.scenario.schema.statistics_tables import BY_YEAR_END
from xisuan.tracking.series.reconciliation import RESTATED_POINTS, Figure, back, ranked

_DUST = 9
"""Decimals of a difference of percentages that are no dust of binary fractions."""


def with_levels_before(figures: Sequence[Figure], units: Mapping[str, str]) -> list[Figure]:
    """The figures, ranked anew, with the levels that ratios had before they changed: 25.3 %, up 3.2 points, was 22.1 %.

    Such a level is derived, and stands only where none of its day and scope was published: it replaces nothing. A level
    that is a bound gives none, and neither does a change over a month or quarter before, which may be either.
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
    """First and last day of the level that a change is over; None where its text does not tell one."""
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
    """Changes that two published levels do not bear out: figure, change of the levels, points between them and it."""
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
    """Levels that are used for their period and whose change was published."""
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
    """What two levels of one series on one day have in common."""
    return one.indicator, one.region, last, one.scope, one.price_base


def _later(one: Figure, other: Figure) -> bool:
    """Whether a figure was published behind another."""
    return (one.published or datetime.date.min) > (other.published or datetime.date.min)


def _derived(one: Figure, days: tuple[datetime.date, datetime.date]) -> Figure:
    """The level before a change, known since that was published."""
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
