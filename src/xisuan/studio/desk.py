"""What people can do in the studio, each verb once: the API and the pages call nothing else.

Every verb takes the person first, asks whether they may, and writes what changes something into the audit log.
"""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from xisuan.errors import Problem
from xisuan.report.figures import Language
from xisuan.scenario import manifest
from xisuan.scenario.findings import shown
from xisuan.studio import archive, diff, grid, levers, people, shelf, verdict
from xisuan.studio.bench import Bench
from xisuan.studio.configuration import Configuration
from xisuan.studio.people import Person
from xisuan.studio.queue import GIVEN, RESULT, Queue
from xisuan.studio.refusal import RefusedError, forbidden, unknown
from xisuan.studio.shelf import Checked, Shelf
from xisuan.studio.store import Row, Store

SHARING = ("none", "view", "edit")
LONGEST_NOTE, LONGEST_LABEL = 200, 120
NAME_OF_LOCAL = "local"
MOST_QUEUED = 50
"""Runs that one person may have waiting."""
FILES = {
    "report.html": "text/html; charset=utf-8",
    "report.zh.html": "text/html; charset=utf-8",
    "tables.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "plan.json": "application/json",
}
"""Files of a run that are handed out as they are; tables come besides."""


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table of a version as it is shown: columns, rows, and the version it is of."""

    name: str
    version: int
    columns: list[str]
    rows: list[grid.Row]


class Desk:
    """The verbs of the studio."""

    def __init__(self, configuration: Configuration, store: Store) -> None:
        self.configuration, self.store = configuration, store
        self.limits = configuration.limits
        self.shelf = Shelf(configuration.data)
        self.bench = Bench()
        self.queue = Queue(store, configuration.data, configuration.limits, configuration.workers)

    def open(self) -> None:
        """Begin to work."""
        self.store.forget_expired()
        self.queue.start()

    def close(self) -> None:
        """End work; what runs goes back into the queue."""
        self.queue.stop()
        self.bench.close()
        self.store.close()

    # scenarios

    def scenarios(self, person: Person) -> list[Row]:
        """Scenarios that are the person's or shared."""
        return self.store.scenarios(person)

    def scenario(self, person: Person, scenario_id: str) -> Row:
        """One of them. Raises RefusedError."""
        found = self.store.scenario(person, scenario_id)
        if found is None:
            raise unknown("scenario")
        return found | {"may_edit": self._may_edit(person, found), "mine": found["owner_id"] == person.id}

    @staticmethod
    def _may_edit(person: Person, row: Row) -> bool:
        return person.plans and (row["owner_id"] == person.id or row["sharing"] == "edit")

    def _editable(self, person: Person, scenario_id: str) -> Row:
        row = self.scenario(person, scenario_id)
        if not row["may_edit"]:
            raise forbidden("this scenario is shared with you to look at; make a copy of it to change it")
        return row

    def _planner(self, person: Person) -> None:
        if not person.plans:
            raise forbidden("a viewer looks; ask an administrator for the role of planner to change or run anything")

    def new(self, person: Person, name: str, base: str, title: str = "") -> str:
        """A scenario from a shipped one, with all its tables; its id."""
        self._planner(person)
        if base not in shelf.shipped():
            raise RefusedError(422, f"there is no shipped scenario {shown(base)}")
        self._named(name)

        def make(draft: Path) -> None:
            draft.rmdir()
            self.bench.do(shelf.from_shipped, base, _line(title, 200), str(draft))

        return self._add(person, name, base, make)

    def copy(self, person: Person, scenario_id: str, name: str) -> str:
        """A scenario of one's own that begins as another is now; its id."""
        self._planner(person)
        row = self.scenario(person, scenario_id)
        self._named(name)

        def make(draft: Path) -> None:
            shutil.copytree(self.shelf.folder(row["folder"]), draft, dirs_exist_ok=True)

        return self._add(person, name, row["name"], make)

    def upload(self, person: Person, name: str, data: bytes) -> str:
        """A scenario from a zip or a workbook; its id."""
        self._planner(person)
        self._named(name)
        files = archive.opened(data, self.limits)
        for file, content in files.items():
            if file.endswith(".csv"):
                _refuse_formulas(file, content)

        def make(draft: Path) -> None:
            for file, content in files.items():
                (draft / file).write_bytes(content)
            shelf.ready(files, draft, lambda folder: self.bench.do(shelf.standing_alone, folder))

        return self._add(person, name, "upload", make)

    def _add(self, person: Person, name: str, origin: str, make: Callable[[Path], None]) -> str:
        with self.shelf.draft(None, {}) as draft:
            make(draft)
            checked = self.bench.do(shelf.check, str(draft))
            room = self.shelf.keep(draft, checked)
        scenario_id = people.fresh_id()
        version = {"folder": room, "note": "", **checked.columns}
        self.store.add_scenario(person, scenario_id, name, origin, version)
        self.store.note(person.name, "new", f"{scenario_id} {name} from {origin}")
        return scenario_id

    @staticmethod
    def _named(name: str) -> None:
        if not manifest.NAME.fullmatch(name):
            raise RefusedError(422, "a scenario's name has letters, digits, - and _ only, at most 64")

    def share(self, person: Person, scenario_id: str, sharing: str) -> None:
        """Let others look at a scenario, or change it, or neither."""
        row = self._own(person, scenario_id)
        if sharing not in SHARING:
            raise RefusedError(422, f"sharing is one of {', '.join(SHARING)}")
        self.store.change_scenario(row["id"], sharing=sharing)
        self.store.note(person.name, "share", f"{scenario_id} {sharing}")

    def remove(self, person: Person, scenario_id: str) -> None:
        """Take a scenario and its runs off the lists; what is on disk stays, for an administrator to restore."""
        row = self._own(person, scenario_id)
        for run in self.store.runs(person, scenario_id):
            self.queue.cancel(run["id"])
        self.store.change_scenario(row["id"], removed=time.time())
        self.store.note(person.name, "remove", scenario_id)

    def _own(self, person: Person, scenario_id: str) -> Row:
        row = self.scenario(person, scenario_id)
        if row["owner_id"] != person.id or not person.plans:
            raise forbidden("only the owner may do this")
        return row

    # versions and tables

    def versions(self, person: Person, scenario_id: str) -> list[Row]:
        """Versions of a scenario, latest first."""
        self.scenario(person, scenario_id)
        return self.store.versions(scenario_id)

    def _version(self, person: Person, scenario_id: str, number: int | None) -> Row:
        row = self.scenario(person, scenario_id)
        found = self.store.version(scenario_id, row["version"] if number is None else number)
        if found is None:
            raise unknown("version")
        return found

    def _folder(self, person: Person, scenario_id: str, number: int | None) -> Path:
        return self.shelf.folder(self._version(person, scenario_id, number)["folder"])

    def problems(self, person: Person, scenario_id: str, number: int | None = None) -> list[Problem]:
        """What `check` says of a version."""
        return self.shelf.problems(self._version(person, scenario_id, number)["folder"])

    def tables(self, person: Person, scenario_id: str, number: int | None = None) -> list[str]:
        """Names of the tables a version has."""
        return grid.tables_of(self._folder(person, scenario_id, number))

    def table(self, person: Person, scenario_id: str, name: str, number: int | None = None) -> Table:
        """A table of a version; without rows where the version has none."""
        version = self._version(person, scenario_id, number)
        folder = self.shelf.folder(version["folder"])
        grid.table(name)
        return Table(name, version["number"], grid.columns_of(folder, name), grid.read(folder, name)[1])

    def options(self, person: Person, scenario_id: str, number: int | None = None) -> dict[str, str]:
        """The options of a version, as text."""
        return grid.options(self._folder(person, scenario_id, number))

    def try_table(
        self, person: Person, scenario_id: str, name: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[Problem]:
        """What `check` would say with these rows; nothing is saved."""
        row = self.scenario(person, scenario_id)
        with self.shelf.draft(
            row["folder"], {f"{grid.table(name).name}.csv": grid.text(name, rows, self.limits)}
        ) as draft:
            return list(self.bench.do(shelf.check, str(draft)).problems)

    def save_table(
        self, person: Person, scenario_id: str, name: str, rows: Sequence[Mapping[str, Any]], base: int, note: str = ""
    ) -> tuple[int, list[Problem]]:
        """A new version with these rows. Raises RefusedError 409 where there is a later one than `base`."""
        self._editable(person, scenario_id)
        text = grid.text(name, rows, self.limits)
        return self._save(person, scenario_id, {f"{grid.table(name).name}.csv": text}, base, note or name)

    def save_options(
        self, person: Person, scenario_id: str, changes: Mapping[str, str], base: int, note: str = ""
    ) -> tuple[int, list[Problem]]:
        """A new version with some options changed. Raises RefusedError, ScenarioError."""
        row = self._editable(person, scenario_id)
        if {"name", "extends", "drop"} & set(changes):
            raise RefusedError(422, "name, extends and drop are not changed here")
        text = grid.manifest_text(self.shelf.folder(row["folder"]), changes)
        return self._save(person, scenario_id, {manifest.FILE: text}, base, note or ", ".join(changes))

    def restore(self, person: Person, scenario_id: str, number: int, base: int) -> tuple[int, list[Problem]]:
        """A new version that is as an earlier one was."""
        self._editable(person, scenario_id)
        old = self._folder(person, scenario_id, number)
        changes: dict[str, str | bytes | None] = {path.name: path.read_bytes() for path in old.iterdir()}
        now = self._folder(person, scenario_id, None)
        changes |= {path.name: None for path in now.iterdir() if path.name not in changes}
        return self._save(person, scenario_id, changes, base, f"as version {number}")

    def _save(
        self, person: Person, scenario_id: str, changes: shelf.Texts, base: int, note: str
    ) -> tuple[int, list[Problem]]:
        row = self.scenario(person, scenario_id)
        if row["version"] != base:
            raise self._overtaken(scenario_id, base)
        with self.shelf.draft(row["folder"], changes) as draft:
            checked: Checked = self.bench.do(shelf.check, str(draft))
            room = self.shelf.keep(draft, checked)
        version = {"folder": room, "note": _line(note, LONGEST_NOTE), **checked.columns}
        if not self.store.add_version(person, scenario_id, base + 1, version):
            self.shelf.discard(room)
            raise self._overtaken(scenario_id, base)
        self.store.note(person.name, "save", f"{scenario_id} version {base + 1}: {note}")
        return base + 1, list(checked.problems)

    def _overtaken(self, scenario_id: str, base: int) -> RefusedError:
        latest = self.store.versions(scenario_id)[0]
        what = f"{latest['author']} saved version {latest['number']} while you worked on version {base}"
        return RefusedError(409, f"{what}; nothing of yours was saved and nothing of theirs was overwritten")

    def diff(self, person: Person, scenario_id: str, before: int, after: int) -> list[diff.Change]:
        """What version `after` says otherwise than `before`."""
        folders = [self._folder(person, scenario_id, number) for number in (before, after)]
        return diff.between(*folders)

    def download(self, person: Person, scenario_id: str, kind: Literal["zip", "xlsx"], number: int | None) -> bytes:
        """A version as a file to take along."""
        folder = self._folder(person, scenario_id, number)
        if kind == "zip":
            return archive.packed(folder, self.scenario(person, scenario_id)["name"])
        return self.bench.do(archive.workbook, folder)

    # runs

    def runs(self, person: Person, scenario_id: str = "", sweep: str = "") -> list[Row]:
        """Runs of scenarios that the person sees, latest first."""
        return self.store.runs(person, scenario_id, sweep)

    def run(self, person: Person, run_id: str) -> Row:
        """One of them, with its place in the queue. Raises RefusedError."""
        found = self.store.run(person, run_id)
        if found is None:
            raise unknown("run")
        ahead = self.store.ahead(found["created"]) if found["status"] == "queued" else 0
        return found | {
            "ahead": ahead,
            "may_change": person.plans and (found["owner_id"] == person.id or person.administers),
        }

    def submit(self, person: Person, scenario_id: str, number: int | None = None, label: str = "") -> str:
        """Put a run of a version into the queue; its id."""
        self._planner(person)
        version = self._version(person, scenario_id, number)
        if version["errors"]:
            raise self._unready(version)
        self._room(person, 1)
        return self._queued(person, version, label)

    @staticmethod
    def _unready(version: Row) -> RefusedError:
        number, errors = version["number"], version["errors"]
        return RefusedError(422, f"version {number} has {errors} problems to mend before it can be run")

    def _queued(self, person: Person, version: Row, label: str, sweep: str = "", run_id: str = "") -> str:
        values = {"scenario_id": version["scenario_id"], "version": version["number"], "owner_id": person.id}
        more = {"id": run_id} if run_id else {}
        run_id = self.store.add_run(**values, label=_line(label, LONGEST_LABEL), sweep=sweep, **more)
        self.store.note(person.name, "run", f"{run_id} of {version['scenario_id']} version {version['number']}")
        self.queue.wake()
        return run_id

    def _room(self, person: Person, more: int) -> None:
        waiting = [row for row in self.store.at("queued") if row["owner_id"] == person.id]
        if len(waiting) + more > MOST_QUEUED:
            raise RefusedError(429, f"{MOST_QUEUED} runs of yours are waiting; let them finish, or cancel some")

    def sweep(self, person: Person, scenario_id: str, lever: str, values: Sequence[float]) -> str:
        """A run for each value of a lever; the id of the sweep."""
        self._planner(person)
        version = self._version(person, scenario_id, None)
        if version["errors"]:
            raise self._unready(version)
        steps = levers.checked(values)
        self._room(person, len(steps))
        ids = [people.fresh_id() for _ in steps]
        places = [self.queue.folder(run_id) / GIVEN / "scenario" for run_id in ids]
        for place in places:
            place.parent.mkdir(parents=True)
        folder = str(self.shelf.folder(version["folder"]))
        self.bench.do(levers.pull, folder, lever, steps, [str(place) for place in places])
        sweep = people.fresh_id()
        for run_id, step in zip(ids, steps, strict=True):
            self._queued(person, version, levers.label(lever, step), sweep, run_id)
        return sweep

    def sweep_between(self, person: Person, scenario_id: str, lever: str, low: float, high: float, count: int) -> str:
        """A run for each of `count` values of a lever from `low` to `high` percent; the id of the sweep."""
        return self.sweep(person, scenario_id, lever, levers.between(low, high, count))

    def levers(self, person: Person, scenario_id: str) -> list[str]:
        """Levers that move something in the latest version."""
        folder = self._folder(person, scenario_id, None)
        return self.bench.do(levers.known, str(folder))

    def cancel(self, person: Person, run_id: str) -> None:
        """End a run that waits or works."""
        self._changeable(person, run_id)
        if not self.queue.cancel(run_id):
            raise RefusedError(409, "the run has ended already")
        self.store.note(person.name, "cancel", run_id)

    def again(self, person: Person, run_id: str) -> None:
        """Put a run that failed or was cancelled back into the queue."""
        row = self._changeable(person, run_id)
        now = {"status": "queued", "reason": "", "attempt": 0, "process": "", "created": time.time()}
        blank = {"started": None, "ended": None}
        if row["status"] not in ("failed", "cancelled") or not self.store.change_run(
            run_id, row["status"], **now, **blank
        ):
            raise RefusedError(409, "only a run that failed or was cancelled can be started again")
        self.store.note(person.name, "again", run_id)
        self.queue.wake()

    def _changeable(self, person: Person, run_id: str) -> Row:
        row = self.run(person, run_id)
        if not row["may_change"]:
            raise forbidden("this run is somebody else's")
        return row

    def progress(self, person: Person, run_id: str) -> dict[str, Any]:
        """Where a run is."""
        row = self.run(person, run_id)
        return {**self.queue.progress(run_id), "status": row["status"], "reason": row["reason"], "ahead": row["ahead"]}

    def failure(self, person: Person, run_id: str) -> Mapping[str, Any] | None:
        """What a failed run said, with its kind; None where it said nothing or did not fail."""
        return self.queue.failure(run_id) if self.run(person, run_id)["status"] == "failed" else None

    def result(self, person: Person, run_id: str) -> bytes:
        """The whole run folder as a zip."""
        return archive.whole(self._result(person, run_id))

    def _result(self, person: Person, run_id: str) -> Path:
        row = self.run(person, run_id)
        if row["status"] != "done":
            raise RefusedError(409, f"the run has no result: it is {row['status']}")
        return self.queue.folder(run_id) / RESULT

    def file(self, person: Person, run_id: str, name: str) -> Path:
        """A file of a finished run, by a name from FILES or `TABLE.parquet`. Raises RefusedError."""
        folder = self._result(person, run_id)
        known = set(FILES) | {path.name for path in folder.glob("*.parquet")}
        if name not in known:
            raise unknown("file of this run")
        return folder / name

    def run_tables(self, person: Person, run_id: str) -> list[str]:
        """Names of the tables of a finished run."""
        return sorted(path.stem for path in self._result(person, run_id).glob("*.parquet"))

    def verdict(self, person: Person, run_id: str, language: Language) -> verdict.Verdict:
        """The headline of a finished run. The first reading takes seconds."""
        return self.bench.do(verdict.read, str(self._result(person, run_id)), language)

    def cost(self, person: Person, run_id: str) -> tuple[float, dict[Language, str]]:
        """The cost of a finished run in million CNY, and in words of either language."""
        return verdict.cost(self._result(person, run_id))

    def compare(self, person: Person, one: str, other: str, language: Language) -> str:
        """The page on what run `other` does otherwise than `one`."""
        folders = [str(self._result(person, run_id)) for run_id in (one, other)]
        names = (self._called(person, one), self._called(person, other))
        return self.bench.do(verdict.side_by_side, folders[0], folders[1], names, language)

    def _called(self, person: Person, run_id: str) -> str:
        row = self.run(person, run_id)
        return row["label"] or f"{row['scenario']} v{row['version']}"

    # accounts

    def add_account(self, person: Person | None, name: str, password: str, role: str) -> None:
        """A new account. Without a person it is the operator of the server who asks, on its command line."""
        if person is not None and not person.administers:
            raise forbidden("only an administrator may do this")
        self.store.add_user(name, people.hashed(password), people.checked_role(role))
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
            values |= {"password": people.hashed(password), "failed": 0, "locked_until": 0.0}
        if role is not None:
            values["role"] = people.checked_role(role)
        if active is not None:
            values["active"] = active
        if values:
            self.store.change_user(name, **values)
            self.store.end_sessions(row["id"])
            self.store.note(person.name, "change account", f"{name}: {', '.join(values)}")

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, str]:
        """A session for a name and its password: secret and word against forgery. Raises RefusedError, never saying why."""
        row = self.store.user(name[:64])
        wrong = RefusedError(401, "name or password is wrong, or the account is locked for a while")
        right = people.matches(row["password"] if row else "", password)
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
        return self.store.add_session(person.id, "api", self.limits.token_seconds, _line(label, 80))[0]


def _line(text: str, longest: int) -> str:
    """Text of people on one line, of a length that a list can show."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()[:longest]


def _refuse_formulas(file: str, content: bytes) -> None:
    """Raise RefusedError where a table holds what a spreadsheet might run."""
    try:
        grid.csv_text(grid.cells(content.decode("utf-8-sig", "replace")))
    except RefusedError as problem:
        raise RefusedError(problem.status, f"{file}: {problem}") from None
