"""Base of all services: database, folders of versions, worker process and queue, and permissions on scenarios."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from xisuan.scenario.queries import subject_tables
from xisuan.studio.auth import Person
from xisuan.studio.configuration import Configuration
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import forbidden, unknown
from xisuan.studio.jobs.job_queue import Queue
from xisuan.studio.jobs.worker_process import Worker
from xisuan.studio.storage.repository import Row
from xisuan.studio.storage.scenario_versions import VersionFolders
from xisuan.studio.storage.upkeep import UpkeepStore
from xisuan.text.translation import message as _


class Service:
    """Shared resources of all services, and the permission checks of each verb."""

    def __init__(self, configuration: Configuration, store: UpkeepStore) -> None:
        self.configuration, self.store = configuration, store
        self.limits = configuration.limits
        self.folders = VersionFolders(configuration.data)
        self.worker = Worker()
        self.queue = Queue(store, configuration.data, configuration.limits, configuration.workers)

    def scenario(self, person: Person, scenario_id: str) -> Row:
        """Return a scenario, with what the user and its latest version can do. Raises RefusedError."""
        found = self.store.scenario(person, scenario_id)
        if found is None:
            raise unknown(_("scenario"))
        has_rows = partial(table_rows.has_rows, self.folders.folder(found["folder"]))
        return found | {
            "may_edit": self._may_edit(person, found),
            "mine": found["owner_id"] == person.id,
            "can_be_planned": subject_tables.can_be_planned(has_rows),
            "can_be_tracked": subject_tables.can_be_tracked(has_rows),
        }

    def _may_edit(self, person: Person, row: Row) -> bool:
        if not person.plans:
            return False
        mine = row["owner_id"] == person.id or row["sharing"] == "edit"
        return bool(mine or self.store.access(person, row["id"]) == "edit")

    def _editable(self, person: Person, scenario_id: str) -> Row:
        row = self.scenario(person, scenario_id)
        if not row["may_edit"]:
            raise forbidden(_("this scenario is shared with you for viewing; copy it to change it"))
        return row

    def _planner(self, person: Person) -> None:
        if person.access.scope == "read":
            raise forbidden(_("this token has the scope read; create one with the scope plan"))
        if not person.plans:
            raise forbidden(
                _("your role is viewer; ask an administrator for the role of planner to change or run scenarios")
            )

    def _version(self, person: Person, scenario_id: str, number: int | None) -> Row:
        row = self.scenario(person, scenario_id)
        found = self.store.version(scenario_id, row["version"] if number is None else number)
        if found is None:
            raise unknown(_("version"))
        return found

    def _require_plannable(self, version: Row) -> None:
        """Raise ScenarioError for a version without assets to plan."""
        subject_tables.require_planned(partial(table_rows.has_rows, self.folders.folder(version["folder"])))

    def _folder(self, person: Person, scenario_id: str, number: int | None) -> Path:
        return self.folders.folder(self._version(person, scenario_id, number)["folder"])


def line(text: str, longest: int) -> str:
    """Return a user's text on one line, cut to the length of a list entry."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()[:longest]
