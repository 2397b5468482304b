"""Which method solves what."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from gnomon.errors import InfeasibleError, OptionError, SolverError
from gnomon.highs import feasibility, solver_sequence
from gnomon.interior_point import solve as interior
from gnomon.interior_point.iterations import main_loop
from gnomon.interior_point.solve import UnprovenError
from gnomon.methods import method_choice
from gnomon.methods.method_choice import solve, strategies_for
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options, Purpose
from gnomon.runtime import memory
from gnomon.solution import Progress, Solution, Watch
from gnomon.strategies import resource_estimates, strategy_order
from gnomon.strategies.resource_estimates import Expectation, predict
from gnomon.strategies.strategy_order import Request, strategies_in_turn
from tests.laws.strategies import full
from tests.scenarios import five, pair
from xisuan.cli import main
from xisuan.cli.terminal import output, result_lines
from xisuan.equations.build_model import assemble
from xisuan.planning.expansion import plan
from xisuan.results.storage import run_store
from xisuan.scenario.variants.synthetic import country


@pytest.fixture
def small() -> LinearProgram:
    return flatten(assemble(full(1, hours="hours:3").build()).model)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model is large enough."""
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)


def test_direct_is_highs_and_auto_begins_with_it_where_the_model_is_small(small: LinearProgram) -> None:
    assert strategies_for("direct", small, Options()) == ("simplex", "ipx")
    assert strategies_for("auto", small, Options()) == ("simplex", "ipx", "structured")
    assert solve(small, Options()).solver == "simplex"


@pytest.mark.usefixtures("always")
def test_auto_leaves_to_highs_what_the_structured_method_cannot_take(small: LinearProgram) -> None:
    assert strategies_for("auto", small, Options(), "carbon") == ("simplex", "ipx")
    assert strategies_for("auto", small, Options(solver="ipx")) == ("ipx",)
    whole = flatten(assemble(five(integer=True)).model)
    assert strategies_for("auto", whole, Options(), "carbon") == ("mip", "simplex", "ipx")


@pytest.mark.parametrize(
    ("nonzeros", "purpose", "expected"),
    [
        (10_000, "plan", ("simplex", "ipx", "structured")),
        (100_000, "plan", ("ipx", "hipo", "simplex", "structured")),
        (1_000_000, "plan", ("structured", "hipo", "ipx", "simplex")),
        (10_000, "operation", ("simplex", "ipx")),
        (1_000_000, "operation", ("structured", "ipx", "simplex")),
        (100_000, "fixed orders", ("ipx", "hipo", "simplex")),
        (1_000_000, "fixed orders", ("structured", "ipx", "hipo", "simplex")),
    ],
)
def test_every_purpose_has_its_strategies_in_one_list(
    nonzeros: int, purpose: Purpose, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 10**11)
    request = Request(1, 1, nonzeros, options=Options(purpose=purpose))
    assert strategies_in_turn(request) == expected
    assert strategy_order.predict(request) == predict(1, 1, nonzeros, expected[0], options=request.options)


@pytest.mark.long
@pytest.mark.usefixtures("always")
def test_the_linear_models_around_branch_and_bound_are_solved_by_the_structured_method(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of which the optimum is that of HiGHS alone; what it is given has no integers, in the model of hours either."""
    whole = flatten(assemble(five(integer=True)).model)
    asked: list[LinearProgram] = []

    def structured(
        flat: LinearProgram, options: Options, watch: Watch, *, refute: bool, near: object = None
    ) -> Solution:
        asked.append(flat)
        return interior.solve(flat, options, watch, refute=refute)

    monkeypatch.setattr(method_choice, "_run_structured_first", structured)
    for options in (Options(), Options(solver="mip")):
        asked.clear()
        found = solve(whole, options)
        assert len(asked) == 2
    assert not any(block.integer for flat in asked for block in flat.model.columns.values())
    assert found.solver == "mip"
    assert found.objective == pytest.approx(solver_sequence.solve(whole).objective, rel=2e-4)


def test_where_no_solver_of_highs_has_an_answer_the_structured_method_has_the_last_word(
    small: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = solver_sequence.solve(small)
    wide = replace(exact, bound=exact.bound - 1.0, asked=1e-6)
    for end in (SolverError("no solver finished"), wide):

        def ends(*_: object, end: object = end) -> Solution:
            if isinstance(end, Solution):
                return end
            raise SolverError("no solver finished")

        monkeypatch.setattr(solver_sequence, "solve", ends)
        told: list[Progress] = []
        found = solve(small, Options(), told.append)
        assert found.solver == "structured"
        assert found.objective == pytest.approx(exact.objective, rel=2e-6)
        assert "no solver of HiGHS found a proof" in told[0].stage

    def fails(*_: object, **__: object) -> None:
        raise UnprovenError("no progress")

    monkeypatch.setattr(interior, "solve", fails)
    assert solve(small, Options()) is wide
    monkeypatch.setattr(solver_sequence, "solve", fails)
    with pytest.raises(UnprovenError):
        solve(small, Options())


def test_what_highs_has_no_memory_for_is_not_handed_to_it(
    small: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for the answer nor, by the structured method itself, for a contradiction."""

    def fails(*_: object, **__: object) -> None:
        raise UnprovenError("no progress")

    monkeypatch.setattr(memory, "available", lambda: 1e5)
    monkeypatch.setattr(solver_sequence, "solve", None)
    monkeypatch.setattr(feasibility, "infeasibility", None)
    monkeypatch.setattr(main_loop, "MOST", 2)
    with pytest.raises(UnprovenError, match="no proof within 2 iterations"):
        interior.solve(small)
    monkeypatch.setattr(interior, "solve", fails)
    with pytest.raises(SolverError, match=r"no progress; HiGHS would come next, but needs .* try a wider --gap"):
        method_choice._run_structured_first(small, Options(), None)


@pytest.mark.parametrize(
    ("limit", "free", "looks"), [(None, 1e12, True), (60.0, 1e12, False), (60.0, 1e5, True), (None, 1e5, True)]
)
def test_in_a_hurry_contradictions_are_left_to_highs_where_it_comes_next(
    limit: float | None, free: float, looks: bool, small: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def ends(*_: object, **more: object) -> None:
        asked.append(more["refute"])
        raise InfeasibleError("there is no plan")

    monkeypatch.setattr(memory, "available", lambda: free)
    monkeypatch.setattr(interior, "solve", ends)
    with pytest.raises(InfeasibleError):
        method_choice._run_structured_first(small, Options(time_limit=limit), None)
    assert asked == [looks]


def test_half_a_million_numbers_are_worth_it() -> None:
    assert not _prefers_structured(flatten(assemble(country(4, 3)).model))
    assert _prefers_structured(flatten(assemble(country(31, 18, hours="hours:48")).model))


def _prefers_structured(flat: LinearProgram) -> bool:
    return Request.of(flat, Options()).is_structured_preferred


def _both(nonzeros: int) -> tuple[Expectation, Expectation]:
    """Return what is expected of the structured method, and of the first solver of HiGHS."""
    direct = strategy_order.predict(Request(1, 1, nonzeros, method="direct"))
    return predict(1, 1, nonzeros, "structured"), direct


MEASURED = (
    (9_397, 0.17, 0.05),  # country(4, 3), a day
    (31_941, 0.30, 0.25),  # country(10, 6), a day
    (70_924, 0.68, 0.45),  # country(31, 18), six hours
    (85_886, 3.51, 1.14),  # guizhou-days, four hours
    (96_839, 0.58, 1.74),  # starter, four weeks
    (227_581, 6.47, 7.03),  # guizhou-days, twelve hours
    (278_275, 1.96, 4.99),  # country(31, 18), a day
    (984_956, 11.8, 201.0),  # china, a week, on the clock, as in benchmarks/results/a4_week.md
)
"""Non-zeros, and processor seconds of the structured method and of the solver of HiGHS that is in turn."""


@pytest.mark.parametrize(("nonzeros", "ours", "theirs"), MEASURED)
def test_what_is_chosen_was_never_much_slower(nonzeros: int, ours: float, theirs: float) -> None:
    """What was measured is what is said before a solve, and half as much again; a choice costs three seconds at most."""
    structured, direct = _both(nonzeros)
    for said, measured in ((structured, ours), (direct, theirs)):
        assert said.seconds[0] / 1.5 <= measured + 0.05
        assert measured <= 1.5 * said.seconds[2] + 0.1
    chosen_one = resource_estimates.is_structured_better(structured, direct, free_mb=64_000.0)
    assert (ours if chosen_one else theirs) <= min(ours, theirs) + 3.1
    assert chosen_one == (nonzeros > 281_000)


def test_the_method_that_fits_into_memory_is_taken() -> None:
    small, large = (_both(nonzeros) for nonzeros in (100_000, 900_000))
    assert [round(one.memory_mb[1]) for one in (*small, *large)] == [415, 240, 535, 1280]
    assert not resource_estimates.is_structured_better(*small, free_mb=300.0)
    assert not resource_estimates.is_structured_better(*small, free_mb=100.0)
    assert resource_estimates.is_structured_better(*large, free_mb=1_000.0)
    assert resource_estimates.is_structured_better(*large, free_mb=100.0)
    slow = replace(large[0], seconds=(1e3, 1e4, 1e5))
    assert not resource_estimates.is_structured_better(slow, large[1], free_mb=2_000.0)
    assert resource_estimates.is_structured_better(slow, large[1], free_mb=1_000.0)


def test_what_is_free_is_asked_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = flatten(assemble(country(31, 18, hours="hours:6")).model)
    assert not _prefers_structured(flat)
    little = predict(1, 1, 10, "simplex")
    wide = replace(little, memory_mb=(1e5, 1e5, 1e5))

    def expects(_rows: int, _columns: int, _nonzeros: int, solver: str, **_: object) -> Expectation:
        return little if solver == "structured" else wide

    monkeypatch.setattr(resource_estimates, "predict", expects)
    monkeypatch.setattr(memory, "available", lambda: 2 * 10**11)
    assert not _prefers_structured(flat)
    monkeypatch.setattr(memory, "available", lambda: 10**9)
    assert _prefers_structured(flat)


@pytest.mark.usefixtures("always")
def test_auto_is_the_structured_method_and_says_when_it_goes_on(
    small: LinearProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Progress] = []
    exact = solve(small, Options(), told.append)
    assert exact.solver == "structured"

    def fails(*_: object, **__: object) -> None:
        raise UnprovenError("no progress beyond a gap of 1e-3")

    monkeypatch.setattr(interior, "solve", fails)
    other = solve(small, Options(), told.append)
    assert other.solver == "simplex"
    assert other.objective == pytest.approx(exact.objective, rel=2e-6)
    assert other.gave_up == "no progress beyond a gap of 1e-3"
    assert exact.gave_up == ""
    assert any("no proof that is confirmed" in one.stage for one in told)
    with pytest.raises(SolverError):
        solve(small, Options(), method="structured")


@pytest.mark.usefixtures("always")
def test_a_plan_says_that_another_method_gave_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On the terminal, in plan.json and in the plan read back; and what was expected of the solve beside what it took."""

    def fails(*_: object, **__: object) -> None:
        raise UnprovenError("no progress beyond a gap of 1e-3")

    monkeypatch.setattr(interior, "solve", fails)
    found = plan(pair())
    assert (found.effort.method, found.effort.gave_up) == ("direct", "no progress beyond a gap of 1e-3")
    run_store.save(found, tmp_path / "run")
    assert run_store.plan_document(found)["gave_up"] == found.effort.gave_up
    assert run_store.load_run(tmp_path / "run").plan.effort == found.effort
    text = " ".join(" ".join(result_lines.plan_lines(found, output.speech("en", found.scenario))).split())
    assert (
        "Warning the structured method has no proof, or none that is confirmed (no progress beyond a gap of 1e-3)"
        in text
    )
    assert "expected: " in text


@pytest.mark.parametrize("asked", [Options(workers=3), Options(scratch=Path("somewhere"))])
def test_what_only_the_structured_method_can_use_is_never_asked_in_vain(small: LinearProgram, asked: Options) -> None:
    """`auto` then takes it where it can; elsewhere the option is refused by its name, with the reason, in both languages."""
    option = "--workers: 3" if asked.workers == 3 else "--scratch: somewhere"
    assert strategies_for("auto", small, asked) == ("structured", "simplex", "ipx")
    whole = flatten(assemble(five(integer=True)).model)
    for method, flat, options, objective, code in (
        ("direct", small, asked, "cost", "unused-with-direct"),
        ("auto", whole, asked, "cost", "unused-with-integers"),
        ("auto", small, replace(asked, solver="ipx"), "cost", "unused-with-solver"),
        ("auto", small, asked, "carbon", "unused-with-objective"),
    ):
        with pytest.raises(OptionError) as refused:
            strategies_for(method, flat, options, objective)
        assert option in str(refused.value)
        assert refused.value.code == code
    both = replace(asked, workers=4, scratch=Path("here"), recruit=lambda _: nullcontext())
    with pytest.raises(OptionError) as refused:
        strategies_for("direct", small, both)
    assert refused.value.options == {"--cluster": "3 workers", "--scratch": "here"}


@pytest.mark.parametrize("options", [("--workers", "2"), ("--scratch", "files")])
def test_the_command_refuses_it_as_wrong_input(
    options: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "run")
    assert main.invoke(["plan", "starter", "--out", out, "--method", "direct", *options]) == 2
    assert options[0] in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
