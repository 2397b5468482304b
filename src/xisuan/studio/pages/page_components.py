"""Small components that pages share: headings, badges, buttons, notes, dates."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import Output, dcc, html

from xisuan.errors import Problem
from xisuan.report.document.entity_names import wide
from xisuan.scenario.schema import tables
from xisuan.studio import labels, scenario_texts
from xisuan.studio.auth import Person
from xisuan.studio.editing import range_mends
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator, plural
from xisuan.text.translation import message as _

Piece = Any
"""A component of the pages' framework; its classes are made at run time and have no types."""

MOST_PROBLEMS = 100
BIND = {"variant": "default", "radius": "md"}


def heading(title: str, *right: Piece, kicker: Piece = None) -> Piece:
    """Return the head of a page: its title, the line above it, and its buttons."""
    over = [html.P(kicker, className="kicker")] if kicker is not None else []
    return html.Div([html.Div([*over, html.H1(title)]), html.Div(list(right), className="actions")], className="head")


def badge(say: Translator, status: str) -> Piece:
    """Return the status of a run as a badge."""
    return html.Span(say(labels.STATUSES[status]), className=f"badge {status}")


def check_badge(say: Translator, errors: int, warnings: int) -> Piece:
    """Return the result of a check as a badge."""
    if errors:
        return html.Span(say(plural("{count} error", "{count} errors", errors)), className="badge failed")
    text = say(plural("{count} warning", "{count} warnings", warnings)) if warnings else say(_("no problems"))
    return html.Span(text, className="badge noted" if warnings else "badge done")


def link(text: Piece, href: str, **more: Any) -> Piece:
    """Return a link to another page of the studio."""
    return dcc.Link(text, href=href, **more)


def button(text: str, name: str | dict[str, Any], main: bool = False, **more: Any) -> Piece:
    """Return a button with an id."""
    look = {"color": "ink", "radius": "md"} if main else BIND
    return dmc.Button(text, id=name, n_clicks=0, **(look | more))


def day_field(name: str | dict[str, str], label: str, **more: Any) -> Piece:
    """Return a field for a day, as browsers show it; its value is YYYY-MM-DD."""
    return dmc.TextInput(id=name, label=label, attributes={"input": {"type": "date"}}, **more)


def download(text: str, href: str, name: str = "") -> Piece:
    """Return a download link, with the file name of the response or another one."""
    return html.A(text, href=href, className="file", download=name)


def report_frame(say: Translator, src: str, title: str, whole: bool = True) -> Piece:
    """Return a report page in a frame, with a message while it is being drawn; `whole`: as high as its content."""
    frame = html.Iframe(src=src, title=title, className="report whole" if whole else "report")
    return html.Div([html.P(say(_("Preparing the page …")), className="soft"), frame], className="framed")


def note(text: Piece, tone: str = "red", title: str = "") -> Piece:
    """Return an important message."""
    return dmc.Alert(text, title=title or None, color=tone, variant="light", radius="md", className="note")


def unsaved_note(text: Piece) -> Piece:
    """Return a note why edits were not saved. The edits stay, and the browser asks before the page is left."""
    return html.Div(note(text), className="unsaved")


