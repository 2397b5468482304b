"""Tables of energy: the grid in a zone, and supply at a site."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import LEAD, LIFE, Column, Table, amount, limit, named

ENERGY: tuple[Table, ...] = (
    Table(
        "power",
        ("zone",),
        "grid zones: prices, carbon, limits",
        (
            named("zone", "the zone"),
            Column("price", "series", "list price of energy", "CNY per kWh", required=True),
            Column(
                "contract_price_cny_per_kwh",
                "number",
                "energy price under contract; used when plan.power_price is contract",
                "CNY per kWh",
                blank="no contract: the list price holds",
                low=0.0,
            ),
            amount(
                "demand_charge_cny_per_kw_month",
                "CNY per kW and month",
                "charge on the site's peak, twelve times a year",
            ),
            Column(
                "co2_kg_per_kwh",
                "series",
                "carbon of grid power",
                "kg per kWh",
                blank="unknown: an error where carbon decides",
                low=0.0,
            ),
            Column(
                "clean_share",
                "series",
                "share of grid power that counts as clean in the hour, for the rules on clean shares",
                "fraction",
                blank="0",
                default=0.0,
                low=0.0,
                high=1.0,
            ),
            limit("grid_limit_mw", "MW", "most grid power of the zone's sites together"),
            Column(
                "green_premium_cny_per_kwh",
                "number",
                "price of green power trading and certificates (绿电交易、绿证) on top of energy",
                "CNY per kWh",
                blank="none on offer",
                low=0.0,
            ),
            Column(
                "green_profile",
                "series",
                "output over capacity, by hour, of the plants behind green contracts, which are then bought by the MW and"
                " count in clean shares",
                "fraction",
                blank="contracts by the year, without hours",
                low=0.0,
                high=1.0,
            ),
        ),
    ),
    Table(
        "supply",
        ("site", "source"),
        "solar, wind and battery at the sites",
        (
            named("site", "the site", refers=("sites",)),
            Column(
                "source",
                "choice",
                "the source",
                required=True,
                choices=("solar", "wind", "battery"),
            ),
            amount("capex_mcny_per_mw", "mCNY per MW", "capital cost of power"),
            amount("capex_mcny_per_mwh", "mCNY per MWh", "capital cost of battery energy"),
            amount(
                "opex_mcny_per_mw_year",
                "mCNY per MW and year",
                "upkeep, existing capacity included",
            ),
            LIFE,
            LEAD,
            amount("existing_mw", "MW", "power that stands at the start"),
            amount("existing_mwh", "MWh", "battery energy that stands at the start"),
            limit("limit_mw", "MW", "most power, existing included"),
            limit("limit_mwh", "MWh", "most battery energy, existing included"),
            Column(
                "efficiency",
                "number",
                "efficiency of a battery, each way",
                "fraction",
                blank="1",
                default=1.0,
                above=0.0,
                high=1.0,
            ),
            amount(
                "cost_mcny_per_mwh",
                "mCNY per MWh",
                "variable cost or wear per MWh produced or discharged",
            ),
            Column(
                "profile",
                "series",
                "output over capacity, by hour",
                "fraction",
                blank="1",
                default=1.0,
                low=0.0,
                high=1.0,
            ),
        ),
        annotation="reference",
    ),
)
