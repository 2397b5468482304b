"""Threads for compiled kernels and for dense algebra, with one BLAS thread in each.

Matrices of this size gain nothing from a threaded BLAS. On a busy machine its threads wait for one another, and the
dense part of an iteration can take many times as long.
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
from gnomon.runtime.memory import Allocator
from gnomon.runtime.vector_pool import Vectors

Given = TypeVar("Given")
Made = TypeVar("Made")


PIECE = 1 << 15
"""Entries of long vectors processed at a time, so that a few of them stay in the processor's cache."""


def pieces(first: int, last: int, size: int | None = None) -> list[slice]:
    """Return the pieces of the entries from first to last; the same for any number of threads."""
    size = size or PIECE
    return [slice(at, min(at + size, last)) for at in range(first, last, size)]


class _Job(Generic[Given, Made]):
    """A function and its arguments, processed one by one by idle threads."""

    def __init__(self, function: Callable[[Given], Made], given: Sequence[Given]) -> None:
        self._function, self._given, self._count = function, given, len(given)
        self._turn, self._done, self._over = counter(), counter(1), Lock()
        self._made: list[Any] = [None] * self._count
        self._failed = dict[int, BaseException]()
        self._over.acquire()

    def work(self) -> None:
        """Process the next argument until none remain."""
        while (at := next(self._turn)) < self._count:
            try:
                self._made[at] = self._function(self._given[at])
            except BaseException as problem:
                self._failed[at] = problem
            if next(self._done) == self._count:
                self._over.release()

    def made(self) -> list[Made]:
        """Wait for all results and return them. Raises the exception of the first argument that failed.

        Function and arguments are released, so that a late thread keeps no vectors alive.
        """
        self._over.acquire()
        del self._function, self._given
        if self._failed:
            raise self._failed[min(self._failed)]
        return self._made


class WorkerThreads:
    """`count` worker threads that help the caller with jobs."""

    def __init__(self, count: int) -> None:
        self._given: list[SimpleQueue[_Job[Any, Any] | None]] = [SimpleQueue() for _ in range(count)]
        self._threads = [
            Thread(target=self._work, args=(given,), name="structured", daemon=True) for given in self._given
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _work(given: SimpleQueue[_Job[Any, Any] | None]) -> None:
        with np.errstate(all="ignore"):  # numpy's error state is local to a thread
            while (job := given.get()) is not None:
                job.work()
                del job

    def help(self, job: _Job[Any, Any]) -> None:
        """Give the job to all threads."""
        for given in self._given:
            given.put(job)

    def __enter__(self) -> WorkerThreads:
        return self

    def __exit__(self, *_: object) -> None:
        for given in self._given:
            given.put(None)
        for thread in self._threads:
            thread.join()


class Threads:
    """`count` threads: the caller's and `hands`. `map` runs a function on them, results in order.

    vectors: pool of vectors; None: fresh memory.
    """

    def __init__(self, count: int, hands: WorkerThreads | None, vectors: Vectors | None = None) -> None:
        self.count, self._hands, self._vectors = count, hands, vectors
        self.empty: Callable[[int], Array] = np.empty if vectors is None else vectors.empty

    def clear(self) -> None:
        """Release the memory of the pool, for work that needs much memory of its own."""
        if self._vectors is not None:
            self._vectors.clear()

    def allocate_in(self, room: Allocator) -> None:
        """Allocate vectors in `room` from now on."""
        if self._vectors is not None:
            self._vectors.clear()
            self._vectors.room = room

    def map(self, function: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
        """Return the function's results. With one thread or one argument, the caller does everything.

        Exceptions are raised after all threads have finished, so that none still writes to its output.
        """
        if self._hands is None or len(given) < 2:
            return [function(one) for one in given]
        job = _Job(function, given)
        self._hands.help(job)
        job.work()
        return job.made()

    def fill(self, out: Array, function: Callable[..., Array], *given: NDArray[Any]) -> Array:
        """Set `out` to function(*given), entry by entry, in pieces; return it."""

        def work(one: slice) -> None:
            out[one] = function(*(of[one] for of in given))

        self.map(work, pieces(0, len(out)))
        return out

    def filled(self, function: Callable[..., Array], *given: NDArray[Any]) -> Array:
        """Return function(*given), entry by entry, as a new vector."""
        return self.fill(self.empty(len(given[0])), function, *given)

    def joined(self, *parts: Array) -> Array:
        """Return the concatenated parts as a new vector."""
        return np.concatenate(parts, out=self.empty(sum(len(part) for part in parts)))

    def add(self, out: Array, at: Index, function: Callable[..., Array], *given: NDArray[Any]) -> None:
        """Add function(*given), entry by entry, to the entries `at` of `out`, which must be distinct."""

        def work(one: slice) -> None:
            out[at[one]] += function(*(of[one] for of in given))

        self.map(work, pieces(0, len(at)))

    def sums(self, function: Callable[..., float], parts: Sequence[slice], *given: NDArray[Any]) -> float:
        """Return the sum of function(*given) over pieces of vectors."""
        return float(sum(self.map(lambda one: function(*(of[one] for of in given)), parts)))

    def largest(self, function: Callable[..., Array], *given: NDArray[Any]) -> float:
        """Return the largest number of function(*given), at least 0; NaN if one is."""
        every = self.map(lambda one: function(*(of[one] for of in given)).max(), pieces(0, len(given[0])))
        return float(np.max(every, initial=0.0))


ALONE = Threads(1, None)
"""The caller's own thread."""


@contextmanager
def threads(asked: int, steps: int) -> Iterator[Threads]:
    """Provide threads for `steps` hours: as many as asked (0: all cores), at most one per two bundles of hours."""
    most = int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    count = max(1, min(asked or most, most, steps // (2 * simd_lanes.LANES)))
    vectors = Vectors()
    with _ONE_BLAS_THREAD, ExitStack() as stack:
        stack.callback(vectors.clear)  # a traceback may still refer to the threads; it keeps no memory
        yield Threads(count, stack.enter_context(WorkerThreads(count - 1)) if count > 1 else None, vectors)


class _OneBlasThread:
    """Context that limits BLAS to one thread while any solve is inside; the setting is global to the process."""

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
