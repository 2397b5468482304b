"""Multifrontal LU: each front (`nested_dissection.Part`) passes its Schur complement to the front above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.interior_point.linear_algebra.nested_dissection import Part
from gnomon.interior_point.linear_algebra.sparse_lu import ArrowFactors
from gnomon.runtime.threads import ALONE, Threads


@dataclass(frozen=True, slots=True)
class _Place:
    """Position of a front in the order of elimination.

    Own unknowns are first to last, the first `head` of them its head; `ahead` are later ones. data: entries of the
    whole matrix that belong to the front; `rows` and `start`: their rows in it, by columns. below: fronts whose Schur
    complement is added here, and its positions.
    """

    first: int
    last: int
    ahead: Index
    head: int
    data: Index
    rows: Index
    start: Index
    below: tuple[tuple[int, Index], ...]


class FrontTree:
    """Fronts of a matrix with a given pattern: the `order` of elimination, and the positions of each front's numbers.

    row, column: of the matrix entries in that order, by columns.
    """

    def __init__(self, parts: Sequence[Part], row: Index, column: Index) -> None:
        own = [np.concatenate([part.head, part.tail]) for part in parts]
        at = order_of(parts)
        size = int(at.max(initial=-1)) + 1
        place = np.full(size, -1)
        place[at] = np.arange(len(at))
        ends = np.cumsum([len(of) for of in own])
        # An entry belongs to the front that eliminates the earlier of its unknowns.
        owner = np.searchsorted(ends, np.minimum(row, column), side="right")
        by_owner = np.argsort(owner, kind="stable")
        begins = np.searchsorted(owner[by_owner], np.arange(len(parts) + 1))
        self._places: list[_Place] = []
        for number, (part, last) in enumerate(zip(parts, ends, strict=True)):
            first, ahead = int(last) - len(own[number]), np.sort(place[part.ahead])
            data = by_owner[begins[number] : begins[number + 1]]
            inside = _Inside(first, int(last), ahead)
            columns = inside.at(column[data])
            start = np.searchsorted(columns, np.arange(int(last) - first + len(ahead) + 1))
            below = tuple((one, inside.at(self._places[one].ahead)) for one in part.below)
            self._places.append(
                _Place(first, int(last), ahead, len(part.head), data, inside.at(row[data]), start, below)
            )
        self._levels = _levels(parts)

    def factorise(self, matrix: sp.csc_array, pivot: float, threads: Threads) -> None:
        """Factorise the fronts, independent ones in parallel. Raises SingularError.

        matrix: in the given pattern and order; pivot: threshold as in `sparse_lu.ArrowFactors`.
        """
        self._factors: list[ArrowFactors | None] = [None] * len(self._places)
        for level in self._levels:
            alone = ALONE if len(level) > 1 else threads

            def factors(number: int, alone: Threads = alone) -> ArrowFactors:
                of = self._places[number]
                size = len(of.start) - 1
                own = sp.csc_array((matrix.data[of.data], of.rows, of.start), shape=(size, size))
                # Extend-add: Schur complements of the fronts below.
                more = [(at, self._left(below)) for below, at in of.below]
                return ArrowFactors(own, of.head, pivot, alone, len(of.ahead), more)

            for number, made in zip(level, threads.map(factors, level), strict=True):
                self._factors[number] = made

    def _left(self, number: int) -> Array:
        of = self._factors[number]
        assert of is not None
        return of.left

    def solve(self, right: Array) -> Array:
        """Return the solution of one right side, both in the order of elimination. Shape (n,)."""
        rest, found = right.copy(), list[Array]()
        # Forward substitution up the tree, then back substitution down.
        for of, factors in zip(self._places, self._factors, strict=True):
            assert factors is not None
            ahead = np.zeros(len(of.ahead))
            found.append(factors.forth(rest[of.first : of.last], ahead))
            rest[of.ahead] += ahead
        for of, factors in zip(reversed(self._places), reversed(self._factors), strict=True):
            assert factors is not None
            rest[of.first : of.last] = factors.back(found.pop(), rest[of.ahead])
        return rest


@dataclass(frozen=True, slots=True)
class _Inside:
    """Numbering of unknowns within a front: its own, then those ahead."""

    first: int
    last: int
    ahead: Index

    def at(self, order: Index) -> Index:
        """Return the numbers of positions in the order of elimination."""
        own = self.last - self.first
        return np.where(order < self.last, order - self.first, own + np.searchsorted(self.ahead, order))


def order_of(parts: Sequence[Part]) -> Index:
    """Return the order of elimination."""
    return np.concatenate([of for part in parts for of in (part.head, part.tail)])


def _levels(parts: Sequence[Part]) -> list[list[int]]:
    """Return the numbers of the fronts by levels of the tree, leaves first."""
    level: list[int] = []
    for part in parts:
        level.append(1 + max((level[one] for one in part.below), default=-1))
    return [[number for number, of in enumerate(level) if of == one] for one in range(max(level, default=-1) + 1)]
