"""Pages of removed scenarios and of the queue of everybody, and the form to share a scenario with named people."""

from __future__ import annotations

import time
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.studio import labels
from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _


def removed(now: Asking, services: Services, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the list of removed scenarios, to restore or to delete for good."""
    say = now.say
    rows = [
        [
            row["name"],
            row["owner"],
            page_components.time_text(row["removed"]),
            page_components.button(say(_("Restore")), {"restore-removed": row["id"]}, size="compact-sm"),
            page_components.button(
                say(_("Delete for good")), {"delete-removed": row["id"]}, size="compact-sm", className="danger"
            ),
        ]
        for row in services.removed(person)
    ]
    heads = [say(_("Name")), say(_("Owner")), say(_("Removed")), "", ""]
    return [
        page_components.heading(say(_("Removed scenarios"))),
        html.P(
            say(_("Deletion for good removes all versions, runs and files. It cannot be undone.")), className="lead"
        ),
        dmc.Checkbox(id="delete-sure", label=say(_("Confirm deletion for good"))),
        html.Div(id="removed-said", role="alert"),
        page_components.table(heads, rows, say(_("No removed scenarios."))),
    ]


def queue(now: Asking, services: Services, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the queued and running runs of everybody, which an administrator can stop."""
    say = now.say
    rows = [
        [
            f"{row['scenario']} v{row['version']}",
            say(labels.ACTIONS[row["verb"]]),
            row["owner"],
            page_components.badge(say, row["status"]),
            page_components.duration(say, time.time() - (row["started"] or row["created"])),
            "" if row["left"] is None else page_components.duration(say, row["left"]),
            page_components.button(say(_("Stop")), {"stop-run": row["id"]}, size="compact-sm"),
        ]
        for row in services.active(person)
    ]
    heads = [
        say(_("Run")),
        say(_("Action")),
        say(_("Submitted by")),
        say(_("Status")),
        say(_("For")),
        say(_("Expected to take")),
        "",
    ]
    return [
        page_components.heading(say(_("Queue"))),
        html.Div(id="queue-said", role="alert"),
        page_components.table(heads, rows, say(_("Nothing is queued or running."))),
    ]


def people(say: Translator, services: Services, person: Person, scenario_id: str) -> Any:
    """Return the people with whom a scenario is shared by name, and the form for another one."""
    rows = [[row["name"], say(ACCESS[row["access"]])] for row in services.people(person, scenario_id)]
    data = [{"value": value, "label": say(text)} for value, text in ACCESS.items()]
    name = say(_("Name of the account"))
    form = html.Div(
        [
            dmc.TextInput(id="people-name", placeholder=name, **{"aria-label": name}),
            dmc.Select(
                id="people-access", data=data, value="view", allowDeselect=False, **{"aria-label": say(_("Access"))}
            ),
            page_components.button(say(_("Share")), "people-share"),
        ],
        className="line",
    )
    return html.Div([html.H3(say(_("Shared by name"))), page_components.table([], rows, say(_("Nobody."))), form])


ACCESS = {"view": _("can view"), "edit": _("can edit"), "none": _("no access")}
"""Access of a person to a scenario."""


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks."""
    _wire_people(pages, services)
    _wire_removed(pages, services)
    _wire_queue(pages, services)


def _wire_people(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("people", "children"),
        Output("more-said", "children", allow_duplicate=True),
        Input("people-share", "n_clicks"),
        State("people-name", "value"),
        State("people-access", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def share(clicks: int, name: str | None, access: str, scenario_id: str) -> tuple[Any, Any]:
        require_click(clicks)

        def done(now: Asking, person: Person) -> Any:
            services.share_with(person, scenario_id, (name or "").strip(), access)
            return people(now.say, services, person, scenario_id)

        found, refused = await act(done)
        return (NOTHING, page_components.note(refused)) if refused else (found, "")


def _wire_removed(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("removed-said", "children"),
        Input({"restore-removed": ALL}, "n_clicks"),
        Input({"delete-removed": ALL}, "n_clicks"),
        State("delete-sure", "checked"),
        prevent_initial_call=True,
    )
    async def change(restores: list[int], deletes: list[int], sure: bool) -> tuple[Any, Any]:
        require_click(*restores, *deletes)
        chosen = dict(ctx.triggered_id or {})

        def done(now: Asking, person: Person) -> str:
            if "restore-removed" in chosen:
                services.restore_removed(person, chosen["restore-removed"])
            elif sure:
                services.delete(person, chosen["delete-removed"])
            else:
                return now.say(_("Tick “Confirm deletion for good” first."))
            return ""

        first, refused = await act(done)
        if refused or first:
            return NOTHING, page_components.note(refused or first)
        return f"/removed?now={time.time():.0f}", ""


def _wire_queue(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("queue-said", "children"),
        Input({"stop-run": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    async def stop(clicks: list[int]) -> tuple[Any, Any]:
        require_click(*clicks)
        run_id = str(dict(ctx.triggered_id or {})["stop-run"])
        _done, refused = await act(lambda _, person: services.stop(person, run_id))
        return (NOTHING, page_components.note(refused)) if refused else (f"/queue?now={time.time():.0f}", "")

    @navigating(
        pages,
        Output("run-act-said", "children", allow_duplicate=True),
        Input("run-delete", "n_clicks"),
        State("run-delete-sure", "checked"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def delete(clicks: int, sure: bool, run_id: str) -> tuple[Any, Any]:
        require_click(clicks)

        def done(now: Asking, person: Person) -> str:
            if not sure:
                return now.say(_("Tick “Confirm deletion for good” first."))
            services.delete_run(person, run_id)
            return ""

        first, refused = await act(done)
        return (NOTHING, page_components.note(refused or first)) if refused or first else ("/runs", "")


ROUTES = {r"/removed": removed, r"/queue": queue}
