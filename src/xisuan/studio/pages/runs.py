"""Pages of runs: the list, the progress of one, and its result."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html

from xisuan.studio import labels, request_context
from xisuan.studio.auth import Person
from xisuan.studio.jobs import job_names, job_types
from xisuan.studio.pages import compare, gap_chart, page_components, run_result
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, one_at_a_time, require_click
from xisuan.studio.pages.work import comments, option_form
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.services.quotas import Usage
from xisuan.studio.storage import bilingual
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator, plural
from xisuan.text.translation import message as _

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


def page(now: Asking, services: Services, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the list of runs, which refreshes while a run is active."""
    say = now.say
    rows = services.runs(person)
    return [
        page_components.heading(say(_("Runs")), page_components.link(say(_("Compare runs")), compare.PATH)),
        html.P(say(_("Runs continue when the browser is closed or the server is restarted.")), className="lead"),
        html.P(_used(say, services.usage(person)), className="soft", id="runs-usage"),
        html.Div(listed(say, rows, say(_("No runs yet."))), id="runs-list"),
        dcc.Interval(id="runs-pulse", interval=3 * PULSE),
    ]


def _used(say: Translator, used: Usage) -> str:
    """Return a user's use of the studio and its limits."""
    runs = plural("You have {count} run", "You have {count:,} runs", used.runs)
    room = _("your runs and scenarios take {mb:,.0f} MB", mb=used.mb)
    most_runs = _("{what} (at most {most:,})", what=runs, most=used.most_runs) if used.most_runs else runs
    most_room = _("{what} (at most {most:,} MB)", what=room, most=used.most_mb) if used.most_mb else room
    return say(_("{runs}; {room}.", runs=most_runs, room=most_room))


def listed(say: Translator, rows: Sequence[Row], empty: str) -> Any:
    """Return runs as a table."""
    lines = [
        [
            page_components.link(named(say, row), f"/runs/{row['id']}"),
            page_components.badge(say, row["status"]),
            page_components.time_text(row["created"]),
            page_components.duration(say, row["ended"] - row["started"]) if row["ended"] and row["started"] else "",
            row["owner"],
        ]
        for row in rows
    ]
    return page_components.table(
        [say(_("Run")), say(_("Status")), say(_("Submitted")), say(_("Duration")), say(_("Submitted by"))], lines, empty
    )


def named(say: Translator, row: Row) -> str:
    """Return the name of a run, with its verb if that is not to plan."""
    return _doing(say, row, job_names.run_name(say, row))


def _of_version(say: Translator, row: Row) -> str:
    return _doing(say, row, f"{row['scenario']} · {say(_('version {number}', number=row['version']))}")


def _doing(say: Translator, row: Row, name: str) -> str:
    return name if row["verb"] == job_types.RUN.name else f"{name} · {say(labels.VERBS[row['verb']])}"


def one(now: Asking, services: Services, person: Person, query: dict[str, str], run_id: str) -> list[Any]:
    """Return the page of a run."""
    say = now.say
    row = services.run(person, run_id)
    title = named(say, row) if row["label"] else _of_version(say, row)
    of = [
        page_components.link(row["scenario"], f"/scenarios/{row['scenario_id']}"),
        " · ",
        page_components.time_text(row["created"]),
        " ",
    ]
    mark = [html.Span(run_id, id="of-run", hidden=True), html.Span(row["status"], id="run-status", hidden=True)]
    ended = row["status"] not in ("queued", "running")
    actions = [
        *([comments.jump(say, services, person, run_id)] if row["status"] == "done" else []),
        *(_deletion(say, row) if ended else []),
        *_actions(say, row),
    ]
    head = page_components.heading(title, *actions, kicker=[*of, page_components.badge(say, row["status"])])
    if row["status"] == "done":
        result = run_result.result(now, services, person, row)
        return [head, *mark, *result, comments.section(say, services, person, run_id)]
    return [
        head,
        *mark,
        html.Div(id="run-act-said", role="alert"),
        html.Div(state(now, services, person, row), id="run-state"),
        comments.section(say, services, person, run_id),
        *([] if ended else [dcc.Interval(id="run-pulse", interval=PULSE)]),
    ]


