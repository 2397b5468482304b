"""Cost of one scenario with the first-stage decisions of another.

Orders found by an interior point are accurate to a limited number of digits. Fixed exactly, they may leave the model
infeasible or unsolvable. They may then vary within a small band, and the saving is added back at their reduced cost. So
the figure is, to first order, that of the exact orders.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from gnomon import Array, Block, LinearProgram, Options, Watch, narrow_bounds, solve_flat
from xisuan.equations.build_model import EARLY
from xisuan.errors import InfeasibleError, SolverError

LOOSE = 1e-6
"""Relative band of an order: the accuracy of an interior-point solution."""


@dataclass(frozen=True, slots=True)
class FixedStageCost:
    """Discounted cost with the first-stage decisions of another scenario.

    `mcny`: million CNY; infinite if infeasible, NaN if the solver found no answer, with the reason in `why`. `seconds`:
    solve time.
    """

    mcny: float
    why: str = ""
    seconds: float = 0.0


def fixed_stage_cost(
    flat: LinearProgram,
    other: LinearProgram,
    x: Array,
    stage: int,
    options: Options,
    watch: Watch = None,
    method: str = "auto",
) -> FixedStageCost:
    """Return the least cost of `flat` with the first-stage decisions of `x`, a solution of `other`.

    `stage`: number of periods in the first stage. `method`: auto or direct. The decisions are fixed exactly if that can
    be solved; otherwise each may vary by `LOOSE` of itself. If that fails too, each may vary by `LOOSE` of the largest
    order of its kind (technology or source), since a small order may be no more accurate than that. Only if no plan
    exists even then is the result infinite.
    """
    options = replace(options, purpose="fixed orders")
    failure = ""
    try:
        wanted = _FirstStage.of(flat, other, x, stage)
        # Exactly first, then within the band of each order.
        for give in (np.zeros_like(wanted.own), wanted.own):
            try:
                return FixedStageCost(wanted.cost(give, options, watch, method))
            except InfeasibleError:
                continue
            except SolverError as unsolved:
                failure = failure or str(unsolved)
        return FixedStageCost(wanted.cost(wanted.largest, options, watch, method))
    except InfeasibleError:
        return FixedStageCost(math.inf)
    except SolverError as unsolved:
        return FixedStageCost(math.nan, failure or str(unsolved))


@dataclass(frozen=True, slots=True)
class _FirstStage:
    """First-stage decisions mapped to the columns of a model, with their bands.

    All arrays have shape (columns,). `held`: True for first-stage columns. `amount`: decision within the bounds. `own`,
    `largest`: bands from the order itself and from the largest of its kind, 0 for integers.
    """

    flat: LinearProgram
    held: Array
    amount: Array
    own: Array
    largest: Array

    @classmethod
    def of(cls, flat: LinearProgram, other: LinearProgram, x: Array, stage: int) -> _FirstStage:
        """Map the decisions to the model. Raises SolverError where the two models differ in their first-stage
        decisions."""
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

    def cost(self, give: Array, options: Options, watch: Watch, method: str = "auto") -> float:
        """Return the least cost with each decision free within ± `give`, plus the saving at reduced cost.

        Cost is convex in the bounds, so the result is at most the cost of the exact decisions and equal to first order.
        Raises as `gnomon.methods.method_choice.solve` does.
        """
        flat = self.flat
        lower = np.where(self.held, np.maximum(self.amount - give, flat.lower), flat.lower)
        upper = np.where(self.held, np.minimum(self.amount + give, flat.upper), flat.upper)
        held = narrow_bounds(flat, lower, upper, EARLY)
        solved = solve_flat(held, options, watch, method=method)
        # Reduced costs d = c − Aᵀy; a decision with d > 0 moves to its lower bound, else to its upper.
        price = flat.cost - flat.rows.pull(solved.row_dual)
        given = np.where(price > 0.0, self.amount - lower, upper - self.amount)
        return solved.objective + float(np.abs(price[self.held]) @ given[self.held])


def _largest(block: Block, values: Array) -> Array:
    """Return for each item the largest order of its kind; kinds of one family have their own units."""
    kinds = [label[1:] for label in block.labels]
    most: dict[tuple[str, ...], float] = {}
    for kind, amount in zip(kinds, np.abs(values).max(axis=0, initial=0.0), strict=True):
        most[kind] = max(most.get(kind, 0.0), float(amount))
    return np.array([most[kind] for kind in kinds])
