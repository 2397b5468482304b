"""Tables as people edit them: rows of text by column, straight from and to the CSV files of a scenario folder."""

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

Row = dict[str, str]
LONGEST_CELL = 10_000
_RUNS = re.compile(r"[=@\t\r]|[+-].*[(|!]", re.DOTALL)
"""What a spreadsheet might run."""
_LITERAL = re.compile(r'-?\d+(\.\d+)?|\[.*\]|true|false|\d{4}-\d\d-\d\d|""')


def table(name: str) -> Table:
    """Return the definition of a table. Raises RefusedError for an unknown name."""
    if name not in tables.BY_NAME:
        raise RefusedError(404, f"there is no table {shown(name)}")
    return tables.BY_NAME[name]


def tables_of(folder: Path) -> list[str]:
    """Names of the tables that a scenario has, in the order of the reference."""
    return [name for name in tables.BY_NAME if (folder / f"{name}.csv").is_file()]


def columns_of(folder: Path, name: str) -> list[str]:
    """Columns of a table: those it can have, then others of the file (a profile is a column)."""
    known = [column.name for column in table(name).all_columns]
    return [*known, *(column for column in read(folder, name)[0] if column not in known)]


def read(folder: Path, name: str) -> tuple[list[str], list[Row]]:
    """Columns and rows of a table as they stand in its file; nothing where there is no file."""
    head, rows, _ = read_lined(folder, name)
    return head, rows


def read_lined(folder: Path, name: str) -> tuple[list[str], list[Row], list[int]]:
    """The same with the line at which each row begins in the file, as the check counts: 1 is the first of the file."""
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
    """Lines of a CSV file as cells; what follows a fault of form is left out (the check names the fault)."""
    return (row for _, row in _lined(text))


def _lined(text: str) -> Iterator[tuple[int, list[str]]]:
    """The same, each with the line at which it begins: a cell may hold line breaks."""
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
    """The line of each row in the file that `text` makes of them; None for one that holds nothing."""
    lines = itertools.count(2)  # line 1 is the heading
    return [next(lines) if holds(row) else None for row in rows]


def text(name: str, rows: Sequence[Mapping[str, Any]], limits: Limits) -> str:
    """A table as the text of its file. Rows without content are left out. Raises RefusedError."""
    if len(rows) > limits.table_rows:
        raise RefusedError(413, f"{name} has more than {limits.table_rows:,} rows")
    clean = [{str(column).strip(): _cell(value) for column, value in row.items()} for row in rows]
    clean = [row for row in clean if holds(row)]
    order = [column.name for column in table(name).all_columns]
    extra = dict.fromkeys(column for row in clean for column in row if column not in order)
    used = [column for column in (*order, *extra) if any(row.get(column) for row in clean)]
    lines = [used, *([row.get(column, "") for column in used] for row in clean)]
    return csv_text(lines) if clean else ""


def csv_text(lines: Iterable[Sequence[str]]) -> str:
    """Lines of cells as CSV. Raises RefusedError for what a spreadsheet might run, and for cells that are too long."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for line in lines:
        for cell in line:
            if len(cell) > LONGEST_CELL:
                raise RefusedError(422, f"a cell has {len(cell):,} characters; at most {LONGEST_CELL:,} are read")
            if cell and _RUNS.match(cell):
                raise RefusedError(422, f"{shown(cell)}: a spreadsheet would run this as a formula; begin it otherwise")
        writer.writerow(line)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if not isinstance(value, str | int | float):
        raise RefusedError(422, "a cell is text or a number")
    return " ".join(str(value).splitlines()).strip()


def quoted(value: str) -> str:
    """Text as TOML."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def is_literal(value: str) -> bool:
    """Return True if a value is written in TOML without quotes."""
    return _LITERAL.fullmatch(value) is not None


def options(folder: Path) -> dict[str, str]:
    """Every option of scenario.toml as text, text without its quotes."""
    found = manifest.stated(settings(folder))
    found.pop("drop", None)
    return {key: _option(value) for key, value in found.items()}


def _option(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return "" if value is None else str(value)


def stated(folder: Path) -> dict[str, Any] | None:
    """The options that scenario.toml states and that can be read; None where it is not TOML."""
    findings = Findings()
    text = (folder / manifest.FILE).read_text(encoding="utf-8", errors="replace")
    raw = manifest.load(text, manifest.FILE, findings)
    return None if raw is None else dict(manifest.fields(raw, manifest.FILE, findings))


def settings(folder: Path) -> Settings:
    """The options of a scenario that stands alone; those that cannot be read are at their defaults."""
    return manifest.settings({"name": "scenario", **(stated(folder) or {})})


def manifest_text(folder: Path, changes: Mapping[str, str]) -> str:
    """scenario.toml with some options changed, given as text. Raises ScenarioError with every problem."""
    findings = Findings()
    options = dict(manifest.stated(settings(folder)))
    lines: dict[str, Any] = {}
    for key, value in changes.items():
        try:
            lines[key] = tomllib.loads(f"x = {value.strip() if is_literal(value.strip()) else quoted(value)}")["x"]
        except tomllib.TOMLDecodeError:
            findings.error(manifest.FILE, "", key, value, "cannot be read")
    raw: dict[str, Any] = {}
    for key, value in lines.items():
        section, _, name = key.rpartition(".")
        (raw.setdefault(section, {}) if section else raw)[name] = value
    options |= manifest.fields(raw, manifest.FILE, findings)
    errors = [problem for problem in findings.problems if problem.level == "error"]
    if errors:
        raise ScenarioError(errors)
    return manifest.text(manifest.settings(options))
