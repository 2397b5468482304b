"""B2: the same jobs through SimPy and Ciw."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.process import measure
from benchmarks.tables import table

JOBS, QUICK_JOBS = 100_000, 20_000
TIMEOUT = 1200.0
HEAD = ("servers", "tool", "jobs", "seconds", "mean wait", "time ÷ ours")


def run(quick: bool) -> Iterator[str]:
    """M/M/1 and M/M/100 at 90 % load, first come first served: the same arrivals and service times for all three, so
    the mean wait must be the same. Medians of three. Bar: ≥ 50 × faster than either.
    Ours is timed with drawing the jobs and keeping percentiles, theirs without.
    """
    size = QUICK_JOBS if quick else JOBS
    rows: list[tuple[str, ...]] = []
    for servers in (1, 100):
        ours = 0.0
        for tool in ("xisuan", "simpy", "ciw"):
            found = [
                measure(["-m", "benchmarks.serving", tool, str(size), str(servers), "fcfs"], TIMEOUT) for _ in range(3)
            ]
            failed = [one.failure for one in found if one.failure]
            if failed:
                rows.append((str(servers), tool, f"{size:,}", failed[0], "", ""))
                continue
            seconds = statistics.median(one.answer["seconds"] for one in found)
            ours = ours or seconds
            wait = found[0].answer["wait"]
            rows.append((str(servers), tool, f"{size:,}", f"{seconds:.3f}", f"{wait:.6f}", f"{seconds / ours:.0f}"))
    yield table(HEAD, rows) + "\n"
