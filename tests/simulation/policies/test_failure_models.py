"""Failures: by hand, in the long run, and nothing lost whatever goes down."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.results.trace import Trace
from xisuan.simulation.jobs import jobs, pieces
from xisuan.simulation.policies import failure_horizon
from xisuan.simulation.policies.failure_horizon import FIRST_S
from xisuan.simulation.policies.failure_models import (
    EVERYTHING,
    CombinedFailures,
    Failures,
    ListedOutages,
    MachineFailures,
    Outage,
    RandomFailures,
    records,
)
from xisuan.simulation.policies.failure_sources import trace_failures
from xisuan.simulation.policies.machine_inventory import Floor, read_floor
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
        *MachineFailures(8, 5, 400.0, 60.0).outages(5000.0, 1),
        Outage(1000.0, 100.0, 0, 40),
        Outage(1050.0, 100.0, 0, 40),
    ]
    down = records(outages)
    found = serve(pieces(made, 100), 40, queue, failures=down, checkpoint=checkpoint)
    assert found.figures["jobs"] == found.figures["finished"] == count
    assert found.figures["utilisation"] <= 1.0 + 1e-9
    assert queue == "shared" or found.figures["hits"] > 50
    assert serve(pieces(made, 7), 40, queue, failures=down, checkpoint=checkpoint).figures == found.figures


@pytest.mark.parametrize("queue", ["fcfs", "easy", "shared"])
@pytest.mark.parametrize("machines", [False, True])
def test_failures_over_one_another_are_down_until_each_is_over(queue: str, machines: bool) -> None:
    """At any time so many are up as are left of all when what every failure takes that is not over is taken away: not
    those that a failure took last, or that a repair gave back while others last. Seconds up are summed by hand.
    """
    if machines and queue == "shared":
        return
    servers, width, end = 12, 2, 500
    for seed in range(20):
        rng = np.random.default_rng(seed)
        amounts = [int(n) if rng.random() < 0.7 else EVERYTHING for n in width * rng.integers(1, 6, 12)]
        starts, lengths = rng.integers(0, 300, 12), rng.integers(1, 120, 12)
        listed = [
            Outage(float(start), float(length), 0, amount, float(rng.random()))
            for start, length, amount in zip(starts, lengths, amounts, strict=True)
        ]
        by_hand = 0
        for second in range(end):
            under_way = (starts <= second) & (second < starts + lengths)
            down = sum(min(amount, servers) for amount, on in zip(amounts, under_way, strict=True) if on)
            by_hand += max(0, servers - down)
        place: int | Floor = Floor([read_floor(f"{servers // width}x{width}")]) if machines else servers
        arrivals = np.append(np.sort(rng.integers(0, 300, 40)), end).astype(float)
        runs = np.append(rng.integers(1, 30, 40), 0).astype(float)
        for failures in (records(listed), ListedOutages(tuple(listed))):
            found = serve([jobs(arrivals, runs)], place, queue, failures=failures)
            assert found.figures["end_s"] == end
            line = found.timeline
            spans = np.diff(np.append(line["start_s"], end))
            assert line["up"] @ spans == pytest.approx(by_hand, rel=1e-9)
            assert found.figures["finished"] == 41


def test_a_site_is_down_whatever_is_repaired_there() -> None:
    """One of four servers fails at 0 and is back at 100; all are down from 50 to 1,000: a job of 60 waits until then."""
    for failures in ([(0.0, 100.0, 1), (50.0, 950.0, 4)], [(0.0, 100.0, 4), (50.0, 950.0, 4)]):
        down = records([Outage(start, length, 0, amount) for start, length, amount in failures])
        found = serve([jobs(np.array([60.0]), np.array([10.0]))], 4, failures=down)
        assert found.figures["max_wait_s"] == 940.0


def test_availability_in_the_long_run() -> None:
    """MTBF / (MTBF + MTTR) of the servers are up."""
    down = records(MachineFailures(50, 2, 900.0, 100.0).outages(200_000.0, 5))
    made = jobs(np.array([0.0, 200_000.0]), np.array([1.0, 1e-3]))
    line = serve([made], 100, failures=down).timeline
    assert line["up"].mean() == pytest.approx(90.0, rel=0.02)


SOURCES = [
    ListedOutages((Outage(1.0, 2.0, 0), Outage(30.0, 2.0, 0))),
    MachineFailures(3, 2, 10.0, 1.0),
    MachineFailures(1, EVERYTHING, 7.0, 3.0),
    MachineFailures(70_000, 1, 5e4, 1.0),
    CombinedFailures((MachineFailures(3, 2, 10.0, 1.0), MachineFailures(2, 1, 5.0, 1.0))),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: type(source).__name__)
def test_a_source_of_failures_keeps_its_promise(source: Failures) -> None:
    """Within the horizon, the same for the same seed, and of a longer time these and later ones."""
    assert isinstance(source, Failures)
    found = source.outages(100.0, 4)
    assert found == source.outages(100.0, 4)
    assert all(0 <= outage.start_s < 100.0 for outage in found)
    assert len(records(found)) == 2 * len(found)
    for horizon in (10.0, 33.3, 99.9):
        assert source.outages(horizon, 4) == [outage for outage in found if outage.start_s < horizon]


@pytest.mark.parametrize("servers", [40, Floor([read_floor("8x5")])], ids=["servers", "machines"])
@pytest.mark.parametrize("queue", ["fcfs", "easy"])
def test_a_source_asked_again_and_again_is_one_asked_once(queue: str, servers: int | Floor) -> None:
    """Half a year of failures known week by week, or all of them beforehand: the same to the last bit."""
    rng = np.random.default_rng(3)
    made = jobs(np.cumsum(rng.exponential(4000.0, 4000)), rng.exponential(3e4, 4000), rng.integers(1, 5, 4000))
    source = CombinedFailures((MachineFailures(8, 5, 2e6, 6e4), MachineFailures(1, EVERYTHING, 4e6, 1e4)))
    once = serve(
        [made], servers, queue, failures=records(source.outages(1e9, 2)), checkpoint=Checkpoint(1e4, 10.0, 60.0)
    )
    more = serve(pieces(made, 99), servers, queue, failures=source, seed=2, checkpoint=Checkpoint(1e4, 10.0, 60.0))
    assert once.figures["end_s"] > 8 * FIRST_S
    assert once.figures["hits"] > 20
    assert more.figures == once.figures
    assert more.measures.equals(once.measures)


def test_availability_of_the_one_site_and_of_its_machines() -> None:
    """A site that is up 9 hours of 10 on the mean, and machines 4 of 5: of 50 servers 36 are up in the long run."""
    made = jobs(np.array([0.0, 5e7]), np.array([1.0, 1e-3]))
    source = trace_failures(None, RandomFailures(9.0, 1.0), RandomFailures(40.0, 10.0), 50)
    found = serve([made], 50, failures=source)
    assert found.timeline["up"].mean() == pytest.approx(36.0, rel=0.02)
    assert found.figures["finished"] == 2


def test_failures_that_let_nothing_end_are_an_error_not_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of 100 h on machines that last an hour, and a line whose head needs all of them at once."""
    monkeypatch.setattr(failure_horizon, "MOST_AHEAD", 50_000)
    source = trace_failures(None, None, RandomFailures(1.0, 0.1), 100)
    with pytest.raises(ScenarioError, match=r"checkpoints"):
        serve([jobs(np.zeros(1), np.array([3.6e5]))], 100, failures=source)
    assert serve([jobs(np.zeros(1), np.array([3.6e5]))], 100, failures=source, checkpoint=Checkpoint(600.0, 1.0, 1.0))
    with pytest.raises(ScenarioError, match=r"0 jobs are done"):
        serve([jobs(np.zeros(2), np.full(2, 9e3), np.array([100, 1]))], 100, failures=source)


