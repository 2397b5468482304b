"""Tricky traces by hand: every odd thing that a log can hold, in every format, and everybody accounted for."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.results.trace import Trace
from xisuan.simulation import world
from xisuan.simulation.arrivals.trace_files import TraceFile, open_trace
from xisuan.simulation.arrivals.trace_formats import TraceOptions
from xisuan.simulation.core import records as layout
from xisuan.simulation.core.records import Network
from xisuan.simulation.jobs import Jobs, jobs, pieces
from xisuan.simulation.policies.failure_models import Outage, records
from xisuan.simulation.policies.machine_inventory import Floor, read_floor
from xisuan.simulation.policies.queue_disciplines import QUEUES
from xisuan.simulation.serve import balance, serve
from xisuan.simulation.trace_feeder import TraceFeeder
from xisuan.simulation.world import Checkpoint

ENDED = ("finished", "running", "waiting", "dropped")


def kept(found: Trace) -> dict[str, float]:
    """The figures, having seen that everybody is accounted for, by the counts as well."""
    figures = dict(found.figures)
    assert figures["jobs"] == sum(figures[name] for name in ENDED)
    assert found.counts["finished"].iloc[0] == figures["finished"]
    assert found.counts["dropped"].iloc[0] == figures["dropped"]
    return figures


@pytest.mark.parametrize("queue", QUEUES)
def test_jobs_of_no_length(queue: str) -> None:
    """They take their turn: behind a job of 5 s on the one server all three are done at 5; on a free one at once."""
    made = jobs(np.zeros(4), np.array([5.0, 0.0, 0.0, 0.0]), deadline=np.arange(4.0), priority=-np.arange(4.0))
    figures = kept(serve([made], 1, queue))
    assert figures["finished"] == 4
    assert figures["end_s"] == 5.0
    if queue != "shared":
        assert figures["mean_wait_s"] == pytest.approx(15 / 4)
    assert kept(serve([jobs(np.zeros(9), np.zeros(9))], 1, queue))["end_s"] == 0.0


def test_a_deadline_before_the_arrival_is_missed() -> None:
    """Due at 3, 8 and 30, arrived at 10, one second each: two are missed, none is lost; the earliest goes first."""
    made = jobs(np.full(3, 10.0), np.ones(3), deadline=np.array([30.0, 8.0, 3.0]))
    order: list[int] = []
    found = serve([made], 1, "edf", sink=lambda done: order.extend(done["id"].tolist()))
    kept(found)
    assert order == [2, 1, 0]
    assert (found.counts["due"].iloc[0], found.counts["missed"].iloc[0]) == (3, 2)


@pytest.mark.parametrize("servers", [4, Floor([read_floor("2x2")])])
def test_a_failure_at_time_0(servers: int | Floor) -> None:
    """Nothing is up at 0; at 5 it is, and the job of 3 s is done at 8."""
    down = records([Outage(0.0, 5.0, 0, 4)])
    figures = kept(serve([jobs(np.zeros(1), np.full(1, 3.0))], servers, failures=down))
    assert (figures["mean_wait_s"], figures["end_s"], figures["hits"]) == (5.0, 8.0, 0)


@pytest.mark.parametrize("servers", [4, Floor([read_floor("4x1")])])
def test_failures_over_one_another(servers: int | Floor) -> None:
    """All four are down from 2 to 6 and, by another failure, from 4 to 9: none is back before 9. Three of four from 2 to 6
    and two from 4 to 9: the second takes the one that is left, and at 6 one of those that come back.
    """
    made = jobs(np.zeros(1), np.full(1, 3.0))
    whole = records([Outage(2.0, 4.0, 0, 4), Outage(4.0, 5.0, 0, 4)])
    assert kept(serve([made], servers, failures=whole))["end_s"] == 12.0  # hit at 2, again from 9 to 12
    parts = records([Outage(2.0, 4.0, 0, 3), Outage(4.0, 5.0, 0, 2)])
    four = jobs(np.full(4, 5.0), np.full(4, 1.0))
    line = serve([four], servers, failures=parts)
    assert kept(line)["end_s"] == 8.0  # from 6 two are up: two at 6, two at 7
    assert line.timeline.set_index("start_s")["up"].to_dict() == {
        0.0: 4.0, 1.0: 4.0, 2.0: 1.0, 3.0: 1.0, 4.0: 0.0, 5.0: 0.0, 6.0: 2.0, 7.0: 2.0
    }  # fmt: skip


@pytest.mark.parametrize("queue", QUEUES)
def test_a_repair_that_never_comes(queue: str) -> None:
    """One of two servers is gone for good: what needs both waits for ever and, strictly in order, all behind it too."""
    down = records([Outage(0.5, math.inf, 0, 1)])
    made = jobs(np.array([1.0, 2.0]), np.ones(2), np.array([2, 1]), deadline=np.array([3.0, 4.0]))
    found = serve([made], 2, queue, failures=down)
    figures = kept(found)
    if queue == "shared":
        assert figures["finished"] == 2
    else:
        assert figures["finished"] == (1 if queue == "easy" else 0)
        assert figures["waiting"] == 2 - figures["finished"]


def test_links_without_capacity() -> None:
    """Data over a link of 0 Gbps is on its way for ever: counted as waiting, and no hang."""
    there = np.zeros((1, 1), np.int64)
    net = Network(np.array([0.0]), np.array([[0]]), there, there - 1)
    w = world.make([2], QUEUES["fcfs"], network=net)
    drive = TraceFeeder(
        w, [jobs(np.zeros(3), np.ones(3), inbound=np.array([1.0, 0.0, 2.0]))], QUEUES["fcfs"], lambda _done: None
    )
    assert drive.advance()
    figures = balance(drive.world)
    assert (figures["finished"], figures["waiting"], figures["moving"]) == (1, 2, 2)
    drive.world.links[:] = 4.0  # and when it is there it goes on: 3 Gb in all, the last at 0.75 s, and a second to run
    drive.world.counts[layout.CHANGED] = 1
    drive.advance()
    assert balance(drive.world)["finished"] == 3


FILES = {
    "swf": (
        "log.swf",
        "; a comment\n",
        "{n} {t} -1 10 1 -1 -1 1 20 -1 1 1 1 -1 1 -1 -1 -1\n",
        [
            "x 1 -1 10 1 -1 -1 1 20 -1 1 1 1 -1 1 -1 -1 -1",
            "9 1 -1 -5 1 -1 -1 1 20 -1 1 1 1 -1 1 -1 -1 -1",
            "9 1 -1 10 1 -1 -1 0.5 20 -1 1 1 1 -1 1 -1 -1 -1",
            "9 1 -1 inf 1 -1 -1 1 20 -1 1 1 1 -1 1 -1 -1 -1",
            "9 1",
            "9,1,-1,10,1,-1,-1,1,20,-1,1,1,1,-1,1,-1,-1,-1",
        ],
    ),
    "azure": (
        "azure.csv",
        "TIMESTAMP,ContextTokens,GeneratedTokens\n",
        "2023-11-16 18:15:{t:02d}.6805900,374,44\n",
        ["2023-13-16 18:15:46,374,44", "yesterday,1,1", "2023-11-16 18:15:59,-374,44", "2023-11-16 18:15:59,374", ",,"],
    ),
    "gaia": (
        "gaia.csv",
        "arrival_time,length,cpus\n",
        "{t},0.5,2\n",
        ["1,0.5", "1,-0.5,2", "1,x,2", "1,0.5,0", "1,0.5,1.5", "nan,1,1"],
    ),
    "openb": (
        "pods.csv",
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n",
        "p,4000,100,1,500,,LS,Running,{t},99,{t}\n",
        ["p,4000,100,2,500,,LS,Running,1,99,1", "p,4000,100,1,5_00,,LS,Running,1,99,1", "p,4000,100,1,0,,LS,Running,1,99,1",
         "p,4000,100,1,500,,LS,Running,1,x,1", "p,4000,100,1.5,500,,LS,Running,1,99,1", "p,4000,100,1,500",
         "p,4000,100,1,500,,LS,Running,5,3,9"],
    ),
    "csv": ("own.csv", "arrival_s,run_s,servers\n", "{t},10,2\n",
            ["1,10", "1_0,10,1", "1,,2", "1,-1,2", "1,10,0", "1,1e99,1", "a,b,c", "1,2,3,4"]),
}  # fmt: skip
SPEED = TraceOptions(tokens_per_s=(5000.0, 40.0))


@pytest.mark.parametrize("kind", FILES)
def test_a_malformed_line_of_each_format(tmp_path: Path, kind: str) -> None:
    """Three good lines with a bad one after the second: fatal with the number of that very line, or skipped and counted."""
    name, head, good, bad = FILES[kind]
    for line in bad:
        path = tmp_path / name
        path.write_text(head + good.format(n=1, t=1) + good.format(n=2, t=2) + line + "\n" + good.format(n=3, t=3))
        with pytest.raises(ScenarioError, match="row 4"):
            list(open_trace(path, SPEED))
        file = open_trace(path, TraceOptions("skip", tokens_per_s=SPEED.tokens_per_s))
        assert sum(len(piece) for piece in file) == 3, line
        assert (file.skipped, file.left_out) == (1, 0), line
        assert "row 4" in str(file.remembered[0])


@pytest.mark.parametrize("kind", FILES)
def test_a_trace_of_no_job(tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A head alone is an empty trace: no job, no error, a page."""
    name, head, _, _ = FILES[kind]
    path = tmp_path / name
    path.write_text(head)
    words = [
        "simulate",
        "--trace",
        str(path),
        "--format",
        kind,
        "--servers",
        "4",
        "--out",
        str(tmp_path / "run"),
        "--json",
    ]
    assert invoke([*words, *(["--tokens-per-s", "5000:40"] if kind == "azure" else [])]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["jobs"] == answer["finished"] == 0
    assert (tmp_path / "run" / "trace.html").is_file()


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "swf"])
def test_a_file_of_nothing(tmp_path: Path, kind: str) -> None:
    """Not even a head: an error that says what is missing, not a traceback."""
    path = tmp_path / FILES[kind][0]
    path.write_text("")
    with pytest.raises(ScenarioError, match=r"row 1.*missing"):
        list(open_trace(path, SPEED, kind))


