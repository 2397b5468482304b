"""Map editor of sites, regions, nodes and links: select, drag, type, add, remove, check and save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, dcc, html

from xisuan.errors import Problem
from xisuan.report.maps import base_maps
from xisuan.scenario.schema import tables
from xisuan.studio import scenario_texts
from xisuan.studio.auth import Person
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing import map_draft
from xisuan.studio.editing.map_draft import FIELDS, KEY, Draft
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.pages.scenario_overview import ID, head, table_name
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

Chosen = list[str]
"""Table and name, or nothing."""
ADD = ("add-kind", "add-name", "add-lat", "add-lon", "add-from", "add-to")
"""Fields of the form to add an item."""

ANSWERS = {"map-rows": "data", "map-chosen": "data", "map-drawn": "data", "map-pick": "data", "map-pick value": "value",
           "map-form": "children", "map-said": "children"}  # fmt: skip
"""Components that are updated after an action, with the property that holds their value."""


def page(now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """Return the page of the map and its forms."""
    say = now.say
    row = services.scenario(person, scenario_id)
    draft = _saved(services, person, scenario_id)
    problems = services.problems(person, scenario_id)
    edit = bool(row["may_edit"])
    return [
        head(say, row, "map", person),
        *page_components.saved_message(say, row, query),
        html.P(
            say(
                _(
                    "Select a place or a link. Drag a place, or move it with the arrow keys (Shift: "
                    "longer steps). Enter exact coordinates and other values at the side."
                )
            )
            if edit
            else page_components.read_only_reason(say, person),
            className="lead",
        ),
        html.Div(
            [
                _map(now, problems, edit, scenario_id),
                _side(say, draft, edit),
            ],
            className="mapping",
        ),
        dcc.Store(id="map-rows", data=dict(draft.tables)),
        dcc.Store(id="map-chosen", data=[]),
        dcc.Store(id="map-act"),
        dcc.Store(id="map-done"),
        dcc.Store(id="map-drawn", data=_drawn(now, draft, [], problems)),
    ]


def _map(now: Asking, problems: list[Problem], edit: bool, scenario_id: str) -> Any:
    """Return the map with its legend, the controls to save, and the findings of the check."""
    say = now.say
    here = html.Div(
        id="map-here",
        **{"data-edit": "yes" if edit else "no", "aria-label": say(_("Map of sites, regions, nodes and links"))},
    )  # its content is drawn by map.js
    zoom = [
        html.Button(sign, id=f"map-{way}", className="plain-button", **{"aria-label": label})
        for sign, way, label in (("+", "in", say(_("Zoom in"))), ("−", "out", say(_("Zoom out"))))
    ]
    save = [
        dmc.TextInput(
            id="map-note",
            className="note-field",
            placeholder=say(_("Note on the change (optional)")),
            **{"aria-label": say(_("Note on the change (optional)"))},
        )
    ]
    save.append(page_components.button(say(_("Save")), "map-save", main=True))
    return html.Div(
        [
            html.Div([here, html.Div(zoom, className="zoom"), _legend(say)], className="sky"),
            html.Div(save, className="tools") if edit else "",
            html.Div(_said(now, problems, scenario_id), id="map-said", **{"aria-live": "polite"}),
        ]
    )


def _side(say: Translator, draft: Draft, edit: bool) -> Any:
    """Return the forms of the selected item and of a new one."""
    return html.Aside(
        [
            dmc.Select(
                id="map-pick",
                label=say(_("Selected item")),
                data=_picks(say, draft),
                value=None,
                searchable=True,
            ),
            html.Div(id="map-form", children=_form(say, draft, [], edit)),
            *([_adding(say, draft)] if edit else []),
        ],
        **{"aria-label": say(_("Selected and new items"))},
    )


def _legend(say: Translator) -> Any:
    """Return the legend of the map's marks."""
    items = [html.Span([html.I(className=f"mark {kind}"), table_name(say, kind)]) for kind in KEY]
    return html.Div(items, className="legend")


def _saved(services: Services, person: Person, scenario_id: str) -> Draft:
    return Draft.of({kind: services.table(person, scenario_id, kind).rows for kind in KEY})


def _drawn(now: Asking, draft: Draft, chosen: Chosen, problems: list[Problem]) -> dict[str, Any]:
    ground = map_draft.base(draft, base_maps.SOUTH_SEA_LABEL)
    return map_draft.drawing(draft, ground, now.language, chosen, problems)


def _said(now: Asking, problems: list[Problem], scenario_id: str) -> Any:
    """Return the findings of the check: all errors, and warnings of the map's tables."""
    mine = [one for one in problems if one.level == "error" or one.table.removesuffix(".csv") in KEY]
    return page_components.problems(now.say, mine, scenario_id)


