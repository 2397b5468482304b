"""API routes of accounts, tokens and the audit log."""

from __future__ import annotations

from typing import Annotated

import fastapi
from fastapi import Path

from xisuan.studio.api import answers
from xisuan.studio.api.schemas import Account, AccountChange, Chief, Password, Present, Token, Who
from xisuan.studio.services.all_services import Services


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""
    _add_own(routes, services)
    _add_administration(routes, services)


def _add_own(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/me")
    def show_me(who: Who) -> answers.Me:
        """Return the name and role of the current user."""
        return answers.Me(name=who.name, role=who.role)

    @routes.post("/me/password", status_code=204)
    def change_password(who: Who, asked: Password) -> None:
        """Change your password; your sessions and tokens end."""
        services.change_password(who, asked.present, asked.password)

    @routes.post("/me/confirm", status_code=204)
    def confirm(who: Who, asked: Present) -> None:
        """Give your password again: for some minutes you can then change tokens and accounts."""
        services.confirm(who, asked.present)

    @routes.get("/me/sessions")
    def list_sessions(who: Who) -> list[answers.Session]:
        """List the browsers in which you are signed in."""
        return answers.Session.each(services.sessions(who))

    @routes.delete("/me/sessions", status_code=204)
    def end_sessions(who: Who) -> None:
        """Sign out in all browsers but this one."""
        services.end_sessions(who)

    @routes.post("/tokens", status_code=201)
    def add_token(who: Who, asked: Token) -> answers.NewToken:
        """Create a token for a program that acts for you; it is shown only once."""
        return answers.NewToken(token=services.add_token(who, asked.label, asked.scope, asked.days))


def _add_administration(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/users")
    def list_users(who: Chief) -> list[answers.User]:
        """List the accounts."""
        return answers.User.each(services.store.users())

    @routes.post("/users", status_code=201)
    def add_user(who: Chief, asked: Account) -> answers.NewUser:
        """Create an account."""
        services.add_account(who, asked.name, asked.password, asked.role)
        return answers.NewUser(name=asked.name)

    @routes.patch("/users/{name}", status_code=204)
    def change_user(who: Chief, name: Annotated[str, Path(max_length=64)], asked: AccountChange) -> None:
        """Change an account; its sessions end."""
        services.change_account(who, name, asked.password, asked.role, asked.active)

    @routes.get("/audit")
    def show_audit(who: Chief) -> list[answers.AuditEntry]:
        """Return the latest entries of the audit log."""
        return answers.AuditEntry.each(services.store.audit())
