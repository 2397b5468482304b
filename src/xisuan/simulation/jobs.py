"""Jobs as columns. A trace is a stream of such pieces in order of arrival."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.text.translation import message as _

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LONGEST = 1e15
"""Largest time in seconds (30 million years): beyond it, fractions of a second are lost and the value is an error."""

ENDLESS = 2**53
"""Largest number of servers that a job may request. No station has as many: jobs that the plan leaves unserved request
this number and are dropped.
"""


@dataclass(frozen=True)
class Jobs:
    """Piece of a trace. Arrays have one entry per job; times are in seconds from the start of the trace.

    - `servers`: needed at once; `run`: run time on them; `estimate`: run time estimated by the owner, at least `run`.
    - `deadline`: inf without one; `hold`: earliest time of placement; `priority`: higher first.
    - `owner`, `origin`: numbers; `group`: number by which results are broken down.
    - `inbound`, `outbound`: Gb to move before and after the run.
    - Where machines have sizes: `cpu` (thousandths), `memory` (MiB), `part` (servers of each accelerator; 0: all of
      it), `models` (bit set of admissible models; 0: any).
    """

    arrival: Floats
    run: Floats
    servers: Integers
    estimate: Floats = field(default_factory=lambda: np.empty(0))
    deadline: Floats = field(default_factory=lambda: np.empty(0))
    hold: Floats = field(default_factory=lambda: np.empty(0))
    priority: Floats = field(default_factory=lambda: np.empty(0))
    owner: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    group: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    origin: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    inbound: Floats = field(default_factory=lambda: np.empty(0))
    outbound: Floats = field(default_factory=lambda: np.empty(0))
    cpu: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    memory: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    part: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    models: Integers = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.arrival)


def jobs(arrival: Floats, run: Floats, servers: Integers | int = 1, **more: NDArray[np.float64] | Integers) -> Jobs:
    """Return jobs with default values for missing columns: one server, an exact estimate, no deadline, one owner.

    A constant default column has stride 0: it takes no memory and is read-only. Raises ScenarioError for columns of
    unequal length or values out of range.
    """
    count = len(arrival)
    usual: dict[str, NDArray[np.float64] | Integers] = {
        "estimate": np.asarray(run, dtype=np.float64),
        "deadline": np.broadcast_to(np.inf, count),
        **{name: np.broadcast_to(0.0, count) for name in ("hold", "priority", "inbound", "outbound")},
        **{name: np.broadcast_to(np.int64(0), count) for name in WHOLE},
    }
    columns = {
        "arrival": arrival,
        "run": run,
        "servers": np.broadcast_to(np.int64(servers), count) if isinstance(servers, int) else servers,
        **{name: more.get(name, column) for name, column in usual.items()},
    }
    whole = ("servers", *WHOLE)
    halves = [n for n in whole if np.asarray(columns[n]).dtype.kind == "f" and np.any(np.asarray(columns[n]) % 1 != 0)]
    if halves:
        raise ScenarioError([Problem("jobs-not-whole", table="jobs", column=name) for name in halves])
    made = Jobs(**{n: np.asarray(c, dtype=np.int64 if n in whole else np.float64) for n, c in columns.items()})  # type: ignore[arg-type]
    _check(made, [name for name in LIMITS if name in ("arrival", "run", "servers") or name in more])
    return made


WHOLE = ("owner", "group", "origin", "cpu", "memory", "part", "models")
"""Integer columns whose default is 0."""

LIMITS: dict[str, tuple[float, float, str]] = {
    "arrival": (0.0, LONGEST, "seconds-from-start-invalid"),
    "run": (0.0, LONGEST, "run-seconds-invalid"),
    "servers": (1, 2**53, "servers-not-whole"),
    "estimate": (0.0, LONGEST, "seconds-invalid"),
    "deadline": (-math.inf, math.inf, "not-a-number"),
    "hold": (0.0, LONGEST, "seconds-from-start-invalid"),
    "priority": (-math.inf, math.inf, "not-a-number"),
    "owner": (0, 2**31, "not-whole-nonnegative"),
    "group": (0, 2**31, "not-whole-nonnegative"),
    "origin": (0, 2**31, "not-whole-nonnegative"),
    "inbound": (0.0, 1e15, "gigabits-invalid"),
    "outbound": (0.0, 1e15, "gigabits-invalid"),
    "cpu": (0, 2**53, "cpu-invalid"),
    "memory": (0, 2**53, "memory-invalid"),
    "part": (0, 1000, "accelerator-part-invalid"),
    "models": (0, 2**62, "models-invalid"),
}
"""Least and largest value of each column, and the code of the problem beyond them."""


def _check(made: Jobs, given: list[str]) -> None:
    """Raise ScenarioError with the first invalid job of each column in `given`."""
    problems = []
    for name in given:
        low, high, code = LIMITS[name]
        column = getattr(made, name)
        if len(column) != len(made):
            problems.append(
                Problem("jobs-column-length", table="jobs", column=name, value=str(len(column)), count=len(made))
            )
            continue
        if len(column) and not (column.min() >= low and column.max() <= high):
            bad = np.flatnonzero(~((column >= low) & (column <= high)))
            place: dict[str, Any] = {"table": "jobs", "column": name, "value": str(column[bad[0]])}
            problems.append(Problem(code, row=_("job {number}", number=bad[0] + 1), **place))
    if not problems and (made.arrival[1:] < made.arrival[:-1]).any():
        back = np.flatnonzero(np.diff(made.arrival) < 0)
        problems.append(
            Problem(
                "jobs-not-sorted",
                table="jobs",
                row=_("job {number}", number=back[0] + 2),
                column="arrival",
                value=str(made.arrival[back[0] + 1]),
            )
        )
    if problems:
        raise ScenarioError(problems)


def pieces(made: Jobs, size: int = 1 << 16) -> Iterator[Jobs]:
    """Yield `made` in pieces of at most `size` jobs."""
    for start in range(0, len(made), size):
        stop = start + size
        yield Jobs(*(getattr(made, name)[start:stop] for name in Jobs.__dataclass_fields__))
