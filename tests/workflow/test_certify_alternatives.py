"""What a run says of alternatives to its plan is held against the plan, which is one of them."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from tests.golden.small import small
from tests.workflow.tampering import Tamper, cell, rows
from xisuan.certificate.recheck.alternatives import recheck_alternatives
from xisuan.planning.alternatives import alternatives
from xisuan.results.run import Run
from xisuan.results.storage import run_store, sealed_folders
from xisuan.workflow.certify_run import certify_run
from xisuan.workflow.plan import plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of 10 racks at s, of which all but 2.5 may stand at t at nearly the same cost."""
    found = plan(small({"sites": "site,hub,capex_factor\ns,h,1\nt,h,1.02"}, {"periods": [2026]}))
    of = [("compute", "s", "g"), ("compute", "t", "g"), ("it_power", "h", ""), ("compute", "h", "g")]
    table = alternatives(found, 0.015, of)
    return run_store.save(Run(found.scenario, found, None, alternatives=table), tmp_path_factory.mktemp("near") / "run")


def test_alternatives_as_they_were_saved_hold(folder: Path) -> None:
    found = certify_run(folder)
    assert (found.verdict, found.differences) == ("holds", ())
    assert "alternatives" in found.rechecked[""]
    assert {found.unchecked[f"alternatives.{end}"] for end in ("least", "most")} == {"needs_solving"}


def test_a_table_of_other_hours_is_compared_with_itself(folder: Path) -> None:
    """11 racks are planned on those hours, of which 2.5 are needed at s: only a wrong verdict contradicts that."""
    run = run_store.read_run(folder)
    assert run.alternatives is not None
    other = run.alternatives.head(1).assign(planned=11.0, most=12.0)
    assert [one.column for one in recheck_alternatives(run.plan, other)] == ["planned"]
    assert not list(recheck_alternatives(run.plan, other, is_own_hours=False))
    wrong = other.assign(verdict="robust")
    assert [one.column for one in recheck_alternatives(run.plan, wrong, is_own_hours=False)] == ["verdict"]


WRONG: dict[str, Tamper] = {
    "planned": cell("alternatives", "planned", lambda value: value * 1.001),
    "existing": cell("alternatives", "existing", lambda value: value + 1.0),
    "period": cell("alternatives", "period", lambda value: value + 1),
    "unit": cell("alternatives", "unit", lambda _: "MW"),
    "verdict": cell("alternatives", "verdict", lambda _: "robust"),
    "another place": cell("alternatives", "where", lambda _: "elsewhere"),
    "a least above the plan": cell("alternatives", "least", lambda _: 11.0),
    "a least below nothing": cell("alternatives", "least", lambda _: -1.0),
    "a most below the plan": cell("alternatives", "most", lambda _: 9.0),
    "power of a hub": rows("alternatives", lambda frame: frame.assign(planned=[10.0, 0.0, 5.1, 10.0])),
    "builds of a hub": rows("alternatives", lambda frame: frame.assign(planned=[10.0, 0.0, 5.0, 10.1])),
    "no least": cell("alternatives", "least", lambda _: float("nan")),
    "texts": rows("alternatives", lambda frame: frame.astype({"most": str})),
    "a column less": rows("alternatives", lambda frame: frame.drop(columns="verdict")),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_plan_contradicts_is_wrong(folder: Path, tmp_path: Path, name: str) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "copy"))
    WRONG[name](spoilt)
    sealed_folders.seal(spoilt)
    found = certify_run(spoilt)
    assert (found.verdict, dict(found.changed)) == ("wrong", {})
    assert {one.table for one in found.differences} == {"alternatives"}


def test_of_what_has_no_row_of_capacity_nothing_stood(folder: Path) -> None:
    """As of a measure for access that nobody carries out: the plan's tables list what there is."""
    run = run_store.load_run(folder)
    assert run.alternatives is not None
    capacity = run.plan.tables["capacity"]
    tables = {**run.plan.tables, "capacity": capacity[capacity["where"] != "t"]}
    found = dataclasses.replace(run.plan, tables=tables)
    stated = run.alternatives[run.alternatives["where"] == "t"].assign(existing=0.0)
    assert len(stated) == 1
    assert list(recheck_alternatives(found, stated)) == []
    wrong = list(recheck_alternatives(found, stated.assign(existing=1.0)))
    assert "existing" in {one.column for one in wrong}
