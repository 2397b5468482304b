"""What an interior point leaves beside a vertex: values a rounding beyond their bounds, and crumbs."""

from __future__ import annotations

import numpy as np

from xisuan.solver import duality
from xisuan.solver.flat import Flat
from xisuan.solver.model import Array

CRUMB = 1e-9
"""Values below this, and below this share of the largest of their block, are rounding of an interior point."""
MISSED = 1e-8
"""A row misses a crumb that is more than this share of its largest term, as one in which nothing else happens does."""
SWEEPS = 10
"""Attempts to sweep crumbs, leaving at each those that rows missed. If rows still do, all are left."""


def repaired(flat: Flat, x: Array) -> Array:
    """x within its bounds, and without those crumbs that no row misses."""
    x = np.clip(x, flat.lower, flat.upper)
    crumbs = (np.abs(x) < CRUMB) & (x != 0.0) & (flat.lower <= 0.0) & (flat.upper >= 0.0)
    for block in flat.model.columns.values():
        size = np.abs(flat.part(x, block))
        flat.part(crumbs, block)[size >= CRUMB * size.max(initial=0.0)] = False
    before = duality.shortfall(flat, x)
    for _ in range(SWEEPS):
        swept = np.where(crumbs, 0.0, x)
        after = duality.shortfall(flat, swept)
        worse = np.flatnonzero((after > before) & (after > 0.0))
        rows = flat.matrix[worse]
        missed = rows[after[worse] > MISSED * duality.largest_terms(rows, x)]
        if not missed.nnz:
            return swept
        crumbs[missed.indices] = False
    return x
