"""The structured interior point finds what the simplex finds, on every shape of scenario, and proves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.arrays import Array
from gnomon.errors import InfeasibleError, SolverError, UnboundedError
from gnomon.highs import feasibility, solver_sequence
from gnomon.infeasibility import iis, relaxation_ladder
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.iterations import (
    main_loop,
    multilevel_start,
    predictor_corrector,
    residual_projection,
    starting_point,
    step_length,
)
from gnomon.interior_point.iterations.main_loop import LATER, ProofAttempts
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point, Problem
from gnomon.interior_point.iterations.termination import Termination
from gnomon.interior_point.solve import UnprovenError, solve
from gnomon.methods import method_choice
from gnomon.model import csr_matrix
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.proof.primal_repair import MISSED, NOTHING
from gnomon.runtime.threads import ALONE
from gnomon.solution import Progress
from gnomon.transforms.extensive_form import Futures
from tests import scenarios as made
from tests.gnomon.infeasibility.test_iis import SCARCE, said, scarce
from tests.gnomon.linear import linear
from tests.golden.cases import CASES
from tests.golden.small import small
from tests.laws.strategies import Draft, full, scenarios, tables
from tests.scenarios import first_hours
from xisuan.certificate.certify_plan import certify
from xisuan.equations.build_model import EARLY, assemble
from xisuan.errors import ScenarioError
from xisuan.planning.expansion import plan
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.scenario.variants.synthetic import country

GAP = 1e-6
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))]


def agree(scenario: Scenario, solver: str = "simplex") -> None:
    """Both methods, one optimum; the certificate holds on the structured plan and proves the gap."""
    try:
        exact = plan(scenario, Options(solver=solver), method="direct")
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            plan(scenario, method="structured")
        return
    found = plan(scenario, Options(gap=GAP), method="structured", check=partial(certify, scenario))
    assert (found.effort.method, found.effort.solver) == ("structured", "structured")
    size = max(1.0, abs(exact.objective))
    assert found.objective == pytest.approx(exact.objective, abs=2 * GAP * size)
    assert found.lower_bound <= exact.objective + 1e-9 * size
    assert found.gap <= GAP
    certificate = certify(scenario, found)
    assert certificate == found.certificate
    assert certificate.ok, certificate.findings
    assert certificate.max_violation <= 1e-6
    assert certificate.gap(certificate.cost) <= GAP


def agree_in_cost(flat: LinearProgram) -> None:
    """One optimum by both methods, or no plan by either."""
    try:
        exact = solver_sequence.solve(flat, Options(solver="simplex"))
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            solve(flat)
        return
    found = solve(flat, Options(gap=GAP))
    assert found.gap <= GAP
    assert found.objective == pytest.approx(exact.objective, abs=2 * GAP * max(1.0, abs(exact.objective)))


def agree_begun_from(few: int, scenario: Scenario) -> None:
    """`agree`, begun by itself, or from coarser models where there are more hours than `few`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(multilevel_start, "FEW", few)
        patch.setattr(multilevel_start, "FIT", min(few, multilevel_start.FIT))
        agree(scenario)


@pytest.mark.parametrize("few", [multilevel_start.FEW, 1])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(draft=scenarios())
def test_any_scenario_has_the_optimum_of_the_simplex(few: int, draft: Draft) -> None:
    agree_begun_from(few, draft.build())


def futures(draft: Draft, grown: list[float], stage: int) -> LinearProgram:
    """One model of futures, each with demand grown by its own factor and the first periods, `stage`, in common."""

    def future(factor: float) -> Scenario:
        return draft.with_table("demand", lambda frame: frame.assign(units=frame["units"] * factor)).build()

    each = [future(factor) for factor in grown]
    models = tuple(assemble(one, beside=each).model for one in each)
    weights = (1.0 / len(grown),) * len(grown)
    return flatten(Futures(models, weights, frozenset(EARLY), stage).extensive_form())


PERIODS = ((2026,), (2026, 2028), (2026, 2027, 2029), (2026, 2027, 2028, 2030))


@pytest.mark.long
@pytest.mark.parametrize("few", [multilevel_start.FEW, 1])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(draft=scenarios(periods=PERIODS))
def test_three_hundred_scenarios_have_the_optimum_of_the_simplex(few: int, draft: Draft) -> None:
    agree_begun_from(few, draft.build())


