"""Operations found in two steps: as cheap as the simplex finds, whether work is short or not, and where both steps begin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gnomon
from gnomon.arrays import Array
from gnomon.highs import solver_sequence
from gnomon.interior_point import solve as interior
from gnomon.interior_point.distributed import checkpoint
from gnomon.interior_point.iterations import main_loop, multilevel_start, warm_start
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point
from gnomon.interior_point.iterations.termination import Termination
from gnomon.model import csr_matrix
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.runtime.threads import Threads
from gnomon.solution import Progress, Solution
from tests.golden.small import small
from tests.scenarios import first_hours, five
from xisuan.dispatch import dual_proof, economic_dispatch, two_step_shortfall
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario

VERTEX = Options(solver="simplex")


def operated(scenario: Scenario, found: Plan, year: int, times: float = 1.0) -> tuple[Assembly, LinearProgram]:
    """One period of a plan with so many times the demand, as it is assembled to be operated."""
    demand = scenario.tables["demand"]
    more = replace(scenario, tables={**scenario.tables, "demand": demand.assign(units=demand["units"] * times)})
    assembly = assemble(
        more, (year,), {name: of_year(of, found, year) for name, of in economic_dispatch.capacities(found).items()}
    )
    return assembly, flatten(assembly.model)


def of_year(of: economic_dispatch.Found, found: Plan, year: int) -> economic_dispatch.Found:
    return replace(of, values=of.values[[found.scenario.settings.periods.index(year)]])


@pytest.fixture(scope="module")
def starter() -> tuple[Scenario, Plan]:
    given = load("starter")
    return first_hours(given, 168), plan(given, VERTEX)


@pytest.fixture(scope="module")
def every_part() -> tuple[Scenario, Plan]:
    return five(hours="hours:6"), plan(five(hours="hours:12"), VERTEX)


@pytest.mark.parametrize("times", [1.0, 1.0001, 1.02], ids=["just fits", "a little short", "short"])
@pytest.mark.parametrize(("which", "year"), [("starter", 2026), ("starter", 2028), ("every_part", 2026)])
@pytest.mark.parametrize("gap", [1e-4, pytest.param(1e-6, marks=pytest.mark.long)])
def test_it_costs_what_the_simplex_finds(
    which: str, year: int, times: float, gap: float, request: pytest.FixtureRequest
) -> None:
    """Within the gap of what is paid beside penalties, which are up to ten thousand times that."""
    scenario, found = request.getfixturevalue(which)
    assembly, flat = operated(scenario, found, year, times)
    answer = two_step_shortfall.in_two_steps(flat, assembly, found, Options(gap=gap), None)
    if answer is None:  # an operation that just fits has no interior; `operate` then asks HiGHS
        assert (which, year, times, gap) in {("starter", 2026, 1.0001, 1e-6), ("starter", 2028, 1.0, 1e-4)}
        return
    exact = solver_sequence.solve(flat, VERTEX)
    penalties = dual_proof.penalty(assembly, flat.split_columns(exact.x))
    assert (penalties > 1.0) == (times > 1.0)
    paid = max(1.0, exact.objective - penalties)
    assert dual_proof.sharp(answer, penalties, Options(gap=gap))
    assert answer.objective == pytest.approx(exact.objective, abs=2.0 * gap * paid)
    assert weak_duality.violation(flat, answer.x) <= 1e-6
    assert answer.bound <= exact.objective + 1e-9 * abs(exact.objective)
    assert answer.bound == weak_duality.proven(flat, answer.row_dual, answer.objective), "of the whole model"


def test_the_first_step_offers_shortfall_at_some_times_the_price_of_work(starter: tuple[Scenario, Plan]) -> None:
    """Whose highest in the plan, undiscounted and of one hour, is a share of the price of shortfall, which is 1."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2028)
    prices = two_step_shortfall._prices(assembly, found)["unserved"]
    at = found.scenario.settings.periods.index(2028)
    dual, block = found.duals["work_balance"], flat.model.columns["unserved"]
    weight = found.scenario.timeline.weight
    penalty = {row.workload: row.unserved_mcny_per_unit_hour for row in scenario.tables["workloads"].itertuples()}
    for label, share in zip(block.labels, prices, strict=True):
        same = [i for i, other in enumerate(dual.labels) if other[1] == label[1]]
        highest = max(dual.values[at, hour, i] / weight[hour] for i in same for hour in range(len(weight)))
        price = 1.0 if np.isnan(penalty[label[1]]) else penalty[label[1]]
        assert share == pytest.approx(highest / float(assembly.given.discount[0]) / price, rel=1e-9)
    shares = {"unserved": np.minimum(1.0, 100.0 * prices)}
    offered = two_step_shortfall._offered(flat, shares)
    assert (
        offered.part(offered.cost, offered.model.columns["unserved"])[0] == block.cost[0] * shares["unserved"]
    ).all()
    others = [name for name in flat.model.columns if name != "unserved"]
    for name in others:
        block = flat.model.columns[name]
        assert (offered.part(offered.cost, offered.model.columns[name]) == flat.part(flat.cost, block)).all()
    assert (offered.matrix != flat.matrix).nnz == 0


