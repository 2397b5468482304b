"""Uploads and downloads: a zip of a scenario folder or an Excel workbook, opened as untrusted input.

No path from the archive is used for unpacking. Names are looked up in the list of tables; unknown names are refused.
Sizes, rows and cells are compared with the limits before a table is parsed: first as the file states them, then as they
are counted while reading, since a file may state false values. `uploads` runs all this in a process of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.schema import tables
from xisuan.studio.configuration import Limits
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError

Files = dict[str, bytes]
"""File name → content: scenario.toml and the tables of a scenario."""

SETTINGS_SHEET = "scenario"
CHUNK = 2**16
NOISE = re.compile(r"(__MACOSX/.*|(.*/)?(\.DS_Store|Thumbs\.db|README(\.\w+)?|.*\.md))")
"""Files of systems and users next to the tables, which are ignored."""
_LINK = 0o120000
TAGS_PER_CELL = 5
"""Maximum number of `<` for a cell in a sheet: opening and closing its tags `c`, `v` or `is` and `t`."""


def opened(data: bytes, limits: Limits) -> Files:
    """Return the files of a scenario from a zip or a workbook. Raises RefusedError."""
    if len(data) > limits.upload_bytes:
        raise RefusedError(
            413, f"the file is larger than {limits.upload_bytes // 2**20} MB; send fewer or shorter tables"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, limits)
            if "[Content_Types].xml" in members:
                _no_entities(archive, members, limits)
                return _from_workbook(data, limits)
            return _from_zip(archive, members, limits)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as problem:
        raise RefusedError(
            422, f"the file is neither a zip of a scenario folder nor an Excel workbook: {problem}"
        ) from None


def _members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the archive members by name, after checking all names and sizes."""
    entries = archive.infolist()
    if len(entries) > limits.files:
        raise RefusedError(422, f"the archive holds {len(entries)} files; a scenario has at most {limits.files}")
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        what = f"unpacked, the archive would be larger than {limits.unpacked_bytes // 2**20} MB"
        raise RefusedError(413, f"{what}; send fewer or shorter tables")
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        if entry.filename.startswith("/") or "\\" in entry.filename or ".." in parts or ":" in entry.filename:
            raise RefusedError(422, f"{shown(entry.filename)} leads out of the archive; pack the folder again")
        if (entry.external_attr >> 16) & 0o170000 == _LINK:
            raise RefusedError(422, f"{shown(entry.filename)} is a link; put the file itself into the archive")
        if entry.flag_bits & 1:
            raise RefusedError(422, "the archive is encrypted; send it without a password")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise RefusedError(422, "the archive holds a file twice; pack the folder again")
    return dict(zip(names, entries, strict=True))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return the contents of a member, at most up to the limit: the size in its header may be false."""
    out = bytearray()
    with archive.open(entry) as member:
        while chunk := member.read(CHUNK):
            out += chunk
            if len(out) > room:
                raise RefusedError(
                    413, f"{shown(entry.filename)} unpacks to more than is allowed; send a shorter table"
                )
    return bytes(out)


def _from_zip(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], limits: Limits) -> Files:
    """Return the files of the folder that holds scenario.toml: at the top, or one level down."""
    files = {name: entry for name, entry in members.items() if not entry.is_dir() and not NOISE.fullmatch(name)}
    homes = sorted(str(PurePosixPath(name).parent) for name in files if PurePosixPath(name).name == manifest.FILE)
    if len(homes) != 1 or "/" in homes[0]:
        raise RefusedError(422, f"the archive needs one folder with a {manifest.FILE}; it has {len(homes)}")
    out: Files = {}
    for name, entry in files.items():
        path = PurePosixPath(name)
        if str(path.parent) != homes[0]:
            raise RefusedError(422, f"{shown(name)} lies outside the scenario's folder; remove it")
        _known_file(path.name)
        out[path.name] = _read(archive, entry, limits.unpacked_bytes - sum(map(len, out.values())))
        _within(path.name, out[path.name], limits)
    return out


def _within(name: str, content: bytes, limits: Limits) -> None:
    """Raise RefusedError if a table has more rows or cells than the limits, before it is parsed."""
    if name.endswith(".parquet"):
        _parquet_within(name, content, limits)
    elif name.endswith(".csv"):
        lines = max(content.count(b"\n"), content.count(b"\r"))
        _refuse_size(name, lines - 1, lines + content.count(b","), limits)


def _parquet_within(name: str, content: bytes, limits: Limits) -> None:
    """Raise RefusedError if the footer of a Parquet file states more than the limits: few bytes may encode many rows."""
    try:
        stated = pyarrow.parquet.read_metadata(io.BytesIO(content))
    except (pyarrow.ArrowException, OSError) as problem:
        raise RefusedError(
            422, f"{name} is no Parquet file ({type(problem).__name__}); write it again, or as CSV"
        ) from None
    _refuse_size(name, stated.num_rows, stated.num_rows * stated.num_columns, limits)
    size = sum(stated.row_group(at).total_byte_size for at in range(stated.num_row_groups))
    if size > limits.unpacked_bytes:
        raise RefusedError(413, f"{name} unpacks to more than is allowed; send a shorter table")


def _refuse_size(name: str, rows: int, cells: int, limits: Limits) -> None:
    if rows > limits.table_rows:
        raise RefusedError(413, f"{name} has more than {limits.table_rows:,} rows; send a shorter table")
    if cells > limits.table_cells:
        raise RefusedError(413, f"{name} has more than {limits.table_cells:,} cells; send a smaller table")


def _known_file(name: str) -> None:
    """Raise RefusedError unless a scenario may have a file of that name."""
    stem, _, suffix = name.rpartition(".")
    if name != manifest.FILE and (suffix not in ("csv", "parquet") or stem not in tables.BY_NAME):
        raise RefusedError(
            422, f"{shown(name)} is no table of a scenario; see docs/reference/tables.md for their names"
        )


def _no_entities(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], limits: Limits) -> None:
    """Raise RefusedError if a part of a workbook defines XML entities, or has an encoding that could hide them."""
    room = limits.unpacked_bytes
    for name, entry in members.items():
        if name.endswith((".xml", ".rels")):
            text = _read(archive, entry, room)
            room -= len(text)
            head = text.lstrip(b"\xef\xbb\xbf \t\r\n")
            if not head.startswith(b"<") or b"\0" in head[:64] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise RefusedError(422, f"{shown(name)} in the workbook is not what a spreadsheet program writes")
            if text.count(b"<") > TAGS_PER_CELL * limits.table_cells:
                raise RefusedError(
                    413, f"{shown(name)} has more than {limits.table_cells:,} cells; send a smaller table"
                )


def _from_workbook(data: bytes, limits: Limits) -> Files:
    """Return files from a workbook: one sheet a table, named after it; a sheet `scenario` with one option a row."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {str(sheet.title): sheet for sheet in book.worksheets}
        unknown = [name for name in sheets if name != SETTINGS_SHEET and name not in tables.BY_NAME]
        if unknown:
            raise RefusedError(422, f"the sheet {shown(unknown[0])} is no table of a scenario; rename or remove it")
        if SETTINGS_SHEET not in sheets:
            raise RefusedError(422, f"the workbook has no sheet named {SETTINGS_SHEET} with the options, one a row")
        out: Files = {}
        for name, sheet in sheets.items():
            rows = _rows(sheet, name, limits)
            text = _settings(rows) if name == SETTINGS_SHEET else table_rows.csv_text(rows)
            out[manifest.FILE if name == SETTINGS_SHEET else f"{name}.csv"] = text.encode()
    except (RefusedError, MemoryError):
        raise
    except Exception as problem:  # openpyxl passes on any exception of its parsers
        raise RefusedError(422, f"the workbook cannot be read: {type(problem).__name__}") from None
    return out


