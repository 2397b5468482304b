"""Forecast of a level on a day: median, central interval, and the probability that a value is reached."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from scipy import special

YEAR_DAYS = 365.25
WHOLE = 100.0
"""Upper limit of a share, per cent."""
NEARLY = 0.05
"""Distance from the whole, in points, at which a share published as the whole counts: its rounding error."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forecast of a level on a day: median and central 80 % interval.

    `spread`: standard deviation of the logarithm of the level; with a `floor`, of log(log(level / floor)); for a
    `share` of a whole, in per cent, of its log-odds. `freedom`: degrees of freedom of its Student quantiles.
    """

    when: datetime.date
    median: float
    low: float
    high: float
    spread: float
    freedom: float
    floor: float = 0.0
    share: bool = False

    def times(self, factor: float) -> Outlook:
        """Return the forecast of `factor` times the level, which must not be a share of a whole."""
        values = (self.median * factor, self.low * factor, self.high * factor)
        return Outlook(self.when, *values, self.spread, self.freedom, self.floor * factor)

    def probability(self, least: float) -> float:
        """Return the probability that the level is at least `least`."""
        if least <= 0:
            return 1.0
        if self.spread == 0.0 or least <= self.floor:
            return float(self.median >= least)
        if self.floor:
            wanted, middle = math.log(least / self.floor), math.log(self.median / self.floor)
            return float(special.stdtr(self.freedom, (math.log(middle) - math.log(wanted)) / self.spread))
        if self.share:
            gap = math.log(to_odds(self.median)) - math.log(to_odds(least))
            return float(special.stdtr(self.freedom, gap / self.spread))
        return float(special.stdtr(self.freedom, (math.log(self.median) - math.log(least)) / self.spread))


def to_odds(level: float) -> float:
    """Return the odds of a share in per cent."""
    level = min(level, WHOLE - NEARLY)
    return level / (WHOLE - level)


def from_odds(one: Outlook) -> Outlook:
    """Return the forecast of a share in per cent from that of its odds."""
    median, low, high = (WHOLE * odds / (1.0 + odds) for odds in (one.median, one.low, one.high))
    return Outlook(one.when, median, low, high, one.spread, one.freedom, share=True)
