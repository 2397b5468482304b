"""The LP text: exactly this, always the same, and read back by a solver as the same model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest

from gnomon.model.block_model import Model
from gnomon.model.coefficients import StoredCoefficients
from gnomon.model.linear_program import LinearProgram, flatten
from tests.gnomon.linear import linear
from tests.gnomon.model import lp_file
from tests.gnomon.synthetic import network
from tests.gnomon.timed import timed

GOLDEN = """\
minimize
 obj: 1.5 build(s-1,0) + 1.5 build(s2,0) - load(s-1,0,0) + 2 load(s2,0,0) - load(s-1,0,1)
   + 2 load(s2,0,1) + 3.25
subject to
 budget(0): build(s-1,0) + 100 build(s2,0) <= 7
 load_within(s-1,0,0): - 0.5 build(s-1,0) + load(s-1,0,0) >= -1
 load_within(s-1,0,0)~: - 0.5 build(s-1,0) + load(s-1,0,0) <= 0
\\ load_within(s2,0,0): 0 build(s-1,0) without a side
 load_within(s-1,0,1): - 0.5 build(s-1,0) + load(s-1,0,1) >= -1
 load_within(s-1,0,1)~: - 0.5 build(s-1,0) + load(s-1,0,1) <= 0
\\ load_within(s2,0,1): 0 build(s-1,0) without a side
bounds
 0 <= build(s-1,0) <= 4
 build(s2,0) free
 load(s2,0,0) >= 2
 load(s2,0,1) = 3
general
  build(s-1,0) build(s2,0)
end
""".replace("s-1", "s_1")


def small() -> LinearProgram:
    model = Model(1, np.array([1, 0]))
    site = [("s-1",), ("s2",)]
    build = model.add_columns("build", ("site",), site, lower=[0, -np.inf], upper=[4, np.inf], cost=1.5, integer=True)
    bounds = {"lower": [[[0.0, 2.0], [0.0, 3.0]]], "upper": [[[np.inf, np.inf], [np.inf, 3.0]]]}
    load = model.add_columns("load", ("site",), site, hourly=True, cost=[-1.0, 2.0], **bounds)
    budget = model.add_rows("budget", (), [()], upper=7.0)
    model.add(budget, [(), ()], build, site, [1.0, 100.0])
    within = model.add_rows("load_within", ("site",), site, hourly=True, lower=[-1, -np.inf], upper=[0, np.inf])
    model.add(within, site[:1], load, site[:1])
    model.add(within, site[:1], build, site[:1], -0.5)
    model.constant = 3.25
    return flatten(model)


def test_the_text_is_exactly_this() -> None:
    assert lp_file.text(small()) == GOLDEN


def test_names_that_would_be_alike_are_told_apart() -> None:
    model = Model(1, np.array([0]))
    model.add_columns("x", ("i",), [("a b",), ("a-b",), ("a_b",)], cost=1.0)
    assert lp_file.names(model, model.columns, 4) == ["x(a_b,0)", "x(a_b,0)~2", "x(a_b,0)~3", "extra(0)"]


def _read(text: str, folder: Path) -> highspy.Highs:
    path = folder / "model.lp"
    path.write_text(text)
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    assert engine.readModel(str(path)) == highspy.HighsStatus.kOk
    return engine


def _best(engine: highspy.Highs) -> float:
    engine.run()
    assert engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(engine.getInfo().objective_function_value)


def _handed_over(flat: LinearProgram) -> highspy.Highs:
    """The model given as arrays, with nothing of ours in between."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = flat.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = flat.cost, flat.lower, flat.upper
    lp.row_lower_, lp.row_upper_, lp.offset_ = flat.row_lower, flat.row_upper, flat.constant
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        flat.matrix.indptr,
        flat.matrix.indices,
        flat.matrix.data,
    )
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in flat.integer]
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.passModel(lp)
    return engine


@pytest.mark.parametrize("modules", [False, True])
def test_a_solver_that_reads_it_finds_the_same_optimum(modules: bool, tmp_path: Path) -> None:
    flat = replace(flatten(network(3, 3, 2, periods=2, modules=modules)), constant=11.0)
    assert _best(_read(lp_file.text(flat), tmp_path)) == pytest.approx(_best(_handed_over(flat)), rel=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_random_models_are_read_back_with_the_same_optimum(seed: int, tmp_path: Path) -> None:
    model, _ = timed(seed)
    flat = flatten(model)
    flat = replace(flat, cost=np.random.default_rng(seed).integers(1, 9, len(flat.cost)).astype(float))
    assert _best(_read(lp_file.text(flat), tmp_path)) == pytest.approx(_best(_handed_over(flat)), abs=1e-9)


def test_the_text_does_not_depend_on_the_order_of_entries() -> None:
    flat = linear([[1.0, 2.0, 3.0]], [1.0], [np.inf], np.zeros(3), np.full(3, np.inf), np.ones(3))
    turned = flat.matrix.copy()
    turned.indices, turned.data = turned.indices[::-1].copy(), turned.data[::-1].copy()
    assert lp_file.text(replace(flat, coefficients=StoredCoefficients(turned))) == lp_file.text(flat)
