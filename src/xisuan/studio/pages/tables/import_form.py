"""Form of the table editor that imports a file: what it would change is shown first, then laid into the grid."""

from __future__ import annotations

from collections import Counter
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, dcc, html

from xisuan.studio.auth import Person
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing import table_import, table_rows
from xisuan.studio.editing.table_import import Imported, Preview
from xisuan.studio.editing.version_diff import Change
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, require_click, uploaded
from xisuan.studio.pages.tables.grid_fields import OURS, ROW, Rows
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator, plural
from xisuan.text.translation import message as _

LARGEST = 10 * 2**20
"""Bytes of a file."""
MOST = 200
"""Changes that are listed."""


def form(say: Translator) -> Any:
    """Return the form, folded."""
    lead = say(
        _(
            "CSV or Excel, with the names or titles of columns in the first line. You see what changes before anything "
            "is changed."
        )
    )
    upload = page_components.file_drop(say, "import-upload", LARGEST)
    return html.Details(
        [
            html.Summary(say(_("Import a file into this table"))),
            html.P(lead, className="soft"),
            *upload,
            html.Div(
                dmc.Checkbox(id="import-remove", label=say(_("Remove rows that the file does not have"))),
                id="import-choice",
                hidden=True,
            ),
            html.Div(id="import-said", role="status"),
            dcc.Store(id="import-file"),
            dcc.Store(id="import-rows"),
        ],
        className="import",
    )


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks: read the file, show what it changes, and lay its rows into the grid."""
    _wire_read(pages, services)
    _wire_preview(pages)
    pages.clientside_callback(
        ClientsideFunction("spreadsheet", "take"),
        Output("import-said", "children", allow_duplicate=True),
        Output("import-choice", "hidden", allow_duplicate=True),
        Input("import-take", "n_clicks"),
        State("import-rows", "data"),
        prevent_initial_call=True,
    )


def _wire_read(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("import-file", "data"),
        Output("import-said", "children", allow_duplicate=True),
        Input("import-upload", "contents"),
        State("import-upload", "filename"),
        State("of-scenario", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def read(contents: str | None, file: str | None, scenario_id: str, name: str) -> tuple[Any, Any]:
        require_click(1 if contents else 0)
        found, refused = await act(
            lambda _, person: services.read_table(person, scenario_id, name, uploaded(contents or ""))
        )
        if refused:
            return NOTHING, page_components.note(refused, title=file or "")
        return {"file": file or "", "columns": found.columns, "rows": found.rows}, ""


def _wire_preview(pages: dash.Dash) -> None:
    @pages.callback(
        Output("import-said", "children", allow_duplicate=True),
        Output("import-rows", "data"),
        Output("import-choice", "hidden"),
        Input("import-file", "data"),
        Input("import-remove", "checked"),
        State("grid", "rowData"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def preview(file: dict[str, Any] | None, remove: bool, rows: Rows, name: str) -> tuple[Any, Any, bool]:
        require_click(1 if file else 0)
        given = file or {}

        def compared(now: Asking, person: Person) -> tuple[Any, Any, bool]:
            mine = [{column: value for column, value in row.items() if column not in OURS} for row in rows]
            found = table_import.compare(name, mine, Imported(given["columns"], given["rows"]), bool(remove))
            return _preview(now.say, given["file"], found, bool(remove)), _steps(rows, found), not found.absent

        result, refused = await act(compared)
        return (page_components.note(refused, title=given["file"]), NOTHING, True) if refused else result


def _steps(rows: Rows, found: Preview) -> dict[str, Any]:
    """Return what an import does to the grid: cells by the id of their row, ids of rows that go, and new rows.

    Rows that were edited after the preview keep what the import does not change.
    """
    kept = {at: row for at, row in found.rows if at is not None}
    changed = {
        str(rows[at][ROW]): {name: text for name, text in row.items() if str(rows[at].get(name) or "").strip() != text}
        for at, row in kept.items()
    }
    held = [at for at, row in enumerate(rows) if table_rows.holds({k: v for k, v in row.items() if k not in OURS})]
    return {
        "changed": {key: cells for key, cells in changed.items() if cells},
        "removed": [rows[at][ROW] for at in held if at not in kept],
        "added": [row for at, row in found.rows if at is None],
    }


def _preview(say: Translator, file: str, found: Preview, remove: bool) -> Any:
    """Return what an import changes, and the button that lays it into the grid."""
    if not found.changes:
        text = say(_("{file} changes nothing: each of its rows is in the table already.", file=file))
        return [html.P(text, className="good"), *_absent(say, found, remove)]
    kinds = Counter(one.kind for one in found.changes)
    counts = [
        say(text)
        for text in (
            plural("{count} row added", "{count} rows added", kinds["added"]),
            plural("{count} cell changed", "{count} cells changed", kinds["changed"]),
            plural("{count} row removed", "{count} rows removed", kinds["removed"]),
        )
    ]
    heads = [say(_("Row")), say(_("Column")), say(_("Before")), say(_("After"))]
    more = len(found.changes) - MOST
    after = html.Span(say(_("It is checked, can be undone, and becomes a version when you save.")), className="soft")
    return [
        html.P([html.Strong(file), ": ", " · ".join(counts)], className="counts"),
        *_absent(say, found, remove),
        page_components.table(heads, [_line(say, one) for one in found.changes[:MOST]]),
        *([html.P(say(_("and {count} more", count=more)), className="soft")] if more > 0 else []),
        html.Div(
            [page_components.button(say(_("Put into the table")), "import-take", main=True), after], className="line"
        ),
    ]


def _absent(say: Translator, found: Preview, remove: bool) -> list[Any]:
    """Return the note that rows of the table which the file does not have stay."""
    if remove or not found.absent:
        return []
    text = plural(
        "{count} row of the table is not in the file; it stays.",
        "{count} rows of the table are not in the file; they stay.",
        found.absent,
    )
    return [html.P(say(text), className="soft")]


def _line(say: Translator, one: Change) -> list[Any]:
    """Return one change as a line of the table."""
    whole = {"added": _("row added"), "removed": _("row removed"), "changed": _("order")}
    column = say(HEADINGS.get(one.column, one.column) if one.column else whole[one.kind])
    return [one.row, column, html.Del(one.before) if one.before else "", html.Ins(one.after) if one.after else ""]
