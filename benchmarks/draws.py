"""Plan Monte Carlo draws of access, by city and by branch and bound: `python -m benchmarks.draws CITIES DRAWS`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from unittest import mock

import pandas as pd

from benchmarks.rollout import nation
from xisuan.planning.access import monte_carlo_dates, pricing
from xisuan.scenario.scenario import Scenario

RANGED = ("homes_gigabit", "pon10g_ports", "g5_stations", "users_500m", "g5_users", "key_places_5g")
"""Counts of every city that are drawn, each from 75 to 125 % of its value."""


def ranged(cities: int) -> Scenario:
    """Return a nation with scarce budgets, the deadline 2028 for all cities, and ranges of the estimates."""
    base = nation(cities)
    state = base["city_state"]
    rows = [
        {"table": "city_state", "key": city, "column": column, "low": 0.75 * value, "high": 1.25 * value}
        for column in RANGED
        for city, value in zip(state["city"], state[column], strict=True)
    ]
    date = {"city": "all", "indicator": "gigabit", "deadline": 2028.0, "value": float("nan")}
    tables = {"estimates": pd.DataFrame(rows), "city_targets": pd.DataFrame([date])}
    full = {name: frame.reindex(columns=base[name].columns, fill_value="") for name, frame in tables.items()}
    return replace(base, tables={**base.tables, **full})


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of a call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main(cities: int, count: int) -> None:
    """Print processor seconds per draw; for up to twenty cities also those of branch and bound."""
    scenario = ranged(cities)
    ours = seconds(lambda: monte_carlo_dates.deadline_chances(scenario, count)) / count
    print(f"{cities} cities, {count} draws: {ours:.2f} s each, city by city")
    if cities <= 20:
        with mock.patch.object(pricing, "is_separable", return_value=False):
            theirs = seconds(lambda: monte_carlo_dates.deadline_chances(scenario, count)) / count
        print(f"branch and bound {theirs:.2f} s each: {theirs / ours:.1f} times as long")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
