"""Dates within scarce budgets: the decomposition has a plan where branch and bound has one, and as good a one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gnomon.highs import warm_simplex
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from tests.scenarios import frame
from xisuan.equations.build_model import assemble_access
from xisuan.errors import InfeasibleError
from xisuan.planning.access import dantzig_wolfe, monte_carlo_dates, single_city
from xisuan.planning.objectives import outside_resident_years
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

FOUR = {
    "regions": "region\nr",
    "cities": "city,crew_days_year\nA,20000\nB,20000\nC,20000\nD,20000",
    "city_state": """
        city,pon10g_ports,pon_ports,g5_stations,population,users_500m,fixed_users
        A,20000,100000,6000,4000000,400000,1000000
        B,10000,50000,2000,2000000,100000,500000
        C,12000,40000,1500,1500000,110000,400000
        D,4000,20000,900,800000,40000,200000
        """,
    "measures": """
        measure,unit,capex_cny_per_unit,life_years,pace_units_year,crew_days_per_unit,pon10g_ports_per_unit,g5_stations_per_unit,users_500m_per_unit
        port,port,2000,10,4000,0.5,1,0,0
        station,station,150000,10,500,3,0,1,0
        move,user,100,10,60000,0,0,0,1
        """,
    "standard": """
        indicator,version,threshold,op
        pon10g_port_share,s,25,>=
        g5_bs_per_10k,s,12,>
        user_500m_share,s,25,>=
        """,
}
"""Four cities that fall short, of unlike sizes, so that few ways are known of each."""
DUES = "city,deadline", ("A,2027", "B,2028", "C,2028", "D,2028")


def scarce(seed: int) -> Scenario:
    """The four cities, whose openings, budget and dates are drawn."""
    rng = np.random.default_rng(seed)
    state = frame(FOUR["city_state"])
    for column in ("pon10g_ports", "g5_stations", "users_500m"):
        state[column] = np.round(state[column].astype(float) * rng.uniform(0.7, 1.05, len(state)))
    limit = round(52 * rng.uniform(0.5, 1.6), 1)
    head, rows = DUES
    dates = [row for row in rows if rng.random() < 0.6] if seed % 3 else []
    texts = {**FOUR, "budgets": f"period,scope,limit_mcny\n2026,access,{limit}"}
    texts |= {"city_targets": "\n".join([head, *dates])} if dates else {}
    tables = {name: frame(text) for name, text in texts.items()} | {"city_state": state}
    settings = {"name": "four", "periods": [2026, 2027, 2028], "base_year": 2026, "objective": "residents"}
    return load.build(settings, tables)


def both(scenario: Scenario) -> tuple[float | None, float | None]:
    """Least resident-years outside by branch and bound and by the decomposition; None where there is none."""
    assembly = assemble_access(scenario, budgets=True)
    flat = flatten(assembly.model)
    wished = replace(flat, cost=outside_resident_years(assembly), constant=assembly.outside_constant)
    x = warm_simplex.best_integer_point(wished, gap=1e-9)
    try:
        found = dantzig_wolfe.most_residents(assembly, wished, Options()).objective
    except InfeasibleError:
        found = None
    return None if x is None else float(wished.cost @ x) + wished.constant, found


@pytest.mark.parametrize("cases", [16, pytest.param(200, marks=pytest.mark.long)])
def test_a_plan_is_found_where_there_is_one(cases: int) -> None:
    """Also where no plan is known to begin with and the ways first found do not fit together."""
    found = [both(scarce(seed)) for seed in range(cases)]
    for seed, (exact, mine) in enumerate(found):
        assert (exact is None) == (mine is None), seed
        assert exact is None or mine == pytest.approx(exact, rel=1e-3, abs=1.0), seed
    assert 0.1 * cases < sum(exact is None for exact, _ in found) < 0.9 * cases


@pytest.mark.parametrize("cases", [5, pytest.param(40, marks=pytest.mark.long)])
def test_a_draw_of_few_cities_is_the_best_of_it(monkeypatch: pytest.MonkeyPatch, cases: int) -> None:
    """Whether branch and bound finds it at once, or a plan far from the bound is followed by one with a proof."""
    for seed in range(cases):
        scenario = scarce(seed)
        wished = single_city.access_only(
            replace(scenario, tables={**scenario.tables, "city_targets": scenario["city_targets"].iloc[:0]})
        )
        assembly = assemble_access(wished, budgets=True)
        flat = flatten(assembly.model)
        model = replace(flat, cost=outside_resident_years(assembly), constant=assembly.outside_constant)
        x = warm_simplex.best_integer_point(model, gap=1e-9)
        assert x is not None
        people = -flat.part(model.cost, assembly.model.columns["gigabit"])
        for small in (monte_carlo_dates.SMALL, 0):
            monkeypatch.setattr(monte_carlo_dates, "SMALL", small)
            gigabit = monte_carlo_dates._preferred_statuses(assembly, model, None)[0]
            best = float((people * flat.part(x, assembly.model.columns["gigabit"])).sum())
            assert float((people * gigabit).sum()) >= best * (1.0 - monte_carlo_dates.LOSS), seed
