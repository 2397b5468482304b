"""Jobs that start on the page of a scenario: a run, tracking of indicators, and the simulation of a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import ALL, Input, Output, State, html

from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_types
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click, uploaded
from xisuan.studio.pages.work import option_form
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Message, Translator
from xisuan.text.translation import message as _

LARGEST = 10 * 2**20
"""Bytes of a file sent by the page; requests of the API may be larger."""
RUN, TRACE, TRACK = job_types.RUN.name, job_types.TRACE.name, job_types.TRACK.name
FORMS: Mapping[str, tuple[Message, Message]] = {
    RUN: (_("Run with options"), _("Run with these options")),
    TRACK: (_("Track indicators with options"), _("Track indicators")),
}
"""Verb → title of its form, and its button."""


def buttons(say: Translator, row: Row) -> list[Any]:
    """Return the buttons that start what a scenario is made for: a run, or tracking where nothing is planned."""
    unready = bool(row["errors"])
    if not row["can_be_planned"]:
        lacks = unready or not row["can_be_tracked"]
        return [page_components.button(say(_("Track indicators")), "track-now", main=True, disabled=lacks)]
    return [
        page_components.button(say(_("Quick run")), "run-quick", disabled=unready),
        page_components.button(say(_("Run")), "run-now", main=True, disabled=unready),
    ]


def forms(say: Translator, services: Services, person: Person, row: Row) -> list[Any]:
    """Return the forms of the jobs that a scenario can start; empty for a user who may not run."""
    if not person.plans:
        return []
    known = services.choices(person, row["id"])
    lead = _("The jobs of a log are simulated on one site. The result is listed with the runs of this scenario.")
    trace = [
        html.P(say(lead), className="soft"),
        *page_components.file_drop(say, "trace-upload", LARGEST),
        html.P(id="trace-name", className="soft", role="status"),
        option_form.form(say, TRACE, known),
        html.Div(id="trace-said", role="alert"),
        page_components.button(say(_("Simulate a trace")), "trace-now", main=True),
    ]
    return [
        *(
            _form(say, verb, known, bool(row["errors"]))
            for verb, able in ((RUN, row["can_be_planned"]), (TRACK, row["can_be_tracked"]))
            if able
        ),
        html.Details([html.Summary(say(_("Simulate a trace"))), *trace]),
    ]


def _form(say: Translator, verb: str, known: option_form.Known, unready: bool) -> Any:
    """Return the folded form of a verb that starts with options."""
    summary, start = FORMS[verb]
    inner = [
        option_form.form(say, verb, known),
        html.Div(id=f"{verb}-with-said", role="alert"),
        page_components.button(say(start), f"{verb}-with", main=True, disabled=unready),
    ]
    return html.Details([html.Summary(say(summary)), *inner])


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the forms."""

    for verb in FORMS:
        _wire_form(pages, services, verb)

    @navigating(
        pages,
        Output("run-said", "children", allow_duplicate=True),
        Input("track-now", "n_clicks"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def track(clicks: int, scenario_id: str, version: str) -> tuple[Any, Any]:
        require_click(clicks)
        return await _started(services, scenario_id, version, {TRACK: {}})

    @pages.callback(Output("trace-name", "children"), Input("trace-upload", "filename"), prevent_initial_call=True)
    async def chosen(name: str | None) -> str:
        return name or ""

    @navigating(
        pages,
        Output("trace-said", "children"),
        Input("trace-now", "n_clicks"),
        State("trace-upload", "contents"),
        State("trace-upload", "filename"),
        State({"option-of": ALL, "name": ALL}, "id"),
        State({"option-of": ALL, "name": ALL}, "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def trace(
        clicks: int,
        contents: str | None,
        name: str | None,
        ids: list[dict[str, str]],
        values: list[Any],
        scenario_id: str,
    ) -> tuple[Any, Any]:
        require_click(clicks)
        options = option_form.given(TRACE, ids, values)

        def send(_now: Asking, person: Person) -> str:
            data = uploaded(contents) if contents else b""
            return services.simulate_trace(person, scenario_id, name or "", data, options)

        made, refused = await act(send)
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made}", "")


def _wire_form(pages: dash.Dash, services: Services, verb: str) -> None:
    @navigating(
        pages,
        Output(f"{verb}-with-said", "children"),
        Input(f"{verb}-with", "n_clicks"),
        State({"option-of": ALL, "name": ALL}, "id"),
        State({"option-of": ALL, "name": ALL}, "value"),
        State({"option-of": ALL, "name": ALL}, "checked"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def start(
        clicks: int, ids: list[dict[str, str]], values: list[Any], ticked: list[Any], scenario_id: str, version: str
    ) -> tuple[Any, Any]:
        require_click(clicks)
        given = [tick if value is None else value for value, tick in zip(values, ticked, strict=True)]
        return await _started(services, scenario_id, version, {verb: option_form.given(verb, ids, given)})


async def _started(
    services: Services, scenario_id: str, version: str, asked: Mapping[str, job_types.Options]
) -> tuple[Any, Any]:
    """Queue verbs. Return the address of the first run and a blank message, or NOTHING and that of the refusal."""
    made, refused = await act(lambda _, person: services.submit(person, scenario_id, int(version), asked=asked))
    return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made[0]}", "")
