"""Solar, wind and batteries that a cluster may build behind its meter."""

from __future__ import annotations

from dataclasses import dataclass

from tools.china import facts
from tools.china.book import OWN, Book
from tools.china.case import Case
from tools.china.climate import SOLAR_SITES, WIND_HOURS

SOLAR_LIMIT_MW = {"ZJK": 600, "SGN": 150, "HLG": 1000, "GAN": 200, "QYG": 400, "ZWI": 500}
WIND_LIMIT_MW = {"ZJK": 800, "HLG": 1200, "GAN": 100, "QYG": 400, "ZWI": 300}
BATTERY_LIMIT_MW = {"GAN": 200, "SGN": 100, "HLG": 300, "ZWI": 200}
"""Limit of plant at a cluster, MW (estimate): direct supply within reach of a private line."""

BATTERY_HOURS = 4


@dataclass(frozen=True)
class Plant:
    """Cost of a kind of plant: mCNY per MW, per MWh, per MW and year, and per MWh produced."""

    per_mw: float
    per_mwh: float
    opex: float
    life: int
    wear: float
    source: str
    how: str


SOLAR = Plant(
    facts.number("renewables", "value", id="R288") / 1000,
    0,
    0.04,
    25,
    1e-6,
    "pv-capex;worldclim",
    "planning value 3,300 CNY/kW (2,500-4,000)",
)
WIND = Plant(
    facts.number("renewables", "value", id="R289") / 1000,
    0,
    0.10,
    20,
    1e-6,
    "wind-capex;nea-2022",
    "planning value 5,000 CNY/kW (4,300-5,800)",
)
BATTERY = Plant(
    0.2,
    0.8,
    0.01,
    12,
    2e-5,
    "storage-tender-2025;xisuan",
    "turnkey 1,000 CNY/kWh for four hours (800-1,300), a fifth of it for power",
)


def write(book: Book, case: Case) -> None:
    """Write table `supply`, and the range of the synthetic profiles."""
    for site in SOLAR_SITES:
        _plant(book, site, "solar", SOLAR, SOLAR_LIMIT_MW[site], case)
    for site in WIND_HOURS:
        _plant(book, site, "wind", WIND, WIND_LIMIT_MW[site], case)
    for site, limit in BATTERY_LIMIT_MW.items():
        _plant(book, site, "battery", BATTERY, limit, case)
    _estimates(book)


def _plant(book: Book, site: str, kind: str, plant: Plant, limit: float, case: Case) -> None:
    battery = kind == "battery"
    book.add(
        "supply",
        plant.source + ("" if OWN in plant.source else f";{OWN}"),
        "estimate",
        plant.how,
        site=site,
        source=kind,
        capex_mcny_per_mw=plant.per_mw,
        capex_mcny_per_mwh=plant.per_mwh,
        opex_mcny_per_mw_year=plant.opex,
        life_years=plant.life,
        lead_years=case.lead_years,
        existing_mw=0,
        limit_mw=limit,
        limit_mwh=limit * BATTERY_HOURS if battery else None,
        efficiency=0.93 if battery else None,
        cost_mcny_per_mwh=plant.wear,
        profile=None if battery else f"{kind}_{site}",
    )


def _estimates(book: Book) -> None:
    book.spread("supply", "limit_mw", 0.3, 3.0, "land and connection within reach of the cluster: judgement")
    book.spread("supply", "limit_mwh", 0.3, 3.0, "four hours of the power limit")
    book.spread("supply", "capex_mcny_per_mw", 0.75, 1.25, SOLAR.how, source="solar")
    book.spread("supply", "capex_mcny_per_mw", 0.85, 1.2, WIND.how, source="wind")
    book.spread("supply", "capex_mcny_per_mw", 0.5, 2.0, BATTERY.how, source="battery")
    book.spread("supply", "capex_mcny_per_mwh", 0.6, 1.3, BATTERY.how, source="battery")
    book.spread("supply", "opex_mcny_per_mw_year", 0.5, 2.0, "1 to 2 % of capital cost a year")
    book.spread("supply", "cost_mcny_per_mwh", 0.2, 5.0, "1 CNY/MWh handling; battery wear 20 CNY per MWh discharged")
    book.spread("supply", "efficiency", 0.97, 1.04, "0.93 each way, 0.86 there and back")
    for site in SOLAR_SITES:
        book.estimate(
            "profiles",
            "*",
            f"solar_{site}",
            0,
            1,
            "sun's height x clearness of the day, to the hours of WorldClim irradiation x 0.8; 10-20 % high in Guizhou",
        )
    for site, hours in WIND_HOURS.items():
        book.estimate(
            "profiles",
            "*",
            f"wind_{site}",
            0,
            1,
            f"synthetic season, night and gust shape scaled to {hours}"
            " hours a year; national 2,201 in 2022; no provincial figure after 2015 is usable",
        )
