"""A7: one worker process and several, and plans operated on the year."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import Outcome, measure
from benchmarks.tables import table

SCENARIOS = ("starter", "guizhou-2023", "guizhou-days")
QUICK = ("starter",)
HEAD = ("scenario", "workers", "columns", "non-zeros", "seconds", "peak GB", "gap", "cost", "time ÷ two")
TIMEOUT = 4 * 3600.0
HOURS = (744, 8760)
QUICK_HOURS = (168,)
WORKERS = (1, 2, 4)
GAP = 1e-3
SHARED = (
    "hours",
    "workers",
    "columns",
    "seconds",
    "iterations",
    "gap",
    "peak GB",
    "of the others",
    "objective",
    "time ÷ two",
)


def run(quick: bool) -> Iterator[str]:
    """Share a solve between processes, and operate plans on all hours of the year.

    First table: `china` by the structured method, its hours shared between processes of one thread each. Seconds run from
    handing over the arrays to the proven solution, compilation left out. Second table: the command
    `xisuan operate SCENARIO --hours year` on a plan made just before, with its default gap. Seconds are those of the
    command, reading and writing included; the peak is that of its largest process.
    """
    rows: list[tuple[str, ...]] = []
    for hours in QUICK_HOURS if quick else HOURS:
        found = {workers: _shared(hours, workers) for workers in (WORKERS[:2] if quick else WORKERS)}
        rows += [_shared_row(hours, workers, one, found[2]) for workers, one in found.items()]
    yield table(SHARED, rows)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for scenario in QUICK if quick else SCENARIOS:
            plan = Path(folder) / scenario
            measure(["-m", "xisuan", "plan", scenario, "--out", str(plan)], TIMEOUT)
            two = _operated(scenario, plan, 2)
            rows += [_row(scenario, 2, two, two), _row(scenario, 1, _operated(scenario, plan, 1), two)]
    yield table(HEAD, rows)


def _shared(hours: int, workers: int) -> Outcome:
    return measure(["-m", "benchmarks.week", "structured", f"hours:{hours}", str(GAP), str(workers)], TIMEOUT)


def _shared_row(hours: int, workers: int, found: Outcome, two: Outcome) -> tuple[str, ...]:
    if found.failure or two.failure:
        return (str(hours), str(workers), found.failure, *[""] * (len(SHARED) - 3))
    of = found.answer
    return (
        str(hours), str(workers), f"{of['columns']:,}", f"{of['seconds']:.0f}", f"{of['iterations']:,}",
        f"{of['gap']:.1e}", f"{of['peak_mb'] / 1024:.2f}", f"{of['peak_mb_of_others'] / 1024:.2f}",
        f"{of['objective']:.3f}", f"{of['seconds'] / two.answer['seconds']:.2f}",
    )  # fmt: skip


def _operated(scenario: str, plan: Path, workers: int) -> Outcome:
    out = plan.with_name(f"{scenario}-{workers}")
    asked = ["operate", scenario, "--plan", str(plan), "--hours", "year", "--workers", str(workers), "--out", str(out)]
    found = measure(["-m", "xisuan", *asked, "--json"], TIMEOUT)
    document = out / "schedule.json"
    answer = json.loads(document.read_text(encoding="utf-8")) if document.is_file() else {}
    return Outcome(found.seconds, found.peak_mb, answer, found.failure)


def _row(scenario: str, workers: int, found: Outcome, two: Outcome) -> tuple[str, ...]:
    if found.failure:
        return (scenario, str(workers), found.failure, *[""] * (len(HEAD) - 3))
    of = found.answer["effort"]
    return (
        scenario, str(workers), f"{of['columns']:,}", f"{of['nonzeros']:,}", f"{found.seconds:.0f}",
        f"{found.peak_mb / 1024:.2f}", f"{found.answer['gap']:.1e}", f"{found.answer['cost_mcny']:.3f}",
        f"{found.seconds / two.seconds:.2f}",
    )  # fmt: skip
