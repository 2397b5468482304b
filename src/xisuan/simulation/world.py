"""A world for the event core: made, grown when it gets too small, and driven through a trace."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core import event_loop
from xisuan.simulation.core.compilation import entry
from xisuan.simulation.core.records import (  # fmt: skip
    ARRIVAL,
    BACKFILL,
    CURSOR,
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
    RECORDS,
    SHARED,
    STATION,
    UNUSED,
    WAY,
    Network,
    World,
    Yard,
)
from xisuan.simulation.jobs import Jobs, jobs
from xisuan.simulation.policies.failure_horizon import Ahead
from xisuan.simulation.policies.machine_inventory import Floor, lay
from xisuan.simulation.policies.queue_disciplines import Queue

SMALL = 1 << 10
"""Jobs that a new world has room for."""

BUFFER = 1 << 12
"""Finished jobs handed out, and coming ones taken, at once: few enough to stay in the processor's cache."""

BINS = 1 << 11
"""Bins of the meters where they follow the length of a trace: at least half of them are in use."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A job saves its state after every `every_s` seconds of work, which takes `cost_s`; after a failure it takes
    `restart_s` to begin again from there. `every_s` inf: never, and a job that is hit begins anew.
    """

    every_s: float = math.inf
    cost_s: float = 0.0
    restart_s: float = 0.0

    def __post_init__(self) -> None:
        bad = [
            Problem("", "", name, str(value), remedy)
            for name, value, good, remedy in (
                ("checkpoint every", self.every_s, self.every_s > 0, "give seconds, more than 0"),
                ("checkpoint cost", self.cost_s, 0 <= self.cost_s < math.inf, "give seconds, 0 or more"),
                ("restart", self.restart_s, 0 <= self.restart_s < math.inf, "give seconds, 0 or more"),
            )
            if not good
        ]
        if bad:
            raise ScenarioError(bad)

    def given(self) -> dict[str, str]:
        """What a trace says of it; nothing where no state is saved and a restart takes no time."""
        return {} if self == NEVER else {"checkpoint": f"{self.every_s:g} s, {self.cost_s:g} s, {self.restart_s:g} s"}


