"""Form for a table that another user saved meanwhile: both versions cell by cell, to choose from."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing.table_merge import ROW, Conflict, Merge
from xisuan.studio.pages import page_components
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _


def form(say: Translator, refused: str, found: Merge, latest: int) -> Any:
    """Return the message of the conflict, the cells that both have changed, and the button that merges."""
    lead = (
        say(_("Both versions change these cells. Choose one for each, merge, and save."))
        if found.conflicts
        else say(_("The two versions change different cells. Merge them, check the result, and save."))
    )
    rows = [_line(say, at, one) for at, one in enumerate(found.conflicts)]
    heads = [say(_("Row")), say(_("Column")), say(_("Before")), say(_("Theirs")), say(_("Yours")), say(_("Keep"))]
    return html.Div(
        [
            page_components.note(refused, "yellow"),
            html.P(lead),
            *([page_components.table(heads, rows)] if rows else []),
            page_components.button(say(_("Merge")), "grid-merge", main=True),
            dcc.Store(id="grid-latest", data=latest),
        ],
        className="unsaved",
    )


def _line(say: Translator, at: int, one: Conflict) -> list[Any]:
    """Return one conflict as a line of the table."""
    gone = html.Em(say(_("row deleted")))
    column = say(_("whole row")) if one.column == ROW else say(HEADINGS.get(one.column, one.column))
    cells = [(value or gone) if one.column == ROW else (value or "–") for value in (one.base, one.theirs, one.mine)]
    choice = dmc.SegmentedControl(
        id={"conflict": at},
        data=[{"value": "theirs", "label": say(_("Theirs"))}, {"value": "mine", "label": say(_("Yours"))}],
        value="theirs",
        size="xs",
    )
    return [" · ".join(one.key), column, *cells, choice]
