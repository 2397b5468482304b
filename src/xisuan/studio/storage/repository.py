"""What the studio remembers: one small class between the tables and everybody else. Rows go out as dictionaries."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage.database_schema import AUDIT, RUNS, SCENARIOS, SESSIONS, USERS, VERSIONS

Row = dict[str, Any]
PEOPLE_OF = sa.select(USERS.c.id, USERS.c.name.label("owner")).subquery()


class Store:
    """Accounts, sessions, scenarios with their versions, runs, and the audit log."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _rows(self, query: sa.Select[Any]) -> list[Row]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _row(self, query: sa.Select[Any]) -> Row | None:
        found = self._rows(query.limit(1))
        return found[0] if found else None

    def _do(self, statement: sa.Executable) -> int:
        """How many rows an update or a removal met; of an addition this says nothing."""
        with self._engine.begin() as connection:
            return int(connection.execute(statement).rowcount)

    # accounts

    def user(self, name: str) -> Row | None:
        """The account of a name."""
        return self._row(sa.select(USERS).where(USERS.c.name == name))

    def users(self) -> list[Row]:
        """All accounts, without their passwords."""
        columns = [column for column in USERS.c if column.name != "password"]
        has = (USERS.c.password != "").label("password_set")
        return self._rows(sa.select(*columns, has).order_by(USERS.c.name))

    def add_user(self, name: str, password: str, role: auth.Role) -> Row:
        """A new account; `password` is its hash, blank where nobody may sign in with one. Raises RefusedError."""
        row: Row = {"id": auth.fresh_id(), "name": auth.checked_name(name), "password": password, "role": role}
        row |= {"active": True, "failed": 0, "locked_until": 0.0, "created": time.time()}
        try:
            self._do(USERS.insert().values(row))
        except sa.exc.IntegrityError:
            raise RefusedError(409, f"there is an account {name} already") from None
        return row

    def change_user(self, name: str, **values: object) -> None:
        """Change an account. Raises RefusedError where there is none."""
        if not self._do(USERS.update().where(USERS.c.name == name).values(**values)):
            raise RefusedError(404, f"there is no account {name}")

    def failed(self, name: str, tries: int, seconds: float) -> bool:
        """Count a wrong password, in the database so that requests side by side all count; whether it now is locked."""
        self._do(USERS.update().where(USERS.c.name == name).values(failed=USERS.c.failed + 1))
        limit = sa.and_(USERS.c.name == name, USERS.c.failed >= tries)
        return self._do(USERS.update().where(limit).values(failed=0, locked_until=time.time() + seconds)) > 0

    # sessions

    def add_session(self, user_id: str, kind: str, seconds: float, label: str = "") -> tuple[str, str]:
        """A new session, or token: the secret, which is not stored, and what a form must send back."""
        token, csrf, now = auth.fresh_token(), auth.fresh_token(), time.time()
        row = {"digest": auth.digest(token), "user_id": user_id, "kind": kind, "csrf": csrf, "label": label[:80]}
        self._do(SESSIONS.insert().values(**row, created=now, expires=now + seconds))
        return token, csrf

    def session(self, token: str, kind: str) -> tuple[Person, str] | None:
        """Who a token belongs to, and its word against forgery; None where it has ended or its owner may not enter."""
        found = self._row(
            sa.select(USERS.c.id, USERS.c.name, USERS.c.role, SESSIONS.c.csrf)
            .join(USERS, USERS.c.id == SESSIONS.c.user_id)
            .where(SESSIONS.c.digest == auth.digest(token), SESSIONS.c.kind == kind)
            .where(SESSIONS.c.expires > time.time(), USERS.c.active)
        )
        return (Person(found["id"], found["name"], found["role"]), found["csrf"]) if found else None

    def end_session(self, token: str) -> int:
        """End a session; how many there were."""
        return self._do(SESSIONS.delete().where(SESSIONS.c.digest == auth.digest(token)))

    def end_sessions(self, user_id: str) -> None:
        """End all sessions and tokens of an account."""
        self._do(SESSIONS.delete().where(SESSIONS.c.user_id == user_id))

    def tokens(self, user_id: str) -> list[Row]:
        """The programs that may act for an account; not their secrets."""
        query = sa.select(SESSIONS.c.digest, SESSIONS.c.label, SESSIONS.c.created, SESSIONS.c.expires)
        return self._rows(query.where(SESSIONS.c.user_id == user_id, SESSIONS.c.kind == "api"))

    def end_token(self, user_id: str, digest: str) -> None:
        """Take a program's token back."""
        self._do(SESSIONS.delete().where(SESSIONS.c.digest == digest, SESSIONS.c.user_id == user_id))

    def forget_expired(self) -> None:
        """Remove sessions that have ended."""
        self._do(SESSIONS.delete().where(SESSIONS.c.expires <= time.time()))

    # audit

    def note(self, user: str, action: str, what: str = "", address: str = "") -> None:
        """Write a line into the audit log."""
        values = {"user": user[:64], "action": action, "what": what[:300], "address": address[:64]}
        self._do(AUDIT.insert().values(at=time.time(), **values))

    def audit(self, limit: int = 500) -> list[Row]:
        """The latest lines of the audit log."""
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
        return sa.or_(SCENARIOS.c.owner_id == person.id, SCENARIOS.c.sharing != "none")

    def scenarios(self, person: Person) -> list[Row]:
        """Scenarios that are a person's or shared, each with its latest version."""
        query = self._scenarios().where(self._seen_by(person))
        return self._rows(query.order_by(VERSIONS.c.created.desc()))

    def scenario(self, person: Person, scenario_id: str) -> Row | None:
        """One of them."""
        return self._row(self._scenarios().where(self._seen_by(person), SCENARIOS.c.id == scenario_id))

    def add_scenario(
        self, person: Person, scenario_id: str, name: str, origin: str, version: Mapping[str, Any]
    ) -> None:
        """A new scenario with its first version."""
        row = {"id": scenario_id, "name": name, "owner_id": person.id, "sharing": "none", "origin": origin[:80]}
        first = {"scenario_id": scenario_id, "number": 1, "author_id": person.id, "created": time.time(), **version}
        with self._engine.begin() as connection:
            connection.execute(SCENARIOS.insert().values(**row, created=time.time()))
            connection.execute(VERSIONS.insert().values(first))

    def add_version(self, person: Person, scenario_id: str, number: int, version: Mapping[str, Any]) -> bool:
        """A new version under its number; False where somebody was quicker. The key of the table decides."""
        row = {"scenario_id": scenario_id, "number": number, "author_id": person.id, "created": time.time(), **version}
        try:
            self._do(VERSIONS.insert().values(row))
        except sa.exc.IntegrityError:
            return False
        return True

    def versions(self, scenario_id: str) -> list[Row]:
        """Versions of a scenario, latest first, with their authors' names."""
        query = sa.select(VERSIONS, USERS.c.name.label("author")).join(USERS, USERS.c.id == VERSIONS.c.author_id)
        return self._rows(query.where(VERSIONS.c.scenario_id == scenario_id).order_by(VERSIONS.c.number.desc()))

    def version(self, scenario_id: str, number: int) -> Row | None:
        """One version."""
        return self._row(sa.select(VERSIONS).where(VERSIONS.c.scenario_id == scenario_id, VERSIONS.c.number == number))

    def change_scenario(self, scenario_id: str, **values: object) -> None:
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
        """Runs of scenarios that a person sees, latest first."""
        query = self._runs().where(self._seen_by(person), SCENARIOS.c.removed.is_(None))
        query = query.where(RUNS.c.scenario_id == scenario_id) if scenario_id else query
        query = query.where(RUNS.c.sweep == sweep) if sweep else query
        return self._rows(query.order_by(RUNS.c.created.desc()).limit(500))

    def run(self, person: Person, run_id: str) -> Row | None:
        """One of them."""
        query = self._runs().where(self._seen_by(person), SCENARIOS.c.removed.is_(None))
        return self._row(query.where(RUNS.c.id == run_id))

    def finished_like(self, person: Person, row: Row) -> Row | None:
        """The latest finished run of the same verb and options: of a run's scenario, else of one of the same origin."""
        own = RUNS.c.scenario_id == row["scenario_id"]
        akin = sa.and_(SCENARIOS.c.origin == row["origin"], SCENARIOS.c.origin != "upload")
        query = self._runs().where(self._seen_by(person), SCENARIOS.c.removed.is_(None), RUNS.c.status == "done")
        query = query.where(RUNS.c.verb == row["verb"], RUNS.c.options == row["options"], sa.or_(own, akin))
        return self._row(query.order_by(sa.case((own, 0), else_=1), RUNS.c.created.desc()))

    def add_run(self, **values: object) -> str:
        """A new run at the end of the queue."""
        run_id = auth.fresh_id()
        blank = {"reason": "", "attempt": 0, "process": "", "created": time.time(), "sweep": "", "of_run": ""}
        self._do(RUNS.insert().values({**blank, "id": run_id, "status": "queued", **values}))
        return run_id

    def followers(self, run_id: str) -> list[Row]:
        """Runs that work on the plan of a run, oldest first."""
        return self._rows(self._runs().where(RUNS.c.of_run == run_id).order_by(RUNS.c.created))

    def status(self, run_id: str) -> str:
        """The status of a run; blank where there is none."""
        found = self._row(sa.select(RUNS.c.status).where(RUNS.c.id == run_id))
        return str(found["status"]) if found else ""

    def change_run(self, run_id: str, only: str = "", **values: object) -> bool:
        """Change a run, if it (still) has the status `only`; whether it was."""
        statement = RUNS.update().where(RUNS.c.id == run_id)
        statement = statement.where(RUNS.c.status == only) if only else statement
        return self._do(statement.values(**values)) == 1

    def at(self, status: str) -> list[Row]:
        """Runs of a status, oldest first, with the folder of their version."""
        version = sa.and_(VERSIONS.c.scenario_id == RUNS.c.scenario_id, VERSIONS.c.number == RUNS.c.version)
        query = sa.select(RUNS, VERSIONS.c.folder).join(VERSIONS, version)
        return self._rows(query.where(RUNS.c.status == status).order_by(RUNS.c.created))

    def ahead(self, created: float) -> int:
        """How many runs wait before one that was created then."""
        query = sa.select(sa.func.count()).where(RUNS.c.status == "queued", RUNS.c.created < created)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())
