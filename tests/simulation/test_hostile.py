"""Input that would make a simulation hang, lose a job or count one twice."""

from __future__ import annotations

import numpy as np
import pytest

from xisuan.errors import ScenarioError
from xisuan.simulation.jobs import jobs, pieces
from xisuan.simulation.serve import serve


@pytest.mark.parametrize("servers", [0, -3, True, 2**60])
def test_no_servers(servers: int) -> None:
    with pytest.raises(ScenarioError, match="servers"):
        serve([jobs(np.zeros(1), np.ones(1))], servers)


@pytest.mark.parametrize(
    ("column", "value"),
    [("run", np.inf), ("run", np.nan), ("run", -1.0), ("arrival", -1.0), ("arrival", np.nan), ("estimate", np.nan),
     ("deadline", np.nan), ("run", 1e300)],
)  # fmt: skip
def test_times_that_cannot_be(column: str, value: float) -> None:
    given = {"arrival": np.zeros(3), "run": np.ones(3), column: np.array([0.0, value, 1.0])}
    with pytest.raises(ScenarioError, match=column):
        jobs(**given)


def test_half_a_server_is_no_server() -> None:
    with pytest.raises(ScenarioError, match=r"servers.*whole"):
        jobs(np.zeros(2), np.ones(2), np.array([1.0, 1.5]))


def test_out_of_order_within_a_piece_and_between_pieces() -> None:
    with pytest.raises(ScenarioError, match=r"job 2.*sort"):
        jobs(np.array([1.0, 0.0]), np.ones(2))
    with pytest.raises(ScenarioError, match=r"job 2.*sort"):
        serve([jobs(np.array([1.0]), np.ones(1)), jobs(np.array([0.0]), np.ones(1))], 1)


@pytest.mark.parametrize("count", [30_000, pytest.param(1_000_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("queue", ["fcfs", "easy", "edf", "priority", "fair", "shared"])
def test_very_many_at_once(queue: str, count: int) -> None:
    """Wide and narrow, short and long, all at the same instant: done, and all accounted for."""
    rng = np.random.default_rng(0)
    size = np.where(np.arange(count) % 1000 == 0, 1000, rng.integers(1, 4, count))
    made = jobs(
        np.zeros(count),
        rng.exponential(10.0, count),
        size,
        estimate=np.full(count, 1e4),
        owner=rng.integers(0, 9, count),
    )
    found = serve(pieces(made), 1000, queue).figures
    assert found["jobs"] == found["finished"] == count


def test_a_job_larger_than_the_site_is_dropped_and_counted() -> None:
    found = serve([jobs(np.zeros(3), np.ones(3), np.array([1, 5, 1]))], 4).figures
    assert (found["jobs"], found["finished"], found["dropped"]) == (3, 2, 1)


def test_no_jobs() -> None:
    found = serve([], 4)
    assert found.figures["jobs"] == 0
    assert np.isnan(found.figures["mean_wait_s"])
    assert len(found.timeline) == 0


def test_a_job_of_millions_of_years_between_short_ones() -> None:
    """Time jumps; the bins of the meters widen and lose nothing."""
    found = serve([jobs(np.array([0.0, 1.0]), np.array([1e14, 1.0]))], 2)
    assert found.figures["end_s"] == 1e14
    assert found.figures["utilisation"] == pytest.approx(0.5)


def test_ties_are_seen_whole() -> None:
    """Two at the same instant, the later line with the earlier deadline: it starts first."""
    made = jobs(np.zeros(2), np.ones(2), deadline=np.array([9.0, 5.0]))
    first: list[float] = []
    serve([made], 1, "edf", sink=lambda done: first.extend(done["id"].tolist()))
    assert first == [1, 0]


def test_the_pieces_do_not_matter() -> None:
    """However a trace is cut, the same figures to the last bit."""
    rng = np.random.default_rng(1)
    made = jobs(np.cumsum(rng.exponential(1.0, 5000)), rng.exponential(3.0, 5000), rng.integers(1, 3, 5000))
    whole = serve([made], 6, "easy").figures
    assert serve(pieces(made, 1), 6, "easy").figures == whole
    assert serve(pieces(made, 999), 6, "easy").figures == whole
