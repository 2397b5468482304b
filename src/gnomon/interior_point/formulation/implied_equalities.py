"""Always-active constraints of periods: bounds and sides that hold with equality in every solution.

Several rows may leave no room only together. Then there is no interior, and the multipliers of these entries grow
without bound. One linear program finds all of them (Freund, Roundy and Todd 1985, "Identifying the set of always-active
constraints in a system of linear inequalities by a single linear program"):

    max Σ g   subject to   A x = b t,   ±(a x − side t) ≥ g,   0 ≤ g ≤ 1,   t ≥ 1

Gaps with g = 0 are closed in every solution. The row duals prove it: they combine rows so that only these gaps remain.
The combination also corrects the signs of their duals (`signed`).

Only rows without hourly columns are examined, so the program is small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index, Mask
from gnomon.errors import SolverError
from gnomon.highs import highs_run
from gnomon.highs.highs_status import Outcome
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options

SHUT, OPEN = 1e-7, 0.5
"""Gaps below `SHUT` are closed, above `OPEN` open. Any others mean that the program was not solved accurately."""
CERTAIN = 0.5
"""Minimum multiplier of a closed gap; that of an exact solution is 1."""


@dataclass(frozen=True, slots=True)
class ActiveConstraints:
    """Always-active constraints. low, high: columns always at that bound. below, above: rows always at that side.

    multipliers: shape (rows,), of the combination of rows that proves it.
    """

    low: Index
    high: Index
    below: Index
    above: Index
    multipliers: Array

    def signed(self, flat: LinearProgram, dual: Array, reduced: Array) -> tuple[Array, Array]:
        """Return row duals and reduced costs with the signs that the sides of closed gaps need.

        They get the smallest sufficient multiple of the combination of rows, which changes nothing else.
        """
        weight = flat.rows.pull(self.multipliers)
        need = [
            np.maximum(-reduced[self.low], 0.0) / -weight[self.low],
            np.maximum(reduced[self.high], 0.0) / weight[self.high],
            np.maximum(-dual[self.below], 0.0) / self.multipliers[self.below],
            np.maximum(dual[self.above], 0.0) / -self.multipliers[self.above],
        ]
        times = float(np.concatenate(need).max(initial=0.0))
        return dual + times * self.multipliers, reduced - times * weight


def active_constraints(flat: LinearProgram, lower: Array, upper: Array, dropped: Mask) -> ActiveConstraints | None:
    """Return the always-active constraints among columns with these bounds and rows not dropped; None if none are found."""
    moves = lower < upper
    rows = without_hours(flat, moves, dropped)
    matrix = sp.csc_matrix(flat.rows.some(rows))
    fixed = matrix @ np.where(moves, 0.0, lower)
    matrix.eliminate_zeros()
    columns = np.flatnonzero(moves & (np.diff(matrix.indptr) > 0))
    if not len(columns):
        return None
    gaps = _Gaps(sp.csr_matrix(matrix[:, columns]), flat.row_lower[rows] - fixed, flat.row_upper[rows] - fixed,
                 lower[columns], upper[columns])  # fmt: skip
    found = gaps.shut(flat)
    if found is None:
        return None
    shut, multipliers = found
    kinds = [gaps.kind[shut] == kind for kind in range(4)]
    low, high, below, above = (gaps.item[shut][kind] for kind in kinds)
    whole = np.zeros(len(dropped))
    whole[rows] = multipliers
    return ActiveConstraints(columns[low], columns[high], rows[below], rows[above], whole)


def without_hours(flat: LinearProgram, moves: Mask, dropped: Mask) -> Index:
    """Return the rows of periods that have a finite side and hold no hourly column that is free to move."""
    border = flat.model.periods * flat.model.items(False, flat.model.columns)
    own = flat.model.periods * flat.model.items(False, flat.model.rows)
    of_hours = moves.astype(np.float64)
    of_hours[:border] = 0.0
    hourly = flat.rows.sizes(of_hours)[:own] > 0.0
    said = np.isfinite(flat.row_lower[:own]) | np.isfinite(flat.row_upper[:own])
    return np.flatnonzero(~dropped[:own] & ~hourly & said)


LOW, HIGH, BELOW, ABOVE = range(4)


class _Gaps:
    """Gaps of a system, in the order of columns' lower and upper bounds, then rows' lower and upper sides."""

    def __init__(self, matrix: sp.csr_matrix, row_lower: Array, row_upper: Array, lower: Array, upper: Array) -> None:
        self._matrix = matrix
        one = sp.eye_array(matrix.shape[1], format="csr")
        self._equal = np.flatnonzero(row_lower == row_upper)
        self._side = row_lower[self._equal]
        sides = ((one, lower), (one, upper), (matrix, row_lower), (matrix, row_upper))
        unequal = row_lower != row_upper
        items = [
            np.flatnonzero(np.isfinite(side) & (unequal if kind >= BELOW else True))
            for kind, (_, side) in enumerate(sides)
        ]
        self.kind = np.repeat(np.arange(4), [len(of) for of in items])
        self.item = np.concatenate(items)
        self._sign = np.where(np.isin(self.kind, (LOW, BELOW)), 1.0, -1.0)
        self._rows = sp.vstack([of[item] for (of, _), item in zip(sides, items, strict=True)], format="csr")
        self._sides = np.concatenate([side[item] for (_, side), item in zip(sides, items, strict=True)])

    def shut(self, flat: LinearProgram) -> tuple[Index, Array] | None:
        """Return the gaps that are always closed and the multipliers of the rows; None if none are found."""
        equal, count, columns = len(self._equal), len(self.kind), self._matrix.shape[1]
        sign = sp.diags_array(self._sign)
        # Unknowns x, t, g. Equations A x = b t; then ±(a x − side t) − g ≥ 0.
        top = sp.hstack([self._matrix[self._equal], sp.csr_matrix(-self._side[:, None]), sp.csr_matrix((equal, count))])
        rest = sp.hstack([sign @ self._rows, sp.csr_matrix(-(self._sign * self._sides)[:, None]), -sp.eye_array(count)])
        program = replace(
            flat,
            coefficients=StoredCoefficients(sp.csr_matrix(sp.vstack([top, rest]))),
            row_lower=np.zeros(equal + count),
            row_upper=np.concatenate([np.zeros(equal), np.full(count, np.inf)]),
            lower=np.concatenate([np.full(columns, -np.inf), [1.0], np.zeros(count)]),
            upper=np.concatenate([np.full(columns + 1, np.inf), np.ones(count)]),
            cost=np.concatenate([np.zeros(columns + 1), -np.ones(count)]),
            integer=np.zeros(columns + 1 + count, dtype=np.bool_),
            constant=0.0,
        )
        try:
            run = highs_run.run(program, Options("simplex", threads=1), None)
        except SolverError:
            return None
        if run.outcome is not Outcome.OPTIMAL:  # the rows are infeasible, which other steps prove
            return None
        opened, dual = run.x[columns + 1 :], run.row_dual[equal:]
        # Accept only a clear result: gaps shut or open, and multipliers near 1.
        shut = np.flatnonzero(opened < OPEN)
        if not len(shut) or (opened[shut] > SHUT).any() or (dual[shut] < CERTAIN).any():
            return None
        multipliers = np.zeros(self._matrix.shape[0])
        multipliers[self._equal] = run.row_dual[:equal]
        of_rows = shut[self.kind[shut] >= BELOW]
        np.add.at(multipliers, self.item[of_rows], self._sign[of_rows] * dual[of_rows])
        return shut, multipliers
