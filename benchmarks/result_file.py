"""Result files of benchmarks in benchmarks/results/, with date, machine and versions."""

from __future__ import annotations

import importlib.metadata
import inspect
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType

from benchmarks.tables import table

FOLDER = Path(__file__).with_name("results")
PACKAGES = ("xisuan", "highspy", "numpy", "scipy", "pandas", "linopy", "pypsa", "numba", "simpy", "ciw")


def write(module: ModuleType, began: str, texts: Sequence[str]) -> Path:
    """Write the result file of a benchmark and return its path.

    began: the environment when the benchmark began. texts: what its `run` yielded.
    """
    title = inspect.cleandoc(module.__doc__ or "").splitlines()[0].rstrip(".")
    parts = [f"# {title}", measured(module), began, *(text.strip() for text in texts)]
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{module.__name__.rpartition('.')[2]}.md"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def measured(module: ModuleType) -> str:
    """Return the description of a benchmark, from the docstring of its `run`."""
    return inspect.cleandoc(module.run.__doc__ or "")


def environment() -> str:
    """Return the date, the machine, its load and the versions as a table in Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = {
        "date": str(date.today()),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}",
        "load average": f"{os.getloadavg()[0]:.1f} when the benchmark began",
        "versions": ", ".join([f"Python {platform.python_version()}", *map(_version, PACKAGES)]),
        "commit": _commit(),
    }
    return table(("measured on", ""), list(rows.items()))


def _version(name: str) -> str:
    return f"{name} {importlib.metadata.version(name)}"


def _commit() -> str:
    """Return the commit, with a note if files of src differ from it."""
    changed = " with changes in src" if _git("status", "--porcelain", "--", "src") else ""
    return _git("rev-parse", "--short", "HEAD") + changed


def _git(*command: str) -> str:
    done = subprocess.run(["git", *command], cwd=FOLDER.parents[1], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
