"""Accounts: added, changed, signed in; tokens for programs."""

from __future__ import annotations

import time

from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError, forbidden, unknown
from xisuan.studio.services.service_base import Ground, line

NAME_OF_LOCAL = "local"


class Accounts(Ground):
    """What can be done with accounts."""

    def add_account(self, person: Person | None, name: str, password: str, role: str) -> None:
        """A new account. Without a person it is the operator of the server who asks, on its command line."""
        if person is not None and not person.administers:
            raise forbidden("only an administrator may do this")
        self.store.add_user(name, auth.hashed(password), auth.checked_role(role))
        self.store.note(person.name if person else "(operator)", "add account", f"{name} {role}")

    def change_account(
        self,
        person: Person,
        name: str,
        password: str | None = None,
        role: str | None = None,
        active: bool | None = None,
    ) -> None:
        """Change an account and end its sessions."""
        row = self.store.user(name)
        if row is None:
            raise unknown("account")
        if not person.administers:
            raise forbidden("only an administrator may do this")
        if row["id"] == person.id and (role is not None or active is False):
            raise RefusedError(422, "let another administrator change your own role, so that one is always left")
        values: dict[str, object] = {}
        if password is not None:
            values |= {"password": auth.hashed(password), "failed": 0, "locked_until": 0.0}
        if role is not None:
            values["role"] = auth.checked_role(role)
        if active is not None:
            values["active"] = active
        if values:
            self.store.change_user(name, **values)
            self.store.end_sessions(row["id"])
            told = ["password"] if password is not None else []
            told += [f"{what} {values[what]}" for what in ("role", "active") if what in values]
            self.store.note(person.name, "change account", f"{name}: {', '.join(told)}")

    def change_password(self, person: Person, present: str, password: str) -> None:
        """Another password of one's own, for the present one; all sessions and tokens end. Raises RefusedError.

        A wrong present one counts as at the door: whoever finds an open browser must not try them all.
        """
        row = self.store.user(person.name)
        right = auth.matches(row["password"] if row else "", present)
        if row is None or row["locked_until"] > time.time() or not right:
            locked = not right and self.store.failed(person.name, self.limits.tries, self.limits.locked_seconds)
            self.store.note(person.name, "account locked" if locked else "password refused")
            raise forbidden("the present password is wrong, or the account is locked for a while")
        self.store.change_user(person.name, password=auth.hashed(password), failed=0)
        self.store.end_sessions(row["id"])
        self.store.note(person.name, "change password")

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, str]:
        """A session for a name and its password: secret and word against forgery. Raises RefusedError, never saying why."""
        row = self.store.user(name[:64])
        wrong = RefusedError(401, "name or password is wrong, or the account is locked for a while")
        right = auth.matches(row["password"] if row else "", password)
        if row is None or not row["active"]:
            self.store.note("?", "sign-in refused", name[:64], address)
            raise wrong
        if row["locked_until"] > time.time() or not right:
            locked = not right and self.store.failed(name, self.limits.tries, self.limits.locked_seconds)
            self.store.note(name, "account locked" if locked else "sign-in refused", "", address)
            raise wrong
        self.store.change_user(name, failed=0)
        self.store.note(name, "sign-in", "", address)
        return self.store.add_session(row["id"], "browser", self.limits.session_seconds)

    def local_person(self) -> Person:
        """The one person of a studio that only this machine can reach."""
        row = self.store.user(NAME_OF_LOCAL) or self.store.add_user(NAME_OF_LOCAL, "", "administrator")
        return Person(row["id"], row["name"], "administrator")

    def add_token(self, person: Person, label: str) -> str:
        """A token for a program that acts for a person; shown once."""
        self.store.note(person.name, "add token", label[:80])
        return self.store.add_session(person.id, "api", self.limits.token_seconds, line(label, 80))[0]

    def end_token(self, person: Person, digest: str) -> None:
        """Take a program's token back."""
        self.store.end_token(person.id, digest)
        self.store.note(person.name, "end token")
