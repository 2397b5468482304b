"""Solve of a linopy model by the structured interior point, with results where linopy's own solvers put them."""

from __future__ import annotations

import logging
import time as clock
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gnomon import linear_solve
from gnomon.arrays import Array
from gnomon.errors import GnomonError, InfeasibleError, UnboundedError
from gnomon.linopy import block_conversion, structure
from gnomon.linopy.refusals import UnsupportedModelError
from gnomon.linopy.structure import Structure
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.solution import Solution, Watch

if TYPE_CHECKING:
    import linopy
    from linopy.constants import Result

logger = logging.getLogger(__name__)

TIME = "snapshot"
"""Name of the time dimension in PyPSA."""
GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Report:
    """End of a solve: linopy's status and termination condition, and the numbers behind them.

    objective, bound: in the model's sense: the bound is below the objective of a minimum and above that of a maximum;
    NaN without a solution. gap: between the two, relative to the objective. reason: why there is no solution.
    """

    status: str
    condition: str
    objective: float
    bound: float
    gap: float
    solver: str
    iterations: int
    seconds: float
    reason: str = ""


def solve(
    model: linopy.Model,
    time: str = TIME,
    gap: float = GAP,
    *,
    method: str = "structured",
    options: Options | None = None,
    progress: Watch = None,
) -> tuple[str, str]:
    """Solve a linopy model and write the results into it; return status and termination condition, as `Model.solve` does.

    * time: name of the time dimension, which some variables must have.
    * gap: proven relative gap.
    * method, options, progress: as in `gnomon.solve`.

    Values, duals, objective, status and condition are then in the model. Without a solution it has none of the first
    three. Raises UnsupportedModelError before any work if the model has what the engine cannot express.
    """
    report = run(model, time, gap, method=method, options=options, progress=progress)
    return report.status, report.condition


def run(
    model: linopy.Model,
    time: str = TIME,
    gap: float = GAP,
    *,
    method: str = "structured",
    options: Options | None = None,
    progress: Watch = None,
) -> Report:
    """Do the same as `solve` and return the report, with bound, gap, iterations and seconds."""
    began = clock.perf_counter()
    options = replace(options or Options(), gap=gap)
    model.reset_solution()
    try:
        found = structure.find(model, time)
        converted = block_conversion.convert(found)
        program = flatten(converted.model)
        solution = linear_solve.solve_program(program, method=method, options=options, progress=progress)
    except GnomonError as error:
        if isinstance(error, UnsupportedModelError):
            raise
        return _without(model, error, clock.perf_counter() - began, options)
    dual = converted.dual(found.arrays.matrix.shape[0], program.split_rows(solution.row_dual))
    primal = converted.primal(len(found.arrays.cost), program.split_columns(solution.x))
    return _written(model, found, solution, primal, found.arrays.dual(dual), clock.perf_counter() - began)


def _written(
    model: linopy.Model, found: Structure, solution: Solution, primal: Array, dual: Array, seconds: float
) -> Report:
    """Write a solution into the model and return the report."""
    from linopy.constants import Result, SolverReport, Status  # noqa: PLC0415 (an extra)
    from linopy.constants import Solution as Values  # noqa: PLC0415

    sign, of = found.arrays.sign, model.matrices
    objective, bound = sign * solution.objective, sign * solution.bound
    condition = "suboptimal" if solution.short else "optimal"
    values = Values(
        _by_label(primal, of.vlabels, model._xCounter), _by_label(sign * dual, of.clabels, model._cCounter), objective
    )
    report = SolverReport(
        runtime=seconds, mip_gap=solution.gap, dual_bound=bound, barrier_iterations=solution.iterations
    )
    status, condition = _assigned(
        model,
        Result(
            Status.from_termination_condition(condition),
            values,
            solver_name=f"gnomon ({solution.solver})",
            report=report,
        ),
    )
    return Report(
        status,
        condition,
        objective,
        bound,
        solution.gap,
        solution.solver,
        solution.iterations,
        seconds,
        solution.gave_up,
    )


def _without(model: linopy.Model, error: GnomonError, seconds: float, options: Options) -> Report:
    """Write the status of a model without a solution and return the report."""
    from linopy.constants import Result, SolverStatus, Status, TerminationCondition  # noqa: PLC0415 (an extra)

    late = options.time_limit is not None and seconds >= options.time_limit
    kinds = ((InfeasibleError, "infeasible"), (UnboundedError, "unbounded"))
    name = next((name for kind, name in kinds if isinstance(error, kind)), "time_limit" if late else "other")
    status = Status(SolverStatus.warning, TerminationCondition(name), str(error))
    logger.warning("No solution: %s", error)
    said, condition = _assigned(model, Result(status, solver_name="gnomon"))
    return Report(said, condition, np.nan, np.nan, np.nan, "", 0, seconds, str(error))


def _assigned(model: linopy.Model, result: Result) -> tuple[str, str]:
    """Write a result into the model; return status and condition."""
    status, condition = model.assign_result(result)
    return str(status), str(condition)


def _by_label(values: Array, labels: Array, count: int) -> Array:
    """Return values by linopy's label, NaN for labels without a value."""
    out = np.full(count, np.nan)
    out[labels] = values
    return out
