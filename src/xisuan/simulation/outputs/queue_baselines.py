"""What stands beside a trace under a queue: first come, first served, and the least that any queue could take."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from xisuan.results.trace import Trace
from xisuan.simulation.core.compilation import entry
from xisuan.simulation.jobs import Floats, Jobs

COLUMNS = ("mean_wait_s", "p95_wait_s", "mean_response_s", "late_share", "utilisation", "end_s")
NOW, DONE, FULL = range(3)
"""Entries of the state: the time, the sum of the times at which jobs were done, how many are in the heap."""


def beside(found: Trace, baseline: Trace | None, bound: dict[str, float]) -> Trace:
    """The trace with table `queues`: what was asked for, the baseline unless it is that, and the bound."""
    rows = [_row(trace) for trace in (found, baseline) if trace is not None]
    rows.append({"queue": "bound", **{name: bound.get(name, math.nan) for name in COLUMNS}})
    return replace(found, tables={**found.tables, "queues": pd.DataFrame(rows)})


def _row(trace: Trace) -> dict[str, Any]:
    whole = trace.counts.iloc[0]
    due, late = whole["due"] + whole["overdue"], whole["missed"] + whole["overdue"]
    share = late / due if due else math.nan
    figures = {name: trace.figures.get(name, math.nan) for name in COLUMNS}
    return {"queue": trace.given["queue"], **figures, "late_share": share}


def least(trace: Iterable[Jobs], servers: int, finished: int) -> dict[str, float]:
    """What no queue can beat on so many servers: mean response and the end of the last job. Empty where not all were done.

    Any schedule of jobs on m servers is one of their work on a single server m times as fast that may be interrupted, and
    there the shortest remaining work first has the least sum of times (Schrage, Operations Research 16, 1968; for several
    servers Sevcik 1974). Nor is a job done before its arrival and its run time.
    """
    heap, state = np.zeros(1024), np.zeros(3)
    count, arrived, ran, last = 0, 0.0, 0.0, 0.0
    for piece in trace:
        kept = piece.servers <= servers
        arrival, run = piece.arrival[kept], piece.run[kept]
        if not len(arrival):
            continue
        work, at = run * piece.servers[kept], 0
        while (at := _shortest_first(heap, state, arrival, work, at, float(servers))) < len(arrival):
            heap = np.concatenate([heap, np.zeros(len(heap))])
        count, arrived, ran = count + len(arrival), arrived + float(arrival.sum()), ran + float(run.sum())
        last = max(last, float((arrival + run).max()))
    _shortest_first(heap, state, np.array([math.inf]), np.zeros(1), 0, float(servers))
    if not count or count != finished:
        return {}
    response = max((float(state[DONE]) - arrived) / count, ran / count)
    return {"mean_response_s": response, "end_s": max(last, float(state[NOW]))}


@entry
def _shortest_first(heap: Floats, state: Floats, arrival: Floats, work: Floats, start: int, speed: float) -> int:
    """Go on to each arrival from `start` on, the job of least work left first; the first that found no room in the heap.

    An arrival at inf only empties the heap, a binary one of what is left of each job.
    """
    n = int(state[FULL])
    for i in range(start, len(arrival)):
        if n == len(heap):
            state[FULL] = n
            return i
        while n > 0 and state[NOW] < arrival[i]:
            ends = state[NOW] + heap[0] / speed
            if ends > arrival[i]:
                heap[0] -= (arrival[i] - state[NOW]) * speed
                break
            state[NOW] = ends
            state[DONE] += ends
            n -= 1
            value, at = heap[n], 0
            while 2 * at + 1 < n:
                down = 2 * at + 1
                if down + 1 < n and heap[down + 1] < heap[down]:
                    down += 1
                if value <= heap[down]:
                    break
                heap[at] = heap[down]
                at = down
            heap[at] = value
        if arrival[i] == math.inf:
            break
        state[NOW] = max(state[NOW], arrival[i])
        at = n
        n += 1
        while at > 0 and heap[(at - 1) // 2] > work[i]:
            heap[at] = heap[(at - 1) // 2]
            at = (at - 1) // 2
        heap[at] = work[i]
    state[FULL] = n
    return len(arrival)
