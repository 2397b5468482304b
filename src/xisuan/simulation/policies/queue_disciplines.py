"""Queues: in which order a station's jobs run. A family of small parts; the protocol is `Queue`."""

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
    """How a waiting line is served, as the event core numbers it.

    `ORDERED`: the head runs as soon as it fits, and nobody passes it. `BACKFILL`: later jobs may pass where that does not
    delay the head; the order is that of arrival. `SHARED`: no line; all jobs run at once and share the servers.
    """

    ORDERED = records.ORDERED
    BACKFILL = records.BACKFILL
    SHARED = records.SHARED


@runtime_checkable
class Queue(Protocol):
    """The order of a waiting line. `keys` ranks new jobs: the smallest first, equal ones in order of arrival.

    `mode` is one of `QueueMode`. With a finite `half_life_s` keys count for nothing: the owner who has used least
    comes first, use counting half after that time.
    """

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def mode(self) -> int:
        """How the line is served."""
        ...

    @property
    def half_life_s(self) -> float:
        """After which use counts half; inf: use counts for nothing."""
        ...

    def keys(self, jobs: Jobs) -> Floats:
        """The rank of each job of a piece of a trace. Shape (jobs,), no NaN."""
        ...


@dataclass(frozen=True, slots=True)
class FirstCome:
    """First come, first served."""

    name: str = "fcfs"
    mode: int = QueueMode.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """All alike."""
        return np.broadcast_to(0.0, len(jobs))


@dataclass(frozen=True, slots=True)
class Easy:
    """First come, first served, and a later job may pass if that does not delay the first in line (EASY backfill)."""

    name: str = "easy"
    mode: int = QueueMode.BACKFILL
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """All alike."""
        return np.broadcast_to(0.0, len(jobs))


@dataclass(frozen=True, slots=True)
class EarliestDeadline:
    """The earliest deadline first; a job that runs is not interrupted."""

    name: str = "edf"
    mode: int = QueueMode.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """The deadline."""
        return jobs.deadline


@dataclass(frozen=True, slots=True)
class Priority:
    """The highest priority first; a job that runs is not interrupted."""

    name: str = "priority"
    mode: int = QueueMode.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """The priority, highest first."""
        return -jobs.priority


@dataclass(frozen=True, slots=True)
class FairShare:
    """The owner who has used least comes first; use counts half after a week."""

    name: str = "fair"
    mode: int = QueueMode.ORDERED
    half_life_s: float = units.HOURS_PER_WEEK * 3600.0

    def keys(self, jobs: Jobs) -> Floats:
        """All alike: what counts is what owners have used."""
        return np.broadcast_to(0.0, len(jobs))


@dataclass(frozen=True, slots=True)
class ProcessorSharing:
    """Everybody at once: servers are shared equally, and nobody gets more than what they ask for."""

    name: str = "shared"
    mode: int = QueueMode.SHARED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> Floats:
        """All alike."""
        return np.broadcast_to(0.0, len(jobs))


_MEMBERS: tuple[Queue, ...] = (
    FirstCome(), Easy(), EarliestDeadline(), Priority(), FairShare(), ProcessorSharing(),
)  # fmt: skip

QUEUES: dict[str, Queue] = {queue.name: queue for queue in _MEMBERS}
"""The queues there are, by name."""


def queue(choice: str | Queue) -> Queue:
    """The queue of that name, of FILE.py:NAME, or the one given. Raises ScenarioError where there is none."""
    if not isinstance(choice, str):
        return choice
    return user_defined.member("queue", choice, QUEUES, Queue)  # type: ignore[type-abstract]
