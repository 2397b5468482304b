"""Verbs on whole scenarios: create, copy, upload, share, remove."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.variants.provinces import province_list
from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError, forbidden
from xisuan.studio.services.quotas import Quotas
from xisuan.studio.services.service_base import line
from xisuan.studio.storage import scenario_versions, upload_process
from xisuan.studio.storage.repository import Row
from xisuan.studio.storage.scenario_versions import Checked
from xisuan.text.translation import message as _

SHARING = ("none", "view", "edit")


class Scenarios(Quotas):
    """Verbs on whole scenarios."""

    def scenarios(self, person: Person) -> list[Row]:
        """Return the scenarios that are the user's or shared."""
        return self.store.scenarios(person)

    def new(self, person: Person, name: str, base: str, title: str = "") -> str:
        """Create a scenario from a shipped one, with all its tables. Return its id."""
        self._planner(person)
        if base not in scenario_versions.shipped_titles():
            raise RefusedError(422, _("there is no shipped scenario {base}", base=shown(base)))
        self._named(name)

        def make(draft: Path) -> Checked:
            draft.rmdir()
            self.worker.run(scenario_versions.write_shipped, base, line(title, 200), str(draft))
            return self.worker.run(scenario_versions.check, str(draft))

        return self._add(person, name, base, make)

    def new_province(self, person: Person, name: str, code: str, periods: Sequence[int] = ()) -> str:
        """Create a scenario of a province of China on top of the nation. Return its id.

        periods: first years of the periods; none for those of the nation. Raises RefusedError, ScenarioError.
        """
        self._planner(person)
        if code not in {one.code for one in province_list.provinces()}:
            raise RefusedError(422, _("{code} is no province; choose one of the list", code=shown(code) or "–"))
        self._named(name)

        def make(draft: Path) -> Checked:
            draft.rmdir()
            years = tuple(sorted(set(periods)))
            self.worker.run(scenario_versions.write_province, code, name, years, str(draft))
            return self.worker.run(scenario_versions.check, str(draft))

        return self._add(person, name, code, make)

    def copy(self, person: Person, scenario_id: str, name: str) -> str:
        """Create a scenario as a copy of another's latest version. Return its id."""
        self._planner(person)
        row = self.scenario(person, scenario_id)
        self._named(name)

        def make(draft: Path) -> Checked:
            shutil.copytree(self.folders.folder(row["folder"]), draft, dirs_exist_ok=True)
            return self.worker.run(scenario_versions.check, str(draft))

        return self._add(person, name, row["name"], make)

    def upload(self, person: Person, name: str, data: bytes) -> str:
        """Create a scenario from a zip or a workbook. Return its id."""
        self._planner(person)
        self._named(name)
        return self._add(person, name, "upload", lambda draft: upload_process.receive(data, draft, self.limits))

    def _add(self, person: Person, name: str, origin: str, make: Callable[[Path], Checked]) -> str:
        self._require_quota(person)
        with self.folders.draft(None, {}) as draft:
            checked = make(draft)
            room = self.folders.keep(draft, checked)
        scenario_id = auth.new_id()
        version = {"folder": room, "note": "", **checked.columns}
        self.store.add_scenario(person, scenario_id, name, origin, version)
        self.store.note(person.name, "new", f"{name} ({scenario_id}) ← {origin}")
        return scenario_id

    @staticmethod
    def _named(name: str) -> None:
        if not manifest.NAME.fullmatch(name):
            near = manifest.nearest_name(name)
            raise RefusedError(
                422,
                _(
                    "a scenario's name has at most 64 letters, Chinese characters, digits, - and _, and no spaces:"
                    " write {near}",
                    near=near,
                ),
            )

    def share(self, person: Person, scenario_id: str, sharing: str) -> None:
        """Let others view a scenario, edit it, or neither."""
        row = self._own(person, scenario_id)
        if sharing not in SHARING:
            raise RefusedError(422, _("sharing is one of {known}", known=", ".join(SHARING)))
        self.store.change_scenario(row["id"], sharing=sharing)
        self.store.note(person.name, "share", f"{row['name']} ({scenario_id}): {sharing}")

    def remove(self, person: Person, scenario_id: str) -> None:
        """Remove a scenario and its runs from the lists; the files stay, for an administrator to restore."""
        row = self._own(person, scenario_id)
        for run in self.store.runs(person, scenario_id):
            self.queue.cancel(run["id"])
        self.store.change_scenario(row["id"], removed=time.time())
        self.store.note(person.name, "remove", f"{row['name']} ({scenario_id})")

    def _own(self, person: Person, scenario_id: str) -> Row:
        row = self.scenario(person, scenario_id)
        if row["owner_id"] != person.id or not person.plans:
            raise forbidden(_("only the owner can do this"))
        return row
