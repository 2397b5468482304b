"""Page of what-if questions: levers, their ranges, a run for each setting, and the combined result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, dcc, html

from xisuan.results.sweep import Range
from xisuan.studio import labels
from xisuan.studio.auth import Person
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.editing import what_if_runs
from xisuan.studio.editing.what_if_runs import LeverRange
from xisuan.studio.jobs import job_names
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, one_at_a_time, require_click
from xisuan.studio.pages.scenario_overview import ID, head
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator, plural
from xisuan.text.translation import message as _
from xisuan.workflow.sweep import Design

MARKS = (-50, 0, 50, 100)
"""Marks of a slider in percent; the first and the last are its ends."""
BEGIN = (-20, 20)
COUNTS = (2, 3, 5, 7, 9, 15, 25, 50, 99)
FEWEST = 2
"""Number of finished runs from which results are compared."""
ENDED = ("done", "failed", "cancelled")
SWEEP = r"(?P<sweep_id>[0-9a-f]{16})"


def page(now: Asking, services: Services, person: Person, query: dict[str, str], scenario_id: str) -> list[Any]:
    """Return the form for a question, and the list of earlier ones."""
    say = now.say
    row = services.scenario(person, scenario_id)
    lead = html.P(
        say(
            _(
                "Select the inputs to change and their ranges. Each combination is planned and "
                "checked as a run of its own."
            )
        ),
        className="lead",
    )
    ask = [lead, _form(say, services.levers(person, scenario_id))] if person.plans and not row["errors"] else []
    return [
        head(say, row, "whatif", person),
        html.Section([html.H2(say(_("What-if analysis"))), *ask]),
        html.Section(
            [html.H2(say(_("Earlier analyses"))), _asked(say, services.runs(person, scenario_id))],
        ),
    ]


def _form(say: Translator, known: list[LeverRange]) -> Any:
    if not known:
        return html.P(say(_("This scenario has no inputs that can be changed here.")), className="soft")
    designs = [
        {"value": "alone", "label": say(_("One input at a time"))},
        {"value": "grid", "label": say(_("All combinations"))},
        {"value": "latin", "label": say(_("Random sample (Latin hypercube)"))},
        {"value": "list", "label": say(_("A list of settings"))},
    ]
    counts = [{"value": str(n), "label": str(n)} for n in COUNTS]
    return html.Div(
        [
            html.Fieldset(
                [
                    html.Legend(say(_("Inputs and ranges"))),
                    *(_lever(say, one, at == 0) for at, one in enumerate(known)),
                ],
                className="levers",
            ),
            dmc.Select(id="ask-design", label=say(_("Combination")), data=designs, value="alone", allowDeselect=False),
            dmc.Select(
                id="ask-count",
                label=say(_("Steps per input, or runs of the sample")),
                data=counts,
                value="3",
                allowDeselect=False,
            ),
            html.Div(_list(say, known), id="ask-list-box", hidden=True),
            html.P(id="ask-effort", className="soft", role="status"),
            html.Div(id="ask-said", role="alert"),
            page_components.button(say(_("Start the runs")), "ask-now", main=True),
        ],
        className="form question",
    )


def _list(say: Translator, known: Sequence[LeverRange]) -> Any:
    """Return the field of a list of settings."""
    heads = "\t".join(say(labels.LEVERS.get(one.name, one.name)) for one in known[:2])
    return dmc.Textarea(
        id="ask-list",
        label=say(_("Settings: a line with the inputs, then a line of percent for each run, as copied from Excel")),
        placeholder=f"{heads}\n" + "\t".join(["-10", "20"][: len(known)]),
        autosize=True,
        minRows=4,
        debounce=500,
    )


def _headings(say: Translator, names: Sequence[str]) -> dict[str, str]:
    """Return the lever of each heading that a list may have: its label here, or its name."""
    return {say(labels.LEVERS.get(name, name)): name for name in names} | {name: name for name in names}


def _lever(say: Translator, one: LeverRange, on: bool) -> Any:
    """Return a lever with its range, which can be moved once it is ticked."""
    name, least, most = say(labels.LEVERS.get(one.name, one.name)), max(one.least, MARKS[0]), min(one.most, MARKS[-1])
    marks = [{"value": step, "label": job_names.percent(step)} for step in MARKS if least <= step <= most]
    slider = dmc.RangeSlider(
        id={"ask-range": one.name},
        min=least,
        max=most,
        step=5,
        value=[max(least, BEGIN[0]), min(most, BEGIN[1])],
        minRange=5,
        marks=marks,
        disabled=not on,
        thumbFromLabel=say(_("{lever}: from, percent", lever=name)),
        thumbToLabel=say(_("{lever}: to, percent", lever=name)),
    )
    tick = dmc.Checkbox(id={"ask-lever": one.name}, label=name, checked=on, radius="sm")
    return html.Div([tick, html.Output(id={"ask-span": one.name}), html.Div(slider, className="slider")])


def _asked(say: Translator, runs: Sequence[Row]) -> Any:
    """Return the questions of a scenario, latest first."""
    groups: dict[str, list[Row]] = {}
    for run in runs:
        if run["sweep"]:
            groups.setdefault(run["sweep"], []).append(run)
    lines = []
    for sweep, rows in groups.items():
        done = say(_("{done} of {count}", done=sum(row["status"] in ENDED for row in rows), count=len(rows)))
        version = say(_("version {number}", number=rows[0]["version"]))
        lines.append(
            [
                page_components.link(_called(say, rows), f"/sweeps/{sweep}"),
                done,
                version,
                page_components.time_text(rows[0]["created"]),
            ]
        )
    heads = [say(_("Analysis")), say(_("Finished")), say(_("Version")), say(_("Submitted"))]
    return page_components.table(heads, lines, say(_("No analyses yet.")))


def _called(say: Translator, rows: Sequence[Row]) -> str:
    """Return the name of a question: its levers with their ranges."""
    moves = [what_if_runs.asked(row["label"]) for row in rows]
    spans = []
    for lever in moves[0]:
        low, high = min(one[lever] for one in moves), max(one[lever] for one in moves)
        spans.append(f"{say(HEADINGS.get(lever, lever))} {job_names.percent(low)} … {job_names.percent(high)}")
    return say(_(", ")).join(spans)


def one(now: Asking, services: Services, person: Person, query: dict[str, str], sweep_id: str) -> list[Any]:
    """Return the page of a question: its runs and their combined result."""
    say, rows = now.say, services.question(person, sweep_id)
    row = services.scenario(person, rows[0]["scenario_id"])
    version = say(_("version {number}", number=rows[0]["version"]))
    return [
        head(say, row, "whatif", person),
        html.Span(sweep_id, id="of-sweep", hidden=True),
        html.Section(
            [
                html.H2(_called(say, rows)),
                html.P(f"{version} · {page_components.time_text(rows[0]['created'])}", className="soft"),
                html.Div(_state(now, rows), id="sweep-state"),
            ]
        ),
        html.Section(_drawn(now, sweep_id, rows), id="sweep-drawn"),
        dcc.Store(id="sweep-seen", data=_seen(rows)),
        *([dcc.Interval(id="sweep-pulse", interval=3000)] if not _over(rows) else []),
    ]


def _state(now: Asking, rows: Sequence[Row]) -> Any:
    """Return the progress of a question, with a list of its runs."""
    say = now.say
    lines = [
        [
            page_components.link(job_names.moved(say, what_if_runs.asked(row["label"])), f"/runs/{row['id']}"),
            page_components.badge(say, row["status"]),
            page_components.duration(say, row["ended"] - row["started"]) if row["ended"] and row["started"] else "",
        ]
        for row in rows
    ]
    done = say(_("{done} of {count}", done=sum(row["status"] in ENDED for row in rows), count=len(rows)))
    table = page_components.table([say(_("Inputs")), say(_("Status")), say(_("Duration"))], lines)
    title = say(_("Runs of this analysis: {done}", done=done))
    return html.Details([html.Summary(title), table], open=not _over(rows))


def _drawn(now: Asking, sweep_id: str, rows: Sequence[Row]) -> list[Any]:
    """Return the page of the sweep, once it has content."""
    say, here = now.say, f"/api/sweeps/{sweep_id}"
    if sum(row["status"] in ("done", "failed") for row in rows) < FEWEST:
        return [html.P(say(_("The chart appears when two runs have finished.")), className="soft")]
    seen = f"?lang={now.language}&theme={now.theme}&runs={'-'.join(_seen(rows)[:1])}"
    files = [
        page_components.download(
            say(_("Report (HTML)")), f"{here}/report?lang={now.language}", f"sweep.{now.language}.html"
        ),
        page_components.download(say(_("Table (CSV)")), f"{here}/table", "sweep.csv"),
    ]
    return [
        html.Div(files, className="files"),
        page_components.report_frame(say, f"{here}/report{seen}", say(_("Results of the runs"))),
    ]


def _seen(rows: Sequence[Row]) -> list[str]:
    """Return the number of finished runs and the status of each. The page is redrawn only when these change."""
    ended = sum(row["status"] in ENDED for row in rows)
    return [str(ended), *(f"{row['id']} {row['status']}" for row in rows)]


def _over(rows: Sequence[Row]) -> bool:
    return all(row["status"] in ENDED for row in rows)


def _design(
    say: Translator, names: Sequence[str], ticked: Sequence[bool], spans: Sequence[Sequence[float]], how: str,
    count: str, text: str,
) -> Design:  # fmt: skip
    """Return the design that the form describes. Raises RefusedError for a list that cannot be read."""
    if how == "list":
        return what_if_runs.listed(what_if_runs.read_list(text or "", _headings(say, names)))
    chosen = zip(names, ticked, spans, strict=True)
    ranges = tuple(Range(name, *map(float, span)) for name, tick, span in chosen if tick)
    if how == "alone":
        return what_if_runs.alone(ranges, int(count))
    return Design("latin" if how == "latin" else "grid", ranges, int(count))


FORM = (
    State({"ask-lever": ALL}, "id"),
    State({"ask-lever": ALL}, "checked"),
    State({"ask-range": ALL}, "value"),
    State("ask-design", "value"),
    State("ask-count", "value"),
    State("ask-list", "value"),
    State("of-scenario", "children"),
)


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the what-if page and its refreshes."""
    _wire_form(pages, services)
    _wire_ask(pages, services)
    _wire_fresh(pages, services)


