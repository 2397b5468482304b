"""B2: the same jobs by SimPy and Ciw."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.process import measure
from benchmarks.tables import table

SIZES, QUICK_SIZES = (100_000, 1_000_000), (20_000,)
LARGE = 1_000_000
"""Number of jobs from which SimPy and Ciw run once instead of three times."""
TIMEOUT = 1200.0
HEAD = ("servers", "tool", "jobs", "seconds", "mean wait", "time ÷ ours")


def run(quick: bool) -> Iterator[str]:
    """Simulate M/M/1 and M/M/100 at 90 % load, first come first served.

    Requirement: at least 50 times faster than either. All three get the same arrivals and service times before the clock
    starts, so the mean waits must be equal. Processor seconds, medians of three. SimPy's model is the usual one: one
    process per job, one resource, a sum of waits. xisuan also keeps percentiles of three measures and utilisation.
    """
    rows: list[tuple[str, ...]] = []
    for size, servers in ((size, servers) for size in (QUICK_SIZES if quick else SIZES) for servers in (1, 100)):
        ours = 0.0
        for tool in ("xisuan", "simpy", "ciw"):
            runs = 1 if size >= LARGE and tool != "xisuan" else 3
            words = ["-m", "benchmarks.serving", tool, str(size), str(servers), "fcfs"]
            found = [measure(words, TIMEOUT) for _ in range(runs)]
            failed = [one.failure for one in found if one.failure]
            if failed:
                rows.append((str(servers), tool, f"{size:,}", failed[0], "", ""))
                continue
            seconds = statistics.median(one.answer["seconds"] for one in found)
            ours = ours or seconds
            wait = found[0].answer["wait"]
            rows.append((str(servers), tool, f"{size:,}", f"{seconds:.3f}", f"{wait:.6f}", f"{seconds / ours:.0f}"))
    yield table(HEAD, rows) + "\n"
