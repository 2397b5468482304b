"""The rows of risk, each coefficient as in the text of the method, and what they say where costs may be negative."""

from __future__ import annotations

import numpy as np
import pytest

from gnomon.highs import solver_sequence
from gnomon.model.block_model import Model
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.transforms.extensive_form import Futures
from gnomon.transforms.risk_rows import Risk, costs_nothing_back
from tests.gnomon.model import lp_file

LP = """\
minimize
 obj: 2.4 build(s,0) + 0.4 cost_threshold(0) + 1.5 cost_above_threshold(0) + 1.35 build(s,1)
   + 0.5 cost_above_threshold(2) + 0.45 build(s,3) + 0.9 lost(s,0,0) + 0.9 lost(s,0,1)
   + 0.9 lost(s,1,0) + 0.9 lost(s,1,1) + 0.3 lost(s,2,0) + 0.3 lost(s,2,1) + 0.3 lost(s,3,0)
   + 0.3 lost(s,3,1) + 6
subject to
 done(s,0): build(s,0) + lost(s,0,0) + lost(s,0,1) >= 1
 period_cost(0): 4 build(s,0) - period_cost(0) + 2 lost(s,0,0) + 2 lost(s,0,1) <= 0
 cost_within_threshold(0): period_cost(0) - cost_threshold(0) - cost_above_threshold(0)
   + period_cost(1) <= -10
 done(s,1): build(s,1) + lost(s,1,0) + lost(s,1,1) >= 1
 period_cost(1): 3 build(s,1) - period_cost(1) + 2 lost(s,1,0) + 2 lost(s,1,1) <= 0
\\ cost_within_threshold(1): 0 build(s,0) without a side
 done(s,2): build(s,0) + lost(s,2,0) + lost(s,2,1) >= 3
 period_cost(2): 4 build(s,0) - period_cost(2) + 2 lost(s,2,0) + 2 lost(s,2,1) <= 0
 cost_within_threshold(2): - cost_threshold(0) + period_cost(2) - cost_above_threshold(2)
   + period_cost(3) <= -10
 done(s,3): build(s,3) + lost(s,3,0) + lost(s,3,1) >= 3
 period_cost(3): 3 build(s,3) - period_cost(3) + 2 lost(s,3,0) + 2 lost(s,3,1) <= 0
\\ cost_within_threshold(3): 0 build(s,0) without a side
bounds
 cost_threshold(1) = 0
 cost_above_threshold(1) = 0
 build(s,2) = 0
 cost_threshold(2) = 0
 cost_threshold(3) = 0
 cost_above_threshold(3) = 0
end
"""
"""Futures of probability 0.75 and 0.25, each of two periods with two hours; periods 2 and 3 are those of the second. Level
0.8 and weight 0.4: a cost counts 0.6 times its probability in the objective, the threshold 0.4, an excess 0.4 / 0.2 times
its probability. The 10 that each future costs in any case count 0.6 in the objective, and lower the side of each tail.
Orders of the first period are common: the second future pays for those of the first."""


def future(demand: float, price: float = 2.0) -> Model:
    """Build at 4, later 3, or lose an hour's work at `price`; 10 are paid in any case."""
    model = Model(2, np.array([1, 0]), constant=10.0)
    build = model.add_columns("build", ("site",), [("s",)], cost=np.array([[4.0], [3.0]]))
    lost = model.add_columns("lost", ("site",), [("s",)], hourly=True, upper=np.inf if price >= 0 else 3.0, cost=price)
    done = model.add_rows("done", ("site",), [("s",)], lower=demand)
    model.add(done, [("s",)], build, [("s",)])
    model.add(done, [("s",)], lost, [("s",)])
    return model


def test_the_rows_of_risk_are_the_golden_ones() -> None:
    futures = Futures((future(1.0), future(3.0)), (0.75, 0.25), frozenset({"build"}), 1, Risk(0.8, 0.4))
    assert lp_file.text(flatten(futures.extensive_form())) == LP


@pytest.mark.parametrize(("prices", "right"), [((-2.0, 2.0), 5.8), ((-2.0, -5.0), -19.4)])
def test_a_future_that_earns_has_its_cost_below_nothing(prices: tuple[float, float], right: float) -> None:
    """Losing 3 in each of four hours earns 24: the first future costs 10 − 24 = −14. The second loses 3 in each period and
    costs 10 + 12 = 22, which is the dearest fifth: 0.6 (0.75 × −14 + 0.25 × 22) + 0.4 × 22 = 5.8. Or it earns 60 and costs
    −50; then the first is the dearest: 0.6 (0.75 × −14 + 0.25 × −50) + 0.4 × −14 = −19.4.
    """
    models = future(1.0, prices[0]), future(3.0, prices[1])
    futures = Futures(models, (0.75, 0.25), frozenset({"build"}), 1, Risk(0.8, 0.4))
    found = solver_sequence.solve(flatten(futures.extensive_form()), Options(solver="simplex"))
    assert found.objective == pytest.approx(right)
    assert [costs_nothing_back(model) for model in models] == [False, prices[1] > 0.0]


@pytest.mark.parametrize(
    ("cost", "lower", "upper", "constant", "right"),
    [
        (0.0, -np.inf, np.inf, 0.0, True),
        (2.0, 0.25, np.inf, 0.5, True),
        (2.0, -1.0, np.inf, 0.0, False),
        (-2.0, -np.inf, -0.25, 0.0, True),
        (-2.0, 0.0, 1.0, 9.0, False),
        (2.0, 0.0, 1.0, -0.5, False),
    ],
)
def test_costs_that_cannot_be_negative_are_known_by_their_bounds(
    cost: float, lower: float, upper: float, constant: float, right: bool
) -> None:
    """A column beside one that costs 1 and is at least 0."""
    model = Model(1, np.array([0]), constant=constant)
    model.add_columns("paid", ("site",), [("s",), ("t",)], lower=[0.0, lower], upper=[1.0, upper], cost=[1.0, cost])
    assert costs_nothing_back(model) is right
