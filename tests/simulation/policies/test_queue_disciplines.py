"""Queues against a second implementation, event by event, on a few hundred random logs, ties and zeros included."""

from __future__ import annotations

import numpy as np
import pytest

from tests.simulation import straightforward
from tests.simulation.straightforward import Job
from xisuan.simulation.jobs import Jobs, jobs, pieces
from xisuan.simulation.serve import serve


def starts(made: Jobs, servers: int, queue: str) -> np.ndarray:
    """When each job starts; NaN where it never does."""
    out = np.full(len(made), np.nan)

    def sink(done: np.ndarray) -> None:
        out[done["id"]] = done["start"]
        kept = done["dropped"] == 0
        assert np.array_equal(done["finish"][kept], done["start"][kept] + done["run"][kept])

    serve(pieces(made, 37), servers, queue, sink=sink)
    return out


def log(seed: int, count: int, servers: int) -> Jobs:
    """A random log in whole seconds, so that ties are many: bursts, zero run times, poor estimates."""
    rng = np.random.default_rng(seed)
    arrival = np.cumsum(rng.integers(0, 1 + seed % 7, count) * rng.integers(0, 2, count)).astype(float)
    run = rng.integers(0, 12, count) * rng.integers(0, 5, count).astype(float)
    size = np.minimum(servers, 1 + rng.geometric(0.3, count) * rng.integers(1, 3, count))
    estimate = run + rng.integers(0, 30, count) * rng.integers(0, 2, count)
    return jobs(
        arrival, run, size, estimate=estimate, deadline=arrival + rng.integers(1, 60, count),
        priority=rng.integers(0, 3, count).astype(float), owner=rng.integers(0, 4, count),
    )  # fmt: skip


def second(made: Jobs, servers: int, queue: str) -> np.ndarray:
    keys = {"edf": made.deadline, "priority": -made.priority}.get(queue, np.zeros(len(made)))
    rows = [
        Job(at, *values)
        for at, values in enumerate(
            zip(*(c.tolist() for c in (made.arrival, made.run, made.servers, made.estimate, keys)), strict=True)
        )
    ]
    straightforward.simulate(rows, servers, straightforward.easy if queue == "easy" else straightforward.in_order)
    return np.array([row.start for row in rows])


@pytest.mark.parametrize("queue", ["fcfs", "easy", "edf", "priority"])
def test_every_start_is_that_of_the_second_implementation(queue: str) -> None:
    for seed in range(150):
        servers = (1, 2, 5, 16)[seed % 4]
        made = log(seed, 120, servers)
        assert np.array_equal(starts(made, servers, queue), second(made, servers, queue)), seed


def test_easy_passes_and_the_line_grows_and_closes_up() -> None:
    """Thousands in line: positions are used up and closed up, the world grows, and nothing changes."""
    made = log(5, 6000, 16)
    made = jobs(np.floor(made.arrival / 4), made.run, made.servers, estimate=made.estimate)
    found = starts(made, 16, "easy")
    assert np.array_equal(found, second(made, 16, "easy"))
    assert not np.array_equal(found, starts(made, 16, "fcfs"))


def test_fair_share_serves_the_owner_who_used_least() -> None:
    """One server. Owner 0 has a hundred jobs in line, owner 1 comes with five: they alternate from then on."""
    arrival = np.array([0.0] * 100 + [0.5] * 5)
    owner = np.array([0] * 100 + [1] * 5)
    found = starts(jobs(arrival, np.ones(105), owner=owner), 1, "fair")
    assert found[100:].tolist() == [1.0, 2.0, 4.0, 6.0, 8.0] or found[100:].tolist() == [1.0, 3.0, 5.0, 7.0, 9.0]


def test_a_job_alone_is_served_at_full_speed_and_two_share() -> None:
    """One server, shared: jobs of 4 s at 0 and at 2. Two seconds alone, then half speed each: done at 6 and at 8."""
    ends: list[float] = []
    made = jobs(np.array([0.0, 2.0]), np.array([4.0, 4.0]))
    serve([made], 1, "shared", sink=lambda done: ends.extend(done["finish"].tolist()))
    assert ends == [6.0, 8.0]
