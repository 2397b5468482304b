"""A plan operated period by period: parts make the whole, whoever operates them and however often one is killed."""

from __future__ import annotations

import dataclasses
import math
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gnomon.interior_point.distributed import checkpoint
from gnomon.options import Options
from gnomon.strategies import strategy_order
from tests.scenarios import five
from tests.workflow import killed_workers
from xisuan.dispatch import economic_dispatch as dispatch
from xisuan.errors import SolverError, StoreError
from xisuan.planning.expansion import plan
from xisuan.progress import Progress
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.results.storage import run_store
from xisuan.scenario import timeline
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.workflow import operate as workflow
from xisuan.workflow.operate import certified, operate

YEARS = [2026, 2027, 2029]
PATIENCE = 120.0


@cache
def planned() -> Plan:
    """Every part of the model on two hours, in three periods."""
    return plan(five(hours="hours:2", periods=YEARS))


@cache
def tried() -> Scenario:
    """The same on other hours than the plan was made on."""
    return on_hours(five(hours="hours:2", periods=YEARS), Hours("hours", 6))


@cache
def whole() -> Schedule:
    """All periods by one process."""
    return dispatch.operate(tried(), planned())


def same(one: Schedule, other: Schedule) -> None:
    """The same figures, tables and values."""
    assert (one.status, one.cost_mcny, one.lower_bound) == (other.status, other.cost_mcny, other.lower_bound)
    assert set(one.tables) == set(other.tables)
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name], check_dtype=False)
    for found, expected in ((one.variables, other.variables), (one.duals, other.duals)):
        assert set(found) == set(expected)
        for name in found:
            assert found[name].labels == expected[name].labels
            assert np.array_equal(found[name].values, expected[name].values)


@pytest.mark.parametrize("workers", [1, *(pytest.param(many, marks=pytest.mark.long) for many in (2, 7))])
def test_parts_are_the_whole(workers: int, tmp_path: Path) -> None:
    """Several in a folder is what happens to the killed one below too."""
    same(operate(tried(), planned(), workers=workers, folder=tmp_path / "kept"), whole())


def test_every_part_is_on_the_days_that_stand_for_the_year_of_all_periods() -> None:
    """Chosen by the demand of its own period, they would be others: here it peaks in another month of each year."""
    peaks = {f"peak-{year}": np.eye(1, 8760, 2000 * at)[0] + 0.5 for at, year in enumerate(YEARS)}
    given = five(hours="days:2", periods=YEARS)
    profiles = given["demand"]["period"].map(lambda year: f"peak-{year:.0f}")
    given = dataclasses.replace(
        given.with_tables(demand=given["demand"].assign(profile=profiles)), curves=given.curves.assign(**peaks)
    )
    for year in YEARS:
        part = workflow._Task(given, planned(), Options(), Path()).of(year)
        assert part.settings.periods == (year,)
        assert part.timeline.blocks == given.timeline.blocks
    assert given.with_settings(periods=(YEARS[0],)).timeline.blocks != given.timeline.blocks


def test_parts_are_the_plans_own_operation_where_the_whole_is(tmp_path: Path) -> None:
    """A plan with a wide gap leaves as much open in its own hours; each part can be read by itself."""
    given = five(hours="hours:2", periods=YEARS)
    roughly = plan(given, Options(gap=1e-3), method="structured")
    at_once, parts = dispatch.operate(given, roughly), operate(given, roughly, folder=tmp_path / "kept")
    assert {at_once.effort.solver, parts.effort.solver} == {"plan"}
    same(parts, at_once)
    for year in YEARS:
        assert run_store.load_schedule(tmp_path / "kept" / str(year)).scenario.settings.periods == (year,)


@pytest.mark.long
def test_a_certificate_of_parts_is_that_of_the_whole(tmp_path: Path) -> None:
    """Each period is certified where it is operated; what was kept before without one is certified at the end."""
    made = certified(planned(), whole()).certificate
    assert made is not None
    assert made.ok, made.findings
    kept = tmp_path / "kept"
    parts = operate(tried(), planned(), folder=kept).certificate
    assert parts is not None
    assert (parts.ok, parts.families, parts.findings) == (True, made.families, ())
    assert (parts.cost, parts.lower_bound) == pytest.approx((made.cost, made.lower_bound), rel=1e-12)
    run_store.save(dataclasses.replace(run_store.load_schedule(kept / "2027"), certificate=None), kept / "2027")
    assert operate(tried(), planned(), folder=kept).certificate == made


def test_without_a_folder_it_is_in_memory() -> None:
    """By more workers than there are periods."""
    same(operate(tried(), planned(), workers=7), whole())


def test_what_is_kept_in_parts_is_saved_as_what_was_in_memory(tmp_path: Path) -> None:
    """Bytes of tables and families are the same: nothing tells how a schedule came about but what it took."""
    run_store.save(operate(tried(), planned(), folder=tmp_path / "kept"), tmp_path / "parts")
    run_store.save(whole(), tmp_path / "whole")
    files = {path.relative_to(tmp_path / "whole") for path in (tmp_path / "whole").rglob("*.parquet")}
    assert files == {path.relative_to(tmp_path / "parts") for path in (tmp_path / "parts").rglob("*.parquet")}
    for file in files:
        pd.testing.assert_frame_equal(
            pd.read_parquet(tmp_path / "parts" / file), pd.read_parquet(tmp_path / "whole" / file), check_dtype=False
        )


