"""A2: `xisuan run` on shipped scenarios."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import measure
from benchmarks.tables import table

RUNS = (("starter", ""), ("guizhou", "--quick"), ("guizhou", ""), ("china", ""), ("guizhou-2023", ""))
HEAD = (
    "run", "columns", "solve s", "wall s", "processor s", "peak GB", "gap", "certified", "report MB",
)  # fmt: skip


def run(quick: bool) -> Iterator[str]:
    """Run shipped scenarios from end to end.

    Requirement on an idle machine: `starter`, the first plan of `xisuan demo`, in 20 seconds, and `run --quick guizhou`
    (check, plan, operate, certify, report) in 5 minutes and 6 GB.
    A run without `--quick` adds the analyses that solve the model again. `china` is planned on all hours of its year.
    The peak is that of the largest process; processor seconds are those of all processes.
    """
    runs = (("starter", ""),) if quick else RUNS
    yield table(HEAD, [_row(name, [option] if option else []) for name, option in runs])


def _row(name: str, options: list[str]) -> tuple[str, ...]:
    """Return the table row of one scenario after running it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        program = "import sys; from xisuan.cli.main import main; sys.exit(main())"
        found = measure(["-c", program, "run", name, *options, "--out", str(out)], timeout=1800.0)
        if found.failure:
            return (name, found.failure, *[""] * (len(HEAD) - 2))
        plan = json.loads((out / "plan.json").read_text())
        report = (out / "report.html").stat().st_size / 2**20
    return (
        " ".join([name, *options]), f"{plan['columns']:,}", f"{plan['seconds']:.1f}", f"{found.seconds:.0f}",
        f"{found.processor_seconds:.0f}", f"{found.peak_mb / 1024:.2f}", f"{plan['gap']:.1e}",
        "yes" if plan["certificate"]["ok"] else "NO", f"{report:.1f}",
    )  # fmt: skip
