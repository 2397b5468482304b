"""Account page: the user and their programs; for administrators also all accounts and the audit log."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, html

from xisuan.studio import auth, labels, request_context
from xisuan.studio.auth import Person
from xisuan.studio.pages import page_components
from xisuan.studio.pages.callbacks import NOTHING, act, navigating, require_click
from xisuan.studio.request_context import Asking
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Translator, plural
from xisuan.text.translation import message as _

TOKEN_DAYS = (1, 7, 30)
"""Days for which a token can be valid, besides the longest."""
SHOWN = 100
"""Lines of the audit log."""
SECRET, FRESH = {"autoComplete": "current-password"}, {"autoComplete": "new-password"}


def page(now: Asking, services: Services, person: Person, query: dict[str, str]) -> list[Any]:
    """Return the account page, with the parts that the user may see."""
    say = now.say
    out = [
        page_components.heading(
            say(_("Account")),
            *(
                []
                if services.configuration.local
                else [html.Button(say(_("Sign out")), id="leave", className="plain-button")]
            ),
            kicker=[person.name, " · ", say(labels.ROLES[person.role])],
        ),
        html.Div(id="account-said", role="alert"),
        *([] if services.is_confirmed(person) else [_confirm(say)]),
        _tokens(say, services, person),
    ]
    if not services.configuration.local:
        out += [_password(say), _sessions(say, services, person)]
    if person.administers and not services.configuration.local:
        out.append(_accounts(say, services, person))
    if person.administers:
        out.append(_audit(say, services))
    return out


def _audit(say: Translator, services: Services) -> Any:
    lines = [
        [
            page_components.time_text(row["at"]),
            row["user"],
            say(labels.ACTIONS.get(row["action"], row["action"])),
            row["what"],
            row["address"],
        ]
        for row in services.store.audit(SHOWN)
    ]
    heads = [say(_("Time")), say(_("User")), say(_("Action")), say(_("Item")), say(_("Source address"))]
    return html.Section([html.H2(say(_("Audit log"))), page_components.table(heads, lines)])


def _confirm(say: Translator) -> Any:
    """Return the form to confirm the password before tokens and accounts can be changed."""
    fields = [
        dmc.PasswordInput(id="confirm-present", label=say(_("Current password")), **SECRET),
        page_components.button(say(_("Confirm")), "confirm-now", main=True),
    ]
    lead = html.P(
        say(_("Tokens and accounts can be changed within ten minutes after you enter your password.")), className="lead"
    )
    return html.Section([html.H2(say(_("Confirm your password"))), lead, html.Div(fields, className="form")])


def _sessions(say: Translator, services: Services, person: Person) -> Any:
    """Return the list of browsers in which the user is signed in."""
    rows = [
        [
            page_components.time_text(row["created"]),
            page_components.time_text(row["seen"]),
            say(_("this browser")) if row["present"] else "",
        ]
        for row in services.sessions(person)
    ]
    heads = [say(_("Signed in")), say(_("Last used")), ""]
    end = page_components.button(say(_("Sign out in all other browsers")), "sessions-end")
    return html.Section([html.H2(say(_("Sessions"))), page_components.table(heads, rows), end])


def _password(say: Translator) -> Any:
    """Return the form to change one's own password."""
    fields = [
        dmc.PasswordInput(id="own-present", label=say(_("Current password")), **SECRET),
        dmc.PasswordInput(id="own-password", label=say(_("New password (at least 10 characters)")), **FRESH),
        page_components.button(say(_("Change password")), "own-change"),
    ]
    lead = html.P(
        say(_("A new password ends all your sessions and tokens. Sign in again afterwards.")), className="lead"
    )
    return html.Section([html.H2(say(_("Your password"))), lead, html.Div(fields, className="form")])


def _tokens(say: Translator, services: Services, person: Person) -> Any:
    """Return the tokens of the user's programs, and the form for another one."""
    rows = [
        [
            row["label"],
            say(labels.SCOPES[row["scope"]]),
            page_components.time_text(row["created"]),
            page_components.time_text(row["expires"]),
            page_components.button(say(_("Revoke")), {"token": row["digest"]}, size="compact-sm"),
        ]
        for row in services.store.tokens(person.id)
    ]
    heads = [say(_("Program")), say(_("Permission")), say(_("Time")), say(_("Expires")), ""]
    return html.Section(
        [
            html.H2(say(_("Access tokens for programs"))),
            html.P(
                say(
                    _(
                        "With a token, a program uses the API in your name. A token is shown once, expires, "
                        "and can be revoked; it cannot change accounts or passwords."
                    )
                ),
                className="lead",
            ),
            _token_form(say, services.limits.token_days),
            html.Div(id="token-new", role="status"),
            page_components.table(heads, rows, say(_("No tokens."))),
        ]
    )


