"""First page: scenarios that are the user's or shared, and forms to create or upload one."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, html

from xisuan.scenario.reading import manifest
from xisuan.scenario.variants.provinces import province_list
from xisuan.studio import request_context
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
FEW_DAYS = _("Its plan takes less than a minute.")
NATION = _("Its plan takes some minutes. With one day a year, set in its options, it takes one.")
NAMES = _("Letters, digits, - and _; no spaces")
PROVINCE = "province"
"""Choice of a province in place of a shipped scenario."""
SIZES = {
    PROVINCE: _(
        "The province with its prefectures, clusters and network, on top of the nation in 2026 to 2030. Its plan takes"
        " some minutes; with one day a year, set in its options, it takes one."
    ),
    TO_TRY: FEW_DAYS,
    "starter": _("A small example with invented figures. Its plan takes seconds."),
    "guizhou": _(
        "Thirty provinces and four weeks a year: its plan takes several minutes, a full run twice as long, with more"
        " than 3 GB of memory."
    ),
    "china": _(
        "Every hour of a year: its plan takes about seven minutes and 7.3 GB of memory, or a minute with 4 chosen days,"
        " set in its options."
    ),
    "china-years": NATION,
}
"""What is good to know before a start from a scenario."""


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
        say(_("No scenarios yet. A new scenario starts as a province or as a copy of a shipped one."))
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
            _made_here(say),
            html.H3(say(_("Or upload a scenario"))),
            html.P(say(_("A zip of a scenario folder, or an Excel workbook as downloaded here.")), className="soft"),
            *upload,
            html.Div(_from_file(say), id="upload-box", hidden=True),
            html.Div(id="new-said", role="alert"),
        ],
        id="new-box",
        title=say(_("New scenario")),
        size="lg",
        closeButtonProps={"aria-label": say(_("Close"))},
    )


def _from_file(say: Translator) -> Any:
    """Return the form that names the scenario of a chosen file and makes it."""
    fields = [
        html.P(id="upload-file", role="status"),
        dmc.TextInput(id="upload-name", label=say(_("Name")), description=say(NAMES)),
        page_components.button(say(_("Create from this file")), "upload-make", main=True),
    ]
    return html.Div(fields, className="form")


def _made_here(say: Translator) -> Any:
    """Return the form for a copy of a shipped scenario, or for a province."""
    titles = {name: both[say.language == "zh"] for name, both in scenario_versions.shipped_titles().items()}
    bases = {PROVINCE: say(_("A province of China"))} | titles
    fields = [
        dmc.Select(
            id="new-base",
            label=say(_("Start from")),
            data=[{"value": name, "label": title} for name, title in bases.items()],
            value=TO_TRY,
            allowDeselect=False,
            maxDropdownHeight=400,
        ),
        html.P(say(SIZES[TO_TRY]), id="new-size", className="soft", role="status"),
        html.Div(_province(say), id="new-province-box", hidden=True),
        dmc.TextInput(
            id="new-name",
            label=say(_("Name")),
            description=say(NAMES),
            value="my-plan",
        ),
        page_components.button(say(_("Create")), "new-make", main=True),
    ]
    return html.Div(fields, className="form")


def _province(say: Translator) -> list[Any]:
    """Return the choice of a province and of its periods."""
    zh = say.language == "zh"
    found = sorted(province_list.provinces(), key=lambda one: one.code if zh else one.name)
    return [
        dmc.Select(
            id="new-province",
            label=say(_("Province")),
            data=[{"value": one.code, "label": one.name_zh if zh else one.name} for one in found],
            searchable=True,
        ),
        dmc.MultiSelect(
            id="new-periods",
            label=say(_("First years of the periods")),
            placeholder=say(_("every year")),
            data=list(map(str, scenario_versions.nation_years())),
            clearable=True,
        ),
    ]


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the list of scenarios."""

    @pages.callback(Output("new-box", "opened"), Input("new-open", "n_clicks"), prevent_initial_call=True)
    def open_box(clicks: int) -> bool:
        return bool(clicks)

    @pages.callback(
        Output("new-size", "children"),
        Output("new-province-box", "hidden"),
        Input("new-base", "value"),
        prevent_initial_call=True,
    )
    def choose(base: str) -> tuple[str, bool]:
        say = request_context.NOW.get().say
        return say(SIZES[base]) if base in SIZES else "", base != PROVINCE

    @navigating(
        pages,
        Output("new-said", "children", allow_duplicate=True),
        Input("new-make", "n_clicks"),
        State("new-base", "value"),
        State("new-province", "value"),
        State("new-periods", "value"),
        State("new-name", "value"),
        prevent_initial_call=True,
        running=[(Output("new-make", "loading"), True, False)],
    )
    async def make(
        clicks: int, base: str, province: str | None, periods: list[str] | None, name: str
    ) -> tuple[Any, Any]:
        require_click(clicks)

        def create(_now: Asking, person: Person) -> str:
            called = (name or "").strip()
            if base != PROVINCE:
                return services.new(person, called, base or "")
            return services.new_province(person, called, province or "", [int(year) for year in periods or ()])

        made, refused = await act(create)
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{made}", "")

    @pages.callback(
        Output("upload-box", "hidden"),
        Output("upload-file", "children"),
        Output("upload-name", "value"),
        Input("new-upload", "filename"),
        prevent_initial_call=True,
    )
    def propose(file: str | None) -> tuple[bool, str, str]:
        return not file, file or "", manifest.nearest_name(PurePath(file or "").stem)

    @navigating(
        pages,
        Output("new-said", "children", allow_duplicate=True),
        Input("upload-make", "n_clicks"),
        State("new-upload", "contents"),
        State("new-upload", "filename"),
        State("upload-name", "value"),
        prevent_initial_call=True,
        running=[*page_components.reading("new-upload"), (Output("upload-make", "loading"), True, False)],
    )
    async def upload(clicks: int, contents: str | None, file: str | None, name: str) -> tuple[Any, Any]:
        require_click(clicks)
        made, refused = await act(
            lambda _, person: services.upload(person, (name or "").strip(), uploaded(contents or ""))
        )
        return (NOTHING, page_components.note(refused, title=file or "")) if refused else (f"/scenarios/{made}", "")


ROUTES = {r"/": page}
