"""A bulletin becomes a tracked indicator in two commands."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest

from xisuan.bulletins.read_bulletin import read_text
from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.indicators.catalogue import catalogue
from xisuan.results.bulletin_reading import Observation, Reading
from xisuan.scenario.load import load
from xisuan.tracking import statistics_folder
from xisuan.tracking.observation_rows import OBSERVATIONS, csv_text, indicator_rows, observation_rows

BULLETIN = """2025年1-10月甘肃省通信业运行情况
发布时间：2025-11-20
1-10月，全省电信业务收入完成186.3亿元，同比增长3.2%。截至10月底，全省5G基站达到6.8万个。
2024年，全省电信业务收入218.5亿元；2024年底5G基站6.28万个。
到2027年底，全省5G基站达到8万个。
"""


def test_new_then_read_then_track(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.txt").write_text(BULLETIN, encoding="utf-8")
    for line in ("new gansu --indicators", "read b.txt --into gansu", "track gansu --out tracked"):
        assert invoke(line.split()) == 0, line
    said = capsys.readouterr().out
    assert "80,000" in said
    assert "68,000" in said
    rows = load("gansu")["observations"]
    assert len(rows) == 5
    assert set(rows["published"]) == {"2025-11-20"}
    assert set(rows["source"]) == {"b-2025-11-20"}
    assert load("gansu")["sources"]["title"].tolist() == ["2025年1-10月甘肃省通信业运行情况"]


def test_reading_a_bulletin_again_replaces_its_rows(tmp_path: Path) -> None:
    folder, words = statistics_folder.new("gansu", tmp_path), catalogue()
    found = read_text(BULLETIN, name="b.txt", region="gansu")
    first = statistics_folder.add(folder, found, words)
    again = statistics_folder.add(folder, found, words)
    assert (first.added, first.replaced) == (5, 0)
    assert (again.added, again.replaced) == (0, 5)


def test_a_folder_that_would_not_load_is_left_as_it_was(tmp_path: Path) -> None:
    folder = statistics_folder.new("gansu", tmp_path)
    before = (folder / "observations.csv").read_bytes()
    wrong = Observation("gdp", "gansu", "2024-13-01", "2024-12-31", "cumulative", 1.0, "mCNY", source="b")
    with pytest.raises(ScenarioError):
        statistics_folder.add(folder, Reading((wrong,), ()), catalogue())
    assert (folder / "observations.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "region"), [("gansu", "gansu"), ("甘肃-2026", "gansu"), ("inner-mongolia", "inner_mongolia")]
)
def test_the_region_is_told_by_the_name(name: str, region: str, tmp_path: Path) -> None:
    folder = statistics_folder.new(name, tmp_path)
    assert statistics_folder.home_of(load(folder)) == region


def test_an_unknown_region_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="gansu"):
        statistics_folder.new("gansuu", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_shipped_scenario_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.txt").write_text(BULLETIN, encoding="utf-8")
    assert invoke(["read", "b.txt", "--into", "guizhou"]) == 2


def made(**more: object) -> Observation:
    given = {"indicator": "gdp", "region": "gansu", "period_start": "2024-01-01", "period_end": "2024-12-31",
             "basis": "cumulative", "value": None, "unit": "pct", "source": "b", "published": "2025-02-01"}  # fmt: skip
    return Observation(**{**given, **more})  # type: ignore[arg-type]


def test_a_level_and_its_growth_become_one_row() -> None:
    level, growth = made(value=100.0, unit="mCNY", text="a"), made(growth_pct=5.8, text="b")
    for order in ((level, growth), (growth, level)):
        (row,), refused = observation_rows(Reading(order, ()), catalogue())
        assert (row["value"], row["unit"], row["growth_pct"]) == ("100", "mCNY", "5.8")
        assert not refused


def test_two_levels_of_one_thing_and_foreign_money_are_refused() -> None:
    found = Reading(
        (made(value=1.0, unit="mCNY"), made(value=2.0, unit="mCNY"), made(region="hunan", value=3.0, unit="mUSD")), ()
    )
    rows, refused = observation_rows(found, catalogue())
    assert [row["value"] for row in rows] == ["1"]
    assert len(refused) == 2


def test_firms_above_a_size_stand_beside_all_firms(tmp_path: Path) -> None:
    folder = statistics_folder.new("gansu", tmp_path)
    both = (made(value=1.0, unit="mCNY"), made(value=0.5, unit="mCNY", scope="firms above designated size"))
    assert statistics_folder.add(folder, Reading(both, ()), catalogue()).added == 2
    assert len(load(folder)["observations"]) == 2


def test_rows_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    found = read_text(BULLETIN, datetime.date(2025, 11, 20), name="b.txt", region="gansu")
    rows, _ = observation_rows(found, catalogue())
    text = csv_text(rows, OBSERVATIONS)
    table = list(csv.reader(io.StringIO(text)))
    again = read_text("", tables=[("observations.csv", table)], region="gansu")
    again_rows, _ = observation_rows(again, catalogue())
    said = [name for name in OBSERVATIONS if name != "inherited"]
    assert [[row[name] for name in said] for row in again_rows] == [[row[name] for name in said] for row in rows]


def test_an_indicator_comes_with_the_whole_that_it_is_part_of() -> None:
    names = [row["indicator"] for row in indicator_rows(["primary_industry_value_added"], (), catalogue())]
    assert names == ["gdp", "primary_industry_value_added"]
    assert indicator_rows(["gdp"], ["gdp"], catalogue()) == []