def _rows(sheet: Any, name: str, limits: Limits) -> list[list[str]]:
    """Return the non-empty rows of a sheet. Stated dimensions are ignored, and gaps count towards the limit."""
    sheet.reset_dimensions()
    out: list[list[str]] = []
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        cells += len(row)
        if number > limits.table_rows:
            raise RefusedError(
                413,
                f"the sheet {shown(name)} has more than {limits.table_rows:,} rows; delete the empty ones below the table",
            )
        if cells > limits.table_cells:
            raise RefusedError(
                413,
                f"the sheet {shown(name)} has more than {limits.table_cells:,} cells; delete what is beside the table",
            )
        texts = [_cell(value) for value in row]
        if any(texts):
            out.append(texts)
    width = max((at + 1 for row in out for at, cell in enumerate(row) if cell), default=0)
    return [(row + [""] * width)[:width] for row in out]


def _cell(value: object) -> str:
    """Return a cell as the text of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "date") and str(value).endswith("00:00:00"):
        return str(value.date())
    return str(value).strip()


def _settings(rows: list[list[str]]) -> str:
    """Return scenario.toml from the rows of a sheet: values as in the file, strings without their quotes."""
    lines = []
    sections: dict[str, list[str]] = {}
    for row in rows:
        key, value = row[0], row[1] if len(row) > 1 else ""
        if not re.fullmatch(r"[A-Za-z_]+(\.[A-Za-z_]+)?", key):
            raise RefusedError(422, f"{shown(key)} in the sheet {SETTINGS_SHEET} is no option")
        section, _, name = key.rpartition(".")
        line = f"{name} = {value if table_rows.is_literal(value) else table_rows.quoted(value)}"
        sections.setdefault(section, []).append(line)
    for section, inner in sorted(sections.items()):
        lines += ([f"\n[{section}]"] if section else []) + inner
    return "\n".join(lines) + "\n"


def packed(folder: Path, name: str) -> bytes:
    """Return the scenario in `folder` as a zip of a folder `name`. The same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(f"{name}/{path.name}"), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def whole(folder: Path) -> bytes:
    """Return everything in `folder` as an uncompressed zip (Parquet is compressed already), with relative names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return out.getvalue()


def workbook(folder: Path) -> bytes:
    """Return the scenario in `folder` as an Excel workbook that `opened` reads back."""
    book = openpyxl.Workbook(write_only=True)
    options = book.create_sheet(SETTINGS_SHEET)
    for key, value in table_rows.options(folder).items():
        options.append([_text(options, key), _text(options, value) if value else None])
    for name in table_rows.tables_of(folder):
        columns, rows = table_rows.read(folder, name)
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(_headings(sheet, columns)))
        for row in rows:
            sheet.append([_typed(sheet, row.get(column, "")) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headings(sheet: Any, columns: Iterable[str]) -> Iterator[WriteOnlyCell]:
    for column in columns:
        cell = _text(sheet, column)
        cell.font = Font(bold=True)
        yield cell


def _typed(sheet: Any, text: str) -> Any:
    """Return a number if the conversion is exact, else text that a spreadsheet never executes."""
    if text and re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = float(text)
        if (str(int(number)) if number.is_integer() else repr(number)) == text:
            return int(number) if number.is_integer() and "." not in text else number
    return _text(sheet, text) if text else None


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
