"""Scenario folders of the library: a folder holds the differences from the scenario that it extends."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tools.china import climate
from tools.china.book import HEADERS, Book, text, write_csv
from xisuan.scenario import load
from xisuan.scenario.reading import layers, manifest
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.reading.scenario_folders import Folder
from xisuan.scenario.schema import tables

LIBRARY = Path(__file__).resolve().parents[2] / "src" / "xisuan" / "library"

WEATHER = "pue-model;worldclim"
"""Sources of the hourly profiles."""

STATISTICS = ("indicators", "observations", "targets", "drivers")
HARMLESS = ("sources", "profile_rules", "profiles", *STATISTICS)
"""Tables whose rows, and estimates of them, may remain from the base.

Nothing reads a profile or source that no row names; statistics published later are hidden by the date.
"""


def put(folder: Path, options: str, book: Book) -> None:
    """Write a scenario folder: options and tables, or only the differences if the options extend a shipped scenario.

    Raises ValueError if rows of the base would remain that are not in the book: they must be named under [drop].
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    (folder / manifest.FILE).write_text(options, encoding="utf-8", newline="\n")
    kept = _inherited(folder, book)
    book.write(folder, None if kept is None else lambda name: kept[name])


def put_profiles(folder: Path) -> None:
    """Write table `profiles`: 8,760 rows of hourly PUE, solar and wind, four decimals."""
    profiles = climate.profiles()
    columns = np.column_stack([np.round(values, 4) for values in profiles.values()])
    lines = [
        [str(hour), *(text(float(value)) for value in row), WEATHER, "estimate"] for hour, row in enumerate(columns)
    ]
    write_csv(folder / "profiles.csv", ["hour", *profiles, "source", "quality"], lines)


def _inherited(folder: Path, book: Book) -> dict[str, Sequence[int]] | None:
    """Return the positions of the rows to write by table; None if the scenario extends no other."""
    findings = Findings()
    stack = load.layers_of(Folder(folder), findings)
    if len(stack) == 1:
        return None
    whole = _layer_of(book, stack[-1], findings)
    sources = layers.Layer("", stack[-1].stated, {"sources": whole.frames["sources"]}, pd.DataFrame())
    settings = manifest.settings(layers.options(stack))
    base = layers.merge([*stack[:-1], sources], settings.as_of, findings)
    errors = [str(problem) for problem in findings.problems if problem.level == "error"]
    if errors:
        raise ValueError("\n".join(errors))
    held = base.frames | {"sources": layers.merge(stack[:-1], None, Findings()).frames["sources"]}
    return {name: _differing(name, held[name], whole.frames.get(name, pd.DataFrame())) for name in HEADERS}


def _layer_of(book: Book, like: layers.Layer, findings: Findings) -> layers.Layer:
    """Return the book as a layer, as the reader of scenario folders sees it."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / manifest.FILE).write_text(f'name = "{like.stated["name"]}"\n', encoding="utf-8")
        book.write(place)
        return load.layers_of(Folder(place), findings)[0]


def _differing(name: str, old: pd.DataFrame, new: pd.DataFrame) -> list[int]:
    """Return the positions of the rows of the book that the base lacks or has with other values."""
    table = tables.BY_NAME[name]
    columns = [column.name for column in table.all_columns]
    keys = [*table.row_keys] or ["profile"]
    held = _grouped(old, keys, columns)
    wanted = _grouped(new, keys, columns)
    left = sorted(set(held) - set(wanted))
    left = [key for key in left if name not in HARMLESS and not (name == "estimates" and key[0] in HARMLESS)]
    if left:
        shown = ["/".join(map(str, key)) for key in left]
        raise ValueError(f"{name}: rows of the base that the scenario does not have; name them under [drop]: {shown}")
    changed = {key for key, rows in wanted.items() if held.get(key) != rows}
    parts = new[keys].itertuples(index=False, name=None) if len(new) else ()
    return [at for at, key in enumerate(parts) if tuple(map(_plain, key)) in changed]


def _grouped(frame: pd.DataFrame, keys: list[str], columns: list[str]) -> dict[tuple[object, ...], list[object]]:
    out: dict[tuple[object, ...], list[object]] = {}
    if frame.empty:
        return out
    for row in frame[columns].to_dict("records"):
        plain = {str(name): _plain(value) for name, value in row.items()}
        out.setdefault(tuple(plain[key] for key in keys), []).append(plain)
    return out


def _plain(value: object) -> object:
    return "" if isinstance(value, float) and math.isnan(value) else value
