"""Overview page of a scenario: description, options, problems, runs, and its actions."""

from __future__ import annotations

import re
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html

from xisuan.errors import Problem
from xisuan.report import terms
from xisuan.scenario.reading import manifest
from xisuan.studio import labels
from xisuan.studio.auth import Person
from xisuan.studio.editing import range_mends
from xisuan.studio.editing.range_mends import ESTIMATES
from xisuan.studio.pages import page_components, runs
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.pages.work import scenario_fields, scenario_jobs, upkeep
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import SHARING, Services
from xisuan.studio.services.runs import EVERYTHING
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

ID = r"(?P<scenario_id>[0-9a-f]{16})"


def page(now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """Return the overview page."""
    say = now.say
    row = services.scenario(person, scenario_id)
    found = services.problems(person, scenario_id)

    def mend(one: Problem) -> list[Any]:
        return page_components.widening(say, one, "widen-saved") if row["may_edit"] else []

    return [
        head(say, row, "overview", person),
        *page_components.saved_message(say, row, query),
        *_without_plan(say, row),
        html.Section(
            [
                html.H2(say(_("Check"))),
                html.Div(id="mend-said", role="alert"),
                page_components.problems(say, found, scenario_id, mend),
            ]
        ),
        html.Section(
            [
                html.H2(say(_("Runs"))),
                runs.listed(say, services.runs(person, scenario_id), say(_("No runs yet."))),
                *scenario_jobs.forms(say, services, person, row),
            ]
        ),
        *_readme(say, services.readme(person, scenario_id)),
        _options(now, services, person, row),
        _more(say, services, row, person),
    ]


def head(say: Translator, row: Row, at: str, person: Person) -> Any:
    """Return title, run buttons and navigation of all pages of a scenario, with its id and version for callbacks."""
    actions = []
    if person.plans:
        actions = scenario_jobs.buttons(say, row)
    here = f"/scenarios/{row['id']}"
    plans = bool(row["can_be_planned"])
    ways = {
        "overview": ("", _("Overview")),
        "tables": ("/tables/power" if plans else "/tables/observations", _("Tables")),
        "map": ("/map", _("Map")),
        "versions": ("/versions", _("Versions")),
        **({"whatif": ("/whatif", _("What-if"))} if plans else {}),
        "read": ("/read", _("Bulletins")),
    }
    links = [
        page_components.link(say(label), here + way, className="at" if name == at else "")
        for name, (way, label) in ways.items()
    ]
    meta = [
        row["name"],
        " · ",
        say(_("version {number}", number=row["version"])),
        " ",
        page_components.check_badge(say, row["errors"], row["warnings"]),
    ]
    mark = [
        html.Span(row["id"], id="of-scenario", hidden=True),
        html.Span(str(row["version"]), id="of-version", hidden=True),
    ]
    return html.Div(
        [
            page_components.heading(page_components.scenario_title(say, row), *actions, kicker=meta),
            html.Nav(links, className="tabs", **{"aria-label": say(_("Parts of the scenario"))}),
            html.Div(id="run-said", role="alert"),
            *mark,
        ]
    )


def _without_plan(say: Translator, row: Row) -> list[Any]:
    """Return what can be done with a scenario that has nothing to plan; empty for any other."""
    if row["can_be_planned"]:
        return []
    here = f"/scenarios/{row['id']}"
    ways = [
        (_("Read a bulletin"), "/read", _("its figures and aims are added to the observations")),
        (
            _("Edit the targets"),
            "/tables/targets",
            _("levels and dates that the region aims at, if no bulletin states them"),
        ),
        (_("Edit the observations"), "/tables/observations", _("figures that were published")),
    ]
    lines = [html.Li([page_components.link(say(name), here + way), f" · {say(what)}"]) for name, way, what in ways]
    lead = _(
        "This scenario compares published figures with targets. Nothing is planned in it, because it has no sites,"
        " links or cities; with rows in those tables it can be planned too."
    )
    lacking = (
        []
        if row["can_be_tracked"]
        else [html.P(say(_("To track indicators, read a bulletin or fill in these tables first.")))]
    )
    return [
        html.Section(
            [html.H2(say(_("Targets and figures"))), html.P(say(lead)), *lacking, html.Ul(lines, className="ways")]
        )
    ]


def _readme(say: Translator, text: str) -> list[Any]:
    """Return the README of a scenario's folder, folded; empty without one. Its headings stand below those of the page."""
    if not text:
        return []
    body = html.Div(dcc.Markdown(re.sub(r"(?m)^#", "###", text)), lang="en", className="readme")
    summary = html.Summary(say(_("Where the figures come from, and what is assumed")))
    return [html.Section([html.H2(say(_("Sources and assumptions"))), html.Details([summary, body])])]


def _options(now: Asking, services: Services, person: Person, row: Row) -> Any:
    """Return the form of the options of scenario.toml."""
    say, values = now.say, services.options(person, row["id"])
    known = services.known_values(person, row["id"], now.language)
    save = [page_components.button(say(_("Save options")), "options-save")] if row["may_edit"] else []
    return html.Section(
        [
            html.H2(say(_("Options"))),
            scenario_fields.fields(say, values, known, row["may_edit"], planned=row["can_be_planned"]),
            html.Div(id="options-said", role="alert"),
            *save,
        ]
    )


def _more(say: Translator, services: Services, row: Row, person: Person) -> Any:
    """Return the forms for files, copies, sharing and removal."""
    here = f"/api/scenarios/{row['id']}/download"
    files = [
        page_components.download(say(_("Folder (zip)")), f"{here}?kind=zip"),
        page_components.download(say(_("Workbook (Excel)")), f"{here}?kind=xlsx"),
    ]
    blocks = [html.Div([html.H3(say(_("Download"))), html.Div(files, className="files")])]
    if person.plans:
        name = dmc.TextInput(id="copy-name", value=f"{row['name']}-2"[:64], **{"aria-label": say(_("Name"))})
        copy = html.Div([name, page_components.button(say(_("Copy")), "copy-make")], className="line")
        blocks.append(html.Div([html.H3(say(_("Copy the scenario"))), copy]))
    if row["mine"]:
        data = [{"value": value, "label": say(labels.SHARING[value])} for value in SHARING]
        share = dmc.Select(
            id="share-with",
            data=data,
            value=row["sharing"],
            allowDeselect=False,
            **{"aria-label": say(_("Sharing"))},
        )
        blocks.append(html.Div([html.H3(say(_("Sharing"))), share]))
        if not services.configuration.local:
            blocks.append(html.Div(upkeep.people(say, services, person, row["id"]), id="people"))
        gone = html.Div(
            [
                dmc.Checkbox(id="remove-sure", label=say(_("Confirm removal"))),
                page_components.button(say(_("Remove")), "remove", className="danger"),
            ],
            className="line",
        )
        blocks.append(html.Div([html.H3(say(_("Remove"))), gone]))
    return html.Section([html.Div(blocks, className="blocks"), html.Div(id="more-said", role="alert")])


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the scenario page."""
    _wire_run(pages, services)
    _wire_options(pages, services)
    _wire_widen(pages, services)
    _wire_owner(pages, services)
    scenario_jobs.wire(pages, services)


def _wire_run(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("run-said", "children"),
        Input("run-now", "n_clicks"),
        Input("run-quick", "n_clicks"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def run(whole: int, quick: int, scenario_id: str, version: str) -> tuple[Any, Any]:
        require_click(whole, quick)
        asked = {"run": {"quick": True}} if ctx.triggered_id == "run-quick" else EVERYTHING
        made, refused = await act(lambda _, person: services.submit(person, scenario_id, int(version), asked=asked))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made[0]}", "")


def _wire_options(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("options-said", "children"),
        Input("options-save", "n_clicks"),
        State({"option": ALL, "part": ALL}, "value"),
        State({"option": ALL, "part": ALL}, "id"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def save(
        clicks: int, values: list[Any], ids: list[dict[str, str]], scenario_id: str, version: str
    ) -> tuple[Any, Any]:
        require_click(clicks)
        given = scenario_fields.texts(ids, values)

        def change(_: Asking, person: Person) -> int:
            before = services.options(person, scenario_id, int(version))
            changed = {name: value for name, value in given.items() if before.get(name, "") != value}
            return services.save_options(person, scenario_id, changed, int(version))[0] if changed else int(version)

        made, refused = await act(change)
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{scenario_id}?saved={made}", "")


def _wire_widen(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("mend-said", "children"),
        Input({"widen-saved": ALL, "end": ALL, "value": ALL}, "n_clicks"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def widen(clicks: list[int], scenario_id: str, version: str) -> tuple[Any, Any]:
        """Save a version with a range that contains its value."""
        require_click(*clicks)
        chosen = dict(ctx.triggered_id or {})

        def moved(_: Asking, person: Person) -> int:
            found = services.table(person, scenario_id, ESTIMATES, int(version))
            at = found.lines.index(chosen["widen-saved"]) if chosen["widen-saved"] in found.lines else -1
            one = range_mends.widened(found.rows, at, chosen["end"], float(chosen["value"]))
            return services.save_table(
                person, scenario_id, ESTIMATES, range_mends.applied(found.rows, [one]), int(version)
            )[0]

        made, refused = await act(moved)
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{scenario_id}?saved={made}", "")


def _wire_owner(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("more-said", "children", allow_duplicate=True),
        Input("copy-make", "n_clicks"),
        State("copy-name", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def copy(clicks: int, name: str, scenario_id: str) -> tuple[Any, Any]:
        require_click(clicks)
        made, refused = await act(lambda _, person: services.copy(person, scenario_id, (name or "").strip()))
        return (NOTHING, page_components.note(refused)) if refused else (f"/scenarios/{made}", "")

    @pages.callback(
        Output("more-said", "children", allow_duplicate=True),
        Input("share-with", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def share(sharing: str, scenario_id: str) -> Any:
        _, refused = await act(lambda _, person: services.share(person, scenario_id, sharing))
        return page_components.note(refused) if refused else ""

    @navigating(
        pages,
        Output("more-said", "children", allow_duplicate=True),
        Input("remove", "n_clicks"),
        State("remove-sure", "checked"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def remove(clicks: int, sure: bool, scenario_id: str) -> tuple[Any, Any]:
        require_click(clicks)

        def take(now: Asking, person: Person) -> str:
            if sure:
                services.remove(person, scenario_id)
            return "" if sure else now.say(_("Tick “Confirm removal” first."))

        first, refused = await act(take)
        return (NOTHING, page_components.note(refused or first)) if refused or first else ("/", "")


def table_name(say: Translator, name: str) -> str:
    """Return the title of a table."""
    return say(_("options") if name == manifest.FILE else terms.TABLES.get(name, name))


ROUTES = {rf"/scenarios/{ID}": page}
