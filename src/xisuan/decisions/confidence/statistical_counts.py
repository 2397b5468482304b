"""What a plan has in a year, counted as published statistics count: by quantity and place."""

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
"""Capital of computing facilities: halls and what stands in them."""
PB_PER_EB = 1000.0
MWH_PER_TWH = 1e6


class Measured:
    """A plan in one of its periods. A place is the nation, a hub, or a site by the first words of its title."""

    def __init__(self, plan: Plan, period: int) -> None:
        self.plan, self.period = plan, period
        capacity = plan.tables["capacity"]
        self._capacity = capacity[capacity["period"] == period]

    def value(self, quantity: str, place: str) -> float | None:
        """The model's value, in the unit of the record (QUANTITIES); None where the model has no such thing."""
        sites = places(self.plan.scenario, place)
        if not sites or quantity not in COMPARABLE:
            return None
        found = COMPARABLE[quantity](self, sites)
        return None if found is None or math.isnan(found) else found

    def fp32_eflops(self, sites: frozenset[str]) -> float | None:
        """All equipment, EFLOPS FP32, as the share rules form it."""
        rows = self._equipment(sites)
        return float((rows["amount"] * rows["fp32_per_unit"]).sum())

    def fp16_eflops(self, sites: frozenset[str]) -> float | None:
        """Equipment whose computing power is told in FP16, EFLOPS."""
        rows = self._equipment(sites)
        rows = rows[rows["precision"] == "FP16"]
        return float((rows["amount"] * rows["eflops_per_unit"]).sum()) if len(rows) else None

    def storage_eb(self, sites: frozenset[str]) -> float | None:
        """Equipment counted in PB, EB."""
        rows = self._equipment(sites)
        rows = rows[rows["unit"] == "PB"]
        return float(rows["amount"].sum()) / PB_PER_EB if len(rows) else None

    def racks(self, sites: frozenset[str]) -> float | None:
        """Halls, in standard racks."""
        return units.racks(self._halls_mw(sites))

    def occupancy(self, sites: frozenset[str]) -> float | None:
        """Equipment's IT power over halls' (上架率); None without halls."""
        halls = self._halls_mw(sites)
        return float(self._equipment(sites)["mw"].sum()) / halls if halls else None

    def pue(self, sites: frozenset[str]) -> float | None:
        """Energy of facilities over that of IT, over the year."""
        rows = self._power(sites)
        energy = float((rows["it_mw"] * rows["weight"]).sum())
        return float((rows["facility_mw"] * rows["weight"]).sum()) / energy if energy else None

    def electricity_twh(self, sites: frozenset[str]) -> float | None:
        """Energy of facilities in a year, TWh."""
        rows = self._power(sites)
        return float((rows["facility_mw"] * rows["weight"]).sum()) / MWH_PER_TWH

    def egress_gbps(self, sites: frozenset[str]) -> float | None:
        """Capacity, one direction, of the links that leave the hub's nodes; None where a link's ends are not known."""
        crossing = self._crossing(sites)
        rows = self._capacity[(self._capacity["asset"] == "link") & self._capacity["where"].isin(crossing)]
        return float(rows["amount"].sum()) if len(rows) else None

    def compute_capital(self, sites: frozenset[str]) -> float | None:
        """Capital of halls and equipment ordered in the period, and of equipment that stood by then and came in it, mCNY."""
        return self._capital(sites, IN_BUILDINGS) + self._came(sites)

    def capital(self, sites: frozenset[str]) -> float | None:
        """The same with links that leave the sites and power plants, mCNY."""
        return self._capital(sites | self._crossing(sites), CAPEX_TERMS) + self._came(sites)

    def _capital(self, where: frozenset[str], terms: tuple[str, ...]) -> float:
        costs = self.plan.tables["costs"]
        rows = costs[(costs["period"] == self.period) & costs["where"].isin(where) & costs["term"].isin(terms)]
        return float(rows["mcny"].sum())

    def _came(self, sites: frozenset[str]) -> float:
        """Equipment of the fleet that opened in the period, at the price of its technology; one without price is free."""
        fleet = self.plan.scenario["fleet"]
        fleet = fleet[(fleet["opened"] == self.period) & fleet["site"].isin(sites)]
        offers = self.plan.scenario.at("technologies", self.period).set_index("technology")["capex_mcny_per_unit"]
        return float((fleet["units"] * fleet["technology"].map(offers).fillna(0.0)).sum())

    @cached_property
    def _offers(self) -> pd.DataFrame:
        offers = self.plan.scenario["technologies"].drop_duplicates("technology")
        return offers.set_index("technology")[["fp32_per_unit", "eflops_per_unit", "precision"]]

    def _equipment(self, sites: frozenset[str]) -> pd.DataFrame:
        rows = self._capacity[(self._capacity["asset"] == "compute") & self._capacity["where"].isin(sites)]
        return rows.join(self._offers, on="technology")

    def _halls_mw(self, sites: frozenset[str]) -> float:
        rows = self._capacity[(self._capacity["asset"] == "hall") & self._capacity["where"].isin(sites)]
        return float(rows["amount"].sum())

    def _power(self, sites: frozenset[str]) -> pd.DataFrame:
        rows = self.plan.tables["power"]
        rows = rows[(rows["period"] == self.period) & rows["site"].isin(sites)]
        return rows.assign(weight=self.plan.scenario.timeline.weight[rows["hour"].to_numpy(dtype=int)])

    def _crossing(self, sites: frozenset[str]) -> frozenset[str]:
        """Links with one end among the nodes of the sites and of the regions of their hubs, and one outside."""
        scenario = self.plan.scenario
        all_sites, regions, links = scenario["sites"], scenario["regions"], scenario["links"].drop_duplicates("link")
        here = all_sites[all_sites["site"].isin(sites)]
        hubs = set(here["hub"]) - {""}
        inside = set(here["node"]) | set(regions.loc[regions["hub"].isin(hubs), "node"])
        crossing = links["from"].isin(inside) != links["to"].isin(inside)
        return frozenset(links.loc[crossing, "link"])


def places(scenario: Scenario, place: str) -> frozenset[str]:
    """Sites of a place: all of the nation, those of a hub, or those whose title begins with its name; else none."""
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
"""How each published quantity that the model has is counted in it. Places state computing power without its precision; by
its size it is FP16."""
