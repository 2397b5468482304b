"""Threads: how many, for compiled kernels and for dense algebra, and one BLAS thread in each.

Small matrices gain nothing from a threaded BLAS and lose much to its threads' waiting for one another: on a busy machine of
two cores the dense part of an iteration took seventy times as long with two BLAS threads as with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import numba
import threadpoolctl

from xisuan.interior import numeric

Given = TypeVar("Given")
Made = TypeVar("Made")


class Threads:
    """`count` threads; `map` runs a function on them, results in order."""

    def __init__(self, count: int, pool: ThreadPoolExecutor | None) -> None:
        self.count, self._pool = count, pool

    def map(self, function: Callable[[Given], Made], given: Sequence[Given]) -> list[Made]:
        """The function's results. With one thread, or one thing to do, nothing is handed over."""
        if self._pool is None or len(given) < 2:
            return [function(one) for one in given]
        return list(self._pool.map(function, given))


@contextmanager
def threads(asked: int, steps: int) -> Iterator[Threads]:
    """Threads for so many hours: as many as asked (0: all cores), but no more than bundles of hours to share."""
    most = int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    count = max(1, min(asked or most, most, steps // (2 * numeric.LANES)))
    before = numba.get_num_threads()
    numba.set_num_threads(count)
    try:
        with threadpoolctl.threadpool_limits(1, user_api="blas"):
            if count == 1:
                yield Threads(1, None)
            else:
                with ThreadPoolExecutor(count, thread_name_prefix="structured") as pool:
                    yield Threads(count, pool)
    finally:
        numba.set_num_threads(before)