def test_work_that_is_left_undone_for_money_keeps_its_price_and_no_other_shortfall_is_left() -> None:
    """Two kinds of work, of which one is left undone in the first step."""
    tables = {
        "workloads": "workload,class\nw,general\nv,general",
        "demand": "region,workload,period,units,profile\nr,w,2026,4,\nr,v,2026,2,",
    }
    found = plan(small(tables, {"periods": [2026]}), VERTEX)
    _, flat = operated(found.scenario, found, 2026)
    block = flat.model.columns["unserved"]
    workloads = [label[1] for label in block.labels]
    assert sorted(workloads) == ["v", "w"]
    shares = {"unserved": np.full(len(block), 0.5)}
    x = np.zeros(flat.shape[1])
    undone = flat.part(x, block)
    undone[..., workloads.index("v")] = 1.0
    undone[..., workloads.index("w")] = 1e-9
    cost = 1.0 + 0.5 * float(flat.part(flat.cost, block).ravel() @ undone.ravel())
    first = Solution(x, np.zeros(flat.shape[0]), cost, cost, "structured", 0, 0.0, "")
    hardly = two_step_shortfall._hardly_short(flat, shares, first, 1e-3)
    upper = flat.part(two_step_shortfall._out_of_the_question(flat, shares, hardly), block)
    assert (upper[..., workloads.index("w")] == 0.0).all()
    assert np.isposinf(upper[..., workloads.index("v")]).all()
    full = {"unserved": np.ones(len(block))}
    whole = two_step_shortfall._out_of_the_question(
        flat, full, two_step_shortfall._hardly_short(flat, full, first, 1e-3)
    )
    assert (whole == flat.upper).all(), "what has its own price may be left undone"


def test_the_second_step_begins_where_the_first_ended_whatever_that_misses(
    starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2026)
    begun: list[int] = []
    fewer = multilevel_start.start_from_coarse

    def counted(problem: FullProblem, threads: Threads, told: multilevel_start.ReportIteration) -> Point | None:
        begun.append(problem.form.flat.model.hours)
        return fewer(problem, threads, told)

    monkeypatch.setattr(multilevel_start, "start_from_coarse", counted)
    monkeypatch.setattr(warm_start, "MISSED", 0.0)
    answer = two_step_shortfall.in_two_steps(flat, assembly, found, Options(gap=1e-4), None)
    assert answer is not None
    assert answer.gap <= 1e-4
    assert begun.count(flat.model.hours) == 1


def test_who_is_killed_in_the_second_step_does_not_search_for_where_it_began(
    starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ended at the first iterate of the second step: the same call begins at the last one of the first, not at fewer hours,
    and leaves no iterate behind."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", math.inf)
    assembly, flat = operated(*starter, 2026)
    how, counts = Options(gap=1e-6, kept=tmp_path), list[int]()

    def watch(now: Progress, last: int) -> None:
        if now.stage == "structured":
            counts.append(now.iterations)
            if len(counts) > 1 and counts[-1] <= last < counts[-2]:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        two_step_shortfall.in_two_steps(flat, assembly, starter[1], how, partial(watch, last=1))
    ended = max(counts)
    assert list((tmp_path / two_step_shortfall.FIRST).iterdir())
    counts.clear()
    monkeypatch.setattr(multilevel_start, "start_from_coarse", _never)
    found = two_step_shortfall.in_two_steps(flat, assembly, starter[1], how, partial(watch, last=-1))
    assert found is not None
    assert counts[0] == ended
    assert not list(tmp_path.iterdir())
    assert found.objective == pytest.approx(solver_sequence.solve(flat, VERTEX).objective, rel=1e-6)


