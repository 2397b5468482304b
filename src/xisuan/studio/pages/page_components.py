"""Small components that pages share: headings, badges, buttons, notes, dates."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from xisuan.errors import Problem
from xisuan.report.document.entity_names import wide
from xisuan.scenario.schema.column_types import Column
from xisuan.studio.auth import Person
from xisuan.studio.storage.repository import Row
from xisuan.studio.words import Say

Piece = Any
"""A component of the pages' framework; its classes are made at run time and have no types."""

MOST_PROBLEMS = 100
BIND = {"variant": "default", "radius": "md"}


def heading(title: str, *right: Piece, kicker: Piece = None) -> Piece:
    """Return the head of a page: its title, the line above it, and its buttons."""
    over = [html.P(kicker, className="kicker")] if kicker is not None else []
    return html.Div([html.Div([*over, html.H1(title)]), html.Div(list(right), className="actions")], className="head")


def badge(say: Say, status: str) -> Piece:
    """Return the status of a run as a badge."""
    return html.Span(say.known("status", status), className=f"badge {status}")


def checked(say: Say, errors: int, warnings: int) -> Piece:
    """Return the result of a check as a badge."""
    if errors:
        return html.Span(say("check.errors", count=errors), className="badge failed")
    text = say("check.warnings", count=warnings) if warnings else say("check.fine")
    return html.Span(text, className="badge noted" if warnings else "badge done")


def link(text: Piece, href: str, **more: Any) -> Piece:
    """Return a link to another page of the studio."""
    return dcc.Link(text, href=href, **more)


def button(text: str, name: str | dict[str, Any], main: bool = False, **more: Any) -> Piece:
    """Return a button with an id."""
    look = {"color": "ink", "radius": "md"} if main else BIND
    return dmc.Button(text, id=name, n_clicks=0, **(look | more))


def download(text: str, href: str, name: str = "") -> Piece:
    """Return a download link, with the file name of the response or another one."""
    return html.A(text, href=href, className="file", download=name)


def framed(say: Say, src: str, title: str) -> Piece:
    """Return a report page in a frame, with a message while it is being drawn."""
    frame = html.Iframe(src=src, title=title, className="report")
    return html.Div([html.P(say("runs.drawing"), className="soft"), frame], className="framed")


def note(text: Piece, tone: str = "red", title: str = "") -> Piece:
    """Return an important message."""
    return dmc.Alert(text, title=title or None, color=tone, variant="light", radius="md", className="note")


def unsaved(text: Piece) -> Piece:
    """Return a note why edits were not saved. The edits stay, and the browser asks before the page is left."""
    return html.Div(note(text), className="unsaved")


def when(at: float | None) -> str:
    """Return a time in the server's time zone."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at)) if at else ""


def lasted(say: Say, seconds: float) -> str:
    """Return a duration in words."""
    whole = int(seconds)
    return (
        say("time.minutes", minutes=whole // 60, seconds=whole % 60)
        if whole >= 60
        else say("time.seconds", seconds=whole)
    )


def table(head: Sequence[Piece], rows: Sequence[Sequence[Piece]], empty: str = "") -> Piece:
    """Return a plain table that scrolls on narrow screens."""
    if not rows:
        return html.P(empty, className="soft")
    body = html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows])
    top = html.Thead(html.Tr([html.Th(cell, scope="col") if cell else html.Td() for cell in head]))
    return html.Div(html.Table([top, body], className="plain"), className="scroll", tabIndex=0)


def problems(say: Say, found: Sequence[Problem]) -> Piece:
    """Return the findings of a check, errors first, in the words of `check`."""
    if not found:
        return html.P(say("check.nothing"), className="good", role="status")
    lines = [
        html.Li([html.Span(say(f"check.{one.level}"), className=f"level {one.level}"), f" {say.problem(one)}"])
        for one in list(found)[:MOST_PROBLEMS]
    ]
    more = len(found) - len(lines)
    rest = [html.Li(say("check.more", count=more))] if more > 0 else []
    return html.Ul([*lines, *rest], className="problems", role="status")


def saved(say: Say, row: Row, query: Mapping[str, str]) -> list[Piece]:
    """Return the message that edits were saved, with errors that prevent a run; empty without a new version."""
    if query.get("saved") != str(row["version"]):
        return []
    if row["errors"]:
        return [note(say("tables.saved_wrong", number=row["version"], count=row["errors"]), "yellow")]
    return [html.P(say("tables.saved", number=row["version"]), className="good", role="status")]


def headed(say: Say, column: Column | None, name: str) -> str:
    """Return the heading of a column, with its unit."""
    unit = say.schema(column.unit) if column and column.unit else ""
    return say.known("column", name) + (say("tables.unit", unit=unit) if unit else "")


def looking(say: Say, person: Person) -> str:
    """Return the reason why the user cannot edit here."""
    return say("tables.looking") if person.plans else say("tables.role")


def called(say: Say, row: Row) -> str:
    """Return a scenario's title in the user's language, or its name."""
    title = wide(row["title_zh"]) if say.language == "zh" else row["title"]
    return str(title or row["title"] or row["title_zh"] or row["name"])
