"""Periods, years and discounting; modelled hours and their blocks."""

from __future__ import annotations

import calendar
import datetime
import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xisuan import units

Array = NDArray[np.float64]
COMMON_YEAR = 2026
"""A year without a 29 February."""
LONG = 730
"""Modelled hours from which a period is long: a month."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of consecutive hours that stands for `weight` such runs in a year. It is cyclic.

    With `keep_means` the blocks together have the year's mean of work, traffic, sun, wind, PUE and prices
    (`scenario.yearly_means`).
    """

    name: str
    first_hour: int
    hours: int
    weight: float
    keep_means: bool = False


@dataclass(frozen=True)
class Timeline:
    """Time axis: periods with their years, and the modelled hours of each.

    The same blocks serve every period. Arrays over hours have one entry for each modelled hour of one period, in order
    of the blocks. With `mean` the single hour carries the mean of every profile.
    """

    periods: tuple[int, ...]
    last_period_years: int
    base_year: int
    rate: float
    blocks: tuple[Block, ...]
    mean: bool = False

    @property
    def years(self) -> tuple[tuple[int, ...], ...]:
        """Calendar years of each period."""
        ends = (*self.periods[1:], self.periods[-1] + self.last_period_years)
        return tuple(tuple(range(start, end)) for start, end in zip(self.periods, ends, strict=True))

    @property
    def horizon(self) -> tuple[int, ...]:
        """All calendar years, first to last."""
        return tuple(year for years in self.years for year in years)

    def discount(self, year: int) -> float:
        """Return the value in the base year of one unit of money in `year`."""
        return float((1.0 + self.rate) ** -(year - self.base_year))

    @property
    def period_discount(self) -> Array:
        """Sum of the discount factors of each period's years: the weight of a yearly cost. Shape (periods,)."""
        return np.array([sum(self.discount(year) for year in years) for years in self.years])

    @property
    def n_hours(self) -> int:
        """Modelled hours of one period."""
        return sum(block.hours for block in self.blocks)

    @property
    def long(self) -> bool:
        """True if a period has many modelled hours, so that all cores work on one and a smaller gap costs minutes."""
        return self.n_hours >= LONG

    @property
    def slices(self) -> tuple[slice, ...]:
        """Modelled hours of each block, as slices."""
        ends = np.cumsum([block.hours for block in self.blocks])
        return tuple(slice(int(end) - block.hours, int(end)) for end, block in zip(ends, self.blocks, strict=True))

    @property
    def weight(self) -> Array:
        """Hours of a year that each modelled hour stands for; sums to 8,760. Shape (n_hours,)."""
        return np.concatenate([np.full(block.hours, block.weight) for block in self.blocks])

    @property
    def hour_of_year(self) -> NDArray[np.int64]:
        """Hour of the year (0-8,759) of each modelled hour. Shape (n_hours,)."""
        runs = [np.arange(block.first_hour, block.first_hour + block.hours) for block in self.blocks]
        return np.concatenate(runs) % units.HOURS_PER_YEAR

    @property
    def month(self) -> NDArray[np.int64]:
        """Calendar month (1-12) in which each modelled hour lies, in a year of 365 days. Shape (n_hours,)."""
        days = [calendar.monthrange(COMMON_YEAR, month)[1] for month in range(1, 13)]
        return np.repeat(np.arange(1, 13), units.HOURS_PER_DAY * np.array(days))[self.hour_of_year]

    @property
    def previous(self) -> NDArray[np.int64]:
        """Index of the hour before each modelled hour, cyclic within its block. Shape (n_hours,)."""
        out: list[NDArray[np.int64]] = []
        start = 0
        for block in self.blocks:
            run = np.arange(start, start + block.hours)
            out.append(np.roll(run, 1))
            start += block.hours
        return np.concatenate(out)

    def sample(self, profile: Array) -> Array:
        """Return the modelled hours of a profile of 8,760 values (its mean, where one hour stands for all)."""
        if self.mean:
            return np.full(self.n_hours, profile.mean())
        return np.asarray(profile[self.hour_of_year], dtype=np.float64)

    @property
    def keeps_means(self) -> bool:
        """True if the modelled hours of all series are moved to the mean of the year."""
        return any(block.keep_means for block in self.blocks)

    def alive(self, ordered: int, lead: float, life: float) -> tuple[int, ...]:
        """Return the years of the horizon in which an order of year `ordered` is in use (life NaN: unlimited)."""
        start = ordered + lead
        end = start + life if not math.isnan(life) else np.inf
        return tuple(year for year in self.horizon if start <= year < end)

    @staticmethod
    def usable(ordered: int, period: int, lead: float, life: float) -> bool:
        """Return True if something ordered in `ordered` is in use when `period` begins."""
        start = ordered + lead
        return start <= period and not (not math.isnan(life) and period >= start + life)

    def capital_cost(self, ordered: int, lead: float, life: float, capital: str) -> float:
        """Return the discounted cost over the horizon of one unit of overnight capital ordered in `ordered`.

        `annuity`: a(r, life) in every year of the horizon it is in use; years beyond the horizon (the salvage value)
        are left out. `full`: once, in the period's first year.
        """
        if capital == "full":
            return self.discount(ordered)
        if math.isnan(life):
            return 0.0
        payment = units.annuity_factor(self.rate, life)
        return payment * sum(self.discount(year) for year in self.alive(ordered, lead, life))


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def last_day(date: str) -> datetime.date | None:
    """Return the last day that a date such as 2025, 2025-06 or 2025-06-30 can mean, or None if it is no date."""
    match = _DATE.fullmatch(date)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    try:
        return datetime.date(year, month, int(match[3] or calendar.monthrange(year, month)[1]))
    except ValueError:
        return None
