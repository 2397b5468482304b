"""Jobs that start on the page of a scenario: a run with options, and the simulation of a trace."""

from __future__ import annotations

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
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

LARGEST = 10 * 2**20
"""Bytes of a file sent by the page; requests of the API may be larger."""
RUN, TRACE = job_types.RUN.name, job_types.TRACE.name


def forms(say: Translator, services: Services, person: Person, row: Row) -> list[Any]:
    """Return the forms of a run with options and of a trace; empty for a user who may not run."""
    if not person.plans:
        return []
    known = services.choices(person, row["id"])
    run = [
        option_form.form(say, RUN, known),
        html.Div(id="run-with-said", role="alert"),
        page_components.button(say(_("Run with these options")), "run-with", main=True, disabled=bool(row["errors"])),
    ]
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
        html.Details([html.Summary(say(_("Run with options"))), *run]),
        html.Details([html.Summary(say(_("Simulate a trace"))), *trace]),
    ]


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the forms."""

    @navigating(
        pages,
        Output("run-with-said", "children"),
        Input("run-with", "n_clicks"),
        State({"option-of": ALL, "name": ALL}, "id"),
        State({"option-of": ALL, "name": ALL}, "value"),
        State({"option-of": ALL, "name": ALL}, "checked"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def run(
        clicks: int, ids: list[dict[str, str]], values: list[Any], ticked: list[Any], scenario_id: str, version: str
    ) -> tuple[Any, Any]:
        require_click(clicks)
        given = [tick if value is None else value for value, tick in zip(values, ticked, strict=True)]
        asked: dict[str, job_types.Options] = {RUN: option_form.given(RUN, ids, given)}
        made, refused = await act(lambda _, person: services.submit(person, scenario_id, int(version), asked=asked))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made[0]}", "")

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
