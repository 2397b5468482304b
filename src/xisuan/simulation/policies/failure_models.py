"""Models of failures: outages of servers, and failures of sites and links, given or drawn from distributions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core.records import FAILURE
from xisuan.text.translation import message as _

MOST = 10_000_000
"""Largest number of failures of one simulation; more points to a wrong unit."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Outage of `amount` servers of station `target` from `start_s` for `repair_s` seconds.

    `draw` in [0, 1): position among the servers at which it strikes.
    """

    start_s: float
    repair_s: float
    target: int = 0
    amount: int = 1
    draw: float = 0.0


@runtime_checkable
class Failures(Protocol):
    """Source of outages."""

    def outages(self, horizon_s: float, seed: int) -> Sequence[Outage]:
        """Return all outages that begin within `horizon_s`.

        The same seed gives the same outages, and a longer horizon begins with those of a shorter one.
        """
        ...


@dataclass(frozen=True, slots=True)
class ListedOutages:
    """List of given outages."""

    listed: tuple[Outage, ...]

    def outages(self, horizon_s: float, _seed: int) -> Sequence[Outage]:
        """Return the listed outages that begin within the horizon."""
        return [outage for outage in self.listed if outage.start_s < horizon_s]


@dataclass(frozen=True, slots=True)
class MachineFailures:
    """Independent failures of `machines` machines of `size` servers at station `target`.

    Up times are exponential with mean `mtbf_s`, repair times exponential with mean `mttr_s`.
    """

    machines: int
    size: int
    mtbf_s: float
    mttr_s: float
    target: int = 0

    def outages(self, horizon_s: float, seed: int) -> Sequence[Outage]:
        """Return the outages of all machines, each an alternating renewal process.

        The machines are identical and memoryless, so the one struck is drawn among those up. Raises ScenarioError for
        invalid parameters or too many failures.
        """
        if not (0 < self.mtbf_s < math.inf and 0 <= self.mttr_s < math.inf and self.machines >= 1 and self.size >= 1):
            raise ScenarioError([Problem("machine-failures-invalid", table="failures", value=str(self))])
        if self.machines * max(1.0, horizon_s / (self.mtbf_s + self.mttr_s)) > MOST:
            raise ScenarioError(
                [Problem("too-many-failures", table="failures", column="mtbf_s", value=f"{self.mtbf_s:g}", most=MOST)]
            )
        rng = np.random.default_rng([seed, self.target, self.machines, self.size])
        out: list[Outage] = []
        time = rng.exponential(self.mtbf_s, self.machines)
        step = (self.mtbf_s + self.mttr_s) * min(max(self.machines, SPANNED[0]), SPANNED[1]) / self.machines
        edge = 0.0
        while edge < horizon_s:  # in spans: a longer horizon begins with the same random numbers
            edge += step
            while len(soon := np.flatnonzero(time < edge)):
                repair = np.maximum(rng.exponential(self.mttr_s, len(soon)), SHORTEST_S)
                rows = zip(time[soon].tolist(), repair.tolist(), rng.random(len(soon)).tolist(), strict=True)
                out += [Outage(start, length, self.target, self.size, draw) for start, length, draw in rows]
                time[soon] += repair + rng.exponential(self.mtbf_s, len(soon))
        return [outage for outage in out if outage.start_s < horizon_s]


@dataclass(frozen=True, slots=True)
class CombinedFailures:
    """Union of several independent sources."""

    sources: tuple[Failures, ...]

    def outages(self, horizon_s: float, seed: int) -> Sequence[Outage]:
        """Return the outages of all sources."""
        return [outage for source in self.sources for outage in source.outages(horizon_s, seed)]


SHORTEST_S = 1e-3
"""Shortest repair in seconds; an outage of length 0 would have no effect."""

SPANNED = (256, 65_536)
"""Approximate number of failures drawn at once: least and most."""

EVERYTHING = 2**62
"""Amount of an outage that takes down all servers of a station."""


@dataclass(frozen=True, slots=True)
class Down:
    """Failure of a site or a link for `hours` whole hours from hour `start` on. `what`: site or link."""

    what: str
    name: str
    start: int = 0
    hours: int = 24


@runtime_checkable
class Breakdowns(Protocol):
    """Source of failures of sites and links."""

    def downs(self, names: Sequence[tuple[str, str]], hours: int, seed: int) -> Sequence[Down]:
        """Return all failures that begin within `hours`; the same seed gives the same failures.

        `names`: pairs of kind (site or link) and name.
        """
        ...


@dataclass(frozen=True, slots=True)
class RandomFailures:
    """Random failures of sites and links, rounded to whole hours.

    Each fails after an exponential time of mean `mtbf_hours` and is repaired in an exponential time of mean
    `mttr_hours`, at least an hour. The failures of one do not depend on how many others there are.
    """

    mtbf_hours: float
    mttr_hours: float

    def __post_init__(self) -> None:
        if not (1.0 <= self.mtbf_hours < math.inf and 0.0 <= self.mttr_hours < math.inf):
            raise ScenarioError(
                [Problem("site-failures-invalid", table="failures", column="mtbf_hours", value=str(self))]
            )

    def downs(self, names: Sequence[tuple[str, str]], hours: int, seed: int) -> Sequence[Down]:
        """Return the failures of every site and link, each with its own stream of random numbers."""
        out = []
        for what, name in names:
            rng = np.random.default_rng([seed, *f"{what}:{name}".encode()])
            time = float(rng.exponential(self.mtbf_hours))
            while time < hours:
                repair = max(1, round(float(rng.exponential(self.mttr_hours))))
                out.append(Down(what, name, int(time), repair))
                time = int(time) + repair + float(rng.exponential(self.mtbf_hours))
        return out


def records(outages: Sequence[Outage]) -> NDArray[Any]:
    """Return FAILURE records of failures and repairs in order of time; repairs come first at equal times.

    Raises ScenarioError for an invalid outage.
    """
    bad = [
        Problem("failure-invalid", table="failures", row=_("outage {number}", number=at + 1), value=str(outage))
        for at, outage in enumerate(outages)
        if not (0 <= outage.start_s < math.inf and outage.repair_s > 0 and outage.amount >= 1 and 0 <= outage.draw < 1)
    ]
    if bad:
        raise ScenarioError(bad)
    count = len(outages)
    begins = [(o.start_s, o.target, o.amount, o.draw, -1, 0, 0, -1) for o in outages]
    ends = [(o.start_s + o.repair_s, o.target, o.amount, o.draw, at, 0, 0, -1) for at, o in enumerate(outages)]
    both = np.array([*begins, *ends], FAILURE)
    # Repairs before failures at equal times; an infinite repair never happens.
    order = np.lexsort([both["repair"] < 0, both["time"]])
    order = order[np.isfinite(both["time"][order])]
    # A repair refers to its failure: map indices to their sorted positions.
    place = np.zeros(2 * count, np.int64)
    place[order] = np.arange(len(order))
    both = both[order]
    repairs = both["repair"] >= 0
    both["repair"][repairs] = place[both["repair"][repairs]]
    out: NDArray[Any] = both
    return out
