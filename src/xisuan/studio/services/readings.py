"""Verbs on bulletins: read an uploaded file, show it for review, and save the accepted figures."""

from __future__ import annotations

import time
from pathlib import Path

from xisuan.errors import Problem
from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.editing import bulletin_readings
from xisuan.studio.editing.bulletin_readings import Read
from xisuan.studio.http_errors import RefusedError, unknown
from xisuan.studio.services.versions import Versions
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

KEPT_SECONDS = 7 * 86_400
"""Time for which a page for review is kept."""
LARGEST = 10 * 2**20
"""Bytes of a bulletin."""


class Readings(Versions):
    """Verbs on bulletins."""

    def read_bulletin(
        self, person: Person, scenario_id: str, data: bytes, name: str, published: str, region: str
    ) -> tuple[str, Read]:
        """Return a bulletin's reading, and the id under which its pages for review are kept for a week."""
        self._planner(person)
        folder = self._folder(person, scenario_id, None)
        if len(data) > LARGEST:
            raise RefusedError(413, _("a bulletin has at most {most} MB", most=LARGEST // 2**20))
        found = self.worker.run(bulletin_readings.read, data, name, published, region, str(folder))
        place = self._readings()
        for old in place.glob("*.html"):
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink(missing_ok=True)
        reading_id = auth.new_id()
        for language, page in found.pages.items():
            (place / _file(scenario_id, reading_id, language)).write_text(page, encoding="utf-8")
        self.store.note(person.name, "read", f"{scenario_id}: {name}")
        return reading_id, found

    def reading(self, person: Person, scenario_id: str, reading_id: str, language: Language) -> str:
        """Return the page for review of a bulletin that was read. Raises RefusedError."""
        self.scenario(person, scenario_id)
        path = self._readings() / _file(scenario_id, reading_id, language)
        if not path.is_file():
            raise unknown(_("reading"))
        return path.read_text(encoding="utf-8")

    def add_observations(self, person: Person, scenario_id: str, rows: str, base: int) -> tuple[int, list[Problem]]:
        """Save a new version with accepted figures, given as a table of observations in CSV.

        Raises RefusedError 409 if there is a later version than `base`.
        """
        self._editable(person, scenario_id)
        found = self.worker.run(bulletin_readings.added, rows, str(self._folder(person, scenario_id, base)))
        note = f"read: {found.added} new, {found.replaced} replaced"
        return self._save(person, scenario_id, found.files, base, note)

    def _readings(self) -> Path:
        place = self.configuration.data / "readings"
        place.mkdir(parents=True, exist_ok=True)
        return place


def _file(scenario_id: str, reading_id: str, language: Language) -> str:
    """Return the name of the file of a page for review."""
    return f"{scenario_id}-{reading_id}.{language}.html"
