"""Main loop of the iterations, run by every process of a team: steps, attempts of a proof, and termination."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.iterations import predictor_corrector, residual_projection, starting_point
from gnomon.interior_point.iterations.primal_dual_problem import Point, Problem, State, Step
from gnomon.interior_point.iterations.termination import Termination, Terms
from gnomon.solution import relative_gap

MOST = 300
"""Maximum number of iterations."""
MARGIN = 0.1
"""Share of the requested gap at which a proof is first attempted. The last digits are cheap and leave less residue near 0.
If they are not reached, the best iterate is tried at the requested gap."""
WIDE, SHARE = 1e-5, 0.5
"""Requested gap from which a proof is attempted earlier, and the share of it: digits are expensive far from the optimum.
"""
SLOW = 0.5
"""An iteration that leaves more than this share of the gap shows that further digits are expensive. A gap within the
requested one is then proven without waiting for `MARGIN`."""
AGAIN, LATER = 0.5, 3
"""A proof is attempted again at this share of the gap of the last attempt, or after this many iterations."""
CLOSE, ROUGH = 1e-6, 1e-1
"""Infeasibilities up to which a proof is attempted. For wide gaps (`ROUGH`) the iterate is projected onto its rows, and
the residuals of the duals are subtracted from the bound."""
MET = 1e-9
"""Infeasibilities up to which an iterate of a wide gap is used without projection."""
NOTHING = 1e-13
"""Infeasibilities and gaps below this are not counted as progress."""
STUCK = 25
"""Iterations without progress after which the search ends."""
SPENT, OVER = 1e-3, 6
"""If the products are less than this share of the difference of objective and bound, steps no longer reduce it: it is the
price of residuals. A tentative search ends after this many such iterations."""
UNMET = 1e-2
"""Infeasibility above which a small gap is not trusted, as violated rows lower the cost."""
BEYOND = 2.0
"""In an infeasible model the bound grows without limit. Duals are tested as Farkas multipliers when the bound is this
multiple of the objective, and of its value at the last test, while rows miss more than `CLOSE`. A slightly infeasible
model has small residuals, so no larger ones are required."""
NEAR, RUINED = 1e-1, 100.0
"""A step after which gap and infeasibilities, once below `NEAR`, have grown by this factor is undone, once, and replaced
by one that stays within the bounds."""
STRAY, GATHERED = 1e-3, 8
"""If the gap is reached and residuals exceed this, steps that keep μ and only reduce residuals are made, at most this
many. They go further than steps that reduce μ as well."""
SWEPT = 1e-9
"""Factor for small capacities and their use before the iterate is projected without them."""
REFUSED = 10
"""Proven plans refused by the certificate after which the search ends; further digits do not change its findings."""
LATE = "the time limit was reached"
NONE = "there is no plan"
ENDLESS = "the cost can fall without end"


@dataclass(slots=True)
class ProofAttempts:
    """Decision when to attempt a proof of the gap `asked`, which costs one or two iterations."""

    asked: float
    before: float = np.inf
    tried: float = np.inf
    last: int = -LATER

    def due(self, count: int, gap: float, infeasibility: float) -> bool:
        """Return True if a proof is to be attempted at iteration `count`, and record the attempt."""
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
class SearchState:
    """State of a search. best: smallest merits so far; since: iteration of the last improvement.

    at: merit of the best iterate; spent: consecutive iterations without possible gain; bound, fallen: bound and
    decrease of the cost at the last tests for infeasible and unbounded models; last: True if there is no other start to
    fall back on.
    """

    point: Point
    trials: ProofAttempts
    last: bool
    count: int = 0
    best: Array = field(default_factory=lambda: np.full(3, np.inf))
    since: int = 0
    at: float = np.inf
    spent: int = 0
    bound: float = 0.0
    fallen: float = 0.0


class Recorder:
    """Recorder of iterates during a search; this one keeps nothing."""

    def offer(self, search: Search, course: SearchState) -> None:
        """Record the state of the search."""


class Search:
    """The iterations of one process. Only the first process has a `termination`; `end`: the reason if no proof was found."""

    def __init__(
        self, problem: Problem, system: System, terms: Terms, termination: Termination | None, keep: Recorder
    ) -> None:
        self.problem, self.system, self.terms, self.keep = problem, system, terms, keep
        self.team = problem.team
        self._judge = termination
        self.end = f"no proof within {MOST} iterations"

    def run(self, course: SearchState | None) -> bool:
        """Run from `course`, if given, then from scratch if that fails. Return True if an answer was found.

        `course` advances with the search; after a failure its iterate is released to free memory.
        """
        for what, place in (("factors", self.system.room.folder), ("vectors", self.system.vectors.folder)):
            if place is not None and self._judge is not None:
                self._judge.slower(what, place)
        if course is not None:
            if self._iterate(course):
                return True
            if course.last or self.end in (NONE, ENDLESS) or self._is_late() or self.team.broadcast(self._is_refused):
                return False
            self._note(f"      from this start {self.end}; going on from scratch")
            del course.point
            gc.collect()  # exceptions may hold frames, and these factors
        return self._iterate(
            SearchState(
                starting_point.starting_point(self.problem, self.system), ProofAttempts(self.terms.gap), last=True
            )
        )

    def _is_late(self) -> bool:
        return self.team.broadcast(lambda: self._on_first.is_late)

    @property
    def _on_first(self) -> Termination:
        """Return the termination test; for the first process only."""
        if self._judge is None:
            raise AssertionError
        return self._judge

    def _iterate(self, course: SearchState) -> bool:
        """Iterate from `course` until an answer is certified (True) or the search ends (False, `end` has the reason)."""
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
            course.best = np.fmin(course.best, merits)  # fmin ignores NaN: such a step is undone
            # Keep the best iterate; return to it once if a step has ruined it.
            if (distance := gap + state.primal + state.dual) <= course.at:
                nearest, of_nearest, course.at, ruined = point, (state, gap), distance, False
            elif course.at <= NEAR and not distance <= RUINED * max(course.at, self.terms.gap) and not ruined:
                course.point = point = nearest
                (state, gap), merits = of_nearest, course.best
                careful = ruined = True
            self.keep.offer(self, course)
            self._report(count, *reached)
            if careful:
                self._note("      a step that ruined this is taken back")
            # Attempt a proof.
            missed = max(state.primal, state.dual)
            if course.trials.due(count, gap, missed) and self._is_optimal(point, count, missed <= MET):
                return True
            if self.team.broadcast(self._is_refused) >= REFUSED:
                self.end = f"{REFUSED} plans were proven, and none of them confirmed"
                return False
            if self._has_certificate(point, state, course):
                return False
            course.spent = course.spent + 1 if self._is_exhausted(state) else 0
            if not np.isfinite(merits).all() or count - course.since > STUCK or course.spent >= OVER:
                primal, dual, gap = course.best
                self.end = f"no progress beyond a gap of {gap:.1e} (infeasibility {primal:.1e}, {dual:.1e})"
                break
            if self._is_late():
                self.end = LATE
                break
            # Gap reached but rows or reduced costs violated: reduce residuals only.
            stray = not careful and gap <= self.terms.gap and missed > STRAY and gathered < GATHERED
            gathered += stray
            step = self._step(point, state.mu, gap, careful=careful, stray=stray)
            if step is None:
                break
            course.point = predictor_corrector.move(self.problem, point, step, state.mu)
        # Last attempt: prove the best iterate.
        if self.team.broadcast(self._is_refused) or course.at > 10.0 * self.terms.gap:
            return False
        return self._is_optimal(nearest, count, met=True)

    def _has_certificate(self, point: Point, state: State, course: SearchState) -> bool:
        """Return True if the iterate certifies infeasibility or unboundedness; `end` then says which."""
        if self._is_infeasible(point, state, course):
            self.end = NONE
        elif self._is_unbounded(point, state, course):
            self.end = ENDLESS
        else:
            return False
        return True

    def _step(self, point: Point, mu: float, gap: float, *, careful: bool, stray: bool) -> Step | None:
        """Return the next step, with the residuals alone as its aim if `stray`; None if the arithmetic failed."""
        try:
            if stray:
                return predictor_corrector.gather(self.problem, self.system, point, mu, gap)
            gap = 0.0 if careful else gap
            return predictor_corrector.step(self.problem, self.system, point, mu, gap=gap, asked=self.terms.gap)
        except FloatingPointError as problem:
            self.end = f"the arithmetic failed ({self.team.report_failure(problem)})"
            return None

    def _is_exhausted(self, state: State) -> bool:
        """Return True if steps can no longer improve a tentative search."""
        left = state.mu * self.problem.whole
        return self.terms.tentative and left <= SPENT * abs(state.objective - state.bound)

    def _is_infeasible(self, point: Point, state: State, course: SearchState) -> bool:
        """Return True if the duals are a Farkas certificate; tested if rows are violated and the bound exceeds any cost."""
        if not (state.primal > CLOSE and state.bound > BEYOND * max(1.0, abs(state.objective), course.bound)):
            return False
        course.bound = state.bound
        t, layout = self.problem.form.template, self.team.layout
        self.problem.threads.clear()

        def ask(parts: list[Array]) -> list[bool]:
            return [self._on_first.is_infeasible(layout.joined(parts, t.periods, t.period_rows))] * len(parts)

        return self.team.exchange(point.y, ask)

    def _is_unbounded(self, point: Point, state: State, course: SearchState) -> bool:
        """Return True if the columns are an unbounded ray; tested if duals are violated and the cost is below any bound."""
        if not (state.dual > CLOSE and -state.objective > BEYOND * max(1.0, abs(state.bound), course.fallen)):
            return False
        course.fallen = -state.objective
        return self._ask_first(point, Termination.is_unbounded)

    def _note(self, line: str) -> None:
        if self._judge is not None:
            self._judge.note(line)

    def _ends(self, state: State) -> tuple[float, float]:
        """Return objective and bound of an iterate in the units of the model."""
        return self.terms.offset + state.objective / self.terms.unit, self.terms.offset + state.bound / self.terms.unit

    def _gap(self, state: State) -> float:
        """Return the gap of an iterate relative to the model's objective."""
        objective, bound = self._ends(state)
        return abs(relative_gap(objective, bound))

    def _report(self, count: int, state: State, gap: float) -> None:
        if self._judge is not None:
            self._judge.report(count, state, self._ends(state), gap)

    def _is_optimal(self, point: Point, count: int, met: bool) -> bool:
        """Return True if the iterate gives a certified answer: directly, or projected onto its rows, or onto its duals.

        Each projection costs most of an iteration, so none is made unless needed. `met`: True if the iterate may
        satisfy its rows.
        """
        try:
            # The first iterate or projection whose duals prove the gap.
            proven = next((one for one in self._projections(point, met) if self._is_proven(one, count)), None)
            return proven is not None and self._is_confirmed(proven)
        except FloatingPointError as problem:
            self.team.report_failure(problem)
            return False
        finally:
            if self._judge is not None:
                self._judge.forget()

    def _is_confirmed(self, point: Point) -> bool:
        """Return True if the proven iterate is certified, without residue of capacities where possible."""
        try:
            self.sweep(point)
        except FloatingPointError as problem:  # the answer keeps its residue
            self.team.report_failure(problem)
        return self.team.broadcast(self._is_answer)

    def _is_answer(self) -> bool:
        return self._on_first.is_confirmed()

    def _is_refused(self) -> int:
        return self._on_first.refusals

    def _projections(self, point: Point, met: bool) -> Iterator[Point]:
        """Yield the iterate if it satisfies its rows, then its projections.

        With unbounded columns the projections come first: their reduced costs must be exactly 0, or they prove little.
        """
        exact = self.problem.has_unbounded
        if not exact and (self.terms.gap < WIDE or met) and self._satisfies_rows(point):
            yield point
        # Project onto the rows until the plan satisfies them; then, if needed, onto the duals.
        kept = next(
            (one for one in residual_projection.rows(self.problem, self.system, point) if self._satisfies_rows(one)),
            None,
        )
        if kept is None and exact and self._satisfies_rows(point):
            kept = point
        if kept is not None:
            if not exact:
                yield kept
            yield from residual_projection.duals(self.problem, self.system, kept)
            if exact:
                yield kept

    def sweep(self, point: Point) -> None:
        """Remove small amounts of periods, and project the iterate onto its rows without them.

        If that costs too much of the gap, only residue near 0 is removed. The previous answer stays if the new one
        exceeds the requested gap.
        """
        small, residue = self.team.broadcast(self._removable)
        if (small != residue).any() and self._without(point, small, Termination.is_cheap):
            return
        if residue.any():
            self._without(point, residue, Termination.replace_residue)

    def _without(self, point: Point, gone: Mask, accepted: Callable[[Termination, Array], bool]) -> bool:
        """Return True if a projection of the iterate without these columns is accepted as the answer."""
        v = point.v.copy()
        v[: len(gone)] *= np.where(gone, SWEPT, 1.0)
        projections = residual_projection.rows(self.problem, self.system, replace(point, v=v), SWEPT, least=0.0)
        return any(self._ask_first(one, accepted) for one in projections)

    def _removable(self) -> tuple[Mask, Mask]:
        return self._on_first.removable()

    def _satisfies_rows(self, point: Point) -> bool:
        return self._ask_first(point, Termination.satisfies_rows)

    def _ask_first(self, point: Point, what: Callable[[Termination, Array], bool]) -> bool:
        """Return the finding of the termination test about the columns of an iterate."""
        t, team = self.problem.form.template, self.team
        self.problem.threads.clear()

        def ask(parts: list[Array]) -> list[bool]:
            return [what(self._on_first, team.layout.joined(parts, t.periods, t.period_columns))] * len(parts)

        return team.exchange(point.v[: self.problem.columns], ask)

    def _is_proven(self, point: Point, count: int) -> bool:
        """Return True if the duals of an iterate prove the plan that was last found to satisfy its rows."""
        t, layout = self.problem.form.template, self.team.layout
        self.problem.threads.clear()

        def ask(parts: list[Array]) -> list[bool]:
            return [self._on_first.is_proven(layout.joined(parts, t.periods, t.period_rows), count)] * len(parts)

        return self.team.exchange(point.y, ask)
