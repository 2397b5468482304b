"""Tables of gigabit access: cities and their state, measures, the standard, and targets with dates.

A city is judged by six indicators, each a ratio of two quantities in `city_state`. Thresholds are rows of `standard`,
never constants.
"""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.scenario.schema.column_types import (
    INVESTOR,
    LEAD,
    LIFE,
    PERIOD,
    PLACE,
    TITLES,
    Column,
    Table,
    amount,
    known,
    limit,
    named,
)
from xisuan.text.translation import Message, in_context

ALL = "all"
GIGABIT = "gigabit"
"""Name in `city_targets` of a target for the whole standard."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: `scale` × numerator / denominator, in `unit`; `part`: numerator is a part of denominator.

    Homes covered are not a part of the households: the capacities of several operators add up, so that more than 100 %
    is normal and is not capped.
    """

    name: str
    numerator: str
    denominator: str
    scale: float
    unit: str
    part: bool
    title: Message


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "home_gigabit_coverage",
        "homes_gigabit",
        "urban_households",
        100.0,
        "%",
        False,
        in_context("indicator", "urban household gigabit coverage"),
    ),
    Indicator(
        "pon10g_port_share",
        "pon10g_ports",
        "pon_ports",
        100.0,
        "%",
        True,
        in_context("indicator", "10G-PON and above ports"),
    ),
    Indicator(
        "key_place_5g_access",
        "key_places_5g",
        "key_places",
        100.0,
        "%",
        True,
        in_context("indicator", "key places with 5G"),
    ),
    Indicator(
        "g5_bs_per_10k",
        "g5_stations",
        "population",
        10_000.0,
        "per 10,000",
        False,
        in_context("indicator", "5G base stations per 10,000 residents"),
    ),
    Indicator(
        "user_500m_share",
        "users_500m",
        "fixed_users",
        100.0,
        "%",
        True,
        in_context("indicator", "users on 500 Mbps and above"),
    ),
    Indicator(
        "g5_user_share",
        "g5_users",
        "mobile_users",
        100.0,
        "%",
        True,
        in_context("indicator", "5G users"),
    ),
)
BY_INDICATOR: dict[str, Indicator] = {indicator.name: indicator for indicator in INDICATORS}

QUANTITIES: tuple[str, ...] = tuple(
    dict.fromkeys(name for one in INDICATORS for name in (one.numerator, one.denominator))
)
"""Quantities of a city in `city_state`."""

TAKEN_UP = ("users_500m", "g5_users")
"""Quantities that follow coverage with the lag of a take-up curve."""

FIXED, RADIO = "fixed", "radio"

_STATE = {
    "homes_gigabit": ("homes", "homes that gigabit fibre can serve, capacities of several operators added up"),
    "urban_households": ("households", "urban family households (城市家庭)"),
    "pon10g_ports": ("ports", "10G-PON and above ports"),
    "pon_ports": ("ports", "all PON ports"),
    "key_places_5g": ("places", "key places (重点场所) with 5G"),
    "key_places": ("places", "key places: hospitals, universities, tourist areas, stations, airports, roads"),
    "g5_stations": ("stations", "5G base stations"),
    "population": ("persons", "residents (常住人口)"),
    "users_500m": ("users", "fixed broadband users on 500 Mbps and above"),
    "fixed_users": ("users", "fixed broadband users"),
    "g5_users": ("users", "5G users"),
    "mobile_users": ("users", "mobile phone users"),
}

COUNTED_IN: dict[str, str] = {name: unit for name, (unit, _) in _STATE.items()}
"""Unit of each quantity."""

