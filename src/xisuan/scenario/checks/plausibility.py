"""Warnings about likely slips: wrong units, swapped coordinates, badly scaled numbers."""

from __future__ import annotations

import numpy as np

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.schema.access_tables import COUNTED_IN, INDICATORS
from xisuan.scenario.schema.tables import TABLES

WIDEST = 1e9
"""Ratio of largest to smallest number of a column above which solvers lose digits."""
DEAREST_CNY_PER_KWH = 10.0
DIRTIEST_KG_PER_KWH = 5.0
LARGEST_UNIT_MW = 1000.0
SLOWEST_MS = 1000.0
"""One-way latency: light takes 100 ms in a cable half around the Earth, and queues add less than a second."""
LARGEST_SITE_MW = 20_000.0
"""IT power of one site: the largest planned clusters have some 5,000."""
DEAREST_MCNY_PER_MW = 10_000.0
"""Capital cost of equipment per MW: accelerators, the most expensive, cost some 500."""
DEAREST_UNIT_MCNY = 100_000.0
"""Capital cost per unit of equipment without power data: more than any single machine has cost."""
LONGEST_YEARS = 100.0
EARLIEST_YEARS = 20
"""Years by which the base year of money may precede the first period; prices change too much over a generation."""
MOST_USERS = 3.0
"""Users of one kind per resident above which one of the two is probably in another unit."""


def _level(at: Inspection, cell: float | str) -> float:
    """Return a number itself, or the mean of a profile."""
    return float(at.scenario.curves[cell].mean()) if isinstance(cell, str) else float(cell)


def energy(at: Inspection) -> None:
    """Warn of prices not per kWh in CNY, carbon not in kg, and units of equipment too large in MW."""
    for row in at.rows("power"):
        for column in ("price", "contract_price_cny_per_kwh", "green_premium_cny_per_kwh"):
            if _level(at, row[column]) > DEAREST_CNY_PER_KWH:
                at.warn("power", row, column, "price-not-per-kwh", most=DEAREST_CNY_PER_KWH)
        if _level(at, row["price"]) < 0:
            at.warn("power", row, "price", "price-negative")
        if _level(at, row["co2_kg_per_kwh"]) > DIRTIEST_KG_PER_KWH:
            at.warn("power", row, "co2_kg_per_kwh", "carbon-not-kg", most=DIRTIEST_KG_PER_KWH)
    for row in at.rows("technologies"):
        if row["mw_per_unit"] > LARGEST_UNIT_MW:
            at.warn("technologies", row, "mw_per_unit", "unit-not-mw")


def sizes(at: Inspection) -> None:
    """Warn of latency, power, capital and lives that look off by a factor of a thousand."""
    for table in ("workloads", "links", "latency"):
        for row in at.rows(table):
            if row["latency_ms"] > SLOWEST_MS:
                at.warn(table, row, "latency_ms", "latency-not-ms")
    for row in at.rows("sites"):
        if row["it_limit_mw"] > LARGEST_SITE_MW:
            at.warn("sites", row, "it_limit_mw", "site-not-mw")
    for row in at.rows("technologies"):
        price, draws = row["capex_mcny_per_unit"], row["mw_per_unit"]
        if draws > 0 and price > DEAREST_MCNY_PER_MW * draws:
            at.warn("technologies", row, "capex_mcny_per_unit", "capital-per-mw-not-mcny", most=DEAREST_MCNY_PER_MW)
        elif not draws > 0 and price > DEAREST_UNIT_MCNY:
            at.warn("technologies", row, "capex_mcny_per_unit", "capital-per-unit-not-mcny", most=DEAREST_UNIT_MCNY)
    for table in ("halls", "technologies", "links", "supply", "measures"):
        for row in at.rows(table):
            if row["life_years"] < 1:
                at.warn(table, row, "life_years", "life-below-a-year")
            elif row["life_years"] > LONGEST_YEARS:
                at.warn(table, row, "life_years", "life-above-a-century")


