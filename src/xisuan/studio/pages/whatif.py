"""What if: a lever, how far it moves, a run for each step, and what became of them."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html

from xisuan.studio import levers
from xisuan.studio.asking import Asking
from xisuan.studio.desk import Desk
from xisuan.studio.pages import charts, parts
from xisuan.studio.pages.acting import NOTHING, act, clicked
from xisuan.studio.pages.scenario import ID, head
from xisuan.studio.people import Person
from xisuan.studio.store import Row
from xisuan.studio.words import Say

MARKS = (-50, -25, 0, 25, 50, 75, 100)


def page(now: Asking, desk: Desk, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """The question, and the answers so far."""
    say = now.say
    row = desk.scenario(person, scenario_id)
    ask = _question(say, desk.levers(person, scenario_id)) if person.plans and not row["errors"] else ""
    return [
        head(say, row, "whatif"),
        html.Section(
            [
                html.H2(say("whatif.title")),
                html.P(say("whatif.lead"), className="lead"),
                ask,
                html.Div(id="ask-said", role="alert"),
            ]
        ),
        html.Div(answers(now, desk, person, scenario_id), id="answers"),
        dcc.Store(id="answers-seen", data=_states(desk, person, scenario_id)),
        dcc.Interval(id="answers-pulse", interval=3000),
    ]


def _question(say: Say, known: list[str]) -> Any:
    if not known:
        return html.P(say("whatif.none"), className="soft")
    data = [{"value": name, "label": say.known("lever", name)} for name in known]
    marks = [{"value": step, "label": parts.percent(step)} for step in MARKS]
    return html.Div(
        [
            dmc.Select(id="ask-lever", label=say("whatif.lever"), data=data, value=known[0], allowDeselect=False),
            html.Div(
                [
                    html.Label(say("whatif.range"), id="ask-range-label"),
                    dmc.RangeSlider(
                        id="ask-range",
                        min=-50,
                        max=100,
                        step=5,
                        value=[-20, 20],
                        minRange=5,
                        marks=marks,
                        labelAlwaysOn=False,
                        thumbFromLabel=say("whatif.from"),
                        thumbToLabel=say("whatif.to"),
                    ),
                ],
                className="slider",
            ),
            dmc.Select(
                id="ask-count",
                label=say("whatif.count"),
                data=[{"value": str(n), "label": str(n)} for n in (2, 3, 5, 7, 9)],
                value="3",
                allowDeselect=False,
            ),
            parts.button(say("whatif.ask"), "ask-now", main=True),
        ],
        className="form",
    )


def answers(now: Asking, desk: Desk, person: Person, scenario_id: str) -> list[Any]:
    """The sweeps of a scenario, latest first."""
    say = now.say
    groups: dict[str, list[Row]] = {}
    for run in desk.runs(person, scenario_id):
        if run["sweep"]:
            groups.setdefault(run["sweep"], []).append(run)
    return [html.Section(_answer(now, desk, person, rows)) for rows in groups.values()] or [
        html.P(say("whatif.empty"), className="soft")
    ]


def _states(desk: Desk, person: Person, scenario_id: str) -> list[str]:
    """The status of every run that a question made: while none changes, what is shown stays as it is."""
    return [f"{run['id']} {run['status']}" for run in desk.runs(person, scenario_id) if run["sweep"]]


def _answer(now: Asking, desk: Desk, person: Person, rows: list[Row]) -> list[Any]:
    say = now.say
    steps = sorted(((levers.asked(row["label"])[1], row) for row in rows), key=lambda pair: pair[0])
    lever = levers.asked(rows[0]["label"])[0]
    points: list[tuple[float, float]] = []
    lines = []
    for step, row in steps:
        found = desk.cost(person, row["id"]) if row["status"] == "done" else None
        if found is not None:
            points.append((step, found[0]))
        lines.append(
            [
                parts.percent(step),
                parts.link(parts.badge(say, row["status"]), f"/runs/{row['id']}"),
                found[1][now.language] if found else "",
            ]
        )
    version = say("scenarios.version", number=rows[0]["version"])
    title = html.H3(f"{say.known('lever', lever)} · {version} · {parts.when(rows[0]['created'])}")
    chart = [charts.cost(now, points, lever)] if len(points) > 1 else []
    return [title, *chart, parts.table([say("whatif.step"), say("runs.status"), say("whatif.cost")], lines)]


def wire(pages: dash.Dash, desk: Desk) -> None:
    """What can be asked, and what is kept fresh."""

    @pages.callback(
        Output("answers", "children", allow_duplicate=True),
        Output("ask-said", "children"),
        Input("ask-now", "n_clicks"),
        State("ask-lever", "value"),
        State("ask-range", "value"),
        State("ask-count", "value"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
        running=[(Output("ask-now", "loading"), True, False)],
    )
    async def ask(clicks: int, lever: str, span: list[float], count: str, scenario_id: str) -> tuple[Any, Any]:
        clicked(clicks)

        def submit(now: Asking, person: Person) -> Any:
            desk.sweep_between(person, scenario_id, lever, span[0], span[1], int(count))
            return answers(now, desk, person, scenario_id)

        found, refused = await act(submit)
        return (NOTHING, parts.note(refused)) if refused else (found, "")

    @pages.callback(
        Output("answers", "children"),
        Output("answers-seen", "data"),
        Input("answers-pulse", "n_intervals"),
        State("answers-seen", "data"),
        State("of-scenario", "children"),
        prevent_initial_call=True,
    )
    async def fresh(_: int, before: list[str], scenario_id: str) -> tuple[Any, Any]:
        def seen(now: Asking, person: Person) -> tuple[Any, Any]:
            states = _states(desk, person, scenario_id)
            return (NOTHING, NOTHING) if states == before else (answers(now, desk, person, scenario_id), states)

        found, refused = await act(seen)
        return (parts.note(refused), NOTHING) if refused else found


ROUTES = {rf"/scenarios/{ID}/whatif": page}
