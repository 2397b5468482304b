"""Reconciliation of published figures into series: vintages, ranks of contradictory sources, and single periods.

All releases are kept. The rank alone decides which one is used, and it is shown. Growth is never recomputed silently
from two levels: if published growth and levels disagree, both are kept.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.results.track import records
from xisuan.scenario.timeline import last_day
from xisuan.tracking.series.statistical_units import convert

_STATUS = {"actual": 0, "preliminary": 1, "projected": 2, "target": 3}
_TIER = {"A": 0, "B": 1, "C": 2, "D": 3, "": 2}
_QUALITY = {"published": 0, "derived": 1, "estimate": 2, "": 1}
RESTATED_POINTS = 0.5
"""Difference in percentage points between growth and levels from which on it is reported; rounding explains less."""


@dataclass(frozen=True, slots=True)
class Told:
    """Facts published with a figure that do not affect its use: share, rank, basis of growth."""

    share: float = math.nan
    share_of: str = ""
    place: float = math.nan
    place_of: str = ""
    growth_to: str = ""
    inherited: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure in the unit of its indicator; the one of `rank` 1 is used for its period."""

    indicator: str
    region: str
    first: datetime.date
    last: datetime.date
    basis: str
    value: float
    growth: float
    status: str
    bound: str
    scope: str
    price_base: str
    precision: str
    published: datetime.date | None
    tier: str
    quality: str
    source: str
    told: Told = Told()
    rank: int = 1
    change: float = math.nan
    change_to: str = ""

    @property
    def growth_to_other(self) -> bool:
        """True if its growth is not relative to the same period of the year before."""
        return bool(self.told.growth_to)

    @property
    def whole_year(self) -> bool:
        """True if it covers a calendar year."""
        return (self.first.month, self.first.day, self.last.month, self.last.day) == (
            1,
            1,
            12,
            31,
        ) and self.first.year == self.last.year


def released(row: Mapping[str, Any], dates: Mapping[str, datetime.date]) -> datetime.date | None:
    """Return the day on which a row was published: its own date, else the latest of its sources; None if unknown."""
    if row.get("published"):
        return last_day(str(row["published"]))
    known = [dates[key] for key in str(row["source"]).split(";") if key in dates]
    return max(known, default=None)


def source_dates(sources: pd.DataFrame) -> dict[str, datetime.date]:
    """Return the day of each dated source; a month or year counts as its last day."""
    days = {row["source"]: last_day(str(row["date"])) for row in records(sources)}
    return {key: day for key, day in days.items() if day is not None}


def visible(
    observations: pd.DataFrame,
    units: Mapping[str, str],
    as_of: datetime.date,
    dates: Mapping[str, datetime.date] | None = None,
) -> list[Figure]:
    """Return the figures that were public on `as_of`, in the units of their indicators, ranked within each period.

    A figure with an unknown date of publication counts as public from the end of its period on. A month or year of
    publication counts as its last day, so that no figure is used too early.
    """
    out: list[Figure] = []
    for row in records(observations):
        end = datetime.date.fromisoformat(row["period_end"])
        known = released(row, dates or {})
        if (known or end) > as_of:
            continue
        value = row["value"]
        unit = units[row["indicator"]]
        out.append(
            Figure(
                row["indicator"],
                row["region"],
                datetime.date.fromisoformat(row["period_start"] or row["period_end"]),
                end,
                row["basis"] or _basis(row["period_start"] or row["period_end"], row["period_end"]),
                convert(value, row["unit"], unit) if math.isfinite(value) else math.nan,
                row["growth_pct"],
                row["status"],
                row["bound"],
                row["scope"],
                row["price_base"],
                row["precision"],
                known,
                row["tier"],
                row["quality"],
                row["source"],
                Told(
                    row["share_pct"], row["share_of"], row["rank"], row["rank_of"], row["growth_to"], row["inherited"]
                ),
                change=row["change_points"],
                change_to=row["change_to"],
            )
        )
    return ranked(out)


def _basis(start: str, end: str) -> str:
    """Return the basis of a period: a point is one day, a period from 1 January on is cumulative, others are single."""
    return "point" if start == end else "cumulative" if start.endswith("-01-01") else "single"


