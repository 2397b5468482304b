"""Units of right-hand sides of constraints and of variables with a bound, as the reference states them."""

from __future__ import annotations

_CONSTRAINTS = {
    "MW": "hall_balance hall_phase retrofit_balance fleet_within_hall fleet_within_site hall_when_open supply_balance"
    " it_balance retrofitted_within_hall retrofitted_within_it power_balance generation_within_supply"
    " charge_within_supply discharge_within_supply grid_within_zone grid_within_peak occupancy_min reach_racks"
    " contract_use_within_power contract_use_within_grid"
    " clean_share_hourly_min charge_is_clean recourse_power recourse_within_zone",
    "units": "fleet_kept installed_balance build_module fleet_when_open work_balance pool_balance node_balance"
    " class_balance technology_load load_within_installed serve_when_open stock_balance stock_pool_balance"
    " stock_node_balance stock_class_balance stock_technology_load stock_within_installed deployed_balance"
    " recourse_demand recourse_pool recourse_node recourse_class recourse_technology recourse_within_installed",
    "": "opened_balance counted_balance part_within_whole indicator_min gigabit_reached",
    "Gbps": "capacity_balance traffic_balance traffic_within_link recourse_within_link",
    "modules": "module_count",
    "MWh": "energy_balance stored_within_energy storage_balance contract_within_grid green_share_min pue_max"
    " clean_share_monthly_min",
    "crew-days": "deploy_within_crews",
    "km": "lay_for_fibre lay_for_backhaul",
    "users": "users_followed",
    "unit-hours": "utilisation_min",
    "EFLOPS FP32": "hub_share_min intelligent_share_min",
    "t": "carbon_cap_t carbon_cap_market_t",
    "m³": "water_cap_m3",
    "EFLOPS FP16": "reach_eflops_fp16",
    "mCNY": "reach_investment_mcny budget taken_over_within_share",
    "cities": "reach_gigabit_cities",
    "unit of the rule": "own_at_most own_at_least own_equal own_at_most_hourly own_at_least_hourly",
}
_VARIABLES = {
    "MW": "build_hall retrofit build_supply hall retrofitted supply peak contract_power",
    "phases": "hall_phases",
    "units": "build kept installed deploy deployed hold stock_release stock_flow stock_absorb stock_load stock_unserved",
    "modules": "build_modules link_modules",
    "Gbps": "build_link capacity",
    "MWh": "build_energy energy contract",
    "": "open opened counted gigabit",
    "km": "lay",
}
CONSTRAINTS: dict[str, str] = {name: unit for unit, names in _CONSTRAINTS.items() for name in names.split()}
"""Unit of the right-hand side of each constraint."""
VARIABLES: dict[str, str] = {name: unit for unit, names in _VARIABLES.items() for name in names.split()}
"""Unit of each variable of a period whose bound can have a price."""
