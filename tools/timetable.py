"""Write the timetable of a shipped scenario from a run of it: `python -m tools.timetable guizhou < progress.jsonl`.

Make the input on an idle machine: `xisuan --progress json run guizhou --out runs/guizhou 2> progress.jsonl`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "src" / "xisuan" / "cli" / "terminal" / "timetables.json"
SHORTEST = 1.0
"""Seconds of a stage below which it is part of the one before it."""


def table(lines: Iterable[str]) -> dict[str, object]:
    """Return the seconds at which each stage began for the first time, and those of the last line."""
    found = [json.loads(line) for line in lines if line.startswith("{")]
    begins: dict[str, float] = {}
    for line in found:
        begins.setdefault(line["stage"], line["at"])
    total = found[-1]["at"]
    ends = [*list(begins.values())[1:], total]
    kept = {
        stage: round(at, 1)
        for (stage, at), end in zip(begins.items(), ends, strict=True)
        if end - at >= SHORTEST or at == found[0]["at"]
    }
    return {"begins": kept, "total": round(total, 1)}


def main() -> None:
    """Replace the timetable of the scenario that is named."""
    tables = json.loads(FILE.read_text(encoding="utf-8"))
    tables[sys.argv[1]] = table(sys.stdin)
    FILE.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
