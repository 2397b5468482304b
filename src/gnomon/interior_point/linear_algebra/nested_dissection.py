"""Nested dissection of the border: periods are eliminated separately, then the unknowns that tie them together.

Hours couple all nodes of a period, so after elimination of all else the nodes of all periods would form one dense
matrix. Ties between periods are columns in rows of several periods, such as orders whose capacity stands in all later
ones, and first-stage columns. A minimum vertex cover of these ties is ordered last and keeps the periods apart. Its
unknowns with ties to most periods come last of all; without them the rest falls into parts, recursively down to single
periods (nested dissection, George 1973).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl
from numpy.typing import NDArray
from scipy.sparse import csgraph

from gnomon.arrays import Index, Mask
from gnomon.interior_point.linear_algebra.vertex_cover import least_cover

SHARE = 0.5
"""Share of the work of a single front below which several fronts are used; a single front chooses pivots among all
unknowns."""


@dataclass(frozen=True, slots=True)
class Part:
    """A front: unknowns eliminated together, `head` one after another and `tail` as a dense matrix.

    ahead: later unknowns that are tied to them after elimination of the earlier ones. below: numbers of the earlier
    fronts whose Schur complement is added to this one.
    """

    head: Index
    tail: Index
    ahead: Index
    below: tuple[int, ...] = ()

    @property
    def work(self) -> float:
        """Return the operations of the dense elimination."""
        own, ahead = float(len(self.tail)), float(len(self.ahead))
        return own * (2.0 / 3.0 * own * own + 2.0 * own * ahead + 2.0 * ahead * ahead)


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Unknowns of a symmetric matrix `frame`, in which hours couple the nodes of each period.

    keep: mask of the unknowns that take part; nodes: those that hours see; period: of each; columns: number of the
    first ones, which have a diagonal entry.
    """

    frame: sp.csr_array
    keep: Mask
    nodes: Mask
    period: Index
    columns: int

    def ordered(self, own: Mask) -> tuple[Index, Index]:
        """Return head and tail of some unknowns: those that no hour sees, and the nodes of the hours, which fill in.

        In the head, columns come first, as each has a pivot of its own, then rows by minimum degree after their
        elimination. A minimum-degree order of everything would start with nodes, too, and has half as much fill again.
        """
        number = np.arange(len(self.keep))
        head = own & ~self.nodes
        columns, rows = np.flatnonzero(head & (number < self.columns)), np.flatnonzero(head & (number >= self.columns))
        across = self.frame[rows][:, columns]
        rows = rows[_least_degree(across @ across.T)]
        return np.concatenate([columns, rows]), np.flatnonzero(own & self.nodes)


def single_front(of: Unknowns) -> list[Part]:
    """Return all unknowns as one front."""
    return [Part(*of.ordered(of.keep), np.zeros(0, dtype=np.int64))]


def dissect(of: Unknowns) -> list[Part]:
    """Return the fronts in their order; a single one unless several save much work."""
    one, (meet, group) = single_front(of), _meeting(of)
    apart = _tree(of, meet, _leaves(of, meet, group))
    return apart if sum(part.work for part in apart) < SHARE * one[0].work else one


def _meeting(of: Unknowns) -> tuple[Mask, Index]:
    """Return the mask of the unknowns ordered last, and the group of periods of each unknown.

    Periods whose nodes are tied to each other form one group.
    """
    held = sp.coo_array(of.frame)
    row, column = held.row.astype(np.int64), held.col.astype(np.int64)
    ties = of.keep[row] & of.keep[column] & (row >= of.columns) & (column < of.columns)
    row, column = row[ties], column[ties]
    periods = int(of.period.max(initial=0)) + 1
    # Periods with directly tied nodes form one group.
    both = of.nodes[row] & of.nodes[column]
    one, other = of.period[row[both]], of.period[column[both]]
    joined = sp.csr_array((np.ones(len(one)), (one, other)), shape=(periods, periods))
    group = csgraph.connected_components(joined, directed=False)[1].astype(np.int64)[of.period]
    across = group[row] != group[column]
    row, column = row[across], column[across]
    meet = np.zeros(len(of.keep), dtype=np.bool_)
    # Nodes stay in their period, so the other side of their ties is ordered last.
    meet[column[of.nodes[row]]] = True
    meet[row[of.nodes[column]]] = True
    # The remaining ties are covered by a minimum vertex cover.
    free = ~(meet[row] | meet[column])
    shape = (len(of.keep), of.columns)
    columns, rows = least_cover(sp.csr_array((np.ones(int(free.sum())), (row[free], column[free])), shape=shape))
    meet[columns] = meet[rows] = True
    # A row without a column in its own front has no pivot there.
    alone = np.diff(of.frame[:, np.flatnonzero(of.keep & ~meet)].indptr) == 0
    meet |= of.keep & ~of.nodes & alone & (np.arange(len(of.keep)) >= of.columns)
    return meet, group


