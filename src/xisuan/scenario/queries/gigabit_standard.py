"""The standard of a gigabit city: its thresholds in a period, and what they make of a city's indicators."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import BY_INDICATOR, Indicator

ABOVE = 1e-4
"""By what share of a threshold an indicator that must be *above* it is: 80 % means 80.008 %, as published to a decimal."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A mandatory row of the standard in one period, in the unit of its indicator."""

    indicator: Indicator
    value: float
    op: str
    version: str

    @property
    def ratio(self) -> float:
        """Least numerator over denominator of a plan, a little above the threshold where it must be exceeded."""
        return self.value / self.indicator.scale * (1.0 + ABOVE if self.op == ">" else 1.0)

    def met(self, value: float, within: float = 0.0) -> bool:
        """Whether a value of the indicator reaches it, to a relative tolerance `within`; NaN does not."""
        return value > self.value if self.op == ">" else value >= self.value * (1.0 - within)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the standard makes of a city: the indicators that fall short, and those that nobody knows."""

    short: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def gigabit(self) -> bool | None:
        """Whether it is a gigabit city; None where that turns on what is unknown."""
        if self.short:
            return False
        return None if self.unknown else True


def thresholds(scenario: Scenario, period: int) -> tuple[Threshold, ...]:
    """What a gigabit city must reach in `period`."""
    return tuple(
        Threshold(BY_INDICATOR[str(row["indicator"])], float(row["threshold"]), str(row["op"]), str(row["version"]))
        for row in scenario.dated("standard").rows(period).values()
        if row["mandatory"] and not math.isnan(row["threshold"])
    )


def classify(values: Mapping[str, float], asked: Sequence[Threshold], within: float = 0.0) -> Verdict:
    """The verdict on a city whose indicators have these values; one that is missing or NaN is unknown."""
    known = {name: value for name, value in values.items() if not math.isnan(value)}
    short = [
        one.indicator.name
        for one in asked
        if one.indicator.name in known and not one.met(known[one.indicator.name], within)
    ]
    return Verdict(tuple(short), tuple(one.indicator.name for one in asked if one.indicator.name not in known))
