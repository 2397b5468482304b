"""Demand that no site can serve names its cause: no path, the latency limit, lead_years, the offer, the room, the day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import SMALL, made, problems

FREE = "workload,class,latency_ms,gbps_per_unit,unserved_mcny_per_unit_hour\nweb,general,{},{},0.001\n"
ONE = "site,node\nwest-1,west\n"
LINK = "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years\nl,east,west,{},{},1,9,{}\n"
SLOW = "technology,class,capex_mcny_per_unit,life_years,lead_years\nserver,general,1,5,{}\n"


def told(folder: Path) -> list[tuple[str, str, str]]:
    """Level, code and row of all problems."""
    return [(one.level, one.code, one.row) for one in problems(folder)]


@pytest.mark.parametrize(("limit", "gbps"), [("5", "0"), ("", "0.1"), ("5", "0.1")])
def test_a_missing_path_is_named_by_its_ends(tmp_path: Path, limit: str, gbps: str) -> None:
    """The link stands in no period and cannot be expanded: nothing joins east to the one site."""
    links = "link,from,to,length_km,capacity_gbps\nl,east,west,10,0\n"
    folder = made(tmp_path, sites_csv=ONE, links_csv=links, workloads_csv=FREE.format(limit, gbps))
    (only,) = [one for one in problems(folder) if one.table == "demand.csv"]
    assert only.code == ("demand-without-links" if gbps != "0" else "demand-without-path")
    assert (only.values["region"], only.values["sites"], only.level) == ("east", "west-1", "warning")
    assert "equipment for it" not in str(only)


def test_without_links_and_latency_no_file_is_named_that_is_not_there(tmp_path: Path) -> None:
    folder = made(tmp_path, sites_csv=ONE, links_csv=None, workloads_csv=FREE.format("5", "0"))
    assert told(folder) == [
        ("warning", "distances-missing", "row 2 (web)"),
        ("warning", "demand-without-path", "row 2 (east/web)"),
    ]
    assert {one.table for one in problems(folder)} == {"workloads.csv", "demand.csv"}


def test_links_without_a_path_and_no_table_of_latency(tmp_path: Path) -> None:
    links = "link,from,to,length_km,capacity_gbps\nl,east,west,10,0\n"
    folder = made(tmp_path, sites_csv=ONE, links_csv=links, workloads_csv=FREE.format("5", "0"))
    assert ("warning", "pairs-not-joined", "row 2 (web)") in told(folder)
    assert "latency.csv" not in " ".join(map(str, problems(folder)))


def test_a_path_that_is_too_long_names_the_site_and_both_latencies(tmp_path: Path) -> None:
    """1,000 km at 0.0049 ms/km are 4.9 ms; the limit is 4."""
    folder = made(tmp_path, sites_csv=ONE, workloads_csv=FREE.format("4", "0.01"))
    (only,) = problems(folder)
    assert only.code == "demand-beyond-latency"
    assert (only.values["site"], only.values["limit"]) == ("west-1", 4.0)
    assert only.values["latency"] == pytest.approx(4.9)


def test_the_latency_named_is_the_listed_one(tmp_path: Path) -> None:
    """The path takes 4.9 ms and the pair's row of `latency` says 6: the limit asks the row, and so does the message."""
    listed = "region,site,latency_ms\neast,west-1,6\n"
    folder = made(tmp_path, sites_csv=ONE, latency_csv=listed, workloads_csv=FREE.format("5", "0.01"))
    (only,) = problems(folder)
    assert (only.code, only.values["latency"]) == ("demand-beyond-latency", 6.0)


@pytest.mark.parametrize("lead", ["1", "3", "0.5"])
def test_a_lead_time_that_keeps_all_from_being_built_is_named(tmp_path: Path, lead: str) -> None:
    found = problems(made(tmp_path, technologies_csv=SLOW.format(lead)))
    errors = [one for one in found if one.level == "error"]
    assert {one.code for one in errors} == {"demand-before-lead"}
    assert {(one.values["name"], one.values["years"]) for one in errors} == {("server", float(lead))}
    assert all("lead_years" in str(one) for one in errors)
    stands = "site,technology,units\neast-1,server,500\nwest-1,server,500\n"
    assert not [one for one in problems(made(tmp_path / "b", technologies_csv=SLOW.format(lead), fleet_csv=stands))
                if one.level == "error"]  # fmt: skip


def test_causes_of_different_years_are_told_apart(tmp_path: Path) -> None:
    """The link comes into use in 2027, and is then too long for the limit."""
    folder = made(
        tmp_path,
        scenario_toml='name = "small"\nperiods = [2026, 2027]\n',
        demand_csv=SMALL["demand.csv"] + "east,web,2027,100\nwest,web,2027,20\n",
        sites_csv=ONE,
        links_csv=LINK.format(2000, 0, 1),
        workloads_csv=FREE.format("5", "0"),
    )
    found = {one.code: one for one in problems(folder) if one.table == "demand.csv"}
    assert set(found) == {"demand-without-path", "demand-beyond-latency"}
    assert str(found["demand-without-path"].values["result"]) == "is left unserved in 2026"
    assert str(found["demand-beyond-latency"].values["result"]) == "is left unserved in 2027"


@pytest.mark.parametrize(("hours", "code"), [("days:1", "days-miss-peak"), ("hours:24", "hours-miss-peak")])
def test_advice_on_hours_is_not_what_was_given(tmp_path: Path, hours: str, code: str) -> None:
    """Work three times as large in summer: one day with the year's mean misses the year's largest hour."""
    rules = "profile,months,hours,value\nd,,,1\nd,,8-19,2\nd,7-8,,3\n"
    demand = "region,workload,period,units,profile\neast,web,2026,100,d\nwest,web,2026,20,d\n"
    scenario = f'name = "small"\nperiods = [2026]\nhours = "{hours}"\n'
    (only,) = problems(made(tmp_path, scenario_toml=scenario, demand_csv=demand, profile_rules_csv=rules))
    assert only.code == code
    assert ("days:N" in str(only)) == (code == "hours-miss-peak")
