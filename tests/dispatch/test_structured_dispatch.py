"""Operations by the structured method: as cheap as the simplex finds, whether work is short or not."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gnomon
from gnomon.highs import solver_sequence
from gnomon.interior_point import solve as interior
from gnomon.interior_point.distributed import checkpoint
from gnomon.interior_point.iterations import main_loop, multilevel_start
from gnomon.interior_point.iterations.termination import Termination
from gnomon.model import csr_matrix
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.solution import Progress, Solution
from tests.scenarios import first_hours, five
from xisuan.dispatch import dual_proof, economic_dispatch
from xisuan.dispatch.structured_dispatch import structured
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
    answer = structured(flat, assembly, Options(gap=gap), None)
    if answer is None:  # an operation that just fits has no interior; `operate` then asks HiGHS
        assert (which, year, times, gap) == ("starter", 2026, 1.0001, 1e-6)
        return
    exact = solver_sequence.solve(flat, VERTEX)
    penalties = dual_proof.penalty(assembly, flat.split_columns(exact.x))
    # The plan knows its own hours only, and some hour of this week of 2028 needs more.
    assert (penalties > 1.0) == (times > 1.0 or (which, year) == ("starter", 2028))
    paid = max(1.0, exact.objective - penalties)
    assert dual_proof.sharp(answer, penalties, Options(gap=gap))
    assert answer.objective == pytest.approx(exact.objective, abs=2.0 * gap * paid)
    assert weak_duality.violation(flat, answer.x) <= 1e-6
    assert answer.bound <= exact.objective + 1e-9 * abs(exact.objective)
    assert answer.bound == weak_duality.proven(flat, answer.row_dual, answer.objective), "of the whole model"


@pytest.mark.parametrize("known", [False, True], ids=["on other hours", "from the plan"])
def test_a_search_killed_on_its_way_to_a_finer_gap_goes_on_where_it_ended(
    known: bool, starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Work is short, so the first gap is hidden by penalties. The same call starts at the last iterate kept, not at fewer
    hours, and leaves none behind. A start from the plan keeps none: its attempt is short."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", math.inf)
    assembly, flat = operated(*starter, 2026, 1.02)
    how, counts = Options(gap=1e-4, kept=tmp_path), list[int]()
    near = (np.clip(np.ones(flat.shape[1]), flat.lower, flat.upper), np.zeros(flat.shape[0])) if known else None

    def watch(now: Progress, last: int) -> None:
        if now.stage == "structured":
            counts.append(now.iterations)
            if len(counts) > 1 and counts[-1] <= last < counts[-2]:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        structured(flat, assembly, how, partial(watch, last=1), near)
    kept = list(tmp_path.iterdir())
    assert kept
    monkeypatch.setattr(multilevel_start, "start_from_coarse", _never)
    found = structured(flat, assembly, how, partial(watch, last=-1))
    assert found is not None
    assert not list(tmp_path.iterdir())
    assert found.objective == pytest.approx(solver_sequence.solve(flat, VERTEX).objective, rel=1e-6)


def _never(*_: object) -> None:
    raise AssertionError


def test_the_solver_would_sell_what_its_rows_may_miss(starter: tuple[Scenario, Plan]) -> None:
    """With rows that may be exceeded by 1e-7 the plan of a period that is a little short costs less than its own bound."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2028, 1.0001)
    with pytest.raises(interior.UnprovenError):
        interior.solve(flat, Options(gap=1e-4), refute=False)
    answer = structured(flat, assembly, Options(gap=1e-4), None)
    assert answer is not None
    assert weak_duality.violation(flat, answer.x) <= 1e-6


def test_without_a_finer_answer_the_first_one_stands(
    starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where time is over after it, and where no answer is found at all there is none."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2026, 1.02)
    real, asked = interior.solve, list[float | None]()

    def once(flat: LinearProgram, options: Options, *of: Any, **more: Any) -> Solution:
        asked.append(options.gap)
        if len(asked) > 1:
            raise interior.UnprovenError("no progress")
        return real(flat, options, *of, **more)

    monkeypatch.setattr(gnomon, "solve_structured", once)
    first = structured(flat, assembly, Options(gap=1e-4), None)
    assert first is not None
    assert first.gap <= 1e-4
    assert asked[0] == 1e-4
    assert asked[1] is not None
    assert asked[1] < 1e-4
    assert structured(flat, assembly, Options(gap=1e-4), None) is None


def test_no_matrix_is_made_of_what_is_operated(starter: tuple[Scenario, Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor of work that is short, which takes a second search."""
    scenario, found = starter
    assembly, flat = operated(scenario, found, 2026, 1.02)
    monkeypatch.setattr(csr_matrix, "whole", None)
    assert structured(flat.without_matrix(), assembly, Options(gap=1e-4), None) is not None


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
