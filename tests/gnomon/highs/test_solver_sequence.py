"""The door to HiGHS: optima, duals and bounds against scipy, and every way that a solve may end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from gnomon.errors import InfeasibleError, OptionError, SolverError
from gnomon.highs import feasibility, highs_run, solver_sequence
from gnomon.highs.highs_status import Outcome
from gnomon.highs.solver_sequence import solve
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import LP_GAP, MIP_GAP, Options, Solver
from gnomon.proof import weak_duality
from gnomon.proof.primal_repair import repair
from gnomon.solution import Progress, Solution, Watch
from gnomon.strategies import strategy_order
from gnomon.transforms import integrality
from tests.gnomon.linear import linear
from tests.gnomon.synthetic import network
from tests.gnomon.timed import timed

METHODS: tuple[Solver, ...] = ("hipo", "ipx", "simplex")


def _scipy(flat: LinearProgram) -> float:
    constraint = LinearConstraint(flat.matrix, flat.row_lower, flat.row_upper)
    found = milp(
        flat.cost,
        integrality=flat.integer,
        bounds=(flat.lower, flat.upper),
        constraints=constraint,
        options={"mip_rel_gap": 1e-9},
    )
    assert found.status == 0
    return float(found.fun) + flat.constant


@pytest.fixture(scope="module")
def country() -> LinearProgram:
    return replace(flatten(network(12, 6, 4, periods=2)), constant=100.0)


@pytest.fixture(scope="module")
def optimum(country: LinearProgram) -> float:
    return _scipy(country)


@pytest.mark.parametrize("solver", METHODS)
@pytest.mark.parametrize("gap", [None, 1e-3, 1e-8])
def test_every_method_finds_the_optimum_and_proves_it(
    country: LinearProgram, optimum: float, solver: Solver, gap: float | None
) -> None:
    found = solve(country, Options(solver, gap=gap))
    allowed = gap or LP_GAP
    assert found.solver == solver
    assert found.gap <= allowed
    assert found.bound <= optimum + 1e-9 * abs(optimum)
    assert found.objective == pytest.approx(optimum, rel=max(allowed, 1e-9))
    assert found.objective == pytest.approx(float(country.cost @ found.x) + 100.0, rel=1e-12)
    assert np.all(found.x >= country.lower)
    assert np.all(found.x <= country.upper)
    assert weak_duality.violation(country, found.x) < 1e-6
    assert found.iterations > 0
    assert found.seconds > 0.0
    assert found.log


@pytest.mark.parametrize("solver", METHODS)
@pytest.mark.parametrize("power", [-40, -27, -12, 20])
def test_whatever_the_sides_are_counted_in_rows_are_met(
    country: LinearProgram, optimum: float, solver: Solver, power: int
) -> None:
    """All sides and bounds times a power of two; what is found, divided by it, keeps to the rows at their own size."""
    every = ("row_lower", "row_upper", "lower", "upper")
    other = replace(country, constant=0.0, **{name: getattr(country, name) * 2.0**power for name in every})
    x = highs_run.run(other, Options(solver, gap=1e-6), None).x * 2.0**-power
    assert weak_duality.violation(country, x) < 1e-6
    assert float(country.cost @ x) + 100.0 == pytest.approx(optimum, rel=1.1e-6)


def test_a_limit_far_away_stays_finite_where_little_is_asked() -> None:
    """A limit of 1e7 times the power that brings 1e-9 to a thousand would be 1e19, beside which digits are lost."""
    rows = [[1, 1], [1, 0]]
    little = linear(rows, [1e-9, -np.inf], [np.inf, 1e7], [0, 0], [1e7, 1e7], [1, 2])
    for solver in METHODS:
        assert highs_run.run(little, Options(solver), None).x == pytest.approx([1e-9, 0.0], abs=1e-14)
    assert highs_run._side_exponent(little) == 26


def test_only_small_asks_are_raised() -> None:
    asked = {1e-9: 40, 1e-3: 20, 0.5: 11, 1.0: 0, 1e12: 0}
    found = {ask: highs_run._side_exponent(linear([[1]], [ask], [np.inf], [0], [np.inf], [1])) for ask in asked}
    assert found == asked
    assert highs_run._side_exponent(linear([[1]], [-np.inf], [1e-3], [0], [np.inf], [1])) == 0
    assert highs_run._side_exponent(linear([[-1]], [-np.inf], [-1e-3], [0], [np.inf], [1])) == 20


@pytest.mark.parametrize("solver", ["hipo", "ipx"])
def test_an_interior_point_that_is_asked_for_by_name_hardly_ever_refuses(solver: Solver) -> None:
    refused = 0
    for seed in range(40):
        try:
            solve(flatten(timed(seed)[0]), Options(solver))
        except SolverError:
            refused += 1
    assert refused <= 1


def test_a_dual_is_the_change_of_the_objective_for_one_more_unit_of_the_side() -> None:
    # min 2a + 3b, a + b ≥ 4 (worth 3), a ≤ 3 as a row (worth −1)
    flat = linear([[1, 1], [1, 0]], [4, -np.inf], [np.inf, 3], [0, 0], [np.inf, np.inf], [2, 3])
    for solver in METHODS:
        found = solve(flat, Options(solver))
        np.testing.assert_allclose(found.row_dual, [3.0, -1.0], atol=1e-6)
        np.testing.assert_allclose(found.x, [3.0, 1.0], atol=1e-6)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**9), st.sampled_from(METHODS))
@example(36567, "hipo")  # presolve leaves a dual of the wrong sign
@example(6701, "hipo")  # hardly an interior: duals of a thousand, with and without presolve, prove five digits only
def test_random_models_with_time_agree_with_scipy(seed: int, solver: Solver) -> None:
    """An interior point that is asked for by name may say that it proves too little; it is never wrong."""
    model, _ = timed(seed)
    flat = flatten(model)
    flat = replace(flat, cost=np.random.default_rng(seed).integers(0, 9, len(flat.cost)).astype(float))
    best = _scipy(flat)
    try:
        found = solve(flat, Options(solver))
    except SolverError as refused:
        if solver not in {"hipo", "ipx"} or "could not reach a gap" not in str(refused):
            raise
        found = solve(flat)
    assert found.objective == pytest.approx(best, rel=2e-6, abs=2e-6)
    assert found.bound <= best + 1e-7 * max(1.0, abs(best))


@pytest.mark.parametrize(("small", "large", "solver"), [(10**6, 10**7, "simplex"), (1, 10**7, "ipx"), (1, 2, "hipo")])
def test_auto_chooses_by_size(
    small: int, large: int, solver: Solver, country: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strategy_order, "SMALL", small)
    monkeypatch.setattr(strategy_order, "LARGE", large)
    assert solve(country).solver == solver


def test_auto_branches_on_integers() -> None:
    assert solve(flatten(network(2, 3, 2, modules=True))).solver == "mip"


def test_a_simplex_that_wanders_is_stopped_where_another_solver_can_try(country: LinearProgram) -> None:
    with pytest.raises(SolverError, match="the iteration limit was reached"):
        solver_sequence._solve_by(country, Options(solver="simplex"), None, patience=highs_run.Patience(3, 600.0))


def test_a_simplex_that_stalls_gives_way_to_another_solver(
    country: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One iteration may take seconds, so that no number of them ends it: its time is over, not that of the caller."""
    best = solve(country, Options(solver="ipx")).objective
    monkeypatch.setattr(strategy_order, "SMALL", 10**6)
    monkeypatch.setattr(highs_run.Patience, "of", lambda flat: highs_run.Patience(10**9, 0.0))
    found = solve(country)
    assert found.solver == "ipx"
    assert found.objective == pytest.approx(best, rel=1e-6)


