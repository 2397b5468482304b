"""Random models with a structure in time and every feature of the template, made without any scenario.

An optimum is built in: x₀ satisfies the rows, and costs are Aᵀy₀ + z₀ with multipliers of the right signs, so that x₀ and
y₀ are complementary. Some models are then made infeasible or unbounded, or degenerate by equal numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array
from gnomon.model.block_model import Block, Model
from gnomon.model.linear_program import LinearProgram, flatten

KINDS = ("optimal", "optimal", "optimal", "degenerate", "contradictory", "endless")
"""Kinds of models, each as likely. What becomes of the last two is for the solvers to say."""


@dataclass(frozen=True)
class Drawn:
    """A model, and the cost of its built-in optimum; None if costs or sides were moved afterwards."""

    model: Model
    cost: float | None


def draw(seed: int) -> Drawn:
    """Return a model of 1 to 3 periods with 1 to 30 hours in one or more rings."""
    rng = np.random.default_rng(seed)
    kind = KINDS[rng.integers(len(KINDS))]
    bare = _bare(rng, whole=kind == "degenerate")
    flat = flatten(bare)
    x = rng.integers(-3, 6, flat.shape[1]).astype(float)
    if kind != "degenerate":
        x += rng.random(len(x))
    scale = 10.0 ** rng.integers(-2, 4)
    x *= scale
    lower, upper, z = _bounds(rng, x, scale)
    row_lower, row_upper, y = _sides(rng, flat.rows.times(x), scale)
    cost = flat.rows.pull(y) + z
    # A cost that is only rounding would make a column without bounds and entries endless.
    terms = flat.rows.pulled_sizes(y, np.arange(len(x))) + np.abs(z)
    cost = np.where(np.abs(cost) <= 1e-12 * terms, 0.0, cost)
    if kind == "contradictory":
        moved = np.where(rng.random(len(row_lower)) < 0.3, scale * rng.normal(size=len(row_lower)), 0.0)
        row_lower, row_upper = row_lower + moved, row_upper + moved
    if kind == "endless":
        cost = cost - np.where(rng.random(len(cost)) < 0.3, rng.random(len(cost)), 0.0)
    known = float(cost @ x) if kind in ("optimal", "degenerate") else None
    return Drawn(_with_numbers(bare, flat, lower, upper, cost, row_lower, row_upper), known)


def _bare(rng: np.random.Generator, whole: bool) -> Model:
    """Return blocks and coefficients without bounds, sides and costs. whole: coefficients are small integers."""
    lengths = rng.integers(1, 16, rng.integers(1, 3))
    starts = np.cumsum(lengths) - lengths
    rings = [np.roll(np.arange(start, start + n), 1) for start, n in zip(starts, lengths, strict=True)]
    model = Model(int(rng.integers(1, 4)), np.concatenate(rings))
    columns = [
        model.add_columns(name, ("i",), [(str(i),) for i in range(rng.integers(1, 5))], hourly=hourly)
        for name, hourly in (("built", False), ("kept", False), ("run", True), ("moved", True), ("stored", True))
    ]
    rows = [
        model.add_rows(name, ("i",), [(str(i),) for i in range(rng.integers(1, 4))], hourly=hourly)
        for name, hourly in (("sum", False), ("balance", True), ("level", True), ("limit", True))
    ]
    for row in rows:
        for column in columns:
            if rng.random() < 0.6:
                _coefficients(model, rng, row, column, whole, before=False)
            if row.hourly and column.hourly and rng.random() < 0.4:
                _coefficients(model, rng, row, column, whole, before=True)
    if model.periods > 1 and rng.random() < 0.7:
        row, column = rows[0], columns[rng.integers(2)]
        pairs = [(late, early) for late in range(model.periods) for early in range(late + 1)]
        model.add_across(
            row, [(late, row.labels[0]) for late, _ in pairs], column, [(early, column.labels[-1]) for _, early in pairs],
            _numbers(rng, (len(pairs),), whole),
        )  # fmt: skip
    return model


def _coefficients(model: Model, rng: np.random.Generator, row: Block, column: Block, whole: bool, before: bool) -> None:
    """Add coefficients that are equal in all hours and periods, or vary by hours, by periods or both."""
    count = int(rng.integers(1, 1 + len(row) * len(column)))
    rows, items = rng.integers(0, len(row), count), rng.integers(0, len(column), count)
    full = model.shape(row.hourly or column.hourly, count)
    shape = (*(n if rng.random() < 0.4 else 1 for n in full[:-1]), count)
    model.add(
        row, [row.labels[i] for i in rows], column, [column.labels[i] for i in items], _numbers(rng, shape, whole),
        before=before,
    )  # fmt: skip


def _numbers(rng: np.random.Generator, shape: tuple[int, ...], whole: bool) -> Array:
    values = rng.integers(-2, 4, shape).astype(float)
    return values if whole else values * np.exp(rng.normal(0.0, 1.0, shape))


def _bounds(rng: np.random.Generator, x: Array, scale: float) -> tuple[Array, Array, Array]:
    """Return bounds around x, and multipliers of the bounds at which x stands. Some have no bounds or are fixed."""
    kind, room = rng.integers(0, 6, len(x)), scale * (1 + rng.integers(0, 4, len(x)))
    lower = np.where(kind == 0, -np.inf, np.where(kind <= 3, x, x - room))
    upper = np.where(kind <= 1, np.inf, np.where(kind == 2, x, x + room))
    upper = np.where(kind == 5, x, upper)
    pull = rng.exponential(1.0, len(x))
    z = np.where(
        (kind == 1) | (kind == 3), pull, np.where(kind == 5, -pull, np.where(kind == 2, rng.normal(size=len(x)), 0.0))
    )
    return lower, upper, z


def _sides(rng: np.random.Generator, activity: Array, scale: float) -> tuple[Array, Array, Array]:
    """Return sides around the activity of x, and duals of the sides at which it stands."""
    kind, room = rng.integers(0, 6, len(activity)), scale * (1 + rng.integers(0, 4, len(activity)))
    lower = np.where(kind == 0, activity, np.where(kind == 1, -np.inf, np.where(kind <= 3, activity, activity - room)))
    upper = np.where(kind == 0, np.inf, np.where(kind <= 2, activity, activity + room))
    upper = np.where(kind == 5, np.inf, upper)
    pull = rng.exponential(1.0, len(activity))
    y = np.where(
        (kind == 0) | (kind == 3),
        pull,
        np.where(kind == 1, -pull, np.where(kind == 2, rng.normal(size=len(pull)), 0.0)),
    )
    return lower, upper, y


def _with_numbers(
    bare: Model, flat: LinearProgram, lower: Array, upper: Array, cost: Array, row_lower: Array, row_upper: Array
) -> Model:
    """Return the model with these bounds, costs and sides."""
    out = Model(bare.periods, bare.previous)
    low, high, price = (flat.split_columns(of) for of in (lower, upper, cost))
    below, above = (flat.split_rows(of) for of in (row_lower, row_upper))
    for name, block in bare.columns.items():
        out.add_columns(
            name, block.dims, block.labels, hourly=block.hourly, lower=low[name], upper=high[name], cost=price[name]
        )
    for name, block in bare.rows.items():
        out.add_rows(name, block.dims, block.labels, hourly=block.hourly, lower=below[name], upper=above[name])
    out.entries = list(bare.entries)
    return out
