"""Build the shipped scenario `guizhou-days` from data/facts: `python -m tools.build_guizhou_days [--out DIR]`.

It extends `guizhou`: eleven areas replace the thirty other provinces, and a year is four days, so that it solves fast.
The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import build_guizhou
from tools.china import shelf
from tools.china.book import Book
from tools.china.case import Case
from tools.china.national import YEARS
from tools.guizhou import places

DROPPED = ", ".join(f'"{area.name}"' for area in places.PROVINCES)

SCENARIO = f"""\
name = "guizhou-days"
title = "Guizhou and eleven areas, four days a year, 2026-2030"
title_zh = "贵州与十一个片区：每年四天（2026–2030）"
extends = "guizhou"
base_year = 2026
discount_rate = 0.06
as_of = 2026-02-28
periods = [2026, 2027, 2028, 2029, 2030]
last_period_years = 1
hours = "days:4"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"
gap = ""

[report]
region = "Guizhou"

[drop]
regions = [{DROPPED}]
"""

CASE = Case(periods=YEARS, sites=places.SITES, weights=places.weights())


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles` and those of indicators."""
    return build_guizhou.region(CASE, places.AREAS)


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou-days from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "guizhou-days", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
