"""A second implementation of queues, written to be read: lists, sorting, no heap, nothing shared with the package."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
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


def first_come_log(jobs: Sequence[Job], servers: int) -> None:
    """`in_order` for whole logs, another way: each job starts when the one before it has, it is there, and it fits."""
    ends: list[tuple[float, int]] = []
    free, now = servers, 0.0
    for job in jobs:
        now = max(now, job.arrival)
        while ends and (ends[0][0] <= now or free < job.servers):
            end, back = heapq.heappop(ends)
            free, now = free + back, max(now, end)
        job.start = now
        free -= job.servers
        heapq.heappush(ends, (job.finish, job.servers))


def easy_log(jobs: Sequence[Job], servers: int) -> None:
    """`easy` for whole logs: one pass along the line at each instant, running jobs kept as they are due."""
    ends: list[tuple[float, int]] = []
    due: list[tuple[float, int]] = []
    line: list[Job] = []
    free, at, now = servers, 0, 0.0

    def begin(job: Job) -> None:
        job.start = now
        heapq.heappush(ends, (job.finish, job.number))
        insort(due, (job.due, job.number))

    by_number = {job.number: job for job in jobs}
    while at < len(jobs) or line:
        now = min([end for end, _ in ends[:1]] + [job.arrival for job in jobs[at : at + 1]])
        while ends and ends[0][0] <= now:
            job = by_number[heapq.heappop(ends)[1]]
            free += job.servers
            del due[bisect_left(due, (job.due, job.number))]
        while at < len(jobs) and jobs[at].arrival == now:
            line.append(jobs[at])
            at += 1
        while line and line[0].servers <= free:
            free -= line[0].servers
            begin(line.pop(0))
        if not line:
            continue
        promised, extra = _promise(line[0].servers, free, [(max(end, now), by_number[n].servers) for end, n in due])
        kept = line[:1]
        for job in line[1:]:
            in_time = job.estimate <= promised - now
            if job.servers <= free and (in_time or job.servers <= extra):
                free, extra = free - job.servers, extra if in_time else extra - job.servers
                begin(job)
            else:
                kept.append(job)
        line = kept


def _promise(need: int, free: int, due: list[tuple[float, int]]) -> tuple[float, int]:
    """When the head fits by everybody's estimates, and what is then left over."""
    at = 0
    while free < need:
        promised = due[at][0]
        free, at = free + due[at][1], at + 1
    while at < len(due) and due[at][0] <= promised:
        free, at = free + due[at][1], at + 1
    return promised, free - need
