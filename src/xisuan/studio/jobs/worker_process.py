"""Worker process next to the server for work that takes a second or more, so that pages stay responsive."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from xisuan.operating_system import system
from xisuan.parallel.process import end_with
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

P = ParamSpec("P")
R = TypeVar("R")

LONGEST = 120.0
"""Timeout of a task, in seconds."""
NICE = 5
"""Increment of the worker's nice value."""


class Worker:
    """One worker process. If it dies, for instance for lack of memory, it is replaced and its work tried again."""

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """Return the result of `work`, a module's function, or raise its exception; RefusedError if it cannot run."""
        for _attempt in range(2):
            pool = self._open()
            try:
                return pool.submit(work, *arguments, **named).result(LONGEST)
            except BrokenProcessPool:
                self._drop(pool)
            except TimeoutError:
                self._drop(pool)
                raise RefusedError(
                    503, _("this took more than {seconds:.0f} seconds and was cancelled", seconds=LONGEST)
                ) from None
        raise RefusedError(503, _("the process for this work ended twice; it may need more memory than there is"))

    def _open(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(
                    self._processes, mp_context=context, initializer=_begin, initargs=(os.getpid(),)
                )
            return self._pool

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._drop(self._pool)


def _begin(server: int) -> None:
    """Lower the worker's priority, and make it end with its server."""
    system.lower_priority(NICE)
    end_with(server)
