"""Build the shipped scenario `guizhou-2023` from data/facts: `python -m tools.build_guizhou_2023 [--out DIR]`.

The question of the bulletin of 27 June 2023. It extends `guizhou-days`, whose rows from later pages are hidden by the
date; the values known then replace them. The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.china import actuals as national
from tools.china import shelf, sources
from tools.china.book import Book
from tools.china.case import Case
from tools.china.rules import HUBS
from tools.guizhou import access, actuals
from tools.guizhou.places import SITES
from tools.guizhou_2023 import equipment, places, rules, work

DROPPED = ", ".join(f'"occupancy_min/{hub}/2028"' for hub in HUBS)
"""Rows that were known in 2023 but belong to the later question."""

SCENARIO = f"""\
name = "guizhou-2023"
title = "Guizhou as planned in June 2023, 2023-2025"
title_zh = "2023年6月的贵州规划（2023–2025）"
extends = "guizhou-days"
base_year = 2023
discount_rate = 0.06
as_of = 2023-06-27
periods = [2023, 2024, 2025]
last_period_years = 1
hours = "days:1"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"

[report]
region = "Guizhou"

[drop]
policies = [{DROPPED}]
"""

CASE = Case(periods=(2023, 2024, 2025), sites=SITES, weights=places.weights())

PARTS = (places, equipment, work, rules)
"""Modules that write tables, in the order of the estimates."""


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles`."""
    book = Book(own="xisuan-2023")
    for part in PARTS:
        part.write(book, CASE)
    access.question_of_2023(book)
    national.write(book)
    actuals.write(book)
    access.happened(book)
    sources.write(book, *shelf.WEATHER.split(";"))
    return book


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou-2023 from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "guizhou-2023", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
