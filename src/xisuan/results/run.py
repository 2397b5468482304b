"""Run: a scenario, its plan, and all results derived from the plan; the input of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """All results of one scenario. Optional parts are None if they were not computed.

    `schedule`: the plan operated on its own hours. `others`: the plan operated on other days. `week`: the last period
    operated on a typical week, if the plan's own hours contain none or a rolling operation is asked for.
    `alternatives`: the least and most of each
    capacity near the optimum. `notes`: provenance for readers, such as scenario hash, seed and versions. `decisions`:
    tables that support a decision, by name, such as `stress`; for a missing one, `notes` gives the reason under its
    name.
    """

    scenario: Scenario
    plan: Plan
    schedule: Schedule | None = None
    others: Schedule | None = None
    alternatives: pd.DataFrame | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    week: Schedule | None = None
