"""Pages of the studio. They call the services and lay out its results."""

from __future__ import annotations

import importlib.resources
import logging
import re
from collections.abc import Callable, Mapping
from html import escape as html_escape
from typing import Any
from urllib.parse import parse_qsl, quote

import dash
import dash_mantine_components as dmc
import fastapi
from dash import Input, Output, dcc, html
from fastapi.concurrency import run_in_threadpool

from xisuan.errors import ScenarioError
from xisuan.studio import request_context
from xisuan.studio.auth import Person
from xisuan.studio.failures import refusal_of
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.pages import (
    account,
    compare,
    gap_chart,
    map_editor,
    page_components,
    runs,
    scenario_overview,
    scenarios,
    table_editor,
    versions,
    what_if,
)
from xisuan.studio.pages.callbacks import refusal
from xisuan.studio.pages.tables import bulletin_review
from xisuan.studio.pages.work import run_charts, upkeep
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

LOG = logging.getLogger(__name__)
PAGE_MODULES = (
    *(scenarios, scenario_overview, table_editor, map_editor, versions, what_if, bulletin_review),
    *(runs, run_charts, compare, account, upkeep),
)
"""Modules of pages. Each states its addresses (ROUTES) and registers its callbacks (`wire`)."""

INK = ["#eef5f6", "#d9e8ea", "#b3d0d4", "#8ab7bd", "#65a0a8", "#45868f", "#1f5c66", "#1a4f58", "#15424a", "#0f343a"]
THEME = {
    "primaryColor": "ink",
    "primaryShade": 6,
    "colors": {"ink": INK},
    "fontFamily": gap_chart.FONT,
    "defaultRadius": "md",
    "cursorType": "pointer",
}
OTHER_LANGUAGE: Mapping[Language, str] = {"en": "中文", "zh": "English"}
"""Name of the other language, in itself."""
# The page's own scripts come before the framework's: a callback may ask for their functions as soon as that has started.
PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-mantine-color-scheme="{theme}">
<head>
{{%metas%}}
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="/look/seal.svg">
{{%css%}}
<link rel="stylesheet" href="/look/studio.css">
</head>
<body data-leaving="{leaving}" data-csrf="{csrf}" data-person="{person}">
<a class="skip" href="#page">{skip}</a>
<p id="away" role="alert" hidden>{away}</p>
<p id="expired" role="alert" hidden>{expired} <a href="/login" target="_blank" rel="noopener">{sign_in}</a></p>
{{%app_entry%}}
<footer>
<script src="/look/studio.js"></script>
<script src="/look/map.js"></script>
<script src="/look/spreadsheet.js"></script>
<script src="/look/pivot.js"></script>
{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
</body>
</html>"""


class Pages(dash.Dash):
    """Dash application of the pages; the document is in the user's language and theme."""

    def _config(self) -> dict[str, Any]:
        """Return the browser's configuration without websockets: every call is then a request that the guard checks."""
        config: dict[str, Any] = super()._config()
        config.pop("websocket", None)
        return config

    def interpolate_index(self, **parts_of_it: Any) -> str:
        """Return the HTML document."""
        now = request_context.NOW.get()
        language = "zh-CN" if now.language == "zh" else "en"
        said = {
            "title": now.say(_("xisuan studio")),
            "skip": now.say(_("Skip to content")),
            "away": now.say(
                _(
                    "The server does not answer. Runs continue without it. Leave the page open: it "
                    "updates again when the server is back."
                )
            ),
            "expired": now.say(
                _(
                    "Your session has expired. Sign in again in a new tab: the changes on this page are kept, and saved "
                    "if you have clicked Save."
                )
            ),
            "sign_in": now.say(_("Sign in")),
            "leaving": now.say(_("Changes on this page are not saved. Leave without saving?")),
        }
        person = html_escape(now.person.name) if now.person else ""
        frame = PAGE.format(lang=language, theme=now.theme, csrf=self.config.csrf_token_name, person=person, **said)
        for name, part in parts_of_it.items():
            frame = frame.replace("{%" + name + "%}", part)
        return frame


def install(app: fastapi.FastAPI, services: Services) -> tuple[str, ...]:
    """Install the pages on the server. Return the hashes of their inline scripts."""
    pages = Pages(
        "xisuan.studio",
        server=app,
        assets_folder=str(importlib.resources.files("xisuan.studio").joinpath("static", "scripts")),
        suppress_callback_exceptions=True,
        update_title="",
        csrf_token_name=services.configuration.csrf_cookie,
        include_assets_files=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    pages.layout = lambda: _frame(request_context.NOW.get(), services)
    _route(pages, services)
    for room in PAGE_MODULES:
        room.wire(pages, services)
    return tuple(pages.csp_hashes())


def _frame(now: Asking, services: Services) -> Any:
    """Return the layout around every page."""
    say = now.say
    ways = [("/", say(_("Scenarios"))), ("/runs", say(_("Runs"))), ("/account", say(_("Account")))]
    if now.person is not None and now.person.administers:
        ways.insert(2, ("/queue", say(_("Queue"))))
    nav = html.Nav([page_components.link(text, href) for href, text in ways], **{"aria-label": say(_("Main"))})
    seal = page_components.link(
        [html.Span(["西", html.Br(), "算"], className="seal"), html.Span(say(_("xisuan studio")))], "/"
    )
    header = html.Header([html.Div(seal, className="brand"), nav, html.Div(id="choices", className="choices")])
    return dmc.MantineProvider(
        [
            dcc.Location(id="at", refresh="callback-nav"),
            dcc.Store(id="sent"),
            header,
            html.Main(id="page", tabIndex=-1),
            html.Div(id="said", role="status", className="said"),
        ],
        theme=THEME,
        forceColorScheme=now.theme,
    )


def _choices(now: Asking, path: str) -> list[Any]:
    """Return the menus of language, theme and account."""
    say = now.say
    to = quote(path, safe="/")
    other, theme = ("en" if now.language == "zh" else "zh"), ("light" if now.theme == "dark" else "dark")
    name = now.person.name if now.person else ""
    return [
        html.A(
            OTHER_LANGUAGE[now.language], href=f"/choose?lang={other}&to={to}", lang="en" if other == "en" else "zh-CN"
        ),
        html.A(say(_("Dark") if theme == "dark" else _("Light")), href=f"/choose?theme={theme}&to={to}"),
        html.Span(name, className="soft"),
    ]


def _route(pages: dash.Dash, services: Services) -> None:
    """Register the callback that shows the page of an address."""

    @pages.callback(
        Output("page", "children"), Output("choices", "children"), Input("at", "pathname"), Input("at", "search")
    )
    async def show(path: str | None, search: str | None) -> tuple[Any, list[Any]]:
        now = request_context.NOW.get()
        here = path or "/"
        query = dict(parse_qsl((search or "").removeprefix("?")))
        return await run_in_threadpool(_page, now, services, here, query), _choices(now, here)


def _page(now: Asking, services: Services, path: str, query: dict[str, str]) -> Any:
    if now.person is None:
        return page_components.note(now.say(_("You are no longer signed in. Load the page again to sign in.")))
    for room in PAGE_MODULES:
        for pattern, show in room.ROUTES.items():
            found = re.fullmatch(pattern, path)
            if found:
                return shown(now, lambda person: show(now, services, person, query, **found.groupdict()))  # noqa: B023
    return [
        page_components.heading(now.say(_("Page not found"))),
        page_components.link(now.say(_("Back to the scenarios")), "/"),
    ]


def shown(now: Asking, make: Callable[[Person], Any]) -> Any:
    """Return a page, or the message of the refusal."""
    assert now.person is not None
    try:
        return make(now.person)
    except (RefusedError, ScenarioError) as problem:
        words = refusal(now.say, problem)
    except Exception as problem:  # a defect must neither leave an empty page nor stay out of the log
        LOG.exception("a page could not be shown")
        refused = refusal_of(problem)
        words = (
            now.say(_("An internal error occurred. The server log has the details."))
            if refused is None
            else refusal(now.say, refused)
        )
    return [
        page_components.heading(now.say(_("This page cannot be shown"))),
        page_components.note(words),
        page_components.link(now.say(_("Back to the scenarios")), "/"),
    ]
