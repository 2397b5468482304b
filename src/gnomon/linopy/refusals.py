"""Checks of a linopy model before any work: what the engine cannot express is refused by name, with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from gnomon.errors import GnomonError

if TYPE_CHECKING:
    import linopy


class UnsupportedModelError(GnomonError):
    """A linopy model that the engine cannot express. The message names the part and a remedy."""

    exit_code = 2


def reasons(model: linopy.Model, time: str) -> Iterator[str]:
    """Yield what the engine cannot express in `model` or what is no number, each with its name and a remedy.

    time: name of the time dimension. The last checks need the numbers of the model and are made only if all others pass.
    """
    found = False
    for reason in (*_shape(model, time), *_kinds(model), *_coordinates(model)):
        found = True
        yield reason
    if not found:
        yield from _numbers(model)


def _shape(model: linopy.Model, time: str) -> Iterator[str]:
    """Yield reasons about what the model lacks."""
    if not model.nvars:
        yield "The model has no variables. Add some with add_variables()."
        return
    if not model.ncons:
        yield "The model has no constraints. Add some with add_constraints(); bounds alone need no solver."
    if model.objective.expression.empty:
        yield "The model has no objective. Give it one with add_objective(), for example add_objective(0 * x)."
    timed = [variable for _, variable in model.variables.items() if time in variable.dims]
    if not timed:
        known = sorted({str(dim) for _, variable in model.variables.items() for dim in variable.dims})
        dims = f"their dimensions are {', '.join(known)}" if known else "they have no dimensions"
        yield (
            f"No variable has the time dimension {time!r}; {dims}. Name the dimension of the hours with"
            ' time="…" (--time in a shell).'
        )
    elif not any(variable.labels.size for variable in timed):
        yield f"No variable has an hour: the time dimension {time!r} is empty. Give it coordinates."


def _kinds(model: linopy.Model) -> Iterator[str]:
    """Yield reasons about integers, quadratic terms and constraints that are not linear."""
    variables = model.variables
    for kind, group, remedy in (
        ("binary", variables.binaries, "relax it with lower=0, upper=1"),
        ("integer", variables.integers, "relax it by leaving out integer=True"),
        ("semi-continuous", variables.semi_continuous, "give it a plain lower bound"),
        ("part of a special ordered set", variables.sos, "leave out its add_sos_constraints()"),
    ):
        for name in group:
            yield f"Variable {name} is {kind}. The engine solves linear programs: {remedy}, or use HiGHS."
    if model.objective.is_quadratic:
        yield "The objective is quadratic. The engine solves linear programs: make it piecewise linear, or use HiGHS."
    for name, constraint in model.constraints.items():
        if constraint.is_indicator:
            yield f"Constraint {name} is an indicator constraint. State it without one, or use a solver for integers."


def _coordinates(model: linopy.Model) -> Iterator[str]:
    """Yield reasons about coordinates that name two items alike."""
    for what, group in (("Variable", model.variables), ("Constraint", model.constraints)):
        for name, part in group.items():
            for dim, index in part.indexes.items():
                if dim in part.labels.dims and not index.is_unique:
                    twice = index[index.duplicated()][0]
                    yield f"{what} {name}, dimension {dim}: {twice} occurs twice. Give every item a name of its own."


def _numbers(model: linopy.Model) -> Iterator[str]:
    """Yield reasons about numbers that are NaN, or infinite where that has no meaning."""
    for name, variable in model.variables.items():
        active = variable.labels.values >= 0
        for side, endless in (("lower", np.inf), ("upper", -np.inf)):
            bound = np.broadcast_to(getattr(variable, side).values, active.shape)[active]
            yield from _numbered(f"Variable {name}, {side} bound", bound, (endless,))
    for name, constraint in model.constraints.items():
        matrix, rows, right, sense = constraint.to_matrix_with_rhs(model.variables.label_index)
        del rows
        yield from _numbered(f"Constraint {name}, coefficients", matrix.data, (np.inf, -np.inf))
        sense = np.broadcast_to(np.asarray(sense, dtype="U1"), right.shape)
        yield from _numbered(f"Constraint {name}, right side", right[sense == "<"], (-np.inf,))
        yield from _numbered(f"Constraint {name}, right side", right[sense == ">"], (np.inf,))
        yield from _numbered(f"Constraint {name}, right side", right[sense == "="], (np.inf, -np.inf))
    _, cost = model.objective.linear_terms()
    yield from _numbered("Objective, coefficients", cost, (np.inf, -np.inf))


def _numbered(what: str, values: Any, refused: tuple[float, ...]) -> Iterator[str]:
    """Yield the reason if one of the values is NaN or one of the refused infinities."""
    values = np.asarray(values, dtype=np.float64)
    if np.isnan(values).any():
        yield f"{what}: {int(np.isnan(values).sum()):,} of {values.size:,} are NaN. Give a number for each."
    for endless in refused:
        if (values == endless).any():
            yield f"{what}: {int((values == endless).sum()):,} of {values.size:,} are {endless}. Give finite numbers."
