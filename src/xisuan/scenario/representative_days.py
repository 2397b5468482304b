"""Modelled hours of a year: given blocks, the first hours, or representative days and weeks.

Representative days and weeks follow a fixed rule (Nahmmacher et al. 2016, Energy 112, 430-442). Each candidate is
described by all hourly series that the scenario uses, and Ward's hierarchical clustering groups the candidates. Each
group is represented by its element nearest to the mean, weighted by the size of the group. The candidate with the
largest demand is always a group of its own. Nothing is random; ties go to the earliest candidate.

All hourly series, also those of the first hours, are then moved to the mean of the year (`scenario.yearly_means`).

Limit: the order of blocks is lost. Each block is cyclic, so nothing is stored from one to the next.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xisuan import units
from xisuan.scenario.timeline import Block

if TYPE_CHECKING:
    from xisuan.scenario.scenario import Scenario

Array = NDArray[np.float64]
YES = (True,)
"""A set flag, of Python or numpy; blanks are not in it."""


def blocks(scenario: Scenario) -> tuple[Block, ...]:
    """Return the modelled hours of every period; hours × weight sum to 8,760."""
    hours = scenario.settings.hours
    if scenario.has("blocks"):
        rows = scenario["blocks"].to_dict("records")  # folders of earlier versions lack keep_means
        return tuple(
            Block(
                str(r["block"]), int(r["first_hour"]), int(r["hours"]), float(r["weight"]), r.get("keep_means") in YES
            )
            for r in rows
        )
    year = units.HOURS_PER_YEAR
    if hours.kind == "one":
        return (Block("year", 0, 1, float(year)),)
    if hours.kind == "year":
        return (Block("year", 0, year, 1.0),)
    if hours.kind == "hours":
        return (Block("hours", 0, hours.count, year / hours.count, True),)
    length = units.HOURS_PER_WEEK if hours.kind == "weeks" else units.HOURS_PER_DAY
    return representative(features(scenario), peak(scenario), length, hours.count, hours.kind[:-1])


def representative(series: Array, load: Array, length: int, count: int, word: str) -> tuple[Block, ...]:
    """Return `count` of the year's runs of `length` hours, each weighted by the number it stands for.

    `series` has shape (8760, features), `load` (8760,). A year has 52 whole weeks; their weights are scaled to cover
    the remaining day. With a count of 1 the run of the largest load stands for all.
    """
    total = units.HOURS_PER_YEAR // length
    # Rounded to 9 decimals, so that floating-point noise does not decide ties.
    top = int(np.argmax(np.round(load[: total * length].reshape(total, length).sum(axis=1), 9)))
    points = series[: total * length].reshape(total, -1)
    others = np.array([at for at in range(total) if at != top])
    groups = {top: 1} if count > 1 else {top: total}
    if count >= total:
        groups = dict.fromkeys(range(total), 1)
    elif count > 1:
        groups |= _groups(points, others, count - 1)
    scale = units.HOURS_PER_YEAR / (total * length)
    return tuple(Block(f"{word} {at + 1}", at * length, length, groups[at] * scale, True) for at in sorted(groups))


def _groups(points: Array, members: NDArray[np.int64], count: int) -> dict[int, int]:
    """Return the representatives of `count` groups of `members` by Ward's method, with the size of each group."""
    if count == len(members):
        return {int(at): 1 for at in members}
    from scipy.cluster import hierarchy  # noqa: PLC0415 (slow import, only needed to group days)

    tree = hierarchy.linkage(points[members], method="ward")
    groups = {at: [int(member)] for at, member in enumerate(members)}
    # Agglomerate: apply the closest merges until `count` groups are left.
    for made in _by_distance(tree)[: len(members) - count]:
        one, other = (groups.pop(int(part)) for part in tree[made, :2])
        groups[len(members) + made] = sorted(one + other)
    return {group[_nearest(points[group])]: len(group) for group in groups.values()}


def _by_distance(tree: Array) -> list[int]:
    """Return the rows of scipy's linkage `tree` by merge distance; equal distances by depth, deepest first.

    This is the order of `hierarchy.cut_tree`, which is slower because it computes all cuts.
    """
    from_root = [len(tree) - 1]
    for row in from_root:
        from_root += [int(part) - len(tree) - 1 for part in tree[row, 1::-1] if part > len(tree)]
    from_root.reverse()
    return sorted(from_root, key=lambda row: float(tree[row, 2]))


