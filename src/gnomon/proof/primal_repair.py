"""Primal repair of a solution: clip values to their bounds, remove residue near 0, and find amounts too small to mean
anything."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.model.linear_program import LinearProgram
from gnomon.model.row_operator import largest_terms
from gnomon.proof import weak_duality
from gnomon.solution import LEAST_OBJECTIVE

CRUMB, NOTHING = 1e-9, 1e-6
"""Values that may be rounding of an interior point: below the first as a share of the largest of their block, or below the
second. The second is a watt, a kilobit per second or a millionth of a rack. A smaller limit leaves builds below 1e-6,
and work on such capacity has no correct digits."""
MISSED, DUST = 1e-8, 1e-14
"""Limits above which a row keeps a small value: `MISSED` as a share of its largest term, and `DUST`. A row without any
other activity exceeds the first. The second is a hundredth of what the certificate distinguishes from 0: 1e-6 of at
least 1e-6, in any unit."""
COST = 0.1
"""Share of the requested gap that the removal of small amounts may cost, so that an optimum stays one."""
SWEEPS = 20
"""Attempts to remove small values; each restores those that a row needs. If rows still miss them, all are kept."""


def repair(flat: LinearProgram, x: Array) -> Array:
    """Return x clipped to its bounds, without those small values that no row needs. x: shape (columns,)."""
    x = np.clip(x, flat.lower, flat.upper)
    found = crumbs(flat, x)
    before = weak_duality.shortfall(flat, x)
    for _ in range(SWEEPS):
        swept = np.where(found, 0.0, x)
        after = weak_duality.shortfall(flat, swept)
        # Restore the small values in rows that miss them.
        worse = np.flatnonzero((after > before) & (after > 0.0))
        rows = flat.rows.some(worse)
        missed = rows[after[worse] > np.maximum(MISSED * largest_terms(rows, x), DUST)]
        if not missed.nnz:
            return swept
        found[missed.indices] = False
    return x


def crumbs(flat: LinearProgram, x: Array) -> Mask:
    """Return a mask of the values that may be residue: small, and with 0 inside their bounds. Shape (columns,)."""
    found: Mask = (x != 0.0) & (flat.lower <= 0.0) & (flat.upper >= 0.0)
    for block in flat.model.columns.values():
        flat.part(found, block)[~tiny(flat.part(x, block))] = False
    return found


def tiny(values: Array) -> Mask:
    """Return a mask of the values that are below `NOTHING`, or below `CRUMB` of the largest. values: one block."""
    size = np.abs(values)
    return np.asarray(size < max(NOTHING, CRUMB * float(size.max(initial=0.0))))


def is_cheap(before: float, after: float, gap: float) -> bool:
    """Return True if removing small amounts costs at most `COST` of the requested gap. Arguments: two objectives, gap."""
    return after - before <= COST * gap * max(LEAST_OBJECTIVE, abs(before))


def below(flat: LinearProgram, x: Array, smallest: Mapping[str, Array]) -> Mask:
    """Return a mask of the values between 0 and the smallest meaningful amount of their column. Shape (columns,).

    smallest: by column family, shape (periods, items). Columns that may not be 0, and integers, are never in the mask.
    """
    found = np.zeros(len(x), dtype=bool)
    for name, least in smallest.items():
        block = flat.model.columns.get(name)
        if block is not None and not block.hourly:
            flat.part(found, block)[...] = flat.part(x, block) < least
    found &= (x > 0.0) & (flat.lower <= 0.0) & ~flat.integer
    return found
