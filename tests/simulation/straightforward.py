"""A second implementation of queues, written to be read: lists, sorting, no heap, nothing shared with the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass
class Job:
    """One job; `start` is what is wanted."""

    number: int
    arrival: float
    run: float
    servers: int
    estimate: float
    key: float = 0.0
    owner: int = 0
    start: float = -1.0

    @property
    def finish(self) -> float:
        return self.start + self.run

    @property
    def due(self) -> float:
        return self.start + self.estimate


Pick = Callable[[list[Job], list[Job], int, float], Job | None]
"""From the line, the running jobs, the free servers and the time: who starts next, if anybody."""


def simulate(jobs: Sequence[Job], servers: int, pick: Pick) -> None:
    """Fill in every `start`. All that happens at an instant is seen before anything starts."""
    coming = sorted(jobs, key=lambda job: (job.arrival, job.number))
    line: list[Job] = []
    running: list[Job] = []
    while coming or line:
        now = min([job.arrival for job in coming[:1]] + [job.finish for job in running])
        running = [job for job in running if job.finish > now]
        while coming and coming[0].arrival == now:
            line.append(coming.pop(0))
        while True:
            free = servers - sum(job.servers for job in running)
            chosen = pick(line, running, free, now)
            if chosen is None:
                break
            chosen.start = now
            line.remove(chosen)
            running.append(chosen)


def in_order(line: list[Job], _running: list[Job], free: int, _now: float) -> Job | None:
    """The least key first, then the order of arrival; nobody passes."""
    first = min(line, key=lambda job: (job.key, job.number), default=None)
    return first if first is not None and first.servers <= free else None


def easy(line: list[Job], running: list[Job], free: int, now: float) -> Job | None:
    """EASY: the head if it fits; otherwise the first that would not delay it, by everybody's estimates."""
    if not line:
        return None
    head = line[0]
    if head.servers <= free:
        return head
    ends = sorted({max(job.due, now) for job in running})
    for end in ends:
        available = free + sum(job.servers for job in running if max(job.due, now) <= end)
        if available >= head.servers:
            promised, extra = end, available - head.servers
            break
    for job in line[1:]:
        if job.servers <= free and (job.estimate <= promised - now or job.servers <= extra):
            return job
    return None
