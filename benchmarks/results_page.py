"""Write docs/gnomon/method/results.md from the result files: `python -m benchmarks.results_page`."""

from __future__ import annotations

import re
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
PAGE = Path(__file__).parents[1] / "docs" / "gnomon" / "method" / "results.md"
HEAD = """# Results

The tables are those of the benchmarks, which also name machine, load, versions and commit. This page is written by
`python -m benchmarks.results_page`.
"""
SECTIONS = (
    ("A week against other solvers", "A national week of a planning model to a gap of 1e-6.", "a4_week", "solver"),
    ("Networks", "Capacity expansion of PyPSA networks to a gap of 1e-4.", "networks", "hours"),
    ("Growth", "Hours, futures, years and processes, to a gap of 1e-3.", "a8_growth", "what"),
    ("Operation on all hours", "Plans with fixed capacities on 8,760 hours a period.", "a7_year", "plan"),
    ("Steering numbers", "Each number of the method halved and doubled on a fixed suite.", "ablation", "number"),
)
"""Heading, sentence, result file, and first heading of the table's columns."""


def page() -> str:
    """Return the page; a section without a result file is left out."""
    parts = [HEAD]
    for heading, sentence, file, first in SECTIONS:
        path = RESULTS / f"{file}.md"
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        link = f"[{file}](../../../benchmarks/results/{file}.md)"
        parts.append(f"## {heading}\n\n{sentence} {_environment(text)}; {link}.\n\n{_table(text, first)}\n")
    return "\n".join(parts)


def _table(text: str, first: str) -> str:
    """Return the first table whose first column has this heading."""
    return next(
        table for table in re.findall(r"(?:^\|.*\n?)+", text, re.M) if table[1:].split("|")[0].strip() == first
    ).strip()


def _environment(text: str) -> str:
    """Return machine and date of a result file."""
    found = dict(re.findall(r"^\| (\w+) +\| (.*?) *\|$", text, re.M))
    return f"{found['machine']}, {found['date']}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