def test_auto_goes_on_where_a_solver_does_not_finish_and_says_so(
    country: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = solver_sequence._solve_by

    def failing(flat: LinearProgram, options: Options, progress: Watch, *more: object) -> Solution:
        if options.solver == "hipo":
            raise SolverError("hipo gave up: use --solver ipx")
        return real(flat, options, progress)

    monkeypatch.setattr(solver_sequence, "_solve_by", failing)
    monkeypatch.setattr(strategy_order, "highs_solvers", lambda *_: ("hipo", "simplex"))
    told: list[Progress] = []
    assert solve(country, Options(), told.append).solver == "simplex"
    assert told[0].stage == "hipo did not finish, trying the next solver"
    monkeypatch.setattr(strategy_order, "highs_solvers", lambda *_: ("hipo",))
    with pytest.raises(SolverError, match=r"^hipo gave up"):
        solve(country, Options("hipo"))


def test_branch_and_bound_and_the_closing_linear_solve() -> None:
    flat = flatten(network(6, 4, 3, modules=True))
    best = _scipy(flat)
    found = solve(flat)
    assert found.solver == "mip"
    assert found.objective == pytest.approx(best, rel=MIP_GAP)
    assert found.bound <= best + 1e-7 * best
    assert found.gap <= MIP_GAP
    whole = found.x[flat.integer]
    np.testing.assert_array_equal(whole, np.round(whole))
    assert found.relaxation_row_dual is not None
    relaxed = weak_duality.proven(flat, found.relaxation_row_dual, found.objective)
    assert relaxed <= best + 1e-7 * best
    fixed = replace(
        flat,
        integer=np.zeros_like(flat.integer),
        lower=np.where(flat.integer, found.x, flat.lower),
        upper=np.where(flat.integer, found.x, flat.upper),
    )
    assert weak_duality.proven(fixed, found.row_dual, found.objective) == pytest.approx(found.objective, rel=1e-6)


def test_a_method_that_does_not_fit_the_model_is_refused(country: LinearProgram) -> None:
    with pytest.raises(OptionError, match="hipo takes no integers and the model has 3; use --solver mip"):
        solve(flatten(network(2, 4, 3, modules=True)), Options("hipo"))
    with pytest.raises(OptionError, match="nothing to branch on"):
        solve(country, Options("mip"))


@pytest.mark.parametrize("solver", METHODS)
def test_a_contradiction_is_told_from_every_other_end(solver: Solver) -> None:
    flat = flatten(network(12, 6, 4))
    must = flat.upper.copy()
    flat.part(must, flat.model.columns["unserved"])[:] = 0.0
    flat.part(must, flat.model.columns["installed"])[:] = 1.0
    with pytest.raises(InfeasibleError, match="No plan satisfies the scenario"):
        solve(replace(flat, upper=must), Options(solver))


@pytest.mark.parametrize("solver", METHODS)
def test_a_cost_that_falls_without_end_is_an_error(solver: Solver) -> None:
    flat = linear([[1, -1]], [0], [np.inf], [0, 0], [np.inf, np.inf], [-1, 0.5])
    with pytest.raises(SolverError, match="cost can fall without end"):
        solve(flat, Options(solver))


def test_feasible_within_rounding_is_never_called_infeasible(
    monkeypatch: pytest.MonkeyPatch, country: LinearProgram
) -> None:
    """HiGHS is made to claim what is not so: the claim is not believed."""
    real = highs_run.run

    def lying(
        flat: LinearProgram, options: Options, progress: Watch, presolve: bool = True, *more: object
    ) -> highs_run.Run:
        run = real(flat, options, progress, presolve)
        return replace(run, outcome=Outcome.INFEASIBLE) if flat is country else run

    monkeypatch.setattr(highs_run, "run", lying)
    with pytest.raises(SolverError, match="calls the model infeasible, which is not so within rounding"):
        solve(country, Options("simplex"))


def test_whole_numbers_that_do_not_exist() -> None:
    flat = linear([[10.0]], [3.0], [7.0], [0.0], [9.0], [1.0], integer=[True])
    with pytest.raises(InfeasibleError, match="whole numbers"):
        solve(flat)


def test_another_solver_than_the_one_asked_is_an_error(monkeypatch: pytest.MonkeyPatch, country: LinearProgram) -> None:
    """As where the version of highspy-extras does not match: the option is taken, and another solver runs."""
    real = highs_run._engine
    monkeypatch.setattr(highs_run, "_engine", lambda options, log: real(replace(options, solver="simplex"), log))
    with pytest.raises(SolverError, match=r"hipo was asked and simplex ran: install highspy and highspy-extras"):
        solve(country, Options("hipo"))


def test_an_imprecise_answer_counts_only_if_it_passes_our_own_check(
    monkeypatch: pytest.MonkeyPatch, country: LinearProgram
) -> None:
    real = highs_run.run
    shift = [0.0]

    def imprecise(
        flat: LinearProgram, options: Options, progress: Watch, presolve: bool = True, *more: object
    ) -> highs_run.Run:
        run = real(flat, options, progress, presolve)
        return replace(run, outcome=Outcome.IMPRECISE, x=run.x + shift[0])

    monkeypatch.setattr(highs_run, "run", imprecise)
    assert solve(country, Options("ipx")).solver == "ipx"
    shift[0] = 0.1
    with pytest.raises(SolverError, match="could not reach a gap of 1e-06: try --solver simplex"):
        solve(country, Options("ipx"))


def test_the_time_limit_is_told_with_a_remedy() -> None:
    with pytest.raises(SolverError, match="time limit was reached: give it more time"):
        solve(flatten(network(96, 20, 12)), Options("simplex", time_limit=0.05))


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Python's own handling of SIGINT: a shell that starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize("solver", METHODS)
def test_interrupt_stops_the_solve(solver: Solver) -> None:
    flat = flatten(network(168, 31, 18))
    threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        solve(flat, Options(solver, gap=1e-9))
    assert solve(flatten(network(2, 2, 2))).solver == "simplex", "the next solve is as good as the first"


def test_progress_comes_a_few_times_a_second_and_tells_the_iterations() -> None:
    told: list[Progress] = []
    solve(flatten(network(72, 20, 12)), Options("ipx", threads=1), told.append)
    assert told
    assert told[-1].seconds / len(told) >= highs_run.POLL_SECONDS * 0.9
    assert any(one.iterations > 0 and one.objective is not None and one.gap is not None for one in told)
    assert [one.seconds for one in told] == sorted(one.seconds for one in told)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str], country: LinearProgram) -> None:
    for solver in METHODS:
        solve(country, Options(solver))
    solve(flatten(network(2, 3, 2, modules=True)))
    assert capfd.readouterr() == ("", "")


