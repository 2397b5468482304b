"""Operation of a plan on many hours, period by period, by several workers or a cluster, resumable and certified.

With fixed capacity the periods are independent. Each is stored in a sealed folder of its own once it is operated. An
interruption loses only the periods in progress; of these, finished solves are kept, and an unfinished one resumes from
its last checkpoint. The combined result is read from these folders, one table at a time.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gnomon import Options, Rolling
from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.dispatch import dual_proof, period_scenarios
from xisuan.dispatch import economic_dispatch as dispatch
from xisuan.errors import StoreError
from xisuan.parallel.dask_tasks import each
from xisuan.parallel.process import Elsewhere, EndedError, elsewhere
from xisuan.progress import Progress, Report, peak_mb, tell
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.storage import fingerprint, run_store, sealed_folders
from xisuan.results.summaries.schedule_concatenation import at_hand, joined
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse
from xisuan.text.translation import message as _
from xisuan.versions import versions

ASKED, SAID = "asked.json", "said-{period}"
"""Files of a folder: the inputs of its periods, and the progress of a worker."""
LOOK = 0.2
"""Seconds between two checks of the workers."""
MOST_ENDS = 3
"""Times that the worker of a period may be killed: a further trial would run out of memory again."""


def operate(
    scenario: Scenario,
    plan: Plan,
    options: Options | None = None,
    *,
    workers: int = 1,
    cluster: str | None = None,
    folder: Path | None = None,
    progress: Report | None = None,
    rolling: Rolling | None = None,
) -> Schedule:
    """Operate the capacity of `plan` on the hours of `scenario`, at least cost, as `dispatch.economic_dispatch` does.

    `workers`: processes that operate one period each at a time; each takes the memory of one period. `cluster`:
    scheduler whose workers operate them instead (`parallel.dask_tasks`). `folder`: folder of the finished periods;
    those of an earlier call with the same inputs are reused. The schedule reads its tables from there on access, so the
    folder must exist as long as the schedule. A failed certificate is part of the schedule: check `certificate.ok`.
    `rolling`: decide window by window, with forecasts of later hours (`gnomon.Rolling`).

    Raises StoreError where the plan has other periods or lacks the capacities of this scenario, SolverError where a
    period has no solution, or its worker was killed repeatedly.
    """
    options = options or Options()
    if rolling is not None:
        dispatch.check_horizon(scenario, rolling)
    expected = dispatch.expected(scenario, plan, options)
    tell(progress, "operate", expected.text)
    if folder is None and workers == 1 and cluster is None:
        found = operated(scenario, plan, options, progress, rolling)
    else:
        with _place(folder) as place:
            found = _by_parts(_Task(scenario, plan, options, place, rolling), workers, cluster, progress)
            found = found if folder else at_hand(found)
    if found.certificate is None:  # a stored part has no certificate of all periods
        tell(progress, "certify", _("checking the operation against the scenario"))
        found = certified(plan, found)
    seconds = expected.seconds[1] * len(scenario.settings.periods)
    effort = replace(found.effort, expected_seconds=seconds, expected_mb=expected.memory_mb[1])
    if math.isnan(effort.peak_mb) and workers == 1 and cluster is None:  # known for all periods together, not for each
        effort = replace(effort, peak_mb=peak_mb())
    return replace(found, effort=effort)


def operated(
    scenario: Scenario,
    plan: Plan,
    options: Options | None = None,
    progress: Report | None = None,
    rolling: Rolling | None = None,
) -> Schedule:
    """Return `plan` operated in this process, with each period certified independently."""

    def check(found: Schedule) -> Certificate:
        return certify_schedule(found.scenario, plan, found)

    return dispatch.operate(scenario, plan, options, check=check, progress=progress, rolling=rolling)


def certified(plan: Plan, schedule: Schedule) -> Schedule:
    """Return the schedule with a certificate of all its periods."""
    return replace(schedule, certificate=certify_schedule(schedule.scenario, plan, schedule))


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="xisuan-") as place:
        yield Path(place)


@dataclass(frozen=True)
class _Task:
    """Inputs of an operation, and the folder of its periods."""

    scenario: Scenario
    plan: Plan
    options: Options
    place: Path
    rolling: Rolling | None = None

    def of(self, period: int) -> Scenario:
        """Return the scenario of one period, with the years that the period stands for in the whole scenario."""
        return period_scenarios.of_period(self.scenario, period)

    def target(self, period: int) -> Path:
        """Return the folder of a period."""
        return self.place / str(period)

    def iterates(self, period: int) -> Path:
        """Return the path of a period's checkpoint: the last iterate of an unfinished solve."""
        return self.place / f"iterates-{period}"

    def asked(self) -> str:
        """Return all inputs that determine the result, as text."""
        capacities = hashlib.sha256()
        for name, found in sorted(dispatch.capacities(self.plan).items()):
            capacities.update(f"{name} {found.labels}".encode())
            capacities.update(found.values.tobytes())
        options = dispatch.asked(self.scenario, self.options)
        return json.dumps(
            {
                "scenario_hash": fingerprint.scenario_hash(self.scenario),
                "capacities": capacities.hexdigest(),
                "gap": options.gap,
                "left_open": dual_proof.left_open(self.scenario, self.plan) if self.options.gap is None else 0.0,
                "solver": options.solver,
                "rolling": None if self.rolling is None else asdict(self.rolling),
                "versions": versions(),
            },
            indent=2,
        )

    def begin(self) -> list[int]:
        """Return the periods still to be operated. Results of an earlier call with other inputs are removed."""
        asked, note = self.asked(), self.place / ASKED
        try:
            if self.place.exists() and (not note.is_file() or note.read_text(encoding="utf-8") != asked):
                _clear(self.place)
            self.place.mkdir(parents=True, exist_ok=True)
            note.write_text(asked, encoding="utf-8")
        except OSError as problem:
            raise StoreError(f"{problem.filename or self.place}: {problem.strerror or problem}") from None
        done = [period for period in self.scenario.settings.periods if _whole(self.target(period))]
        for period in done:  # left over if the process was killed right after saving
            shutil.rmtree(self.iterates(period), ignore_errors=True)
        return [period for period in self.scenario.settings.periods if period not in done]


