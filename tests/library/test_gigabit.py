"""Gigabit access in the shipped scenarios: what was known when, sourced in every row, and anchored on what is published."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.library.shipped import loaded
from xisuan.certificate.certify_plan import certify
from xisuan.planning.expansion import plan
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import INDICATORS

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "src" / "xisuan" / "library"
FOLDER = LIBRARY / "guizhou-gigabit-2023"
SEVEN = {"liupanshui", "anshun", "bijie", "tongren", "qianxinan", "qiandongnan", "qiannan"}


@pytest.fixture(scope="module")
def then() -> Scenario:
    return loaded("guizhou-gigabit-2023")


def test_building_it_again_gives_the_shipped_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.build_gigabit_2023", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()
    }


def test_nothing_later_than_june_2023_is_used(then: Scenario) -> None:
    """Every row cites sources that are listed, all of them public by the day, but what is there for comparison alone."""
    assert then.settings.as_of == date(2023, 6, 27)
    assert then.notes == ()
    sources = pd.read_csv(FOLDER / "sources.csv", dtype=str)
    later = set(sources.loc[sources["date"].str.ljust(10, "-") > "2023-06-27", "source"])
    for path in FOLDER.glob("*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem != "sources":
            cited = {key for cell in rows["source"] for key in cell.split(";")}
            assert cited <= set(sources["source"]), path.stem
            assert not cited & later or path.stem == "actuals", path.stem
        assert set(rows["quality"]) <= {"published", "derived", "estimate"}


@pytest.mark.parametrize("name", ["guizhou", "guizhou-2023", "guizhou-gigabit-2023"])
def test_what_happened_is_on_record_for_all_nine(name: str) -> None:
    rows = loaded(name)["actuals"].query("quantity == 'gigabit_city'")
    by = rows.sort_values("date").drop_duplicates("place").set_index("place")["date"].to_dict()
    assert by == dict.fromkeys(SEVEN, "2025-10") | dict.fromkeys(("guiyang", "zunyi"), "2023-06")


@pytest.mark.parametrize("name", ["guizhou", "guizhou-2023", "guizhou-gigabit-2023"])
def test_no_estimate_goes_beyond_the_whole(name: str) -> None:
    """A threshold above 100 % of a share of a whole would make every city fail in every such draw."""
    rows = loaded(name)["estimates"].query("table == 'standard'")
    parts = rows[rows["key"].str.split("/").str[0].isin([one.name for one in INDICATORS if one.part])]
    assert len(parts) >= 2
    assert parts["high"].max() <= 100


def test_two_cities_are_named_and_seven_have_the_end_of_the_year(then: Scenario) -> None:
    state = then["city_state"].set_index("city")
    assert set(state.index[state["named_under"] == "2021"]) == {"guiyang", "zunyi"}
    targets = then["city_targets"]
    assert set(targets["city"]) == SEVEN
    assert set(targets["deadline"]) == {2023.0}


def test_openings_add_up_to_the_totals_that_were_published(then: Scenario) -> None:
    state = then["city_state"].set_index("city")
    assert state["g5_stations"].sum() == pytest.approx(84_300, rel=1e-3)
    assert state.loc["zunyi", "g5_stations"] == 11_000
    assert state["population"].sum() == pytest.approx(38_562_148)
    now = loaded("guizhou")["city_state"]
    assert now["pon10g_ports"].sum() == pytest.approx(860_000, rel=1e-3)
    assert now["g5_stations"].sum() == pytest.approx(126_000, rel=1e-3)
    assert now["fixed_users"].sum() == pytest.approx(16_809_000 * 1.08, rel=1e-3)
    assert (now["named_under"] == "2021").all()


@pytest.mark.parametrize("name", ["guizhou", "guizhou-gigabit-2023"])
def test_three_thresholds_are_recalled_and_say_so(name: str) -> None:
    rows = pd.read_csv(LIBRARY / name / "standard.csv", dtype=str, keep_default_na=False)
    recalled = rows[(rows["version"] == "2021") & (rows["quality"] == "estimate")]
    assert set(recalled["indicator"]) == {"pon10g_port_share", "user_500m_share", "g5_user_share"}
    assert recalled["note"].str.contains("recalled").all()


def test_the_plan_of_june_2023_is_certified_and_every_city_has_a_year_or_a_reason(then: Scenario) -> None:
    found = plan(then)
    assert certify(then, found).ok
    last = found.gigabit[found.gigabit["period"] == 2025].set_index("city")
    for city in SEVEN:
        assert last.loc[city, "gigabit"] or last.loc[city, "binding"], city
    assert not set(found.rollout["city"]) & {"guiyang", "zunyi"}
    assert found.gigabit.query("city == 'guiyang'")["gigabit"].all()
