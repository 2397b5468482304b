"""Checks of the modelled hours: deviation of work and peaks from those of the year."""

from __future__ import annotations

import numpy as np

from xisuan import units
from xisuan.scenario.checks.inspection import Inspection
from xisuan.scenario.queries import candidates
from xisuan.scenario.yearly_means import Array

_SUM = 0.001
"""Deviation from the year's work, as a share, above which a warning is given."""
_PEAK = 0.1
"""Shortfall of the modelled peak against the year's, as a share, above which a warning is given."""


def hours(at: Inspection) -> None:
    """Warn where the modelled hours deviate from the year's work or miss its peak."""
    timeline = at.scenario.timeline
    if timeline.mean or timeline.n_hours == units.HOURS_PER_YEAR:
        return
    file, key, value = ("blocks.csv", "weight", "") if at.scenario.has("blocks") else (
        "scenario.toml", "hours", str(at.scenario.settings.hours)
    )  # fmt: skip
    for name in at.asked:
        if candidates.is_stock(at.scenario, name):
            continue
        year, modelled = _curves(at, name)
        share = float(timeline.weight @ modelled) / float(year.sum())
        peak = float(modelled.max() / year.max())
        if abs(share - 1.0) > _SUM:
            at.findings.warn(file, "", key, value, "hours-miss-work", percent=100 * share, workload=name)
        elif peak < 1.0 - _PEAK:
            values = {"workload": name, "percent": 100 * peak}
            if at.scenario.has("blocks"):
                at.findings.warn(file, "", key, value, "blocks-miss-peak", **values)
            elif at.scenario.settings.hours.kind == "days":
                count = at.scenario.settings.hours.count
                at.findings.warn(file, "", key, value, "days-miss-peak", count=count, **values)
            else:
                at.findings.warn(file, "", key, value, "hours-miss-peak", **values)


def _curves(at: Inspection, workload: str) -> tuple[Array, Array]:
    """Return a workload's total over regions and periods, in the 8,760 hours of the year and in the modelled hours."""
    frame = at.scenario["demand"]
    frame = frame[(frame["workload"] == workload) & frame["period"].isin(at.periods) & (frame["units"] > 0)]
    year, modelled = np.zeros(units.HOURS_PER_YEAR), np.zeros(at.scenario.timeline.n_hours)
    for profile, amount in frame.groupby("profile")["units"].sum().items():
        year += amount * at.scenario.shape(str(profile))
        modelled += amount * at.scenario.hourly("demand", "profile", str(profile))
    return year, modelled


CHECKS = (hours,)
