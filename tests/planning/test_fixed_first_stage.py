"""What a member costs after orders for another future: exact where they give, and unknown rather than the end of a plan."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from gnomon.highs import solver_sequence
from gnomon.methods import method_choice
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.strategies import resource_estimates, strategy_order
from tests.optimum.test_newsvendor import FRAMES, TWO, newsvendor
from tests.scenarios import frame
from xisuan.cli.terminal import result_lines
from xisuan.equations.build_model import assemble
from xisuan.errors import InfeasibleError, SolverError
from xisuan.planning import fixed_first_stage as module
from xisuan.planning import two_stage_program as planning
from xisuan.planning.fixed_first_stage import LOOSE, FixedStageCost, fixed_stage_cost
from xisuan.report.pages import two_stage_page as page
from xisuan.results.storage.two_stage_store import load_two_stage, save_two_stage, two_stage_document
from xisuan.results.two_stage import TwoStage
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants import members
from xisuan.text.translation import Translator
from xisuan.workflow.two_stage import two_stage

SIMPLEX = Options(solver="simplex")


def flats(scenario: Scenario) -> list[LinearProgram]:
    """The models of the members of a scenario."""
    return [flatten(assemble(one.scenario).model) for one in members.members(scenario)]


def orders(flat: LinearProgram, amounts: list[float]) -> np.ndarray:
    """A solution that orders so much equipment, and of which nothing else counts."""
    x = np.zeros(len(flat.lower))
    flat.part(x, flat.model.columns["build"])[0] = amounts
    return x


def unsolved(*times: int) -> object:
    """`_Wanted.cost`, which fails at these attempts, counted from 0."""
    cost, tried = module._FirstStage.cost, []

    def failing(self: module._FirstStage, *given: object) -> float:
        tried.append(given)
        if len(tried) - 1 in times:
            raise SolverError("simplex: it stopped in the middle")
        return cost(self, *given)  # type: ignore[arg-type]

    return failing


def test_what_orders_save_by_giving_is_added_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """96 servers where 120 are asked for: 96 + 2 × 24 = 144, and each server more would save 1. They may give by 96
    millionths, which alone would make it 143.9999; where 80 are asked for each server less saves 1, and it is 96.
    """
    low, high = flats(newsvendor(2.0, TWO))
    for flat, by_hand in ((low, 96.0), (high, 144.0)):
        monkeypatch.setattr(module._FirstStage, "cost", unsolved(0))
        found = fixed_stage_cost(flat, flat, orders(flat, [96.0]), 1, SIMPLEX)
        monkeypatch.undo()
        assert found.mcny == pytest.approx(by_hand, rel=1e-10)
        assert fixed_stage_cost(flat, flat, orders(flat, [96.0]), 1, SIMPLEX).mcny == pytest.approx(by_hand, rel=1e-12)


def test_a_small_order_may_be_as_rough_as_the_largest_of_its_kind_by_hand() -> None:
    """Two places that must serve their own, 100,000 units and one: 3 millionths short in the small one leave no plan by
    themselves, and are beyond what its order says; beside 100,000 they are rounding. Half short is no plan.
    """
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["regions"] = frame("region,lat,lon\nshop,31,121\nbig,31,100\n")
    tables["sites"] = frame("site,kind,lat,lon,node\nstall,campus,31,121,shop\nhall,campus,31,100,big\n")
    tables["links"] = frame("link,from,to,length_km,capacity_gbps\nl,shop,big,2000,1\n")
    tables["workloads"] = frame("workload,class,latency_ms,gbps_per_unit\nweb,general,1,0.000001\n")
    tables["demand"] = frame("region,workload,period,units\nshop,web,2026,1\nbig,web,2026,100000\n")
    scenario = load.build({"name": "two", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables)
    flat = flatten(assemble(scenario).model)
    labels = flat.model.columns["build"].labels
    for short, cost in ((0.0, 100001.0), (3e-6, 100001.0), (0.5, math.inf)):
        amounts = [1.0 - short if label[0] == "stall" else 100000.0 for label in labels]
        found = fixed_stage_cost(flat, flat, orders(flat, amounts), 1, SIMPLEX)
        assert found.mcny == pytest.approx(cost, rel=2 * LOOSE), short
        assert found.why == ""


def test_what_one_attempt_does_not_solve_another_may(monkeypatch: pytest.MonkeyPatch) -> None:
    (_, high) = flats(newsvendor(2.0, TWO))
    for times in ((0,), (0, 1)):
        monkeypatch.setattr(module._FirstStage, "cost", unsolved(*times))
        assert fixed_stage_cost(high, high, orders(high, [96.0]), 1, SIMPLEX).mcny == pytest.approx(144.0, rel=1e-9)
        monkeypatch.undo()
    monkeypatch.setattr(module._FirstStage, "cost", unsolved(0, 1, 2))
    found = fixed_stage_cost(high, high, orders(high, [96.0]), 1, SIMPLEX)
    assert math.isnan(found.mcny)
    assert found.why == "simplex: it stopped in the middle"


def test_a_future_that_offers_something_else_is_unknown_and_no_error() -> None:
    low, _ = flats(newsvendor(2.0, TWO))
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["technologies"] = tables["technologies"].assign(technology="other")
    tables["workloads"] = frame("workload,class\nweb,general\n")
    scenario = load.build({"name": "n", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables)
    other = flatten(assemble(scenario).model)
    found = fixed_stage_cost(low, other, np.zeros(len(other.lower)), 1, SIMPLEX)
    assert math.isnan(found.mcny)
    assert "differ in what may be ordered" in found.why


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> TwoStage:
    """A plan whose second member is not solved after the orders of the mean."""
    answers = iter([FixedStageCost(96.0), FixedStageCost(math.nan, "simplex: the time limit was reached")])
    monkeypatch.setattr(module, "fixed_stage_cost", lambda *_: next(answers))
    return two_stage(newsvendor(2.0, TWO))


def test_a_plan_is_not_lost_by_what_is_told_beside_it(blind: TwoStage, tmp_path: Path) -> None:
    """Its cost, what knowing is worth and its certificate are as ever; what is unknown is null, with the reason."""
    assert blind.objective == pytest.approx(112.0)
    assert blind.perfect_information == pytest.approx(16.0)
    assert blind.certificate is not None
    assert blind.certificate.ok
    assert math.isnan(blind.mean_value)
    assert math.isnan(blind.stochastic_solution)
    again = load_two_stage(save_two_stage(blind, tmp_path / "run"))
    assert again.mean_why == blind.mean_why == "simplex: the time limit was reached"
    assert math.isnan(again.members[1].mean_mcny)
    head = json.loads((tmp_path / "run" / "plan.json").read_text())
    assert head["stochastic_solution_mcny"] is None
    assert head["mean_value_mcny"] is None
    assert head["mean_value_why"] == blind.mean_why
    assert [row["mean_why"] for row in head["members"]] == ["", blind.mean_why]


def test_what_is_not_known_is_said_in_words(blind: TwoStage) -> None:
    for language, said, cell in (("en", "is not known", "unknown"), ("zh", "成本未知", "未知")):
        assert any(said in text for text in page.sentences(blind, language))  # type: ignore[arg-type]
        lines = "\n".join(result_lines.two_stage_lines(blind, Translator(language)))  # type: ignore[arg-type]
        assert cell in lines
        assert "no plan left" not in lines
        markup = page.html(blind, language)  # type: ignore[arg-type]
        assert said in markup
        assert "nan" not in markup.replace("finance", "")
    labels = [key.label for key in page.sections(blind, "en")[0].blocks[0].keys]  # type: ignore[union-attr]
    assert not any("not for their mean" in label for label in labels)


def test_no_plan_left_in_one_member_outweighs_what_is_unknown_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([FixedStageCost(math.nan, "unsolved"), FixedStageCost(math.inf)])
    monkeypatch.setattr(module, "fixed_stage_cost", lambda *_: next(answers))
    found = two_stage(newsvendor(2.0, TWO))
    assert found.mean_value == math.inf
    assert found.mean_why == ""
    assert two_stage_document(found)["mean_value_why"] == ""


def test_a_mean_that_is_not_solved_is_unknown_in_every_member(monkeypatch: pytest.MonkeyPatch) -> None:
    solve, done = planning._Task.solve, []

    def failing(self: planning._Task, flat: LinearProgram) -> object:
        done.append(flat)
        if len(done) == 3:  # after the two members comes their mean
            raise SolverError("ipx: out of digits")
        return solve(self, flat)

    monkeypatch.setattr(planning._Task, "solve", failing)
    found = two_stage(newsvendor(2.0, TWO))
    assert found.objective == pytest.approx(112.0)
    assert [one.mean_why for one in found.members] == ["ipx: out of digits"] * 2


def test_members_that_are_large_are_solved_by_the_structured_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after the orders of the mean: 96 servers cost 96, and 2 × 24 more where 120 are asked for."""
    monkeypatch.setattr(strategy_order.Request, "is_structured_preferred", True)
    solved: list[LinearProgram] = []
    structured = method_choice._run_structured_first
    monkeypatch.setattr(
        method_choice,
        "_run_structured_first",
        lambda flat, *options, **more: (solved.append(flat), structured(flat, *options, **more))[1],
    )
    monkeypatch.setattr(solver_sequence, "solve", None)
    found = two_stage(newsvendor(2.0, TWO), Options(gap=1e-7))
    assert [one.mean_mcny for one in found.members] == pytest.approx([96.0, 144.0], rel=1e-6)
    assert found.stochastic_solution == pytest.approx(3.2, rel=1e-4)
    assert len(solved) == 6  # the members, their mean and all of them at once, and each after the orders of the mean


