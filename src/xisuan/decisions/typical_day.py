"""A scenario on few hours, so that its model can be solved repeatedly.

A large scenario is reduced to one typical day in steps of four hours. Prices, PUE, sun, wind and grid factors are
weighted means over the modelled hours, by hour of the day. Demand is that of the modelled day with the largest demand,
because capacity is built for it. Deferred work and batteries link the steps. A contingency holds in the steps that contain
one of its hours.

This leaves out the highest hour within a step, the seasons, and calm or bright days. The plan on these hours is printed
beside every result that depends on it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from gnomon import Array, model_size
from xisuan import units
from xisuan.equations.build_model import assemble
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario import representative_days
from xisuan.scenario.queries import contingencies
from xisuan.scenario.scenario import Scenario

LARGE = 100_000
"""Non-zeros from which a model is reduced to a typical day. Smaller models solve in seconds on their own hours."""
NAME = "typical day"
"""Name of its block of hours."""
STEP = 4
"""Hours in a step: cost within about 2 % of whole days. Steps of three hours are slower and hardly more accurate."""


def on_few_hours(scenario: Scenario) -> Scenario:
    """Return `scenario` on few hours; unchanged if it is small or its hours do not cover a day."""
    hours = scenario.timeline.hour_of_year % units.HOURS_PER_DAY
    if len(set(hours.tolist())) < units.HOURS_PER_DAY or model_size(assemble(scenario).model)[2] < LARGE:
        return scenario
    return typical_day(scenario)


def typical_day(scenario: Scenario) -> Scenario:
    """Return `scenario` on its typical day. One hour stands for a step, so numbers of hours are divided by STEP."""
    steps = units.HOURS_PER_DAY // STEP
    tables = dict(scenario.tables)
    rows = {"block": [NAME], "first_hour": [0.0], "hours": [float(steps)]}
    rows["weight"] = [units.HOURS_PER_YEAR / steps]
    rows["keep_means"] = [scenario.timeline.keeps_means]
    tables["blocks"] = pd.DataFrame(rows).reindex(columns=scenario["blocks"].columns, fill_value="")
    tables["workloads"] = _scaled(scenario["workloads"], defer_hours=1 / STEP)
    tables["supply"] = _scaled(scenario["supply"], capex_mcny_per_mwh=STEP, existing_mwh=1 / STEP, limit_mwh=1 / STEP)
    tables["contingencies"] = contingencies.in_steps(scenario, STEP)
    return dataclasses.replace(scenario, tables=tables, curves=_curves(scenario, steps))


def steps_of_a_day(scenario: Scenario) -> int:
    """Return the modelled hours of a day: 24, or the steps of a typical day."""
    is_typical = scenario["blocks"]["block"].tolist() == [NAME]
    return units.HOURS_PER_DAY // STEP if is_typical else units.HOURS_PER_DAY


def orders_in_steps(plan: Plan, scenario: Scenario) -> dict[str, Found]:
    """Return the variables of `plan` in the units of `scenario`, its own on few hours: energy counts in steps."""
    found = dict(plan.variables)
    if scenario is not plan.scenario and "build_energy" in found:
        energy = found["build_energy"]
        found["build_energy"] = dataclasses.replace(energy, values=energy.values / STEP)
    return found


def _scaled(frame: pd.DataFrame, **factors: float) -> pd.DataFrame:
    """Return the table with columns multiplied by factors."""
    return frame.assign(**{column: frame[column] * factor for column, factor in factors.items()})


def _curves(scenario: Scenario, steps: int) -> pd.DataFrame:
    """Return every profile with the typical day as its first hours and its yearly mean unchanged."""
    hours, weight = scenario.timeline.hour_of_year, scenario.timeline.weight
    of_day = hours % units.HOURS_PER_DAY // STEP
    share = np.zeros((steps, len(hours)))
    # Weighted mean over the modelled hours of each step.
    share[of_day, np.arange(len(hours))] = weight
    share /= share.sum(axis=1, keepdims=True)
    day = _fullest_day(scenario)
    fullest = np.zeros((steps, len(hours)))
    # Mean over the hours of each step of the day with the largest demand.
    fullest[of_day[day], day] = 1.0 / STEP
    asked = set(scenario["demand"]["profile"])
    means = {}
    for name in scenario.curves.columns:
        values = scenario.curves[name].to_numpy(dtype=np.float64)
        means[name] = _first(values, (fullest if name in asked else share) @ values[hours])
    return pd.DataFrame(means, index=scenario.curves.index)


def _fullest_day(scenario: Scenario) -> np.ndarray:
    """Return the positions of the modelled hours of the whole day with the largest demand."""
    hours = scenario.timeline.hour_of_year
    load = pd.Series(representative_days.peak(scenario)[hours]).groupby(hours // units.HOURS_PER_DAY)
    sums = load.sum()[load.size() == units.HOURS_PER_DAY]
    whole = int(str((sums if len(sums) else load.sum()).idxmax()))
    return np.flatnonzero(hours // units.HOURS_PER_DAY == whole)


def _first(values: Array, day: Array) -> Array:
    """Return 8,760 values that begin with `day` and have the mean of `values`."""
    rest = (values.sum() - day.sum()) / (len(values) - len(day))
    return np.concatenate([day, np.full(len(values) - len(day), rest)])
