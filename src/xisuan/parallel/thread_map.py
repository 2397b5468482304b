"""Parallel map by threads, one per core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TypeVar

A = TypeVar("A")


B = TypeVar("B")


def side_by_side(work: Callable[[A], B], items: Sequence[A]) -> list[B]:
    """Return `work` of each item, computed by one thread per core: HiGHS releases the interpreter lock."""
    with ThreadPoolExecutor(max(1, min(len(items), cpu_count() or 1))) as pool:
        return list(pool.map(work, items))
