"""A payer without a budget beside payers that have one is told; a row with a blank limit says that it has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import made, problems

PAYERS = "scope,investor,share\nall,Anna,0.6\nall,Berta,0.4\nnetwork,Carla,1\n"


@pytest.mark.parametrize(
    ("budgets", "told"),
    [
        ("all,10\n", []),
        ("investor:Anna,10\n", ["Berta"]),
        ("investor:Anna,10\ninvestor:Berta,\n", []),
    ],
)
def test_a_payer_without_a_budget_beside_one_that_has_it_is_told_once(
    tmp_path: Path, budgets: str, told: list[str]
) -> None:
    folder = made(tmp_path, payers_csv=PAYERS, budgets_csv=f"scope,limit_mcny\n{budgets}")
    found = [one for one in problems(folder) if one.code == "payer-without-budget"]
    assert [one.value for one in found] == told
    assert [one.values["budget"] for one in found] == [f"investor:{name}" for name in told]