def _wire_form(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output({"ask-range": ALL}, "disabled"),
        Output({"ask-span": ALL}, "children"),
        Output("ask-effort", "children"),
        Output("ask-list-box", "hidden"),
        Input({"ask-lever": ALL}, "checked"),
        Input({"ask-range": ALL}, "value"),
        Input("ask-design", "value"),
        Input("ask-count", "value"),
        Input("ask-list", "value"),
        *FORM[:1],
        *FORM[-1:],
    )
    async def effort(
        ticked: list[bool], spans: list[list[float]], how: str, count: str, text: str, ids: list[dict[str, str]],
        scenario_id: str,
    ) -> tuple[list[bool], list[str], str, bool]:  # fmt: skip
        shown = [f"{job_names.percent(low)} … {job_names.percent(high)}" for low, high in spans]
        names = [one["ask-lever"] for one in ids]

        def told(now: Asking, person: Person) -> str:
            if how == "list" and not text:
                return ""
            if how != "list" and not any(ticked):
                return now.say(_("Select at least one input."))
            runs, seconds = services.effort(
                person, scenario_id, _design(now.say, names, ticked, spans, how, count, text)
            )
            lasts = (
                [
                    now.say(
                        _(
                            "About {took}, judged by an earlier quick run.",
                            took=page_components.duration(now.say, seconds),
                        )
                    )
                ]
                if seconds is not None
                else []
            )
            return " ".join(
                [
                    now.say(
                        plural(
                            "{count} run, the unchanged scenario.",
                            "{count} runs, including the unchanged scenario.",
                            runs,
                        )
                    ),
                    *lasts,
                ]
            )

        said, refused = await act(told)
        return [not tick or how == "list" for tick in ticked], shown, refused or said, how != "list"


