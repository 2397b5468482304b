"""Plan of a scenario: orders, placement of work, costs, and the certificate that checks it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from gnomon import relative_gap
from xisuan.results import xarray_view
from xisuan.results.labelled_values import Found
from xisuan.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

SMALLEST: dict[str, float] = {"MW": 1e-3, "MWh": 1e-3, "Gbps": 0.1, "km": 1e-3, "mCNY": 0.01}
"""Smallest meaningful order, by the unit of its amount, its IT power or its capital.

A plan is made without smaller ones, before it is certified, unless rows or the requested gap need them.
"""
TABLES: dict[str, dict[str, str]] = {
    "builds": {
        "period": "year of the order",
        "asset": "hall, compute, link, solar, wind, battery, battery_energy, retrofit or opening",
        "where": "site or link",
        "technology": "technology of compute, module of a link, otherwise blank",
        "amount": "how much is ordered: not below the smallest order of its unit, unless the plan needs it",
        "unit": "unit of `amount`",
        "mw": "IT power of halls and compute ordered, MW",
        "in_use_from": "first year of use",
        "investor": "who pays",
        "capex_mcny": "overnight capital cost, undiscounted, mCNY",
    },
    "capacity": {
        "period": "year",
        "asset": "as in builds, without retrofit and opening; retrofitted for retrofitted halls",
        "where": "site or link",
        "technology": "technology of compute",
        "amount": "what is in use, existing included",
        "existing": "of it, what stood at the start",
        "unit": "unit of `amount`",
        "mw": "IT power of halls and compute, MW",
    },
    "service": {
        "period": "year",
        "region": "where the work arises; the free workloads by proportional mixing",
        "site": "where it runs; blank: not served",
        "workload": "workload",
        "units": "yearly mean, units",
        "share": "share of the region's demand for the workload in the period",
    },
    "load": {
        "period": "year",
        "hour": "modelled hour, 0 … n−1",
        "site": "site",
        "technology": "technology",
        "units": "work that runs (or stock held)",
    },
    "backlog": {
        "period": "year",
        "hour": "modelled hour",
        "region": "region",
        "workload": "workload",
        "units": "work waiting at the end of the hour",
    },
    "flows": {
        "period": "year",
        "hour": "modelled hour",
        "link": "link",
        "from": "start of the direction",
        "to": "end of the direction",
        "gbps": "all traffic, Gbps",
        "capacity_gbps": "capacity, Gbps",
    },
    "power": {
        "period": "year",
        "hour": "modelled hour",
        "site": "site",
        "it_mw": "IT power, MW",
        "facility_mw": "facility power, MW",
        "grid_mw": "from the grid, MW",
        "contract_mw": "of it delivered by green contracts by the hour, MW",
        "solar_mw": "from solar, MW",
        "wind_mw": "from wind, MW",
        "charge_mw": "into the battery, MW",
        "discharge_mw": "out of the battery, MW",
        "stored_mwh": "in the battery at the end of the hour, MWh",
        "price_cny_per_kwh": "energy price, CNY per kWh",
    },
    "costs": {
        "period": "year: of the order for capital, of operation otherwise",
        "term": "which of the cost terms",
        "where": "site, link or region",
        "investor": "who pays",
        "mcny": "overnight capital or cost of one year, undiscounted, mCNY",
        "discounted_mcny": "what it adds to the objective, mCNY",
    },
    "prices": {
        "period": "year",
        "constraint": "name of the constraint, or `bound on` a variable",
        "item": "which one, labels joined by /",
        "value": "change of the objective for one more unit of the right side, mCNY per `unit`",
        "unit": "unit of the right side",
    },
    "emissions": {
        "period": "year",
        "site": "site",
        "grid_mwh": "energy from the grid in a year, MWh",
        "contract_mwh": "green power of contracts in a year, MWh; by the hour: what is delivered and drawn in the same hour",
        "contract_paid_mwh": "green power of contracts that is paid for in a year, MWh",
        "location_t": "location-based emissions of a year, t CO2",
        "market_t": "market-based emissions of a year, t CO2",
        "embodied_t": "embodied in what is ordered in the period, t CO2",
    },
    "gigabit": {
        "period": "year",
        "city": "city",
        "home_gigabit_coverage": "urban household gigabit coverage at the end of the period, % (above 100 is normal)",
        "pon10g_port_share": "10G-PON and above ports over all PON ports, %",
        "key_place_5g_access": "key places with 5G, %",
        "g5_bs_per_10k": "5G base stations per 10,000 residents",
        "user_500m_share": "users on 500 Mbps and above over all fixed users, %",
        "g5_user_share": "5G users over all mobile users, %",
        "gigabit": "whether it is a gigabit city: named under the version in force, or every mandatory threshold met",
        "binding": "mandatory indicators that still stand in the way, joined by ;",
        "residents": "residents",
    },
    "rollout": {
        "period": "year of the order",
        "city": "city",
        "measure": "measure",
        "amount": "how much is ordered: not for less than the smallest order in mCNY, unless the plan needs it",
        "unit": "unit of `amount`",
        "most": "the most that its pace allows in the period",
        "crew_days": "work of the crews for it",
        "in_use_from": "first year of use",
        "investor": "who pays",
        "capex_mcny": "overnight capital cost, undiscounted, mCNY",
    },
    "access_totals": {
        "period": "year",
        "city": "city",
        "capex_mcny": "overnight capital ordered, ducts included, undiscounted, mCNY",
        "lay_km": "duct laid, km",
        "crew_days": "work of the crews",
        "crew_days_most": "work that the crews can do in the period",
        "grid_mwh": "electricity in a year of what has been deployed, MWh",
        "location_t": "its location-based emissions in a year, t CO2",
    },
    "city_dates": {
        "city": "city that has a date",
        "deadline": "last year of the period of its date",
        "made": "draws of the estimates in which it is a gigabit city then (only from `run`, as the next two)",
        "draws": "draws in all; 1 where no figure of access has a range in estimates",
        "share": "share of the draws",
        "binding": "what stood in the way, with the number of draws: indicators it cannot reach, or budgets",
        "saved_mcny": "what access costs less without this date alone, discounted; missing where residents are the goal",
    },
    "city_openings": {
        "city": "city that has a date",
        "indicator": "indicator",
        "deadline": "last year of the period of its date",
        "opening": "where it starts",
        "needed": "where it would have to start at least to make its date, all else equal; blank: from nowhere",
        "unit": "unit of both",
    },
    "city_money": {
        "period": "year whose budget is larger",
        "budget": "scope of the budget; only access where it shares the others with halls and compute",
        "more_mcny": "by how much, mCNY",
        "resident_years": "resident-years more in gigabit cities",
        "saved_mcny": "discounted cost of access less; missing where many cities are asked by mixtures",
    },
}
"""Every table of a plan with its columns; the reference page and the Parquet files follow it."""
ACCESS_TABLES = ("gigabit", "rollout", "access_totals", "city_dates", "city_openings", "city_money")
"""Tables that only a plan with cities has."""

COST_TERMS = {
    "hall_capex": "new halls",
    "retrofit_capex": "retrofits of halls",
    "opening": "opening costs of sites",
    "compute_capex": "equipment",
    "link_capex": "link capacity",
    "supply_capex": "solar, wind, batteries",
    "hall_opex": "upkeep of halls",
    "compute_opex": "upkeep of equipment",
    "supply_opex": "upkeep of solar, wind, batteries",
    "access_capex": "upgrades of gigabit access",
    "route_capex": "ducts of gigabit access",
    "access_opex": "upkeep of gigabit access",
    "access_energy": "electricity of gigabit access",
    "energy": "grid energy",
    "demand_charge": "demand charges on the peak",
    "green_premium": "green power trading and certificates",
    "carbon_price": "price on location-based emissions",
    "supply_variable": "variable cost and wear of solar, wind, batteries",
    "transmission": "traffic on links",
    "serving": "serving costs",
    "unserved": "penalties for work not done, traffic not carried, yearly rules exceeded",
}
CAPEX_TERMS = (
    "hall_capex",
    "retrofit_capex",
    "opening",
    "compute_capex",
    "link_capex",
    "supply_capex",
    "access_capex",
    "route_capex",
)


ABOVE = 1e-6
"""Relative amount by which a bound may exceed the cost; beyond it one of them is wrong."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Independent check of a plan, or of the operation of one.

    `families` maps a constraint family to its largest violation relative to its largest term.
    `ok`: every violation is at most `certificate.tolerances.TOLERANCE` and the recomputed cost agrees.
    `lower_bound` is proven by weak duality (−inf: none).
    """

    ok: bool
    max_violation: float
    cost: float
    lower_bound: float
    families: Mapping[str, float]
    findings: tuple[str, ...] = ()

    def gap(self, objective: float) -> float:
        """Return (objective − lower bound) / |objective| with the bound proven here; infinite without a bound."""
        return relative_gap(objective, self.lower_bound)

    def doubt(self, gap: float) -> str:
        """Return the reason why the certificate does not confirm a cost within a relative gap; empty if it does."""
        if not self.ok:
            return f"the certificate does not hold: {'; '.join(self.findings)}"
        own = self.gap(self.cost)
        if not own >= -ABOVE:
            return (
                f"the certificate proves that no plan costs less than {self.lower_bound:,.9g} mCNY, more than this one"
            )
        return "" if own <= gap else f"the certificate confirms a gap of {own:.2e}"


@dataclass(frozen=True, slots=True)
class Effort:
    """Size and time of a solve, with the method and solver that ran.

    expected_seconds, expected_mb: prediction before the solve (NaN: none). gave_up: reason why the structured method,
    tried first, ended without a confirmed proof; empty if it was not tried or gave the answer. asked_gap: relative gap
    that the solve was asked for (NaN: not recorded).
    """

    method: str
    solver: str
    seconds: float
    build_seconds: float
    peak_mb: float
    rows: int
    columns: int
    nonzeros: int
    integers: int
    iterations: int
    expected_seconds: float = math.nan
    expected_mb: float = math.nan
    gave_up: str = ""
    asked_gap: float = math.nan


CITY_CASES: dict[str, str] = {
    "node": "case, in the order in which they are gone through: after a split come the cases of its first half",
    "what": "split, weight or charge",
    "item": "split: a city, of those counted together; weight: number of the prices; charge: first city of those counted",
    "period": "year; 0 for a weight",
    "value": "split: most of these cities that are gigabit cities in the first half, in the second half there are more",
}
"""The cases of the proof of `lower_bound` where cities are planned one by one."""


def no_cases() -> pd.DataFrame:
    """Return the empty table of cases, for a plan whose bound is not proven by cities."""
    return pd.DataFrame(columns=list(CITY_CASES))


@dataclass(frozen=True)
class Plan:
    """Solution of a scenario. `variables` and `duals` are complete; `tables` are derived from them for readers.

    `objective` is in mCNY (tonnes under the carbon objective, resident-years outside gigabit cities under residents).
    `status` is optimal, feasible (the proven gap is wider than asked), or short (an operated plan with shortfall).

    `lower_bound` is from the duals of an LP, or from branch and bound with integers. It is from the relaxation where
    the model is too large to branch on, and from prices of the budgets where cities are planned one by one.

    `city_duals` and `city_cases` prove the bound by cities. Items are named first by way, then as in `duals`. A way is
    a number and `prices` (of the budgets); a number and the years in which a city is a gigabit city, joined by +, or
    `never`; or `reach` and such years.
    """

    scenario: Scenario
    status: str
    objective: float
    lower_bound: float
    cost_mcny: float
    effort: Effort
    variables: Mapping[str, Found]
    duals: Mapping[str, Found]
    relaxation_duals: Mapping[str, Found] = field(default_factory=dict)
    city_duals: Mapping[str, Found] = field(default_factory=dict)
    city_cases: pd.DataFrame = field(default_factory=no_cases)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    certificate: Certificate | None = None

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = object.__getattribute__(self, "tables")
        if name in tables:
            table: pd.DataFrame = tables[name]
            return table
        raise AttributeError(f"a plan has no {name!r}; its tables are {', '.join(tables)}")

    def to_xarray(self) -> xr.Dataset:
        """Return every variable and dual as an `xarray.Dataset`, with item names as coordinates."""
        return xarray_view.to_xarray(self.scenario, self.variables, self.duals)

    @property
    def gap(self) -> float:
        """Relative gap (objective − lower bound) / |objective|."""
        return relative_gap(self.objective, self.lower_bound)
