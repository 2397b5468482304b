"""Levels that published growths imply beside published levels; used by forecasts alone, never shown as figures."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from xisuan.tracking.series.reconciliation import Figure, back, disagreements

IMPLIED_SD = 0.02
"""Standard deviation of the logarithm of a last level that is known by its growth alone: bases are restated."""


def chained_levels(
    figures: Sequence[Figure], indicator: str, region: str, levels: dict[datetime.date, float], *, yearly: bool
) -> dict[datetime.date, float]:
    """Return levels by ascending day, with those that published growths over the year before imply.

    Example: 218.5 in 2024, after growths of 2.9 % in 2024 and 3.5 % in 2023, gives 212.3 for 2023 and 205.2 for 2022.
    The chain goes back from each known level, then forward from the last one. `yearly`: growths of whole years only,
    as for flows. Growths that are bounds count for nothing. Where a published growth contradicts two published
    levels, growths have another base, such as constant prices, and none is used.
    """
    own = [one for one in figures if (one.indicator, one.region, one.scope) == (indicator, region, "")]
    grew = {
        one.last: 1.0 + one.growth / 100.0
        for one in own
        if (one.whole_year if yearly else one.first == one.last)
        and math.isfinite(one.growth)
        and one.growth > -100.0
        and not one.growth_to_other
        and one.status in ("actual", "preliminary")
        and not one.bound
    }
    if not grew or not levels or disagreements(own):
        return levels
    known = dict(levels)
    for day in sorted(grew, reverse=True):
        if day in known:
            known.setdefault(back(day), known[day] / grew[day])
    for day in sorted(grew):
        if day > max(known) and back(day) in known:
            known[day] = known[back(day)] * grew[day]
    return {day: known[day] for day in sorted(known)}


def other_growths(
    figures: Sequence[Figure], indicator: str, region: str, days: Sequence[datetime.date]
) -> tuple[float, ...]:
    """Return the logarithms of published yearly growths of years whose step is not among the levels on `days`.

    Of each year the growth to its latest month counts. Years of which both ends are among the days are left out, and so
    is everything where growths contradict levels.
    """
    own = [one for one in figures if (one.indicator, one.region, one.scope) == (indicator, region, "")]
    known = {day.year for day in days}
    latest: dict[int, Figure] = {}
    for one in sorted(own, key=lambda one: one.last):
        said = math.isfinite(one.growth) and one.growth > -100.0 and not one.growth_to_other and one.rank == 1
        from_january = one.first == one.last or (one.first.month, one.first.day) == (1, 1)
        if said and from_january and one.status in ("actual", "preliminary"):
            latest[one.last.year] = one
    if disagreements(own):
        return ()
    return tuple(math.log1p(one.growth / 100.0) for year, one in latest.items() if not {year - 1, year} <= known)
