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

from xisuan.simulation.core.compilation import cached_kernel, inline_kernel, sources
from xisuan.simulation.core.heaps import pop
from xisuan.simulation.core.job_flow import arrive, end_transfer, finish, place
from xisuan.simulation.core.job_scheduler import begin
from xisuan.simulation.core.max_min_flows import divide, end_flow, move
from xisuan.simulation.core.processor_sharing import end_share
from xisuan.simulation.core.records import (  # fmt: skip
    BACKFILL,
    CHANGED,
    CURSOR,
    EVENTS,
    FAILED,
    FLOW,
    FREE,
    KNOWN,
    NONE,
    NOW,
    RECORDS,
    RUNNING,
    SHARE,
    WAITING,
    World,
)
from xisuan.simulation.core.station_failures import fail
from xisuan.simulation.core.stations import read_all, release
from xisuan.simulation.core.waiting_line import close_up

END, JOBS, DRAIN, GROW, UNTIL, FORESEE = range(6)
"""Reasons for which `advance` returns: the simulation has ended; more arrivals are needed; the output buffer is full;
the arrays must grow; the time limit is reached; failures must be drawn further ahead.
"""


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
