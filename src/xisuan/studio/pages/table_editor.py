"""Table editor: a grid with units in the headings and faults in their cells, saved as a new version."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from xisuan.scenario.schema import tables
from xisuan.studio import labels, scenario_texts
from xisuan.studio.auth import Person
from xisuan.studio.editing import range_mends, table_merge
from xisuan.studio.editing.range_mends import ESTIMATES
from xisuan.studio.pages import page_components, table_grid
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.pages.scenario_overview import ID, head, table_name
from xisuan.studio.pages.tables import conflict_form, grid_check, import_form, table_list
from xisuan.studio.pages.tables.grid_check import Mends
from xisuan.studio.pages.tables.grid_fields import BAD, LINE, ROW, Rows
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

MOST_CHECKED = 3000
"""Rows up to which every edit is checked at once; larger tables are checked on request."""
STORES: Mapping[str, Any] = {
    "grid-kept": {"curves": {}, "ranges": []},
    "grid-changed": 0,
    "grid-marks": None,
    "grid-mend": None,
}
"""Mends to save, number of the latest change, what its check found (row → its line and its faulty columns), and the mend
that was clicked: cells by row, the mends to save then, and when, as the same one may be clicked again after an undo."""


def page(
    now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str, name: str
) -> list[Any]:
    """Return the page of one table."""
    say = now.say
    row = services.scenario(person, scenario_id)
    found = services.table(person, scenario_id, name)
    have = services.tables(person, scenario_id)
    faults = [one for one in services.problems(person, scenario_id) if grid_check.is_of(one, name)]
    lined = zip(found.rows, found.lines, strict=True)
    rows = grid_check.marked([{**row, ROW: str(at), LINE: line} for at, (row, line) in enumerate(lined)], faults, name)
    edit = bool(row["may_edit"])
    names = services.code_names(person, scenario_id, name, now.language)
    meaning = scenario_texts.said(say, tables.BY_NAME[name].meaning)
    return [
        head(say, row, "tables", person),
        *page_components.saved_message(say, row, query),
        html.Div(
            [
                table_list.table_list(say, scenario_id, have, name),
                html.Section(
                    [
                        _title(say, scenario_id, name, name in have),
                        html.P([meaning, *_priced(say, name, services, person, scenario_id)], className="soft"),
                        _tools(say)
                        if edit
                        else html.P(page_components.read_only_reason(say, person), className="soft"),
                        *table_grid.by_year(now, found, services.periods(person, scenario_id), edit, names),
                        table_grid.grid(now, found, rows, edit, names),
                        html.Div(
                            page_components.problems(
                                say, faults, scenario_id, lambda one: page_components.widening(say, one, "widen")
                            )
                            if faults
                            else "",
                            id="grid-said",
                            **{"aria-live": "polite"},
                        ),
                        html.Span(name, id="grid-of", hidden=True),
                        *(dcc.Store(id=one, data=data) for one, data in STORES.items()),
                    ],
                    className="sheet",
                ),
            ],
            className="beside",
        ),
    ]


def _title(say: Translator, scenario_id: str, name: str, saved: bool) -> Any:
    """Return the name of a table, and the links to it as a file if it is saved."""
    here = f"/api/scenarios/{scenario_id}/tables/{name}/file"
    links = [
        page_components.download(say(_("Download (CSV)")), here),
        page_components.download(say(_("Download (Excel)")), f"{here}?form=xlsx"),
    ]
    title = [html.H2(table_name(say, name), id="grid-title"), html.Code(f"{name}.csv")]
    return html.Div([*title, *(links if saved else [])], className="line")


def _tools(say: Translator) -> Any:
    """Return the buttons above the grid."""
    factor = say(_("Factor"))
    tools = [
        page_components.button(say(_("Add a row")), "grid-add"),
        page_components.button(say(_("Delete selected rows")), "grid-delete"),
        page_components.button(say(_("Undo")), "grid-undo"),
        page_components.button(say(_("Redo")), "grid-redo"),
        page_components.button(say(_("Fill down")), "grid-fill"),
        dmc.TextInput(id="grid-factor", placeholder=factor, className="factor", **{"aria-label": factor}),
        page_components.button(say(_("Multiply selection")), "grid-multiply"),
        page_components.button(say(_("Check")), "grid-check"),
        dmc.TextInput(
            id="grid-note",
            placeholder=say(_("Note on the change (optional)")),
            className="note-field",
            **{"aria-label": say(_("Note on the change (optional)"))},
        ),
        page_components.button(say(_("Save")), "grid-save", main=True),
    ]
    keys = say(
        _(
            "Select cells with the mouse or with Shift and the arrow keys. Ctrl+C, Ctrl+X and Ctrl+V work with Excel; "
            "Ctrl+D fills down, Ctrl+Z undoes, Delete empties cells. A pasted block may begin with the column headings."
        )
    )
    return html.Div([html.Div(tools, className="tools"), html.P(keys, className="soft keys"), import_form.form(say)])


def _priced(say: Translator, name: str, services: Services, person: Person, scenario_id: str) -> list[str]:
    """Return a note on the table `power` that says which of its two prices is used."""
    if name != "power":
        return []
    return [
        say(
            _(
                ". The plan uses the {price} (option “Power price” on the overview).",
                price=labels.CHOICES[services.options(person, scenario_id)["plan.power_price"]],
            )
        )
    ]


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the table editor."""
    table_list.wire(pages)
    pages.clientside_callback(ClientsideFunction("spreadsheet", "mark"), Input("grid-marks", "data"))
    pages.clientside_callback(ClientsideFunction("spreadsheet", "mend"), Input("grid-mend", "data"))
    pages.clientside_callback(
        ClientsideFunction("pivot", "choose"), Output("pivot-chosen", "children"), Input("pivot-column", "value")
    )
    _wire_check(pages, services)
    _wire_keep(pages, services)
    _wire_widen(pages, services)
    _wire_save(pages, services)
    import_form.wire(pages, services)


