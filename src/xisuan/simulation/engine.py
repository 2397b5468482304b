"""The event core: a heap of `(time, sequence, job)`, merged with arrivals, failures and the ends of transfers.

At one instant, what ends comes first, then what fails or is repaired, then what arrives; only when all of it has
been seen does anything start. So the order of a tie in a trace decides nothing but places in line.

`advance` runs until it needs something of its caller: more arrivals, an empty buffer, more room. Nothing is lost by
stopping and going on, so memory depends on the jobs that are in the system and not on how many there were.

One module, longer than others, because Numba's cache knows of changes in a function's own file only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from xisuan.simulation.layout import BACKFILL, ORDERED, SHARED, World

END, JOBS, DRAIN, GROW, UNTIL = 0, 1, 2, 3, 4
"""Why `advance` stopped: nothing is left, arrivals are wanted, the buffer is full, there is no room, it is time."""

NOW, WIDTH, FLOW, SHARE, LOAD_WEIGHT, EVERY, COST, RESTART = range(8)
(
    SEQ, FREE, EVENTS, CURSOR, RECORDS, NEXT_FAILURE, ACTIVE,
    ARRIVED, FINISHED, DROPPED, RUNNING, WAITING, MOVING, HITS,
) = range(14)  # fmt: skip
BUSY, UP, QUEUED = range(3)

NONE = -1
MANY = 2**62
"""Servers asked for at an empty position of a line: more than there can be."""

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """`function` compiled, and kept on disk for the next time.

    Without counting references (`_nrt`): nothing here makes an array, the caller keeps every one of them, and the
    counts of the world's arrays, at every call, took five sixths of the time.
    """
    return cast(F, numba.njit(cache=True, _nrt=False)(function))  # type: ignore[call-overload]


@compiled
def _earlier(jobs: NDArray[Any], a: int, b: int) -> bool:
    if jobs[a].rank != jobs[b].rank:
        return bool(jobs[a].rank < jobs[b].rank)
    return bool(jobs[a].order < jobs[b].order)


@compiled
def _meld(jobs: NDArray[Any], a: int, b: int) -> int:
    """One pairing heap of two; its root. Source: Fredman, Sedgewick, Sleator, Tarjan, Algorithmica 1 (1986)."""
    if a == NONE:
        return b
    if b == NONE:
        return a
    if _earlier(jobs, b, a):
        a, b = b, a
    jobs[b].sibling = jobs[a].child
    jobs[a].child = b
    return a


@compiled
def _put(jobs: NDArray[Any], root: int, job: int, rank: float, order: int) -> int:
    jobs[job].rank = rank
    jobs[job].order = order
    jobs[job].child = NONE
    jobs[job].sibling = NONE
    return _meld(jobs, root, job)


@compiled
def _without_first(jobs: NDArray[Any], root: int) -> int:
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
        a = _meld(jobs, a, b)
        jobs[a].sibling = pairs
        pairs = a
    out = NONE
    while pairs != NONE:
        rest = jobs[pairs].sibling
        jobs[pairs].sibling = NONE
        out = _meld(jobs, out, pairs)
        pairs = rest
    return out


@compiled
def _push(w: World, time: float, job: int) -> None:
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


@compiled
def _pop(w: World) -> None:
    """Remove the first event."""
    w.counts[EVENTS] -= 1
    n = w.counts[EVENTS]
    events = w.events
    time, order, job = events[n].time, events[n].order, events[n].job
    at = 0
    while True:
        down = 2 * at + 1
        if down >= n:
            break
        other = down + 1
        if other < n and (
            events[other].time < events[down].time
            or (events[other].time == events[down].time and events[other].order < events[down].order)
        ):
            down = other
        if time < events[down].time or (time == events[down].time and order < events[down].order):
            break
        events[at] = events[down]
        at = down
    events[at].time = time
    events[at].order = order
    events[at].job = job


@compiled
def _read(w: World, s: int) -> None:
    """Bring the meters of station `s` up to now. Where the bins end they become twice as wide, all stations alike."""
    now, since = w.clock[NOW], w.stations[s].since
    if now <= since:
        return
    bins = w.meters.shape[1]
    while now >= w.clock[WIDTH] * bins:
        for t in range(w.meters.shape[0]):
            for b in range(bins):
                for m in range(w.meters.shape[2]):
                    both = w.meters[t, 2 * b, m] + w.meters[t, 2 * b + 1, m] if 2 * b + 1 < bins else 0.0
                    w.meters[t, b, m] = both
        w.clock[WIDTH] *= 2.0
    width = w.clock[WIDTH]
    up, waiting = w.stations[s].up, w.stations[s].waiting
    busy = min(w.stations[s].busy, up)
    b = int(since / width)
    while since < now:
        end = min(now, width * (b + 1))
        span = max(0.0, end - since)
        w.meters[s, b, BUSY] += busy * span
        w.meters[s, b, UP] += up * span
        w.meters[s, b, QUEUED] += waiting * span
        since = end
        b += 1
    w.stations[s].since = now


@compiled
def _record(w: World, j: int, dropped: int) -> None:
    """Hand a job out and free its slot."""
    job, out = w.jobs[j], w.done[w.counts[RECORDS]]
    out.id = job.id
    out.arrival = job.arrival
    out.start = job.start
    out.finish = w.clock[NOW]
    out.run = job.run
    out.servers = job.servers
    out.deadline = job.deadline
    out.group = job.group
    out.station = job.station
    out.origin = job.origin
    out.hits = job.hits
    out.dropped = dropped
    w.counts[RECORDS] += 1
    w.counts[DROPPED if dropped else FINISHED] += 1
    w.jobs[j].stamp = 0
    w.jobs[j].sibling = w.counts[FREE]
    w.counts[FREE] = j


@compiled
def _grow_tree(w: World, s: int, position: int) -> None:
    """Make the nodes above a position say what is below them."""
    at = (w.line.shape[1] + position) >> 1
    fewest, shortest = w.fewest[s], w.shortest[s]
    while at >= 1:
        fewest[at] = min(fewest[2 * at], fewest[2 * at + 1])
        shortest[at] = min(shortest[2 * at], shortest[2 * at + 1])
        at >>= 1


@compiled
def _set_position(w: World, s: int, position: int, job: int) -> None:
    """Fill a position of a line with a job, or empty it (job NONE)."""
    leaf = w.line.shape[1] + position
    w.line[s, position] = job
    w.fewest[s, leaf] = MANY if job == NONE else w.jobs[job].servers
    w.shortest[s, leaf] = math.inf if job == NONE else w.jobs[job].estimate
    _grow_tree(w, s, position)


@compiled
def _seek(w: World, s: int, position: int, free: int, extra: int, window: float) -> int:
    """First position from `position` on whose job asks for at most `free` servers, and either for at most `extra`
    or is done within `window`. NONE if there is none. Subtrees in which nothing can fit are passed over whole.
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
            at *= 2
            continue
        while at & 1:
            at >>= 1
        if at == 0:
            return NONE
        at += 1


