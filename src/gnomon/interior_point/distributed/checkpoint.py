"""Iterates that are kept while a search goes on: in memory for whoever is lost, in a file for a run that is killed."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.interior_point.iterations.main_loop import Course, Keep, Search
from gnomon.interior_point.iterations.primal_dual_problem import Point, Whole
from gnomon.runtime.hour_partition import Layout
from gnomon.runtime.memory import available

EVERY, SHARE, SELDOM = 10.0, 0.01, 1800.0
"""Seconds from one iterate in the file to the next at least, the share of the time that it may take to keep one, there or in
memory, and seconds after which one is kept whatever it takes: a disk may have been slow once."""
ROOM = 0.1
"""Share of the memory that is free which an iterate may take there. Without one who is lost costs what was done since the
last in the file, by estimate up to a minute and a half of a national year."""
DIGEST = 32
"""Bytes at the beginning of a file that tell whether the others are those that were written: of sixty damaged ones fifty
were gone on with, and six raised what nobody expected or asked for memory without end."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The members' parts of an iterate, as they came, and the course of the first of them."""

    parts: Sequence[Point]
    layout: Layout
    course: Course

    def size(self) -> int:
        """Bytes of the iterate."""
        return sum(getattr(part, of.name).nbytes for part in self.parts for of in fields(part))

    def whole(self, problem: Whole) -> Course:
        """The course, at the iterate of all hours; a search that goes on from there changes nothing here."""
        point = joined(problem, self.layout, self.parts)
        return replace(self.course, point=point, trials=replace(self.course.trials))


class Store:
    """Where a search was last: a file with an iterate of one model, and in memory a later one, or until there is any what it
    began from. `folder`: None for a file that is gone with this object; one that is `lasting` stays when the search is over.

    The file's name tells the model, so that several may lie in one folder.
    """

    def __init__(self, problem: Whole, folder: Path | None, *, lasting: bool = False) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="xisuan-") if folder is None else None
        self._folder = Path(self._own.name) if self._own is not None else folder or Path()
        self._file = self._folder / f"{_fingerprint(problem)}.iterate"
        self._problem, self._lasting = problem, lasting
        self._begun: Course | None = None
        self._last: _Kept | None = None

    def hold(self, begun: Course | None) -> None:
        """Hold on to where a search begins, until something is kept."""
        self._begun = begun

    def remember(self, parts: Sequence[Point], layout: Layout, course: Course) -> bool:
        """Keep an iterate of all members in memory in place of the one before; whether there is room for it."""
        last = _Kept(parts, layout, replace(course, trials=replace(course.trials)))
        if last.size() > ROOM * available():
            return False
        self._last, self._begun = last, None
        return True

    def keep(self, parts: Sequence[Point], layout: Layout, course: Course) -> None:
        """Keep an iterate of all members in the file in place of the one before, and not in memory. Raises SolverError where
        the disk does not take it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._file.with_suffix(".unfinished")
            with unfinished.open("wb+") as file:
                file.write(bytes(DIGEST))
                pickle.dump(_Kept(parts, layout, course), file, protocol=pickle.HIGHEST_PROTOCOL)
                digest = _digest(file)
                file.seek(0)
                file.write(digest)
            unfinished.replace(self._file)
        except OSError as problem:
            raise SolverError(f"an iterate cannot be kept in {self._folder} ({problem})") from problem
        self._begun = self._last = None

    def load(self) -> Course | None:
        """Where a search of this model was last; None if that is not known. Raises SolverError where the file is damaged."""
        if self._begun is not None:
            return self._begun
        if self._last is not None:
            return self._last.whole(self._problem)
        try:
            with self._file.open("rb") as file:
                if file.read(DIGEST) != _digest(file):
                    raise SolverError(f"{self._file} is damaged: remove it to begin anew")
                file.seek(DIGEST)
                kept = pickle.load(file)
        except FileNotFoundError:
            return None
        except (AttributeError, ImportError, TypeError) as problem:
            raise SolverError(f"{self._file} is of another version: remove it to begin anew") from problem
        except OSError as problem:
            raise SolverError(f"{self._file} cannot be read ({problem}): remove it to begin anew") from problem
        if not isinstance(kept, _Kept):
            return None
        try:
            return kept.whole(self._problem)
        except (AttributeError, TypeError, ValueError) as problem:
            raise SolverError(f"{self._file} is of another version: remove it to begin anew") from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Let go of the file: a search that ended does not need it any more, one that was killed does."""
        if kind is None and not self._lasting:
            for file in (self._file, self._file.with_suffix(".unfinished")):
                file.unlink(missing_ok=True)
        if self._own is not None:
            self._own.cleanup()


