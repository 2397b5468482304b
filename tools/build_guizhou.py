"""Build the shipped scenario `guizhou` from data/facts: `python -m tools.build_guizhou [--out DIR]`.

It extends `china`; that and `china-years` must exist. The folder holds the differences. It has the nine prefectures of
Guizhou and the thirty other provinces one by one, on four whole weeks a year. The build is deterministic.

One code serves both builders. Prefectures, with census, GDP and shares of demand, are those that the builder of provinces
writes for Guizhou (`xisuan new --province Guizhou`). Links are priced and rings inside the province sized by its rules,
for the nation too; it writes the standard of gigabit cities that `tools.guizhou.access` states. These parts cannot start
from its rows:

* regions and nodes of the nation, trunks and traffic: 18 of its 41 nodes are contracted here, so that trunks have other
  ends, lengths and capacities than in `china-years`, and each area enters at another node;
* sites, halls, equipment: three metro sites are counted at others, because the nodes at which they stand are contracted;
* rings: they pass through Gui'an, which is a node and no prefecture; the shortest tree of the builder knows prefectures;
* cities, their state, and measures: provincial totals of ports, users and stations are among the facts for Guizhou only;
* statistics: series by year are among the facts for Guizhou and the nation only; of other provinces single figures are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.china import actuals as national
from tools.china import climate, demand, fleet, halls, levers, rules, shelf, sources, supply, tariffs
from tools.china import technologies as vintages
from tools.china.book import Book
from tools.china.case import Case
from tools.china.national import YEARS
from tools.china.places import provinces
from tools.guizhou import access, actuals, network, places, statistics


def options() -> str:
    """Return scenario.toml.

    It drops the regions of `china` with all rows at their capitals; thirty return at the kept nodes.
    """
    regions = ", ".join(f'"{code}"' for code in provinces())
    return f"""\
name = "guizhou"
title = "Guizhou in East Data, West Computing, 2026-2030"
title_zh = "东数西算中的贵州（2026–2030）"
extends = "china"
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
regions = [{regions}]
nodes = ["TFU", "CQG"]
links = ["L32"]
power = ["Liaoning", "Xinjiang", "Tibet"]
"""


CASE = Case(periods=YEARS, sites=places.SITES, weights=places.weights(places.PROVINCES))

PARTS = (vintages, fleet, halls, demand, network, tariffs, supply, climate, rules)
"""Modules that write tables after `places`, in the order of the estimates."""


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles`."""
    book = region(CASE, places.PROVINCES, "guizhou-indicators")
    statistics.write(book)
    return book


def region(case: Case, areas: tuple[places.Area, ...], *cited: str) -> Book:
    """Return the same tables without indicators.

    `areas`: where demand arises outside Guizhou. `cited`: sources that later rows cite.
    """
    book = Book()
    places.write(book, case, areas)
    for part in PARTS:
        part.write(book, case)
    access.write(book)
    levers.write(book)
    national.write(book)
    actuals.write(book)
    access.happened(book)
    sources.write(book, *shelf.WEATHER.split(";"), *cited)
    return book


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "guizhou", help="folder to write")
    shelf.put(parser.parse_args().out, options(), build())


if __name__ == "__main__":
    main()
