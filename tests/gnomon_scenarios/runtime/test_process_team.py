"""Hours shared out to a team: the same numbers, and the same answer, whoever of them is lost."""

from __future__ import annotations

import hashlib
import math
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields, replace
from functools import cache, partial
from itertools import product
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from gnomon.errors import SolverError, UnboundedError
from gnomon.highs import solver_sequence
from gnomon.interior_point.distributed import checkpoint, checkpoint_files, worker_processes
from gnomon.interior_point.distributed.local_assembly import SlicedNumbers
from gnomon.interior_point.factorisation import domain_decomposition
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.hour_template import cycles
from gnomon.interior_point.formulation.matrix_products import Products
from gnomon.interior_point.formulation.standard_form import Equations, Numbers, standard
from gnomon.interior_point.iterations import main_loop, starting_point
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point
from gnomon.interior_point.solve import solve
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.runtime import hour_partition
from gnomon.runtime.process_team import SharedError, Team, Worker
from gnomon.runtime.threads import ALONE
from gnomon.solution import Progress
from tests.gnomon_scenarios.interior_point.factorisation.test_newton_system import shapes
from tests.laws.strategies import full
from xisuan.equations.build_model import assemble
from xisuan.scenario.variants.synthetic import country

T = TypeVar("T")
FIELDS = [of.name for of in fields(Numbers)]


def together(layout: hour_partition.Layout, work: Callable[[Team], T]) -> list[T]:
    """What each member of a team of threads returns."""
    pipes = [Pipe() for _ in layout.shares[1:]]
    teams = [Team(layout, [here for here, _ in pipes])]
    teams += [Worker(rank, layout, there) for rank, (_, there) in enumerate(pipes, 1)]
    with ThreadPoolExecutor(len(teams)) as pool:
        found = [pool.submit(work, team) for team in teams]
        return [one.result(timeout=60) for one in found]


def share_out(flat: LinearProgram, members: int) -> hour_partition.Layout:
    """Single hours, so that rings of two are cut as well."""
    return hour_partition.layout(
        cycles(flat.model.previous), flat.model.periods, min(members, flat.model.hours), bundle=1
    )


def equations(numbers: Numbers, team: Team) -> Equations:
    products = Products(numbers.template, numbers.periods, team=team)
    return Equations(**{name: getattr(numbers, name) for name in FIELDS}, products=products)


def leaky(*, line: bool = False) -> Model:
    """A tank that loses another share in every hour, and what is taken from it: states with coefficients of their own.

    line: nothing is left of the last hour in the first one, so that the hours are a line and no ring.
    """
    hours, rng = 40, np.random.default_rng(4)
    left = rng.uniform(0.0, 1.0, (2, hours, 1))
    left[:, 0] *= not line
    model = Model(2, np.roll(np.arange(hours), 1))
    tank = model.add_columns("tank", ["tank"], [("t",)], hourly=True, cost=1.0, upper=9.0)
    size = model.add_columns("size", ["tank"], [("t",)], cost=2.0)
    row = model.add_rows("balance", ["tank"], [("t",)], hourly=True, lower=rng.uniform(0.0, 1.0, (2, hours, 1)))
    room = model.add_rows("room", ["tank"], [("t",)], hourly=True, upper=0.0)
    whole = model.add_rows("whole", ["tank"], [("t",)], upper=3.0 * hours)
    model.add(row, [("t",)], tank, [("t",)])
    model.add(row, [("t",)], tank, [("t",)], -left, before=True)
    model.add(room, [("t",)], tank, [("t",)])
    model.add(room, [("t",)], size, [("t",)], -1.0)
    model.add(whole, [("t",)], tank, [("t",)], rng.uniform(1.0, 2.0, (2, hours, 1)))
    return model


MODELS = ("two", "three", "blocks", "country", "long", "leaky", "line", "four")


@cache
def model(name: str) -> Model:
    """Of `MODELS`."""
    if name in ("leaky", "line"):
        return leaky(line=name == "line")
    if name == "four":
        return assemble(full(2, hours="hours:9", periods=(2026, 2027, 2028, 2030)).build()).model
    return assemble(full(3, hours="hours:57", periods=(2026, 2028)).build() if name == "long" else shapes()[name]).model


