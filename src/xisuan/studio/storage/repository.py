"""Repository of the studio's database: the only class that reads and writes its tables. Rows are dictionaries."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from xisuan.studio import auth
from xisuan.studio.auth import Access, Person
from xisuan.studio.failures import is_full
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage.database_schema import AUDIT, RUNS, SCENARIOS, SESSIONS, SHARES, USERS, VERSIONS
from xisuan.text.translation import message as _

LOG = logging.getLogger(__name__)
Row = dict[str, Any]
SEEN_EVERY = 60.0
"""Seconds between two updates of a session's last use in the database."""
PEOPLE_OF = sa.select(USERS.c.id, USERS.c.name.label("owner")).subquery()


class Store:
    """Accounts, sessions, scenarios with their versions, runs, and the audit log."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # Changes that a full disk could not store, kept in memory: sign-in, sign-out and locks still work.
        self._sessions: dict[str, Row] = {}
        self._seen: dict[str, float] = {}
        self._ended: set[str] = set()
        self._wrong: dict[str, int] = {}
        self._locked: dict[str, float] = {}

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _rows(self, query: sa.Select[Any]) -> list[Row]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _row(self, query: sa.Select[Any]) -> Row | None:
        found = self._rows(query.limit(1))
        return found[0] if found else None

    def _do(self, statement: sa.Executable) -> int:
        """Execute a statement. Return the number of rows that an update or a delete matched (undefined for an insert)."""
        with self._engine.begin() as connection:
            return int(connection.execute(statement).rowcount)

    def _kept(self, statement: sa.Executable) -> int | None:
        """Execute a statement like `_do`, but return None if the disk is full, so that requests still succeed."""
        try:
            return self._do(statement)
        except sa.exc.DBAPIError as problem:
            if not is_full(problem):
                raise
            return None

    # accounts

    def user(self, name: str) -> Row | None:
        """Return the account of a name."""
        row = self._row(sa.select(USERS).where(USERS.c.name == name)) if auth.NAME.fullmatch(name) else None
        return row and row | {"locked_until": max(row["locked_until"], self._locked.get(name, 0.0))}

    def users(self) -> list[Row]:
        """Return all accounts, without their passwords."""
        columns = [column for column in USERS.c if column.name != "password"]
        has = (USERS.c.password != "").label("password_set")
        return self._rows(sa.select(*columns, has).order_by(USERS.c.name))

    def add_user(self, name: str, password: str, role: auth.Role) -> Row:
        """Add an account and return it; `password` is its hash, blank if it has no password. Raises RefusedError."""
        row: Row = {"id": auth.new_id(), "name": auth.checked_name(name), "password": password, "role": role}
        row |= {"active": True, "failed": 0, "locked_until": 0.0, "created": time.time()}
        try:
            self._do(USERS.insert().values(row))
        except sa.exc.IntegrityError:
            raise RefusedError(409, _("there is an account {name} already", name=name)) from None
        return row

    def change_user(self, name: str, **values: Any) -> None:
        """Change an account. Raises RefusedError if it does not exist."""
        if not self._do(USERS.update().where(USERS.c.name == name).values(**values)):
            raise RefusedError(404, _("there is no account {name}", name=name))

    def failed(self, name: str, tries: int, seconds: float) -> bool:
        """Count a wrong password, in the database so that concurrent requests add up. Return True if locked."""
        if self._kept(USERS.update().where(USERS.c.name == name).values(failed=USERS.c.failed + 1)) is None:
            self._wrong[name] = self._wrong.get(name, 0) + 1
            if self._wrong[name] >= tries:
                self._locked[name] = time.time() + seconds
                del self._wrong[name]
            return name not in self._wrong
        limit = sa.and_(USERS.c.name == name, USERS.c.failed >= tries)
        return bool(self._kept(USERS.update().where(limit).values(failed=0, locked_until=time.time() + seconds)))

    def right(self, name: str) -> None:
        """Reset the count of wrong passwords."""
        self._wrong.pop(name, None)
        self._kept(USERS.update().where(USERS.c.name == name, USERS.c.failed > 0).values(failed=0))

    # sessions

    def add_session(
        self, user_id: str, kind: str, seconds: float, label: str = "", scope: auth.Scope = "plan"
    ) -> tuple[str, str]:
        """Add a session or token. Return its secret, of which only the hash is stored, and its anti-forgery token."""
        token, csrf, now = auth.new_token(), auth.new_token(), time.time()
        row: Row = {"digest": auth.digest(token), "user_id": user_id, "kind": kind, "csrf": csrf, "label": label[:80]}
        row |= {"created": now, "expires": now + seconds, "seen": now, "confirmed": now, "scope": scope}
        if kind == "api":
            self._do(SESSIONS.insert().values(row))
        elif self._kept(SESSIONS.insert().values(row)) is None:
            self._sessions[row["digest"]] = row
        return token, csrf

    def session(
        self, token: str, kind: str, idle: float = math.inf, *, used: bool = False
    ) -> tuple[Person, str] | None:
        """Return the owner of a token and its anti-forgery token; None if it has expired or its owner is disabled.

        idle: seconds without use after which it expires. used: True if this request counts as use.
        """
        digest, now = auth.digest(token), time.time()
        row = self._sessions.get(digest) or self._row(sa.select(SESSIONS).where(SESSIONS.c.digest == digest))
        if row is None or digest in self._ended or row["kind"] != kind or row["expires"] <= now:
            return None
        seen = max(row["seen"], self._seen.get(digest, 0.0))
        user = self._row(sa.select(USERS).where(USERS.c.id == row["user_id"], USERS.c.active))
        if user is None or now - seen > idle:
            return None
        if used and now - seen > SEEN_EVERY:
            self._seen[digest] = now
            self._kept(SESSIONS.update().where(SESSIONS.c.digest == digest).values(seen=now))
        access = Access(kind == "api", row["scope"], digest, row["confirmed"])
        return Person(user["id"], user["name"], user["role"], access), row["csrf"]

    def confirm(self, digest: str) -> None:
        """Record that the password was given again in a session."""
        if digest in self._sessions:
            self._sessions[digest]["confirmed"] = time.time()
        self._do(SESSIONS.update().where(SESSIONS.c.digest == digest).values(confirmed=time.time()))

    def sessions(self, user_id: str) -> list[Row]:
        """Return the browsers in which an account is signed in, without their secrets."""
        columns = (SESSIONS.c.digest, SESSIONS.c.created, SESSIONS.c.seen, SESSIONS.c.expires)
        query = sa.select(*columns).where(SESSIONS.c.user_id == user_id, SESSIONS.c.kind == "browser")
        return self._rows(query.where(SESSIONS.c.expires > time.time()).order_by(SESSIONS.c.seen.desc()))

    def end_session(self, token: str) -> int:
        """End a session. Return the number of sessions ended."""
        return self._end(auth.digest(token))

    def _end(self, digest: str) -> int:
        found = self._sessions.pop(digest, None)
        ended = self._kept(SESSIONS.delete().where(SESSIONS.c.digest == digest))
        if ended is None:
            ended = int(digest not in self._ended)
            self._ended.add(digest)
        return ended or int(found is not None)

    def end_sessions(self, user_id: str, but: str = "", kind: str = "") -> None:
        """End all sessions and tokens of an account; or all of a `kind`, or all but the one with a digest."""
        mine = [SESSIONS.c.user_id == user_id, SESSIONS.c.digest != but, *([SESSIONS.c.kind == kind] if kind else [])]
        for digest in [row["digest"] for row in self._rows(sa.select(SESSIONS.c.digest).where(*mine))]:
            self._end(digest)
        for digest, row in list(self._sessions.items()):
            if row["user_id"] == user_id and digest != but and kind in ("", row["kind"]):
                self._end(digest)

    def tokens(self, user_id: str) -> list[Row]:
        """Return the tokens of programs that may act for an account, without their secrets."""
        columns = ("digest", "label", "scope", "created", "expires", "seen")
        query = sa.select(*(SESSIONS.c[name] for name in columns))
        return self._rows(query.where(SESSIONS.c.user_id == user_id, SESSIONS.c.kind == "api"))

    def end_token(self, user_id: str, digest: str) -> None:
        """Revoke a program's token."""
        self._do(SESSIONS.delete().where(SESSIONS.c.digest == digest, SESSIONS.c.user_id == user_id))

    def forget_expired(self) -> None:
        """Remove expired sessions."""
        self._kept(SESSIONS.delete().where(SESSIONS.c.expires <= time.time()))

    # audit

    def note(self, user: str, action: str, what: str = "", address: str = "") -> None:
        """Write an entry into the audit log, or into the server's log if the disk is full."""
        values = {"user": user[:64], "action": action, "what": what[:300], "address": address[:64]}
        if self._kept(AUDIT.insert().values(at=time.time(), **values)) is None:
            LOG.error("the disk is full; this line is not in the audit log: %r", values)

    def audit(self, limit: int = 500) -> list[Row]:
        """Return the latest entries of the audit log."""
        return self._rows(sa.select(AUDIT).order_by(AUDIT.c.number.desc()).limit(limit))

    # scenarios

    def _scenarios(self) -> sa.Select[Any]:
        latest = sa.select(VERSIONS.c.scenario_id, sa.func.max(VERSIONS.c.number).label("version"))
        last = latest.group_by(VERSIONS.c.scenario_id).subquery()
        what = [VERSIONS.c[name] for name in ("title", "title_zh", "errors", "warnings", "folder")]
        changed = VERSIONS.c.created.label("changed")
        return (
            sa.select(SCENARIOS, PEOPLE_OF.c.owner, last.c.version, *what, changed)
            .join(PEOPLE_OF, PEOPLE_OF.c.id == SCENARIOS.c.owner_id)
            .join(last, last.c.scenario_id == SCENARIOS.c.id)
            .join(VERSIONS, sa.and_(VERSIONS.c.scenario_id == SCENARIOS.c.id, VERSIONS.c.number == last.c.version))
            .where(SCENARIOS.c.removed.is_(None))
        )

    @staticmethod
    def _seen_by(person: Person) -> sa.ColumnElement[bool]:
        named = sa.select(SHARES.c.scenario_id).where(SHARES.c.user_id == person.id)
        return sa.or_(SCENARIOS.c.owner_id == person.id, SCENARIOS.c.sharing != "none", SCENARIOS.c.id.in_(named))

    def scenarios(self, person: Person) -> list[Row]:
        """Return the scenarios that are a user's or shared, each with its latest version."""
        query = self._scenarios().where(self._seen_by(person))
        return self._rows(query.order_by(VERSIONS.c.created.desc()))

    def scenario(self, person: Person, scenario_id: str) -> Row | None:
        """Return one of the scenarios that a user can see."""
        return self._row(self._scenarios().where(self._seen_by(person), SCENARIOS.c.id == scenario_id))

    def add_scenario(
        self, person: Person, scenario_id: str, name: str, origin: str, version: Mapping[str, Any]
    ) -> None:
        """Add a scenario with its first version."""
        row = {"id": scenario_id, "name": name, "owner_id": person.id, "sharing": "none", "origin": origin[:80]}
        first = {"scenario_id": scenario_id, "number": 1, "author_id": person.id, "created": time.time(), **version}
        with self._engine.begin() as connection:
            connection.execute(SCENARIOS.insert().values(**row, created=time.time()))
            connection.execute(VERSIONS.insert().values(first))

    def add_version(self, person: Person, scenario_id: str, number: int, version: Mapping[str, Any]) -> bool:
        """Add a version under its number. Return False if it is taken; the table's key decides between writers."""
        row = {"scenario_id": scenario_id, "number": number, "author_id": person.id, "created": time.time(), **version}
        try:
            self._do(VERSIONS.insert().values(row))
        except sa.exc.IntegrityError:
            return False
        return True

    def versions(self, scenario_id: str) -> list[Row]:
        """Return the versions of a scenario, latest first, with their authors' names."""
        query = sa.select(VERSIONS, USERS.c.name.label("author")).join(USERS, USERS.c.id == VERSIONS.c.author_id)
        return self._rows(query.where(VERSIONS.c.scenario_id == scenario_id).order_by(VERSIONS.c.number.desc()))

    def version(self, scenario_id: str, number: int) -> Row | None:
        """Return one version."""
        return self._row(sa.select(VERSIONS).where(VERSIONS.c.scenario_id == scenario_id, VERSIONS.c.number == number))

    def change_scenario(self, scenario_id: str, **values: Any) -> None:
        """Change who sees a scenario, or mark it as removed."""
        self._do(SCENARIOS.update().where(SCENARIOS.c.id == scenario_id).values(**values))

    # runs

    def _runs(self) -> sa.Select[Any]:
        return (
            sa.select(RUNS, PEOPLE_OF.c.owner, SCENARIOS.c.name.label("scenario"), SCENARIOS.c.origin)
            .join(PEOPLE_OF, PEOPLE_OF.c.id == RUNS.c.owner_id)
            .join(SCENARIOS, SCENARIOS.c.id == RUNS.c.scenario_id)
        )

    def runs(self, person: Person, scenario_id: str = "", sweep: str = "") -> list[Row]:
        """Return the runs of scenarios that a user can see, latest first."""
        query = self._runs().where(self._seen_by(person), SCENARIOS.c.removed.is_(None))
        query = query.where(RUNS.c.scenario_id == scenario_id) if scenario_id else query
        query = query.where(RUNS.c.sweep == sweep) if sweep else query
        return self._rows(query.order_by(RUNS.c.created.desc()).limit(500))

    def run(self, person: Person, run_id: str) -> Row | None:
        """Return one of the runs that a user can see."""
        query = self._runs().where(self._seen_by(person), SCENARIOS.c.removed.is_(None))
        return self._row(query.where(RUNS.c.id == run_id))

    def finished_like(self, person: Person, row: Row) -> Row | None:
        """Return the latest finished run of the same verb and options: of a run's scenario, else of the same origin."""
        own = RUNS.c.scenario_id == row["scenario_id"]
        akin = sa.and_(SCENARIOS.c.origin == row["origin"], SCENARIOS.c.origin != "upload")
        query = self._runs().where(self._seen_by(person), SCENARIOS.c.removed.is_(None), RUNS.c.status == "done")
        query = query.where(RUNS.c.verb == row["verb"], RUNS.c.options == row["options"], sa.or_(own, akin))
        return self._row(query.order_by(sa.case((own, 0), else_=1), RUNS.c.created.desc()))

    def add_run(self, **values: Any) -> str:
        """Add a run at the end of the queue. Return its id."""
        blank = {"reason": "", "attempt": 0, "process": "", "created": time.time(), "sweep": "", "of_run": ""}
        row = {**blank, "id": auth.new_id(), "status": "queued", **values}
        self._do(RUNS.insert().values(row))
        return str(row["id"])

    def followers(self, run_id: str) -> list[Row]:
        """Return the runs that use the plan of a run, oldest first."""
        return self._rows(self._runs().where(RUNS.c.of_run == run_id).order_by(RUNS.c.created))

    def status(self, run_id: str) -> str:
        """Return the status of a run; blank if it does not exist."""
        found = self._row(sa.select(RUNS.c.status).where(RUNS.c.id == run_id))
        return str(found["status"]) if found else ""

    def change_run(self, run_id: str, only: str = "", **values: Any) -> bool:
        """Change a run if it (still) has the status `only`. Return True if it was changed."""
        statement = RUNS.update().where(RUNS.c.id == run_id)
        statement = statement.where(RUNS.c.status == only) if only else statement
        return self._do(statement.values(**values)) == 1

    def at(self, status: str) -> list[Row]:
        """Return the runs of a status, oldest first, with the folder of their version."""
        version = sa.and_(VERSIONS.c.scenario_id == RUNS.c.scenario_id, VERSIONS.c.number == RUNS.c.version)
        query = sa.select(RUNS, VERSIONS.c.folder).join(VERSIONS, version)
        return self._rows(query.where(RUNS.c.status == status).order_by(RUNS.c.created))

    def ahead(self, created: float) -> int:
        """Return the number of queued runs created before a time."""
        query = sa.select(sa.func.count()).where(RUNS.c.status == "queued", RUNS.c.created < created)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())
