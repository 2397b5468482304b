"""Failures and repairs of servers, and their effect on the jobs that they interrupt."""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import kernel
from xisuan.simulation.core.job_flow import (
    join,
    place_again,
)
from xisuan.simulation.core.machine_interface import break_down, is_broken, mend, pass_on
from xisuan.simulation.core.processor_sharing import leave_share, serve, share
from xisuan.simulation.core.records import (  # fmt: skip
    BACKFILL,
    COST,
    EVERY,
    HITS,
    NONE,
    NOW,
    RESTART,
    SHARED,
    WAITING,
    World,
)
from xisuan.simulation.core.stations import leave_line, read, release
from xisuan.simulation.core.waiting_line import close_up


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
