"""Cells of numbers: one way to write a figure, and what is missing as a dash with its reason."""

from __future__ import annotations

import math

from xisuan.report.document.blocks import Cell
from xisuan.text.numbers import MISSING, exact, places, plain

OPEN, CLOSE = "\u2068", "\u2069"
"""Isolates around the figures of a sentence: nothing to a reader, bold on the page."""


def strong(text: str) -> str:
    """Return a figure of a sentence with the marks that set it in bold."""
    return f"{OPEN}{text}{CLOSE}"


def figure(
    value: float,
    decimals: int | None = None,
    *,
    why: str = "",
    bar: float | None = None,
    shade: float | None = None,
    signed: bool = False,
    tip: str = "",
) -> Cell:
    """Return the cell of a number with fixed decimals; None gives three significant digits.

    A missing number is a dash, with `why` as its tip.
    """
    if value is None or not math.isfinite(value):
        return Cell(MISSING, tip=why)
    text = plain(value) if decimals is None else exact(value, decimals)
    text = text if any(digit in text for digit in "123456789") else "0"
    text = "+" + text if signed and value > 0 and any(digit in text for digit in "123456789") else text
    length = bar if bar is None or math.isfinite(bar) else None
    return Cell(text, bar=length, shade=shade, value=float(value), tip=tip)


def percent(share: float, decimals: int = 1, *, why: str = "", bar: bool = True, signed: bool = False) -> Cell:
    """Return the cell of a share (0 to 1) in per cent, with a bar; the unit stands in the heading.

    With one decimal, shares below 0.05 % are shown as "<0.1". There are at most three significant digits: `100`.
    """
    if share is None or not math.isfinite(share):
        return Cell(MISSING, tip=why)
    if 1e-9 < share < 5e-4 and decimals == 1:
        return Cell("<0.1", bar=share if bar else None, value=100 * share)
    decimals = min(decimals, places(round(100 * abs(share), decimals))) if share else decimals
    return figure(100 * share, decimals, bar=min(1.0, max(0.0, share)) if bar else None, signed=signed)


def blank(value: float, decimals: int | None = None, *, bar: float | None = None) -> Cell:
    """Return the cell of a number, empty if it rounds to zero or is missing."""
    found = figure(value, decimals, bar=bar)
    return Cell("") if found.text in ("0", MISSING) else found


def year(value: object) -> str:
    """Return a year or another whole number as text, blank if missing. Tables with gaps hold years as floats."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value or "")
    return f"{number:.0f}" if math.isfinite(number) else ""
