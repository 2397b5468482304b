"""Build the shipped scenario `china-failures` from data/facts: `python -m tools.build_china_failures [--out DIR]`.

It extends `china` by its ten gravest contingencies: the failures of one site or one link that cost most when the plan
survives them alone. `--try` plans `china` on one day with each of them, writes `failures_tried.csv` beside this file, and
ends; it takes half an hour on one core. The build reads that file and is deterministic.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import xisuan as xs
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

TRIED = Path(__file__).with_name("failures_tried.csv")
"""What each failure costs, million CNY of the plan; blank where no plan survives it."""
COUNT = 10
EXTRA_MS = 10
"""How much later work may arrive during a failure (estimate)."""


def build() -> Book:
    """Return all tables of the stand-alone scenario but `profiles`."""
    book = build_china.nation()
    for kind, name, _cost in gravest()[:COUNT]:
        note = "one of the ten failures of a site or a link that cost most when each is survived alone; lost altogether"
        book.add(
            "contingencies", OWN, "estimate", note,
            contingency=f"{kind}-{name}", share_lost=1, extra_latency_ms=EXTRA_MS, **{kind: name},
        )  # fmt: skip
    sources.write(book, *shelf.WEATHER.split(";"))
    return book


def gravest() -> list[tuple[str, str, float]]:
    """Return kind, name and cost of the failures that a plan survives, the dearest first."""
    tried = (
        pd.read_csv(TRIED).dropna(subset=["mcny"]).sort_values(["mcny", "kind", "name"], ascending=[False, True, True])
    )
    return list(tried.itertuples(index=False, name=None))


def failures(scenario: xs.Scenario) -> list[tuple[str, str]]:
    """Return kind and name of every site and link."""
    return [(kind, name) for kind in ("site", "link") for name in scenario[f"{kind}s"][kind].drop_duplicates()]


def try_failures(scenario: xs.Scenario, asked: list[tuple[str, str]]) -> Iterator[tuple[str, str, float]]:
    """Yield kind, name and cost of each failure: the least cost with it as the only contingency, less that without any.

    The cost is NaN where no plan survives it. Differences below the gap of the plans are 0.
    """
    least, table = xs.plan(scenario), scenario["contingencies"]
    for kind, name in asked:
        row = {"contingency": f"{kind}-{name}", "share_lost": 1.0, "extra_latency_ms": float(EXTRA_MS), kind: name}
        blank = {column: "" for column in table.columns if table[column].dtype.kind not in "fb"}
        rows = pd.DataFrame([blank | row]).reindex(columns=table.columns)
        try:
            found = xs.plan(scenario.with_tables(contingencies=rows.astype(table.dtypes.to_dict())))
        except xs.InfeasibleError:
            yield kind, name, math.nan
            continue
        more = found.cost_mcny - least.cost_mcny
        yield kind, name, round(more, 1) if more > max(found.gap, least.gap, 1e-6) * least.cost_mcny else 0.0


def on_one_day() -> xs.Scenario:
    """Return `china` on the hours of this scenario."""
    return xs.on_hours(xs.load("china"), xs.Hours("days", 1))


def main() -> None:
    """Write the scenario folder, or try the failures."""
    parser = argparse.ArgumentParser(description="Build the scenario china-failures from data/facts.")
    parser.add_argument("--out", type=Path, default=shelf.LIBRARY / "china-failures", help="folder to write")
    parser.add_argument(
        "--try", dest="tries", action="store_true", help="plan each failure of a site or a link instead"
    )
    given = parser.parse_args()
    if given.tries:
        scenario = on_one_day()
        rows = pd.DataFrame(try_failures(scenario, failures(scenario)), columns=["kind", "name", "mcny"])
        rows.to_csv(TRIED, index=False)
    else:
        shelf.put(given.out, SCENARIO, build())


if __name__ == "__main__":
    main()
