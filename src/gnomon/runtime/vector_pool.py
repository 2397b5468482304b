"""Pool of long vectors whose memory is reused.

The system prepares a page of fresh memory at its first touch: filling a fresh vector takes about three times as long as
filling a used one. An iteration needs hundreds of them.
"""

from __future__ import annotations

import sys
from threading import Lock

import numpy as np

from gnomon.arrays import Array
from gnomon.runtime.memory import MEMORY, Allocator

LEAST = 1 << 16
"""Entries from which a vector comes from the pool; the system's allocator reuses shorter ones itself."""
LARGER = 1.25
"""Largest ratio of the pooled memory's length to that of the requested vector."""
SPARE = 1.1
"""Memory that the pool keeps at most, as a multiple of the largest amount in use at one time."""


class Vectors:
    """Pool of vectors. Memory without references is reused, and released if there is too much of it.

    room: allocator of new memory.
    """

    def __init__(self, room: Allocator = MEMORY) -> None:
        self.room = room
        # The first vector is never lent: its reference count is that of idle memory.
        self._held, self._lock = [np.empty(0)], Lock()
        self._most = 0

    def empty(self, length: int) -> Array:
        """Return a vector of undefined numbers."""
        if length < LEAST:
            return np.empty(length)
        with self._lock:
            nobody = _holders(self._held, 0)
            idle = [at for at in range(1, len(self._held)) if _holders(self._held, at) == nobody]
            # Best fit among idle memory.
            fitting = [at for at in idle if length <= len(self._held[at]) <= LARGER * length]
            if fitting:
                found = self._held.pop(min(fitting, key=lambda at: len(self._held[at])))
            else:
                self._spare(idle, length)
                found = self.room.empty(length)
            self._held.append(found)
            return found[:length]

    def _spare(self, idle: list[int], length: int) -> None:
        """Release the memory that has been idle for longest while the pool plus `length` more numbers exceeds its limit."""
        held = length + sum(len(of) for of in self._held)
        self._most = max(self._most, held - sum(len(self._held[at]) for at in idle))
        gone = set[int]()
        for at in idle:
            if held <= SPARE * self._most:
                break
            held -= len(self._held[at])
            gone.add(at)
        self._held = [of for at, of in enumerate(self._held) if at not in gone]

    def clear(self) -> None:
        """Release all memory; vectors still referred to stay valid."""
        with self._lock:
            del self._held[1:]


def _holders(vectors: list[Array], at: int) -> int:
    """Return the number of references to a vector. Views count, because they refer to the owner of the memory."""
    return sys.getrefcount(vectors[at])
