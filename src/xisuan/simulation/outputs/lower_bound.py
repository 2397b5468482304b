"""The least that the work of a policy could take: a bound that is proven, because it leaves conditions out.

The unit-hours that a policy ran in a year are run again at best: on any equipment that can, in any hour, divided at will.
Latency, links, deadlines and sizes are left out, and each station may use all of what its site generates. What remains is
filled from the cheapest place and hour up, which is the optimum of such a problem (Dantzig, Operations Research 5, 1957).
So no policy runs as much on the same equipment for less.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.simulation.plan_inputs.plan_arrays import Setting
from xisuan.simulation.plan_inputs.schedule_shares import LEAST, Array


def groups(of: Setting) -> list[NDArray[np.int64]]:
    """Stations that may run the same work, directly or by way of others; stations that run nothing are in none."""
    left = [set(np.flatnonzero(row).tolist()) for row in of.able if row.any()]
    out: list[set[int]] = []
    for stations in left:
        touching = [group for group in out if group & stations]
        out = [group for group in out if not group & stations]
        out.append(stations.union(*touching))
    return [np.array(sorted(group)) for group in out]


def least(of: Setting, busy: Array, idle_mw: Array, at: NDArray[Any], weight: Array, rate: Array) -> float:
    """Least Σ weight × rate × grid power over the simulated hours, for as many unit-hours in all as `busy`.

    H simulated hours, of which hour h is modelled hour `at[h]`. busy: (S, H) units; idle_mw: (E, H) IT power that does not
    depend on the policy; weight: (H,) hours of the year; rate: (H, E) for each MWh from the grid.
    """
    pue, own = of.pue[at], of.own_mw[at]
    bare = idle_mw.T * pue - own  # (H, E): what the grid gives or, below 0, what is left over of the site's own
    total = float(np.sum(weight[:, None] * rate * np.maximum(bare, 0.0)))
    each = pue[:, of.site_of] * (1.0 - of.idle_share) * of.mw_per_unit  # (H, S): MW of a busy unit
    price = rate[:, of.site_of]
    spare = np.maximum(-bare[:, of.site_of], 0.0)
    free = np.minimum(of.units, np.where(each > LEAST, spare / np.maximum(each, LEAST), of.units))
    free = np.where(price < 0.0, 0.0, free)  # using one's own less and the grid more earns then
    for stations in groups(of):
        work = float((busy[stations].T * weight[:, None]).sum())
        room = weight[:, None] * np.stack([free[:, stations], of.units[stations] - free[:, stations]])
        slope = np.stack([np.zeros_like(price[:, stations]), (price * each)[:, stations]])
        total += _filled(slope.ravel(), room.ravel(), work)
    return total


def _filled(slope: Array, room: Array, work: float) -> float:
    """Cost of `work` from the least slope up, and of all that has a negative one."""
    order = np.argsort(slope, kind="stable")
    slope, room = slope[order], room[order]
    before = np.cumsum(room) - room
    used = np.where(slope < 0.0, room, np.clip(work - before, 0.0, room))
    return float(slope @ used)
