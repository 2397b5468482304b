"""Long vectors whose memory is used again.

A page of fresh memory is made when it is first touched: a vector of 80 MB is filled in 19 ms, and in 6 ms where its memory
has been used before. An iteration makes hundreds of them.
"""

from __future__ import annotations

import sys
from threading import Lock

import numpy as np

from gnomon.arrays import Array
from gnomon.runtime.memory import MEMORY, Room

LEAST = 1 << 16
"""Entries of a vector that is worth it: shorter ones the system has ready."""
LARGER = 1.25
"""How much longer memory may be than the vector that it is given to."""
SPARE = 1.1
"""Memory that is kept at most, as a share of what was in use at one time."""


class Vectors:
    """Memory of vectors; what nobody refers to any more is given out again, and let go where there is too much of it.

    room: where memory comes from that is new.
    """

    def __init__(self, room: Room = MEMORY) -> None:
        self.room = room
        self._held, self._lock = [np.empty(0)], Lock()  # the first one is nobody's: it tells what that looks like
        self._most = 0

    def empty(self, length: int) -> Array:
        """A vector of whatever numbers."""
        if length < LEAST:
            return np.empty(length)
        with self._lock:
            nobody = _holders(self._held, 0)
            idle = [at for at in range(1, len(self._held)) if _holders(self._held, at) == nobody]
            fitting = [at for at in idle if length <= len(self._held[at]) <= LARGER * length]
            if fitting:
                found = self._held.pop(min(fitting, key=lambda at: len(self._held[at])))
            else:
                self._spare(idle, length)
                found = self.room.empty(length)
            self._held.append(found)
            return found[:length]

    def _spare(self, idle: list[int], length: int) -> None:
        """Let go of what has been idle for longest, as far as there will be more than enough with so many numbers more."""
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
        """Let go of all memory; what somebody refers to stays until nobody does."""
        with self._lock:
            del self._held[1:]


def _holders(vectors: list[Array], at: int) -> int:
    """References to a vector, those of its views among them, which refer to what owns the memory."""
    return sys.getrefcount(vectors[at])
