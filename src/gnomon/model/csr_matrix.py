"""The coefficients of a model as one matrix by rows. Rows and columns of periods come first, then those of hours."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.model.block_model import Entries, Model

Counts = NDArray[np.int32]
LARGEST = 2**31 - 1
"""Non-zeros that 32-bit indices can count, the limit of the general solvers used here."""


def size(model: Model) -> tuple[int, int, int]:
    """Return rows, columns and non-zeros of the matrix without making it; zeros and duplicates are counted."""
    rows, columns = (
        model.periods * (model.items(False, family) + model.hours * model.items(True, family))
        for family in (model.rows, model.columns)
    )
    nonzeros = sum(
        len(part.rows) * (1 if part.periods else model.periods * (model.hours if hourly(part) else 1))
        for part in model.entries
    )
    return rows, columns, nonzeros


def refuse(nonzeros: int) -> None:
    """Raise SolverError if `nonzeros` exceeds what a general solver and a matrix can hold."""
    if nonzeros > LARGEST:
        raise SolverError(
            f"{nonzeros:,} non-zeros are more than a general solver can take ({LARGEST:,}): "
            "choose fewer hours or periods, or --method structured"
        )


def whole(model: Model) -> sp.csr_matrix:
    """Return all rows as one matrix, those of periods first. Raises SolverError beyond 2³¹ non-zeros."""
    rows, columns, nonzeros = size(model)
    refuse(nonzeros)
    # Row counts are written to indptr[1:] first and summed afterwards.
    indptr = np.zeros(rows + 1, dtype=np.int32)
    indices, data = np.empty(nonzeros, dtype=np.int32), np.empty(nonzeros)
    border = model.periods * model.items(False, model.rows)
    inside = _write_periods(model, indptr[1 : border + 1], indices, data)
    _write_hours(model, indptr[border + 1 :], indices[inside:], data[inside:])
    np.cumsum(indptr, out=indptr)
    matrix = sp.csr_matrix((data, indices, indptr), shape=(rows, columns), copy=False)
    merged = _needs_merging(model)
    if merged:
        matrix.sum_duplicates()
    if merged or any((core(part.values) == 0.0).any() for part in model.entries):
        matrix.eliminate_zeros()
    return matrix


def hourly(part: Entries) -> bool:
    """Return True if the entries repeat in every hour."""
    return part.row.hourly or part.column.hourly


def core(values: Array) -> Array:
    """Return `values` without the repetitions of broadcasting."""
    return values[tuple(slice(1 if step == 0 else None) for step in values.strides)]


def _needs_merging(model: Model) -> bool:
    """Return True if two entries share a place: a coefficient in several terms, or an hour that is its own predecessor."""
    alone = bool((model.previous == np.arange(model.hours)).any())
    places: dict[tuple[str, str, bool], list[Index]] = {}
    for part in model.entries:
        before = part.before and not alone
        pairs = part.rows * len(part.column) + part.columns
        if part.periods is not None:
            pairs = pairs + (part.periods[0] * model.periods + part.periods[1]) * len(part.row) * len(part.column)
        elif not hourly(part):
            within = np.arange(model.periods)[:, None] * (model.periods + 1) * len(part.row) * len(part.column)
            pairs = (pairs + within).ravel()
        places.setdefault((part.row.name, part.column.name, before), []).append(pairs)
    met = (np.concatenate(pairs) for pairs in places.values())
    return any(len(np.unique(pairs)) < len(pairs) for pairs in met)


def _write_hours(model: Model, counts: Counts, indices: Counts, data: Array) -> None:
    """Write the rows of all hours: the template's pattern once, then the values that differ between hours."""
    parts = [part for part in model.entries if part.row.hourly]
    if not parts:
        return
    row = np.concatenate([part.row.first + part.rows for part in parts])
    order = np.argsort(row, kind="stable")
    kind = np.concatenate([np.full(len(part.rows), _kind(part)) for part in parts])[order]
    item = np.concatenate([part.column.first + part.columns for part in parts])[order].astype(np.int32)
    steps = model.periods * model.hours
    # One pattern, shifted to the columns of each hour.
    pattern = indices.reshape(steps, len(row))
    for step, starts in enumerate(_starts(model)):
        np.add(item, starts[kind], out=pattern[step])
    slot = np.empty_like(order)
    slot[order] = np.arange(len(order))
    _write_values(model, parts, slot, data.reshape(model.periods, model.hours, len(row)))
    counts[:] = np.tile(np.bincount(row, minlength=model.items(True, model.rows)), steps)