def _picks(say: Translator, draft: Draft) -> list[dict[str, Any]]:
    """Return all items that can be selected, by table."""
    groups = []
    for kind in KEY:
        items = [{"value": f"{kind}/{name}", "label": _called(say, draft, kind, name)} for name in draft.names(kind)]
        if items:
            groups.append({"group": table_name(say, kind), "items": items})
    return groups


def _called(say: Translator, draft: Draft, kind: str, name: str) -> str:
    row = draft.rows(kind, name)[0]
    title = row.get("title_zh" if say.language == "zh" else "title", "")
    return f"{title} ({name})" if title else name


def _form(say: Translator, draft: Draft, chosen: Chosen, edit: bool) -> list[Any]:
    """Return the form with the columns of the selected item."""
    if not chosen or chosen[1] not in draft.names(chosen[0]):
        return [html.P(say(_("Nothing selected.")), className="soft")]
    kind, name = chosen
    fields = []
    for column in FIELDS[kind]:
        spec = tables.BY_NAME[kind].column(column)
        value = draft.value(kind, name, column)
        common = {
            "id": {"map-field": column},
            "label": scenario_texts.column_heading(say, spec, column),
            "description": None if value is not None else say(_("differs between years; edit it in the table")),
            "value": value or "",
            "disabled": not edit or value is None,
        }
        if spec and spec.choices:
            fields.append(dmc.Select(data=["", *spec.choices], allowDeselect=False, **common))
        else:
            fields.append(dmc.TextInput(debounce=True, **common))
    remove = [page_components.button(say(_("Remove")), {"map-remove": name}, className="danger")] if edit else []
    return [html.H2(_called(say, draft, kind, name)), html.Div(fields, className="two"), *remove]


def _adding(say: Translator, draft: Draft) -> Any:
    """Return the form to add an item."""
    kinds = [{"value": kind, "label": table_name(say, kind)} for kind in KEY]
    ends = sorted(draft.ends())
    return html.Details(
        [
            html.Summary(say(_("New item"))),
            html.P(
                say(_("Click an empty place of the map, or enter coordinates. A link joins two nodes.")),
                className="soft",
            ),
            dmc.Select(id="add-kind", label=say(_("Type")), data=kinds, value="sites", allowDeselect=False),
            dmc.TextInput(id="add-name", label=say(_("Name"))),
            html.Div(
                [dmc.TextInput(id=f"add-{column}", label=say(HEADINGS[column])) for column in ("lat", "lon")],
                id="add-place",
                className="two",
            ),
            html.Div(
                [
                    dmc.Select(id=f"add-{end}", label=say(HEADINGS[end]), data=ends, searchable=True)
                    for end in ("from", "to")
                ],
                id="add-ends",
                hidden=True,
                className="two",
            ),
            page_components.button(say(_("Add")), "map-add"),
        ],
        open=True,
    )


def acted(
    draft: Draft, chosen: Chosen, trigger: Any, what: Mapping[str, Any], inset_title: str
) -> tuple[Draft, Chosen, dict[str, str]]:
    """Return draft, selection and picked coordinates after an action on the map or in its forms."""
    if isinstance(trigger, Mapping) and "map-field" in trigger:
        return _typed(draft, chosen, what), chosen, {}
    if isinstance(trigger, Mapping) and "map-remove" in trigger:
        return draft.removed(chosen[0], chosen[1]), [], {}
    if trigger == "map-pick":
        kind, _, name = (what["pick"] or "").partition("/")
        return draft, [kind, name] if name else [], {}
    if trigger == "map-add":
        return _added(draft, what)
    act = what["act"] or {}
    if act.get("do") == "point":
        return draft, chosen, map_draft.degrees(map_draft.base(draft, inset_title), act["x"], act["y"])
    kind, name = str(act.get("kind", "")), str(act.get("name", ""))
    if kind not in KEY or name not in draft.names(kind):
        return draft, chosen, {}
    if act.get("do") == "move" and kind != "links":
        draft = draft.changed(kind, name, map_draft.degrees(map_draft.base(draft, inset_title), act["x"], act["y"]))
    return draft, [kind, name], {}


def _typed(draft: Draft, chosen: Chosen, what: Mapping[str, Any]) -> Draft:
    """Return the draft with the values of all fields, as the response to an earlier edit may still be on its way."""
    if not chosen or not draft.rows(chosen[0], chosen[1]):
        return draft
    kind, name = chosen
    columns = [column for column in FIELDS[kind] if column in what and draft.value(kind, name, column) is not None]
    values = {column: what[column] for column in columns if what[column] != draft.value(kind, name, column)}
    return draft.changed(kind, name, values) if values else draft


