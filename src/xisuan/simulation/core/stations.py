"""State changes of a station: meters, waiting line, and start and end of runs."""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import inline_kernel, kernel
from xisuan.simulation.core.heaps import push, put, without_first
from xisuan.simulation.core.machine_interface import give_back
from xisuan.simulation.core.records import (
    BACKFILL,
    BUSY,
    COST,
    DROPPED,
    EVERY,
    FINISHED,
    FREE,
    MANY,
    NONE,
    NOW,
    QUEUED,
    RECORDS,
    RESTART,
    RUNNING,
    SEQ,
    STUCK,
    UP,
    WAITING,
    WIDTH,
    World,
)
from xisuan.simulation.core.waiting_line import seek, set_position


@inline_kernel
def read(w: World, s: int) -> None:
    """Integrate the meters of station `s` up to the present time."""
    now, since = w.clock[NOW], w.stations[s].since
    if now <= since:
        return
    if now < w.stations[s].edge:
        add_span(w, s, w.stations[s].bin, now - since)
        w.stations[s].since = now
    else:
        read_across(w, s)


@inline_kernel
def add_span(w: World, s: int, b: int, span: float) -> None:
    """Add `span` seconds of the present state of station `s` to meter bin `b`."""
    up = w.stations[s].up
    w.meters[s, b, BUSY] += min(w.stations[s].busy, up) * span
    w.meters[s, b, UP] += up * span
    w.meters[s, b, QUEUED] += w.stations[s].waiting * span
    if w.stations[s].stuck:
        w.meters[s, b, STUCK] += w.stations[s].stuck * span


@kernel
def read_across(w: World, s: int) -> None:
    """Integrate the meters of station `s` over several bins.

    If time passes the last bin, neighbouring bins are merged in pairs and the bin width doubles, at all stations.
    """
    now, since, bins = w.clock[NOW], w.stations[s].since, w.meters.shape[1]
    while now >= w.clock[WIDTH] * bins:
        for t in range(w.meters.shape[0]):
            for b in range(bins):
                for m in range(w.meters.shape[2]):
                    both = w.meters[t, 2 * b, m] + w.meters[t, 2 * b + 1, m] if 2 * b + 1 < bins else 0.0
                    w.meters[t, b, m] = both
        w.clock[WIDTH] *= 2.0
        for t in range(w.meters.shape[0]):
            find_bin(w, t)
    b = w.stations[s].bin
    while since < now:
        end = min(now, w.clock[WIDTH] * (b + 1))
        add_span(w, s, b, max(0.0, end - since))
        since = end
        b += 1
    w.stations[s].since = now
    find_bin(w, s)


@kernel
def find_bin(w: World, s: int) -> None:
    """Set the meter bin that contains the last reading of station `s`, so that `read` need not compute it."""
    b = int(w.stations[s].since / w.clock[WIDTH])
    w.stations[s].bin = b
    w.stations[s].edge = w.clock[WIDTH] * (b + 1)


@inline_kernel
def record(w: World, j: int, dropped: int) -> None:
    """Write job `j` to the output buffer and free its slot. `dropped`: 1 if it was not run."""
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


@inline_kernel
def line_up(w: World, j: int) -> None:
    """Append job `j` to the waiting line of its station.

    The line is a heap of runs. A run is a sequence of jobs that arrived in the order in which they start; the heap
    holds the first job of each run. First come, first served has a single run.
    """
    s = w.jobs[j].station
    station = w.stations[s]
    w.stations[s].waiting += 1
    w.stations[s].dirty = 1
    if station.mode == BACKFILL:
        # Backfilling: the line is an array of positions.
        set_position(w, s, station.end, j)
        w.stations[s].end += 1
    elif not station.fair:
        # Ranked line: extend the newest run if the key does not decrease, otherwise begin a new run.
        tail = station.tail
        w.stations[s].tail = j
        w.jobs[j].after = NONE
        if tail != NONE and w.jobs[tail].key <= w.jobs[j].key:
            w.jobs[j].order = w.counts[SEQ]
            w.jobs[tail].after = j
        else:
            w.stations[s].root = put(w.jobs, station.root, j, w.jobs[j].key, w.counts[SEQ])
    else:
        # Fair share: one first-come line per owner; the heap ranks the owners by their use.
        owner = w.jobs[j].owner
        tail = w.tails[s, owner]
        w.tails[s, owner] = j
        w.jobs[j].after = NONE
        w.jobs[j].order = w.counts[SEQ]
        if tail == NONE:
            w.stations[s].root = put(w.jobs, station.root, j, w.usage[s, owner], w.counts[SEQ])
        else:
            w.jobs[tail].after = j


@kernel
def leave_line(w: World, s: int) -> int:
    """Remove the first job from the line of station `s` and return it; NONE if the line is empty."""
    if w.stations[s].mode == BACKFILL:
        position = seek(w, s, 0, MANY - 1, MANY - 1, math.inf)
        if position == NONE:
            return NONE
        j = w.line[s, position]
        set_position(w, s, position, NONE)
    else:
        j = w.stations[s].root
        if j == NONE:
            return NONE
        w.stations[s].root = without_first(w.jobs, j)
        follow(w, s, j, w.jobs[j].after)
    w.stations[s].waiting -= 1
    return int(j)


@inline_kernel
def follow(w: World, s: int, j: int, then: int) -> None:
    """Put the successor of job `j`, which has left the line, into the heap.

    `then`: the next job of its run, or of its owner under fair share, or NONE.
    """
    if not w.stations[s].fair:
        if then != NONE:
            w.stations[s].root = put(w.jobs, w.stations[s].root, then, w.jobs[then].key, w.jobs[then].order)
        elif w.stations[s].tail == j:
            w.stations[s].tail = NONE
        return
    owner = w.jobs[j].owner
    if then == NONE:
        w.tails[s, owner] = NONE
    else:
        w.stations[s].root = put(w.jobs, w.stations[s].root, then, w.usage[s, owner], w.jobs[then].order)


@inline_kernel
def start(w: World, j: int) -> None:
    """Start job `j`, which has left the line: occupy its servers, list it as running, and schedule its end."""
    s, now, job = w.jobs[j].station, w.clock[NOW], w.jobs[j]
    read(w, s)
    if math.isnan(job.start):
        w.jobs[j].start = now
    w.jobs[j].begin = now
    w.jobs[j].due = now + job.estimate - (job.run - job.left)
    # Wall time of the run: remaining work, checkpoints taken (none at the end), and a restart after a failure.
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
        # Decayed use in log2 form: a unit of use at time t counts 2^(t / half-life), so old values need no update. The
        # sum of two such values is log2(2^a + 2^b).
        used = math.log2(max(1e-300, job.servers * job.left)) + now / w.half_life[s]
        old = w.usage[s, job.owner]
        w.usage[s, job.owner] = max(old, used) + math.log2(1.0 + 2.0 ** -abs(old - used))
    # Insert into the list of running jobs: at its end, or by `due` under backfilling.
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
    push(w, now + length, j)


@inline_kernel
def release(w: World, j: int) -> None:
    """End the run of job `j`: free its servers and machines."""
    s = w.jobs[j].station
    read(w, s)
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
    give_back(w, j)


@inline_kernel
def read_all(w: World) -> None:
    """Integrate the meters of all stations up to the present time."""
    for s in range(len(w.stations)):
        read(w, s)
