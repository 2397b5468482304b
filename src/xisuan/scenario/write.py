"""Writing a scenario to a folder; reading it again gives the same scenario."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.reading import manifest
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.schema.tables import TABLES


def write(scenario: Scenario, folder: str | Path) -> None:
    """Write scenario.toml and a CSV file for every table with rows into a new or empty folder.

    Tables include those of the base, so the folder is self-contained. The same scenario gives the same bytes. Raises
    ScenarioError if the folder is not empty or cannot be written.
    """
    files = {manifest.FILE: manifest.text(scenario.settings)}
    for table in TABLES:
        if scenario.has(table.name):
            files[f"{table.name}.csv"] = table_text(scenario[table.name], table)
    put(files, Path(folder))


def put(files: dict[str, str], folder: Path) -> None:
    """Write text files into a new or empty folder. Raises ScenarioError if that fails."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ScenarioError([Problem("folder-exists", path=folder)])
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_bytes(text.encode("utf-8"))
    except (OSError, ValueError) as problem:
        raise ScenarioError(
            [Problem("folder-not-written", path=folder, fault=getattr(problem, "strerror", None) or problem)]
        ) from None


def table_text(frame: pd.DataFrame, table: Table) -> str:
    """Return a table as CSV, without blank columns that are not required."""
    columns = [name for name in frame.columns if _needed(frame[name], table, str(name))]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*([_cell(value) for value in frame[name].tolist()] for name in columns), strict=True))
    return out.getvalue()


def _needed(column: pd.Series[Any], table: Table, name: str) -> bool:
    """Return True if a column must be written: it is required, or not blank."""
    spec = table.column(name)
    return spec is None or spec.required or not (pd.isna(column) | (column == "")).all()


def _cell(value: object) -> str:
    """Return text that reads back as the same value: whole numbers without a fraction, others by repr, blanks empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def same(one: Scenario, other: Scenario) -> bool:
    """Return True if two scenarios have bitwise equal settings, tables and profiles; notes are ignored."""
    if one.settings != other.settings or set(one.tables) != set(other.tables):
        return False
    names = sorted(map(str, one.curves.columns))
    if names != sorted(map(str, other.curves.columns)):
        return False
    frames = [(one.curves[names], other.curves[names])]
    frames += [(one[name], other[name]) for name in one.tables]
    return all(_alike(left, right) for left, right in frames)


def _alike(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    """Return True if two frames have the same columns and cells."""
    if list(left.columns) != list(right.columns) or len(left) != len(right):
        return False
    return all(_equal(left[name].to_numpy(), right[name].to_numpy()) for name in left.columns)


def _equal(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> bool:
    """Return True if two arrays have the same values and blanks."""
    blank = pd.isna(left)
    return bool((blank == pd.isna(right)).all() and (left[~blank] == right[~blank]).all())
