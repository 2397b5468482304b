"""Checkpoints of the iterations: in memory for the loss of a process, in a file for an interrupted command."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Self

import numpy as np

from gnomon import __version__
from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.interior_point.distributed import checkpoint_files
from gnomon.interior_point.iterations.main_loop import Recorder, Search, SearchState
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point
from gnomon.runtime.hour_partition import Layout
from gnomon.runtime.memory import available

EVERY, SHARE, SELDOM = 10.0, 0.01, 1800.0
"""Minimum seconds between two checkpoints in the file; share of the time for writing checkpoints, to file or memory;
maximum seconds between two, so that one slow write does not stop them."""
ROOM = 0.1
"""Share of the free memory for a checkpoint. Without one in memory, the loss of a process costs the work since the last
one in the file."""


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """A checkpoint: the processes' parts of an iterate, and the course of the first process."""

    parts: Sequence[Point]
    layout: Layout
    course: SearchState

    def size(self) -> int:
        """Return the bytes of the iterate."""
        return sum(getattr(part, of.name).nbytes for part in self.parts for of in fields(part))

    def whole(self, problem: FullProblem) -> SearchState:
        """Return the course at the iterate of all hours, as a copy that a search may change."""
        point = join_points(problem, self.layout, self.parts)
        return replace(self.course, point=point, trials=replace(self.course.trials))


class CheckpointStore:
    """Latest state of a search: a checkpoint file of one model, a later one in memory, or the starting point.

    `folder`: None for a temporary file. A `lasting` file stays after the search. The file's name contains a digest of
    the model, so several may lie in one folder.
    """

    def __init__(self, problem: FullProblem, folder: Path | None, *, lasting: bool = False) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="gnomon-") if folder is None else None
        self._folder = Path(self._own.name) if self._own is not None else folder or Path()
        self._file = self._folder / f"{_fingerprint(problem)}.iterate"
        self._problem, self._lasting = problem, lasting
        self._begun: SearchState | None = None
        self._last: _Checkpoint | None = None

    def hold(self, begun: SearchState | None) -> None:
        """Keep the starting point until the first checkpoint."""
        self._begun = begun

    def remember(self, parts: Sequence[Point], layout: Layout, course: SearchState) -> bool:
        """Store an iterate of all processes in memory in place of the last one. Return False if memory is too short."""
        last = _Checkpoint(parts, layout, replace(course, trials=replace(course.trials)))
        if last.size() > ROOM * available():
            return False
        self._last, self._begun = last, None
        return True

    def keep(self, parts: Sequence[Point], layout: Layout, course: SearchState) -> None:
        """Write an iterate of all processes to the file in place of the last one, and drop the one in memory.

        Raises SolverError if the disk refuses it.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # A rename replaces the last checkpoint only when the new one is complete.
            unfinished = self._file.with_suffix(".unfinished")
            with unfinished.open("wb+") as file:
                checkpoint_files.write(file, parts, layout, course)
            unfinished.replace(self._file)
        except OSError as problem:
            raise SolverError(f"an iterate cannot be kept in {self._folder} ({problem})") from problem
        self._begun = self._last = None

    def load(self) -> SearchState | None:
        """Return the latest state of a search of this model; None without one. Raises SolverError for a damaged file."""
        if self._begun is not None:
            return self._begun
        if self._last is not None:
            return self._last.whole(self._problem)
        try:
            with self._file.open("rb") as file:
                kept = _Checkpoint(*checkpoint_files.read(file))
        except FileNotFoundError:
            return None
        except checkpoint_files.DamagedError:
            raise SolverError(f"{self._file} is damaged: remove it to begin anew") from None
        except OSError as problem:
            raise SolverError(f"{self._file} cannot be read ({problem}): remove it to begin anew") from problem
        except (AttributeError, KeyError, StopIteration, TypeError, ValueError) as problem:
            raise SolverError(f"{self._file} is of another version: remove it to begin anew") from problem
        try:
            return kept.whole(self._problem)
        except (AttributeError, IndexError, TypeError, ValueError) as problem:
            raise SolverError(f"{self._file} is of another version: remove it to begin anew") from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Delete the file unless it is `lasting` or the search was interrupted."""
        if kind is None and not self._lasting:
            for file in (self._file, self._file.with_suffix(".unfinished")):
                file.unlink(missing_ok=True)
        if self._own is not None:
            self._own.cleanup()


@dataclass(slots=True)
class _Timing:
    """Time of the last checkpoint, and the time it took."""

    last: float = field(default_factory=time.monotonic)
    took: float = 0.0

    def due(self, every: float) -> bool:
        """Return True if the next checkpoint is due."""
        return time.monotonic() - self.last >= max(every, min(self.took / SHARE, SELDOM))

    def done(self, began: float) -> None:
        """Record a checkpoint begun at that time."""
        self.last = time.monotonic()
        self.took = self.last - began


