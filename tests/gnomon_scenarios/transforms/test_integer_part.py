"""Two parts that no row joins are two models: their optima, and their bounds, add up."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse import csgraph

from gnomon.highs import solver_sequence
from gnomon.model import csr_matrix
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.transforms import integer_part
from tests.scenarios import five
from xisuan.equations.build_model import assemble


def joined(tie: float, held: bool = False) -> Model:
    """Boxes (whole) hold goods at home; abroad everything is divisible. `tie`: a budget over both, ∞: none.

    `held`: what is abroad has one value only, and so joins nothing.
    """
    model = Model(1, np.zeros(1, dtype=np.int64))
    boxes = model.add_columns("boxes", ("place",), [("a",), ("b",)], upper=5.0, cost=[[3.0, 4.0]], integer=True)
    abroad = model.add_columns(
        "abroad", ("place",), [("c",)], lower=2.0 if held else 0.0, upper=2.0 if held else 9.0, cost=1.0
    )
    need = model.add_rows("need", ("place",), [("home",)], lower=7.5)
    model.add(need, [("home",)] * 2, boxes, boxes.labels, [[2.0, 3.0]])
    trade = model.add_rows("trade", ("place",), [("c",)], lower=1.5)
    model.add(trade, [("c",)], abroad, abroad.labels)
    budget = model.add_rows("budget", ("scope",), [("all",)], upper=tie)
    model.add(budget, [("all",)] * 2, boxes, boxes.labels)
    model.add(budget, [("all",)], abroad, abroad.labels)
    return model


def test_what_no_row_joins_is_not_branched_on() -> None:
    assert integer_part.with_integers(flatten(joined(np.inf))).tolist() == [True, True, False]
    assert integer_part.with_integers(flatten(joined(20.0))).tolist() == [True, True, True]
    assert integer_part.with_integers(flatten(joined(20.0, held=True))).tolist() == [True, True, False]


def components(flat: LinearProgram) -> tuple[list[bool], int]:
    """Columns in the components of the graph of rows and columns that have an integer, and their non-zeros."""
    rows, columns = flat.shape
    entries = flat.matrix.tocoo()
    free = flat.lower < flat.upper
    says = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    kept = free[entries.col] & says[entries.row] & (entries.data != 0.0)
    ends = (entries.row[kept], rows + entries.col[kept])
    graph = sp.coo_matrix((np.ones(int(kept.sum())), ends), shape=(rows + columns,) * 2)
    part = csgraph.connected_components(graph, directed=False)[1][rows:]
    inside = np.isin(part, part[flat.integer]) & free
    return inside.tolist(), int(flat.matrix[:, inside].nnz)


@pytest.mark.parametrize("hours", ["hours:2", "hours:5", "days:2"])
def test_the_part_with_integers_is_told_without_the_matrix(hours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = assemble(five(hours=hours, integer=True)).model
    expected = components(flatten(model))
    flat = flatten(model).without_matrix()
    monkeypatch.setattr(csr_matrix, "whole", None)
    inside = integer_part.with_integers(flat)
    assert (inside.tolist(), integer_part.integer_nonzeros(flat, inside)) == expected
    assert 0 < inside.sum() < len(inside)


@pytest.mark.parametrize("whole", [True, False])
def test_a_chain_of_hours_is_followed_to_its_end(whole: bool) -> None:
    """From the one hour that an integer is in; and nothing is joined to nothing."""
    hours = 30
    model = Model(1, np.arange(-1, hours - 1) % hours)
    once = model.add_columns("once", ("place",), [("a",)], upper=1.0, integer=whole)
    store = model.add_columns("store", ("place",), [("a",), ("b",)], hourly=True)
    flow = model.add_rows("flow", ("place",), [("a",), ("b",)], lower=0.0, upper=0.0, hourly=True)
    model.add(flow, flow.labels, store, store.labels)
    model.add(flow, flow.labels, store, store.labels, -1.0, before=True)
    model.add(flow, [("a",)], once, [("a",)], np.where(np.arange(hours) == 3, 1.0, 0.0).reshape(1, hours, 1))
    flat = flatten(model)
    inside = integer_part.with_integers(flat)
    assert (flat.part(inside, once) == whole).all()
    assert (flat.part(inside, store) == [whole, False]).all()
    assert integer_part.integer_nonzeros(flat, inside) == whole * (1 + 2 * hours)


@pytest.mark.parametrize("tie", [np.inf, 20.0, 4.6])
def test_the_optimum_is_that_of_every_choice_tried(tie: float) -> None:
    best = min(
        3.0 * a + 4.0 * b + 1.5 for a in range(6) for b in range(6) if 2 * a + 3 * b >= 7.5 and a + b + 1.5 <= tie
    )
    found = solver_sequence.solve(flatten(joined(tie)), Options(gap=1e-9))
    assert found.objective == pytest.approx(best, rel=1e-9)
    assert found.bound == pytest.approx(best, rel=1e-6)
    assert found.solver == "mip" or found.solver == "presolve"


def test_an_integer_with_one_value_is_no_integer() -> None:
    model = joined(np.inf)
    fixed = Model(1, model.previous)
    fixed.add_columns("boxes", ("place",), [("a",)], lower=2.0, upper=2.0, integer=True)
    assert not flatten(fixed).integer.any()
