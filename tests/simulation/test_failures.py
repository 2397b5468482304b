"""Failures: by hand, in the long run, and nothing lost whatever goes down."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xisuan.errors import ScenarioError
from xisuan.results.trace import Trace
from xisuan.simulation.failures import Failures, Given, Machines, Outage, records
from xisuan.simulation.jobs import jobs, pieces
from xisuan.simulation.serve import serve
from xisuan.simulation.world import NEVER, Checkpoint

QUEUES = ["fcfs", "easy", "edf", "priority", "fair", "shared"]


def one(run: float, outages: list[tuple[float, float]], checkpoint: Checkpoint = NEVER, queue: str = "fcfs") -> Trace:
    """One job on one server with outages (start, length)."""
    down = records([Outage(start, length, 0) for start, length in outages])
    return serve([jobs(np.zeros(1), np.array([run]))], 1, queue, failures=down, checkpoint=checkpoint)


def test_a_job_that_is_hit_begins_anew() -> None:
    """10 s of work; down from 4 to 6 and from 12 to 13: it ends at 13 + 10."""
    found = one(10.0, [(4.0, 2.0), (12.0, 1.0)])
    assert found.figures["max_response_s"] == 23.0
    assert found.figures["hits"] == 2
    assert found.figures["utilisation"] == pytest.approx(20 / 20)


def test_a_checkpoint_saves_what_was_done() -> None:
    """Saved every 3 s, which takes 1 s; restart 2 s. 10 s of work take 13 s. Down at 9: two saves (8 s) are safe, 4 s
    are left; back at 10, restart until 12, 3 s and a save until 16, 1 s: 17.
    """
    found = one(10.0, [(9.0, 1.0)], Checkpoint(3.0, 1.0, 2.0))
    assert found.figures["max_response_s"] == 17.0
    assert one(10.0, [], Checkpoint(3.0, 1.0, 2.0)).figures["max_response_s"] == 13.0


def test_a_failure_at_the_instant_of_an_end_is_too_late() -> None:
    assert one(10.0, [(10.0, 5.0)]).figures["hits"] == 0


def test_what_shares_only_slows_down() -> None:
    found = one(10.0, [(4.0, 2.0)], queue="shared")
    assert found.figures["max_response_s"] == 12.0


def test_a_site_that_never_comes_back_leaves_its_jobs_waiting() -> None:
    found = one(10.0, [(4.0, math.inf)])
    assert (found.figures["waiting"], found.figures["finished"]) == (1, 0)


def test_servers_strike_where_the_draw_says() -> None:
    """Four servers, two jobs of one server: running jobs lie first, so draws of 0, 1/4 hit and 1/2, 3/4 do not."""
    for draw, hits in ((0.0, 1), (0.25, 1), (0.5, 0), (0.75, 0)):
        down = records([Outage(1.0, 1.0, 0, 1, draw)])
        assert serve([jobs(np.zeros(2), np.full(2, 5.0))], 4, failures=down).figures["hits"] == hits
    down = records([Outage(1.0, 1.0, 0, 2, 0.75)])
    assert serve([jobs(np.zeros(2), np.full(2, 5.0))], 4, failures=down).figures["hits"] == 1


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("checkpoint", [NEVER, Checkpoint(5.0, 0.5, 1.0)])
def test_nothing_is_lost(queue: str, checkpoint: Checkpoint) -> None:
    """Many machines failing often, whole sites among them: all arrive, all finish, the same again."""
    rng = np.random.default_rng(3)
    count = 4000
    made = jobs(
        np.cumsum(rng.exponential(1.0, count)), rng.exponential(8.0, count), rng.integers(1, 5, count),
        deadline=rng.random(count), priority=rng.random(count), owner=rng.integers(0, 5, count),
    )  # fmt: skip
    outages = [
        *Machines(8, 5, 400.0, 60.0).outages(5000.0, 1),
        Outage(1000.0, 100.0, 0, 40),
        Outage(1050.0, 100.0, 0, 40),
    ]
    down = records(outages)
    found = serve(pieces(made, 100), 40, queue, failures=down, checkpoint=checkpoint)
    assert found.figures["jobs"] == found.figures["finished"] == count
    assert found.figures["utilisation"] <= 1.0 + 1e-9
    assert queue == "shared" or found.figures["hits"] > 50
    assert serve(pieces(made, 7), 40, queue, failures=down, checkpoint=checkpoint).figures == found.figures


def test_availability_in_the_long_run() -> None:
    """MTBF / (MTBF + MTTR) of the servers are up."""
    down = records(Machines(50, 2, 900.0, 100.0).outages(200_000.0, 5))
    made = jobs(np.array([0.0, 200_000.0]), np.array([1.0, 1e-3]))
    line = serve([made], 100, failures=down).timeline
    assert line["up"].mean() == pytest.approx(90.0, rel=0.02)


@pytest.mark.parametrize("source", [Given((Outage(1.0, 2.0, 0),)), Machines(3, 2, 10.0, 1.0)])
def test_a_source_of_failures_keeps_its_promise(source: Failures) -> None:
    """Within the horizon, and the same for the same seed."""
    assert isinstance(source, Failures)
    found = source.outages(100.0, 4)
    assert found == source.outages(100.0, 4)
    assert all(0 <= outage.start_s < 100.0 for outage in found)
    assert len(records(found)) == 2 * len(found)


def test_what_cannot_be() -> None:
    with pytest.raises(ScenarioError, match="outage 1"):
        records([Outage(-1.0, 1.0, 0)])
    with pytest.raises(ScenarioError, match="longer time"):
        Machines(1000, 1, 1e-9, 0.0).outages(1e6, 0)
    with pytest.raises(ScenarioError, match="every"):
        Checkpoint(0.0)
