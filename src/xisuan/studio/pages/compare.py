"""Comparison of two to six runs, drawn by the report: the first is what the others are compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, html

from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_names
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.runs import MOST_COMPARED
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

PATH = "/compare"


def address(run_ids: Sequence[str]) -> str:
    """Return the address of the page that compares runs with the first of them."""
    return f"{PATH}?runs={','.join(run_ids)}"


def run_charts_address(run_ids: Sequence[str]) -> str:
    """Return the address of the charts of the first run with the others over it."""
    return f"/runs/{run_ids[0]}/charts?{urlencode({'with': ','.join(run_ids[1:])})}"


def choices(say: Translator, rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return runs as the items of a choice."""
    return [
        {"value": row["id"], "label": f"{job_names.run_name(say, row)} · {page_components.time_text(row['created'])}"}
        for row in rows
    ]


def page(now: Asking, services: Services, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the page that compares the runs of the address, with the choice of others."""
    given = [one for one in query.get("runs", "").split(",") if re.fullmatch(r"[0-9a-f]{16}", one)]
    return _page(now, services, person, list(dict.fromkeys(given)))


def pair(
    now: Asking, services: Services, person: Person, query: dict[str, str], run_id: str, other_id: str
) -> list[Any]:
    """Return the page that compares a run with another."""
    return _page(now, services, person, [other_id, run_id])


def _page(now: Asking, services: Services, person: Person, run_ids: list[str]) -> list[Any]:
    say = now.say
    rows = [services.run(person, each) for each in run_ids]
    names = [page_components.link(job_names.run_name(say, row), f"/runs/{row['id']}") for row in rows]
    between = [part for name in names for part in (say(_(" and ")), name)][1:]
    parts = [page_components.heading(say(_("Comparison")), kicker=between), _form(now, services, person, run_ids)]
    if len(rows) < 2:
        return parts
    source = f"/api{PATH}?{urlencode({'runs': run_ids, 'lang': now.language}, doseq=True)}"
    file = page_components.download(say(_("Comparison (HTML)")), source, f"comparison.{now.language}.html")
    frame = page_components.report_frame(say, f"{source}&theme={now.theme}", say(_("Comparison")))
    over = page_components.link(say(_("Charts of these runs")), run_charts_address(run_ids))
    return [*parts, html.Div([file, over], className="files"), frame]


def _form(now: Asking, services: Services, person: Person, run_ids: Sequence[str]) -> Any:
    """Return the choice of the runs to compare."""
    say = now.say
    label = say(_("Runs to compare (two to {most}); the others are compared with the first", most=MOST_COMPARED))
    choice = dmc.MultiSelect(
        id="compare-runs",
        data=choices(say, services.comparable(person)),
        value=list(run_ids),
        maxValues=MOST_COMPARED,
        searchable=True,
        label=label,
    )
    ask = page_components.button(say(_("Compare")), "compare-show", main=True)
    return html.Div([choice, html.Div(ask), html.Div(id="compare-said", role="alert")], className="form wide")


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callback that opens the comparison of the chosen runs."""

    @navigating(
        pages,
        Output("compare-said", "children"),
        Input("compare-show", "n_clicks"),
        State("compare-runs", "value"),
        prevent_initial_call=True,
    )
    async def show(clicks: int, chosen: list[str] | None) -> tuple[Any, Any]:
        require_click(clicks)
        run_ids = chosen or []
        _none, refused = await act(lambda _, __: services.require_few(run_ids))
        return (NOTHING, page_components.note(refused)) if refused else (address(run_ids), "")


ROUTES = {PATH: page, r"/runs/(?P<run_id>[0-9a-f]{16})/beside/(?P<other_id>[0-9a-f]{16})": pair}
