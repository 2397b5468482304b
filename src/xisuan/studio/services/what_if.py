"""Verbs on what-if questions: start one on a scenario's levers, a run for each setting, and read their combined result."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from xisuan.studio import auth
from xisuan.studio.auth import Person
from xisuan.studio.editing import what_if_runs
from xisuan.studio.editing.what_if_runs import Asked, LeverRange
from xisuan.studio.http_errors import RefusedError, unknown
from xisuan.studio.jobs.job_queue import GIVEN, RESULT
from xisuan.studio.services.runs import QUICK, Runs
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import Language
from xisuan.text.translation import message as _
from xisuan.workflow.sweep import Design


class Questions(Runs):
    """Verbs on what-if questions."""

    def levers(self, person: Person, scenario_id: str) -> list[LeverRange]:
        """Return the levers that have an effect in the latest version."""
        folder = self._folder(person, scenario_id, None)
        return self.worker.run(what_if_runs.known, str(folder))

    def sweep(self, person: Person, scenario_id: str, design: Design) -> str:
        """Queue a run for each setting of a design, the scenario as given first. Return the id of the question."""
        self._planner(person)
        version = self._version(person, scenario_id, None)
        if version["errors"]:
            raise self._unready(version)
        self._require_plannable(version)
        self._one_future(version)
        moves = what_if_runs.settings(design)
        self._room(person, len(moves))
        ids = [auth.new_id() for _ in moves]
        places = [str(self.queue.folder(run_id) / GIVEN / "scenario") for run_id in ids]
        try:
            self.worker.run(what_if_runs.pull, str(self.folders.folder(version["folder"])), moves, places)
        except Exception:
            for run_id in ids:
                shutil.rmtree(self.queue.folder(run_id), ignore_errors=True)
            raise
        sweep = auth.new_id()
        for run_id, each in zip(ids, moves, strict=True):
            self._queued(person, version, what_if_runs.label(each), options=QUICK, sweep=sweep, id=run_id)
        return sweep

    def effort(self, person: Person, scenario_id: str, design: Design) -> tuple[int, float | None]:
        """Return a design's number of runs and estimated total seconds; None without an earlier run to judge by."""
        count = len(what_if_runs.settings(design))
        row = self.scenario(person, scenario_id)
        like = {"scenario_id": scenario_id, "origin": row["origin"], "verb": "run"}
        earlier = self.store.finished_like(person, {**like, "options": json.dumps(dict(QUICK), sort_keys=True)})
        return count, None if earlier is None else count * (earlier["ended"] - earlier["started"])

    def question(self, person: Person, sweep_id: str) -> list[Row]:
        """Return the runs of a question, that of the scenario as given first. Raises RefusedError."""
        rows = self.store.runs(person, sweep=sweep_id)
        if not rows:
            raise unknown(_("question"))
        return sorted(rows, key=lambda row: what_if_runs.place(what_if_runs.asked(row["label"])))

    def question_page(self, person: Person, sweep_id: str, language: Language) -> str:
        """Return the report page of a question's finished runs. Raises RefusedError."""
        rows, folder, asked = self._asked(person, sweep_id)
        place = str(self.queue.folder(rows[0]["id"]))
        return Path(self.worker.run(what_if_runs.page, folder, asked, language, place)).read_text(encoding="utf-8")

    def question_table(self, person: Person, sweep_id: str) -> str:
        """Return the results of a question's finished runs as CSV, a row a run. Raises RefusedError."""
        _, folder, asked = self._asked(person, sweep_id)
        return self.worker.run(what_if_runs.table, folder, asked)

    def _asked(self, person: Person, sweep_id: str) -> tuple[list[Row], str, list[Asked]]:
        """Return the runs of a question and their scenario folder. Raises RefusedError if none is finished."""
        rows = self.question(person, sweep_id)
        asked = [self._outcome(row) for row in rows]
        if not any(one.status in ("done", "infeasible", "unsolved") for one in asked):
            raise RefusedError(409, _("no run of this analysis has finished yet"))
        version = self._version(person, rows[0]["scenario_id"], rows[0]["version"])
        return rows, str(self.folders.folder(version["folder"])), asked

    def _outcome(self, row: Row) -> Asked:
        """Return a run in the sweep's terms: an infeasible scenario is a result, any other failure is not."""
        moves, status = what_if_runs.asked(row["label"]), row["status"]
        if status == "failed":
            failure = self.queue.failure(row["id"]) or {}
            status = "infeasible" if failure.get("error") in ("infeasible", "scenario") else "unsolved"
        return Asked(moves, status, str(self.queue.folder(row["id"]) / RESULT), row["reason"])