def _leaves(of: Unknowns, meet: Mask, group: Index) -> list[Part]:
    """Return the front of each group of periods, without the unknowns ordered last."""
    return [
        Part(*of.ordered(own), _tied(of.frame, np.flatnonzero(own), meet))
        for own in (of.keep & ~meet & (group == one) for one in range(int(group.max(initial=0)) + 1))
    ]


def _tied(frame: sp.csr_array, own: Index, among: Mask) -> Index:
    """Return those of `among` that are tied to some of `own`."""
    at = np.unique(frame[own].indices.astype(np.int64))
    return at[among[at]]


def _tree(of: Unknowns, meet: Mask, leaves: Sequence[Part]) -> list[Part]:
    """Return the leaves and, above them, the fronts of the unknowns ordered last, from the leaves upwards."""
    parts = list(leaves)
    last = np.flatnonzero(meet)
    touch = np.zeros((len(leaves), len(last)), dtype=np.bool_)
    for leaf, part in zip(touch, leaves, strict=True):
        leaf[np.searchsorted(last, part.ahead)] = True
    ties = sp.csr_array(of.frame[last][:, last])
    count = touch.sum(axis=0)
    for row in np.flatnonzero(last >= of.columns):  # a row comes with the last of its columns, or it has no pivot
        count[row] = max(count[row], count[ties[[row]].indices].max(initial=0))
    later = meet.copy()

    def above(elements: Index, under: Index) -> list[int]:
        """Return the top fronts of these elements and leaves, one for each connected component."""
        tops = []
        for some, leaf in _together(touch, ties, elements, under):
            if not len(some):
                tops += leaf.tolist()
                continue
            # Unknowns with most ties form the top front of a component; the rest is split recursively.
            most = count[some] == count[some].max()
            below = tuple(above(some[~most], leaf))
            own = last[some[most]]
            later[own] = False
            ahead = np.unique(np.concatenate([_tied(of.frame, own, later), *(parts[at].ahead for at in below)]))
            parts.append(Part(own[:0], own, ahead[later[ahead]], below))
            tops.append(len(parts) - 1)
        return tops

    above(np.arange(len(last)), np.arange(len(leaves)))
    return parts


def _together(
    touch: NDArray[np.bool_], ties: sp.csr_array, elements: Index, leaves: Index
) -> Iterator[tuple[Index, Index]]:
    """Yield connected components: their elements and leaves."""
    inside = sp.coo_array(ties[elements][:, elements])
    leaf, element = np.nonzero(touch[np.ix_(leaves, elements)])
    one, other = np.concatenate([leaf, len(leaves) + inside.row]), len(leaves) + np.concatenate([element, inside.col])
    size = len(leaves) + len(elements)
    pattern = sp.csr_array((np.ones(len(one)), (one, other)), shape=(size, size))
    count, label = csgraph.connected_components(pattern, directed=False)
    of_leaf, of_element = label[: len(leaves)], label[len(leaves) :]
    for part in range(count):
        yield elements[of_element == part], leaves[of_leaf == part]


def _least_degree(pattern: sp.csr_array) -> Index:
    """Return a minimum-degree order of a symmetric pattern, read from SuperLU's factors of a diagonally dominant matrix."""
    n = pattern.shape[0]
    if n < 2:
        return np.arange(n)
    small = sp.csc_array((np.full(pattern.nnz, -1.0 / n), pattern.indices, pattern.indptr), shape=pattern.shape)
    harmless = sp.csc_array(small + sp.diags_array(np.full(n, 2.0)))
    factors = spl.splu(harmless, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.argsort(factors.perm_c)
