"""The standard classifies every published city as MIIT's General Office did."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.scenarios import frame
from xisuan.scenario import load
from xisuan.scenario.queries.gigabit_standard import Threshold, classify, thresholds

FACTS = Path(__file__).resolve().parents[3] / "data" / "facts"
COLUMNS = {
    "g5_bs_per_10k": "g5_bs_per_10k",
    "g5_user_share": "g5_user_share_pct",
    "pon10g_port_share": "pon10g_port_share_pct",
    "user_500m_share": "user_500m_share_pct",
}


@pytest.fixture(scope="module")
def asked() -> tuple[Threshold, ...]:
    """The standard of 2021, as the facts give it."""
    rows = pd.read_csv(FACTS / "gigabit_standard.csv")
    rows = rows[(rows["version"] == 2021) & rows["threshold"].notna()]
    table = rows.rename(columns={"indicator_id": "indicator", "threshold_op": "op"})[["indicator", "threshold", "op"]]
    regions = frame("region\nr")
    scenario = load.build(
        {"name": "s", "periods": [2022]}, {"regions": regions, "standard": table.assign(version="2021")}
    )
    return thresholds(scenario, 2022)


def values(row: dict[str, float]) -> dict[str, float]:
    """Published indicators, and what was published of all gigabit cities: coverage above 100 %, key places above 80 %."""
    return {name: float(row[column]) for name, column in COLUMNS.items()} | {
        "home_gigabit_coverage": 100.1,
        "key_place_5g_access": 80.1,
    }


def test_six_indicators_are_mandatory(asked: tuple[Threshold, ...]) -> None:
    assert {one.indicator.name: (one.op, one.value) for one in asked} == {
        "home_gigabit_coverage": (">", 80),
        "pon10g_port_share": (">=", 25),
        "key_place_5g_access": (">=", 80),
        "g5_bs_per_10k": (">", 12),
        "user_500m_share": (">=", 25),
        "g5_user_share": (">=", 25),
    }


def test_every_city_with_indicators_is_what_was_published(asked: tuple[Threshold, ...]) -> None:
    rows = pd.read_csv(FACTS / "gigabit_cities.csv")
    known = rows[rows["g5_bs_per_10k"].notna()]
    assert len(known) == 9
    for row in known.to_dict("records"):
        verdict = classify(values(row), asked)
        assert verdict.short == (), row["city"]
        complete = not any(pd.isna(row[column]) for column in COLUMNS.values())
        assert verdict.gigabit is (True if complete else None), row["city"]


def test_the_29_first_cities_are_none_that_the_standard_turns_down(asked: tuple[Threshold, ...]) -> None:
    rows = pd.read_csv(FACTS / "gigabit_cities.csv").query("batch_year == 2021")
    assert len(rows) == 29
    verdicts = [classify(values(row), asked) for row in rows.to_dict("records")]
    assert all(verdict.gigabit is not False for verdict in verdicts)
    assert sum(verdict.gigabit is True for verdict in verdicts) == 3


BATCHES = {
    "batch 2021": None,
    "batch 2022": None,
    "all gigabit cities 2021+2022": True,
    "2023 notice": True,
    "national average": False,
}


@pytest.mark.parametrize(("scope", "gigabit"), list(BATCHES.items()))
def test_averages_of_batches_pass_and_the_nation_does_not(
    asked: tuple[Threshold, ...], scope: str, gigabit: bool | None
) -> None:
    row = pd.read_csv(FACTS / "gigabit_batches.csv").query("scope == @scope").to_dict("records")[0]
    verdict = classify(values(row), asked)
    assert verdict.gigabit is gigabit
    assert verdict.short == (("user_500m_share",) if gigabit is False else ())


def test_above_is_not_at_least_and_unknown_is_not_met(asked: tuple[Threshold, ...]) -> None:
    row = values(dict.fromkeys(COLUMNS.values(), 50.0))
    assert classify(row, asked).gigabit is True
    assert classify(row | {"home_gigabit_coverage": 80.0}, asked).short == ("home_gigabit_coverage",)
    assert classify(row | {"pon10g_port_share": 25.0}, asked).gigabit is True
    assert classify({**row, "g5_user_share": float("nan")}, asked).gigabit is None
