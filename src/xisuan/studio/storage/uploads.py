"""Uploads: a zip of a scenario folder or an Excel workbook, opened as untrusted input.

No path from the archive is used for unpacking. Names are looked up in the list of tables; unknown names are refused.
Sizes, rows and cells are compared with the limits before a table is parsed: first the values that the file states, then
the counts while reading, because a file may state false values. `upload_process` runs all this in a separate process.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet

from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.reading.raw_sheets import RULES_FILE
from xisuan.scenario.schema import tables
from xisuan.studio.configuration import MIB, Limits
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

Files = dict[str, bytes]
"""File name → content: scenario.toml and the tables of a scenario."""

SHOWN_SHEETS = 5
"""Sheets named in a message."""
SETTINGS_SHEET = "scenario"
CHUNK = 2**16
NOISE = re.compile(r"(__MACOSX/.*|(.*/)?(\.DS_Store|Thumbs\.db|README(\.\w+)?|.*\.md))")
"""Files of systems and users next to the tables, which are ignored."""
_LINK = 0o120000
TAGS_PER_CELL = 5
"""Maximum number of `<` for a cell in a sheet: opening and closing its tags `c`, `v` or `is` and `t`."""


def read_sheet(data: bytes, name: str, limits: Limits) -> list[list[str]]:
    """Return the rows of one sheet of a workbook as text: the sheet `name`, or the only one. Raises RefusedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_xml(archive, _members(archive, limits), limits)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {str(sheet.title): sheet for sheet in book.worksheets}
        if not sheets:
            raise RefusedError(422, _("the workbook has no sheet"))
        if name not in sheets and len(sheets) > 1:
            names = ", ".join(map(shown, list(sheets)[:SHOWN_SHEETS]))
            text = _("none of the sheets {names} is called {name}; rename the one to be read", names=names, name=name)
            raise RefusedError(422, text)
        return _rows(sheets.get(name) or next(iter(sheets.values())), limits, limits.workbook_cells)[0]
    except (RefusedError, MemoryError):
        raise
    except Exception as problem:  # zipfile and openpyxl pass on any exception of their parsers
        raise RefusedError(422, _("the workbook cannot be read: {problem}", problem=type(problem).__name__)) from None


def read_upload(data: bytes, limits: Limits) -> Files:
    """Return the files of a scenario from a zip or a workbook. Raises RefusedError."""
    if len(data) > limits.upload_bytes:
        raise RefusedError(
            413, _("the file is larger than {most} MB; send fewer or shorter tables", most=limits.upload_bytes // MIB)
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, limits)
            if "[Content_Types].xml" in members:
                _check_xml(archive, members, limits)
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
            422,
            _(
                "the file is neither a zip of a scenario folder nor an Excel workbook: {problem}",
                problem=shown(str(problem)),
            ),
        ) from None


def _members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the archive members by name, after checking all names and sizes."""
    entries = archive.infolist()
    if len(entries) > limits.files:
        raise RefusedError(
            422,
            _("the archive has {count} files; a scenario has at most {most}", count=len(entries), most=limits.files),
        )
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise RefusedError(
            413,
            _(
                "unpacked, the archive would be larger than {most} MB; send fewer or shorter tables",
                most=limits.unpacked_bytes // MIB,
            ),
        )
    for entry in entries:
        _check_member(entry)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise RefusedError(422, _("the archive holds a file twice; pack the folder again"))
    return dict(zip(names, entries, strict=True))


def _check_member(entry: zipfile.ZipInfo) -> None:
    """Raise RefusedError if a member has a path out of the archive, or is a link or encrypted."""
    name, file = entry.filename, shown(entry.filename)
    if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or ":" in name:
        raise RefusedError(422, _("{file} leads out of the archive; pack the folder again", file=file))
    if (entry.external_attr >> 16) & 0o170000 == _LINK:
        raise RefusedError(422, _("{file} is a link; put the file itself into the archive", file=file))
    if entry.flag_bits & 1:
        raise RefusedError(422, _("the archive is encrypted; send it without a password"))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return the contents of a member, at most `most` bytes: the size in its header may be false."""
    out = bytearray()
    with archive.open(entry) as member:
        while chunk := member.read(CHUNK):
            out += chunk
            if len(out) > most:
                raise _unpacks_to_more(entry.filename)
    return bytes(out)


