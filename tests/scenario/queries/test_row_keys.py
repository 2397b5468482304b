"""Rows that an estimate describes: those of its key, and of these the ones that hold in a period."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.scenarios import pair
from xisuan.scenario.queries.estimate_ranges import Ranges
from xisuan.scenario.queries.row_keys import Keyed, first_part, matches

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


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("clean_share/investor:A/B", [1]),
        ("clean_share/investor:A", [0]),
        ("*/investor:A/B", [1, 2]),
        ("clean_share/*", [0, 1]),
        ("clean_share", [0, 1]),
        ("pue_max/investor:A/B/2030", [2]),
        ("pue_max/*/2030", [2]),
        ("pue_max/investor:A", []),
        ("pue_max/investor:A/B/2030/x", []),
    ],
)
def test_a_part_of_a_key_may_hold_the_sign_between_parts(key: str, found: list[int]) -> None:
    rows = [("clean_share", "investor:A", ""), ("clean_share", "investor:A/B", ""), ("pue_max", "investor:A/B", "2030")]
    assert [at for at, row in enumerate(rows) if matches(key.split("/"), row)] == found


def test_the_rows_of_an_investor_whose_name_holds_the_sign_between_parts() -> None:
    given = pair()
    budgets = pd.DataFrame(
        {"period": [2026.0, 2026.0], "scope": ["investor:A/B", "investor:A"], "limit_mcny": [5.0, 7.0]}
    )
    given = dataclasses.replace(given, tables={**given.tables, "budgets": budgets})
    assert list(Keyed(given, "budgets").rows("2026/investor:A/B")) == [0]
    assert list(Keyed(given, "budgets").rows("2026/investor:A")) == [1]


def test_an_item_begins_with_the_longest_name_that_fits() -> None:
    known = ("all", "investor:A", "investor:A/B")
    found = [first_part(item, known) for item in ("investor:A/B/all", "investor:A/all", "investor:AB/all", "all/new")]
    assert found == ["investor:A/B", "investor:A", "investor:AB", "all"]