def test_a_source_that_ends_leaves_what_never_comes_back_waiting() -> None:
    """Given failures are a source too: asked for longer and longer, they say nothing more, and it ends."""
    gone = ListedOutages((Outage(1.0, math.inf, 0, 2),))
    found = serve([jobs(np.array([0.0, 5.0]), np.full(2, 3.0), np.array([1, 4]))], 4, failures=gone).figures
    assert (found["finished"], found["waiting"], found["end_s"]) == (1, 1, 5.0)


class Forgetful:
    """Says something else whenever it is asked."""

    def outages(self, horizon_s: float, _seed: int) -> list[Outage]:
        return [Outage(horizon_s / 4.0, 1.0)]


def test_a_source_that_changes_its_mind_is_found_out() -> None:
    with pytest.raises(ScenarioError, match="make it repeatable"):
        serve([jobs(np.array([0.0, 1e7]), np.ones(2))], 4, failures=Forgetful())


OWN = """
from xisuan.simulation.policies.failure_models import Outage

class Mondays:
    def outages(self, horizon_s, seed):
        return [Outage(604_800.0 * week, 3600.0, 0, 3) for week in range(int(-(-horizon_s // 604_800)))]
"""


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Failures of one's own, of the site and of its machines; said on the page; the same for the same seed."""
    (tmp_path / "mondays.py").write_text(OWN)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"arrival_s": np.cumsum(rng.exponential(900.0, 2000)), "run_s": rng.exponential(3600.0, 2000)})
    frame.to_csv(tmp_path / "log.csv", index=False)
    base = [
        "simulate",
        "--trace",
        str(tmp_path / "log.csv"),
        "--servers",
        "6",
        "--out",
        str(tmp_path / "out"),
        "--json",
    ]
    chance = ["--mtbf", "100:2", "--machine-mtbf", "200:5"]
    found = {}
    for name, more in (("none", []), ("own", ["--failures", f"{tmp_path / 'mondays.py'}:Mondays"]), ("chance", chance),
                       ("again", chance), ("other", [*chance, "--seed", "1"])):  # fmt: skip
        assert invoke([*base, *more]) == 0, name
        found[name] = json.loads(capsys.readouterr().out)
    assert found["none"]["hits"] == 0 < found["own"]["hits"] < found["chance"]["hits"]
    assert found["chance"]["mean_wait_s"] == found["again"]["mean_wait_s"] != found["other"]["mean_wait_s"]
    assert found["chance"]["given"]["machine_mtbf"] == "200 h, 5 h"
    assert "200 h, 5 h" in (tmp_path / "out" / "trace.html").read_text()
    assert invoke([*base, "--checkpoint", "600:5:60"]) == 0
    assert json.loads(capsys.readouterr().out)["given"]["checkpoint"] == "600 s, 5 s, 60 s"
    assert "600 s, 5 s, 60 s" in (tmp_path / "out" / "trace.html").read_text()
    for wrong, word in (("none.csv", "cannot be read"), ("none.py:Mondays", "no such file"),
                        (f"{tmp_path / 'mondays.py'}:Tuesdays", "Tuesdays")):  # fmt: skip
        assert invoke([*base, "--failures", wrong]) != 0
        assert word in capsys.readouterr().out


def test_what_cannot_be() -> None:
    with pytest.raises(ScenarioError, match="outage 1"):
        records([Outage(-1.0, 1.0, 0)])
    with pytest.raises(ScenarioError, match="longer time"):
        MachineFailures(1000, 1, 1e-9, 0.0).outages(1e6, 0)
    with pytest.raises(ScenarioError, match="every"):
        Checkpoint(0.0)