def _token_form(say: Translator, most_days: int) -> Any:
    """Return the form for a new token."""
    return html.Div(
        [
            dmc.TextInput(id="token-label", placeholder=say(_("Program")), **{"aria-label": say(_("Program"))}),
            dmc.Select(
                id="token-scope",
                data=[{"value": scope, "label": say(labels.SCOPES[scope])} for scope in auth.SCOPES],
                value="read",
                allowDeselect=False,
                **{"aria-label": say(_("Permission"))},
            ),
            dmc.Select(
                id="token-days",
                data=[
                    {"value": str(days), "label": say(plural("for {count} day", "for {count} days", days))}
                    for days in (*(days for days in TOKEN_DAYS if days < most_days), most_days)
                ],
                value=str(min(30, most_days)),
                allowDeselect=False,
                **{"aria-label": say(_("Valid for"))},
            ),
            page_components.button(say(_("Create token")), "token-add"),
        ],
        className="line",
    )


def _accounts(say: Translator, services: Services, person: Person) -> Any:
    roles = [{"value": role, "label": say(labels.ROLES[role])} for role in auth.ROLES]
    rows = []
    people_here = [row for row in services.store.users() if row["password_set"]]
    for row in people_here:
        role, change = say(labels.ROLES[row["role"]]), ""
        if row["id"] != person.id:
            text = say(_("Disable")) if row["active"] else say(_("Enable"))
            change = page_components.button(
                text, {"account": row["name"], "active": int(not row["active"])}, size="compact-sm"
            )
            named = {"aria-label": say(_("Role of {name}", name=row["name"]))}
            role = dmc.Select(id={"role-of": row["name"]}, data=roles, value=row["role"], allowDeselect=False, **named)
        state = say(_("active")) if row["active"] else say(_("disabled"))
        rows.append([row["name"], role, state, change])
    add = html.Div(
        [
            dmc.TextInput(id="user-name", label=say(_("User name"))),
            dmc.PasswordInput(id="user-password", label=say(_("Password")), **FRESH),
            dmc.Select(id="user-role", label=say(_("Role")), data=roles, value="planner", allowDeselect=False),
            page_components.button(say(_("Add account")), "user-add", main=True),
        ],
        className="form",
    )
    return html.Section(
        [
            html.H2(say(_("Accounts"))),
            page_components.table([say(_("User name")), say(_("Role")), say(_("State")), ""], rows),
            html.Div(
                [html.Div([html.H3(say(_("Add account"))), add]), _reset(say, people_here, person)], className="blocks"
            ),
        ]
    )


def _reset(say: Translator, known: list[Row], person: Person) -> Any:
    """Return the form to set a new password for another user."""
    others = [row["name"] for row in known if row["id"] != person.id]
    if not others:
        return ""
    fields = [
        dmc.Select(id="reset-name", label=say(_("User name")), data=others, value=others[0], allowDeselect=False),
        dmc.PasswordInput(id="reset-password", label=say(_("New password (at least 10 characters)")), **FRESH),
        page_components.button(say(_("Reset")), "reset-now"),
    ]
    return html.Div([html.H3(say(_("Reset a password"))), html.Div(fields, className="form")])


def wire(pages: dash.Dash, services: Services) -> None:
    """Register the callbacks of the account page."""
    _wire_tokens(pages, services)
    _wire_own(pages, services)
    _wire_accounts(pages, services)
    _wire_resets(pages, services)


def _wire_tokens(pages: dash.Dash, services: Services) -> None:

    @pages.callback(
        Output("token-new", "children"),
        Output("account-said", "children"),
        Input("token-add", "n_clicks"),
        State("token-label", "value"),
        State("token-scope", "value"),
        State("token-days", "value"),
        prevent_initial_call=True,
    )
    async def add_token(clicks: int, label: str | None, scope: str, days: str) -> tuple[Any, Any]:
        require_click(clicks)
        found, refused = await act(
            lambda now, person: (
                now.say(_("Copy the token now; it is not shown again:")),
                services.add_token(person, label or "program", scope, int(days)),
            )
        )
        return (
            ("", page_components.note(refused))
            if refused
            else ([html.P(found[0]), html.Code(found[1], className="secret")], "")
        )

    @navigating(pages, Input({"token": ALL}, "n_clicks"), prevent_initial_call=True)
    async def take_back(clicks: list[int]) -> Any:
        require_click(*clicks)
        digest = str(ctx.triggered_id["token"])
        await act(lambda _, person: services.end_token(person, digest))
        return f"/account?gone={digest[:8]}"


