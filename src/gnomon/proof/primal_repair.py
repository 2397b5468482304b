"""What an interior point leaves beside a vertex: values a rounding beyond their bounds, and crumbs."""

from __future__ import annotations

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.model.linear_program import Flat
from gnomon.model.row_operator import largest_terms
from gnomon.proof import weak_duality

CRUMB, NOTHING = 1e-9, 1e-6
"""Values below this share of the largest of their block, or below this (a watt, a kilobit a second, a millionth of a rack),
may be rounding of an interior point. With 1e-9 for the second, builds of less than 1e-6 were left in 21 of 27 random plans,
some of which could not be operated: what such capacity does is met to none of its own digits. With this they were left in 8,
where rows missed them; the structured method moves all else then
    (`gnomon.interior_point.iterations.main_loop`), and none are."""
MISSED, DUST = 1e-8, 1e-14
"""A row misses a crumb that is more than this share of its largest term, as one in which nothing else happens does, and more
than this, which is a hundredth of what the certificate tells from nothing: 1e-6 of no less than 1e-6, in any unit."""
SWEEPS = 20
"""Attempts to sweep crumbs, leaving at each those that rows missed. If rows still do, all are left."""


def repaired(flat: Flat, x: Array) -> Array:
    """x within its bounds, and without those crumbs that no row misses."""
    x = np.clip(x, flat.lower, flat.upper)
    found = crumbs(flat, x)
    before = weak_duality.shortfall(flat, x)
    for _ in range(SWEEPS):
        swept = np.where(found, 0.0, x)
        after = weak_duality.shortfall(flat, swept)
        worse = np.flatnonzero((after > before) & (after > 0.0))
        rows = flat.rows.some(worse)
        missed = rows[after[worse] > np.maximum(MISSED * largest_terms(rows, x), DUST)]
        if not missed.nnz:
            return swept
        found[missed.indices] = False
    return x


def crumbs(flat: Flat, x: Array) -> Mask:
    """Which values may be crumbs."""
    found: Mask = (x != 0.0) & (flat.lower <= 0.0) & (flat.upper >= 0.0)
    for block in flat.model.columns.values():
        flat.part(found, block)[~tiny(flat.part(x, block))] = False
    return found


def tiny(values: Array) -> Mask:
    """Which values of a kind are below `NOTHING`, or below `CRUMB` of the largest."""
    size = np.abs(values)
    return np.asarray(size < max(NOTHING, CRUMB * float(size.max(initial=0.0))))
