"""A run folder that is certified anew: right ones hold, spoilt ones do not, and a changed file is told from a wrong plan."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from gnomon import Rolling
from tests.certificate.test_agreement import five
from tests.golden.small import small
from tests.scenarios import five as made
from tests.workflow.tampering import TAMPERS, cell, figure, up
from xisuan.errors import StoreError
from xisuan.results import verification
from xisuan.results.run import Run
from xisuan.results.storage import parquet_files, run_store, sealed_folders, verification_store
from xisuan.results.storage.run_store import load_run
from xisuan.text.translation import Bilingual
from xisuan.workflow.certify_run import certify_run
from xisuan.workflow.operate import operated
from xisuan.workflow.plan import plan
from xisuan.workflow.run import run

QUICK = (
    "builds, amount", "capacity, existing", "service, units", "load, units", "flows, gbps", "power, facility_mw",
    "costs, discounted_mcny", "prices, value", "emissions, market_t", "builds, another investor", "costs, a sign",
    "emissions in kilograms", "service, a row dropped", "costs, a row twice", "emissions, rows swapped", "a table cut short",
    "builds in thousands", "a family more", "a dual", "duals negated", "objective", "bound raised", "bound lowered", "gap",
    "status", "another hash", "certificate, its bound", "demand", "a setting", "operated, costs", "operated, values",
    "all money halved", "a key made up", "a table made up", "a price of a budget made up",
    "duals made up, and their price",
)  # fmt: skip
"""Ways that are tried each time; the others are long."""
WAYS = [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in TAMPERS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of `five`: its plan, and the plan operated on its own hours."""
    scenario = five()
    found = plan(scenario)
    return run_store.save(Run(scenario, found, operated(scenario, found)), tmp_path_factory.mktemp("certify") / "five")


