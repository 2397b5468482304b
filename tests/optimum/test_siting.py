"""Sites with opening costs are chosen as the OR-Library's optima of capacitated facility location say.

J. E. Beasley, "OR-Library: distributing test problems by electronic mail", J. Opl. Res. Soc. 41 (1990), capopt.txt.
The gap asked is so small that branch and bound proves the last digit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import xisuan as xs
from tests.cases import folders, siting

OPTIMA = {"cap41": 1040444.375, "cap71": 932615.750, "cap101": 796648.438, "cap131": 793439.562}


@pytest.mark.parametrize("name", OPTIMA)
def test_least_cost_of_sites(name: str, tmp_path: Path) -> None:
    scenario = xs.load(siting.write(folders.case(f"siting/{name}.txt"), tmp_path / name))
    plan = xs.plan(scenario, xs.Options(gap=1e-9))
    assert plan.certificate.ok
    assert plan.objective == pytest.approx(OPTIMA[name], abs=1e-3)
    assert plan.lower_bound == pytest.approx(OPTIMA[name], abs=2e-3)
    opened = plan.builds[plan.builds["asset"] == "opening"]
    assert (opened["amount"] == 1.0).all()
    assert opened["where"].is_unique
