"""Tables for editing: rows of text by column, read from and written to the CSV files of a scenario folder."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xisuan.errors import ScenarioError
from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import Findings, shown
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.settings import Settings
from xisuan.studio.configuration import Limits
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

Row = dict[str, str]
LONGEST_CELL = 10_000
_RUNS = re.compile(r"[=@\t\r]|[+-].*[(|!]", re.DOTALL)
"""Cells that a spreadsheet might execute."""
_LITERAL = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|\[.*\]|true|false|\d{4}-\d\d-\d\d")
_TEXTS = {
    name for name, parse in manifest.PARSERS.items()
    if isinstance(parse, manifest.Choice) or parse in (manifest.read_text, manifest.read_name, manifest.read_hours)
}  # fmt: skip
"""Options whose value is always a text in quotes, also if it looks like a number."""


def table(name: str) -> Table:
    """Return the definition of a table. Raises RefusedError for an unknown name."""
    if name not in tables.BY_NAME:
        raise RefusedError(404, _("there is no table {name}", name=shown(name)))
    return tables.BY_NAME[name]


def tables_of(folder: Path) -> list[str]:
    """Return the names of a scenario's tables, in the order of the reference."""
    return [name for name in tables.BY_NAME if (folder / f"{name}.csv").is_file()]


def has_rows(folder: Path, name: str) -> bool:
    """Return True if a table's file has a row below its heading."""
    path = folder / f"{table(name).name}.csv"
    if not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file, contextlib.suppress(csv.Error):
        filled = (row for row in csv.reader(file) if any(map(str.strip, row)))
        return len(list(itertools.islice(filled, 2))) == 2
    return False


def columns_of(folder: Path, name: str) -> list[str]:
    """Return the columns of a table: its defined ones, then others in the file (a profile is a column)."""
    known = [column.name for column in table(name).all_columns]
    return [*known, *(column for column in read(folder, name)[0] if column not in known)]


def read(folder: Path, name: str) -> tuple[list[str], list[Row]]:
    """Return the columns and rows of a table's file; empty if there is no file."""
    head, rows, _ = read_lined(folder, name)
    return head, rows


def read_lined(folder: Path, name: str) -> tuple[list[str], list[Row], list[int]]:
    """Return columns, rows, and the first line of each row in the file, counted like `check`: line 1 is the heading."""
    path = folder / f"{table(name).name}.csv"
    if not path.is_file():
        return [], [], []
    text = path.read_bytes().decode("utf-8-sig", "replace")
    lines = [(line, row) for line, row in _lined(text) if any(map(str.strip, row))]
    if not lines:
        return [], [], []
    head = [column.strip() for column in lines[0][1]]
    return head, [dict(zip(head, row, strict=False)) for _, row in lines[1:]], [line for line, _ in lines[1:]]


def cells(text: str) -> Iterator[list[str]]:
    """Yield the lines of a CSV file as cells, up to the first syntax error (which `check` reports)."""
    return (row for _, row in _lined(text))


def _lined(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines as cells, each with its first line in the file: a cell may contain line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""))
    before = 0
    with contextlib.suppress(csv.Error):
        for row in reader:
            yield before + 1, row
            before = reader.line_num


def holds(row: Mapping[str, Any]) -> bool:
    """Return True if a row has a value; an empty row is not written to the file."""
    return any(str(value).strip() for value in row.values() if value is not None)


def lines_after(rows: Iterable[Mapping[str, Any]]) -> list[int | None]:
    """Return the line of each row in the file that `text` writes; None for an empty row."""
    lines = itertools.count(2)  # line 1 is the heading
    return [next(lines) if holds(row) else None for row in rows]


def text(name: str, rows: Sequence[Mapping[str, Any]], limits: Limits) -> str:
    """Return a table as the text of its file, without empty rows. Raises RefusedError."""
    if len(rows) > limits.table_rows:
        raise RefusedError(413, _("{name} has more than {table_rows:,} rows", name=name, table_rows=limits.table_rows))
    clean = [{str(column).strip(): _cell(value) for column, value in row.items()} for row in rows]
    clean = [row for row in clean if holds(row)]
    order = [column.name for column in table(name).all_columns]
    extra = dict.fromkeys(column for row in clean for column in row if column not in order)
    used = [column for column in (*order, *extra) if any(row.get(column) for row in clean)]
    lines = [used, *([row.get(column, "") for column in used] for row in clean)]
    return csv_text(lines) if clean else ""


def csv_text(lines: Iterable[Sequence[str]]) -> str:
    """Return lines of cells as CSV. Raises RefusedError for cells too long or executable by a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for line in lines:
        check_cells(line)
        writer.writerow(line)
    return out.getvalue()


def check_cells(line: Sequence[str]) -> None:
    """Raise RefusedError for a cell that is too long or that a spreadsheet might execute."""
    for cell in line:
        if len(cell) > LONGEST_CELL:
            raise RefusedError(
                422,
                _("a cell has {count:,} characters; at most {most:,} are read", count=len(cell), most=LONGEST_CELL),
            )
        if cell and _RUNS.match(cell):
            raise RefusedError(
                422, _("{cell}: a spreadsheet would run this as a formula; begin it otherwise", cell=shown(cell))
            )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if not isinstance(value, str | int | float):
        raise RefusedError(422, _("a cell is text or a number"))
    return " ".join(str(value).splitlines()).strip()


def quoted(value: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml(option: str, value: str) -> str:
    """Return the value of an option, given as text, in the notation of scenario.toml."""
    bare = value.strip()
    return bare if bare == '""' or (option not in _TEXTS and _LITERAL.fullmatch(bare)) else quoted(value)


def options(folder: Path) -> dict[str, str]:
    """Return every option of scenario.toml as text, strings without their quotes."""
    found = manifest.stated(settings(folder))
    found.pop("drop", None)
    return {key: _option(value) for key, value in found.items()}


def _option(value: object) -> str:
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def stated(folder: Path) -> dict[str, Any] | None:
    """Return the options that scenario.toml states and that are readable; None if it is not TOML."""
    findings = Findings()
    text = (folder / manifest.FILE).read_text(encoding="utf-8", errors="replace")
    raw = manifest.load(text, manifest.FILE, findings)
    return None if raw is None else dict(manifest.fields(raw, manifest.FILE, findings))


def settings(folder: Path) -> Settings:
    """Return the options of a scenario that extends no other; unreadable ones have their defaults."""
    return manifest.settings({"name": "scenario", **(stated(folder) or {})})


def manifest_text(folder: Path, changes: Mapping[str, str]) -> str:
    """Return scenario.toml with some options changed, given as text. Raises ScenarioError with every problem."""
    findings = Findings()
    options = dict(manifest.stated(settings(folder)))
    lines: dict[str, Any] = {}
    for key, value in changes.items():
        try:
            lines[key] = tomllib.loads(f"x = {toml(key, value)}")["x"]
        except tomllib.TOMLDecodeError:
            findings.error(manifest.FILE, "", key, value, "cannot be read")
    raw: dict[str, Any] = {}
    for key, value in lines.items():
        section, _dot, name = key.rpartition(".")
        (raw.setdefault(section, {}) if section else raw)[name] = value
    options |= manifest.fields(raw, manifest.FILE, findings)
    errors = [problem for problem in findings.problems if problem.level == "error"]
    if errors:
        raise ScenarioError(errors)
    return manifest.text(manifest.settings(options))
