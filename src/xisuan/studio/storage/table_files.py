"""Files of one table: CSV of any usual encoding and delimiter, or a sheet of an Excel workbook, read as untrusted input."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from xisuan.scenario.reading.problems import shown
from xisuan.scenario.schema.column_types import Column, Table
from xisuan.studio import scenario_texts
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.configuration import MIB, Limits
from xisuan.studio.editing import table_rows
from xisuan.studio.editing.table_import import Imported
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import uploads
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

HEADING_LINES = 10
"""Lines at the top among which the column headings are looked for: a sheet may begin with its title."""
LANGUAGES = (Translator("en"), Translator("zh"))
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+|(?:[\u202f\u00a0 ]\d{3})+(?:\.\d+)?)")
"""Numbers whose separators can only be those of thousands: 1,234,567, 1,234.5 and 1 234. 1,234 may be 1.234."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read(name: str, data: bytes, have: Sequence[str], limits: Limits) -> Imported:
    """Return the rows of a file. `have`: columns of the table, those that only this scenario has included.

    Headings are names of columns, or their titles in either language. Raises RefusedError.
    """
    if len(data) > limits.upload_bytes:
        raise RefusedError(
            413, _("the file is larger than {most} MB; send fewer or shorter tables", most=limits.upload_bytes // MIB)
        )
    if data.startswith(_OLD_EXCEL):
        raise RefusedError(422, _("this is a workbook of an old Excel (.xls); save it as .xlsx or as CSV"))
    known = _known(table_rows.table(name), have)
    if data.startswith(b"PK"):
        lines, decimal_commas = uploads.read_sheet(data, name, limits), False
    else:
        lines, decimal_commas = _text_lines(data, known)
    uploads.check_rows(name, len(lines) - 1, limits)
    uploads.check_cells(sum(map(len, lines)), limits.table_cells)
    for line in lines:
        table_rows.check_cells(line)
    return _rows(table_rows.table(name), lines, known, decimal_commas)


def _known(table: Table, have: Sequence[str]) -> dict[str, str]:
    """Return the columns by their names and titles; a title that two columns share is left out."""
    specs = {column.name: column for column in table.all_columns}
    names = list(dict.fromkeys((*specs, *have)))
    titles = [(_folded(title), name) for name in names for title in _titles(specs.get(name), name)]
    shared = Counter(title for title, _name in set(titles))
    return {title: name for title, name in titles if shared[title] == 1} | {_folded(name): name for name in names}


def _titles(column: Column | None, name: str) -> list[str]:
    plain = [say(HEADINGS.get(name, name)) for say in LANGUAGES]
    return [*plain, *(scenario_texts.column_heading(say, column, name) for say in LANGUAGES)]


def _folded(text: str) -> str:
    return " ".join(text.split()).lower()


def _text_lines(data: bytes, known: Mapping[str, str]) -> tuple[list[list[str]], bool]:
    """Return the lines of a CSV file as cells, and True if its cells may have decimal commas (it has semicolons)."""
    text = _decoded(data)
    found = {sign: _split(text, sign) for sign in ",;\t"}
    best = max(found, key=lambda sign: max(sum(_folded(cell) in known for cell in line) for line in _top(found[sign])))
    return _split(text, best, strict=True), best == ";"  # a quote that is never closed would swallow the rest


def _top(lines: list[list[str]]) -> list[list[str]]:
    return lines[:HEADING_LINES] or [[]]


def _decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with a byte order mark, or GB 18030."""
    ways = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for way in ways:
        try:
            text = data.decode(way)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RefusedError(422, _("the file is neither CSV (UTF-8 or GB 18030) nor an Excel workbook; save it as one"))


def _split(text: str, delimiter: str, *, strict: bool = False) -> list[list[str]]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict))
    except csv.Error as problem:
        raise RefusedError(422, _("the file cannot be read as CSV: {problem}", problem=str(problem))) from None
    clean = [[" ".join(cell.split()) for cell in line] for line in lines]
    return [line for line in clean if any(line)]


def _rows(table: Table, lines: Sequence[Sequence[str]], known: Mapping[str, str], decimal_commas: bool) -> Imported:
    """Return the lines below the headings as rows."""
    at = next((at for at, line in enumerate(lines[:HEADING_LINES]) if _is_heading(line, known)), None)
    if at is None:
        raise _no_heading(table, lines[0] if lines else [], known)
    columns = [known.get(_folded(cell), "") for cell in lines[at]]
    twice = [name for name, count in Counter(filter(None, columns)).items() if count > 1]
    if twice:
        raise RefusedError(422, _("the file has the column {column} twice; remove one", column=twice[0]))
    lacking = [key for key in table.keys if key not in columns]
    if lacking:
        raise RefusedError(
            422, _("the file has no column {column}, which tells the rows apart; add it", column=lacking[0])
        )
    numeric = {column.name for column in table.all_columns if column.kind in ("number", "count", "year", "series")}
    rows = []
    for line in lines[at + 1 :]:
        _check_headings(columns, line)
        cells = {name: cell.strip() for name, cell in zip(columns, line, strict=False) if name}
        clean = {
            name: _number(cell) if name in numeric and not decimal_commas else cell for name, cell in cells.items()
        }
        if table_rows.holds(clean):
            rows.append(clean)
    return Imported([name for name in columns if name], rows)


def _check_headings(columns: Sequence[str], line: Sequence[str]) -> None:
    """Refuse a line with a cell that stands under no heading, as of a decimal comma without quotes."""
    for at, cell in enumerate(line):
        if cell.strip() and not (at < len(columns) and columns[at]):
            raise RefusedError(
                422,
                _(
                    "{value} in the line of {first} stands under no heading; give the column a heading, or put cells with "
                    "commas in quotes",
                    value=shown(cell),
                    first=shown(next(filter(None, line))),
                ),
            )


def _is_heading(line: Sequence[str], known: Mapping[str, str]) -> bool:
    cells = [cell for cell in line if cell.strip()]
    return bool(cells) and all(_folded(cell) in known for cell in cells)


def _no_heading(table: Table, first: Sequence[str], known: Mapping[str, str]) -> RefusedError:
    """Return the refusal of a file without headings of the table; it names a heading that is unknown."""
    columns = ", ".join(dict.fromkeys(known.values()))
    unknown = [cell for cell in first if cell.strip() and _folded(cell) not in known]
    if not unknown:
        return RefusedError(422, _("the file is empty; its first line must name columns: {columns}", columns=columns))
    return RefusedError(
        422,
        _(
            "{heading} is no column of the table {table}; rename or remove it. Its columns: {columns}",
            heading=shown(unknown[0]),
            table=table.name,
            columns=columns,
        ),
    )


def _number(cell: str) -> str:
    """Return a number without separators of thousands; any other text as it is, for the check to find."""
    return re.sub(r"[,\s]", "", cell) if _GROUPED.fullmatch(cell) else cell
