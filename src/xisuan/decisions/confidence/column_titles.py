"""Names of the scenario's columns whose estimates are varied."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import described
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.translation import Bilingual, Message, Translatable, in_context, translate


def column_title(table: str, column: str) -> Translatable:
    """Return the name of a column: its own name, or its meaning."""
    if (known := COLUMNS.get((table, column))) is not None:
        return known
    meaning = {one.name: one.meaning for one in BY_NAME[table].all_columns}.get(column, column)
    return Bilingual(meaning, translate(described(meaning), "zh"))


COLUMNS: dict[tuple[str, str], Message] = {
    ("demand", "units"): in_context("estimate", "demand"),
    ("fleet", "units"): in_context("estimate", "equipment that stands"),
    ("technologies", "capex_mcny_per_unit"): in_context("estimate", "price of equipment"),
    ("technologies", "opex_mcny_per_unit_year"): in_context("estimate", "upkeep of equipment"),
    ("technologies", "mw_per_unit"): in_context("estimate", "power of a unit of equipment"),
    ("links", "length_km"): in_context("estimate", "length of cables"),
    ("links", "capacity_gbps"): in_context("estimate", "bandwidth of links that stands"),
    ("links", "capex_mcny_per_gbps"): in_context("estimate", "cost of more bandwidth"),
    ("traffic", "gbps"): in_context("estimate", "other traffic"),
    ("halls", "retrofit_capex_mcny_per_mw"): in_context("estimate", "cost of retrofitting halls"),
    ("power", "contract_price_cny_per_kwh"): in_context("estimate", "contract price of power"),
    ("standard", "threshold"): in_context("estimate", "threshold of gigabit cities"),
    ("policies", "value"): in_context("estimate", "value of a rule"),
    ("measures", "capex_cny_per_unit"): in_context("estimate", "price of access works"),
    ("measures", "pace_units_year"): in_context("estimate", "pace of access works"),
    ("halls", "existing_mw"): in_context("estimate", "hall capacity that stands at the start"),
    ("halls", "capex_mcny_per_mw"): in_context("estimate", "capital cost of new halls"),
    ("halls", "opex_mcny_per_mw_year"): in_context("estimate", "upkeep, existing halls included"),
    ("halls", "retrofit_pue"): in_context("estimate", "PUE of retrofitted halls"),
    ("technologies", "attainable_utilisation"): in_context("estimate", "largest share of a unit that work can use"),
    ("technologies", "idle_share"): in_context("estimate", "share of its power that a unit draws when idle"),
    ("technologies", "life_years"): in_context("estimate", "years of use of what is built"),
    ("technologies", "fp32_per_unit"): in_context("estimate", "computing power of a unit at FP32; share rules use it"),
    ("technologies", "embodied_t_per_unit"): in_context("estimate", "carbon of making a unit"),
    ("workloads", "latency_ms"): in_context(
        "estimate",
        "limit of latency",
    ),
    ("workloads", "defer_hours"): in_context("estimate", "how long work may wait before it runs, in whole hours"),
    ("workloads", "gbps_per_unit"): in_context("estimate", "traffic from region to site while a unit runs"),
    ("workloads", "return_gbps_per_unit"): in_context("estimate", "traffic from site to region while a unit runs"),
    ("limits", "max_build_units"): in_context("estimate", "most units ordered in one period"),
    ("links", "limit_gbps"): in_context("estimate", "most capacity, existing included"),
    ("links", "cost_mcny_per_gbps_hour"): in_context("estimate", "cost of carrying traffic, each direction"),
    ("power", "green_premium_cny_per_kwh"): in_context("estimate", "premium of green power"),
    ("power", "grid_limit_mw"): in_context("estimate", "most grid power of the zone's sites together"),
    ("sites", "it_limit_mw"): in_context("estimate", "most IT power the site can hold"),
    ("sites", "water_l_per_kwh"): in_context("estimate", "water used for cooling"),
    ("supply", "limit_mw"): in_context("estimate", "most power, existing included"),
    ("supply", "limit_mwh"): in_context("estimate", "most battery energy, existing included"),
    ("supply", "capex_mcny_per_mw"): in_context("estimate", "capital cost of power"),
    ("supply", "capex_mcny_per_mwh"): in_context("estimate", "capital cost of battery energy"),
    ("supply", "opex_mcny_per_mw_year"): in_context("estimate", "upkeep, existing capacity included"),
    ("supply", "efficiency"): in_context("estimate", "efficiency of a battery, each way"),
    ("supply", "cost_mcny_per_mwh"): in_context("estimate", "variable cost or wear per MWh produced or discharged"),
    ("budgets", "limit_mcny"): in_context("estimate", "the budget"),
    ("cities", "crew_days_year"): in_context("estimate", "work that the crews of the city can do"),
}
"""Names of columns whose meaning is long, or clear with their table only."""
