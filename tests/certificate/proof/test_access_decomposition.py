"""The bound from prices of the budgets: proven by the certificate alone, never above the optimum, whoever made the duals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gnomon.highs import solver_sequence
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from tests.access_cases import access, brute_force
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.access_decomposition import stays
from xisuan.equations.build_model import assemble
from xisuan.planning.access import pricing
from xisuan.planning.expansion import plan
from xisuan.planning.objectives import outside_resident_years
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.results.storage import run_store
from xisuan.scenario.scenario import Scenario

EVERYBODY = 2 * 45_000.0
LIMITS = [(0.11, 0.0), (0.3, 0.2), (0.5, 0.3), (0.6, 0.6)]


def poor(limits: tuple[float, float]) -> Scenario:
    rows = [f"{2026 + y},access,{limit}" for y, limit in enumerate(limits)]
    return access({"budgets": "\n".join(["period,scope,limit_mcny", *rows])}, objective="residents")


@pytest.fixture(scope="module", params=LIMITS)
def limits(request: pytest.FixtureRequest) -> tuple[float, float]:
    found: tuple[float, float] = request.param
    return found


@pytest.fixture(scope="module")
def one_by_one(limits: tuple[float, float]) -> Plan:
    return plan(poor(limits))


@pytest.fixture(scope="module")
def best(one_by_one: Plan, limits: tuple[float, float]) -> float:
    """Most resident-years inside, found by trying all."""
    return brute_force(one_by_one.scenario, limits)[0]


def noisy(duals: Mapping[str, Found], size: float, seed: int) -> dict[str, Found]:
    rng = np.random.default_rng(seed)

    def shaken(values: np.ndarray) -> np.ndarray:
        return np.asarray(values * rng.normal(1.0, size, values.shape) + rng.normal(0.0, size, values.shape))

    return {name: replace(one, values=shaken(one.values)) for name, one in duals.items()}


def test_the_certificate_proves_the_bound_that_the_decomposition_claims(one_by_one: Plan) -> None:
    assert one_by_one.effort.solver == "decomposition"
    checked = certify(one_by_one.scenario, one_by_one)
    assert checked.ok
    assert checked.findings == ()
    assert checked.lower_bound == pytest.approx(one_by_one.lower_bound, rel=1e-9, abs=1e-3)


def test_the_bound_is_none_above_the_optimum_found_by_trying_all(one_by_one: Plan, best: float) -> None:
    assert certify(one_by_one.scenario, one_by_one).lower_bound <= EVERYBODY - best + 1e-6


@pytest.mark.parametrize("size", [1e-3, 0.1, 3.0])
def test_wrong_duals_prove_less_and_never_too_much(one_by_one: Plan, best: float, size: float) -> None:
    for seed in range(5):
        spoilt = replace(one_by_one, city_duals=noisy(one_by_one.city_duals, size, seed))
        assert certify(one_by_one.scenario, spoilt).lower_bound <= EVERYBODY - best + 1e-6


def test_a_bound_that_its_duals_do_not_prove_is_said(one_by_one: Plan) -> None:
    more = replace(one_by_one, lower_bound=one_by_one.lower_bound + 1000.0)
    findings = certify(more.scenario, more).findings
    assert any(finding.startswith("lower bound: ") and "is stated, the duals prove" in finding for finding in findings)


def test_what_is_proven_is_the_optimum(one_by_one: Plan, best: float) -> None:
    assert certify(one_by_one.scenario, one_by_one).lower_bound == pytest.approx(EVERYBODY - best, abs=1e-3)
    assert one_by_one.status == "optimal"


def test_wrong_cases_prove_less_and_never_too_much(one_by_one: Plan, best: float) -> None:
    """Cases that are shuffled, cut short, spoilt, or of cities that there are not."""
    cases, rng = one_by_one.city_cases, np.random.default_rng(0)
    spoilt = [cases.iloc[:0], cases.iloc[:1], cases.iloc[::2], cases.assign(item="nowhere"), cases.assign(period=1999)]
    spoilt += [cases.assign(value=cases["value"] * rng.normal(1.0, 2.0, len(cases))) for _ in range(3)]
    spoilt += [cases.assign(node=rng.permutation(cases["node"])) for _ in range(2)]
    split = {"node": 0, "what": "split", "item": "a", "period": 2026, "value": 0.0}
    halves = [{**split, "node": n, "what": "weight", "item": "0", "value": v} for n, v in ((1, 1.0), (2, 0.5))]
    for wrong in [*spoilt, pd.DataFrame([split, *halves])]:
        for claimed in (one_by_one.lower_bound, EVERYBODY):
            other = replace(one_by_one, city_cases=wrong, lower_bound=claimed)
            assert certify(one_by_one.scenario, other).lower_bound <= EVERYBODY - best + 1e-6


@pytest.mark.parametrize("limits", [(1.2, 0.3), (2.4, 0.0), (0.4, 1.9)])
def test_cities_all_alike_are_counted_together(limits: tuple[float, float]) -> None:
    """Seven of the same: the search splits their number, and the bound is a whole number of them."""
    base = poor(limits)
    names = [f"c{k}" for k in range(7)]
    state, cities = base["city_state"], base["cities"]
    tables = {
        "city_state": pd.concat([state.iloc[[0]].assign(city=name) for name in names], ignore_index=True),
        "cities": pd.concat([cities.iloc[[0]].assign(city=name) for name in names], ignore_index=True),
    }
    scenario = replace(base, tables={**base.tables, **tables})
    found = plan(scenario)
    exact = solver_sequence.solve(wished(scenario), Options(gap=1e-9))
    assert found.objective == pytest.approx(exact.objective, abs=1e-3)
    assert certify(scenario, found).lower_bound == pytest.approx(found.objective, abs=1e-3)


def wished(scenario: Scenario) -> LinearProgram:
    assembly = assemble(scenario)
    return replace(flatten(assembly.model), cost=outside_resident_years(assembly), constant=assembly.outside_constant)


@pytest.mark.parametrize("limits", [(0.3, 0.2), (0.5, 0.5)])
@pytest.mark.parametrize("life", [1.0, 8.0])
@pytest.mark.parametrize("later", [25, 30])
def test_cities_that_may_fall_back_are_proven_too(limits: tuple[float, float], life: float, later: int) -> None:
    """Measures of one year's life, a rising standard: any set of years is a choice then. HiGHS on the whole model."""
    standard = f"""
        indicator,period,version,threshold,op
        pon10g_port_share,,s1,25,>=
        pon10g_port_share,2027,s2,{later},>=
        user_500m_share,,s1,25,>=
        user_500m_share,2027,s2,25,>=
        """
    base = poor(limits)
    tables = {
        "standard": access({"standard": standard})["standard"],
        "measures": base["measures"].assign(life_years=life),
    }
    scenario = replace(base, tables={**base.tables, **tables})
    found = plan(scenario)
    exact = solver_sequence.solve(wished(scenario), Options(gap=1e-9))
    assert found.effort.solver == "decomposition"
    assert found.objective == pytest.approx(exact.objective, abs=1e-3)
    assert certify(scenario, found).lower_bound == pytest.approx(found.objective, abs=1e-3)


