"""Grid of the table editor: its columns with units in the headings, and its settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html

from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Column
from xisuan.studio import scenario_texts
from xisuan.studio.pages.tables.grid_fields import BAD, LINE, ROW, Rows
from xisuan.studio.pages.tables.grid_texts import GRID_TEXTS
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Table
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

SHORT = 14
"""Rows up to which the grid grows with its rows."""
LAST = ("source", "quality", "note", "reference")
"""Columns that are placed last."""


def grid(now: Asking, found: Table, rows: Rows, edit: bool, names: Mapping[str, Mapping[str, str]]) -> Any:
    """Return the grid with the rows of a table; `names` are the titles of codes, by column."""
    table = tables.BY_NAME[found.name]
    order = sorted(found.columns, key=lambda name: name in LAST)
    columns = [_line(now.say)]
    columns += [_column(now.say, name, table.column(name), table.keys, edit, name in names) for name in order]
    short = len(rows) <= SHORT
    options: dict[str, Any] = {
        "domLayout": "autoHeight" if short else "normal",
        "suppressFieldDotNotation": True,
        "singleClickEdit": False,
        "stopEditingWhenCellsLoseFocus": True,
        "animateRows": False,
        "tooltipShowDelay": 300,
        "theme": {"function": f"themeQuartz.withParams({_look(now.theme)})"},
        "localeText": {key: now.say(text) for key, text in GRID_TEXTS.items()},
        "context": {"names": names},
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


def by_year(
    now: Asking, found: Table, years: Sequence[int], edit: bool, names: Mapping[str, Mapping[str, str]]
) -> list[Any]:
    """Return the table laid out by year, folded; empty for a table without years, other keys or numbers.

    The browser fills it from the rows of the grid, and writes edits back to them (pivot.js).
    """
    say, table = now.say, tables.BY_NAME[found.name]
    keys = [key for key in table.row_keys if key != "period"]
    numbers = [
        one for one in table.columns if one.kind in ("number", "count", "series") and one.name not in table.row_keys
    ]
    if "period" not in table.row_keys or not keys or not numbers:
        return []
    data = [{"value": one.name, "label": scenario_texts.column_heading(say, one, one.name)} for one in numbers]
    heads = {key: scenario_texts.column_heading(say, table.column(key), key) for key in keys}
    setup = {"keys": keys, "heads": heads, "years": list(years), "start": say(_("from the start")), "edit": edit}
    label = say(_("Column by year"))
    choice = dmc.Select(
        id="pivot-column", data=data, value=data[0]["value"], allowDeselect=False, **{"aria-label": label}
    )
    lines = {tuple(row.get(key, "") for key in keys) for row in found.rows}
    short = len(lines) <= SHORT
    grid = dag.AgGrid(
        id="pivot",
        columnDefs=[],
        rowData=[],
        defaultColDef={"sortable": True, "resizable": True, "minWidth": 80},
        dashGridOptions={
            "domLayout": "autoHeight" if short else "normal",
            "stopEditingWhenCellsLoseFocus": True,
            "animateRows": False,
            "theme": {"function": f"themeQuartz.withParams({_look(now.theme)})"},
            "localeText": {key: say(text) for key, text in GRID_TEXTS.items()},
            "context": {"names": names},
        },
        getRowId="params.data._key",
        className="grid",
        style={"height": None if short else "min(50vh, 30rem)"},
    )
    lead = say(
        _(
            "One line per key, one column per year. An edit changes the rows of the table; a new year copies the row "
            "before it."
        )
    )
    setting = html.Span(json.dumps(setup, ensure_ascii=False), id="pivot-setup", hidden=True)
    chosen = html.Span(id="pivot-chosen", hidden=True)
    parts = [html.Summary(say(_("By year"))), html.P(lead, className="soft"), choice, grid, setting, chosen]
    return [html.Details(parts, className="by-year")]


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


def _line(say: Translator) -> dict[str, Any]:
    """Return the column of line numbers, as in the messages of the check; sorting by it restores the file's order."""
    return {
        "field": LINE,
        "headerName": say(_("Row")),
        "headerTooltip": say(
            _(
                "Line in the file, as in the messages of the check; line 1 is the header. After a "
                "change: the line once saved."
            )
        ),
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


def _column(
    say: Translator, name: str, spec: Column | None, keys: Sequence[str], edit: bool, named: bool
) -> dict[str, Any]:
    """Return a column of the grid: heading, unit, description, marks of faults, and names beside its codes if `named`.

    Only the first key is pinned, and on a phone none (studio.js), to leave room for the other columns.
    """
    number = spec is not None and spec.kind in ("number", "count", "year", "series")
    out: dict[str, Any] = {
        "field": name,
        "headerName": scenario_texts.column_heading(say, spec, name),
        "headerTooltip": _meaning(say, spec) if spec else name,
        "editable": edit,
        "cellClassRules": {"bad": f"params.data.{BAD} && params.data.{BAD}.includes(',{name},')"},
    }
    if name == "note":
        out["width"] = 420
    if number:
        out |= {
            "type": "rightAligned",
            "comparator": {"function": "byNumber"},
            "filter": "agNumberColumnFilter",
            "filterValueGetter": {"function": "numberIn(params)"},
        }
    if named:
        out |= {"valueFormatter": {"function": "codeAndName(params)"}, "width": 190}
    if name in keys:
        out["cellClass"] = ["key", "ag-right-aligned-cell"] if number else "key"
    if name in keys[:1]:
        out["pinned"] = "left"
    if spec and spec.choices and edit:
        out |= {"cellEditor": "agSelectCellEditor", "cellEditorParams": {"values": ["", *spec.choices]}}
    return out


def _meaning(say: Translator, spec: Column) -> str:
    """Return the description of a column, and of a blank in it."""
    blank = say(_("; blank: {blank}", blank=scenario_texts.blank(say, spec))) if spec.blank else ""
    return f"{spec.name}: {scenario_texts.said(say, spec.meaning)}{blank}"