def _added(draft: Draft, what: Mapping[str, Any]) -> tuple[Draft, Chosen, dict[str, str]]:
    kind, name = str(what["add-kind"]), (what["add-name"] or "").strip()
    if not name or name in draft.names(kind):
        return draft, [], {}
    columns = ("from", "to") if kind == "links" else ("lat", "lon")
    values = {column: (what[f"add-{column}"] or "").strip() for column in columns}
    return draft.added(kind, name, values), [kind, name], {}


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the map editor: drawing, edits and saving."""
    pages.clientside_callback(ClientsideFunction("map", "draw"), Output("map-done", "data"), Input("map-drawn", "data"))
    pages.clientside_callback(
        ClientsideFunction("map", "kind"),
        Output("add-place", "hidden"),
        Output("add-ends", "hidden"),
        Input("add-kind", "value"),
    )
    _wire_acts(pages, services)
    _wire_save(pages, services)


def _wire_acts(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        *(Output(name.partition(" ")[0], ANSWERS[name]) for name in ANSWERS),
        Input("map-act", "data"),
        Input({"map-field": ALL}, "value"),
        Input({"map-remove": ALL}, "n_clicks"),
        Input("map-pick", "value"),
        Input("map-add", "n_clicks"),
        State({"map-field": ALL}, "id"),
        State("map-rows", "data"),
        State("map-chosen", "data"),
        State("of-scenario", "children"),
        *(State(name, "value") for name in ADD),
        prevent_initial_call=True,
    )
    async def acting(
        done: Any, values: list[str], removes: list[int], pick: str | None, adds: int, ids: list[dict[str, str]],
        rows: Any, chosen: Chosen, scenario_id: str, *add: str
    ) -> Any:  # fmt: skip
        trigger = ctx.triggered_id
        if trigger == "map-add" or (isinstance(trigger, Mapping) and "map-remove" in trigger):
            require_click(*([adds] if trigger == "map-add" else removes))
        fields = {one["map-field"]: value or "" for one, value in zip(ids, values, strict=True)}
        what = {"act": done, "pick": pick, **fields, **dict(zip(ADD, add, strict=True))}

        def change(now: Asking, person: Person) -> Any:
            before = Draft.of(rows)
            after, choice, _ = acted(before, chosen, trigger, what, base_maps.SOUTH_SEA_LABEL)
            if after == before and choice == chosen:
                return {}
            answer = _answer(now, services, person, scenario_id, after, choice)
            return {**answer, "map-form": NOTHING} if isinstance(trigger, Mapping) and choice else answer

        found, refused = await act(change)
        found = {"map-said": page_components.unsaved_note(refused)} if refused else found
        return tuple(found.get(name, NOTHING) for name in ANSWERS)

    @pages.callback(
        Output("add-lat", "value"),
        Output("add-lon", "value"),
        Input("map-act", "data"),
        State("map-rows", "data"),
        prevent_initial_call=True,
    )
    async def pointed(done: Any, rows: Any) -> tuple[Any, Any]:
        def where(now: Asking, _: Person) -> dict[str, str]:
            return acted(Draft.of(rows), [], "map-act", {"act": done}, base_maps.SOUTH_SEA_LABEL)[2]

        found, _ = await act(where)
        return (found["lat"], found["lon"]) if found else (NOTHING, NOTHING)


def _answer(
    now: Asking, services: Services, person: Person, scenario_id: str, draft: Draft, chosen: Chosen
) -> dict[str, Any]:
    """Return the page's properties for a changed draft: checked, not saved."""
    saved = _saved(services, person, scenario_id)
    changed = draft.differs(saved)
    problems = services.try_tables(person, scenario_id, changed) if changed else services.problems(person, scenario_id)
    unsaved = [html.P(now.say(_("Not saved yet. Result of the check:")), className="soft unsaved")] if changed else []
    edit = bool(services.scenario(person, scenario_id)["may_edit"])
    return {
        "map-rows": dict(draft.tables),
        "map-chosen": chosen,
        "map-drawn": _drawn(now, draft, chosen, problems),
        "map-pick": _picks(now.say, draft),
        "map-pick value": "/".join(chosen) or None,
        "map-form": _form(now.say, draft, chosen, edit),
        "map-said": [*unsaved, _said(now, problems, scenario_id)],
    }


def _wire_save(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("map-said", "children", allow_duplicate=True),
        Input("map-save", "n_clicks"),
        State("map-rows", "data"),
        State("map-note", "value"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
        running=[(Output("map-save", "loading"), True, False)],
    )
    async def save(clicks: int, rows: Any, note: str | None, scenario_id: str, version: str) -> tuple[Any, Any]:
        require_click(clicks)

        def keep(_: Asking, person: Person) -> int:
            before = Draft.of({kind: services.table(person, scenario_id, kind, int(version)).rows for kind in KEY})
            changed = Draft.of(rows).differs(before)
            if not changed:
                return int(version)
            return services.save_tables(person, scenario_id, changed, int(version), note or "")[0]

        made, refused = await act(keep)
        return (
            (NOTHING, page_components.unsaved_note(refused))
            if refused
            else (f"/scenarios/{scenario_id}/map?saved={made}", "")
        )


ROUTES = {rf"/scenarios/{ID}/map": page}
