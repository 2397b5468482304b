"""Build the shipped scenario `china-hourly` from data/facts: `python -m tools.build_china_hourly [--out DIR]`.

It extends `china`: new sites match 80 % of their power by clean power in every hour, and every zone sells green power by
the hour, with the wind of the nearest cluster that has wind. The build is deterministic.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from tools import build_china
from tools.china import facts, rules, shelf, sources
from tools.china.book import OWN, Book, Value
from tools.china.rules import threshold

SCENARIO = """\
name = "china-hourly"
title = "East Data, West Computing in 2030: clean power in every hour"
title_zh = "2030年的东数西算：逐小时清洁用电"
extends = "china"
base_year = 2026
discount_rate = 0.06
as_of = 2025-12-31
periods = [2030]
last_period_years = 1
hours = "year"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"

[report]
region = "Guizhou"
"""

PREMIUM = 0.03
"""Premium of green power by the hour, CNY/kWh delivered (estimate)."""
MOST_PREMIUM = 0.06
HOW = (
    "no price of green power by the hour is published; not below the certificate of the year (5.22 CNY/MWh), and the"
    " upper end doubles the value"
)


SHARES = (0.5, 1.0)
"""Range of the share of clean power in every hour."""
WHY = "no rule by the hour is published; from half the power to full matching"


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles`."""
    book = build_china.nation()
    wind = {row["site"]: row["profile"] for row in book.rows["supply"] if row["source"] == "wind"}
    places = {row["site"]: row for row in book.rows["sites"]}
    near = {}
    for row in places.values():
        site = min(wind, key=lambda name: _distance(places[name], row))
        near.setdefault(row["zone"], wind[site])
    least = facts.number("renewables", "value", id="R305") / 1000
    for row in book.rows["power"]:
        row["green_profile"] = near[row["zone"]]
        row["green_premium_cny_per_kwh"] = PREMIUM
        row["quality"] = "estimate"
        row["cited"] = ";".join(dict.fromkeys([*str(row["cited"]).split(";"), "worldclim", OWN]))
    _premium(book, least)
    rules.add(
        book,
        "hub-opinions-2023;xisuan",
        "the 80 % of new sites, in every hour",
        "clean_share_hourly_min",
        threshold("R02"),
        applies="new",
        quality="estimate",
    )
    book.estimate("policies", "clean_share_hourly_min/all/*", "value", *SHARES, WHY)
    sources.write(book, *shelf.WEATHER.split(";"))
    return book


def _premium(book: Book, least: float) -> None:
    """Replace the range of the premium."""
    rows = book.rows["estimates"]
    rows[:] = [row for row in rows if (row["table"], row["column"]) != ("power", "green_premium_cny_per_kwh")]
    book.estimate("power", "*", "green_premium_cny_per_kwh", least, MOST_PREMIUM, HOW)


def _distance(one: dict[str, Value], two: dict[str, Value]) -> float:
    """Return the great-circle distance of two sites, radians."""
    (a, b), (c, d) = ((math.radians(float(str(row[name]))) for name in ("lat", "lon")) for row in (one, two))
    return math.acos(min(1.0, math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)))


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario china-hourly from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "china-hourly", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