@compiled
def _close_up(w: World, s: int) -> None:
    """Move the jobs of a line to its beginning, in order."""
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


@compiled
def _join(w: World, j: int) -> None:
    """A job comes to its station: into the line, or at once to its share where all share."""
    s = w.jobs[j].station
    station = w.stations[s]
    _read(w, s)
    w.counts[SEQ] += 1
    if station.mode == SHARED:
        _serve(w, s)
        w.stations[s].root = _put(w.jobs, station.root, j, station.done + w.jobs[j].left, w.counts[SEQ])
        w.jobs[j].start = w.clock[NOW]
        w.stations[s].asked -= w.jobs[j].servers
        w.stations[s].busy += w.jobs[j].servers
        w.stations[s].running += 1
        w.counts[WAITING] -= 1
        w.counts[RUNNING] += 1
        _share(w, s)
        return
    w.stations[s].waiting += 1
    w.stations[s].dirty = 1
    if station.mode == BACKFILL:
        _set_position(w, s, station.end, j)
        w.stations[s].end += 1
    elif not station.fair:
        w.stations[s].root = _put(w.jobs, station.root, j, w.jobs[j].key, w.counts[SEQ])
    else:
        owner = w.jobs[j].owner
        tail = w.tails[s, owner]
        w.tails[s, owner] = j
        w.jobs[j].after = NONE
        w.jobs[j].order = w.counts[SEQ]
        if tail == NONE:
            w.stations[s].root = _put(w.jobs, station.root, j, w.usage[s, owner], w.counts[SEQ])
        else:
            w.jobs[tail].after = j


