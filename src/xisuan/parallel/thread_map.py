"""Parallel map by threads: HiGHS releases Python's global interpreter lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from os import cpu_count
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def side_by_side(
    work: Callable[[A], B],
    items: Sequence[A],
    *,
    threads: int = 0,
    finished: Callable[[A, float], None] | None = None,
    interrupt: Callable[[], None] | None = None,
) -> list[B]:
    """Return `work` of each item, in the order of `items`.

    * threads: at the most; 0 for one per core.
    * finished: called in this thread after each item, with it and the share of items that are done.
    * interrupt: called after an error or Ctrl-C, to stop the items in work; items that wait are left out.
    """
    with ThreadPoolExecutor(max(1, min(len(items), threads or cpu_count() or 1))) as pool:
        tasks = {pool.submit(work, item): item for item in items}
        try:
            for done, task in enumerate(as_completed(tasks)):
                task.result()
                if finished is not None:
                    finished(tasks[task], (done + 1) / len(items))
        except BaseException:
            if interrupt is not None:
                interrupt()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [task.result() for task in tasks]
