"""Waiting line for backfilling: an array of positions and a segment tree of minima that finds the first fitting job."""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import inline_kernel, kernel
from xisuan.simulation.core.records import MANY, NONE, World


@inline_kernel
def grow_tree(w: World, s: int, position: int) -> None:
    """Update the nodes of the segment trees above a position."""
    at = (w.line.shape[1] + position) >> 1
    fewest, shortest = w.fewest[s], w.shortest[s]
    while at >= 1:
        fewest[at] = min(fewest[2 * at], fewest[2 * at + 1])
        shortest[at] = min(shortest[2 * at], shortest[2 * at + 1])
        at >>= 1


@inline_kernel
def set_position(w: World, s: int, position: int, job: int) -> None:
    """Store a job at a position of the line, or clear the position (job NONE)."""
    leaf = w.line.shape[1] + position
    w.line[s, position] = job
    w.fewest[s, leaf] = MANY if job == NONE else w.jobs[job].servers
    w.shortest[s, leaf] = math.inf if job == NONE else w.jobs[job].estimate
    grow_tree(w, s, position)


@inline_kernel
def seek(w: World, s: int, position: int, free: int, extra: int, window: float) -> int:
    """Return the first position from `position` on whose job fits, or NONE.

    A job fits if it needs at most `free` servers, and either at most `extra` servers or at most `window` seconds by its
    estimate. Subtrees in which no job can fit are skipped.
    """
    size = w.line.shape[1]
    if position >= size:
        return NONE
    fewest, shortest = w.fewest[s], w.shortest[s]
    at = size + position
    while True:
        if fewest[at] <= free and (shortest[at] <= window or fewest[at] <= extra):
            if at >= size:
                return int(at - size)
            # Minima of the two criteria may come from different jobs: descend, and leave a subtree without a hit.
            at *= 2
            continue
        # Go up from right children, then to the next subtree on the right.
        while at & 1:
            at >>= 1
        if at == 0:
            return NONE
        at += 1


@kernel
def close_up(w: World, s: int) -> None:
    """Compact the line: move its jobs to the beginning, in order, and rebuild the segment trees."""
    size, to = w.line.shape[1], 0
    for position in range(w.stations[s].end):
        job = w.line[s, position]
        if job != NONE:
            w.line[s, to] = job
            to += 1
    for position in range(size):
        job = w.line[s, position] if position < to else NONE
        w.line[s, position] = job
        w.fewest[s, size + position] = MANY if job == NONE else w.jobs[job].servers
        w.shortest[s, size + position] = math.inf if job == NONE else w.jobs[job].estimate
    for at in range(size - 1, 0, -1):
        w.fewest[s, at] = min(w.fewest[s, 2 * at], w.fewest[s, 2 * at + 1])
        w.shortest[s, at] = min(w.shortest[s, 2 * at], w.shortest[s, 2 * at + 1])
    w.stations[s].end = to
