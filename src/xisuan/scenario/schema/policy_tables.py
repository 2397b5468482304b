"""Tables of rules: budgets, payers and policies, with the statement of each policy rule."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import PERIOD, Column, Table, named

RULES: tuple[Table, ...] = (
    Table(
        "budgets",
        ("period", "scope"),
        "most overnight capital cost ordered in a period, undiscounted; that of an investor limits what it pays; rows of "
        "years within a period are added to that of its first year",
        (
            PERIOD,
            named(
                "scope",
                "all, halls, compute, network, power, access, a hub, or investor:NAME",
            ),
            Column("limit_mcny", "number", "the budget", "mCNY", blank="no limit", low=0.0),
        ),
    ),
    Table(
        "policies",
        ("rule", "scope", "period"),
        "rules with a value; each is a named constraint with a shadow price",
        (
            named("rule", "the rule"),
            Column(
                "scope",
                "text",
                "all, a hub, a site, (link_load_max) a link, or (clean shares) investor:NAME for its sites",
                blank="all",
                default="all",
            ),
            PERIOD,
            Column(
                "value",
                "number",
                "its value; shares and ratios as fractions",
                required=True,
                low=0.0,
            ),
            Column(
                "applies",
                "choice",
                "to new sites only (no hall or fleet at the start) or to all",
                blank="all",
                default="all",
                choices=("new", "all"),
            ),
        ),
    ),
    Table(
        "payers",
        ("scope", "investor"),
        "who pays for what is built and run in a scope, where it is not the one investor of the site. The narrowest scope"
        " holds, and its shares add up to 1. An order counts against the budget of each payer with its share",
        (
            named("scope", "all, a hub, a site, network, or access"),
            named("investor", "who pays"),
            Column(
                "party",
                "choice",
                "a telecom operator, another owner, or public money",
                blank="operator",
                default="operator",
                choices=("operator", "owner", "public"),
            ),
            Column("share", "number", "share of the money", "fraction", required=True, low=0.0, high=1.0),
            Column(
                "residual_payer",
                "text",
                "another payer of the scope, who pays for orders of sites and links what this payer's budget cannot carry",
                blank="nobody: where the budget is used up, orders stop",
                default="",
            ),
        ),
    ),
    Table(
        "contingencies",
        ("contingency",),
        "failures that every plan must survive: with a share of a site or link lost, the work listed is served in full, in"
        " each modelled hour that the row names. Capacity is what the plan has; operation during a failure costs nothing",
        (
            named("contingency", "name of the failure"),
            Column("site", "name", "the site that fails", blank="none; give a link then", refers=("sites",)),
            Column(
                "link", "name", "the link that fails, both directions", blank="none; give a site", refers=("links",)
            ),
            Column(
                "share_lost",
                "number",
                "share of the capacity that is lost",
                "fraction",
                blank="the contingency does not hold from this period on",
                low=0.0,
                high=1.0,
            ),
            Column(
                "hours",
                "text",
                "hours of the day in which it must be survived, such as 9-12;18-22, both ends included",
                blank="all",
            ),
            Column(
                "workloads",
                "text",
                "workloads that must survive, several separated by ;",
                blank="all work that runs by the hour, may not wait and has no penalty for being unserved",
            ),
            Column(
                "extra_latency_ms",
                "number",
                "added to the latency limit of each workload during the failure",
                "ms",
                blank="0",
                default=0.0,
                low=0.0,
            ),
        ),
    ),
)

POLICY_RULES: dict[str, str] = {
    "occupancy_min": "installed MW ≥ v × hall MW, over the sites in scope that have halls",
    "utilisation_min": "work served over the year ≥ v × installed × 8,760, for each class that runs work",
    "hub_share_min": "FP32 built in the period at the hub (all: at any hub) ≥ v × FP32 built",
    "intelligent_share_min": "FP32 installed of class intelligent ≥ v × FP32 installed",
    "green_share_min": "grid energy less green contracts ≤ (1 − v) × PUE × IT energy; what a battery loses is drawn, but not"
    " counted on the right; 0 asks for nothing",
    "clean_share_hourly_min": "in every hour, Σ (1 − `clean_share`) × (grid power − what green contracts by the hour deliver"
    " of it) ≤ (1 − v) × Σ facility power; what is above the share in one hour counts in no other, and a battery stores"
    " clean power only; 0 asks for nothing",
    "clean_share_monthly_min": "in every calendar month, Σ ω × (1 − `clean_share`) × (grid power − what green contracts by"
    " the hour deliver of it) ≤ (1 − v) × Σ ω × facility power; a modelled hour counts in the month in which it lies, with"
    " its weight, and a month without modelled hours asks for nothing; a battery stores clean power only; 0 asks for"
    " nothing",
    "pue_max": "PUE × IT energy ≤ v × IT energy",
    "carbon_cap_t": "location-based emissions of data centres (not of gigabit access) a year ≤ v tonnes",
    "carbon_cap_market_t": "market-based emissions of data centres (not of gigabit access) a year ≤ v tonnes",
    "carbon_price_cny_per_t": "v CNY for each tonne of location-based emissions, of gigabit access too",
    "water_cap_m3": "cooling water a year ≤ v cubic metres",
    "link_load_max": "traffic ≤ v × capacity, each direction",
    "site_reserve_min": "load ≤ (1 − v) × attainable utilisation × installed, in every hour",
    "reach_eflops_fp16": "Σ `eflops_per_unit` × installed ≥ v, over technologies of class intelligent whose `precision` is"
    " FP16; the text of `unit` does not matter",
    "reach_racks": "standard racks (2.5 kW) of halls ≥ v",
    "reach_investment_mcny": "overnight capital of halls, retrofits and equipment ordered in the period ≥ v mCNY",
    "reach_gigabit_cities": "gigabit cities ≥ v (scope: all)",
    "latency_stretch_max": "reported: route latency ≤ v × great circle × 4.9 µs/km between hub sites",
    "ring_city_ms": "reported: largest one-way latency within a city ≤ v ms",
    "ring_region_ms": "reported: largest one-way latency from a site to its nearest regions ≤ v ms",
    "ring_hub_ms": "reported: largest one-way latency between hub sites ≤ v ms",
}
"""Every policy rule with its statement; v is the value."""

BUDGET_SCOPES = ("all", "halls", "compute", "network", "power", "access")
"""Words that a budget may have as its scope, besides hubs and investors."""
PAYER_SCOPES = ("all", "network", "access")
"""Words that payers may have as their scope, besides hubs and sites."""
INVESTOR = "investor:"
"""Prefix of an investor's name in the scope of a budget."""

REACH_RULES = ("reach_eflops_fp16", "reach_racks", "reach_investment_mcny", "reach_gigabit_cities")
"""Rules that make an official target a constraint: a lower bound on a quantity that statistics and plan count alike."""

REPORTED_RULES = (
    "latency_stretch_max",
    "ring_city_ms",
    "ring_region_ms",
    "ring_hub_ms",
)
"""Rules that depend on data alone: reported as met or not, never a constraint."""