def _from_zip(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], limits: Limits) -> Files:
    """Return the files of the folder that holds scenario.toml: at the top, or one level down."""
    files = {name: entry for name, entry in members.items() if not entry.is_dir() and not NOISE.fullmatch(name)}
    homes = sorted(str(PurePosixPath(name).parent) for name in files if PurePosixPath(name).name == manifest.FILE)
    if len(homes) != 1 or "/" in homes[0]:
        raise RefusedError(
            422,
            _("the archive needs one folder with a {file}; it has {count}", file=manifest.FILE, count=len(homes)),
        )
    out: Files = {}
    size, cells = 0, 0
    for name, entry in files.items():
        path = PurePosixPath(name)
        if str(path.parent) != homes[0]:
            raise RefusedError(422, _("{file} lies outside the scenario's folder; remove it", file=shown(name)))
        _check_name(path.name)
        content = _read(archive, entry, limits.unpacked_bytes - size)
        size += len(content)
        cells += _count_cells(path.name, content, limits)
        check_cells(cells, limits.table_cells)
        out[path.name] = content
    return out


def _count_cells(name: str, content: bytes, limits: Limits) -> int:
    """Return about how many cells a file has, without parsing it. Raises RefusedError above a limit of one file."""
    if name == manifest.FILE:
        check_manifest(len(content), limits)
        return 0
    if name == RULES_FILE:
        _check_rules(len(content), limits)
        return 0
    if name.endswith(".parquet"):
        return _count_parquet_cells(name, content, limits)
    lines = max(content.count(b"\n"), content.count(b"\r"))
    check_rows(name, lines - 1, limits)
    return lines + content.count(b",")


def _count_parquet_cells(name: str, content: bytes, limits: Limits) -> int:
    """Return the cells that the footer of a Parquet file states: few bytes may encode many. Raises RefusedError."""
    try:
        stated = pyarrow.parquet.read_metadata(io.BytesIO(content))
    except (pyarrow.ArrowException, OSError) as problem:
        raise RefusedError(
            422,
            _(
                "{file} is no Parquet file ({problem}); write it again, or as CSV",
                file=name,
                problem=type(problem).__name__,
            ),
        ) from None
    check_rows(name, stated.num_rows, limits)
    if sum(stated.row_group(at).total_byte_size for at in range(stated.num_row_groups)) > limits.unpacked_bytes:
        raise _unpacks_to_more(name)
    rows: int = stated.num_rows
    return rows * int(stated.num_columns)


def _unpacks_to_more(file: str) -> RefusedError:
    return RefusedError(413, _("{file} unpacks to more than is allowed; send a shorter table", file=shown(file)))


def check_rows(file: str, rows: int, limits: Limits) -> None:
    """Raise RefusedError if a table has too many rows."""
    if rows > limits.table_rows:
        raise RefusedError(
            413, _("{file} has more than {most:,} rows; send a shorter table", file=file, most=limits.table_rows)
        )


def check_cells(cells: int, most: int) -> None:
    """Raise RefusedError if the tables have more than `most` cells."""
    if cells > most:
        raise RefusedError(413, _("the tables have more than {most:,} cells in all; send smaller tables", most=most))


def check_manifest(size: int, limits: Limits) -> None:
    """Raise RefusedError if scenario.toml has too many bytes."""
    if size > limits.manifest_bytes:
        raise RefusedError(
            413,
            _(
                "{file} is larger than {most:,} bytes; it holds the options of the scenario only",
                file=manifest.FILE,
                most=limits.manifest_bytes,
            ),
        )


def _check_rules(size: int, limits: Limits) -> None:
    """Raise RefusedError if rules.toml has too many bytes: the time to parse TOML grows with their square."""
    if size > limits.manifest_bytes:
        raise RefusedError(
            413,
            _(
                "{file} is larger than {most:,} bytes; give the rules as the tables rules.csv and rule_terms.csv",
                file=RULES_FILE,
                most=limits.manifest_bytes,
            ),
        )


def _check_name(name: str) -> None:
    """Raise RefusedError unless a scenario may have a file of that name."""
    stem, _dot, suffix = name.rpartition(".")
    if name not in (manifest.FILE, RULES_FILE) and (suffix not in ("csv", "parquet") or stem not in tables.BY_NAME):
        raise RefusedError(
            422,
            _(
                "{file} is no table of a scenario; see docs/reference/tables.md for their names",
                file=shown(name),
            ),
        )


