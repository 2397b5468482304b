"""Raw sheets: columns of unparsed cells with their line numbers, from files and data frames."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from xisuan.scenario.reading.problems import Findings, shown

LARGEST_FILE = 512 * 2**20
"""Bytes of one table file. A year of profiles for a thousand places is a tenth of it."""
LONGEST_CELL = 10_000
"""Characters of one cell."""
MOST_COLUMNS = 20_000

Cells = Sequence[Any] | np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Raw cells of one table by column: text from CSV, any values from Parquet and frames.

    `file` is its name in messages (`links.csv`); `lines[i]` is the line of row i there.
    """

    table: str
    file: str
    columns: dict[str, Cells]
    lines: Sequence[int]


def from_file(path: Path, table: str, file: str, findings: Findings) -> Sheet | None:
    """Return the sheet of a CSV or Parquet file, or None with the problem recorded."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            findings.error(file, "", "", f"{size:,} bytes", "file-too-large", most=LARGEST_FILE)
            return None
        data = path.read_bytes()
    except (OSError, ValueError) as problem:
        findings.error(file, "", "", "", "file-unreadable", fault=getattr(problem, "strerror", None) or problem)
        return None
    if path.suffix.lower() == ".parquet":
        return _from_parquet(data, table, file, findings)
    text = decode(data, file, findings)
    if text is None:
        return None
    return _from_geojson(text, table, file, findings) if is_map(path) else _from_csv(text, table, file, findings)


def is_map(path: Path) -> bool:
    """Return True if a file is GeoJSON, the format of borders."""
    return path.suffix.lower() == ".geojson"


def decode(data: bytes, file: str, findings: Findings) -> str | None:
    """Return UTF-8 text, with or without a byte-order mark, or None with the problem recorded."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        findings.error(file, "", "", "", "file-is-utf16")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        byte = f"byte 0x{data[problem.start]:02x}"
        findings.error(file, line, "", byte, "file-not-utf8")
        return None
    at = text.find("\0")
    if at >= 0:
        findings.error(file, text.count(chr(10), 0, at) + 1, "", "", "file-holds-nul")
        return None
    return text


