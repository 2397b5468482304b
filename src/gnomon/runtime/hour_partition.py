"""Who of a team holds which hours of which periods: contiguous periods, and in these contiguous parts of the rings.

What periods decide is everybody's. Periods are shared out as far as all have as many (those of futures, which come one after
another, likewise): an hour is for the border of its own period alone, so that a member hands in no other. Hours are shared
out within them. Hours that follow one another but belong to two members meet in the states of the later one. The earlier one
has these in a *ghost*, an hour after its own of which it knows the states alone.
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
    """Consecutive hours of the ring `ring`, in order, as numbers of the hours at hand; open: what follows is elsewhere."""

    hours: Index
    ring: int
    open: bool


@dataclass(frozen=True, slots=True)
class Share:
    """The hours of one member, as numbers of all hours, and as strands of its own, in the periods from `begin` to `end`."""

    hours: Index
    strands: tuple[Strand, ...]
    begin: int
    end: int

    @property
    def periods(self) -> slice:
        """Its periods."""
        return slice(self.begin, self.end)

    @property
    def steps(self) -> int:
        """Its hours of all its periods."""
        return (self.end - self.begin) * len(self.hours)


@dataclass(frozen=True, slots=True)
class Layout:
    """The hours of all members. following: for each member, of each of its open strands, whose and which open strand goes on
    there."""

    shares: tuple[Share, ...]
    following: tuple[tuple[tuple[int, int], ...], ...]

    def joined(self, parts: Sequence[Array], periods: int, fixed: int) -> Array:
        """A vector of all hours from those of the members, in each of which `fixed` numbers of every period come first."""
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
        """A member's part of a vector of all hours."""
        border, of = periods * fixed, self.shares[rank]
        steps = sum(of.steps for of in self.shares)
        of_hours = vector[border:].reshape(periods, steps // periods, -1)[of.periods, of.hours]
        return np.concatenate([vector[:border], of_hours.ravel()])

    def beyond(self, rank: int) -> Index:
        """The hour after each open strand of a member, as a number of all hours."""
        found = [(self.shares[other], there) for other, there in self.following[rank]]
        opened = [[strand for strand in share.strands if strand.open][there] for share, there in found]
        return np.array(
            [share.hours[strand.hours[0]] for (share, _), strand in zip(found, opened, strict=True)], dtype=np.int64
        )

    def onward(self, parts: Sequence[Array]) -> list[Array]:
        """What each strand hands over to the one after it, to who has that one; parts: shape (periods, strands, …)."""
        out = [np.empty_like(part) for part in parts]
        for rank, theirs in enumerate(self.following):
            for at, (other, there) in enumerate(theirs):
                out[other][:, there] = parts[rank][:, at]
        return out

    def back(self, parts: Sequence[Array]) -> list[Array]:
        """What each strand hands over to the one before it."""
        out = [np.empty_like(part) for part in parts]
        for rank, theirs in enumerate(self.following):
            for at, (other, there) in enumerate(theirs):
                out[rank][:, at] = parts[other][:, there]
        return out


ONE = Layout((), ((),))
"""Of whoever is alone."""


def whole(rings: Sequence[Index]) -> tuple[Strand, ...]:
    """The strands of whoever has all hours."""
    return tuple(Strand(hours, ring, open=False) for ring, hours in enumerate(rings))


def layout(rings: Sequence[Index], periods: int, members: int, bundle: int = LANES) -> Layout:
    """All hours of all periods shared out to so many members, nearly equally, hours in whole bundles."""
    groups = gcd(periods, members)
    each = periods // groups
    shares = [
        Share(hours, strands, group * each, (group + 1) * each)
        for group in range(groups)
        for hours, strands in _cut(rings, members // groups, bundle)
    ]
    return Layout(tuple(shares), _following(shares))


def _cut(rings: Sequence[Index], parts: int, bundle: int) -> list[tuple[Index, tuple[Strand, ...]]]:
    """So many parts of all hours, and their strands."""
    bundles = [np.array_split(ring, np.arange(bundle, len(ring), bundle)) for ring in rings]
    of = [(ring, hours) for ring, parts in enumerate(bundles) for hours in parts]
    ends = np.cumsum([0, *(len(hours) for _, hours in of)])
    cuts = np.searchsorted(ends, np.linspace(0, ends[-1], parts + 1) - 0.5 * bundle)
    cuts[0], cuts[-1] = 0, len(of)
    return [_part(of[low:high], rings) for low, high in pairwise(cuts.tolist())]


def members(hours: int, periods: int, asked: int) -> int:
    """How many members so many hours of each of so many periods keep busy, at most `asked`: each has two bundles."""

    def busy(count: int) -> bool:
        return count // gcd(periods, count) <= max(1, hours // LANES) and 2 * LANES * count <= periods * hours

    return next((count for count in range(asked, 1, -1) if busy(count)), 1)


def _part(bundles: Sequence[tuple[int, Index]], rings: Sequence[Index]) -> tuple[Index, tuple[Strand, ...]]:
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
    """Of each open strand the one after it: of its ring the next in order, and after the last one the first."""
    of_ring: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for rank, share in enumerate(shares):
        for at, strand in enumerate(strand for strand in share.strands if strand.open):
            of_ring.setdefault((share.begin, strand.ring), []).append((rank, at))
    after = {one: other for of in of_ring.values() for one, other in zip(of, [*of[1:], of[0]], strict=True)}
    opened = [sum(strand.open for strand in share.strands) for share in shares]
    return tuple(tuple(after[rank, at] for at in range(count)) for rank, count in enumerate(opened))
