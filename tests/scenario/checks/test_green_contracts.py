"""Checks of green contracts by the hour: a price for what plants deliver, and plants that deliver something."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import errors, made

SITES = "site,node,zone\neast-1,east,grid\nwest-1,west,grid\n"
SUN = "profile,hours,value\nsun,,0\nsun,8-16,0.5\nnight,,0\nnight,0-1,0.5\n"
HEAD = "zone,price,green_premium_cny_per_kwh,green_profile\n"
FIRST_HOURS = 'name = "small"\nperiods = [2026]\nhours = "hours:3"\n'


@pytest.mark.parametrize(
    ("row", "right"),
    [
        ("grid,0.5,,night", ["power.csv, row 2 (grid), green_premium_cny_per_kwh · green-profile-without-premium"]),
        ("grid,0.5,0.1,sun", ["power.csv, row 2 (grid), green_profile: sun · green-profile-never-produces"]),
        ("grid,0.5,0.1,0", ["power.csv, row 2 (grid), green_profile: 0 · green-profile-never-produces"]),
        ("grid,0.5,0.1,night", []),
        ("grid,0.5,0.1,", []),
        ("grid,0.5,,", []),
    ],
)
def test_contracts_need_a_price_and_plants_that_produce(tmp_path: Path, row: str, right: list[str]) -> None:
    """The modelled hours are the first three of the year: the sun does not shine in them."""
    tables = {"sites_csv": SITES, "power_csv": f"{HEAD}{row}\n", "profile_rules_csv": SUN}
    assert errors(made(tmp_path, scenario_toml=FIRST_HOURS, **tables)) == right
