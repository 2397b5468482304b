"""Verbs on accounts: add, change, sign in; tokens for programs."""

from __future__ import annotations

import time

from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError, forbidden, unknown
from xisuan.studio.services.service_base import Service, line
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import message as _

NAME_OF_LOCAL = "local"


class Accounts(Service):
    """Verbs on accounts."""

    def add_account(self, person: Person | None, name: str, password: str, role: str) -> None:
        """Add an account. Without a person, the operator of the server does so on its command line."""
        if person is not None:
            self._administrator(person)
        self.store.add_user(name, auth.hash_password(password, name), auth.checked_role(role))
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
        self._administrator(person)
        row = self.store.user(name)
        if row is None:
            raise unknown(_("account"))
        if row["id"] == person.id and (role is not None or active is False):
            raise RefusedError(
                422, _("your own role can only be changed by another administrator, so that one always remains")
            )
        values: dict[str, object] = {}
        if password is not None:
            values |= {"password": auth.hash_password(password, name), "failed": 0, "locked_until": 0.0}
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

    def _by_hand(self, person: Person) -> None:
        """Refuse a program: a stolen token must not become an account, a password or another token."""
        if person.access.program:
            raise forbidden(_("this cannot be done with a program's token; sign in with a browser"))

    def _confirmed(self, person: Person) -> None:
        """Refuse a session whose password was given too long ago: another person may use the browser now."""
        self._by_hand(person)
        if not self.configuration.local and time.time() - person.access.confirmed > self.limits.confirmed_seconds:
            raise forbidden(_("confirm your password first, on the page Account or by POST /api/me/confirm"))

    def _administrator(self, person: Person) -> None:
        self._by_hand(person)
        if not person.administers:
            raise forbidden(_("only an administrator can do this"))
        self._confirmed(person)

    def is_confirmed(self, person: Person) -> bool:
        """Return True if the user can change tokens and accounts without giving the password again."""
        try:
            self._confirmed(person)
        except RefusedError:
            return False
        return True

    def confirm(self, person: Person, present: str) -> None:
        """Confirm the password in a session. Raises RefusedError."""
        self._by_hand(person)
        self._present(person, present)
        self.store.confirm(person.access.session)
        self.store.note(person.name, "confirm password")

    def change_password(self, person: Person, present: str, password: str) -> None:
        """Change one's own password, given the current one; all sessions and tokens end. Raises RefusedError."""
        self._by_hand(person)
        row = self._present(person, present)
        self.store.change_user(person.name, password=auth.hash_password(password, person.name), failed=0)
        self.store.end_sessions(row["id"])
        self.store.note(person.name, "change password")

    def _present(self, person: Person, present: str) -> Row:
        """Return the account of a user who gives the current password. Raises RefusedError.

        A wrong password counts towards the lock as at sign-in, so that an open browser cannot be used to guess it.
        """
        row = self.store.user(person.name)
        right = auth.matches(row["password"] if row else "", present)
        if row is None or row["locked_until"] > time.time() or not right:
            locked = not right and self.store.failed(person.name, self.limits.tries, self.limits.locked_seconds)
            self.store.note(person.name, "account locked" if locked else "password refused")
            raise forbidden(_("the present password is wrong, or the account is locked for a while"))
        self.store.right(person.name)
        return row

    def sessions(self, person: Person) -> list[Row]:
        """Return the browsers in which a user is signed in, the current one marked."""
        self._by_hand(person)
        return [row | {"present": row["digest"] == person.access.session} for row in self.store.sessions(person.id)]

    def end_sessions(self, person: Person) -> None:
        """Sign a user out in all browsers but the current one."""
        self._confirmed(person)
        self.store.end_sessions(person.id, but=person.access.session, kind="browser")
        self.store.note(person.name, "end sessions")

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, str]:
        """Return a session's secret and anti-forgery token for name and password. Raises RefusedError without a reason."""
        row = self.store.user(name[:64])
        wrong = RefusedError(401, _("name or password is wrong, or the account is locked for a while"))
        right = auth.matches(row["password"] if row else "", password)
        if row is None or not row["active"]:
            self.store.note("?", "sign-in refused", line(name, 64), address)
            raise wrong
        if row["locked_until"] > time.time() or not right:
            locked = not right and self.store.failed(name, self.limits.tries, self.limits.locked_seconds)
            self.store.note(name, "account locked" if locked else "sign-in refused", "", address)
            raise wrong
        self.store.right(name)
        self.store.note(name, "sign-in", "", address)
        return self.store.add_session(row["id"], "browser", self.limits.session_seconds)

    def local_person(self) -> Person:
        """Return the only user of a local studio."""
        row = self.store.user(NAME_OF_LOCAL) or self.store.add_user(NAME_OF_LOCAL, "", "administrator")
        return Person(row["id"], row["name"], "administrator")

    def add_token(self, person: Person, label: str, scope: str = "plan", days: int | None = None) -> str:
        """Return a token for a user's program; shown once. It expires after `days`; None: the longest life."""
        self._confirmed(person)
        most = self.limits.token_days
        if days is not None and not 1 <= days <= most:
            raise RefusedError(422, _("a token is valid for 1 to {most} days", most=most))
        seconds = 86_400.0 * (days or most)
        token, _csrf = self.store.add_session(person.id, "api", seconds, line(label, 80), auth.checked_scope(scope))
        self.store.note(person.name, "add token", f"{line(label, 80)} ({scope}, {days or most} d)")
        return token

    def end_token(self, person: Person, digest: str) -> None:
        """Revoke a program's token."""
        self._by_hand(person)
        self.store.end_token(person.id, digest)
        self.store.note(person.name, "end token")
