"""Durations in a suitable unit."""

from __future__ import annotations

import math

from xisuan.text.numbers import MISSING, plain


def span(seconds: float) -> str:
    """Return a duration in seconds as text in a suitable unit."""
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    size, unit = scale(seconds)
    return f"{plain(seconds / size)} {unit}"


def scale(seconds: float) -> tuple[float, str]:
    """Return the seconds of the unit that suits a duration, and the unit."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if abs(seconds) >= 2 * size:
            return size, unit
    return 1.0, "s"
