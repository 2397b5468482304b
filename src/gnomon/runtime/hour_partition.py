"""Partition of the hours among the processes of a team: contiguous periods, and contiguous parts of their rings of hours.

Every process holds all data of the periods. Periods are shared out as far as all processes get equally many, likewise
for the periods of scenarios. An hour contributes only to the border of its own period, so a process sends no other
border. Within the periods the hours are shared out. Where consecutive hours belong to two processes, they are coupled
by the states of the later one. The earlier process holds these in a *ghost*, an hour after its own of which it knows
the states only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.runtime.simd_lanes import LANES

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Strand:
    """Consecutive hours of the ring `ring`, in order, by local number. open: the next hour is in another process."""

    hours: Index
    ring: int
    open: bool


@dataclass(frozen=True, slots=True)
class Share:
    """The hours of one process in the periods from `begin` to `end`: by their number among all, and as local strands."""

    hours: Index
    strands: tuple[Strand, ...]
    begin: int
    end: int

    @property
    def periods(self) -> slice:
        """Return its periods as a slice."""
        return slice(self.begin, self.end)

    @property
    def steps(self) -> int:
        """Return the number of its hours in all its periods."""
        return (self.end - self.begin) * len(self.hours)


@dataclass(frozen=True, slots=True)
class Layout:
    """The hours of all processes.

    following: for each process and each of its open strands, the process and open strand that follow.
    """

    shares: tuple[Share, ...]
    following: tuple[tuple[tuple[int, int], ...], ...]

    def joined(self, parts: Sequence[Array], periods: int, fixed: int) -> Array:
        """Return a vector of all hours from those of the processes, which start with `fixed` numbers per period."""
        if len(parts) == 1:
            return parts[0]
        border, steps = periods * fixed, sum(of.steps for of in self.shares)
        items = (len(parts[0]) - border) // self.shares[0].steps
        out = np.empty(border + steps * items, dtype=parts[0].dtype)
        out[:border] = parts[0][:border]
        hours = out[border:].reshape(periods, steps // periods, items)
        for part, of in zip(parts, self.shares, strict=True):
            hours[of.periods, of.hours] = part[border:].reshape(of.end - of.begin, len(of.hours), items)
        return out

    def part(self, rank: int, vector: NDArray[Number], periods: int, fixed: int) -> NDArray[Number]:
        """Return the part of one process of a vector of all hours."""
        border, of = periods * fixed, self.shares[rank]
        steps = sum(of.steps for of in self.shares)
        of_hours = vector[border:].reshape(periods, steps // periods, -1)[of.periods, of.hours]
        return np.concatenate([vector[:border], of_hours.ravel()])

    def beyond(self, rank: int) -> Index:
        """Return the hour after each open strand of a process, numbered among all hours."""
        found = [(self.shares[other], there) for other, there in self.following[rank]]
        opened = [[strand for strand in share.strands if strand.open][there] for share, there in found]
        return np.array(
            [share.hours[strand.hours[0]] for (share, _), strand in zip(found, opened, strict=True)], dtype=np.int64
        )

    def onward(self, parts: Sequence[Array]) -> list[Array]:
        """Pass the data of each strand to the process of the next strand. parts: (periods, strands, …) per process."""
        out = [np.empty_like(part) for part in parts]
        for rank, theirs in enumerate(self.following):
            for at, (other, there) in enumerate(theirs):
                out[other][:, there] = parts[rank][:, at]
        return out

    def back(self, parts: Sequence[Array]) -> list[Array]:
        """Pass what belongs to each strand to the process of the previous strand. Shapes as in `onward`."""
        out = [np.empty_like(part) for part in parts]
        for rank, theirs in enumerate(self.following):
            for at, (other, there) in enumerate(theirs):
                out[rank][:, at] = parts[other][:, there]
        return out


ONE = Layout((), ((),))
"""Layout of a single process."""


def whole(rings: Sequence[Index]) -> tuple[Strand, ...]:
    """Return the strands of a process that holds all hours."""
    return tuple(Strand(hours, ring, open=False) for ring, hours in enumerate(rings))


def layout(rings: Sequence[Index], periods: int, processes: int, bundle: int = LANES) -> Layout:
    """Partition all hours of all periods among `processes`, nearly equally, in whole bundles of hours.

    rings: hours of each ring in order; bundle: hours per bundle, the lanes of a vector register.
    """
    # As many groups of processes as divide the periods equally; within a group the hours are cut.
    groups = gcd(periods, processes)
    each = periods // groups
    shares = [
        Share(hours, strands, group * each, (group + 1) * each)
        for group in range(groups)
        for hours, strands in _cut(rings, processes // groups, bundle)
    ]
    return Layout(tuple(shares), _following(shares))


def _cut(rings: Sequence[Index], parts: int, bundle: int) -> list[tuple[Index, tuple[Strand, ...]]]:
    """Cut all hours into `parts` parts; return the hours and strands of each."""
    bundles = [np.array_split(ring, np.arange(bundle, len(ring), bundle)) for ring in rings]
    of = [(ring, hours) for ring, parts in enumerate(bundles) for hours in parts]
    ends = np.cumsum([0, *(len(hours) for _, hours in of)])
    # Bundle boundaries nearest to equal parts.
    cuts = np.searchsorted(ends, np.linspace(0, ends[-1], parts + 1) - 0.5 * bundle)
    cuts[0], cuts[-1] = 0, len(of)
    return [_part(of[low:high], rings) for low, high in pairwise(cuts.tolist())]


def process_count(hours: int, periods: int, asked: int) -> int:
    """Return the number of processes that these hours and periods keep busy, at most `asked`. Each needs two bundles."""

    def busy(count: int) -> bool:
        return count // gcd(periods, count) <= max(1, hours // LANES) and 2 * LANES * count <= periods * hours

    return next((count for count in range(asked, 1, -1) if busy(count)), 1)


def _part(bundles: Sequence[tuple[int, Index]], rings: Sequence[Index]) -> tuple[Index, tuple[Strand, ...]]:
    """Return the hours of some bundles and their strands."""
    strands: list[Strand] = []
    hours: list[Index] = []
    begun = 0
    for ring in sorted({ring for ring, _ in bundles}):
        mine = np.concatenate([bundle for of, bundle in bundles if of == ring])
        strands.append(Strand(begun + np.arange(len(mine)), ring, open=len(mine) < len(rings[ring])))
        hours.append(mine)
        begun += len(mine)
    return np.concatenate(hours), tuple(strands)


def _following(shares: Sequence[Share]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return, for each open strand, the next one of its ring; the first follows the last."""
    of_ring: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for rank, share in enumerate(shares):
        for at, strand in enumerate(strand for strand in share.strands if strand.open):
            of_ring.setdefault((share.begin, strand.ring), []).append((rank, at))
    after = {one: other for of in of_ring.values() for one, other in zip(of, [*of[1:], of[0]], strict=True)}
    opened = [sum(strand.open for strand in share.strands) for share in shares]
    return tuple(tuple(after[rank, at] for at in range(count)) for rank, count in enumerate(opened))
