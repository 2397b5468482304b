"""Structure of a linopy model in time: which variables and constraints repeat in every hour, and what couples hours.

A constraint with time is a row of the hour whose columns it holds; it may also hold those of the hour before. A row at
the beginning of the horizon or of an investment period may hold any hours: it becomes a row over all hours, as does a
constraint without time. Nothing else can be expressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gnomon.arrays import Index, Mask
from gnomon.linopy import linear_arrays, refusals, time_axis
from gnomon.linopy.linear_arrays import Arrays
from gnomon.linopy.refusals import UnsupportedModelError
from gnomon.linopy.time_axis import Axis

if TYPE_CHECKING:
    import linopy

STILL = -1
"""Hour of what has none."""


@dataclass(frozen=True, slots=True)
class Items:
    """Places of columns or rows in the template.

    names: of the variables or constraints; family: number of its name, for each; hour: −1 if it has none; item: number
    within the family. labels: coordinates of the items by family.
    """

    names: tuple[str, ...]
    family: Index
    hour: Index
    item: Index
    dims: tuple[tuple[str, ...], ...]
    labels: tuple[dict[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """A linopy model with its structure in time. previous: hour before each hour. before: mask of the coefficients of
    `arrays.matrix` (in its order) that join a row to a column of the hour before."""

    arrays: Arrays
    axis: Axis
    previous: Index
    columns: Items
    rows: Items
    before: Mask


def find(model: linopy.Model, time: str) -> Structure:
    """Return the structure of a model. time: name of its time dimension.

    Raises UnsupportedModelError, which names all that the engine cannot express, and InfeasibleError if the bounds of a
    variable contradict each other.
    """
    reasons = list(refusals.reasons(model, time))
    if reasons:
        raise UnsupportedModelError("\n".join(reasons))
    arrays, axis = linear_arrays.read(model), time_axis.axis(model, time)
    index = model.variables.label_index
    columns = _items(axis, list(model.variables.items()), index.label_to_pos, len(index.vlabels))
    place = np.full(int(model.matrices.clabels.max(initial=0)) + 1, -1, dtype=np.int64)
    place[model.matrices.clabels] = np.arange(arrays.matrix.shape[0])
    rows = _items(axis, list(model.constraints.items()), place, arrays.matrix.shape[0])
    return _placed(arrays, axis, columns, rows)


def _items(axis: Axis, parts: Sequence[tuple[str, Any]], place: Index, count: int) -> Items:
    """Return the places of all active columns or rows. place: position of each label, −1 for none."""
    family, hour, item = np.zeros(count, dtype=np.int64), np.full(count, STILL), np.zeros(count, dtype=np.int64)
    dims: list[tuple[str, ...]] = []
    labels: list[dict[int, tuple[str, ...]]] = []
    for number, (_, part) in enumerate(parts):
        label = np.asarray(part.labels.values).ravel()
        active = np.flatnonzero((label >= 0) & (label < len(place)))
        active = active[place[label[active]] >= 0]
        at = place[label[active]]
        named, items = axis.items(part)
        hours = axis.hours(part)
        family[at], item[at] = number, items[active]
        if hours is not None:
            hour[at] = hours[active]
        dims.append(named or ("part",))
        labels.append(_named(part, named, items[active]))
    return Items(tuple(str(name) for name, _ in parts), family, hour, item, tuple(dims), tuple(labels))


def _named(part: Any, dims: tuple[str, ...], items: Index) -> dict[int, tuple[str, ...]]:
    """Return the coordinates of items as text. Items of equal text get their number as well."""
    used = np.unique(items)
    if not dims:
        return {int(one): ("all",) for one in used}
    known = {str(dim): dim for dim in part.labels.dims}
    shape = [part.labels.sizes[known[dim]] for dim in dims]
    values = []
    for dim, at in zip(dims, np.unravel_index(used, shape), strict=True):
        index = part.indexes.get(known[dim])
        values.append([str(one if index is None else index[one]) for one in at])
    return {int(one): label for one, label in zip(used, zip(*values, strict=True), strict=True)}


def _placed(arrays: Arrays, axis: Axis, columns: Items, rows: Items) -> Structure:
    """Return the structure: every row gets its hour. Raises UnsupportedModelError for rows that reach too far."""
    matrix = arrays.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    hour_of_row, hour_of_column = rows.hour[row], columns.hour[matrix.indices]
    timed = np.flatnonzero((hour_of_row >= 0) & (hour_of_column >= 0) & arrays.kept[row])
    at, of_row, of_column = row[timed], hour_of_row[timed], hour_of_column[timed]
    previous = time_axis.previous(axis, of_row, of_column)
    following = np.empty_like(previous)
    following[previous] = np.arange(len(previous))
    same, count = of_column == of_row, len(rows.hour)
    away = ~_all(count, at, same | (of_column == previous[of_row]))
    # A row whose columns are of its hour and the next is one of the next hour.
    ahead = away & _all(count, at, same | (of_column == following[of_row]))
    far = np.flatnonzero(away & ~ahead)
    hour = rows.hour.copy()
    hour[ahead] = following[hour[ahead]]
    # Rows at the head of the horizon or of a period may hold any hours.
    starts = np.isin(hour[far] % len(axis.times), axis.heads)
    if not starts.all():
        raise UnsupportedModelError(_reaches(axis, rows, arrays, columns, int(far[np.flatnonzero(~starts)[0]])))
    hour[far] = STILL
    labels = list(rows.labels)
    item = _renumbered(axis, rows, labels, ahead, far)
    placed = Items(rows.names, rows.family, hour, item, rows.dims, tuple(labels))
    before = (hour[row] >= 0) & (hour_of_column >= 0) & (hour_of_column != hour[row])
    return Structure(arrays, axis, previous, columns, placed, before)


def _all(count: int, row: Index, holds: Mask) -> Mask:
    """Return the mask of rows all of whose coefficients satisfy a condition."""
    out = np.ones(count, dtype=np.bool_)
    out[row[~holds]] = False
    return out


def _renumbered(axis: Axis, rows: Items, labels: list[dict[int, tuple[str, ...]]], ahead: Mask, far: Index) -> Index:
    """Return the numbers of the items; rows that moved to another hour or to all hours get items of their own."""
    item = rows.item.copy()
    for family in np.unique(rows.family[np.concatenate([np.flatnonzero(ahead), far])]):
        own = dict(labels[family])
        size = max(own) + 1
        moved = np.flatnonzero(ahead & (rows.family == family))
        for one in np.unique(item[moved]):
            own[int(one) + size] = (*own[int(one)][:-1], f"{own[int(one)][-1]}, next")
        item[moved] += size
        for place, row in enumerate(far[rows.family[far] == family]):
            old = own[int(rows.item[row])]
            item[row] = 2 * size + place
            own[2 * size + place] = (*old[:-1], f"{old[-1]}, {axis.name(int(rows.hour[row]))}")
        labels[family] = own
    return item


def _reaches(axis: Axis, rows: Items, arrays: Arrays, columns: Items, row: int) -> str:
    """Return the reason why a row cannot be expressed."""
    held = arrays.matrix.indices[arrays.matrix.indptr[row] : arrays.matrix.indptr[row + 1]]
    hours = np.unique(columns.hour[held][columns.hour[held] >= 0])
    shown = ", ".join(axis.name(int(hour)) for hour in hours[:4]) + (", …" if len(hours) > 4 else "")
    return (
        f"Constraint {rows.names[rows.family[row]]} at {axis.name(int(rows.hour[row]))} holds variables of {shown}. A row"
        " may hold its own hour and the one before, or be a sum over all hours without the time dimension. Carry what"
        " is needed later in a variable that each hour takes over from the one before, as a storage level does, or use"
        " HiGHS."
    )
