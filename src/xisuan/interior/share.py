"""Who of a team holds which hours: contiguous parts of the rings, the same ones in every period.

What periods decide is everybody's. Hours that follow one another but belong to two members meet in the states of the later
one. The earlier one has these in a *ghost*, an hour after its own of which it knows the states alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xisuan.interior.lanes import LANES
from xisuan.solver.model import Array, Index

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Strand:
    """Consecutive hours of the ring `ring`, in order, as numbers of the hours at hand; open: what follows is elsewhere."""

    hours: Index
    ring: int
    open: bool


@dataclass(frozen=True, slots=True)
class Share:
    """The hours of one member, as numbers of all hours, and as strands of its own."""

    hours: Index
    strands: tuple[Strand, ...]


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
        border = periods * fixed
        of_hours = [
            part[border:].reshape(periods, len(of.hours), -1) for part, of in zip(parts, self.shares, strict=True)
        ]
        hours = np.concatenate([of.hours for of in self.shares])
        out = np.empty((periods, len(hours), of_hours[0].shape[2]), dtype=parts[0].dtype)
        out[:, hours] = np.concatenate(of_hours, axis=1)
        return np.concatenate([parts[0][:border], out.ravel()])

    def part(self, rank: int, vector: NDArray[Number], periods: int, fixed: int) -> NDArray[Number]:
        """A member's part of a vector of all hours."""
        border, hours = periods * fixed, sum(len(of.hours) for of in self.shares)
        of_hours = vector[border:].reshape(periods, hours, -1)[:, self.shares[rank].hours]
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


def layout(rings: Sequence[Index], members: int, bundle: int = LANES) -> Layout:
    """All hours shared out to so many members, nearly equally, in whole bundles."""
    bundles = [np.array_split(ring, np.arange(bundle, len(ring), bundle)) for ring in rings]
    of = [(ring, hours) for ring, parts in enumerate(bundles) for hours in parts]
    ends = np.cumsum([0, *(len(hours) for _, hours in of)])
    cuts = np.searchsorted(ends, np.linspace(0, ends[-1], members + 1) - 0.5 * bundle)
    cuts[0], cuts[-1] = 0, len(of)
    shares = tuple(_share(of[low:high], rings) for low, high in pairwise(cuts.tolist()))
    return Layout(shares, _following(shares))


def members(hours: int, periods: int, asked: int) -> int:
    """How many members so many hours of each of so many periods keep busy, at most `asked`: each has two bundles."""
    return max(1, min(asked, hours // LANES, periods * hours // (2 * LANES)))


def _share(bundles: Sequence[tuple[int, Index]], rings: Sequence[Index]) -> Share:
    strands: list[Strand] = []
    hours: list[Index] = []
    begun = 0
    for ring in sorted({ring for ring, _ in bundles}):
        mine = np.concatenate([bundle for of, bundle in bundles if of == ring])
        strands.append(Strand(begun + np.arange(len(mine)), ring, open=len(mine) < len(rings[ring])))
        hours.append(mine)
        begun += len(mine)
    return Share(np.concatenate(hours), tuple(strands))


def _following(shares: Sequence[Share]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Of each open strand the one after it: of its ring the next in order, and after the last one the first."""
    of_ring: dict[int, list[tuple[int, int]]] = {}
    for rank, share in enumerate(shares):
        for at, strand in enumerate(strand for strand in share.strands if strand.open):
            of_ring.setdefault(strand.ring, []).append((rank, at))
    after = {one: other for of in of_ring.values() for one, other in zip(of, [*of[1:], of[0]], strict=True)}
    opened = [sum(strand.open for strand in share.strands) for share in shares]
    return tuple(tuple(after[rank, at] for at in range(count)) for rank, count in enumerate(opened))
