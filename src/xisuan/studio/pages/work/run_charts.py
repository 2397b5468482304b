"""Charts of a run: one filter by site, class and region above all of them, and other runs drawn over them.

The choice is in the address, so that a link shows the same charts.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlencode

import dash
import dash_mantine_components as dmc
from dash import Input, State, ctx, html

from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_names
from xisuan.studio.pages import compare, page_components
from xisuan.studio.pages.callbacks import navigating, require_click
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.runs import MOST_COMPARED
from xisuan.text.translation import message as _

LABELS = {"sites": _("Sites"), "classes": _("Classes"), "regions": _("Regions")}
ALL = {"sites": _("all sites"), "classes": _("all classes"), "regions": _("all regions")}
WITH = "with"
"""Part of the address with the runs that are drawn over the first."""
MEMBERS = "members"
"""Part of the address with the members of a run for several futures; all, if none and not too many."""


def address(run_id: str, chosen: dict[str, list[str]]) -> str:
    """Return the address of the charts of a run for a choice: keys by part of the address."""
    parts = {name: ",".join(quote(key, safe="") for key in keys) for name, keys in chosen.items() if keys}
    return f"/runs/{run_id}/charts" + (f"?{urlencode(parts)}" if parts else "")


def page(now: Asking, services: Services, person: Person, query: dict[str, str], run_id: str) -> list[Any]:
    """Return the filter, the charts for it, and links to the values."""
    say = now.say
    row = services.run(person, run_id)
    chosen = {kind: _keys(query, kind) for kind in LABELS}
    others = [one for one in _keys(query, WITH) if one != run_id][: MOST_COMPARED - 1]
    members = _keys(query, MEMBERS) or list(services.members(person, run_id))[: MOST_COMPARED - len(others)]
    asked = {"runs": [run_id, *others], **chosen, MEMBERS: members, "lang": now.language}
    source = f"/api/charts?{urlencode(asked, doseq=True)}"
    files = [
        page_components.download(say(_("Values (CSV)")), f"{source}&form=csv"),
        page_components.download(say(_("Charts (HTML)")), source, f"charts.{now.language}.html"),
    ]
    back = page_components.link(job_names.run_name(say, row), f"/runs/{run_id}")
    return [
        page_components.heading(say(_("Charts")), kicker=back),
        html.Span(run_id, id="charts-of", hidden=True),
        _filter(now, services, person, run_id, chosen, others, members),
        html.Div(files, className="files"),
        page_components.report_frame(say, f"{source}&theme={now.theme}", say(_("Charts"))),
    ]


def _keys(query: dict[str, str], name: str) -> list[str]:
    """Return the keys in a part of the address, each once."""
    return list(dict.fromkeys(unquote(key) for key in query.get(name, "").split(",") if key))


def _filter(
    now: Asking, services: Services, person: Person, run_id: str, chosen: dict[str, list[str]], others: list[str],
    members: list[str],
) -> Any:  # fmt: skip
    """Return the choices of sites, classes, regions, members and other runs. Each change shows the charts for it."""
    say = now.say
    known = services.chart_choices(person, run_id, now.language)
    fields = [
        dmc.MultiSelect(
            id=f"charts-{kind}",
            label=say(LABELS[kind]),
            placeholder="" if chosen[kind] else say(ALL[kind]),
            data=[{"value": key, "label": title} for key, title in known[kind].items()],
            value=chosen[kind],
            searchable=True,
            clearable=True,
        )
        for kind in LABELS
    ]
    rows = [row for row in services.comparable(person) if row["id"] != run_id]
    runs = dmc.MultiSelect(
        id="charts-with",
        label=say(_("Other runs over this one (at most {most})", most=MOST_COMPARED - 1)),
        data=compare.choices(say, rows),
        value=others,
        maxValues=MOST_COMPARED - 1,
        searchable=True,
        clearable=True,
    )
    futures = list(services.members(person, run_id))
    own = dmc.MultiSelect(
        id=f"charts-{MEMBERS}",
        label=say(_("Members of this run")),
        data=futures,
        value=members,
        maxValues=MOST_COMPARED,
        searchable=True,
        clearable=True,
    )
    return html.Div([*fields, html.Div(own, hidden=not futures), runs], className="form wide")


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callback that opens the address of a changed choice."""
    names = ("sites", "classes", "regions", MEMBERS, WITH)

    @navigating(
        pages,
        *(Input(f"charts-{name}", "value") for name in names),
        State("charts-of", "children"),
        prevent_initial_call=True,
    )
    async def choose(*given: Any) -> Any:
        require_click(1 if ctx.triggered_id else 0)
        *values, run_id = given
        return address(run_id, {name: list(value or []) for name, value in zip(names, values, strict=True)})


ROUTES = {r"/runs/(?P<run_id>[0-9a-f]{16})/charts": page}