def test_crumbs_are_removed_and_bounds_kept() -> None:
    flat = linear(np.eye(4), np.full(4, -np.inf), np.full(4, np.inf), [0, 0, 2, 0], [5, 5, 5, 1e-10], np.ones(4))
    x = repair(flat, np.array([5.0 + 1e-9, 1e-10, 2.0 - 1e-9, 9.0]))
    assert x.tolist() == [5.0, 0.0, 2.0, 0.0]


def test_crumbs_that_a_row_misses_are_kept() -> None:
    """However small: here is nothing else in that row."""
    flat = linear(np.eye(2), [1e-8, -np.inf], np.full(2, np.inf), [0, 0], [1, 1], np.ones(2))
    assert repair(flat, np.array([1e-8, 1e-10])).tolist() == [1e-8, 0.0]


def test_crumbs_that_hold_one_another_are_removed_together() -> None:
    """A build, the capacity that it gives and what is used of it, beside a source that has all that is needed."""
    build, capacity, use, other = range(4)
    rows = np.zeros((3, 4))
    rows[0, [capacity, build]] = 1.0, -1.0  # what stands is what was built
    rows[1, [use, capacity]] = 1.0, -1.0  # use within it
    rows[2, [use, other]] = 1.0, 1.0  # ten are needed
    flat = linear(rows, [0, -np.inf, 10], [0, 0, np.inf], np.zeros(4), np.full(4, np.inf), np.ones(4))
    x = repair(flat, np.array([3e-7, 3e-7, 5e-8, 10.0 - 5e-8]))
    assert x.tolist() == [0.0, 0.0, 0.0, 10.0 - 5e-8]
    needed = replace(flat, upper=np.array([np.inf, np.inf, np.inf, 1e-7]), row_lower=np.array([0.0, -np.inf, 4e-7]))
    kept = np.array([3e-7, 3e-7, 3e-7, 1e-7])
    assert repair(needed, kept).tolist() == kept.tolist()