@pytest.mark.long
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    draft=scenarios(periods=PERIODS[1:]),
    grown=st.lists(st.sampled_from([0.7, 0.9, 1.0, 1.1, 1.3]), min_size=2, max_size=4),
    stage=st.integers(1, 2),
)
def test_futures_of_any_scenario_have_the_optimum_of_the_simplex(draft: Draft, grown: list[float], stage: int) -> None:
    """Each with demand of its own, and the first one or two periods in common; where no orders suit all, both say so."""
    agree_in_cost(futures(draft, grown, stage))


def test_full_links_of_futures_are_met_to_the_last_digit() -> None:
    """Futures that were drawn once: slacks of full links were 1e-10, whose squares are lost beside those of the work."""
    parts = {"links", "power", "halls", "stock", "serving", "supply", "rules"}
    settings = {
        "name": "random",
        "base_year": 2026,
        "periods": list(PERIODS[2]),
        "last_period_years": 1,
        "discount_rate": 0.0,
        "hours": "hours:3",
        "capital": "full",
    }
    draft = Draft(settings, tables(np.random.default_rng(1651), parts, PERIODS[2], set()))
    agree_in_cost(futures(draft, [0.7, 1.1, 1.0, 1.3], stage=2))


@pytest.mark.parametrize("few", [multilevel_start.FEW, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_nothing_costs_anything_any_plan_is_as_good(few: int, seed: int) -> None:
    """Money and prices are 0, so the least cost is 0, and every one of infinitely many plans has it."""
    draft = full(seed, hours="hours:9")
    frames = {}
    for name, frame in draft.frames.items():
        money = [column for column in frame.columns if "cny" in column or column == "price"]
        free = {column: frame[column].where(frame[column].isna(), 0.0) for column in money if name != "budgets"}
        frames[name] = frame.assign(**free)
    frames["policies"] = frames["policies"][~frames["policies"]["rule"].str.contains("cny|investment")]
    scenario = Draft(draft.settings, frames).build()
    assert plan(scenario, Options(solver="simplex")).objective == pytest.approx(0.0, abs=1e-9)
    agree_begun_from(few, scenario)


@pytest.mark.parametrize("few", [multilevel_start.FEW, 1])
@pytest.mark.parametrize("gap", [1e-5, 1e-6, 1e-7])
def test_the_last_step_leaves_nothing_behind(few: int, gap: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario that was drawn once: a step from a gap of 1e-5 to 1e-9 left so much that rows were never met again."""
    monkeypatch.setattr(multilevel_start, "FEW", few)
    monkeypatch.setattr(multilevel_start, "FIT", min(few, multilevel_start.FIT))
    parts = {"links", "power", "halls", "serving", "traffic", "supply", "fleet", "blocks"}
    settings = {
        "name": "random",
        "base_year": 2026,
        "periods": [2026, 2028],
        "last_period_years": 2,
        "discount_rate": 0.0,
    }
    draft = Draft(settings | {"hours": "one"}, tables(np.random.default_rng(386), parts, (2026, 2028), set()))
    flat = flatten(assemble(draft.build()).model)
    found, exact = solve(flat, Options(gap=gap)), solver_sequence.solve(flat, Options("simplex"))
    assert found.objective == pytest.approx(exact.objective, rel=2 * gap)
    assert found.gap <= gap


@pytest.mark.parametrize("hours", ["one", "hours:2", "hours:3", "hours:9"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_scenario_with_every_part(hours: str, seed: int) -> None:
    agree(full(seed, hours=hours).build())


@pytest.mark.parametrize("constraint", [name for name, case in CASES.items() if not case.operated])
def test_the_smallest_scenario_of_every_constraint(constraint: str) -> None:
    """Those that come in whole numbers are refused; the others are solved, or no plan exists by either method."""
    case = CASES[constraint]
    scenario = small(case.tables, case.settings)
    if flatten(assemble(scenario).model).integer.any():
        with pytest.raises(ScenarioError, match="takes no whole numbers, and the model has"):
            plan(scenario, method="structured")
        return
    agree(scenario)


def test_a_country_by_the_hour() -> None:
    agree(country(8, 5, hours="hours:30"), "ipx")


def test_a_start_from_fewer_hours_saves_iterations(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is given up where it leads nowhere: then the hours begin by themselves."""
    flat = flatten(assemble(country(6, 4, hours="hours:60")).model)
    found = solve(flat)
    assert "on 20 hours" in found.log
    monkeypatch.setattr(multilevel_start, "MOST", 0)
    alone = solve(flat)
    assert found.iterations < alone.iterations
    assert found.objective == pytest.approx(alone.objective, rel=2 * GAP)


@pytest.mark.parametrize("gap", [pytest.param(1e-3, marks=pytest.mark.long), 1e-6])
def test_a_fortnight_begins_with_kinds_of_days(gap: float) -> None:
    flat = flatten(assemble(country(3, 2, hours="hours:336")).model)
    found, other = solve(flat, Options(gap=gap)), solver_sequence.solve(flat, Options(solver="ipx"))
    assert "on 72 hours" in found.log
    assert found.bound <= other.objective * (1.0 + 1e-9)
    assert found.objective == pytest.approx(other.objective, rel=1.1 * gap)
    assert weak_duality.violation(flat, found.x) <= 1e-6


def test_a_start_is_followed_no_further_than_few_reduced_costs_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What turns is counted here entry by entry; where none may, the first iterate that loses little is the start."""
    problem = FullProblem(standard(flatten(assemble(country(3, 2, hours="hours:672")).model), ALONE))
    products, shares = [], []
    for most in (1.0, 0.0):
        monkeypatch.setattr(multilevel_start, "TURNED", most)
        begun = multilevel_start.start_from_coarse(problem, ALONE, lambda *_: None)
        assert begun is not None
        missed, held = problem.cost - problem.pull(begun.y) - begun.lower, begun.lower.copy()
        missed[problem.wide] += begun.upper
        held[problem.wide] = np.maximum(held[problem.wide], begun.upper)
        share = (np.abs(missed) > held)[problem.moves].mean()
        assert multilevel_start._wrong_share(problem, begun) == pytest.approx(share, rel=1e-12)
        products.append(problem.products(begun) / abs(float(problem.cost @ begun.v)))
        shares.append(share)
    assert 0.0 < shares[1] < shares[0]
    assert products[0] < 0.1 < 1.0 < products[1]


@pytest.mark.long
def test_where_kinds_of_days_lose_too_much_it_begins_with_runs_of_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no start keeps within its limit is begun from scratch, and the optimum is the same."""
    flat = flatten(assemble(country(3, 2, hours="hours:336")).model)
    ahead = multilevel_start._prolonged_start
    first = solve(flat)
    monkeypatch.setattr(multilevel_start, "_prolonged_start", lambda *of: None if of[4].kinds else ahead(*of))
    runs = solve(flat)
    monkeypatch.setattr(multilevel_start, "LOST", -1.0)
    scratch = solve(flat)
    assert "on 84 hours" not in first.log
    assert "on 84 hours" in runs.log
    assert scratch.iterations > max(first.iterations, runs.iterations)
    for one in (runs, scratch):
        assert one.objective == pytest.approx(first.objective, rel=2 * GAP)


def after_steps(steps: int) -> tuple[Problem, System, Point]:
    """A small country after so many iterations."""
    problem = Problem(standard(flatten(assemble(country(6, 4, hours="hours:24")).model)))
    system = System(problem.form, ALONE)
    point = starting_point.starting_point(problem, system)
    for _ in range(steps):
        mu = problem.state(point).mu
        point = predictor_corrector.move(problem, point, predictor_corrector.step(problem, system, point, mu), mu)
    return problem, system, point


@pytest.mark.parametrize("steps", [0, 1, 3, 8])
def test_an_iterate_is_moved_onto_its_equations(steps: int) -> None:
    """Far out that cannot always be. Soon it can, no entry leaves its bounds, and what belongs to the other side stays."""
    problem, system, point = after_steps(steps)
    before = problem.state(point)
    met, dual = (list(of(problem, system, point)) for of in (residual_projection.rows, residual_projection.duals))
    for one in met:
        assert (one.v[problem.moves] > 0.0).all()
        assert (one.room > 0.0).all()
        assert np.array_equal(one.y, point.y)
    for one in dual:
        assert (one.lower >= 0.0).all()
        assert (one.upper > 0.0).all()
        assert np.array_equal(one.v, point.v)
    if steps == 8:
        assert problem.state(met[-1]).primal <= 1e-9 < before.primal
        wide = problem.wide
        assert np.allclose(met[-1].v[wide] + met[-1].room, problem.width[wide], rtol=1e-9, atol=1e-9)
        assert problem.state(dual[-1]).dual <= 1e-9
        assert problem.state(dual[-1]).dual < before.dual
        # weak duality: a bound on every objective
        assert problem.state(dual[-1]).bound <= problem.state(met[-1]).objective * (1.0 + 1e-9)


def test_entries_count_as_less_from_one_attempt_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Late, with slacks and flows of next to nothing, many of which pass their bounds at first; rows are met in the end."""
    problem, system, point = after_steps(16)
    tiny = (point.v < 1e-3) & problem.moves
    assert tiny.sum() > 100
    counted, change = list[float](), residual_projection._least_change

    def counting(problem: Problem, system: System, p: Point, least: float) -> tuple[Array, Array]:
        counted.append(least)
        return change(problem, system, p, least)

    monkeypatch.setattr(residual_projection, "_least_change", counting)
    nothing = 1e-9 * 10.0 ** np.random.default_rng(0).uniform(0.0, 1.0, len(tiny))
    *_, last = residual_projection.rows(problem, system, replace(point, v=np.where(tiny, nothing, point.v)))
    assert problem.state(last).primal <= 1e-7
    assert (last.v[problem.moves] > 0.0).all()
    expected = [
        max(
            residual_projection.LEAST * residual_projection.FINER**attempt,
            residual_projection.LEAST * residual_projection.FINEST,
        )
        for attempt in range(len(counted))
    ]
    assert counted == pytest.approx(expected)
    assert counted[0] > counted[3] == pytest.approx(counted[-1])


@pytest.mark.parametrize("seed", range(5))
def test_how_far_a_step_goes_and_what_it_passes(seed: int) -> None:
    """Entry by entry, against plain sums."""
    random = np.random.default_rng(seed)
    v, base, more = random.uniform(0.1, 2.0, 300), random.normal(0.0, 2.0, 300), random.normal(0.0, 1.0, 300)
    weights, lengths, kept = np.array([0.0, 0.4, 1.0]), np.array([1.0, 0.5, 0.1, 0.01]), 0.2
    inverse, past, worst = np.ones(3), np.zeros((3, 4)), np.zeros((3, 4))
    step_length.reach(v, base, more, weights, lengths, kept, inverse, past, worst)
    for k, weight in enumerate(weights):
        direction = base + weight * more
        alone = min(1.0, *(v[down := direction < 0.0] / -direction[down]))
        assert 1.0 / inverse[k] == pytest.approx(alone)
        for i, length in enumerate(lengths):
            after = v + length * direction
            passed = after < 0.0
            assert past[k, i] == pytest.approx((-after / v)[passed].sum())
            assert worst[k, i] == pytest.approx((kept * v - after)[passed].max(initial=0.0))


@pytest.mark.long
def test_a_step_goes_beyond_the_few_that_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer iterations to the same optimum; without, none goes past its bound."""
    flat = flatten(assemble(country(5, 4, hours="hours:168")).model)
    found = solve(flat)
    monkeypatch.setattr(predictor_corrector, "MEAN_EXCESS", 0.0)
    within = solve(flat)
    assert found.objective == pytest.approx(within.objective, rel=2 * GAP)
    assert found.iterations < within.iterations
    assert weak_duality.violation(flat, found.x) <= 1e-6


def test_a_step_that_ruins_what_was_gained_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and the next one keeps within the bounds; twice in a row is the way of the method, and it goes on."""
    flat = flatten(assemble(country(3, 2, hours="hours:24")).model)
    alone = solve(flat)
    made, asked = predictor_corrector.step, list[float]()

    def wrong(*given: Any, **more: Any) -> Any:
        asked.append(more["gap"])
        step = made(*given, **more)
        if len(asked) == alone.iterations - 3:
            step = replace(step, y=-1e3 * step.y - 1e3, dual=1.0)
        return step

    monkeypatch.setattr(predictor_corrector, "step", wrong)
    found = solve(flat)
    assert found.log.count("a step that ruined this is taken back") == 1
    assert found.objective == pytest.approx(alone.objective, rel=2e-6)
    assert found.iterations <= alone.iterations + 3
    assert asked[alone.iterations - 3] == 0.0
    assert 0.0 not in asked[: alone.iterations - 3]


@pytest.mark.parametrize("steps", [2, 5, 8])
def test_what_is_missed_is_gathered_and_products_stay(steps: int) -> None:
    """The direction would take all of it away, by hand, and leave all products at μ; late enough it goes far."""
    problem, system, point = after_steps(steps)
    before = problem.state(point)
    step = predictor_corrector.gather(problem, system, point, before.mu, 1.0)
    moves, wide = problem.moves, problem.wide
    times = problem.times(point.v + np.where(moves, step.v, 0.0))
    np.testing.assert_allclose(times, problem.form.side, rtol=1e-6, atol=1e-6 * problem.sizes[0])
    product = point.lower * step.v + point.v * step.lower + point.v * point.lower
    np.testing.assert_allclose(product[moves], (before.mu * problem.weight)[moves], rtol=1e-6)
    np.testing.assert_allclose(step.room, problem.width_wide - point.v[wide] - point.room - step.v[wide], atol=1e-6)
    if steps == 8:
        after = problem.state(predictor_corrector.move(problem, point, step, before.mu))
        assert min(step.primal, step.dual) > 0.1
        assert 0.5 * before.mu < after.mu < 2.0 * before.mu
        assert after.primal < before.primal


def test_where_the_gap_is_small_enough_what_is_missed_is_taken_away_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few times at most; the optimum is found all the same. Nothing is gathered where proofs need not wait for it."""
    flat = flatten(assemble(on_hours(load("starter"), Hours.parse("hours:48"))).model)
    made, gaps, keeps, refused = predictor_corrector.gather, list[float](), Termination.satisfies_rows, list[bool]()

    def gathered(*given: Any) -> Any:
        gaps.append(given[4])
        return made(*given)

    def refuses(termination: Termination, columns: Array) -> bool:
        refused.append(len(gaps) < main_loop.GATHERED)
        return not refused[-1] and keeps(termination, columns)

    monkeypatch.setattr(predictor_corrector, "gather", gathered)
    at_once = solve(flat, Options(gap=1e-3))
    assert not gaps
    monkeypatch.setattr(main_loop, "STRAY", 0.0)
    monkeypatch.setattr(Termination, "satisfies_rows", refuses)
    found = solve(flat, Options(gap=1e-3))
    assert len(gaps) == main_loop.GATHERED
    assert max(gaps) <= 1e-3
    assert found.objective == pytest.approx(at_once.objective, rel=2e-3)
    assert weak_duality.violation(flat, found.x) <= 1e-6


def test_five_regions_with_every_part() -> None:
    agree(made.five(hours="hours:6"))


def test_the_pair_is_solved_as_by_hand() -> None:
    found = plan(made.pair(), method="structured")
    assert found.objective == pytest.approx(made.PAIR_COST_MCNY, rel=1e-6)


# --- what it cannot take, and what there is not ---


@pytest.mark.parametrize("gap", [1e-2, 1e-3, 1e-4])
def test_a_wide_gap_takes_fewer_iterations_and_leaves_the_rows_as_well_met(gap: float) -> None:
    flat = flatten(assemble(country(6, 4, hours="hours:20")).model)
    found, exact = solve(flat, Options(gap=gap)), solve(flat)
    assert found.iterations < exact.iterations
    for one in (found, exact):  # nor do crumbs that are swept leave more than that
        assert weak_duality.violation(flat, one.x) <= MISSED
    assert found.bound <= exact.objective <= found.objective * (1.0 + 1e-9)
    assert found.gap <= gap


def test_columns_narrower_than_the_start_do_not_stop_it() -> None:
    """The budget leaves half a unit of hall, a thousandth of what the others begin with."""
    rng = np.random.default_rng(2)
    matrix = np.concatenate([rng.uniform(0.5, 1.0, (6, 12)), np.eye(12)[:6]])
    upper = np.concatenate([np.full(6, 1e-3), np.full(6, np.inf)])
    flat = linear(matrix, [100.0] * 6 + [0.0] * 6, [np.inf] * 12, np.zeros(12), upper, np.ones(12))
    assert solve(flat).objective == pytest.approx(
        solver_sequence.solve(flat, Options(solver="simplex")).objective, rel=2 * GAP
    )


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("size", "seed"), [((3, 2), 3), ((5, 4), 1), ((6, 4), 2)])
def test_no_crumbs_of_capacity_are_left(size: tuple[int, int], seed: int, workers: int) -> None:
    """Nor does the plan cost more than the gap allows, or miss a row: all else has moved by as much."""
    scenario = country(*size, hours="hours:12", seed=seed)
    found = plan(scenario, Options(gap=GAP, workers=workers), method="structured")
    assert found.builds["amount"].min() >= NOTHING
    assert certify(scenario, found).ok
    assert found.gap <= GAP


def test_an_answer_stays_where_sweeping_its_crumbs_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """No iteration is made for it."""
    flat, rows = flatten(assemble(country(5, 4, hours="hours:12", seed=1)).model), residual_projection.rows
    found = solve(flat)

    def fails(
        problem: Problem, system: System, point: Point, keep: float = predictor_corrector.SHARE_KEPT, **least: float
    ) -> Iterator[Point]:
        if keep != predictor_corrector.SHARE_KEPT:
            raise FloatingPointError("a sweep")
        return rows(problem, system, point, keep, **least)

    monkeypatch.setattr(residual_projection, "rows", fails)
    after = solve(flat)
    assert after.iterations == found.iterations
    assert not np.array_equal(after.x, found.x)
    assert after.objective == pytest.approx(found.objective, rel=2 * GAP)


def test_no_matrix_is_made_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = flatten(assemble(on_hours(load("starter"), Hours.parse("hours:48"))).model)
    exact = solver_sequence.solve(flat, Options(solver="ipx"))
    fresh = flatten(flat.model)
    monkeypatch.setattr(csr_matrix, "whole", None)
    assert solve(fresh).objective == pytest.approx(exact.objective, rel=2 * GAP)


def test_no_demand_costs_nothing() -> None:
    nothing = small({"demand": "region,workload,period,units\nr,w,2026,0\nr,w,2027,0"})
    assert plan(nothing, method="structured").objective == pytest.approx(0.0, abs=1e-6)


def test_what_cannot_be_is_said_in_the_scenarios_words() -> None:
    scenario = small({"limits": "site,technology,max_units\ns,g,9"}, {"periods": [2026]})
    with pytest.raises(InfeasibleError) as raised:
        plan(scenario, method="structured")
    assert any("at most 9 units" in line for line in raised.value.conflict)


@pytest.mark.parametrize(
    ("hours", "workers"), [("days:1", 1), pytest.param("hours:96", 1, marks=pytest.mark.long), ("hours:96", 2)]
)
def test_duals_that_grow_without_end_prove_that_there_is_no_plan(
    hours: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else is asked, whatever the time limit; what HiGHS can satisfy is never said to be so."""
    monkeypatch.setattr(feasibility, "infeasibility", None)
    starter = on_hours(load("starter"), Hours.parse(hours))
    demand = starter["demand"]
    much = replace(starter, tables={**starter.tables, "demand": demand.assign(units=1e3 * demand["units"])})
    with pytest.raises(InfeasibleError):
        solve(flatten(assemble(much).model), Options(workers=workers, time_limit=600.0))
    assert solve(flatten(assemble(starter).model), Options(workers=workers)).gap <= GAP


@pytest.mark.parametrize("over", [1.0001, 1.01, 1.2])
def test_where_hardly_anything_is_missing_duals_prove_it_too(over: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days of `starter` can have 1.5255 times its demand, as bisection by the simplex says, and no more."""
    starter = first_hours(load("starter"), 48)
    demand = starter["demand"]

    def times(factor: float) -> LinearProgram:
        much = demand.assign(units=factor * demand["units"])
        return flatten(assemble(replace(starter, tables={**starter.tables, "demand": much})).model)

    least, most = times(1.5255), times(1.5256)
    assert feasibility.infeasibility(least)[0] == 0.0 < feasibility.infeasibility(most)[0]
    assert solve(least).gap <= GAP
    told: list[str] = []
    note = Termination.is_infeasible
    monkeypatch.setattr(
        Termination, "is_infeasible", lambda termination, y: (note(termination, y), told.append(termination.log[-1]))[0]
    )
    monkeypatch.setattr(feasibility, "infeasibility", None)
    with pytest.raises(InfeasibleError):
        solve(times(1.5256 * over))
    assert told[-1].strip() == "duals prove that there is no plan"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No memory for others to look for a contradiction, and no iterate that proves one."""
    monkeypatch.setattr(feasibility, "BYTES", 1e12)
    monkeypatch.setattr(feasibility, "infeasibility", None)
    monkeypatch.setattr(Termination, "is_infeasible", lambda termination, y: False)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("over", "workers", "limit"), [(1.0001, 1, None), (10.0, 1, 600.0), (10.0, 2, None)])
def test_the_elastic_form_proves_that_there_is_no_plan(
    over: float, workers: int, limit: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two days of `starter` can have 1.5255 times its demand (above). A time limit is no reason not to ask."""
    starter = first_hours(load("starter"), 48)
    demand = starter["demand"]
    much = demand.assign(units=1.5256 * over * demand["units"])
    flat = flatten(assemble(replace(starter, tables={**starter.tables, "demand": much})).model)
    with monkeypatch.context() as during:
        during.setattr(csr_matrix, "whole", None)  # no matrix is made of it
        with pytest.raises(InfeasibleError) as raised:
            solve(flat, Options(workers=workers, time_limit=limit, confirm=lambda _: pytest.fail("it is no plan")))
    assert raised.value.proof is not None
    assert weak_duality.contradiction(flat, raised.value.proof) > 0.0


@pytest.mark.parametrize("elastic", [False, True])
def test_multipliers_of_a_model_too_large_to_search_lead_to_what_conflicts(
    elastic: bool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One hour of 5,000 asks for too much, which shows in the whole alone."""
    model = scarce(busiest=900.0)
    if elastic:
        request.getfixturevalue("alone")
    with pytest.raises(InfeasibleError) as raised:
        solve(flatten(model))
    monkeypatch.setattr(relaxation_ladder, "LARGEST", 1)
    assert raised.value.proof is not None
    assert iis.explain(model, said, proof=raised.value.proof) == SCARCE
    assert iis.explain(model, said) == iis.Conflict((), False, relaxation_ladder.WHOLE)


def test_what_contradicts_is_looked_for_in_what_is_left_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is left after a search that took all of it; where nothing is found, how the search ended is told."""
    asked: list[float] = []

    def slow(_: LinearProgram, options: Options) -> tuple[float, Array]:
        asked.append(np.inf if options.time_limit is None else options.time_limit)
        raise SolverError("nothing was found")

    monkeypatch.setattr(feasibility, "infeasibility", slow)
    monkeypatch.setattr(main_loop, "MOST", 2)
    flat = flatten(assemble(on_hours(load("starter"), Hours.parse("hours:4"))).model)
    with pytest.raises(UnprovenError, match="no proof within 2 iterations"):
        solve(flat, Options(time_limit=600.0))
    assert 0.0 < asked.pop() < 600.0
    with pytest.raises(UnprovenError, match="time limit"):
        solve(flat, Options(time_limit=0.0))
    assert not asked
    with pytest.raises(UnprovenError, match="no proof within 2 iterations"):
        solve(flat)
    assert asked == [np.inf]


@pytest.mark.usefixtures("alone")
def test_what_the_elastic_form_can_satisfy_is_not_called_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Termination._is_small
    monkeypatch.setattr(
        Termination, "_is_small", lambda termination, gap: termination.gap > GAP and asked(termination, gap)
    )
    with pytest.raises(UnprovenError, match="no progress"):
        solve(flatten(assemble(on_hours(load("starter"), Hours.parse("hours:4"))).model), Options(gap=GAP))


@pytest.mark.usefixtures("alone")
def test_without_a_proof_of_the_elastic_form_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_loop, "MOST", 2)
    with pytest.raises(UnprovenError, match="no proof within 2 iterations"):
        solve(flatten(assemble(on_hours(load("starter"), Hours.parse("hours:4"))).model))


def test_other_objectives_and_solvers_are_refused() -> None:
    with pytest.raises(ScenarioError, match="least cost only; use --method direct"):
        plan(country(3, 2, hours="hours:2", objective="carbon"), method="structured")
    with pytest.raises(ScenarioError, match="cannot be ipx as well"):
        plan(small(), Options(solver="ipx"), method="structured")


def test_a_cost_that_falls_without_end_is_told_with_what_grows() -> None:
    """Each piece of equipment bought brings in a million; nothing keeps anybody from buying."""
    flat = flatten(assemble(country(5, 4, hours="hours:48")).model)
    cost = flat.cost.copy()
    flat.part(cost, flat.model.columns["build"])[:] = -1.0
    endless = replace(flat, cost=cost)
    said = r"the cost can fall without end.* grow .*build site-"
    with pytest.raises(UnboundedError, match=said):
        solve(endless)
    with pytest.raises(UnboundedError, match=said):  # HiGHS, asked first, says less of it
        method_choice.solve(endless, Options())


def test_costs_below_nothing_are_no_fall_without_end() -> None:
    """1,000 of what brings in 3 each, and its room costs 1; then a tenth of what they are sold for."""
    matrix, rows = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]]), ([0.0, 0.0], [0.0, 1000.0])
    for income in (3.0, 1e3, 1e6):
        flat = linear(matrix + np.array([[0, 0, 0], [1, 0, 0]]), *rows, [0] * 3, [np.inf] * 3, [-income, 1.0, 0.0])
        assert solve(flat, Options(gap=GAP)).objective == pytest.approx(1000.0 * (1.0 - income), rel=2 * GAP)


