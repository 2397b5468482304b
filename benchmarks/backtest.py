"""Backtest of the forecasts: every published level against the forecast from the levels before it.

Rolling origin: a level is forecast only from earlier periods. Two benchmarks are reported: `naive` (the last level)
and, for a current year, `year share` (level so far × 12 / months).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from xisuan.tracking.series import growth_rate_walk, level_walk, year_nowcast
from xisuan.tracking.series.outlook import WHOLE, Outlook
from xisuan.tracking.series.reconciliation import Figure, levels
from xisuan.tracking.series.statistical_units import is_share
from xisuan.tracking.series.year_under_way import year_to_date

COLUMNS = (
    "indicator",
    "region",
    "date",
    "actual",
    "median",
    "low",
    "high",
    "inside",
    "error",
    "naive_error",
    "share_error",
    "rising",
)
"""Columns of the backtest. Errors are absolute differences of logarithms; `share_error` is missing without a current
year. `rising`: True if the model of a stock that never fell was used.
"""


def backtest(figures: Sequence[Figure], kinds: Mapping[str, str], units: Mapping[str, str]) -> pd.DataFrame:
    """Return one row for each level that at least two levels, or a current year, precede.

    `kinds`, `units`: of the indicators.
    """
    rows: list[dict[str, object]] = []
    for indicator, region in sorted({(one.indicator, one.region) for one in figures}):
        kind = kinds[indicator]
        series = [one for one in levels(figures, indicator, region) if one.value > 0]
        whole = series if kind == "stock" else [one for one in series if one.whole_year]
        rows += _ahead(indicator, region, whole, kind, share=is_share(indicator, kind, units[indicator]))
        if kind == "flow":
            rows += _years(indicator, region, series, figures)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def rolling(
    days: Sequence[datetime.date], values: Sequence[float], kind: str = "flow", *, share: bool = False
) -> Iterable[tuple[int, Outlook]]:
    """Yield the position and the forecast of each level that two or more precede; `kind` is that of the indicator."""
    for at in range(level_walk.LEAST, len(values)):
        known = values[:at]
        found = None
        if kind == "stock" and growth_rate_walk.never_fell(known):
            found = growth_rate_walk.outlook(days[:at], known, [days[at]])
        found = found or level_walk.outlook(days[:at], known, [days[at]], share=share and max(known) <= WHOLE)
        if found is not None:
            yield at, found[0]


def _ahead(indicator: str, region: str, series: Sequence[Figure], kind: str, *, share: bool) -> list[dict[str, object]]:
    days, values = [one.last for one in series], [one.value for one in series]
    return [
        _row(indicator, region, days[at], values[at], found, values[at - 1], math.nan)
        for at, found in rolling(days, values, kind, share=share)
    ]


def _years(indicator: str, region: str, series: Sequence[Figure], figures: Sequence[Figure]) -> list[dict[str, object]]:
    """Return the forecasts of whole years from their own first months and the year before."""
    out = []
    for year in (one for one in series if one.whole_year):
        before = [one for one in series if one.last.year < year.last.year]
        under_way = [
            one
            for one in series
            if one.last.year == year.last.year and not one.whole_year and one.basis == "cumulative"
        ]
        for part in under_way:
            known = [one for one in (*before, part) if one.last <= part.last]
            told = [one for one in figures if one.last <= part.last]
            found = year_to_date(known, told, indicator, region, year.last.year - 1)
            guess = year_nowcast.whole_year(found) if found else None
            last = [one for one in before if one.whole_year]
            if found is None or guess is None or not last or last[-1].last.year != year.last.year - 1:
                continue
            level, spread = guess
            width = spread * 1.2816
            look = Outlook(year.last, level, level * math.exp(-width), level * math.exp(width), spread, 1e6)
            out.append(
                _row(
                    indicator, region, year.last, year.value, look, last[-1].value, part.value * 12.0 / part.last.month
                )
            )
    return out


def _row(
    indicator: str, region: str, day: datetime.date, actual: float, found: Outlook, naive: float, share: float
) -> dict[str, object]:
    return {
        "indicator": indicator,
        "region": region,
        "date": day.isoformat(),
        "actual": actual,
        "median": found.median,
        "low": found.low,
        "high": found.high,
        "inside": found.low <= actual <= found.high,
        "error": abs(math.log(found.median / actual)),
        "naive_error": abs(math.log(naive / actual)),
        "share_error": abs(math.log(share / actual)) if share > 0 else math.nan,
        "rising": found.floor > 0.0,
    }
