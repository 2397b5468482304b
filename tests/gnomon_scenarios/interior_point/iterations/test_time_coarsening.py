"""A model of runs of hours is the model with columns kept equal, and rows averaged, over each run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp

from gnomon.interior_point import solve as interior
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.iterations import time_coarsening
from gnomon.interior_point.iterations.primal_dual_problem import FullProblem, Point
from gnomon.interior_point.iterations.time_coarsening import HourGroups
from gnomon.model.block_model import Block, Model
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from tests.gnomon_scenarios.interior_point.factorisation.test_newton_system import full, shapes
from xisuan.equations.build_model import assemble


def repeated(model: Model, runs: HourGroups, family: Callable[[Model], dict[str, Block]]) -> sp.csr_array:
    """1 where an entry of the model (row) is in the run of an entry of the coarse one (column)."""
    one, hours = model.items(False, family(model)), model.items(True, family(model))
    of_hour = sp.csr_array((np.ones(model.hours), (np.arange(model.hours), runs.of_hour)))
    hourly = sp.kron(sp.eye_array(model.periods), sp.kron(of_hour, sp.eye_array(hours)))
    return sp.csr_array(sp.block_diag([sp.eye_array(model.periods * one), hourly]))


@pytest.mark.parametrize("most", [1, 2, 3, 8])
@pytest.mark.parametrize("name", ["one", "two", "three", "long", "blocks", "country"])
def test_the_coarse_model_is_the_galerkin_one(name: str, most: int) -> None:
    model = assemble(shapes()[name]).model
    check_galerkin(model, time_coarsening.consecutive_groups(model.previous, most))


def test_so_is_that_of_kinds_of_days_where_every_day_is_a_ring() -> None:
    """Days follow one another in the model; in that of their kinds a day begins where one of its kind ends."""
    model = assemble(full(3, hours="hours:120", periods=(2026, 2028)).build()).model
    runs = time_coarsening.similar_groups(model, 2)
    assert runs is not None
    assert (
        sorted(runs.length.tolist()) == sorted([1] * 24 + [4] * 24)
        or sorted(runs.length.tolist()) == [2] * 24 + [3] * 24
    )
    days = np.arange(120).reshape(5, 24)
    model.previous = np.roll(days, 1, axis=1).ravel()
    check_galerkin(model, runs)


def test_days_that_are_alike_are_of_a_kind() -> None:
    model = Model(1, np.roll(np.arange(144), 1))
    load = np.tile(np.arange(24.0), 6) * np.repeat([1.0, 3.0, 1.0, 3.1, 0.9, 2.9], 24)
    model.add_columns("use", ("what",), [("all",)], hourly=True)
    model.add_rows("asked", ("what",), [("all",)], hourly=True, lower=load[:, None])
    found = time_coarsening.similar_groups(model, 2)
    assert found is not None
    kinds = found.of_hour.reshape(6, 24)
    assert (kinds == kinds[:, :1] + np.arange(24)).all()
    assert (kinds[[0, 2, 4]] == kinds[0]).all()
    assert (kinds[[1, 3, 5]] == kinds[1]).all()
    assert kinds[0, 0] != kinds[1, 0]


def test_hours_that_are_no_days_have_no_kinds() -> None:
    assert (
        time_coarsening.similar_groups(assemble(full(3, hours="hours:100", periods=(2026,)).build()).model, 2) is None
    )


def check_galerkin(model: Model, runs: HourGroups) -> None:
    flat, small = flatten(model), flatten(time_coarsening.coarsen(model, runs))
    of_columns = repeated(model, runs, lambda of: of.columns)
    of_rows = repeated(model, runs, lambda of: of.rows)
    share = sp.csr_array(of_rows.T / of_rows.sum(axis=0)[:, None])
    assert np.abs((share @ flat.matrix @ of_columns - small.matrix).toarray()).max() <= 1e-9 * abs(flat.matrix).max()
    assert small.cost == pytest.approx(of_columns.T @ flat.cost)
    one = share @ np.where(np.isfinite(flat.row_upper), flat.row_upper, 0.0)
    assert one == pytest.approx(np.where(np.isfinite(small.row_upper), small.row_upper, 0.0), rel=1e-12, abs=1e-9)


def test_runs_are_of_one_ring_and_in_its_order() -> None:
    previous = np.array([4, 0, 1, 2, 3, 7, 5, 6])  # a ring of five hours and one of three
    found = time_coarsening.consecutive_groups(previous, 2)
    assert found.of_hour.tolist() == [0, 0, 1, 1, 2, 3, 3, 4]
    assert found.length.tolist() == [2, 2, 1, 2, 1]
    assert np.flatnonzero(found.follows).tolist() == [0, 2, 4, 5, 7]
    assert found.previous.tolist() == [2, 0, 1, 4, 3]


@pytest.mark.parametrize("name", ["three", "blocks", "country"])
def test_an_iterate_keeps_its_objective_and_its_bound(name: str) -> None:
    """The cost of the columns is the same on both sides of the way back."""
    model, runs, fine, small, before, found = _back(name)
    assert (found.v > 0).all() and (found.room > 0).all() and (found.upper > 0).all()  # noqa: PT018
    if not (fine.moves.all() and small.moves.all()):
        fine.cost[~fine.moves] = 0.0
    unit = [problem.form.scaling.cost * problem.form.scaling.side for problem in (fine, small)]
    n = small.columns
    objective = small.form.cost @ np.where(small.form.moves, before.v[:n], 0.0) / unit[1]
    same = _both_move(fine, small, runs, model)
    assert fine.cost[: fine.columns] @ np.where(same, found.v[: fine.columns], 0.0) / unit[0] == pytest.approx(
        objective
    )


@pytest.mark.parametrize("name", ["three", "blocks", "country"])
def test_products_and_duals_of_a_run_are_those_of_its_hours_together(name: str) -> None:
    """In money, and where all hours of a run have what it has."""
    model, runs, fine, small, before, after = _back(name)
    of_columns, of_rows = (
        repeated(model, runs, lambda of, rows=rows: of.rows if rows else of.columns) for rows in (False, True)
    )
    of = sp.csr_array(sp.block_diag([of_columns, of_rows]))
    money = [problem.form.scaling.cost * problem.form.scaling.side for problem in (fine, small)]

    def together(name: str, fine_has: np.ndarray, small_has: np.ndarray) -> None:
        one, other = (_products(problem, point, name) for problem, point in ((fine, after), (small, before)))
        same = small_has & (of.T @ (~fine_has).astype(float) == 0.0)
        assert same.any()
        assert (of.T @ one / money[0])[same] == pytest.approx((other / money[1])[same], rel=1e-12)

    together("lower", fine.moves, small.moves)
    wide = [np.isin(np.arange(len(problem.cost)), problem.wide) for problem in (fine, small)]
    together("upper", *wide)
    whole = ~small.form.masked & (of_rows.T @ fine.form.masked.astype(float) == 0.0)
    dual = [p.form.scaling.row * of.y / p.form.scaling.cost for p, of in ((fine, after), (small, before))]
    assert (of_rows.T @ dual[0])[whole] == pytest.approx(dual[1][whole], rel=1e-12)


def _back(name: str) -> tuple[Model, HourGroups, FullProblem, FullProblem, Point, Point]:
    """A model, runs of its hours, the problems of both, and some iterate before and after the way back."""
    model = assemble(shapes()[name]).model
    runs = time_coarsening.consecutive_groups(model.previous, 3)
    fine, small = (FullProblem(standard(flatten(of))) for of in (model, time_coarsening.coarsen(model, runs)))
    rng = np.random.default_rng(1)
    v, lower = (np.where(small.moves, rng.uniform(1, 2, len(small.cost)), 0.0) for _ in range(2))
    room, upper = (rng.uniform(1, 2, len(small.wide)) for _ in range(2))
    y = np.where(small.form.masked, 0.0, rng.normal(size=len(small.form.side)))
    before = Point(v, room, y, lower, upper)
    return model, runs, fine, small, before, time_coarsening.Prolongation(fine, small, runs).prolonged(before)


def _products(problem: FullProblem, point: Point, name: str) -> np.ndarray:
    if name == "lower":
        return point.v * point.lower
    out = np.zeros(len(problem.cost))
    out[problem.wide] = point.room * point.upper
    return out


@pytest.mark.parametrize("hourly", ["columns", "rows"])
def test_hours_without_rows_or_without_columns_are_coarsened_too(hourly: str) -> None:
    """min Σ (1 + t) use_t, one row over all 48 hours, or one column above what each of them asks for."""
    model = Model(1, np.roll(np.arange(48), 1))
    cost = 1.0 + np.arange(48.0)[:, None]
    if hourly == "columns":
        use = model.add_columns("use", ("i",), [("a",)], hourly=True, upper=1.0, cost=cost)
        row = model.add_rows("asked", ("i",), [("a",)], lower=4.0)
    else:
        use = model.add_columns("use", ("i",), [("a",)], cost=1.0)
        row = model.add_rows("asked", ("i",), [("a",)], hourly=True, lower=cost - 1.0)
    model.add(row, [("a",)], use, [("a",)])
    found = interior.solve(flatten(model), Options(threads=1))
    assert found.objective == pytest.approx(1.0 + 2.0 + 3.0 + 4.0 if hourly == "columns" else 47.0, rel=1e-6)


def _both_move(fine: FullProblem, small: FullProblem, runs: HourGroups, model: Model) -> np.ndarray:
    """Columns of the fine model that move, and whose run's column does."""
    spread = repeated(model, runs, lambda of: of.columns)
    return fine.form.moves & (spread @ small.form.moves.astype(float) > 0)