def _wire_own(pages: dash.Dash, services: Services) -> None:

    @navigating(
        pages,
        Output("account-said", "children", allow_duplicate=True),
        Input("confirm-now", "n_clicks"),
        State("confirm-present", "value"),
        prevent_initial_call=True,
    )
    async def confirm(clicks: int, present: str | None) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.confirm(person, present or ""))
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?confirmed={clicks}", "")

    @navigating(
        pages,
        Output("account-said", "children", allow_duplicate=True),
        Input("sessions-end", "n_clicks"),
        prevent_initial_call=True,
    )
    async def end_sessions(clicks: int) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.end_sessions(person))
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?ended={clicks}", "")

    @navigating(
        pages,
        Output("account-said", "children", allow_duplicate=True),
        Input("own-change", "n_clicks"),
        State("own-present", "value"),
        State("own-password", "value"),
        prevent_initial_call=True,
    )
    async def change_own(clicks: int, present: str | None, password: str | None) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.change_password(person, present or "", password or ""))
        return (
            (NOTHING, page_components.note(refused)) if refused else (NOTHING, page_components.note(_again(), "green"))
        )


def _again() -> Any:
    """Return the message and link to sign in again after all sessions have ended."""
    say = request_context.NOW.get().say
    return [say(_("Your password has been changed.")), " ", html.A(say(_("Sign in")), href="/login?to=/account")]


def _wire_accounts(pages: dash.Dash, services: Services) -> None:

    @navigating(
        pages,
        Output("account-said", "children", allow_duplicate=True),
        Input("user-add", "n_clicks"),
        State("user-name", "value"),
        State("user-password", "value"),
        State("user-role", "value"),
        prevent_initial_call=True,
    )
    async def add_user(clicks: int, name: str | None, password: str | None, role: str) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.add_account(person, name or "", password or "", role))
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?new={name}", "")

    @navigating(
        pages,
        Output("account-said", "children", allow_duplicate=True),
        Input({"account": ALL, "active": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    async def change(clicks: list[int]) -> tuple[Any, Any]:
        require_click(*clicks)
        name, active = str(ctx.triggered_id["account"]), bool(ctx.triggered_id["active"])
        _, refused = await act(lambda _, person: services.change_account(person, name, active=active))
        return (NOTHING, page_components.note(refused)) if refused else (f"/account?{name}={int(active)}", "")

    @pages.callback(
        Output("account-said", "children", allow_duplicate=True),
        Input({"role-of": ALL}, "value"),
        prevent_initial_call=True,
    )
    async def change_role(_chosen: list[str]) -> Any:
        name, role = str((ctx.triggered_id or {}).get("role-of", "")), str(ctx.triggered[0]["value"])

        def change(now: Asking, person: Person) -> str:
            row = services.store.user(name)
            if row is None or row["role"] == role:  # the framework also calls when the page appears
                return ""
            services.change_account(person, name, role=role)
            return now.say(
                _("{name} now has the role {role} and must sign in again.", name=name, role=labels.ROLES[role])
            )

        said, refused = await act(change)
        return page_components.note(refused) if refused else page_components.note(said, "green") if said else NOTHING


def _wire_resets(pages: dash.Dash, services: Services) -> None:
    @pages.callback(
        Output("account-said", "children", allow_duplicate=True),
        Output("reset-password", "value"),
        Input("reset-now", "n_clicks"),
        State("reset-name", "value"),
        State("reset-password", "value"),
        prevent_initial_call=True,
    )
    async def reset(clicks: int, name: str, password: str | None) -> tuple[Any, Any]:
        require_click(clicks)
        _, refused = await act(lambda _, person: services.change_account(person, name, password=password or ""))
        done = request_context.NOW.get().say(
            _("The password of {name} has been reset; all sessions have ended.", name=name)
        )
        return (page_components.note(refused), NOTHING) if refused else (page_components.note(done, "green"), "")


ROUTES = {r"/account": page}
