"""Concatenation of schedules of single periods, without a copy: a table is joined when it is first accessed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Effort
from xisuan.results.schedule import Foresight, Schedule
from xisuan.scenario.scenario import Scenario

T = TypeVar("T")
ADDED = ("rows", "columns", "nonzeros", "build_seconds", "seconds", "iterations")
"""Fields of the effort that are summed over several solves."""


class Lazy(Mapping[str, T]):
    """Mapping whose values are computed by `make` on every access, without caching."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names, self._make = dict.fromkeys(names), make

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def joined(scenario: Scenario, parts: Sequence[Schedule]) -> Schedule:
    """Return the schedule of `scenario` from `parts`, one a period, in order; all have the same families."""
    first = parts[0]

    def table(name: str) -> pd.DataFrame:
        return pd.concat([part.tables[name] for part in parts], ignore_index=True)

    return Schedule(
        scenario=scenario,
        status="short" if any(part.status == "short" for part in parts) else "optimal",
        cost_mcny=sum(part.cost_mcny for part in parts),
        penalty_mcny=sum(part.penalty_mcny for part in parts),
        effort=_effort([part.effort for part in parts]),
        variables=Lazy(first.variables, lambda name: _stacked([part.variables[name] for part in parts])),
        duals=Lazy(first.duals, lambda name: _stacked([part.duals[name] for part in parts])),
        tables=Lazy(first.tables, table),
        lower_bound=sum(part.lower_bound for part in parts),
        certificate=_certificate([part.certificate for part in parts]),
        foresight=_foresight([part.foresight for part in parts]),
    )


def at_hand(schedule: Schedule) -> Schedule:
    """Return the schedule with all its tables and families in memory."""
    return replace(
        schedule, variables=dict(schedule.variables), duals=dict(schedule.duals), tables=dict(schedule.tables)
    )


def _stacked(parts: Sequence[Found]) -> Found:
    return replace(parts[0], values=np.concatenate([part.values for part in parts]))


def _effort(parts: Sequence[Effort]) -> Effort:
    """Return the summed effort of all parts. Memory is the largest known peak."""
    peaks = [part.peak_mb for part in parts if not math.isnan(part.peak_mb)]
    sums = {name: sum(getattr(part, name) for part in parts) for name in ADDED}
    return replace(parts[0], **sums, peak_mb=max(peaks, default=math.nan))


def _foresight(parts: Sequence[Foresight | None]) -> Foresight | None:
    """Return the horizon of all periods, with the summed cost of the schedules that know all hours."""
    rolled = [part for part in parts if part is not None]
    if len(rolled) < len(parts) or not rolled:
        return None
    sums = {name: sum(getattr(part, name) for part in rolled) for name in ("perfect_mcny", "perfect_penalty_mcny")}
    return replace(rolled[0], **sums)


def _certificate(parts: Sequence[Certificate | None]) -> Certificate | None:
    """Return the certificate of all periods, if each has one: periods are independent."""
    made = [part for part in parts if part is not None]
    if len(made) < len(parts):
        return None
    families: dict[str, float] = {}
    for part in made:
        for name, violation in part.families.items():
            families[name] = max(violation, families.get(name, 0.0))
    return Certificate(
        ok=all(part.ok for part in made),
        max_violation=max(part.max_violation for part in made),
        cost=sum(part.cost for part in made),
        lower_bound=sum(part.lower_bound for part in made),
        families=families,
        findings=tuple(finding for part in made for finding in part.findings),
    )