NEVER = Checkpoint()
"""No state is saved."""


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
    """An empty world at time 0 with a station of each number of `servers`, all serving their lines by `queue`.

    `bins`: how many the meters have, and their width in seconds to begin with.
    """
    count = len(servers)
    stations = np.zeros(count, STATION)
    stations["mode"], stations["fair"] = queue.mode, math.isfinite(queue.half_life_s)
    stations["servers"] = stations["up"] = servers
    stations["root"] = stations["tail"] = stations["first"] = stations["last"] = NONE
    stations["short"] = NONE
    stations["next"], stations["edge"] = math.inf, bins[1]
    kinds = lay(stations, floor)
    if len(kinds) and queue.mode == SHARED:
        what = "jobs cannot share machines that have sizes; choose another queue"
        raise ScenarioError([Problem("", "", "queue", queue.name, what)])
    left, dot = (0.0, 0.0) if floor is None else floor.packing.weights
    size = 2 * SMALL if queue.mode == BACKFILL else 1
    none = np.full((origins, count), NONE)
    net = network or Network(np.zeros(0), np.zeros((0, 1), np.int64), none, none)
    if (net.arcs[:, 0] == NONE).any():
        raise ScenarioError(
            [Problem("network", "", "arcs", "", "a way needs a link; where none is crossed, give no way")]
        )
    if failures is not None:
        _check_failures(failures, count)
    ways = np.zeros(len(net.arcs), WAY)
    ways["root"] = ways["active"] = NONE
    saved = (checkpoint.every_s, checkpoint.cost_s, checkpoint.restart_s)
    clock = np.array([0.0, bins[1], math.inf, math.inf, 0.0, *saved, left, dot, math.inf])
    w = World(
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
    """In order of time, each of a station that there is: compiled code would not ask."""
    bad = np.flatnonzero((failures["target"] < 0) | (failures["target"] >= stations))
    if len(bad):
        what = f"no such station; there are {stations}, the first is 0"
        raise ScenarioError(
            [Problem("failures", f"outage {bad[0] + 1}", "target", str(failures["target"][bad[0]]), what)]
        )
    if len(failures) and not (np.diff(failures["time"]) >= 0).all():
        raise ScenarioError([Problem("failures", "", "time", "", "sort them by time; `records` does")])


def _yard(w: World, floor: Floor, kinds: NDArray[Any]) -> Yard:
    """The machines of a world, all of them empty."""
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
    """Make records from `start` on a list of free ones, followed by record `then`. `column` holds the next of each."""
    column[start:] = np.arange(start + 1, len(column) + 1)
    column[-1] = then


def grown(w: World) -> World:
    """The same world with room for twice as many jobs."""
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
    for at in range(2 * size - 1, 0, -1):
        fewest[:, at] = np.minimum(fewest[:, 2 * at], fewest[:, 2 * at + 1])
        shortest[:, at] = np.minimum(shortest[:, 2 * at], shortest[:, 2 * at + 1])
    return w._replace(jobs=jobs, events=events, line=line, fewest=fewest, shortest=shortest)


def _twice(records: NDArray[Any]) -> NDArray[Any]:
    """The records, and as many of zeros after them."""
    return np.concatenate([records, np.zeros_like(records)])


def in_system(w: World) -> NDArray[Any]:
    """JOB records of the jobs that have arrived and are not done."""
    free = np.zeros(len(w.jobs), np.bool_)
    _mark(w.jobs, int(w.counts[FREE]), free)
    return w.jobs[~free]


@entry
def _mark(slots: NDArray[Any], first: int, free: NDArray[np.bool_]) -> None:
    """Mark the slots on the list that begins with slot `first`."""
    at = first
    while at != NONE:
        free[at] = True
        at = slots[at].sibling


def _unlike(column: NDArray[Any]) -> NDArray[Any]:
    """The values of a column, those that are the same for all once."""
    return column[:1] if column.strides == (0,) else column


ASKED = ("cpu", "memory", "part", "models")
"""Columns of jobs that only machines with sizes ask for."""

COPIED = tuple(name for name in ARRIVAL.names or () if name != "key")
"""Columns of jobs that the core wants as they are."""


Sink = Callable[[NDArray[Any]], None]
"""Takes DONE records; they are only lent."""


class Drive:
    """Takes a world through a trace, whole or hour by hour, and hands what is done to a sink."""

    def __init__(
        self, world: World, trace: Iterable[Jobs], queue: Queue, sink: Sink, ahead: Ahead | None = None
    ) -> None:
        self.world = world if ahead is None else ahead.further(world)
        self._ahead = ahead
        self.sink = sink
        self._queue = queue
        self._trace: Iterator[Jobs] = iter(trace)
        self._room = np.zeros(BUFFER, ARRIVAL)
        self._arrivals = self._room[:0]
        self._last = False
        self._piece = jobs(np.zeros(0), np.zeros(0))
        self._columns: dict[str, NDArray[Any]] = {}
        self._same: dict[str, Any] = dict.fromkeys(ARRIVAL.names or (), 0)
        self._taken = self._before = 0
        self._latest = 0.0

    def until(self, time: float = math.inf) -> bool:
        """Go on until `time` (s); whether everything is over."""
        while True:
            why = event_loop.advance(self.world, self._arrivals, self._last, time)
            if why == event_loop.JOBS:
                self._load()
            elif why == event_loop.GROW:
                self.world = grown(self.world)
            elif why == event_loop.FORESEE and self._ahead is not None:
                self.world = self._ahead.further(self.world)
            else:
                self._drain()
                if why != event_loop.DRAIN:
                    return why == event_loop.END

    def _drain(self) -> None:
        found = int(self.world.counts[RECORDS])
        if found:
            self.sink(self.world.done[:found])
            self.world.counts[RECORDS] = 0

    def _load(self) -> None:
        """The next jobs of the trace, BUFFER at most."""
        self.world.counts[CURSOR] = 0
        if self._taken == len(self._piece) and not self._next_piece():
            self._last, self._arrivals = True, self._arrivals[:0]
            return
        part = slice(self._taken, self._taken + BUFFER)
        self._taken = min(part.stop, len(self._piece))
        self._arrivals = self._room[: self._taken - part.start]
        for name, column in self._columns.items():
            self._arrivals[name] = column[part]
        if self.world.yard is not None:
            self._ask(part, self.world.yard.asks[: len(self._arrivals)])

    def _ask(self, part: slice, asks: NDArray[Any]) -> None:
        """What the coming jobs need of machines; a part of 0 is a whole accelerator."""
        grain = int(self.world.stations["grain"].max())
        for name in ASKED:
            asks[name] = getattr(self._piece, name)[part]
        asks["part"] = np.where((asks["part"] == 0) | (grain == 1), grain, asks["part"])
        odd = np.flatnonzero(
            (asks["part"] > grain) | ((asks["part"] < grain) & (self._arrivals["servers"] != asks["part"]))
        )
        if len(odd):
            number = f"job {self._before + part.start + int(odd[0]) + 1}"
            what = f"give a part up to {grain}, and as many servers, or 0"
            raise ScenarioError([Problem("jobs", number, "part", str(asks["part"][odd[0]]), what)])
        broken = np.flatnonzero((asks["part"] == grain) & (self._arrivals["servers"] % grain != 0))
        if len(broken):
            number = f"job {self._before + part.start + int(broken[0]) + 1}"
            what = f"give a multiple of {grain}, or say of which part of one accelerator"
            raise ScenarioError([Problem("jobs", number, "servers", str(self._arrivals["servers"][broken[0]]), what)])

    def _next_piece(self) -> bool:
        """Take the next piece that has jobs; whether there is one."""
        self._before += len(self._piece)
        while (piece := next(self._trace, None)) is not None:
            if not len(piece):
                continue
            if piece.arrival[0] < self._latest:
                what = "is before that of the job before it; sort the jobs by arrival"
                value = str(piece.arrival[0])
                raise ScenarioError([Problem("jobs", f"job {self._before + 1}", "arrival", value, what)])
            if (most := int(_unlike(piece.origin).max())) >= len(self.world.scores):
                what = f"there are {len(self.world.scores)} origins, the first is 0"
                raise ScenarioError([Problem("jobs", "", "origin", str(most), what)])
            self._piece, self._taken, self._latest = piece, 0, float(piece.arrival[-1])
            keys = np.asarray(self._queue.keys(piece), np.float64)
            if keys.shape != (len(piece),) or np.isnan(_unlike(keys)).any():
                what = f"give one number a job, {len(piece)} in all, no NaN"
                raise ScenarioError([Problem(f"queue {self._queue.name}", "", "keys", str(keys.shape), what)])
            columns = {"key": keys, **{name: getattr(piece, name) for name in COPIED}}
            if piece.estimate is piece.run:
                columns["estimate"] = np.broadcast_to(0.0, len(piece))  # below the run time it counts as that
            alike = {name for name, column in columns.items() if column.strides == (0,)}
            same = {name: columns[name][0] for name in alike}
            for name, value in same.items():  # written once, not with every load
                if self._same.get(name) != value:
                    self._room[name] = value
            self._same = same
            self._columns = {name: column for name, column in columns.items() if name not in alike}
            self._owners(piece)
            return True
        return False

    def _owners(self, piece: Jobs) -> None:
        """Room for the use of owners not seen before; only fair share asks who they are."""
        count, known = self.world.usage.shape
        if not math.isfinite(self._queue.half_life_s):
            return
        most = int(piece.owner.max(initial=0)) + 1
        if most > known:
            usage = np.full((count, max(most, 2 * known)), -1e300)
            tails = np.full(usage.shape, NONE)
            usage[:, :known], tails[:, :known] = self.world.usage, self.world.tails
            self.world = self.world._replace(usage=usage, tails=tails)