@compiled
def _start(w: World, j: int) -> None:
    """A job that left the line runs: its servers, its place among the running jobs, its end."""
    s, now, job = w.jobs[j].station, w.clock[NOW], w.jobs[j]
    _read(w, s)
    if math.isnan(job.start):
        w.jobs[j].start = now
    w.jobs[j].begin = now
    w.jobs[j].due = now + job.estimate - (job.run - job.left)
    length = job.left
    if math.isfinite(w.clock[EVERY]):
        length += w.clock[COST] * max(0.0, math.ceil(job.left / w.clock[EVERY]) - 1.0)
    if job.hits > 0:
        length += w.clock[RESTART]
    stations = w.stations
    stations[s].waiting -= 1
    stations[s].asked -= job.servers
    stations[s].busy += job.servers
    stations[s].running += 1
    w.counts[WAITING] -= 1
    w.counts[RUNNING] += 1
    if stations[s].fair:
        used = math.log2(max(1e-300, job.servers * job.left)) + now / w.half_life[s]
        old = w.usage[s, job.owner]
        w.usage[s, job.owner] = max(old, used) + math.log2(1.0 + 2.0 ** -abs(old - used))
    before = stations[s].last
    if stations[s].mode == BACKFILL:
        while before != NONE and w.jobs[before].due > w.jobs[j].due:
            before = w.jobs[before].before
    after = stations[s].first if before == NONE else w.jobs[before].after
    w.jobs[j].before, w.jobs[j].after = before, after
    if before == NONE:
        stations[s].first = j
    else:
        w.jobs[before].after = j
    if after == NONE:
        stations[s].last = j
    else:
        w.jobs[after].before = j
    _push(w, now + length, j)


@compiled
def _release(w: World, j: int) -> None:
    """A running job gives its servers back."""
    s = w.jobs[j].station
    _read(w, s)
    before, after = w.jobs[j].before, w.jobs[j].after
    if before == NONE:
        w.stations[s].first = after
    else:
        w.jobs[before].after = after
    if after == NONE:
        w.stations[s].last = before
    else:
        w.jobs[after].before = before
    w.stations[s].busy -= w.jobs[j].servers
    w.stations[s].running -= 1
    w.stations[s].dirty = 1
    w.counts[RUNNING] -= 1
    w.jobs[j].stamp = 0


@compiled
def _finish(w: World, j: int) -> None:
    """A job has run: its data goes back, or it is done."""
    way = w.outbound[w.jobs[j].origin, w.jobs[j].station]
    if way == NONE or not w.jobs[j].outbound > 0.0:
        _record(w, j, 0)
        return
    w.jobs[j].back = 1
    w.counts[WAITING] += 1
    _send(w, j, way, w.jobs[j].outbound)


@compiled
def _serve(w: World, s: int) -> None:
    """Bring the service that each sharing job of station `s` has had up to now."""
    station = w.stations[s]
    if station.running == 0:
        w.stations[s].done = 0.0
    else:
        w.stations[s].done += station.rate * (w.clock[NOW] - station.served)
    w.stations[s].served = w.clock[NOW]


@compiled
def _share(w: World, s: int) -> None:
    """Share what is up among the jobs of station `s`: each gets min(1, up / asked) of what it asks for."""
    station = w.stations[s]
    w.stations[s].next = math.inf
    if station.running > 0 and station.up > 0:
        rate = min(1.0, station.up / station.busy)
        w.stations[s].rate = rate
        w.stations[s].next = w.clock[NOW] + max(0.0, w.jobs[station.root].rank - station.done) / rate
    else:
        w.stations[s].rate = 0.0
    first = math.inf
    for t in range(len(w.stations)):
        if w.stations[t].mode == SHARED:
            first = min(first, w.stations[t].next)
    w.clock[SHARE] = first


@compiled
def _end_share(w: World) -> None:
    """The first sharing job ends."""
    s = 0
    while w.stations[s].mode != SHARED or w.stations[s].next > w.clock[NOW]:
        s += 1
    _read(w, s)
    j = w.stations[s].root
    w.stations[s].done = w.jobs[j].rank  # exactly, so that rounding leaves nothing behind
    w.stations[s].served = w.clock[NOW]
    w.stations[s].root = _without_first(w.jobs, j)
    w.stations[s].busy -= w.jobs[j].servers
    w.stations[s].running -= 1
    w.counts[RUNNING] -= 1
    _share(w, s)
    _finish(w, j)


