"""Pages of runs: the list, the progress of one, and its result."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html

from xisuan.report.confidence.certificates import power_of_ten
from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_names, job_types
from xisuan.studio.jobs.run_certificates import Certified
from xisuan.studio.pages import gap_chart, page_components
from xisuan.studio.pages.callbacks import NOTHING, act, clicked
from xisuan.studio.services.all_services import Desk
from xisuan.studio.storage.repository import Row
from xisuan.studio.web import request_context
from xisuan.studio.web.request_context import Asking
from xisuan.studio.words import Say

PULSE = 1000
"""Milliseconds between two refreshes of an active run."""
STAGES = (
    *("build", "solve", "tables", "certify", "own hours", "operate", "dates", "draws", "decisions"),
    *("alternatives", "break-even", "stress", "estimates", "other days", "report"),
)
"""Stages of a run, in order."""
MAYBE = ("dates", "draws", "alternatives", "break-even", "stress", "estimates")
"""Stages that only some scenarios have, shown once they have begun."""
LEFT_OUT = ("other days",)
"""Other stages that a quick run skips."""
ID = r"(?P<run_id>[0-9a-f]{16})"
KINDS = {True: "done", False: "failed", None: "noted"}
"""Style of a certificate that holds, fails, or does not exist."""
FILES = {
    ("run", "en"): (("runs.html", "report.html"), ("runs.xlsx", "tables.xlsx")),
    ("run", "zh"): (("runs.html", "report.zh.html"), ("runs.xlsx", "tables.xlsx")),
    ("track", ""): (("runs.csv", "observed.csv"),),
}
"""Files of a finished run to download, by verb and language of the page; its tables are added to them."""


def page(now: Asking, desk: Desk, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the list of runs, which refreshes while a run is active."""
    say = now.say
    rows = desk.runs(person)
    return [
        page_components.heading(say("runs.title")),
        html.P(say("runs.lead"), className="lead"),
        html.Div(listed(say, rows, say("runs.none")), id="runs-list"),
        dcc.Interval(id="runs-pulse", interval=3 * PULSE),
    ]


def listed(say: Say, rows: Sequence[Row], empty: str) -> Any:
    """Return runs as a table."""
    lines = [
        [
            page_components.link(named(say, row), f"/runs/{row['id']}"),
            page_components.badge(say, row["status"]),
            page_components.when(row["created"]),
            page_components.lasted(say, row["ended"] - row["started"]) if row["ended"] and row["started"] else "",
            row["owner"],
        ]
        for row in rows
    ]
    return page_components.table(
        [say(f"runs.{name}") for name in ("what", "status", "when", "took", "who")], lines, empty
    )


def named(say: Say, row: Row) -> str:
    """Return the name of a run, with its verb if that is not to plan."""
    return _doing(say, row, job_names.run_name(say, row))


def _of_version(say: Say, row: Row) -> str:
    return _doing(say, row, f"{row['scenario']} · {say('scenarios.version', number=row['version'])}")


def _doing(say: Say, row: Row, name: str) -> str:
    return name if row["verb"] == job_types.RUN.name else f"{name} · {say('verb.' + row['verb'])}"


def one(now: Asking, desk: Desk, person: Person, query: dict[str, str], run_id: str) -> list[Any]:
    """Return the page of a run."""
    say = now.say
    row = desk.run(person, run_id)
    title = named(say, row) if row["label"] else _of_version(say, row)
    of = [
        page_components.link(row["scenario"], f"/scenarios/{row['scenario_id']}"),
        " · ",
        page_components.when(row["created"]),
        " ",
    ]
    mark = [html.Span(run_id, id="of-run", hidden=True), html.Span(row["status"], id="run-status", hidden=True)]
    head = page_components.heading(title, *_actions(say, row), kicker=[*of, page_components.badge(say, row["status"])])
    if row["status"] == "done":
        return [head, *mark, *_result(now, desk, person, row)]
    return [
        head,
        *mark,
        html.Div(id="run-act-said", role="alert"),
        html.Div(state(now, desk, person, run_id), id="run-state"),
        *([dcc.Interval(id="run-pulse", interval=PULSE)] if row["status"] in ("queued", "running") else []),
    ]


def _actions(say: Say, row: Row) -> list[Any]:
    if not row["may_change"]:
        return []
    if row["status"] in ("queued", "running"):
        return [page_components.button(say("runs.cancel"), "run-cancel")]
    if row["status"] in ("failed", "cancelled"):
        return [page_components.button(say("runs.again"), "run-again", main=True)]
    return []


