"""Processes that solve one model together, and what becomes of a solve when one of them is lost.

Each makes the numbers of its hours by itself, from what made the model (`rebuilt`); where nobody said what that is, it is
given them. In every iteration it hands in what its hours are for the border and at their ends. Who is lost is replaced; all
then go on from the iterate that was kept last, and find what they would have found.
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
from gnomon.interior_point.distributed.checkpoint import Starts, Store, Turns
from gnomon.interior_point.distributed.local_assembly import Cut, Made, Outline, numbers_of, outline, source
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.matrix_products import Products
from gnomon.interior_point.formulation.standard_form import Equations, Numbers, given
from gnomon.interior_point.iterations.main_loop import Course, Search
from gnomon.interior_point.iterations.primal_dual_problem import Problem, Whole
from gnomon.interior_point.iterations.termination import Judge, Terms
from gnomon.runtime.hour_partition import Layout
from gnomon.runtime.process_team import Answers, BackError, Link, LostError, Member, Team, receive
from gnomon.runtime.threads import Threads, threads

MOST_LOSSES = 10
"""Members that may be lost in one solve: what is lost again and again finds no memory."""
PROGRAM = "import sys; from gnomon.interior_point.distributed.worker_processes import main; main(int(sys.argv[1]))"


class Crew(Protocol):
    """Where members come from."""

    def link(self, rank: int) -> Link:
        """The way to a process that serves (`serve`), the member `rank` from now on: a new one every time."""


Recruit = Callable[[int], AbstractContextManager[Crew]]
"""Makes a crew of so many members besides this one, which is gone when its context ends."""
Whence = Callable[[Layout], Answers[Course | None]]
"""Tells where each member begins."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a member is given: who it is, and what to make its numbers of (None: it will be sent them).

    steps: hours that it has, of all periods.
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
    problem: Whole,
    begin: Callable[[], object],
    judge: Judge,
    store: Store,
    layout: Layout,
    recruit: Recruit,
    count: int,
) -> str:
    """Search with a team, each by so many threads; the answer is the judge's. Returns how the search ended.

    begin: finds out where, which `store` then knows, while the others make their numbers. Raises SolverError where members
    are lost again and again, or cannot be had.
    """
    size, made_of = len(layout.shares), source(problem.form.flat)

    def work(rank: int, age: int) -> Work:
        return Work(
            rank=rank,
            age=age,
            layout=layout,
            outline=outline(problem.form, layout, rank, made_of) if made_of else None,
            steps=layout.shares[rank].steps,
            terms=judge.terms,
            threads=count,
            scratch=judge.how.scratch,
        )

    with recruit(size - 1) as crew, threads(count, problem.form.template.steps // size) as pool:
        team = Team(layout, [crew.link(rank) for rank in range(1, size)])
        fresh = list(range(1, size))
        losses, known, turns = 0, False, Turns(store, layout)
        try:
            while True:
                if losses:
                    gc.collect()  # what was raised holds frames, and these what was searched with
                try:
                    team.begin(fresh, work)
                    if not known:
                        begin()
                        known = True
                    return _searched(work(0, 0), team, pool, judge, turns, partial(_all_starts, problem, store))
                except LostError as lost:
                    losses += len(lost.ranks)
                    if losses > MOST_LOSSES:
                        raise
                    judge.note(f"      lost: {', '.join(map(str, lost.ranks))}; going back")
                    fresh = list(lost.ranks)
                    for rank in fresh:
                        team.replace(rank, crew.link(rank))
        finally:
            team.close()


def serve(link: Link) -> None:
    """Be a member for whoever is at the other end of `link`, until there is nothing left to do."""
    back: BackError | None = None
    while True:
        try:
            work: Work = receive(link, back)
        except (EOFError, OSError):  # whoever asked is gone
            return
        age = _served(work, Member(work.rank, work.layout, link, work.age))
        if age is None:
            return
        back = BackError(age)
        gc.collect()  # nothing is left of what was done for the one before


def _served(work: Work, team: Member) -> int | None:
    """Do a member's work; the age of the team that asks to come back from it, or None when it is over."""
    try:
        with threads(work.threads, work.steps) as pool, np.errstate(all="ignore"):
            _searched(work, team, pool, None, Turns(None, work.layout), _not_mine)
    except BackError as back:
        return back.age
    except (EOFError, OSError):  # whoever asked is gone
        return None
    except Exception as problem:
        team.failed(problem)
    return None


def _searched(work: Work, team: Team, pool: Threads, judge: Judge | None, keep: Turns, starts: Whence) -> str:
    """Search as one of the members; `starts` are asked of the first one. Returns how it ended."""
    numbers = _numbers(work, team, pool, judge)
    products = Products(numbers.template, numbers.periods, pool, team)
    equations = Equations(**given(numbers), products=products)
    search = Search(Problem(equations), System(equations, pool, work.scratch), work.terms, judge, keep)
    search.run(team.meet(None, lambda _: starts(work.layout)))
    return search.end


def _all_starts(problem: Whole, store: Store, layout: Layout) -> Answers[Course | None]:
    """Where all members begin: whence the search was last kept."""
    course = store.load()
    return [None] * len(layout.shares) if course is None else Starts(problem, layout, course)


def _not_mine(_: Layout) -> Answers[Course | None]:
    """Where all begin is known to the first member alone."""
    raise AssertionError


def _numbers(work: Work, team: Team, pool: Threads, judge: Judge | None) -> Numbers:
    """The numbers of a member's hours: made by itself where all can, and else sent by the first, who has those of all."""
    told = work.outline
    of = "nobody said what makes it" if told is None else told.made() if judge is None else _of_all(judge)

    def decide(parts: list[str]) -> Answers[Numbers | None]:
        assert judge is not None
        why = next((part for part in parts if part), "")
        how = f"were sent their numbers: {why}" if why else "made their numbers by themselves"
        judge.note(f"      members {how}")
        return Cut(judge.form, work.layout) if why else [None] * len(parts)

    sent = team.meet(of if isinstance(of, str) else "", decide)
    if sent is not None:
        return sent
    assert told is not None
    assert not isinstance(of, str)
    return numbers_of(of, told, work.layout, team, pool)


def _of_all(judge: Judge) -> Made:
    """What the first member has of the model of all hours."""
    return Made(judge.form.flat.model, judge.form.template, judge.form.periods)


class Processes:
    """Members that are processes of this machine."""

    def __init__(self) -> None:
        self._at_work: dict[int, tuple[subprocess.Popen[bytes], Connection]] = {}

    def link(self, rank: int) -> Link:
        """The way to a new process."""
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
        """End all of them."""
        for rank in list(self._at_work):
            self._end(rank)

    @property
    def numbers(self) -> Sequence[int]:
        """Process numbers."""
        return [process.pid for process, _ in self._at_work.values()]

    def _end(self, rank: int) -> None:
        if rank in self._at_work:
            process, link = self._at_work.pop(rank)
            link.close()
            process.kill()
            process.wait()


@contextmanager
def processes(members: int) -> Iterator[Processes]:
    """Members of this machine. Raises SolverError where there is no way to have them."""
    if os.name != "posix":
        raise SolverError(f"{members} more processes can not be had on this system: plan with one worker")
    crew = Processes()
    try:
        yield crew
    finally:
        crew.close()


def main(descriptor: int) -> None:
    """Serve at the end of a pipe."""
    with Connection(descriptor) as link:
        serve(link)
