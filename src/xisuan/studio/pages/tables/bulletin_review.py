"""Page of a scenario on which a bulletin is read, its figures are reviewed, and accepted ones saved."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html

from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click, uploaded
from xisuan.studio.pages.scenario_overview import ID, head
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.readings import LARGEST
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

READING = r"(?P<reading_id>[0-9a-f]{16})"


def page(now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """Return the form for a bulletin."""
    say = now.say
    row = services.scenario(person, scenario_id)
    if not row["may_edit"]:
        return [head(say, row, "read", person), html.P(page_components.read_only_reason(say, person), className="soft")]
    lead = html.P(
        say(
            _(
                "Upload a statistical bulletin: text, web page, PDF, Word, CSV or Excel, in Chinese or English. Compare "
                "each figure with its text; accepted figures are added to the table of observations."
            )
        ),
        className="lead",
    )
    return [
        head(say, row, "read", person),
        *page_components.saved_message(say, row, query),
        html.Section([html.H2(say(_("Read a bulletin"))), lead, _form(say)]),
    ]


def _form(say: Translator) -> Any:
    fields = [
        page_components.day_field(
            "read-published", say(_("Day of publication")), description=say(_("Only if the text does not state it"))
        ),
        dmc.TextInput(
            id="read-region",
            label=say(_("Region")),
            description=say(_("Only if the text names none; a key such as guizhou. Default: the scenario's")),
        ),
        *page_components.file_drop(say, "read-upload", LARGEST),
        html.Div(id="read-said", role="alert"),
    ]
    return html.Div(fields, className="form")


def review(
    now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str, reading_id: str
) -> list[Any]:
    """Return the page for review of a bulletin that was read."""
    say = now.say
    row = services.scenario(person, scenario_id)
    services.reading(person, scenario_id, reading_id, now.language)
    src = f"/api/scenarios/{scenario_id}/readings/{reading_id}?lang={now.language}&theme={now.theme}"
    return [
        head(say, row, "read", person),
        html.Div(id="read-said", role="alert"),
        page_components.report_frame(say, src, say(_("Review of the figures")), whole=False),
        dcc.Store(id="review-rows"),
    ]


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks: read an upload, and save what was accepted."""

    @navigating(
        pages,
        Output("read-said", "children", allow_duplicate=True),
        Input("read-upload", "contents"),
        State("read-upload", "filename"),
        State("read-published", "value"),
        State("read-region", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
        running=page_components.reading("read-upload"),
    )
    async def upload(
        contents: str | None, file: str | None, published: str | None, region: str | None, scenario_id: str
    ) -> tuple[Any, Any]:
        require_click(1 if contents else 0)

        def read(_: Asking, person: Person) -> str:
            data, name = uploaded(contents or ""), file or "bulletin.txt"
            day, place = (published or "").strip(), (region or "").strip()
            return services.read_bulletin(person, scenario_id, data, name, day, place)[0]

        made, refused = await act(read)
        if refused:
            return NOTHING, page_components.note(refused, title=file or "")
        return f"/scenarios/{scenario_id}/read/{made}", ""

    @navigating(
        pages,
        Output("read-said", "children", allow_duplicate=True),
        Input("review-rows", "data"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def save(rows: str | None, scenario_id: str, version: str) -> tuple[Any, Any]:
        require_click(1 if rows else 0)
        made, refused = await act(
            lambda _, person: services.add_observations(person, scenario_id, str(rows), int(version))[0]
        )
        if refused:
            return NOTHING, page_components.note(refused)
        return f"/scenarios/{scenario_id}/tables/observations?saved={made}", ""


ROUTES = {rf"/scenarios/{ID}/read": page, rf"/scenarios/{ID}/read/{READING}": review}
