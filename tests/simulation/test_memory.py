"""Memory does not grow with the length of a trace: the peak of a process of its own, ten times the jobs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import re, sys
from pathlib import Path
import numpy as np
from xisuan.simulation.jobs import jobs
from xisuan.simulation.serve import serve
from xisuan.simulation.arrivals.trace_files import open_trace

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

def drawn(count):
    rng, now = np.random.default_rng(1), 0.0
    for _ in range(0, count, 50_000):
        arrival = now + np.cumsum(rng.exponential(1.0, 50_000))
        now = float(arrival[-1])
        yield jobs(arrival, rng.exponential(7.0, 50_000))

kind, queue, sizes = sys.argv[1], sys.argv[2], [int(size) for size in sys.argv[3:5]]
serve(drawn(50_000), 8, queue)
for size, path in zip(sizes, sys.argv[5:] or sizes):
    if kind == "file":
        next(iter(open_trace(path)))
    Path("/proc/self/clear_refs").write_text("5")  # what was needed before is forgotten
    before = peak()
    found = serve(drawn(size) if kind == "stream" else open_trace(path), 8, queue).figures
    assert found["finished"] == size, found
    print(peak() - before)
"""


def growth(*words: str) -> tuple[float, float]:
    """MB by which the peaks of two runs lie above what the process held before them."""
    done = subprocess.run([sys.executable, "-c", CHILD, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    short, long = map(float, done.stdout.split())
    return short, long


pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are reset by Linux only")


@pytest.mark.parametrize("queue", ["fcfs", "easy"])
def test_a_stream_of_a_hundred_thousand_and_of_a_million(queue: str) -> None:
    """Columns of 900,000 more jobs would be 100 MB; allowed are 8 for what the allocator keeps."""
    short, long = growth("stream", queue, "100000", "1000000")
    assert long < short + 8


def test_a_file(tmp_path: Path) -> None:
    """180,000 lines more, read as they are needed; as rows they would be 60 MB."""
    files = []
    for size in (70_000, 250_000):
        path = tmp_path / f"{size}.csv"
        path.write_text("arrival_s,run_s\n" + "".join(f"{at},7.5\n" for at in range(size)))
        files.append(str(path))
    short, long = growth("file", "fcfs", "70000", "250000", *files)
    assert long < short + 8
