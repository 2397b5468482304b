"""What a member costs after the early orders of somebody who planned for another future.

An order that an interior point found is right to so many digits only, and held to the last of them it may leave no plan, or
none that a solver can find. It may then give a little, and what that saves is added again at its price, the reduced cost:
the figure is that of the orders as they are, but for what changes within so little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array
from gnomon.highs import solver_sequence
from gnomon.highs.solver_sequence import How, Watch
from gnomon.methods.method_choice import Solve
from gnomon.model.block_model import Block
from gnomon.model.linear_program import Flat
from gnomon.options import Solver
from gnomon.transforms import integrality
from xisuan.equations.build_model import EARLY
from xisuan.errors import InfeasibleError, SolverError

LOOSE = 1e-6
"""By how much an order may give, as a share of itself: an interior point is right to so many digits."""
HELD: tuple[Solver, ...] = ("ipx", "hipo", "simplex")
"""What of HiGHS solves a model whose orders are held: there is hardly an interior, as where capacity is fixed."""


@dataclass(frozen=True, slots=True)
class After:
    """Discounted cost after the orders of another future, mCNY: infinite where they leave no plan, NaN where the solver does
    not tell, and then `why`. `seconds`: what finding it took."""

    mcny: float
    why: str = ""
    seconds: float = 0.0


def after(
    flat: Flat, other: Flat, x: Array, stage: int, how: How, watch: Watch = None, solve: Solve = solver_sequence.solve
) -> After:
    """The least cost of `flat` whose early decisions, those of the first `stage` periods, are those of `x`, a solution of
    `other`; `solve` finds it.

    They are held to the last digit where that can be solved, else each may give. That they leave no plan is said only where
    they leave none either when all may give by as much as the largest of their kind (one technology, one source): an order
    that is small beside it may have been found no better than that.
    """
    how = how_held(how)
    failure = ""
    try:
        wanted = _Wanted.of(flat, other, x, stage)
        for give in (np.zeros_like(wanted.own), wanted.own):
            try:
                return After(wanted.cost(give, how, watch, solve))
            except InfeasibleError:
                continue
            except SolverError as unsolved:
                failure = failure or str(unsolved)
        return After(wanted.cost(wanted.largest, how, watch, solve))
    except InfeasibleError:
        return After(math.inf)
    except SolverError as unsolved:
        return After(math.nan, failure or str(unsolved))


def how_held(how: How) -> How:
    """How to solve a model whose orders are held."""
    return replace(how, line=HELD) if how.solver == "auto" else how


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Early decisions as columns of a model: which, how much of each, and by how much each may give.

    Shapes (columns,): `held` says which, `amount` is within their bounds; `own` and `largest` are shares of the order itself
    and of the largest of its kind, 0 for what is whole.
    """

    flat: Flat
    held: Array
    amount: Array
    own: Array
    largest: Array

    @classmethod
    def of(cls, flat: Flat, other: Flat, x: Array, stage: int) -> _Wanted:
        """Lay the decisions beside the model. Raises SolverError where the two differ in what may be decided."""
        size = len(flat.lower)
        held, amount, own, largest = np.zeros(size, dtype=bool), np.zeros(size), np.zeros(size), np.zeros(size)
        for name in EARLY:
            block = flat.model.columns.get(name)
            if block is None:
                continue
            of = other.model.columns.get(name)
            if of is None or of.labels != block.labels:
                raise SolverError(f"the two futures differ in what may be ordered ({name})")
            values = other.part(x, of)[:stage]
            flat.part(held, block)[:stage] = True
            flat.part(amount, block)[:stage] = np.rint(values) if block.integer else values
            if not block.integer:
                flat.part(own, block)[:stage] = LOOSE * np.abs(values)
                flat.part(largest, block)[:stage] = LOOSE * _largest(block, values)
        return cls(flat, held, np.clip(amount, flat.lower, flat.upper), own, largest)

    def cost(self, give: Array, how: How, watch: Watch, solve: Solve = solver_sequence.solve) -> float:
        """Least cost where every early decision may give by so much, and what that saves added again at its price.

        Cost is convex in the bounds, so that it is never above that of the decisions as they are, and the same to first
        order. Raises as `solve` does.
        """
        flat = self.flat
        lower = np.where(self.held, np.maximum(self.amount - give, flat.lower), flat.lower)
        upper = np.where(self.held, np.minimum(self.amount + give, flat.upper), flat.upper)
        solved = solve(integrality.narrowed(flat, lower, upper, EARLY), how, watch)
        price = flat.cost - flat.rows.pull(solved.row_dual)
        given = np.where(price > 0.0, self.amount - lower, upper - self.amount)
        return solved.objective + float(np.abs(price[self.held]) @ given[self.held])


def _largest(block: Block, values: Array) -> Array:
    """The largest order of each item's kind, a family's kinds having units of their own."""
    kinds = [label[1:] for label in block.labels]
    most: dict[tuple[str, ...], float] = {}
    for kind, amount in zip(kinds, np.abs(values).max(axis=0, initial=0.0), strict=True):
        most[kind] = max(most.get(kind, 0.0), float(amount))
    return np.array([most[kind] for kind in kinds])
