"""Build the shipped scenario `china-years` from data/facts: `python -m tools.build_china_years [--out DIR]`.

It extends `china`, which must exist: the same nation in each year of 2026 to 2030, on four whole weeks a year, with a
power price for every province. Folders of single provinces extend it. The build is deterministic.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from tools import build_china
from tools.china import shelf, tariffs
from tools.china.book import Book
from tools.china.national import YEARS

SCENARIO = """\
name = "china-years"
title = "East Data, West Computing: the nation, 2026-2030"
title_zh = "东数西算：全国（2026–2030）"
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
region = ""
"""


CASE = replace(build_china.CASE, periods=YEARS, zones=tuple(tariffs.ZONES))


def build() -> Book:
    """Return all tables but `profiles`."""
    return build_china.build(CASE)


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario china-years from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "china-years", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
