"""What the event core holds: the fields of its records, and the world that they make up. All times in seconds.

Records are NumPy structures, so that what belongs together lies together in memory and grows by copying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

ARRIVAL = np.dtype(
    [
        ("arrival", "f8"),
        ("run", "f8"),  # time it runs for on servers of its own
        ("servers", "i8"),  # how many it needs at once
        ("estimate", "f8"),  # what its owner says it will run for; below `run` it counts as that
        ("deadline", "f8"),  # when it should be done; inf: whenever
        ("hold", "f8"),  # not placed before this time
        ("key", "f8"),  # its place in the line: the smallest first, then the order of arrival
        ("owner", "i8"),
        ("group", "i8"),  # what results are told apart by
        ("origin", "i8"),  # row of `scores`
        ("inbound", "f8"),  # Gb to move before it runs
        ("outbound", "f8"),  # Gb to move after it ran
    ]
)

JOB = np.dtype(
    [
        ("id", "i8"),  # running number in the trace
        *[(name, ARRIVAL.fields[name][0]) for name in ARRIVAL.names],  # type: ignore[union-attr, index]
        ("left", "f8"),  # of `run`, what is not yet done and safe
        ("start", "f8"),  # when it first ran; NaN before
        ("begin", "f8"),  # when its present run began
        ("due", "f8"),  # when the present run ends by its owner's estimate
        ("station", "i8"),
        ("hits", "i8"),  # failures it lived through
        ("stamp", "i8"),  # sequence number of its valid event; 0: none
        ("rank", "f8"),  # its place in the heap it is in, ties by `order`
        ("order", "i8"),
        ("child", "i8"),
        ("sibling", "i8"),  # in a heap the next child; among free slots the next free one
        ("before", "i8"),  # among the running jobs of its station
        ("after", "i8"),  # in line the next of its run, under fair share of its owner
        ("back", "i8"),  # whether its data is on its way back
    ]
)

EVENT = np.dtype([("time", "f8"), ("order", "i8"), ("job", "i8")])

STATION = np.dtype(
    [
        ("mode", "i8"),
        ("fair", "i8"),
        ("servers", "i8"),  # in all
        ("up", "i8"),  # of them, what has not failed
        ("busy", "i8"),
        ("waiting", "i8"),  # jobs in line
        ("asked", "i8"),  # servers that the line and the jobs on their way ask for
        ("running", "i8"),  # jobs
        ("root", "i8"),  # of the heap of its line, or of the jobs that share it
        ("tail", "i8"),  # last of the run of its line that came last; −1: that run is over
        ("first", "i8"),  # running job; the one due first where jobs may pass others
        ("last", "i8"),
        ("end", "i8"),  # first unused position of the line
        ("dirty", "i8"),  # whether something may start
        ("since", "f8"),  # when its meters were last read
        ("bin", "i8"),  # of the meters, in which that lies
        ("edge", "f8"),  # when that bin ends
        ("done", "f8"),  # seconds of service that each sharing job has had since it was last empty
        ("served", "f8"),  # when `done` was right
        ("rate", "f8"),  # of service to each sharing job
        ("next", "f8"),  # when the first sharing job ends
        ("kinds", "i8"),  # of machines; 0: its servers are divided at will
        ("first_kind", "i8"),
        ("partial", "i8"),  # first of its machines with jobs and with something free
        ("grain", "i8"),  # servers that an accelerator counts for: 1, or 1000 where jobs take parts of them
        ("most_size", "f8"),  # servers of its largest machine
        ("most_cpu", "f8"),
        ("stuck", "i8"),  # servers that are free and not enough on one machine for the first in line
        ("short", "i8"),  # failure that lacks servers, the last that came; −1: none does
    ]
)

KIND = np.dtype(
    [
        ("station", "i8"),
        ("count", "i8"),  # machines
        ("up", "i8"),  # of them, those that have not failed
        ("empty", "i8"),  # of those, the ones without a job
        ("size", "i8"),  # servers
        ("cpu", "i8"),  # thousandths
        ("memory", "i8"),  # MiB
        ("model", "i8"),  # bit
    ]
)

MACHINE = np.dtype(
    [
        ("kind", "i8"),
        ("free", "i8"),
        ("cpu", "i8"),  # free
        ("memory", "i8"),  # free
        ("up", "i8"),
        ("counted", "i8"),  # by which walk over what is up, so that it counts once however many jobs are on it
        ("on", "i8"),  # whether it is on the list of its station, counts as empty, or neither
        ("before", "i8"),  # on that list
        ("after", "i8"),  # on that list; among free records the next one
    ]
)
"""A machine that jobs share, and only such a one: what is empty, or whole a job's, is counted by kind."""

NEED = np.dtype(
    [
        ("cpu", "i8"),
        ("memory", "i8"),
        ("part", "i8"),  # servers that it takes of each accelerator
        ("models", "i8"),  # on which it may run, as bits; 0: on any
        ("kind", "i8"),  # of the machines that it has whole
        ("whole", "i8"),  # how many
        ("lost", "i8"),  # of them, those that have failed under it
        ("rest", "i8"),  # machine that it may share with others
        ("slots", "i8"),  # accelerators of that machine on which it is, as bits
    ]
)

WAY = np.dtype(
    [
        ("root", "i8"),  # of the heap of its flows
        ("flows", "i8"),
        ("moved", "f8"),  # Gb that each flow has moved since the way was last empty
        ("since", "f8"),  # when `moved` was right
        ("rate", "f8"),  # Gbps of each flow
        ("active", "i8"),  # its place among the active ways; −1: it has no flow
    ]
)

