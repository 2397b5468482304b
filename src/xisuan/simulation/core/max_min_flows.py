"""Data transfers: flows over links with max-min fair rates.

All flows of a route (`way`) have the same rate. They are therefore one queue, ordered by the amount at which they end.
"""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import kernel
from xisuan.simulation.core.heaps import put, without_first
from xisuan.simulation.core.records import ACTIVE, FLOW, MOVING, NONE, NOW, SEQ, World


@kernel
def move(w: World) -> None:
    """Bring the data moved by all flows up to the present time."""
    for i in range(w.counts[ACTIVE]):
        p = w.active[i]
        w.ways[p].moved += w.ways[p].rate * (w.clock[NOW] - w.ways[p].since)
        w.ways[p].since = w.clock[NOW]


@kernel
def divide(w: World) -> None:
    """Compute the max-min fair rates of all flows by progressive filling, and the time at which the first flow ends.

    The rates of all routes rise together; a saturated link fixes the rate of the routes that cross it. Flows of one
    route get the same rate. Source: Bertsekas, Gallager, Data Networks (1992), 6.5.2.
    """
    left, crossing = w.room[0], w.room[1]
    # Residual capacity of each link direction, and the number of flows without a fixed rate that cross it.
    for a in range(len(left)):
        left[a], crossing[a] = w.links[a], 0.0
    open_ways = 0
    for i in range(w.counts[ACTIVE]):
        p = w.active[i]
        w.ways[p].rate = -1.0
        open_ways += 1
        for at in range(w.arcs.shape[1]):
            if w.arcs[p, at] == NONE:
                break
            crossing[w.arcs[p, at]] += w.ways[p].flows
    while open_ways > 0:
        # Fair share of the bottleneck: the least residual capacity per crossing flow.
        least = math.inf
        for a in range(len(left)):
            if crossing[a] > 0.0:
                least = min(least, max(0.0, left[a]) / crossing[a])
        for i in range(w.counts[ACTIVE]):
            p = w.active[i]
            if w.ways[p].rate >= 0.0:
                continue
            full = False
            for at in range(w.arcs.shape[1]):
                a = w.arcs[p, at]
                if a == NONE:
                    break
                full = full or max(0.0, left[a]) <= least * crossing[a] * (1.0 + 1e-12)
            if full:
                w.ways[p].rate = -2.0  # bottlenecked in this round; links are updated after the round
        # Fix the rate of the bottlenecked routes, and subtract it from the residual capacity of their links.
        for i in range(w.counts[ACTIVE]):
            p = w.active[i]
            if w.ways[p].rate != -2.0:
                continue
            w.ways[p].rate = least
            open_ways -= 1
            for at in range(w.arcs.shape[1]):
                a = w.arcs[p, at]
                if a == NONE:
                    break
                left[a] -= least * w.ways[p].flows
                crossing[a] -= w.ways[p].flows
    first = math.inf
    for i in range(w.counts[ACTIVE]):
        p = w.active[i]
        if w.ways[p].rate > 0.0:
            rest = max(0.0, w.jobs[w.ways[p].root].rank - w.ways[p].moved)
            first = min(first, w.clock[NOW] + rest / w.ways[p].rate)
    w.clock[FLOW] = first


@kernel
def send(w: World, j: int, p: int, gigabits: float) -> None:
    """Start a flow of `gigabits` for job `j` on route `p`, and recompute all rates."""
    move(w)
    w.counts[SEQ] += 1
    if w.ways[p].active == NONE:
        w.ways[p].active = w.counts[ACTIVE]
        w.active[w.counts[ACTIVE]] = p
        w.counts[ACTIVE] += 1
        w.ways[p].moved = 0.0
        w.ways[p].since = w.clock[NOW]
    w.ways[p].root = put(w.jobs, w.ways[p].root, j, w.ways[p].moved + gigabits, w.counts[SEQ])
    w.ways[p].flows += 1
    w.counts[MOVING] += 1
    divide(w)


@kernel
def end_flow(w: World) -> int:
    """End the flow that finishes first, recompute all rates, and return its job."""
    move(w)
    chosen, least = NONE, math.inf
    for i in range(w.counts[ACTIVE]):
        p = w.active[i]
        if w.ways[p].rate > 0.0:
            rest = (w.jobs[w.ways[p].root].rank - w.ways[p].moved) / w.ways[p].rate
            if rest < least:
                chosen, least = p, rest
    p = chosen
    j = w.ways[p].root
    w.ways[p].moved = w.jobs[j].rank  # exact value: removes the rounding error
    w.ways[p].root = without_first(w.jobs, j)
    w.ways[p].flows -= 1
    w.counts[MOVING] -= 1
    if w.ways[p].flows == 0:
        # Remove the route from the list of active ones: the last one takes its position.
        at = w.ways[p].active
        w.counts[ACTIVE] -= 1
        last = w.active[w.counts[ACTIVE]]
        w.active[at] = last
        w.ways[last].active = at
        w.ways[p].active = NONE
    divide(w)
    return int(j)
