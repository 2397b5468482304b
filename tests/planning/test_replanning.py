"""What follows from orders that are made: the same whether it is found from scratch or from the vertex of another plan."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from gnomon.highs import warm_simplex
from gnomon.highs.warm_simplex import SolvedModel
from gnomon.options import Options
from tests.decisions.test_repeated_solve import CHANGES, question
from tests.scenarios import five
from xisuan.errors import InfeasibleError
from xisuan.planning.expansion import plan
from xisuan.planning.replanning import BAND, replan
from xisuan.results.plan import Plan

CARRIED = ("as it is", "work may go further", "dearer equipment")
"""Changes with which the vertex of the plan as it is carries over and something is found from it, whatever is ordered."""
SIMPLEX = Options(solver="simplex")


@cache
def made() -> Plan:
    return plan(question().scenario, SIMPLEX)


def first_orders(found: Plan) -> np.ndarray:
    return np.concatenate([found.variables[name].values[0] for name in ("build", "build_hall", "build_link")])


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("ordered", [True, False], ids=["ordered", "free"])
def test_it_is_that_from_scratch(name: str, ordered: bool) -> None:
    changed, orders = CHANGES[name](question().scenario), made().variables if ordered else None
    try:
        alone, _ = replan(changed, orders, options=SIMPLEX)
    except InfeasibleError:
        with pytest.raises(InfeasibleError, match="No plan follows"):
            replan(changed, orders, options=SIMPLEX, known=question().solved_model)
        return
    found, vertex = replan(changed, orders, options=SIMPLEX, known=question().solved_model)
    assert found.cost_mcny == pytest.approx(alone.cost_mcny, rel=1e-7)
    assert -1e-6 <= found.gap <= 1e-6
    if ordered:
        np.testing.assert_allclose(first_orders(found), first_orders(made()), rtol=2 * BAND, atol=1e-9)
    assert vertex is not None or name not in CARRIED
    if vertex is not None:
        assert found.effort.solver == "simplex"
        again, _ = replan(changed, orders, options=SIMPLEX, known=vertex)
        assert again.cost_mcny == pytest.approx(alone.cost_mcny, rel=1e-7)
        assert again.effort.iterations <= 1


def test_it_goes_on_from_a_vertex_where_there_is_one() -> None:
    scenario = question().scenario
    alone, without = replan(scenario, options=SIMPLEX)
    found, vertex = replan(scenario, options=SIMPLEX, known=question().solved_model)
    assert without is None
    assert vertex is not None
    assert found.effort.iterations < 0.1 * alone.effort.iterations


def test_whole_numbers_stay_whole() -> None:
    scenario = five(integer=True, hours="hours:6")
    found, vertex = replan(scenario, known=question().solved_model)
    assert vertex is None
    assert found.effort.solver == "mip"


def test_a_vertex_that_proves_nothing_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = question().scenario
    alone, _ = replan(scenario, options=SIMPLEX)
    monkeypatch.setattr(warm_simplex.weak_duality, "proven", lambda *_: -np.inf)
    assert question().solved_model.towards(question().flat) is None
    monkeypatch.undo()
    monkeypatch.setattr(SolvedModel, "towards", lambda *_: None)
    found, vertex = replan(scenario, options=SIMPLEX, known=question().solved_model)
    assert vertex is None
    assert found.cost_mcny == pytest.approx(alone.cost_mcny, rel=1e-9)
