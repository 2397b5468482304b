"""Build the shipped scenario `guizhou` from data/facts: `python -m tools.build_guizhou [--out DIR]`.

Same facts, same bytes. No network, no clock, no randomness. What is estimated says so in its row, with its range in
`estimates` and its reasoning in docs/explanation/data.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from tools.guizhou import (
    access,
    climate,
    demand,
    fleet,
    halls,
    network,
    places,
    rules,
    sources,
    supply,
    tariffs,
    technologies,
)
from tools.guizhou.book import Book, text, write_csv

OUT = Path(__file__).resolve().parents[1] / "src" / "xisuan" / "library" / "guizhou"

WEATHER = "pue-model;worldclim"
"""Sources of the hourly profiles."""

SCENARIO = """\
name = "guizhou"
title = "Guizhou in East Data, West Computing, 2026-2030"
title_zh = "东数西算中的贵州(2026-2030)"
extends = ""
base_year = 2026
discount_rate = 0.06
as_of = 2025-12-31
periods = [2026, 2027, 2028, 2029, 2030]
last_period_years = 1
hours = "days:4"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"

[report]
region = "Guizhou"
"""


PARTS = (
    places,
    technologies,
    fleet,
    halls,
    demand,
    network,
    tariffs,
    supply,
    climate,
    rules,
    access,
    sources,
)
"""Modules that write tables, in the order of the estimates."""


def build() -> Book:
    """All tables but `profiles`."""
    book = Book()
    for part in PARTS:
        part.write(book)
    return book


def write_profiles(folder: Path) -> None:
    """Table `profiles`: 8,760 rows of hourly PUE, solar and wind, four decimals."""
    profiles = climate.profiles()
    columns = np.column_stack([np.round(values, 4) for values in profiles.values()])
    lines = [
        [str(hour), *(text(float(value)) for value in row), WEATHER, "estimate"] for hour, row in enumerate(columns)
    ]
    write_csv(folder / "profiles.csv", ["hour", *profiles, "source", "quality"], lines)


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou from data/facts.")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8", newline="\n")
    build().write(folder)
    write_profiles(folder)


if __name__ == "__main__":
    main()