def test_the_duals_survive_the_run_folder(one_by_one: Plan, tmp_path: Path) -> None:
    run_store.save(one_by_one, tmp_path / "run")
    again = run_store.load_run(tmp_path / "run").plan
    assert certify(again.scenario, again).lower_bound == certify(one_by_one.scenario, one_by_one).lower_bound
    assert again.city_duals.keys() == one_by_one.city_duals.keys()
    pd.testing.assert_frame_equal(again.city_cases, one_by_one.city_cases)


MEASURE = "measure,capex_cny_per_unit,life_years,pace_units_year,pon10g_ports_per_unit,pon_ports_per_unit\n"
STANDARD = "indicator,period,version,threshold\npon10g_port_share,,s,25\n"
CHANGES: dict[str, dict[str, str]] = {
    "a short life": {"measures": MEASURE + "port,1,1,25,1,"},
    "a rising standard": {"standard": STANDARD + "pon10g_port_share,2027,s,40"},
    "a falling city": {
        "city_state": "city,period,population,pon_ports,pon10g_ports\na,,1,100,10\na,2027,1,200,10\nb,,1,9,1\nc,,1,9,1"
    },
    "a measure that does harm": {"measures": MEASURE + "port,1,9,25,1,5"},
    "a name that lapses": {
        "city_state": "city,population,pon_ports,pon10g_ports,named_under\na,1,100,10,s\nb,1,9,1,\nc,1,9,1,",
        "standard": STANDARD + "pon10g_port_share,2027,t,25",
    },
}


@pytest.mark.parametrize("what", [None, *CHANGES])
def test_where_a_gigabit_city_may_cease_to_be_one_the_first_period_does_not_say_all(what: str | None) -> None:
    standard = {"standard": "indicator,version,threshold\npon10g_port_share,s,25"}
    scenario = access({**standard, **(CHANGES[what] if what else {})}, objective="residents")
    statement = Statement.of(scenario)
    every = [stays(statement.columns.access, city) for city in "abc"]
    assert all(every) is (what is None)
    assert pricing.is_permanent(assemble(scenario)) is (what is None)
