"""`xisuan show` and the export of scenarios give the tables as they are."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import xisuan as xs
from xisuan.cli.main import invoke
from xisuan.scenario import write


def test_rows_and_columns_are_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["show", "starter", "power", "--where", "zone=coast", "--columns", "zone,co2_kg_per_kwh"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["zone", "co2_kg_per_kwh"]
    assert said[2].split()[0] == "coast"
    assert len(said) == 3


def test_a_number_is_compared_as_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    period = int(xs.load("starter")["demand"]["period"].iloc[-1])
    assert invoke(["show", "starter", "demand", "--where", f"period={period}", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert {row["period"] for row in rows} == {float(period)}


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    out = tmp_path / "sites.csv"
    assert invoke(["show", "starter", "sites", "--out", str(out)]) == 0
    assert set(pd.read_csv(out)["site"]) == set(xs.load("starter")["sites"]["site"])


def test_names_that_do_not_exist_are_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["show", "starter", "pwer"]) == 2
    assert '"power"' in capsys.readouterr().err
    assert invoke(["show", "starter", "power", "--columns", "zone,prise", "--where", "zne=coast"]) == 2
    said = capsys.readouterr().err
    assert '"price"' in said
    assert '"zone"' in said


def test_a_condition_without_a_value_is_refused_with_its_form(capsys: pytest.CaptureFixture[str]) -> None:
    conditions = [part for text in ("zone~X", "zone", "zone!=grid", "zone=grid") for part in ("--where", text)]
    assert invoke(["show", "starter", "power", *conditions]) == 2
    shown = capsys.readouterr().err
    assert [text in shown for text in ("zone~X", ": zone ", "zone!=grid", "zone=grid")] == [True, True, True, False], (
        shown
    )
    assert "write COLUMN=VALUE" in shown


def test_values_that_no_row_has_are_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["show", "starter", "power", "--where", "zone=coats"]) == 2
    assert '"coast"' in capsys.readouterr().err
    assert invoke(["show", "starter", "demand", "--where", "period=1999"]) == 2
    assert "2026" in capsys.readouterr().err
    first, *others = xs.load("starter")["power"]["zone"].drop_duplicates()
    assert others
    key = {
        "zone": first,
        "co2_kg_per_kwh": xs.load("starter")["power"].query("zone != @first")["co2_kg_per_kwh"].iloc[0],
    }
    where = [part for name, value in key.items() for part in ("--where", f"{name}={value}")]
    assert invoke(["show", "starter", "power", *where]) == 0
    assert "no row meets all conditions" in capsys.readouterr().out


def test_the_overview_lists_tables_and_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["show", "starter", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    scenario = xs.load("starter")
    assert found["tables"]["sites"] == len(scenario["sites"])
    assert found["names"]["zones"] == list(scenario["power"]["zone"])
    assert invoke(["show", "starter"]) == 0


def test_a_scenario_is_exported_as_a_folder_and_as_a_workbook(tmp_path: Path) -> None:
    scenario = xs.load("starter")
    assert invoke(["export", "starter", "--to", "csv", "--out", str(tmp_path / "copy")]) == 0
    assert write.same(scenario, xs.load(tmp_path / "copy"))
    assert invoke(["export", "starter", "--to", "excel", "--out", str(tmp_path / "a.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = list(book["demand"].values)
    assert list(rows[0]) == list(scenario["demand"].columns)
    assert [row[rows[0].index("units")] for row in rows[1:]] == pytest.approx(scenario["demand"]["units"].tolist())
    assert invoke(["export", "starter", "--to", "netcdf", "--out", str(tmp_path / "a.nc")]) == 2


def test_the_contents_and_wrong_use_are_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["show", "starter", "--lang", "zh"]) == 0
    assert "电价区" in capsys.readouterr().out
    assert invoke(["new", "--list", "--lang", "zh"]) == 0
    assert "市州" in capsys.readouterr().out.splitlines()[0]
    assert invoke(["new", "--lang", "zh"]) == 2
    assert "请给出NAME" in capsys.readouterr().err


def test_years_have_no_separators(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["show", "starter", "demand", "--columns", "period"]) == 0
    assert "2026" in capsys.readouterr().out