def _wire_ask(pages: dash.Dash, services: Services) -> None:
    @navigating(
        pages,
        Output("ask-said", "children"),
        Input("ask-now", "n_clicks"),
        *FORM,
        prevent_initial_call=True,
        running=[(Output("ask-now", "loading"), True, False)],
    )
    async def ask(
        clicks: int, ids: list[dict[str, str]], ticked: list[bool], spans: list[list[float]], how: str, count: str,
        text: str, scenario_id: str,
    ) -> tuple[Any, Any]:  # fmt: skip
        require_click(clicks)
        names = [one["ask-lever"] for one in ids]

        def start(now: Asking, person: Person) -> str:
            return services.sweep(person, scenario_id, _design(now.say, names, ticked, spans, how, count, text))

        made, refused = await act(start)
        return (NOTHING, page_components.note(refused)) if refused else (f"/sweeps/{made}", "")


def _wire_fresh(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("sweep-state", "children"),
        Output("sweep-drawn", "children"),
        Output("sweep-seen", "data"),
        Input("sweep-pulse", "n_intervals"),
        State("sweep-seen", "data"),
        State("of-sweep", "children"),
        prevent_initial_call=True,
        running=one_at_a_time("sweep-pulse"),
    )
    async def fresh(_: int, before: list[str], sweep_id: str) -> tuple[Any, Any, Any]:
        def seen(now: Asking, person: Person) -> tuple[Any, Any, Any]:
            rows = services.question(person, sweep_id)
            states = _seen(rows)
            if states == before:
                return NOTHING, NOTHING, NOTHING
            drawn = _drawn(now, sweep_id, rows) if states[0] != before[0] else NOTHING
            return _state(now, rows), drawn, states

        found, refused = await act(seen)
        return (page_components.note(refused), NOTHING, NOTHING) if refused else found


ROUTES = {rf"/scenarios/{ID}/whatif": page, rf"/sweeps/{SWEEP}": one}