def test_a_worker_that_is_killed_loses_its_own_period_alone(tmp_path: Path) -> None:
    """The first process that is at work gets SIGKILL; its period is operated again, and the answer is the same."""
    said: list[str] = []
    killer = threading.Thread(target=_kill_one, daemon=True)
    killer.start()
    found = operate(tried(), planned(), workers=2, folder=tmp_path / "kept", progress=lambda now: said.append(now.text))
    killer.join()
    assert any("was killed and starts again" in text for text in said)
    same(found, whole())


def test_a_period_that_is_killed_goes_on_from_its_last_iterate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended at the sixth iterate of the first step: the same call begins there, and leaves no iterate behind."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", math.inf)
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)
    monkeypatch.setattr(timeline, "LONG", 6)
    place, counts = tmp_path / "kept", list[int]()

    def watch(now: Progress) -> None:
        if (found := re.search(r"structured: (\d+) iterations", now.text)) is not None:
            counts.append(int(found[1]))
            if counts[-1] == 6:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operate(tried(), planned(), Options(gap=1e-6), folder=place, progress=watch)
    assert list((place / "iterates-2026").iterdir())
    assert counts == list(range(7))
    counts.clear()

    def count(now: Progress) -> None:
        if (found := re.search(r"2026: structured: (\d+) iterations", now.text)) is not None:
            counts.append(int(found[1]))

    found = operate(tried(), planned(), Options(gap=1e-6), folder=place, progress=count)
    assert counts[0] == 6
    assert not list(place.glob("iterates-*"))
    assert found.cost_mcny == pytest.approx(
        dispatch.operate(tried(), planned(), Options(solver="simplex")).cost_mcny, rel=1e-6
    )
    assert found.certificate is not None
    assert found.certificate.ok


def _kill_one() -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.02)


def _children() -> Iterator[int]:
    """Processes of ours that work elsewhere."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command, stat = (folder / "cmdline").read_text(), (folder / "stat").read_text()
            except OSError:
                continue
            if "xisuan.parallel.process" in command and stat.rsplit(")", 1)[1].split()[1] == str(os.getpid()):
                yield int(folder.name)


@pytest.mark.long
def test_what_is_killed_again_and_again_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workflow, "_in_worker", killed_workers.killed)
    with pytest.raises(SolverError, match="ended without a result"):
        operate(tried(), planned(), workers=2, folder=tmp_path / "kept")


def test_a_run_that_was_stopped_goes_on_with_the_rest(tmp_path: Path) -> None:
    """Two periods are there when it stops; the second call operates the third, and says so."""

    def stopping(now: Progress) -> None:
        if now.text == "2027 operated":
            raise KeyboardInterrupt

    kept, said = tmp_path / "kept", list[str]()
    with pytest.raises(KeyboardInterrupt):
        operate(tried(), planned(), folder=kept, progress=stopping)
    times = {year: (kept / str(year) / "schedule.json").stat().st_mtime_ns for year in YEARS[:2]}
    found = operate(tried(), planned(), folder=kept, progress=lambda now: said.append(now.text))
    assert "resuming after 2026, 2027" in said
    assert [text for text in said if text.endswith("operated")] == ["2029 operated"]
    assert times == {year: (kept / str(year) / "schedule.json").stat().st_mtime_ns for year in YEARS[:2]}
    same(found, whole())


@pytest.mark.parametrize("change", ["gap", "scenario"])
def test_what_was_asked_otherwise_is_not_gone_on_with(change: str, tmp_path: Path) -> None:
    kept, said = tmp_path / "kept", list[str]()
    operate(tried(), planned(), folder=kept)
    scenario = tried() if change == "gap" else tried().with_settings(title="another")
    how = Options(gap=1e-5) if change == "gap" else None
    operate(scenario, planned(), how, folder=kept, progress=lambda now: said.append(now.text))
    assert not any("resuming" in text for text in said)


def test_a_period_that_was_changed_is_operated_again(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    operate(tried(), planned(), folder=kept)
    (kept / "2027" / "costs.parquet").write_bytes(b"something else")
    same(operate(tried(), planned(), folder=kept), whole())


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(StoreError, match="give another folder"):
        operate(tried(), planned(), folder=tmp_path)
    assert (tmp_path / "mine").read_text() == "mine"


def test_periods_that_the_plan_has_not_are_refused_before_any_is_operated(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="choose among its periods"):
        operate(tried().with_settings(periods=(2026, 2040)), planned(), workers=2, folder=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_many_hours_are_announced_and_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Size, seconds and memory before; what was expected beside what it took after."""
    monkeypatch.setattr(timeline, "LONG", 6)
    said: list[str] = []
    found = operate(tried(), planned(), progress=lambda now: said.append(now.text))
    assert "non-zeros: expect" in said[0]
    assert said[0].endswith("of memory a period, to a gap of 1e-04")
    effort = found.effort
    rows, columns, _ = dispatch.period_size(tried(), planned())
    assert (rows * len(YEARS), columns * len(YEARS)) == (effort.rows, effort.columns)
    assert min(effort.expected_seconds, effort.expected_mb, effort.peak_mb) > 0.0
    assert found.gap <= 1e-4


@pytest.mark.parametrize("hours", ["days:2", "hours:60"])
def test_the_size_of_many_hours_is_told_from_a_day_or_two(hours: str) -> None:
    """Rows and columns exactly, non-zeros nearly: those of a window are more in longer blocks."""
    scenario = on_hours(tried(), Hours.parse(hours)).with_settings(periods=(2029,))
    rows, columns, nonzeros = dispatch.period_size(scenario, planned())
    effort = dispatch.operate(scenario, planned()).effort
    assert (rows, columns) == (effort.rows, effort.columns)
    assert nonzeros == pytest.approx(effort.nonzeros, rel=0.05)
