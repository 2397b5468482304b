"""Forecasts of a stock that has never fallen: the level cannot decrease, and only its growth rate is uncertain.

Masts, cables, racks and ports are hardly ever removed, so a random walk of the level, which may fall, does not fit.
Here the growth rate is the state: the logarithm of the yearly rate between two levels is a Gaussian local level with
drift (Durbin and Koopman, Time Series Analysis by State Space Methods, 2012, chapter 2). Its observation noise is
larger for shorter gaps, because construction varies more in a month than in a year. A future level is the last one
times the exponential of the accumulated rate, so no quantile lies below the last level.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from itertools import pairwise

from scipy import special

from xisuan.tracking.series.outlook import YEAR_DAYS, Outlook

LEAST = 3
"""Least number of non-decreasing levels, which give two rates, for this model."""
RATE, RATE_SD = 0.15, 1.0
"""Prior of the yearly growth rate: its median, and the standard deviation of its logarithm."""
SLOWING = 0.5
"""Decrease of the logarithm of the rate per year: roll-outs slow down by two fifths a year."""
WALK = 0.1
"""Variance of the yearly step of the logarithm of the rate about its slowing."""
NOISE = 0.3
"""Standard deviation of the logarithm of a rate observed over one year; over y years it is divided by √y."""
SLOWEST = 0.002
"""Yearly growth rate assigned to a level that is published again unchanged: rounding hides less."""
FREEDOM = 5.0
"""Degrees of freedom of the quantiles: tails are heavier than Gaussian ones."""


def never_fell(levels: Sequence[float]) -> bool:
    """Return True if there are at least LEAST levels, all above 0 and none below the one before."""
    return len(levels) >= LEAST and levels[0] > 0.0 and all(b >= a for a, b in pairwise(levels))


def outlook(
    days: Sequence[datetime.date], levels: Sequence[float], ahead: Sequence[datetime.date]
) -> list[Outlook] | None:
    """Return the forecast on each day `ahead`, in the order given; None if a level has fallen or days coincide.

    `days` ascend; `levels` are above 0. Quantiles of later days are never below those of earlier days.
    """
    if not never_fell(levels) or any(b <= a for a, b in pairwise(days)):
        return None
    last, scale = levels[-1], float(special.stdtrit(FREEDOM, 0.9))
    found: dict[datetime.date, Outlook] = {}
    low = high = median = last
    for day in sorted(ahead):
        if day <= days[-1]:
            found[day] = Outlook(day, last, last, last, 0.0, FREEDOM)
            continue
        mean, variance, years = rate(days, levels, day)
        spread = math.sqrt(variance)
        median, low, high = (
            max(so_far, last * math.exp(years * math.exp(mean + side * scale * spread)))
            for so_far, side in ((median, 0.0), (low, -1.0), (high, 1.0))
        )
        found[day] = Outlook(day, median, low, high, spread, FREEDOM, last)
    return [found[day] for day in ahead]


def growth(
    days: Sequence[datetime.date], levels: Sequence[float], first: datetime.date, last: datetime.date
) -> Outlook | None:
    """Return the forecast ratio of the level on day `last` to that on day `first`; None as in `outlook`.

    `first` is no earlier than the last of `days`.
    """
    if not never_fell(levels) or any(b <= a for a, b in pairwise(days)) or first < days[-1]:
        return None
    mean, variance, years = rate(days, levels, last, first)
    spread, scale = math.sqrt(variance), float(special.stdtrit(FREEDOM, 0.9))
    median, low, high = (math.exp(years * math.exp(mean + side * scale * spread)) for side in (0.0, -1.0, 1.0))
    return Outlook(last, median, low, high, spread, FREEDOM, 1.0)


def rate(
    days: Sequence[datetime.date], levels: Sequence[float], ahead: datetime.date, since: datetime.date | None = None
) -> tuple[float, float, float]:
    """Return mean and variance of the logarithm of the mean yearly rate up to the day `ahead`, and the years.

    The period starts at the last level, or at the later day `since`. Kalman filter over the observed rates, each dated
    at the middle of its gap.
    """
    seen = _rates(days, levels)
    mean, variance = math.log(RATE), RATE_SD**2
    at = seen[0][0]
    for middle, gap, log_rate in seen:
        # Prediction to the middle of the gap.
        mean, variance, at = mean - SLOWING * (middle - at), variance + WALK * (middle - at), middle
        # Update with the observed rate, whose variance falls with the length of the gap.
        gain = variance / (variance + NOISE**2 / gap)
        mean, variance = mean + gain * (log_rate - mean), variance * (1.0 - gain)
    since = since or days[-1]
    start, years = _year(since), (ahead - since).days / YEAR_DAYS
    mean -= SLOWING * (start - at)
    slowed = (1.0 - math.exp(-SLOWING * years)) / (SLOWING * years)  # mean of exp(−SLOWING t) over the period
    return mean + math.log(slowed), variance + WALK * (start - at + years / 2.0) + NOISE**2 / years, years


def _rates(days: Sequence[datetime.date], levels: Sequence[float]) -> list[tuple[float, float, float]]:
    """Return middle, length in years and logarithm of the yearly rate of each gap between levels."""
    out = []
    for (a, x), (b, y) in pairwise(zip(days, levels, strict=True)):
        gap = (b - a).days / YEAR_DAYS
        out.append(((_year(a) + _year(b)) / 2.0, gap, math.log(max(math.log(y / x) / gap, SLOWEST))))
    return out


def _year(day: datetime.date) -> float:
    return day.toordinal() / YEAR_DAYS
