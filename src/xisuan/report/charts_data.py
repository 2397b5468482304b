"""Amounts of a run by year or hour for chosen sites, classes and regions.

A table says of each row at which site it is; equipment has a class, and work a class and a region. What no table says is
apportioned: equipment and power among classes by IT power, and within a class among regions by the work that the site
does for each in the year. Equipment without work belongs to no region.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.costs import spending
from xisuan.results.run import Run

TOLERANCE = 1e-6
"""Amounts below this are noise of the solver."""
KIND_OF = {term: kind for kind, terms in spending.KINDS.items() for term in terms}
"""Kind of cost by cost term."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen sites, classes and regions by their keys; an empty tuple chooses all."""

    sites: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the chosen sites, classes and regions, as far as the table has such a column."""
        for column, chosen in (("site", self.sites), ("class", self.classes), ("region", self.regions)):
            if chosen and column in frame:
                frame = frame[frame[column].isin(chosen)]
        return frame


@dataclass(frozen=True, slots=True)
class ChartsData:
    """The tables behind the charts of a run, without names.

    `work`: period, site, region, class, unit, value (units). `equipment`: period, site, class, value (MW).
    `power`: period, hour, site, class, value (MW of the facility). `costs`: period, site, capital (True: overnight
    capital of orders; False: cost of one year of operation), kind (see `spending.KINDS`), value (million CNY).
    `waiting`: period, hour, region, class, unit, value (units). `weight`: hours of the year that a modelled hour is for.
    """

    work: pd.DataFrame
    equipment: pd.DataFrame
    power: pd.DataFrame
    costs: pd.DataFrame
    waiting: pd.DataFrame
    weight: pd.Series

    def work_of(self, chosen: Selection) -> pd.DataFrame:
        """Return the work served by year: columns period, class, unit, value."""
        return _summed(chosen.of(self.work), ["period", "class", "unit"])

    def equipment_of(self, chosen: Selection) -> pd.DataFrame:
        """Return equipment in use by year, MW of IT: columns period, class, value."""
        return _summed(self._regional(chosen.of(self.equipment), chosen), ["period", "class"])

    def power_of(self, chosen: Selection, period: int) -> pd.DataFrame:
        """Return facility power by modelled hour of a year, MW: columns hour, class, value."""
        rows = chosen.of(self.power)
        return _summed(self._regional(rows[rows["period"] == period], chosen), ["hour", "class"])

    def energy_of(self, chosen: Selection) -> pd.DataFrame:
        """Return electricity of facilities by year, MWh: columns period, class, value."""
        rows = self._regional(chosen.of(self.power), chosen)
        mwh = rows["value"] * rows["hour"].map(self.weight)
        return _summed(rows.assign(value=mwh), ["period", "class"])

    def costs_of(self, chosen: Selection, *, capital: bool) -> pd.DataFrame:
        """Return capital ordered, or the cost of a year of operation, million CNY: columns period, kind, value."""
        return _summed(chosen.of(self.costs[self.costs["capital"] == capital]), ["period", "kind"])

    def waiting_of(self, chosen: Selection, period: int) -> pd.DataFrame:
        """Return the work that waits in each modelled hour of a year: columns hour, class, unit, value."""
        rows = chosen.of(self.waiting)
        return _summed(rows[rows["period"] == period], ["hour", "class", "unit"])

    def _regional(self, rows: pd.DataFrame, chosen: Selection) -> pd.DataFrame:
        """Multiply the value by the share of the work of its year, site and class that is for the chosen regions."""
        if not chosen.regions or rows.empty:
            return rows
        keys = ["period", "site", "class"]
        every = self.work.groupby(keys)["value"].sum()
        these = self.work[self.work["region"].isin(chosen.regions)].groupby(keys)["value"].sum()
        share = (these / every.where(every > 0)).reindex(every.index).fillna(0.0).rename("share")
        joined = rows.join(share, on=keys)
        return joined.assign(value=joined["value"] * joined["share"].fillna(0.0))


def charts_data(run: Run) -> ChartsData:
    """Return the tables behind the charts of a run."""
    kinds, named = _classes(run)
    plan = run.plan
    equipment = run_measures.equipment(run, plan.capacity).rename(columns={"where": "site"})
    costs = plan.costs.rename(columns={"where": "site", "mcny": "value"})
    costs = costs.assign(capital=costs["term"].isin(run_measures.CAPITAL), kind=costs["term"].map(KIND_OF))
    service = plan.service[plan.service["site"] != ""] if len(plan.service) else plan.service
    return ChartsData(
        _of_class(service, kinds, named, ["period", "site", "region"]),
        _summed(equipment.assign(value=equipment["mw"]), ["period", "site", "class"]),
        _power(run),
        _summed(costs, ["period", "site", "capital", "kind"]),
        _of_class(plan.backlog, kinds, named, ["period", "hour", "region"]),
        pd.Series(run.scenario.timeline.weight),
    )


def _classes(run: Run) -> tuple[dict[str, str], dict[str, str]]:
    """Return the class of each workload, also of one for a single technology, and the unit of each class."""
    rows = run.scenario["technologies"].drop_duplicates("technology")
    of_technology = dict(zip(rows["technology"].astype(str), rows["class"].astype(str), strict=True))
    unit = dict(zip(rows["class"].astype(str)[::-1], rows["unit"].astype(str)[::-1], strict=True))
    loads = run.scenario["workloads"].drop_duplicates("workload")
    pairs = zip(loads["workload"].astype(str), loads["class"].astype(str), strict=True)
    return {workload: of_technology.get(kind, kind) for workload, kind in pairs}, unit


def _of_class(table: pd.DataFrame, kinds: dict[str, str], named: dict[str, str], keys: list[str]) -> pd.DataFrame:
    """Return units of work by `keys`, class and unit."""
    kind = table["workload"].astype(str).map(kinds).fillna("")
    frame = table.assign(value=table["units"], **{"class": kind, "unit": kind.map(named).fillna("")})
    return _summed(frame, [*keys, "class", "unit"])


def _power(run: Run) -> pd.DataFrame:
    """Return facility power by period, hour, site and class, divided by the IT power of each class in the hour.

    IT power of a technology: idle draw of what is installed, and the rest in proportion to what runs.
    """
    plan = run.plan
    installed = plan.capacity[plan.capacity["asset"] == "compute"].rename(columns={"where": "site"})
    frames = []
    for period, rows in plan.load.groupby("period"):
        given = run.scenario.at("technologies", int(str(period))).set_index("technology")
        stands = installed[installed["period"] == period].groupby(["site", "technology"])["amount"].sum()
        joined = rows.join(stands.rename("amount"), on=["site", "technology"])
        joined = joined.join(given[["class", "idle_share", "mw_per_unit"]], on="technology")
        idle = joined["idle_share"]
        it = joined["mw_per_unit"] * (idle * joined["amount"].fillna(0.0) + (1 - idle) * joined["units"])
        frames.append(_summed(joined.assign(value=it), ["period", "hour", "site", "class"]))
    if not frames:
        return pd.DataFrame({"period": [], "hour": [], "site": [], "class": [], "value": []})
    drawn = pd.concat(frames, ignore_index=True)
    keys = ["period", "hour", "site"]
    every = drawn.groupby(keys)["value"].transform("sum")
    facility = drawn.join(plan.power.set_index(keys)["facility_mw"], on=keys)["facility_mw"].fillna(0.0)
    return drawn.assign(value=(drawn["value"] / every.where(every > 0)).fillna(0.0) * facility)


def _summed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the sum of `value` by `keys`, in the order in which they appear."""
    return frame.groupby(keys, sort=False)["value"].sum().reset_index()
