"""Priority queues of the event core: a binary heap of events by time, and pairing heaps of jobs by rank.

The event heap is an array. A pairing heap is linked through the records of its jobs.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from xisuan.simulation.core.compilation import inline_kernel
from xisuan.simulation.core.records import EVENTS, NONE, SEQ, World


@inline_kernel
def earlier(jobs: NDArray[Any], a: int, b: int) -> bool:
    """Return True if job `a` comes before job `b`: the smaller rank, ties by `order`."""
    if jobs[a].rank != jobs[b].rank:
        return bool(jobs[a].rank < jobs[b].rank)
    return bool(jobs[a].order < jobs[b].order)


@inline_kernel
def meld(jobs: NDArray[Any], a: int, b: int) -> int:
    """Merge two pairing heaps and return the root.

    Source: Fredman, Sedgewick, Sleator, Tarjan, The Pairing Heap, Algorithmica 1 (1986).
    """
    if a == NONE:
        return b
    if b == NONE:
        return a
    if earlier(jobs, b, a):
        a, b = b, a
    jobs[b].sibling = jobs[a].child
    jobs[a].child = b
    return a


@inline_kernel
def put(jobs: NDArray[Any], root: int, job: int, rank: float, order: int) -> int:
    """Insert a job into the pairing heap at `root` and return the new root."""
    jobs[job].rank = rank
    jobs[job].order = order
    jobs[job].child = NONE
    jobs[job].sibling = NONE
    return meld(jobs, root, job)


@inline_kernel
def without_first(jobs: NDArray[Any], root: int) -> int:
    """Remove the root of a pairing heap and return the new root.

    Two-pass merging: the children are melded in pairs, then the pairs from the last to the first.
    """
    rest = jobs[root].child
    pairs = NONE
    while rest != NONE:
        a = rest
        b = jobs[a].sibling
        rest = NONE if b == NONE else jobs[b].sibling
        jobs[a].sibling = NONE
        if b != NONE:
            jobs[b].sibling = NONE
        # First pass: meld neighbouring children and stack the pairs.
        a = meld(jobs, a, b)
        jobs[a].sibling = pairs
        pairs = a
    # Second pass: meld the pairs from the last to the first.
    out = NONE
    while pairs != NONE:
        rest = jobs[pairs].sibling
        jobs[pairs].sibling = NONE
        out = meld(jobs, out, pairs)
        pairs = rest
    return out


@inline_kernel
def set_event(events: NDArray[Any], at: int, time: float, order: int, job: int) -> None:
    """Write an event field by field: copying a whole record right after writes to its fields has to wait for them."""
    events[at].time = time
    events[at].order = order
    events[at].job = job


@inline_kernel
def rise(events: NDArray[Any], at: int, time: float, order: int, job: int) -> None:
    """Insert an event at the gap `at`: move later ancestors down until the heap order holds (sift up)."""
    while at > 0:
        up = (at - 1) >> 1
        above = events[up]
        if above.time < time or (above.time == time and above.order < order):
            break
        set_event(events, at, above.time, above.order, above.job)
        at = up
    set_event(events, at, time, order, job)


@inline_kernel
def push(w: World, time: float, job: int) -> None:
    """Schedule an event for `job` at `time` (s).

    The event is valid as long as `stamp` of the job holds its sequence number; outdated events are discarded when
    popped.
    """
    w.counts[SEQ] += 1
    w.jobs[job].stamp = w.counts[SEQ]
    w.counts[EVENTS] += 1
    rise(w.events, w.counts[EVENTS] - 1, time, w.counts[SEQ], job)


@inline_kernel
def pop(w: World) -> None:
    """Remove the earliest event from the event heap (bottom-up heapsort).

    The gap moves down to a leaf; the last event is inserted there and rises, usually by few levels. Source: Wegener,
    Bottom-up Heapsort, Theoretical Computer Science 118 (1993).
    """
    w.counts[EVENTS] -= 1
    n = w.counts[EVENTS]
    events = w.events
    last = events[n]
    time, order, job = last.time, last.order, last.job
    at, down = 0, 1
    while down < n:  # with one child, the second is the last event, still in place
        one, other = events[down], events[down + 1]
        sooner = int(other.time < one.time)  # arithmetic, no branch: which child is earlier cannot be predicted
        if other.time == one.time:
            sooner = int(other.order < one.order)
        down += sooner
        then = events[down]
        set_event(events, at, then.time, then.order, then.job)
        at, down = down, 2 * down + 1
    rise(events, at, time, order, job)
