"""One cause, one problem: what is missing or broken is named, and what follows from it is not."""

from __future__ import annotations

import pytest

from tests.scenario.folder import errors, made, problems, warnings
from xisuan.scenario import load

ZONED = "site,node,zone\neast-1,east,z\nwest-1,west,z\n"
PROFILE = "profile,months,hours,value\nsun,,,{night}\nsun,,8-15,-0.5\n"


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("regions_csv", "nothing-to-plan"),
        ("workloads_csv", "table-missing"),
        ("technologies_csv", "technologies-missing"),
        ("sites_csv", "sites-missing"),
        ("demand_csv", "demand-missing"),
    ],
)
def test_a_missing_table_is_one_problem(tmp_path, missing, code):
    folder = made(tmp_path, **{missing: None})
    (only,) = problems(folder)
    assert (only.code, only.table) == (code, missing.replace("_", "."))
    assert only.level == ("warning" if missing == "demand_csv" else "error")
    assert "缺失" in only.in_language("zh") or "请给出" in only.in_language("zh")


def test_a_table_with_a_header_alone_is_as_missing(tmp_path):
    (only,) = problems(made(tmp_path, workloads_csv="workload,class\n"))
    assert (only.code, only.table) == ("table-missing", "workloads.csv")


def test_both_ends_of_a_link_are_reported(tmp_path):
    found = errors(made(tmp_path, links_csv="link,from,to,length_km,capacity_gbps\na,north,south,1,1\n"))
    assert [line.split(" · ")[0] for line in found][:2] == [
        "links.csv, row 2, from: north",
        "links.csv, row 2, to: south",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("periods = [2026\nbase_year = 2026\n", 1),
        ("periods = [2026]\n\nbase_year =", 3),
        ("periods = [\n  2026,\n]\ntitle = 'open\n", 4),
        ("periods = [\n  2026,\n]\nhours = [1,\n\n", 4),
        ("base_year = \n", 1),
        ("periods = [2026]\nwhat\n", 2),
    ],
)
def test_what_is_not_toml_is_said_with_its_line_and_alone(tmp_path, text, line):
    """The rows of demand would be of no period, and two regions unknown: nobody knows, so nobody is told."""
    folder = made(tmp_path, scenario_toml=text, demand_csv="region,workload,period,units\neast,web,2031,1\n")
    (only,) = problems(folder)
    assert (only.code, only.table, only.row) == ("not-toml", "scenario.toml", f"row {line}")
    assert "document" not in str(only)
    assert load.examine(folder)[0] is None


def test_a_long_document_without_an_end_is_named_by_its_last_line(tmp_path):
    text = "title = 'x'\n" + "# a remark\n" * 2000 + "periods = [2026\n"
    (only,) = problems(made(tmp_path, scenario_toml=text))
    assert (only.code, only.row, only.values) == ("not-toml", "row 2002", {"fault": "Unclosed array"})


def test_a_file_is_no_scenario(tmp_path):
    book = tmp_path / "x.xlsx"
    book.write_bytes(b"PK")
    (only,) = problems(book)
    assert str(only).startswith(f"{book} is a file, and a scenario is a folder with a scenario.toml"[:60])
    assert only.code == "scenario-is-a-file"
    assert "文件夹" in only.in_language("zh")


@pytest.mark.parametrize("price", ["-0.65", "sun"])
def test_a_price_below_nothing_is_noticed(tmp_path, price):
    rules = PROFILE.format(night=0.1) if price == "sun" else None
    power = f"zone,price\nz,{price}\n"
    found = problems(made(tmp_path, power_csv=power, sites_csv=ZONED, profile_rules_csv=rules))
    assert ("price-negative", "row 2 (z)", price) in [(one.code, one.row, one.value) for one in found]


def test_hours_of_a_price_may_be_below_nothing(tmp_path):
    power = "zone,price\nz,sun\n"
    rules = PROFILE.format(night=0.9)
    assert warnings(made(tmp_path, power_csv=power, sites_csv=ZONED, profile_rules_csv=rules)) == []


@pytest.mark.parametrize("opened", ["2024-13-45", "20222"])
def test_a_year_is_a_year(tmp_path, opened):
    fleet = f"site,technology,opened,units\neast-1,server,{opened},5\n"
    (only,) = problems(made(tmp_path, fleet_csv=fleet))
    assert (only.table, only.row, only.column, only.value) == ("fleet.csv", "row 2", "opened", opened)
    assert "give a year" in str(only)


@pytest.mark.parametrize(
    ("fleet", "level"), [(None, "error"), ("site,technology,units\neast-1,server,500\n", "warning")]
)
def test_a_day_after_all_periods_is_named(tmp_path, fleet, level):
    """What cannot be served then cannot be for that reason; and where it can, there is nothing left to plan."""
    text = 'name = "small"\nperiods = [2026]\nas_of = "2126-01-01"\n'
    (only,) = problems(made(tmp_path, scenario_toml=text, fleet_csv=fleet))
    assert (only.table, only.column, only.value, only.level) == ("scenario.toml", "as_of", "2126-01-01", level)
    assert only.code.startswith("all-periods-past")
    assert only.values == {"last": 2026}
    assert "2026 年" in only.in_language("zh")
