"""Electricity prices and carbon: time-of-use prices by rule, contracts, demand charges, carbon, green premium."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from tools.china import facts
from tools.china.book import OWN, Book
from tools.china.case import Case
from tools.china.national import YEARS

ZONES = {
    "Hebei-North": "CN-HE",
    "Shanghai": "CN-SH",
    "Anhui": "CN-AH",
    "Guangdong-North": "CN-GD",
    "Sichuan": "CN-SC",
    "Chongqing": "CN-CQ",
    "Inner Mongolia-West": "CN-NM",
    "Guizhou": "CN-GZ",
    "Gansu": "CN-GS",
    "Ningxia": "CN-NX",
    "Beijing": "CN-BJ",
    "Guangdong": "CN-GD",
    "Hubei": "CN-HB",
    "Shandong": "CN-SD",
    "Shaanxi": "CN-SN",
    "Liaoning": "CN-LN",
    "Xinjiang": "CN-XJ",
    "Tibet": "CN-XZ",
    "Tianjin": "CN-TJ",
    "Shanxi": "CN-SX",
    "Jilin": "CN-JL",
    "Heilongjiang": "CN-HL",
    "Jiangsu": "CN-JS",
    "Zhejiang": "CN-ZJ",
    "Fujian": "CN-FJ",
    "Jiangxi": "CN-JX",
    "Henan": "CN-HA",
    "Hunan": "CN-HN",
    "Guangxi": "CN-GX",
    "Hainan": "CN-HI",
    "Yunnan": "CN-YN",
    "Qinghai": "CN-QH",
}
"""Grid zone → province whose emission factor it has."""

TARIFF_OF = {"Guangdong-North": "Guangdong"}
"""Zones that read another zone's rows: Shaoguan has Guangdong's hours and charges, at a lower price."""

SHAOGUAN_DISCOUNT = "C44"
"""Row of costs.csv: Shaoguan's price less that of the Pearl River Delta, CNY/kWh."""

DEFAULT_FLOAT = {"P": 1.6, "V": 0.4, "S": 1.92, "D": 0.3}
"""Multiples of the flat price for zones without transcribed ones (estimate: the values of most provinces)."""

MARKET_FLOAT = {"P": 1.5, "V": 0.5, "S": 1.8, "D": 0.4}
"""The same for Gansu and Ningxia, whose multiples follow spot market spreads (estimate: milder than the rest)."""

MARKET_ZONES = ("Gansu", "Ningxia")
CONTRACTS = {
    "Guizhou": ("C68", "china-daily-guian"),
    "Ningxia": ("C69", "china-daily-zhongwei"),
    "Gansu": ("C71", "ft-2025"),
    "Inner Mongolia-West": ("C71", "ft-2025"),
}
"""Zone → row of costs.csv with the reported all-in contract price, and its source."""

LOAD_FACTOR = 0.85
HOURS_PER_MONTH = 730
"""A demand charge of d CNY/kW-month is d / (730 × 0.85) CNY/kWh: the load factor of the price table."""

TIBET = {"energy": (0.60, 0.40, 0.75), "demand": (30.0, 20.0, 40.0)}
"""Energy price in CNY/kWh and demand charge in CNY per kW and month, with low and high (estimate).

Only Tibet's coal benchmark is published; 1.10 × 0.4993 + 0.05 is 0.60 before transmission, and hydro is cheaper. The
charge is that of Qinghai.
"""

GRID_LIMITS_MW = {
    "Hebei-North": 6000,
    "Shanghai": None,
    "Anhui": 2500,
    "Guangdong-North": 2000,
    "Sichuan": 4000,
    "Chongqing": 2500,
    "Inner Mongolia-West": 7000,
    "Gansu": 2800,
    "Ningxia": 2800,
}
"""Limit of grid power of a zone's sites, MW (estimate): 1.35 to 1.5 × the IT limit of its cluster."""

GUIAN = {"place": "Gui'an New Area"}
OTHER_USES_MW = 240
"""Load of the rest of Gui'an New Area (estimate): 5.0 TWh of 2025 less 2.9 of data centres, over 8,760 hours."""


