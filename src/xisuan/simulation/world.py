"""State of the event core: creation and growth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core.compilation import cached_kernel
from xisuan.simulation.core.records import (  # fmt: skip
    BACKFILL,
    DONE,
    DREW,
    EVENT,
    FAILURE,
    FREE,
    JOB,
    MACHINE,
    MANY,
    METERS,
    NEED,
    NONE,
    SHARED,
    STATION,
    UNUSED,
    WAY,
    Network,
    World,
    Yard,
)
from xisuan.simulation.policies.machine_inventory import Floor, kind_records
from xisuan.simulation.policies.queue_disciplines import Queue
from xisuan.text.translation import message as _

SMALL = 1 << 10
"""Number of job slots of a new world."""

BUFFER = 1 << 12
"""Jobs read from the trace, and finished jobs handed out, at once; small enough for the processor's cache."""

BINS = 1 << 11
"""Number of meter bins where they follow the length of a trace; at least half of them are in use."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Checkpointing of jobs.

    A job saves its state after every `every_s` seconds of work, which takes `cost_s`. After a failure it restarts from
    its last checkpoint, which takes `restart_s`. With `every_s` inf there are no checkpoints: a job that is hit starts
    over.
    """

    every_s: float = math.inf
    cost_s: float = 0.0
    restart_s: float = 0.0

    def __post_init__(self) -> None:
        bad = [
            Problem(code, column=name, value=str(value))
            for name, value, good, code in (
                ("checkpoint every", self.every_s, self.every_s > 0, "seconds-not-positive"),
                ("checkpoint cost", self.cost_s, 0 <= self.cost_s < math.inf, "seconds-invalid"),
                ("restart", self.restart_s, 0 <= self.restart_s < math.inf, "seconds-invalid"),
            )
            if not good
        ]
        if bad:
            raise ScenarioError(bad)

    def given(self) -> dict[str, str]:
        """Return the entry of a trace's `given` on checkpoints; empty for the default."""
        return {} if self == NEVER else {"checkpoint": f"{self.every_s:g} s, {self.cost_s:g} s, {self.restart_s:g} s"}


NEVER = Checkpoint()
"""No checkpoints, and no restart time."""


def make(
    servers: Sequence[int],
    queue: Queue,
    *,
    origins: int = 1,
    owners: int = 1,
    network: Network | None = None,
    failures: NDArray[Any] | None = None,
    checkpoint: Checkpoint = NEVER,
    floor: Floor | None = None,
    bins: tuple[int, float] = (BINS, 1.0),
) -> World:
    """Return an empty world at time 0 with one station per entry of `servers`, all with the discipline `queue`.

    `origins`, `owners`: their numbers. `failures`: FAILURE records in order of time. `floor`: machines of the stations.
    `bins`: number of meter bins and their initial width in seconds. Raises ScenarioError for processor sharing with
    machines, a route without links, or failures out of order or of unknown stations.
    """
    count = len(servers)
    stations = np.zeros(count, STATION)
    stations["mode"], stations["fair"] = queue.mode, math.isfinite(queue.half_life_s)
    stations["servers"] = stations["up"] = servers
    stations["root"] = stations["tail"] = stations["first"] = stations["last"] = NONE
    stations["short"] = NONE
    stations["next"], stations["edge"] = math.inf, bins[1]
    kinds = kind_records(stations, floor)
    if len(kinds) and queue.mode == SHARED:
        raise ScenarioError([Problem("queue-without-sizes", column="queue", value=queue.name)])
    left, dot = (0.0, 0.0) if floor is None else floor.packing.weights
    size = 2 * SMALL if queue.mode == BACKFILL else 1
    none = np.full((origins, count), NONE)
    net = network or Network(np.zeros(0), np.zeros((0, 1), np.int64), none, none)
    if (net.arcs[:, 0] == NONE).any():
        raise ScenarioError([Problem("way-without-links", table="network", column="arcs")])
    if failures is not None:
        _check_failures(failures, count)
    ways = np.zeros(len(net.arcs), WAY)
    ways["root"] = ways["active"] = NONE
    saved = (checkpoint.every_s, checkpoint.cost_s, checkpoint.restart_s)
    clock = np.array([0.0, bins[1], math.inf, math.inf, 0.0, *saved, left, dot, math.inf])
    w = World(
        # Segment trees have 2K nodes. Usage is a base-2 logarithm: −1e300 stands for no use.
        jobs=np.zeros(SMALL, JOB), events=np.zeros(4 * SMALL, EVENT), stations=stations,
        line=np.full((count, size), NONE), fewest=np.full((count, 2 * size), MANY),
        shortest=np.full((count, 2 * size), np.inf), usage=np.full((count, owners), -1e300),
        tails=np.full((count, owners), NONE),
        half_life=np.full(count, queue.half_life_s), ways=ways, active=np.zeros(len(ways), np.int64), arcs=net.arcs.copy(),
        links=net.links.copy(), room=np.zeros((2, len(net.links))), inbound=net.inbound, outbound=net.outbound,
        failures=np.zeros(0, FAILURE) if failures is None else failures.copy(), scores=np.zeros((origins, count)),
        shares=np.zeros((origins, count)), given=np.zeros((origins, count)), meters=np.zeros((count, bins[0], len(METERS))),
        done=np.zeros(BUFFER, DONE), clock=clock, counts=np.zeros(UNUSED + 1, np.int64),
    )  # fmt: skip
    _chain(w.jobs["sibling"], 0, NONE)
    return w if floor is None or not len(kinds) else w._replace(yard=_yard(w, floor, kinds))


