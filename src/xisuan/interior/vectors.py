"""Long vectors whose memory is used again.

A page of fresh memory is made when it is first touched: a vector of 80 MB is filled in 19 ms, and in 6 ms where its memory
has been used before. An iteration makes hundreds of them.
"""

from __future__ import annotations

import sys
from threading import Lock

import numpy as np

from xisuan.solver.model import Array

LEAST = 1 << 16
"""Entries of a vector that is worth it: shorter ones the system has ready."""
LARGER = 1.25
"""How much longer memory may be than the vector that it is given to."""


class Vectors:
    """Memory of vectors; what nobody refers to any more is given out again."""

    def __init__(self) -> None:
        self._held, self._lock = [np.empty(0)], Lock()  # the first one is nobody's: it tells what that looks like

    def empty(self, length: int) -> Array:
        """A vector of whatever numbers."""
        if length < LEAST:
            return np.empty(length)
        with self._lock:
            nobody = _holders(self._held, 0)
            fitting = [at for at, of in enumerate(self._held) if length <= len(of) <= LARGER * length]
            free = [at for at in fitting if _holders(self._held, at) == nobody]
            if free:
                return self._held[min(free, key=lambda at: len(self._held[at]))][:length]
            self._held.append(np.empty(length))
            return self._held[-1][:]

    def clear(self) -> None:
        """Let go of all memory; what somebody refers to stays until nobody does."""
        with self._lock:
            del self._held[1:]


def _holders(vectors: list[Array], at: int) -> int:
    """References to a vector, those of its views among them, which refer to what owns the memory."""
    return sys.getrefcount(vectors[at])