def _check_xml(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], limits: Limits) -> None:
    """Raise RefusedError if a workbook has too many XML tags, defines entities, or has an encoding that hides them."""
    left, tags = limits.unpacked_bytes, 0
    for name, entry in members.items():
        if not name.endswith((".xml", ".rels")):
            continue
        text = _read(archive, entry, left)
        left -= len(text)
        tags += text.count(b"<")
        head = text.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith(b"<") or b"\0" in head[:64] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise RefusedError(
                422, _("{file} in the workbook is not what a spreadsheet program writes", file=shown(name))
            )
        if tags > TAGS_PER_CELL * limits.workbook_cells:
            raise _workbook_too_large(limits)


def _workbook_too_large(limits: Limits) -> RefusedError:
    return RefusedError(
        413,
        _(
            "the workbook has more than {most:,} cells; delete what is beside and below the tables, or send a zip with"
            " CSV files",
            most=limits.workbook_cells,
        ),
    )


def _from_workbook(data: bytes, limits: Limits) -> Files:
    """Return files from a workbook: one sheet a table, named after it; a sheet `scenario` with one option a row."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {str(sheet.title): sheet for sheet in book.worksheets}
        unknown = [name for name in sheets if name != SETTINGS_SHEET and name not in tables.BY_NAME]
        if unknown:
            raise RefusedError(
                422,
                _("the sheet {sheet} is no table of a scenario; rename or remove it", sheet=shown(unknown[0])),
            )
        if SETTINGS_SHEET not in sheets:
            raise RefusedError(
                422,
                _("the workbook has no sheet named {sheet} with the options, one a row", sheet=SETTINGS_SHEET),
            )
        out: Files = {}
        cells = 0
        for name, sheet in sheets.items():
            rows, count = _rows(sheet, limits, limits.workbook_cells - cells)
            cells += count
            text = _settings(rows, limits) if name == SETTINGS_SHEET else table_rows.csv_text(rows)
            out[manifest.FILE if name == SETTINGS_SHEET else f"{name}.csv"] = text.encode()
    except (RefusedError, MemoryError):
        raise
    except Exception as problem:  # openpyxl passes on any exception of its parsers
        raise RefusedError(422, _("the workbook cannot be read: {problem}", problem=type(problem).__name__)) from None
    return out


def _rows(sheet: Any, limits: Limits, most: int) -> tuple[list[list[str]], int]:
    """Return the non-empty rows of a sheet, and its cells, `most` at most.

    Stated dimensions are ignored. Empty rows and cells before others count.
    """
    sheet.reset_dimensions()
    out: list[list[str]] = []
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        cells += max(1, len(row))
        if number > limits.table_rows:
            raise RefusedError(
                413,
                _(
                    "the sheet {sheet} has more than {most:,} rows; delete the empty ones below the table",
                    sheet=shown(sheet.title),
                    most=limits.table_rows,
                ),
            )
        if cells > most:
            raise _workbook_too_large(limits)
        texts = [_cell(value) for value in row]
        if any(texts):
            out.append(texts)
    width = max((at + 1 for row in out for at, cell in enumerate(row) if cell), default=0)
    return [(row + [""] * width)[:width] for row in out], cells


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


def _settings(rows: list[list[str]], limits: Limits) -> str:
    """Return scenario.toml from the rows of a sheet: values as in the file, strings without their quotes."""
    lines = []
    sections: dict[str, list[str]] = {}
    for row in rows:
        key, value = row[0], row[1] if len(row) > 1 else ""
        if not re.fullmatch(r"[A-Za-z_]+(\.[A-Za-z_]+)?", key):
            raise RefusedError(
                422, _("{name} in the sheet {sheet} is no option", name=shown(key), sheet=SETTINGS_SHEET)
            )
        section, _dot, name = key.rpartition(".")
        line = f"{name} = {table_rows.toml(key, value)}"
        sections.setdefault(section, []).append(line)
    for section, inner in sorted(sections.items()):
        lines += ([f"\n[{section}]"] if section else []) + inner
    text = "\n".join(lines) + "\n"
    check_manifest(len(text), limits)
    return text
