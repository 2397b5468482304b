"""Jobs on machines that have sizes: by hand, and against a second implementation, event by event."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases.folders import case
from tests.scenarios import five
from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.results.trace import Trace
from xisuan.scenario.load import load
from xisuan.simulation.arrivals.demand_sampling import Sampling
from xisuan.simulation.arrivals.trace_files import open_trace
from xisuan.simulation.arrivals.trace_formats import TraceOptions
from xisuan.simulation.core import records as layout
from xisuan.simulation.core.records import World
from xisuan.simulation.jobs import Jobs, jobs, pieces
from xisuan.simulation.plan_inputs.plan_arrays import setting
from xisuan.simulation.policies import failure_models
from xisuan.simulation.policies.bin_packing import PACKINGS, Machines
from xisuan.simulation.policies.failure_models import Outage, records
from xisuan.simulation.policies.machine_inventory import PLENTY, Floor, bits, models_of, read_floor
from xisuan.simulation.policies.queue_disciplines import QUEUES as QUEUE
from xisuan.simulation.serve import serve
from xisuan.simulation.simulate import Trial, simulate
from xisuan.simulation.trace_feeder import TraceFeeder
from xisuan.simulation.world import make
from xisuan.workflow.plan import plan as planned

Drawn = Callable[[int, int], "tuple[Jobs, Machines, list[Box]]"]
QUEUES = ["fcfs", "easy", "edf", "priority", "fair"]


def begun(made: Jobs, floor: Floor, queue: str) -> tuple[np.ndarray, Trace]:
    """When each job starts, NaN where it never does, and the trace."""
    out = np.full(len(made), np.nan)

    def sink(done: np.ndarray) -> None:
        out[done["id"]] = np.where(done["dropped"] == 0, done["start"], np.nan)

    return out, serve(pieces(made, 41), floor, queue, sink=sink)


def test_free_servers_in_pieces_are_stuck() -> None:
    """Two machines of four. 3 + 3 run for 10 s; two are free, on two machines, and the job that wants two waits: 2 of 8
    servers are stuck for 10 of 20 s. With servers divided at will it would start at once.
    """
    made = jobs(np.zeros(3), np.full(3, 10.0), np.array([3, 3, 2]))
    start, found = begun(made, Floor([read_floor("2x4")]), "fcfs")
    assert start.tolist() == [0, 0, 10]
    assert found.figures["stuck_share"] == pytest.approx(2 * 10 / (8 * 20))
    assert found.timeline["stuck"].iloc[0] == 2
    assert serve([made], 8).figures["stuck_share"] == 0
    assert serve([made], 8).figures["max_wait_s"] == 0


def test_best_fit_keeps_the_large_hole() -> None:
    """A machine of 4 and one of 8: two jobs of 3 and 4 leave the 8 whole only if each takes the smallest hole."""
    made = jobs(np.zeros(2), np.full(2, 10.0), np.array([4, 8]))
    assert begun(made, Floor([read_floor("1x8,1x4")]), "fcfs")[0].tolist() == [0, 0]


def test_a_job_larger_than_a_machine_takes_whole_ones() -> None:
    """Three of four servers: 9 is two whole and one of the third, beside which three more fit; then 4 waits."""
    made = jobs(np.zeros(3), np.full(3, 5.0), np.array([9, 3, 4]))
    assert begun(made, Floor([read_floor("3x4")]), "fcfs")[0].tolist() == [0, 0, 5]
    found = serve([jobs(np.zeros(2), np.ones(2), np.array([13, 12]))], Floor([read_floor("3x4")])).figures
    assert (found["dropped"], found["finished"]) == (1, 1)


def test_what_no_machine_could_ever_hold_is_dropped() -> None:
    """CPU, memory, a model that is not there; each alone, in a line that goes on."""
    one = Machines(np.array([4000]), np.array([64]), np.array([2]), np.array(["T4"], object))
    made = jobs(
        np.zeros(4), np.ones(4), np.array([1, 1, 1, 2]), cpu=np.array([5000, 0, 0, 4000]),
        memory=np.array([0, 65, 0, 64]), models=np.array([0, 0, bits(frozenset(["V100"]), ["T4"]), 1]),
    )  # fmt: skip
    start, found = begun(made, Floor([one]), "fcfs")
    assert np.isnan(start[:3]).all()
    assert start[3] == 0
    assert found.figures["dropped"] == 3


def test_parts_of_accelerators_do_not_add_up() -> None:
    """Two accelerators, three jobs of 0.6: the third waits though 0.8 are free."""
    floor = Floor([Machines(np.array([PLENTY]), np.array([PLENTY]), np.array([2]), np.array([""], object))], grain=1000)
    made = jobs(np.zeros(3), np.full(3, 7.0), np.full(3, 600), part=np.full(3, 600))
    start, found = begun(made, floor, "fcfs")
    assert start.tolist() == [0, 0, 7]
    assert found.figures["stuck_share"] == pytest.approx(800 * 7 / (2000 * 14))


def test_machines_fail_with_what_is_on_them() -> None:
    """Two machines of four, a job of two on each by best fit is both on one: that one fails at 3, both are hit, the other
    machine takes them; at 5 it is back.
    """
    made = jobs(np.array([0.0, 0.0, 4.0]), np.array([10.0, 10.0, 1.0]), np.array([2, 2, 4]))
    for draw, hits, starts in ((0.0, 2, [0, 0, 5]), (0.5, 0, [0, 0, 5])):
        down = records([Outage(3.0, 2.0, 0, 4, draw)])
        out = np.full(3, np.nan)

        def sink(done: np.ndarray, out: np.ndarray = out) -> None:
            out[done["id"]] = done["start"]

        found = serve([made], Floor([read_floor("2x4")]), failures=down, sink=sink)
        assert found.figures["hits"] == hits
        assert out.tolist() == starts
        assert found.figures["finished"] == 3
    both = records([Outage(0.0, math.inf, 0, 8, 0.3)])
    never = serve([made], Floor([read_floor("2x4")]), failures=both).figures
    assert (never["waiting"], never["finished"]) == (3, 0)


@dataclass(eq=False)
class Box:
    """A machine of the second implementation."""

    size: int
    cpu: int
    memory: int
    model: int
    jobs: list[tuple[float, float, int, int, int]] = field(default_factory=list)
    """End, due, servers, CPU and memory."""

    def left(self) -> tuple[int, int, int]:
        taken = [sum(job[at] for job in self.jobs) for at in (2, 3, 4)]
        return self.size - taken[0], self.cpu - taken[1], self.memory - taken[2]


class Second:
    """FCFS and EASY on machines, written to be read: every machine is looked at, sums are taken anew each time."""

    def __init__(self, boxes: list[Box], packing: str, easy: bool) -> None:
        self.boxes, self.packing, self.easy, self.longer = boxes, packing, easy, 0
        self.most = max(box.size for box in boxes), max(1, *(box.cpu for box in boxes))

    def place(self, size: int, cpu: int, memory: int, models: int) -> list[tuple[Box, int, int, int]] | None:
        fitting = [box for box in self.boxes if not models or models >> box.model & 1]
        if size <= max(box.size for box in fitting):
            box = self.least(fitting, size, cpu, memory)
            return None if box is None else [(box, size, cpu, memory)]
        for kind in sorted({(box.size, box.cpu, box.memory, box.model) for box in fitting}):
            alike = [box for box in fitting if (box.size, box.cpu, box.memory, box.model) == kind]
            empty = [box for box in alike if not box.jobs]
            whole, rest = divmod(size, kind[0])
            taken = [(box, box.size, box.cpu, box.memory) for box in empty[:whole]]
            if len(taken) < whole or cpu * kind[0] > kind[1] * size or memory * kind[0] > kind[2] * size:
                continue
            if rest:
                part = [math.ceil(amount * rest / size - 1e-9) for amount in (cpu, memory)]
                others = [box for box in alike if box not in empty[:whole]]
                box = self.least(others, rest, *part)
                if box is None:
                    continue
                taken.append((box, rest, *part))
            return taken
        return None

    def least(self, boxes: list[Box], size: int, cpu: int, memory: int) -> Box | None:
        def score(box: Box) -> float:
            free, idle, _ = box.left()
            if self.packing == "best":
                return (free - size) / self.most[0] + (idle - cpu) / self.most[1]
            return free / self.most[0] * size / self.most[0] + idle / self.most[1] * cpu / self.most[1]

        room = [box for box in boxes if all(a >= b for a, b in zip(box.left(), (size, cpu, memory), strict=True))]
        return min(room, key=score, default=None)

    def fits(self, job: tuple[int, ...], due: float) -> bool:
        """Whether the job fits once all that are due by then have left."""
        kept = [list(box.jobs) for box in self.boxes]
        for box in self.boxes:
            box.jobs = [entry for entry in box.jobs if entry[1] > due]
        found = self.place(*job) is not None
        for box, before in zip(self.boxes, kept, strict=True):
            box.jobs = before
        return found

    def promise(self, job: tuple[int, ...]) -> float:
        dues = sorted({entry[1] for box in self.boxes for entry in box.jobs})
        return next((due for due in dues if self.fits(job, due)), math.inf)

    def run(self, made: Jobs) -> list[float]:
        start = [math.nan] * len(made)
        need = list(zip(*(c.tolist() for c in (made.servers, made.cpu, made.memory, made.models)), strict=True))
        line: list[int] = []
        ends: list[float] = []
        coming = 0
        while coming < len(made) or line:
            now = min([*ends, *made.arrival[coming : coming + 1].tolist()])
            ends = [end for end in ends if end > now]
            for box in self.boxes:
                box.jobs = [entry for entry in box.jobs if entry[0] > now]
            while coming < len(made) and made.arrival[coming] == now:
                line.append(coming)
                coming += 1
            promised, at = math.inf, 0
            while at < len(line):
                j = line[at]
                where = self.place(*need[j])
                for box, *taken in where or []:
                    box.jobs.append((now + made.run[j], now + made.estimate[j], *taken))
                if where is not None and at > 0 and made.estimate[j] > promised - now:
                    if not self.fits(need[line[0]], promised):
                        for box, *_ in where:
                            box.jobs.pop()
                        where = None
                    self.longer += where is not None
                if where is not None:
                    start[j] = now
                    ends.append(now + made.run[j])
                    line.pop(at)
                elif not self.easy:
                    break
                else:
                    if at == 0:
                        promised = self.promise(need[j])
                    at += 1
        return start


def mixed(seed: int, count: int) -> tuple[Jobs, Machines, list[Box]]:
    """Machines all unlike, with CPU, memory and models; jobs of odd CPU, so that no two machines are equally good."""
    sizes = [4, 7, 5, 8, 6, 9, 11]
    cpu = [1000 * size + 37 * at for at, size in enumerate(sizes)]
    model = np.array([("", "a", "b")[at % 3] for at in range(len(sizes))], object)
    machines = Machines(np.array(cpu), np.full(len(sizes), 5000), np.array(sizes), model)
    boxes = [Box(size, cpu[at], 5000, (61, 0, 1)[at % 3]) for at, size in enumerate(sizes)]
    rng = np.random.default_rng(seed)
    servers = np.minimum(rng.integers(1, 11, count), 6)
    models = np.where(rng.random(count) < 0.3, 1 << rng.integers(0, 2, count), 0)
    memory, each = rng.integers(0, 5000, count), rng.integers(0, 997, count)
    return logged(rng, servers, models=models, memory=memory, cpu=each * servers), machines, boxes


def alike(seed: int, count: int) -> tuple[Jobs, Machines, list[Box]]:
    """Machines of two kinds, and jobs over several of them."""
    rng = np.random.default_rng(seed)
    sizes = np.array([8] * 5 + [6] * 2)
    machines = Machines(sizes * 100_000, np.full(7, 5000), sizes, np.full(7, "", object))
    servers = rng.integers(1, 25, count)
    made = logged(rng, servers, cpu=rng.integers(0, 99_000, count) * servers, memory=np.zeros(count, np.int64))
    return made, machines, [Box(size, size * 100_000, 5000, 61) for size in sizes.tolist()]


def logged(rng: np.random.Generator, servers: np.ndarray, **needs: np.ndarray) -> Jobs:
    count = len(servers)
    run = rng.exponential(10.0, count)
    return jobs(
        np.cumsum(rng.exponential(1.0, count)), run, servers, estimate=run * rng.choice([1.0, 1.5, 4.0], count), **needs
    )


@pytest.mark.parametrize("queue", ["fcfs", "easy"])
@pytest.mark.parametrize("packing", ["best", "dot"])
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 6))])
@pytest.mark.parametrize("drawn", [mixed, alike])
def test_against_a_second_implementation(drawn: Drawn, seed: int, packing: str, queue: str) -> None:
    """Every job starts when it does there."""
    made, machines, boxes = drawn(seed, 400)
    start, found = begun(made, Floor([machines], PACKINGS[packing]), queue)
    second = Second(boxes, packing, queue == "easy")
    expected = second.run(made)
    assert (second.longer > 0) == (queue == "easy")  # jobs passed that still ran when the first was to start
    np.testing.assert_allclose(start, expected, rtol=0, atol=1e-9)
    assert found.figures["finished"] == len(made)
    assert found.figures["stuck_share"] > 0


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("packing", PACKINGS.values(), ids=lambda packing: packing.name)
def test_nothing_is_lost_whatever_fails(queue: str, packing: object) -> None:
    """Machines fail and come back, over one another; all finish, the same again, however the trace is cut."""
    rng = np.random.default_rng(5)
    count = 3000
    made = jobs(
        np.cumsum(rng.exponential(1.0, count)), rng.exponential(6.0, count), rng.integers(1, 11, count),
        deadline=rng.random(count), priority=rng.random(count), owner=rng.integers(0, 5, count),
        cpu=rng.integers(0, 300, count),
    )  # fmt: skip
    outages = [Outage(float(at), float(rng.exponential(50.0)), 0, int(rng.integers(1, 20)), float(rng.random()))
               for at in range(0, 4000, 40)]  # fmt: skip
    machines = Machines(np.full(9, 4000), np.full(9, PLENTY), np.full(9, 8), np.full(9, "", object))
    floor = Floor([machines], packing, seed=3)  # type: ignore[arg-type]
    found = serve(pieces(made, 100), floor, queue, failures=records(outages)).figures
    assert found["jobs"] == found["finished"] == count
    assert found["hits"] > 50
    assert found["utilisation"] <= 1.0 + 1e-9
    assert serve(pieces(made, 7), floor, queue, failures=records(outages)).figures == found


def test_best_fit_strands_less_than_chance() -> None:
    """Alibaba's pods on a ninth of its machines: whatever the packing all is done, and chance leaves more free in pieces."""
    nodes = pd.read_csv(case("traces") / "alibaba_openb_node_list_all_node.csv.gz")
    nodes = nodes[nodes["gpu"] > 0].iloc[::40]
    machines = Machines(
        *(nodes[name].to_numpy(dtype=np.int64) for name in ("cpu_milli", "memory_mib", "gpu")),
        nodes["model"].to_numpy(dtype=object),
    )
    stuck = {}
    for name in ("best", "random"):
        file = open_trace(
            case("traces") / "alibaba_openb_pod_list_default.csv.gz", TraceOptions(models=models_of([machines]))
        )
        found = serve(file, Floor([machines], PACKINGS[name], 1000), "fcfs").figures
        assert found["jobs"] == found["finished"] + found["dropped"]
        stuck[name] = found["stuck_share"] * found["end_s"]
    assert stuck["best"] < stuck["random"]