def guian_limits() -> dict[int, float]:
    """Return the grid power that Gui'an's data centres may draw by year, MW: the published load less that of other uses.

    The highest load of the new area was about 630 MW at the end of 2024 and is expected above 1,700 within five years; in
    between it grows evenly, and on as fast.
    """
    start, end = (10 * facts.number("guian_power", "value", period=year, item="highest load", **GUIAN)
                  for year in ("2024", "2029"))  # fmt: skip
    yearly = (end - start) / 5
    return {year: 10.0 * round((start + yearly * (year - 2024) - OTHER_USES_MW) / 10) for year in YEARS}


def key(zone: str) -> str:
    """Return the name of a zone in profile names."""
    return "price_" + zone.lower().replace(" ", "_").replace("-", "_")


def flat_price(zone: str) -> float:
    """Return the energy part of the flat list price at 110 kV, CNY/kWh."""
    price = facts.number("grid_prices", "flat_price_110kv_energy_cny_kwh", zone=TARIFF_OF.get(zone, zone))
    return round(price + facts.cost(SHAOGUAN_DISCOUNT) if zone in TARIFF_OF else price, 4)


def demand_charge(zone: str) -> float:
    """Return the demand charge at 110 kV, CNY per kW and month."""
    return facts.number("grid_prices", "demand_charge_110kv_cny_kw_month", zone=TARIFF_OF.get(zone, zone))


def contract_price(zone: str) -> float | None:
    """Return the energy part of the reported contract price: all-in price less demand charge at 85 % load, CNY/kWh."""
    if zone not in CONTRACTS:
        return None
    return round(facts.cost(CONTRACTS[zone][0]) - demand_charge(zone) / (HOURS_PER_MONTH * LOAD_FACTOR), 4)


def multiples(zone: str, rule: dict[str, str]) -> tuple[dict[str, float], bool]:
    """Return the multiple of the flat price by letter of a time-of-use rule, and True if all used ones are published."""
    default = MARKET_FLOAT if zone in MARKET_ZONES else DEFAULT_FLOAT
    columns = {"P": "peak_mult", "V": "valley_mult", "S": "sharp_mult", "D": "deep_mult"}
    out = {letter: float(rule[column] or default[letter]) for letter, column in columns.items()}
    used = set(rule["hours_00_23"]) - {"F"}
    return {"F": 1.0, **out}, all(rule[columns[letter]] for letter in used)


def _transcribed(zone: str) -> bool:
    """Return True if all multiples of a zone are transcribed, not only its hours."""
    rules = [row for row in facts.records("tou_rules") if row["zone"] == TARIFF_OF.get(zone, zone)]
    return all(multiples(zone, rule)[1] for rule in rules)


def runs(hours: str) -> dict[str, str]:
    """Return the hours of each letter of a 24-letter string as ranges: `FFVVF…` → {"F": "0-1;4-…", "V": "2-3"}."""
    out: dict[str, list[str]] = {}
    for letter, group in groupby(enumerate(hours), key=lambda pair: pair[1]):
        span = [hour for hour, _ in group]
        out.setdefault(letter, []).append(f"{span[0]}-{span[-1]}" if len(span) > 1 else f"{span[0]}")
    return {letter: ";".join(spans) for letter, spans in out.items()}


def write(book: Book, case: Case) -> None:
    """Write table `power` and the price rows of `profile_rules`, for the zones of sites and those of the case."""
    zones = [zone for zone in ZONES if zone in {*case.zones, *(site.zone for site in case.sites)}]
    for zone in zones:
        if zone == "Tibet":
            _tibet(book)
        else:
            _prices(book, zone)
            _zone(book, zone, ZONES[zone], limits_of(zone, case))
    _estimates(book, zones)


def add_zone(book: Book, zone: str, province: str) -> None:
    """Write price and carbon of a zone in which no site of the nation stands, without a limit of grid power."""
    _prices(book, zone)
    _zone(book, zone, province, {None: None})
    _spread_multiples(book, [zone])


def limits_of(zone: str, case: Case) -> dict[int | None, float | None]:
    """Return the limit of grid power of a zone by the year from which it holds; the first has no year."""
    if zone != "Guizhou":
        return {None: GRID_LIMITS_MW.get(zone)}
    path = case.holding(guian_limits())
    first = min(path)
    return {None if year == first else year: limit for year, limit in path.items()}