@compiled
def _move(w: World) -> None:
    """Bring what every flow has moved up to now."""
    for i in range(w.counts[ACTIVE]):
        p = w.active[i]
        w.ways[p].moved += w.ways[p].rate * (w.clock[NOW] - w.ways[p].since)
        w.ways[p].since = w.clock[NOW]


@compiled
def _divide(w: World) -> None:
    """Share the links among the flows, max-min fairly: raise all alike; a full link fixes those that cross it.

    Flows of one way get the same, so a way is one queue. Source: Bertsekas, Gallager, Data Networks (1992), 6.5.2.
    """
    left, crossing = w.room[0], w.room[1]
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
                w.ways[p].rate = -2.0  # found in this round; its links are settled once all of the round are known
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


@compiled
def _send(w: World, j: int, p: int, gigabits: float) -> None:
    """A flow begins."""
    _move(w)
    w.counts[SEQ] += 1
    if w.ways[p].active == NONE:
        w.ways[p].active = w.counts[ACTIVE]
        w.active[w.counts[ACTIVE]] = p
        w.counts[ACTIVE] += 1
        w.ways[p].moved = 0.0
        w.ways[p].since = w.clock[NOW]
    w.ways[p].root = _put(w.jobs, w.ways[p].root, j, w.ways[p].moved + gigabits, w.counts[SEQ])
    w.ways[p].flows += 1
    w.counts[MOVING] += 1
    _divide(w)


@compiled
def _end_flow(w: World) -> None:
    """The first flow to end has moved its data."""
    _move(w)
    chosen, least = NONE, math.inf
    for i in range(w.counts[ACTIVE]):
        p = w.active[i]
        if w.ways[p].rate > 0.0:
            rest = (w.jobs[w.ways[p].root].rank - w.ways[p].moved) / w.ways[p].rate
            if rest < least:
                chosen, least = p, rest
    p = chosen
    j = w.ways[p].root
    w.ways[p].moved = w.jobs[j].rank  # exactly, so that rounding leaves nothing behind
    w.ways[p].root = _without_first(w.jobs, j)
    w.ways[p].flows -= 1
    w.counts[MOVING] -= 1
    if w.ways[p].flows == 0:
        at = w.ways[p].active
        w.counts[ACTIVE] -= 1
        last = w.active[w.counts[ACTIVE]]
        w.active[at] = last
        w.ways[last].active = at
        w.ways[p].active = NONE
    _divide(w)
    if w.jobs[j].back:
        w.counts[WAITING] -= 1
        _record(w, j, 0)
    else:
        _join(w, j)


@compiled
def _choose(w: World, origin: int, servers: int, work: float) -> int:
    """Station of a new job. By shares: the one furthest behind its share. Otherwise: the one of the least score among
    those with room now. If there is none: of those that are up, the one with the least to do; of those that are
    down, the first. NONE: no eligible station is large enough, so nothing can ever run it.
    """
    if len(w.stations) == 1:
        return 0 if w.scores[origin, 0] < math.inf and servers <= w.stations[0].servers else NONE
    shared, total = False, 0.0
    for s in range(len(w.stations)):
        shared = shared or w.shares[origin, s] > 0.0
        total += w.given[origin, s]
    for attempt in range(3):
        best, least = NONE, math.inf
        for s in range(len(w.stations)):
            station, score = w.stations[s], w.scores[origin, s]
            load = station.busy + station.asked
            if not score < math.inf or servers > station.servers or (attempt < 2 and station.up == 0):
                continue
            if attempt > 0:
                score = load / max(1, station.up)
            elif shared:
                if w.shares[origin, s] == 0.0:
                    continue
                score = w.given[origin, s] - w.shares[origin, s] * (total + work)
            elif load + servers > station.up:
                continue
            else:
                score += w.clock[LOAD_WEIGHT] * load / station.up
            if score < least:
                best, least = s, score
        if best != NONE:
            if shared:
                w.given[origin, best] += work
            return best
    return NONE


