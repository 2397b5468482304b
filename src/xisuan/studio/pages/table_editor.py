"""Table editor: a grid with units in the headings and faults in their cells, saved as a new version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import dash
import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html

from xisuan.errors import Problem
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Column
from xisuan.studio.auth import Person
from xisuan.studio.editing import table_rows
from xisuan.studio.editing.hourly_curves import Flat, Kept
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, clicked
from xisuan.studio.pages.scenario_overview import ID, head, table_name
from xisuan.studio.services.all_services import Desk, Table
from xisuan.studio.web.request_context import Asking
from xisuan.studio.words import Say

ROW, LINE, BAD = "_row", "_line", "_bad"
"""Fields of a row that are not columns: its id in the grid, its line in the file, its faulty columns as `,a,b,`."""
OURS = (ROW, LINE, BAD)
MOST_CHECKED = 3000
"""Rows up to which every edit is checked at once; larger tables are checked on request."""
SHORT = 14
"""Rows up to which the grid grows with its rows."""
LAST = ("source", "quality", "note", "reference")
"""Columns that are placed last."""
Rows = list[dict[str, Any]]
Shapes = dict[str, list[Any]]
"""Curves to add with the table: name → curve that gives the shape, and mean."""


def page(now: Asking, desk: Desk, person: Person, query: dict[str, str], scenario_id: str, name: str) -> list[Any]:
    """Return the page of one table."""
    say = now.say
    row = desk.scenario(person, scenario_id)
    found = desk.table(person, scenario_id, name)
    have = desk.tables(person, scenario_id)
    faults = [one for one in desk.problems(person, scenario_id) if _of(one, name)]
    lined = zip(found.rows, found.lines, strict=True)
    rows = _marked([{**row, ROW: str(at), LINE: line} for at, (row, line) in enumerate(lined)], faults, name)
    edit = bool(row["may_edit"])
    tools = [
        page_components.button(say("tables.add"), "grid-add"),
        page_components.button(say("tables.delete"), "grid-delete"),
        page_components.button(say("tables.check"), "grid-check"),
        dmc.TextInput(id="grid-note", placeholder=say("tables.note"), **{"aria-label": say("tables.note")}),
        page_components.button(say("tables.save"), "grid-save", main=True),
    ]
    meaning = say.schema(tables.BY_NAME[name].meaning)
    return [
        head(say, row, "tables"),
        *page_components.saved(say, row, query),
        html.Div(
            [
                _list(say, scenario_id, have, name),
                html.Section(
                    [
                        html.Div(
                            [html.H2(table_name(say, name), id="grid-title"), html.Code(f"{name}.csv")],
                            className="line",
                        ),
                        html.P([meaning, *_priced(say, name, desk, person, scenario_id)], className="soft"),
                        html.Div(tools, className="tools")
                        if edit
                        else html.P(page_components.looking(say, person), className="soft"),
                        _grid(now, found, rows, edit),
                        html.Div(
                            page_components.problems(say, faults) if faults else "",
                            id="grid-said",
                            **{"aria-live": "polite"},
                        ),
                        html.Span(name, id="grid-of", hidden=True),
                        dcc.Store(id="grid-kept", data={}),
                    ],
                    className="sheet",
                ),
            ],
            className="beside",
        ),
    ]


def _priced(say: Say, name: str, desk: Desk, person: Person, scenario_id: str) -> list[str]:
    """Return a note on the table `power` that says which of its two prices is used."""
    if name != "power":
        return []
    return [say("tables.priced", price=say(f"choice.{desk.options(person, scenario_id)['plan.power_price']}"))]


def _list(say: Say, scenario_id: str, have: Sequence[str], at: str) -> Any:
    """Return the list of all tables: those of the scenario, and those that it could have."""
    here = f"/scenarios/{scenario_id}/tables/"

    def ways(names: Sequence[str]) -> Any:
        return html.Ul(
            [
                html.Li(page_components.link(table_name(say, name), here + name, className="at" if name == at else ""))
                for name in names
            ]
        )

    more = [name for name in tables.BY_NAME if name not in have]
    rest = html.Details([html.Summary(say("tables.more")), ways(more)], open=at in more)
    return html.Nav([ways(have), rest], className="list", **{"aria-label": say("scenario.tables")})


def _grid(now: Asking, found: Table, rows: Rows, edit: bool) -> Any:
    table = tables.BY_NAME[found.name]
    order = sorted(found.columns, key=lambda name: name in LAST)
    columns = [_line(now.say)]
    columns += [_column(now.say, name, table.column(name), table.keys, edit) for name in order]
    short = len(rows) <= SHORT
    options: dict[str, Any] = {
        "domLayout": "autoHeight" if short else "normal",
        "suppressFieldDotNotation": True,
        "singleClickEdit": False,
        "stopEditingWhenCellsLoseFocus": True,
        "animateRows": False,
        "tooltipShowDelay": 300,
        "undoRedoCellEditing": True,
        "theme": {"function": f"themeQuartz.withParams({_look(now.theme)})"},
        "localeText": {"noRowsToShow": now.say("tables.empty")},
    }
    if edit:  # with None the grid shows nothing
        options["rowSelection"] = {"mode": "multiRow", "enableClickSelection": False}
        options["selectionColumnDef"] = {"pinned": "left", "width": 46, "minWidth": 46}
    return dag.AgGrid(
        id="grid",
        columnDefs=columns,
        rowData=rows,
        defaultColDef={
            "sortable": True,
            "filter": True,
            "resizable": True,
            "minWidth": 80,
            "width": 150,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        dashGridOptions=options,
        getRowId=f"params.data.{ROW}",
        className="grid",
        style={"height": None if short else "min(62vh, 40rem)"},
    )


def _look(theme: str) -> str:
    """Return the colours of the grid, those of the pages."""
    if theme == "dark":
        return (
            "{backgroundColor:'#1a1f24',foregroundColor:'#e7e4dc',headerBackgroundColor:'#232a30',borderColor:'#39424a',"
            "accentColor:'#6fb5bd',browserColorScheme:'dark',fontFamily:'inherit',fontSize:13}"
        )
    return (
        "{backgroundColor:'#ffffff',foregroundColor:'#1d2530',headerBackgroundColor:'#f4f2ec',borderColor:'#dedad0',"
        "accentColor:'#1f5c66',fontFamily:'inherit',fontSize:13}"
    )


def _line(say: Say) -> dict[str, Any]:
    """Return the column of line numbers, as in the messages of the check; sorting by it restores the file's order."""
    return {
        "field": LINE,
        "headerName": say("tables.row"),
        "headerTooltip": say("tables.row_meaning"),
        "pinned": "left",
        "lockPosition": "left",
        "width": 64,
        "minWidth": 64,
        "resizable": False,
        "filter": False,
        "editable": False,
        "cellClass": "row-line",
        "cellAriaRole": "rowheader",
    }


