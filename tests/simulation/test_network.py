"""Links shared max-min fairly, by hand: rates show in the times at which flows end."""

from __future__ import annotations

import numpy as np
import pytest

from xisuan.errors import ScenarioError
from xisuan.simulation import world
from xisuan.simulation.core.records import Network
from xisuan.simulation.jobs import Jobs, jobs
from xisuan.simulation.policies.queue_disciplines import QUEUES
from xisuan.simulation.trace_feeder import TraceFeeder


def ends(made: Jobs, links: list[float], ways: list[list[int]], back: list[list[int]] | None = None) -> list[float]:
    """When each job is done that moves over the way of its origin to one large station and runs for no time."""
    every = [*ways, *(back or [])]
    arcs = np.full((len(every), 4), -1)
    for at, way in enumerate(every):
        arcs[at, : len(way)] = way
    inbound = np.arange(len(ways))[:, None]
    outbound = inbound + len(ways) if back else np.full_like(inbound, -1)
    w = world.make([1000], QUEUES["fcfs"], origins=len(ways), network=Network(np.array(links), arcs, inbound, outbound))
    out = np.zeros(len(made))
    drive = TraceFeeder(w, [made], QUEUES["fcfs"], lambda done: out.__setitem__(done["id"], done["finish"]))
    assert drive.advance()
    return [round(float(value), 9) for value in out]


def flows(arrival: list[float], gigabits: list[float], origin: list[int], **more: list[float]) -> Jobs:
    columns = {name: np.array(column) for name, column in more.items()}
    return jobs(
        np.array(arrival), np.zeros(len(arrival)), inbound=np.array(gigabits), origin=np.array(origin), **columns
    )


def test_two_on_one_link() -> None:
    """10 Gbps, 100 Gb each: 5 Gbps each, done at 20."""
    assert ends(flows([0, 0], [100, 100], [0, 0]), [10.0], [[0]]) == [20, 20]


def test_what_one_leaves_the_other_takes() -> None:
    """100 Gb at 0, 25 Gb at 5. 50 Gb alone; then 5 Gbps each until 10; 25 Gb left: 12.5."""
    assert ends(flows([0, 5], [100, 25], [0, 0]), [10.0], [[0]]) == [12.5, 10]


def test_a_long_way_and_two_short_ones() -> None:
    """Links of 10 and 4 in a row; one flow crosses both, one each. The 4 gives 2 and 2, so 8 are left on the 10.

    20 Gb over both: done at 10; 80 Gb on the first: 10; 40 Gb on the second: 20 Gb by 10, then 4 Gbps: 15.
    """
    assert ends(flows([0, 0, 0], [20, 80, 40], [0, 1, 2]), [10.0, 4.0], [[0, 1], [0], [1]]) == [10, 10, 15]


def test_the_textbook_case() -> None:
    """Bertsekas and Gallager, figure 6.10: links of 1; three flows on the middle one get 1/3, the fourth 2/3."""
    ways = [[0, 1], [1], [1], [0]]
    found = ends(flows([0] * 4, [1 / 3, 1 / 3, 1 / 3, 2 / 3], [0, 1, 2, 3]), [1.0, 1.0], ways)
    assert found == pytest.approx([1, 1, 1, 1])


def test_results_go_back_over_the_other_direction() -> None:
    """In: 10 Gb at 10 Gbps, out: 10 Gb at 2 Gbps: 6 s; directions do not share."""
    made = flows([0.0], [10.0], [0], outbound=[10.0])
    assert ends(made, [10.0, 2.0], [[0]], [[1]]) == [6]


def test_random_networks_against_progressive_filling() -> None:
    """All flows at once: the first to end is the one that a second, simple filling says, at its time."""
    rng = np.random.default_rng(2)
    for _ in range(200):
        links = rng.integers(1, 20, 5).astype(float)
        ways = [sorted(rng.choice(5, int(rng.integers(1, 4)), replace=False).tolist()) for _ in range(6)]
        origin = rng.integers(0, 6, 12)
        rate, left, open_flows = np.zeros(12), links.copy(), set(range(12))
        while open_flows:
            use = np.array([sum(a in ways[origin[f]] for f in open_flows) for a in range(5)])
            step = min(left[a] / use[a] for a in range(5) if use[a])
            for f in open_flows:
                rate[f] += step
            left -= step * use
            full = {a for a in range(5) if use[a] and left[a] < 1e-9}
            open_flows = {f for f in open_flows if not full & set(ways[origin[f]])}
        gigabits = rng.integers(1, 50, 12).astype(float)
        found = ends(flows([0.0] * 12, gigabits.tolist(), origin.tolist()), links.tolist(), ways)
        assert min(found) == pytest.approx((gigabits / rate).min())


def test_a_link_of_no_capacity_is_no_hang() -> None:
    """What cannot move waits, and is counted as waiting."""
    net = Network(np.zeros(1), np.array([[0, -1]]), np.zeros((1, 1), int), np.full((1, 1), -1))
    w = world.make([1], QUEUES["fcfs"], network=net)
    drive = TraceFeeder(w, [flows([0.0], [1.0], [0])], QUEUES["fcfs"], lambda _: None)
    assert drive.advance()
    assert len(world.in_system(drive.world)) == 1


def test_a_way_of_no_link_is_refused() -> None:
    net = Network(np.zeros(1), np.array([[-1]]), np.zeros((1, 1), int), np.zeros((1, 1), int))
    with pytest.raises(ScenarioError, match="needs a link"):
        world.make([1], QUEUES["fcfs"], network=net)
