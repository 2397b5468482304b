"""Overview page of a scenario: description, options, problems, runs, and its actions."""

from __future__ import annotations

import re
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.report import terms
from xisuan.scenario.settings import OPTIONS
from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components, runs
from xisuan.studio.pages.callbacks import NOTHING, act, clicked
from xisuan.studio.services.all_services import SHARING, Desk
from xisuan.studio.services.runs import EVERYTHING
from xisuan.studio.storage.repository import Row
from xisuan.studio.web.request_context import Asking
from xisuan.studio.words import Say
from xisuan.text.translation import translate

SHOWN = ("title", "title_zh", "periods", "hours", "discount_rate", "last_period_years", "objective", "capital",
         "plan.power_price", "plan.operate_days", "plan.gap", "report.region")  # fmt: skip
"""Options that can be edited on the page."""
CHOICES = {
    "objective": ("cost", "carbon", "residents"),
    "capital": ("annuity", "full"),
    "plan.power_price": ("list", "contract"),
}
ID = r"(?P<scenario_id>[0-9a-f]{16})"


def page(now: Asking, desk: Desk, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """Return the overview page."""
    say = now.say
    row = desk.scenario(person, scenario_id)
    found = desk.problems(person, scenario_id)
    actions = []
    if person.plans:
        unready = bool(row["errors"])
        actions.append(page_components.button(say("scenario.run_quick"), "run-quick", disabled=unready))
        actions.append(page_components.button(say("scenario.run"), "run-now", main=True, disabled=unready))
    return [
        head(say, row, "overview", *actions),
        *page_components.saved(say, row, query),
        html.Div(id="run-said"),
        html.Section([html.H2(say("scenario.check")), page_components.problems(say, found)]),
        html.Section(
            [html.H2(say("scenario.runs")), runs.listed(say, desk.runs(person, scenario_id), say("runs.none"))]
        ),
        _options(say, row, desk.options(person, scenario_id)),
        _more(say, row, person),
    ]


def head(say: Say, row: Row, at: str, *actions: Any) -> Any:
    """Return title and navigation of all pages of a scenario, with the scenario and version for callbacks."""
    here = f"/scenarios/{row['id']}"
    ways = {"overview": "", "tables": "/tables/power", "map": "/map", "versions": "/versions", "whatif": "/whatif"}
    links = [
        page_components.link(say(f"scenario.{name}"), here + way, className="at" if name == at else "")
        for name, way in ways.items()
    ]
    meta = [
        row["name"],
        " · ",
        say("scenarios.version", number=row["version"]),
        " ",
        page_components.checked(say, row["errors"], row["warnings"]),
    ]
    mark = [
        html.Span(row["id"], id="of-scenario", hidden=True),
        html.Span(str(row["version"]), id="of-version", hidden=True),
    ]
    return html.Div(
        [
            page_components.heading(page_components.called(say, row), *actions, kicker=meta),
            html.Nav(links, className="tabs", **{"aria-label": say("scenario.parts")}),
            *mark,
        ]
    )


def _options(say: Say, row: Row, options: dict[str, str]) -> Any:
    """Return the options of scenario.toml with their descriptions."""
    meaning = {option.name: option.meaning for option in OPTIONS}
    fields = []
    for name in SHOWN:
        common = {
            "id": {"option": name},
            "label": say.known("option", name),
            "description": _meaning(say, name, meaning[name]),
            "disabled": not row["may_edit"],
            "value": options.get(name, ""),
        }
        if name in CHOICES:
            data = [{"value": value, "label": say.known("choice", value)} for value in CHOICES[name]]
            fields.append(dmc.Select(data=data, allowDeselect=False, **common))
        else:
            fields.append(dmc.TextInput(**common))
    save = [page_components.button(say("scenario.save_options"), "options-save")] if row["may_edit"] else []
    return html.Section(
        [
            html.H2(say("scenario.options")),
            html.Div(fields, className="form wide"),
            html.Div(id="options-said", role="alert"),
            *save,
        ]
    )


def _meaning(say: Say, name: str, text: str) -> str | None:
    """Return the description of an option, unless it repeats its label."""
    said = say.schema(text).replace("`", "")
    for value in CHOICES.get(name, ()):  # by the label of the choice
        said = re.sub(rf"\b{value}(?=[:：])", say.known("choice", value), said)
    said = re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda column: say.known("column", column[0]), said)
    return None if said.lower() == say.known("option", name).lower() else said


