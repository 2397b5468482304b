"""Event loop of the simulation: an event heap, merged with arrivals, failures and ends of transfers.

Heap entries are `(time, sequence, job)`. Events at the same instant are processed in this order: ends of runs and
transfers, failures and repairs, arrivals. Jobs start only after all events of the instant. The order of simultaneous
arrivals in a trace therefore affects only their positions in line.

`advance` runs until it needs its caller: for more arrivals, an empty output buffer or larger arrays. The state is kept
between calls, so memory depends on the jobs in the system and not on the length of the trace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from xisuan.simulation.core.compilation import cached_kernel, inline_kernel, kernel, sources
from xisuan.simulation.core.heaps import pop, push
from xisuan.simulation.core.job_scheduler import begin
from xisuan.simulation.core.machine_interface import ask, break_down, can_run, is_broken, mend, pass_on
from xisuan.simulation.core.max_min_flows import divide, end_flow, move, send
from xisuan.simulation.core.processor_sharing import end_share, leave_share, serve, share, take_share
from xisuan.simulation.core.records import (  # fmt: skip
    ARRIVED,
    BACKFILL,
    CHANGED,
    COST,
    CURSOR,
    EVENTS,
    EVERY,
    FAILED,
    FLOW,
    FREE,
    HITS,
    KNOWN,
    LOAD_WEIGHT,
    NONE,
    NOW,
    RECORDS,
    RESTART,
    RUNNING,
    SEQ,
    SHARE,
    SHARED,
    WAITING,
    World,
)
from xisuan.simulation.core.stations import leave_line, line_up, read, read_all, record, release
from xisuan.simulation.core.waiting_line import close_up

END, JOBS, DRAIN, GROW, UNTIL, FORESEE = range(6)
"""Reasons for which `advance` returns: the simulation has ended; more arrivals are needed; the output buffer is full;
the arrays must grow; the time limit is reached; failures must be drawn further ahead.
"""


@kernel
def choose_station(w: World, j: int, work: float) -> int:
    """Return the station of a job; NONE if no eligible station is large enough to run it.

    `work`: its server-seconds. With target shares, the station furthest behind its share is chosen. Otherwise the
    station of the least score among those with room now. Without such a station, the least loaded one that is up is
    chosen, then the least loaded one that is down.
    """
    origin, servers = w.jobs[j].origin, w.jobs[j].servers
    shared, total = False, 0.0
    for s in range(len(w.stations)):
        shared = shared or w.shares[origin, s] > 0.0
        total += w.given[origin, s]
    for attempt in range(3):
        # Attempt 0: by shares or scores; 1: by load, stations that are up; 2: by load, all stations.
        best, least = NONE, math.inf
        for s in range(len(w.stations)):
            station, score = w.stations[s], w.scores[origin, s]
            load = station.busy + station.asked
            if not score < math.inf or servers > station.servers or (attempt < 2 and station.up == 0):
                continue
            if not can_run(w, s, j):
                continue
            if attempt > 0:
                score = load / max(1, station.up)
            elif shared:
                if w.shares[origin, s] == 0.0:
                    continue
                # Surplus of the station over its target share once this job is placed.
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


@inline_kernel
def arrive(w: World, new: Any) -> None:
    """Give an arriving job a slot, and place it now or at the end of its hold."""
    j = w.counts[FREE]
    w.counts[FREE] = w.jobs[j].sibling
    job = w.jobs[j]
    job.id = w.counts[ARRIVED]
    w.counts[ARRIVED] += 1
    job.arrival, job.run, job.servers = new.arrival, new.run, new.servers
    job.estimate, job.deadline, job.key, job.owner = max(new.estimate, new.run), new.deadline, new.key, new.owner
    job.group, job.origin, job.inbound, job.outbound = new.group, new.origin, new.inbound, new.outbound
    job.hold, job.station = new.hold, NONE
    job.left, job.start, job.hits, job.stamp, job.back = new.run, math.nan, 0, 0, 0
    w.counts[WAITING] += 1
    ask(w, j)
    if new.hold > new.arrival:
        push(w, new.hold, j)
    else:
        place(w, j)


@inline_kernel
def place(w: World, j: int) -> None:
    """Choose the station of job `j` and send its input data; record the job as dropped if no station can run it."""
    job = w.jobs[j]
    # A single station needs no choice.
    if len(w.stations) == 1:
        s = 0 if w.scores[job.origin, 0] < math.inf and job.servers <= w.stations[0].servers else NONE
        if s == 0 and not can_run(w, 0, j):
            s = NONE
    else:
        s = choose_station(w, j, job.servers * job.run)
    if s == NONE:
        w.counts[WAITING] -= 1
        record(w, j, 1)
    else:
        send_to_station(w, j, s)


@inline_kernel
def send_to_station(w: World, j: int, s: int) -> None:
    """Send job `j` to station `s`: transfer its input data; without any, let it join at once."""
    w.jobs[j].station = s
    w.stations[s].asked += w.jobs[j].servers
    way = w.inbound[w.jobs[j].origin, s]
    if way == NONE or not w.jobs[j].inbound > 0.0:
        join(w, j)
    else:
        send(w, j, way, w.jobs[j].inbound)


@inline_kernel
def join(w: World, j: int) -> None:
    """Let job `j` join its station: the waiting line, or service at once under processor sharing."""
    s = w.jobs[j].station
    read(w, s)
    w.counts[SEQ] += 1
    if w.stations[s].mode == SHARED:
        take_share(w, j)
    else:
        line_up(w, j)


@kernel
def end_transfer(w: World, j: int) -> None:
    """Process the end of a transfer: output data completes the job, input data lets it join its station.

    If the station went down during the transfer, the job is placed again.
    """
    if w.jobs[j].back:
        w.counts[WAITING] -= 1
        record(w, j, 0)
    elif w.stations[w.jobs[j].station].up == 0 and len(w.stations) > 1:
        place_again(w, j)
    else:
        join(w, j)


@inline_kernel
def finish(w: World, j: int) -> None:
    """Process the end of a run: send the output data; without any, complete the job."""
    way = w.outbound[w.jobs[j].origin, w.jobs[j].station]
    if way == NONE or not w.jobs[j].outbound > 0.0:
        record(w, j, 0)
        return
    w.jobs[j].back = 1
    w.counts[WAITING] += 1
    send(w, j, way, w.jobs[j].outbound)


@kernel
def interrupt(w: World, j: int) -> None:
    """Interrupt the run of job `j` by a failure, keep the work saved by checkpoints, and put the job in line again."""
    every = w.clock[EVERY]
    if math.isfinite(every):
        ran = w.clock[NOW] - w.jobs[j].begin - (w.clock[RESTART] if w.jobs[j].hits > 0 else 0.0)
        # Each completed interval of `every` seconds of work and one checkpoint is saved.
        saved = max(0.0, math.floor(ran / (every + w.clock[COST]))) * every
        w.jobs[j].left = max(0.0, w.jobs[j].left - saved)
    release(w, j)
    w.jobs[j].hits += 1
    w.counts[HITS] += 1
    w.counts[WAITING] += 1
    w.stations[w.jobs[j].station].asked += w.jobs[j].servers
    join(w, j)


@kernel
def fail(w: World, f: int) -> None:
    """Process record `f` of the failures: servers go down or come back."""
    failure = w.failures[f]
    s = failure.target
    read(w, s)
    if w.stations[s].mode == SHARED:
        serve(w, s)
    if failure.repair != NONE:
        repair(w, s, failure.repair)
    elif w.stations[s].kinds > 0:
        taken = break_down(w, s, f)
        w.failures[f].taken = taken
        interrupt_on_machines(w, s)
        w.stations[s].up -= taken
    else:
        # Divisible servers: the failure strikes a cyclic range that begins at its draw.
        up = w.stations[s].up
        taken = min(failure.amount, up)
        w.failures[f].taken = taken
        if w.stations[s].mode != SHARED:
            interrupt_on_servers(w, s, up, taken, min(up - 1, int(failure.draw * up)))
        w.stations[s].up = up - taken
    if failure.repair == NONE:
        record_shortage(w, s, f)
    w.stations[s].dirty = 1
    if w.stations[s].mode == SHARED:
        if w.stations[s].up == 0 and len(w.stations) > 1:
            scatter(w, s)
        share(w, s)
    elif w.stations[s].up == 0 and len(w.stations) > 1:
        evacuate(w, s)


@kernel
def record_shortage(w: World, s: int, f: int) -> None:
    """Record that failure `f` lacks servers which earlier failures hold; it takes them over when those are repaired."""
    short = min(w.failures[f].amount, w.stations[s].servers) - w.failures[f].taken
    if short > 0:
        w.failures[f].short, w.failures[f].then = short, w.stations[s].short
        w.stations[s].short = f


@kernel
def repair(w: World, s: int, f: int) -> None:
    """Bring the servers of failure `f` back up, except those that unrepaired failures still lack."""
    # Walk the list of failures that lack servers, transfer what `f` holds, and unlink `f` and those that lack no more.
    before, other = NONE, w.stations[s].short
    while other != NONE:
        then = w.failures[other].then
        if other != f:
            passed = pass_on(w, s, f, other)
            w.failures[f].taken -= passed
            w.failures[other].taken += passed
            w.failures[other].short -= passed
        if other != f and w.failures[other].short > 0:
            before = other
        elif before == NONE:
            w.stations[s].short = then
        else:
            w.failures[before].then = then
        other = then
    w.stations[s].up += w.failures[f].taken
    mend(w, s, f)


@kernel
def place_again(w: World, j: int) -> None:
    """Place job `j`, whose station is down, at a station that is up; if none can run it, it waits at its own."""
    s = w.jobs[j].station
    then = choose_station(w, j, w.jobs[j].servers * w.jobs[j].left)
    if then == NONE or w.stations[then].up == 0:
        join(w, j)
    else:
        w.stations[s].asked -= w.jobs[j].servers
        send_to_station(w, j, then)


@kernel
def evacuate(w: World, s: int) -> None:
    """Place all waiting jobs of station `s` again after the whole station has gone down."""
    # Collect the jobs first: a job that is placed at this station again must not be collected twice.
    first, last = NONE, NONE
    while True:
        j = leave_line(w, s)
        if j == NONE:
            break
        if first == NONE:
            first = j
        else:
            w.jobs[last].sibling = j
        last = j
    if w.stations[s].mode == BACKFILL:
        close_up(w, s)
    while first != NONE:
        j = first
        first = NONE if j == last else w.jobs[j].sibling
        place_again(w, j)


@kernel
def scatter(w: World, s: int) -> None:
    """Place all jobs that share station `s` again after the whole station has gone down.

    They restart from their last checkpoint, or from the beginning if they take none.
    """
    first, last = NONE, NONE
    while w.stations[s].root != NONE:
        j = w.stations[s].root
        # Rank − `done` is the remaining service.
        served = w.jobs[j].left - (w.jobs[j].rank - w.stations[s].done)
        leave_share(w, j)
        if math.isfinite(w.clock[EVERY]):
            w.jobs[j].left -= max(0.0, math.floor(served / w.clock[EVERY])) * w.clock[EVERY]
        w.jobs[j].hits += 1
        w.counts[HITS] += 1
        w.counts[WAITING] += 1
        w.stations[s].asked += w.jobs[j].servers
        if first == NONE:
            first = j
        else:
            w.jobs[last].sibling = j
        last = j
    while first != NONE:
        j = first
        first = NONE if j == last else w.jobs[j].sibling
        place_again(w, j)


@kernel
def interrupt_on_servers(w: World, s: int, up: int, taken: int, first: int) -> None:
    """Hit every job on servers first … first + taken − 1 of the `up` servers, cyclically.

    The running jobs occupy the first servers, in the order of their list.
    """
    if taken == 0:
        return
    position, j = 0, w.stations[s].first
    last = w.stations[s].last  # jobs that start again behind it are not hit a second time
    while j != NONE:
        after, size = w.jobs[j].after, w.jobs[j].servers
        inside = position < first + taken and position + size > first
        round_end = position < first + taken - up
        position += size
        if inside or round_end:
            interrupt(w, j)
        if j == last:
            break
        j = after


@kernel
def interrupt_on_machines(w: World, s: int) -> None:
    """Hit every job that uses a machine that is down."""
    j, last = w.stations[s].first, w.stations[s].last
    while j != NONE:
        after = w.jobs[j].after
        if is_broken(w, j):
            interrupt(w, j)
        if j == last:
            break
        j = after


@inline_kernel
def has_room(w: World) -> bool:
    """Return True if the arrays have room for any one more event; compact sparse lines if necessary."""
    if w.counts[FREE] == NONE or w.counts[EVENTS] + w.counts[WAITING] + w.counts[RUNNING] + 1 > len(w.events):
        return False
    for s in range(len(w.stations)):
        if w.stations[s].mode == BACKFILL:
            need = 1 + (w.stations[s].running if len(w.stations) == 1 else w.counts[RUNNING] + w.counts[WAITING])
            if w.stations[s].end + need > w.line.shape[1]:
                if 2 * (w.stations[s].waiting + need) > w.line.shape[1]:
                    return False
                close_up(w, s)
    return True


def _keyed(key: int) -> Callable[[World, NDArray[Any], bool, float], int]:
    """Return `advance`, cached on disk under a key that changes with any file of the event core.

    The whole loop is in `advance` itself: a separate function would be optimised twice, alone and inlined.
    """

    @cached_kernel
    def advance(w: World, arrivals: NDArray[Any], last: bool, until: float) -> int:
        """Process events until the caller is needed; return the reason, END … FORESEE.

        `arrivals`: ARRIVAL records in order of time, of which `counts[CURSOR]` have been read. `last`: True if no more
        follow. `until`: time limit (s); no event of that instant is processed. `counts[CHANGED]`: 1 if link capacities
        have changed.
        """
        _ = key
        if w.counts[CHANGED]:
            w.counts[CHANGED] = 0
            move(w)
            divide(w)
        while True:
            while w.counts[EVENTS] > 0 and w.jobs[w.events[0].job].stamp != w.events[0].order:
                pop(w)  # outdated: a failure has ended that run
            if w.counts[RECORDS] == len(w.done):
                return DRAIN
            if not has_room(w):
                return GROW
            at, f = w.counts[CURSOR], w.counts[FAILED]
            if at == len(arrivals) and not last:
                return JOBS
            ends = w.events[0].time if w.counts[EVENTS] > 0 else math.inf
            fails = w.failures[f].time if f < len(w.failures) else w.clock[KNOWN]
            comes = arrivals[at].arrival if at < len(arrivals) else math.inf
            # Next event of all sources.
            time = min(ends, w.clock[SHARE], w.clock[FLOW], fails, comes)
            # All events of the present instant are processed: start jobs, which may schedule an earlier event.
            if time > w.clock[NOW] and begin(w) and w.counts[EVENTS] > 0:
                ends = w.events[0].time
                time = min(time, ends)
            if time >= until and until < math.inf:
                w.clock[NOW] = max(w.clock[NOW], until)
                read_all(w)
                return UNTIL
            over = until == math.inf and comes == math.inf and w.counts[WAITING] + w.counts[RUNNING] == 0
            if over or time == math.inf:
                read_all(w)
                return END
            if fails == time and f == len(w.failures):
                return FORESEE
            w.clock[NOW] = max(w.clock[NOW], time)
            # Ties: ends before failures before arrivals.
            if ends == time:
                j = w.events[0].job
                pop(w)
                # Without a station, the event is the end of the job's hold.
                if w.jobs[j].station == NONE:
                    w.jobs[j].stamp = 0
                    place(w, j)
                else:
                    release(w, j)
                    w.jobs[j].left = 0.0
                    finish(w, j)
            elif w.clock[SHARE] == time:
                finish(w, end_share(w))
            elif w.clock[FLOW] == time:
                end_transfer(w, end_flow(w))
            elif fails == time:
                w.counts[FAILED] += 1
                fail(w, f)
            else:
                w.counts[CURSOR] += 1
                arrive(w, arrivals[at])

    return advance


advance = _keyed(sources())
