"""Two heaps: of events by time, an array; and of jobs by rank, linked through their records (a pairing heap)."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from xisuan.simulation.compiled import hot
from xisuan.simulation.layout import EVENTS, NONE, SEQ, World


@hot
def earlier(jobs: NDArray[Any], a: int, b: int) -> bool:
    """Whether job `a` comes before job `b`."""
    if jobs[a].rank != jobs[b].rank:
        return bool(jobs[a].rank < jobs[b].rank)
    return bool(jobs[a].order < jobs[b].order)


@hot
def meld(jobs: NDArray[Any], a: int, b: int) -> int:
    """One pairing heap of two; its root. Source: Fredman, Sedgewick, Sleator, Tarjan, Algorithmica 1 (1986)."""
    if a == NONE:
        return b
    if b == NONE:
        return a
    if earlier(jobs, b, a):
        a, b = b, a
    jobs[b].sibling = jobs[a].child
    jobs[a].child = b
    return a


@hot
def put(jobs: NDArray[Any], root: int, job: int, rank: float, order: int) -> int:
    """The heap with one more job; its root."""
    jobs[job].rank = rank
    jobs[job].order = order
    jobs[job].child = NONE
    jobs[job].sibling = NONE
    return meld(jobs, root, job)


@hot
def without_first(jobs: NDArray[Any], root: int) -> int:
    """The heap without its root: children melded in pairs, the pairs from last to first."""
    rest = jobs[root].child
    pairs = NONE
    while rest != NONE:
        a = rest
        b = jobs[a].sibling
        rest = NONE if b == NONE else jobs[b].sibling
        jobs[a].sibling = NONE
        if b != NONE:
            jobs[b].sibling = NONE
        a = meld(jobs, a, b)
        jobs[a].sibling = pairs
        pairs = a
    out = NONE
    while pairs != NONE:
        rest = jobs[pairs].sibling
        jobs[pairs].sibling = NONE
        out = meld(jobs, out, pairs)
        pairs = rest
    return out


@hot
def push(w: World, time: float, job: int) -> None:
    """An event at `time`; it is valid as long as the job carries its number."""
    w.counts[SEQ] += 1
    seq = w.counts[SEQ]
    w.jobs[job].stamp = seq
    at = w.counts[EVENTS]
    w.counts[EVENTS] += 1
    events = w.events
    while at > 0:
        up = (at - 1) >> 1
        if events[up].time < time or (events[up].time == time and events[up].order < seq):
            break
        events[at] = events[up]
        at = up
    events[at].time = time
    events[at].order = seq
    events[at].job = job


@hot
def pop(w: World) -> None:
    """Remove the first event: the gap goes down to a leaf, and the last event up from there, which is seldom far.

    Source: Wegener, Bottom-up Heapsort, Theoretical Computer Science 118 (1993).
    """
    w.counts[EVENTS] -= 1
    n = w.counts[EVENTS]
    events = w.events
    time, order, job = events[n].time, events[n].order, events[n].job
    at, down = 0, 1
    while down < n:
        other = down + 1
        if other < n and (
            events[other].time < events[down].time
            or (events[other].time == events[down].time and events[other].order < events[down].order)
        ):
            down = other
        events[at] = events[down]
        at, down = down, 2 * down + 1
    while at > 0:
        up = (at - 1) >> 1
        if events[up].time < time or (events[up].time == time and events[up].order < order):
            break
        events[at] = events[up]
        at = up
    events[at].time = time
    events[at].order = order
    events[at].job = job
