"""Calls of Linux and macOS: memory, limits, locks and the session of processes that a run starts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

KILLED = -int(signal.SIGKILL)
"""Return code of a process that was killed, by hand or by the system for lack of memory."""


def peak_memory_mb() -> float:
    """Return the peak memory of this process so far, MB."""
    unit = 1024.0**2 if sys.platform == "darwin" else 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def total_memory_mb() -> float:
    """Return the physical memory of the machine, MB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20


def lock_file(file: IO[Any]) -> None:
    """Lock an open file until it is closed. Raises OSError if another process holds the lock."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lower_priority(step: int) -> None:
    """Raise the nice value of this process by `step`."""
    os.nice(step)


def limit_process(cpu_seconds: int, file_bytes: int, further_bytes: int) -> None:
    """Limit this process from now on: processor seconds in all, bytes of a file, bytes of memory beyond its present use.

    A process beyond its processor time is ended, a larger file raises OSError (EFBIG), more memory MemoryError.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # systems without /proc do not enforce this limit either
        status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        most = int(status["VmData"].split()[0]) * 1024 + further_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def is_orphan(parent: int) -> bool:
    """Return True if process `parent`, which started this one, has ended."""
    return os.getppid() != parent


def session_options() -> dict[str, Any]:
    """Return the arguments of `subprocess.Popen` for a process whose children can be ended together with it."""
    return {"start_new_session": True}


def process_identity(pid: int) -> str:
    """Return a process by its number and starting time, since the system reuses numbers."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return f"{pid} {fields[19]}" if fields[0] != "Z" else f"{pid} ended"
    except OSError:
        pass
    if Path("/proc/self/stat").is_file():
        return f"{pid} ended"
    asked = ["ps", "-o", "lstart=", "-p", str(pid)]
    born = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return f"{pid} {born or 'ended'}"


def is_running(identity: str) -> bool:
    """Return True if the process of that identity still runs."""
    pid, _, born = identity.partition(" ")
    return bool(pid) and born != "ended" and process_identity(int(pid)) == identity


def session_memory_mb(identity: str) -> float:
    """Return the memory of a process and its children in MB; 0 if the system does not report it."""
    session, pages = identity.partition(" ")[0], 0
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # it may end during the check
            if (
                place.joinpath("stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[3]
                == session
            ):
                pages += int(place.joinpath("statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def end_session(identity: str, child: subprocess.Popen[bytes] | None, grace: float) -> None:
    """End a process and its children: first by SIGTERM, after `grace` seconds by SIGKILL.

    `child`: the handle of the process, if this process started it; it is reaped.
    """
    if child is None and not is_running(identity):
        return
    pid = int(identity.partition(" ")[0])
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)
        end = time.monotonic() + grace
        while time.monotonic() < end:
            if child is not None and child.poll() is not None:
                return
            if child is None and not is_running(identity):
                return
            time.sleep(0.05)