def _never(*_: object) -> None:
    raise AssertionError


@pytest.mark.parametrize(("times", "leeway"), [(1.0, True), (1.02, False)], ids=["just fits", "short"])
def test_rows_have_leeway_in_the_second_step_where_nothing_is_short(
    times: float, leeway: bool, starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And never in the first, in which shortfall is cheap."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2026, times)
    given, real = list[bool](), interior.solve

    def solve(*of: Any, **more: Any) -> Solution:
        given.append(more["leeway"])
        return real(*of, **more)

    monkeypatch.setattr(gnomon, "solve_structured", solve)
    assert two_step_shortfall.in_two_steps(flat, assembly, found, Options(gap=1e-4), None) is not None
    assert given[:2] == [False, leeway]
    assert set(given[1:]) == {leeway}


def test_no_matrix_is_made_of_what_is_operated(starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor of work that is short, which takes a third step."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2026, 1.02)
    monkeypatch.setattr(csr_matrix, "whole", None)
    assert two_step_shortfall.in_two_steps(flat.without_matrix(), assembly, found, Options(gap=1e-4), None) is not None


def test_a_price_that_was_too_low_proves_nothing(
    starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All shortfall is out of the question where some work cannot be done, or where it costs more than to leave it."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2026, 1.02)

    def nothing(flat: LinearProgram, offers: Mapping[str, Array], *_: object) -> Array:
        upper = flat.upper.copy()
        for name in offers:
            flat.part(upper, flat.model.columns[name])[...] = 0.0
        return upper

    monkeypatch.setattr(two_step_shortfall, "_out_of_the_question", nothing)
    assert two_step_shortfall.in_two_steps(flat, assembly, found, Options(gap=1e-4), None) is None
    offers = {"unserved": np.minimum(1.0, 100.0 * two_step_shortfall._prices(assembly, found)["unserved"])}
    _, enough = operated(scenario, found, 2026)
    cheap = replace(enough, cost=np.where(enough.cost > 0.5, 1e-6 * enough.cost, enough.cost))
    assert two_step_shortfall._after(offers, enough, assembly, Options(gap=1e-4), None) is not None
    assert two_step_shortfall._after(offers, cheap, assembly, Options(gap=1e-4), None) is None


@pytest.mark.parametrize("why", ["shortfall is as cheap", "no prices", "least carbon"])
def test_where_prices_say_nothing_one_step_is_enough(
    why: str, starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario, found = starter
    if why == "shortfall is as cheap":
        workloads = scenario.tables["workloads"].assign(unserved_mcny_per_unit_hour=1e-9)
        scenario = replace(scenario, tables={**scenario.tables, "workloads": workloads})
    elif why == "no prices":
        found = replace(found, duals={})
    else:
        found = replace(found, scenario=found.scenario.with_settings(objective="carbon"))
    assembly, flat = operated(scenario, found, 2026)
    tried: list[object] = []
    monkeypatch.setattr(two_step_shortfall, "_after", lambda *_: tried.append(True))
    assert two_step_shortfall.in_two_steps(flat, assembly, found, Options(gap=1e-4), None) is None
    assert not tried


def test_a_tentative_search_ends_where_nothing_is_left_to_gain(
    starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A little more work than fits, at the full price of shortfall, which one step does not prove to 1e-6: what is left of
    the gap is what rows miss, and a tentative search sees that; without it, it goes on."""
    scenario, found = starter
    _, flat = operated(scenario, found, 2026, 1.0001)
    told: list[int] = []
    tell = Termination.report

    def listening(termination: Termination, count: int, *of: object) -> None:
        told.append(count)
        tell(termination, count, *of)  # type: ignore[arg-type]

    monkeypatch.setattr(Termination, "report", listening)
    count = []
    for over in (main_loop.OVER, main_loop.MOST):
        monkeypatch.setattr(main_loop, "OVER", over)
        with pytest.raises(interior.UnprovenError):
            interior.solve(flat, Options(gap=1e-6), leeway=False, tentative=True, refute=False)
        count.append(len(told))
        told.clear()
    assert count[0] < count[1]
