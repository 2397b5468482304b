"""Representative days and weeks as the certificate chooses them, step by step by the rule of the reference page."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xisuan import units
from xisuan.certificate.reading.dated_rows import as_number, records
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import Block

Array = NDArray[np.float64]
Family = list[tuple[Array, float]]
"""Values of the 8,760 hours, and the weight, of each series of a family."""
DIGITS = 9
"""Decimals to which figures are compared."""
HOURS = {"days": units.HOURS_PER_DAY, "weeks": units.HOURS_PER_WEEK}
PROFILES = (("power", "price"), ("power", "co2_kg_per_kwh"), ("sites", "pue"), ("supply", "profile"))


@lru_cache(maxsize=4)
def representative_blocks(scenario: Scenario) -> tuple[Block, ...]:
    """Return the blocks of `days:N` or `weeks:N`: the peak, and of each of N − 1 groups the one nearest to its mean."""
    kind, count = scenario.settings.hours.kind, scenario.settings.hours.count
    length = HOURS[kind]
    total = units.HOURS_PER_YEAR // length
    families = [_work(scenario), _traffic(scenario), *(_profiles(scenario, *column) for column in PROFILES)]
    load = np.zeros(units.HOURS_PER_YEAR)
    for values, weight in families[0] or families[1]:
        load += weight * values / values.mean()
    peak = int(np.argmax(np.round(load[: total * length].reshape(total, length).sum(axis=1), DIGITS)))
    points = _series(families)[: total * length].reshape(total, -1)
    stands = {peak: total if count == 1 else 1}
    others = [at for at in range(total) if at != peak]
    for group in _groups(points, others, count - 1) if count > 1 else []:
        apart = ((points[group] - points[group].mean(axis=0)) ** 2).sum(axis=1)
        stands[group[int(np.argmin(np.round(apart, DIGITS)))]] = len(group)
    scale = units.HOURS_PER_YEAR / (total * length)
    return tuple(Block(f"{kind[:-1]} {at + 1}", at * length, length, stands[at] * scale, True) for at in sorted(stands))


def _groups(points: Array, members: list[int], count: int) -> list[list[int]]:
    """Return `members` in `count` groups, their numbers in order, merged one pair at a time from single points."""
    groups = [[at] for at in members]
    mean, size = points[members], np.ones(len(members))
    added = np.full((len(members), len(members)), np.inf)
    for at in range(len(members)):
        added[at, at + 1 :] = _added(mean, size, at)[at + 1 :]
    for _ in range(len(members) - count):
        first, second = divmod(int(np.argmin(added)), len(groups))
        groups[first] += groups.pop(second)
        mean[first] = points[groups[first]].mean(axis=0)
        size[first] = len(groups[first])
        mean, size = np.delete(mean, second, axis=0), np.delete(size, second)
        added = np.delete(np.delete(added, second, axis=0), second, axis=1)
        now = _added(mean, size, first)
        added[first, first + 1 :], added[:first, first] = now[first + 1 :], now[:first]
    return [sorted(group) for group in groups]


def _added(mean: Array, size: Array, at: int) -> Array:
    """Return what the union of group `at` with each group adds to the sum of squared distances to the means."""
    apart = ((mean - mean[at]) ** 2).sum(axis=1)
    return np.asarray(np.round(size * size[at] / (size + size[at]) * apart, DIGITS))


def _series(families: list[Family]) -> Array:
    """Return all series that vary, scaled so that each family has the same weight in all. Shape (8760, series)."""
    found = [
        values / np.abs(values).max() * np.sqrt(weight / sum(each for _, each in family))
        for family in families
        for values, weight in family
        if weight > 0.0 and values.max() > values.min()
    ]
    return np.stack(found, axis=1) if found else np.zeros((units.HOURS_PER_YEAR, 1))


def _work(scenario: Scenario) -> Family:
    """Return the work of each workload in all regions and periods, weighted by its mean in MW."""
    totals: dict[str, Array] = {}
    for row in records(scenario["demand"]):
        if row["period"] in scenario.settings.periods and row["units"] > 0.0:
            curve = scenario.curve(row["profile"]) if row["profile"] else np.ones(units.HOURS_PER_YEAR)
            before = totals.get(row["workload"], np.zeros(units.HOURS_PER_YEAR))
            totals[row["workload"]] = before + row["units"] * curve / curve.mean()
    power = {workload: float(total.mean()) * _mw(scenario, workload) for workload, total in totals.items()}
    return [(total, power[workload] if any(power.values()) else 1.0) for workload, total in totals.items()]


def _mw(scenario: Scenario, workload: str) -> float:
    """Return the mean MW of a unit of the technologies that run a workload, 0 without any."""
    runs = next(row["class"] for row in records(scenario["workloads"]) if row["workload"] == workload)
    sizes = [
        as_number(row["mw_per_unit"])
        for row in records(scenario["technologies"])
        if runs in (row["technology"], row["class"])
    ]
    known = [size for size in sizes if not np.isnan(size)]
    return float(np.mean(known)) if known else 0.0


def _traffic(scenario: Scenario) -> Family:
    """Return the profiles of other traffic, weighted by Gbps."""
    totals: dict[str, float] = {}
    for row in records(scenario["traffic"]):
        totals[row["profile"]] = totals.get(row["profile"], 0.0) + row["gbps"]
    return [
        (scenario.curve(name) if name else np.ones(units.HOURS_PER_YEAR), gbps)
        for name, gbps in totals.items()
        if gbps > 0.0
    ]


def _profiles(scenario: Scenario, table: str, column: str) -> Family:
    """Return the profiles that a column names, of equal weight."""
    names = dict.fromkeys(cell for cell in scenario[table][column] if isinstance(cell, str) and cell)
    return [(scenario.curve(name), 1.0) for name in names]