@pytest.mark.parametrize(("periods", "members"), [(1, 2), (1, 7), (2, 3), (2, 4), (6, 3), (6, 4), (16, 8)])
@pytest.mark.parametrize("lengths", [[57], [8, 8, 8, 8, 8, 8, 8], [1, 30, 2, 40], [200]])
def test_every_hour_has_one_owner_and_strands_go_on_in_their_ring(
    lengths: list[int], periods: int, members: int
) -> None:
    """Nor has anybody more of the border's periods than must be: hours are cut where periods cannot be shared equally."""
    hours = sum(lengths)
    order = np.random.default_rng(1).permutation(hours)
    rings = [order[end - length : end] for length, end in zip(lengths, np.cumsum(lengths), strict=True)]
    found = hour_partition.layout(rings, periods, members, bundle=4)
    assert len(found.shares) == members
    owners = np.zeros((periods, hours), dtype=np.int64)
    for of in found.shares:
        owners[of.periods, of.hours] += 1
        assert of.end - of.begin == periods // math.gcd(periods, members)
        assert abs(of.steps - periods * hours / members) <= 4 * (of.end - of.begin)
    assert (owners == 1).all()
    for rank, of in enumerate(found.shares):
        opened = [strand for strand in of.strands if strand.open]
        assert len(opened) == len(found.following[rank])
        assert {found.shares[other].begin for other, _ in found.following[rank]} <= {of.begin}
        for strand, after in zip(opened, found.beyond(rank), strict=True):
            ring = rings[strand.ring]
            last = of.hours[strand.hours[-1]]
            assert after == ring[(list(ring).index(last) + 1) % len(ring)]
        for strand in of.strands:
            if not strand.open:
                assert (of.hours[strand.hours] == rings[strand.ring]).all()


@pytest.mark.parametrize(("members", "name"), [*product((2, 3, 7), MODELS), (4, "four"), (6, "four"), (6, "two")])
def test_products_and_solutions_of_a_team_are_those_of_one(name: str, members: int) -> None:
    """A member's part of a product is its part of the whole one; the system's solution meets the whole equations."""
    flat = flatten(model(name))
    form, rng, layout = standard(flat), np.random.default_rng(1), share_out(flat, members)
    t = form.template
    of_columns, of_rows = (t.periods, t.period_columns), (t.periods, t.period_rows)
    x, y = rng.normal(size=len(form.cost)), rng.normal(size=len(form.side))
    theta = np.where(form.moves, np.exp(rng.normal(0, 1, len(x))), 0.0)
    slack = np.where(form.slack_moves, np.exp(rng.normal(0, 1, len(y))), 0.0)
    g, right = np.where(form.moves, rng.normal(size=len(x)), 0.0), form.times(np.where(form.moves, x, 0.0))

    def work(team: Team) -> tuple[np.ndarray, ...]:
        def columns(of: np.ndarray) -> np.ndarray:
            return layout.part(team.rank, of, *of_columns)

        def rows(of: np.ndarray) -> np.ndarray:
            return layout.part(team.rank, of, *of_rows)

        mine = equations(SlicedNumbers(form, layout)[team.rank], team)
        system = System(mine, ALONE)
        system.factorise(columns(theta), rows(slack))
        return (mine.times(columns(x)), mine.pull(rows(y)), *system.solve(rows(right), columns(g)))

    found = together(layout, work)
    times, pulled, dy, dx = (
        layout.joined([one[at] for one in found], *of)
        for at, of in enumerate((of_rows, of_columns, of_rows, of_columns))
    )
    assert times == pytest.approx(form.times(x), rel=1e-12, abs=1e-12)
    assert pulled == pytest.approx(form.pull(y), rel=1e-12, abs=1e-12)
    kept_rows = np.where(form.masked, 0.0, right)
    rest = np.where(form.masked, 0.0, form.times(np.where(form.moves, dx, 0.0)) + slack * dy) - kept_rows
    assert np.abs(rest).max() <= 1e-8 * (1.0 + np.abs(kept_rows).max())
    pull = form.pull(dy)
    held = np.divide(dx, theta, out=np.zeros_like(dx), where=theta > 0.0)
    assert np.abs((pull - held - g)[form.moves]).max() <= 1e-8 * (1.0 + np.abs(pull).max())


