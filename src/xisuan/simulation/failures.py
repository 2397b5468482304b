"""Failures: what goes down, when, and when it is back; from a table, or drawn from distributions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.layout import FAILURE

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
        """All that begin within `horizon_s`; the same for the same seed."""
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
        if self.machines * horizon_s / (self.mtbf_s + self.mttr_s) > MOST:
            what = f"makes more than {MOST:,} failures; give a longer time"
            raise ScenarioError([Problem("failures", "", "mtbf_s", f"{self.mtbf_s:g}", what)])
        rng = np.random.default_rng([seed, self.target])
        out: list[Outage] = []
        time = rng.exponential(self.mtbf_s, self.machines)
        while len(time := time[time < horizon_s]):
            repair = np.maximum(rng.exponential(self.mttr_s, len(time)), SHORTEST_S)
            rows = zip(time.tolist(), repair.tolist(), rng.random(len(time)).tolist(), strict=True)
            out += [Outage(start, length, self.target, self.size, draw) for start, length, draw in rows]
            time = time + repair + rng.exponential(self.mtbf_s, len(time))
        return out


SHORTEST_S = 1e-3
"""Seconds that a repair takes at least: one of no length would be none."""


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
    both = np.zeros(2 * count, FAILURE)
    for at, o in enumerate(outages):
        both[at] = (o.start_s, o.target, o.amount, o.draw, -1, 0)
        both[count + at] = (o.start_s + o.repair_s, o.target, o.amount, o.draw, at, 0)
    order = np.lexsort([both["repair"] < 0, both["time"]])
    order = order[np.isfinite(both["time"][order])]
    place = np.zeros(2 * count, np.int64)
    place[order] = np.arange(len(order))
    both = both[order]
    repairs = both["repair"] >= 0
    both["repair"][repairs] = place[both["repair"][repairs]]
    out: NDArray[Any] = both
    return out


def read_downs(frame: pd.DataFrame) -> tuple[Down, ...]:
    """Sites and links that are down, of a table with columns what, name, start_hour and hours."""
    _check_columns(frame, ("what", "name", "start_hour", "hours"))
    rows = zip(*(frame[name] for name in ("what", "name", "start_hour", "hours")), strict=True)
    return tuple(Down(str(what), str(name), int(start), int(hours)) for what, name, start, hours in rows)


def _check_columns(frame: pd.DataFrame, names: tuple[str, ...]) -> None:
    """All are there, and numbers are whole where they have to be. Raises ScenarioError with line and column."""
    missing = [Problem("failures", "line 1", name, "", "this column is missing") for name in names if name not in frame]
    if missing:
        raise ScenarioError(missing)
    bad = []
    for name in names:
        if name in ("what", "name"):
            continue
        values = pd.to_numeric(frame[name], errors="coerce")
        whole = (values % 1 == 0) | (name in ("start_s", "repair_s"))
        wrong = np.flatnonzero(~((values >= 0) & (values < 2**53) & whole))
        bad += [
            Problem("failures", f"line {row + 2}", name, str(frame[name].iloc[row]), "give a number, 0 or more")
            for row in wrong[:1]
        ]
    if bad:
        raise ScenarioError(bad)


def read(frame: pd.DataFrame) -> Given:
    """Outages of a table with columns start_s, repair_s and servers: failures of one site."""
    _check_columns(frame, ("start_s", "repair_s", "servers"))
    rng = np.random.default_rng(0)
    return Given(
        tuple(
            Outage(float(start), float(repair), 0, int(servers), float(rng.random()))
            for start, repair, servers in zip(frame["start_s"], frame["repair_s"], frame["servers"], strict=True)
        )
    )
