"""Sweeps: one scenario planned many times with its levers moved, to find what matters and what is built in any case."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from gnomon import Options
from xisuan.errors import InfeasibleError, Problem, ScenarioError, SolverError, StoreError, statements
from xisuan.parallel.dask_tasks import each
from xisuan.parallel.process import end_with
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.results.storage import fingerprint
from xisuan.results.summaries.unserved_work import CRUMB
from xisuan.results.sweep import FIGURES, GOOD, HEAD, Range, Sweep
from xisuan.scenario.queries import levers
from xisuan.scenario.queries.contingencies import with_listed_work
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants import lever_settings
from xisuan.scenario.variants.members import refuse
from xisuan.text.translation import Message, Translatable
from xisuan.text.translation import message as _
from xisuan.workflow.plan import plan
from xisuan.workflow.sweep_rows import Row, gathered, planned, told

Kind = Literal["each", "grid", "latin", "list"]
KINDS: tuple[Kind, ...] = ("each", "grid", "latin", "list")
POINTS, DRAWS = 3, 50
"""Default number of values of each lever on a grid, and of members of a Latin hypercube."""
MOST = 10_000
"""Maximum number of members; a larger one is a likely input error."""
MOST_ENDS = 3
"""Times that workers may be killed before another member is done; after the first, a single worker is used. A further
trial would run out of memory again."""


@dataclass(frozen=True, slots=True)
class Design:
    """Design of a sweep: the members that it has.

    each: every lever at either end of its range, the others as given (an end at 0 is that already). grid: `count` even
    steps of every lever with every other. latin: Latin hypercube sample of `count` members: each lever falls once in
    each of `count` equal parts of its range, at random. list: `moves`.
    """

    kind: Kind = "each"
    ranges: tuple[Range, ...] = ()
    count: int = 0
    seed: int = 0
    moves: tuple[tuple[float, ...], ...] = field(default=())

    def members(self) -> pd.DataFrame:
        """Return the percent of every lever, a row a member; the first is the scenario as given."""
        names = [one.lever for one in self.ranges]
        rows = [(0.0,) * len(names), *self._rows()]
        if len(rows) - 1 > MOST:
            count = len(rows) - 1
            raise ScenarioError([Problem("sweep-too-large", column="count", value=str(count), most=MOST)])
        return pd.DataFrame(rows, columns=names, dtype=np.float64)

    def _rows(self) -> Iterator[tuple[float, ...]]:
        ranges = self.ranges
        if self.kind == "list":
            yield from self.moves
        elif self.kind == "grid":
            count = self.count or POINTS
            if count ** len(ranges) > MOST:
                problem = Problem("grid-too-large", column="count", value=str(count), levers=len(ranges), most=MOST)
                raise ScenarioError([problem])
            yield from itertools.product(*(map(float, np.linspace(one.low, one.high, count)) for one in ranges))
        elif self.kind == "latin":
            yield from self._latin(self.count or DRAWS)
        else:
            for at, one in enumerate(ranges):
                for end in (end for end in (one.low, one.high) if end != 0.0):  # 0: the scenario as given
                    yield tuple(end if i == at else 0.0 for i in range(len(ranges)))

    def _latin(self, count: int) -> Iterator[tuple[float, ...]]:
        """Yield a Latin hypercube sample: each lever has one value in each of `count` equal parts of its range.

        Source: McKay, Beckman and Conover (1979).
        """
        rng = np.random.default_rng(self.seed)
        drawn = [
            one.low + (one.high - one.low) * (rng.permutation(count) + rng.random(count)) / count for one in self.ranges
        ]
        for values in zip(*drawn, strict=True):
            yield tuple(map(float, values))


def shipped(scenario: Scenario) -> tuple[Range, ...]:
    """Return the ranges of the scenario's table `levers`."""
    rows = scenario["levers"].to_dict("records")
    return tuple(Range(str(row["lever"]), float(row["low_percent"]), float(row["high_percent"])) for row in rows)


