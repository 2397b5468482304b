"""Remedies for wrong cells: one sentence for a column, from its kind, bounds, unit and meaning."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import Column

_NOUNS = {"count": "a whole number", "year": "a year"}
_PURE = {"ratio": "a ratio", "fraction": "a fraction", "fraction a year": "a fraction a year"}
"""Dimensionless units, with the noun for such a number."""


def beyond(column: Column, fault: str) -> str:
    """Return the remedy for a value outside the bounds; `fault` names the bound (below 0)."""
    return f"{fault}; give {_noun(column)}{_range(column)}{_unit(column)}; the column says: {column.meaning}"


def blank(column: Column) -> str:
    """Return the remedy for a blank cell that must be filled."""
    return f"blank; give it{_kind(column)}: {column.meaning}"


def missing(column: Column) -> str:
    """Return the remedy for a missing required column."""
    return f"the column is missing; add it, with a value{_kind(column)} in every row: {column.meaning}"


def percentage(column: Column) -> str:
    """Return the remedy for a number written with the sign %."""
    if column.unit in ("fraction", "fraction a year"):
        return "write a fraction: 12 % is 0.12"
    if column.unit == "ratio":
        return "write a ratio: 120 % is 1.2"
    if column.unit == "%":
        return "write the number without the sign %"
    if column.unit:
        return f"the column takes no percentage; give a number{_unit(column)}"
    return "write the number without the sign %; where a fraction is asked for, 12 % is 0.12"


def unread(column: Column) -> str:
    """Return the remedy for a cell that is no number."""
    if column.kind == "year":
        return "not a year; give a year such as 2026"
    if column.unit == "unit of the indicator" or column.unit in _PURE or not column.unit:
        return "not a number"
    return f"not a number; write the number alone,{_unit(column)}"


def _kind(column: Column) -> str:
    """Return the kind or unit in which a value is to be given."""
    return f" as {_PURE[column.unit]}" if column.unit in _PURE else _unit(column)


def _noun(column: Column) -> str:
    """Return the noun for a value of the column."""
    return _PURE.get(column.unit) or _NOUNS.get(column.kind, "a number")


def _range(column: Column) -> str:
    """Return the bounds of the column in words."""
    low, above, high = column.low, column.above, column.high
    if above is not None:
        return f" above {above:g}" + ("" if high is None else f" and up to {high:g}")
    if low is not None:
        return f" of {low:g} or more" if high is None else f" from {low:g} to {high:g}"
    return "" if high is None else f" up to {high:g}"


def _unit(column: Column) -> str:
    """Return the unit of the column in words."""
    if not column.unit or column.unit in _PURE:
        return ""
    return f" in {'the ' if column.unit.startswith('unit ') else ''}{column.unit}"