def test_infeasibility_is_measured_and_proven_by_its_multipliers() -> None:
    flat = linear([[1, 1]], [4], [np.inf], [0, 0], [1, 1], [7, 7])
    amount, multipliers = feasibility.infeasibility(flat)
    assert amount == pytest.approx(2.0 * multipliers[0])
    assert feasibility.infeasibility(replace(flat, row_lower=np.array([2.0])))[0] == 0.0


def test_a_contradiction_is_proven_though_the_simplex_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = linear([[1, 2, 0], [0, 1, 1], [1, 0, 1]], [4, 3, -9], [9, 9, 1], [0, 0, 0], [1, 2, 3], [7, 7, 7])
    short = replace(flat, row_lower=np.array([4.0, 6.0, -9.0]))
    monkeypatch.setattr(highs_run.Patience, "of", lambda flat: highs_run.Patience(10**9, 0.0))
    assert feasibility.infeasibility(flat)[0] == 0.0
    assert feasibility.infeasibility(short)[0] > 0.0


def test_what_looks_for_a_contradiction_shares_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a simplex that finds no ray in time both solvers of what rows are stretched by, the first of which gives up."""
    short = linear([[1, 2, 0], [0, 1, 1], [1, 0, 1]], [4, 6, -9], [9, 9, 1], [0, 0, 0], [1, 2, 3], [7, 7, 7])
    real, asked = highs_run.run, dict[str, float]()

    def run(flat: LinearProgram, options: Options, *given: Any, **more: Any) -> highs_run.Run:
        asked[options.solver] = options.time_limit or 0.0
        time.sleep(0.05)
        found = real(flat, options, *given, **more)
        return replace(found, outcome=Outcome.STOPPED) if options.solver == "simplex" else found

    monkeypatch.setattr(highs_run.Patience, "of", lambda flat: highs_run.Patience(10**9, 0.0))
    monkeypatch.setattr(highs_run, "run", run)
    assert feasibility.infeasibility(short, Options(time_limit=600.0))[0] > 0.0
    assert 600.0 > asked["simplex"] >= asked["ipx"] + 0.05 > 500.0


class Runs:
    """Runs of HiGHS that are recorded, and whose end may be another than it was."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, end: Callable[[Options, bool, highs_run.Run], highs_run.Run]
    ) -> None:
        self.asked: list[tuple[Options, bool]] = []
        self._real, self._end = highs_run.run, end
        monkeypatch.setattr(highs_run, "run", self)

    def __call__(
        self,
        flat: LinearProgram,
        options: Options,
        progress: Watch,
        presolve: bool = True,
        *more: highs_run.Patience | None,
    ) -> highs_run.Run:
        self.asked.append((options, presolve))
        run = self._real(flat, replace(options, time_limit=None), progress, presolve, *more)
        return self._end(options, presolve, run)


