"""Packing: nothing overfull, everything given back, and the published shares of Alibaba's openb trace."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import alibaba_openb
from tests.cases.folders import case
from xisuan.errors import ScenarioError
from xisuan.simulation.policies.bin_packing import PACKINGS, FreeResources, Machines, Packing, Task, pack

SEEDS = range(10)


def machines(accelerators: list[int]) -> Machines:
    count = len(accelerators)
    models = np.array(["T4", "V100"] * count, object)[:count]
    return Machines(np.full(count, 8000), np.full(count, 64), np.array(accelerators), models)


def tasks(seed: int, count: int = 400) -> list[Task]:
    rng = np.random.default_rng(seed)
    arrival = np.cumsum(rng.exponential(1.0, count))
    return [
        Task(
            int(rng.integers(0, 3000)), int(rng.integers(0, 20)), int(rng.choice([0, 1, 1, 1, 2, 4])),
            int(rng.choice([100, 250, 500, 1000])), frozenset(["T4"]) if rng.random() < 0.2 else frozenset(),
            float(at), float(rng.exponential(20.0)) if rng.random() < 0.9 else math.inf,
        )
        for at in arrival
    ]  # fmt: skip


@pytest.mark.parametrize("packing", PACKINGS.values(), ids=lambda packing: packing.name)
def test_a_packing_keeps_its_promise(packing: Packing) -> None:
    """A score for each machine; no machine ever overfull; every task fits where it was put; repeatable."""
    given, of = tasks(1), machines([4, 8, 0, 2, 4])
    assert isinstance(packing, Packing)
    assert packing.scores(given[0], FreeResources(of)).shape == (5,)
    found = pack(given, of, packing, seed=3)
    assert np.array_equal(found.machine, pack(given, of, packing, seed=3).machine)
    assert 0 < (found.machine == -1).sum() < len(given)
    for at, task in enumerate(given):
        beside = np.flatnonzero(found.machine[: at + 1] == found.machine[at]) if found.machine[at] >= 0 else []
        here = [i for i in beside if given[i].arrival_s + given[i].run_s > task.arrival_s]
        assert sum(given[i].cpu for i in here) <= 8000
        assert sum(given[i].memory for i in here) <= 64
        assert sum(given[i].asked for i in here) <= 1000 * of.accelerators[found.machine[at]]
        if task.models and found.machine[at] >= 0:
            assert of.model[found.machine[at]] in task.models


def test_parts_do_not_span_accelerators() -> None:
    """Two accelerators, three tasks of 0.6: the third is turned away though 0.8 are free."""
    found = pack([Task(0, 0, 1, 600)] * 3, machines([2]))
    assert found.machine.tolist() == [0, 0, -1]
    assert found.allocated.tolist() == [600, 1200, 1200]


def test_what_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there are no machines"):
        pack([], machines([]))
    with pytest.raises(ScenarioError, match="task 2"):
        pack([Task(0, 0, arrival_s=2.0), Task(0, 0, arrival_s=1.0)], machines([1]))
    path = tmp_path / "nodes.csv"
    path.write_text("cpu_milli,memory_mib,gpu,model\n1,2,3,T4\n1,2,-3,T4\n")
    with pytest.raises(ScenarioError, match=r"row 3.*gpu"):
        alibaba_openb.read_machines(path)
    path.write_text("a\n1\n")
    with pytest.raises(ScenarioError, match="missing"):
        alibaba_openb.read_tasks(path)


@pytest.mark.parametrize(("name", "published"), [("best", "04-BestFit"), ("random", "01-Random")])
def test_openb(name: str, published: str) -> None:
    """Mean share of accelerators in use as work arrives, ten seeds, within ± 0.3 points of the published means."""
    of = alibaba_openb.read_machines(case("traces") / "alibaba_openb_node_list_all_node.csv.gz")
    given = alibaba_openb.read_tasks(case("traces") / "alibaba_openb_pod_list_default.csv.gz")
    table = pd.read_csv(case("traces") / "openb_default_expected.csv")
    rows = table[table["policy"].str.endswith(published[3:])]
    assert len(rows) == 7
    runs = [pack(alibaba_openb.inflate(given, 1.3 * of.capacity, seed=seed), of, name, seed=seed) for seed in SEEDS]
    for arrived, share in zip(rows["arrived_pct_of_gpu_capacity"], rows["mean_allocated_gpu_pct"], strict=True):
        assert np.mean([100 * run.share_at(arrived / 100) for run in runs]) == pytest.approx(share, abs=0.3), arrived