@pytest.fixture(scope="module")
def plan_alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same plan, not operated: half as much to check again where a way spoils no file of the operation."""
    run = load_run(folder)
    return run_store.save(Run(run.scenario, run.plan), tmp_path_factory.mktemp("certify") / "plan")


def copied(folder: Path, to: Path) -> Path:
    """A copy of a run folder that may be spoilt."""
    return Path(shutil.copytree(folder, to / "copy"))


def test_a_run_as_it_was_saved_holds(folder: Path) -> None:
    found = certify_run(folder)
    assert (found.verdict, found.ok, found.differences, dict(found.changed)) == ("holds", True, (), {})
    assert set(found.rechecked[""]) == {path.stem for path in folder.glob("*.parquet")}
    stored = {path.stem for path in (folder / "schedule").glob("*.parquet")}
    assert set(found.rechecked["schedule"]) == stored - {
        "blocks"
    }  # the hours, which are what values are checked against
    assert found.certificates[""].ok
    assert found.certificates["schedule"].ok


def test_a_page_that_is_not_sealed_is_named_as_not_checked(folder: Path, tmp_path: Path) -> None:
    """Whoever changes a figure in a page changes nothing that a run is read from; nobody is told that the page is right."""
    run = copied(folder, tmp_path)
    assert "report.html" not in certify_run(run).unchecked
    (run / "report.html").write_text("all is free")
    found = certify_run(run)
    assert (found.verdict, found.unchecked["report.html"]) == ("holds", "drawn")


@pytest.mark.parametrize("name", WAYS)
def test_a_spoilt_run_with_checksums_made_again_is_found(
    folder: Path, plan_alone: Path, tmp_path: Path, name: str
) -> None:
    spoilt = copied(folder if name.startswith("operated") else plan_alone, tmp_path)
    TAMPERS[name](spoilt)
    sealed_folders.seal(spoilt)
    if name == "a table cut short":
        with pytest.raises(StoreError, match=r"costs\.parquet is damaged"):
            certify_run(spoilt)
        return
    found = certify_run(spoilt)
    assert (found.verdict, found.ok, dict(found.changed)) == ("wrong", False, {})
    assert found.differences


def test_a_plan_that_was_not_operated_holds(plan_alone: Path) -> None:
    assert certify_run(plan_alone).verdict == "holds"


@pytest.mark.parametrize("name", list(TAMPERS))
def test_every_changed_file_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    """With the old checksums: what was changed, taken away or added."""
    spoilt = copied(folder, tmp_path)
    TAMPERS[name](spoilt)
    found = sealed_folders.altered(spoilt, lambda _: True)
    assert found
    assert set(found.values()) <= {"changed", "missing", "added"}


def test_every_key_is_checked_or_named_as_not_checked(folder: Path) -> None:
    """Each figure of plan.json and of schedule.json: changed alone, it makes the run wrong or is listed."""
    found = certify_run(folder)
    head = json.loads((folder / "plan.json").read_text())
    listed = {name for name in head if name in found.unchecked}
    assert {"asked_gap", "versions", "solver", "seconds"} <= listed
    assert not {"status", "objective", "lower_bound", "gap", "cost_mcny", "certificate"} & listed
    assert "schedule/effort" in found.unchecked


def test_a_rolling_operation_is_certified_by_the_bound_that_knows_all_hours(tmp_path: Path) -> None:
    """Its cost of not knowing is the cost less the one stored beside it, which cannot be below the bound."""
    given = made(hours="hours:48", periods=[2026])
    planned = plan(given)
    rolled = operated(given, planned, rolling=Rolling(12, 4, 1.0, 7))
    stored = run_store.save(Run(given, planned, rolled), tmp_path / "rolled")
    found = certify_run(stored)
    assert (found.verdict, found.unchecked["schedule/foresight"]) == ("holds", "needs_solving")
    assert rolled.not_knowing_mcny > 0
    file = "schedule/schedule.json"
    tampers = (
        figure(file, lambda head: head.update(not_knowing_mcny=head["not_knowing_mcny"] / 2)),
        figure(file, lambda head: head.update(not_knowing_penalty_mcny=head["not_knowing_penalty_mcny"] + 1.0)),
        figure(file, lambda head: head["foresight"].update(perfect_mcny=0.9 * head["foresight"]["perfect_mcny"])),
        figure(file, lambda head: head["foresight"].update(perfect_penalty_mcny=1.0)),
    )
    for at, tamper in enumerate(tampers):
        spoilt = copied(stored, tmp_path / str(at))
        tamper(spoilt)
        sealed_folders.seal(spoilt)
        assert certify_run(spoilt).verdict == "wrong"


@pytest.mark.long
def test_a_key_that_is_not_listed_cannot_be_changed(folder: Path, tmp_path: Path) -> None:
    listed = certify_run(folder).unchecked
    for name, value in json.loads((folder / "plan.json").read_text()).items():
        if name in listed:
            continue
        spoilt = Path(shutil.copytree(folder, tmp_path / name))
        head = json.loads((spoilt / "plan.json").read_text())
        # A gap may be rounding itself, so that a share of it changes nothing.
        head[name] = value * 1.01 + 1e-12 if isinstance(value, float) else "other"
        (spoilt / "plan.json").write_text(json.dumps(head))
        sealed_folders.seal(spoilt)
        try:
            assert certify_run(spoilt).verdict == "wrong", name
        except StoreError:
            assert name in ("format", "hours_read", "certificate"), name  # it cannot be read at all


def test_the_gap_that_was_asked_for_is_named_as_the_word_of_who_planned(folder: Path, tmp_path: Path) -> None:
    """A larger one lets a worse proof pass as optimal, and nothing in the folder tells what was asked."""
    raised = copied(folder, tmp_path)
    head = json.loads((raised / "plan.json").read_text())
    (raised / "plan.json").write_text(json.dumps(head | {"asked_gap": 0.5}))
    sealed_folders.seal(raised)
    assert certify_run(raised).unchecked["asked_gap"] == "asked"


def test_the_gap_of_a_plan_that_costs_next_to_nothing_is_relative(tmp_path: Path) -> None:
    """Below one million CNY too: a bound of half the cost is a gap of a half."""
    cheap = "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,rack,0.5,0.001,4"
    scenario = small({"technologies": cheap})
    found = plan(scenario)
    assert 0.0 < found.objective < 1.0
    home = run_store.save(found, tmp_path / "run")
    assert certify_run(home).ok
    TAMPERS["bound lowered"](home)
    sealed_folders.seal(home)
    assert {one.column for one in certify_run(home).differences} >= {"lower_bound", "gap"}


def test_what_a_mixture_of_commands_wrote_is_told_apart(folder: Path, tmp_path: Path) -> None:
    """An operated plan is certified with its run; what a simulation or a sweep found is only found by doing it again."""
    run = copied(folder, tmp_path)
    schedule = load_run(run).schedule
    assert schedule is not None
    home = run_store.save(schedule, tmp_path / "operated")
    with pytest.raises(StoreError, match="--plan RUN"):
        certify_run(home)
    found = certify_run(home, plan=run)
    assert (found.verdict, found.unchecked["capacity"]) == ("holds", "another")
    cell("costs", "discounted_mcny", up)(home)
    sealed_folders.seal(home)
    assert certify_run(home, plan=run).verdict == "wrong"
    with pytest.raises(StoreError, match="leave out --plan"):
        certify_run(run, plan=run)
    for document, what in (
        ("trace.json", "xisuan simulate"),
        ("sweep.json", "xisuan sweep"),
        ("other.json", "no plan"),
    ):
        other = tmp_path / document.removesuffix(".json")
        other.mkdir()
        (other / document).write_text("{}")
        sealed_folders.seal(other)
        with pytest.raises(StoreError, match=what):
            certify_run(other)


def test_the_plan_of_a_verification_is_checked_and_its_days_are_named(folder: Path, tmp_path: Path) -> None:
    cases = pd.DataFrame([dict.fromkeys(verification.TABLES["cases"], "") | {"round": 0, "holds": False}])
    tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in verification.TABLES.items()}
    made = verification.Verification(False, Bilingual(), load_run(folder).plan, {}, {**tables, "cases": cases})
    home = verification_store.save_verification(made, tmp_path / "verified")
    found = certify_run(home)
    assert (found.verdict, found.subject, found.unchecked["cases"]) == ("holds", "plan", "needs_simulating")
    figure("verification.json", lambda head: head.update(holds=True))(home)
    sealed_folders.seal(home)
    assert [one.column for one in certify_run(home).differences] == ["holds"]
    cell("emissions", "location_t", up)(home / "plan")
    for sealed in (home / "plan", home):
        sealed_folders.seal(sealed)
    assert "plan" in {one.part for one in certify_run(home).differences}


def test_a_wrong_cell_is_named_with_the_right_value(folder: Path, tmp_path: Path) -> None:
    """Table, row, column, what is stored and what is right."""
    spoilt = copied(folder, tmp_path)
    cell("emissions", "location_t", up)(spoilt)
    sealed_folders.seal(spoilt)
    (wrong,) = certify_run(spoilt).differences
    assert (wrong.table, wrong.column, wrong.rows) == ("emissions", "location_t", 1)
    assert wrong.stored == pytest.approx(up(float(str(wrong.right))))
    assert wrong.row.startswith("20")


def test_a_changed_file_whose_content_is_right_is_no_wrong_plan(folder: Path, tmp_path: Path) -> None:
    """Written again by another program: other bytes, the same plan."""
    changed = copied(folder, tmp_path)
    head = json.loads((changed / "plan.json").read_text())
    (changed / "plan.json").write_text(json.dumps(head))
    found = certify_run(changed)
    assert (found.verdict, found.ok, found.differences) == ("changed", False, ())
    assert dict(found.changed) == {"plan.json": "changed"}


def test_a_changed_file_that_cannot_be_read_is_a_changed_file(folder: Path, tmp_path: Path) -> None:
    changed = copied(folder, tmp_path)
    TAMPERS["a table cut short"](changed)
    found = certify_run(changed)
    assert (found.verdict, dict(found.changed)) == ("wrong", {"costs.parquet": "changed"})
    assert [one.what for one in found.differences] == ["unreadable"]


def test_a_table_that_nobody_listed_is_an_added_file(folder: Path, tmp_path: Path) -> None:
    changed = copied(folder, tmp_path)
    shutil.copy(changed / "costs.parquet", changed / "bonus.parquet")
    (changed / "my notes.txt").write_text("mine")
    assert dict(certify_run(changed).changed) == {"bonus.parquet": "added"}


def test_the_plan_of_another_scenario_is_wrong(folder: Path, tmp_path: Path) -> None:
    """A certificate, values and tables that are right of another scenario."""
    other = five(hours="hours:2")
    found = plan(other)
    run_store.save(Run(other, found), tmp_path / "other")
    spoilt = copied(folder, tmp_path)
    shutil.rmtree(spoilt / "scenario")
    shutil.copytree(tmp_path / "other" / "scenario", spoilt / "scenario")
    sealed_folders.seal(spoilt)
    result = certify_run(spoilt)
    assert result.verdict == "wrong"
    assert any(one.column == "scenario_hash" for one in result.differences)


@pytest.mark.long
def test_tables_of_decisions_that_follow_from_the_plan_are_made_again(tmp_path: Path) -> None:
    home = run_store.save(run(five(), ask=False), tmp_path / "run")
    right = certify_run(home)
    assert right.ok
    assert {"hub_costs", "levelised", "investors", "decided"} <= set(right.rechecked[""])
    levelised = parquet_files.read_table(home / "levelised.parquet")
    number = levelised.select_dtypes(float).columns[0]
    parquet_files.write_table(levelised.assign(**{number: levelised[number] + 1.0}), home / "levelised.parquet")
    sealed_folders.seal(home)
    assert [one.table for one in certify_run(home).differences] == ["levelised"]
    (home / "levelised.parquet").unlink()
    sealed_folders.seal(home)
    assert [(one.what, one.table) for one in certify_run(home).differences] == [("missing_table", "levelised")]
