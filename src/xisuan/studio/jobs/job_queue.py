"""Queue of runs: each is a process `python -m xisuan …` of its own, followed through the files it writes.

    DATA/runs/ID/progress.jsonl    progress (stderr), one JSON document a line
    DATA/runs/ID/answer.json       final answer (stdout)
    DATA/runs/ID/result/           the run folder, which appears whole or not at all

A run does not depend on the server: it continues when the server is killed, and the next server finds it by its process
number and starting time. A run whose process has ended is done if its result exists. Otherwise it is started again if
the server was down too, and else failed with the reason.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xisuan.operating_system import system
from xisuan.studio import labels
from xisuan.studio.configuration import Limits
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_options, job_types
from xisuan.studio.server_paths import without, without_in
from xisuan.studio.storage import bilingual
from xisuan.studio.storage.bilingual import Bilingual
from xisuan.studio.storage.repository import Row, Store
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

LOG = logging.getLogger(__name__)
PULSE = 0.25
"""Seconds between two checks of the runs."""
GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
RESULT, ANSWER, PROGRESS, GIVEN = "result", "answer.json", "progress.jsonl", "given"
SECRETS = ("XISUAN_DATABASE", "XISUAN_PASSWORD", "PGPASSWORD", "PGPASSFILE")
"""Environment variables of the server that are not passed to runs."""
LAST = 2**16
"""Bytes of progress that are read from the end."""
LONGEST_REASON = 20_000
"""Characters of a failed run's message."""


