"""Random small models with a time structure, for tests: feasible ones with a solution, and infeasible ones."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from gnomon.arrays import Array
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten


def timed(seed: int, contradictory: bool = False) -> tuple[Model, Array]:
    """A model of 1-2 periods and 1-6 hours in cyclic blocks, and x that satisfies all of it.

    `contradictory`: sides are moved at random instead, so that it is often infeasible. All columns are ≥ 0.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, rng.integers(1, 3))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    runs = [np.roll(np.arange(start, start + n), 1) for start, n in zip(starts, sizes, strict=True)]
    model = Model(int(rng.integers(1, 3)), np.concatenate(runs))
    for name, hourly in (("built", False), ("run", True), ("held", True)):
        labels = [(str(i),) for i in range(rng.integers(1, 4))]
        model.add_columns(name, ("i",), labels, hourly=hourly, upper=0.0)
    for name, hourly in (("sum", False), ("balance", True), ("limit", True)):
        model.add_rows(name, ("i",), [(str(i),) for i in range(rng.integers(1, 3))], hourly=hourly)
    for _ in range(rng.integers(3, 9)):
        _entry(model, rng)
    flat = flatten(model)
    x = rng.integers(0, 4, flat.matrix.shape[1]).astype(float)
    return _sided(model, x, flat.matrix @ x, rng, contradictory), x


def feasible(flat: LinearProgram) -> bool:
    """Whether scipy finds a point."""
    matrix = flat.matrix.toarray()
    high, low = np.isfinite(flat.row_upper), np.isfinite(flat.row_lower)
    found = linprog(
        np.zeros(matrix.shape[1]),
        A_ub=np.concatenate([matrix[high], -matrix[low]]),
        b_ub=np.concatenate([flat.row_upper[high], -flat.row_lower[low]]),
        bounds=np.column_stack([flat.lower, flat.upper]),
    )
    assert found.status in (0, 2)
    return bool(found.status == 0)


def _entry(model: Model, rng: np.random.Generator) -> None:
    row = list(model.rows.values())[rng.integers(3)]
    column = list(model.columns.values())[rng.integers(3)]
    count = rng.integers(1, 4)
    rows = [row.labels[i] for i in rng.integers(0, len(row), count)]
    columns = [column.labels[i] for i in rng.integers(0, len(column), count)]
    if not row.hourly and not column.hourly and rng.integers(2):
        at, by = ([(int(rng.integers(model.periods)), label) for label in side] for side in (rows, columns))
        model.add_across(row, at, column, by, rng.integers(-2, 4, count).astype(float))
        return
    full = model.shape(row.hourly or column.hourly, int(count))
    shape = [n if rng.integers(2) else 1 for n in full[:-1]] + [count]
    before = row.hourly and column.hourly and bool(rng.integers(2))
    model.add(row, rows, column, columns, rng.integers(-2, 4, shape).astype(float), before=before)


def _sided(model: Model, x: Array, activity: Array, rng: np.random.Generator, contradictory: bool) -> Model:
    """The same model with bounds around x and sides around the activity, some of them infinite."""
    flat = flatten(model)
    sided = Model(model.periods, model.previous)
    columns, rows = flat.split_columns(x), flat.split_rows(activity)
    for block in model.columns.values():
        room = rng.integers(0, 3, columns[block.name].shape)
        upper = np.where(rng.random(room.shape) < 0.5, np.inf, columns[block.name] + room)
        lower = np.where(rng.random(room.shape) < 0.7, 0.0, columns[block.name])
        sided.add_columns(block.name, block.dims, block.labels, hourly=block.hourly, lower=lower, upper=upper)
    for block in model.rows.values():
        middle = rows[block.name] + (rng.integers(-3, 4, rows[block.name].shape) if contradictory else 0)
        kind = rng.integers(0, 3, (model.periods, *(1,) * (middle.ndim - 2), len(block)))
        lower = np.where(kind == 0, -np.inf, middle - (0 if contradictory else rng.integers(0, 2)))
        upper = np.where(kind == 1, np.inf, middle)
        sided.add_rows(block.name, block.dims, block.labels, hourly=block.hourly, lower=lower, upper=upper)
    for part in model.entries:
        row, column = sided.rows[part.row.name], sided.columns[part.column.name]
        at, by = [row.labels[i] for i in part.rows], [column.labels[i] for i in part.columns]
        if part.periods is not None:
            there, here = (
                list(zip(side.tolist(), labels, strict=True))
                for side, labels in zip(part.periods, (at, by), strict=True)
            )
            sided.add_across(row, there, column, here, part.values)
            continue
        sided.add(row, at, column, by, part.values, before=part.before)
    return sided
