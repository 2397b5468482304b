"""Integer solutions of models that are too large for branch and bound, by rounding and diving, with a proven bound.

The relaxation proves the bound, with duals that the certificate can check. Three searches follow:
* All values are rounded at once, upwards as far as a relaxation in time allows (`TimeRelaxation`).
* A dive fixes some of the remaining integers, the nearest to whole numbers first, and solves the rest in between
  (Achterberg 2007, Constraint integer programming, section 9.2).
* Each integer of the best plan is reduced by one where possible.

The best plan is returned with its gap, which may be some percent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Mask
from gnomon.errors import InfeasibleError, SolverError
from gnomon.highs import warm_simplex
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import LP_GAP, Clock, Options
from gnomon.solution import Progress, Solution, Watch
from gnomon.strategies import strategy_order
from gnomon.transforms import integrality, time_aggregation
from gnomon.transforms.time_aggregation import relax

Linear = Callable[[LinearProgram, Options, Watch], Solution]

NEAR = 1e-4
"""Distance from a whole number at which an interior-point value counts as whole."""
FINER = 0.1
"""Share of the requested gap for relaxation and plan, if wider than their own default. Rounding uses most of the gap."""
ROUGH = 1e-4
"""Gap of intermediate models, whose integers and approximate cost are needed only."""
STEPS = 8
"""Steps of a dive. Each needs one solve, or up to three if the first roundings are infeasible."""
PATIENCE, LEAST = 3.0, 10.0
"""Time limit of an intermediate model: a multiple of the relaxation's time, plus seconds. Proving infeasibility could take
minutes."""
NODES = 1_000
"""Node limit of the branch and bound that rounds in a relaxation in time; any solution will do."""


def solve(flat: LinearProgram, options: Options, watch: Watch, linear: Linear, held: Linear | None = None) -> Solution:
    """Return an integer plan and the bound of the relaxation; its gap may be wider than requested.

    `linear` solves the linear programs; if `held` is given, it solves those with fixed integers, and `linear` only the
    relaxation. Raises InfeasibleError if the relaxation is infeasible, SolverError if no rounding gives a plan.
    """
    began, gap = time.perf_counter(), options.gap_or_default(integers=True)
    inner, clock = replace(options, gap=min(gap, max(LP_GAP, FINER * gap))), Clock(options)
    _say(watch, "whole numbers: the model without them", began)
    relaxation = linear(integrality.relax_integers(flat), replace(inner, smallest=None), watch)
    search = _Search(flat, relaxation, inner, clock, watch, held or linear, began)
    search.round()
    for improve in (search.dive, search.reduce):
        if search.gap > gap:
            improve()
    plan = search.polish()
    return replace(
        plan,
        bound=min(plan.objective, relaxation.bound),
        iterations=relaxation.iterations + search.iterations,
        seconds=time.perf_counter() - began,
        log="\n".join([relaxation.log, *search.log, plan.log]),
        relaxation_row_dual=relaxation.row_dual,
        gave_up=relaxation.gave_up,
        asked=gap,
    )


class TimeRelaxation:
    """Relaxation in time to mean and tightest hours, which every integer solution of the model satisfies."""

    def __init__(self, flat: LinearProgram) -> None:
        model = flat.model
        self._border = model.periods * model.items(False, model.columns)
        self._flat = flatten(relax(model, time_aggregation.tightest_hours(model)).model)

    def round(self, x: Array, chosen: Mask, lower: Array, upper: Array, up: Array) -> Array | None:
        """Return `x` with whole numbers in the `chosen` columns: neighbours of x if the relaxation in time allows it.

        lower, upper: bounds of all columns. up: weight of rounding each value up, negative for down. None if the
        relaxation in time has no integer solution.
        """
        # Try the two neighbours, then any larger number, then any number within the bounds.
        near = np.where(np.abs(x - np.round(x)) <= NEAR, np.round(x), x)
        below, above = np.maximum(lower, np.floor(near)), np.minimum(upper, np.ceil(near))
        fewest = np.ones(len(x))  # beyond the neighbours prefer small numbers, which cost less
        for low, high, cost in ((below, above, -up), (below, upper, fewest), (lower, upper, fewest)):
            found = self._whole(chosen, np.where(chosen, low, lower), np.where(chosen, high, upper), cost)
            if found is not None:
                return np.where(chosen, found, x)
        return None

    def allows(self, values: Array, flat: LinearProgram) -> bool:
        """Return True if the relaxation in time is feasible with the integers of `values`."""
        held = integrality.fix_integers(flat, values)
        return self._whole(np.zeros(len(values), dtype=bool), held.lower, held.upper, np.zeros(len(values))) is not None

    def _whole(self, chosen: Mask, lower: Array, upper: Array, cost: Array) -> Array | None:
        """Return all columns, with the chosen ones at whole numbers of least `cost`; None if infeasible."""
        border, given = self._border, self._flat
        low, high, price = given.lower.copy(), given.upper.copy(), np.zeros(len(given.cost))
        low[:border], high[:border], price[:border] = (
            lower[:border],
            upper[:border],
            np.where(chosen, cost, 0.0)[:border],
        )
        integer = np.zeros(len(price), dtype=bool)
        integer[:border] = chosen[:border]
        try:
            found = warm_simplex.best_integer_point(
                replace(given, lower=low, upper=high, integer=integer, cost=price), nodes=NODES
            )
        except SolverError:
            return None
        return None if found is None else np.concatenate([np.round(found[:border]), np.zeros(len(lower) - border)])


@dataclass
class _Search:
    """Search for integer plans: the best one and the work done."""

    flat: LinearProgram
    relaxation: Solution
    options: Options
    clock: Clock
    watch: Watch
    linear: Linear
    began: float

    def __post_init__(self) -> None:
        self.best: Solution | None = None
        self.relaxed_time = TimeRelaxation(self.flat)
        self.solves, self.iterations = 0, 0
        self.log: list[str] = []

    @property
    def gap(self) -> float:
        """Return the relative gap of the best plan to the bound."""
        if self.best is None:
            return np.inf
        return replace(self.best, bound=min(self.best.objective, self.relaxation.bound)).gap

    def round(self) -> None:
        """Round all integers of the relaxation at once: upwards, which suffices for most needs, or else to the nearest."""
        flat, x = self.flat, self.relaxation.x
        for up in (np.ones(len(x)), 2.0 * (x - np.floor(x)) - 1.0):
            values = self.relaxed_time.round(x, flat.integer, flat.lower, flat.upper, up)
            if values is not None and self._try(integrality.fix_integers(flat, values), "all rounded") is not None:
                return

    def dive(self) -> None:
        """Fix the remaining integers step by step, the nearest to whole numbers first, while a better plan is possible."""
        flat, x = self.flat, self.relaxation.x
        lower, upper, left = flat.lower.copy(), flat.upper.copy(), flat.integer.copy()
        for steps in range(STEPS, 0, -1):
            chosen = _nearest(x, left, steps)
            left &= ~chosen
            for values in self._roundings(x, chosen, lower, upper):
                held = [np.where(chosen, values, side) for side in (lower, upper)]
                said = f"{int(left.sum()):,} are left"
                found = self._try(integrality.bound_integers(flat, *held), said, complete=not left.any())
                if found is not None and self._is_promising(found):
                    break
            else:
                return
            (lower, upper), x = held, found.x
            if not left.any():
                return

    def _roundings(self, x: Array, chosen: Mask, lower: Array, upper: Array) -> Iterator[Array]:
        """Yield roundings of the chosen columns: to the nearest, all upwards, all downwards, if the relaxation allows."""
        nearest = 2.0 * (x - np.floor(x)) - 1.0
        before: list[Array] = []
        for up in (nearest, np.ones(len(x)), -np.ones(len(x))):
            values = self.relaxed_time.round(x, chosen, lower, upper, up)
            if values is not None and not any(np.array_equal(values[chosen], known) for known in before):
                before.append(values[chosen])
                yield values

    def _is_promising(self, found: Solution) -> bool:
        """Return True if plans that build on it may still cost less than the best plan."""
        return self.best is None or found.bound < self.best.objective or found.objective <= self.best.objective

    def reduce(self) -> None:
        """Reduce each integer of the best plan by one, those furthest above the relaxation first, while solves remain."""
        if self.best is None:
            return
        above = np.where(self.flat.integer, np.round(self.best.x) - self.relaxation.x, 0.0)
        for column in np.argsort(-above, kind="stable")[: int((above > NEAR).sum())]:
            values = np.where(self.flat.integer, np.round(self.best.x), self.best.x)
            values[column] -= 1.0
            if values[column] >= self.flat.lower[column] and self.relaxed_time.allows(values, self.flat):
                self._try(integrality.fix_integers(self.flat, values), "one fewer")

    def polish(self) -> Solution:
        """Return the best plan, solved to the gap of the relaxation. Raises SolverError without a plan."""
        if self.best is None:
            raise SolverError(
                f"no whole numbers near those of the model without them give a plan ({int(self.flat.integer.sum()):,} are"
                " wanted): try --solver mip, fewer hours, or looser limits"
            )
        held, best = integrality.fix_integers(self.flat, self.best.x), self.best
        last = self._solve(held, "the plan", self.options)
        return best if last is None or last.short else last

    def _try(self, held: LinearProgram, said: str, *, complete: bool = True) -> Solution | None:
        """Return the optimum of an intermediate model, None without one; `complete`: True if all integers are fixed."""
        if self.solves >= strategy_order.DIVE_SOLVES - 1:
            return None
        found = self._solve(held, said, replace(self.options, gap=ROUGH, kept=None, smallest=None))
        if found is not None and complete and (self.best is None or found.objective < self.best.objective):
            self.best = found
        return found

    def _solve(self, held: LinearProgram, said: str, options: Options) -> Solution | None:
        """Solve a linear program within the time limit of intermediate models; None on failure."""
        _say(self.watch, f"whole numbers: {said}", self.began)
        self.solves += 1
        patient = PATIENCE * self.relaxation.seconds + LEAST
        left = self.clock.remaining
        try:
            found = self.linear(
                held, replace(options, time_limit=patient if left is None else min(patient, left)), self.watch
            )
        except (InfeasibleError, SolverError) as none:
            self.log.append(f"whole numbers: {said}: {none}")
            return None
        self.log.append(f"whole numbers: {said}: {found.objective:.9e}")
        self.iterations += found.iterations
        return found


def _nearest(x: Array, left: Mask, steps: int) -> Mask:
    """Return the remaining columns at whole numbers and the nearest of the others, so that `steps` steps fix all."""
    away = np.where(left, np.abs(x - np.round(x)), np.inf)
    # Of the fractional columns, the share that leaves none after `steps` steps.
    between = np.flatnonzero(left & (away > NEAR))
    first = between[np.argsort(away[between], kind="stable")[: -(-len(between) // steps)]]
    chosen = left & (away <= NEAR)
    chosen[first] = True
    return chosen


def _say(watch: Watch, stage: str, began: float) -> None:
    if watch is not None:
        watch(Progress(stage, time.perf_counter() - began))