def ranked(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures with their rank among those of the same indicator, region, period, scope and prices.

    Order: actual before preliminary before projected; published before derived before estimate; the better source;
    exact values before bounds; the later release.
    """
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for one in figures:
        groups.setdefault(
            (one.indicator, one.region, one.first, one.last, one.scope, one.price_base, math.isnan(one.value)), []
        ).append(one)
    out: list[Figure] = []
    for group in groups.values():
        for at, one in enumerate(sorted(group, key=_weight)):
            out.append(_with_rank(one, at + 1))
    return sorted(
        out, key=lambda one: (one.indicator, one.region, one.last, one.first, one.scope, one.price_base, one.rank)
    )


def _weight(one: Figure) -> tuple[object, ...]:
    later = -(one.published or datetime.date.min).toordinal()
    return (_STATUS[one.status], _QUALITY[one.quality], _TIER[one.tier], bool(one.bound), later, one.source)


def _with_rank(one: Figure, rank: int) -> Figure:
    return dataclasses.replace(one, rank=rank)


def singles(cumulative: Sequence[tuple[int, float]]) -> list[tuple[tuple[int, int], float]]:
    """Return the amounts between cumulative levels `(month, level)` of a year: ((first month, last month), amount).

    January–February stays one period if January was not published, and so does any other gap.
    """
    out: list[tuple[tuple[int, int], float]] = []
    before, level = 0, 0.0
    for month, value in sorted(cumulative):
        out.append(((before + 1, month), value - level))
        before, level = month, value
    return out


def levels(
    figures: Iterable[Figure], indicator: str, region: str, chain: bool = True, scope: str | None = ""
) -> list[Figure]:
    """Return the level used for each period: rank 1, no targets, one scope, and the price base with the most periods.

    Levels of different scopes or price bases are never combined. `chain` False (telecom volume in prices of the year
    before): levels of one price base only.
    """
    mine = [
        one
        for one in figures
        if one.indicator == indicator
        and one.region == region
        and one.rank == 1
        and math.isfinite(one.value)
        and one.status in ("actual", "preliminary")
        and (scope is None or one.scope == scope)
    ]
    groups: dict[tuple[str, str], list[Figure]] = {}
    for one in mine:
        groups.setdefault((one.scope, one.price_base), []).append(one)
    if not groups:
        return []
    best = max(groups.items(), key=lambda item: (len(item[1]), max(one.last for one in item[1]), item[0] == ("", "")))[
        1
    ]
    if not chain:
        years = {one.first.year for one in best}
        best = (
            [one for one in best if one.first.year == max(years)] if len(years) > 1 and not best[0].price_base else best
        )
    return sorted(best, key=lambda one: (one.last, one.first))


def stretches(figures: Sequence[Figure], specs: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the amounts of flows between two published levels of a year, as rows of table `singles`.

    Levels that are bounds are left out, because their difference has no meaning. So are decreasing levels, which were
    restated in between.
    """
    rows: list[dict[str, Any]] = []
    for indicator, region in sorted({(one.indicator, one.region) for one in figures}):
        if str(specs[indicator]["kind"]) != "flow":
            continue
        years: dict[int, dict[int, Figure]] = {}
        for one in levels(figures, indicator, region, bool(specs[indicator]["chain"])):
            from_january = (one.first.month, one.first.day) == (1, 1) and one.first.year == one.last.year
            if from_january and not one.bound and (one.last + datetime.timedelta(days=1)).day == 1:
                years.setdefault(one.last.year, {})[one.last.month] = one
        for year, to_date in sorted(years.items()):
            for (first, last), value in singles([(month, one.value) for month, one in to_date.items()]):
                if first == 1 or value < 0.0:
                    continue
                level, before = to_date[last], to_date[first - 1]
                rows.append(
                    {
                        "indicator": indicator,
                        "region": region,
                        "period_start": datetime.date(year, first, 1).isoformat(),
                        "period_end": level.last.isoformat(),
                        "value": value,
                        "to_date": level.value,
                        "before": before.value,
                        "source": ";".join(dict.fromkeys([*level.source.split(";"), *before.source.split(";")])),
                    }
                )
    return rows


def contradictions(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """Return pairs of the figure used and another of the same period, scope and prices with other values."""
    used: dict[tuple[object, ...], Figure] = {}
    out: list[tuple[Figure, Figure]] = []
    for one in figures:
        key = (one.indicator, one.region, one.first, one.last, one.scope, one.price_base, math.isnan(one.value))
        if one.rank == 1:
            used[key] = one
        elif one.status in ("actual", "preliminary") and _differ(used[key], one):
            out.append((used[key], one))
    return out


def _differ(a: Figure, b: Figure) -> bool:
    pairs = [(a.value, b.value), (a.growth, b.growth)]
    return any(math.isfinite(x) and math.isfinite(y) and abs(x - y) > 1e-9 * max(abs(x), abs(y)) for x, y in pairs)


def disagreements(figures: Sequence[Figure]) -> list[tuple[Figure, float, float]]:
    """Return published growths that contradict the levels of two years: figure, growth of the levels, difference.

    Growth may be real or like for like, and bases are restated; both are kept and neither is corrected. The difference
    is in percentage points.
    """
    used = {
        (one.indicator, one.region, one.first, one.last, one.scope, one.price_base): one
        for one in figures
        if one.rank == 1 and math.isfinite(one.value)
    }
    out: list[tuple[Figure, float, float]] = []
    for one in used.values():
        before = used.get((one.indicator, one.region, back(one.first), back(one.last), one.scope, one.price_base))
        if (
            before is None
            or not math.isfinite(one.growth)
            or before.value == 0
            or (one.basis == "point" and one.first != one.last)
        ):
            continue
        of_levels = 100.0 * (one.value / before.value - 1.0)
        if abs(of_levels - one.growth) > RESTATED_POINTS:
            out.append((one, of_levels, of_levels - one.growth))
    return out


def back(day: datetime.date, years: int = 1) -> datetime.date:
    """Return the same day `years` before; the last day of a month stays the last."""
    last = calendar.monthrange(day.year - years, day.month)[1]
    full = day.day == calendar.monthrange(day.year, day.month)[1]
    return datetime.date(day.year - years, day.month, last if full else min(day.day, last))
