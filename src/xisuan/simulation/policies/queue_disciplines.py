"""Queue disciplines: the order in which a station runs its jobs. The protocol of the family is `Queue`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, runtime_checkable

import numpy as np

from xisuan import units
from xisuan.simulation.core import records
from xisuan.simulation.jobs import Floats, Jobs
from xisuan.simulation.policies import user_defined


class QueueMode(IntEnum):
    """Service mode of a waiting line, with the numbers of the event core.

    - `ORDERED`: the head starts as soon as it fits; no other job passes it.
    - `BACKFILL`: later jobs may pass if that does not delay the head; the order is that of arrival.
    - `SHARED`: no line; all jobs run at once and share the servers.
    """

    ORDERED = records.ORDERED
    BACKFILL = records.BACKFILL
    SHARED = records.SHARED


@runtime_checkable
class Queue(Protocol):
    """Queue discipline. `keys` ranks new jobs: smallest first, ties by order of arrival.

    With a finite `half_life_s` the discipline is fair share: keys are ignored, and the owner with the least decayed use
    comes first.
    """

    @property
    def name(self) -> str:
        """Name of the discipline."""
        ...

    @property
    def mode(self) -> int:
        """Service mode, one of `QueueMode`."""
        ...

    @property
    def half_life_s(self) -> float:
        """Half-life of an owner's use, s; inf: use is ignored."""
        ...

    def keys(self, jobs: Jobs) -> Floats:
        """Return the rank of each job of a piece of a trace. Shape (jobs,), no NaN."""
        ...


@dataclass(frozen=True, slots=True)
class FirstCome:
    """First come, first served."""

    name: str = "fcfs"
    mode: int = QueueMode.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """Return equal ranks."""
        return np.broadcast_to(0.0, len(jobs))


@dataclass(frozen=True, slots=True)
class Easy:
    """First come, first served with EASY backfilling: a later job may pass if that does not delay the first in line."""

    name: str = "easy"
    mode: int = QueueMode.BACKFILL
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """Return equal ranks."""
        return np.broadcast_to(0.0, len(jobs))


@dataclass(frozen=True, slots=True)
class EarliestDeadline:
    """Earliest deadline first, non-preemptive."""

    name: str = "edf"
    mode: int = QueueMode.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """Return the deadlines."""
        return jobs.deadline


@dataclass(frozen=True, slots=True)
class Priority:
    """Highest priority first, non-preemptive."""

    name: str = "priority"
    mode: int = QueueMode.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """Return the negative priorities."""
        return -jobs.priority


@dataclass(frozen=True, slots=True)
class FairShare:
    """Fair share: the owner with the least decayed use comes first, with a half-life of a week."""

    name: str = "fair"
    mode: int = QueueMode.ORDERED
    half_life_s: float = units.HOURS_PER_WEEK * 3600.0

    def keys(self, jobs: Jobs) -> Floats:
        """Return equal ranks; the use of the owners decides."""
        return np.broadcast_to(0.0, len(jobs))


@dataclass(frozen=True, slots=True)
class ProcessorSharing:
    """Processor sharing: all jobs run at once, each with the same fraction of the servers it requests, 1 at most."""

    name: str = "shared"
    mode: int = QueueMode.SHARED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """Return equal ranks."""
        return np.broadcast_to(0.0, len(jobs))


_MEMBERS: tuple[Queue, ...] = (
    FirstCome(), Easy(), EarliestDeadline(), Priority(), FairShare(), ProcessorSharing(),
)  # fmt: skip

QUEUES: dict[str, Queue] = {queue.name: queue for queue in _MEMBERS}
"""Disciplines of this module by name."""


def queue(choice: str | Queue) -> Queue:
    """Return the discipline of that name or of FILE.py:NAME, or the object given.

    Raises ScenarioError if it is unknown.
    """
    if not isinstance(choice, str):
        return choice
    return user_defined.member("queue", choice, QUEUES, Queue)  # type: ignore[type-abstract]
