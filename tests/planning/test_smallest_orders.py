"""Orders too small to mean anything: removed within the gap, kept where a row needs them, whichever the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gnomon.arrays import Array, Mask
from gnomon.errors import InfeasibleError
from gnomon.highs import solver_sequence
from gnomon.model.linear_program import flatten
from gnomon.options import Options, Solver
from gnomon.strategies import strategy_order
from tests.golden.small import small
from xisuan.equations import build_model
from xisuan.equations.smallest_amounts import smallest_orders
from xisuan.planning import expansion
from xisuan.results.plan import SMALLEST, Plan
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario
from xisuan.workflow.plan import plan

METHODS: list[tuple[Solver, str]] = [("simplex", "direct"), ("ipx", "direct"), ("auto", "structured")]

TWO_SITES = {
    "sites": """
        site,node
        s,r
        t,r
        """,
    "technologies": """
        technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
        g,general,rack,0.5,1,4
        """,
}


def cheap_limit(units: float) -> Scenario:
    """Site t is 1 % cheaper and takes `units` racks at most, of the 10 and 12 asked for; s takes any number."""
    sites = "site,node,capex_factor\ns,r,1\nt,r,0.99\n"
    limits = f"site,technology,max_units\nt,g,{units}\n"
    return small({**TWO_SITES, "sites": sites, "limits": limits})


def orders(found: Plan) -> dict[tuple[str, int], float]:
    """Racks by site and period."""
    rows = found.builds
    return dict(zip(zip(rows["where"], rows["period"], strict=True), rows["amount"], strict=True))


@pytest.mark.parametrize(("solver", "method"), METHODS)
def test_an_order_that_saves_a_small_part_of_the_gap_is_removed(solver: Solver, method: str) -> None:
    # 0.005 racks of 0.99 mCNY, below 0.01 mCNY, save 5e-5 × 2 / 4 of 5.5 mCNY: 5e-6 of the cost, a tenth of 5e-5.
    found = plan(cheap_limit(0.005), Options(solver=solver, gap=1e-4), method=method)
    assert orders(found) == pytest.approx({("s", 2026): 10.0, ("s", 2027): 2.0}, rel=1e-4)
    assert found.cost_mcny == pytest.approx(10 / 4 * 2 + 2 / 4, rel=1e-5)
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.gap <= 1e-4


@pytest.mark.parametrize(("solver", "method"), METHODS)
def test_an_order_that_saves_more_than_the_gap_stays(solver: Solver, method: str) -> None:
    found = plan(cheap_limit(0.005), Options(solver=solver, gap=1e-7), method=method)
    assert orders(found)["t", 2026] == pytest.approx(0.005, rel=1e-3)
    assert found.gap <= 1e-7


@pytest.mark.parametrize(("solver", "method"), METHODS)
def test_an_order_that_a_row_needs_stays(solver: Solver, method: str) -> None:
    # s takes 9.995 racks in 2026, so that 0.005 must stand at t.
    sites = "site,node,capex_factor\ns,r,1\nt,r,1.01\n"
    limits = "site,technology,period,max_units\ns,g,2026,9.995\ns,g,2027,11.995\n"
    scenario = small({**TWO_SITES, "sites": sites, "limits": limits})
    found = plan(scenario, Options(solver=solver, gap=1e-3), method=method)
    assert orders(found)["t", 2026] >= 0.005 - 1e-6
    assert found.certificate is not None
    assert found.certificate.ok


def test_smallest_orders_by_amount_power_and_capital() -> None:
    """A rack of 0.5 MW and 1 mCNY: 0.002 racks are 1 kW, 0.01 racks are 10,000 CNY; the larger of the two is needed."""
    assembly = build_model.assemble(small())
    assert smallest_orders(assembly)["build"] == pytest.approx(np.full((2, 1), SMALLEST["mCNY"] / 1.0))
    cheap = "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,rack,0.5,100,4"
    found = smallest_orders(build_model.assemble(small({"technologies": cheap})))["build"]
    assert found == pytest.approx(np.full((2, 1), SMALLEST["MW"] / 0.5))


# --- the starter, at many demands -----------------------------------------------------------------------------------


def drawn(seed: int) -> Scenario:
    """`starter` with other demands and prices, so small that many orders are near the smallest."""
    rng = np.random.default_rng(seed)
    given = load.load("starter")
    frames = dict(given.tables)
    frames["demand"] = frames["demand"].assign(
        units=frames["demand"]["units"] * 10.0 ** rng.uniform(-3.5, 0.0, len(frames["demand"]))
    )
    prices = frames["technologies"]["capex_mcny_per_unit"]
    frames["technologies"] = frames["technologies"].assign(
        capex_mcny_per_unit=prices * rng.uniform(0.3, 1.0, len(prices))
    )
    return replace(given, tables=frames)


def small_ones(values: Mapping[str, Array], least: Mapping[str, Array]) -> dict[str, Mask]:
    """Masks of the orders that are below the smallest, by variable."""
    return {name: (values[name] > 1e-9) & (values[name] < amount) for name, amount in least.items()}


def values_of(found: Plan) -> dict[str, Array]:
    """Values of the variables of a plan."""
    return {name: of.values for name, of in found.variables.items()}


def number(masks: Mapping[str, Mask]) -> int:
    """Number of marked orders."""
    return sum(int(mask.sum()) for mask in masks.values())


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("gap", [1e-6, 1e-4])
def test_no_order_is_below_the_smallest_unless_it_is_needed(seed: int, gap: float) -> None:
    scenario = drawn(seed)
    assembly = build_model.assemble(scenario)
    flat, least = flatten(assembly.model), smallest_orders(assembly)
    found = plan(scenario, Options(solver="simplex", gap=gap))
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.gap <= gap
    left = small_ones(values_of(found), least)
    for name, mask in left.items():
        for place in zip(*np.nonzero(mask), strict=True):
            # Without it there is no plan within the gap, or only one with other small orders instead.
            upper = flat.upper.copy()
            flat.part(upper, assembly.model.columns[name])[place] = 0.0
            try:
                best = solver_sequence.solve(replace(flat, upper=upper), Options(solver="simplex"))
            except InfeasibleError:
                continue
            within = best.objective <= found.lower_bound + 0.1 * gap * abs(best.objective)
            assert not within or number(small_ones(flat.split_columns(best.x), least)) >= number(left), (name, place)


IPX = Options(solver="ipx", gap=1e-4)


def left_over() -> int:
    """Number of orders below the smallest in the certified plans of all seeds."""
    left = 0
    for seed in range(8):
        scenario = drawn(seed)
        least = smallest_orders(build_model.assemble(scenario))
        found = plan(scenario, IPX, method="direct")
        assert found.certificate is not None
        assert found.certificate.ok
        left += number(small_ones(values_of(found), least))
    return left


@cache
def left_over_without_removal() -> int:
    """The same where no order is removed, however large the model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expansion, "smallest_orders", lambda _: None)
        return left_over()


@pytest.mark.parametrize("projected", [False, True])
def test_interior_points_lose_their_small_orders(projected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a vertex or, as in large models, by projection; without removal there are at least twice as many."""
    before = left_over_without_removal()
    if projected:
        monkeypatch.setattr(strategy_order, "SMALL", 0)
    assert before >= 2 * left_over() > 0
