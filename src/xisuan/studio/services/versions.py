"""Verbs on versions of a scenario: read, check and save tables and options; compare; download."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from xisuan.errors import Problem
from xisuan.scenario.reading import manifest
from xisuan.studio.auth import Person
from xisuan.studio.editing import (
    code_names,
    hourly_curves,
    job_choices,
    table_import,
    table_merge,
    table_rows,
    version_diff,
)
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.service_base import Service, line
from xisuan.studio.storage import downloads, scenario_versions, upload_process, uploads
from xisuan.studio.storage.repository import Row
from xisuan.studio.storage.scenario_versions import Checked
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

LONGEST_NOTE = 200
README = "README.md"
TableForm = Literal["csv", "xlsx"]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table of a version for display: columns, rows, the line of each row in its file, and the version."""

    name: str
    version: int
    columns: list[str]
    rows: list[table_rows.Row]
    lines: list[int]


class Versions(Service):
    """Verbs on the contents of a scenario."""

    def versions(self, person: Person, scenario_id: str) -> list[Row]:
        """Return the versions of a scenario, latest first."""
        self.scenario(person, scenario_id)
        return self.store.versions(scenario_id)

    def problems(self, person: Person, scenario_id: str, number: int | None = None) -> list[Problem]:
        """Return what `check` reports for a version."""
        return self.folders.problems(self._version(person, scenario_id, number)["folder"])

    def readme(self, person: Person, scenario_id: str) -> str:
        """Return the README of the latest version's folder, in Markdown; blank without one."""
        path = self._folder(person, scenario_id, None) / README
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def tables(self, person: Person, scenario_id: str, number: int | None = None) -> list[str]:
        """Return the names of a version's tables."""
        return table_rows.tables_of(self._folder(person, scenario_id, number))

    def table(self, person: Person, scenario_id: str, name: str, number: int | None = None) -> Table:
        """Return a table of a version; without rows if the version does not have it."""
        version = self._version(person, scenario_id, number)
        folder = self.folders.folder(version["folder"])
        table_rows.table(name)
        _, rows, lines = table_rows.read_lined(folder, name)
        return Table(name, version["number"], table_rows.columns_of(folder, name), rows, lines)

    def table_file(
        self, person: Person, scenario_id: str, name: str, form: TableForm, number: int | None = None
    ) -> bytes:
        """Return a table of a version as CSV or as an Excel workbook, which an import of a table reads back."""
        table_rows.table(name)
        make = downloads.table_csv if form == "csv" else downloads.table_workbook
        return self.worker.run(make, self._folder(person, scenario_id, number), name)

    def choices(self, person: Person, scenario_id: str, number: int | None = None) -> dict[str, list[str]]:
        """Return the values that the tables of a version offer for options of jobs, by the option's name."""
        return job_choices.choices(self._folder(person, scenario_id, number))

    def code_names(
        self, person: Person, scenario_id: str, name: str, language: Language
    ) -> dict[str, Mapping[str, str]]:
        """Return the titles of the codes in a table of the latest version: column → code → title."""
        return code_names.names(self._folder(person, scenario_id, None), name, language)

    def asset_titles(self, person: Person, scenario_id: str, number: int, language: Language) -> dict[str, str]:
        """Return the titles of sites, links and technologies of a version by their codes."""
        return code_names.asset_titles(self._folder(person, scenario_id, number), language)

    def options(self, person: Person, scenario_id: str, number: int | None = None) -> dict[str, str]:
        """Return the options of a version, as text."""
        return table_rows.options(self._folder(person, scenario_id, number))

    def known_values(self, person: Person, scenario_id: str, language: Language) -> dict[str, dict[str, str]]:
        """Return the values that the tables of the latest version offer for options: option → value → title."""
        return code_names.option_values(self._folder(person, scenario_id, None), language)

    def periods(self, person: Person, scenario_id: str) -> list[int]:
        """Return the years of the periods of the latest version."""
        return [*table_rows.settings(self._folder(person, scenario_id, None)).periods]

    def try_tables(
        self, person: Person, scenario_id: str, tables: Tables, kept: Sequence[hourly_curves.Kept] = ()
    ) -> list[Problem]:
        """Return what `check` reports with these rows and the curves `kept` added, without saving."""
        row = self.scenario(person, scenario_id)
        with self.folders.draft(row["folder"], self._texts(tables) | self._curves(row, tables, kept)) as draft:
            return list(self.worker.run(scenario_versions.check, str(draft)).problems)

    def try_table(
        self, person: Person, scenario_id: str, name: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[Problem]:
        """Return what `check` reports with these rows of one table, without saving."""
        return self.try_tables(person, scenario_id, {name: rows})

    def flattened(
        self, person: Person, scenario_id: str, name: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[hourly_curves.Flat]:
        """Return cells in which these rows have a number and the latest version an hourly curve."""
        folder = self._folder(person, scenario_id, None)
        found = hourly_curves.flat(folder, name, rows)
        return self.worker.run(hourly_curves.measured, str(folder), found) if found else []

    def free_curve(self, person: Person, scenario_id: str, profile: str, mean: float) -> str:
        """Return an unused name for the shape of a curve at another mean."""
        return hourly_curves.named(profile, mean, hourly_curves.names(self._folder(person, scenario_id, None)))

    def save_tables(
        self,
        person: Person,
        scenario_id: str,
        tables: Tables,
        base: int,
        note: str = "",
        kept: Sequence[hourly_curves.Kept] = (),
    ) -> tuple[int, list[Problem]]:
        """Save a new version with these rows, and with the curves `kept` that they name.

        Raises RefusedError 409 if there is a later version than `base`.
        """  # fmt: skip
        row = self._editable(person, scenario_id)
        texts = self._texts(tables) | self._curves(row, tables, kept)
        return self._save(person, scenario_id, texts, base, note or ", ".join(tables))

    def read_table(self, person: Person, scenario_id: str, name: str, data: bytes) -> table_import.Imported:
        """Return the rows of a CSV file or a workbook for a table, without saving. Raises RefusedError."""
        self._editable(person, scenario_id)
        have = self.table(person, scenario_id, name).columns
        return upload_process.receive_table(name, data, have, self.limits)

    def merge_table(
        self, person: Person, scenario_id: str, name: str, rows: Sequence[Mapping[str, Any]], base: int
    ) -> tuple[table_merge.Merge, int]:
        """Return these rows merged with the latest version, both changed since version `base`, and its number.

        Raises RefusedError if rows cannot be told apart by their key.
        """
        latest = self.table(person, scenario_id, name)
        before = self.table(person, scenario_id, name, base)
        return table_merge.merge(name, before.rows, rows, latest.rows), latest.version

    def save_table(
        self, person: Person, scenario_id: str, name: str, rows: Sequence[Mapping[str, Any]], base: int, note: str = ""
    ) -> tuple[int, list[Problem]]:
        """Save a new version with these rows of one table."""
        return self.save_tables(person, scenario_id, {name: rows}, base, note)

    def _curves(self, row: Row, tables: Tables, kept: Sequence[hourly_curves.Kept]) -> dict[str, str | bytes | None]:
        """Return files with those of the curves `kept` that a cell names."""
        cells = {str(cell) for rows in tables.values() for one in rows for cell in one.values()}
        used = [one for one in kept if one.name in cells]
        return dict(self.worker.run(hourly_curves.texts, str(self.folders.folder(row["folder"])), used)) if used else {}

    def _texts(self, tables: Tables) -> dict[str, str | bytes | None]:
        """Return files of a scenario folder by name, with these rows."""
        return {
            f"{table_rows.table(name).name}.csv": table_rows.text(name, rows, self.limits)
            for name, rows in tables.items()
        }

    def save_options(
        self, person: Person, scenario_id: str, changes: Mapping[str, str], base: int, note: str = ""
    ) -> tuple[int, list[Problem]]:
        """Save a new version with some options changed. Raises RefusedError, ScenarioError."""
        row = self._editable(person, scenario_id)
        if {"name", "extends", "drop"} & set(changes):
            raise RefusedError(422, _("name, extends and drop cannot be changed here"))
        uploads.check_manifest(sum(len(value.encode()) for value in changes.values()), self.limits)
        text = table_rows.manifest_text(self.folders.folder(row["folder"]), changes)
        return self._save(person, scenario_id, {manifest.FILE: text}, base, note or ", ".join(changes))

    def restore(self, person: Person, scenario_id: str, number: int, base: int) -> tuple[int, list[Problem]]:
        """Save a new version with the contents of an earlier one."""
        self._editable(person, scenario_id)
        old = self._folder(person, scenario_id, number)
        changes: dict[str, str | bytes | None] = {path.name: path.read_bytes() for path in old.iterdir()}
        now = self._folder(person, scenario_id, None)
        changes |= {path.name: None for path in now.iterdir() if path.name not in changes}
        return self._save(person, scenario_id, changes, base, f"as version {number}")

    def _save(
        self, person: Person, scenario_id: str, changes: scenario_versions.Texts, base: int, note: str
    ) -> tuple[int, list[Problem]]:
        row = self.scenario(person, scenario_id)
        if row["version"] != base:
            raise self._overtaken(scenario_id, base)
        with self.folders.draft(row["folder"], changes) as draft:
            checked: Checked = self.worker.run(scenario_versions.check, str(draft))
            room = self.folders.keep(draft, checked)
        version = {"folder": room, "note": line(note, LONGEST_NOTE), **checked.columns}
        if not self.store.add_version(person, scenario_id, base + 1, version):
            self.folders.discard(room)
            raise self._overtaken(scenario_id, base)
        self.store.note(person.name, "save", f"{row['name']} ({scenario_id}) v{base + 1}: {note}")
        return base + 1, list(checked.problems)

    def _overtaken(self, scenario_id: str, base: int) -> RefusedError:
        latest = self.store.versions(scenario_id)[0]
        return RefusedError(
            409,
            _(
                "{author} saved version {latest} while you worked on version {base}; your changes were not saved, and"
                " the other version is unchanged: note your changes, load the page again, and enter them there",
                author=latest["author"],
                latest=latest["number"],
                base=base,
            ),
        )

    def diff(self, person: Person, scenario_id: str, before: int, after: int) -> list[version_diff.Change]:
        """Return the differences of version `after` from `before`."""
        folders = [self._folder(person, scenario_id, number) for number in (before, after)]
        return version_diff.between(*folders)

    def download(self, person: Person, scenario_id: str, kind: Literal["zip", "xlsx"], number: int | None) -> bytes:
        """Return a version as a file to download."""
        folder = self._folder(person, scenario_id, number)
        if kind == "zip":
            return downloads.scenario_zip(folder, self.scenario(person, scenario_id)["name"])
        return self.worker.run(downloads.workbook, folder)
