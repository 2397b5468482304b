"""Converted units are listed by `check` alone, apart from what needs attention."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tests.scenario.folder import made
from xisuan.cli.main import group


def test_check_lists_conversions_by_themselves_and_a_plan_leaves_them_out(tmp_path: Path) -> None:
    halls = (
        "site,existing_racks,limit_racks,capex_mcny_per_mw,life_years\neast-1,4000,8000,20,20\nwest-1,400,800,20,20\n"
    )
    folder = made(
        tmp_path / "small",
        halls_csv=halls,
        technologies_csv="technology,class,capex_mcny_per_unit,life_years,mw_per_unit\nserver,general,1,5,0.01\n",
    )
    told = CliRunner().invoke(group, ["check", str(folder), "--lang", "en"])
    assert told.exit_code == 0, told.output
    assert "in another unit" not in told.output
    lines = " ".join(told.output.split())
    assert "Converted units halls.csv existing_racks × 0.0025 = existing_mw; limit_racks × 0.0025 = limit_mw" in lines
    planned = CliRunner().invoke(group, ["plan", str(folder), "--out", str(tmp_path / "run"), "--lang", "en"])
    assert planned.exit_code == 0, planned.output
    assert "in another unit" not in planned.output
