"""A contradiction that shows in a small part of the model is named before any solve, and nothing is named without one."""

from __future__ import annotations

import pytest

import xisuan as xs
from tests.scenarios import five, five_frames, frame
from xisuan.equations.assemble import assemble
from xisuan.planning import blame, plan
from xisuan.solver import highs

SETTINGS = {"name": "five", "periods": [2026, 2027], "hours": "hours:24"}


def with_rule(rule: str, value: float) -> xs.Scenario:
    frames = five_frames()
    frames["policies"] = frame(f"rule,scope,period,value,applies\n{rule},all,2027,{value},all")
    return xs.build(SETTINGS, {**frames, "budgets": frames["budgets"].iloc[:0]})


@pytest.mark.parametrize(("rule", "value"), [("carbon_cap_t", 10.0), ("water_cap_m3", 1.0), ("pue_max", 1.01)])
def test_names_the_rule(rule: str, value: float) -> None:
    error = blame.foreseen(assemble(with_rule(rule, value)))
    assert error is not None
    assert rule in str(error)


def test_names_nothing_where_there_is_a_plan() -> None:
    assert blame.foreseen(assemble(five())) is None


def test_large_models_are_looked_at_before_they_are_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "LARGE", 1)
    monkeypatch.setattr(plan, "chosen", lambda *_: pytest.fail)
    with pytest.raises(xs.InfeasibleError, match="carbon_cap_t"):
        plan.plan(with_rule("carbon_cap_t", 10.0))