@dataclass(slots=True)
class _Turn:
    """When something was done last, and how long it took."""

    last: float = field(default_factory=time.monotonic)
    took: float = 0.0

    def due(self, every: float) -> bool:
        """Whether it is time again."""
        return time.monotonic() - self.last >= max(every, min(self.took / SHARE, SELDOM))

    def done(self, began: float) -> None:
        """It was done since then."""
        self.last = time.monotonic()
        self.took = self.last - began


class Turns(Keep):
    """When members hand in their iterates; only the first one has a store."""

    def __init__(self, store: Store | None, layout: Layout) -> None:
        self._store, self._layout = store, layout
        self._file, self._memory = _Turn(), _Turn()
        self._room = len(layout.shares) > 1  # whoever is alone has nobody to lose

    def offer(self, search: Search, course: Course) -> None:
        """Keep the iterate if the first member says so."""
        if search.team.told(lambda: self._file.due(EVERY) or (self._room and self._memory.due(0.0))):
            began = time.monotonic()
            search.team.first(course.point, lambda parts: self._keep(parts, course, began))

    def _keep(self, parts: Sequence[Point], course: Course, began: float) -> None:
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
class Starts:
    """Where members begin, each cut from where all of them do when asked for (`gnomon.runtime.process_team.Answers`)."""

    problem: Whole
    layout: Layout
    course: Course

    def __getitem__(self, rank: int) -> Course:
        """Where a member does; its trials are its own, as a search changes them."""
        point = parted(self.problem, self.layout, rank, self.course.point)
        return replace(self.course, point=point, trials=replace(self.course.trials))


def parted(problem: Whole, layout: Layout, rank: int, point: Point) -> Point:
    """A member's part of an iterate of all hours."""
    split = _Split(problem, layout)
    wide = split.wide(rank)
    return Point(
        split.part(rank, point.v), split.part(rank, split.spread(point.room))[wide], split.rows(rank, point.y),
        split.part(rank, point.lower), split.part(rank, split.spread(point.upper))[wide],
    )  # fmt: skip


def joined(problem: Whole, layout: Layout, parts: Sequence[Point]) -> Point:
    """The iterate of all hours from the members' parts."""
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
    """Vectors of columns and slacks, of all hours and of members."""

    def __init__(self, problem: Whole, layout: Layout) -> None:
        t = problem.form.template
        self._problem, self._layout = problem, layout
        self._of = ((t.periods, t.period_columns), (t.periods, t.period_rows))

    def part(self, rank: int, of: Array) -> Array:
        n = self._problem.columns
        return np.concatenate(
            [self._layout.part(rank, half, *self._of[at]) for at, half in enumerate((of[:n], of[n:]))]
        )

    def rows(self, rank: int, of: Array) -> Array:
        return self._layout.part(rank, of, *self._of[1])

    def join(self, parts: Sequence[Array]) -> Array:
        t = self._problem.form.template
        ends = [t.periods * t.period_columns + of.steps * t.columns for of in self._layout.shares]
        halves = [
            [part[:n] for part, n in zip(parts, ends, strict=True)],
            [part[n:] for part, n in zip(parts, ends, strict=True)],
        ]
        return np.concatenate([self._layout.joined(half, *self._of[at]) for at, half in enumerate(halves)])

    def spread(self, of: Array) -> Array:
        """Values of entries with a width, among all."""
        out = np.zeros(len(self._problem.cost))
        out[self._problem.wide] = of
        return out

    def wide(self, rank: int) -> Index:
        """A member's entries with a width."""
        marked = np.zeros(len(self._problem.cost))
        marked[self._problem.wide] = 1.0
        return np.flatnonzero(self.part(rank, marked))

    def spread_part(self, rank: int, of: Array) -> Array:
        t = self._problem.form.template
        steps = self._layout.shares[rank].steps
        out = np.zeros(t.periods * (t.period_columns + t.period_rows) + steps * (t.columns + t.rows))
        out[self.wide(rank)] = of
        return out


def _digest(file: BinaryIO) -> bytes:
    """Of what comes after the digest itself."""
    file.seek(DIGEST)
    found = hashlib.blake2b(digest_size=DIGEST)
    while piece := file.read(1 << 20):
        found.update(piece)
    return found.digest()


def _fingerprint(problem: Whole) -> str:
    """Of the numbers that an iterate belongs to, and of the version that scaled them so; of sides without their leeway, as
    an iterate may be gone on with to another gap."""
    found = hashlib.blake2b(metadata.version("xisuan").encode(), digest_size=16)
    form, values = problem.form, problem.form.template.values
    sides, factors = (form.flat.row_lower, form.flat.row_upper, form.flat.lower), form.balance.factors
    steady = (values.constant, form.template.seen.constant, form.periods.data, factors.rows, factors.period_rows)
    for numbers in (problem.cost, problem.width, problem.moves, form.masked, *sides, *steady, values.table):
        found.update(np.ascontiguousarray(numbers).data)
    return found.hexdigest()
