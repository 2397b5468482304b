"""A2: everything from `guizhou`: check, plan, certify, operate, ask for alternatives, write the report."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.process import measure
from benchmarks.tables import table


def run(quick: bool) -> Iterator[str]:
    """Wall time and peak memory of `xisuan run guizhou`. Bar: 5 min, 6 GB."""
    name = "starter" if quick else "guizhou"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        program = "import sys; from xisuan.cli.commands import main; sys.exit(main())"
        found = measure(["-c", program, "run", name, "--out", str(out)], timeout=1800.0)
        if found.failure:
            yield f"{name}: {found.failure}"
            return
        plan = json.loads((out / "plan.json").read_text())
        report = (out / "report.html").stat().st_size / 2**20
    row = (
        name, f"{plan['columns']:,}", f"{plan['seconds']:.1f}", f"{found.seconds:.0f}", f"{found.peak_mb / 1024:.2f}",
        f"{plan['gap']:.1e}", "yes" if plan["certificate"]["ok"] else "NO", f"{report:.1f}",
    )  # fmt: skip
    head = ("scenario", "columns", "solve s", "wall s", "peak GB", "gap", "certified", "report MB")
    yield table(head, [row])
