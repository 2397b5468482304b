"""A1: build a model and hand it to HiGHS, beside linopy and PyPSA."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

HOURS = ("hours:24", "hours:168", "hours:730", "year")
QUICK = ("hours:24", "hours:168")
SHORT = 20.0
"""Runs shorter than this many seconds are repeated three times."""
TIMEOUT = 1800.0
PEERS = ("linopy", "pypsa")
HEAD = ("scenario", "hours", "tool", "columns", "non-zeros", "build s", "hand over s", "s/M", "MB/M built",
        "MB/M handed over", "time ÷ ours", "memory ÷ ours")  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Build a model of one period and hand it to HiGHS.

    Requirement: at most 1.2 s and 200 MB per million columns, and never more than linopy or PyPSA at the same size.
    Seconds are processor seconds. "/M" is per million columns of xisuan's model for every tool; PyPSA's model of the same
    scenario has more columns. Memory is the peak above what the process held before, once when the model is built and
    once when HiGHS holds its copy. Runs shorter than 20 s are repeated three times and the median is shown.
    """
    for name in ("china", "guizhou-days"):
        rows = [row for hours in (QUICK if quick else HOURS) for row in _size(name, hours)]
        yield table(HEAD, rows) + "\n"


def _size(name: str, hours: str) -> Iterator[tuple[str, ...]]:
    ours = _median("xisuan", name, hours)
    for tool in ("xisuan", *PEERS):
        found = ours if tool == "xisuan" else _median(tool, name, hours)
        yield _row(name, hours, tool, found, ours)
        if found.failure and tool == "xisuan":
            return


def _median(tool: str, name: str, hours: str) -> Outcome:
    """Return the run with the median processor time of three, or the only run if it is long or fails."""
    arguments = ["-m", "benchmarks.building", tool, name, hours]
    runs = [measure(arguments, TIMEOUT)]
    while runs[0].seconds < SHORT and len(runs) < 3 and not runs[-1].failure:
        runs.append(measure(arguments, TIMEOUT))
    if runs[-1].failure:
        return runs[-1]
    middle = statistics.median_low(_seconds(run) for run in runs)
    return next(run for run in runs if _seconds(run) == middle)


def _seconds(found: Outcome) -> float:
    return float(found.answer["build"] + found.answer["hand"])


def _row(name: str, hours: str, tool: str, found: Outcome, ours: Outcome) -> tuple[str, ...]:
    if found.failure or ours.failure:
        return (name, hours, tool, found.failure, *[""] * (len(HEAD) - 4))
    of, millions = found.answer, ours.answer["columns"] / 1e6
    return (
        name, hours, tool, *(f"{of[size]:,}" for size in ("columns", "nonzeros")),
        f"{of['build']:.2f}", f"{of['hand']:.2f}", f"{_seconds(found) / millions:.2f}",
        f"{of['built_mb'] / millions:.0f}", f"{of['peak_mb'] / millions:.0f}",
        f"{_seconds(found) / _seconds(ours):.1f}", f"{of['peak_mb'] / ours.answer['peak_mb']:.1f}",
    )  # fmt: skip