def test_a_list_of_machines(tmp_path: Path) -> None:
    """In words, as our own file, and as Alibaba's; what cannot be is named."""
    assert read_floor("2x8,3x4").each.accelerators.tolist() == [8, 8, 4, 4, 4]
    path = tmp_path / "m.csv"
    path.write_text("servers,count,cpu_milli\n8,2,64000\n4,1,32000\n")
    assert read_floor(str(path)).each.accelerators.tolist() == [8, 8, 4]
    assert read_floor(str(path)).each.cpu.tolist() == [64000, 64000, 32000]
    for text in ("", "8", "x8", "0x8", "2x0", "2x8;3x4", "ax8", f"{10**15}x8", "٣x8"):
        with pytest.raises(ScenarioError, match="COUNTxSERVERS"):
            read_floor(text)
    for body, what in (("a\n1\n", "servers"), ("servers\n8\n-1\n", "row 3.*-1"), ("servers,count\n8,1.5\n", "count")):
        path.write_text(body)
        with pytest.raises(ScenarioError, match=what):
            read_floor(str(path))
    path.write_text("servers\n0\n")
    with pytest.raises(ScenarioError, match="none of them"):
        serve([jobs(np.zeros(1), np.ones(1))], Floor([read_floor(str(path))]))
    with pytest.raises(ScenarioError, match="another queue"):
        serve([jobs(np.zeros(1), np.ones(1))], Floor([read_floor("1x8")]), "shared")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hand case above, from files."""
    log = tmp_path / "log.csv"
    log.write_text("arrival_s,run_s,servers\n0,10,3\n0,10,3\n0,10,2\n")
    words = ["simulate", "--trace", str(log), "--machines", "2x4", "--out", str(tmp_path / "run"), "--json"]
    assert invoke(words) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["max_wait_s"] == 10
    assert answer["stuck_share"] == pytest.approx(0.125)
    assert answer["given"]["machines"] == 2
    assert invoke([*words[:-1], "--packing", "random"]) == 0
    assert "12.5\xa0% of it free in pieces too small for the first in line" in capsys.readouterr().out
    for wrong in ([*words[:-1], "--servers", "8"], [word for word in words[:-1] if word not in ("--machines", "2x4")]):
        assert invoke(wrong) == 2
        assert "--servers or --machines, one of them" in capsys.readouterr().err
    assert invoke([word if word != "2x4" else "2*4" for word in words[:-1]]) == 2
    assert "COUNTxSERVERS" in capsys.readouterr().err


def test_machines_of_a_plan(tmp_path: Path) -> None:
    """The column `machine_units`: whole machines of that size stand at each site; jobs over the small ones leave pieces,
    and only on machines; nothing is lost, and no more is done than with units divided at will.
    """
    folder = tmp_path / "five"
    five(folder)
    scenario = load(folder)
    plan = planned(scenario)
    trial = Trial(replications=1, hours=30, baseline=False, place="least-loaded", sampling=Sampling(5.0, 2.0))
    free = simulate(scenario, plan, trial)
    of = setting(scenario, plan, 2029)
    frame = scenario["technologies"].assign(machine_units=float(of.units.max()) / 4.0)
    sized = scenario.with_tables(technologies=frame)
    found = simulate(sized, dataclasses.replace(plan, scenario=sized), trial)
    assert free.figures["stuck_share"] == 0
    assert "machines" not in free.given
    assert found.figures["stuck_share"] > 0
    assert found.given["packing"] == "best"
    whole = setting(sized, plan, 2029)
    assert found.given["machines"] == np.ceil(whole.grains / whole.machine_grains).sum()
    left = np.where(whole.grains < whole.machine_grains, 0, whole.grains % whole.machine_grains)
    np.testing.assert_array_equal(whole.grains - whole.largest_job, left)
    figures = found.figures
    assert figures["jobs"] == sum(figures[name] for name in ("finished", "running", "waiting", "dropped"))
    assert figures["done_share"] <= free.figures["done_share"]
    tiny = scenario.with_tables(technologies=frame.assign(machine_units=1e-9))
    with pytest.raises(ScenarioError, match=r"machine_units: 1e-09.*give 0\.001 or more"):
        simulate(tiny, dataclasses.replace(plan, scenario=tiny), trial)


def test_machines_by_the_billion_cost_nothing() -> None:
    """What is empty, or whole a job's, is a number: records and time are those of the jobs. By hand: 3 of 10^9 + 1 machines
    of eight are in use by 20 servers, and one more by a job of 2 that best fit puts where 4 are left.
    """
    floor = Floor([read_floor("1000000001x8")])
    w = make([0], QUEUE["fcfs"], floor=floor)
    drive = TraceFeeder(w, [jobs(np.zeros(2), np.full(2, 9.0), np.array([20, 2]))], QUEUE["fcfs"], lambda _done: None)
    drive.advance(5.0)
    assert drive.world.yard is not None
    assert drive.world.yard.kinds["empty"].tolist() == [1000000001 - 3]
    assert len(drive.world.yard.machines) == len(drive.world.jobs)
    assert drive.world.stations["up"].tolist() == [8 * 1000000001]
    assert begun(jobs(np.zeros(1), np.ones(1), np.array([8 * 1000000001])), floor, "fcfs")[0].tolist() == [0]
    with pytest.raises(ScenarioError, match="all together"):
        serve([jobs(np.zeros(1), np.ones(1))], Floor([read_floor(f"{10**14}x{10**14}")]))


def counted(w: World, s: int) -> None:
    """The machines of a station add up, told anew from the jobs that run: up = empty + shared + whole; what is free on a
    shared one is what its jobs leave.
    """
    yard, station = w.yard, w.stations[s]
    assert yard is not None
    whole, taken = {}, {}
    j = int(station["first"])
    while j != layout.NONE:
        need, servers = yard.needs[j], int(w.jobs[j]["servers"])
        assert need["lost"] == 0
        if need["kind"] != layout.NONE:
            whole[int(need["kind"])] = whole.get(int(need["kind"]), 0) + int(need["whole"])
            servers -= int(need["whole"]) * int(yard.kinds[need["kind"]]["size"])
        if need["rest"] != layout.NONE:
            taken[int(need["rest"])] = taken.get(int(need["rest"]), 0) + servers
        else:
            assert servers == 0
        j = int(w.jobs[j]["after"])
    shared = [int(yard.machines[m]["kind"]) for m in taken]
    for m, servers in taken.items():
        assert yard.machines[m]["free"] == yard.kinds[yard.machines[m]["kind"]]["size"] - servers >= 0
    for k, kind in enumerate(yard.kinds):
        assert kind["up"] == kind["empty"] + shared.count(k) + whole.get(k, 0)
    assert station["up"] == (yard.kinds["up"] * yard.kinds["size"]).sum()
    partly = [m for m in taken if yard.machines[m]["free"] > 0]
    on, m = [], int(station["partial"])
    while m != layout.NONE:
        on.append(m)
        m = int(yard.machines[m]["after"])
    assert sorted(on) == sorted(partly)


@pytest.mark.parametrize("queue", ["fcfs", "easy"])
@pytest.mark.parametrize("packing", PACKINGS.values(), ids=lambda packing: packing.name)
def test_machines_add_up_at_every_moment(queue: str, packing: object) -> None:
    """Machines of two kinds fail and come back over one another; seen at every second of time."""
    rng = np.random.default_rng(7)
    count = 600
    made = jobs(np.cumsum(rng.exponential(1.0, count)), rng.exponential(9.0, count), rng.integers(1, 22, count))
    outages = [Outage(float(at), float(rng.exponential(20.0)), 0, int(rng.integers(1, 30)), float(rng.random()))
               for at in range(5, 600, 11)]  # fmt: skip
    floor = Floor([read_floor("7x8,3x5")], packing, seed=1)  # type: ignore[arg-type]
    w = make([0], QUEUE[queue], floor=floor, failures=records(outages))
    drive = TraceFeeder(w, pieces(made, 50), QUEUE[queue], lambda _done: None)
    second = 1.0
    while not drive.advance(second) and second < 3000:
        counted(drive.world, 0)
        second += 1.0
    drive.advance()
    assert drive.world.counts[layout.HITS] > 50
    assert drive.world.counts[layout.FINISHED] == count
    kinds = drive.world.yard.kinds  # type: ignore[union-attr]
    assert (kinds["empty"] == kinds["up"]).all()


def test_alike_machines_together_are_as_machines_one_by_one() -> None:
    """Ten machines as one kind, and each as a kind of its own, unlike in a memory that nobody asks for: chance draws
    otherwise, so means over a hundred traces are compared, within four standard errors.
    """
    apart = Machines(np.full(10, PLENTY), np.arange(10) + 1000, np.full(10, 8), np.full(10, "", object))
    waits = {"together": [], "apart": []}  # type: dict[str, list[float]]
    for seed in range(100):
        rng = np.random.default_rng(seed)
        made = jobs(np.cumsum(rng.exponential(1.0, 300)), rng.exponential(14.0, 300), rng.integers(1, 9, 300))
        for name, machines in (("together", read_floor("10x8")), ("apart", apart)):
            waits[name].append(serve([made], Floor([machines], seed=seed), "fcfs").figures["mean_wait_s"])
    more = np.array(waits["together"]) - np.array(waits["apart"])
    assert (more != 0).any()
    assert abs(more.mean()) < 4 * more.std(ddof=1) / np.sqrt(len(more))
    assert abs(more.mean()) < 0.05 * np.mean(waits["apart"])


def test_machines_of_a_plan_fail_by_chance(tmp_path: Path) -> None:
    """MTBF / (MTBF + MTTR) of them are up in the long run, whatever runs; the same for every policy, other with another
    seed; and without sizes no machine can fail.
    """
    folder = tmp_path / "five"
    five(folder)
    scenario = load(folder)
    plan = planned(scenario)
    frame = scenario["technologies"].assign(machine_units=float(setting(scenario, plan, 2029).units.max()) / 40.0)
    sized = scenario.with_tables(technologies=frame)
    trial = Trial(
        replications=1,
        hours=400,
        baseline=False,
        place="nearest",
        sampling=Sampling(2.0, 1.0),
        machine_breakdowns=failure_models.RandomFailures(9.0, 3.0),
    )
    found = simulate(sized, plan, trial)
    up = found.by_hour[found.by_hour["start_s"] >= 40 * 3600].groupby("site")["up"].mean()
    assert up.to_numpy() == pytest.approx(0.75, abs=0.04)
    assert found.figures["hits"] > 100
    assert simulate(sized, plan, trial).figures == pytest.approx(found.figures, rel=0, abs=0, nan_ok=True)
    with pytest.raises(ScenarioError, match=r"machine_units.*none of them can fail"):
        simulate(scenario, plan, trial)
