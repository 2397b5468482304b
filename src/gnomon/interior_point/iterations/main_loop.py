"""The iterations, as every member of a team makes them: when a proof is tried, and when it is of no use to go on."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations import predictor_corrector, residual_projection, starting_point
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem, State
from gnomon.interior_point.iterations.termination import Judge, Terms

MOST = 300
"""Iterations."""
MARGIN = 0.1
"""Share of the gap asked at which a proof is tried first. The last digits are cheap and leave fewer crumbs; where they
cannot be had, the best iterate is tried at the gap asked."""
WIDE, SHARE = 1e-5, 0.5
"""Gap from which little is asked, and the share of it at which a proof is tried then: digits are not cheap so early."""
SLOW = 0.5
"""An iteration after which the gap is more than this share of what it was says that digits are no longer cheap: a gap
within the one asked is then proven as it is. Of the cost of other days of `guizhou-days` 5e-6 stayed for sixty iterations:
rows of work missed their side by 7e-8 and were priced as shortfalls, which neither steps nor refinement took away."""
AGAIN, LATER = 0.5, 3
"""A proof is tried again when the gap is this share of what it was, or after so many iterations."""
CLOSE, ROUGH = 1e-6, 1e-1
"""Infeasibilities of an iterate from which a proof is tried; where little is asked, rows are met for it, and what the duals
miss is taken off the bound. 2030 of `guizhou`, operated on all hours of the year, was within 9.3e-5 after 54 iterations,
with rows that missed 4e-2, and short steps took these away for thirty more."""
MET = 1e-9
"""Infeasibilities with which an iterate of a wide gap is taken as it is; others are moved onto their rows first."""
NOTHING = 1e-13
"""Infeasibilities and gaps below which less is no progress."""
STUCK = 25
"""Iterations without progress after which the search is over."""
SPENT, OVER = 1e-3, 6
"""Where products are less than this share of what objective and bound differ by, no step makes that less: it is what rows
miss, at prices that no longer move. After so many such iterations a tentative search is over."""
UNMET = 1e-2
"""Infeasibility beyond which a small gap says little, as rows that are not met cost nothing."""
BEYOND = 2.0
"""Where there is no plan, the bound grows without end. Duals are tried as a proof of that when the bound is this many times
the objective, and again when it is this many times what it was last time, as long as rows miss more than `CLOSE`: where a
little is missing, they miss little (eight years of `china` with more demand than its sites may hold, 4e-3)."""
NEAR, RUINED = 1e-1, 100.0
"""A step after which gap and infeasibilities are so many times what they had been, when they were near, is taken back, once,
and another made that keeps within the bounds: 2027 of `guizhou`, operated on all hours of the year, was within 2.0e-4 after
56 iterations, lost 0.69 in the next, and 14 later was no nearer."""
STRAY, GATHERED = 1e-3, 8
"""Where the gap is within the one asked and rows, or reduced costs, miss more than this, steps take that away and leave the
products alone, so many times at most. 2030 of `guizhou-days`, operated on all hours of the year, was within 7.7e-5 after 35
iterations, with rows that missed 1.6e-2 and could not be moved onto: nine further iterations took away two thirds of
that and proved nothing; six such steps, each half an iteration, took away all but 9e-4, and it was proven in the 44th."""
SWEPT = 1e-9
"""What is left of a crumb, and of what ran in it, for the iterate to be moved onto its rows without them."""
REFUSED = 10
"""Plans that are proven and not confirmed after which the search is over: no further digit changes what is said of them."""
LATE = "the time limit was reached"
NONE = "there is no plan"
ENDLESS = "the cost can fall without end"


@dataclass(slots=True)
class Trials:
    """When a proof of the gap `asked` is worth the iteration or two that it costs."""

    asked: float
    before: float = np.inf
    tried: float = np.inf
    last: int = -LATER

    def due(self, count: int, gap: float, infeasibility: float) -> bool:
        """Whether to try now, at iteration `count`, of which the gap and the infeasibilities are known."""
        slow, self.before = gap > SLOW * self.before, gap
        margin = (SHARE if self.asked >= WIDE else MARGIN) * self.asked
        near = gap <= margin or (slow and gap <= self.asked)
        again = gap <= AGAIN * self.tried or count - self.last >= LATER
        close = ROUGH if self.asked >= WIDE else CLOSE
        certain = gap <= MARGIN * self.asked and infeasibility <= UNMET
        if infeasibility > close or not (certain or (near and again)):
            return False
        self.tried, self.last = gap, count
        return True


@dataclass(slots=True)
class Course:
    """Where a search is, and how it came there. best: merits so far, the last of them improved at iteration `since`; at:
    distance of the nearest iterate; spent: iterations in a row that had nothing left to gain; bound: the last that was
    beyond any cost, fallen: how far the cost had fallen that was last beyond any bound; last: whether there is nowhere else
    to begin, as when it began from scratch."""

    point: Point
    trials: Trials
    last: bool
    count: int = 0
    best: Array = field(default_factory=lambda: np.full(3, np.inf))
    since: int = 0
    at: float = np.inf
    spent: int = 0
    bound: float = 0.0
    fallen: float = 0.0


class Keep:
    """Where iterates are kept while a search goes on; this one keeps nothing."""

    def offer(self, search: Search, course: Course) -> None:
        """Where the search is."""


class Search:
    """The iterations of one member. Only the first one has a `judge`; `end` tells how a search without a proof ended."""

    def __init__(self, problem: Problem, system: System, terms: Terms, judge: Judge | None, keep: Keep) -> None:
        self.problem, self.system, self.terms, self.keep = problem, system, terms, keep
        self.team = problem.team
        self._judge = judge
        self.end = f"no proof within {MOST} iterations"

    def run(self, course: Course | None) -> bool:
        """Whether an answer was found, from where `course` is, if there is one, and from scratch if that leads nowhere.

        The course moves on with the search, and loses its iterate where that leads nowhere: nobody holds what is behind.
        """
        for what, place in (("factors", self.system.room.folder), ("vectors", self.system.vectors.folder)):
            if place is not None and self._judge is not None:
                self._judge.slower(what, place)
        if course is not None:
            if self._iterate(course):
                return True
            if course.last or self.end in (NONE, ENDLESS) or self._late() or self.team.told(self._refused):
                return False
            del course.point
            gc.collect()  # what was raised may hold frames, and these factors
        return self._iterate(Course(starting_point.begin(self.problem, self.system), Trials(self.terms.gap), last=True))

    def _late(self) -> bool:
        return self.team.told(lambda: self._first.late)

    @property
    def _first(self) -> Judge:
        """The judge, who is asked by the first member alone."""
        if self._judge is None:
            raise AssertionError
        return self._judge

    def _iterate(self, course: Course) -> bool:
        nearest, of_nearest, ruined = course.point, (self.problem.state(course.point), np.inf), False
        gathered = 0
        for count in range(course.count, MOST):
            course.count, point, careful = count, course.point, False
            state = self.problem.state(point)
            gap = self._gap(state)
            reached = state, gap
            merits = np.maximum([state.primal, state.dual, gap], NOTHING)
            if (merits < 0.9 * course.best).any():
                course.since = count
            course.best = np.fmin(course.best, merits)  # a step that ends in no number is taken back
            if (distance := gap + state.primal + state.dual) <= course.at:
                nearest, of_nearest, course.at, ruined = point, (state, gap), distance, False
            elif course.at <= NEAR and not distance <= RUINED * max(course.at, self.terms.gap) and not ruined:
                course.point = point = nearest
                (state, gap), merits = of_nearest, course.best
                careful = ruined = True
            self.keep.offer(self, course)
            self._tell(count, *reached)
            if careful:
                self._note("      a step that ruined this is taken back")
            missed = max(state.primal, state.dual)
            if course.trials.due(count, gap, missed) and self._met(point, count, missed <= MET):
                return True
            if self.team.told(self._refused) >= REFUSED:
                self.end = f"{REFUSED} plans were proven, and none of them confirmed"
                return False
            if self._hopeless(point, state, course):
                self.end = NONE
                return False
            if self._endless(point, state, course):
                self.end = ENDLESS
                return False
            course.spent = course.spent + 1 if self._spent(state) else 0
            if not np.isfinite(merits).all() or count - course.since > STUCK or course.spent >= OVER:
                primal, dual, gap = course.best
                self.end = f"no progress beyond a gap of {gap:.1e} (infeasibility {primal:.1e}, {dual:.1e})"
                break
            if self._late():
                self.end = LATE
                break
            stray = not careful and gap <= self.terms.gap and missed > STRAY and gathered < GATHERED
            gathered += stray
            given = self.problem, self.system, point, state.mu
            try:
                if stray:
                    step = predictor_corrector.gather(*given, gap)
                else:
                    step = predictor_corrector.step(*given, gap=0.0 if careful else gap, asked=self.terms.gap)
            except FloatingPointError as problem:
                self.end = f"the arithmetic failed ({self.team.agreed(problem)})"
                break
            course.point = predictor_corrector.move(self.problem, point, step, state.mu)
        if self.team.told(self._refused) or course.at > 10.0 * self.terms.gap:
            return False
        return self._met(nearest, count, met=True)

    def _spent(self, state: State) -> bool:
        """Whether a tentative search has nothing left to gain."""
        left = state.mu * self.problem.whole
        return self.terms.tentative and left <= SPENT * abs(state.objective - state.bound)

    def _hopeless(self, point: Point, state: State, course: Course) -> bool:
        """Whether an iterate proves that there is no plan: tried where it misses its rows and its bound is past any cost."""
        if not (state.primal > CLOSE and state.bound > BEYOND * max(1.0, abs(state.objective), course.bound)):
            return False
        course.bound = state.bound
        t, layout = self.problem.form.template, self.team.layout
        self.problem.threads.clear()

        def ask(parts: list[Array]) -> list[bool]:
            return [self._first.contradicted(layout.joined(parts, t.periods, t.period_rows))] * len(parts)

        return self.team.meet(point.y, ask)

    def _endless(self, point: Point, state: State, course: Course) -> bool:
        """Whether an iterate shows that no plan is best: tried where it misses its duals and its cost is past any bound."""
        if not (state.dual > CLOSE and -state.objective > BEYOND * max(1.0, abs(state.bound), course.fallen)):
            return False
        course.fallen = -state.objective
        return self._asked(point, Judge.falls)

    def _note(self, line: str) -> None:
        if self._judge is not None:
            self._judge.note(line)

    def _ends(self, state: State) -> tuple[float, float]:
        """Objective and bound of an iterate, as they are of the model."""
        return self.terms.offset + state.objective / self.terms.unit, self.terms.offset + state.bound / self.terms.unit

    def _gap(self, state: State) -> float:
        """The gap of an iterate, relative to the objective of the model."""
        objective, bound = self._ends(state)
        return abs(objective - bound) / max(1.0, abs(objective))

    def _tell(self, count: int, state: State, gap: float) -> None:
        if self._judge is not None:
            self._judge.tell(count, state, self._ends(state), gap)

    def _met(self, point: Point, count: int, met: bool) -> bool:
        """Whether the iterate gives an answer: as it is, if it is a good one, or moved onto its rows, and onto its duals.

        It is moved no further than the proof needs: each time costs most of an iteration. `met`: whether it may keep to its
        rows as it is.
        """
        try:
            proven = next((one for one in self._better(point, met) if self._proven(one, count)), None)
            return proven is not None and self._confirmed(proven)
        except FloatingPointError as problem:
            self.team.agreed(problem)
            return False
        finally:
            if self._judge is not None:
                self._judge.forget()

    def _confirmed(self, point: Point) -> bool:
        """Whether what the iterate proves is the answer, without its crumbs if it can be."""
        try:
            self._sweep(point)
        except FloatingPointError as problem:  # with its crumbs, then
            self.team.agreed(problem)
        return self.team.told(self._is_answer)

    def _is_answer(self) -> bool:
        return self._first.confirmed()

    def _refused(self) -> int:
        return self._first.refusals

    def _better(self, point: Point, met: bool) -> Iterator[Point]:
        """The iterate, if it keeps to its rows, and what it is moved to if that proves nothing."""
        if (self.terms.gap < WIDE or met) and self._keeps(point):
            yield point
        kept = next(
            (one for one in residual_projection.rows(self.problem, self.system, point) if self._keeps(one)), None
        )
        if kept is not None:
            yield kept
            yield from residual_projection.duals(self.problem, self.system, kept)

    def _sweep(self, point: Point) -> None:
        """Take crumbs of capacity away that rows would miss: all else is moved by the least change that makes up for them.

        What there was is the answer where that costs more than is asked.
        """
        crumbs = self.team.told(self._crumbs)
        if not crumbs.any():
            return
        v = point.v.copy()
        v[: len(crumbs)] *= np.where(crumbs, SWEPT, 1.0)
        for one in residual_projection.rows(self.problem, self.system, replace(point, v=v), SWEPT, least=0.0):
            if self._asked(one, Judge.swept):
                return

    def _crumbs(self) -> Mask:
        return self._first.crumbs()

    def _keeps(self, point: Point) -> bool:
        return self._asked(point, Judge.keeps)

    def _asked(self, point: Point, what: Callable[[Judge, Array], bool]) -> bool:
        """What the judge says of the columns of an iterate."""
        t, team = self.problem.form.template, self.team
        self.problem.threads.clear()

        def ask(parts: list[Array]) -> list[bool]:
            return [what(self._first, team.layout.joined(parts, t.periods, t.period_columns))] * len(parts)

        return team.meet(point.v[: self.problem.columns], ask)

    def _proven(self, point: Point, count: int) -> bool:
        """Whether the duals of an iterate prove the plan that was last found to keep to its rows."""
        t, layout = self.problem.form.template, self.team.layout
        self.problem.threads.clear()

        def ask(parts: list[Array]) -> list[bool]:
            return [self._first.proven(layout.joined(parts, t.periods, t.period_rows), count)] * len(parts)

        return self.team.meet(point.y, ask)
