"""Arrays of a scenario and a plan for the simulation of one period.

T modelled hours, O origins (region, workload), S stations (site, technology), E sites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.results.plan import Plan
from xisuan.scenario.queries import candidates
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse
from xisuan.simulation.plan_inputs import schedule_shares
from xisuan.simulation.plan_inputs.release_times import Timing
from xisuan.simulation.plan_inputs.schedule_shares import LEAST, Array

GRAINS = 1_000_000
"""Servers of the event core per unit of a technology: jobs request whole millionths of a unit."""

SMALLEST = 1e-3
"""Smallest machine, in units; below it, rounding to millionths would change its size by more than 0.1 %."""


@dataclass(frozen=True)
class Setting:
    """One period of a plan, with the demand of a scenario. Amounts in units of technologies, Gbps, MW, CNY per kWh."""

    period: int
    origins: list[tuple[str, str]]
    stations: list[tuple[str, str]]
    sites: list[str]
    regions: list[str]
    workloads: list[str]
    region_of: NDArray[np.int64]  # (O,)
    workload_of: NDArray[np.int64]  # (O,)
    site_of: NDArray[np.int64]  # (S,)
    demand: Array  # (T, O)
    left: Array  # (T, O): share that the plan drops at its penalty
    defer_hours: Array  # (O,)
    latency_limit: Array  # (O,) ms
    gbps: Array  # (O,) per unit
    return_gbps: Array  # (O,) per unit
    able: NDArray[np.bool_]  # (O, S): the technology runs the workload
    unit_mw: Array  # (O,): power of a unit of work, mean of the installed equipment that runs it, else of the offered
    installed: Array  # (S,)
    units: Array  # (S,): attainable
    machine_grains: NDArray[np.int64]  # (S,): machine size in millionths of a unit; 0: divisible
    idle_share: Array  # (S,)
    mw_per_unit: Array  # (S,)
    embodied: Array  # (S,): t CO2 embodied in a unit per year of its life
    weight: Array  # (T,): hours of the year
    pue: Array  # (T, E)
    price: Array  # (T, E)
    other_mw: Array  # (T, E): planned IT power of stock, which is not simulated
    own_mw: Array  # (T, E): planned output of on-site supply and batteries
    co2: Array  # (T, E): t per MWh of grid energy
    contract_mwh: Array  # (E,): green energy under contract in a year
    planned: Array  # (T, O, S): planned share of the origin's work in the hour
    timing: Timing  # planned release times of deferrable work

    @property
    def sized(self) -> NDArray[np.bool_]:
        """True for stations whose machines have a size. Shape (S,)."""
        return self.machine_grains > 0

    @property
    def grains(self) -> NDArray[np.int64]:
        """Attainable units of each station in millionths: its servers. Shape (S,)."""
        return np.floor(self.units * GRAINS).astype(np.int64)

    @property
    def machine_counts(self) -> NDArray[np.int64]:
        """Machines of each station, including a smaller last one; 0 where units are divisible. Shape (S,)."""
        return np.where(self.sized, -(-self.grains // np.maximum(self.machine_grains, 1)), 0)

    @property
    def largest_job(self) -> NDArray[np.int64]:
        """Servers of the largest job that each station can run: all whole machines, or the smaller one. Shape (S,)."""
        size = np.maximum(self.machine_grains, 1)
        return np.where(self.grains >= size, self.grains // size * size, self.grains)


def setting(scenario: Scenario, plan: Plan, period: int) -> Setting:
    """Return the arrays of a scenario and a plan for `period`.

    Raises ScenarioError if the plan has other modelled hours, no equipment, or no work to run.
    """
    refuse(scenario)
    _check(scenario, plan, period)
    stations, installed = _stations(plan, period)
    sites = list(dict.fromkeys(site for site, _ in stations))
    origins, demand = _demand(scenario, period, {technology for _, technology in stations})
    regions, workloads = (list(dict.fromkeys(part[at] for part in origins)) for at in (0, 1))
    rows = {w: candidates.row_at(scenario, "workloads", period, w) or {} for w in workloads}
    equipment = [candidates.row_at(scenario, "technologies", period, technology) for _, technology in stations]
    earliest = scenario["technologies"].drop_duplicates("technology").set_index("technology").to_dict("index")
    kinds = [row or earliest[technology] for row, (_, technology) in zip(equipment, stations, strict=True)]
    runs = {w: set(candidates.runs(scenario, w)) for w in workloads}
    able = np.array([[technology in runs[w] for _, technology in stations] for _, w in origins])
    power = _Power(plan, period, sites)
    lives = np.array([float(kind.get("life_years", np.nan)) for kind in kinds])
    made = np.array([float(kind.get("embodied_t_per_unit", 0.0)) for kind in kinds])
    site_of = np.array([sites.index(site) for site, _ in stations])
    idle_share, mw_per_unit = (
        np.array([float(kind[name]) for kind in kinds]) for name in ("idle_share", "mw_per_unit")
    )
    attainable = np.array([float(kind["attainable_utilisation"]) for kind in kinds])
    sizes = _machine_grains(kinds)
    # Planned IT power of the simulated stations: idle power of what is installed, the rest in proportion to the load.
    it = mw_per_unit * (idle_share * installed + (1.0 - idle_share) * schedule_shares.load(plan, period, stations))
    simulated = np.stack([it[:, site_of == e].sum(axis=1) for e in range(len(sites))], axis=1)

    def of_work(column: str, missing: float) -> Array:
        values = np.array([float(rows[w].get(column, missing)) for _, w in origins])
        return np.where(np.isnan(values), missing, values)

    defer = of_work("defer_hours", 0.0)
    may = np.isfinite(of_work("unserved_mcny_per_unit_hour", np.inf))
    return Setting(
        period, origins, stations, sites, regions, workloads, unit_mw=_unit_mw(scenario, period, origins, able, mw_per_unit),
        region_of=np.array([regions.index(region) for region, _ in origins]),
        workload_of=np.array([workloads.index(w) for _, w in origins]),
        site_of=site_of, idle_share=idle_share, mw_per_unit=mw_per_unit,
        demand=demand, left=schedule_shares.dropped_shares(plan, period, origins, defer) * may, defer_hours=defer,
        latency_limit=of_work("latency_ms", np.inf),
        gbps=of_work("gbps_per_unit", 0.0), return_gbps=of_work("return_gbps_per_unit", 0.0), able=able,
        embodied=np.nan_to_num(np.nan_to_num(made) / np.where(lives > 0, lives, np.nan)),
        installed=installed, units=installed * attainable, machine_grains=sizes,
        weight=scenario.timeline.weight, pue=power.pue(scenario), price=power.column("price_cny_per_kwh"),
        other_mw=np.maximum(power.column("it_mw") - simulated, 0.0), own_mw=power.own,
        co2=_factors(scenario, period, sites), contract_mwh=_contracts(plan, period, sites),
        timing=Timing(plan, period, origins, demand, defer),
        planned=schedule_shares.planned(plan, period, origins, stations, able),
    )  # fmt: skip


def _check(scenario: Scenario, plan: Plan, period: int) -> None:
    periods = plan.scenario.settings.periods
    if period not in periods or period not in scenario.settings.periods:
        raise ScenarioError(
            [
                Problem(
                    "period-of-plan-unknown", column="period", value=str(period), periods=", ".join(map(str, periods))
                )
            ]
        )
    ours, theirs = scenario.timeline, plan.scenario.timeline
    if not np.array_equal(ours.hour_of_year, theirs.hour_of_year) or ours.mean != theirs.mean:
        raise ScenarioError(
            [
                Problem(
                    "plan-of-other-hours",
                    table="scenario.toml",
                    column="hours",
                    value=str(scenario.settings.hours),
                    hours=plan.scenario.settings.hours,
                )
            ]
        )


def _stations(plan: Plan, period: int) -> tuple[list[tuple[str, str]], Array]:
    """Return the equipment that runs work, and its installed units."""
    frame = plan.tables["capacity"]
    frame = frame[(frame["period"] == period) & (frame["asset"] == "compute") & (frame["amount"] > LEAST)]
    technologies = plan.scenario["technologies"]
    stock = set(technologies.loc[technologies["kind"] == "stock", "technology"])
    frame = frame[~frame["technology"].isin(stock)]
    if not len(frame):
        raise ScenarioError([Problem("plan-without-equipment", table="plan", column="capacity", period=period)])
    pairs = list(zip(frame["where"].astype(str), frame["technology"].astype(str), strict=True))
    return pairs, frame["amount"].to_numpy(dtype=np.float64)


def _machine_grains(kinds: Sequence[Mapping[Any, Any]]) -> NDArray[np.int64]:
    """Return the machine size of each station in millionths of a unit; 0 where its units are divisible."""
    sizes = np.nan_to_num([float(kind.get("machine_units", np.nan)) for kind in kinds])
    small = sizes[(sizes > 0) & (sizes < SMALLEST)]
    if len(small):
        raise ScenarioError(
            [
                Problem(
                    "machine-too-small",
                    table="technologies",
                    column="machine_units",
                    value=f"{small.min():g}",
                    least=SMALLEST,
                )
            ]
        )
    return np.asarray(np.round(sizes * GRAINS), dtype=np.int64)


def _demand(scenario: Scenario, period: int, technologies: set[str]) -> tuple[list[tuple[str, str]], Array]:
    """Return the origins with work to run, and their demand by modelled hour. Shape (T, O).

    Work without equipment whose workload may be unserved is dropped: its jobs arrive and are dropped. Raises
    ScenarioError if it must be served.
    """
    frame = scenario["demand"]
    frame = frame[(frame["period"] == period) & (frame["units"] > 0)]
    droppable = candidates.droppable(scenario, period)
    kind = dict(zip(scenario["technologies"]["technology"], scenario["technologies"]["kind"], strict=True))
    names: list[tuple[str, str]] = []
    columns: list[Array] = []
    for region, workload, units, profile in zip(
        *(frame[c] for c in ("region", "workload", "units", "profile")), strict=True
    ):
        runs = candidates.runs(scenario, workload)
        if any(kind[technology] != "stock" for technology in runs):
            column = units * scenario.hourly("demand", "profile", profile)
            if not column.any():
                continue
            names.append((str(region), str(workload)))
            columns.append(column)
            if not technologies & set(runs) and workload not in droppable:
                raise ScenarioError(
                    [Problem("work-without-equipment", table="demand", row=f"{region}, {workload}", period=period)]
                )
    if not names:
        raise ScenarioError([Problem("plan-without-work", table="demand", period=period)])
    return names, np.column_stack(columns)


def _unit_mw(
    scenario: Scenario, period: int, origins: Sequence[tuple[str, str]], able: NDArray[np.bool_], mw_per_unit: Array
) -> Array:
    """Return the MW of a unit of work of each origin: the mean over the equipment that can run it. Shape (O,)."""
    stands = np.asarray((able @ mw_per_unit) / np.maximum(able.sum(axis=1), 1))
    offered = scenario.at("technologies", period).set_index("technology")["mw_per_unit"].astype(float)
    could = [offered.reindex(candidates.runs(scenario, workload)).mean() for _, workload in origins]
    return np.where(able.any(axis=1), stands, np.nan_to_num(could))


class _Power:
    """Table `power` of a plan by hour and site."""

    def __init__(self, plan: Plan, period: int, sites: list[str]) -> None:
        frame = plan.tables["power"]
        self._sites = sites
        self._hours = plan.scenario.timeline.n_hours
        self._period = period
        of = (frame["period"] == period) & frame["site"].isin(sites) & (frame["hour"] < self._hours)
        self._frame = frame[of]
        columns = self._frame["site"].map({site: at for at, site in enumerate(sites)})
        self._cells = tuple(part.to_numpy(dtype=np.int64) for part in (self._frame["hour"], columns))

    def column(self, name: str) -> Array:
        """Return a column; 0 where the table has no row. Shape (T, E)."""
        table = np.zeros((self._hours, len(self._sites)))
        np.add.at(table, self._cells, np.nan_to_num(self._frame[name].to_numpy(dtype=np.float64)))
        return table

    def pue(self, scenario: Scenario) -> Array:
        """Return the planned PUE including retrofits; at sites without power the PUE of table `sites`. Shape (T, E)."""
        given = scenario.at("sites", self._period).set_index("site")["pue"]
        bare = np.column_stack([scenario.hourly("sites", "pue", given[site]) for site in self._sites])
        it, facility = self.column("it_mw"), self.column("facility_mw")
        return np.where(it > LEAST, facility / np.maximum(it, LEAST), bare)

    @property
    def own(self) -> Array:
        """Solar, wind and net battery output, MW. Shape (T, E)."""
        gives = self.column("solar_mw") + self.column("wind_mw") + self.column("discharge_mw")
        return np.asarray(gives - self.column("charge_mw"))


def _factors(scenario: Scenario, period: int, sites: list[str]) -> Array:
    """Return the grid emission factor by hour, t/MWh; 0 where the scenario gives none. Shape (T, E)."""
    zones = scenario.at("sites", period).set_index("site")["zone"]
    power = scenario.at("power", period).set_index("zone")["co2_kg_per_kwh"]

    def factor(site: str) -> Array:
        cell: Any = power.get(zones[site], 0.0)
        return np.nan_to_num(scenario.hourly("power", "co2_kg_per_kwh", cell))

    return np.column_stack([factor(site) for site in sites])


def _contracts(plan: Plan, period: int, sites: list[str]) -> Array:
    frame = plan.tables["emissions"]
    green = frame[frame["period"] == period].set_index("site")["contract_mwh"]
    return green.reindex(sites).fillna(0.0).to_numpy(dtype=np.float64)
