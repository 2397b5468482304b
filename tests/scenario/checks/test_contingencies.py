"""Checks of the table contingencies: each mistake is found where it is, and what is right is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import errors, made, warnings

HEAD = "contingency,site,link,share_lost,hours,workloads,extra_latency_ms,period\n"
WORK = "workload,class,latency_ms,gbps_per_unit,defer_hours\nweb,general,5,0.01,\nnight,general,,,6\ndisks,storage,,,\n"
STORE = "technology,class,kind,capex_mcny_per_unit,life_years\nserver,general,flow,1,5\ndisk,storage,stock,1,5\n"
DEMAND = "region,workload,period,units\neast,web,2026,100\neast,night,2026,10\neast,disks,2026,10\n"
TABLES = {"workloads_csv": WORK, "technologies_csv": STORE, "demand_csv": DEMAND}

WRONG = {
    "no place": ("K,,,1,,,,", "contingency-of-one-place"),
    "two places": ("K,east-1,east-west,1,,,,", "contingency-of-one-place"),
    "a site that is not there": ("K,est-1,,1,,,,", "row 2, site: est-1 · reference-unknown"),
    "a link that is not there": ("K,,west-east,1,,,,", "row 2, link: west-east · reference-unknown"),
    "more than all": ("K,east-1,,1.5,,,,", "row 2, share_lost: 1.5 · value-above-maximum"),
    "less than nothing": ("K,east-1,,-0.5,,,,", "row 2, share_lost: -0.5 · value-below-minimum"),
    "hours beyond the day": ("K,east-1,,1,20-24,,,", "row 2 (K), hours: 20-24 · spans-out-of-range"),
    "hours in words": ("K,east-1,,1,morning,,,", "row 2 (K), hours: morning · spans-unreadable"),
    "work that is not there": ("K,east-1,,1,,web;wbe,,", "row 2 (K), workloads: wbe · contingency-workload-unknown"),
    "stored data": ("K,east-1,,1,,disks,,", "row 2 (K), workloads: disks · contingency-of-stock"),
}
ODD = {
    "work that waits": ("K,east-1,,0.5,,night,,", "workloads: night · contingency-of-work-that-waits"),
    "no share": ("K,east-1,,,,,,", "share_lost · contingency-never-holds"),
    "only later": ("K,east-1,,1,,,,2026\nL,east-1,,,,,,", "row 3 (L), share_lost · contingency-never-holds"),
}
FINE = ("K,east-1,,0.5,9-12;22-3,web,2,", "K,,east-west,1,,,,2026")


@pytest.mark.parametrize("case", WRONG)
def test_mistakes_are_errors(case: str, tmp_path: Path) -> None:
    rows, said = WRONG[case]
    found = errors(made(tmp_path, **TABLES, contingencies_csv=HEAD + rows + "\n"))
    (only,) = found
    assert "contingencies.csv" in only
    assert said in only


@pytest.mark.parametrize("case", ODD)
def test_what_has_no_effect_or_an_odd_one_is_a_warning(case: str, tmp_path: Path) -> None:
    rows, said = ODD[case]
    folder = made(tmp_path, **TABLES, contingencies_csv=HEAD + rows + "\n")
    assert errors(folder) == []
    assert any("contingencies.csv" in line and said in line for line in warnings(folder)), warnings(folder)


@pytest.mark.parametrize("rows", FINE)
def test_what_is_right_is_left_alone(rows: str, tmp_path: Path) -> None:
    folder = made(tmp_path, **TABLES, contingencies_csv=HEAD + rows + "\n")
    assert errors(folder) == []
    assert not [line for line in warnings(folder) if "contingencies" in line]


def test_a_contingency_is_the_same_failure_in_all_its_periods(tmp_path: Path) -> None:
    """Its share may change, what fails may not."""
    toml = 'name = "small"\nperiods = [2026, 2028]\n'
    demand = DEMAND + DEMAND.replace("2026", "2028").removeprefix("region,workload,period,units\n")
    for later, said in (("K,east-1,,0.2,,,,2028", []), ("K,west-1,,1,,,,2028", ["contingency-changes"])):
        rows = f"{HEAD}K,east-1,,1,,,,\n{later}\n"
        folder = made(tmp_path / later, scenario_toml=toml, **TABLES | {"demand_csv": demand}, contingencies_csv=rows)
        assert [line.split(" · ")[1] for line in errors(folder)] == said


def test_hours_that_are_not_modelled_are_pointed_out(tmp_path: Path) -> None:
    """Four hours from midnight have no evening."""
    toml = 'name = "small"\nperiods = [2026]\nhours = "hours:4"\n'
    folder = made(tmp_path, scenario_toml=toml, **TABLES, contingencies_csv=HEAD + "K,east-1,,0.5,18-22,web,,\n")
    assert any("contingency-without-hours" in line for line in warnings(folder))
