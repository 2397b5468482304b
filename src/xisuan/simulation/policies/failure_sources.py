"""Sources of failures as the user gives them: a table, mean times, or a source of the user's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.policies import user_defined
from xisuan.simulation.policies.failure_models import (
    EVERYTHING,
    Breakdowns,
    CombinedFailures,
    Down,
    Failures,
    ListedOutages,
    MachineFailures,
    Outage,
    RandomFailures,
)

HOUR_S = 3600.0


def plan_failures(text: str | None, each: RandomFailures | None) -> tuple[tuple[Down, ...], Breakdowns | None]:
    """Return the failures of sites and links listed in a table, and their random source: of FILE.py:NAME, or `each`.

    Raises ScenarioError if both a source of the user's own and mean times are given.
    """
    if text is None or not user_defined.is_own(text):
        return () if text is None else read_downs(table(text)), each
    if each is not None:
        raise ScenarioError([Problem("failures-given-twice", column="failures", value=text)])
    return (), user_defined.load_object("failures", text, Breakdowns)  # type: ignore[type-abstract]


def trace_failures(
    text: str | None, site: RandomFailures | None, machine: RandomFailures | None, machines: int
) -> Failures | None:
    """Return the failures of the single site of a trace; None without any.

    `text`: a table or FILE.py:NAME. `site`, `machine`: mean times of the whole site and of each of its `machines`. All
    sources given are combined.
    """
    sources: list[Failures] = []
    if text is not None:
        own = user_defined.is_own(text)
        sources.append(
            user_defined.load_object("failures", text, Failures)  # type: ignore[type-abstract]
            if own
            else read(table(text))
        )
    for drawn, count, size in ((site, 1, EVERYTHING), (machine, machines, 1)):
        if drawn is not None:
            sources.append(MachineFailures(count, size, HOUR_S * drawn.mtbf_hours, HOUR_S * drawn.mttr_hours))
    return CombinedFailures(tuple(sources)) if sources else None


def describe(each: Breakdowns | None, machine: RandomFailures | None) -> dict[str, str]:
    """Return the mean times between failures and of repair, as entries of a trace's `given`."""
    named = (("mtbf", each), ("machine_mtbf", machine))
    return {name: f"{d.mtbf_hours:g} h, {d.mttr_hours:g} h" for name, d in named if isinstance(d, RandomFailures)}


def table(path: str) -> pd.DataFrame:
    """Return a CSV file as a table. Raises ScenarioError if it cannot be read."""
    try:
        return pd.read_csv(Path(path))
    except (OSError, ValueError) as problem:
        raise ScenarioError([Problem("file-unreadable", table=path, fault=problem)]) from None


def read_downs(frame: pd.DataFrame) -> tuple[Down, ...]:
    """Return the failures of sites and links in a table with columns what, name, start_hour and hours."""
    _check_columns(frame, ("what", "name", "start_hour", "hours"))
    rows = zip(*(frame[name] for name in ("what", "name", "start_hour", "hours")), strict=True)
    return tuple(Down(str(what), str(name), int(start), int(hours)) for what, name, start, hours in rows)


def _check_columns(frame: pd.DataFrame, names: tuple[str, ...]) -> None:
    """Raise ScenarioError with line and column if a column is missing or holds an invalid number."""
    missing = [
        Problem("trace-column-missing", table="failures", row=1, column=name) for name in names if name not in frame
    ]
    if missing:
        raise ScenarioError(missing)
    bad = []
    for name in names:
        if name in ("what", "name"):
            continue
        values = pd.to_numeric(frame[name], errors="coerce")
        whole = (values % 1 == 0) | (name in ("start_s", "repair_s"))
        wrong = np.flatnonzero(~((values >= 0) & (values < 2**53) & whole))
        bad += [
            Problem("not-nonnegative", table="failures", row=row + 2, column=name, value=str(frame[name].iloc[row]))
            for row in wrong[:1]
        ]
    if bad:
        raise ScenarioError(bad)


def read(frame: pd.DataFrame) -> ListedOutages:
    """Return the outages of one site in a table with columns start_s, repair_s and servers."""
    _check_columns(frame, ("start_s", "repair_s", "servers"))
    rng = np.random.default_rng(0)
    return ListedOutages(
        tuple(
            Outage(float(start), float(repair), 0, int(servers), float(rng.random()))
            for start, repair, servers in zip(frame["start_s"], frame["repair_s"], frame["servers"], strict=True)
        )
    )
