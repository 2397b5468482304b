"""B1: simulated job events per second, and memory."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.process import measure
from benchmarks.tables import table

SERVERS = 100
TIMEOUT = 600.0
HEAD = ("queue", "jobs", "seconds", "M events/s", "peak MB")


def run(quick: bool) -> Iterator[str]:
    """Simulate M/M/100 at 90 % load as a stream of jobs.

    Requirement: at least 2 million events a second, and memory that does not grow from 10⁵ to 10⁷ jobs. A job has two
    events, arrival and end. Drawing the jobs and keeping all percentiles are timed; compiling is not. Medians of three.
    """
    sizes = (100_000, 1_000_000) if quick else (100_000, 1_000_000, 10_000_000)
    cases = [("fcfs", size) for size in sizes] + [(queue, 1_000_000) for queue in ("easy", "edf", "fair", "shared")]
    yield table(HEAD, [_row(queue, size) for queue, size in cases]) + "\n"


def _row(queue: str, size: int) -> tuple[str, ...]:
    runs = [
        measure(["-m", "benchmarks.serving", "streamed", str(size), str(SERVERS), queue], TIMEOUT) for _ in range(3)
    ]
    failed = [found.failure for found in runs if found.failure]
    if failed:
        return (queue, f"{size:,}", failed[0], "", "")
    seconds = statistics.median(found.answer["seconds"] for found in runs)
    peak = statistics.median(found.answer["peak_mb"] for found in runs)
    return (queue, f"{size:,}", f"{seconds:.2f}", f"{2e-6 * size / seconds:.2f}", f"{peak:.0f}")