def _missed(options: Options, presolve: bool, run: highs_run.Run) -> highs_run.Run:
    """HiPO whose answer misses rows."""
    return replace(run, x=run.x + 0.1) if options.solver == "hipo" else run


def _blunt(share: Mapping[str, float]) -> Callable[[Options, bool, highs_run.Run], highs_run.Run]:
    """Duals that prove less than the optimum, by solver; all of them with presolve."""

    def end(options: Options, presolve: bool, run: highs_run.Run) -> highs_run.Run:
        return replace(run, row_dual=run.row_dual * (1.0 - share[options.solver] * (2.0 if presolve else 1.0)))

    return end


def test_hipo_never_runs_again_without_presolve(
    monkeypatch: pytest.MonkeyPatch, country: LinearProgram, optimum: float
) -> None:
    """In HiGHS 1.15.1 the second of two such runs in one process ends it, on a model of a year."""
    monkeypatch.setattr(strategy_order, "SMALL", 1)
    monkeypatch.setattr(strategy_order, "LARGE", 2)
    runs = Runs(monkeypatch, _missed)
    found = solve(country)
    assert [(options.solver, presolve) for options, presolve in runs.asked] == [("hipo", True), ("ipx", True)]
    assert found.objective == pytest.approx(optimum, rel=2e-6)
    with pytest.raises(SolverError, match="hipo could not reach a gap of 1e-06: try --solver ipx"):
        solve(country, Options("hipo"))