def _from_csv(text: str, table: str, file: str, findings: Findings) -> Sheet | None:
    """Return the sheet of CSV text without rows of a wrong length, or None if the header is unusable."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    before = 0
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as problem:
        findings.error(file, before + 1, "", "", "not-csv", fault=problem)
        return None
    if not rows:
        findings.error(file, "", "", "", "file-empty")
        return None
    header = [name.strip() for name in rows.pop(0)]
    lines.pop(0)
    if not _header_holds(header, file, findings):
        return None
    good = [len(row) == len(header) for row in rows]
    for row, line, whole in zip(rows, lines, good, strict=True):
        if not whole:
            findings.error(file, line, "", "", "row-length", count=len(row), wanted=len(header))
    kept = [row for row, whole in zip(rows, good, strict=True) if whole]
    kept_lines = [line for line, whole in zip(lines, good, strict=True) if whole]
    columns = list(zip(*kept, strict=True)) if kept else [()] * len(header)
    return _sheet(table, file, list(zip(header, columns, strict=True)), kept_lines, findings)


def _header_holds(header: list[str], file: str, findings: Findings) -> bool:
    """Return True if the header is usable; its problems are recorded."""
    if len(header) > MOST_COLUMNS:
        findings.error(file, "", "", f"{len(header):,} columns", "too-many-columns", most=MOST_COLUMNS)
        return False
    if len(header) == 1 and re.search("[;\t]", header[0]):
        findings.error(file, 1, "", header[0], "columns-not-by-commas")
        return False
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    for name in twice:
        findings.error(file, 1, name, "", "column-repeated")
    return not twice


def _sheet(
    table: str, file: str, columns: Sequence[tuple[str, Cells]], lines: Sequence[int], findings: Findings
) -> Sheet | None:
    """Return the sheet without empty nameless columns (left by spreadsheets), or None if a nameless one has values."""
    nameless = (cell for name, cells in columns if not name for cell in cells)
    if any(not isinstance(cell, str) or cell.strip() for cell in nameless):
        findings.error(file, 1, "", "", "column-without-name")
        return None
    return Sheet(table, file, {name: cells for name, cells in columns if name}, lines)


def _from_geojson(text: str, table: str, file: str, findings: Findings) -> Sheet | None:
    """Return the rings of all polygons of a GeoJSON document as rows of points, or None with the problem recorded.

    An area has the name of its feature, otherwise its number. Format: RFC 7946.
    """
    columns: dict[str, list[Any]] = {name: [] for name in ("area", "ring", "point", "lon", "lat")}
    try:
        document = json.loads(text)
        features = document["features"] if document["type"] == "FeatureCollection" else [document]
        for number, feature in enumerate(features, 1):
            shape: dict[str, Any] = feature.get("geometry", feature) or {}
            name = str((feature.get("properties") or {}).get("name") or number)
            polygons: Any = shape["coordinates"] if shape.get("type") in ("Polygon", "MultiPolygon") else []
            rings = polygons if shape.get("type") == "Polygon" else [ring for polygon in polygons for ring in polygon]
            for at, ring in enumerate(rings):
                for place, (lon, lat, *_height) in enumerate(ring):
                    cells = (name, at, place, float(lon), float(lat))
                    for column, cell in zip(columns.values(), cells, strict=True):
                        column.append(cell)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        findings.error(file, "", "", "", "not-geojson", fault=shown(f"{type(problem).__name__}: {problem}"))
        return None
    if not columns["area"]:
        findings.error(file, "", "", "", "not-geojson", fault="no polygons")
        return None
    return Sheet(table, file, dict(columns), range(1, len(columns["area"]) + 1))


def _from_parquet(data: bytes, table: str, file: str, findings: Findings) -> Sheet | None:
    """Return the sheet of a Parquet file, or None with the problem recorded."""
    try:
        opened = parquet.ParquetFile(pa.BufferReader(data))
        groups = (opened.metadata.row_group(at) for at in range(opened.metadata.num_row_groups))
        size = sum(group.total_byte_size for group in groups)
        if size > LARGEST_FILE:
            findings.error(file, "", "", f"{size:,} bytes", "file-too-large", most=LARGEST_FILE)
            return None
        content = opened.read()
        columns = [_arrow_cells(column) for column in content.columns]
    except MemoryError:
        raise
    except Exception as problem:
        # pyarrow raises its own errors, OSError, UnicodeDecodeError, … on damaged files; all mean the same.
        findings.error(file, "", "", "", "not-parquet", fault=shown(str(problem)))
        return None
    header = [str(name).strip() for name in content.column_names]
    if not _header_holds(header, file, findings):
        return None
    named = list(zip(header, columns, strict=True))
    return _sheet(table, file, named, range(1, content.num_rows + 1), findings)


def _arrow_cells(column: pa.ChunkedArray) -> Cells:
    """Return the cells of an Arrow column: an array of floats, or a list."""
    if pa.types.is_floating(column.type):
        values: np.ndarray[Any, Any] = column.to_numpy()
        return values
    cells: list[Any] = column.to_pylist()
    return cells


RULES_FILE = "rules.toml"
"""File that is read as the tables `rules` and `rule_terms`."""
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(rule(?:[ \t]*\.[ \t]*term)?)[ \t]*\]\]", re.MULTILINE)


def from_rules_file(text: str, file: str, findings: Findings) -> dict[str, Sheet]:
    """Return the sheets `rules` and `rule_terms` of the text of rules.toml; problems are recorded.

    `value` may be a table of values by year. Each row has the line of its header `[[rule]]` or `[[rule.term]]`.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        findings.error(file, "", "", "", "not-toml", fault=str(problem))
        return {}
    for key in document.keys() - {"rule"}:
        findings.error(file, "", key, "", "rules-file-key-unknown")
    found = document.get("rule", [])
    headers = [(match[1], text.count("\n", 0, match.start()) + 1) for match in _HEADER.finditer(text)]
    lines = {kind: [line for name, line in headers if ("." in name) == (kind == "term")] for kind in ("rule", "term")}
    rules: list[dict[str, Any]] = []
    terms: list[dict[str, Any]] = []
    at = {"rules": list[int](), "rule_terms": list[int]()}
    for number, rule in enumerate(found if isinstance(found, list) else [found], 1):
        line = lines["rule"][number - 1] if number <= len(lines["rule"]) else number
        if not isinstance(rule, dict) or not isinstance(rule.get("term", []), list):
            findings.error(file, line, "", "", "rules-file-shape")
            continue
        _refuse_keys(rule, ("rule",), file, line, findings)
        row = {"rule": rule.get("name", ""), **{key: cell for key, cell in rule.items() if key not in ("name", "term")}}
        by_year = row["value"] if isinstance(row.get("value"), dict) else {row.get("period", ""): row.get("value", "")}
        if isinstance(row.get("value"), dict) and "period" in row:
            findings.error(file, line, "period", str(row["period"]), "rule-period-twice")
        for year, value in by_year.items():
            rules.append(row | {"value": value, "period": year})
            at["rules"].append(line)
        for place, term in enumerate(rule.get("term", []), 1):
            if not isinstance(term, dict):
                findings.error(file, line, "term", "", "rules-file-shape")
                continue
            known = len(terms) < len(lines["term"])
            at["rule_terms"].append(lines["term"][len(terms)] if known else line)
            _refuse_keys(term, ("rule", "term"), file, at["rule_terms"][-1], findings)
            terms.append(term | {"rule": row["rule"], "term": place})
    sheets = {"rules": rules, "rule_terms": terms}
    return {table: _of_records(table, file, rows, at[table]) for table, rows in sheets.items() if rows}


def _refuse_keys(entry: Mapping[str, Any], keys: Sequence[str], file: str, line: int, findings: Findings) -> None:
    """Record the keys of an entry of rules.toml that its place in the file gives."""
    for key in keys:
        if key in entry:
            findings.error(file, line, key, str(entry[key]), "rules-file-key-given-by-place")


def _of_records(table: str, file: str, rows: Sequence[dict[str, Any]], lines: Sequence[int]) -> Sheet:
    """Return records as a sheet with blanks where a record has no such key."""
    names = dict.fromkeys(name for row in rows for name in row)
    return Sheet(table, file, {name: [row.get(name, "") for row in rows] for name in names}, lines)


def from_frame(frame: pd.DataFrame, table: str, findings: Findings) -> Sheet | None:
    """Return a data frame as a sheet with rows numbered from 1. An index with a name counts as a column."""
    if any(name is not None and name not in frame.columns for name in frame.index.names):
        frame = frame.reset_index()
    header = [str(name).strip() for name in frame.columns]
    if not _header_holds(header, table, findings):
        return None
    columns: list[tuple[str, Cells]] = []
    for at, name in enumerate(header):
        series = frame.iloc[:, at]
        is_float = isinstance(series.dtype, np.dtype) and series.dtype.kind == "f"
        columns.append((name, series.to_numpy() if is_float else series.tolist()))
    return _sheet(table, table, columns, range(1, len(frame) + 1), findings)
