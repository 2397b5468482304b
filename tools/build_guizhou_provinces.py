"""Build the shipped scenario `guizhou-provinces` from data/facts: `python -m tools.build_guizhou_provinces [--out DIR]`.

It extends `guizhou`: the thirty other provinces stand one by one in place of eleven areas, and a year is four whole weeks.
Same facts, same bytes.
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

DROPPED = ", ".join(f'"{area.name}"' for area in places.AREAS)

SCENARIO = f"""\
name = "guizhou-provinces"
title = "Guizhou and the thirty other provinces, four weeks a year, 2026-2030"
title_zh = "贵州与其他三十个省份：每年四周（2026–2030）"
extends = "guizhou"
base_year = 2026
discount_rate = 0.06
as_of = 2026-02-28
periods = [2026, 2027, 2028, 2029, 2030]
last_period_years = 1
hours = "weeks:4"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"
gap = 1e-4

[report]
region = "Guizhou"

[drop]
regions = [{DROPPED}]
"""

CASE = Case(periods=YEARS, sites=places.SITES, weights=places.weights(places.PROVINCES))


def build() -> Book:
    """All tables of the scenario but `profiles` and those of indicators, as if it stood alone."""
    return build_guizhou.region(CASE, places.PROVINCES)


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou-provinces from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "guizhou-provinces", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
