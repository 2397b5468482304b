"""Values of single raw cells: numbers, years, flags, texts, choices, series; UnreadableError with the remedy."""

from __future__ import annotations

import datetime
import decimal
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from xisuan.errors import UnreadableError
from xisuan.scenario.reading import remedies
from xisuan.scenario.reading.raw_sheets import LONGEST_CELL
from xisuan.scenario.schema.column_types import Column

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([,\s']\d{3})+(\.\d+)?", re.ASCII)
_MISSING = frozenset(("nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "—", "?"))
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
LONGEST_NAME = 200
LARGEST = 1e15
"""Largest number accepted: no regional quantity is larger in its column's unit, and solvers treat 1e20 as infinite."""


def is_blank(cell: Any) -> bool:
    """Return True if a cell is empty: blank text, None, NaN, NA, NaT."""
    if isinstance(cell, str):
        return not cell.strip()
    return (
        cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float | np.floating) and math.isnan(cell))
    )


def _number(cell: Any, column: Column) -> float:
    """Return a number, NaN for a blank. Raises UnreadableError, as all parsers here."""
    if is_blank(cell):
        return math.nan
    if isinstance(cell, str):
        return _number_of_text(cell.strip(), column)
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | np.number | decimal.Decimal):
        raise UnreadableError("not-a-year" if column.kind == "year" else "not-a-number")
    try:
        value = float(cell)
    except (OverflowError, ValueError, TypeError):
        raise UnreadableError("number-unreadable") from None
    if not math.isfinite(value):
        raise UnreadableError("not-finite")
    return _of_this_world(value)


def _of_this_world(value: float) -> float:
    """Return the value if it is not above `LARGEST` in size."""
    if abs(value) > LARGEST:
        raise UnreadableError("number-too-large", most=LARGEST)
    return value


def _number_of_text(text: str, column: Column) -> float:
    """Return the number in a text."""
    if NUMBER.fullmatch(text):
        return _of_this_world(float(text))
    if _THOUSANDS.fullmatch(text):
        raise UnreadableError("number-with-separators", number=re.sub(r"[^0-9.+-]", "", text))
    if text.endswith("%"):
        raise UnreadableError.of(remedies.percentage(column))
    if text.lower() in _MISSING:
        raise UnreadableError("number-missing")
    if text.lower().lstrip("+-") in ("inf", "infinity", "∞"):
        raise UnreadableError("not-finite")
    narrow = unicodedata.normalize("NFKC", text)
    if narrow != text and NUMBER.fullmatch(narrow):
        raise UnreadableError("number-full-width", number=narrow)
    raise UnreadableError.of(remedies.unread(column))


def _year(cell: Any, column: Column) -> float:
    """Return a whole number, NaN for a blank."""
    value = _number(cell, column)
    if not math.isnan(value) and value != math.floor(value):
        raise UnreadableError("words-not-whole")
    return value


def _flag(cell: Any, column: Column) -> bool:
    """Return yes or no as a bool, the default for a blank."""
    if is_blank(cell):
        return bool(column.default)
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    text = str(cell).strip().lower()
    text = text.removesuffix(".0") if not isinstance(cell, str) else text
    if text not in _FLAGS:
        raise UnreadableError("flag-invalid")
    return _FLAGS[text]


def _text(cell: Any, column: Column) -> str:
    """Return a stripped text without control characters."""
    if is_blank(cell):
        return ""
    if isinstance(cell, float | np.floating) and math.isfinite(cell) and cell == math.floor(cell):
        cell = int(cell)
    if isinstance(cell, datetime.date):
        cell = cell.isoformat()[:10]
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, str | int | float | np.number):
        raise UnreadableError("not-text")
    text = str(cell).strip()
    most = LONGEST_NAME if column.kind in ("name", "series") else LONGEST_CELL
    if len(text) > most:
        raise UnreadableError("text-too-long", most=most)
    allowed = "" if column.kind in ("name", "series") else "\t\n\r"
    if any((ord(sign) < 32 and sign not in allowed) or 127 <= ord(sign) < 160 for sign in text):
        raise UnreadableError("cell-with-control-characters")
    if any(0xD800 <= ord(sign) < 0xE000 for sign in text):
        raise UnreadableError("half-character")
    return text


def _choice(cell: Any, column: Column) -> str:
    """Return one of the column's choices, the default for a blank."""
    text = _text(cell, column)
    if not text:
        return "" if column.default is None else str(column.default)
    if text not in column.choices:
        raise UnreadableError("choice-invalid", choices=" or ".join(column.choices))
    return text


def _series(cell: Any, column: Column) -> float | str:
    """Return a number, or the name of a profile."""
    if isinstance(cell, str) and cell.strip() and not looks_like_number(cell.strip()):
        return _text(cell, column)
    return _number(cell, column)


def looks_like_number(text: str) -> bool:
    """Return True if a series cell is meant as a number rather than the name of a profile."""
    return not text[0].isalpha() and any(sign.isdigit() for sign in text) and not re.search(r"[^\W\deE]", text)


PARSERS: dict[str, Callable[[Any, Column], Any]] = {
    "number": _number,
    "count": _year,
    "year": _year,
    "flag": _flag,
    "name": _text,
    "text": _text,
    "choice": _choice,
    "series": _series,
}
"""Parser of each kind of column."""