def _deletion(say: Translator, row: Row) -> list[Any]:
    """Return the form to delete a run that has ended; empty for a user who may not."""
    if not row["may_change"]:
        return []
    form = [
        dmc.Checkbox(id="run-delete-sure", label=say(_("Confirm deletion for good"))),
        page_components.button(say(_("Delete run")), "run-delete", className="danger"),
    ]
    said = [] if row["status"] != "done" else [html.Div(id="run-act-said", role="alert")]
    return [html.Details([html.Summary(say(_("Delete"))), html.Div(form, className="line"), *said])]


def _actions(say: Translator, row: Row) -> list[Any]:
    if not row["may_change"]:
        return []
    if row["status"] in ("queued", "running"):
        return [page_components.button(say(_("Cancel")), "run-cancel")]
    if row["status"] in ("failed", "cancelled"):
        return [page_components.button(say(_("Run again")), "run-again", main=True)]
    return []


def state(now: Asking, services: Services, person: Person, row: Row) -> list[Any]:
    """Return the state of an unfinished run.

    row: read once for the whole page, as the queue changes runs at any moment.
    """
    say = now.say
    found = services.progress(person, row)
    if row["status"] == "queued":
        text = (
            say(plural("Queued: {count} run before this one.", "Queued: {count} runs before this one.", row["ahead"]))
            if row["ahead"]
            else say(_("Queued: this run is next."))
        )
        return [
            html.P(text, className="lead"),
            html.P(_starting(say, row, found["starts"]), className="soft", id="run-starts"),
            *([page_components.note(say(row["reason"]), "yellow")] if row["reason"] else []),
        ]
    if row["status"] == "failed":
        answer = services.failure(person, row["id"]) or {}
        reason = answer.get("message_zh") if say.language == "zh" else None
        return [page_components.note(reason or say(row["reason"]), title=say(_("Run failed")))]
    if row["status"] == "cancelled":
        return [html.P(say(_("This run was cancelled.")), className="lead")]
    last = found["last"] or {"stage": "starting", "text": "", "fraction": None}
    took = page_components.duration(say, time.time() - row["started"])
    bar = (
        dmc.Progress(
            value=100 * (last["fraction"] or 0), animated=True, **{"aria-label": say(_("Progress of this stage"))}
        )
        if last["fraction"] is not None
        else None
    )
    return [
        html.P(
            [html.Strong(say(labels.STAGES.get(last["stage"], last["stage"]))), " ", say(bilingual.said(last, "text"))],
            className="now",
        ),
        *([bar] if bar else []),
        html.P([say(_("for {took}", took=took)), *_expected(say, found["expected"])], className="soft"),
        _stages(say, found["stages"], last["stage"], _known(row)),
        *([html.H2(say(_("Optimality gap"))), gap_chart.gap(now, found["gaps"])] if len(found["gaps"]) > 1 else []),
    ]


def _starting(say: Translator, row: Row, start: dict[str, float]) -> str:
    """Return how long a queued run has waited, and when it should start."""
    waited = say(_("waiting for {took}", took=page_components.duration(say, time.time() - row["created"])))
    left = start["at"] - time.time()
    if start["unknown"] and left < 1.0:
        found = say(_("no estimate of the start: there is no earlier run like those before it"))
    elif start["unknown"]:
        found = say(_("starts in more than {left}: not all runs before it have an earlier run like them",
                      left=page_components.duration(say, left)))  # fmt: skip
    else:
        found = say(_("starts in about {left}", left=page_components.duration(say, max(0.0, left))))
    return f"{waited} · {found}"


def _expected(say: Translator, ends: dict[str, float] | None) -> list[Any]:
    """Return the estimated end of a run and the earlier run that it comes from; empty without an estimate."""
    if ends is None:
        return []
    took = page_components.duration(say, ends["took"])
    earlier = page_components.link(say(_("an earlier run took {took}", took=took)), f"/runs/{ends['by']}")
    left = page_components.duration(say, max(0.0, ends["at"] - time.time()))
    return [
        " · ",
        say(_("about {left} left", left=left)),
        " · ",
        say(_("expected to end")),
        " ",
        page_components.time_text(ends["at"]),
        " (",
        earlier,
        ")",
    ]


def _known(row: Row) -> Sequence[str]:
    """Return the stages that a run will go through, as far as known in advance."""
    if row["verb"] != job_types.RUN.name:
        return ()
    quick = json.loads(row["options"]).get("quick", False)
    return [stage for stage in STAGES if not (quick and stage in LEFT_OUT)]


