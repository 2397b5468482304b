"""Check of a rolling horizon: work that may wait longer than it looks ahead."""

from __future__ import annotations

from xisuan.errors import Problem
from xisuan.scenario.checks.inspection import Inspection
from xisuan.scenario.scenario import Scenario


def longer_waits(scenario: Scenario, horizon: int, step: int) -> tuple[Problem, ...]:
    """Return a warning for each workload with demand that may wait longer than `horizon` hours."""
    at = Inspection(scenario)
    _warn(at, horizon, step)
    return at.findings.problems


def waits(at: Inspection) -> None:
    """Warn of work that may wait longer than the rolling horizon of the scenario looks ahead."""
    if (windows := at.scenario.settings.plan.windows) is not None:
        _warn(at, *windows)


def _warn(at: Inspection, horizon: int, step: int) -> None:
    for rows in at.workloads.values():
        longest = max(rows, key=lambda row: row["defer_hours"])
        if (hours := int(longest["defer_hours"])) > horizon:
            windows = f"{hours + step}/{step}"
            at.warn("workloads", longest, "defer_hours", "wait-beyond-horizon", horizon=horizon, windows=windows)


CHECKS = (waits,)