def _more(say: Say, row: Row, person: Person) -> Any:
    """Return the forms for files, copies, sharing and removal."""
    here = f"/api/scenarios/{row['id']}/download"
    files = [
        page_components.download(say("scenario.zip"), f"{here}?kind=zip"),
        page_components.download(say("scenario.xlsx"), f"{here}?kind=xlsx"),
    ]
    blocks = [html.Div([html.H3(say("scenario.files")), html.Div(files, className="files")])]
    if person.plans:
        name = dmc.TextInput(id="copy-name", value=f"{row['name']}-2"[:64], **{"aria-label": say("scenarios.name")})
        copy = html.Div([name, page_components.button(say("scenario.copy"), "copy-make")], className="line")
        blocks.append(html.Div([html.H3(say("scenario.copy_title")), copy]))
    if row["mine"]:
        data = [{"value": value, "label": say(f"sharing.{value}")} for value in SHARING]
        share = dmc.Select(
            id="share-with",
            data=data,
            value=row["sharing"],
            allowDeselect=False,
            **{"aria-label": say("scenario.sharing")},
        )
        blocks.append(html.Div([html.H3(say("scenario.sharing")), share]))
        gone = html.Div(
            [
                dmc.Checkbox(id="remove-sure", label=say("scenario.remove_sure")),
                page_components.button(say("scenario.remove"), "remove", className="danger"),
            ],
            className="line",
        )
        blocks.append(html.Div([html.H3(say("scenario.remove")), gone]))
    return html.Section([html.Div(blocks, className="blocks"), html.Div(id="more-said", role="alert")])


def wire(pages: dash.Dash, desk: Desk) -> None:
    """Register the callbacks of the scenario page."""
    _wire_run(pages, desk)
    _wire_options(pages, desk)
    _wire_owner(pages, desk)


def _wire_run(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("run-said", "children"),
        Input("run-now", "n_clicks"),
        Input("run-quick", "n_clicks"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def run(whole: int, quick: int, scenario_id: str, version: str) -> tuple[Any, Any]:
        clicked(whole, quick)
        asked = {"run": {"quick": True}} if ctx.triggered_id == "run-quick" else EVERYTHING
        made, refused = await act(lambda _, person: desk.submit(person, scenario_id, int(version), asked=asked))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made[0]}", "")


def _wire_options(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("options-said", "children"),
        Input("options-save", "n_clicks"),
        State({"option": ALL}, "value"),
        State({"option": ALL}, "id"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def save(
        clicks: int, values: list[str], ids: list[dict[str, str]], scenario_id: str, version: str
    ) -> tuple[Any, Any]:
        clicked(clicks)
        given = {one["option"]: value or "" for one, value in zip(ids, values, strict=True)}

        def change(_: Asking, person: Person) -> int:
            before = desk.options(person, scenario_id, int(version))
            changed = {name: value for name, value in given.items() if before.get(name, "") != value}
            return desk.save_options(person, scenario_id, changed, int(version))[0] if changed else int(version)

        made, refused = await act(change)
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{scenario_id}?saved={made}", "")


def _wire_owner(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("more-said", "children", allow_duplicate=True),
        Input("copy-make", "n_clicks"),
        State("copy-name", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def copy(clicks: int, name: str, scenario_id: str) -> tuple[Any, Any]:
        clicked(clicks)
        made, refused = await act(lambda _, person: desk.copy(person, scenario_id, (name or "").strip()))
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{made}", "")

    @pages.callback(
        Output("more-said", "children", allow_duplicate=True),
        Input("share-with", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def share(sharing: str, scenario_id: str) -> Any:
        _, refused = await act(lambda _, person: desk.share(person, scenario_id, sharing))
        return page_components.note(refused) if refused else ""

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("more-said", "children", allow_duplicate=True),
        Input("remove", "n_clicks"),
        State("remove-sure", "checked"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def remove(clicks: int, sure: bool, scenario_id: str) -> tuple[Any, Any]:
        clicked(clicks)

        def take(now: Asking, person: Person) -> str:
            if sure:
                desk.remove(person, scenario_id)
            return "" if sure else now.say("scenario.remove_first")

        first, refused = await act(take)
        return (NOTHING, page_components.note(refused or first)) if refused or first else ("/", "")


def table_name(say: Say, name: str) -> str:
    """Return the title of a table."""
    found = terms.TABLES.get(name)
    return say.known("table", name) if found is None else translate(found, say.language)


ROUTES = {rf"/scenarios/{ID}": page}
