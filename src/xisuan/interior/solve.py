"""The structured interior point from model to proven optimum."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain

import numpy as np

from xisuan.errors import InfeasibleError, SolverError
from xisuan.interior import approach, iterate, start
from xisuan.interior.form import Form, standard
from xisuan.interior.iterate import Point, Problem, State
from xisuan.interior.system import System
from xisuan.interior.threads import Threads, threads
from xisuan.solver import duality, feasibility
from xisuan.solver.flat import Flat
from xisuan.solver.model import Array
from xisuan.solver.repair import repaired
from xisuan.solver.solution import How, Progress, Solution, Watch

GAP = 1e-6
MOST = 300
"""Iterations."""
FEASIBLE = 3e-7
"""Largest relative violation of an answer: the certificate, which measures more strictly, allows 1e-6."""
REST, TINY = 1e-7, 1e-6
"""Rows are measured by no less than this share of the largest value, and by no less than this: as strictly as by the
certificate."""
MARGIN = 0.1
"""Share of the gap asked at which a proof is tried first. The last digits are cheap and leave fewer crumbs; where they
cannot be had, the best iterate is tried at the gap asked."""
WIDE, SHARE = 1e-5, 0.5
"""Gap from which little is asked, and the share of it at which a proof is tried then: digits are not cheap so early."""
SLOW = 0.5
"""An iteration after which the gap is more than this share of what it was says that digits are no longer cheap: a gap
within the one asked is then proven as it is. Of the cost of other days of Guizhou 5e-6 stayed for sixty iterations: rows
of work missed their side by 7e-8 and were priced as shortfalls, which neither steps nor refinement took away."""
AGAIN, LATER = 0.5, 3
"""A proof is tried again when the gap is this share of what it was, or after so many iterations."""
ROUNDED = (12, 10, 8)
"""Digits of duals that are rounded because they prove nothing as they are."""
CLOSE, ROUGH = 1e-6, 1e-2
"""Infeasibilities of an iterate from which a proof is tried; where little is asked, rows are met for it, and what the duals
miss is taken off the bound."""
NOTHING = 1e-13
"""Infeasibilities and gaps below which less is no progress."""
STUCK = 25
"""Iterations without progress after which the search is over."""


class UnprovenError(SolverError):
    """The iterations ended without a proof; `end` tells how."""

    def __init__(self, end: str) -> None:
        super().__init__(f"structured: {end}: try --method direct, or a wider --gap")
        self.end = end

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self.end,)


def solve(flat: Flat, how: How | None = None, progress: Watch = None) -> Solution:
    """The optimum of `flat`, within the gap asked and proven by its duals.

    Raises InfeasibleError where multipliers prove that there is none, SolverError for integers, for columns without a
    lower bound, and where the iterations end without a proof.
    """
    how = how or How()
    began = time.perf_counter()
    with threads(how.threads, flat.model.periods * flat.model.hours) as pool, np.errstate(all="ignore"):
        form = standard(flat, pool)
        if form.reduced.impossible >= 0:
            raise InfeasibleError("No plan satisfies the scenario.")
        run = _Run(form, how, progress, began)
        answer = run.solve(pool)
    if answer is not None:
        return answer
    if how.time_limit is None and feasibility.infeasibility(flat, how)[0] > 0.0:
        raise InfeasibleError("No plan satisfies the scenario.")
    raise UnprovenError(run.end)


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
        if infeasibility > close or not (gap <= MARGIN * self.asked or (near and again)):
            return False
        self.tried, self.last = gap, count
        return True


class _Run:
    """One run of the iterations."""

    def __init__(self, form: Form, how: How, progress: Watch, began: float) -> None:
        self.form, self.how, self.progress, self.began = form, how, progress, began
        self.gap = how.gap if how.gap is not None else GAP
        self.end = f"no proof within {MOST} iterations"
        self.log: list[str] = []
        self.coarse = 0
        self._unit = form.scaling.cost * form.scaling.side
        self._offset = float(form.flat.cost @ form.primal(np.zeros_like(form.cost))) + form.flat.constant

    def solve(self, pool: Threads) -> Solution | None:
        """The answer, or None where the iterations end without one."""
        problem = Problem(self.form)
        if not problem.count:  # the rows leave no choice
            nothing = np.zeros(len(problem.cost))
            return self._proven(Point(nothing, nothing[:0], np.zeros(len(self.form.side)), nothing, nothing[:0]), 0)
        near = approach.from_fewer(problem, pool, self._told)
        system = System(self.form, pool)
        if near is not None and (answer := self._iterate(problem, system, near)) is not None:
            return answer
        if near is not None and self._late():
            return None
        return self._iterate(problem, system, start.begin(problem, system))

    def _late(self) -> bool:
        """Whether the time allowed is over."""
        return self.how.time_limit is not None and time.perf_counter() - self.began > self.how.time_limit

    def _told(self, count: int, hours: int) -> None:
        """Report an iteration on a model of fewer hours. Raises SolverError when the time is over."""
        seconds = time.perf_counter() - self.began
        self.coarse += 1
        self.log.append(f"{count:4d}  on {hours} hours  {seconds:.1f} s")
        if self.progress is not None:
            self.progress(Progress("structured, start", seconds, count))
        if self._late():
            self.end = "the time limit was reached"
            raise UnprovenError(self.end)

    def _iterate(self, problem: Problem, system: System, point: Point) -> Solution | None:
        best, since = np.full(3, np.inf), 0
        nearest, at, trials = point, np.inf, Trials(self.gap)
        for count in range(MOST):
            state = problem.state(point)
            gap = self._tell(count, state)
            merits = np.maximum([state.primal, state.dual, gap], NOTHING)
            if (merits < 0.9 * best).any():
                since = count
            best = np.minimum(best, merits)
            if (distance := gap + state.primal + state.dual) < at:
                nearest, at = point, distance
            due = trials.due(count, gap, max(state.primal, state.dual))
            if due and (answer := self._met(problem, system, point, count)) is not None:
                return answer
            if not np.isfinite(merits).all() or count - since > STUCK:
                self.end = f"no progress beyond a gap of {gap:.1e} (infeasibility {state.primal:.1e}, {state.dual:.1e})"
                break
            if self._late():
                self.end = "the time limit was reached"
                break
            try:
                beyond = iterate.BEYOND if gap > self.gap else 0.0
                point = iterate.move(point, iterate.step(problem, system, point, state.mu, beyond=beyond), state.mu)
            except FloatingPointError as problem_met:
                self.end = f"the arithmetic failed ({problem_met})"
                break
        return self._met(problem, system, nearest, count) if at <= 10.0 * self.gap else None

    def _met(self, problem: Problem, system: System, point: Point, count: int) -> Solution | None:
        """The answer that the iterate gives: as it is, if it is a good one, or moved onto its rows, and onto its duals.

        It is moved no further than the proof needs: each time costs most of an iteration.
        """
        if self.gap < WIDE and (answer := self._proven(point, count)) is not None:
            return answer
        try:
            met = next((one for one in iterate.onto_rows(problem, system, point) if self._keeps(one)), None)
            if met is None:
                return None
            for one in chain([met], iterate.onto_duals(problem, system, met)):
                if (answer := self._proven(one, count)) is not None:
                    return answer
        except FloatingPointError:
            pass
        return None

    def _keeps(self, point: Point) -> bool:
        """Whether the plan that the iterate gives keeps to the rows."""
        return self._violation(repaired(self.form.flat, self.form.primal(point.v[: len(self.form.cost)]))) <= FEASIBLE

    def _violation(self, x: Array) -> float:
        return duality.violation(self.form.flat, x, least=max(TINY, REST * float(np.abs(x).max(initial=0.0))))

    def _tell(self, count: int, state: State) -> float:
        """Report an iterate; its gap, relative to the objective of the model."""
        seconds = time.perf_counter() - self.began
        objective, bound = (self._offset + value / self._unit for value in (state.objective, state.bound))
        gap = abs(objective - bound) / max(1.0, abs(objective))
        self.log.append(
            f"{count:4d}  {objective:+.9e}  {bound:+.9e}  gap {gap:.1e}  "
            f"primal {state.primal:.1e}  dual {state.dual:.1e}  mu {state.mu:.1e}  {seconds:.1f} s"
        )
        if self.progress is not None:
            self.progress(Progress("structured", seconds, count, objective, gap))
        return gap

    def _proven(self, point: Point, count: int) -> Solution | None:
        """The answer that the iterate gives, if it keeps to the rows and its duals prove the gap asked."""
        flat, form = self.form.flat, self.form
        x = repaired(flat, form.primal(point.v[: len(form.cost)]))
        objective = float(flat.cost @ x) + flat.constant
        row_dual, bound = self._bound(point.y, objective)
        gap = (objective - bound) / max(1.0, abs(objective))
        violation = self._violation(x)
        self.log.append(f"      proof: objective {objective:.9e}, gap {gap:.1e}, violation {violation:.1e}")
        if violation > FEASIBLE or not -self.gap <= gap <= self.gap:
            return None
        seconds = time.perf_counter() - self.began
        return Solution(x, row_dual, objective, bound, "structured", count, seconds, "\n".join(self.log))

    def _bound(self, y: Array, objective: float) -> tuple[Array, float]:
        """Row duals and the bound that they prove.

        Where nothing limits a column (work may go round in circles at no cost) its reduced cost must not be negative by
        a single digit, and duals that ought to be equal must be. Then those rounded to fewer digits prove more.
        """
        flat, found = self.form.flat, self.form.dual(y)
        bound = duality.proven(flat, found, objective)
        for digits in ROUNDED:
            if np.isfinite(bound):
                break
            fraction, exponent = np.frexp(np.where(np.abs(y) < 10.0**-digits, 0.0, y))
            unit = 2.0 ** round(digits / np.log10(2.0))
            found = self.form.dual(np.ldexp(np.round(fraction * unit) / unit, exponent))
            bound = duality.proven(flat, found, objective)
        return found, bound