def time_text(at: float | None) -> str:
    """Return a time in the server's time zone."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at)) if at else ""


def duration(say: Translator, seconds: float) -> str:
    """Return a duration in words."""
    whole = int(seconds)
    return (
        say(_("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60))
        if whole >= 60
        else say(_("{seconds} s", seconds=whole))
    )


def table(head: Sequence[Piece], rows: Sequence[Sequence[Piece]], empty: str = "") -> Piece:
    """Return a plain table that scrolls on narrow screens."""
    if not rows:
        return html.P(empty, className="soft")
    body = html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows])
    top = html.Thead(html.Tr([html.Th(cell, scope="col") if cell else html.Td() for cell in head]))
    return html.Div(html.Table([top, body], className="plain"), className="scroll", tabIndex=0)


def problems(
    say: Translator,
    found: Sequence[Problem],
    scenario_id: str,
    mend: Callable[[Problem], list[Piece]] = lambda _problem: [],
) -> Piece:
    """Return the findings of a check, errors first, in the words of `check`, each with a link to its cell.

    `mend`: returns the buttons that mend a problem, if any.
    """
    if not found:
        return html.P(say(_("No problems found.")), className="good", role="status")
    lines = [
        html.Li(
            [
                html.Span(say(_("error") if one.level == "error" else _("warning")), className=f"level {one.level}"),
                f" {scenario_texts.line(say, one)}",
                *_cell(say, one, scenario_id),
                *mend(one),
            ]
        )
        for one in list(found)[:MOST_PROBLEMS]
    ]
    more = len(found) - len(lines)
    rest = [html.Li(say(_("and {count} more", count=more)))] if more > 0 else []
    return html.Div(html.Ul([*lines, *rest], className="problems"), role="status")


def widening(say: Translator, problem: Problem, kind: str) -> list[Piece]:
    """Return the button that mends a range without its value; empty for any other problem."""
    mend = range_mends.mend(problem)
    if mend is None:
        return []
    line, end, value = mend
    text = say(_("Widen the range to {value}", value=f"{value:.15g}"))
    return [" ", button(text, {kind: line, "end": end, "value": repr(value)}, size="compact-sm")]


def _cell(say: Translator, one: Problem, scenario_id: str) -> list[Piece]:
    """Return a link to the cell that a problem names; empty if it is in no table."""
    name = one.table.removesuffix(".csv")
    if name not in tables.BY_NAME:
        return []
    found = (("row", scenario_texts.line_number(one)), ("column", one.column))
    query = {key: value for key, value in found if value}
    where = f"/scenarios/{scenario_id}/tables/{name}" + (f"?{urlencode(query)}" if query else "")
    return [" ", link(say(_("Go to the cell")), where, className="soft")]


def saved_message(say: Translator, row: Row, query: Mapping[str, str]) -> list[Piece]:
    """Return the message that edits were saved, with errors that prevent a run; empty without a new version."""
    if query.get("saved") != str(row["version"]):
        return []
    if row["errors"]:
        return [
            note(
                say(
                    plural(
                        "Saved as version {number}. It has {count} error; correct it before you run it.",
                        "Saved as version {number}. It has {count} errors; correct them before you run it.",
                        row["errors"],
                        number=row["version"],
                    )
                ),
                "yellow",
            )
        ]
    return [html.P(say(_("Saved as version {number}.", number=row["version"])), className="good", role="status")]


def read_only_reason(say: Translator, person: Person) -> str:
    """Return the reason why the user cannot edit here."""
    return (
        say(_("This scenario is shared with you for viewing. Copy it to edit it."))
        if person.plans
        else say(_("Your role can view scenarios but not edit them."))
    )


def scenario_title(say: Translator, row: Row) -> str:
    """Return a scenario's title in the user's language, or its name."""
    title = wide(row["title_zh"]) if say.language == "zh" else row["title"]
    return str(title or row["title"] or row["title_zh"] or row["name"])


def file_drop(say: Translator, box_id: str, largest: int) -> list[Any]:
    """Return the box and the hidden message that studio.js shows for a file of more than `largest` bytes."""
    most = largest // 2**20
    return [
        dcc.Upload(
            html.Div(say(_("Drop a file here, or click to choose one (at most {most} MB)", most=most))),
            id=box_id,
            className="upload",
            max_size=largest,
        ),
        html.P(say(_("Reading the file …")), id=f"{box_id}-busy", className="soft", role="status", hidden=True),
        html.Div(
            html.P(say(_("The file has more than {most} MB and was not read. Choose a smaller file.", most=most))),
            id=f"{box_id}-refused",
            className="upload-refused",
            role="alert",
            hidden=True,
            **{"data-largest": str(largest)},
        ),
    ]


def reading(box_id: str) -> list[tuple[Any, bool, bool]]:
    """Return the setting `running` of a callback that reads the file of a box: it says so meanwhile."""
    return [(Output(f"{box_id}-busy", "hidden"), False, True)]