def test_what_a_member_hands_in_for_the_border_is_of_its_own_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four periods two members have two each, four one; three have them all, and a third of the hours."""
    flat = flatten(model("four"))
    form = standard(flat)
    handed: list[list[tuple[int, ...]]] = []
    factorise = domain_decomposition._Rings.factorise

    def watched(rings: domain_decomposition._Rings, parts: list[domain_decomposition.RangeSchurs]) -> np.ndarray:
        handed.append([border.shape for _, border in parts])
        return factorise(rings, parts)

    monkeypatch.setattr(domain_decomposition._Rings, "factorise", watched)
    triangle = form.template.border * (form.template.border + 1) // 2
    for members, own in ((2, 2), (4, 1), (6, 2), (3, 4)):
        layout = share_out(flat, members)

        def work(team: Team, layout: hour_partition.Layout = layout) -> None:
            mine = equations(SlicedNumbers(form, layout)[team.rank], team)
            System(mine, ALONE).factorise(np.ones(mine.columns), np.ones(len(mine.side)))

        together(layout, work)
        assert handed.pop() == [(own, triangle)] * members


def test_periods_and_futures_keep_members_busy_too() -> None:
    """Each has a bundle of hours at least where hours are cut, and two bundles in all."""
    assert [hour_partition.process_count(24, periods, 9) for periods in (1, 2, 3, 8)] == [1, 3, 3, 8]
    assert [hour_partition.process_count(8760, 1, asked) for asked in (1, 2, 600, 9000)] == [1, 2, 547, 547]
    assert [hour_partition.process_count(2, periods, 9) for periods in (7, 30)] == [1, 3]


@pytest.mark.parametrize("members", [2, 3, 7])
def test_iterates_are_split_and_joined(members: int) -> None:
    flat = flatten(model("long"))
    problem, layout, rng = FullProblem(standard(flat)), share_out(flat, members), np.random.default_rng(2)
    every, wide = len(problem.cost), len(problem.wide)
    point = Point(*(rng.normal(size=n) for n in (every, wide, len(problem.form.side), every, wide)))
    parts = [checkpoint.split_point(problem, layout, rank, point) for rank in range(len(layout.shares))]
    again = checkpoint.join_points(problem, layout, parts)
    for name in ("v", "room", "y", "lower", "upper"):
        assert (getattr(again, name) == getattr(point, name)).all()


class Threaded:
    """Members that are threads of this process."""

    def __init__(self) -> None:
        self.begun = 0
        self.links: dict[int, Connection] = {}

    def link(self, rank: int) -> Connection:
        here, there = Pipe()
        threading.Thread(target=worker_processes.serve, args=(there,), daemon=True).start()
        self.begun += 1
        self.links[rank] = here
        return here


@contextmanager
def threaded(members: int) -> Iterator[Threaded]:
    yield Threaded()


@cache
def small(hours: int = 96) -> LinearProgram:
    return flatten(assemble(country(5, 4, hours=f"hours:{hours}")).model)


@pytest.mark.parametrize(
    "name",
    ["country", *(pytest.param(name, marks=pytest.mark.long) for name in ("four", "blocks", "long", "leaky", "line"))],
)
def test_a_team_finds_what_one_finds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every kind of ring, with 1, 2, 3, 4 and 7 members: the same objective within the gap, proven. Single hours are
    shared out, so that few are enough for all of them."""
    flat = small(24) if name == "country" else flatten(model(name))
    alone = solve(flat, Options(gap=1e-7))
    assert alone.objective == pytest.approx(solver_sequence.solve(flat, Options("simplex")).objective, rel=2e-7)
    monkeypatch.setattr(hour_partition, "process_count", lambda hours, _, asked: min(hours, asked))
    monkeypatch.setattr(hour_partition, "layout", partial(hour_partition.layout, bundle=1))
    for workers in (2, 3, 4, 7):
        others: list[int] = []

        def recruiting(
            members: int, others: list[int] = others
        ) -> AbstractContextManager[worker_processes.ProcessSource]:
            others.append(members)
            return threaded(members)

        found = solve(flat, Options(gap=1e-7, workers=workers, recruit=recruiting))
        assert others == [min(workers, flat.model.hours) - 1]
        assert found.objective == pytest.approx(alone.objective, rel=2e-7)
        assert -1e-7 <= found.gap <= 1e-7
        assert abs(found.iterations - alone.iterations) <= 2


