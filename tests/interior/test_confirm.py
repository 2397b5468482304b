"""Iterations go on until whoever is to confirm an answer does: nothing that the solver proves by itself is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import pytest

from tests.interior.test_team import threaded
from xisuan.certificate.certify import certify
from xisuan.dispatch.operate import operate
from xisuan.equations.assemble import assemble
from xisuan.interior.solve import UnprovenError, solve
from xisuan.planning import methods
from xisuan.planning.plan import plan
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.synthetic import country
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.solution import How, Solution

GAP = 1e-3


@cache
def scenario() -> Scenario:
    return country(5, 4, hours="hours:96")


@cache
def flat() -> Flat:
    return flatten(assemble(scenario()).model)


@cache
def little() -> Flat:
    return flatten(assemble(country(3, 2, hours="hours:12")).model)


@cache
def at_once() -> Solution:
    return solve(flat(), How(gap=GAP))


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
    how = How(gap=GAP, confirm=refusing(2, asked), workers=workers, recruit=threaded if workers > 1 else None)
    found = solve(flat(), how)
    assert len(asked) == 3
    assert found.x is asked[-1].x
    assert all(-1e-6 <= one.gap <= GAP for one in asked)
    assert found.iterations > at_once().iterations
    assert found.iterations == asked[-1].iterations
    assert found.gap < at_once().gap
    assert found.log.count("it is none") == 2


def test_what_is_never_confirmed_is_no_answer() -> None:
    """What was said of the last one is told when no iteration gets any further."""
    asked: list[Solution] = []
    with pytest.raises(UnprovenError, match=r"no progress beyond a gap of .*; it is none: try"):
        solve(little(), How(gap=GAP, confirm=refusing(1000, asked)))
    assert asked[-1].gap <= 1e-8


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
    usual = plan(scenario(), How(gap=GAP), method="structured", check=partial(certify, scenario()))
    assert usual.certificate is not None
    proven = usual.certificate.gap(usual.objective)
    check = narrower(GAP - 0.5 * proven, scenario(), calls)
    found = plan(scenario(), How(gap=GAP), method="structured", check=check)
    assert len(calls) > 1
    assert calls[0].gap(calls[0].cost) == pytest.approx(GAP + 0.5 * proven)
    assert found.certificate is calls[-1]
    assert calls[-1].gap(calls[-1].cost) <= GAP
    assert found.gap < usual.gap
    assert found.effort.iterations > usual.effort.iterations
    assert certify(scenario(), found).ok


def test_a_certificate_that_does_not_hold_is_told_by_whoever_gives_up() -> None:
    """Then HiGHS plans, and its plan is certified as ever: none is made on the way."""
    condemned = Certificate(False, 1.0, 0.0, 0.0, {}, ("cost: another",))
    found = methods._in_turn(little(), How(gap=GAP, confirm=lambda _: condemned.doubt(GAP)), None)
    assert found.solver != "structured"
    assert found.gave_up.endswith("the certificate does not hold: cost: another")
    made = plan(scenario(), How(gap=GAP), method="direct", check=lambda _: pytest.fail("nobody is to be asked"))
    assert made.certificate is None


@pytest.mark.parametrize("gap", [1e-2, 1e-9])
def test_what_a_certificate_says_of_a_gap(gap: float) -> None:
    made = Certificate(True, 0.0, 100.0, 99.5, {})
    assert (made.doubt(gap) == "") == (gap >= 5e-3)
    assert made.doubt(1e-3) == "the certificate confirms a gap of 5.00e-03"


def test_an_operation_is_confirmed_period_by_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes on by itself until its certificate says so."""
    monkeypatch.setattr("xisuan.dispatch.operate.MANY", 1)
    made = plan(scenario(), How(gap=1e-6), method="structured")
    other = country(5, 4, hours="hours:48")
    asked: list[float] = []

    def check(found: Schedule) -> Certificate:
        asked.append(found.lower_bound)
        missing = 2 * GAP * found.cost_mcny if len(asked) == 1 else 0.0
        return Certificate(True, 0.0, found.cost_mcny, found.lower_bound - missing, {})

    schedule = operate(other, made, How(gap=GAP), check=check)
    assert schedule.effort.solver == "structured"
    assert len(asked) > 1
    assert schedule.certificate is not None
    assert schedule.certificate.lower_bound == asked[-1] == schedule.lower_bound
