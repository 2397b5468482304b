"""Columns in standard racks, 亿元 and by parts of a price are converted once, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import errors, made, problems, warnings
from xisuan.scenario import load

POWER = "zone,price,demand_charge_cny_per_kw_month"
SITES = "site,node,zone\neast-1,east,grid\nwest-1,west,grid\n"


def test_racks_and_yi_yuan_are_converted_and_said(tmp_path: Path) -> None:
    """By hand: 4,000 racks of 2.5 kW are 10 MW; 60,000 CNY a rack are 24 million CNY a MW; 3 亿元 are 300 million."""
    folder = made(
        tmp_path,
        sites_csv="site,node,it_limit_racks\neast-1,east,8000\nwest-1,west,\n",
        halls_csv="site,existing_racks,limit_racks,capex_wan_yuan_per_rack,life_years\neast-1,4000,6000,6,20\n",
        budgets_csv="period,scope,limit_yi_yuan\n2026,all,3\n",
    )
    scenario = load.load(folder)
    (hall,) = scenario["halls"].to_dict("records")
    assert (hall["existing_mw"], hall["limit_mw"], hall["capex_mcny_per_mw"]) == pytest.approx((10, 15, 24))
    assert scenario["sites"]["it_limit_mw"].tolist() == pytest.approx([20, float("nan")], nan_ok=True)
    assert scenario["budgets"]["limit_mcny"].tolist() == [300]
    assert sorted(warnings(folder)) == [
        "budgets.csv, limit_yi_yuan · column-converted",
        "halls.csv, capex_wan_yuan_per_rack · column-converted",
        "halls.csv, existing_racks · column-converted",
        "halls.csv, limit_racks · column-converted",
        "sites.csv, it_limit_racks · column-converted",
    ]


def test_a_quantity_in_two_units_and_a_wrong_cell_are_refused_where_they_stand(tmp_path: Path) -> None:
    folder = made(
        tmp_path,
        sites_csv="site,node,it_limit_mw,it_limit_racks\neast-1,east,20,8000\nwest-1,west,,\n",
        budgets_csv="period,scope,limit_yi_yuan\n2026,all,-3\n",
    )
    assert sorted(errors(folder)) == [
        "budgets.csv, row 2, limit_yi_yuan: -3 · value-below-minimum",
        "sites.csv, row 1, it_limit_racks · column-in-two-units",
    ]


def test_problems_found_later_name_what_was_typed(tmp_path: Path) -> None:
    """A hall of 6,000 racks where at most 4,000 may stand; a limit in racks and a hall in MW (10 MW are 4,000 racks)."""
    racks = "site,existing_racks,limit_racks,life_years\neast-1,6000,4000,20\n"
    (found,) = [one for one in problems(made(tmp_path / "racks", halls_csv=racks)) if one.level == "error"]
    assert (found.column, found.value, found.values) == (
        "limit_racks",
        "4000",
        {"other": "existing_racks", "amount": pytest.approx(6000)},
    )
    mixed = "site,existing_mw,limit_racks,life_years\neast-1,10,3000,20\n"
    (found,) = [one for one in problems(made(tmp_path / "mixed", halls_csv=mixed)) if one.level == "error"]
    assert (found.column, found.value, found.values) == ("limit_racks", "3000", {"other": "existing_mw", "amount": 10})


def test_a_column_that_has_no_such_unit_stays_unknown(tmp_path: Path) -> None:
    folder = made(tmp_path, links_csv="link,from,to,length_racks\neast-west,east,west,1\n")
    assert any("length_racks · column-unknown" in line for line in errors(folder))


@pytest.mark.parametrize(
    ("columns", "cells", "contract"),
    [
        # 31.025 CNY a month over 730 h at 85 % load is 0.05 a kWh.
        ("all_in_price_cny_per_kwh", "0.40", 0.35),
        ("all_in_price_cny_per_kwh,levies_cny_per_kwh", "0.40,0.03", 0.35),
        ("energy_price_cny_per_kwh,levies_cny_per_kwh", "0.32,0.03", 0.35),
        ("all_in_price_cny_per_kwh,energy_price_cny_per_kwh,levies_cny_per_kwh", "0.40,0.32,0.03", 0.35),
    ],
)
def test_the_contract_price_is_made_of_its_parts(tmp_path: Path, columns: str, cells: str, contract: float) -> None:
    folder = made(tmp_path, sites_csv=SITES, power_csv=f"{POWER},{columns}\ngrid,0.5,31.025,{cells}\n")
    (row,) = load.load(folder)["power"].to_dict("records")
    assert row["contract_price_cny_per_kwh"] == pytest.approx(contract)
    (note,) = load.load(folder).notes
    assert note.code == "price-by-parts"
    assert note.values["charge"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("columns", "cells", "code"),
    [
        ("levies_cny_per_kwh", "0.03", "levies-alone"),
        ("all_in_price_cny_per_kwh", "0.04", "all-in-below-parts"),
        ("all_in_price_cny_per_kwh,energy_price_cny_per_kwh", "0.5,0.3", "all-in-not-sum"),
        ("all_in_price_cny_per_kwh,contract_price_cny_per_kwh", "0.5,0.3", "column-in-two-units"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(tmp_path: Path, columns: str, cells: str, code: str) -> None:
    folder = made(tmp_path, sites_csv=SITES, power_csv=f"{POWER},{columns}\ngrid,0.5,31.025,{cells}\n")
    assert [problem.code for problem in load.examine(folder)[1] if problem.level == "error"] == [code]


def test_an_all_in_price_takes_the_demand_charge_of_the_row_that_it_replaces(tmp_path: Path) -> None:
    made(tmp_path / "small", sites_csv=SITES, power_csv=f"{POWER}\ngrid,0.5,31.025\n")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "small"\n')
    (folder / "power.csv").write_text("zone,all_in_price_cny_per_kwh\ngrid,0.40\n")
    (row,) = load.load(folder)["power"].to_dict("records")
    assert row["contract_price_cny_per_kwh"] == pytest.approx(0.35)
    assert row["price"] == 0.5


def test_a_contract_price_that_is_not_paid_is_named_and_may_hold_in_one_zone(tmp_path: Path) -> None:
    made(tmp_path / "small", sites_csv=SITES, power_csv=f"{POWER}\ngrid,0.5,31.025\n")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "power.csv").write_text("zone,contract_price_cny_per_kwh\ngrid,0.40\n")
    (folder / "scenario.toml").write_text('extends = "small"\n')
    assert warnings(folder) == ["power.csv, row 2, contract_price_cny_per_kwh: 0.4 · contract-not-paid"]
    (folder / "scenario.toml").write_text('extends = "small"\n[plan]\npower_price = "contract"\n')
    assert warnings(folder) == []
    for zone, found in (("grid", []), ("gird", ["scenario.toml, plan.contract_zones: gird · contract-zone-unknown"])):
        lines = f'extends = "small"\n[plan]\npower_price = "contract"\ncontract_zones = ["{zone}"]\n'
        (folder / "scenario.toml").write_text(lines)
        assert errors(folder) == found
        assert load.load(folder).settings.plan.pays_contract("grid") if not found else True
