"""Periods, years, money and hours: formulas.md "Objective", tables.md "profiles", "profile_rules" and "blocks"."""

from __future__ import annotations

import datetime
import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tests.oracle.folder import Folder, Row, is_yes, number, optional

Array = NDArray[np.float64]
Block = tuple[int, int, float, bool]
"""First hour of the year, how many hours, weight of each, whether the year's means are kept."""

YEAR = 8760


class UnknownHoursError(ValueError):
    """The second model does not choose days and weeks itself."""


class Clock:
    """Which years and hours a plan knows. `chosen`: the blocks of days:N and weeks:N."""

    def __init__(self, folder: Folder, chosen: tuple[Block, ...] = ()) -> None:
        self.folder = folder
        self._chosen = chosen
        self.periods = [int(year) for year in folder.options["periods"]]
        self.last = self.periods[-1]

    # years and money

    def years(self, period: int) -> range:
        """Return the years Y(y) for which a period stands: those up to the next."""
        at = self.periods.index(period)
        end = self.periods[at + 1] if period != self.last else self.last + int(self.folder.options["last_period_years"])
        return range(period, end)

    def is_past(self, period: int) -> bool:
        """Return whether the year of a period had ended at `as_of` (options.md)."""
        as_of = self.folder.options["as_of"]
        return bool(as_of) and self.folder.as_of >= datetime.date(period, 12, 31)

    @property
    def first_open(self) -> int | None:
        """The first period that is still to be planned."""
        return next((period for period in self.periods if not self.is_past(period)), None)

    def delta(self, year: int) -> float:
        """Return δ(n)."""
        return float((1 + self.folder.options["discount_rate"]) ** -(year - self.folder.options["base_year"]))

    def discount(self, period: int) -> float:
        """Return D(y)."""
        return sum(self.delta(year) for year in self.years(period))

    def capital(self, period: int, row: Row | None) -> float:
        """Return K(y, lead, life) with lead and life of the row that the order is made by."""
        return self.capital_of(period, number(row, "lead_years"), optional(row, "life_years"))

    def capital_of(self, period: int, lead: float, life: float | None) -> float:
        """Return K(y, lead, life); a blank life makes it 0 under annuities."""
        if self.folder.options["capital"] == "full":
            return self.delta(period)
        if life is None:
            return 0.0
        rate = self.folder.options["discount_rate"]
        share = rate / (1 - (1 + rate) ** -life) if rate > 0 else 1 / life
        horizon = range(self.periods[0], self.years(self.last).stop)
        return float(share * sum(self.delta(n) for n in horizon if period + lead <= n < period + lead + life))

    def can_order(self, period: int, row: Row) -> bool:
        """Return True if an order is possible: not in the past, and in use in some period."""
        return not self.is_past(period) and any(self.in_use(period, row, later) for later in self.periods)

    def in_use(self, ordered: int, row: Row | None, period: int) -> bool:
        """Return whether an order is in use in a period: from its order plus lead, for its life (hall_balance)."""
        start = ordered + number(row, "lead_years")
        return start <= period < start + number(row, "life_years", math.inf)

    # hours

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The modelled blocks; hours × weights sum to 8,760."""
        if self.folder.has("blocks"):
            return tuple(
                (int(row["first_hour"]), int(row["hours"]), float(row["weight"]), is_yes(row, "keep_means"))
                for row in self.folder.rows["blocks"]
            )
        kind, _, count = str(self.folder.options["hours"]).partition(":")
        if kind == "one":
            return ((0, 1, float(YEAR), False),)
        if kind == "year":
            return ((0, YEAR, 1.0, False),)
        if kind == "hours":
            return ((0, int(count), YEAR / int(count), True),)
        if not self._chosen:
            raise UnknownHoursError(f"hours = {kind}:{count}: give `chosen`")
        return self._chosen

    @cached_property
    def is_mean(self) -> bool:
        """Whether a single hour carries the yearly mean of every profile (hours = "one")."""
        return self.folder.options["hours"] == "one" and not self.folder.has("blocks")

    @cached_property
    def at(self) -> NDArray[np.int64]:
        """Hour of the year of each modelled hour."""
        return np.concatenate([np.arange(first, first + count) for first, count, _, _ in self.blocks])

    @cached_property
    def weight(self) -> Array:
        """ω(t)."""
        return np.concatenate([np.full(count, weight) for _, count, weight, _ in self.blocks])

    @cached_property
    def before(self) -> list[int]:
        """t−1, cyclic in its block."""
        out: list[int] = []
        for _, count, _, _ in self.blocks:
            start = len(out)
            out += [start + (at - 1) % count for at in range(count)]
        return out

    @property
    def count(self) -> int:
        """How many hours are modelled."""
        return len(self.before)

    def window(self, series: Array, hours: int) -> Array:
        """Return the sum of a series over each hour and those before it, `hours` in all, wrapping in the block."""
        out, hour = np.zeros(len(series)), np.arange(len(series))
        for _ in range(hours):
            out += series[hour]
            hour = np.asarray(self.before)[hour]
        return out

    # profiles

    @cached_property
    def curves(self) -> dict[str, Array]:
        """All profiles, 8,760 hours each."""
        out: dict[str, Array] = {}
        for row in self.folder.rows.get("profiles", []):
            for name in row.keys() - {"hour", "source", "quality", "note", ""}:
                out.setdefault(name, np.zeros(YEAR))[int(row["hour"])] = float(row[name])
        for row in self.folder.rows.get("profile_rules", []):
            curve = out.setdefault(row["profile"], np.full(YEAR, np.nan))
            curve[self._hours_of_rule(row)] = float(row["value"])
        return out

    def _hours_of_rule(self, row: Row) -> NDArray[np.bool_]:
        """Return which hours of the year a profile rule is about. The calendar is that of a common year (no 29 February)
        that begins on the weekday of 1 January of `base_year`."""
        days = [datetime.date(2025, 1, 1) + datetime.timedelta(days=day) for day in range(365)]
        month = np.repeat([day.month for day in days], 24)
        start = datetime.date(int(self.folder.options["base_year"]), 1, 1).weekday()
        weekend = np.repeat([(start + day) % 7 >= 5 for day in range(365)], 24)
        hour = np.tile(np.arange(24), 365)
        fits = np.ones(YEAR, dtype=bool)
        if row.get("months"):
            fits &= np.isin(month, list(_spans(row["months"], 1, 12)))
        if row.get("hours"):
            fits &= np.isin(hour, list(_spans(row["hours"], 0, 23)))
        if row.get("days"):
            fits &= weekend == (row["days"] == "weekend")
        return fits

    def shape(self, name: str) -> Array:
        """Return a demand profile at the modelled hours, normalised to mean 1 over the year before any selection."""
        if not name or self.is_mean:
            return np.ones(self.count)
        return self._work(self.curves[name] / self.curves[name].mean())

    def traffic(self, name: str) -> Array:
        """Return a profile of other traffic at the modelled hours, as it is."""
        if not name:
            return np.ones(self.count)
        return np.array([self.curves[name].mean()]) if self.is_mean else self._work(self.curves[name])

    def _work(self, curve: Array) -> Array:
        return work_with_mean(curve[self.at], self.weight, curve) if self.keeps_means else curve[self.at]

    @property
    def keeps_means(self) -> bool:
        """Whether the modelled hours of profiles are moved to the mean of the year: those of representative days and
        weeks and of hours:N, and of `blocks` that say so."""
        return any(keep for *_, keep in self.blocks)

    def series(self, cell: str, blank: float, *, floor: float, ceiling: float = math.inf) -> Array:
        """Return a number or profile at the modelled hours, with the least and the most that its values can be."""
        if cell not in self.curves:
            return np.full(self.count, float(cell) if cell else blank)
        curve = self.curves[cell]
        if self.is_mean:
            return np.array([curve.mean()])
        values = curve[self.at]
        if not self.keeps_means:
            return values
        return with_mean(values, self.weight, float(curve.mean()), floor, ceiling)

    def yearly_mean(self, cell: str, blank: float = 0.0) -> float:
        """Return the mean of a number or profile over the 8,760 hours."""
        return float(self.curves[cell].mean()) if cell in self.curves else float(cell or blank)

    def modelled_mean(self, series: Array) -> float:
        """Return the mean over ω."""
        return float(self.weight @ series / self.weight.sum())


def work_with_mean(values: Array, weight: Array, curve: Array) -> Array:
    """Return the modelled hours of work or traffic moved to the mean of the year, so that the year's sum is asked for.

    Hours that are too low are multiplied by one factor, none beyond the year's largest; of hours that are too high the
    distances from their largest are, none below 0, so that the peak stays. Where that does not reach the mean all are
    multiplied by one factor; where all are 0 each is the mean.
    """
    mean, most, total = float(curve.mean()), float(values.max()), weight.sum()
    now = float(weight @ values / total)
    if abs(now - mean) <= 1e-12 * max(1.0, mean):
        return values
    if most <= 0:
        return np.full(len(values), mean)
    if now < mean:
        moved = with_mean(values, weight, mean, 0.0, float(curve.max()))
    else:
        moved = most - with_mean(most - values, weight, most - mean, 0.0, most)
    return moved if abs(weight @ moved / total - mean) <= 1e-9 * mean else values * (mean / now)


def with_mean(values: Array, weight: Array, mean: float, floor: float, ceiling: float) -> Array:
    """Return `values` moved to a weighted mean: what lies above the floor times one factor, clipped at the ceiling; all
    shifted where they or the mean lie below the floor; unchanged where all are at the floor."""
    total = weight.sum()
    if min(values.min(), mean) < floor:
        return np.asarray(values + mean - weight @ values / total)
    if abs(weight @ values / total - mean) <= 1e-12 * max(1.0, mean) or not (values > floor).any():
        return values
    low, high = 0.0, 1e6
    for _ in range(300):
        factor = (low + high) / 2
        moved = np.minimum(floor + factor * (values - floor), ceiling)
        low, high = (factor, high) if weight @ moved < mean * total else (low, factor)
    return np.minimum(floor + high * (values - floor), ceiling)


def _spans(text: str, least: int, most: int) -> set[int]:
    """Return the numbers of a text such as 1;7-8;11-2, both ends included, running over the end."""
    out: set[int] = set()
    for part in text.split(";"):
        start, _, end = part.strip().partition("-")
        at, stop = int(start), int(end or start)
        while True:
            out.add(at)
            if at == stop:
                break
            at = least if at == most else at + 1
    return out
