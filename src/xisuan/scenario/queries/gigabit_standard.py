"""Standard of a gigabit city: thresholds in a period, and the classification of a city by its indicators."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import BY_INDICATOR, Indicator

ABOVE = 1e-4
"""Relative margin over a threshold that must be exceeded: 80 % means 80.008 %; figures are published to a decimal."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A mandatory row of the standard in one period, in the unit of its indicator."""

    indicator: Indicator
    value: float
    op: str
    version: str

    @property
    def ratio(self) -> float:
        """Smallest numerator/denominator allowed in a plan, slightly above the threshold where it must be exceeded."""
        return self.value / self.indicator.scale * (1.0 + ABOVE if self.op == ">" else 1.0)

    def met(self, value: float, within: float = 0.0) -> bool:
        """Return True if a value meets the threshold, with relative tolerance `within` for ≥; NaN does not."""
        return value > self.value if self.op == ">" else value >= self.value * (1.0 - within)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Classification of a city: indicators below their threshold, and unknown ones."""

    short: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def gigabit(self) -> bool | None:
        """True if it is a gigabit city; None if that depends on unknown indicators."""
        if self.short:
            return False
        return None if self.unknown else True


def thresholds(scenario: Scenario, period: int) -> tuple[Threshold, ...]:
    """Return the thresholds that a gigabit city must reach in `period`."""
    return tuple(
        Threshold(BY_INDICATOR[str(row["indicator"])], float(row["threshold"]), str(row["op"]), str(row["version"]))
        for row in scenario.dated("standard").rows(period).values()
        if row["mandatory"] and not math.isnan(row["threshold"])
    )


def classify(values: Mapping[str, float], asked: Sequence[Threshold], within: float = 0.0) -> Verdict:
    """Return the classification of a city with these indicator values; a missing or NaN one is unknown."""
    known = {name: value for name, value in values.items() if not math.isnan(value)}
    short = [
        one.indicator.name
        for one in asked
        if one.indicator.name in known and not one.met(known[one.indicator.name], within)
    ]
    return Verdict(tuple(short), tuple(one.indicator.name for one in asked if one.indicator.name not in known))
