"""Verbs on runs: submit with verbs, follow, cancel, read."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xisuan.exchange.export_formats import FormatName
from xisuan.report.takeaways.takeaway_formats import TakeawayName
from xisuan.results.storage.two_stage_store import is_two_stage
from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError, forbidden, unknown
from xisuan.studio.jobs import job_types, report_pages, run_certificates, run_summary
from xisuan.studio.jobs.job_names import run_name
from xisuan.studio.jobs.job_queue import GIVEN, RESULT
from xisuan.studio.jobs.job_types import Options, Verb
from xisuan.studio.services.estimates import Estimates
from xisuan.studio.services.quotas import Quotas
from xisuan.studio.services.service_base import line
from xisuan.studio.storage import downloads, run_exports
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Language, Translator, plural
from xisuan.text.translation import message as _

LONGEST_LABEL = 120
MOST_COMPARED = 6
"""Maximum number of runs in a comparison."""
MOST_QUEUED = 150
"""Maximum number of queued runs of one user."""
TRACE_NAME = re.compile(r"\w[\w.-]{0,99}")
"""Name of a file of jobs; its ending may tell the format."""
MEMBERS_FILE = "members.csv"
"""File whose presence in a scenario folder means that the scenario has members."""
QUICK: Options = {"quick": True}
"""Options of the runs of a what-if question: the plan only."""
SEVERAL = _(
    "this plan is for several futures, and this action works for one: download the run and use the folder of one of"
    " them, members/NAME"
)
EVERYTHING: Mapping[str, Options] = {"run": {}}


class Runs(Quotas, Estimates):
    """Verbs on runs."""

    def runs(self, person: Person, scenario_id: str = "", sweep: str = "") -> list[Row]:
        """Return the runs of scenarios that the user can see, latest first."""
        return self.store.runs(person, scenario_id, sweep)

    def run(self, person: Person, run_id: str) -> Row:
        """Return a run with its place in the queue. Raises RefusedError."""
        found = self.store.run(person, run_id)
        if found is None:
            raise unknown(_("run"))
        ahead = self.store.ahead(found["created"]) if found["status"] == "queued" else 0
        return found | {
            "ahead": ahead,
            "may_change": person.plans and (found["owner_id"] == person.id or person.administers),
        }

    def submit(
        self,
        person: Person,
        scenario_id: str,
        number: int | None = None,
        label: str = "",
        asked: Mapping[str, Options] = EVERYTHING,
    ) -> list[str]:
        """Queue verbs with their options for a version. Return the runs' ids, in the order of execution.

        A verb that needs a plan uses the plan of the run before it.
        """
        self._planner(person)
        version = self._version(person, scenario_id, number)
        if version["errors"]:
            raise self._unready(version)
        chosen = job_types.chosen(asked)
        if chosen[0][0] is job_types.RUN:
            self._require_plannable(version)
        if chosen[0][0] is not job_types.RUN and any(verb.follows for verb, _ in chosen):
            raise RefusedError(
                422, _("simulate and verify need a plan: choose run as well, or start from a finished run")
            )
        if any(verb.follows for verb, _ in chosen):
            self._one_future(version)
        self._room(person, len(chosen))
        ids: list[str] = []
        for verb, options in chosen:
            of_run = ids[0] if ids and chosen[0][0] is job_types.RUN and not self._several(version) else ""
            ids.append(self._queued(person, version, label, verb=verb, options=options, of_run=of_run))
        return ids

    def simulate_trace(self, person: Person, scenario_id: str, name: str, data: bytes, options: Options) -> str:
        """Queue the simulation of the jobs of a file, which is listed with a scenario. Return the run's id.

        Raises RefusedError for a file without content or without a valid name.
        """
        self._planner(person)
        version = self._version(person, scenario_id, None)
        if not TRACE_NAME.fullmatch(name) or not data:
            raise RefusedError(422, _("send a file of jobs; its name has letters, digits, - _ and . only"))
        if ("servers" in options) == ("machines" in options):
            raise RefusedError(422, _("give the number of servers, or machines, one of them"))
        job_types.TRACE.arguments(options)
        self._room(person, 1)
        run_id = auth.new_id()
        given = self.queue.folder(run_id) / GIVEN
        try:
            given.mkdir(parents=True)
            (given / name).write_bytes(data)
            return self._queued(person, version, name, verb=job_types.TRACE, options=options, id=run_id)
        except Exception:  # a full disk: nothing stays of a job that was not queued
            shutil.rmtree(given.parent, ignore_errors=True)
            raise

    def follow(self, person: Person, run_id: str, asked: Mapping[str, Options]) -> list[str]:
        """Queue verbs that use the plan of a finished run. Return their ids."""
        self._planner(person)
        row = self.run(person, run_id)
        if row["verb"] != job_types.RUN.name or row["status"] != "done":
            raise RefusedError(409, _("only a finished run has a plan"))
        self._of_one_future(person, run_id)
        chosen = job_types.chosen(asked)
        if any(not verb.plan for verb, _ in chosen):
            raise RefusedError(422, _("a run makes its own plan; submit it for a scenario"))
        self._room(person, len(chosen))
        version = {"scenario_id": row["scenario_id"], "number": row["version"]}
        return [
            self._queued(person, version, row["label"], verb=verb, options=options, of_run=run_id)
            for verb, options in chosen
        ]

    def several(self, person: Person, run_id: str) -> bool:
        """Return True if a finished run holds a two-stage plan."""
        return is_two_stage(self._result(person, run_id, job_types.RUN))

    def _of_one_future(self, person: Person, run_id: str) -> Path:
        """Return the result of a run that is not two-stage. Raises RefusedError."""
        if self.several(person, run_id):
            raise RefusedError(409, SEVERAL)
        return self._result(person, run_id, job_types.RUN)

    def followers(self, person: Person, run_id: str) -> list[Row]:
        """Return the runs that use the plan of a run, oldest first."""
        self.run(person, run_id)
        return self.store.followers(run_id)

    def _several(self, version: Row) -> bool:
        return (self.folders.folder(version["folder"]) / MEMBERS_FILE).is_file()

    def _one_future(self, version: Row) -> None:
        """Raise RefusedError for a version with scenario members."""
        if self._several(version):
            raise RefusedError(422, SEVERAL)

    @staticmethod
    def _unready(version: Row) -> RefusedError:
        return RefusedError(
            422,
            plural(
                "version {number} has {count} error; correct it before you run it",
                "version {number} has {count} errors; correct them before you run it",
                version["errors"],
                number=version["number"],
            ),
        )

    def _queued(
        self, person: Person, version: Row, label: str, *, verb: Verb = job_types.RUN, options: Options | None = None,
        **more: str,
    ) -> str:  # fmt: skip
        values = {"scenario_id": version["scenario_id"], "version": version["number"], "owner_id": person.id}
        does = {"verb": verb.name, "options": json.dumps(dict(options or {}), sort_keys=True)}
        run_id = self.store.add_run(**values, **does, label=line(label, LONGEST_LABEL), **more)
        name = self.scenario(person, version["scenario_id"])["name"]
        self.store.note(person.name, verb.name, f"{name} v{version['number']} · {run_id}")
        self.queue.wake()
        return run_id

    def _room(self, person: Person, more: int) -> None:
        """Raise RefusedError if a user has no room for `more` runs: in the queue, or by their quota."""
        self._require_quota(person, more)
        waiting = [row for row in self.store.at("queued") if row["owner_id"] == person.id]
        if len(waiting) + more > MOST_QUEUED:
            raise RefusedError(
                429, _("{most} runs of yours are waiting; let them finish, or cancel some", most=MOST_QUEUED)
            )

    def cancel(self, person: Person, run_id: str) -> None:
        """Cancel a queued or running run."""
        self._changeable(person, run_id)
        if not self.queue.cancel(run_id):
            raise RefusedError(409, _("the run has already ended"))
        self.store.note(person.name, "cancel", run_id)

    def again(self, person: Person, run_id: str) -> None:
        """Put a failed or cancelled run back into the queue."""
        row = self._changeable(person, run_id)
        now = {"status": "queued", "reason": "", "attempt": 0, "process": "", "created": time.time()}
        blank = {"started": None, "ended": None}
        if row["status"] not in ("failed", "cancelled") or not self.store.change_run(
            run_id, row["status"], **now, **blank
        ):
            raise RefusedError(409, _("only a run that failed or was cancelled can be started again"))
        self.store.note(person.name, "again", run_id)
        self.queue.wake()

    def _changeable(self, person: Person, run_id: str) -> Row:
        row = self.run(person, run_id)
        if not row["may_change"]:
            raise forbidden(_("this run belongs to another user"))
        return row

    def progress(self, person: Person, row: Row) -> dict[str, Any]:
        """Return a run's progress, with the estimated start of a queued run or end of a running one.

        Times are seconds since 1970, judged by earlier runs like it and like those before it in the queue. The state is
        that of `row`: the queue may have changed the run since.
        """
        found = {
            **self.queue.progress(row["id"]),
            "status": row["status"],
            "reason": row["reason"],
            "ahead": row["ahead"],
        }
        found |= {"expected": None, "starts": None}
        if row["status"] == "queued":
            start = self._starts(person, row)
            found["starts"] = {"at": time.time() + start.seconds, "unknown": start.unknown}
        elif row["status"] == "running" and (ends := self._ends(person, row)) is not None:
            found["expected"] = {"at": row["started"] + ends.seconds, "by": ends.by, "took": ends.took}
        return found

    def failure(self, person: Person, run_id: str) -> Mapping[str, Any] | None:
        """Return a failed run's answer, with its kind of error; None if it gave none or did not fail."""
        return self.queue.failure(run_id) if self.run(person, run_id)["status"] == "failed" else None

    def result(self, person: Person, run_id: str) -> bytes:
        """Return the run folder as a zip."""
        return downloads.folder_zip(self._result(person, run_id))

    def _result(self, person: Person, run_id: str, verb: Verb | None = None) -> Path:
        """Return the result folder of a run, optionally only of one that does `verb`."""
        row = self.run(person, run_id)
        if row["status"] != "done":
            raise RefusedError(409, _("the run has no result: it is {status}", status=row["status"]))
        if verb is not None and row["verb"] != verb.name:
            raise RefusedError(409, _("this run has no plan of its own: it does {verb}", verb=row["verb"]))
        return self.queue.folder(run_id) / RESULT

    def _plan_of(self, row: Row) -> Path | None:
        """Return the run folder whose plan a run uses."""
        return self.queue.folder(row["of_run"]) / RESULT if row["of_run"] else None

    def file(self, person: Person, run_id: str, name: str) -> Path:
        """Return a file of a finished run, by a name its verb knows or `TABLE.parquet`. Raises RefusedError."""
        folder = self._result(person, run_id)
        known = {
            *job_types.verb(self.run(person, run_id)["verb"]).files,
            *(path.name for path in folder.glob("*.parquet")),
        }
        if name not in known or not (folder / name).is_file():
            raise unknown(_("file of this run"))
        return folder / name

    def run_tables(self, person: Person, run_id: str) -> list[str]:
        """Return the names of the tables of a finished run."""
        return sorted(path.stem for path in self._result(person, run_id).glob("*.parquet"))

    def page(self, person: Person, run_id: str, language: Language) -> str:
        """Return the report page of a finished run in a language. The first call for a language takes seconds."""
        folder, row = self._result(person, run_id), self.run(person, run_id)
        plan = self._plan_of(row)
        version = self._version(person, row["scenario_id"], row["version"])
        scenario = plan / "scenario" if plan else self.folders.folder(version["folder"])
        of = report_pages.Of(row["verb"], str(folder), str(scenario), str(plan) if plan else "")
        ready = report_pages.ready(of, language)
        return (ready or Path(self.worker.run(report_pages.page, of, language))).read_text(encoding="utf-8")

    def moving_map(self, person: Person, run_id: str, language: Language) -> str:
        """Return the hourly map of a finished run. Raises RefusedError if nothing in it has coordinates."""
        found = self.worker.run(report_pages.moving_map, str(self._result(person, run_id, job_types.RUN)), language)
        if not found:
            raise RefusedError(404, _("this run has no hourly results with a place on the map"))
        return Path(found).read_text(encoding="utf-8")

    def takeaway(self, person: Person, run_id: str, kind: TakeawayName, language: Language) -> bytes:
        """Return the brief of a finished run as a document, slides or a PDF. The first call takes seconds."""
        result = str(self._result(person, run_id, job_types.RUN))
        return Path(self.worker.run(report_pages.takeaway, result, kind, language)).read_bytes()

    def document(self, person: Person, run_id: str) -> dict[str, Any]:
        """Return the result of a finished run as the command's --json prints it."""
        folder = self._result(person, run_id)
        name = job_types.verb(self.run(person, run_id)["verb"]).document
        path = folder / name if name else folder.with_name("answer.json")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def verdict(self, person: Person, run_id: str, language: Language) -> run_summary.Verdict:
        """Return the headline of a finished run. The first call takes seconds."""
        return self.worker.run(run_summary.read, str(self._result(person, run_id, job_types.RUN)), language)

    def export(self, person: Person, run_id: str, form: FormatName) -> bytes:
        """Return the plan of a finished run in a format of other tools. Raises RefusedError."""
        return self.worker.run(run_exports.export, str(self._of_one_future(person, run_id)), form)

    def recheck(self, person: Person, run_id: str) -> tuple[bool, list[str]]:
        """Check a finished run again from its files alone. Return True if it holds, and the findings."""
        return self.worker.run(run_certificates.recheck, str(self._result(person, run_id)))

    def certificates(self, person: Person, run_id: str) -> list[run_certificates.Certified]:
        """Return the certificates of a finished run's plan and of each of its operations."""
        return run_certificates.read(self._result(person, run_id, job_types.RUN))

    def compare(self, person: Person, run_ids: Sequence[str], language: Language) -> str:
        """Return the page that compares two to six finished runs with the first of them. Raises RefusedError."""
        self.require_few(run_ids)
        folders = [str(self._of_one_future(person, run_id)) for run_id in run_ids]
        names = self._run_names(person, run_ids, Translator(language))
        return self.worker.run(run_summary.side_by_side, folders, names, language)

    def _run_names(self, person: Person, run_ids: Sequence[str], say: Translator) -> list[str]:
        """Return names that tell the runs apart: runs of the same name are numbered."""
        names = [run_name(say, self.run(person, run_id)) for run_id in run_ids]
        return [name if names.count(name) == 1 else f"{name} ({at})" for at, name in enumerate(names, 1)]

    @staticmethod
    def require_few(run_ids: Sequence[str]) -> None:
        """Raise RefusedError unless two to six runs are given."""
        if not 2 <= len(run_ids) <= MOST_COMPARED:
            raise RefusedError(422, _("choose two to {most} runs to compare", most=MOST_COMPARED))

    def comparable(self, person: Person) -> list[Row]:
        """Return the finished runs that can be compared: those with one plan, latest first."""
        rows = [row for row in self.runs(person) if row["status"] == "done" and row["verb"] == job_types.RUN.name]
        return [row for row in rows if not self.several(person, row["id"])]
