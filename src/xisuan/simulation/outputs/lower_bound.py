"""Proven lower bound on the cost, energy or carbon of a policy's work, by a relaxation.

The unit-hours that a policy ran in a year are reassigned freely: to any equipment that can run them, in any hour, in
any fraction. The relaxation drops latency, links, deadlines and job sizes, and lets each station use all on-site
generation. What remains is a fractional knapsack: filling the cheapest places and hours first is optimal (Dantzig,
Operations Research 5, 1957). No policy can run the same work on the same equipment for less.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.simulation.plan_inputs.plan_arrays import Setting
from xisuan.simulation.plan_inputs.schedule_shares import LEAST, Array


def groups(of: Setting) -> list[NDArray[np.int64]]:
    """Return groups of stations connected by workloads that they can run; stations that run none are in no group."""
    left = [set(np.flatnonzero(row).tolist()) for row in of.able if row.any()]
    out: list[set[int]] = []
    for stations in left:
        touching = [group for group in out if group & stations]
        out = [group for group in out if not group & stations]
        out.append(stations.union(*touching))
    return [np.array(sorted(group)) for group in out]


def least_cost(of: Setting, busy: Array, idle_mw: Array, at: NDArray[Any], weight: Array, rate: Array) -> float:
    """Return a lower bound on Σ weight × rate × grid power over the simulated hours for the same total work.

    The total work is the unit-hours of `busy`. H simulated hours, of which hour h is modelled hour `at[h]`. busy: (S,
    H) units; idle_mw: (E, H) IT power independent of the policy; weight: (H,) hours of the year; rate: (H, E) per MWh
    of grid energy.
    """
    pue, own = of.pue[at], of.own_mw[at]
    bare = idle_mw.T * pue - own  # (H, E): grid power, or below 0 the surplus of on-site generation
    # Cost of the power that does not depend on the policy.
    total = float(np.sum(weight[:, None] * rate * np.maximum(bare, 0.0)))
    each = pue[:, of.site_of] * (1.0 - of.idle_share) * of.mw_per_unit  # (H, S): MW of a busy unit
    price = rate[:, of.site_of]
    spare = np.maximum(-bare[:, of.site_of], 0.0)
    free = np.minimum(of.units, np.where(each > LEAST, spare / np.maximum(each, LEAST), of.units))
    free = np.where(price < 0.0, 0.0, free)  # at a negative price, drawing on the grid instead pays
    for stations in groups(of):
        work = float((busy[stations].T * weight[:, None]).sum())
        room = weight[:, None] * np.stack([free[:, stations], of.units[stations] - free[:, stations]])
        # Two pieces per station and hour: units run on surplus on-site power at no cost, then units run on grid power.
        slope = np.stack([np.zeros_like(price[:, stations]), (price * each)[:, stations]])
        total += _filled(slope.ravel(), room.ravel(), work)
    return total


def _filled(slope: Array, room: Array, work: float) -> float:
    """Return the least cost of `work`: pieces of negative slope in full, then pieces in increasing order of slope."""
    order = np.argsort(slope, kind="stable")
    slope, room = slope[order], room[order]
    before = np.cumsum(room) - room
    used = np.where(slope < 0.0, room, np.clip(work - before, 0.0, room))
    return float(slope @ used)
