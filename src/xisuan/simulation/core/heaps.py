"""Two heaps: of events by time, an array; and of jobs by rank, linked through their records (a pairing heap)."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from xisuan.simulation.core.compilation import hot
from xisuan.simulation.core.records import EVENTS, NONE, SEQ, World


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
def set_event(events: NDArray[Any], at: int, time: float, order: int, job: int) -> None:
    """Write an event, field by field: a record copied whole is read before what wrote its fields is through."""
    events[at].time = time
    events[at].order = order
    events[at].job = job


@hot
def rise(events: NDArray[Any], at: int, time: float, order: int, job: int) -> None:
    """Put an event at a gap, or above it as long as those there are later, which come down."""
    while at > 0:
        up = (at - 1) >> 1
        above = events[up]
        if above.time < time or (above.time == time and above.order < order):
            break
        set_event(events, at, above.time, above.order, above.job)
        at = up
    set_event(events, at, time, order, job)


@hot
def push(w: World, time: float, job: int) -> None:
    """An event at `time`; it is valid as long as the job carries its number."""
    w.counts[SEQ] += 1
    w.jobs[job].stamp = w.counts[SEQ]
    w.counts[EVENTS] += 1
    rise(w.events, w.counts[EVENTS] - 1, time, w.counts[SEQ], job)


@hot
def pop(w: World) -> None:
    """Remove the first event: the gap goes down to a leaf, and the last event up from there, which is seldom far.

    Source: Wegener, Bottom-up Heapsort, Theoretical Computer Science 118 (1993).
    """
    w.counts[EVENTS] -= 1
    n = w.counts[EVENTS]
    events = w.events
    last = events[n]
    time, order, job = last.time, last.order, last.job
    at, down = 0, 1
    while down < n:  # where a node has one child, the last event, still in its place, is the other
        one, other = events[down], events[down + 1]
        sooner = int(other.time < one.time)  # a sum, not a branch: nobody can foretell which child is the earlier
        if other.time == one.time:
            sooner = int(other.order < one.order)
        down += sooner
        then = events[down]
        set_event(events, at, then.time, then.order, then.job)
        at, down = down, 2 * down + 1
    rise(events, at, time, order, job)
