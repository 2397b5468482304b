"""The loop that feeds a trace of jobs to the event core and hands out finished ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core import event_loop
from xisuan.simulation.core.records import ARRIVAL, CURSOR, NONE, RECORDS, World
from xisuan.simulation.jobs import Jobs, jobs
from xisuan.simulation.policies.failure_horizon import FailureHorizon
from xisuan.simulation.policies.queue_disciplines import Queue
from xisuan.simulation.world import BUFFER, double_slots
from xisuan.text.translation import message as _

ASKED = ("cpu", "memory", "part", "models")
"""Columns of jobs that only stations with machines use."""

COPIED = tuple(name for name in ARRIVAL.names or () if name != "key")
"""Columns of jobs that are copied to arrival records unchanged."""

Sink = Callable[[NDArray[Any]], None]
"""Receives DONE records, which are valid only during the call."""


def _distinct(column: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct part of a column: one value if it is constant (stride 0), otherwise all."""
    return column[:1] if column.strides == (0,) else column


class TraceFeeder:
    """Feeds a trace to a world, up to a time limit or to the end, and passes finished jobs to a sink.

    `trace`: pieces of jobs in order of arrival. `sink`: receives DONE records, which are valid only during the call.
    `ahead`: draws failures for growing horizons.
    """

    def __init__(
        self, world: World, trace: Iterable[Jobs], queue: Queue, sink: Sink, ahead: FailureHorizon | None = None
    ) -> None:
        self.world = world if ahead is None else ahead.extend(world)
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

    def advance(self, time: float = math.inf) -> bool:
        """Advance to `time` (s); return True if the simulation has ended."""
        while True:
            why = event_loop.advance(self.world, self._arrivals, self._last, time)
            if why == event_loop.JOBS:
                self._load()
            elif why == event_loop.GROW:
                self.world = double_slots(self.world)
            elif why == event_loop.FORESEE and self._ahead is not None:
                self.world = self._ahead.extend(self.world)
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
        """Load the next jobs of the trace, at most BUFFER."""
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
        """Load the machine needs of the coming jobs; a part of 0 stands for a whole accelerator.

        Raises ScenarioError if a part exceeds an accelerator or does not match the number of servers.
        """
        grain = int(self.world.stations["grain"].max())
        for name in ASKED:
            asks[name] = getattr(self._piece, name)[part]
        asks["part"] = np.where((asks["part"] == 0) | (grain == 1), grain, asks["part"])
        odd = np.flatnonzero(
            (asks["part"] > grain) | ((asks["part"] < grain) & (self._arrivals["servers"] != asks["part"]))
        )
        if len(odd):
            number = _("job {number}", number=self._before + part.start + int(odd[0]) + 1)
            raise ScenarioError(
                [
                    Problem(
                        "job-part-invalid",
                        table="jobs",
                        row=number,
                        column="part",
                        value=str(asks["part"][odd[0]]),
                        grain=grain,
                    )
                ]
            )
        broken = np.flatnonzero((asks["part"] == grain) & (self._arrivals["servers"] % grain != 0))
        if len(broken):
            number = _("job {number}", number=self._before + part.start + int(broken[0]) + 1)
            raise ScenarioError(
                [
                    Problem(
                        "job-servers-invalid",
                        table="jobs",
                        row=number,
                        column="servers",
                        value=str(self._arrivals["servers"][broken[0]]),
                        grain=grain,
                    )
                ]
            )

    def _next_piece(self) -> bool:
        """Take the next non-empty piece of the trace; return False at its end.

        Raises ScenarioError for jobs out of order, unknown origins, or invalid keys of the queue.
        """
        self._before += len(self._piece)
        while (piece := next(self._trace, None)) is not None:
            if not len(piece):
                continue
            if piece.arrival[0] < self._latest:
                row = _("job {number}", number=self._before + 1)
                value = str(piece.arrival[0])
                raise ScenarioError([Problem("jobs-not-sorted", table="jobs", row=row, column="arrival", value=value)])
            if (most := int(_distinct(piece.origin).max())) >= len(self.world.scores):
                raise ScenarioError(
                    [
                        Problem(
                            "origin-unknown",
                            table="jobs",
                            column="origin",
                            value=str(most),
                            count=len(self.world.scores),
                        )
                    ]
                )
            self._piece, self._taken, self._latest = piece, 0, float(piece.arrival[-1])
            keys = np.asarray(self._queue.keys(piece), np.float64)
            if keys.shape != (len(piece),) or np.isnan(_distinct(keys)).any():
                raise ScenarioError(
                    [
                        Problem(
                            "queue-keys-invalid",
                            table=f"queue {self._queue.name}",
                            column="keys",
                            value=str(keys.shape),
                            count=len(piece),
                        )
                    ]
                )
            columns = {"key": keys, **{name: getattr(piece, name) for name in COPIED}}
            if piece.estimate is piece.run:
                columns["estimate"] = np.broadcast_to(0.0, len(piece))  # below the run time it counts as that
            alike = {name for name, column in columns.items() if column.strides == (0,)}
            same = {name: columns[name][0] for name in alike}
            for name, value in same.items():
                if self._same.get(name) != value:  # constant columns are written once, not at every load
                    self._room[name] = value
            self._same = same
            self._columns = {name: column for name, column in columns.items() if name not in alike}
            self._owners(piece)
            return True
        return False

    def _owners(self, piece: Jobs) -> None:
        """Make room for owners not seen before; only fair share uses them."""
        count, known = self.world.usage.shape
        if not math.isfinite(self._queue.half_life_s):
            return
        most = int(piece.owner.max(initial=0)) + 1
        if most > known:
            usage = np.full((count, max(most, 2 * known)), -1e300)
            tails = np.full(usage.shape, NONE)
            usage[:, :known], tails[:, :known] = self.world.usage, self.world.tails
            self.world = self.world._replace(usage=usage, tails=tails)
