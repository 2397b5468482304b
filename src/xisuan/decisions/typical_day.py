"""The scenario on few hours, so that its plan can be made again and again.

A large scenario is put on one typical day in steps of four hours: prices, PUE, sun, wind and grid factors are the
weighted means of the hours that stand for the year, hour of the day by hour of the day; demand is that of the modelled
day with the most of it, because capacity is built for it. Work may wait and batteries may be charged from step to step.

What this leaves out: the highest hour within a step, the seasons, calm and bright days. The plan on these hours is
printed beside every answer that rests on it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from gnomon.arrays import Array
from gnomon.model.csr_matrix import size
from xisuan import units
from xisuan.equations.build_model import assemble
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario import representative_days
from xisuan.scenario.scenario import Scenario

LARGE = 100_000
"""Non-zeros from which a model is put on a typical day. Below, a solve takes a second or two on the scenario's own hours."""
STEP = 4
"""Hours in a step. On `guizhou-days` the cost of the plan is then 2 % below that on four whole days, at a fortieth of the
time; steps of three hours change it by a thousandth and take twice as long."""


def brief(scenario: Scenario) -> Scenario:
    """`scenario` on few hours: itself where it is small, or where its hours do not cover a day."""
    hours = scenario.timeline.hour_of_year % units.HOURS_PER_DAY
    if len(set(hours.tolist())) < units.HOURS_PER_DAY or size(assemble(scenario).model)[2] < LARGE:
        return scenario
    return typical(scenario)


def typical(scenario: Scenario) -> Scenario:
    """`scenario` on its typical day. An hour of it stands for a step: what counts hours by number is divided by STEP."""
    steps = units.HOURS_PER_DAY // STEP
    tables = dict(scenario.tables)
    rows = {"block": ["typical day"], "first_hour": [0.0], "hours": [float(steps)]}
    rows["weight"] = [units.HOURS_PER_YEAR / steps]
    rows["keep_means"] = [scenario.timeline.keeps_means]
    tables["blocks"] = pd.DataFrame(rows).reindex(columns=scenario["blocks"].columns, fill_value="")
    tables["workloads"] = _scaled(scenario["workloads"], defer_hours=1 / STEP)
    tables["supply"] = _scaled(scenario["supply"], capex_mcny_per_mwh=STEP, existing_mwh=1 / STEP, limit_mwh=1 / STEP)
    return dataclasses.replace(scenario, tables=tables, curves=_curves(scenario, steps))


def orders(plan: Plan, scenario: Scenario) -> dict[str, Found]:
    """Variables of `plan` as those of `scenario`, the plan's own on few hours: energy is counted in steps there."""
    found = dict(plan.variables)
    if scenario is not plan.scenario and "build_energy" in found:
        energy = found["build_energy"]
        found["build_energy"] = dataclasses.replace(energy, values=energy.values / STEP)
    return found


def _scaled(frame: pd.DataFrame, **factors: float) -> pd.DataFrame:
    return frame.assign(**{column: frame[column] * factor for column, factor in factors.items()})


def _curves(scenario: Scenario, steps: int) -> pd.DataFrame:
    """Every profile with the steps of the typical day as its first hours, its mean over the year unchanged."""
    hours, weight = scenario.timeline.hour_of_year, scenario.timeline.weight
    of_day = hours % units.HOURS_PER_DAY // STEP
    share = np.zeros((steps, len(hours)))
    share[of_day, np.arange(len(hours))] = weight
    share /= share.sum(axis=1, keepdims=True)
    day = _fullest_day(scenario)
    fullest = np.zeros((steps, len(hours)))
    fullest[of_day[day], day] = 1.0 / STEP
    asked = set(scenario["demand"]["profile"])
    means = {}
    for name in scenario.curves.columns:
        values = scenario.curves[name].to_numpy(dtype=np.float64)
        means[name] = _first(values, (fullest if name in asked else share) @ values[hours])
    return pd.DataFrame(means, index=scenario.curves.index)


def _fullest_day(scenario: Scenario) -> np.ndarray:
    """Positions of the modelled hours of the whole day with the largest demand."""
    hours = scenario.timeline.hour_of_year
    load = pd.Series(representative_days.peak(scenario)[hours]).groupby(hours // units.HOURS_PER_DAY)
    sums = load.sum()[load.size() == units.HOURS_PER_DAY]
    whole = int(str((sums if len(sums) else load.sum()).idxmax()))
    return np.flatnonzero(hours // units.HOURS_PER_DAY == whole)


def _first(values: Array, day: Array) -> Array:
    """8,760 values that begin with `day` and have the mean of `values`."""
    rest = (values.sum() - day.sum()) / (len(values) - len(day))
    return np.concatenate([day, np.full(len(values) - len(day), rest)])
