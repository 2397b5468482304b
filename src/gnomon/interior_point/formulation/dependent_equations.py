"""Detection of linearly dependent equations of periods, whose duals are not unique.

Examples: what is released into a pool is taken from it, and what moves between nodes is balanced at both; one of these
balances is the sum of the others. The pivot of such an equation in the border is pure rounding, and directions then
become arbitrarily large (10⁴⁴ for eight periods of `china`).

Equations are eliminated in turn, each by the pivot columns of those before it (Gilbert and Peierls 1988). A dependent
equation is left with the rounding of cancelled terms, in its columns and in its side.
"""

from __future__ import annotations

import numba
import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Mask
from gnomon.interior_point.linear_algebra.sparse_lu import double_length, find_fill

COMPILED_WITH = "20989154dccd"
"""Digest of the compiled functions used from other files. numba's cache notices changes in a function's own file only."""
ROUNDING = 1e-11
"""Share of the cancelled terms below which a remainder is rounding."""
NOTHING = 1e-14
"""Share of the largest terms of the equation below which a remainder is rounding."""
PIVOT = 0.1
"""Threshold pivoting: a pivot has at least this share of the largest entry; among these, the column in fewest equations is
taken."""


def dependent_rows(equations: sp.csr_array, sides: Array, sizes: Array) -> Mask:
    """Return a mask of the equations of `equations · x = sides` that follow from those before them. Shape (equations,).

    sizes: sums of the absolute terms of each side. An equation that contradicts those before it is not dependent.
    """
    matrix = equations.tocsr(copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    parts = (matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
    return np.asarray(_mark_dependent(*parts, sides, sizes, counts))


@numba.njit(cache=True, nogil=True)
def _mark_dependent(starts, columns, values, sides, sizes, counts):  # type: ignore[no-untyped-def]
    """Eliminate the equations in turn by sparse row-wise LU; return the mask of those left without a pivot."""
    count, n = len(sides), len(counts)
    found = np.zeros(count, dtype=np.bool_)
    begin = np.zeros(count + 1, dtype=np.int64)
    below, lower = np.empty(4 * len(columns) + n, dtype=np.int64), np.empty(4 * len(columns) + n)
    of_side, of_size = np.empty(count), np.empty(count)
    number, seen = np.full(n, -1), np.full(n, -1)
    left, size = np.zeros(n), np.zeros(n)
    reached, waiting, next_one = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    pivots = 0
    for k in range(count):
        # Depth-first search: columns that fill reaches, in topological order.
        own = columns[starts[k] : starts[k + 1]]
        first = find_fill(own, begin, below, number, seen, k, waiting, next_one, reached)
        for at in range(first, n):
            left[reached[at]] = size[reached[at]] = 0.0
        # Scatter equation k; `size` adds up absolute terms to judge cancellation.
        for at in range(starts[k], starts[k + 1]):
            left[columns[at]], size[columns[at]] = values[at], abs(values[at])
        side, of_sides = sides[k], sizes[k]
        for at in range(first, n):
            # Eliminate by pivot c, in the side as well.
            c, times = number[reached[at]], left[reached[at]]
            if c >= 0 and times != 0.0:
                for q in range(begin[c], begin[c + 1]):
                    left[below[q]] -= lower[q] * times
                    size[below[q]] += abs(lower[q] * times)
                side -= of_side[c] * times
                of_sides += of_size[c] * abs(times)
        largest, terms = 0.0, 0.0
        for at in range(first, n):
            terms = max(terms, size[reached[at]])
        for at in range(first, n):
            i = reached[at]
            # Remainders of cancellation count as 0.
            if abs(left[i]) <= max(ROUNDING * size[i], NOTHING * terms):
                left[i] = 0.0
            if number[i] < 0:
                largest = max(largest, abs(left[i]))
        if largest == 0.0:
            found[k] = abs(side) <= ROUNDING * of_sides
            continue
        chosen = -1
        for at in range(first, n):
            i = reached[at]
            # Threshold pivoting: the sparsest column with a sufficiently large entry.
            fit = number[i] < 0 and abs(left[i]) >= PIVOT * largest
            if fit and (chosen < 0 or counts[i] < counts[chosen]):
                chosen = i
        here = begin[pivots]
        if here + n > len(below):
            below, lower = double_length(below), double_length(lower)
        for at in range(first, n):
            i = reached[at]
            if number[i] < 0 and i != chosen and abs(left[i]) > 0.0:
                below[here], lower[here] = i, left[i] / left[chosen]
                here += 1
        of_side[pivots], of_size[pivots] = side / left[chosen], of_sides / abs(left[chosen])
        number[chosen] = pivots
        pivots += 1
        begin[pivots] = here
    return found
