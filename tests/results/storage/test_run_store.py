"""A run folder holds everything that was found, and gives it back only as it was."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.results import made
from xisuan.errors import StoreError
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.results.storage import run_store, sealed_folders

CONTRACT = [
    "status",
    "objective",
    "lower_bound",
    "gap",
    "method",
    "solver",
    "seconds",
    "build_seconds",
    "peak_mb",
    "rows",
    "columns",
    "nonzeros",
    "certificate",
]


def assert_same(back: Plan | Schedule, result: Plan | Schedule) -> None:
    """Tables and families, to the last bit."""
    assert list(back.tables) == list(result.tables)
    for name, frame in result.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], frame, check_exact=True)
    for kind in run_store.FAMILIES:
        ours, theirs = getattr(result, kind, {}), getattr(back, kind, {})
        assert set(ours) == set(theirs)
        for name, family in ours.items():
            assert theirs[name].labels == family.labels
            assert theirs[name].values.tobytes() == np.ascontiguousarray(family.values).tobytes()


def test_a_run_comes_back(tmp_path: Path) -> None:
    """The plan, what it was tried on, alternatives, and where it comes from."""
    run = made.run()
    run_store.save(run, tmp_path / "run")
    back = run_store.load_run(tmp_path / "run")
    assert back.schedule is not None
    assert back.others is not None
    assert back.alternatives is not None
    assert run.alternatives is not None
    assert_same(back.plan, run.plan)
    assert_same(back.schedule, made.schedule())
    assert_same(back.others, made.schedule())
    pd.testing.assert_frame_equal(back.alternatives, run.alternatives)
    assert back.plan.certificate == run.plan.certificate
    assert repr(back.plan.effort) == repr(made.EFFORT), "as text, because what was not predicted is nan"
    assert back.plan.lower_bound == -math.inf
    assert (back.schedule.status, back.schedule.penalty_mcny) == ("short", 1.25)
    assert back.schedule.certificate == made.schedule().certificate
    assert len(back.notes["scenario hash"]) == 64


def test_a_plan_alone_comes_back(tmp_path: Path) -> None:
    """Without certificate, schedule or alternatives none is made up."""
    plan = made.plan(certificate=False)
    run_store.save(plan, tmp_path / "run")
    back = run_store.load_run(tmp_path / "run")
    assert_same(back.plan, plan)
    assert (back.plan.certificate, back.schedule, back.others, back.alternatives) == (None, None, None, None)


def test_the_hours_of_a_schedule_come_back(tmp_path: Path) -> None:
    """Chosen blocks included, which are not those of the plan's scenario."""
    scenario = made.hours_of(made.pair())
    blank = scenario["blocks"]
    row = {"block": "day-001", "first_hour": 5.0, "hours": 3.0, "weight": 2920.0, "keep_means": False}
    blocks = pd.DataFrame([row]).reindex(columns=blank.columns, fill_value="")
    other = type(scenario)(scenario.settings, {**scenario.tables, "blocks": blocks}, scenario.curves)
    plan = made.plan(scenario)
    run_store.save(type(made.run())(scenario, plan, made.schedule(scenario), made.schedule(other)), tmp_path / "run")
    back = run_store.load_run(tmp_path / "run")
    assert back.schedule is not None
    assert back.others is not None
    assert back.schedule.scenario.timeline.blocks == scenario.timeline.blocks
    assert back.others.scenario.timeline.blocks == other.timeline.blocks
    run_store.save(made.schedule(other), tmp_path / "alone")
    assert run_store.load_schedule(tmp_path / "alone").scenario.timeline.blocks == other.timeline.blocks


def test_a_week_of_one_period_comes_back(tmp_path: Path) -> None:
    """Its period and hours are its own; a run without a week has none."""
    scenario = made.hours_of(made.pair())
    week = scenario.with_settings(periods=scenario.settings.periods[-1:])
    operated = dataclasses.replace(made.schedule(week), variables={})
    run = type(made.run())(scenario, made.plan(scenario), week=operated)
    run_store.save(run, tmp_path / "run")
    back = run_store.load_run(tmp_path / "run")
    assert back.others is None
    assert back.week is not None
    assert back.week.scenario.settings.periods == week.settings.periods
    assert back.plan.scenario.settings.periods == scenario.settings.periods
    assert back.week.scenario.timeline.blocks == week.timeline.blocks


