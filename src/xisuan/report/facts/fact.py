"""One number with its unit, range, confidence and source: the form in which all faces receive it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Confidence = Literal["firm", "interchangeable", "estimate", "published", "untested"]
"""firm: every plan within 1 % of the least cost keeps half of it or more · interchangeable: a plan within 1 % of the
least cost does without it · estimate: it stands at a limit that nobody has published, or most of its price is an
estimate · published: an official figure · untested: the run did not vary it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the report.

    `unit`: unit of the model's tables, such as mCNY. `year`: period it belongs to; None for the horizon. `low`, `high`:
    ends of its range, NaN where the run did not vary it. `spanned`: tables of the run that give the range. `source`:
    table of the run that gives the value. `site`: site it belongs to; blank for the whole place.
    """

    name: str
    value: float
    unit: str
    year: int | None = None
    low: float = math.nan
    high: float = math.nan
    spanned: tuple[str, ...] = ()
    confidence: Confidence = "untested"
    source: str = ""
    site: str = ""

    @property
    def has_range(self) -> bool:
        """Return True if both ends of the range are known."""
        return math.isfinite(self.low) and math.isfinite(self.high)


@dataclass(frozen=True, slots=True)
class Path:
    """A quantity year by year. The first `actual` years are over; the others are planned.

    `low`, `high`: ends of the range of each year, NaN where it was not varied.
    """

    name: str
    unit: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    actual: int = 0
    confidence: Confidence = "untested"
    source: str = ""
