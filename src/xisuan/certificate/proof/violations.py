"""Violations of rows and bounds by the plan's values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import Columns, Family, Label

FLOOR = 1e-2
"""Smallest scale of a row, as a share of its largest term with every variable at the largest value of its family. Rows
whose terms are all solver noise would otherwise be measured against noise."""
REST = 1e-7
"""Smallest scale, as a share of the plan's largest value: the accuracy of a solver's arithmetic. With the tolerance of
1e-6 a family at 0 may hold 1e-13 of that value."""
TINY = 1e-6
"""Smallest scale in any unit. Both are as strict in `gnomon.interior_point.iterations.termination`."""


def rest(x: Array) -> float:
    """Return the scale below which values of the plan are not distinguished from 0."""
    return max(TINY, REST * float(np.abs(x).max(initial=0.0)))


@dataclass(frozen=True, slots=True)
class Violation:
    """Worst violation of one family: relative to its scale, absolute, and its place."""

    family: str
    relative: float
    amount: float = 0.0
    label: Label = ()
    period: int = -1
    hour: int | None = None


def peaks(columns: Columns, x: Array) -> Array:
    """Return for each variable the largest absolute value of its family."""
    peak = np.zeros(len(x))
    for family in columns.families.values():
        family.view(peak)[...] = np.abs(family.view(x)).max(initial=0.0)
    return peak


def check_rows(rows: Rows, x: Array, peak: Array) -> Violation:
    """Return the worst violation of a family of rows, relative to the largest term of its row. `peak`: see `peaks`."""
    rhs = rows.rhs.ravel()
    left, scale = np.zeros(len(rhs)), np.maximum(np.abs(rhs), rest(x))
    for row, column, coef in rows.pieces():
        terms = coef * x[column]
        first = int(row.min(initial=len(rhs)))
        sums = np.bincount(row - first, terms)
        left[first : first + len(sums)] += sums
        # Scale of a row: max(|b|, |a x|, FLOOR |a| peak, REST max |x|).
        np.maximum.at(scale, row, np.maximum(np.abs(terms), FLOOR * np.abs(coef) * peak[column]))
    # Absolute violation by the sense of the row.
    over = {"=": np.abs(left - rhs), "<": left - rhs, ">": rhs - left}[rows.sense]
    return _worst(rows.name, over.reshape(rows.shape), scale.reshape(rows.shape), rows.labels, rows.hourly)


def check_bounds(columns: Columns, x: Array) -> list[Violation]:
    """Return the worst violations of bounds, deadlines and integrality."""
    broken: dict[str, list[Violation]] = {}
    for family in columns.families.values():
        if not family.labels:
            continue
        values = family.view(x)
        below, above = family.lower - values, values - family.upper
        over = np.maximum(below, above)
        limit = np.where(above > below, family.upper, family.lower)
        found = _measure(family, over, np.maximum(np.abs(values), np.abs(limit)), rest(x))
        broken.setdefault(columns.kind(family.name), []).append(found)
        if family.integer:
            # Integrality: distance to the nearest integer.
            off = _measure(family, np.abs(values - np.rint(values)), np.maximum(1.0, np.abs(values)), TINY)
            broken.setdefault("integrality", []).append(off)
    return [_largest(name, found) for name, found in broken.items()]


def _largest(name: str, found: list[Violation]) -> Violation:
    worst = max(found, key=lambda violation: violation.relative)
    label = (worst.family, *worst.label) if worst.family else worst.label
    return Violation(name, worst.relative, worst.amount, label, worst.period, worst.hour)


def _measure(family: Family, over: Array, scale: Array, least: float) -> Violation:
    """Return the worst violation of bounds, scaled by at least a share of the family's largest value or limit."""
    finite = max(float(side[np.isfinite(side)].max(initial=0.0)) for side in (scale, family.upper))
    return _worst(family.name, over, np.maximum(scale, max(FLOOR * finite, least)), family.labels, family.hourly)


def _worst(name: str, over: Array, scale: Array, labels: tuple[Label, ...], hourly: bool) -> Violation:
    if not over.size:
        return Violation(name, 0.0)
    relative = np.maximum(over, 0.0) / scale
    at = np.unravel_index(int(np.argmax(relative)), over.shape)
    hour = int(at[1]) if hourly else None
    return Violation(name, float(relative[at]), float(over[at]), labels[int(at[-1])], int(at[0]), hour)