def test_what_highs_calls_optimal_is_so_only_with_the_gap_asked(
    monkeypatch: pytest.MonkeyPatch, country: LinearProgram, optimum: float
) -> None:
    """The next attempt proves it, or the next solver; where none does, the best is taken and says what was asked."""
    monkeypatch.setattr(strategy_order, "SMALL", 10**6)
    told: list[Progress] = []
    sharp = Runs(monkeypatch, _blunt({"simplex": 1e-3, "ipx": 0.0}))
    found = solve(country, progress=told.append)
    assert [(options.solver, presolve) for options, presolve in sharp.asked] == [
        ("simplex", True),
        ("simplex", False),
        ("ipx", True),
    ]
    assert (found.solver, found.short) == ("ipx", False)
    assert found.gap <= LP_GAP
    assert any("simplex proved a gap of" in one.stage for one in told)
    monkeypatch.undo()
    monkeypatch.setattr(strategy_order, "SMALL", 10**6)
    Runs(monkeypatch, _blunt({"simplex": 1e-3, "ipx": 1e-2}))
    best = solve(country)
    assert (best.solver, best.asked, best.short) == ("simplex", LP_GAP, True)
    assert best.objective == pytest.approx(optimum, rel=1e-6)
    assert LP_GAP < best.gap < 0.02
    assert solve(country, Options(gap=0.05)).short is False


def test_a_time_limit_is_one_of_all_that_is_tried(monkeypatch: pytest.MonkeyPatch, country: LinearProgram) -> None:
    monkeypatch.setattr(strategy_order, "SMALL", 1)
    monkeypatch.setattr(strategy_order, "LARGE", 2)

    def stopped(options: Options, presolve: bool, run: highs_run.Run) -> highs_run.Run:
        time.sleep(0.2)
        return replace(run, outcome=Outcome.STOPPED, status="kTimeLimit")

    runs = Runs(monkeypatch, stopped)
    with pytest.raises(SolverError, match="hipo: the time limit was reached"):
        solve(country, Options(time_limit=0.1))
    assert len(runs.asked) == 1
    with pytest.raises(SolverError, match=r"hipo: the time limit .*; ipx: .*; simplex: "):
        solve(country, Options(time_limit=600.0))
    limits = [options.time_limit or 0.0 for options, _ in runs.asked[1:]]
    assert [options.solver for options, _ in runs.asked[1:]] == ["hipo", "ipx", "simplex"]
    assert 400.0 < limits[2] < limits[1] - 0.2 < limits[0] - 0.4 <= 600.0 - 0.4


@pytest.mark.parametrize("time_left", [True, False])
def test_a_branch_and_bound_that_is_stopped_keeps_its_plan(monkeypatch: pytest.MonkeyPatch, time_left: bool) -> None:
    """One module more than needed: the plan costs what SciPy finds for that, whether or not there is time to solve the rest
    anew; the bound is that of the tree."""
    flat = flatten(network(6, 4, 3, modules=True))
    best = solve(flat)
    more = best.x.copy()
    more[np.flatnonzero(flat.integer)[0]] += 1.0
    incumbent = solve(integrality.fix_integers(flat, more))
    branched: list[bool] = []

    def end(options: Options, presolve: bool, run: highs_run.Run) -> highs_run.Run:
        late = replace(run, outcome=Outcome.STOPPED, status="kTimeLimit")
        if options.solver == "mip":
            branched.append(True)
            return replace(late, x=incumbent.x, bound=0.97 * best.objective)
        return late if branched and not time_left else run

    Runs(monkeypatch, end)
    found = solve(flat, Options(time_limit=600.0))
    assert found.solver == "mip"
    assert found.objective == pytest.approx(_scipy(integrality.fix_integers(flat, more)), rel=1e-6)
    assert found.bound == pytest.approx(0.97 * best.objective, rel=1e-6)
    assert (found.asked, found.short) == (MIP_GAP, True)
    assert weak_duality.violation(flat, found.x) <= 1e-6


def test_a_branch_and_bound_that_is_stopped_without_a_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(options: Options, presolve: bool, run: highs_run.Run) -> highs_run.Run:
        late = replace(run, outcome=Outcome.STOPPED, status="kTimeLimit", found=False)
        return late if options.solver == "mip" else run

    Runs(monkeypatch, end)
    with pytest.raises(SolverError, match="branch and bound: the time limit was reached: give it more time"):
        solve(flatten(network(6, 4, 3, modules=True)), Options(time_limit=600.0))


def test_what_branch_and_bound_finds_it_says_that_it_found() -> None:
    flat = flatten(network(6, 4, 3, modules=True))
    assert highs_run.run(flat, Options("mip"), None).found
    assert not highs_run.run(flat, Options("mip", time_limit=0.0), None).found
