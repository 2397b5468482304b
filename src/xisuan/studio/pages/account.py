"""Account page: the user and their programs; for administrators also all accounts and the audit log."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, clicked
from xisuan.studio.services.all_services import Desk
from xisuan.studio.storage.repository import Row
from xisuan.studio.web import request_context
from xisuan.studio.web.request_context import Asking
from xisuan.studio.words import Say

SHOWN = 100
"""Lines of the audit log."""
SECRET, FRESH = {"autoComplete": "current-password"}, {"autoComplete": "new-password"}


def page(now: Asking, desk: Desk, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the account page, with the parts that the user may see."""
    say = now.say
    out = [
        page_components.heading(
            say("account.title"),
            *(
                []
                if desk.configuration.local
                else [html.Button(say("account.leave"), id="leave", className="plain-button")]
            ),
            kicker=[person.name, " · ", say(f"role.{person.role}")],
        ),
        html.Div(id="account-said", role="alert"),
        *([] if desk.is_confirmed(person) else [_confirm(say)]),
        _tokens(say, desk, person),
    ]
    if not desk.configuration.local:
        out += [_password(say), _sessions(say, desk, person)]
    if person.administers and not desk.configuration.local:
        out.append(_accounts(say, desk, person))
    if person.administers:
        out.append(_audit(say, desk))
    return out


def _audit(say: Say, desk: Desk) -> Any:
    lines = [
        [page_components.when(row["at"]), row["user"], say.known("audit", row["action"]), row["what"], row["address"]]
        for row in desk.store.audit(SHOWN)
    ]
    heads = [say(f"account.{name}") for name in ("when", "who", "action", "what", "address")]
    return html.Section([html.H2(say("account.audit")), page_components.table(heads, lines)])


def _confirm(say: Say) -> Any:
    """Return the form to confirm the password before tokens and accounts can be changed."""
    fields = [
        dmc.PasswordInput(id="confirm-present", label=say("account.present"), **SECRET),
        page_components.button(say("account.confirm"), "confirm-now", main=True),
    ]
    lead = html.P(say("account.confirm_lead"), className="lead")
    return html.Section([html.H2(say("account.confirm_title")), lead, html.Div(fields, className="form")])


def _sessions(say: Say, desk: Desk, person: Person) -> Any:
    """Return the list of browsers in which the user is signed in."""
    rows = [
        [
            page_components.when(row["created"]),
            page_components.when(row["seen"]),
            say("account.this_browser") if row["present"] else "",
        ]
        for row in desk.sessions(person)
    ]
    heads = [say("account.signed_in"), say("account.seen"), ""]
    end = page_components.button(say("account.end_sessions"), "sessions-end")
    return html.Section([html.H2(say("account.sessions")), page_components.table(heads, rows), end])


def _password(say: Say) -> Any:
    """Return the form to change one's own password."""
    fields = [
        dmc.PasswordInput(id="own-present", label=say("account.present"), **SECRET),
        dmc.PasswordInput(id="own-password", label=say("account.new_password"), **FRESH),
        page_components.button(say("account.change_password"), "own-change"),
    ]
    lead = html.P(say("account.password_lead"), className="lead")
    return html.Section([html.H2(say("account.own_password")), lead, html.Div(fields, className="form")])


def _tokens(say: Say, desk: Desk, person: Person) -> Any:
    rows = [
        [
            row["label"],
            say(f"scope.{row['scope']}"),
            page_components.when(row["created"]),
            page_components.when(row["expires"]),
            page_components.button(say("account.take_back"), {"token": row["digest"]}, size="compact-sm"),
        ]
        for row in desk.store.tokens(person.id)
    ]
    add = html.Div(
        [
            dmc.TextInput(
                id="token-label", placeholder=say("account.token_label"), **{"aria-label": say("account.token_label")}
            ),
            dmc.Select(
                id="token-scope",
                data=[{"value": scope, "label": say(f"scope.{scope}")} for scope in auth.SCOPES],
                value="read",
                allowDeselect=False,
                **{"aria-label": say("account.scope")},
            ),
            dmc.NumberInput(
                id="token-days",
                value=30,
                min=1,
                max=desk.limits.token_days,
                suffix=say("account.days"),
                **{"aria-label": say("account.expires")},
            ),
            page_components.button(say("account.token_add"), "token-add"),
        ],
        className="line",
    )
    heads = [say(f"account.{name}") for name in ("token_label", "scope", "when", "expires")] + [""]
    return html.Section(
        [
            html.H2(say("account.tokens")),
            html.P(say("account.tokens_lead"), className="lead"),
            add,
            html.Div(id="token-new", role="status"),
            page_components.table(heads, rows, say("account.no_tokens")),
        ]
    )


def _accounts(say: Say, desk: Desk, person: Person) -> Any:
    roles = [{"value": role, "label": say(f"role.{role}")} for role in auth.ROLES]
    rows = []
    people_here = [row for row in desk.store.users() if row["password_set"]]
    for row in people_here:
        role, change = say(f"role.{row['role']}"), ""
        if row["id"] != person.id:
            text = say("account.shut") if row["active"] else say("account.let_in")
            change = page_components.button(
                text, {"account": row["name"], "active": int(not row["active"])}, size="compact-sm"
            )
            named = {"aria-label": say("account.role_of", name=row["name"])}
            role = dmc.Select(id={"role-of": row["name"]}, data=roles, value=row["role"], allowDeselect=False, **named)
        state = say("account.active") if row["active"] else say("account.inactive")
        rows.append([row["name"], role, state, change])
    add = html.Div(
        [
            dmc.TextInput(id="user-name", label=say("enter.name")),
            dmc.PasswordInput(id="user-password", label=say("enter.password"), **FRESH),
            dmc.Select(id="user-role", label=say("account.role"), data=roles, value="planner", allowDeselect=False),
            page_components.button(say("account.add"), "user-add", main=True),
        ],
        className="form",
    )
    return html.Section(
        [
            html.H2(say("account.accounts")),
            page_components.table([say("enter.name"), say("account.role"), say("account.state"), ""], rows),
            html.Div(
                [html.Div([html.H3(say("account.add")), add]), _reset(say, people_here, person)], className="blocks"
            ),
        ]
    )


