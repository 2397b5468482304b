"""Threads: how many, for compiled kernels and for dense algebra, and one BLAS thread in each.

Small matrices gain nothing from a threaded BLAS and lose much to its threads' waiting for one another: on a busy machine of
two cores the dense part of an iteration took seventy times as long with two BLAS threads as with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count as counter
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

import numba
import numpy as np
import threadpoolctl
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.runtime import simd_lanes
from gnomon.runtime.memory import Room
from gnomon.runtime.vector_pool import Vectors

Given = TypeVar("Given")
Made = TypeVar("Made")


PIECE = 1 << 15
"""Entries of long vectors that are worked on in one go: what a few of them need stays in a processor's cache."""


def pieces(first: int, last: int, size: int | None = None) -> list[slice]:
    """What threads share of the entries from first to last; the same for any number of threads."""
    size = size or PIECE
    return [slice(at, min(at + size, last)) for at in range(first, last, size)]


class _Job(Generic[Given, Made]):
    """A function and what it is to be done for, one after another, by whoever has nothing else to do."""

    def __init__(self, function: Callable[[Given], Made], given: Sequence[Given]) -> None:
        self._function, self._given, self._count = function, given, len(given)
        self._turn, self._done, self._over = counter(), counter(1), Lock()
        self._made: list[Any] = [None] * self._count
        self._failed = dict[int, BaseException]()
        self._over.acquire()

    def work(self) -> None:
        """Take what is next until there is no more."""
        while (at := next(self._turn)) < self._count:
            try:
                self._made[at] = self._function(self._given[at])
            except BaseException as problem:
                self._failed[at] = problem
            if next(self._done) == self._count:
                self._over.release()

    def made(self) -> list[Made]:
        """The results, when all are there; what was raised for the first that failed is raised then.

        Whoever comes to work later finds nothing to do, and holds none of the vectors.
        """
        self._over.acquire()
        del self._function, self._given
        if self._failed:
            raise self._failed[min(self._failed)]
        return self._made


class Hands:
    """So many threads that help with jobs, beside whoever has them."""

    def __init__(self, count: int) -> None:
        self._given: list[SimpleQueue[_Job[Any, Any] | None]] = [SimpleQueue() for _ in range(count)]
        self._threads = [
            Thread(target=self._work, args=(given,), name="structured", daemon=True) for given in self._given
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _work(given: SimpleQueue[_Job[Any, Any] | None]) -> None:
        with np.errstate(all="ignore"):  # a setting of the caller's thread, which others do not see
            while (job := given.get()) is not None:
                job.work()
                del job

    def help(self, job: _Job[Any, Any]) -> None:
        """Have all of them work on it."""
        for given in self._given:
            given.put(job)

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, *_: object) -> None:
        for given in self._given:
            given.put(None)
        for thread in self._threads:
            thread.join()


class Threads:
    """`count` threads, the caller's and `hands`; `map` runs a function on them, results in order.

    vectors: where memory comes from, if not fresh.
    """

    def __init__(self, count: int, hands: Hands | None, vectors: Vectors | None = None) -> None:
        self.count, self._hands, self._vectors = count, hands, vectors
        self.empty: Callable[[int], Array] = np.empty if vectors is None else vectors.empty

    def clear(self) -> None:
        """Let go of the memory of vectors, for something that needs much of its own."""
        if self._vectors is not None:
            self._vectors.clear()

    def lie_in(self, room: Room) -> None:
        """Have vectors come from `room` from now on."""
        if self._vectors is not None:
            self._vectors.clear()
            self._vectors.room = room

    def map(self, function: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
        """The function's results. With one thread, or one thing to do, nothing is handed over.

        What a thread raises is raised when all are done: what they write to is nobody's before.
        """
        if self._hands is None or len(given) < 2:
            return [function(one) for one in given]
        job = _Job(function, given)
        self._hands.help(job)
        job.work()
        return job.made()

    def fill(self, out: Array, function: Callable[..., Array], *given: NDArray[Any]) -> Array:
        """`out`, which becomes function(*given), entry by entry: piece after piece of vectors that are as long."""

        def work(one: slice) -> None:
            out[one] = function(*(of[one] for of in given))

        self.map(work, pieces(0, len(out)))
        return out

    def filled(self, function: Callable[..., Array], *given: NDArray[Any]) -> Array:
        """function(*given) likewise, as a new vector."""
        return self.fill(self.empty(len(given[0])), function, *given)

    def joined(self, *parts: Array) -> Array:
        """The parts one after another, as a new vector."""
        return np.concatenate(parts, out=self.empty(sum(len(part) for part in parts)))

    def add(self, out: Array, at: Index, function: Callable[..., Array], *given: NDArray[Any]) -> None:
        """Add function(*given), entry by entry, to the entries `at` of `out`, which are different ones."""

        def work(one: slice) -> None:
            out[at[one]] += function(*(of[one] for of in given))

        self.map(work, pieces(0, len(at)))

    def sums(self, function: Callable[..., float], parts: Sequence[slice], *given: NDArray[Any]) -> float:
        """The sum of function(*given) of pieces of vectors."""
        return float(sum(self.map(lambda one: function(*(of[one] for of in given)), parts)))

    def largest(self, function: Callable[..., Array], *given: NDArray[Any]) -> float:
        """The largest number of function(*given), at least 0; NaN where there is one."""
        every = self.map(lambda one: function(*(of[one] for of in given)).max(), pieces(0, len(given[0])))
        return float(np.max(every, initial=0.0))


ALONE = Threads(1, None)
"""The caller's own thread."""


@contextmanager
def threads(asked: int, steps: int) -> Iterator[Threads]:
    """Threads for so many hours: as many as asked (0: all cores), but no more than bundles of hours to share."""
    most = int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    count = max(1, min(asked or most, most, steps // (2 * simd_lanes.LANES)))
    vectors = Vectors()
    with _ONE_BLAS_THREAD, ExitStack() as stack:
        stack.callback(vectors.clear)  # whoever still knows the threads, like a traceback, keeps no memory
        yield Threads(count, stack.enter_context(Hands(count - 1)) if count > 1 else None, vectors)


class _OneBlasThread:
    """BLAS with one thread while any solve is inside: the setting is the process's, and solves may run side by side."""

    def __init__(self) -> None:
        self._lock, self._inside, self._limits = Lock(), 0, ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limits.enter_context(threadpoolctl.threadpool_limits(1, user_api="blas"))
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limits.close()


_ONE_BLAS_THREAD = _OneBlasThread()
