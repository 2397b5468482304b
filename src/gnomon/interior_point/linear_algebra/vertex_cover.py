"""Minimum vertex cover of a bipartite graph, from a maximum matching by König's theorem."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse import csgraph

from gnomon.arrays import Index


def least_cover(graph: sp.csr_array) -> tuple[Index, Index]:
    """Return columns and rows of a minimum vertex cover of the entries of `graph`, with as many columns as possible."""
    by_column = sp.csr_array(graph.T)
    partner = csgraph.maximum_bipartite_matching(by_column, perm_type="column")
    of_row = np.full(graph.shape[0], -1)
    of_row[partner[partner >= 0]] = np.flatnonzero(partner >= 0)
    degree = np.diff(by_column.indptr)
    reached = np.zeros(graph.shape[1], dtype=np.bool_)
    rows = np.zeros(graph.shape[0], dtype=np.bool_)
    # Alternating paths from unmatched columns: reached rows and unreached columns form the cover.
    queue = [int(column) for column in np.flatnonzero((partner < 0) & (degree > 0))]
    reached[queue] = True
    while queue:
        column = queue.pop()
        for row in by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]:
            # The row's partner continues the path.
            back = int(of_row[row])
            rows[row] = True
            if not reached[back]:
                reached[back] = True
                queue.append(back)
    return np.flatnonzero((degree > 0) & ~reached), np.flatnonzero(rows)