ACCESS: tuple[Table, ...] = (
    Table(
        "cities",
        ("city",),
        "areas of an access network: prefecture-level cities (市、州)",
        (
            named("city", "the city"),
            *TITLES,
            *PLACE,
            known("area_km2", "km²", "its area"),
            INVESTOR,
            Column("zone", "name", "grid zone of its base stations", blank="power is free", refers=("power",)),
            limit("crew_days_year", "crew-days a year", "work that the crews of the city can do"),
            amount("route_capex_mcny_per_km", "mCNY/km", "duct and trench for what the measures lay"),
            Column(
                "route_life_years", "number", "years of use of a duct", "years", blank="40", default=40.0, above=0.0
            ),
            Column(
                "route_shared",
                "number",
                "share of the shorter of the routes of fibre and of backhaul that lies in the other's duct",
                "fraction",
                blank="0",
                default=0.0,
                low=0.0,
                high=1.0,
            ),
        ),
    ),
    Table(
        "city_state",
        ("city",),
        "what is counted in a city if nothing is built, at the end of the period; later rows carry its own growth",
        (
            named("city", "the city", refers=("cities",)),
            *(known(name, unit, meaning, blank="unknown") for name, (unit, meaning) in _STATE.items()),
            Column(
                "named_under",
                "text",
                "version of the standard under which the city has been named a gigabit city",
                blank="not named",
            ),
        ),
    ),
    Table(
        "measures",
        ("measure", "city"),
        "upgrades that can be built, linear in cost; a row for one city goes before that for all",
        (
            named("measure", "the measure"),
            Column("city", "name", "the city, or all", blank="all", default=ALL),
            *TITLES,
            Column("unit", "text", "what one of it is"),
            Column(
                "kind",
                "choice",
                "fixed network or radio: whose routes it lays",
                blank="fixed",
                default=FIXED,
                choices=(FIXED, RADIO),
            ),
            amount("capex_cny_per_unit", "CNY", "capital cost of one"),
            amount("opex_cny_per_unit_year", "CNY a year", "upkeep of one, without electricity"),
            LIFE,
            LEAD,
            Column(
                "pace_units_year", "number", "most of it in one city in a year", "units a year", required=True, low=0.0
            ),
            amount("crew_days_per_unit", "crew-days", "work for one"),
            amount("power_kw_per_unit", "kW", "mean electric power of one"),
            amount("route_km_per_unit", "km", "duct that one needs"),
            *(
                amount(f"{name}_per_unit", _STATE[name][0], f"what one adds: {_STATE[name][1]}")
                for name in QUANTITIES
                if name not in ("urban_households", "population", "key_places", "fixed_users", "mobile_users")
            ),
            Column(
                "takeup_first",
                "number",
                "share of the users that follow in the period in which it comes into use",
                "fraction",
                blank="1: at once",
                default=1.0,
                low=0.0,
                high=1.0,
            ),
            Column(
                "takeup_rate",
                "number",
                "share of those who have not followed yet that do so in each further year",
                "fraction a year",
                blank="0",
                default=0.0,
                low=0.0,
                high=1.0,
            ),
        ),
    ),
    Table(
        "standard",
        ("indicator", "period"),
        "thresholds of a gigabit city; those of a period hold until the next",
        (
            Column("indicator", "choice", "the indicator", required=True, choices=tuple(BY_INDICATOR)),
            PERIOD,
            Column("version", "text", "version of the standard that the row belongs to"),
            Column("version_zh", "text", "the same in Chinese"),
            Column(
                "threshold",
                "number",
                "the threshold, in per cent, of g5_bs_per_10k in stations for 10,000 residents",
                blank="none",
                low=0.0,
            ),
            Column("op", "choice", "at least, or above", blank=">=", default=">=", choices=(">=", ">")),
            Column("mandatory", "flag", "whether a gigabit city must reach it", blank="yes", default=True),
        ),
    ),
    Table(
        "city_targets",
        ("city", "indicator"),
        "dates by which a city must be a gigabit city, and floors under single indicators",
        (
            Column("city", "name", "the city, or all", blank="all", default=ALL),
            Column(
                "indicator",
                "choice",
                "gigabit: the whole standard; otherwise a floor under one indicator",
                blank="gigabit",
                default=GIGABIT,
                choices=(GIGABIT, *BY_INDICATOR),
            ),
            Column("deadline", "year", "the end of this year, and from then on", blank="no date: wished, not required"),
            known("value", "unit of the indicator", "the floor; of no meaning for gigabit", blank="none"),
        ),
        dated=False,
    ),
)
EFFECTS: tuple[str, ...] = tuple(name for name in QUANTITIES if ACCESS[2].column(f"{name}_per_unit") is not None)
"""Quantities that a measure can add to; the others follow `city_state` alone."""
