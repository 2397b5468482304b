"""Check of the rows in the grid: findings with their mends, faulty cells, and what is saved with the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from xisuan.errors import Problem
from xisuan.studio import scenario_texts
from xisuan.studio.auth import Person
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing import range_mends, table_rows
from xisuan.studio.editing.hourly_curves import Flat, Kept
from xisuan.studio.editing.range_mends import ESTIMATES, Widened
from xisuan.studio.pages import page_components
from xisuan.studio.pages.tables.grid_fields import BAD, LINE, OURS, ROW, Rows
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.versions import Tables
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

Mends = Mapping[str, Any]
"""What is saved with the table: `curves`, name → curve that gives the shape, and mean; `ranges`, widened ranges."""


def is_of(problem: Problem, name: str) -> bool:
    """Return True if a problem is in a table."""
    return problem.table in (name, f"{name}.csv")


def marked(rows: Rows, faults: Sequence[Problem], name: str) -> Rows:
    """Return rows with their faulty columns, found by the line that a fault names."""
    bad: dict[int, set[str]] = {}
    for one in faults:
        line = scenario_texts.line_number(one)
        if line and one.level == "error" and is_of(one, name):
            bad.setdefault(line, set()).add(one.column)
    marks = {line: f",{','.join(sorted(columns))}," for line, columns in bad.items()}
    return [{**row, BAD: marks.get(row[LINE], "")} for row in rows]


def numbered(rows: Rows) -> Rows:
    """Return rows with the lines that they will have in the saved file."""
    return [{**row, LINE: line} for row, line in zip(rows, table_rows.lines_after(map(bare, rows)), strict=True)]


def bare(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the columns that are saved."""
    return {name: value for name, value in row.items() if name not in OURS}


def _full(rows: Rows) -> Rows:
    """Return the rows with a value: those that are written to the file."""
    return [row for row in rows if row[LINE] is not None]


def tried(
    say: Translator, services: Services, person: Person, scenario_id: str, name: str, rows: Rows, mends: Mends
) -> tuple[Rows, Any]:
    """Return rows with their faults marked, the findings of the check, and warnings of curves replaced by a number."""
    rows = numbered(rows)
    full = _full(rows)
    plain = [bare(row) for row in full]
    changed = tables_with(services, person, scenario_id, name, full, mends)
    found = services.try_tables(person, scenario_id, changed, kept_curves(mends))
    flat = [_flattened(say, one, full[one.row][ROW]) for one in services.flattened(person, scenario_id, name, plain)]
    cells = {str(cell) for row in plain for cell in row.values()}
    shaped = [
        html.P(
            say(
                _(
                    "{name}: profile {profile} scaled to a mean of {mean}; it is saved with this table.",
                    name=one.name,
                    profile=one.profile,
                    mean=f"{one.mean:g}",
                )
            ),
            className="good",
        )
        for one in kept_curves(mends)
        if one.name in cells
    ]
    unsaved = html.P(say(_("Not saved yet. Result of the check:")), className="soft unsaved")
    listed = page_components.problems(say, found, scenario_id, lambda one: page_components.widening(say, one, "widen"))
    return marked(rows, found, name), [*flat, *shaped, *_moved(say, mends), unsaved, listed]


def _moved(say: Translator, mends: Mends) -> list[Any]:
    """Return the ranges that are saved with the table."""
    return [
        html.P(
            say(
                _(
                    "estimates.csv, {key}, {column}: {end} is now {value}; it is saved with this table.",
                    key=f"{one.table} {one.key}",
                    column=one.column,
                    end=say(HEADINGS[one.end]),
                    value=f"{one.value:.15g}",
                )
            ),
            className="good",
        )
        for one in widened_ranges(mends)
    ]


def kept_curves(mends: Mends) -> list[Kept]:
    """Return the curves to save with the table."""
    return [Kept(str(name), str(profile), float(mean)) for name, (profile, mean) in mends["curves"].items()]


def widened_ranges(mends: Mends) -> list[Widened]:
    """Return the ranges to save with the table."""
    return [Widened(**one) for one in mends["ranges"]]


def tables_with(services: Services, person: Person, scenario_id: str, name: str, rows: Rows, mends: Mends) -> Tables:
    """Return the table `name` with these rows, and the table of estimates with the ranges to save with it."""
    plain = [bare(row) for row in rows]
    ranges = widened_ranges(mends)
    if not ranges or name == ESTIMATES:
        return {name: plain}
    return {name: plain, ESTIMATES: range_mends.applied(services.table(person, scenario_id, ESTIMATES).rows, ranges)}


def _flattened(say: Translator, cell: Flat, row: str) -> Any:
    """Return a warning that a number replaces a profile, with a button to keep the profile."""
    column = HEADINGS.get(cell.column, cell.column)
    values = {name: f"{getattr(cell, name):.4g}" for name in ("low", "mean", "high")}
    said = say(
        _(
            "{at}: {column} was the hourly profile {profile} (from {low} to {high}, mean "
            "{mean}). {value} makes all hours equal.",
            at=cell.key,
            column=column,
            profile=cell.profile,
            value=cell.value,
            **values,
        )
    )
    name = {"keep": row, "column": cell.column, "profile": cell.profile}
    return page_components.note(
        [
            html.P(said),
            page_components.button(say(_("Keep the profile, with a mean of {value}", value=cell.value)), name),
        ],
        "yellow",
    )
