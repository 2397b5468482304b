"""Symbolic factorisation of the hour, used for all hours.

The normal matrix of an hour has its nodes (see `hour_template`) as rows; a column a of the hour adds θ a aᵀ. The hour's
own rows are ordered by minimum degree. For the first, sparse ones the slots of the factor and a list of updates are
written once. When the remainder has filled in, it is passed on as one dense matrix (`tail`): the last of the hour's own
rows, then states, next states and border, which stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Index, Mask
from gnomon.interior_point.factorisation.numeric_factorisation import PANEL
from gnomon.interior_point.formulation.hour_template import Template

Slots = NDArray[np.int32]
DENSE_GAIN = 3.0
"""Multiplications of a dense kernel in the time of one of the sparse list (measured)."""
TARGET = 2.0
"""Multiplications in the time of loading and storing their target (measured)."""
KEPT = 8
"""Analysed patterns in the cache, a few megabytes each."""


@dataclass(frozen=True, slots=True)
class Symbolic:
    """Slots of an hour's matrix: pivots (0 to sparse), factor entries, then entries of the tail.

    * pivots: the sparse rows in order. Entries of pivot k are start[k] to start[k + 1] of `entry`, as node positions:
      pivots first, then the tail.
    * width, below: pivots of each panel and rows below them; held_in: slots of the panel's columns, row by row; update:
      slots changed by each pair of the rows below, in turn. The number of slots stands for a missing entry.
    * kept: slots that solves need, without the border's entries; solve_start and solve_entry: their start and entry.
    * tail: nodes of the tail; tail_row ≥ tail_column: place of each tail slot in it; dense: number of rows of the hour
      to eliminate in the tail. touched: other places in the tail that these touch: all states of the hour, some of the
      next hour, and the border.
    * product_*: slot, column, and the two entries (of the template) whose product times θ and `product_factor` is
      added. slack: slot of each row's diagonal. held: slot of each held entry.
    """

    pivots: Index
    start: Slots
    entry: Slots
    width: Slots
    below: Slots
    held_in: Slots
    update: Slots
    tail: Index
    tail_row: Slots
    tail_column: Slots
    dense: int
    touched: Index
    kept: Slots
    solve_start: Slots
    solve_entry: Slots
    product_slot: Slots
    product_column: Slots
    product_left: Slots
    product_right: Slots
    product_factor: NDArray[np.float64]
    slack: Slots
    held: Slots

    @property
    def sparse(self) -> int:
        """Return the number of rows eliminated by the sparse list."""
        return len(self.pivots)

    @property
    def slots(self) -> int:
        """Return the number of slots of an hour's matrix."""
        return len(self.pivots) + len(self.entry) + len(self.tail_row)


