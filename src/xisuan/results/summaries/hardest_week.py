"""Hardest week of an operated year: the week with most unserved work, or else with least free equipment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.results.labelled_values import Array, Found
from xisuan.results.schedule import Schedule

LOST = ("unserved", "traffic_unserved")
"""Hourly families of unserved work."""
SHARE = 1e-6
"""Share of demand above which work counts as unserved, as for the status of a schedule."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a period, counted from 1 January in steps of 168 hours.

    `unserved`: unit-hours not served in it (Gbps-hours for traffic). `share`: utilisation of the equipment of class
    `of` in the fullest hour of the week; NaN without any.
    """

    period: int
    number: int
    unserved: float
    share: float
    of: str


def hardest(schedule: Schedule) -> Week | None:
    """Return the hardest week; None unless the schedule covers all hours of the year, in order."""
    timeline = schedule.scenario.timeline
    if timeline.mean or not np.array_equal(timeline.hour_of_year, np.arange(units.HOURS_PER_YEAR)):
        return None
    used = {name: _weekly(share, np.maximum) for name, share in _used(schedule).items()}
    lost = _weekly(_lost(schedule), np.add)
    full = np.nan_to_num(np.stack(list(used.values()))) if used else np.zeros((1, *lost.shape))
    judged = lost if lost.any() else full.max(axis=0)
    period, week = (int(at) for at in np.unravel_index(int(np.argmax(judged)), judged.shape))
    of = int(np.argmax(full[:, period, week]))
    share, name = (float(full[of, period, week]), list(used)[of]) if used else (np.nan, "")
    return Week(schedule.scenario.settings.periods[period], week + 1, float(lost[period, week]), share, name)


def _lost(schedule: Schedule) -> Array:
    """Return unserved unit-hours above rounding noise. Shape (periods, hours)."""
    total = np.zeros((len(schedule.scenario.settings.periods), schedule.scenario.timeline.n_hours))
    if (schedule.tables["shortfall"]["share"] > SHARE).any():
        for name in LOST:
            if name in schedule.variables:
                total += schedule.variables[name].values.sum(axis=2)
    return total


def _used(schedule: Schedule) -> dict[str, Array]:
    """Return the used share of the attainable equipment of each class. Shape (periods, hours) each."""
    if "load" not in schedule.variables:
        return {}
    load, installed = schedule.variables["load"], schedule.variables["installed"]
    out: dict[str, Array] = {}
    classes = _classes(schedule)
    for name in dict.fromkeys(classes[label[1]] for label in load.labels):
        runs, stands = (_sum(schedule, of, name, classes) for of in (load, installed))
        with np.errstate(invalid="ignore", divide="ignore"):
            out[name] = np.where(stands[:, None] > 0.0, runs / stands[:, None], np.nan)
    return out


def _classes(schedule: Schedule) -> dict[str, str]:
    rows = schedule.scenario["technologies"]
    return dict(zip(rows["technology"], rows["class"], strict=True))


def _sum(schedule: Schedule, found: Found, name: str, classes: dict[str, str]) -> Array:
    """Return the IT power in MW that runs, or could run, of a class; equipment counts at its attainable utilisation."""
    items = [i for i, label in enumerate(found.labels) if classes[label[1]] == name]
    total = np.zeros(found.values.shape[:-1])
    for at, period in enumerate(schedule.scenario.settings.periods):
        first, now = schedule.scenario["technologies"], schedule.scenario.at("technologies", period)
        of = pd.concat([now, first]).drop_duplicates("technology").set_index("technology")
        mw = pd.to_numeric(of["mw_per_unit"]).fillna(0.0)
        if not found.hourly:
            mw = mw * pd.to_numeric(of["attainable_utilisation"]).fillna(1.0)
        weight = np.array([float(mw.get(found.labels[i][1], 0.0)) for i in items])
        total[at] = found.values[at][..., items] @ weight
    return total


def _weekly(hourly: Array, how: np.ufunc) -> Array:
    """Return the hours of each week reduced by `how`. Shape (periods, weeks)."""
    out: Array = how.reduceat(hourly, np.arange(0, hourly.shape[1], units.HOURS_PER_WEEK), axis=1)
    return out
