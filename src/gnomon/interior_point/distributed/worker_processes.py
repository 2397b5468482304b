"""Worker processes that solve one model together, and recovery from the loss of one.

Each process assembles the numbers of its hours from the model's recipe (`local_assembly`), or receives them if there is
no recipe. In every iteration it sends its contribution to the border and the ends of its ranges. A lost process is
replaced, all return to the last checkpoint and continue, with the same result.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

import numpy as np

from gnomon.errors import SolverError
from gnomon.interior_point.distributed.checkpoint import CheckpointSchedule, CheckpointStore, StartingPoints
from gnomon.interior_point.distributed.local_assembly import (
    AssembledModel,
    Outline,
    SlicedNumbers,
    numbers_of,
    outline,
    source,
)
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.matrix_products import Products
from gnomon.interior_point.formulation.standard_form import Equations, Numbers, given
from gnomon.interior_point.iterations.main_loop import Search, SearchState
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Problem
from gnomon.interior_point.iterations.termination import Termination, Terms
from gnomon.runtime.hour_partition import Layout
from gnomon.runtime.process_team import Answers, Link, LostError, RecalledError, Team, Worker, receive
from gnomon.runtime.threads import Threads, threads

MOST_LOSSES = 10
"""Processes that may be lost in one solve; repeated losses usually mean that memory is too short."""
PROGRAM = "import sys; from gnomon.interior_point.distributed.worker_processes import main; main(int(sys.argv[1]))"


class ProcessSource(Protocol):
    """Source of processes."""

    def link(self, rank: int) -> Link:
        """Return a connection to a new process that serves (`serve`) as number `rank` of the team."""


Recruit = Callable[[int], AbstractContextManager[ProcessSource]]
"""Function that makes a crew of so many further processes, which end with its context."""
FindStarts = Callable[[Layout], Answers[SearchState | None]]
"""Function that returns the starting points of all processes."""


@dataclass(frozen=True, slots=True)
class Work:
    """Task of a process: its rank, and the data of its numbers (None: they will be sent).

    steps: its hours of all periods.
    """

    rank: int
    age: int
    layout: Layout
    outline: Outline | None
    steps: int
    terms: Terms
    threads: int
    scratch: Path | None


def solve(
    problem: FullProblem,
    begin: Callable[[], object],
    termination: Termination,
    store: CheckpointStore,
    layout: Layout,
    recruit: Recruit,
    count: int,
) -> str:
    """Solve with a team, `count` threads per process; `termination` has the answer. Return why the iterations ended.

    begin: computes the start, stored in `store`, while the other processes assemble their numbers. Raises SolverError
    if processes are lost repeatedly or cannot be started.
    """
    size, made_of = len(layout.shares), source(problem.form.flat)

    def work(rank: int, age: int) -> Work:
        return Work(
            rank=rank,
            age=age,
            layout=layout,
            outline=outline(problem.form, layout, rank, made_of) if made_of else None,
            steps=layout.shares[rank].steps,
            terms=termination.terms,
            threads=count,
            scratch=termination.options.scratch,
        )

    with recruit(size - 1) as crew, threads(count, problem.form.template.steps // size) as pool:
        team = Team(layout, [crew.link(rank) for rank in range(1, size)])
        fresh = list(range(1, size))
        losses, known, turns = 0, False, CheckpointSchedule(store, layout)
        try:
            while True:
                if losses:
                    gc.collect()  # exceptions hold frames, and these the data of the search
                try:
                    team.begin(fresh, work)
                    if not known:
                        begin()
                        known = True
                    return _search(work(0, 0), team, pool, termination, turns, partial(_all_starts, problem, store))
                except LostError as lost:
                    losses += len(lost.ranks)
                    if losses > MOST_LOSSES:
                        raise
                    termination.note(f"      lost: {', '.join(map(str, lost.ranks))}; going back")
                    fresh = list(lost.ranks)
                    for rank in fresh:
                        team.replace(rank, crew.link(rank))
        finally:
            team.close()


def serve(link: Link) -> None:
    """Work for the team at the other end of `link` until it closes."""
    back: RecalledError | None = None
    while True:
        try:
            work: Work = receive(link, back)
        except (EOFError, OSError):  # the first process has ended
            return
        age = _work(work, Worker(work.rank, work.layout, link, work.age))
        if age is None:
            return
        back = RecalledError(age)
        gc.collect()  # release the data of the previous work


def _work(work: Work, team: Worker) -> int | None:
    """Do the work of a process. Return the age of a team that calls it back, or None when the work is over."""
    try:
        with threads(work.threads, work.steps) as pool, np.errstate(all="ignore"):
            _search(work, team, pool, None, CheckpointSchedule(None, work.layout), _not_mine)
    except RecalledError as back:
        return back.age
    except (EOFError, OSError):  # the first process has ended
        return None
    except Exception as problem:
        team.failed(problem)
    return None


def _search(
    work: Work, team: Team, pool: Threads, termination: Termination | None, keep: CheckpointSchedule, starts: FindStarts
) -> str:
    """Iterate as one process of the team; `starts` is called in the first. Return the reason why the iterations ended."""
    numbers = _numbers(work, team, pool, termination)
    products = Products(numbers.template, numbers.periods, pool, team)
    equations = Equations(**given(numbers), products=products)
    search = Search(Problem(equations), System(equations, pool, work.scratch), work.terms, termination, keep)
    search.run(team.exchange(None, lambda _: starts(work.layout)))
    return search.end


def _all_starts(problem: FullProblem, store: CheckpointStore, layout: Layout) -> Answers[SearchState | None]:
    """Return the starting points of all processes, from the last checkpoint."""
    course = store.load()
    return [None] * len(layout.shares) if course is None else StartingPoints(problem, layout, course)


def _not_mine(_: Layout) -> Answers[SearchState | None]:
    """Raise AssertionError: only the first process knows the starting points."""
    raise AssertionError


def _numbers(work: Work, team: Team, pool: Threads, termination: Termination | None) -> Numbers:
    """Return the numbers of a process's hours: assembled locally if all processes can, otherwise sent by the first."""
    told = work.outline
    of = (
        "nobody said what makes it"
        if told is None
        else told.assemble()
        if termination is None
        else _of_all(termination)
    )

    def decide(parts: list[str]) -> Answers[Numbers | None]:
        assert termination is not None
        why = next((part for part in parts if part), "")
        source = f"were sent their numbers: {why}" if why else "made their numbers by themselves"
        termination.note(f"      workers {source}")
        return SlicedNumbers(termination.form, work.layout) if why else [None] * len(parts)

    sent = team.exchange(of if isinstance(of, str) else "", decide)
    if sent is not None:
        return sent
    assert told is not None
    assert not isinstance(of, str)
    return numbers_of(of, told, work.layout, team, pool)


