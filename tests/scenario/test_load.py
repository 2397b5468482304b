"""Reading a scenario: every problem at once, each where it is and with what to do."""

from __future__ import annotations

import datetime
import os
import shutil

import pandas as pd
import pytest

from tests.scenario.folder import by, errors, made, problems, told, warnings
from xisuan.errors import ScenarioError
from xisuan.scenario import load, write
from xisuan.scenario.reading import scenario_folders
from xisuan.scenario.schema import tables


def test_a_sound_folder_has_no_problem(tmp_path):
    assert problems(made(tmp_path)) == []


def test_tables_are_typed_and_complete(tmp_path):
    scenario = load.load(made(tmp_path))
    for table in tables.TABLES:
        frame = scenario[table.name]
        assert list(frame.columns) == [column.name for column in table.all_columns]
        for column in table.all_columns:
            kind = {"number": "f", "count": "f", "year": "f", "flag": "b"}.get(column.kind, "O")
            assert frame[column.name].dtype.kind == kind, (table.name, column.name)
    site = scenario["sites"].iloc[0]
    assert (site["pue"], site["capex_factor"], site["zone"]) == (1.0, 1.0, "")
    assert pd.isna(site["it_limit_mw"])
    assert list(scenario["regions"]["node"]) == ["east", "west"]


def test_every_problem_is_found_in_one_go(tmp_path):
    folder = made(
        tmp_path,
        scenario_toml='name = "small"\nperiods = [2026]\nobjectiv = "cost"\n',
        links_csv="link,from,to,length_km,capacity_gpbs\neast-west,east,wset,-3,10\n",
        workloads_csv="workload,class,latency_ms,gbps_per_unit\nweb,generel,-5,0.01\n",
        demand_csv="region,workload,period,units\neast,web,2026,nan\neast,web,2026,7\nnorth,web,2026,20\n",
        limts_csv="site\n",
    )
    found = errors(folder)
    assert "scenario.toml, objectiv · option-unknown" in found
    assert "links.csv, row 1, capacity_gpbs · column-unknown" in found
    assert "links.csv, row 2, length_km: -3 · value-below-minimum" in found
    assert "links.csv, row 2, to: wset · reference-unknown" in found
    assert "workloads.csv, row 2, latency_ms: -5 · value-below-minimum" in found
    said = "class: generel · class-unknown"
    assert f"workloads.csv, row 2 (web), {said}" in found
    assert "demand.csv, row 2, units: nan · number-missing" in found
    assert "demand.csv, row 3, region, workload, period: east/web/2026 · key-repeated" in found
    assert "demand.csv, row 4, region: north · reference-unknown" in found
    assert "limts.csv · table-unknown" in found
    with pytest.raises(ScenarioError) as raised:
        load.load(folder)
    assert [told(problem) for problem in raised.value.problems] == found


def test_a_region_that_is_not_there_is_no_other_region(tmp_path):
    """East and West differ in two letters and in everything else."""
    folder = made(
        tmp_path,
        regions_csv="region\nEast\n",
        demand_csv="region,workload,period,units\nEast,web,2026,7\nWest,web,2026,20\n",
    )
    said = "demand.csv, row 3, region: West · reference-unknown"
    assert said in errors(folder)


def test_a_chinese_header_is_answered_with_the_english_one(tmp_path):
    """By the Chinese meaning of the column; another Chinese word by the headers there are."""
    folder = made(tmp_path, regions_csv="地区,省份\neast,x\nwest,y\n")
    found = errors(folder)
    assert [line for line in found if "地区" in line or line.startswith("regions.csv, row 1, region")] == [
        "regions.csv, row 1, 地区 · column-unknown"
    ]
    [other] = [line for line in found if "省份" in line]
    assert "column-unknown" in other


def test_both_formats_of_one_table_are_refused(tmp_path):
    folder = made(tmp_path)
    pd.DataFrame({"region": ["east", "west"]}).to_parquet(folder / "regions.parquet")
    assert errors(folder) == ["regions.parquet · table-repeated"]


def test_parquet_reads_as_csv_does(tmp_path):
    as_csv = load.load(made(tmp_path / "a"))
    folder = made(tmp_path / "b")
    for path in list(folder.glob("*.csv")):
        pd.read_csv(path).to_parquet(path.with_suffix(".parquet"))
        path.unlink()
    assert write.same(as_csv, load.load(folder))


