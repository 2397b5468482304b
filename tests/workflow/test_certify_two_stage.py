"""A two-stage plan that is certified anew: the whole, its members, and the plans of those who know."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.certificate.test_certify_two_stage import ROWS
from tests.laws.strategies import full
from tests.planning.test_two_stage_program import uncertain
from tests.workflow.tampering import Tamper, both, cell, family, figure, more, negated, rows, up
from xisuan.errors import StoreError
from xisuan.results.storage import fingerprint, hour_signature, sealed_folders, two_stage_store
from xisuan.scenario import load
from xisuan.workflow.certify_run import certify_run
from xisuan.workflow.two_stage import two_stage


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = ROWS.iloc[[0, 2]].assign(probability=[0.4, 0.6])  # each member is two more runs to certify in every test
    found = two_stage(uncertain(full(3, periods=(2026, 2028)), rows.to_dict("records")))
    return two_stage_store.save_two_stage(found, tmp_path_factory.mktemp("futures") / "plan")


def names(folder: Path) -> list[str]:
    return [str(row["member"]) for row in json.loads((folder / "plan.json").read_text())["members"]]


def sealed(folder: Path) -> None:
    """Make all checksums again, those of the runs within first."""
    for inner in sorted(folder.rglob("SHA256SUMS"), key=lambda path: -len(path.parts)):
        sealed_folders.seal(inner.parent)


def test_a_two_stage_plan_as_it_was_saved_holds(folder: Path) -> None:
    found = certify_run(folder)
    assert (found.verdict, found.differences, dict(found.changed)) == ("holds", (), {})
    parts = {f"{kind}/{name}" for kind in ("members", "alone") for name in names(folder)}
    assert set(found.rechecked) == {"", *parts}
    assert set(found.rechecked[""]) == {path.stem for path in folder.glob("*.parquet")}
    assert {found.unchecked[name] for name in ("mean_mcny", "mean_why")} == {"needs_solving"}
    assert found.unchecked["asked_gap"] == "asked"
    assert "status" not in found.unchecked


def test_a_member_taken_by_itself_holds_and_says_which_prices_it_cannot_check(folder: Path) -> None:
    found = certify_run(folder / "members" / names(folder)[0])
    assert found.ok
    assert found.unchecked["prices"] == "duals_not_kept"


def of_first(kind: str, tamper: Tamper) -> Tamper:
    return lambda folder: tamper(folder / kind / names(folder)[0])


def demand_moved(folder: Path) -> None:
    """Move a member's demand, and make its hash and hours again in its plan."""
    path = folder / "scenario" / "demand.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[0, "units"] = repr(float(frame.loc[0, "units"]) * 1.01)
    frame.to_csv(path, index=False)
    scenario = load.load(folder / "scenario")
    of = {"scenario_hash": fingerprint.scenario_hash(scenario), "hours_read": hour_signature.read_of(scenario)}
    figure("plan.json", lambda head: head.update(of))(folder)


SPOILT: dict[str, Tamper] = {
    "a member's demand, and its hash": of_first("members", demand_moved),
    "the demand of who knows, and its hash": of_first("alone", demand_moved),
    "expected cost": figure("plan.json", lambda head: head.update(objective=head["objective"] * 0.99)),
    "bound": figure("plan.json", lambda head: head.update(lower_bound=head["lower_bound"] * 1.01)),
    "value of information": figure("plan.json", lambda head: head.update(perfect_information_mcny=0.0)),
    "what those who know pay": figure("plan.json", lambda head: head.update(wait_and_see_mcny=1.0)),
    "first period": figure("plan.json", lambda head: head.update(first_period=head["first_period"] + 1)),
    "a row of members": figure("plan.json", lambda head: head["members"][0].update(cost_mcny=1.0)),
    "table of members": cell("members", "cost_mcny", up),
    "frequency": cell("frequency", "most", up),
    "frequency, robust": rows("frequency", lambda frame: frame.assign(robust=~frame["robust"])),
    "costs of all": cell("costs", "discounted_mcny", up),
    "a row of all less": rows("builds", lambda frame: frame.iloc[1:]),
    "a member's costs": of_first("members", cell("costs", "discounted_mcny", up)),
    "a member's prices": of_first("members", cell("prices", "value", up)),
    "a member's build": of_first("members", family("variables", "build", more)),
    "the costs of who knows": of_first("alone", cell("costs", "discounted_mcny", up)),
    "duals of the whole": of_first("duals", family(".", "work_balance", negated)),
    "status": figure("plan.json", lambda head: head.update(status="feasible")),
    "gap": figure("plan.json", lambda head: head.update(gap=head["gap"] + 1e-3)),
    "a key made up": figure("plan.json", lambda head: head.update(approved_by="the bureau")),
    "cost after the mean's orders": both(
        figure("plan.json", lambda head: head["members"][0].update(mean_mcny=head["members"][0]["alone_mcny"] * 0.9)),
    ),
    "value of planning for the mean": figure("plan.json", lambda head: head.update(stochastic_solution_mcny=1e6)),
    "rows of who knows, to leave prices out": of_first("alone", both(
        figure("plan.json", lambda head: head.update(rows=head["rows"] + 1)), cell("prices", "value", up)
    )),
    "costs here and there": both(
        cell("costs", "discounted_mcny", up), of_first("members", cell("costs", "discounted_mcny", up))
    ),
}  # fmt: skip


QUICK = ("a member's demand, and its hash", "bound", "status", "frequency", "a member's prices", "duals of the whole")
"""Ways that are tried each time; the others are long."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in SPOILT]
)
def test_what_is_spoilt_is_found_though_checksums_were_made_again(folder: Path, tmp_path: Path, name: str) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "copy"))
    SPOILT[name](spoilt)
    assert sealed_folders.altered(spoilt, lambda _: True)
    sealed(spoilt)
    found = certify_run(spoilt)
    assert (found.verdict, dict(found.changed)) == ("wrong", {})


def test_a_member_of_another_scenario_is_found(folder: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "copy"))
    one, other = (spoilt / "members" / name for name in names(folder)[:2])
    shutil.rmtree(one)
    shutil.copytree(other, one)
    sealed(spoilt)
    found = certify_run(spoilt)
    assert any(difference.what == "other_scenario" for difference in found.differences)


def test_a_member_that_is_gone_is_told(folder: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "copy"))
    shutil.rmtree(spoilt / "alone" / names(folder)[0])
    sealed(spoilt)
    with pytest.raises(StoreError, match="alone"):
        certify_run(spoilt)
