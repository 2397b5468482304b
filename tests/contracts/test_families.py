"""Families of parts: what every member keeps, the user's own included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from xisuan.simulation.core import records
from xisuan.simulation.jobs import Jobs, jobs, pieces
from xisuan.simulation.policies.queue_disciplines import QUEUES, Queue
from xisuan.simulation.serve import serve


@dataclass(frozen=True)
class ShortestFirst:
    """The queue of the how-to page."""

    name: str = "shortest"
    mode: int = records.ORDERED
    half_life_s: float = np.inf

    def keys(self, jobs: Jobs) -> np.ndarray:
        return jobs.estimate


def made() -> Jobs:
    rng = np.random.default_rng(7)
    count = 4000
    return jobs(
        np.cumsum(rng.exponential(1.0, count)), rng.exponential(3.0, count), rng.integers(1, 4, count),
        priority=rng.integers(0, 3, count).astype(float), owner=rng.integers(0, 5, count),
    )  # fmt: skip


@pytest.mark.parametrize("queue", [*QUEUES.values(), ShortestFirst()], ids=lambda queue: queue.name)
def test_a_queue_keeps_its_promise(queue: Queue) -> None:
    """Ranks every job, loses none, runs none before it came or on more servers than there are, and is repeatable."""
    given = made()
    assert isinstance(queue, Queue)
    assert queue.keys(given).shape == (len(given),)
    assert not np.isnan(queue.keys(given)).any()
    seen: list[np.ndarray] = []
    found = serve(pieces(given, 500), 8, queue, sink=lambda done: seen.append(done.copy()))
    done = np.concatenate(seen)
    assert found.figures["finished"] == len(given) == len(np.unique(done["id"]))
    assert (done["start"] >= done["arrival"]).all()
    if queue.mode != records.SHARED:
        change = np.concatenate([done["servers"], -done["servers"]])
        order = np.lexsort([change, np.concatenate([done["start"], done["finish"]])])
        assert np.cumsum(change[order]).max() <= 8
    again = serve(pieces(given, 123), 8, queue)
    assert again.figures == found.figures


def test_the_shortest_come_first() -> None:
    """And a user's own does what it says."""
    order: list[int] = []
    serve(
        [jobs(np.zeros(3), np.array([3.0, 1.0, 2.0]))],
        1,
        ShortestFirst(),
        sink=lambda done: order.extend(done["id"].tolist()),
    )
    assert order == [1, 2, 0]
