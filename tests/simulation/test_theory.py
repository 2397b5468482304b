"""Simulated means lie where queueing theory says, within bands of several seeds."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.stats import t

from xisuan.simulation import trace_feeder, world
from xisuan.simulation.core import records
from xisuan.simulation.jobs import Jobs, jobs
from xisuan.simulation.policies.queue_disciplines import QUEUES
from xisuan.simulation.serve import serve

SEEDS = range(12)
COUNT = 200_000


def arrivals(seed: int, rate: float, service: str, mean: float, count: int = COUNT) -> Iterator[Jobs]:
    """Poisson arrivals; service times exponential, constant or hyperexponential."""
    rng = np.random.default_rng(seed)
    arrival = np.cumsum(rng.exponential(1 / rate, count))
    run = {
        "exponential": lambda: rng.exponential(mean, count),
        "constant": lambda: np.full(count, mean),
        "hyperexponential": lambda: rng.exponential(mean, count) * np.where(rng.random(count) < 0.1, 5.5, 0.5),
    }[service]()  # fmt: skip
    yield jobs(arrival, run)


def within(found: list[float], expected: float) -> None:
    """The 99.9 % interval of the mean over seeds holds what theory says, and is narrower than ± 8 %."""
    half = float(t.ppf(0.9995, len(found) - 1)) * np.std(found, ddof=1) / math.sqrt(len(found))
    assert half < 0.08 * expected
    assert abs(np.mean(found) - expected) <= half


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (1, 0.8), (3, 0.8), (20, 0.8), (50, 0.9)])
def test_m_m_c(servers: int, use: float) -> None:
    """Waiting by Erlang C."""
    load = use * servers
    found = [
        serve(arrivals(s, load, "exponential", 1.0, COUNT * (8 if servers > 20 else 1)), servers).figures["mean_wait_s"]
        for s in SEEDS
    ]
    within(found, erlang_c(servers, load) / (servers - load))


@pytest.mark.parametrize(("service", "second_moment"), [("constant", 1.0), ("hyperexponential", 6.5)])
def test_m_g_1(service: str, second_moment: float) -> None:
    """Waiting by Pollaczek and Khinchine: λ E[S²] / 2 (1 − ρ). Hyperexponential: 0.1 · 2 · 5.5² + 0.9 · 2 · 0.5² = 6.5."""
    found = [serve(arrivals(s, 0.7, service, 1.0), 1).figures["mean_wait_s"] for s in SEEDS]
    within(found, 0.7 * second_moment / (2 * 0.3))


@pytest.mark.parametrize("service", ["constant", "exponential", "hyperexponential"])
def test_m_g_1_shared(service: str) -> None:
    """Processor sharing: response E[S] / (1 − ρ), whatever the distribution."""
    found = [serve(arrivals(s, 0.7, service, 1.0), 1, "shared").figures["mean_response_s"] for s in SEEDS]
    within(found, 1 / 0.3)


def test_percentiles_of_m_m_1() -> None:
    """Response is exponential with rate μ − λ; all percentiles of one long run within 5 %."""
    found = serve(arrivals(3, 0.5, "exponential", 1.0), 1).figures
    for p in (50, 90, 95, 99):
        assert found[f"p{p}_response_s"] == pytest.approx(-math.log(1 - p / 100) / 0.5, rel=0.05)


def test_little_and_utilisation() -> None:
    """Mean queue = arrival rate × mean wait, exactly in a finished run; utilisation = load / servers."""
    found = serve(arrivals(4, 1.6, "exponential", 1.0), 2)
    waited = found.figures["mean_queue"] * found.figures["end_s"]
    assert waited == pytest.approx(COUNT * found.figures["mean_wait_s"], rel=1e-9)
    assert found.figures["utilisation"] == pytest.approx(0.8, rel=0.02)


@pytest.mark.parametrize("servers", [1, 3])
def test_priorities(servers: int) -> None:
    """M/M/c whose two classes wait by priority: W(k) = W0 / ((1 − σ(k−1)) (1 − σ(k))), W0 = C(c, a) / c μ with Erlang's C.

    Source: Cobham, Priority Assignment in Waiting Line Problems, Operations Research 2 (1954); of c servers, (14).
    """
    load, urgent = 0.85 * servers, 0.4
    delay = erlang_c(servers, load) / servers
    shares = [0.0, urgent * 0.85, 0.85]
    found: list[list[float]] = [[], []]
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        arrival = np.cumsum(rng.exponential(1 / load, 2 * COUNT))
        first = rng.random(2 * COUNT) < urgent
        waits = np.zeros(2 * COUNT)

        def sink(done: np.ndarray, waits: np.ndarray = waits) -> None:
            waits[done["id"]] = done["start"] - done["arrival"]

        serve(
            [jobs(arrival, rng.exponential(1.0, 2 * COUNT), priority=first.astype(float))],
            servers,
            "priority",
            sink=sink,
        )
        found[0].append(float(waits[first].mean()))
        found[1].append(float(waits[~first].mean()))
    for k, means in enumerate(found):
        within(means, delay / ((1 - shares[k]) * (1 - shares[k + 1])))


def test_a_link_and_a_station_in_a_row() -> None:
    """Jackson: data of exponential size over a link that all share (M/M/1-PS), then one server (M/M/1): in the mean
    1/(μ₁ − λ) + 1/(μ₂ − λ); the second sees the first's Poisson departures. Source: Jackson, Operations Research 5 (1957).
    """
    rate, link, count = 0.6, 1.0, 100_000
    found = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        made = jobs(
            np.cumsum(rng.exponential(1 / rate, count)),
            rng.exponential(1 / 0.9, count),
            inbound=rng.exponential(1.0, count),
        )
        there = np.zeros((1, 1), np.int64)
        net = records.Network(np.array([link]), np.array([[0]]), there, there - 1)
        w = world.make([1], QUEUES["fcfs"], network=net)
        times: list[np.ndarray] = []
        drive = trace_feeder.TraceFeeder(
            w, [made], QUEUES["fcfs"], lambda done, times=times: times.append(done["finish"] - done["arrival"])
        )
        drive.advance()
        found.append(float(np.concatenate(times).mean()))
    within(found, 1 / (link - rate) + 1 / (0.9 - rate))
