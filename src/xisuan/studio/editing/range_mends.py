"""Ends of the ranges of estimates that are moved to contain a value, as a mend of what `check` found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xisuan.errors import Problem
from xisuan.studio import scenario_texts
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

ESTIMATES = "estimates"
CODE = "range-without-value"
"""Problem of a range that does not contain its value."""
KEYS = ("table", "key", "column")


@dataclass(frozen=True, slots=True)
class Widened:
    """An end (low or high) of one range, and its new value. The range is named by table, key and column."""

    table: str
    key: str
    column: str
    end: str
    value: float


def mend(problem: Problem) -> tuple[int, str, float] | None:
    """Return line, end and value of the mend of a problem; None for any other problem."""
    line = scenario_texts.line_number(problem)
    if problem.code != CODE or line is None:
        return None
    return line, problem.column, float(problem.values["given"])


def widened(rows: Sequence[Mapping[str, Any]], at: int, end: str, value: float) -> Widened:
    """Return the mend of the range in row `at` of the table of estimates. Raises RefusedError if there is no such row."""
    if end not in ("low", "high") or not 0 <= at < len(rows):
        raise RefusedError(409, _("the ranges have changed; check the table again"))
    table, key, column = (str(rows[at].get(name) or "") for name in KEYS)
    return Widened(table, key, column, end, value)


def applied(rows: Iterable[Mapping[str, Any]], mends: Iterable[Widened]) -> list[dict[str, Any]]:
    """Return the rows of the table of estimates with their ends moved."""
    out = [dict(row) for row in rows]
    for one in mends:
        for row in out:
            if tuple(str(row.get(name) or "") for name in KEYS) == (one.table, one.key, one.column):
                row[one.end] = one.value
    return out