def test_a_free_column_is_refused_by_name() -> None:
    flat = linear(np.ones((1, 2)), [1], [np.inf], [0, -np.inf], [1, 1], [1, 1])
    with pytest.raises(SolverError, match=r"^x 1 \(period 0\) has an upper but no lower bound"):
        solve(flat)


def test_time_is_kept_and_progress_told() -> None:
    flat = flatten(assemble(country(6, 4)).model)
    told: list[Progress] = []
    with pytest.raises(SolverError, match="time limit"):
        solve(flat, Options(time_limit=0.0), told.append)
    assert told[0].stage == "structured"


def test_without_a_proof_the_row_that_is_missed_most_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here every plan is said to miss too much; a demand that is far too large for its own row is the one."""
    flat = flatten(assemble(country(3, 2, hours="hours:6")).model)
    plan_of = Termination.satisfies_rows
    kept: list[Array] = []

    def misses(termination: Termination, columns: Array) -> bool:
        found = plan_of(termination, columns)
        if termination._stray is not None:
            termination._stray[flat.place(flat.model.columns["installed"], 0, 0, 0)] = 0.0
            kept.append(termination._stray)
        return found

    monkeypatch.setattr("gnomon.interior_point.iterations.termination.FEASIBLE", -1.0)
    monkeypatch.setattr(Termination, "satisfies_rows", misses)
    with pytest.raises(UnprovenError) as raised:
        solve(flat, Options(gap=1e-3), refute=False)
    missed = weak_duality.missed(flat, kept[-1], least=1e-7 * float(np.abs(kept[-1]).max()))
    assert missed.max() > 0.1
    assert flat.describe(int(missed.argmax()), rows=True) in raised.value.end
    assert "is missed by" in raised.value.end


def test_progress_says_how_far_it_is_and_never_goes_back() -> None:
    told: list[Progress] = []
    solve(flatten(assemble(country(6, 4)).model), Options(gap=GAP), told.append)
    far = [now.fraction for now in told if now.fraction is not None]
    assert far == sorted(far)
    assert far[0] == 0.0
    assert 0.8 < far[-1] <= 1.0


def test_one_thread_or_two_find_the_same() -> None:
    flat = flatten(assemble(country(6, 4, hours="hours:33")).model)
    one, two = (solve(flat, Options(threads=threads)) for threads in (1, 2))
    assert one.objective == pytest.approx(two.objective, rel=2 * GAP)


@pytest.mark.parametrize(
    ("gaps", "tried"),
    [
        ([1e-4, 2e-5, 8e-6, 3e-6], [3]),  # digits are cheap: one more is waited for
        ([1e-4, 2e-5, 9.4e-6, 6.4e-6, 5.9e-6, 5.6e-6, 5.2e-6], [3, 3 + LATER]),  # they are not
        ([1e-4, 2e-5, 1.2e-5, 1.1e-5, 1.05e-5], []),  # not within the gap that is asked
        ([4e-6, 1e-6, 9e-7], [0, 1, 2]),  # within a tenth of it, each is tried
    ],
)
def test_a_proof_is_tried_when_digits_are_no_longer_cheap(gaps: list[float], tried: list[int]) -> None:
    """As on other days of `guizhou-days`, where rounding left 5e-6 that no iteration took away."""
    trials = ProofAttempts(1e-5)
    assert [count for count, gap in enumerate(gaps) if trials.due(count, gap, 1e-9)] == tried
    assert not ProofAttempts(1e-5).due(0, 1e-9, 2e-1), "rows are not met"
    rough = ProofAttempts(1e-5)
    assert [count for count in range(5) if rough.due(count, 4e-7, 2e-2)] == [0, LATER], "rows are not met, but nearly"
    assert ProofAttempts(1e-5).due(0, 1e-9, 1e-4), "and will be for the proof"
    assert not ProofAttempts(1e-6).due(0, 1e-9, 1e-4), "which asks for more digits than that gives"
