"""Build the shipped scenario `china-failures` from data/facts: `python -m tools.build_china_failures [--out DIR]`.

It extends `china` by ten contingencies: the loss of each of the five sites with the most IT power, and of each of the
five links with the most traffic, in the plan of `china` on one day. The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import build_china
from tools.china import shelf, sources
from tools.china.book import OWN, Book

SCENARIO = """\
name = "china-failures"
title = "East Data, West Computing in 2030: a plan that survives ten failures"
title_zh = "2030年的东数西算：可承受十种重大故障的方案"
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

SITES = ("GZM", "HLG", "JNM", "ZWI", "ZJK")
"""Sites with the most IT power, 2.9 to 1.4 GW."""
LINKS = ("L05", "L31", "L26", "L74", "L25")
"""Links with the most traffic in one direction, 26 to 14 Tbps."""
EXTRA_MS = 10
"""How much later work may arrive during a failure (estimate)."""


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles`."""
    book = build_china.nation()
    for kind, names, most in (("site", SITES, "IT power"), ("link", LINKS, "traffic")):
        for name in names:
            note = f"one of the five {kind}s with the most {most} in the plan of china on one day; lost altogether"
            book.add(
                "contingencies", OWN, "estimate", note,
                contingency=f"{kind}-{name}", share_lost=1, extra_latency_ms=EXTRA_MS, **{kind: name},
            )  # fmt: skip
    sources.write(book, *shelf.WEATHER.split(";"))
    return book


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario china-failures from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "china-failures", help="folder to write")
    shelf.put(parser.parse_args().out, SCENARIO, build())


if __name__ == "__main__":
    main()