def _nearest(points: Array) -> int:
    """Return the index of the point nearest to the mean of the points; the earliest of equal ones."""
    distance = ((points - points.mean(axis=0)) ** 2).sum(axis=1)
    return int(np.argmin(np.round(distance, 9)))


def typical_week(scenario: Scenario) -> Block:
    """Return the week of the year, Monday to Sunday, whose hourly series are nearest to those of the mean week.

    Weeks are described as representative ones are. The weekday of 1 January is that of `base_year`, as in the rules of
    profiles. The week shows ordinary operation, not the peak.
    """
    january = datetime.date(scenario.settings.base_year, 1, 1).weekday()
    monday = (-january % units.DAYS_PER_WEEK) * units.HOURS_PER_DAY
    series = features(scenario)[monday:]
    length = units.HOURS_PER_WEEK
    total = len(series) // length
    week = _nearest(series[: total * length].reshape(total, -1))
    return Block("week", monday + week * length, length, units.HOURS_PER_YEAR / length)


def features(scenario: Scenario) -> Array:
    """Return all hourly series that the scenario uses, scaled for clustering. Shape (8760, features).

    Families (demand, traffic, prices, carbon, PUE, supply) have equal weight; within demand by MW, within traffic by
    Gbps, else equally. A series is divided by its largest absolute value, as in the paper, and multiplied by the square
    root of its weight, since distances are squared. Constant series are left out.
    """
    families = [_demand_features(scenario), _traffic_features(scenario)]
    families += [
        {name: (scenario.curve(name), 1.0) for name in _used(scenario, table, column)}
        for table, column in (("power", "price"), ("power", "co2_kg_per_kwh"), ("sites", "pue"), ("supply", "profile"))
    ]
    out: list[Array] = []
    for family in families:
        total = sum(weight for _, weight in family.values())
        for name in sorted(family):
            values, weight = family[name]
            if weight > 0 and np.ptp(values) > 0:
                out.append(values / np.abs(values).max() * np.sqrt(weight / total))
    return np.stack(out, axis=1) if out else np.zeros((units.HOURS_PER_YEAR, 1))


def peak(scenario: Scenario) -> Array:
    """Return demand of each hour relative to its yearly mean, workloads weighted by MW. Shape (8760,).

    Workloads have different units, but their MW can be added (see `_mw` for those without a size). Without demand,
    traffic is used.
    """
    families = _demand_features(scenario) or _traffic_features(scenario)
    total = np.zeros(units.HOURS_PER_YEAR)
    for name in sorted(families):
        values, weight = families[name]
        total += weight * values / values.mean()
    return total


def _demand_features(scenario: Scenario) -> dict[str, tuple[Array, float]]:
    """Return units by hour over all regions and periods, and their MW, for each workload with demand."""
    frame = scenario["demand"]
    frame = frame[frame["period"].isin(scenario.settings.periods) & (frame["units"] > 0)]
    totals: dict[str, Array] = {}
    sums = frame.groupby(["workload", "profile"])["units"].sum().reset_index()
    for row in sums.to_dict("records"):
        before = totals.get(row["workload"], np.zeros(units.HOURS_PER_YEAR))
        totals[row["workload"]] = before + row["units"] * scenario.shape(row["profile"])
    sizes = {name: float(values.mean()) * _mw(scenario, name) for name, values in totals.items()}
    if not any(sizes.values()):
        sizes = dict.fromkeys(totals, 1.0)
    return {name: (totals[name], sizes[name]) for name in totals}


def _mw(scenario: Scenario, workload: str) -> float:
    """Return the MW of a unit: the mean over the technologies that run it, 0 if none has a size."""
    target = scenario["workloads"].set_index("workload")["class"].to_dict()[workload]
    technologies = scenario["technologies"]
    runs = (technologies["technology"] == target) | (technologies["class"] == target)
    return float(technologies.loc[runs, "mw_per_unit"].mean()) if runs.any() else 0.0


def _traffic_features(scenario: Scenario) -> dict[str, tuple[Array, float]]:
    """Return other traffic by profile, weighted by its Gbps."""
    totals = scenario["traffic"].groupby("profile")["gbps"].sum()
    return {
        str(name): (scenario.curve(str(name)) if name else np.ones(units.HOURS_PER_YEAR), float(gbps))
        for name, gbps in totals.items()
        if gbps > 0
    }


def _used(scenario: Scenario, table: str, column: str) -> set[str]:
    """Return the profiles named in a series column."""
    return {cell for cell in scenario[table][column] if isinstance(cell, str)}
