"""The line numbers of the grid are those that `check` names, before a change and once it is saved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xisuan.scenario import load, write
from xisuan.studio.configuration import Limits
from xisuan.studio.editing import table_rows
from xisuan.studio.pages.tables import grid_check, grid_fields

BLANKS = '\n\nzone,price,note\ncoast,0.6,"two\nlines"\n\n , ,\ninland,none,\nhills,0.4,\n'
"""A file with lines that hold nothing, and with a row of two lines."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "scenario"
    write.write(load.load("starter"), place)
    return place


def faulty(folder: Path) -> list[int]:
    """Lines of `power` whose price the check finds at fault."""
    found = [one for one in load.examine(folder)[1] if one.table.startswith("power") and one.column == "price"]
    return [int(match[1]) for one in found if (match := re.match(r"row (\d+)", one.row))]


def test_a_row_has_the_line_that_the_check_names(folder: Path) -> None:
    """Lines that hold nothing count, and so do the line breaks of a cell."""
    (folder / "power.csv").write_text(BLANKS, encoding="utf-8")
    _, rows, lines = table_rows.read_lined(folder, "power")
    assert (lines, faulty(folder)) == ([4, 8, 9], [8])
    assert rows[1]["zone"] == "inland"


def shown(zones: list[dict[str, str]]) -> grid_fields.Rows:
    """Rows as the page holds them, with lines that are out of date."""
    return [
        {**row, grid_fields.ROW: str(at), grid_fields.LINE: 99, grid_fields.BAD: ""} for at, row in enumerate(zones)
    ]


@pytest.mark.parametrize("at", range(5))
def test_a_changed_row_has_the_line_that_the_saved_file_gives_it(folder: Path, at: int) -> None:
    """Whichever row is at fault, among rows that hold nothing: the file is written, and the check names that line."""
    zones = [{"zone": f"z{row}", "price": "none" if row == at else "0.5"} for row in range(5)]
    zones[2:2] = [{}, {"zone": " ", "price": None}]  # type: ignore[dict-item]
    rows = grid_check.numbered(shown(zones))
    bare = [{name: row.get(name) for name in ("zone", "price")} for row in rows]
    (folder / "power.csv").write_text(table_rows.text("power", bare, Limits()), encoding="utf-8")
    [line] = faulty(folder)
    assert [row["zone"] for row in rows if row[grid_fields.LINE] == line] == [f"z{at}"]
    assert [row[grid_fields.LINE] for row in rows] == [2, 3, None, None, 4, 5, 6]