def test_a_malformed_row_of_parquet(tmp_path: Path) -> None:
    """By its number too."""
    frame = pd.DataFrame({"arrival_s": [0.0, 1.0, math.nan, 3.0], "run_s": [1.0, -1.0, 1.0, 1.0]})
    frame.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(ScenarioError, match=r"row 2.*run time -1"):
        list(open_trace(tmp_path / "a.parquet"))
    file = open_trace(tmp_path / "a.parquet", TraceOptions("skip"))
    assert sum(len(piece) for piece in file) == 2
    assert file.skipped == 2
    frame.iloc[:0].to_parquet(tmp_path / "none.parquet")
    assert kept(serve(open_trace(tmp_path / "none.parquet"), 1))["jobs"] == 0


def test_what_is_unknown_in_the_standard_format(tmp_path: Path) -> None:
    """−1 by −1: no run time or no servers leaves a line out; servers asked for before those used; no estimate is the run
    time; an unknown owner is one; what is unknown elsewhere does not matter.
    """
    lines = [
        "1 0 -1 10 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1",  # no servers at all
        "2 0 -1 -1 4 -1 -1 4 20 -1 1 1 1 -1 1 -1 -1 -1",  # no run time
        "3 1 -1 10 4 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1",  # used
        "4 2 -1 10 4 -1 -1 2 5 -1 1 7 -1 -1 -1 -1 -1 -1",  # asked, and an estimate that is too short
        "5 3 -1 0 1 -1 -1 1 20 -1 1 7 1 -1 1 -1 -1 -1",  # of no length
        "6 4 -1 0 1 -1 -1 1 20 -1 5 7 1 -1 1 -1 -1 -1",  # cancelled before it began
        "7 5 -1 9 1 -1 -1 1 20 -1 2 7 1 -1 1 -1 -1 -1",  # a part of another
    ]
    path = tmp_path / "log.swf"
    path.write_text("\n".join(lines) + "\n")
    file: TraceFile = open_trace(path)
    (piece,) = list(file)
    assert piece.arrival.tolist() == [1, 2, 3]
    assert piece.servers.tolist() == [4, 2, 1]
    assert piece.estimate.tolist() == [10, 10, 20]
    assert piece.owner.tolist() == [0, 7, 7]
    assert (file.left_out, file.skipped) == (4, 0)
    path.write_text(lines[2].replace("3 1 -1 10", "3 -1 -1 10") + "\n")
    with pytest.raises(ScenarioError, match=r"row 1.*arrival -1"):
        list(open_trace(path))


