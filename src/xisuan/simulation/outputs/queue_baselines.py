"""Comparison of a queue discipline with first come, first served, and with a lower bound for all disciplines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from xisuan.results.trace import Trace
from xisuan.simulation.core.compilation import cached_kernel
from xisuan.simulation.jobs import Floats, Jobs

COLUMNS = ("mean_wait_s", "p95_wait_s", "mean_response_s", "late_share", "utilisation", "end_s")
NOW, DONE, FULL = range(3)
"""Entries of the state: the time, the sum of completion times, the number of jobs in the heap."""


def with_baselines(found: Trace, baseline: Trace | None, bound: dict[str, float]) -> Trace:
    """Return the trace with table `queues`: the discipline simulated, the baseline if given, and the lower bound."""
    rows = [_row(trace) for trace in (found, baseline) if trace is not None]
    rows.append({"queue": "bound", **{name: bound.get(name, math.nan) for name in COLUMNS}})
    return replace(found, tables={**found.tables, "queues": pd.DataFrame(rows)})


def _row(trace: Trace) -> dict[str, Any]:
    whole = trace.counts.iloc[0]
    due, late = whole["due"] + whole["overdue"], whole["missed"] + whole["overdue"]
    share = late / due if due else math.nan
    figures = {name: trace.figures.get(name, math.nan) for name in COLUMNS}
    return {"queue": trace.given["queue"], **figures, "late_share": share}


def lower_bounds(trace: Iterable[Jobs], servers: int, finished: int) -> dict[str, float]:
    """Return lower bounds of any discipline on `servers` servers: mean response time and end of the last job, s.

    Empty if not all jobs were finished. A schedule on m servers is also feasible on a preemptive single server of speed
    m, where shortest remaining processing time minimises the sum of completion times (Schrage, Operations Research 16,
    1968; for several servers Sevcik 1974). A second bound is arrival + run time of each job.
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
    # Mean response: sum of completion times less arrivals on the fast server; at least the mean run time.
    response = max((float(state[DONE]) - arrived) / count, ran / count)
    return {"mean_response_s": response, "end_s": max(last, float(state[NOW]))}


@cached_kernel
def _shortest_first(heap: Floats, state: Floats, arrival: Floats, work: Floats, start: int, speed: float) -> int:
    """Process the arrivals from `start` on under shortest remaining processing time.

    Returns the index of the first arrival that did not fit into the heap, or the number of arrivals. `heap`: binary
    heap of remaining work. An arrival at inf empties the heap.
    """
    n = int(state[FULL])
    for i in range(start, len(arrival)):
        if n == len(heap):
            state[FULL] = n
            return i
        while n > 0 and state[NOW] < arrival[i]:
            # Serve the job of least remaining work until it ends or the next job arrives.
            ends = state[NOW] + heap[0] / speed
            if ends > arrival[i]:
                heap[0] -= (arrival[i] - state[NOW]) * speed
                break
            state[NOW] = ends
            state[DONE] += ends
            n -= 1
            # Remove the root: sift the last entry down.
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
        # Insert the arrival: sift up.
        at = n
        n += 1
        while at > 0 and heap[(at - 1) // 2] > work[i]:
            heap[at] = heap[(at - 1) // 2]
            at = (at - 1) // 2
        heap[at] = work[i]
    state[FULL] = n
    return len(arrival)