def recruited() -> tuple[list[worker_processes.Processes], worker_processes.Recruit]:
    """Processes of this machine, and what recruits them: a list that has them once it has."""
    crews: list[worker_processes.Processes] = []

    @contextmanager
    def watched(members: int) -> Iterator[worker_processes.Processes]:
        with worker_processes.processes(members) as found:
            crews.append(found)
            yield found

    return crews, watched


def keep_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every iterate, whatever that costs."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", np.inf)


@pytest.mark.parametrize("kept_in", [pytest.param("file", marks=pytest.mark.long), "memory"])
def test_a_member_that_is_killed_costs_its_own_work_and_no_digit(kept_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of three processes is killed in mid-solve, then the two others at once; the answer is that of a solve in peace."""
    flat = small()
    quiet = solve(flat, Options(gap=1e-7, workers=3, recruit=threaded))
    keep_all(monkeypatch)
    monkeypatch.setattr(*(checkpoint, "ROOM", 0.0) if kept_in == "file" else (checkpoint, "EVERY", np.inf))
    crews, watched = recruited()
    killed: list[int] = []
    counts: list[int] = []

    def kill(now: Progress) -> None:
        if now.stage == "structured":
            counts.append(now.iterations)
            if now.iterations in (3, 6) and now.iterations not in killed:
                killed.append(now.iterations)
                for process in crews[0].numbers[:1] if now.iterations == 3 else crews[0].numbers:
                    os.kill(process, signal.SIGKILL)

    found = solve(flat, Options(gap=1e-7, workers=3, recruit=watched), kill)
    assert killed == [3, 6]
    assert counts.count(3) == counts.count(6) == 2  # gone back to what was kept, and no further
    assert counts.count(1) == 1
    assert found.objective == quiet.objective
    assert found.iterations == quiet.iterations
    assert found.log.count("lost:") >= 2
    assert found.log.count("workers made their numbers by themselves") == 3


@pytest.mark.long
def test_a_member_lost_before_anything_is_kept_costs_no_second_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while the first is on fewer hours, and again at the third iterate: that start is what all go back to."""
    monkeypatch.setattr(checkpoint, "EVERY", np.inf)
    monkeypatch.setattr(checkpoint, "ROOM", 0.0)
    flat = small()
    quiet = solve(flat, Options(gap=1e-7, workers=3, recruit=threaded))
    crews, watched = recruited()
    stages: list[str] = []

    def kill(now: Progress) -> None:
        stages.append(f"{now.stage} {now.iterations}")
        if stages[-1] in ("structured, start 1", "structured 3") and stages.count(stages[-1]) == 1:
            os.kill(crews[0].numbers[0], signal.SIGKILL)

    found = solve(flat, Options(gap=1e-7, workers=3, recruit=watched), kill)
    assert found.log.count("lost:") == 2
    assert stages.count("structured, start 0") == quiet.log.count("   0  on ")
    assert stages.count("structured 0") == stages.count("structured 3") == 2
    assert found.objective == quiet.objective


def test_members_lost_again_and_again_end_the_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes, "MOST_LOSSES", 2)
    monkeypatch.setattr(worker_processes, "PROGRAM", "import sys; sys.exit(3)")
    with pytest.raises(SolverError, match="memory"):
        solve(small(), Options(workers=2))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_solve_goes_on_where_it_was(workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended at its fifth iterate, begun again with another number of members: no iterate comes twice."""
    keep_all(monkeypatch)
    flat, how = small(), Options(gap=1e-7, workers=workers, recruit=threaded, kept=tmp_path / "iterates")
    counts: list[int] = []

    def stop(now: Progress) -> None:
        if now.stage == "structured" and now.iterations == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(flat, how, stop)
    other = Options(gap=1e-7, workers=3 - workers, recruit=threaded, kept=tmp_path / "iterates")
    found = solve(flat, other, lambda now: counts.append(now.iterations) if now.stage == "structured" else None)
    assert counts[0] == 5
    assert found.objective == pytest.approx(solve(flat, Options(gap=1e-7)).objective, rel=2e-7)
    assert not list((tmp_path / "iterates").iterdir())


def test_an_iterate_of_another_model_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_all(monkeypatch)

    def stop(now: Progress) -> None:
        if now.stage == "structured" and now.iterations == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(small(), Options(kept=tmp_path), stop)
    first: list[str] = []
    solve(small(48), Options(kept=tmp_path), lambda now: first.append(now.stage))
    assert first[0] == "structured, start"


@pytest.mark.long
def test_a_wider_gap_is_what_a_killed_solve_goes_on_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_all(monkeypatch)

    def stop(now: Progress) -> None:
        if now.stage == "structured" and now.iterations == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(small(), Options(gap=1e-9, kept=tmp_path), stop)
    found = solve(small(), Options(gap=1e-2, kept=tmp_path))
    wide, narrow = (solve(small(), Options(gap=gap)).iterations for gap in (1e-2, 1e-9))
    assert found.gap <= 1e-2
    assert found.iterations <= wide < narrow


@pytest.mark.parametrize("at", [0, 40, 5000, -1, None])
def test_a_damaged_iterate_is_told(at: int | None, tmp_path: Path) -> None:
    """One byte is another, or the file ends early."""
    problem = FullProblem(standard(small()))
    store, point = (
        checkpoint.CheckpointStore(problem, tmp_path),
        starting_point.starting_point(problem, System(problem.form, ALONE)),
    )
    layout = hour_partition.layout(cycles(problem.form.flat.model.previous), 1, 1)
    store.keep([point], layout, main_loop.SearchState(point, main_loop.ProofAttempts(1e-6), last=True))
    written = store._file.read_bytes()
    again = store.load()
    assert again is not None
    assert all(np.array_equal(getattr(again.point, name), getattr(point, name)) for name in ("v", "room", "y", "lower"))
    damaged = bytearray(written if at is not None else written[: len(written) // 2])
    damaged[at or 0] ^= 1
    store._file.write_bytes(damaged)
    with pytest.raises(SolverError, match="is damaged: remove it to begin anew"):
        store.load()


def test_the_iterate_that_was_kept_last_is_gone_on_with_wherever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = FullProblem(standard(small()))
    store, point = (
        checkpoint.CheckpointStore(problem, tmp_path),
        starting_point.starting_point(problem, System(problem.form, ALONE)),
    )
    layout = hour_partition.layout(cycles(problem.form.flat.model.previous), 1, 1)

    def at(count: int) -> main_loop.SearchState:
        return main_loop.SearchState(point, main_loop.ProofAttempts(1e-6), last=True, count=count)

    def last() -> int:
        course = store.load()
        assert course is not None
        return course.count

    store.hold(at(0))
    assert last() == 0
    assert store.remember([point], layout, at(3))
    assert last() == 3
    store.keep([point], layout, at(5))
    assert last() == 5
    assert store.remember([point], layout, at(7))
    gone = store.load()
    assert gone is not None
    gone.trials.tried = 0.1
    again = store.load()
    assert again is not None
    assert (last(), again.trials.tried) == (7, np.inf), "who goes on changes nothing of what is kept"
    monkeypatch.setattr(checkpoint, "ROOM", 0.0)
    assert not store.remember([point], layout, at(9))
    assert last() == 7
    store.keep([point], layout, at(2))  # of a search that began anew
    assert last() == 2


def sealed(body: bytes) -> bytes:
    """A file whose digest is right."""
    return hashlib.blake2b(body, digest_size=checkpoint_files.DIGEST).digest() + body


class Opened:
    """What runs a command where it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.proof,))