def _column(say: Say, name: str, spec: Column | None, keys: Sequence[str], edit: bool) -> dict[str, Any]:
    """Return a column of the grid: heading, unit, description, and marks of faults.

    Only the first key is pinned, and on a phone none (studio.js), to leave room for the other columns.
    """
    number = spec is not None and spec.kind in ("number", "count", "year", "series")
    out: dict[str, Any] = {
        "field": name,
        "headerName": page_components.headed(say, spec, name),
        "headerTooltip": _meaning(say, spec) if spec else name,
        "editable": edit,
        "cellClassRules": {"bad": f"params.data.{BAD} && params.data.{BAD}.includes(',{name},')"},
    }
    if name == "note":
        out["width"] = 420
    if number:
        out["type"] = "rightAligned"
    if name in keys:
        out["cellClass"] = ["key", "ag-right-aligned-cell"] if number else "key"
    if name in keys[:1]:
        out["pinned"] = "left"
    if spec and spec.choices and edit:
        out |= {"cellEditor": "agSelectCellEditor", "cellEditorParams": {"values": ["", *spec.choices]}}
    return out


def _meaning(say: Say, spec: Column) -> str:
    """Return the description of a column, and of a blank in it."""
    blank = say("tables.blank", blank=say.schema(spec.blank)) if spec.blank else ""
    return f"{spec.name}: {say.schema(spec.meaning)}{blank}"


