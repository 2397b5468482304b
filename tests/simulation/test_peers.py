"""The same arrivals through SimPy and Ciw: every job starts and ends when it does there."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest

from tests.simulation.policies.test_queue_disciplines import starts
from xisuan.simulation.jobs import jobs

COUNT = 3000
CIW = pytest.mark.skipif(sys.version_info >= (3, 14), reason="Ciw copies an iterator, which Python 3.14 no longer does")


def drawn(seed: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.exponential(1 / rate, COUNT)), rng.lognormal(0.0, 1.0, COUNT)


@pytest.mark.parametrize("servers", [1, 4])
def test_simpy(servers: int) -> None:
    simpy = pytest.importorskip("simpy")
    arrival, run = drawn(1, 0.55 * servers)
    begin = np.zeros(COUNT)
    env = simpy.Environment()
    desk = simpy.Resource(env, capacity=servers)

    def job(at: int):
        yield env.timeout(arrival[at])
        with desk.request() as turn:
            yield turn
            begin[at] = env.now
            yield env.timeout(run[at])

    for at in range(COUNT):
        env.process(job(at))
    env.run()
    assert np.array_equal(begin, starts(jobs(arrival, run), servers, "fcfs"))


@pytest.mark.parametrize("servers", [1, 4])
@CIW
def test_ciw(servers: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ciw = pytest.importorskip("ciw")
    arrival, run = drawn(2, 0.55 * servers)
    gaps = np.diff(arrival, prepend=0.0).tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, float("inf")])],
        service_distributions=[ciw.dists.Sequential(run.tolist())],
        number_of_servers=[servers],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(COUNT, method="Finish")
    records = sorted(simulation.get_all_records(), key=lambda record: record.id_number)[:COUNT]
    begin = np.array([record.service_start_date for record in records])
    ours = starts(jobs(arrival, run), servers, "fcfs")
    order = np.array([record.id_number - 1 for record in records])
    np.testing.assert_allclose(begin, ours[order], rtol=1e-9)


@pytest.mark.parametrize("servers", [1, 3])
def test_simpy_by_priority(servers: int) -> None:
    """Three classes, nobody interrupted: SimPy's PriorityResource starts every job when ours does."""
    simpy = pytest.importorskip("simpy")
    arrival, run = drawn(5, 0.6 * servers)
    rank = np.random.default_rng(6).integers(0, 3, COUNT)
    begin = np.zeros(COUNT)
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, capacity=servers)

    def job(at: int):
        yield env.timeout(arrival[at])
        with desk.request(priority=int(rank[at])) as turn:
            yield turn
            begin[at] = env.now
            yield env.timeout(run[at])

    for at in range(COUNT):
        env.process(job(at))
    env.run()
    made = jobs(arrival, run, priority=-rank.astype(float))
    assert np.array_equal(begin, starts(made, servers, "priority"))


@CIW
def test_ciw_by_priority() -> None:
    """Two classes in Ciw, the first before the second: the mean wait of each class is ours to the last digits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ciw = pytest.importorskip("ciw")
    arrival, run = drawn(7, 1.6)
    second = np.random.default_rng(8).random(COUNT) < 0.5
    parts = [np.flatnonzero(~second), np.flatnonzero(second)]
    gaps = [[*np.diff(arrival[part], prepend=0.0).tolist(), float("inf")] for part in parts]
    network = ciw.create_network(
        arrival_distributions={str(k): [ciw.dists.Sequential(gaps[k])] for k in range(2)},
        service_distributions={str(k): [ciw.dists.Sequential(run[parts[k]].tolist())] for k in range(2)},
        priority_classes={"0": 0, "1": 1},
        number_of_servers=[3],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(COUNT, method="Finish")
    # Ciw draws a service time when it begins, so that its n-th start of a class has the n-th time: within a class
    # starts are in order of arrival, so that is ours too.
    begin = starts(jobs(arrival, run, priority=1.0 - second), 3, "priority")
    records = sorted(simulation.get_all_records(), key=lambda record: record.service_start_date)
    for k in range(2):
        theirs = np.array([record.service_start_date for record in records if record.customer_class == str(k)])
        np.testing.assert_allclose(np.sort(begin[parts[k]])[: len(theirs)], theirs, rtol=1e-9)
