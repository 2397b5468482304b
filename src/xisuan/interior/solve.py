"""The structured interior point from model to proven optimum."""

from __future__ import annotations

import time

import numpy as np

from xisuan.errors import InfeasibleError, SolverError
from xisuan.interior import iterate, start
from xisuan.interior.form import Form, standard
from xisuan.interior.iterate import Point, Problem, State
from xisuan.interior.system import System
from xisuan.interior.threads import threads
from xisuan.solver import duality, highs
from xisuan.solver.flat import Flat
from xisuan.solver.model import Array
from xisuan.solver.solution import How, Progress, Solution, Watch

GAP = 1e-6
MOST = 300
"""Iterations."""
FEASIBLE = 3e-7
"""Largest relative violation of an answer: the certificate, which measures more strictly, allows 1e-6."""
REST, TINY = 1e-7, 1e-6
"""Rows are measured by no less than this share of the largest value, and by no less than this: as strictly as by the
certificate."""
NEAR = 1.0
"""Share of the gap asked at which a proof is first tried."""
STUCK = 25
"""Iterations without progress after which the search is over."""


def solve(flat: Flat, how: How | None = None, progress: Watch = None) -> Solution:
    """The optimum of `flat`, within the gap asked and proven by its duals.

    Raises InfeasibleError where multipliers prove that there is none, SolverError for integers, for columns without a
    lower bound, and where the iterations end without a proof.
    """
    how = how or How()
    began = time.perf_counter()
    form = standard(flat)
    if form.reduced.impossible >= 0:
        raise _infeasible(flat, how)
    run = _Run(form, how, progress, began)
    answer = run.solve()
    if answer is not None:
        return answer
    if run.diverged and highs.infeasibility(flat, how)[0] > 0.0:
        raise _infeasible(flat, how)
    raise SolverError(f"structured: {run.end}: try --method direct, or a wider --gap")


def _infeasible(flat: Flat, how: How) -> Exception:
    return InfeasibleError("No plan satisfies the scenario.")


class _Run:
    """One run of the iterations."""

    def __init__(self, form: Form, how: How, progress: Watch, began: float) -> None:
        self.form, self.how, self.progress, self.began = form, how, progress, began
        self.gap = how.gap if how.gap is not None else GAP
        self.end = f"no proof within {MOST} iterations"
        self.diverged = False
        self.log: list[str] = []

    def solve(self) -> Solution | None:
        """The answer, or None where the iterations end without one."""
        model = self.form.flat.model
        with threads(self.how.threads, model.periods * model.hours) as pool:
            return self._iterate(Problem(self.form), System(self.form, pool))

    def _iterate(self, problem: Problem, system: System) -> Solution | None:
        point = start.begin(problem, system)
        best, since = np.full(4, np.inf), 0
        for count in range(MOST):
            state = problem.state(point)
            self._tell(count, state)
            merits = np.array([state.primal, state.dual, abs(state.gap), state.mu])
            if (merits < 0.9 * best).any():
                since = count
            best = np.minimum(best, merits)
            if self._near(state) and (answer := self._proven(point, count)) is not None:
                return answer
            if not np.isfinite(merits).all() or count - since > STUCK:
                self.end = (
                    f"no progress beyond a gap of {state.gap:.1e} (infeasibility {state.primal:.1e}, {state.dual:.1e})"
                )
                break
            if self.how.time_limit is not None and time.perf_counter() - self.began > self.how.time_limit:
                self.end = "the time limit was reached"
                return None
            point = iterate.move(point, iterate.step(problem, system, point, state.mu), state.mu)
        self.diverged = True
        return None

    def _near(self, state: State) -> bool:
        return abs(state.gap) <= NEAR * self.gap and state.primal <= 1e-6 and state.dual <= 1e-6

    def _tell(self, count: int, state: State) -> None:
        seconds = time.perf_counter() - self.began
        self.log.append(
            f"{count:4d}  {state.objective:+.9e}  {state.bound:+.9e}  gap {state.gap:.1e}  "
            f"primal {state.primal:.1e}  dual {state.dual:.1e}  mu {state.mu:.1e}  {seconds:.1f} s"
        )
        if self.progress is not None:
            self.progress(Progress("structured", seconds, count, state.objective, abs(state.gap)))

    def _proven(self, point: Point, count: int) -> Solution | None:
        """The answer that the iterate gives, if it keeps to the rows and its duals prove the gap asked."""
        flat, form = self.form.flat, self.form
        x = highs.repair(flat, form.primal(point.v[: len(form.cost)]))
        row_dual: Array = form.dual(point.y)
        objective = float(flat.cost @ x) + flat.constant
        bound = duality.proven(flat, row_dual, objective)
        gap = (objective - bound) / max(1.0, abs(objective))
        violation = duality.violation(flat, x, least=max(TINY, REST * float(np.abs(x).max(initial=0.0))))
        self.log.append(f"      proof: objective {objective:.9e}, gap {gap:.1e}, violation {violation:.1e}")
        if violation > FEASIBLE or not -self.gap <= gap <= self.gap:
            return None
        seconds = time.perf_counter() - self.began
        return Solution(x, row_dual, objective, bound, "structured", count, seconds, "\n".join(self.log))
