"""The same scenario in another form: Parquet files, or a folder that extends another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from tests.oracle.drawn.dice import Dice, Rows
from tests.oracle.drawn.whole import Tables, scenario, write

CHANGED = {
    "demand": "units",
    "technologies": "capex_mcny_per_unit",
    "halls": "capex_mcny_per_mw",
    "power": "demand_charge_cny_per_kw_month",
    "policies": "value",
    "measures": "capex_cny_per_unit",
}
"""Columns in which the folder that is extended differs: rows of the same key take their place."""


def draw_both(seed: int, folder: Path, without: frozenset[str] = frozenset()) -> tuple[Path, Path]:
    """Write the scenario of a seed as plain CSV files and in a form that is drawn too; return both folders, the latter
    first."""
    settings, tables = scenario(seed, without)
    d = Dice(seed + 1_000_000, without)
    flat, given = folder / "flat", folder / "given"
    write(flat, settings, tables)
    if d.chance(0.15, "parquet"):
        _parquet(flat, given)
    elif d.chance(0.25, "layers"):
        _layers(d, folder, settings, tables)
    else:
        return flat, flat
    return given, flat


def _parquet(flat: Path, given: Path) -> None:
    """Write every table as Parquet: numbers where all cells are, else texts."""
    given.mkdir()
    (given / "scenario.toml").write_text((flat / "scenario.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for file in flat.glob("*.csv"):
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in frame:
            number = pd.to_numeric(frame[column], errors="coerce")
            if (number.notna() | (frame[column] == "")).all() and number.notna().any():
                frame[column] = number
        frame.to_parquet(given / f"{file.stem}.parquet")


def _layers(d: Dice, folder: Path, settings: dict[str, Any], tables: Tables) -> None:
    """Write a base with other figures and one region more, and a folder that replaces and drops them."""
    base: Tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    own: Tables = {}
    for name, column in CHANGED.items():
        for row in base.get(name, []):
            if row.get(column, "") != "" and d.chance(0.5):
                own.setdefault(name, []).append(dict(row))
                row[column] = round(float(row[column]) * 0.9, 6)
    if base.get("demand"):
        base["regions"].append(base["regions"][0] | {"region": "RX"})
        base["demand"] += [row | {"region": "RX"} for row in _of_first(base["demand"])]
        settings = settings | {"drop": {"regions": ["RX"]}}
    write(folder / "base", settings_of_base(settings), base)
    write(folder / "given", settings | {"extends": "base"}, own)


def settings_of_base(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the options of the folder that is extended."""
    return {key: value for key, value in settings.items() if key != "drop"} | {"name": "base"}


def _of_first(demand: Rows) -> Rows:
    first = demand[0]["region"]
    return [row for row in demand if row["region"] == first]
