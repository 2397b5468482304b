"""Problems of wrong cells, by the kind, bounds, unit and meaning of their column."""

from __future__ import annotations

from xisuan.errors import Problem
from xisuan.scenario.schema.column_types import Column, described
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

_NUMBER = _("a number")
_NOUNS = {"count": _("a whole number"), "year": _("a year")}
_PURE = {"ratio": _("a ratio"), "fraction": _("a fraction"), "fraction a year": _("a fraction a year")}
"""Dimensionless units, with the noun for such a number."""


def beyond(column: Column, code: str, bound: float) -> Problem:
    """Return the problem `code` of a value beyond a bound of the column."""
    return Problem(code, bound=bound, wanted=_amount(column), meaning=described(column.meaning))


def blank(column: Column) -> Problem:
    """Return the problem of a blank cell that must be filled."""
    return Problem("cell-blank", wanted=_wanted(column))


def missing(column: Column) -> Problem:
    """Return the problem of a missing required column."""
    return Problem("column-missing", wanted=_wanted(column))


def percentage(column: Column) -> Problem:
    """Return the problem of a number written with the sign %."""
    if column.unit in ("fraction", "fraction a year"):
        return Problem("percentage-for-fraction")
    if column.unit == "ratio":
        return Problem("percentage-for-ratio")
    if column.unit == "%":
        return Problem("percentage-sign")
    return Problem("percentage-for-amount", unit=_unit(column)) if column.unit else Problem("percentage-sign-unclear")


def unread(column: Column) -> Problem:
    """Return the problem of a cell that is no number."""
    if column.kind == "year":
        return Problem("not-a-year")
    if column.unit == "unit of the indicator" or column.unit in _PURE or not column.unit:
        return Problem("not-a-number")
    return Problem("not-a-number-in-unit", unit=_unit(column))


def _wanted(column: Column) -> Message:
    """Return the meaning of the column, with the unit or kind of number in which it is given."""
    meaning = described(column.meaning)
    if column.unit in _PURE:
        return _("{meaning}, as {noun}", meaning=meaning, noun=_PURE[column.unit])
    return _("{meaning}, in {unit}", meaning=meaning, unit=_unit(column)) if column.unit else meaning


def _amount(column: Column) -> Message:
    """Return the kind of number that the column takes, with its bounds and unit."""
    noun = _PURE.get(column.unit) or _NOUNS.get(column.kind, _NUMBER)
    low, above, high = column.low, column.above, column.high
    if above is not None:
        if high is None:
            amount = _("{noun} above {low:g}", noun=noun, low=above)
        else:
            amount = _("{noun} above {low:g} and up to {high:g}", noun=noun, low=above, high=high)
    elif low is not None and high is not None:
        amount = _("{noun} from {low:g} to {high:g}", noun=noun, low=low, high=high)
    elif low is not None:
        amount = _("{noun} of {low:g} or more", noun=noun, low=low)
    else:
        amount = _("{noun} up to {high:g}", noun=noun, high=high)
    return (
        _("{amount} in {unit}", amount=amount, unit=_unit(column))
        if column.unit and column.unit not in _PURE
        else amount
    )


def _unit(column: Column) -> Message:
    """Return the unit of the column in words."""
    return _("the unit of the indicator") if column.unit == "unit of the indicator" else described(column.unit)
