"""Records and state of the event core. All times are in seconds.

Records are NumPy structures: fields used together lie together in memory, and an array grows by copying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

ARRIVAL = np.dtype(
    [
        ("arrival", "f8"),
        ("run", "f8"),  # run time on dedicated servers
        ("servers", "i8"),  # needed at the same time
        ("estimate", "f8"),  # run time estimated by the owner; a value below `run` counts as `run`
        ("deadline", "f8"),  # inf: none
        ("hold", "f8"),  # earliest time of placement
        ("key", "f8"),  # rank in the waiting line: smallest first, ties by order of arrival
        ("owner", "i8"),
        ("group", "i8"),  # key by which results are broken down
        ("origin", "i8"),  # row of `scores`
        ("inbound", "f8"),  # Gb to move before it runs
        ("outbound", "f8"),  # Gb to move after it ran
    ]
)

JOB = np.dtype(
    [
        ("id", "i8"),  # running number in the trace
        *[(name, ARRIVAL.fields[name][0]) for name in ARRIVAL.names],  # type: ignore[union-attr, index]
        ("left", "f8"),  # remaining run time: `run` less the work saved by checkpoints
        ("start", "f8"),  # time of the first start; NaN before
        ("begin", "f8"),  # start of the present run
        ("due", "f8"),  # end of the present run by the owner's estimate
        ("station", "i8"),
        ("hits", "i8"),  # failures that interrupted it
        ("stamp", "i8"),  # sequence number of its valid event; 0: none
        ("rank", "f8"),  # key in the heap that holds it, ties by `order`
        ("order", "i8"),
        ("child", "i8"),
        ("sibling", "i8"),  # in a heap the next sibling; among free slots the next free one
        ("before", "i8"),  # previous running job of its station
        ("after", "i8"),  # next running job; in line, the next job of its run, or of its owner under fair share
        ("back", "i8"),  # 1: its output data is on the way back
    ]
)

EVENT = np.dtype([("time", "f8"), ("order", "i8"), ("job", "i8")])

STATION = np.dtype(
    [
        ("mode", "i8"),
        ("fair", "i8"),
        ("servers", "i8"),  # total
        ("up", "i8"),  # not failed
        ("busy", "i8"),
        ("waiting", "i8"),  # jobs in line
        ("asked", "i8"),  # servers requested by jobs in line or on the way
        ("running", "i8"),  # jobs
        ("root", "i8"),  # root of the heap of its line, or of the jobs that share its servers
        ("tail", "i8"),  # last job of the newest run of its line; −1: that run has been served
        ("first", "i8"),  # first running job; under backfilling, the one due first
        ("last", "i8"),
        ("end", "i8"),  # first unused position of the line
        ("dirty", "i8"),  # 1: a job may be able to start
        ("since", "f8"),  # time up to which its meters are integrated
        ("bin", "i8"),  # meter bin that contains `since`
        ("edge", "f8"),  # end of that bin
        ("done", "f8"),  # service (s) attained by each sharing job since the station was last empty
        ("served", "f8"),  # time to which `done` refers
        ("rate", "f8"),  # service rate of each sharing job, 0 to 1
        ("next", "f8"),  # end of the first sharing job
        ("kinds", "i8"),  # kinds of machines; 0: servers are divisible
        ("first_kind", "i8"),
        ("partial", "i8"),  # first of its partly used machines
        ("grain", "i8"),  # servers per accelerator: 1, or 1000 where jobs take fractions of one
        ("most_size", "f8"),  # servers of its largest machine
        ("most_cpu", "f8"),
        ("stuck", "i8"),  # free servers while fragmentation keeps the first job in line from starting
        ("short", "i8"),  # newest failure that still lacks servers; −1: none
    ]
)

KIND = np.dtype(
    [
        ("station", "i8"),
        ("count", "i8"),  # machines
        ("up", "i8"),  # machines that have not failed
        ("empty", "i8"),  # machines that are up and run no job
        ("size", "i8"),  # servers
        ("cpu", "i8"),  # thousandths
        ("memory", "i8"),  # MiB
        ("model", "i8"),  # bit number of the model
    ]
)

MACHINE = np.dtype(
    [
        ("kind", "i8"),
        ("free", "i8"),
        ("cpu", "i8"),  # free
        ("memory", "i8"),  # free
        ("up", "i8"),
        ("counted", "i8"),  # last scan that counted it, so that a machine with several jobs counts once
        ("on", "i8"),  # list that holds it: EMPTY, PARTIAL or NOWHERE
        ("before", "i8"),  # on that list
        ("after", "i8"),  # on that list; among free records the next one
    ]
)
"""A machine with a record: one that jobs share. Empty machines and machines used whole by a job are counted by kind."""

NEED = np.dtype(
    [
        ("cpu", "i8"),
        ("memory", "i8"),
        ("part", "i8"),  # servers taken of each accelerator
        ("models", "i8"),  # bit set of admissible models; 0: any
        ("kind", "i8"),  # kind of the machines that it uses whole
        ("whole", "i8"),  # number of machines that it uses whole
        ("lost", "i8"),  # of these, the number that failed during its run
        ("rest", "i8"),  # machine that runs the rest of the job and may be shared
        ("slots", "i8"),  # accelerators used on that machine, as bits
    ]
)

WAY = np.dtype(
    [
        ("root", "i8"),  # root of the heap of its flows
        ("flows", "i8"),
        ("moved", "f8"),  # Gb moved by each flow since the route was last empty
        ("since", "f8"),  # time to which `moved` refers
        ("rate", "f8"),  # Gbps of each flow
        ("active", "i8"),  # position in the list of active routes; −1: no flow
    ]
)

FAILURE = np.dtype(
    [
        ("time", "f8"),
        ("target", "i8"),  # station
        ("amount", "i8"),  # servers lost
        ("draw", "f8"),  # in [0, 1): position among the servers at which it strikes
        ("repair", "i8"),  # −1: a failure; otherwise the index of the failure that this record repairs
        ("taken", "i8"),  # servers that it took down
        ("short", "i8"),  # servers still to take down, because earlier failures hold them
        ("then", "i8"),  # next failure that still lacks servers
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
"""Service modes of a station: strict order, order with backfilling, or processor sharing."""

METERS = ("busy", "up", "waiting", "stuck")
"""Integrals of a station: busy and available server-seconds, job-seconds in line, and server-seconds that are free but
too fragmented for the first job in line.
"""

NOW, WIDTH, FLOW, SHARE, LOAD_WEIGHT, EVERY, COST, RESTART, LEFT, DOT, KNOWN = range(11)
"""Entries of `clock`: the present time; width of the meter bins; next end of a flow; next end of a sharing job; weight
of the load in a placement score; seconds between checkpoints, cost of a checkpoint, cost of a restart; packing weights
`left` and `dot`; time up to which all failures are known.
"""

(
    SEQ, FREE, EVENTS, CURSOR, RECORDS, FAILED, ACTIVE, CHANGED,
    ARRIVED, FINISHED, DROPPED, RUNNING, WAITING, MOVING, HITS, DREW, UNUSED,
) = range(17)  # fmt: skip
"""Entries of `counts`: last sequence number; first free slot; numbers of events, of arrivals read, of records in the
output buffer, of failures processed and of active routes; 1 if link capacities have changed; jobs arrived, finished,
dropped, running, waiting and moving data; failures that hit jobs; random numbers drawn; first free machine record.
"""

BUSY, UP, QUEUED, STUCK = range(len(METERS))

NONE: int = np.int64(-1)  # type: ignore[assignment]
"""No slot, position, route or machine.

