"""Work on a Dask cluster is the work of one process, whoever of its workers is lost; a cluster that will not do is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from distributed import LocalCluster

from tests.scenarios import five, pair
from xisuan.dispatch import operate as dispatch
from xisuan.errors import InfeasibleError, SolverError
from xisuan.planning.plan import plan
from xisuan.results import identity
from xisuan.results.sweep import Range
from xisuan.scenario.settings import Hours
from xisuan.solver.highs import How
from xisuan.workflow import cluster
from xisuan.workflow.cluster import each
from xisuan.workflow.days import on_hours
from xisuan.workflow.operate import operate
from xisuan.workflow.sweep import Design, sweep

SIMPLEX = How(solver="simplex")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The scheduler of two workers, each a process that is begun again when it ends."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        yield made.scheduler_address


def twice(shared: int, value: int) -> int:
    return 2 * value + shared


def once_killed(marker: Path, value: int) -> int:
    """Work whose first process is killed in the middle of it."""
    if value == 1 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return value


def always_killed(_shared: None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refused(_shared: None) -> None:
    raise InfeasibleError("no plan", ["a line"])


def test_every_job_is_done_with_what_all_share(address: str) -> None:
    assert dict(each(address, twice, 100, {key: (value,) for value, key in enumerate("abcde")})) == {
        "a": 100, "b": 102, "c": 104, "d": 106, "e": 108,
    }  # fmt: skip
    assert dict(each(address, twice, 100, {})) == {}


def test_the_job_of_a_worker_that_is_killed_is_done_by_another(address: str, tmp_path: Path) -> None:
    found = dict(each(address, once_killed, tmp_path / "killed", {value: (value,) for value in range(4)}))
    assert found == {0: 0, 1: 1, 2: 2, 3: 3}
    assert (tmp_path / "killed").exists()


def test_a_job_that_ends_every_worker_is_an_error(address: str) -> None:
    with pytest.raises(SolverError, match="2026: several workers ended at it"):
        dict(each(address, always_killed, None, {2026: ()}))


def test_what_work_raises_is_raised_here(address: str) -> None:
    with pytest.raises(InfeasibleError) as error:
        dict(each(address, refused, None, {0: ()}))
    assert list(error.value.conflict) == ["a line"]


def test_a_sweep_finds_what_one_process_does(address: str) -> None:
    design = Design(ranges=(Range("western_power_price", -30.0, 10.0), Range("eastern_demand", -20.0, 20.0)))
    here, there = sweep(pair(), design, SIMPLEX), sweep(pair(), design, SIMPLEX, cluster=address)
    pd.testing.assert_frame_equal(here.members, there.members)


def test_periods_are_operated_as_by_one_process(address: str, tmp_path: Path) -> None:
    scenario = five(hours="hours:2", periods=[2026, 2027])
    planned, tried = plan(scenario), on_hours(scenario, Hours("days", 1))
    here = dispatch.operate(tried, planned)
    for folder in (None, tmp_path / "kept"):
        there = operate(tried, planned, cluster=address, folder=folder)
        assert (here.status, here.cost_mcny) == (there.status, there.cost_mcny)
        for name, table in here.tables.items():
            pd.testing.assert_frame_equal(table, there.tables[name], check_dtype=False)


def test_workers_of_other_versions_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {**identity.versions(), "highspy": "9.9"}
    monkeypatch.setattr(identity, "versions", lambda: mine)
    with pytest.raises(SolverError, match=r"has other versions: highspy .* \(asked by 9\.9\)"):
        dict(each(address, twice, 0, {0: (0,)}))


def test_no_scheduler_and_no_worker_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWERS", 1)
    monkeypatch.setattr(cluster, "JOINS", 1)
    with pytest.raises(SolverError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        dict(each("tcp://127.0.0.1:9", twice, 0, {0: (0,)}))
    with pytest.raises(SolverError, match=r"there is no file nonsense\.json"):
        dict(each("nonsense.json", twice, 0, {0: (0,)}))
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(SolverError, match="no worker has joined"),
    ):
        dict(each(empty.scheduler_address, twice, 0, {0: (0,)}))
