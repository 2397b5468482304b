"""Futures put together: what fits, what does not, and that a column that is common is one column."""

from __future__ import annotations

import numpy as np
import pytest

from gnomon.errors import SolverError
from gnomon.highs import solver_sequence
from gnomon.model.block_model import Model
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.transforms.extensive_form import Futures
from gnomon.transforms.risk_rows import Risk


def shop(
    demand: float, *, ways: tuple[str, ...] = ("a",), hours: int = 2, most: float = np.inf, hourly: bool = False
) -> Model:
    """Buy capacity at 1, use it in every hour, by some ways at a cost of 0.1 each; what is not served costs 2 an hour."""
    model = Model(1, np.roll(np.arange(hours), 1), constant=10.0)
    build = model.add_columns("build", ("site",), [("s",)], upper=most, cost=1.0)
    stands = model.add_columns("stands", ("site",), [("s",)])
    serve = model.add_columns("serve", ("way",), [(way,) for way in ways], hourly=True, cost=0.1)
    lost = model.add_columns("lost", ("site",), [("s",)], hourly=True, cost=2.0)
    balance = model.add_rows("balance", ("site",), [("s",)], lower=0.0, upper=0.0)
    model.add(balance, [("s",)], stands, [("s",)])
    model.add(balance, [("s",)], build, [("s",)], -1.0)
    done = model.add_rows("done", ("site",), [("s",)], hourly=True, lower=demand, upper=demand)
    model.add(done, [("s",)] * len(ways), serve, [(way,) for way in ways])
    model.add(done, [("s",)], lost, [("s",)])
    within = model.add_rows("within", ("site",), [("s",)], hourly=True, upper=0.0)
    model.add(within, [("s",)] * len(ways), serve, [(way,) for way in ways])
    model.add(within, [("s",)], build if hourly else stands, [("s",)], -1.0)
    return model


def optimum(
    *models: Model, weights: tuple[float, ...] | None = None, common: frozenset[str] = frozenset({"build"})
) -> float:
    weights = weights or (1.0 / len(models),) * len(models)
    return solver_sequence.solve(
        flatten(Futures(models, weights, common, 1).extensive_form()), Options(solver="simplex")
    ).objective


def test_what_is_common_is_decided_once() -> None:
    """Demand 1 or 3 in two hours: one unit more pays where it saves 1.9 an hour twice with probability 0.5."""
    assert optimum(shop(1.0), shop(3.0)) == pytest.approx(10 + 3 + 0.1 * 2 * (1 + 3) / 2)
    assert optimum(shop(1.0), shop(3.0), weights=(0.8, 0.2)) == pytest.approx(10 + 1 + 0.8 * 0.2 + 0.2 * (0.2 + 8.0))
    apart = optimum(shop(1.0), shop(3.0), common=frozenset())
    assert apart == pytest.approx(10 + 2 + 0.1 * 2 * 2)


@pytest.mark.parametrize(("weight", "right"), [(0.05, 13.12), (0.5, 13.44)])
def test_who_minds_the_dearest_future_buys_for_it(weight: float, right: float) -> None:
    """Demand 1 with probability 0.8, or 3. Capacity b costs 10.2 + b in the first and 22 − 2.8 b in the second, which is
    the dearest fifth: 0.24 b is lost on average, and 2.8 b is saved in the fifth. So b is 1 up to a weight of 0.0789:
    0.95 (0.8 × 11.2 + 0.2 × 19.2) + 0.05 × 19.2; then 3: 0.5 (0.8 × 13.2 + 0.2 × 13.6) + 0.5 × 13.6.
    """
    futures = Futures((shop(1.0), shop(3.0)), (0.8, 0.2), frozenset({"build"}), 1, Risk(0.8, weight))
    whole = flatten(futures.extensive_form())
    found = solver_sequence.solve(whole, Options(solver="simplex"))
    assert found.objective == pytest.approx(right)
    assert futures.tail_duals(whole, found.row_dual) == pytest.approx([0.0, -weight])


def test_a_way_of_one_future_is_not_one_of_the_other() -> None:
    """In the second, work goes by way b alone; its column is there in both, fixed at 0 where it is none."""
    whole = flatten(Futures((shop(1.0), shop(1.0, ways=("b",))), (0.5, 0.5), frozenset({"build"}), 1).extensive_form())
    found = solver_sequence.solve(whole, Options(solver="simplex"))
    serve = whole.part(found.x, whole.model.columns["serve"])
    assert whole.model.columns["serve"].labels == (("a",), ("b",))
    assert np.allclose(serve[0], [[1.0, 0.0]] * 2)
    assert np.allclose(serve[1], [[0.0, 1.0]] * 2)


def test_parts_come_back_as_they_were() -> None:
    models = (shop(1.0), shop(3.0, ways=("b", "a")))
    futures = Futures(models, (0.5, 0.5), frozenset({"build"}), 1)
    whole, own = flatten(futures.extensive_form()), flatten(models[1])
    found = solver_sequence.solve(whole, Options(solver="simplex"))
    x = futures.part_of(whole, own, 1, found.x)
    activity = own.matrix @ x
    assert np.all(activity <= own.row_upper + 1e-9)
    assert np.all(activity >= own.row_lower - 1e-9)
    assert own.part(x, models[1].columns["build"])[0, 0] == pytest.approx(3.0)


def test_the_most_that_all_allow_is_the_limit() -> None:
    assert optimum(shop(3.0), shop(3.0, most=2.0)) == pytest.approx(10 + 2 + 2 * (0.2 + 2.0))


def test_one_future_is_the_model_itself() -> None:
    model = shop(2.0)
    whole = Futures((model,), (1.0,), frozenset({"build"}), 1).extensive_form()
    assert size(whole) == size(model)
    assert (flatten(whole).matrix != flatten(model).matrix).nnz == 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SolverError, match="periods or hours"):
        optimum(shop(1.0), shop(1.0, hours=3))
    with pytest.raises(SolverError, match="hours cannot hold"):
        optimum(shop(1.0, hourly=True), shop(1.0, hourly=True))
    with pytest.raises(SolverError, match="what may be ordered"):
        optimum(shop(1.0), shop(1.0, ways=("b",)), common=frozenset({"serve"}))
    other = Model(1, np.array([1, 0]))
    other.add_columns("build", ("site",), [("t",)])
    with pytest.raises(SolverError, match="what may be ordered"):
        optimum(shop(1.0), other)
