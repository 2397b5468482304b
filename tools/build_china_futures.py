"""Build the shipped scenario `china-futures` from data/facts: `python -m tools.build_china_futures [--out DIR]`.

It extends `china` by eight futures and a penalty for unserved work. Without the penalty the first-stage orders would
have to cover the highest demand of every place. The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import build_china
from tools.china import demand, members, shelf, sources
from tools.china.book import Book

SCENARIO = """\
name = "china-futures"
title = "East Data, West Computing in 2030: one plan for eight futures"
title_zh = "2030年的东数西算：兼顾八种未来的一个方案"
extends = "china"
base_year = 2026
discount_rate = 0.06
as_of = 2025-12-31
periods = [2030]
last_period_years = 1
hours = "days:1"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"

[report]
region = "Guizhou"
"""


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles`."""
    book = build_china.nation()
    demand.price_what_is_left(book)
    members.write(book)
    sources.write(book, *shelf.WEATHER.split(";"))
    return book


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario china-futures from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "china-futures", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
