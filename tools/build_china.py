"""Build the shipped scenario `china` from data/facts: `python -m tools.build_china [--out DIR]`.

The build is deterministic: no network, clock or randomness. Estimates are marked in their rows, with their ranges in
`estimates` and their reasoning in docs/explanation/data.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.china import (
    actuals,
    climate,
    demand,
    fleet,
    halls,
    levers,
    network,
    places,
    rules,
    shelf,
    sources,
    supply,
    tariffs,
)
from tools.china import technologies as vintages
from tools.china.book import Book
from tools.china.case import Case

SCENARIO = """\
name = "china"
title = "East Data, West Computing: the nation in 2030"
title_zh = "东数西算：2030年的全国"
extends = ""
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

CASE = Case(periods=(2030,), sites=places.sites(places.COVERS, {}), weights=places.weights())

PARTS = (places, vintages, fleet, halls, demand, network, tariffs, supply, climate, rules)
"""Modules that write tables, in the order of the estimates."""


def nation(case: Case = CASE) -> Book:
    """Return all tables but `profiles` and `sources`."""
    book = Book()
    for part in PARTS:
        part.write(book, case)
    actuals.write(book)
    levers.write(book)
    return book


def build(case: Case = CASE) -> Book:
    """Return all tables but `profiles`."""
    book = nation(case)
    sources.write(book, *shelf.WEATHER.split(";"))
    return book


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario china from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "china", help="folder to write")
    folder = parser.parse_args().out
    shelf.put(folder, SCENARIO, build())
    shelf.put_profiles(folder)


if __name__ == "__main__":
    main()