def _reset(say: Say, known: list[Row], person: Person) -> Any:
    """Return the form to set a new password for another user."""
    others = [row["name"] for row in known if row["id"] != person.id]
    if not others:
        return ""
    fields = [
        dmc.Select(id="reset-name", label=say("enter.name"), data=others, value=others[0], allowDeselect=False),
        dmc.PasswordInput(id="reset-password", label=say("account.new_password"), **FRESH),
        page_components.button(say("account.reset"), "reset-now"),
    ]
    return html.Div([html.H3(say("account.reset_title")), html.Div(fields, className="form")])


def wire(pages: dash.Dash, desk: Desk) -> None:
    """Register the callbacks of the account page."""
    _wire_tokens(pages, desk)
    _wire_own(pages, desk)
    _wire_others(pages, desk)


def _wire_tokens(pages: dash.Dash, desk: Desk) -> None:

    @pages.callback(
        Output("token-new", "children"),
        Output("account-said", "children"),
        Input("token-add", "n_clicks"),
        State("token-label", "value"),
        State("token-scope", "value"),
        State("token-days", "value"),
        prevent_initial_call=True,
    )
    async def add_token(clicks: int, label: str | None, scope: str, days: int | str | None) -> tuple[Any, Any]:
        clicked(clicks)
        lasts = days if isinstance(days, int) else None
        found, refused = await act(
            lambda now, person: (
                now.say("account.token_once"),
                desk.add_token(person, label or "program", scope, lasts),
            )
        )
        return (
            ("", page_components.note(refused))
            if refused
            else ([html.P(found[0]), html.Code(found[1], className="secret")], "")
        )

    @pages.callback(
        Output("at", "href", allow_duplicate=True), Input({"token": ALL}, "n_clicks"), prevent_initial_call=True
    )
    async def take_back(clicks: list[int]) -> Any:
        clicked(*clicks)
        digest = str(ctx.triggered_id["token"])
        await act(lambda _, person: desk.end_token(person, digest))
        return f"/account?gone={digest[:8]}"


def _wire_own(pages: dash.Dash, desk: Desk) -> None:

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("account-said", "children", allow_duplicate=True),
        Input("confirm-now", "n_clicks"),
        State("confirm-present", "value"),
        prevent_initial_call=True,
    )
    async def confirm(clicks: int, present: str | None) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.confirm(person, present or ""))
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?confirmed={clicks}", "")

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("account-said", "children", allow_duplicate=True),
        Input("sessions-end", "n_clicks"),
        prevent_initial_call=True,
    )
    async def end_sessions(clicks: int) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.end_sessions(person))
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?ended={clicks}", "")

    @pages.callback(
        Output("at", "href", allow_duplicate=True),
        Output("account-said", "children", allow_duplicate=True),
        Input("own-change", "n_clicks"),
        State("own-present", "value"),
        State("own-password", "value"),
        prevent_initial_call=True,
    )
    async def change_own(clicks: int, present: str | None, password: str | None) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.change_password(person, present or "", password or ""))
        return (
            (NOTHING, page_components.note(refused)) if refused else (NOTHING, page_components.note(_again(), "green"))
        )


def _again() -> Any:
    """Return the message and link to sign in again after all sessions have ended."""
    say = request_context.NOW.get().say
    return [say("account.changed"), " ", html.A(say("enter.go"), href="/login?to=/account")]


def _wire_others(pages: dash.Dash, desk: Desk) -> None:

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
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?new={name}", "")

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
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?{name}={int(active)}", "")

    @pages.callback(
        Output("account-said", "children", allow_duplicate=True),
        Input({"role-of": ALL}, "value"),
        prevent_initial_call=True,
    )
    async def change_role(_: list[str]) -> Any:
        name, role = str((ctx.triggered_id or {}).get("role-of", "")), str(ctx.triggered[0]["value"])

        def change(now: Asking, person: Person) -> str:
            row = desk.store.user(name)
            if row is None or row["role"] == role:  # the framework also calls when the page appears
                return ""
            desk.change_account(person, name, role=role)
            return now.say("account.role_changed", name=name, role=now.say(f"role.{role}"))

        said, refused = await act(change)
        return page_components.note(refused) if refused else page_components.note(said, "green") if said else NOTHING

    @pages.callback(
        Output("account-said", "children", allow_duplicate=True),
        Output("reset-password", "value"),
        Input("reset-now", "n_clicks"),
        State("reset-name", "value"),
        State("reset-password", "value"),
        prevent_initial_call=True,
    )
    async def reset(clicks: int, name: str, password: str | None) -> tuple[Any, Any]:
        clicked(clicks)
        _, refused = await act(lambda _, person: desk.change_account(person, name, password=password or ""))
        done = request_context.NOW.get().say("account.reset_done", name=name)
        return (page_components.note(refused), NOTHING) if refused else (page_components.note(done, "green"), "")


ROUTES = {r"/account": page}
