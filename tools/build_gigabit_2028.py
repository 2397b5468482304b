"""Build the shipped scenario `guizhou-gigabit-2028` from data/facts: `python -m tools.build_gigabit_2028 [--out DIR]`.

A what-if on `guizhou`: a later standard of gigabit cities, supposed and published nowhere, that all nine cities are to
reach from 2028 on. Access only. The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import build_gigabit_2023
from tools.china import facts, shelf, sources
from tools.china.book import Book
from tools.guizhou import access

OUT = build_gigabit_2023.OUT.parent / "guizhou-gigabit-2028"

SCENARIO = """\
name = "guizhou-gigabit-2028"
title = "What if a later gigabit standard came in 2028 (supposed)"
title_zh = "情景假设：2028年执行更高的千兆城市标准（未公布）"
extends = ""
base_year = 2026
discount_rate = 0.06
as_of = 2026-02-28
periods = [2026, 2027, 2028, 2029, 2030]
last_period_years = 1
hours = "one"
objective = "cost"
capital = "annuity"

[report]
region = ""
"""


def build() -> Book:
    """Return all tables."""
    book = Book()
    build_gigabit_2023.regions(book)
    access.later_standard(book)
    _power(book)
    access.happened(book)
    sources.write(book)
    return book


def _power(book: Book) -> None:
    """Write price and carbon intensity of a station's electricity."""
    book.add(
        "power",
        "station-bill-2020;mee-2023",
        "estimate",
        "price of a station's electricity; factor of 2023",
        zone="Guizhou",
        price=0.65,
        co2_kg_per_kwh=facts.province("CN-GZ", "grid_co2"),
    )


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou-gigabit-2028 from data/facts.")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
