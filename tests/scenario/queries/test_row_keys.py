"""Rows that an estimate describes: those of its key, and of these the ones that hold in a period."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.scenarios import pair
from xisuan.scenario.queries.estimate_ranges import Ranges
from xisuan.scenario.queries.row_keys import Keyed

LIMITS = [(float("nan"), 90.0), (2025.0, 50.0), (2027.0, 60.0), (2030.0, 10.0)]
"""A key's year and grid limit: replaced before the periods, replaced by the second of them, in force, and after them."""
RANGE = {"table": "power", "key": "west", "column": "grid_limit_mw"}


@pytest.mark.parametrize(
    ("periods", "held"), [((2026, 2027), [1, 2]), ((2024,), [0]), ((2028, 2031), [2, 3]), ((2024, 2031), [0, 3])]
)
def test_rows_hold_until_the_next_of_their_key(periods: tuple[int, ...], held: list[int]) -> None:
    given = pair()
    row = given["power"][given["power"]["zone"] == "west"].iloc[:1]
    rows = pd.concat([row.assign(period=year, grid_limit_mw=limit) for year, limit in LIMITS], ignore_index=True)
    given = dataclasses.replace(
        given.with_settings(periods=periods), tables={**given.tables, "power": rows.astype({"period": "float64"})}
    )
    assert list(Keyed(given, "power").rows("west")) == [0, 1, 2, 3]
    assert list(Keyed(given, "power").held("west")) == held
    limits = [LIMITS[at][1] for at in held]
    assert Ranges(given).beyond({**RANGE, "low": min(limits), "high": max(limits)}) is None
    assert Ranges(given).beyond({**RANGE, "low": min(limits) + 1, "high": 99.0}) == ("low", min(limits))


def test_all_rows_hold_where_none_has_a_date() -> None:
    given = pair()
    assert list(Keyed(given, "power").held("*")) == list(range(len(given["power"])))