def money(at: Inspection) -> None:
    """Warn if the base year is after the plan's periods or far before them."""
    year, first, last = at.scenario.settings.base_year, at.periods[0], at.periods[-1]
    if year > last:
        at.findings.warn("scenario.toml", "", "base_year", year, "base-year-after-periods", last=last)
    elif year < first - EARLIEST_YEARS:
        place = ("scenario.toml", "", "base_year", year)
        at.findings.warn(*place, "base-year-long-before", years=EARLIEST_YEARS, first=first)


def day(at: Inspection) -> None:
    """Warn if `as_of` fixes all periods, so that nothing is left to plan."""
    told = any(problem.column == "as_of" for problem in at.findings.problems)
    if not told and at.scenario.fixed(at.periods[-1]):
        at.findings.warn(
            "scenario.toml", "", "as_of", at.scenario.settings.as_of, "all-periods-past", last=at.periods[-1]
        )


def places(at: Inspection) -> None:
    """Warn of a place that lies among the others only once latitude and longitude are swapped."""
    rows: list[tuple[str, Row]] = [(table, row) for table in ("regions", "nodes", "sites") for row in at.rows(table)]
    rows = [(table, row) for table, row in rows if row["lat"] == row["lat"] and row["lon"] == row["lon"]]
    points = np.array([(row["lat"], row["lon"]) for _, row in rows])
    if len(points) < 4:
        return
    middle = np.median(points, axis=0)
    # Median and median absolute deviation: robust against the very outliers looked for.
    spread = np.maximum(np.median(np.abs(points - middle), axis=0), 1.0)
    for (table, row), point in zip(rows, points, strict=True):
        off = np.abs(point - middle) / spread
        if off.min() > 8 and (np.abs(point[::-1] - middle) / spread).max() < 8:
            at.warn(table, row, "lat", "place-far-from-others", lat=point[1], lon=point[0])


def counts(at: Inspection) -> None:
    """Warn if counts of a city look like shares, or residents like tens of thousands."""
    said: set[str] = set()
    for row in at.rows("city_state"):
        if row["city"] not in said and _shares(at, row) + _residents(at, row):
            said.add(row["city"])  # its later rows have the same slip


def _shares(at: Inspection, row: Row) -> int:
    """Warn of counts between 0 and 1 of wholes above 1. Return their number."""
    found = 0
    for one in INDICATORS:
        if 0.0 < row[one.numerator] < 1.0 < row[one.denominator]:
            unit = COUNTED_IN[one.numerator]
            at.warn(
                "city_state",
                row,
                one.numerator,
                "count-looks-like-share",
                whole=one.denominator,
                amount=row[one.denominator],
                unit=unit,
            )
            found += 1
    return found


def _residents(at: Inspection, row: Row) -> int:
    """Warn of fewer residents than households, or far fewer than users. Return 1 if so, else 0."""
    persons = row["population"]
    if row["urban_households"] > persons:
        at.warn("city_state", row, "population", "residents-below-households", households=row["urban_households"])
        return 1
    for name in ("fixed_users", "mobile_users"):
        if row[name] > MOST_USERS * persons:
            at.warn("city_state", row, "population", "residents-below-users", users=row[name], name=name)
            return 1
    return 0


def scaling(at: Inspection) -> None:
    """Warn of columns whose numbers span more than nine orders of magnitude."""
    for table in TABLES:
        if table.name in (
            "profiles",
            "profile_rules",
            "sources",
            "estimates",
            "blocks",
            "indicators",
            "observations",
            "targets",
            "drivers",
        ):
            continue
        frame = at.scenario[table.name]
        for column in table.columns:
            if column.kind != "number" or frame.empty:
                continue
            values = np.abs(frame[column.name].to_numpy(dtype=np.float64))
            values = values[values > 0]
            if values.size and values.min() < values.max() / WIDEST:
                at.warn(table.name, "", column.name, "numbers-far-apart", least=values.min(), largest=values.max())


CHECKS = (energy, sizes, money, day, places, counts, scaling)