def _wire_check(pages: dash.Dash, services: Services) -> None:
    """Check the rows after each change; the browser applies the result to the rows that it has by then."""

    @pages.callback(
        Output("grid-marks", "data"),
        Output("grid-said", "children", allow_duplicate=True),
        Input("grid", "cellValueChanged"),
        Input("grid-changed", "data"),
        Input("grid-check", "n_clicks"),
        State("grid", "rowData"),
        State("grid-kept", "data"),
        State("of-scenario", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def check(
        typed: Any, changed: int, checks: int, rows: Rows, kept: Mends, scenario_id: str, name: str
    ) -> tuple[Any, Any]:
        by = ctx.triggered_id
        require_click({"grid-check": checks, "grid-changed": changed}.get(by, 1 if typed else 0))

        def tried(now: Asking, person: Person) -> tuple[Any, Any]:
            if by == "grid-check" or len(rows) <= MOST_CHECKED:
                marked, said = grid_check.tried(now.say, services, person, scenario_id, name, rows, kept)
                return _marks(marked), said
            return _marks(grid_check.numbered(rows)), html.P(
                now.say(_("Not saved yet. A table of this size is checked when you click “Check”.")),
                className="soft unsaved",
            )

        result, refused = await act(tried)
        return (NOTHING, page_components.unsaved_note(refused)) if refused else result


def _marks(rows: Rows) -> dict[str, tuple[Any, Any]]:
    """Return the line and the faulty columns of each row."""
    return {row[ROW]: (row[LINE], row.get(BAD, "")) for row in rows}


def _wire_keep(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("grid-mend", "data"),
        Output("grid-said", "children", allow_duplicate=True),
        Input({"keep": ALL, "column": ALL, "profile": ALL}, "n_clicks"),
        State("grid", "rowData"),
        State("grid-kept", "data"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def keep(clicks: list[int], rows: Rows, kept: Mends, scenario_id: str) -> tuple[Any, Any]:
        require_click(*clicks)
        cell = dict(ctx.triggered_id or {})

        def kept_too(_now: Asking, person: Person) -> dict[str, Any]:
            row = next(one for one in rows if one[ROW] == cell["keep"])
            mean = float(row[cell["column"]])
            curve = services.free_curve(person, scenario_id, cell["profile"], mean)
            more = {**kept, "curves": {**kept["curves"], curve: [cell["profile"], mean]}}
            return {"rows": {row[ROW]: {cell["column"]: curve}}, "kept": more, "at": time.time()}

        result, refused = await act(kept_too)
        return (NOTHING, page_components.unsaved_note(refused)) if refused else (result, NOTHING)


def _wire_widen(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("grid-mend", "data", allow_duplicate=True),
        Output("grid-said", "children", allow_duplicate=True),
        Input({"widen": ALL, "end": ALL, "value": ALL}, "n_clicks"),
        State("grid", "rowData"),
        State("grid-kept", "data"),
        State("of-scenario", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def widen(clicks: list[int], rows: Rows, kept: Mends, scenario_id: str, name: str) -> tuple[Any, Any]:
        require_click(*clicks)
        chosen = dict(ctx.triggered_id or {})

        def moved(_now: Asking, person: Person) -> dict[str, Any]:
            found = services.table(person, scenario_id, ESTIMATES)
            ranges, lines = (rows, [row[LINE] for row in rows]) if name == ESTIMATES else (found.rows, found.lines)
            at = lines.index(chosen["widen"]) if chosen["widen"] in lines else -1
            one = range_mends.widened(ranges, at, chosen["end"], float(chosen["value"]))
            if name == ESTIMATES:
                return {"rows": {rows[at][ROW]: {one.end: one.value}}, "kept": None, "at": time.time()}
            more = {**kept, "ranges": [*kept["ranges"], dataclasses.asdict(one)]}
            return {"rows": {}, "kept": more, "at": time.time()}

        result, refused = await act(moved)
        return (NOTHING, page_components.unsaved_note(refused)) if refused else (result, NOTHING)


def _wire_save(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
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
        clicks: int, rows: Rows, note: str | None, kept: Mends, scenario_id: str, version: str, name: str
    ) -> tuple[Any, Any]:
        require_click(clicks)
        full = {name: [grid_check.bare(row) for row in rows]}
        made, refused = await act(
            lambda _, person: services.save_tables(
                person,
                scenario_id,
                grid_check.tables_with(services, person, scenario_id, name, rows, kept),
                int(version),
                note or "",
                grid_check.kept_curves(kept),
            )[0]
        )
        if not refused:
            return f"/scenarios/{scenario_id}/tables/{name}?saved={made}", ""

        def merged(now: Asking, person: Person) -> Any:
            if services.scenario(person, scenario_id)["version"] == int(version):
                return page_components.unsaved_note(refused)
            found, latest = services.merge_table(person, scenario_id, name, full[name], int(version))
            author = services.versions(person, scenario_id)[0]["author"]
            said = now.say(
                _(
                    "{author} saved version {latest} while you worked on version {base}. Nothing is lost: your changes "
                    "are still here.",
                    author=author,
                    latest=latest,
                    base=version,
                )
            )
            return conflict_form.form(now.say, said, found, latest)

        said, unmerged = await act(merged)
        return NOTHING, page_components.unsaved_note(f"{refused}\n{unmerged}") if unmerged else said

    @pages.callback(
        Output("grid", "rowData", allow_duplicate=True),
        Output("of-version", "children"),
        Output("grid-said", "children", allow_duplicate=True),
        Output("grid-changed", "data"),
        Input("grid-merge", "n_clicks"),
        State({"conflict": ALL}, "value"),
        State("grid-latest", "data"),
        State("grid", "rowData"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        State("grid-of", "children"),
        prevent_initial_call=True,
    )
    async def merge(
        clicks: int, chosen: list[str], latest: int, rows: Rows, scenario_id: str, version: str, name: str
    ) -> tuple[Any, Any, Any, Any]:
        require_click(clicks)
        mine = [grid_check.bare(row) for row in rows]

        def done(now: Asking, person: Person) -> Any:
            found, number = services.merge_table(person, scenario_id, name, mine, int(version))
            if number != latest or len(found.conflicts) != len(chosen):
                return conflict_form.form(now.say, now.say(_("The table has changed again.")), found, number)
            both = table_merge.decided(name, found, mine, [one == "mine" for one in chosen])
            return [{**row, ROW: str(at), LINE: None, BAD: ""} for at, row in enumerate(both)]

        result, refused = await act(done)
        if refused or not isinstance(result, list):
            return NOTHING, NOTHING, page_components.unsaved_note(refused) if refused else result, NOTHING
        return result, str(latest), "", time.time()


ROUTES = {rf"/scenarios/{ID}/tables/(?P<name>[a-z_]+)": page}