def test_plan_json_keeps_the_contract(tmp_path: Path) -> None:
    """Its keys in their order, null for what is infinite, and what the run came from."""
    run_store.save(made.plan(), tmp_path / "run")
    text = (tmp_path / "run" / "plan.json").read_text()
    head = json.loads(text, parse_constant=pytest.fail)
    assert [key for key in head if key in CONTRACT] == CONTRACT
    assert list(head["certificate"])[:2] == ["ok", "max_violation"]
    assert {"ok", "max_violation", "lower_bound", "families"} <= set(head["certificate"])
    assert (head["lower_bound"], head["gap"], head["certificate"]["lower_bound"]) == (None, None, None)
    assert head["objective"] == 54.398
    assert {"scenario", "scenario_hash", "seed", "versions", "objective_kind", "cost_mcny", "integers"} <= set(head)
    assert head["seed"] is None


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    """Every file, the seal too."""
    for name in ("a", "b"):
        run_store.save(made.run(), tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 30
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_a_run_that_was_read_is_saved_as_it_was(tmp_path: Path) -> None:
    """Reading loses nothing."""
    run_store.save(made.run(), tmp_path / "a")
    run_store.save(run_store.load_run(tmp_path / "a"), tmp_path / "b")
    assert (tmp_path / "a" / "SHA256SUMS").read_text() == (tmp_path / "b" / "SHA256SUMS").read_text()


@pytest.mark.parametrize("file", ["plan.json", "builds.parquet", "variables/hall.parquet", "scenario/regions.csv"])
def test_a_changed_folder_is_refused_in_words(file: str, tmp_path: Path) -> None:
    """Which file it is, and what to do."""
    run_store.save(made.plan(), tmp_path / "run")
    path = tmp_path / "run" / file
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreError, match=rf"{file} changed after the run was saved.*run the scenario again"):
        run_store.load_run(tmp_path / "run")


def test_a_scenario_that_reads_otherwise_is_refused(tmp_path: Path) -> None:
    """Sealed anew, its hash still tells."""
    run_store.save(made.plan(), tmp_path / "run")
    toml = tmp_path / "run" / "scenario" / "scenario.toml"
    toml.write_text(toml.read_text().replace("discount_rate = 0.0", "discount_rate = 0.5"))
    sealed_folders.seal(tmp_path / "run")
    with pytest.raises(StoreError, match="read differently"):
        run_store.load_run(tmp_path / "run")


def test_folders_of_another_kind_are_refused(tmp_path: Path) -> None:
    """Missing, of another kind, of a schedule, of another version: each says what to give instead."""
    (tmp_path / "empty").mkdir()
    run_store.save(made.schedule(), tmp_path / "schedule")
    run_store.save(made.plan(), tmp_path / "plan")
    with pytest.raises(StoreError, match="no such folder; make one with: xisuan run"):
        run_store.load_run(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="is no run folder"):
        run_store.load_run(tmp_path / "empty")
    with pytest.raises(StoreError, match="holds a schedule, not a plan"):
        run_store.load_run(tmp_path / "schedule")
    with pytest.raises(StoreError, match="holds no schedule"):
        run_store.load_schedule(tmp_path / "plan")
    head = tmp_path / "plan" / "plan.json"
    head.write_text(head.read_text().replace('"format": 2', '"format": 99'))
    sealed_folders.seal(tmp_path / "plan")
    with pytest.raises(StoreError, match="another version of xisuan"):
        run_store.load_run(tmp_path / "plan")


def test_more_files_are_part_of_the_whole(tmp_path: Path) -> None:
    """A report that fails leaves no run folder."""

    def fail(folder: Path) -> None:
        raise ValueError("no page")

    with pytest.raises(ValueError, match="no page"):
        run_store.save(made.plan(), tmp_path / "run", also=fail)
    assert not (tmp_path / "run").exists()
    run_store.save(made.plan(), tmp_path / "run", also=lambda folder: (folder / "report.html").write_text("x") and None)
    assert run_store.load_run(tmp_path / "run").plan.status == "optimal"


def test_no_plan_json_with_a_number_that_json_lacks(tmp_path: Path) -> None:
    """NaN or Infinity would be refused by other readers."""
    run_store.save(made.run(), tmp_path / "run")
    for path in (tmp_path / "run").rglob("*.json"):
        json.loads(path.read_text(), parse_constant=pytest.fail)