def _stages(say: Translator, begun: Sequence[dict[str, Any]], at: str, known: Sequence[str]) -> Any:
    """Return the stages of a run: finished ones with their time, the current one, and those to come."""
    started = {stage["stage"]: stage["at"] for stage in begun}
    ends = dict(zip(started, [*started.values()][1:], strict=False))
    items = []
    for name in known or started:
        if name in started or name not in MAYBE:
            kind = "at" if name == at else "done" if name in started else "ahead"
            took = (
                f" · {page_components.duration(say, ends[name] - started[name])}"
                if kind == "done" and name in ends
                else ""
            )
            items.append(
                html.Li([say(labels.STAGES.get(name, name)), html.Span(took, className="soft")], className=kind)
            )
    return html.Ol(items, className="stages")


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the run page and its refreshes."""
    _wire_fresh(pages, services)
    _wire_ends(pages, services)
    _wire_next(pages, services)
    _wire_recheck(pages, services)
    comments.wire(pages, services)


def _wire_fresh(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("runs-list", "children"),
        Input("runs-pulse", "n_intervals"),
        prevent_initial_call=True,
        running=one_at_a_time("runs-pulse"),
    )
    async def fresh(_pulse: int) -> Any:
        rows, refused = await act(lambda _, person: services.runs(person))
        say = request_context.NOW.get().say
        return page_components.note(refused) if refused else listed(say, rows, say(_("No runs yet.")))

    @navigating(
        pages,
        Output("run-state", "children"),
        Input("run-pulse", "n_intervals"),
        State("of-run", "children"),
        State("run-status", "children"),
        prevent_initial_call=True,
        running=one_at_a_time("run-pulse"),
    )
    async def look(_: int, run_id: str, before: str) -> tuple[Any, Any]:
        def seen(now: Asking, person: Person) -> tuple[Any, Any]:
            row = services.run(person, run_id)
            if row["status"] == before:
                return NOTHING, state(now, services, person, row)
            return f"/runs/{run_id}?now={row['status']}", NOTHING

        found, refused = await act(seen)
        return (NOTHING, page_components.note(refused)) if refused else found


def _wire_ends(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("run-act-said", "children"),
        Input("run-cancel", "n_clicks"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def cancel(clicks: int, run_id: str) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.cancel(person, run_id))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{run_id}?now=cancelled", "")

    @navigating(
        pages,
        Output("run-act-said", "children", allow_duplicate=True),
        Input("run-again", "n_clicks"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def again(clicks: int, run_id: str) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.again(person, run_id))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{run_id}?now=queued", "")


def _wire_recheck(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("run-rechecked", "children"),
        Input("run-recheck", "n_clicks"),
        State("of-run", "children"),
        prevent_initial_call=True,
        running=[(Output("run-recheck", "loading"), True, False)],
    )
    async def recheck(clicks: int, run_id: str) -> Any:
        require_click(clicks)
        found, refused = await act(lambda _, person: services.recheck(person, run_id))
        say = request_context.NOW.get().say
        if refused:
            return page_components.note(refused)
        holds, findings = found
        text = say(_("Checked again: all files and values hold.")) if holds else "; ".join(findings)
        return html.Span(text, className="good" if holds else "level error")


def _wire_next(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("then-said", "children"),
        Input({"then": ALL}, "n_clicks"),
        State({"option-of": ALL, "name": ALL}, "id"),
        State({"option-of": ALL, "name": ALL}, "value"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def then(clicks: list[int], ids: list[dict[str, str]], values: list[Any], run_id: str) -> tuple[Any, Any]:
        require_click(*clicks)
        name = str((ctx.triggered_id or {}).get("then", ""))
        chosen = option_form.given(name, ids, values)
        made, refused = await act(lambda _, person: services.follow(person, run_id, {name: chosen}))
        return (NOTHING, page_components.note(refused)) if refused else (f"/runs/{made[0]}", "")

    @navigating(
        pages,
        Input("beside", "value"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def beside(other: str | None, run_id: str) -> Any:
        require_click(1 if other and ctx.triggered_id else 0)
        return compare.address([str(other), run_id])


ROUTES = {r"/runs": page, rf"/runs/{ID}": one}
