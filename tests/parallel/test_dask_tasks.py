"""Work on a Dask cluster is the work of one process, whoever of its workers is lost; a cluster that will not do is told."""

from __future__ import annotations

import dataclasses
import math
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client as Stranger
from pathlib import Path

import dask
import pandas as pd
import pytest
from distributed import Client, LocalCluster

from gnomon.interior_point import solve as interior
from gnomon.interior_point.distributed import checkpoint, dask_workers, worker_processes
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.runtime import dask_client
from tests.scenarios import five, pair
from xisuan import progress
from xisuan.dispatch import economic_dispatch as dispatch
from xisuan.equations.build_model import assemble
from xisuan.errors import InfeasibleError, SolverError
from xisuan.parallel import dask_tasks
from xisuan.parallel.dask_tasks import each
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.results.sweep import Range
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.members import LEVERS
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.scenario.variants.synthetic import country
from xisuan.versions import versions
from xisuan.workflow import plan as workflow_plan
from xisuan.workflow.operate import operate
from xisuan.workflow.plan import plan as certified
from xisuan.workflow.sweep import Design, sweep
from xisuan.workflow.two_stage import two_stage

SIMPLEX = Options(solver="simplex")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The scheduler of two workers, each a process that is begun again when it ends. A job may end one of them."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made,
    ):
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


@pytest.mark.long
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
    mine = {**versions(), "highspy": "9.9"}
    monkeypatch.setattr(dask_tasks, "versions", lambda: mine)
    with pytest.raises(SolverError, match=r"has other versions: highspy .* \(asked by 9\.9\)"):
        dict(each(address, twice, 0, {0: (0,)}))


def test_no_scheduler_and_no_worker_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_client, "ANSWERS", 1)
    monkeypatch.setattr(dask_client, "JOINS", 1)
    with pytest.raises(SolverError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        dict(each("tcp://127.0.0.1:9", twice, 0, {0: (0,)}))
    with pytest.raises(SolverError, match=r"there is no file nonsense\.json"):
        dict(each("nonsense.json", twice, 0, {0: (0,)}))
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(SolverError, match="no worker has joined"),
    ):
        dict(each(empty.scheduler_address, twice, 0, {0: (0,)}))


def small() -> Scenario:
    return country(5, 4, hours="hours:120")


STRUCTURED = Options(gap=1e-7)


@pytest.fixture(scope="module")
def shared(address: str) -> Plan:
    """A plan by two workers of the cluster, undisturbed."""
    return certified(small(), STRUCTURED, method="structured", cluster=address)


def test_hours_shared_with_a_cluster_give_the_plan_of_one_process(shared: Plan) -> None:
    here = certified(small(), STRUCTURED, method="structured")
    assert shared.certificate is not None
    assert shared.certificate.ok
    assert shared.cost_mcny == pytest.approx(here.cost_mcny, rel=2e-7)


@pytest.mark.long
def test_futures_shared_with_a_cluster_have_the_plan_of_one_process(address: str) -> None:
    rows = [
        {"member": name, "title": name, "title_zh": name, "probability": 0.5}
        | dict.fromkeys(LEVERS, 0.0)
        | {"eastern_demand": more}
        for name, more in (("less", -20.0), ("more", 20.0))
    ]
    given = small()
    scenario = dataclasses.replace(given, tables={**given.tables, "members": pd.DataFrame(rows)})
    here, there = (
        two_stage(scenario, STRUCTURED, method="structured", cluster=where, workers=2) for where in (None, address)
    )
    assert there.certificate is not None
    assert there.certificate.ok, there.certificate.findings
    assert there.objective == pytest.approx(here.objective, rel=2e-7)


def test_a_worker_killed_in_mid_solve_is_replaced(address: str, shared: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the process of a worker; the cluster begins another, which takes the member's hours."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", math.inf)
    counts: list[str] = []
    with Client(address, set_as_default=False) as client:
        pids = sorted(client.run(os.getpid).values())

    def kill(now: progress.Progress) -> None:
        if (found := re.match(r"structured: (\d+) iterations", now.text)) is not None:
            counts.append(found[1])
            if counts == ["0", "1", "2", "3"]:
                os.kill(pids[0], signal.SIGKILL)

    found = certified(small(), STRUCTURED, method="structured", cluster=address, progress=kill)
    assert counts.count("3") == 2
    assert counts.count("1") == 1
    assert found.cost_mcny == shared.cost_mcny


def test_more_members_than_the_cluster_has_are_refused(address: str) -> None:
    """How many it has is not asked: workers that the tests before have killed may not be back yet."""
    with pytest.raises(SolverError, match=r"5 workers are asked for and .* has [012]"):
        certified(small(), STRUCTURED, workers=5, cluster=address)  # `auto` does not go on with HiGHS


def test_behind_a_forwarded_port_no_plan_is_shared() -> None:
    """The scheduler answers, under a name that leads nowhere from here: members could not call this machine."""

    class Forwarded:
        def scheduler_info(self, **_: object) -> dict[str, str]:
            return {"address": "tcp://127.0.0.1:9"}

    with pytest.raises(SolverError, match=r"calls itself tcp://127\.0\.0\.1:9, which is not reached from here"):
        dask_workers._own_address(Forwarded())  # type: ignore[arg-type]


def test_members_of_other_versions_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {**versions(), "numba": "9.9"}
    monkeypatch.setattr(workflow_plan, "versions", lambda: mine)
    with pytest.raises(SolverError, match=r"has other versions: numba .* \(asked by 9\.9\)"):
        certified(small(), STRUCTURED, method="structured", cluster=address)


def test_who_does_not_know_the_key_is_no_member(address: str) -> None:
    """A stranger at the port is turned away, and the member comes all the same."""
    seen: list[str] = []

    @contextmanager
    def disturbed(members: int) -> Iterator[worker_processes.ProcessSource]:
        with dask_workers.cluster_recruit(address, versions())(members) as found:
            at = found._listener.address  # type: ignore[attr-defined]
            with pytest.raises(AuthenticationError):
                Stranger(at, authkey=b"wrong")
            seen.append("turned away")
            yield found

    solved = interior.solve(flatten(assemble(small()).model), Options(workers=2, recruit=disturbed))
    assert seen == ["turned away"]
    assert solved.gap <= 1e-6
