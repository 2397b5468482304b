"""HiGHS holds the same model whether it is given whole or by the slice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pytest

from gnomon.errors import SolverError
from gnomon.highs import model_transfer
from gnomon.highs.model_transfer import hand_over
from gnomon.highs.solver_sequence import solve
from gnomon.model.linear_program import flatten
from gnomon.options import Options, Solver
from gnomon.transforms.equilibration import equilibrate
from tests.gnomon.synthetic import network


def _engine() -> Any:
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    return engine


@pytest.mark.parametrize("modules", [False, True])
@pytest.mark.parametrize("scaled", [False, True])
def test_highs_holds_the_same_model_whole_or_by_the_slice(
    modules: bool, scaled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = replace(flatten(network(30, 4, 3, periods=2, modules=modules)), constant=7.0)
    given = equilibrate(flat).apply(flat) if scaled else flat
    held = []
    for sliced in (10**9, 0):
        monkeypatch.setattr(model_transfer, "SLICED", sliced)
        engine = _engine()
        hand_over(engine, given)
        held.append(engine.getLp())
    one, other = held
    names = ("col_cost_", "col_lower_", "col_upper_", "row_lower_", "row_upper_")
    matrices = [(lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_) for lp in held]
    assert one.a_matrix_.format_ == other.a_matrix_.format_
    assert one.offset_ == other.offset_ == given.constant
    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)
    assert all(np.array_equal(this, that) for this, that in zip(*matrices, strict=True))
    integer = [[kind == highspy.HighsVarType.kInteger for kind in lp.integrality_] for lp in held]
    assert integer[0] == given.integer.tolist()
    assert integer[1] == (given.integer.tolist() if modules else [])


@pytest.mark.parametrize("solver", ["hipo", "ipx", "simplex"])
def test_a_model_given_by_the_slice_has_the_same_answer(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    country = flatten(network(12, 6, 4, periods=2))
    whole = solve(country, Options(solver))
    monkeypatch.setattr(model_transfer, "SLICED", 0)
    sliced = solve(country, Options(solver))
    assert np.array_equal(sliced.x, whole.x)
    assert np.array_equal(sliced.row_dual, whole.row_dual)


def test_handing_over_by_the_slice_lets_the_matrix_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_transfer, "SLICED", 0)
    flat = flatten(network(4, 3, 2))
    before = flat.matrix
    hand_over(_engine(), flat)
    assert flat.matrix is not before


def test_a_slice_that_highs_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_transfer, "SLICED", 0)
    flat = flatten(network(4, 3, 2))
    engine = _engine()
    with pytest.raises(SolverError, match="HiGHS"):
        hand_over(engine, replace(flat, lower=np.full_like(flat.lower, np.inf)))