class Queue:
    """Starts, follows and ends runs, in one thread."""

    def __init__(self, store: Store, data: Path, limits: Limits, workers: int) -> None:
        self.root = data / "runs"
        self.root.mkdir(parents=True, exist_ok=True)
        self._store, self._data, self._limits, self._workers = store, data, limits, workers
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="queue", daemon=True)

    def start(self) -> None:
        """Take over the runs of an earlier server, then watch the queue."""
        for row in self._store.at("running"):
            if system.is_running(row["process"]):
                LOG.info("run %s goes on", row["id"])
            elif not self._settle(row):
                self._lost(row)
        self._thread.start()

    def stop(self) -> None:
        """End running runs and put them back into the queue for the next server."""
        self._stop.set()
        self._wake.set()
        self._thread.join()
        for row in self._store.at("running"):
            system.end_session(row["process"], self._children.pop(row["id"], None), GRACE)
            if not self._settle(row):
                self._store.change_run(row["id"], "running", status="queued", process="", started=None)

    def wake(self) -> None:
        """Check the queue now, as a run was added or cancelled."""
        self._wake.set()

    def folder(self, run_id: str) -> Path:
        """Return the folder of a run."""
        return self.root / run_id

    def cancel(self, run_id: str) -> bool:
        """Cancel a queued or running run. Return False if it was neither."""
        now = {"status": "cancelled", "ended": time.time()}
        if self._store.change_run(run_id, "queued", **now):
            return True
        process = next((row["process"] for row in self._store.at("running") if row["id"] == run_id), None)
        if process is None or not self._store.change_run(run_id, "running", **now):
            return False
        system.end_session(process, self._children.pop(run_id, None), GRACE)
        return True

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                running = self._store.at("running")
                for row in running:
                    self._look(row)
                if len(running) < self._workers:
                    self._next()
            except Exception:  # an error of one run or of the database must not stop the queue
                LOG.exception("the queue stumbled")
                self._stop.wait(1.0)
            self._wake.wait(PULSE)
            self._wake.clear()

    def _next(self) -> None:
        """Start the oldest run that can start: one that needs the plan of another waits until that one is done."""
        for row in self._store.at("queued"):
            before = self._store.status(row["of_run"]) if row["of_run"] else "done"
            if before == "done":
                self._launch(row)
                return
            if before not in ("queued", "running"):
                reason = _(
                    "the run whose plan it needs is {status}; start that one again first",
                    status=labels.STATUSES.get(before, _("removed")),
                )
                self._fail(row, reason, "queued")

    def _command(self, row: Row) -> list[str]:
        """Return the command of a run: on the scenario of its version, of its sweep or of the plan that it follows, or on
        the file that was sent for it."""
        folder, plan, verb = self.folder(row["id"]), None, job_types.verb(row["verb"])
        if verb.reads:
            sent = next(iter((folder / GIVEN).glob("*")), None)
            if sent is None:
                raise RefusedError(404, _("the file of this job is missing from the studio's data"))
            return verb.command(sent, folder / RESULT, json.loads(row["options"]), None)
        if row["of_run"]:
            plan = self.folder(row["of_run"]) / RESULT
        rooms = (folder / GIVEN, plan or folder / GIVEN, self._data / "versions" / row["folder"])
        scenario = next((room / "scenario" for room in rooms if (room / "scenario").is_dir()), None)
        if scenario is None:
            raise RefusedError(404, _("the folder of this version is missing from the studio's data"))
        return verb.command(scenario, folder / RESULT, json.loads(row["options"]), plan)

    def _launch(self, row: Row) -> None:
        folder = self.folder(row["id"])
        folder.mkdir(parents=True, exist_ok=True)
        for left in (folder / ANSWER, folder / PROGRESS, *folder.glob("*.page.html"), *folder.glob("*.map.html")):
            left.unlink(missing_ok=True)
        shutil.rmtree(folder / RESULT, ignore_errors=True)
        try:
            verb = self._command(row)
            job_options.write(folder / job_options.SENT, row["verb"], json.loads(row["options"]))
        except RefusedError as problem:  # an option of another version of xisuan, or missing data
            self._fail(row, problem.message, "queued")
            return
        with (folder / ANSWER).open("wb") as out, (folder / PROGRESS).open("wb") as err:
            child = subprocess.Popen(
                [sys.executable, "-m", "xisuan", "--progress", "json", *verb],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=folder,
                env={name: value for name, value in os.environ.items() if name not in SECRETS},
                **system.session_options(),
            )
        self._children[row["id"]] = child
        values = {
            "status": "running",
            "process": system.process_identity(child.pid),
            "attempt": row["attempt"] + 1,
            "reason": "",
        }
        if not self._store.change_run(row["id"], "queued", **values, started=time.time(), ended=None):
            system.end_session(system.process_identity(child.pid), self._children.pop(row["id"]), GRACE)  # cancelled

    def _look(self, row: Row) -> None:
        child = self._children.get(row["id"])
        code = child.poll() if child is not None else None
        if (code is None) if child is not None else system.is_running(row["process"]):
            used = system.session_memory_mb(row["process"])
            if used > self._limits.run_mb:
                reason = _(
                    "the run used {used:,.0f} MB of memory, more than the limit of {most:,} MB",
                    used=used,
                    most=self._limits.run_mb,
                )
                if self._fail(row, reason):
                    system.end_session(row["process"], self._children.pop(row["id"], None), GRACE)
            return
        self._children.pop(row["id"], None)
        if self._settle(row):
            return
        if child is None:
            self._lost(row)
            return
        self._fail(row, _ending(code or 0, _tail(self.folder(row["id"]) / PROGRESS)))

    def _settle(self, row: Row) -> bool:
        """Record how a run ended: with a result, or with an error answer."""
        folder = self.folder(row["id"])
        answer = _document(folder / ANSWER)
        if answer is not None and "error" in answer:
            said = bilingual.said({"message": answer["error"], **answer}, "message")
            return self._fail(row, Bilingual(without(said[:LONGEST_REASON]), without(said.zh[:LONGEST_REASON])))
        verb = job_types.verb(row["verb"])
        if verb.answers and answer is not None:
            (folder / RESULT).mkdir(exist_ok=True)
        if (folder / RESULT / verb.sign).exists() and (verb.sign or answer is not None):
            return self._store.change_run(row["id"], "running", status="done", reason="", ended=time.time())
        return False

    def _lost(self, row: Row) -> None:
        """Queue a run again whose process ended while no server ran, unless that happened too often."""
        if row["attempt"] < self._limits.attempts:
            reason = _("the process of the run ended while the server was down; the run starts again")
            self._store.change_run(row["id"], "running", status="queued", process="", started=None, reason=reason)
        else:
            self._fail(row, _("the process of the run ended {count} times without a result", count=row["attempt"]))

    def _fail(self, row: Row, reason: str, before: str = "running") -> bool:
        """Record that a run failed. Return False if its status has changed in the meantime."""
        now = {"status": "failed", "reason": reason, "ended": time.time()}
        return self._store.change_run(row["id"], before, **now)

    def failure(self, run_id: str) -> Mapping[str, Any] | None:
        """Return a failed run's answer as `--json` prints it: error, message, problems or conflict."""
        answer = _document(self.folder(run_id) / ANSWER)
        return without_in(answer) if answer is not None and "error" in answer else None

    def stages(self, run_id: str) -> list[tuple[str, float]]:
        """Return the stages of a run, with the seconds after its start at which each began."""
        found: dict[str, float] = {}
        for line in _progress(self.folder(run_id) / PROGRESS):
            found.setdefault(line["stage"], line["at"])
        return list(found.items())

    def progress(self, run_id: str) -> dict[str, Any]:
        """Return a run's progress: its stages with starting times, the last line, and the solver's gap over time."""
        lines = _progress(self.folder(run_id) / PROGRESS)
        stages: dict[str, float] = {}
        for line in lines:
            stages.setdefault(line["stage"], line["at"])
        curve = [{"at": line["at"], "gap": line["gap"]} for line in lines if line.get("gap")]
        named = [{"stage": stage, "at": at} for stage, at in stages.items()]
        return {"stages": named, "last": lines[-1] if lines else None, "gaps": curve}


def _ending(code: int, tail: str) -> Message:
    """Return why a process without a result ended: its exit code (negative: a signal), and its last output."""
    if code == system.KILLED:
        reason = _("the process of the run was killed: by hand, or by the system for lack of memory")
    elif code < 0:
        reason = _("the process of the run was ended by signal {number}", number=-code)
    else:
        reason = _("the process of the run ended with code {code} and no result", code=code)
    return _("{reason}: {output}", reason=reason, output=tail) if tail else reason


def _progress(path: Path) -> list[dict[str, Any]]:
    """Return the complete lines of progress."""
    if not path.is_file():
        return []
    out = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict) and "stage" in found and "at" in found:
                out.append(without_in(found))
    return out


def _tail(path: Path) -> str:
    """Return the last output of a process other than progress: the cause of its end, if it stated one."""
    if not path.is_file():
        return ""
    lines = path.read_bytes()[-LAST:].decode("utf-8", "replace").splitlines()
    words = [line for line in lines if line.strip() and not line.startswith('{"at"')]
    return without(words[-1][:500]) if words else ""


def _document(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