def odd(seed: int) -> tuple[Jobs, int | Floor, list[Outage], Checkpoint]:
    """Everything odd at once, drawn."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 400))
    arrival = np.floor(np.cumsum(rng.exponential(1.0, count) * rng.integers(0, 2, count)))
    run = rng.integers(0, 9, count) * rng.integers(0, 2, count) * 1.0
    made = jobs(
        arrival, run, rng.integers(1, 14, count), estimate=run * rng.integers(0, 4, count), priority=rng.normal(size=count),
        deadline=arrival + rng.integers(-5, 50, count), owner=rng.integers(0, 3, count),
        hold=arrival + rng.integers(0, 2, count) * rng.integers(0, 20, count),
    )  # fmt: skip
    servers = [int(rng.integers(1, 12)), Floor([read_floor("3x3,2x5")], seed=seed)][int(rng.integers(2))]
    outages = [
        Outage(float(rng.integers(0, 40)), [1.0, 7.0, 100.0, math.inf][int(rng.integers(4))], 0,
               int(rng.integers(1, 30)), float(rng.random()))
        for _ in range(int(rng.integers(0, 12)))
    ]  # fmt: skip
    return made, servers, outages, Checkpoint(*[(math.inf, 0.0, 0.0), (2.0, 0.5, 1.0)][seed % 2])


@pytest.mark.parametrize("queue", QUEUES)
def test_everybody_is_accounted_for_whatever_happens(queue: str) -> None:
    """A hundred odd worlds: ids come out once, nothing runs before it came, and the same again however it is cut."""
    for seed in range(100):
        made, servers, outages, checkpoint = odd(seed)
        if queue == "shared" and isinstance(servers, Floor):
            continue
        seen: list[np.ndarray] = []
        more = {"failures": records(outages), "checkpoint": checkpoint}
        found = serve(pieces(made, 50), servers, queue, sink=lambda done, seen=seen: seen.append(done.copy()), **more)  # type: ignore[misc, arg-type]
        figures = kept(found)
        done = np.concatenate(seen) if seen else np.zeros(0, layout.DONE)
        assert len(np.unique(done["id"])) == len(done) == figures["finished"] + figures["dropped"]
        ran = done[done["dropped"] == 0]
        assert (ran["start"] >= ran["arrival"]).all()
        assert (ran["finish"] >= ran["start"] + ran["run"] - 1e-9).all()
        assert figures["jobs"] == len(made)
        again = serve(pieces(made, 7), servers, queue, **more).figures  # type: ignore[arg-type]
        assert again == pytest.approx(figures, nan_ok=True, rel=0, abs=0)


def test_the_clock_goes_on_when_nothing_is_left() -> None:
    """Nobody is there after a second, yet at 10 ten seconds are metered, and one of four servers was down from 5 to 7."""
    w = world.make([4], QUEUES["fcfs"], failures=records([Outage(5.0, 2.0)]))
    drive = TraceFeeder(w, [jobs(np.zeros(1), np.ones(1))], QUEUES["fcfs"], lambda _done: None)
    assert not drive.advance(10.0)
    assert drive.world.clock[layout.NOW] == 10.0
    assert drive.world.meters[0, :, layout.UP].sum() == 4 * 10 - 2
    assert drive.advance()


def test_stations_and_origins_that_are_not_there() -> None:
    """Compiled code would write beside its arrays, so it is asked before."""
    with pytest.raises(ScenarioError, match=r"outage 1.*no such station"):
        serve([jobs(np.zeros(1), np.ones(1))], 1, failures=records([Outage(1.0, 1.0, 3)]))
    with pytest.raises(ScenarioError, match="sort them"):
        serve([jobs(np.zeros(1), np.ones(1))], 1, failures=records([Outage(1.0, 1.0)])[::-1].copy())
    with pytest.raises(ScenarioError, match="no such origin"):
        serve([jobs(np.zeros(1), np.ones(1), origin=np.array([7]))], 1)


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("arrival_s,run_s,run_s\n0,1,2\n")
    with pytest.raises(ScenarioError, match=r"run_s.*twice"):
        list(open_trace(path))


@pytest.mark.parametrize("tail", [b"more", b"\x00\x00"])
def test_what_follows_a_packed_file(tmp_path: Path, tail: bytes) -> None:
    """Rubbish behind it is an error, for something was lost; the zeros with which tapes are filled are none."""
    path = tmp_path / "own.csv.gz"
    path.write_bytes(gzip.compress(b"arrival_s,run_s\n0,1\n") + tail)
    if tail == b"more":
        with pytest.raises(ScenarioError, match="cannot be read"):
            list(open_trace(path))
    else:
        assert sum(map(len, open_trace(path))) == 1
