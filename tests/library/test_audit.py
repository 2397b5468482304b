"""EFLOPS, machines, watts, racks and money of the shipped stock agree with one another in order of magnitude.

Each law holds figures of the tables against published ones of another kind, from data/facts: a price that fits a tender
and no market, or a power that fits a data sheet and no rack, fails here.
"""

from __future__ import annotations

import csv
from functools import cache

import pytest

from tests.library.shipped import FACTS, numbers

NAME = "guizhou"
FLAT_LIFE = 7
"""Years of general-purpose servers in the tables; a stock is as many years of market at a steady state."""


@cache
def fact(file: str, column: str = "value", **where: str) -> float:
    """The one figure of a fact file whose row has these cells."""
    with (FACTS / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        found = [row for row in csv.DictReader(lines) if all(row[name] == cell for name, cell in where.items())]
    assert len(found) == 1, where
    return float(found[0][column])


@cache
def stock() -> dict[str, tuple[float, float]]:
    """Units and MW of IT by class that stand at the end of 2025."""
    fleet = numbers(NAME, "fleet")
    offers = numbers(NAME, "technologies").drop_duplicates("technology").set_index("technology")
    fleet = fleet.assign(
        kind=fleet["technology"].map(offers["class"]), mw=fleet["technology"].map(offers["mw_per_unit"])
    )
    fleet["mw"] *= fleet["units"]
    return {str(kind): (rows["units"].sum(), rows["mw"].sum()) for kind, rows in fleet.groupby("kind")}


def price(technology: str, period: float) -> float:
    """Price in mCNY per unit that holds in a year."""
    rows = numbers(NAME, "technologies").query("technology == @technology")
    held = rows[rows["period"].fillna(0) <= period].sort_values("period", na_position="first")
    return float(held["capex_mcny_per_unit"].iloc[-1])


def tflops_a_server() -> float:
    """TFLOPS FP32 a server: what Zhangjiakou says it has of both."""
    eflops = fact("compute_by_place", place="Zhangjiakou", metric="general", date="2025-06")
    return eflops * 1e6 / (fact("compute_by_place", place="Zhangjiakou", metric="servers", date="2025-06") * 1e6)


def test_general_computing_is_about_the_servers_that_are_counted() -> None:
    """195 EFLOPS FP32 at Zhangjiakou's 9.6 TFLOPS a server: the 19 to 20 million in use in 2021-22."""
    servers = stock()["general"][0] * 1e3 / tflops_a_server()
    assert servers == pytest.approx(fact("server_market", id="V06") * 1e6, rel=0.25)


def test_a_server_draws_what_its_share_of_the_racks_allows() -> None:
    """MW over servers, between the racks in use of 2021 and what a new set draws with its share of network."""
    racks_2021 = 5.2e6 * 2.5 * 0.55 / (fact("server_market", id="V05") * 1e6)
    kw = stock()["general"][1] * 1e3 / (stock()["general"][0] * 1e3 / tflops_a_server())
    assert racks_2021 < kw < 0.056 * 12 * 1.1


def test_the_racks_of_all_classes_are_the_national_ones() -> None:
    racks = sum(mw for _, mw in stock().values()) / 0.0025
    assert racks / (fact("national_totals", metric="racks", date="2025-06") * 1e6) == pytest.approx(0.60, abs=0.02)


@pytest.mark.parametrize(("technology", "year", "tflops"), [("general_2024", 2026, 12), ("general_2027", 2027, 20)])
def test_a_general_set_costs_between_the_market_and_a_tender(technology: str, year: int, tflops: float) -> None:
    each = price(technology, year) * tflops
    assert fact("server_market", id="V03") < each < fact("costs", id="C17")


def test_the_stock_of_general_computing_is_worth_as_many_years_of_market_as_it_lives() -> None:
    worth = stock()["general"][0] * price("general_2024", 2026) / 1e3
    sold = FLAT_LIFE * fact("server_market", id="V02")
    assert worth == pytest.approx(sold, rel=0.3)


def test_intelligent_computing_costs_between_a_supernode_and_the_market() -> None:
    supernode = fact("costs", id="C19") * 7.2 / 300
    assert supernode < price("ai_2025", 2026) < fact("server_market", id="V13")
    in_halls = price("ai_2025", 2026) + 22 * 0.00186
    assert in_halls > fact("costs", id="C62")


def test_intelligent_computing_draws_the_power_of_a_published_machine() -> None:
    offers = numbers(NAME, "technologies").drop_duplicates("technology").set_index("technology")
    assert offers["mw_per_unit"]["ai_2025"] == pytest.approx(fact("costs", id="C26") / 1000, rel=0.01)
    units, mw = stock()["intelligent"]
    assert 0.9 < mw / units / (fact("costs", id="C26") / 1000) < 1.3


def test_halls_cost_what_published_projects_cost() -> None:
    """Without equipment: Zhongwei between its two projects, 20 and 32 million CNY a MW; Zhangjiakou, where 14.6 bn CNY
    were spent on 480 MW, within a tenth; the other clusters within the range of all of them."""
    halls = numbers(NAME, "halls").set_index("site")["capex_mcny_per_mw"]
    planned, dear = fact("costs", id="C01"), fact("costs", id="C03") / 2.5
    assert planned < halls["ZWI"] < dear
    assert halls["ZJK"] == pytest.approx(fact("costs", id="C77"), rel=0.1)
    clusters = halls[["ZJK", "YRD", "WHU", "SGN", "TFU", "CQG", "HLG", "GAN", "QYG", "ZWI"]]
    assert ((clusters > planned) & (clusters < dear)).all()


def test_a_rack_with_its_machines_costs_between_servers_and_accelerators() -> None:
    """Projects state 321,000 to 364,000 CNY a standard rack with equipment, of what kind they do not say: more than a rack
    of general-purpose servers in its hall costs here, less than one of accelerators."""
    kw = {"general_2024": 56.0, "ai_2025": 1.86}
    hall = 22.0 * 2.5
    racks = {name: 2.5 / kw[name] * price(name, 2026) * 1e3 + hall for name in kw}
    for project in ("C05", "C47", "C48"):
        assert racks["general_2024"] < fact("costs", id=project) < racks["ai_2025"]


def test_whole_projects_of_intelligent_computing_cost_less_than_here_and_the_market_paid_more() -> None:
    """With halls an EFLOPS is 0.34 bn CNY here: Guizhou's 0.22, Inner Mongolia's 0.20 and Jiaxing's 0.30 are below, 0.49 of
    the market of 2023 and 2024 above."""
    in_halls = price("ai_2025", 2026) + 22 * 0.00186
    for project in ("C61", "C62", "C63"):
        assert fact("costs", id=project) < in_halls
    assert in_halls < fact("server_market", id="V13")
