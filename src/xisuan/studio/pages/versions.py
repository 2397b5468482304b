"""Page of a scenario's versions: author, time and changes of each, and a button to restore it."""

from __future__ import annotations

import re
from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx, html

from xisuan.scenario.schema import tables
from xisuan.studio import labels
from xisuan.studio.auth import Person
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing.version_diff import OPTIONS, Change
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.pages.scenario_overview import ID, head, table_name
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

MOST = 200


def page(now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """Return the list, and the changes of the selected version (`?show=N`)."""
    say = now.say
    row = services.scenario(person, scenario_id)
    rows = services.versions(person, scenario_id)
    asked = query.get("show", "")
    shown = int(asked) if asked.isdecimal() and len(asked) < 7 else row["version"]
    lines = []
    for one in rows:
        number = one["number"]
        see = (
            page_components.link(say(_("Show changes")), f"/scenarios/{scenario_id}/versions?show={number}")
            if number > 1
            else ""
        )
        back = ""
        if row["may_edit"] and number < row["version"]:
            back = page_components.button(say(_("Restore")), {"restore": number}, size="compact-sm")
        state = page_components.check_badge(say, one["errors"], one["warnings"])
        lines.append(
            [
                str(number),
                page_components.time_text(one["created"]),
                one["author"],
                _noted(say, one["note"]),
                state,
                see,
                back,
            ]
        )
    heads = [say(_("Version")), say(_("Saved")), say(_("Author")), say(_("Note")), say(_("Check")), "", ""]
    changes = services.diff(person, scenario_id, shown - 1, shown) if shown > 1 else []
    return [
        head(say, row, "versions", person),
        html.Div(id="restore-said", role="alert"),
        html.Section([html.H2(say(_("Versions"))), page_components.table(heads, lines)], className="versions"),
        html.Section([html.H2(say(_("Changes of version {number}", number=shown))), _changes(say, changes, shown)]),
    ]


def _noted(say: Translator, note: str) -> str:
    """Return the note of a version; a generated note (table names, or the restored version) in the user's language."""
    restored = re.fullmatch(r"as version (\d+)", note)
    if restored:
        return say(_("version {number} restored", number=restored[1]))
    names = note.split(", ")
    known = [table_name(say, name) if name in tables.BY_NAME else say(labels.OPTIONS.get(name, name)) for name in names]
    return ("、" if say.language == "zh" else ", ").join(known)


def _changes(say: Translator, changes: list[Change], shown: int) -> Any:
    """Return the differences from the version before; the first version has none."""
    lines = [
        [
            table_name(say, one.table),
            one.row,
            say((labels.OPTIONS if one.table == OPTIONS else HEADINGS).get(one.column, one.column)),
            html.Del(one.before),
            html.Ins(one.after),
        ]
        if one.kind == "changed"
        else [
            table_name(say, one.table),
            one.row,
            say(_("row added") if one.kind == "added" else _("row removed")),
            html.Del(one.before) if one.before else "",
            html.Ins(one.after) if one.after else "",
        ]
        for one in changes[:MOST]
    ]
    heads = [say(_("Table")), say(_("Row")), say(_("Column")), say(_("Before")), say(_("After"))]
    return page_components.table(
        heads,
        lines,
        say(_("No differences from the version before.") if shown > 1 else _("This is the first version.")),
    )


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the page of versions."""

    @navigating(
        pages,
        Output("restore-said", "children"),
        Input({"restore": ALL}, "n_clicks"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def restore(clicks: list[int], scenario_id: str, version: str) -> tuple[Any, Any]:
        require_click(*clicks)
        number = int(ctx.triggered_id["restore"])
        made, refused = await act(lambda _, person: services.restore(person, scenario_id, number, int(version))[0])
        return (
            (NOTHING, page_components.note(refused))
            if refused
            else (f"/scenarios/{scenario_id}/versions?show={made}", "")
        )


ROUTES = {rf"/scenarios/{ID}/versions": page}
