"""Check that the hours of a stored result are read today as when it was made.

Equal tables and curves can still give other hours: representative days are selected, and hourly series of these days
are shifted to the mean of their year (`scenario.means`). A folder therefore states its hours and a signature of them.
For a folder without a signature, the grid prices in its own table of power identify its hours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import StoreError
from xisuan.results.storage import parquet_files
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.yearly_means import KEPT, WORK

KEY = "hours_read"
POWER = "power.parquet"
SAME = 1e-9
"""Relative tolerance for another order of addition, as on another machine."""
AGAIN = "; make the run again"


def read_of(scenario: Scenario) -> dict[str, Any]:
    """Return the signature of a scenario's hours: its blocks, and one number for each column that may keep its yearly
    mean.

    The number is the mean square of all curves of the column over the year. Shifting the hours changes it although the
    mean stays the same.
    """
    found: dict[str, Any] = {
        "blocks": [[one.first_hour, one.hours, one.weight, one.keep_means] for one in scenario.timeline.blocks]
    }
    share = scenario.timeline.weight / scenario.timeline.weight.sum()
    for table, column in (*KEPT, *(WORK if scenario.timeline.keeps_means else ())):
        curves = _curves(scenario, table, column)
        if curves:
            found[f"{table}.{column}"] = sum(
                float(share @ hours**2) for hours in _hours(scenario, table, column, curves)
            )
    return found


def _curves(scenario: Scenario, table: str, column: str) -> list[str]:
    """Return the curves that a column names."""
    cells = scenario[table][column].unique().tolist() if scenario.has(table) else []
    return [cell for cell in cells if isinstance(cell, str) and cell in scenario.curves]


def _hours(scenario: Scenario, table: str, column: str, curves: list[str]) -> list[NDArray[np.float64]]:
    return [scenario.hourly(table, column, name) for name in curves]


def check(folder: Path, document: str, head: Mapping[str, Any], scenario: Scenario) -> None:
    """Raise StoreError if the results of `folder` are of other hours than `scenario` has. `head`: its `document`."""
    if KEY in head:
        if not _same(head[KEY], read_of(scenario)):
            raise StoreError(
                f"{folder / document} is of hours that this version reads otherwise from the same tables{AGAIN}"
            )
    elif (folder / POWER).is_file() and scenario.timeline.keeps_means:
        _check_prices(folder, scenario)


def _same(said: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if said.keys() != now.keys() or len(said["blocks"]) != len(now["blocks"]):
        return False
    numbers = [(said[name], now[name]) for name in now if name != "blocks"]
    numbers += [
        pair for one, other in zip(said["blocks"], now["blocks"], strict=True) for pair in zip(one, other, strict=True)
    ]
    return all(math.isclose(one, other, rel_tol=SAME) for one, other in numbers)


def _check_prices(folder: Path, scenario: Scenario) -> None:
    """Check a folder without a signature of its hours by the grid prices in its table of power.

    Raises StoreError if they differ from those of the scenario's hours, or do not determine the hours.
    """
    moved = {
        (table, column): [
            name
            for name in _curves(scenario, table, column)
            if not np.allclose(
                scenario.hourly(table, column, name), scenario.timeline.sample(scenario.curve(name)), SAME, 0.0
            )
        ]
        for table, column in KEPT
    }
    if not any(moved.values()):
        return
    before = "it was made before chosen days and weeks kept the year's means of sun, wind, PUE and prices"
    told = False
    power = parquet_files.read_table(folder / POWER)
    zones = scenario["sites"].drop_duplicates("site").set_index("site")["zone"]
    for period in power["period"].unique().tolist():
        prices = scenario.at("power", period).set_index("zone")["price"]
        for site, rows in power[power["period"] == period].groupby("site"):
            cell = prices.get(zones.get(site))
            if cell in moved["power", "price"]:
                told = True
                stored = rows.sort_values("hour")["price_cny_per_kwh"].to_numpy()
                now = scenario.hourly("power", "price", cell)
                if len(stored) != len(now) or not np.allclose(stored, now, SAME, SAME):
                    raise StoreError(
                        f"{folder / POWER} has other grid prices than the scenario's hours have now: {before}{AGAIN}"
                    )
    if not told:
        raise StoreError(f"{folder / POWER} does not tell on which hours the run was made; maybe {before}{AGAIN}")