def test_an_iterate_of_another_version_is_told_and_runs_nothing(tmp_path: Path) -> None:
    """A pickle, which the format before was and whose opening runs what it holds; a later format; other members."""
    problem = FullProblem(standard(small()))
    store, point = (
        checkpoint.CheckpointStore(problem, tmp_path),
        starting_point.starting_point(problem, System(problem.form, ALONE)),
    )
    layout = hour_partition.layout(cycles(problem.form.flat.model.previous), 1, 1)
    store.keep([point], layout, main_loop.SearchState(point, main_loop.ProofAttempts(1e-6), last=True))
    written = store._file.read_bytes()[checkpoint_files.DIGEST :]
    head, _, arrays = written.partition(b"\n")
    proof = tmp_path / "proof"
    bodies = [
        pickle.dumps(Opened(proof)),
        head.replace(b"iterate 1", b"iterate 2") + b"\n" + arrays,
        head.replace(b'"parts": 1', b'"parts": 2') + b"\n" + arrays,
        head.replace(b'"trials"', b'"trial"') + b"\n" + arrays,
        head + b"\n" + arrays[: len(arrays) // 2],
        head + b"\n" + arrays.replace(b"(", b"(99", 1),
        b"[]\n" + arrays,
    ]
    for body in bodies:
        store._file.write_bytes(sealed(body))
        with pytest.raises(SolverError, match="is of another version: remove it to begin anew"):
            store.load()
    assert not proof.exists()
    pickle.loads(bodies[0])
    assert proof.exists(), "opened as a pickle, the first one runs what it holds"


def test_an_iterate_comes_back_bit_by_bit(tmp_path: Path) -> None:
    """Every number of the course, every array, and the layout of three members with open strands."""
    layout = hour_partition.layout([np.arange(100), np.arange(100, 140)], 2, 3)
    parts = [Point(*(np.random.default_rng(seed).normal(size=7 + seed) for _ in range(5))) for seed in range(3)]
    trials = main_loop.ProofAttempts(1e-6, 0.3, np.inf, 4)
    course = main_loop.SearchState(
        parts[0],
        trials,
        last=False,
        count=9,
        best=np.array([1.0, np.inf, 1e-300]),
        since=3,
        at=0.1,
        spent=2,
        bound=-1 / 3,
    )
    with (tmp_path / "one").open("wb+") as file:
        checkpoint_files.write(file, parts, layout, course)
        file.seek(0)
        points, shares, again = checkpoint_files.read(file)
    for one, other in zip(parts, points, strict=True):
        assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in checkpoint_files.POINT)
    assert repr(shares) == repr(layout)
    assert repr(replace(again, point=course.point)) == repr(course)