def test_whole_orders_that_are_held_are_no_integers_any_more() -> None:
    """Servers come in tens, and there are hours enough for a start on fewer: its model has the orders held, too.

    The structured method refuses integers."""
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["technologies"] = tables["technologies"].assign(module_units=10)
    tables |= {"workloads": frame(f"workload,class,unserved_mcny_per_unit_hour\nweb,general,{2.0 / 8760!r}\n")}
    settings = {"name": "n", "periods": [2026], "discount_rate": 0.0, "hours": "hours:48"}
    flat = flatten(assemble(load.build(settings, tables)).model)
    assert flat.integer.any()
    best = solver_sequence.solve(flat)
    assert best.objective == pytest.approx(100.0)

    fewer = np.where(flat.integer, 8.0, 0.8 * best.x)  # 80 servers, and 2 for each of 20 that go without
    for orders, cost in ((best.x, 100.0), (fewer, 120.0)):
        found = fixed_stage_cost(flat, flat, orders, 1, Options(gap=1e-8), None, "structured")
        assert (found.mcny, found.why) == (pytest.approx(cost, rel=1e-6), "")


def test_infeasible_is_infinite() -> None:
    """96 where 120 must be served."""
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables |= {"workloads": frame("workload,class\nweb,general\n"), "members": frame(TWO)}
    low, high = flats(load.build({"name": "n", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables))
    assert fixed_stage_cost(low, low, orders(low, [96.0]), 1, SIMPLEX).mcny == pytest.approx(96.0)
    assert fixed_stage_cost(high, high, orders(high, [96.0]), 1, SIMPLEX) == FixedStageCost(math.inf)
    with pytest.raises(InfeasibleError):
        module._FirstStage.of(high, high, orders(high, [96.0]), 1).cost(np.zeros(len(high.lower)), SIMPLEX, None)


def test_what_is_foretold_is_all_that_is_solved_and_before_any_of_it() -> None:
    """Two members and their mean by themselves, all at once, and two after the orders of the mean."""
    told: list[str] = []
    found = two_stage(newsvendor(2.0, TWO), SIMPLEX, progress=lambda stage: told.append(stage.text))
    first = next(at for at, text in enumerate(told) if text.startswith("planning "))
    assert any(text.startswith("2 members by themselves, their mean, each after its orders") for text in told[:first])
    low, _ = flats(newsvendor(2.0, TWO))
    one = resource_estimates.predict(*low.shape, low.nonzeros, "simplex").seconds[1]
    whole = resource_estimates.predict(found.effort.rows, found.effort.columns, found.effort.nonzeros, "simplex")
    assert found.effort.expected_seconds == pytest.approx(5 * one + whole.seconds[1], rel=0.05)
    assert found.effort.expected_mb > whole.memory_mb[1]
    solves = [member.alone.effort.seconds for member in found.members]
    assert found.effort.seconds > sum(solves) + found.members[0].plan.effort.seconds
