"""The figures of a track as SDMX-CSV 2.0: one row a figure, every release beside the others."""

from __future__ import annotations

import csv
import datetime
import math
from pathlib import Path
from typing import Any

from xisuan.results.track import Track, records

DIMENSIONS = ("INDICATOR", "REF_AREA", "STATUS", "SCOPE", "PRICE_BASE", "VINTAGE", "TIME_PERIOD")
ATTRIBUTES = ("UNIT_MEASURE", "GROWTH_PCT", "BOUND", "PUBLISHED", "SOURCE")
STRUCTURE = "XISUAN:TRACK(1.0.0)"
NOT_APPLICABLE = "_Z"
"""SDMX's code for a dimension that says nothing of a figure."""


def write_sdmx_csv(track: Track, path: Path) -> None:
    """Write all figures; VINTAGE 1 is the one used for its period. The time period is a year, a day or start/length."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "OBS_VALUE", *ATTRIBUTES])
        for row in records(track.observed):
            writer.writerow(["dataflow", STRUCTURE, "I", *_cells(row)])


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        row["indicator"],
        row["region"],
        row["status"],
        row["scope"].replace(" ", "_") or NOT_APPLICABLE,
        row["price_base"] or NOT_APPLICABLE,
        str(row["rank"]),
        time_period(row["period_start"], row["period_end"]),
        _number(row["value"]),
        row["unit"],
        _number(row["growth_pct"]),
        row["bound"],
        row["published"],
        row["source"],
    ]


def _number(value: float) -> str:
    return f"{value:.12g}" if math.isfinite(value) else ""


def time_period(start: str, end: str) -> str:
    """An SDMX time period: 2023, 2023-04, 2023-10-31 or 2023-01-01/P4M; days where a stretch is not of whole months."""
    if start == end:
        return end
    first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    whole = first.day == 1 and (last + datetime.timedelta(days=1)).day == 1
    if not whole:
        return f"{start}/P{(last - first).days + 1}D"
    if months == 12 and first.month == 1:
        return str(first.year)
    return f"{first.year}-{first.month:02d}" if months == 1 else f"{start}/P{months}M"
