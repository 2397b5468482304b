"""Statements of sharing with named people, of deletion for good, and of the whole queue."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.storage.database_schema import COMMENTS, RUNS, SCENARIOS, SHARES, USERS, VERSIONS
from xisuan.studio.storage.repository import Row, Store


class UpkeepStore(Store):
    """Store with the statements of sharing, deletion and administration."""

    def shares(self, scenario_id: str) -> list[Row]:
        """Return the people with whom a scenario is shared by name, with their access."""
        query = sa.select(USERS.c.name, SHARES.c.access).join(USERS, USERS.c.id == SHARES.c.user_id)
        return self._rows(query.where(SHARES.c.scenario_id == scenario_id).order_by(USERS.c.name))

    def access(self, person: Person, scenario_id: str) -> str:
        """Return a user's access to a scenario by name: view, edit, or blank."""
        query = sa.select(SHARES.c.access).where(SHARES.c.scenario_id == scenario_id, SHARES.c.user_id == person.id)
        found = self._row(query)
        return str(found["access"]) if found else ""

    def set_share(self, scenario_id: str, user_id: str, access: str) -> None:
        """Set a user's access to a scenario; blank ends it."""
        mine = (SHARES.c.scenario_id == scenario_id, SHARES.c.user_id == user_id)
        with self._engine.begin() as connection:
            connection.execute(SHARES.delete().where(*mine))
            if access:
                values = {"scenario_id": scenario_id, "user_id": user_id, "access": access}
                connection.execute(SHARES.insert().values(values))

    def removed(self, person: Person) -> list[Row]:
        """Return the removed scenarios of a user, those of everybody for an administrator; latest first."""
        query = sa.select(SCENARIOS, USERS.c.name.label("owner")).join(USERS, USERS.c.id == SCENARIOS.c.owner_id)
        query = query.where(SCENARIOS.c.removed.is_not(None))
        query = query if person.administers else query.where(SCENARIOS.c.owner_id == person.id)
        return self._rows(query.order_by(SCENARIOS.c.removed.desc()))

    def delete_scenario(self, scenario_id: str) -> tuple[list[str], list[str]]:
        """Delete a scenario with its versions and runs. Return the folders of its versions and the ids of its runs."""
        folders = self._rows(sa.select(VERSIONS.c.folder).where(VERSIONS.c.scenario_id == scenario_id))
        runs = self._rows(sa.select(RUNS.c.id).where(RUNS.c.scenario_id == scenario_id))
        with self._engine.begin() as connection:
            connection.execute(COMMENTS.delete().where(COMMENTS.c.run_id.in_([row["id"] for row in runs])))
            for table in (RUNS, SHARES, VERSIONS):
                connection.execute(table.delete().where(table.c.scenario_id == scenario_id))
            connection.execute(SCENARIOS.delete().where(SCENARIOS.c.id == scenario_id))
        return [row["folder"] for row in folders], [row["id"] for row in runs]

    def delete_run(self, run_id: str) -> None:
        """Delete a run with its comments."""
        with self._engine.begin() as connection:
            connection.execute(COMMENTS.delete().where(COMMENTS.c.run_id == run_id))
            connection.execute(RUNS.delete().where(RUNS.c.id == run_id))

    def comments(self, run_id: str) -> list[Row]:
        """Return the comments on a run with their authors' names, oldest first."""
        query = sa.select(COMMENTS, USERS.c.name.label("author")).join(USERS, USERS.c.id == COMMENTS.c.user_id)
        return self._rows(query.where(COMMENTS.c.run_id == run_id).order_by(COMMENTS.c.at, COMMENTS.c.id))

    def add_comment(self, run_id: str, user_id: str, text: str) -> str:
        """Add a comment to a run. Return its id."""
        row = {"id": auth.new_id(), "run_id": run_id, "user_id": user_id, "at": time.time(), "text": text}
        self._do(COMMENTS.insert().values(row))
        return str(row["id"])

    def delete_comment(self, comment_id: str) -> None:
        """Delete a comment."""
        self._do(COMMENTS.delete().where(COMMENTS.c.id == comment_id))

    def run_ids(self, user_id: str) -> list[str]:
        """Return the ids of all runs of a user, also of removed scenarios."""
        return [row["id"] for row in self._rows(sa.select(RUNS.c.id).where(RUNS.c.owner_id == user_id))]

    def version_folders(self, user_id: str) -> list[str]:
        """Return the folders of all versions of a user's scenarios, also of removed ones."""
        query = sa.select(VERSIONS.c.folder).join(SCENARIOS, SCENARIOS.c.id == VERSIONS.c.scenario_id)
        return [row["folder"] for row in self._rows(query.where(SCENARIOS.c.owner_id == user_id))]

    def active(self) -> list[Row]:
        """Return the queued and running runs of everybody: running ones first, then in the order of the queue."""
        first: sa.ColumnElement[Any] = sa.case((RUNS.c.status == "running", 0), else_=1)
        query = self._runs().where(RUNS.c.status.in_(("queued", "running")))
        return self._rows(query.order_by(first, RUNS.c.created))
