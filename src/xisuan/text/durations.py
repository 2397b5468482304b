"""Lengths of time in the unit that suits them."""

from __future__ import annotations

import math

from xisuan.text.numbers import MISSING, plain


def span(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    size, unit = scale(seconds)
    return f"{plain(seconds / size)} {unit}"


def scale(seconds: float) -> tuple[float, str]:
    """Seconds in the unit that suits a length of time, and the unit."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if abs(seconds) >= 2 * size:
            return size, unit
    return 1.0, "s"