def _check_failures(failures: NDArray[Any], stations: int) -> None:
    """Check that failures are in order of time and name existing stations: compiled code does not check indices."""
    bad = np.flatnonzero((failures["target"] < 0) | (failures["target"] >= stations))
    if len(bad):
        raise ScenarioError(
            [
                Problem(
                    "station-unknown",
                    table="failures",
                    row=_("outage {number}", number=bad[0] + 1),
                    column="target",
                    value=str(failures["target"][bad[0]]),
                    count=stations,
                )
            ]
        )
    if len(failures) and not (np.diff(failures["time"]) >= 0).all():
        raise ScenarioError([Problem("failures-not-sorted", table="failures", column="time")])


def _yard(w: World, floor: Floor, kinds: NDArray[Any]) -> Yard:
    """Return the machines of a world, all empty."""
    w.counts[DREW] = floor.seed << 32
    grain, most = floor.grain, int(w.stations["kinds"].max())
    yard = Yard(
        needs=np.zeros(SMALL, NEED), asks=np.zeros(BUFFER, NEED), machines=np.zeros(SMALL, MACHINE), kinds=kinds,
        lost=np.zeros((len(w.failures), most), np.int64),
        slots=np.zeros((SMALL, int(kinds["size"].max()) // grain if grain > 1 else 1), np.int64),
        jobs=w.jobs, stations=w.stations, failures=w.failures, clock=w.clock, counts=w.counts,
    )  # fmt: skip
    _chain(yard.machines["after"], 0, NONE)
    return yard


def _chain(column: NDArray[np.int64], start: int, then: int) -> None:
    """Link the records from `start` on into a free list that ends with record `then`; `column` holds the successors."""
    column[start:] = np.arange(start + 1, len(column) + 1)
    column[-1] = then


def double_slots(w: World) -> World:
    """Return the world with twice as many job slots."""
    count, jobs, events = len(w.jobs), _twice(w.jobs), _twice(w.events)
    _chain(jobs["sibling"], count, int(w.counts[FREE]))
    w.counts[FREE] = count
    if w.yard is not None:
        y = w.yard
        machines = _twice(y.machines)
        _chain(machines["after"], count, int(w.counts[UNUSED]))
        w.counts[UNUSED] = count
        w = w._replace(yard=y._replace(needs=_twice(y.needs), machines=machines, slots=_twice(y.slots), jobs=jobs))
    if w.line.shape[1] == 1:
        return w._replace(jobs=jobs, events=events)
    count, size = w.line.shape
    line = np.full((count, 2 * size), NONE)
    line[:, :size] = w.line
    fewest, shortest = np.full((count, 4 * size), MANY), np.full((count, 4 * size), np.inf)
    fewest[:, 2 * size : 3 * size], shortest[:, 2 * size : 3 * size] = w.fewest[:, size:], w.shortest[:, size:]
    # Rebuild the inner nodes of the segment trees from their leaves.
    for at in range(2 * size - 1, 0, -1):
        fewest[:, at] = np.minimum(fewest[:, 2 * at], fewest[:, 2 * at + 1])
        shortest[:, at] = np.minimum(shortest[:, 2 * at], shortest[:, 2 * at + 1])
    return w._replace(jobs=jobs, events=events, line=line, fewest=fewest, shortest=shortest)


def _twice(records: NDArray[Any]) -> NDArray[Any]:
    """Return the records followed by as many zero records."""
    return np.concatenate([records, np.zeros_like(records)])


def in_system(w: World) -> NDArray[Any]:
    """Return the JOB records of jobs that have arrived and are not finished or dropped."""
    free = np.zeros(len(w.jobs), np.bool_)
    _mark(w.jobs, int(w.counts[FREE]), free)
    return w.jobs[~free]


@cached_kernel
def _mark(slots: NDArray[Any], first: int, free: NDArray[np.bool_]) -> None:
    """Mark the slots of the free list that begins with slot `first`."""
    at = first
    while at != NONE:
        free[at] = True
        at = slots[at].sibling
