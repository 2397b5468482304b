"""Scheduling of waiting jobs: strict order, and EASY backfilling."""

from __future__ import annotations

import math

from xisuan.simulation.core.compilation import inline_kernel, kernel
from xisuan.simulation.core.heaps import without_first
from xisuan.simulation.core.machine_allocation import PROOF, TRIES
from xisuan.simulation.core.machine_interface import give_back, promise, still_fits, take
from xisuan.simulation.core.records import BACKFILL, MANY, NONE, NOW, ORDERED, World
from xisuan.simulation.core.stations import follow, read, start
from xisuan.simulation.core.waiting_line import seek, set_position


@inline_kernel
def begin_in_order(w: World, s: int) -> None:
    """Start jobs from the head of the line as long as the head fits.

    Under fair share each owner has a line. The heap holds the first job of each owner, ranked by the owner's use.
    """
    while w.stations[s].root != NONE:
        j = w.stations[s].root
        free = w.stations[s].up - w.stations[s].busy
        if w.jobs[j].servers > free:
            return
        if not take(w, s, j):
            # Enough servers are free, but fragmented over machines.
            read(w, s)
            w.stations[s].stuck = free
            return
        w.stations[s].root = without_first(w.jobs, j)
        then = w.jobs[j].after
        start(w, j)
        follow(w, s, j, then)


@kernel
def begin_passing(w: World, s: int) -> None:
    """Start jobs by EASY backfilling.

    The head starts when it fits. Otherwise it gets a reservation at the time when, by the owners' estimates, enough
    running jobs have ended. Later jobs start now if they do not delay that reservation.

    Source: Lifka, The ANL/IBM SP Scheduling System, JSSPP 1995.
    """
    now = w.clock[NOW]
    while True:
        free = w.stations[s].up - w.stations[s].busy
        head = seek(w, s, 0, MANY - 1, MANY - 1, math.inf)
        if head == NONE:
            return
        j = w.line[s, head]
        if w.jobs[j].servers > free or not take(w, s, j):
            break
        set_position(w, s, head, NONE)
        start(w, j)
    if w.stations[s].kinds > 0:
        pass_on_machines(w, s, head)
        return
    # Reservation of the head: running jobs are sorted by `due`; release them until enough servers are free. A job past
    # its estimate counts as ending now.
    promised, extra, enough = math.inf, free, free
    need = w.jobs[j].servers
    k = w.stations[s].first
    while k != NONE and (enough < need or max(w.jobs[k].due, now) <= promised):
        enough += w.jobs[k].servers
        if enough >= need:
            promised = max(w.jobs[k].due, now)
        k = w.jobs[k].after
    if enough >= need:
        # Servers that are free at the reservation and not needed by the head.
        extra = enough - need
    # Backfill: a job fits if it ends before the reservation or uses only the extra servers.
    position = head + 1
    while free > 0:
        position = seek(w, s, position, free, min(extra, free), promised - now)
        if position == NONE:
            return
        j = w.line[s, position]
        set_position(w, s, position, NONE)
        free -= w.jobs[j].servers
        if w.jobs[j].estimate > promised - now:
            extra -= w.jobs[j].servers
        start(w, j)
        position += 1


@kernel
def pass_on_machines(w: World, s: int, head: int) -> None:
    """Backfill later jobs where machines have sizes.

    A later job starts if it ends before the reservation of the head, or if the head still fits at the reservation with
    that job running. At most TRIES attempts are made at one instant; a job that outlasts the reservation costs PROOF.
    """
    now, first = w.clock[NOW], w.line[s, head]
    promised, extra = promise(w, s, first)
    position, tries = head + 1, 0
    while tries < TRIES:
        free = w.stations[s].up - w.stations[s].busy
        position = seek(w, s, position, free, min(extra, free), promised - now) if free > 0 else NONE
        if position == NONE:
            break
        j = w.line[s, position]
        longer = w.jobs[j].estimate > promised - now
        tries += PROOF if longer else 1
        # Allocate tentatively; undo if the head no longer fits at its reservation.
        if take(w, s, j):
            if longer and not still_fits(w, s, first, promised):
                give_back(w, j)
            else:
                set_position(w, s, position, NONE)
                extra -= w.jobs[j].servers if longer else 0
                start(w, j)
        position += 1
    free = w.stations[s].up - w.stations[s].busy
    read(w, s)
    w.stations[s].stuck = free if w.jobs[first].servers <= free else 0


@inline_kernel
def begin(w: World) -> bool:
    """Start every job that can start, at all stations marked `dirty`; return True if a station was marked."""
    found = False
    for s in range(len(w.stations)):
        if w.stations[s].dirty:
            w.stations[s].dirty = 0
            found = True
            if w.stations[s].stuck > 0:
                read(w, s)
                w.stations[s].stuck = 0
            if w.stations[s].mode == BACKFILL:
                begin_passing(w, s)
            elif w.stations[s].mode == ORDERED:
                begin_in_order(w, s)
    return found
