"""Solve of a block model by the method that suits it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gnomon.arrays import Array
from gnomon.errors import ModelError
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.solution import Solution, Watch


def solve(
    model: Model,
    gap: float | None = None,
    *,
    method: str = "auto",
    options: Options | None = None,
    progress: Watch = None,
) -> Solution:
    """Return the optimum of `model` within a relative gap, proven by its duals.

    * gap: relative; None: that of `options`, or 1e-6, and 1e-4 with integers.
    * method: `structured` for the structured interior point, `direct` for HiGHS, `auto` for the one that is expected to
      be faster.
    * options: threads, time limit, processes, checkpoint, folder for factors, certificate.
    * progress: callback for a `Progress` a few times a second.

    Raises ModelError for a model without columns, OptionError if the method cannot solve the model, InfeasibleError with
    Farkas multipliers, UnboundedError, and SolverError if no method ends with a proof.
    """
    if not model.columns:
        raise ModelError("The model has no columns. Add some with add_columns().")
    return solve_program(flatten(model), gap, method=method, options=options, progress=progress)


def solve_program(
    program: LinearProgram,
    gap: float | None = None,
    *,
    method: str = "auto",
    options: Options | None = None,
    progress: Watch = None,
) -> Solution:
    """Return the optimum of a linear program, with the arguments and errors of `solve`."""
    from gnomon.methods import method_choice  # noqa: PLC0415 (loads HiGHS)

    options = options or Options()
    options = options if gap is None else replace(options, gap=gap)
    return method_choice.solve(program, options, progress, method=method)


def column_values(model: Model, solution: Solution) -> dict[str, Array]:
    """Return the values of each column block, shape (periods, items) or (periods, hours, items)."""
    return flatten(model).split_columns(solution.x)


def row_duals(model: Model, solution: Solution) -> dict[str, Array]:
    """Return the duals of each row block, d objective / d right side, in the shapes of `column_values`."""
    return flatten(model).split_rows(solution.row_dual)


def reduced_costs(model: Model, solution: Solution) -> dict[str, Array]:
    """Return the reduced costs of each column block, cost − Aᵀ duals, in the shapes of `column_values`."""
    program = flatten(model)
    return program.split_columns(np.asarray(program.cost - program.rows.pull(solution.row_dual)))
