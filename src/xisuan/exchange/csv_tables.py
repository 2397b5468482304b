"""Plans as CSV files: one per table, in UTF-8 with the byte order mark that Excel needs."""

from __future__ import annotations

from pathlib import Path

from xisuan.results.plan import Plan


def write_csv(plan: Plan, folder: Path) -> list[Path]:
    """Write every table of the plan to `folder`; return the paths of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.csv" for name in plan.tables]
    for path, frame in zip(paths, plan.tables.values(), strict=True):
        frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    return paths
