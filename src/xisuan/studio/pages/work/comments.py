"""Comments on a run: what people who can see it say about it."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, require_click
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _


def section(say: Translator, services: Services, person: Person, run_id: str) -> Any:
    """Return the comments on a run, with the form for another one."""
    field = dmc.Textarea(id="comment-text", label=say(_("Comment")), autosize=True, minRows=2)
    return html.Section(
        [
            html.H2(say(_("Comments"))),
            html.Div(listed(say, services, person, run_id), id="comments"),
            html.Div([field, page_components.button(say(_("Add comment")), "comment-add")], className="form"),
            html.Div(id="comment-said", role="alert"),
        ]
    )


def jump(say: Translator, services: Services, person: Person, run_id: str) -> Any:
    """Return the link from the head of a run to its comments, which stand below the report."""
    return html.A(say(_("Comments ({count})", count=len(services.comments(person, run_id)))), href="#comments")


def listed(say: Translator, services: Services, person: Person, run_id: str) -> list[Any]:
    """Return the comments, oldest first, each with a button to delete it for a user who may."""
    found = services.comments(person, run_id)
    if not found:
        return [html.P(say(_("No comments yet.")), className="soft")]
    return [
        html.Div(
            [
                html.P([html.Strong(one["author"]), f" · {page_components.time_text(one['at'])} ", *_delete(say, one)]),
                html.P(one["text"], className="said-by"),
            ]
        )
        for one in found
    ]


def _delete(say: Translator, one: dict[str, Any]) -> list[Any]:
    if not one["may_delete"]:
        return []
    return [page_components.button(say(_("Delete")), {"comment-delete": one["id"]}, size="compact-sm")]


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the comments."""

    @pages.callback(
        Output("comments", "children"),
        Output("comment-text", "value"),
        Output("comment-said", "children"),
        Input("comment-add", "n_clicks"),
        Input({"comment-delete": ALL}, "n_clicks"),
        State("comment-text", "value"),
        State("of-run", "children"),
        prevent_initial_call=True,
    )
    async def change(clicks: int, deletes: list[int], text: str | None, run_id: str) -> tuple[Any, Any, Any]:
        chosen = ctx.triggered_id
        require_click(*(deletes if isinstance(chosen, dict) else [clicks]))

        def done(now: Asking, person: Person) -> list[Any]:
            if isinstance(chosen, dict):
                services.delete_comment(person, run_id, str(chosen["comment-delete"]))
            else:
                services.comment(person, run_id, text or "")
            return listed(now.say, services, person, run_id)

        found, refused = await act(done)
        if refused:
            return NOTHING, NOTHING, page_components.note(refused)
        return found, NOTHING if isinstance(chosen, dict) else "", ""
