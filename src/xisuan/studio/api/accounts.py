"""API routes of accounts, tokens and the audit log."""

from __future__ import annotations

from typing import Annotated, Any

import fastapi
from fastapi import Path

from xisuan.studio.api.schemas import Account, Change, Chief, Password, Present, Token, Who, public
from xisuan.studio.services.all_services import Services


def add(routes: fastapi.APIRouter, services: Services) -> None:
    """Add the routes."""
    _add_own(routes, services)
    _add_administration(routes, services)


def _add_own(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/me")
    def show_me(who: Who) -> dict[str, str]:
        """Return the name and role of the current user."""
        return {"name": who.name, "role": who.role}

    @routes.post("/me/password", status_code=204)
    def change_password(who: Who, asked: Password) -> None:
        """Change your password; your sessions and tokens end."""
        services.change_password(who, asked.present, asked.password)

    @routes.post("/me/confirm", status_code=204)
    def confirm(who: Who, asked: Present) -> None:
        """Give your password again: for some minutes you can then change tokens and accounts."""
        services.confirm(who, asked.present)

    @routes.get("/me/sessions")
    def list_sessions(who: Who) -> list[dict[str, Any]]:
        """List the browsers in which you are signed in."""
        return [public(row) for row in services.sessions(who)]

    @routes.delete("/me/sessions", status_code=204)
    def end_sessions(who: Who) -> None:
        """Sign out in all browsers but this one."""
        services.end_sessions(who)

    @routes.post("/tokens", status_code=201)
    def add_token(who: Who, asked: Token) -> dict[str, str]:
        """Create a token for a program that acts for you; it is shown only once."""
        return {"token": services.add_token(who, asked.label, asked.scope, asked.days)}


def _add_administration(routes: fastapi.APIRouter, services: Services) -> None:
    @routes.get("/users")
    def list_users(who: Chief) -> list[dict[str, Any]]:
        """List the accounts."""
        return [public(row) for row in services.store.users()]

    @routes.post("/users", status_code=201)
    def add_user(who: Chief, asked: Account) -> dict[str, str]:
        """Create an account."""
        services.add_account(who, asked.name, asked.password, asked.role)
        return {"name": asked.name}

    @routes.patch("/users/{name}", status_code=204)
    def change_user(who: Chief, name: Annotated[str, Path(max_length=64)], asked: Change) -> None:
        """Change an account; its sessions end."""
        services.change_account(who, name, asked.password, asked.role, asked.active)

    @routes.get("/audit")
    def show_audit(who: Chief) -> list[dict[str, Any]]:
        """Return the latest entries of the audit log."""
        return services.store.audit()
