"""Build the shipped scenario `guizhou-week` from data/facts: `python -m tools.build_guizhou_week [--out DIR]`.

It extends `guizhou-days`: a year is one week, which a full run also operates by a rolling horizon, so that its brief says
what a controller loses that does not know the hours ahead. The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import build_guizhou_days
from tools.china import shelf
from tools.china.book import Book

SCENARIO = """\
name = "guizhou-week"
title = "Guizhou and eleven areas, a week operated without knowing the hours ahead, 2026-2030"
title_zh = "贵州与十一个片区：不预知未来时段的一周运行（2026–2030）"
extends = "guizhou-days"
base_year = 2026
discount_rate = 0.06
as_of = 2026-02-28
periods = [2026, 2027, 2028, 2029, 2030]
last_period_years = 1
hours = "weeks:1"
objective = "cost"
capital = "annuity"

[plan]
power_price = "list"
gap = ""
rolling = "96/24"

[report]
region = "Guizhou"
"""


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles` and those of indicators."""
    return build_guizhou_days.build()


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou-week from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "guizhou-week", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