@compiled
def _arrive(w: World, new: Any) -> None:
    """A job comes: it gets a slot and a station, and its data sets out."""
    j = w.counts[FREE]
    w.counts[FREE] = w.jobs[j].sibling
    w.counts[ARRIVED] += 1
    job = w.jobs[j]
    job.id, job.arrival, job.run, job.servers = new.id, new.arrival, new.run, new.servers
    job.estimate, job.deadline, job.key, job.owner = max(new.estimate, new.run), new.deadline, new.key, new.owner
    job.group, job.origin, job.inbound, job.outbound = new.group, new.origin, new.inbound, new.outbound
    job.left, job.start, job.hits, job.stamp, job.back = new.run, math.nan, 0, 0, 0
    s = _choose(w, new.origin, new.servers, new.servers * new.run)
    job.station = s
    if s == NONE:
        _record(w, j, 1)
        return
    w.stations[s].asked += new.servers
    w.counts[WAITING] += 1
    way = w.inbound[new.origin, s]
    if way == NONE or not new.inbound > 0.0:
        _join(w, j)
    else:
        _send(w, j, way, new.inbound)


@compiled
def _hit(w: World, j: int) -> None:
    """A failure ends the present run of a job. What it saved stays done; it joins the line again."""
    every = w.clock[EVERY]
    if math.isfinite(every):
        ran = w.clock[NOW] - w.jobs[j].begin - (w.clock[RESTART] if w.jobs[j].hits > 0 else 0.0)
        saved = max(0.0, math.floor(ran / (every + w.clock[COST]))) * every
        w.jobs[j].left = max(0.0, w.jobs[j].left - saved)
    _release(w, j)
    w.jobs[j].hits += 1
    w.counts[HITS] += 1
    w.counts[WAITING] += 1
    w.stations[w.jobs[j].station].asked += w.jobs[j].servers
    _join(w, j)


@compiled
def _fail(w: World, f: int) -> None:
    """Servers go down or come back."""
    failure = w.failures[f]
    s = failure.target
    _read(w, s)
    if w.stations[s].mode == SHARED:
        _serve(w, s)
    if failure.repair != NONE:
        w.stations[s].up += w.failures[failure.repair].taken
    else:
        up = w.stations[s].up
        taken = min(failure.amount, up)
        w.failures[f].taken = taken
        if w.stations[s].mode != SHARED:
            _strike(w, s, up, taken, min(up - 1, int(failure.draw * up)))
        w.stations[s].up = up - taken
    w.stations[s].dirty = 1
    if w.stations[s].mode == SHARED:
        _share(w, s)


@compiled
def _strike(w: World, s: int, up: int, taken: int, first: int) -> None:
    """Hit every job on servers first … first + taken − 1 (round the end) of those up, running jobs lying first."""
    if taken == 0:
        return
    position, j = 0, w.stations[s].first
    last = w.stations[s].last  # those hit may start again behind it, but not before this instant is over
    while j != NONE:
        after, size = w.jobs[j].after, w.jobs[j].servers
        inside = position < first + taken and position + size > first
        round_end = position < first + taken - up
        position += size
        if inside or round_end:
            _hit(w, j)
        if j == last:
            break
        j = after


@compiled
def _begin_in_order(w: World, s: int) -> None:
    """Start jobs from the head of the line as long as it fits. Under fair share each owner has a line, and the heap
    holds the first of each, ranked by what its owner has used.
    """
    while w.stations[s].root != NONE:
        j = w.stations[s].root
        if w.jobs[j].servers > w.stations[s].up - w.stations[s].busy:
            return
        w.stations[s].root = _without_first(w.jobs, j)
        then = w.jobs[j].after
        _start(w, j)
        if w.stations[s].fair:
            owner = w.jobs[j].owner
            if then == NONE:
                w.tails[s, owner] = NONE
            else:
                w.stations[s].root = _put(w.jobs, w.stations[s].root, then, w.usage[s, owner], w.jobs[then].order)