FAILURE = np.dtype(
    [
        ("time", "f8"),
        ("target", "i8"),  # station
        ("amount", "i8"),  # servers lost
        ("draw", "f8"),  # in [0, 1): where among the servers it strikes
        ("repair", "i8"),  # −1: a failure; otherwise the failure that this one repairs
        ("taken", "i8"),  # servers that it took
        ("short", "i8"),  # servers that it lacks, because others had taken them
        ("then", "i8"),  # the next that lacks some
    ]
)

DONE = np.dtype(
    [
        ("id", "i8"),
        ("arrival", "f8"),
        ("start", "f8"),
        ("finish", "f8"),
        ("run", "f8"),
        ("servers", "i8"),
        ("deadline", "f8"),
        ("group", "i8"),
        ("station", "i8"),
        ("origin", "i8"),
        ("hits", "i8"),
        ("dropped", "i8"),
    ]
)

ORDERED, BACKFILL, SHARED = 0, 1, 2
"""How a station serves its line: strictly in order, in order with backfilling, or all at once at a shared rate."""

METERS = ("busy", "up", "waiting", "stuck")
"""What the meters of a station integrate: server-seconds busy and up, job-seconds in line, and server-seconds free in
pieces too small for the first in line.
"""

NOW, WIDTH, FLOW, SHARE, LOAD_WEIGHT, EVERY, COST, RESTART, LEFT, DOT, KNOWN = range(11)
"""Entries of `clock`: the time, the width of the meters' bins, the next end of a flow and of a sharing job; what load
adds to a score; seconds between checkpoints, what one takes, and a restart; the weights by which machines are chosen;
before which time all failures are known.
"""

(
    SEQ, FREE, EVENTS, CURSOR, RECORDS, FAILED, ACTIVE, CHANGED,
    ARRIVED, FINISHED, DROPPED, RUNNING, WAITING, MOVING, HITS, DREW, UNUSED,
) = range(17)  # fmt: skip
"""Entries of `counts`: the last sequence number, the first free slot; how many events, arrivals taken, records in the
buffer, failures taken, ways with flows; whether links have changed; what became of jobs; how many numbers chance gave;
the first free record of a machine.
"""

BUSY, UP, QUEUED, STUCK = range(len(METERS))

NONE: int = np.int64(-1)  # type: ignore[assignment]
"""No slot, position, way or machine. Of NumPy's type: a plain number is a literal, and Numba would compile what takes it
twice, for that literal and for all other numbers."""

MANY = 2**62
"""Servers asked for at an empty position of a line: more than there can be."""


class Yard(NamedTuple):
    """The machines, and what of a world concerns them: arrays of the world are here again."""

    needs: NDArray[Any]  # NEED, by slot of jobs
    asks: NDArray[Any]  # NEED of the arrivals
    machines: NDArray[Any]  # MACHINE, as many records as `jobs`: no more can be shared
    kinds: NDArray[Any]  # KIND, station by station
    lost: NDArray[np.int64]  # (failures, most kinds of a station): machines of each that a failure took
    slots: NDArray[np.int64]  # (machines, most accelerators): free of each, −1 where there is none
    jobs: NDArray[Any]
    stations: NDArray[Any]
    failures: NDArray[Any]
    clock: NDArray[np.float64]
    counts: NDArray[np.int64]


class World(NamedTuple):
    """Everything that the event core reads and writes. S stations, P ways, A link directions, O origins."""

    jobs: NDArray[Any]  # JOB, by slot
    events: NDArray[Any]  # EVENT, a binary heap
    stations: NDArray[Any]  # STATION, (S,)
    line: NDArray[np.int64]  # (S, K): slots in line, by position, where jobs may pass others
    fewest: NDArray[np.int64]  # (S, 2K): tree of the least servers asked for below each node
    shortest: NDArray[np.float64]  # (S, 2K): tree of the least estimate below each node
    usage: NDArray[np.float64]  # (S, owners): log2 of what each owner has used
    tails: NDArray[np.int64]  # (S, owners): the last in line of each owner, under fair share
    half_life: NDArray[np.float64]  # (S,): after which use counts half, s
    ways: NDArray[Any]  # WAY, (P,)
    active: NDArray[np.int64]  # (P,): ways with flows
    arcs: NDArray[np.int64]  # (P, L): link directions of each way, −1 after the last
    links: NDArray[np.float64]  # (A,): capacity in Gbps, 0 while down
    room: NDArray[np.float64]  # (2, A): scratch for sharing
    inbound: NDArray[np.int64]  # (O, S): way to the station; −1: no data moves
    outbound: NDArray[np.int64]  # (O, S): way back
    failures: NDArray[Any]  # FAILURE, in order of time
    scores: NDArray[np.float64]  # (O, S): the least is chosen; inf: not eligible
    shares: NDArray[np.float64]  # (O, S): share of the work of each origin; all 0: by scores
    given: NDArray[np.float64]  # (O, S): server-seconds placed so far, where shares decide
    meters: NDArray[np.float64]  # (S, bins, 4): METERS
    done: NDArray[Any]  # DONE, a buffer
    clock: NDArray[np.float64]
    counts: NDArray[np.int64]
    yard: Yard | None = None  # machines; None where no station has any


@dataclass(frozen=True)
class Network:
    """How data moves: `links` Gbps by direction (A,), `arcs` the links of each way (P, L), ways of each pair (O, S)."""

    links: NDArray[np.float64]
    arcs: NDArray[np.int64]
    inbound: NDArray[np.int64]
    outbound: NDArray[np.int64]