class Pattern:
    """Non-zero pattern of a template, which determines the order of elimination; the key of the cache."""

    def __init__(self, template: Template) -> None:
        self.rows, self.columns, self.border = template.rows, template.columns, template.border
        self.states, self.node, self.column = template.states, template.node, template.column
        self.held_row, self.held_node = template.held_row, template.held_node
        places = (self.states, self.node, self.column, self.held_row, self.held_node)
        self._same = (self.rows, self.columns, self.border, *(of.tobytes() for of in places))

    def __hash__(self) -> int:
        return hash(self._same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and self._same == other._same


def analyse(template: Template) -> Symbolic:
    """Return the symbolic factorisation: the order of the hour's rows, the fill, and the list of operations.

    Coarse models, periods and scenarios with other prices share one pattern, which is analysed once.
    """
    return _analyse(Pattern(template))


@lru_cache(maxsize=KEPT)
def _analyse(template: Pattern) -> Symbolic:
    """Analyse a pattern (cached)."""
    pairs = _pairs(template)
    nodes = template.rows + len(template.states) + template.border
    near = _adjacency(template, pairs, nodes)
    local = np.setdiff1d(np.arange(template.rows), template.states)
    # Minimum-degree order, and the split into sparse list and dense tail.
    order, structs = _eliminate(near.copy(), local)
    sparse = _split(order, structs)
    pivots, late = order[:sparse], order[sparse:]
    rest = np.arange(template.rows, nodes)
    tail = np.concatenate([late, template.states, rest])
    position = np.empty(nodes, dtype=np.int64)
    position[pivots] = np.arange(sparse)
    position[tail] = sparse + np.arange(len(tail))
    entries = [np.sort(position[struct]) for struct in structs[:sparse]]
    start = np.cumsum([0, *(len(struct) for struct in entries)])
    entry = np.concatenate([*entries, np.empty(0, dtype=np.int64)])
    kept = entry < sparse + len(late) + 2 * len(template.states)
    kept_slots = np.concatenate([np.arange(sparse), sparse + np.flatnonzero(kept)])
    solve_start = np.concatenate([[0], np.cumsum(kept)])[start]
    filled = _tail_pattern(near, position, entries, sparse)
    tail_row, tail_column = np.nonzero(np.tril(filled))
    slot_of = _Slots(sparse, start, entry, tail_row, tail_column, len(tail))
    left, right = position[template.node[pairs.left]], position[template.node[pairs.right]]
    touched = _touched(template, sparse, position, len(late), structs)
    panels = [_panel(slot_of, first, some) for first, some in _panels(entries)]
    return Symbolic(
        pivots=pivots,
        start=start.astype(np.int32),
        entry=entry.astype(np.int32),
        width=np.array([panel.width for panel in panels], dtype=np.int32),
        below=np.array([panel.below for panel in panels], dtype=np.int32),
        held_in=_flat([panel.slots for panel in panels]),
        update=_flat([panel.update for panel in panels]),
        tail=tail,
        tail_row=tail_row.astype(np.int32),
        tail_column=tail_column.astype(np.int32),
        dense=len(late),
        touched=touched,
        kept=kept_slots.astype(np.int32),
        solve_start=solve_start.astype(np.int32),
        solve_entry=entry[kept].astype(np.int32),
        product_slot=slot_of(np.maximum(left, right), np.minimum(left, right)),
        product_column=template.column[pairs.left].astype(np.int32),
        product_left=pairs.left.astype(np.int32),
        product_right=pairs.right.astype(np.int32),
        product_factor=pairs.factor,
        slack=slot_of(position[: template.rows], position[: template.rows]),
        held=_held(template, position, slot_of),
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of entries of one column, and the factor of their product."""

    left: Index
    right: Index
    factor: NDArray[np.float64]


def _pairs(template: Pattern) -> _Pairs:
    """Return every unordered pair of entries of every column; different entries of one node count twice."""
    order = np.argsort(template.column, kind="stable")
    bounds = np.searchsorted(template.column[order], np.arange(template.columns + 1))
    left: list[Index] = [np.empty(0, dtype=np.int64)]
    right: list[Index] = [np.empty(0, dtype=np.int64)]
    for column in range(template.columns):
        of = order[bounds[column] : bounds[column + 1]]
        one, other = np.triu_indices(len(of))
        left.append(of[one])
        right.append(of[other])
    one, other = np.concatenate(left), np.concatenate(right)
    same = (template.node[one] == template.node[other]) & (one != other)
    return _Pairs(one, other, np.where(same, 2.0, 1.0))


def _adjacency(template: Pattern, pairs: _Pairs, nodes: int) -> Mask:
    """Return the adjacency of the normal matrix A Θ Aᵀ with the border, shape (nodes, nodes)."""
    near = np.zeros((nodes, nodes), dtype=np.bool_)
    near[template.node[pairs.left], template.node[pairs.right]] = True
    near[template.held_row, template.held_node] = True
    near |= near.T
    np.fill_diagonal(near, False)
    return near


def _held(template: Pattern, position: Index, slot_of: _Slots) -> Slots:
    row, node = position[template.held_row], position[template.held_node]
    return slot_of(np.maximum(row, node), np.minimum(row, node))


def _eliminate(near: NDArray[np.bool_], local: Index) -> tuple[Index, list[Index]]:
    """Return the minimum-degree order of the local nodes, and the neighbours of each at its elimination."""
    alive = np.ones(len(near), dtype=np.bool_)
    left = np.zeros(len(near), dtype=np.bool_)
    left[local] = True
    degree = near.sum(axis=1)
    order: list[int] = []
    structs: list[Index] = []
    for _ in range(len(local)):
        candidates = np.flatnonzero(left)
        node = int(candidates[np.argmin(degree[candidates])])
        struct = np.flatnonzero(near[node] & alive)
        struct = struct[struct != node]
        alive[node] = left[node] = False
        near[:, node] = False
        # Fill: the neighbours become a clique.
        near[np.ix_(struct, struct)] = True
        near[struct, struct] = False
        degree[struct] = near[struct].sum(axis=1)
        order.append(node)
        structs.append(struct)
    return np.array(order, dtype=np.int64), structs


def _split(order: Index, structs: list[Index]) -> int:
    """Return the number of rows for the sparse list that minimises the time of sparse list and dense remainder."""
    local = len(order)
    cost = np.cumsum([0.0, *[len(struct) * (len(struct) + 1) / 2 for struct in structs]])
    best, least = local, cost[-1]
    outside: set[int] = set()
    for sparse in range(local - 1, -1, -1):
        outside |= set(structs[sparse].tolist())
        outside.discard(int(order[sparse]))
        late = local - sparse
        later = set(order[sparse:].tolist())
        beside = len(outside - later)
        # Multiplications of factor, triangular solve and Schur complement of the late rows.
        dense = late**3 / 6 + late**2 * beside / 2 + late * beside**2 / 2
        total = cost[sparse] + dense / DENSE_GAIN
        if total < least:
            best, least = sparse, total
    return best


def _touched(template: Pattern, sparse: int, position: Index, late: int, structs: list[Index]) -> Index:
    """Return the places in the tail that its own first rows touch; without such rows none."""
    if not late:
        return np.empty(0, dtype=np.int64)
    states, first = len(template.states), sparse + late
    met = np.concatenate([position[struct] for struct in structs[sparse:]])
    following = np.unique(met[(met >= first + states) & (met < first + 2 * states)]) - sparse
    mine = late + np.arange(states)
    border = late + 2 * states + np.arange(template.border)
    return np.concatenate([mine, following, border])


def _tail_pattern(near: NDArray[np.bool_], position: Index, entries: list[Index], sparse: int) -> NDArray[np.bool_]:
    """Return the mask of the tail's entries before its own rows are eliminated."""
    inverse = np.argsort(position)[sparse:]
    filled: NDArray[np.bool_] = near[np.ix_(inverse, inverse)].copy()
    for struct in entries:
        inside = struct[struct >= sparse] - sparse
        filled[np.ix_(inside, inside)] = True
    np.fill_diagonal(filled, True)
    return filled


@dataclass(frozen=True, slots=True)
class _Panel:
    """Pivots eliminated together."""

    width: int
    below: int
    slots: Slots
    update: Slots


def _panels(entries: list[Index]) -> list[tuple[int, list[Index]]]:
    """Join consecutive pivots to panels where that saves time; return the first pivot and the entries of each."""
    out: list[tuple[int, list[Index]]] = []
    together, last = np.empty(0, dtype=np.int64), np.inf
    for k, struct in enumerate(entries):
        joined = np.union1d(together, struct)
        joined = joined[joined > k]
        alone, both = _work(1, len(struct)), _work(PANEL, len(joined))
        if out and len(out[-1][1]) < PANEL and both < last + alone:
            out[-1][1].append(struct)
            together, last = joined, both
        else:
            out.append((k, [struct]))
            together, last = struct, alone
    return out


def _work(pivots: int, below: int) -> float:
    """Return the time of an elimination in multiplications, loading and storing of targets included."""
    return below * (below + 1) / 2 * (pivots + TARGET)


def _panel(slot_of: _Slots, first: int, entries: list[Index]) -> _Panel:
    """Return the panel of some consecutive pivots."""
    width = len(entries)
    rows = np.unique(np.concatenate(entries))
    rows = rows[rows >= first + width]
    inside = np.concatenate([first + np.arange(width), rows])
    columns = first + np.arange(width)
    slots = slot_of.anywhere(np.repeat(inside, width), np.tile(columns, len(inside)))
    return _Panel(width, len(rows), slots, slot_of.anywhere(*_lower_pairs(rows)))


def _flat(parts: list[Slots]) -> Slots:
    return np.concatenate([*parts, np.empty(0, dtype=np.int32)])


def _lower_pairs(struct: Index) -> tuple[Index, Index]:
    """Return (larger, smaller) of all pairs of a sorted list, the second varying fastest: (0,0), (1,0), (1,1), (2,0), …"""
    one, other = np.tril_indices(len(struct))
    return struct[one], struct[other]


class _Slots:
    """Table of the slot of each matrix entry (row, column) in positions, row ≥ column."""

    def __init__(self, sparse: int, start: Index, entry: Index, tail_row: Index, tail_column: Index, tail: int) -> None:
        n = sparse + tail
        self._table = np.full((n, n), -1, dtype=np.int32)
        diagonal = np.arange(sparse)
        self._table[diagonal, diagonal] = diagonal
        column = np.repeat(np.arange(sparse), np.diff(start))
        self._table[entry, column] = sparse + np.arange(len(entry))
        first = sparse + len(entry)
        self._table[sparse + tail_row, sparse + tail_column] = first + np.arange(len(tail_row))
        self._count = first + len(tail_row)

    def __call__(self, row: Index, column: Index) -> Slots:
        found: Slots = self._table[row, column]
        assert (found >= 0).all(), "an update falls outside the pattern"
        return found

    def anywhere(self, row: Index, column: Index) -> Slots:
        """Return the slots, or the number of slots for missing entries."""
        found = np.where(row >= column, self._table[np.maximum(row, column), np.minimum(row, column)], -1)
        return np.where(found >= 0, found, self._count).astype(np.int32)
