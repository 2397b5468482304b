"""Calls of Windows: memory, limits, locks and the tree of processes that a run starts, by psutil and msvcrt."""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
import threading
import time
from typing import IO, Any

CREATE_NEW_PROCESS_GROUP = 0x0000_0200
"""Flag of CreateProcess: Ctrl+C in the console of the server does not reach its runs."""
KILLED = 15
"""Return code that psutil gives a process which it kills."""
STEP = 0.1
"""Seconds between two checks of the limits of a process."""


def _psutil() -> Any:
    return importlib.import_module("psutil")


def peak_memory_mb() -> float:
    """Return the peak memory of this process so far, MB."""
    return float(_psutil().Process().memory_info().peak_wset) / 2**20


def total_memory_mb() -> float:
    """Return the physical memory of the machine, MB."""
    return float(_psutil().virtual_memory().total) / 2**20


def lock_file(file: IO[Any]) -> None:
    """Lock an open file until it is closed. Raises OSError if another process holds the lock."""
    msvcrt = importlib.import_module("msvcrt")
    file.seek(0)
    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)


def lower_priority(step: int) -> None:
    """Give this process the priority class below normal; `step` has no effect."""
    psutil = _psutil()
    psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)


def limit_process(cpu_seconds: int, file_bytes: int, further_bytes: int) -> None:
    """Limit this process from now on: processor seconds in all, bytes written, bytes of memory beyond its present use.

    Windows has no such limits for one process: a thread checks them ten times a second and ends the process.
    """
    psutil = _psutil()
    process = psutil.Process()
    most = process.memory_info().rss + further_bytes
    written = process.io_counters().write_bytes + file_bytes

    def watch() -> None:
        while (
            time.process_time() < cpu_seconds
            and process.memory_info().rss < most
            and process.io_counters().write_bytes < written
        ):
            time.sleep(STEP)
        os._exit(1)

    threading.Thread(target=watch, name="limits", daemon=True).start()


def is_orphan(parent: int) -> bool:
    """Return True if process `parent`, which started this one, has ended."""
    return not _psutil().pid_exists(parent)


def session_options() -> dict[str, Any]:
    """Return the arguments of `subprocess.Popen` for a process whose children can be ended together with it."""
    return {"creationflags": CREATE_NEW_PROCESS_GROUP}


def process_identity(pid: int) -> str:
    """Return a process by its number and starting time, since the system reuses numbers."""
    psutil = _psutil()
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return f"{pid} ended"
        return f"{pid} {process.create_time():.3f}"
    except psutil.NoSuchProcess:
        return f"{pid} ended"


def is_running(identity: str) -> bool:
    """Return True if the process of that identity still runs."""
    pid, _, born = identity.partition(" ")
    return bool(pid) and born != "ended" and process_identity(int(pid)) == identity


def session_memory_mb(identity: str) -> float:
    """Return the memory of a process and its children in MB; 0 if it has ended."""
    total = 0
    for process in _tree(identity):
        with contextlib.suppress(_psutil().Error):  # it may end during the check
            total += process.memory_info().rss
    return total / 2**20


def end_session(identity: str, child: subprocess.Popen[bytes] | None, grace: float) -> None:
    """End a process and its children at once: Windows has no signal that asks a process without a window to end.

    `child`: the handle of the process, if this process started it; it is reaped within `grace` seconds.
    """
    psutil = _psutil()
    processes = _tree(identity)
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    if child is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace)
    psutil.wait_procs(processes, timeout=grace)


def _tree(identity: str) -> list[Any]:
    """Return a process and its descendants, the process itself last; empty if it has ended."""
    if not is_running(identity):
        return []
    psutil = _psutil()
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(int(identity.partition(" ")[0]))
        return [*process.children(recursive=True), process]
    return []