def sweep(
    scenario: Scenario,
    design: Design,
    options: Options | None = None,
    *,
    method: str = "auto",
    workers: int = 1,
    cluster: str | None = None,
    begin: Callable[[Sweep], pd.DataFrame] | None = None,
    keep: Callable[[Sweep], None] | None = None,
    progress: Report | None = None,
) -> Sweep:
    """Plan and certify every member of `design`; a member without a plan is a row too, with the reason.

    A design without ranges takes those of the scenario's table `levers`. `begin` receives an empty sweep and returns
    the members already known, each with its levers; `keep` is called with the sweep as it grows. `workers`: processes
    that plan side by side; `cluster`: scheduler whose workers plan instead (`parallel.dask_tasks`). Raises
    ScenarioError for levers that the scenario does not have and for invalid moves, StoreError for known members of
    another design.
    """
    refuse(scenario)
    design = design if design.ranges else replace(design, ranges=shipped(scenario))
    _check(scenario, design)
    moves = design.members()
    options = options or Options()
    given = {
        "design": design.kind, "members": len(moves), "seed": design.seed if design.kind == "latin" else None,
        "moves": fingerprint.table_hash(moves), "hours": str(scenario.settings.hours), "gap": options.gap,
        "solver": options.solver, "method": method,
    }  # fmt: skip
    empty = pd.DataFrame(columns=[*HEAD, *moves.columns, *FIGURES])
    found = Sweep(scenario, design.ranges, given, empty)
    known = _moved_alike(begin(found), moves) if begin is not None else empty
    rows = {int(row["member"]): {str(name): value for name, value in row.items()} for row in known.to_dict("records")}
    rows = {member: row for member, row in rows.items() if row["status"] != "unsolved"}
    todo = [member for member in range(len(moves)) if member not in rows]
    task = _Task(scenario, tuple(moves.columns), options, method)
    ask = [(member, tuple(moves.iloc[member])) for member in todo]
    for member, row in _planned(task, ask, workers, cluster, progress):
        rows[member] = row
        found = replace(found, members=gathered(rows, list(moves.columns)))
        if keep is not None:
            keep(found)
        tell(
            progress, "sweep", _("plan {number} of {count}", number=len(rows), count=len(moves)), len(rows) / len(moves)
        )
    return replace(found, members=gathered(rows, list(moves.columns)))


def _moved_alike(known: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Return the members already known. Raises StoreError for one whose levers differ from the design."""
    for row in known.to_dict("records"):
        member = int(row["member"])
        if not 0 <= member < len(moves) or any(row.get(name) != moves.at[member, name] for name in moves.columns):
            raise StoreError(
                f"member {member} was kept with other moves than the design has: give another --out, or remove it"
            )
    return known


def _check(scenario: Scenario, design: Design) -> None:
    """Raise ScenarioError with all problems of a design."""
    problems: list[Problem] = []
    on_offer = {lever.name for lever in levers.moved(scenario)}
    if not design.ranges:
        problems.append(Problem("levers-missing", table="levers", column="lever"))
    names = [one.lever for one in design.ranges]
    for one in design.ranges:
        where: dict[str, Any] = {"table": "levers", "row": one.lever}
        if one.lever not in on_offer:
            offered = ", ".join(sorted(on_offer))
            problems.append(Problem("lever-not-offered", column="lever", value=one.lever, known=offered, **where))
        if names.count(one.lever) > 1:
            problems.append(Problem("lever-given-twice", column="lever", value=one.lever, **where))
        if not (math.isfinite(one.low) and math.isfinite(one.high) and one.low < one.high):
            low = f"{one.low:g}"
            problems.append(Problem("low-not-below-high", column="low_percent", value=low, high=one.high, **where))
        for end in (one.low, one.high):
            if one.lever in on_offer and (problem := _refused(scenario, one.lever, end)) is not None:
                problems.append(problem)
    if design.kind not in KINDS:
        problems.append(Problem("kind-unknown", column="design", value=str(design.kind), known=", ".join(KINDS)))
    if any(len(move) != len(names) for move in design.moves):
        problems.append(Problem("levers-incomplete", column="list"))
    if problems:
        raise ScenarioError(problems)


def _refused(scenario: Scenario, lever: str, percent: float) -> Problem | None:
    """Return the problem if a lever cannot take a value. Errors of the moved scenario are its members' results."""
    try:
        lever_settings.unread(scenario, {lever: percent})
    except ScenarioError as error:
        return error.problems[0].at(table="levers", row=lever)
    return None


@dataclass(frozen=True, slots=True)
class _Task:
    """Inputs common to all members."""

    scenario: Scenario
    names: tuple[str, ...]
    options: Options
    method: str


def _planned(
    task: _Task,
    todo: Sequence[tuple[int, tuple[float, ...]]],
    workers: int,
    cluster: str | None,
    progress: Report | None,
) -> Iterator[tuple[int, Row]]:
    """Yield rows of the members as they finish. Members of killed workers are planned by other workers."""
    share = replace(task, options=replace(task.options, threads=task.options.threads or 1))
    if cluster is not None:
        yield from each(cluster, _member, share, {member: (member, move) for member, move in todo})
        return
    if workers <= 1 or not todo:
        for member, move in todo:
            yield member, _member(task, member, move)
        return
    left, ends = dict(todo), 0
    while left:
        before, many = len(left), min(workers if not ends else 1, len(left))
        with _pool(share, many) as pool:
            for member, row in _finished(pool, left):
                del left[member]
                yield member, row
        if not left:
            return
        ends = ends + 1 if len(left) == before else 0
        if ends == MOST_ENDS:
            raise SolverError(
                f"processes of this sweep were killed {ends} times before one of {len(left)} members was done: is there"
                " enough memory for so many --workers? The same command goes on with what is done"
            )
        tell(progress, "sweep", _("a process was killed; its plans are repeated after the others"))
        order = list(left)  # one of the first members ended the worker
        left = {member: left[member] for member in [*order[many:], *order[:many]]}


def _finished(pool: ProcessPoolExecutor, moves: Mapping[int, tuple[float, ...]]) -> Iterator[tuple[int, Row]]:
    """Yield rows of members as they finish; not all if a worker is killed, which ends its whole pool."""
    try:
        waiting = {pool.submit(_in_worker, member, move): member for member, move in moves.items()}
    except BrokenProcessPool:  # killed during submission
        return
    while waiting:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=waiting.__getitem__):
            member = waiting.pop(future)
            if not isinstance(future.exception(), BrokenProcessPool):
                yield member, future.result()


