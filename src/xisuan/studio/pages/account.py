"""Who you are, the programs that act for you; for administrators the accounts and the audit log."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.studio import people
from xisuan.studio.asking import Asking
from xisuan.studio.desk import Desk
from xisuan.studio.pages import parts
from xisuan.studio.pages.acting import NOTHING, act, clicked
from xisuan.studio.people import Person
from xisuan.studio.words import Say

SHOWN = 100
"""Lines of the audit log."""


def page(now: Asking, desk: Desk, person: Person, query: dict[str, str]) -> list[Any]:
    """Everything about accounts that this person may see."""
    say = now.say
    out = [
        parts.heading(
            say("account.title"),
            *(
                []
                if desk.configuration.local
                else [html.Button(say("account.leave"), id="leave", className="plain-button")]
            ),
            kicker=[person.name, " · ", say(f"role.{person.role}")],
        ),
        html.Div(id="account-said", role="alert"),
        _tokens(say, desk, person),
    ]
    if person.administers and not desk.configuration.local:
        out.append(_accounts(say, desk, person))
    if person.administers:
        lines = [
            [parts.when(row["at"]), row["user"], row["action"], row["what"], row["address"]]
            for row in desk.store.audit(SHOWN)
        ]
        heads = [say(f"account.{name}") for name in ("when", "who", "action", "what", "address")]
        out.append(html.Section([html.H2(say("account.audit")), parts.table(heads, lines)]))
    return out


def _tokens(say: Say, desk: Desk, person: Person) -> Any:
    rows = [
        [
            row["label"],
            parts.when(row["created"]),
            parts.when(row["expires"]),
            parts.button(say("account.take_back"), {"token": row["digest"]}, size="compact-sm"),
        ]
        for row in desk.store.tokens(person.id)
    ]
    add = html.Div(
        [
            dmc.TextInput(
                id="token-label", placeholder=say("account.token_label"), **{"aria-label": say("account.token_label")}
            ),
            parts.button(say("account.token_add"), "token-add"),
        ],
        className="line",
    )
    heads = [say("account.token_label"), say("account.when"), say("account.expires"), ""]
    return html.Section(
        [
            html.H2(say("account.tokens")),
            html.P(say("account.tokens_lead"), className="lead"),
            add,
            html.Div(id="token-new", role="status"),
            parts.table(heads, rows, say("account.no_tokens")),
        ]
    )


def _accounts(say: Say, desk: Desk, person: Person) -> Any:
    roles = [{"value": role, "label": say(f"role.{role}")} for role in people.ROLES]
    rows = []
    for row in desk.store.users():
        change = ""
        if row["id"] != person.id and row["password_set"]:
            text = say("account.shut") if row["active"] else say("account.let_in")
            change = parts.button(text, {"account": row["name"], "active": int(not row["active"])}, size="compact-sm")
        rows.append(
            [
                row["name"],
                say(f"role.{row['role']}"),
                say("account.active") if row["active"] else say("account.inactive"),
                change,
            ]
        )
    add = html.Div(
        [
            dmc.TextInput(id="user-name", label=say("enter.name")),
            dmc.PasswordInput(id="user-password", label=say("enter.password")),
            dmc.Select(id="user-role", label=say("account.role"), data=roles, value="planner", allowDeselect=False),
            parts.button(say("account.add"), "user-add", main=True),
        ],
        className="form",
    )
    return html.Section(
        [
            html.H2(say("account.accounts")),
            add,
            parts.table([say("enter.name"), say("account.role"), say("account.state"), ""], rows),
        ]
    )


def wire(pages: dash.Dash, desk: Desk) -> None:
    """What can be clicked."""

    @pages.callback(
        Output("token-new", "children"),
        Output("account-said", "children"),
        Input("token-add", "n_clicks"),
        State("token-label", "value"),
        prevent_initial_call=True,
    )
    async def add_token(clicks: int, label: str | None) -> tuple[Any, Any]:
        clicked(clicks)
        found, refused = await act(
            lambda now, person: (now.say("account.token_once"), desk.add_token(person, label or "program"))
        )
        return (
            ("", parts.note(refused)) if refused else ([html.P(found[0]), html.Code(found[1], className="secret")], "")
        )

    @pages.callback(
        Output("at", "href", allow_duplicate=True), Input({"token": ALL}, "n_clicks"), prevent_initial_call=True
    )
    async def take_back(clicks: list[int]) -> Any:
        clicked(*clicks)
        digest = str(ctx.triggered_id["token"])
        await act(lambda _, person: desk.store.end_token(person.id, digest))
        return f"/account?gone={digest[:8]}"

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("account-said", "children", allow_duplicate=True),
        Input("user-add", "n_clicks"),
        State("user-name", "value"),
        State("user-password", "value"),
        State("user-role", "value"),
        prevent_initial_call=True,
    )
    async def add_user(clicks: int, name: str | None, password: str | None, role: str) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.add_account(person, name or "", password or "", role))
        return (NOTHING, parts.note(refused)) if refused else (f"/account?new={name}", "")

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("account-said", "children", allow_duplicate=True),
        Input({"account": ALL, "active": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    async def change(clicks: list[int]) -> tuple[Any, Any]:
        clicked(*clicks)
        name, active = str(ctx.triggered_id["account"]), bool(ctx.triggered_id["active"])
        _, refused = await act(lambda _, person: desk.change_account(person, name, active=active))
        return (NOTHING, parts.note(refused)) if refused else (f"/account?{name}={int(active)}", "")


ROUTES = {r"/account": page}
