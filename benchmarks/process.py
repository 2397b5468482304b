"""Run one measurement in a process of its own: wall time, peak memory, and its output in JSON."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

ROOT = Path(__file__).parents[1]
MOST_GB = 11
"""Limit of a process's own memory (GB), without shared memory and mapped files.

A tool that needs more is reported as failed. Peaks include the resident part of mapped files.
"""


@dataclass(frozen=True)
class Outcome:
    """Outcome of a process.

    Wall seconds, peak memory in MB, the answer or the reason of the failure, and the processor seconds of its threads
    and of the processes it waited for.
    """

    seconds: float
    peak_mb: float
    answer: dict[str, Any] = field(default_factory=dict)
    failure: str = ""
    processor_seconds: float = float("nan")


def measure(
    arguments: list[str], timeout: float = 3600.0, environment: Mapping[str, str] = MappingProxyType({})
) -> Outcome:
    """Run `python` with these arguments in a process, and return its outcome.

    The last line of its output is the answer, if it is JSON. A process that exceeds `timeout` seconds or `MOST_GB`
    fails.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdout=out, stderr=complaints, env={**os.environ, **environment}
        )
        resource.prlimit(child.pid, resource.RLIMIT_DATA, (MOST_GB * 2**30,) * 2)
        alarm = threading.Timer(timeout, child.kill)
        alarm.start()
        _, status, used = os.wait4(child.pid, 0)
        alarm.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        outcome = _outcome(child.returncode, seconds, used.ru_maxrss / 1024, _text(out), _text(complaints))
        return replace(outcome, processor_seconds=used.ru_utime + used.ru_stime)


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read().strip()


def _outcome(code: int, seconds: float, peak: float, out: str, complaints: str) -> Outcome:
    if code == 0:
        last = out.splitlines()[-1] if out else ""
        return Outcome(seconds, peak, json.loads(last) if last.startswith("{") else {})
    if code == -signal.SIGKILL:
        return Outcome(seconds, peak, failure=f"stopped after {seconds:.0f} s")
    if "MemoryError" in complaints or "bad_alloc" in complaints or "Cannot allocate" in complaints:
        return Outcome(seconds, peak, failure=f"more than {MOST_GB} GB")
    return Outcome(seconds, peak, failure=complaints.splitlines()[-1][:100] if complaints else f"exit code {code}")


def resident_mb() -> float:
    """Return the resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def forget_peak() -> None:
    """Reset the peak memory of this process (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """Return the peak memory of this process since `forget_peak`, MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
