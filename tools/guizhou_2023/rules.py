"""Prices, policies and budgets, as known in June 2023."""

from __future__ import annotations

from tools.china import facts, tariffs
from tools.china import rules as shared
from tools.china.book import Book
from tools.china.case import Case
from tools.china.climate import PLANT, curve

OWN = "xisuan-2023"
NIGHT = {"P": ("10-11;17-20", 1.6), "V": ("0-7", 0.4), "F": ("8-9;12-16;21-23", 1.0)}
MIDDAY = {"P": ("7-8;18-22", 1.5), "V": ("10-15", 0.5), "F": ("0-6;9;16-17;23", 1.0)}
"""Hours and multiples of the flat price after the notice of 2021 (estimate), with a midday valley for solar power."""

CONTRACTS = {"Guizhou": ("C68", "china-daily-guian"), "Ningxia": ("C69", "china-daily-zhongwei")}
"""Zone → row of costs.csv with the reported all-in contract price, and its source."""

CO2 = (0.5703, 0.12, 0.80)
"""Emission factor in kg per kWh: national, of 2022 (February 2023, recalled), low and high.

Provincial ones are later.
"""

BUDGETS = {
    "investor:China Mobile": 90000,
    "investor:China Telecom": 90000,
    "investor:China Unicom": 120000,
    "investor:independent operators": 260000,
    "network": 20000,
}
"""Overnight capital a year in 2023, mCNY (estimate)."""

GROWTH = 0.10

GRID_LIMITS_MW = tariffs.GRID_LIMITS_MW | {"Guizhou": 3500}
"""Limit of grid power by zone, MW (estimate): no load of Gui'an New Area was published yet."""


def guizhou_plan() -> float:
    """Return the big-data-field investment planned for Guizhou in 2023, mCNY: 49.12 was 22.33 % of it."""
    where = {"indicator": "bigdata_field_investment", "region": "Guizhou", "period_start": "2023-01-01"}
    return 100 * facts.number("guizhou_investment", "value", period_end="2023-12-31", **where)


def write(book: Book, case: Case) -> None:
    """Write tables `power`, `policies` and `budgets`, the prices of `profile_rules`, and the range of the PUE."""
    for zone in dict.fromkeys(site.zone for site in case.sites):
        _power(book, zone)
    _policies(book)
    _budgets(book, case)
    for site in case.sites:
        plant = curve(PLANT[site.name])
        low, high = round(plant["pue_free"] - 0.03, 2), round(plant["pue_mech"] + 0.08, 2)
        book.estimate("profiles", "*", f"pue_{site.name}", low, high, "by cooling plant and climate")


def _power(book: Book, zone: str) -> None:
    flat, name = tariffs.flat_price(zone), tariffs.key(zone)
    for letter, (hours, multiple) in (MIDDAY if zone in tariffs.MARKET_ZONES else NIGHT).items():
        book.add(
            "profile_rules",
            f"tariff-2023;benchmark-2020;tou-2021;{OWN}",
            "estimate",
            f"{zone}: {tariffs.LEVEL[letter]}, {multiple:g} x flat {flat:g}",
            profile=name,
            months=None,
            hours=hours,
            value=round(flat * multiple, 4),
        )
    book.estimate(
        "profile_rules", name, "value", 0.3 * flat, 2.0 * flat, "hours and multiples after the notice of 2021"
    )
    contract = _contract(zone)
    limit = GRID_LIMITS_MW.get(zone)
    book.add(
        "power",
        ";".join(["tariff-2023", "benchmark-2020", *([CONTRACTS[zone][1]] if contract else []), OWN]),
        "estimate",
        "price by time of use; national factor",
        zone=zone,
        price=name,
        contract_price_cny_per_kwh=contract,
        demand_charge_cny_per_kw_month=tariffs.demand_charge(zone),
        co2_kg_per_kwh=CO2[0],
        grid_limit_mw=limit,
    )
    book.estimate("power", zone, "co2_kg_per_kwh", *CO2[1:], "national factor of 2022; provinces lie between")
    if contract:
        book.estimate(
            "power", zone, "contract_price_cny_per_kwh", 0.9 * contract, flat, "at worst the list price holds"
        )
    if limit:
        book.estimate("power", zone, "grid_limit_mw", 0.4 * limit, 1.5 * limit, "connection capacity is not published")


def _contract(zone: str) -> float | None:
    """Return the energy part of the reported contract price, CNY/kWh; None if none is reported."""
    if zone not in CONTRACTS:
        return None
    charge = tariffs.demand_charge(zone) / (tariffs.HOURS_PER_MONTH * tariffs.LOAD_FACTOR)
    return round(facts.cost(CONTRACTS[zone][0]) - charge, 4)


def _policies(book: Book) -> None:
    shared.add(book, OWN, "engineering limit on the load of a link", "link_load_max", 0.7, quality="estimate")
    book.estimate("policies", "link_load_max/all/", "value", 0.5, 0.85, "headroom for the loss of one route: judgement")
    for hub in shared.HUBS:
        shared.add_pue(book, hub)
    occupancy = facts.number("policy_rules", "threshold", rule_id="R22")
    note = "R22: start zone, read for Gui'an; the aim of the province for 2025"
    more: dict[str, str | int] = {"scope": "Guizhou", "period": 2025, "quality": "derived"}
    shared.add(book, "hub-replies-2022;guizhou-hub-2022", note, "occupancy_min", occupancy, **more)
    ring = facts.number("policy_rules", "threshold", rule_id="R33")
    shared.add(book, "guizhou-hub-2022", "R33: direct links of the hub, one way", "ring_hub_ms", ring)


def _budgets(book: Book, case: Case) -> None:
    for period in case.periods:
        for scope, limit in {**BUDGETS, "Guizhou": guizhou_plan()}.items():
            book.add(
                "budgets",
                f"investment-2023;{OWN}",
                "estimate",
                "the year's plan, then 10 % a year" if scope == "Guizhou" else "grows 10 % a year",
                period=period,
                scope=scope,
                limit_mcny=float(f"{limit * (1 + GROWTH) ** (period - case.periods[0]):.3g}"),
            )
    book.spread("budgets", "limit_mcny", 0.6, 1.8, "Guizhou's plan of 22 bn CNY for 2023; investors by judgement")