def _of(problem: Problem, name: str) -> bool:
    """Return True if a problem is in a table."""
    return problem.table in (name, f"{name}.csv")


def _marked(rows: Rows, faults: Sequence[Problem], name: str) -> Rows:
    """Return rows with their faulty columns, found by the line that a fault names."""
    bad: dict[int, set[str]] = {}
    for one in faults:
        line = re.match(r"row (\d+)", one.row)
        if line and one.level == "error" and _of(one, name):
            bad.setdefault(int(line[1]), set()).add(one.column)
    marks = {line: f",{','.join(sorted(columns))}," for line, columns in bad.items()}
    return [{**row, BAD: marks.get(row[LINE], "")} for row in rows]


def numbered(rows: Rows) -> Rows:
    """Return rows with the lines that they will have in the saved file."""
    return [{**row, LINE: line} for row, line in zip(rows, table_rows.lines_after(map(_bare, rows)), strict=True)]


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the columns that are saved."""
    return {name: value for name, value in row.items() if name not in OURS}


def _full(rows: Rows) -> Rows:
    """Return the rows with a value: those that are written to the file."""
    return [row for row in rows if row[LINE] is not None]


def wire(pages: dash.Dash, desk: Desk) -> None:
    """Register the callbacks of the table editor."""
    _wire_rows(pages)
    _wire_check(pages, desk)
    _wire_keep(pages, desk)
    _wire_save(pages, desk)


def _wire_rows(pages: dash.Dash) -> None:
    @pages.callback(
        Output("grid", "rowData", allow_duplicate=True),
        Output("grid", "scrollTo"),
        Input("grid-add", "n_clicks"),
        State("grid", "rowData"),
        prevent_initial_call=True,
    )
    def add(clicks: int, rows: Rows) -> tuple[Any, Any]:
        clicked(clicks)
        number = max((int(row[ROW]) for row in rows), default=-1) + 1
        more = {ROW: str(number), LINE: None, BAD: ""}
        return [*rows, more], {"rowIndex": len(rows), "rowPosition": "bottom"}


def _wire_check(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("grid", "rowData", allow_duplicate=True),
        Output("grid-said", "children", allow_duplicate=True),
        Input("grid", "cellValueChanged"),
        Input("grid-check", "n_clicks"),
        Input("grid-delete", "n_clicks"),
        State("grid", "rowData"),
        State("grid", "selectedRows"),
        State("grid-kept", "data"),
        State("of-scenario", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def check(
        changed: Any, checks: int, deletes: int, rows: Rows, chosen: Rows | None, kept: Shapes, scenario_id: str,
        name: str,
    ) -> tuple[Any, Any]:  # fmt: skip
        by = ctx.triggered_id
        clicked({"grid-check": checks, "grid-delete": deletes}.get(by, 1 if changed else 0))
        gone = {row[ROW] for row in chosen or []} if by == "grid-delete" else set()
        left = [row for row in rows if row[ROW] not in gone]

        def tried(now: Asking, person: Person) -> tuple[Any, Any]:
            if by == "grid-check" or len(left) <= MOST_CHECKED:
                return _tried(now.say, desk, person, scenario_id, name, left, kept)
            after = numbered(left)
            return NOTHING if after == rows else after, html.P(now.say("tables.unchecked"), className="soft unsaved")

        result, refused = await act(tried)
        return (NOTHING, page_components.unsaved(refused)) if refused else result


def _wire_keep(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("grid", "rowData", allow_duplicate=True),
        Output("grid-said", "children", allow_duplicate=True),
        Output("grid-kept", "data"),
        Input({"keep": ALL, "column": ALL, "profile": ALL}, "n_clicks"),
        State("grid", "rowData"),
        State("grid-kept", "data"),
        State("of-scenario", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def keep(clicks: list[int], rows: Rows, kept: Shapes, scenario_id: str, name: str) -> tuple[Any, Any, Any]:
        clicked(*clicks)
        cell = dict(ctx.triggered_id or {})

        def kept_too(now: Asking, person: Person) -> tuple[Rows, Any, Shapes]:
            row = next(one for one in rows if one[ROW] == cell["keep"])
            mean = float(row[cell["column"]])
            curve = desk.free_curve(person, scenario_id, cell["profile"], mean)
            more = {**kept, curve: [cell["profile"], mean]}
            edited = [{**one, cell["column"]: curve} if one is row else one for one in rows]
            return *_tried(now.say, desk, person, scenario_id, name, edited, more), more

        result, refused = await act(kept_too)
        return (NOTHING, page_components.unsaved(refused), NOTHING) if refused else result


def _tried(
    say: Say, desk: Desk, person: Person, scenario_id: str, name: str, rows: Rows, shapes: Shapes
) -> tuple[Rows, Any]:
    """Return rows with their faults marked, the findings of the check, and warnings of curves replaced by a number."""
    rows = numbered(rows)
    full = _full(rows)
    plain = [_bare(row) for row in full]
    found = desk.try_tables(person, scenario_id, {name: plain}, _kept(shapes))
    flat = [_flattened(say, one, full[one.row][ROW]) for one in desk.flattened(person, scenario_id, name, plain)]
    cells = {str(cell) for row in plain for cell in row.values()}
    shaped = [
        html.P(say("tables.kept", name=one.name, profile=one.profile, mean=f"{one.mean:g}"), className="good")
        for one in _kept(shapes)
        if one.name in cells
    ]
    unsaved = html.P(say("tables.unsaved"), className="soft unsaved")
    return _marked(rows, found, name), [*flat, *shaped, unsaved, page_components.problems(say, found)]


def _kept(shapes: Shapes) -> list[Kept]:
    return [Kept(str(name), str(profile), float(mean)) for name, (profile, mean) in shapes.items()]


def _flattened(say: Say, cell: Flat, row: str) -> Any:
    """Return a warning that a number replaces a profile, with a button to keep the profile."""
    column = say.known("column", cell.column)
    values = {name: f"{getattr(cell, name):.4g}" for name in ("low", "mean", "high")}
    said = say("tables.flat", at=cell.key, column=column, profile=cell.profile, value=cell.value, **values)
    name = {"keep": row, "column": cell.column, "profile": cell.profile}
    return page_components.note(
        [html.P(said), page_components.button(say("tables.keep", value=cell.value), name)], "yellow"
    )


def _wire_save(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("grid-said", "children", allow_duplicate=True),
        Input("grid-save", "n_clicks"),
        State("grid", "rowData"),
        State("grid-note", "value"),
        State("grid-kept", "data"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
        running=[(Output("grid-save", "loading"), True, False)],
    )
    async def save(
        clicks: int, rows: Rows, note: str | None, kept: Shapes, scenario_id: str, version: str, name: str
    ) -> tuple[Any, Any]:
        clicked(clicks)
        full = {name: [_bare(row) for row in rows]}
        made, refused = await act(
            lambda _, person: desk.save_tables(person, scenario_id, full, int(version), note or "", _kept(kept))[0]
        )
        if refused:
            return NOTHING, page_components.unsaved(refused)
        return f"/scenarios/{scenario_id}/tables/{name}?saved={made}", ""


ROUTES = {rf"/scenarios/{ID}/tables/(?P<name>[a-z_]+)": page}