class CheckpointSchedule(Recorder):
    """Schedule of checkpoints. Only the first process has a store."""

    def __init__(self, store: CheckpointStore | None, layout: Layout) -> None:
        self._store, self._layout = store, layout
        self._file, self._memory = _Timing(), _Timing()
        self._room = len(layout.shares) > 1  # a single process needs no copy in memory

    def offer(self, search: Search, course: SearchState) -> None:
        """Write a checkpoint if the first process decides so."""
        if search.team.broadcast(lambda: self._file.due(EVERY) or (self._room and self._memory.due(0.0))):
            began = time.monotonic()
            search.team.gather(course.point, lambda parts: self._keep(parts, course, began))

    def _keep(self, parts: Sequence[Point], course: SearchState, began: float) -> None:
        """Write the checkpoints that are due, in the first process."""
        store = self._store
        assert store is not None
        gathered = time.monotonic() - began
        if self._file.due(EVERY):
            store.keep(parts, self._layout, course)
            self._file.done(began)
        if self._room:
            again = time.monotonic() - gathered
            self._room = store.remember(parts, self._layout, course)
            self._memory.done(again)


@dataclass(frozen=True, slots=True)
class StartingPoints:
    """Starting points of the processes, each cut from that of all hours on demand (see `Answers`)."""

    problem: FullProblem
    layout: Layout
    course: SearchState

    def __getitem__(self, rank: int) -> SearchState:
        """Return the start of one process, with its own copy of the trials."""
        point = split_point(self.problem, self.layout, rank, self.course.point)
        return replace(self.course, point=point, trials=replace(self.course.trials))


def split_point(problem: FullProblem, layout: Layout, rank: int, point: Point) -> Point:
    """Return one process's part of an iterate of all hours."""
    split = _Split(problem, layout)
    wide = split.wide(rank)
    return Point(
        split.part(rank, point.v), split.part(rank, split.spread(point.room))[wide], split.rows(rank, point.y),
        split.part(rank, point.lower), split.part(rank, split.spread(point.upper))[wide],
    )  # fmt: skip


def join_points(problem: FullProblem, layout: Layout, parts: Sequence[Point]) -> Point:
    """Return the iterate of all hours from the parts of the processes."""
    if len(parts) == 1:
        return parts[0]
    split, t = _Split(problem, layout), problem.form.template
    room, upper = (
        split.join([split.spread_part(rank, getattr(part, name)) for rank, part in enumerate(parts)])[problem.wide]
        for name in ("room", "upper")
    )
    y = layout.joined([part.y for part in parts], t.periods, t.period_rows)
    return Point(split.join([part.v for part in parts]), room, y, split.join([part.lower for part in parts]), upper)


class _Split:
    """Conversion of vectors of columns and slacks between all hours and those of the processes."""

    def __init__(self, problem: FullProblem, layout: Layout) -> None:
        t = problem.form.template
        self._problem, self._layout = problem, layout
        self._of = ((t.periods, t.period_columns), (t.periods, t.period_rows))

    def part(self, rank: int, of: Array) -> Array:
        """Return one process's part of a vector of columns and slacks."""
        n = self._problem.columns
        return np.concatenate(
            [self._layout.part(rank, half, *self._of[at]) for at, half in enumerate((of[:n], of[n:]))]
        )

    def rows(self, rank: int, of: Array) -> Array:
        return self._layout.part(rank, of, *self._of[1])

    def join(self, parts: Sequence[Array]) -> Array:
        """Return the vector of all hours from the parts of the processes."""
        t = self._problem.form.template
        ends = [t.periods * t.period_columns + of.steps * t.columns for of in self._layout.shares]
        halves = [
            [part[:n] for part, n in zip(parts, ends, strict=True)],
            [part[n:] for part, n in zip(parts, ends, strict=True)],
        ]
        return np.concatenate([self._layout.joined(half, *self._of[at]) for at, half in enumerate(halves)])

    def spread(self, of: Array) -> Array:
        """Return the values of entries with a width in a vector of all entries."""
        out = np.zeros(len(self._problem.cost))
        out[self._problem.wide] = of
        return out

    def wide(self, rank: int) -> Index:
        """Return the entries of one process that have a width."""
        marked = np.zeros(len(self._problem.cost))
        marked[self._problem.wide] = 1.0
        return np.flatnonzero(self.part(rank, marked))

    def spread_part(self, rank: int, of: Array) -> Array:
        """Return the values of one process's entries with a width in a vector of its entries."""
        t = self._problem.form.template
        steps = self._layout.shares[rank].steps
        out = np.zeros(t.periods * (t.period_columns + t.period_rows) + steps * (t.columns + t.rows))
        out[self.wide(rank)] = of
        return out


def _fingerprint(problem: FullProblem) -> str:
    """Return a digest of the scaled model and of the engine's version.

    Sides count without leeway, because a checkpoint may be continued with another gap.
    """
    found = hashlib.blake2b(__version__.encode(), digest_size=16)
    form, values = problem.form, problem.form.template.values
    sides, factors = (form.flat.row_lower, form.flat.row_upper, form.flat.lower), form.balance.factors
    steady = (values.constant, form.template.seen.constant, form.periods.data, factors.rows, factors.period_rows)
    for numbers in (problem.cost, problem.width, problem.moves, form.masked, *sides, *steady, values.table):
        found.update(np.ascontiguousarray(numbers).data)
    return found.hexdigest()