@compiled
def _begin_passing(w: World, s: int) -> None:
    """EASY: the head starts when it fits. Otherwise it is promised the time at which, by their owners' estimates,
    enough running jobs have ended, and later jobs start now if they do not delay that.

    Source: Lifka, The ANL/IBM SP Scheduling System, JSSPP 1995.
    """
    now = w.clock[NOW]
    while True:
        free = w.stations[s].up - w.stations[s].busy
        head = _seek(w, s, 0, MANY - 1, MANY - 1, math.inf)
        if head == NONE:
            return
        j = w.line[s, head]
        if w.jobs[j].servers > free:
            break
        _set_position(w, s, head, NONE)
        _start(w, j)
    promised, extra, enough = math.inf, free, free
    need = w.jobs[j].servers
    k = w.stations[s].first
    while k != NONE and (enough < need or max(w.jobs[k].due, now) <= promised):
        enough += w.jobs[k].servers
        if enough >= need:
            promised = max(w.jobs[k].due, now)
        k = w.jobs[k].after
    if enough >= need:
        extra = enough - need
    position = head + 1
    while free > 0:
        position = _seek(w, s, position, free, min(extra, free), promised - now)
        if position == NONE:
            return
        j = w.line[s, position]
        _set_position(w, s, position, NONE)
        free -= w.jobs[j].servers
        if w.jobs[j].estimate > promised - now:
            extra -= w.jobs[j].servers
        _start(w, j)
        position += 1


@compiled
def _begin(w: World) -> bool:
    """Start what may start, everywhere; whether anything changed."""
    found = False
    for s in range(len(w.stations)):
        if w.stations[s].dirty:
            w.stations[s].dirty = 0
            found = True
            if w.stations[s].mode == BACKFILL:
                _begin_passing(w, s)
            elif w.stations[s].mode == ORDERED:
                _begin_in_order(w, s)
    return found


@compiled
def _roomy(w: World) -> bool:
    """Whether one more event, whatever it is, finds room; lines with holes are closed up first."""
    if w.counts[FREE] == NONE or w.counts[EVENTS] + w.counts[WAITING] + w.counts[RUNNING] + 1 > len(w.events):
        return False
    for s in range(len(w.stations)):
        if w.stations[s].mode == BACKFILL:
            need = 1 + w.stations[s].running
            if w.stations[s].end + need > w.line.shape[1]:
                if 2 * (w.stations[s].waiting + need) > w.line.shape[1]:
                    return False
                _close_up(w, s)
    return True


@compiled
def resize(w: World, links: NDArray[np.float64]) -> None:
    """Give the link directions other capacities (A,), Gbps; ways may have changed their links as well."""
    _move(w)
    for a in range(len(links)):
        w.links[a] = links[a]
    _divide(w)


@compiled
def read_all(w: World) -> None:
    """Bring all meters up to now."""
    for s in range(len(w.stations)):
        _read(w, s)


@compiled
def advance(w: World, arrivals: NDArray[Any], last: bool, until: float) -> int:
    """Run until something is wanted; which, by the numbers above.

    `arrivals`: ARRIVAL records in order of time, of which `counts[cursor]` have been taken; `last`: there are no more.
    At `until` nothing of that instant has happened yet.
    """
    while True:
        while w.counts[EVENTS] > 0 and w.jobs[w.events[0].job].stamp != w.events[0].order:
            _pop(w)  # a failure has ended that run
        if w.counts[RECORDS] == len(w.done):
            return DRAIN
        if not _roomy(w):
            return GROW
        at, f = w.counts[CURSOR], w.counts[NEXT_FAILURE]
        if at == len(arrivals) and not last:
            return JOBS
        ends = w.events[0].time if w.counts[EVENTS] > 0 else math.inf
        shares, flows = w.clock[SHARE], w.clock[FLOW]
        fails = w.failures[f].time if f < len(w.failures) else math.inf
        comes = arrivals[at].arrival if at < len(arrivals) else math.inf
        time = min(ends, shares, flows, fails, comes)
        if time > w.clock[NOW] and _begin(w):
            continue
        if time >= until and until < math.inf:
            w.clock[NOW] = max(w.clock[NOW], until)
            read_all(w)
            return UNTIL
        if (comes == math.inf and w.counts[WAITING] + w.counts[RUNNING] == 0) or time == math.inf:
            read_all(w)
            return END
        w.clock[NOW] = max(w.clock[NOW], time)
        if ends == time:
            j = w.events[0].job
            _pop(w)
            _release(w, j)
            w.jobs[j].left = 0.0
            _finish(w, j)
        elif shares == time:
            _end_share(w)
        elif flows == time:
            _end_flow(w)
        elif fails == time:
            w.counts[NEXT_FAILURE] += 1
            _fail(w, f)
        else:
            w.counts[CURSOR] += 1
            _arrive(w, arrivals[at])