Of NumPy's integer type: Numba would compile functions a second time for the literal of a plain Python integer.
"""

MANY = 2**62
"""Demand stored at an empty position of a line: more servers than any station has."""


class Yard(NamedTuple):
    """Machines of all stations, and the arrays of the world that machine allocation needs."""

    needs: NDArray[Any]  # NEED, by slot of jobs
    asks: NDArray[Any]  # NEED of the arrivals
    machines: NDArray[Any]  # MACHINE, as many records as `jobs`: no more can be shared at once
    kinds: NDArray[Any]  # KIND, station by station
    lost: NDArray[np.int64]  # (failures, most kinds of a station): machines of each kind that a failure took down
    slots: NDArray[np.int64]  # (machines, most accelerators): free servers of each, −1 where there is no accelerator
    jobs: NDArray[Any]
    stations: NDArray[Any]
    failures: NDArray[Any]
    clock: NDArray[np.float64]
    counts: NDArray[np.int64]


class World(NamedTuple):
    """State of the event core. S stations, P routes, A link directions, O origins."""

    jobs: NDArray[Any]  # JOB, by slot
    events: NDArray[Any]  # EVENT, a binary heap
    stations: NDArray[Any]  # STATION, (S,)
    line: NDArray[np.int64]  # (S, K): waiting jobs by position, under backfilling
    fewest: NDArray[np.int64]  # (S, 2K): segment tree of the least servers requested
    shortest: NDArray[np.float64]  # (S, 2K): segment tree of the shortest estimate
    usage: NDArray[np.float64]  # (S, owners): log2 of the decayed use of each owner
    tails: NDArray[np.int64]  # (S, owners): last waiting job of each owner, under fair share
    half_life: NDArray[np.float64]  # (S,): half-life of past use, s
    ways: NDArray[Any]  # WAY, (P,): routes
    active: NDArray[np.int64]  # (P,): routes with flows
    arcs: NDArray[np.int64]  # (P, L): link directions of each route, −1 after the last
    links: NDArray[np.float64]  # (A,): capacity in Gbps, 0 while down
    room: NDArray[np.float64]  # (2, A): scratch space of the max-min allocation
    inbound: NDArray[np.int64]  # (O, S): route to the station; −1: no data moves
    outbound: NDArray[np.int64]  # (O, S): route back
    failures: NDArray[Any]  # FAILURE, in order of time
    scores: NDArray[np.float64]  # (O, S): the least is chosen; inf: not eligible
    shares: NDArray[np.float64]  # (O, S): target share of each origin's work; a row of zeros: place by scores
    given: NDArray[np.float64]  # (O, S): server-seconds placed so far, where shares decide
    meters: NDArray[np.float64]  # (S, bins, 4): METERS
    done: NDArray[Any]  # DONE, output buffer
    clock: NDArray[np.float64]
    counts: NDArray[np.int64]
    yard: Yard | None = None  # machines; None where no station has any


@dataclass(frozen=True)
class Network:
    """Network of data transfers.

    `links`: capacity by direction, Gbps (A,). `arcs`: link directions of each route (P, L). `inbound`, `outbound`:
    route of each pair of origin and station (O, S).
    """

    links: NDArray[np.float64]
    arcs: NDArray[np.int64]
    inbound: NDArray[np.int64]
    outbound: NDArray[np.int64]
