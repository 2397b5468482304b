"""Where the third-party cases lie, and how a converter writes a scenario folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

CASES = Path(__file__).parents[2] / ".." / "shared" / "cases"
"""Data that this project does not own, beside the repository."""

ABSENT = f"THIRD-PARTY CASES NOT FOUND: {CASES} is not there, so no published optimum is checked"


def case(name: str) -> Path:
    """The file or folder of a case; the test is skipped, and says so at the end of the run, where there is none."""
    path = CASES / name
    if not path.exists():
        pytest.skip(ABSENT)
    return path


def write(folder: Path, settings: Mapping[str, object], tables: Mapping[str, pd.DataFrame]) -> Path:
    """A scenario folder of the public format, as a user would write it: scenario.toml and CSV files."""
    folder.mkdir(parents=True)
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (folder / "scenario.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder
