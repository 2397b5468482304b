"""Iterations go on until whoever is to confirm an answer does: nothing that the solver proves by itself is enough."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import pytest

from gnomon.interior_point.iterations import main_loop
from gnomon.interior_point.solve import solve
from gnomon.methods import method_choice
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.solution import Progress, Solution
from gnomon.strategies import strategy_order
from tests.gnomon_scenarios.runtime.test_process_team import threaded
from xisuan.certificate.certify_plan import certify
from xisuan.dispatch.economic_dispatch import operate
from xisuan.equations.build_model import assemble
from xisuan.errors import SolverError
from xisuan.planning.expansion import plan
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.synthetic import country

GAP = 1e-3


@cache
def scenario() -> Scenario:
    return country(5, 4, hours="hours:96")


@cache
def flat() -> LinearProgram:
    return flatten(assemble(scenario()).model)


@cache
def little() -> LinearProgram:
    return flatten(assemble(country(3, 2, hours="hours:12")).model)


@cache
def at_once() -> Solution:
    return solve(flat(), Options(gap=GAP))


def refusing(times: int, asked: list[Solution]) -> Callable[[Solution], str]:
    """Who refuses so many answers, and keeps all that it is asked about."""

    def confirm(found: Solution) -> str:
        asked.append(found)
        return "it is none" if len(asked) <= times else ""

    return confirm


@pytest.mark.parametrize("workers", [1, 3])
def test_what_is_refused_is_followed_by_better_ones(workers: int) -> None:
    """Each that is asked about is proven, and of another iterate, or moved from it; the one that is confirmed is the answer,
    and whoever shares the hours goes on as well."""
    asked: list[Solution] = []
    how = Options(gap=GAP, confirm=refusing(2, asked), workers=workers, recruit=threaded if workers > 1 else None)
    found = solve(flat(), how)
    assert len(asked) == 3
    assert found.x is asked[-1].x
    assert all(-1e-6 <= one.gap <= GAP for one in asked)
    assert found.iterations > at_once().iterations
    assert found.iterations == asked[-1].iterations
    assert found.gap < at_once().gap
    assert found.log.count("it is none") == 2


def test_what_is_never_confirmed_says_why() -> None:
    """After so many plans the last is what there is, with what was said of it. Nobody begins again, and no contradiction is
    looked for of what has plans."""
    asked: list[Solution] = []
    told: list[Progress] = []
    found = solve(little(), Options(gap=GAP, confirm=refusing(1000, asked)), told.append)
    assert found.x is asked[-1].x
    assert (found.doubt, found.short) == ("it is none", True)
    assert len(asked) == main_loop.REFUSED
    assert asked[-1].gap < asked[0].gap <= GAP
    counts = [one.iterations for one in told if one.stage == "structured"]
    assert counts == sorted(set(counts)), "it began once"


def test_what_is_refused_when_the_time_is_over_is_what_there_is() -> None:
    asked: list[Solution] = []

    def slow(found: Solution) -> str:
        asked.append(found)
        time.sleep(1.0)
        return "it is none"

    found = solve(little(), Options(gap=GAP, confirm=slow, time_limit=1.0))
    assert len(asked) == 1
    assert found.x is asked[0].x
    assert found.doubt


def narrower(share: float, given: Scenario, calls: list[Certificate]) -> Callable[[Plan], Certificate]:
    """A certificate whose bound leaves `share` of the cost more open than the one that there is."""

    def check(found: Plan) -> Certificate:
        made = certify(given, found)
        assert made.ok, made.findings
        calls.append(replace(made, lower_bound=made.lower_bound - share * made.cost))
        return calls[-1]

    return check


def test_a_plan_is_one_when_its_certificate_confirms_the_gap() -> None:
    """Where a certificate proves less than the solver, by so much that the usual answer is none, iterations go on; the one
    that confirms the gap is the plan's, and nobody makes another."""
    calls: list[Certificate] = []
    usual = plan(scenario(), Options(gap=GAP), method="structured", check=partial(certify, scenario()))
    assert usual.certificate is not None
    proven = usual.certificate.gap(usual.objective)
    check = narrower(GAP - 0.5 * proven, scenario(), calls)
    found = plan(scenario(), Options(gap=GAP), method="structured", check=check)
    assert len(calls) > 1
    assert calls[0].gap(calls[0].cost) == pytest.approx(GAP + 0.5 * proven)
    assert found.certificate is calls[-1]
    assert calls[-1].gap(calls[-1].cost) <= GAP
    assert found.gap < usual.gap
    assert found.effort.iterations > usual.effort.iterations
    assert certify(scenario(), found).ok


def _fails(*_: object) -> None:
    raise SolverError("no answer")


def test_where_no_certificate_holds_highs_plans_if_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan is certified when it is there: none is made on the way. Where it cannot, the last that was refused is what
    there is, and its certificate says what it is worth."""
    condemned = Certificate(False, 1.0, 0.0, 0.0, {}, ("cost: another",))
    given = country(3, 2, hours="hours:12")
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)
    found = plan(given, Options(gap=GAP), check=lambda _: condemned)
    assert found.effort.solver != "structured"
    assert found.effort.gave_up == "the certificate does not hold: cost: another"
    assert found.certificate is None
    assert certify(given, found).ok
    for hindered in ("memory", "highs"):
        with monkeypatch.context() as here:
            if hindered == "memory":
                here.setattr("gnomon.runtime.memory.available", lambda: 1)
            else:
                here.setattr(method_choice.solver_sequence, "solve", _fails)
            kept = plan(given, Options(gap=GAP), check=lambda _: condemned)
        assert (kept.status, kept.effort.solver) == ("feasible", "structured")
        assert kept.certificate is condemned
    made = plan(scenario(), Options(gap=GAP), method="direct", check=lambda _: pytest.fail("nobody is to be asked"))
    assert made.certificate is None


@pytest.mark.parametrize("gap", [1e-2, 1e-9])
def test_what_a_certificate_says_of_a_gap(gap: float) -> None:
    made = Certificate(True, 0.0, 100.0, 99.5, {})
    assert (made.doubt(gap) == "") == (gap >= 5e-3)
    assert made.doubt(1e-3) == "the certificate confirms a gap of 5.00e-03"
    above = Certificate(True, 0.0, 100.0, 100.1, {})
    assert above.doubt(gap) == "the certificate proves that no plan costs less than 100.1 mCNY, more than this one"


def test_an_operation_is_confirmed_period_by_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes on by itself until its certificate says so."""
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)
    years = [2026, 2028]
    made = plan(country(4, 3, hours="hours:24", periods=years), Options(gap=1e-6), method="structured")
    other, asked = country(4, 3, hours="hours:36", periods=years), list[tuple[int, float]]()

    def check(found: Schedule) -> Certificate:
        (year,) = found.scenario.settings.periods
        first = year not in dict(asked)
        asked.append((year, found.lower_bound))
        missing = 2 * GAP * found.cost_mcny if first else 0.0
        return Certificate(True, 0.0, found.cost_mcny, found.lower_bound - missing, {})

    schedule = operate(other, made, Options(gap=GAP), check=check)
    assert schedule.effort.solver == "structured"
    assert all(sum(year == one for year, _ in asked) > 1 for one in years)
    assert schedule.certificate is not None
    assert schedule.certificate.lower_bound == pytest.approx(sum(dict(asked).values()), rel=1e-12)
    assert schedule.lower_bound == pytest.approx(schedule.certificate.lower_bound, rel=1e-12)


def test_an_operation_that_is_never_confirmed_is_told_with_its_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where HiGHS has no memory; it operates the period where it has."""
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)
    made = plan(country(4, 3, hours="hours:24"), Options(gap=1e-6), method="structured")
    condemned = Certificate(False, 1.0, 0.0, 0.0, {}, ("cost: another",))
    other = country(4, 3, hours="hours:36")
    by_highs = operate(other, made, Options(gap=GAP), check=lambda _: condemned)
    assert by_highs.effort.solver == "simplex"
    monkeypatch.setattr("xisuan.dispatch.economic_dispatch.available_memory", lambda: 1)
    ours = operate(other, made, Options(gap=GAP), check=lambda _: condemned)
    assert ours.effort.solver == "structured"
    assert ours.certificate is not None
    assert ours.certificate.findings == condemned.findings
    assert ours.cost_mcny == pytest.approx(by_highs.cost_mcny, rel=2 * GAP)
