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
DIGITS = 9
"""Decimals to which figures are compared, so that floating-point noise does not decide ties."""
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
    top = int(np.argmax(np.round(load[: total * length].reshape(total, length).sum(axis=1), DIGITS)))
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
    """Return the representatives of `count` groups of `members` by Ward's method, with the size of each group.

    The two groups are merged whose union adds least to the sum of squared distances to the means; of equal ones (to
    `DIGITS` decimals), those with the earliest members. The Lance-Williams formula updates the additions.
    """
    size = np.ones(len(members))
    groups = [[int(member)] for member in members]
    squares = 0.5 * (points[members] ** 2).sum(axis=1)
    added = squares[:, None] + squares - points[members] @ points[members].T
    np.fill_diagonal(added, np.inf)
    order = np.where(np.tri(len(members), dtype=bool), np.inf, np.round(added, DIGITS))
    for _ in range(len(members) - count):
        one, other = divmod(int(np.argmin(order)), len(members))
        merged = (size + size[one]) * added[one] + (size + size[other]) * added[other] - size * added[one, other]
        merged /= size + size[one] + size[other]
        merged[one] = merged[other] = np.inf
        added[one] = added[:, one] = merged
        added[other] = added[:, other] = np.inf
        order[:one, one] = np.round(merged[:one], DIGITS)
        order[one, one + 1 :] = np.round(merged[one + 1 :], DIGITS)
        order[other] = order[:, other] = np.inf
        size[one] += size[other]
        groups[one] += groups[other]
        groups[other] = []
    kept = [sorted(group) for group in groups if group]
    return {group[_nearest(points[group])]: len(group) for group in kept}


def _nearest(points: Array) -> int:
    """Return the index of the point nearest to the mean of the points; the earliest of equal ones."""
    apart = ((points - points.mean(axis=0)) ** 2).sum(axis=1)
    return int(np.argmin(np.round(apart, DIGITS)))


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
    target = scenario["workloads"].drop_duplicates("workload").set_index("workload")["class"].to_dict()[workload]
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