def state(now: Asking, desk: Desk, person: Person, run_id: str) -> list[Any]:
    """Return the state of an unfinished run."""
    say = now.say
    row = desk.run(person, run_id)
    found = desk.progress(person, run_id)
    if row["status"] == "queued":
        text = say("runs.waits", ahead=row["ahead"]) if row["ahead"] else say("runs.next")
        return [
            html.P(text, className="lead"),
            *([page_components.note(say.said(row["reason"]), "yellow")] if row["reason"] else []),
        ]
    if row["status"] == "failed":
        answer = desk.failure(person, run_id) or {}
        reason = answer.get("message_zh") if say.language == "zh" else None
        return [page_components.note(reason or say.said(row["reason"]), title=say("runs.failed"))]
    if row["status"] == "cancelled":
        return [html.P(say("runs.cancelled"), className="lead")]
    last = found["last"] or {"stage": "starting", "text": "", "fraction": None}
    took = page_components.lasted(say, time.time() - row["started"])
    bar = (
        dmc.Progress(value=100 * (last["fraction"] or 0), animated=True, **{"aria-label": say("runs.progress")})
        if last["fraction"] is not None
        else None
    )
    return [
        html.P([html.Strong(say.known("stage", last["stage"])), " ", say.said(last["text"])], className="now"),
        *([bar] if bar else []),
        html.P([say("runs.since", took=took), *_expected(say, found["expected"])], className="soft"),
        _stages(say, found["stages"], last["stage"], _known(row)),
        *([html.H2(say("runs.gap")), gap_chart.gap(now, found["gaps"])] if len(found["gaps"]) > 1 else []),
    ]


def _expected(say: Say, ends: dict[str, float] | None) -> list[Any]:
    """Return the estimated end of a run and the earlier run that it comes from; empty without an estimate."""
    if ends is None:
        return []
    took = page_components.lasted(say, ends["took"])
    earlier = page_components.link(say("runs.earlier", took=took), f"/runs/{ends['by']}")
    return [" · ", say("runs.expected"), " ", page_components.when(ends["at"]), " (", earlier, ")"]


def _known(row: Row) -> Sequence[str]:
    """Return the stages that a run will go through, as far as known in advance."""
    if row["verb"] != job_types.RUN.name:
        return ()
    quick = json.loads(row["options"]).get("quick", False)
    return [stage for stage in STAGES if not (quick and stage in LEFT_OUT)]


def _stages(say: Say, begun: Sequence[dict[str, Any]], at: str, known: Sequence[str]) -> Any:
    """Return the stages of a run: finished ones with their time, the current one, and those to come."""
    started = {stage["stage"]: stage["at"] for stage in begun}
    ends = dict(zip(started, [*started.values()][1:], strict=False))
    items = []
    for name in known or started:
        if name in started or name not in MAYBE:
            kind = "at" if name == at else "done" if name in started else "ahead"
            took = (
                f" · {page_components.lasted(say, ends[name] - started[name])}"
                if kind == "done" and name in ends
                else ""
            )
            items.append(html.Li([say.known("stage", name), html.Span(took, className="soft")], className=kind))
    return html.Ol(items, className="stages")


def _result(now: Asking, desk: Desk, person: Person, row: Row) -> list[Any]:
    """Return the result of a run: report, files, jobs that use its plan, and links to other runs for comparison."""
    say = now.say
    here, seen = f"/api/runs/{row['id']}", f"?lang={now.language}&theme={now.theme}"
    planned = row["verb"] == job_types.RUN.name
    single = planned and not desk.several(person, row["id"])
    tools = [_files(now, desk, person, row), *(_beside(say, desk, person, row) if single else [])]
    head = html.Div(tools, className="line spread")
    report = page_components.framed(say, f"{here}/report{seen}", say("runs.report"))
    if not planned:
        return [head, report]
    tabs = dmc.Tabs(
        [
            dmc.TabsList([dmc.TabsTab(say("runs.report"), value="report"), dmc.TabsTab(say("runs.map"), value="map")]),
            dmc.TabsPanel(report, value="report"),
            dmc.TabsPanel(page_components.framed(say, f"{here}/map{seen}", say("runs.map")), value="map"),
        ],
        value="report",
        keepMounted=False,
    )
    more = [_after(now, desk, person, row)] if single else []
    checked = _certified(say, desk.certificates(person, row["id"]))
    return [head, html.Div(id="then-said", role="alert"), *checked, *more, tabs]


def _certified(say: Say, found: Sequence[Certified]) -> list[Any]:
    """Return the certificates of the plan and its operations as badges, with an alarm and its findings if one fails."""
    wrong = [one for one in found if one.ok is False]
    alarm = [html.Li([f"{_operation(say, one)}: ", "; ".join(one.findings)]) for one in wrong]
    badges = [html.Span(_checked(say, one), className=f"badge {KINDS[one.ok]}") for one in found]
    line = html.Div([html.Span(say("certified.lead"), className="soft"), *badges], className="line", id="run-certified")
    return [line, *([page_components.note(html.Ul(alarm), title=say("certified.alarm"))] if wrong else [])]


def _operation(say: Say, one: Certified) -> str:
    name = say("certified." + one.of)
    return f"{one.member} · {name}" if one.member else name


def _checked(say: Say, one: Certified) -> str:
    """Return the text of one certificate's badge."""
    if one.ok is None:
        return say("certified.none", what=_operation(say, one))
    most = "–" if one.max_violation is None else power_of_ten(one.max_violation)
    return say("certified.holds" if one.ok else "certified.fails", what=_operation(say, one), violation=most)