def test_a_failure_of_one_member_is_everybodys() -> None:
    """The second of three fails while the others meet, the first fails while it decides, and nobody waits for anybody."""
    layout = hour_partition.layout([np.arange(100)], 1, 3)

    def work(team: Team) -> list[str]:
        said: list[str] = []
        try:
            if team.rank == 1:
                raise FloatingPointError("mine")
            team.total(np.ones(1))
        except FloatingPointError as problem:
            said.append(str(team.report_failure(problem)))
        try:
            team.exchange(None, lambda parts: [1.0 / one for one in np.zeros(len(parts)).tolist()])
        except (SharedError, ZeroDivisionError) as problem:
            said.append(type(problem).__name__)
        assert team.total(np.ones(2)).tolist() == [3.0, 3.0]
        return said

    assert together(layout, work) == [["mine", "ZeroDivisionError"]] * 3


def test_an_answer_that_cannot_be_made_is_everybodys_failure() -> None:
    """The second of three has its answer, the third hears why there is none, and so does the first."""

    class Lazy:
        def __getitem__(self, rank: int) -> int:
            if rank == 2:
                raise MemoryError("no room for the third")
            return rank

    def work(team: Team) -> str:
        try:
            return str(team.exchange(None, lambda _: Lazy()))
        except MemoryError as problem:
            return str(problem)

    said = together(hour_partition.layout([np.arange(100)], 1, 3), work)
    assert said == ["no room for the third", "1", "no room for the third"]


def test_a_team_sees_a_cost_that_falls_without_end() -> None:
    flat = small(48)
    cost = flat.cost.copy()
    flat.part(cost, flat.model.columns["build"])[:] = -1.0
    with pytest.raises(UnboundedError):
        solve(replace(flat, cost=cost), Options(workers=3, recruit=threaded))


def test_a_team_ends_as_one_does_where_there_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_loop, "MOST", 3)
    ends = []
    for workers in (1, 3):
        with pytest.raises(SolverError, match="no proof within") as error:
            solve(small(), Options(workers=workers, recruit=threaded))
        ends.append(str(error.value))
    assert ends[0] == ends[1]