def _of_all(termination: Termination) -> AssembledModel:
    """Return the model of all hours in the first process."""
    return AssembledModel(termination.form.flat.model, termination.form.template, termination.form.periods)


class Processes:
    """Processes on this machine."""

    def __init__(self) -> None:
        self._at_work: dict[int, tuple[subprocess.Popen[bytes], Connection]] = {}

    def link(self, rank: int) -> Link:
        """Return a connection to a new process."""
        self._end(rank)
        here, there = Pipe()
        with there:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(there.fileno())],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._at_work[rank] = (process, here)
        return here

    def close(self) -> None:
        """End all processes."""
        for rank in list(self._at_work):
            self._end(rank)

    @property
    def numbers(self) -> Sequence[int]:
        """Return the process identifiers."""
        return [process.pid for process, _ in self._at_work.values()]

    def _end(self, rank: int) -> None:
        if rank in self._at_work:
            process, link = self._at_work.pop(rank)
            link.close()
            process.kill()
            process.wait()


@contextmanager
def processes(count: int) -> Iterator[Processes]:
    """Provide processes on this machine. Raises SolverError on systems without the needed pipes."""
    if os.name != "posix":
        raise SolverError(f"{count} more processes can not be had on this system: plan with one worker")
    crew = Processes()
    try:
        yield crew
    finally:
        crew.close()


def main(descriptor: int) -> None:
    """Serve at the end of a pipe; entry point of a new process."""
    with Connection(descriptor) as link:
        serve(link)
