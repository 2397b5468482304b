"""A2: everything from a shipped scenario: check, plan, certify, operate, what a decision rests on, the report."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import measure
from benchmarks.tables import table

RUNS = (("guizhou", "--quick"), ("guizhou", ""), ("china", ""), ("guizhou-2023", ""))
HEAD = (
    "run", "columns", "solve s", "wall s", "processor s", "peak GB", "gap", "certified", "report MB",
)  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Wall and processor time, and peak memory, of runs. Bar, on an idle machine: check, plan, operate, certify and report
    of `guizhou`, which is its quick run, in 5 min and 6 GB.

    A whole run adds what a decision rests on: other days and a week, and plans made again and again. `china` is planned on
    all hours of its year: ten million columns, seven to eight GB. The peak is that of the largest process; the processor's
    time is that of all.
    """
    for name, option in (("starter", ""),) if quick else RUNS:
        yield _row(name, [option] if option else [])


def _row(name: str, options: list[str]) -> str:
    """One scenario, all that `xisuan run` does with it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        program = "import sys; from xisuan.cli.main import main; sys.exit(main())"
        found = measure(["-c", program, "run", name, *options, "--out", str(out)], timeout=1800.0)
        if found.failure:
            return f"{name}: {found.failure}"
        plan = json.loads((out / "plan.json").read_text())
        report = (out / "report.html").stat().st_size / 2**20
    row = (
        " ".join([name, *options]), f"{plan['columns']:,}", f"{plan['seconds']:.1f}", f"{found.seconds:.0f}",
        f"{found.processor_seconds:.0f}", f"{found.peak_mb / 1024:.2f}", f"{plan['gap']:.1e}",
        "yes" if plan["certificate"]["ok"] else "NO", f"{report:.1f}",
    )  # fmt: skip
    return table(HEAD, [row])
