"""Jobs: what arrives, as columns. A trace is a stream of such pieces, in order of arrival."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

LONGEST = 1e15
"""Seconds (30 million years) from which on a time has lost its parts of a second, and means that it is wrong."""

ENDLESS = 2**53
"""Servers that no place has, the most that a job may ask for: jobs that the plan leaves ask for as many and are dropped."""


@dataclass(frozen=True)
class Jobs:
    """A piece of a trace; all arrays have one entry a job, times are in seconds from the start of the trace.

    `servers` is how many a job needs at once, `run` how long it then runs, `estimate` what its owner says (at least
    `run`), `deadline` when it should be done (inf: whenever), `hold` the time before which it is not placed, `priority`
    the higher the sooner, `owner` a number, `group` what results are told apart by. `inbound` and `outbound` are Gb to
    move before and after it runs. Where machines have sizes a job also takes `cpu` (thousandths) and `memory` (MiB), `part`
    servers of each accelerator (0: all of it), and runs on `models` (bits; 0: any).
    """

    arrival: Floats
    run: Floats
    servers: Whole
    estimate: Floats = field(default_factory=lambda: np.empty(0))
    deadline: Floats = field(default_factory=lambda: np.empty(0))
    hold: Floats = field(default_factory=lambda: np.empty(0))
    priority: Floats = field(default_factory=lambda: np.empty(0))
    owner: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    group: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    origin: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    inbound: Floats = field(default_factory=lambda: np.empty(0))
    outbound: Floats = field(default_factory=lambda: np.empty(0))
    cpu: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    memory: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    part: Whole = field(default_factory=lambda: np.empty(0, np.int64))
    models: Whole = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.arrival)


def jobs(arrival: Floats, run: Floats, servers: Whole | int = 1, **more: NDArray[np.float64] | Whole) -> Jobs:
    """Jobs with what is usual for the columns not given: one server, an exact estimate, no deadline, one owner.

    A column with the same value for all takes no room: its stride is 0, and it cannot be written to. Raises
    ScenarioError where a column has another length or a value that no job can have.
    """
    count = len(arrival)
    usual: dict[str, NDArray[np.float64] | Whole] = {
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
        raise ScenarioError([Problem("jobs", "", name, "", "give whole numbers") for name in halves])
    made = Jobs(**{n: np.asarray(c, dtype=np.int64 if n in whole else np.float64) for n, c in columns.items()})  # type: ignore[arg-type]
    _check(made, [name for name in LIMITS if name in ("arrival", "run", "servers") or name in more])
    return made


WHOLE = ("owner", "group", "origin", "cpu", "memory", "part", "models")
"""Columns of whole numbers, usually 0."""

LIMITS: dict[str, tuple[float, float, str]] = {
    "arrival": (0.0, LONGEST, "give seconds from the start of the trace, 0 or more"),
    "run": (0.0, LONGEST, "give seconds, 0 or more; a job must end"),
    "servers": (1, 2**53, "give a whole number of servers, 1 or more"),
    "estimate": (0.0, LONGEST, "give seconds, 0 or more"),
    "deadline": (-math.inf, math.inf, "give a number"),
    "hold": (0.0, LONGEST, "give seconds from the start of the trace, 0 or more"),
    "priority": (-math.inf, math.inf, "give a number"),
    "owner": (0, 2**31, "give a whole number, 0 or more"),
    "group": (0, 2**31, "give a whole number, 0 or more"),
    "origin": (0, 2**31, "give a whole number, 0 or more"),
    "inbound": (0.0, 1e15, "give Gb, 0 or more"),
    "outbound": (0.0, 1e15, "give Gb, 0 or more"),
    "cpu": (0, 2**53, "give thousandths of a CPU, 0 or more"),
    "memory": (0, 2**53, "give MiB, 0 or more"),
    "part": (0, 1000, "give thousandths of an accelerator, or 0 for all of it"),
    "models": (0, 2**62, "give bits of models"),
}
"""The least and the most that a column may hold, and what to do."""


def _check(made: Jobs, given: list[str]) -> None:
    """Every column of those given that cannot be, with its first such job."""
    problems = []
    for name in given:
        low, high, remedy = LIMITS[name]
        column = getattr(made, name)
        if len(column) != len(made):
            problems.append(Problem("jobs", "", name, str(len(column)), f"give one value a job: {len(made)}"))
            continue
        if len(column) and not (column.min() >= low and column.max() <= high):
            bad = np.flatnonzero(~((column >= low) & (column <= high)))
            problems.append(Problem("jobs", f"job {bad[0] + 1}", name, str(column[bad[0]]), remedy))
    if not problems and (made.arrival[1:] < made.arrival[:-1]).any():
        back = np.flatnonzero(np.diff(made.arrival) < 0)
        problems.append(
            Problem(
                "jobs",
                f"job {back[0] + 2}",
                "arrival",
                str(made.arrival[back[0] + 1]),
                "is before that of the job before it; sort the jobs by arrival",
            )
        )
    if problems:
        raise ScenarioError(problems)


def pieces(made: Jobs, size: int = 1 << 16) -> Iterator[Jobs]:
    """`made` in pieces of at most `size` jobs."""
    for start in range(0, len(made), size):
        stop = start + size
        yield Jobs(*(getattr(made, name)[start:stop] for name in Jobs.__dataclass_fields__))
