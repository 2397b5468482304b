"""Overview page of a scenario: description, options, problems, runs, and its actions."""

from __future__ import annotations

import re
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.errors import Problem
from xisuan.report import terms
from xisuan.scenario.reading import manifest
from xisuan.scenario.settings import OPTIONS
from xisuan.studio import labels, scenario_texts
from xisuan.studio.auth import Person
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing import range_mends
from xisuan.studio.editing.range_mends import ESTIMATES
from xisuan.studio.pages import page_components, runs
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.pages.work import upkeep
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import SHARING, Services
from xisuan.studio.services.runs import EVERYTHING
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

SHOWN = ("title", "title_zh", "periods", "hours", "discount_rate", "last_period_years", "objective", "capital",
         "plan.power_price", "plan.operate_days", "plan.gap", "report.region")  # fmt: skip
"""Options that can be edited on the page."""
YEARS = ("periods",)
"""Options of several years."""
CHOICES = {
    "objective": ("cost", "carbon", "residents"),
    "capital": ("annuity", "full"),
    "plan.power_price": ("list", "contract"),
}
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
        html.Section(
            [
                html.H2(say(_("Check"))),
                html.Div(id="mend-said", role="alert"),
                page_components.problems(say, found, scenario_id, mend),
            ]
        ),
        html.Section(
            [html.H2(say(_("Runs"))), runs.listed(say, services.runs(person, scenario_id), say(_("No runs yet.")))]
        ),
        _options(say, row, services.options(person, scenario_id)),
        _more(say, services, row, person),
    ]


def head(say: Translator, row: Row, at: str, person: Person) -> Any:
    """Return title, run buttons and navigation of all pages of a scenario, with its id and version for callbacks."""
    actions = []
    if person.plans:
        unready = bool(row["errors"])
        actions.append(page_components.button(say(_("Quick run")), "run-quick", disabled=unready))
        actions.append(page_components.button(say(_("Run")), "run-now", main=True, disabled=unready))
    here = f"/scenarios/{row['id']}"
    ways = {
        "overview": ("", _("Overview")),
        "tables": ("/tables/power", _("Tables")),
        "map": ("/map", _("Map")),
        "versions": ("/versions", _("Versions")),
        "whatif": ("/whatif", _("What-if")),
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


def _options(say: Translator, row: Row, options: dict[str, str]) -> Any:
    """Return the options of scenario.toml with their descriptions."""
    meaning = {option.name: option.meaning for option in OPTIONS}
    fields = []
    for name in SHOWN:
        common = {
            "id": {"option": name},
            "label": say(labels.OPTIONS[name]),
            "description": _meaning(say, name, meaning[name]),
            "disabled": not row["may_edit"],
            "value": _as_years(options.get(name, "")) if name in YEARS else options.get(name, ""),
        }
        if name in CHOICES:
            data = [{"value": value, "label": say(labels.CHOICES[value])} for value in CHOICES[name]]
            fields.append(dmc.Select(data=data, allowDeselect=False, **common))
        else:
            fields.append(dmc.TextInput(**common))
    save = [page_components.button(say(_("Save options")), "options-save")] if row["may_edit"] else []
    return html.Section(
        [
            html.H2(say(_("Options"))),
            html.Div(fields, className="form wide"),
            html.Div(id="options-said", role="alert"),
            *save,
        ]
    )


def _as_years(value: str) -> str:
    """Return the value of an option of several years as people write them: `2026, 2028`."""
    return value.removeprefix("[").removesuffix("]")


def _from_years(text: str) -> str:
    """Return the value of an option of several years, given apart by commas or spaces, as in scenario.toml."""
    years = re.split(r"[\s,，、;；]+", _as_years(text.strip()).strip())
    return f"[{', '.join(years)}]" if all(year.isdecimal() and year.isascii() for year in years) else text


def _meaning(say: Translator, name: str, text: str) -> str | None:
    """Return the description of an option, unless it repeats its label."""
    said = scenario_texts.said(say, text).replace("`", "")
    for value in CHOICES.get(name, ()):  # by the label of the choice
        said = re.sub(rf"\b{value}(?=[:：])", say(labels.CHOICES[value]), said)
    said = re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda column: say(HEADINGS.get(column[0], column[0])), said)
    return None if said.lower() == say(labels.OPTIONS[name]).lower() else said


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
        State({"option": ALL}, "value"),
        State({"option": ALL}, "id"),
        State("of-scenario", "children"),
        State("of-version", "children"),
        prevent_initial_call=True,
    )
    async def save(
        clicks: int, values: list[str], ids: list[dict[str, str]], scenario_id: str, version: str
    ) -> tuple[Any, Any]:
        require_click(clicks)
        given = {one["option"]: value or "" for one, value in zip(ids, values, strict=True)}
        given |= {name: _from_years(given[name]) for name in YEARS if name in given}

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
