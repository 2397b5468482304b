"""Which method solves what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.strategies import full
from tests.scenarios import five, pair
from xisuan.cli import answer, summary
from xisuan.equations.assemble import assemble
from xisuan.errors import SolverError
from xisuan.interior import solve as interior
from xisuan.interior.solve import UnprovenError
from xisuan.planning import methods
from xisuan.planning.methods import chosen
from xisuan.planning.plan import plan
from xisuan.results import store
from xisuan.scenario.synthetic import country
from xisuan.solver import highs
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.solution import How, Progress


@pytest.fixture
def small() -> Flat:
    return flatten(assemble(full(1, hours="hours:3").build()).model)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model is large enough."""
    monkeypatch.setattr(methods, "worthwhile", lambda _: True)


def test_direct_is_highs_and_so_is_auto_for_what_is_small(small: Flat) -> None:
    assert chosen("direct", small, How(), "cost") is highs.solve
    assert chosen("auto", small, How(), "cost") is highs.solve


@pytest.mark.usefixtures("always")
def test_auto_leaves_to_highs_what_the_structured_method_cannot_take(small: Flat) -> None:
    assert chosen("auto", small, How(), "carbon") is highs.solve
    assert chosen("auto", small, How(solver="ipx"), "cost") is highs.solve
    whole = flatten(assemble(five(integer=True)).model)
    assert chosen("auto", whole, How(), "cost") is highs.solve


def test_half_a_million_numbers_are_worth_it() -> None:
    assert not methods.worthwhile(flatten(assemble(country(4, 3)).model))
    assert methods.worthwhile(flatten(assemble(country(31, 18, hours="hours:48")).model))


@pytest.mark.usefixtures("always")
def test_auto_is_the_structured_method_and_says_when_it_goes_on(small: Flat, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    solve = chosen("auto", small, How(), "cost")
    exact = solve(small, How(), told.append)
    assert exact.solver == "structured"

    def fails(*_: object) -> None:
        raise UnprovenError("no progress beyond a gap of 1e-3")

    monkeypatch.setattr(interior, "solve", fails)
    other = solve(small, How(), told.append)
    assert other.solver == "simplex"
    assert other.objective == pytest.approx(exact.objective, rel=2e-6)
    assert other.gave_up == "no progress beyond a gap of 1e-3"
    assert exact.gave_up == ""
    assert any("found no proof" in one.stage for one in told)
    with pytest.raises(SolverError):
        chosen("structured", small, How(), "cost")(small, How(), None)


@pytest.mark.usefixtures("always")
def test_a_plan_says_that_another_method_gave_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On the terminal, in plan.json and in the plan read back; and what was expected of the solve beside what it took."""

    def fails(*_: object) -> None:
        raise UnprovenError("no progress beyond a gap of 1e-3")

    monkeypatch.setattr(interior, "solve", fails)
    found = plan(pair())
    assert (found.effort.method, found.effort.gave_up) == ("direct", "no progress beyond a gap of 1e-3")
    store.save(found, tmp_path / "run")
    assert store.plan_document(found)["gave_up"] == found.effort.gave_up
    assert store.load_run(tmp_path / "run").plan.effort == found.effort
    text = " ".join(" ".join(summary.plan_lines(found, answer.speech("en", found.scenario))).split())
    assert "Warning the structured method ended without a proof (no progress beyond a gap of 1e-3)" in text
    assert "expected: " in text
