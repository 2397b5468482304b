"""Hourly curves that a typed number would replace by a constant: found, and rescaled to another mean instead."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xisuan.scenario import load
from xisuan.scenario.reading.problems import shown
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

RULES, GIVEN = "profile_rules", "profiles"
"""Tables with curves: by rules, and hour by hour."""
_MADE = re.compile(r"-\d+(\.\d+)?$")
"""Suffix of the name of a curve made here."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A cell where a number replaces a curve: its row (from 0), the row's key, and the curve's values."""

    row: int
    key: str
    column: str
    value: str
    profile: str
    low: float = math.nan
    mean: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Kept:
    """A curve to add: the shape of `profile`, with `mean` over the year."""

    name: str
    profile: str
    mean: float


def flat(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> list[Flat]:
    """Return the cells of a table that have a curve in the folder and a number in `rows`; `measured` adds the curve's
    values.
    """
    spec = table_rows.table(name)
    columns = [column.name for column in spec.all_columns if column.kind == "series"]
    before = {_key(row, spec.row_keys): row for row in table_rows.read(folder, name)[1]} if columns else {}
    found = []
    for at, row in enumerate(rows):
        was = before.get(_key(row, spec.row_keys), {})
        for column in columns:
            old, new = (str(one.get(column) or "").strip() for one in (was, row))
            if old and new and _number(old) is None and _number(new) is not None:
                found.append(Flat(at, " ".join(filter(None, _key(row, spec.keys))), column, new, old))
    return found


def measured(folder: str, cells: Sequence[Flat]) -> list[Flat]:
    """Return the cells with the minimum, mean and maximum of their curves; cells without a curve are left out."""
    scenario, _ = load.examine(folder)
    if scenario is None:
        return []
    found = []
    for cell in cells:
        if cell.profile in scenario.curves.columns:
            values = scenario.curve(cell.profile)
            low, mean, high = float(values.min()), float(values.mean()), float(values.max())
            found.append(Flat(cell.row, cell.key, cell.column, cell.value, cell.profile, low, mean, high))
    return found


def names(folder: Path) -> set[str]:
    """Return the names of the curves of a folder."""
    head, _ = table_rows.read(folder, GIVEN)
    return {*head, *(row.get("profile", "") for row in table_rows.read(folder, RULES)[1])}


def named(profile: str, mean: float, taken: Collection[str]) -> str:
    """Return an unused name for the shape of `profile` at another mean."""
    name = f"{_MADE.sub('', profile)}-{mean:g}"
    while name in taken:
        name += "-"
    return name


def texts(folder: str, kept: Sequence[Kept]) -> dict[str, str]:
    """Return files of a scenario folder with these curves added. Raises RefusedError, ScenarioError."""
    curves = load.load(folder).curves
    tables = {name: table_rows.read(Path(folder), name) for name in (RULES, GIVEN)}
    changed = set()
    for one in kept:
        if one.profile not in curves.columns or not math.isfinite(one.mean):
            raise RefusedError(422, _("there is no profile {profile} to scale", profile=shown(one.profile)))
        mean = float(curves[one.profile].mean())
        if mean == 0.0:
            raise RefusedError(
                422,
                _(
                    "the profile {profile} has a mean of 0 and cannot be scaled to another mean",
                    profile=shown(one.profile),
                ),
            )
        given = one.profile in tables[GIVEN][0]
        (_hours if given else _rules)(*tables[GIVEN if given else RULES], one, one.mean / mean)
        changed.add(GIVEN if given else RULES)
    return {f"{name}.csv": _text(*tables[name]) for name in sorted(changed)}


def _hours(head: list[str], rows: list[table_rows.Row], one: Kept, factor: float) -> None:
    head.append(one.name)
    for row in rows:
        row[one.name] = _scaled(row.get(one.profile, ""), factor)


def _rules(head: list[str], rows: list[table_rows.Row], one: Kept, factor: float) -> None:
    """Add rules with rescaled values to `rows`; their note names the curve that gives the shape."""
    head += [name for name in ("quality", "note") if name not in head]
    said = {"profile": one.name, "quality": "estimate", "note": f"the shape of {one.profile}, mean {one.mean:g}"}
    like = [row for row in rows if row.get("profile") == one.profile]
    rows += [{**row, **said, "value": _scaled(row.get("value", ""), factor)} for row in like]


def _text(head: list[str], rows: list[table_rows.Row]) -> str:
    return table_rows.csv_text([head, *([row.get(column, "") for column in head] for row in rows)])


def _scaled(value: str, factor: float) -> str:
    number = _number(value)
    return value if number is None else f"{number * factor:.10g}"


def _key(row: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row.get(key) or "").strip() for key in keys)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
