"""Quantities of a plan in a year, counted as in published statistics: by quantity and place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property

import pandas as pd

from xisuan import units
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario.scenario import Scenario

NATION = "China"
IN_BUILDINGS = ("hall_capex", "retrofit_capex", "opening", "compute_capex")
"""Capital terms of computing facilities: halls and their equipment."""
PB_PER_EB = 1000.0
MWH_PER_TWH = 1e6


class Measured:
    """A plan in one of its periods. A place is the nation, a hub, or a site by the first words of its title."""

    def __init__(self, plan: Plan, period: int) -> None:
        self.plan, self.period = plan, period
        capacity = plan.tables["capacity"]
        self._capacity = capacity[capacity["period"] == period]

    def value(self, quantity: str, place: str) -> float | None:
        """Return the plan's value in the unit of the record (QUANTITIES); None where the model has no such quantity."""
        sites = places(self.plan.scenario, place)
        if not sites or quantity not in COMPARABLE:
            return None
        found = COMPARABLE[quantity](self, sites)
        return None if found is None or math.isnan(found) else found

    def fp32_eflops(self, sites: frozenset[str]) -> float | None:
        """Return the power of all equipment, EFLOPS FP32, as in the share rules."""
        rows = self._equipment(sites)
        return float((rows["amount"] * rows["fp32_per_unit"]).sum())

    def fp16_eflops(self, sites: frozenset[str]) -> float | None:
        """Return the power of equipment stated in FP16, EFLOPS; None without such equipment."""
        rows = self._equipment(sites)
        rows = rows[rows["precision"] == "FP16"]
        return float((rows["amount"] * rows["eflops_per_unit"]).sum()) if len(rows) else None

    def storage_eb(self, sites: frozenset[str]) -> float | None:
        """Return the storage, EB, of equipment counted in PB; None without such equipment."""
        rows = self._equipment(sites)
        rows = rows[rows["unit"] == "PB"]
        return float(rows["amount"].sum()) / PB_PER_EB if len(rows) else None

    def racks(self, sites: frozenset[str]) -> float | None:
        """Return the halls in standard racks."""
        return units.racks(self._halls_mw(sites))

    def occupancy(self, sites: frozenset[str]) -> float | None:
        """Return the ratio of equipment IT power to hall capacity (上架率); None without halls."""
        halls = self._halls_mw(sites)
        return float(self._equipment(sites)["mw"].sum()) / halls if halls else None

    def pue(self, sites: frozenset[str]) -> float | None:
        """Return the yearly ratio of facility energy to IT energy; None without IT energy."""
        rows = self._power(sites)
        energy = float((rows["it_mw"] * rows["weight"]).sum())
        return float((rows["facility_mw"] * rows["weight"]).sum()) / energy if energy else None

    def electricity_twh(self, sites: frozenset[str]) -> float | None:
        """Return the yearly energy of facilities, TWh."""
        rows = self._power(sites)
        return float((rows["facility_mw"] * rows["weight"]).sum()) / MWH_PER_TWH

    def egress_gbps(self, sites: frozenset[str]) -> float | None:
        """Return the one-way capacity of the links that leave the hub's nodes, Gbps; None without such links."""
        crossing = self._crossing(sites)
        rows = self._capacity[(self._capacity["asset"] == "link") & self._capacity["where"].isin(crossing)]
        return float(rows["amount"].sum()) if len(rows) else None

    def compute_capital(self, sites: frozenset[str]) -> float | None:
        """Return the capital, million CNY, of halls and equipment ordered in the period and of existing ones opened in
        it."""
        return self._capital(sites, IN_BUILDINGS) + self._came(sites)

    def capital(self, sites: frozenset[str]) -> float | None:
        """Return the capital of `compute_capital` plus links that leave the sites and power plants, million CNY."""
        return self._capital(sites | self._crossing(sites), CAPEX_TERMS) + self._came(sites)

    def _capital(self, where: frozenset[str], terms: tuple[str, ...]) -> float:
        """Return the capital of some cost terms at some places, million CNY."""
        costs = self.plan.tables["costs"]
        rows = costs[(costs["period"] == self.period) & costs["where"].isin(where) & costs["term"].isin(terms)]
        return float(rows["mcny"].sum())

    def _came(self, sites: frozenset[str]) -> float:
        """Return the value of existing equipment opened in the period, at its technology's price, if it has one."""
        fleet = self.plan.scenario["fleet"]
        fleet = fleet[(fleet["opened"] == self.period) & fleet["site"].isin(sites)]
        offers = self.plan.scenario.at("technologies", self.period).set_index("technology")["capex_mcny_per_unit"]
        return float((fleet["units"] * fleet["technology"].map(offers).fillna(0.0)).sum())

    @cached_property
    def _offers(self) -> pd.DataFrame:
        """Return the precision and unit powers of the technologies."""
        offers = self.plan.scenario["technologies"].drop_duplicates("technology")
        return offers.set_index("technology")[["fp32_per_unit", "eflops_per_unit", "precision"]]

    def _equipment(self, sites: frozenset[str]) -> pd.DataFrame:
        """Return the equipment of some sites."""
        rows = self._capacity[(self._capacity["asset"] == "compute") & self._capacity["where"].isin(sites)]
        return rows.join(self._offers, on="technology")

    def _halls_mw(self, sites: frozenset[str]) -> float:
        """Return the halls of some sites, MW."""
        rows = self._capacity[(self._capacity["asset"] == "hall") & self._capacity["where"].isin(sites)]
        return float(rows["amount"].sum())

    def _power(self, sites: frozenset[str]) -> pd.DataFrame:
        """Return the hourly power of some sites, with the weight of each hour."""
        rows = self.plan.tables["power"]
        rows = rows[(rows["period"] == self.period) & rows["site"].isin(sites)]
        return rows.assign(weight=self.plan.scenario.timeline.weight[rows["hour"].to_numpy(dtype=int)])

    def _crossing(self, sites: frozenset[str]) -> frozenset[str]:
        """Return the links with exactly one end among the nodes of the sites and of their hubs' regions."""
        scenario = self.plan.scenario
        all_sites, regions, links = scenario["sites"], scenario["regions"], scenario["links"].drop_duplicates("link")
        here = all_sites[all_sites["site"].isin(sites)]
        hubs = set(here["hub"]) - {""}
        inside = set(here["node"]) | set(regions.loc[regions["hub"].isin(hubs), "node"])
        crossing = links["from"].isin(inside) != links["to"].isin(inside)
        return frozenset(links.loc[crossing, "link"])


def places(scenario: Scenario, place: str) -> frozenset[str]:
    """Return the sites of a place: the nation, a hub, or sites whose title begins with its name; empty if unknown."""
    sites = scenario["sites"].drop_duplicates("site")
    if place == NATION:
        return frozenset(sites["site"])
    title = sites["title"].where(sites["title"] != "", sites["site"])
    here = (sites["hub"] == place) | (title == place) | title.str.startswith(f"{place} ")
    return frozenset(sites.loc[here, "site"])


COMPARABLE: Mapping[str, Callable[[Measured, frozenset[str]], float | None]] = {
    "compute_eflops": Measured.fp16_eflops,
    "compute_fp32_eflops": Measured.fp32_eflops,
    "compute_fp16_eflops": Measured.fp16_eflops,
    "racks": Measured.racks,
    "occupancy": Measured.occupancy,
    "pue": Measured.pue,
    "electricity_twh": Measured.electricity_twh,
    "storage_eb": Measured.storage_eb,
    "egress_gbps": Measured.egress_gbps,
    "investment_infrastructure_mcny": Measured.capital,
    "investment_compute_mcny": Measured.compute_capital,
}
"""Count of each published quantity in the model. Places state power without precision; by its size it is FP16."""
