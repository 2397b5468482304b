"""First page: scenarios that are the user's or shared, and forms to create or upload one."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, html

from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click, uploaded
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import scenario_versions
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

LARGEST = 10 * 2**20
"""Bytes of an upload through the page; the API takes more."""
TO_TRY = "guizhou-days"
"""Default shipped scenario of a new one: a real region whose plan takes little time."""


def page(now: Asking, services: Services, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the list of scenarios."""
    say = now.say
    rows = services.scenarios(person)
    latest: dict[str, Row] = {}
    for run in services.runs(person):
        latest.setdefault(run["scenario_id"], run)
    cards = [_card(say, person, row, latest.get(row["id"])) for row in rows]
    actions = [page_components.button(say(_("New scenario")), "new-open", main=True)] if person.plans else []
    nothing = (
        say(_("No scenarios yet. A new scenario starts as a copy of a shipped one."))
        if person.plans
        else say(_("No scenarios are shared with you yet."))
    )
    return [
        page_components.heading(say(_("Scenarios")), *actions),
        html.P(
            say(
                _(
                    "A scenario holds the input of a plan: regions, sites, demand, prices and rules. "
                    "Edit its tables, run it, and read the result."
                )
            ),
            className="lead",
        ),
        html.Div(cards, className="cards") if cards else html.P(nothing, className="empty"),
        *([_new(say)] if person.plans else []),
        *(
            [html.P(page_components.link(say(_("Removed scenarios")), "/removed"), className="soft")]
            if person.plans
            else []
        ),
    ]


def _card(say: Translator, person: Person, row: Row, run: Row | None) -> Any:
    """Return the card of one scenario."""
    whose = say(_("yours")) if row["owner_id"] == person.id else say(_("shared by {owner}", owner=row["owner"]))
    meta = " · ".join(
        (
            row["name"],
            say(_("version {number}", number=row["version"])),
            page_components.time_text(row["changed"]),
            whose,
        )
    )
    last = (
        []
        if run is None
        else [
            page_components.link(
                [say(_("last run")), " ", page_components.badge(say, run["status"])], f"/runs/{run['id']}"
            )
        ]
    )
    foot = html.Div([page_components.check_badge(say, row["errors"], row["warnings"]), *last], className="foot")
    title = html.H2(page_components.link(page_components.scenario_title(say, row), f"/scenarios/{row['id']}"))
    return html.Article([title, html.P(meta, className="soft"), foot], className="card")


def _new(say: Translator) -> Any:
    """Return the form for a new scenario."""
    upload = page_components.file_drop(say, "new-upload", LARGEST)
    return dmc.Modal(
        [
            _from_shipped(say),
            html.H3(say(_("Or upload a scenario"))),
            html.P(
                say(
                    _(
                        "A zip of a scenario folder, or an Excel workbook as downloaded here. It gets the "
                        "name given above."
                    )
                ),
                className="soft",
            ),
            *upload,
            html.Div(id="new-said", role="alert"),
        ],
        id="new-box",
        title=say(_("New scenario")),
        size="lg",
        closeButtonProps={"aria-label": say(_("Close"))},
    )


def _from_shipped(say: Translator) -> Any:
    """Return the form for a copy of a shipped scenario."""
    titles = {name: both[say.language == "zh"] for name, both in scenario_versions.shipped_titles().items()}
    bases = [{"value": name, "label": title} for name, title in titles.items()]
    hours = say(_("Modelled hours"))
    sizes = say(
        _(
            "{small} is planned within a minute. {large} has thirty provinces and four weeks a "
            "year: its plan takes several minutes, a full run twice as long, with more than 3 GB "
            "of memory. {nation} has every hour of a year: its plan takes about seven minutes "
            "and 7.3 GB of memory, or a minute with the option {hours} set to 4 chosen days.",
            small=titles[TO_TRY],
            large=titles["guizhou"],
            nation=titles["china"],
            hours=hours,
        )
    )
    fields = [
        dmc.Select(
            id="new-base", label=say(_("Start from")), description=sizes, data=bases, value=TO_TRY, allowDeselect=False
        ),
        dmc.TextInput(
            id="new-name",
            label=say(_("Name")),
            description=say(_("Letters, digits, - and _; no spaces")),
            value="my-plan",
        ),
        page_components.button(say(_("Create")), "new-make", main=True),
    ]
    return html.Div(fields, className="form")


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the list of scenarios."""

    @pages.callback(Output("new-box", "opened"), Input("new-open", "n_clicks"), prevent_initial_call=True)
    def open_box(clicks: int) -> bool:
        return bool(clicks)

    @navigating(
        pages,
        Output("new-said", "children", allow_duplicate=True),
        Input("new-make", "n_clicks"),
        State("new-base", "value"),
        State("new-name", "value"),
        prevent_initial_call=True,
        running=[(Output("new-make", "loading"), True, False)],
    )
    async def make(clicks: int, base: str, name: str) -> tuple[Any, Any]:
        require_click(clicks)
        made, refused = await act(lambda _, person: services.new(person, (name or "").strip(), base or ""))
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{made}", "")

    @navigating(
        pages,
        Output("new-said", "children", allow_duplicate=True),
        Input("new-upload", "contents"),
        State("new-upload", "filename"),
        State("new-name", "value"),
        prevent_initial_call=True,
    )
    async def upload(contents: str | None, file: str | None, name: str) -> tuple[Any, Any]:
        require_click(1 if contents else 0)
        made, refused = await act(
            lambda _, person: services.upload(person, (name or "").strip(), uploaded(contents or ""))
        )
        return (NOTHING, page_components.note(refused, title=file or "")) if refused else (f"/scenarios/{made}", "")


ROUTES = {r"/": page}
