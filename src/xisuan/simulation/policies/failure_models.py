"""Failures: what goes down, when, and when it is back; from a table, or drawn from distributions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core.records import FAILURE

MOST = 10_000_000
"""Failures of one simulation: more is a mistake in a unit."""


@dataclass(frozen=True, slots=True)
class Outage:
    """`amount` servers of station `target` are down for a while.

    `draw` in [0, 1) says where among the servers it strikes.
    """

    start_s: float
    repair_s: float
    target: int = 0
    amount: int = 1
    draw: float = 0.0


@runtime_checkable
class Failures(Protocol):
    """Where outages come from."""

    def outages(self, horizon_s: float, seed: int) -> Sequence[Outage]:
        """All that begin within `horizon_s`; the same for the same seed, and for a longer time these and later ones."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """Outages as they are given."""

    listed: tuple[Outage, ...]

    def outages(self, horizon_s: float, _seed: int) -> Sequence[Outage]:
        """Those listed."""
        return [outage for outage in self.listed if outage.start_s < horizon_s]


@dataclass(frozen=True, slots=True)
class Machines:
    """`machines` machines of `size` servers at station `target`; each runs for an exponential time of mean `mtbf_s`
    and is then repaired for an exponential time of mean `mttr_s`.
    """

    machines: int
    size: int
    mtbf_s: float
    mttr_s: float
    target: int = 0

    def outages(self, horizon_s: float, seed: int) -> Sequence[Outage]:
        """All machines side by side, each with a life of its own; which of those up a failure strikes is drawn, for they
        are alike and forget.
        """
        if not (0 < self.mtbf_s < math.inf and 0 <= self.mttr_s < math.inf and self.machines >= 1 and self.size >= 1):
            what = (
                "give machines and a size of 1 or more, a finite mean time between failures and a mean time of repair"
            )
            raise ScenarioError([Problem("failures", "", "", str(self), what)])
        if self.machines * max(1.0, horizon_s / (self.mtbf_s + self.mttr_s)) > MOST:
            what = f"makes more than {MOST:,} failures, or is of more machines; give a longer time"
            raise ScenarioError([Problem("failures", "", "mtbf_s", f"{self.mtbf_s:g}", what)])
        rng = np.random.default_rng([seed, self.target, self.machines, self.size])
        out: list[Outage] = []
        time = rng.exponential(self.mtbf_s, self.machines)
        step = (self.mtbf_s + self.mttr_s) * min(max(self.machines, SPANNED[0]), SPANNED[1]) / self.machines
        edge = 0.0
        while edge < horizon_s:  # span by span, so that a longer horizon draws the same numbers first
            edge += step
            while len(soon := np.flatnonzero(time < edge)):
                repair = np.maximum(rng.exponential(self.mttr_s, len(soon)), SHORTEST_S)
                rows = zip(time[soon].tolist(), repair.tolist(), rng.random(len(soon)).tolist(), strict=True)
                out += [Outage(start, length, self.target, self.size, draw) for start, length, draw in rows]
                time[soon] += repair + rng.exponential(self.mtbf_s, len(soon))
        return [outage for outage in out if outage.start_s < horizon_s]


@dataclass(frozen=True, slots=True)
class Together:
    """Several sources, each by itself."""

    sources: tuple[Failures, ...]

    def outages(self, horizon_s: float, seed: int) -> Sequence[Outage]:
        """Those of all."""
        return [outage for source in self.sources for outage in source.outages(horizon_s, seed)]


SHORTEST_S = 1e-3
"""Seconds that a repair takes at least: one of no length would be none."""

SPANNED = (256, 65_536)
"""Failures that are drawn at a time, about: for few machines, and for many."""

EVERYTHING = 2**62
"""Servers of a failure that takes all there are."""


@dataclass(frozen=True, slots=True)
class Down:
    """A site or a link is down for `hours` whole hours from `start`."""

    what: str
    name: str
    start: int = 0
    hours: int = 24


@runtime_checkable
class Breakdowns(Protocol):
    """Where failures of sites and links come from."""

    def downs(self, names: Sequence[tuple[str, str]], hours: int, seed: int) -> Sequence[Down]:
        """All that begin within `hours`, of `names` (site or link, which one); the same for the same seed."""
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """Each site and each link works for an exponential time of mean `mtbf_hours` and is then repaired for an exponential
    time of mean `mttr_hours`, in whole hours, one at least. Its times do not change with the number of the others.
    """

    mtbf_hours: float
    mttr_hours: float

    def __post_init__(self) -> None:
        if not (1.0 <= self.mtbf_hours < math.inf and 0.0 <= self.mttr_hours < math.inf):
            what = "give a mean time between failures of an hour or more and a finite mean time of repair"
            raise ScenarioError([Problem("failures", "", "mtbf_hours", str(self), what)])

    def downs(self, names: Sequence[tuple[str, str]], hours: int, seed: int) -> Sequence[Down]:
        """Each by itself."""
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
    """FAILURE records, failures and repairs in order of time; at the same time repairs come first.

    Raises ScenarioError for what cannot be.
    """
    bad = [
        Problem(
            "failures",
            f"outage {at + 1}",
            "",
            str(outage),
            "give a start of 0 s or more, a positive length and a positive amount",
        )
        for at, outage in enumerate(outages)
        if not (0 <= outage.start_s < math.inf and outage.repair_s > 0 and outage.amount >= 1 and 0 <= outage.draw < 1)
    ]
    if bad:
        raise ScenarioError(bad)
    count = len(outages)
    begins = [(o.start_s, o.target, o.amount, o.draw, -1, 0, 0, -1) for o in outages]
    ends = [(o.start_s + o.repair_s, o.target, o.amount, o.draw, at, 0, 0, -1) for at, o in enumerate(outages)]
    both = np.array([*begins, *ends], FAILURE)
    order = np.lexsort([both["repair"] < 0, both["time"]])
    order = order[np.isfinite(both["time"][order])]
    place = np.zeros(2 * count, np.int64)
    place[order] = np.arange(len(order))
    both = both[order]
    repairs = both["repair"] >= 0
    both["repair"][repairs] = place[both["repair"][repairs]]
    out: NDArray[Any] = both
    return out
