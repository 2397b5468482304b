"""Levelised costs as the page shows them, against sums by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tests.report.costs.by_hand import TWO, column, context
from xisuan.report.costs import levelised_cost
from xisuan.report.document.blocks import Table, Text


def test_the_whole_plan_by_its_it_energy() -> None:
    """10 racks at 1/4 and 0.1 mCNY a year, and 0.5 CNY/kWh for 1.2 × 4 MW and 1.5 × 1 MW of IT: 5 MW run all year."""
    money = 10 * (0.25 + 0.1) + 0.5 * (1.2 * 4 + 1.5 * 1) * 8760 * 1e-3
    assert levelised_cost.levelised(context()) == pytest.approx(money / (5 * 8760) * 1e3)


def test_a_plan_without_work_has_no_levelised_cost() -> None:
    idle = {**TWO, "demand": "region,workload,period,units\nr,w,2026,0"}
    assert math.isnan(levelised_cost.levelised(context(idle)))


UNIT_COSTS = pd.DataFrame(
    [
        ("served", "w", 8.0, 0.75, math.nan),
        ("served", "v", 12.0, 0.25, math.nan),
        ("served", "", 9.0, 1.0, math.nan),
        ("installed", "", 4.5, math.nan, 0.5),
    ],
    columns=["per", "workload", "cny", "share", "use"],
).assign(place="s", period=2026, unit="PFLOPS FP32", **{"class": "general"})
"""8 for three quarters of the work and 12 for the rest: 9 in the mean, 4.5 of what is installed and used by half."""


def test_each_unit_cost_follows_from_the_others_as_the_page_says() -> None:
    table = levelised_cost.unit_cost(context(decisions={"unit_costs": UNIT_COSTS}))
    assert table is not None
    work, other, mean, installed = (row.cells[1].value for row in table.rows)
    assert mean == pytest.approx(0.75 * (work or 0.0) + 0.25 * (other or 0.0)) == 9.0
    assert installed == pytest.approx(0.5 * 9.0)
    how = [row.cells[2].text.replace("\u00a0", " ") for row in table.rows]
    assert ["75.0 % of the work here" in how[0], "25.0 % of the work here" in how[1], "50.0 %" in how[3]] == [True] * 3


def test_the_parts_of_a_levelised_cost_add_up_to_100_per_cent() -> None:
    """5 = 3 + 0.5 + 1 + 0.5 at s; nothing new at t."""
    row = {
        "place": "s", "class": "general", "period": 2026, "unit": "PFLOPS FP32", "cny_per_unit_hour": 5.0,
        "cny_per_installed_unit_hour": 4.0, "equipment_cny": 3.0, "hall_cny": 0.5, "power_cny": 1.0, "network_cny": 0.5,
        "cny_per_rack_month": 700.0, "with_equipment_cny_per_rack_month": 2000.0,
    }  # fmt: skip
    none = {name: math.nan if "cny" in name else value for name, value in row.items()} | {"place": "t"}
    section = levelised_cost.section(context(decisions={"levelised": pd.DataFrame([row, none])}))
    table, racks = (one for one in section.blocks if isinstance(one, Table))
    parts = [column(table, name)["Ridge"] for name in ("Equipment", "Halls", "Power", "Network")]
    assert parts == pytest.approx([60.0, 10.0, 20.0, 10.0])
    assert column(table, "Of work served") == {"Ridge": 5.0, "Hill": None}
    assert column(racks, "With equipment") == {"Ridge": 2000.0, "Hill": None}
    assert isinstance(section.blocks[-1], Text)