def _clear(place: Path) -> None:
    """Empty a folder of ours. Raises StoreError if it holds anything else."""
    if any(place.iterdir()) and not (place / ASKED).is_file():
        raise StoreError(f"{place} holds something that is no part of an operated plan; give another folder")
    shutil.rmtree(place)


def _whole(folder: Path) -> bool:
    """Return True if a period is stored completely and its seal holds."""
    try:
        sealed_folders.check_seal(folder)
    except StoreError:
        return False
    return True


def _by_parts(task: _Task, workers: int, cluster: str | None, progress: Report | None) -> Schedule:
    """Return the schedule of all periods, after operating the missing ones by `workers` processes or by a cluster."""
    refuse(task.scenario)
    dispatch.check_periods(task.scenario, task.plan)
    periods = task.scenario.settings.periods
    todo = task.begin()
    if len(todo) < len(periods):
        done = ", ".join(str(period) for period in periods if period not in todo)
        tell(progress, "operate", _("resuming after {done}", done=done))
    if cluster is not None:
        _on_cluster(task, todo, cluster, progress)
    elif workers > 1:
        _in_processes(task, todo, workers, progress)
    else:
        for period in todo:
            _period(task, period, progress)
            _tell_done(task, period, progress)
    return joined(task.scenario, [run_store.open_schedule(task.target(period), task.of(period)) for period in periods])


def _period(task: _Task, period: int, progress: Report | None) -> None:
    """Operate a period and store it in its folder, from the checkpoint of an interrupted solve if there is one.

    Only progress of the solve is reported here; the caller reports the period as done once it is stored.
    """
    iterates = task.iterates(period)

    def solving(now: Progress) -> None:
        if progress is not None and now.stage == "solve":
            progress(now)

    found = operated(task.of(period), task.plan, replace(task.options, kept=iterates), solving, task.rolling)
    run_store.save(found, task.target(period))
    shutil.rmtree(iterates, ignore_errors=True)  # checkpoints of interrupted solves that were not resumed


def _in_worker(task: _Task, period: int) -> None:
    """Operate a period in a worker process, which writes its progress to a file."""
    said = task.place / SAID.format(period=period)
    _period(task, period, lambda now: _write(said, now.text))


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _in_processes(task: _Task, todo: Sequence[int], workers: int, progress: Report | None) -> None:
    """Operate periods by several processes; the period of a killed one is operated again."""
    count = min(workers, max(1, len(todo)))
    threads = task.options.threads or max(1, (os.cpu_count() or 1) // count)
    task = replace(task, options=replace(task.options, threads=threads))
    waiting, ends = list(todo), Counter[int]()
    running: dict[int, tuple[Elsewhere[None], Callable[[], object]]] = {}
    with ExitStack() as all_of_them:
        while waiting or running:
            while waiting and len(running) < count:
                period, one = waiting.pop(0), all_of_them.enter_context(ExitStack())
                running[period] = (one.enter_context(elsewhere(_in_worker, task, period)), one.close)
            over = [period for period, (process, _) in running.items() if process.over]
            if not over:
                _tell_running(task, list(running), progress)
                time.sleep(LOOK)
            for period in over:
                process, close = running.pop(period)
                try:
                    process.result()
                    _tell_done(task, period, progress)
                except EndedError:
                    ends[period] += 1
                    if ends[period] == MOST_ENDS:
                        raise
                    tell(progress, "operate", _("the process of {period} was killed and starts again", period=period))
                    waiting.insert(0, period)
                close()


def _on_cluster(task: _Task, todo: Sequence[int], cluster: str, progress: Report | None) -> None:
    """Operate periods by the workers of a cluster, which need no shared folder: their results are saved here."""
    options = replace(task.options, threads=task.options.threads or 1)
    shared = _Task(task.scenario, task.plan, options, Path(), task.rolling)
    for period, found in each(cluster, _on_worker, shared, {period: (period,) for period in todo}):
        run_store.save(found, task.target(period))
        _tell_done(task, period, progress)


def _on_worker(task: _Task, period: int) -> Schedule:
    return operated(task.of(period), task.plan, task.options, rolling=task.rolling)


def _tell_running(task: _Task, periods: Sequence[int], progress: Report | None) -> None:
    files = [task.place / SAID.format(period=period) for period in periods]
    texts = [file.read_text(encoding="utf-8") for file in files if file.is_file()]
    if texts and progress is not None:
        progress(Progress("solve", None, " · ".join(texts)))


def _tell_done(task: _Task, period: int, progress: Report | None) -> None:
    periods = task.scenario.settings.periods
    done = sum((task.target(each) / sealed_folders.SEAL).is_file() for each in periods)
    tell(progress, "operate", _("{period} operated", period=period), done / len(periods))
