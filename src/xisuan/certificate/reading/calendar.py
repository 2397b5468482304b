"""Years and hours as the certificate counts them: discounting, lifetimes, blocks, deadline windows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xisuan import units
from xisuan.certificate.reading.representative_hours import representative_blocks
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import Block

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_LIMITS = {
    ("supply", "profile"): (0.0, 1.0),
    ("sites", "pue"): (1.0, math.inf),
    ("power", "price"): (0.0, math.inf),
    ("power", "co2_kg_per_kwh"): (0.0, math.inf),
    ("power", "clean_share"): (0.0, 1.0),
    ("power", "green_profile"): (0.0, 1.0),
}


@dataclass(frozen=True)
class Clock:
    """The scenario's periods and modelled hours. P periods, H hours in each.

    `hours`: blocks of modelled hours other than the scenario's own. `chosen`: number of the one period that counts.
    """

    scenario: Scenario
    hours: tuple[Block, ...] | None = None
    chosen: int | None = None

    def only(self, p: int) -> Clock:
        """Return the clock of period number p alone."""
        return replace(self, hours=self.given, chosen=p)

    @property
    def _counted(self) -> slice:
        return slice(None) if self.chosen is None else slice(self.chosen, self.chosen + 1)

    @cached_property
    def periods(self) -> tuple[int, ...]:
        """First year of each period."""
        return tuple(self.scenario.settings.periods)[self._counted]

    @cached_property
    def years(self) -> tuple[range, ...]:
        """Years that each period stands for."""
        settings = self.scenario.settings
        ends = (*settings.periods[1:], settings.periods[-1] + settings.last_period_years)
        return tuple(range(first, end) for first, end in zip(settings.periods, ends, strict=True))[self._counted]

    @cached_property
    def fixed(self) -> Mask:
        """True for periods whose year had ended at `as_of`: their data are history. Shape (P,)."""
        day = self.scenario.settings.as_of
        if day is None:
            return np.zeros(len(self.periods), dtype=bool)
        ended = day.year if (day.month, day.day) == (12, 31) else day.year - 1
        return np.array([period <= ended for period in self.periods], dtype=bool)

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """Modelled hours of each block."""
        ends = np.cumsum([block.hours for block in self.given])
        return tuple(slice(int(end) - block.hours, int(end)) for end, block in zip(ends, self.given, strict=True))

    @cached_property
    def weight(self) -> Array:
        """Hours of a year that each modelled hour stands for. Shape (H,)."""
        return np.concatenate([np.full(block.hours, block.weight) for block in self.given])

    @cached_property
    def before(self) -> NDArray[np.int64]:
        """Index of the hour before each hour, cyclic in its block. Shape (H,)."""
        runs = [np.arange(block.start, block.stop) for block in self.blocks]
        return np.concatenate([np.concatenate([run[-1:], run[:-1]]) for run in runs])

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Shape (P, H)."""
        return len(self.periods), len(self.weight)

    @cached_property
    def year_weight(self) -> Array:
        """Return the sum of discount factors of each period's years. Shape (P,)."""
        return np.array([sum(self.discount(year) for year in years) for years in self.years])

    @cached_property
    def year_count(self) -> Array:
        """Number of years of each period. Shape (P,)."""
        return np.array([float(len(years)) for years in self.years])

    def discount(self, year: int) -> float:
        """Return the discount factor of `year` to the base year."""
        settings = self.scenario.settings
        return float((1.0 + settings.discount_rate) ** (settings.base_year - year))

    def hours_of(self, curve: Array) -> Array:
        """Return the modelled hours of 8,760 values, or their mean if the year is one hour. Shape (H,)."""
        if self._mean:
            return np.full(len(self.weight), curve.mean())
        runs = [np.arange(block.first_hour, block.first_hour + block.hours) for block in self.given]
        picked: Array = curve[np.concatenate(runs) % len(curve)]
        return picked

    def series(self, table: str, column: str, curve: Array) -> Array:
        """Return the modelled hours of a column, with the year's mean where the blocks keep it. Shape (H,).

        Where the mean is kept by a factor, bisection finds it: the mean increases with the factor.
        """
        hours, limits = self.hours_of(curve), _LIMITS.get((table, column))
        if limits is None or not any(block.keep_means for block in self.given):
            return hours
        low, high = limits
        if (hours < low).any() or curve.mean() < low:
            return np.asarray(hours + curve.mean() - self._share @ hours)
        return np.asarray(low + self._stretched(hours - low, curve.mean() - low, high - low))

    def work(self, curve: Array) -> Array:
        """Return the modelled hours of a profile of work or traffic, with the year's mean where the blocks keep it,
        shape (H,).

        Too low a mean is raised by a factor, each hour at most to the largest hour of the year. Too high a mean is
        lowered by scaling the distance from the largest hour, each hour at least to 0. If that does not reach the mean,
        all hours are scaled by one factor.
        """
        hours, mean = self.hours_of(curve), float(curve.mean())
        if not any(block.keep_means for block in self.given):
            return hours
        now, top = float(self._share @ hours), float(hours.max())
        if top <= 0.0:
            return np.full_like(hours, mean)
        if math.isclose(now, mean, rel_tol=1e-12):
            return hours
        if now < mean:
            moved = self._stretched(hours, mean, float(curve.max()))
        else:
            moved = np.asarray(top - self._stretched(top - hours, top - mean, top))
        reached = float(self._share @ moved)
        return moved if math.isclose(reached, mean, rel_tol=1e-9) else np.asarray(hours * (mean / now))

    @property
    def _share(self) -> Array:
        return np.asarray(self.weight / self.weight.sum())

    def _stretched(self, above: Array, wanted: float, room: float) -> Array:
        """Return values ≥ 0 times the factor at which their mean is `wanted`, each at most `room`; found by bisection."""
        share = self._share
        if not above.any() or math.isclose(share @ above, wanted, rel_tol=1e-12):
            return above

        def reached(factor: float) -> float:
            return float(share @ np.minimum(factor * above, room))

        least, most = 0.0, 1.0
        while reached(most) < wanted and (most * above < room).any(where=above > 0.0):
            most *= 2.0
        while (middle := 0.5 * (least + most)) not in (least, most):
            least, most = (middle, most) if reached(middle) < wanted else (least, middle)
        return np.asarray(np.minimum(most * above, room))

    def in_use(self, lead: Array, life: Array) -> Mask:
        """Return True where an order of period o (last axis) is in use in period u. Shape (..., P, P) from (..., P)."""
        years = np.array(self.periods, dtype=np.float64)
        start = (years + np.nan_to_num(lead))[..., None, :]
        end = start + np.where(np.isnan(life), np.inf, life)[..., None, :]
        used: Mask = (start <= years[:, None]) & (years[:, None] < end)
        return used

    def capital(self, order: int, lead: float, life: float) -> float:
        """Return the discounted cost of one mCNY of capital ordered in period number `order`."""
        first = self.periods[order]
        if self.scenario.settings.capital == "full":
            return self.discount(first)
        if math.isnan(life):
            return 0.0
        rate = self.scenario.settings.discount_rate
        payment = 1.0 / life if rate == 0.0 else rate / -math.expm1(-life * math.log1p(rate))
        start = first + (0.0 if math.isnan(lead) else lead)
        alive = (year for years in self.years for year in years if start <= year < start + life)
        return payment * sum(self.discount(year) for year in alive)

    def window(self, demand: Array, hours: int) -> Array:
        """Return the demand of the last `hours` hours with the own one, cyclic in the block. Axis −2 is the hours."""
        total = np.zeros_like(demand)
        for block in self.blocks:
            part = demand[..., block, :]
            size = part.shape[-2]
            # A window longer than the block counts the whole block several times.
            turns, rest = divmod(hours, size)
            summed = turns * part.sum(axis=-2, keepdims=True) + np.zeros_like(part)
            if rest:
                # Cyclic window sums: differences of cumulative sums over the block repeated twice.
                twice = np.concatenate([part, part], axis=-2).cumsum(axis=-2)
                summed = summed + twice[..., size : 2 * size, :] - twice[..., size - rest : 2 * size - rest, :]
            total[..., block, :] = summed
        return total

    def block_total(self, hourly: Array) -> Array:
        """Return the sum over the block of each hour. Axis −2 is the hours."""
        total = np.empty_like(hourly)
        for block in self.blocks:
            total[..., block, :] = hourly[..., block, :].sum(axis=-2, keepdims=True)
        return total

    @cached_property
    def _mean(self) -> bool:
        """True if the year is one hour with the mean of every profile."""
        return self.scenario.settings.hours.kind == "one" and not self.scenario.has("blocks")

    @cached_property
    def given(self) -> tuple[Block, ...]:
        """Blocks of the modelled hours, by the table `blocks` or the option `hours`."""
        if self.hours is not None:
            return self.hours
        kind, count = self.scenario.settings.hours.kind, self.scenario.settings.hours.count
        if self.scenario.has("blocks"):
            rows = self.scenario["blocks"].to_dict("records")
            return tuple(
                Block(str(row["block"]), int(row["first_hour"]), int(row["hours"]), float(row["weight"]), bool(kept))
                for row in rows
                for kept in [row.get("keep_means") in (True,)]
            )
        if kind in ("days", "weeks"):
            return representative_blocks(self.scenario)
        length = {"one": 1, "year": units.HOURS_PER_YEAR, "hours": count}[kind]
        return (Block(kind, 0, length, units.HOURS_PER_YEAR / length, kind == "hours"),)
