"""Feasibility of a model: a point that satisfies it, or Farkas multipliers that prove that none does."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from gnomon.arrays import Array
from gnomon.errors import SolverError
from gnomon.highs import highs_run, highs_status
from gnomon.highs.highs_status import Outcome
from gnomon.highs.model_transfer import hand_over
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Clock, Options
from gnomon.proof import weak_duality
from gnomon.strategies import strategy_order
from gnomon.transforms import elastic_form
from gnomon.transforms.equilibration import equilibrate

FEASIBLE = 1e-6
"""Largest relative violation at which an answer that HiGHS calls imprecise is accepted."""
BYTES = 320
"""Minimum bytes per non-zero of the search for a point (`resource_estimates`): IPX and the model."""
RAY_CRUMB = 1e-13
"""Share of a ray's largest multiplier below which simplex multipliers count as rounding."""


def infeasibility(flat: LinearProgram, options: Options | None = None) -> tuple[float, Array]:
    """Return the proven violation of every point, and the Farkas multipliers, shape (rows,); 0 if nothing is proven.

    First a point is searched, which is much faster if there is one. Simplex finds a point or a dual ray. If the ray
    proves nothing, the elastic form is solved: it is always feasible, and its row duals are Farkas multipliers. The
    proof by weak duality does not rely on the solver. Raises SolverError if the time limit of `options`, which all steps
    share, passes.
    """
    options = replace(options or Options(), gap=None)
    clock = Clock(options)
    nothing = 0.0, np.zeros(flat.shape[0])
    bare = replace(flat, cost=np.zeros_like(flat.cost), integer=np.zeros_like(flat.integer), constant=0.0)
    if flat.nonzeros >= strategy_order.SMALL:
        # IPX is slower than HiPO on feasible models, but finishes on infeasible ones where HiPO stops.
        run = highs_run.run(bare, replace(options, solver="ipx"), None)
        if run.outcome is Outcome.OPTIMAL and is_feasible(flat, run.x):
            return nothing
    # Simplex gives a point or a dual ray; a ray counts only if weak duality confirms it.
    point, ray = _point_or_ray(bare, clock.limit(options))
    if point is not None and is_feasible(flat, point):
        return nothing
    if ray is not None and (proof := weak_duality.contradiction(flat, ray)) > 0.0:
        return proof, ray
    # Last resort: elastic form, whose duals are Farkas multipliers.
    run = _solve_elastic(elastic_form.elastic_form(flat), options, clock)
    multipliers = run.row_dual[: flat.shape[0]]
    return weak_duality.contradiction(flat, multipliers), multipliers


def is_feasible(flat: LinearProgram, x: Array) -> bool:
    """Return True if x satisfies rows and bounds."""
    return weak_duality.violation(flat, x, blocks=False) <= FEASIBLE


def _solve_elastic(elastic: LinearProgram, options: Options, clock: Clock) -> highs_run.Run:
    """Solve the elastic form: by simplex, whose vertex has few multipliers, if it finishes in time, otherwise by IPX."""
    line = strategy_order.highs_solvers(elastic.nonzeros, replace(options, solver="auto", purpose="conflict"))
    for solver in line:
        patience = highs_run.Patience.of(elastic) if solver != line[-1] else None
        run = highs_run.run(elastic, replace(clock.limit(options), solver=solver), None, patience=patience)
        if run.outcome in (Outcome.OPTIMAL, Outcome.IMPRECISE):
            return run
    raise SolverError(f"the search for a contradiction: {highs_status.explain_status(run.status)}")


def _point_or_ray(bare: LinearProgram, options: Options) -> tuple[Array | None, Array | None]:
    """Return a point of a model without costs, or Farkas multipliers, from simplex on the equilibrated model.

    The other one is None; so are both if simplex finds neither in time.
    """
    scaling, patience = equilibrate(bare), highs_run.Patience.of(bare)
    highs = highs_run.new_instance()
    settings = {"output_flag": False, "solver": "simplex", "time_limit": patience.within(options)}
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    hand_over(highs, scaling.apply(bare))
    highs_run.run_watched(highs, Path(os.devnull), "conflict", None)
    outcome = highs_status.outcome(highs.getModelStatus().name)
    if outcome is Outcome.OPTIMAL:
        return scaling.primal(np.array(highs.getSolution().col_value)), None
    found, ray = highs.getDualRay()[1:] if outcome is Outcome.INFEASIBLE else (False, ())
    if not found:
        return None, None
    # Multipliers of the scaled rows in the units of the model, without rounding residue.
    multipliers = scaling.dual(np.array(ray))
    return None, np.where(np.abs(multipliers) > RAY_CRUMB * np.abs(multipliers).max(initial=0.0), multipliers, 0.0)


class Feasibility:
    """Feasibility of rows and bounds with changing sides, by a warm-started simplex.

    With integers it is branch and bound without a warm start.
    """

    def __init__(self, flat: LinearProgram) -> None:
        self.integers = bool(flat.integer.any())
        self._scaling = equilibrate(flat) if flat.nonzeros >= highs_run.SCALED and not self.integers else None
        self._highs = highs_run.new_instance()
        self._highs.setOptionValue("output_flag", False)
        if not self.integers:
            self._highs.setOptionValue("solver", "simplex")
            self._highs.setOptionValue("presolve", "off")
        hand_over(self._highs, self._scaling.apply(flat) if self._scaling else flat)
        self._columns = np.arange(flat.shape[1], dtype=np.int32)
        self._rows = np.arange(flat.shape[0], dtype=np.int32)

    def contradiction(self, flat: LinearProgram, seconds: float) -> Array | None:
        """Return Farkas multipliers (with integers: zeros) if the sides of `flat` are infeasible, otherwise None.

        `flat` has the matrix given at the start. Raises SolverError if that is undecided after `seconds`.
        """
        if not flat.shape[1]:  # HiGHS reports a model without columns as empty and ignores its rows
            ray = (flat.row_lower > 0.0) * 1.0 - (flat.row_upper < 0.0) * 1.0
            return ray if ray.any() else None
        highs, scaling = self._highs, self._scaling
        given = scaling.sides(flat) if scaling else flat
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        highs.changeRowsBounds(len(self._rows), self._rows, given.row_lower, given.row_upper)
        highs.changeColsBounds(len(self._columns), self._columns, given.lower, given.upper)
        go = partial(highs_run.run_watched, highs, Path(os.devnull), "conflict", None)
        highs_run.run_branch_and_bound(highs, go) if self.integers else go()
        named = highs.getModelStatus().name
        if highs_status.outcome(named) is Outcome.OPTIMAL:
            return None
        found, ray = (True, np.zeros(len(self._rows))) if self.integers else highs.getDualRay()[1:]
        if highs_status.outcome(named) is not Outcome.INFEASIBLE or not found:
            raise SolverError(f"the search for a contradiction: {highs_status.explain_status(named)}")
        return scaling.dual(np.array(ray)) if scaling else np.array(ray)

    def point(self) -> Array:
        """Return the last point, shape (columns,), after `contradiction` has returned None."""
        x = np.array(self._highs.getSolution().col_value, dtype=np.float64)
        return self._scaling.primal(x) if self._scaling else x
