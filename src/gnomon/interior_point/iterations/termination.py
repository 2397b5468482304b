"""Evaluation of iterates: log, proof and certificate, in the process that holds the whole model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.interior_point.formulation.standard_form import Form
from gnomon.interior_point.iterations.primal_dual_problem import State
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.proof.primal_repair import below, crumbs, is_cheap, repair
from gnomon.solution import BOUND_EXCESS, Progress, Solution, Watch, relative_gap

FEASIBLE = 3e-7
"""Largest relative violation of an answer. The certificate, which measures more strictly, allows 1e-6."""
REST, TINY = 1e-7, 1e-6
"""Minimum scale of a row, as a share of the largest value and absolute, as strict as in the certificate."""
NAMED = 3
"""Maximum number of columns named in the error for an unbounded model."""
SLOWER = "1.1 to 4 times"
"""Slow-down with factors and vectors in files; it grows as memory for them shrinks."""
ROUNDED = (12, 10, 8)
"""Digits to which duals are rounded if they prove nothing unrounded."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Requested gap, and the units of an iterate: objective = offset + scaled objective / unit.

    tentative: True if another method follows, so that a search without progress ends early.
    """

    gap: float
    unit: float
    offset: float
    tentative: bool = False


class Termination:
    """Log and result of a run.

    answer: the certified plan. contradiction: Farkas multipliers of an infeasible model. endless: columns of an
    unbounded one. refused: the last plan that was proven but not certified.
    """

    def __init__(self, form: Form, options: Options, progress: Watch, began: float, *, tentative: bool = False) -> None:
        self.form, self.options, self.progress, self.began = form, options, progress, began
        self.gap = options.gap_or_default()
        self.log: list[str] = []
        self.answer: Solution | None = None
        self.refused: Solution | None = None
        self.refusals = 0
        self._candidate: Solution | None = None
        self.contradiction: Array | None = None
        self.endless = ""
        self._widest, self._far = 0.0, 0.0
        self._plan: Array | None = None
        self._stray: Array | None = None
        self._missed = np.inf
        self._implied = weak_duality.Implied(form.flat)
        unit = form.balance.cost * form.balance.side
        offset = float(form.flat.cost @ form.primal(np.zeros(form.columns))) + form.flat.constant
        self.terms = Terms(self.gap, unit, offset, tentative)

    @property
    def is_late(self) -> bool:
        """Return True if the time limit has passed."""
        return self.options.time_limit is not None and time.perf_counter() - self.began > self.options.time_limit

    def report_coarse(self, count: int, hours: int) -> None:
        """Report an iteration on a coarse model."""
        seconds = time.perf_counter() - self.began
        self.log.append(f"{count:4d}  on {hours} hours  {seconds:.1f} s")
        if self.progress is not None:
            self.progress(Progress("structured, start", seconds, count))

    def report(self, count: int, state: State, ends: tuple[float, float], gap: float) -> None:
        """Report an iterate, its objective and bound (`ends`) and the gap between them."""
        seconds = time.perf_counter() - self.began
        self.log.append(
            f"{count:4d}  {ends[0]:+.9e}  {ends[1]:+.9e}  gap {gap:.1e}  "
            f"primal {state.primal:.1e}  dual {state.dual:.1e}  mu {state.mu:.1e}  {seconds:.1f} s"
        )
        if self.progress is not None:
            self.progress(Progress("structured", seconds, count, ends[0], gap, self._fraction(gap)))

    def _fraction(self, gap: float) -> float:
        """Return the completed share of the way to the requested gap, in digits, which take about equally long."""
        if np.isfinite(gap):
            self._widest = max(self._widest, gap)
            if self._widest > self.gap:
                far = np.log(self._widest / max(gap, self.gap)) / np.log(self._widest / self.gap)
                self._far = max(self._far, float(far))
        return self._far

    def slower(self, what: str, place: Path) -> None:
        """Report that factors or vectors are in files."""
        self.log.append(f"      {what} lie in {place}")
        if self.progress is not None:
            seconds = time.perf_counter() - self.began
            self.progress(Progress(f"structured, {what} in {place}, expect {SLOWER} as long", seconds))

    def note(self, line: str) -> None:
        """Add a line to the log."""
        self.log.append(line)

    def satisfies_rows(self, columns: Array) -> bool:
        """Return True if the plan of an iterate satisfies the rows. It is kept for the following call of `is_proven`."""
        self.forget()
        plan = repair(self.form.flat, self.form.primal(columns))
        violation = self._violation(plan)
        if violation > FEASIBLE:
            self.log.append(f"      no plan: violation {violation:.1e}")
            self._stray = plan
            return False
        self._plan, self._missed, self._stray = plan, violation, None
        return True

    def forget(self) -> None:
        """Release the plan that satisfied the rows."""
        self._plan, self._missed = None, np.inf

    def is_proven(self, y: Array, count: int) -> bool:
        """Return True if the duals of an iterate prove the requested gap for that plan, which becomes the candidate."""
        flat, x = self.form.flat, self._plan
        assert x is not None
        objective = float(flat.cost @ x) + flat.constant
        # Lower bound by weak duality.
        row_dual, bound = self._bound(y, objective)
        gap = relative_gap(objective, bound)
        self.log.append(f"      proof: objective {objective:.9e}, gap {gap:.1e}, violation {self._missed:.1e}")
        if not self._is_small(gap):
            return False
        seconds = time.perf_counter() - self.began
        self._candidate = Solution(x, row_dual, objective, bound, "structured", count, seconds, "\n".join(self.log))
        return True

    def resume(self, proven: Solution) -> None:
        """Make a solution that another method has proven the candidate."""
        self._candidate = proven

    @property
    def candidate(self) -> Solution:
        """Return the last solution that was proven."""
        if self._candidate is None:
            raise AssertionError
        return self._candidate

    def removable(self) -> tuple[Mask, Mask]:
        """Return masks of the candidate's period columns that are too small to mean anything, and of residue near 0.

        The first includes the second. Shapes (columns of all periods,).
        """
        t, flat, x = self.form.template, self.form.flat, self.candidate.x
        end = t.periods * t.period_columns
        residue = crumbs(flat, x)[:end]
        return residue | below(flat, x, self.options.smallest or {})[:end], residue

    def is_cheap(self, columns: Array) -> bool:
        """Return True as `replace_residue` does, if the columns also cost little more than the candidate."""
        x, before = repair(self.form.flat, self.form.primal(columns)), self.candidate.objective
        after = float(self.form.flat.cost @ x) + self.form.flat.constant
        return is_cheap(before, after, self.gap) and self.replace_residue(columns)

    def replace_residue(self, columns: Array) -> bool:
        """Return True if these columns satisfy the rows within the gap of the candidate; they then replace its columns."""
        flat, proven = self.form.flat, self.candidate
        x = repair(flat, self.form.primal(columns))
        objective = float(flat.cost @ x) + flat.constant
        if self._violation(x) > FEASIBLE or not self._is_small(relative_gap(objective, proven.bound)):
            return False
        self._candidate = replace(proven, x=x, objective=objective)
        return True

    def is_confirmed(self) -> bool:
        """Return True if the candidate is the answer, which the callback `Options.confirm` may refuse with a reason."""
        found, self._candidate = self.candidate, None
        doubt = self.options.confirm(found) if self.options.confirm else ""
        if doubt:
            self.log.append(f"      {doubt}")
            self.refused, self.refusals = replace(found, doubt=doubt), self.refusals + 1
        else:
            self.answer = found
        return not doubt

    def _is_small(self, gap: float) -> bool:
        """Return True if a gap is small enough, also below 0."""
        return -min(self.gap, BOUND_EXCESS) <= gap <= self.gap

    @property
    def worst_row(self) -> str:
        """Return the row that the last plan violates most, and by how much: its data may be unusual.

        Empty if the last plan satisfied the rows.
        """
        x, flat = self._stray, self.form.flat
        if x is None:
            return ""
        with np.errstate(all="ignore"):
            missed = weak_duality.missed(flat, x, least=self._least(x))
        row = int(np.nanargmax(missed)) if len(missed) and not np.isnan(missed).all() else -1
        return f"{flat.describe(row, rows=True)} is missed by {missed[row]:.1e} of its size" if row >= 0 else ""

    def _violation(self, x: Array) -> float:
        return weak_duality.violation(self.form.flat, x, least=self._least(x))

    @staticmethod
    def _least(x: Array) -> float:
        return max(TINY, REST * float(np.abs(x).max(initial=0.0)))

    def _bound(self, y: Array, objective: float) -> tuple[Array, float]:
        """Return row duals, 0 where the sign belongs to an infinite side, and the bound that they prove.

        A column without a bound (work may circulate at no cost) must not have a negative reduced cost, however small,
        and equal duals must be exactly equal. Duals rounded to fewer digits may then prove more.
        """
        found, bound = self.form.dual(y), -np.inf
        for found in self._duals(y):
            bound = weak_duality.proven(self.form.flat, found, objective, self._implied)
            if np.isfinite(bound):
                break
        return weak_duality.feasible_multipliers(self.form.flat, found), bound

    def _duals(self, y: Array) -> Iterator[Array]:
        """Yield the row duals unrounded and rounded to fewer and fewer digits."""
        yield self.form.dual(y)
        for digits in ROUNDED:
            fraction, exponent = np.frexp(np.where(np.abs(y) < 10.0**-digits, 0.0, y))
            unit = 2.0 ** round(digits / np.log10(2.0))
            yield self.form.dual(np.ldexp(np.round(fraction * unit) / unit, exponent))

    def is_unbounded(self, columns: Array) -> bool:
        """Return True if the columns of an iterate are a ray of unbounded decrease; `endless` then names the largest."""
        ray = weak_duality.descent(self.form.flat, self.form.primal(columns))
        if ray is not None:
            most = np.argsort(-np.abs(ray), kind="stable")[:NAMED]
            self.endless = ", ".join(self.form.flat.describe(int(one)) for one in most if ray[one])
        self.log.append(
            f"      columns show {'no way' if ray is None else 'a way'} along which the cost falls without end"
        )
        return ray is not None

    def is_infeasible(self, y: Array) -> bool:
        """Return True if the duals of an iterate are Farkas multipliers, beyond the violation allowed for an answer."""
        size, flat = float(np.abs(y).max(initial=0.0)), self.form.flat
        implied = weak_duality.implied_by(flat)
        duals = self._duals(y / max(size, TINY))
        proven = (found for found in duals if weak_duality.contradiction(flat, found, FEASIBLE, implied) > 0.0)
        self.contradiction = next(proven, self.contradiction)
        proof = self.contradiction is not None
        self.log.append(f"      duals prove {'that there is no plan' if proof else 'no contradiction'}")
        return proof