def _prices(book: Book, zone: str) -> None:
    flat = flat_price(zone)
    tariff = TARIFF_OF.get(zone, zone)
    for rule in [row for row in facts.records("tou_rules") if row["zone"] == tariff]:
        multiple, published = multiples(zone, rule)
        for letter, hours in sorted(runs(rule["hours_00_23"]).items()):
            book.add(
                "profile_rules",
                "tou-notices;tariff-table;coal-benchmark",
                "derived" if published else "estimate",
                f"{zone}: {LEVEL[letter]}, {multiple[letter]:g} x flat {flat:g}",
                profile=key(zone),
                months=rule["months"],
                hours=hours,
                value=round(flat * multiple[letter], 4),
            )


LEVEL = {"S": "sharp peak", "P": "peak", "F": "flat", "V": "valley", "D": "deep valley"}


def _zone(book: Book, zone: str, province: str, limits: Mapping[int | None, float | None]) -> None:
    contract = CONTRACTS.get(zone)
    cited = ["mee-2023", "tariff-table", "coal-benchmark", "certificates-2025", *(contract or ())[1:]]
    note = "price by time of use; factor of 2023, location-based"
    if zone == "Guizhou":
        cited += ["guian-load-2025", "guian-use-2025", OWN]
        note += "; grid: published load of the new area, about 630 MW in 2024 and over 1,700 in 2029, less other uses"
    for period, limit in limits.items():
        book.add(
            "power",
            ";".join(cited),
            "estimate" if limit else "derived",
            note,
            zone=zone,
            period=period,
            price=key(zone),
            contract_price_cny_per_kwh=contract_price(zone),
            demand_charge_cny_per_kw_month=demand_charge(zone),
            co2_kg_per_kwh=facts.province(province, "grid_co2"),
            grid_limit_mw=limit,
            green_premium_cny_per_kwh=facts.number("renewables", "value", id="R305") / 1000,
        )


def _tibet(book: Book) -> None:
    book.add(
        "power",
        "mee-2023;coal-benchmark;certificates-2025;xisuan",
        "estimate",
        "no tariff found; factor of the regional grid, 2023",
        zone="Tibet",
        price=TIBET["energy"][0],
        demand_charge_cny_per_kw_month=TIBET["demand"][0],
        co2_kg_per_kwh=facts.province("CN-XZ", "regional_grid_co2_2023"),
        green_premium_cny_per_kwh=facts.number("renewables", "value", id="R305") / 1000,
    )
    how = "only the coal benchmark is published; between hydro prices and the formula without transmission"
    book.estimate("power", "Tibet", "price", *TIBET["energy"][1:], how)
    book.estimate("power", "Tibet", "demand_charge_cny_per_kw_month", *TIBET["demand"][1:], "as in Qinghai, 31.2")


def _estimates(book: Book, zones: list[str]) -> None:
    for zone, limit in GRID_LIMITS_MW.items():
        if limit:
            book.estimate(
                "power",
                zone,
                "grid_limit_mw",
                0.6 * limit,
                1.5 * limit,
                "1.35 to 1.5 x the IT limit of the zone's cluster: connection capacity is not published",
            )
    book.spread(
        "power",
        "grid_limit_mw",
        0.75,
        2.0,
        "load of the new area as its power bureau expects it, less 240 MW of other uses; high: lines ahead of load",
        zone="Guizhou",
    )
    for zone in CONTRACTS:
        price = contract_price(zone) or 0.0
        book.estimate(
            "power",
            zone,
            "contract_price_cny_per_kwh",
            0.9 * price,
            flat_price(zone),
            "reported all-in price less the demand charge at 85 % load; at worst the list price holds",
        )
    book.estimate(
        "power",
        "*",
        "green_premium_cny_per_kwh",
        0.00256,
        0.00566,
        "certificate of the 2025 vintage, October 2025 (5.22 CNY/MWh); 2.56 for the 2024 vintage, 5.66 in"
        " August 2025; green power trading premiums by province were not found",
    )
    _spread_multiples(book, zones)


def _spread_multiples(book: Book, zones: list[str]) -> None:
    for zone in [zone for zone in zones if zone != "Tibet" and not _transcribed(zone)]:
        flat = flat_price(zone)
        book.estimate(
            "profile_rules",
            key(zone),
            "value",
            0.3 * flat,
            2.0 * flat,
            "hours published, multiples of the flat price not transcribed: 1.6 peak, 0.4 valley, 1.92 sharp"
            " as most provinces publish; 1.5 and 0.5 in Gansu and Ningxia, where the market sets the spread",
        )