def _write_values(model: Model, parts: list[Entries], slot: Index, data: Array) -> None:
    """Write the coefficients of hours into data, shape (periods, hours, entries): first those equal in all hours."""
    template = np.zeros(data.shape[-1])
    differing: list[tuple[Index, Array]] = []
    start = 0
    for part in parts:
        at = slot[start : start + len(part.rows)]
        start += len(at)
        once = core(part.values)
        if once.shape[:2] == (1, 1):
            template[at] = once[0, 0]
        else:
            differing.append((at, part.values))
    data[:] = template
    for at, values in differing:
        data[:, :, at] = values


def _kind(part: Entries) -> int:
    """Return the location of the columns of an hour's entries: 0 its period, 1 the hour, 2 the hour before."""
    return (2 if part.before else 1) if part.column.hourly else 0


def _starts(model: Model) -> NDArray[np.int32]:
    """Return the first column of the period, the hour and the hour before, for each hour: shape (steps, 3)."""
    per_period, per_hour = model.items(False, model.columns), model.items(True, model.columns)
    period, hour = np.divmod(np.arange(model.periods * model.hours), model.hours)
    border = model.periods * per_period
    before = period * model.hours + np.tile(model.previous, model.periods)
    here = border + (period * model.hours + hour) * per_hour
    return np.stack([period * per_period, here, border + before * per_hour], axis=1).astype(np.int32)


def _write_periods(model: Model, counts: Counts, indices: Counts, data: Array) -> int:
    """Write the rows of all periods, each in the order in which its entries were added; return their number of non-zeros."""
    n_rows = model.items(False, model.rows)
    parts = [part for part in model.entries if not part.row.hourly]
    rows = [np.asarray(period_rows(part, model, n_rows), dtype=np.int32) for part in parts]
    if not parts:
        return 0
    row = np.concatenate([one.ravel() for one in rows])
    order = np.argsort(row, kind="stable")
    inside = len(row)
    counts[:] = np.bincount(row, minlength=len(counts))
    indices[:inside] = np.concatenate([period_numbers(part, model).ravel() for part in parts])[order]
    data[:inside] = np.concatenate([part.values.ravel() for part in parts])[order]
    return inside


def period_rows(part: Entries, model: Model, n_rows: int) -> Index:
    """Return the row numbers of the entries in rows of periods, in the shape of their column numbers."""
    base = part.row.first + part.rows
    if part.periods is not None:
        return part.periods[0] * n_rows + base
    shape = (model.periods, model.hours) if part.column.hourly else (model.periods,)
    first = np.arange(model.periods).reshape(-1, *(1,) * (len(shape) - 1), 1) * n_rows
    return np.broadcast_to(first + base, (*shape, len(base)))


def period_numbers(part: Entries, model: Model) -> Index:
    """Return the column numbers of the entries in rows of periods, in the shape of their values."""
    per_period, per_hour = model.items(False, model.columns), model.items(True, model.columns)
    item = part.column.first + part.columns
    if part.periods is not None:
        return part.periods[1] * per_period + item
    if part.column.hourly:
        step = np.arange(model.periods * model.hours).reshape(model.periods, model.hours, 1)
        return model.periods * per_period + step * per_hour + item
    return np.arange(model.periods)[:, None] * per_period + item
