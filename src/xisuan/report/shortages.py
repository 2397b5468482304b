"""Work that a schedule leaves undone: how much of the network's it is, whose it could be, and the reserve against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.report import run_measures
from xisuan.report.run_context import Context
from xisuan.results.labelled_values import Found
from xisuan.results.schedule import Schedule
from xisuan.results.summaries import work_origins

LEAST_SHARE = 1e-4
"""Share of the network's work of a kind that is left undone from which a year is short."""
ALIKE = 0.99
"""Part of the price of work where it is left undone from which a region is as short: which of them does without is open."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Work left undone on other days, of a class of equipment, in the year in which most of it is.

    `workload`: kind of work of which the largest share is left undone. `share`: that share, over the network. `region`,
    `region_share`: region of the place that bears most of it, blank if none does. `alike`: regions, of `regions` in all, in
    which one unit more would be left undone too. `reserve`: equipment that would do the work of the worst hour,
    relative to what is in use in that hour.
    """

    period: int
    kind: str
    workload: str
    share: float
    region: str
    region_share: float
    alike: int
    regions: int
    reserve: float

    @property
    def is_everywhere(self) -> bool:
        """Return True if the whole network is short: where the work is left undone is then no finding."""
        return self.alike == self.regions


def shortages(context: Context, others: Schedule | None) -> list[Shortage]:
    """Return what a schedule leaves undone, a class of equipment each, the largest share first; empty if nothing is."""
    if others is None or not {"unserved", "load"} <= set(others.variables):
        return []
    short = others.shortfall
    if not len(short):
        return []
    demand = others.tables["service"].groupby(["period", "workload"])["units"].sum() * units.HOURS_PER_YEAR
    sums = short.groupby(["period", "workload"])["unit_hours"].sum()
    shares = (sums / demand.reindex(sums.index)).sort_values(ascending=False, kind="stable").reset_index(name="share")
    shares = shares[shares["share"] > LEAST_SHARE]
    rows = shares.assign(kind=shares["workload"].map(_classes(context))).drop_duplicates("kind")
    return [
        _shortage(context, others, int(row["period"]), str(row["kind"]), str(row["workload"]), float(row["share"]))
        for row in run_measures.records(rows)
    ]


def _classes(context: Context) -> dict[str, str]:
    """Return the class of equipment that each kind of work runs on."""
    rows = context.scenario["workloads"].drop_duplicates("workload", keep="last")
    return dict(zip(rows["workload"].astype(str), rows["class"].astype(str), strict=True))


def _shortage(context: Context, others: Schedule, period: int, kind: str, workload: str, share: float) -> Shortage:
    region, region_share = _worst_here(context, others.shortfall, period, workload)
    alike, regions = _alike(others, context.periods.index(period), workload)
    reserve = _reserve(context, others, context.periods.index(period), kind)
    return Shortage(period, kind, workload, share, region, region_share, alike, regions, reserve)


def _worst_here(context: Context, short: pd.DataFrame, period: int, workload: str) -> tuple[str, float]:
    """Return the region of the place whose work of a kind is left undone most in a year, and the share; blank if none is."""
    rows = short[(short["period"] == period) & (short["workload"] == workload)]
    rows = rows[
        rows["region"].isin(work_origins.own_regions(context.scenario, context.focus)) & (rows["share"] > LEAST_SHARE)
    ]
    if not len(rows):
        return "", 0.0
    worst = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
    return str(worst["region"]), float(worst["share"])


def _alike(others: Schedule, at: int, workload: str) -> tuple[int, int]:
    """Return the number of regions with work of a kind whose price is that of the region most short, and of all.

    The price of a unit of work is the dual of its balance. In hours in which work is left undone it is the charge for
    that, there and wherever one unit more would have to be left undone as well.
    """
    undone, prices = others.variables["unserved"], others.duals.get("work_balance")
    hours = _of(undone, at, workload).sum(axis=1) > 0
    if prices is None or not hours.any():
        return 0, 0
    paid = np.abs(_of(prices, at, workload)[hours])
    short = _of(undone, at, workload)[hours].sum(axis=1)
    # Hours weigh by the work left undone in them: remainders of the solver in other hours say nothing.
    dearest = float((paid.max(axis=1) * short).sum())
    mean = (paid * short[:, None]).sum(axis=0)
    return int((mean >= ALIKE * dearest).sum()), paid.shape[1]


def _of(found: Found, at: int, workload: str) -> np.ndarray:
    """Return the values of a kind of work in a period, shape (hours, regions)."""
    mine = [item for item, name in enumerate(found.column("workload")) if name == workload]
    values: np.ndarray = found.values[at][:, mine]
    return values


def _reserve(context: Context, others: Schedule, at: int, kind: str) -> float:
    """Return the largest work of a class that is left undone in an hour, over what its equipment does in that hour."""
    classes = _classes(context)
    undone, load = others.variables["unserved"], others.variables["load"]
    offers = context.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    missing = [item for item, name in enumerate(undone.column("workload")) if classes.get(name) == kind]
    used = [item for item, name in enumerate(load.column("technology")) if offers.get(name) == kind]
    short, done = undone.values[at][:, missing].sum(axis=1), load.values[at][:, used].sum(axis=1)
    hour = int(short.argmax())
    return float(short[hour] / done[hour]) if done[hour] > 0 else float("inf")