@contextmanager
def _pool(task: _Task, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Context with a pool of worker processes that hold the task; on an error, members not yet begun are dropped."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(task, os.getpid()))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_held: list[_Task] = []
"""The task of a worker process."""


def _begin(task: _Task, parent: int) -> None:
    end_with(parent)
    _held[:] = [task]


def _in_worker(member: int, move: tuple[float, ...]) -> Row:
    return _member(_held[0], member, move)


def _member(task: _Task, member: int, move: tuple[float, ...]) -> Row:
    """Return the row of a member: levers, and the figures of its plan or the reason why it has none.

    Where work that must be served has a penalty for sweeps, the member is planned with that penalty. If the plan leaves
    work unserved, it is planned again with the penalty of `operate`. A plan that serves all work is the member's plan
    at any penalty. Work unserved at both penalties cannot be served.
    """
    moves = dict(zip(task.names, move, strict=True))
    row: Row = {"member": member, "why": "", "why_zh": "", **moves}
    try:
        found, left = None, list[Message]()
        for scenario in may_leave(task.scenario):
            one = plan(lever_settings.pull_all(scenario, moves), task.options, method=task.method)
            left = _left(one, task.scenario)
            if found is None or not left:
                found = one
            if not left:
                break
    except (InfeasibleError, ScenarioError) as problem:
        return {**row, "status": "infeasible", **told(_reason(problem))}
    except SolverError as problem:
        return {**row, "status": "unsolved", **told([str(problem)])}
    assert found is not None
    of = planned(found)
    return {**row, **of, **({"status": "short", **told(left)} if left and of["status"] in GOOD else {})}


def may_leave(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return the scenario with the penalty of sweeps on work that must be served, then with that of `operate` if it is
    higher.

    Without such a penalty, or with an objective other than cost, the scenario is returned unchanged.
    """
    work, most = scenario["workloads"], scenario.settings.plan.shortfall_mcny_per_unit_hour
    own, price = work["unserved_mcny_per_unit_hour"], work["sweep_unserved_mcny_per_unit_hour"]
    if scenario.settings.objective != "cost" or not (own.isna() & price.notna()).any():
        return (scenario,)
    prices = (own.fillna(price), own.fillna(price.clip(lower=most)))
    # What survives a contingency does so in every member, with a penalty for sweeps too.
    listed = scenario.with_tables(contingencies=with_listed_work(scenario))
    return tuple(listed.with_tables(workloads=work.assign(unserved_mcny_per_unit_hour=each)) for each in prices)


def _left(found: Plan, scenario: Scenario) -> list[Message]:
    """Return the work of `scenario` that a plan does not serve, one line each, largest first, without rounding noise."""
    work, service = scenario["workloads"], found.tables["service"]
    must = set(work.loc[work["unserved_mcny_per_unit_hour"].isna(), "workload"])
    rows = service[(service["site"] == "") & (service["share"] > CRUMB) & service["workload"].isin(must)]
    rows = rows.sort_values("share", ascending=False, kind="stable")
    return [
        _(
            "{workload}, {region}, {period} · {percent:.3g} % of it cannot be served",
            workload=row.workload,
            region=row.region,
            period=row.period,
            percent=100.0 * float(row.share),  # type: ignore[arg-type]
        )
        for row in rows.itertuples()
    ]


def _reason(problem: InfeasibleError | ScenarioError) -> Sequence[Translatable | str]:
    """Return why there is no plan, one line each: the conflict, or the errors of the scenario."""
    return problem.problems if isinstance(problem, ScenarioError) else statements(problem)