def test_spreadsheets_are_reported_not_read(tmp_path):
    folder = made(tmp_path, links_xlsx=b"PK")
    assert warnings(folder) == ["links.xlsx · spreadsheet-not-read"]
    assert load.load(folder).notes


def test_rows_that_hold_in_no_period_are_noted_once_a_table(tmp_path):
    folder = made(
        tmp_path,
        scenario_toml='name = "small"\nperiods = [2026, 2028]\n',
        demand_csv="region,workload,period,units\neast,web,2026,1\neast,web,2028,1\neast,web,2030,1\neast,web,2020,1\nwest,web,,1\n",
        links_csv=(
            "link,period,from,to,length_km,capacity_gbps\nl,2020,east,west,10,1\nl,2024,east,west,10,1\n"
            "l,2027,east,west,10,2\nl,2029,east,west,10,1\n"
        ),
    )
    assert warnings(folder) == [
        "demand.csv, row 4, period: 2030 · rows-of-no-period",
        "links.csv, row 2, period: 2020 · rows-of-no-period",
    ]


def test_one_row_that_holds_in_no_period_is_named_with_its_year(tmp_path):
    folder = made(
        tmp_path,
        scenario_toml='name = "small"\nperiods = [2026, 2028]\n',
        demand_csv="region,workload,period,units\neast,web,2026,1\neast,web,2028,1\neast,web,2030,1\nwest,web,,1\n",
    )
    assert warnings(folder) == ["demand.csv, row 4, period: 2030 · row-of-no-period"]


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n"])
def test_an_empty_manifest_is_no_scenario_of_one_hour(tmp_path, text):
    with pytest.raises(ScenarioError, check=by("settings-empty")):
        load.load(made(tmp_path, scenario_toml=text))


def test_links_may_name_a_region_and_then_end_at_its_node(tmp_path):
    folder = made(tmp_path, regions_csv="region,node\neast,harbour\nwest,\n")
    scenario = load.load(folder)
    assert list(scenario["links"]["from"]) == ["harbour"]
    assert list(scenario["sites"]["node"]) == ["harbour", "west"]


def test_a_name_not_shipped_is_answered_with_those_that_are():
    with pytest.raises(ScenarioError, check=by("scenario-unknown")):
        load.load("startr")


@pytest.mark.parametrize("path", ["", ".", "/nowhere", "a\0b", "x" * 5000])
def test_paths_without_a_scenario_are_refused(path):
    with pytest.raises(ScenarioError):
        load.load(path)


def test_build_reads_frames_as_files(tmp_path):
    folder = made(tmp_path)
    frames = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    built = load.build({"name": "small", "periods": [2026]}, frames)
    assert write.same(built, load.load(folder))
    assert write.same(load.build(built.settings, built.tables), built)


def test_build_reports_as_reading_does():
    with pytest.raises(ScenarioError, match="demand, row 1, units: inf · not finite"):
        load.build(
            {},
            {
                "regions": pd.DataFrame({"region": ["a"]}),
                "demand": pd.DataFrame({"region": ["a"], "workload": ["w"], "period": [2026], "units": [float("inf")]}),
            },
        )


def test_build_extends_a_shipped_scenario():
    scenario = load.build({"name": "mine", "extends": "starter", "drop": {"workloads": ["training"]}}, {})
    assert set(scenario["demand"]["workload"]) == {"web", "batch"}


def test_a_shipped_scenario_is_kept_as_its_files_are(tmp_path, monkeypatch):
    """What one reading asks (a day) is not in the next, and a file that was changed since is read anew."""
    shutil.copytree(scenario_folders.library() / "starter", tmp_path / "starter")
    monkeypatch.setattr(scenario_folders, "library", lambda: tmp_path)
    first = load.load("starter", datetime.date(2026, 6, 30))
    again = load.load("starter")
    assert (first.settings.as_of, again.settings.as_of) == (datetime.date(2026, 6, 30), None)
    table = tmp_path / "starter" / "budgets.csv"
    table.write_text(table.read_text().splitlines()[0] + "\n")
    os.utime(table, ns=(1, 1))
    assert len(again["budgets"]) > 0
    assert len(load.load("starter")["budgets"]) == 0