def _files(now: Asking, desk: Desk, person: Person, row: Row) -> Any:
    """Return download links: the page, workbook or observations, and the tables as Parquet."""
    say, here = now.say, f"/api/runs/{row['id']}"
    own = FILES.get((row["verb"], now.language), FILES.get((row["verb"], ""), ()))
    files = [page_components.download(say(key), f"{here}/files/{name}") for key, name in own]
    if row["verb"] != job_types.RUN.name:
        name = f"{row['verb']}.{now.language}.html"
        files.insert(0, page_components.download(say("runs.html"), f"{here}/report?lang={now.language}", name))
    tables = [
        page_components.download(name, f"{here}/tables/{name}?form=parquet")
        for name in desk.run_tables(person, row["id"])
    ]
    if tables:
        files.append(html.Details([html.Summary(say("runs.parquet")), html.Div(tables, className="files")]))
    return html.Div(files, className="files")


def _beside(say: Say, desk: Desk, person: Person, row: Row) -> list[Any]:
    """Return the choice of another finished run to compare with; empty if there is no other run."""
    others = [
        {"value": other["id"], "label": f"{job_names.run_name(say, other)} · {page_components.when(other['created'])}"}
        for other in desk.runs(person)
        if other["status"] == "done"
        and other["id"] != row["id"]
        and other["verb"] == job_types.RUN.name
        and not desk.several(person, other["id"])
    ]
    words = say("runs.beside")
    choice = dmc.Select(id="beside", data=others, placeholder=words, searchable=True, **{"aria-label": words})
    return [html.Div(choice)] if others else []


def _after(now: Asking, desk: Desk, person: Person, row: Row) -> Any:
    """Return the jobs that use a run's plan, and buttons for more; indicators only where the scenario has targets."""
    say = now.say
    done = [
        html.Span(
            [
                page_components.link(say("verb." + one["verb"]), f"/runs/{one['id']}"),
                " ",
                page_components.badge(say, one["status"]),
            ]
        )
        for one in desk.followers(person, row["id"])
    ]
    buttons = []
    if person.plans:
        aims = "targets" in desk.tables(person, row["scenario_id"], row["version"])
        able = [name for name, verb in job_types.VERBS.items() if verb.plan and (aims or verb is not job_types.TRACK)]
        buttons = [page_components.button(say(f"runs.then_{name}"), {"then": name}, size="compact-sm") for name in able]
    return html.Div([html.Span(say("runs.with_plan"), className="soft"), *buttons, *done], className="line after")


def wire(pages: dash.Dash, desk: Desk) -> None:
    """Register the callbacks of the run page and its refreshes."""
    _wire_fresh(pages, desk)
    _wire_ends(pages, desk)
    _wire_next(pages, desk)


def _wire_fresh(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(Output("runs-list", "children"), Input("runs-pulse", "n_intervals"), prevent_initial_call=True)
    async def fresh(_: int) -> Any:
        rows, refused = await act(lambda _, person: desk.runs(person))
        say = request_context.NOW.get().say
        return page_components.note(refused) if refused else listed(say, rows, say("runs.none"))

    @pages.callback(
        Output("run-state", "children"),
        Output("at", "href", allow_duplicate=True),
        Input("run-pulse", "n_intervals"),
        State("of-run", "children"),
        State("run-status", "children"),
        prevent_initial_call=True,
    )
    async def look(_: int, run_id: str, before: str) -> tuple[Any, Any]:
        def seen(now: Asking, person: Person) -> tuple[Any, Any]:
            status = desk.run(person, run_id)["status"]
            if status == before:
                return state(now, desk, person, run_id), NOTHING
            return NOTHING, f"/runs/{run_id}?now={status}"

        found, refused = await act(seen)
        return (page_components.note(refused), NOTHING) if refused else found


def _wire_ends(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("run-act-said", "children"),
        Input("run-cancel", "n_clicks"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def cancel(clicks: int, run_id: str) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.cancel(person, run_id))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{run_id}?now=cancelled", "")

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("run-act-said", "children", allow_duplicate=True),
        Input("run-again", "n_clicks"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def again(clicks: int, run_id: str) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.again(person, run_id))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{run_id}?now=queued", "")


def _wire_next(pages: dash.Dash, desk: Desk) -> None:
    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("then-said", "children"),
        Input({"then": ALL}, "n_clicks"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def then(clicks: list[int], run_id: str) -> tuple[Any, Any]:
        clicked(*clicks)
        name = str((ctx.triggered_id or {}).get("then", ""))
        made, refused = await act(lambda _, person: desk.follow(person, run_id, {name: {}}))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made[0]}", "")

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Input("beside", "value"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    def beside(other: str | None, run_id: str) -> Any:
        clicked(1 if other and ctx.triggered_id else 0)
        return f"/runs/{run_id}/beside/{other}"


ROUTES = {r"/runs": page, rf"/runs/{ID}": one}
