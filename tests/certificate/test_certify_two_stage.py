"""The certificate of a plan for several futures: nothing that is changed in it gets through, and its bound is one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.options import Options
from tests.laws.strategies import full
from tests.planning.test_two_stage_program import uncertain
from xisuan.certificate.certify_two_stage import COMMON, certify_members
from xisuan.equations.build_model import EARLY
from xisuan.planning.two_stage_program import two_stage
from xisuan.results.labelled_values import Found
from xisuan.results.two_stage import Future, TwoStage
from xisuan.scenario.settings import RiskOptions

ROWS = pd.DataFrame(
    {
        "member": ["lean", "likely", "rich"], "probability": [0.2, 0.5, 0.3], "eastern_demand": [-30.0, 0.0, 25.0],
        "western_power_price": [-20.0, 0.0, 30.0],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def found() -> TwoStage:
    return two_stage(uncertain(full(3, periods=(2026, 2028)), ROWS.to_dict("records")), Options(solver="simplex"))


def changed(found: TwoStage, at: int, change: Callable[[Future], Future]) -> TwoStage:
    """The plan with one member changed."""
    members = list(found.members)
    members[at] = change(members[at])
    return dataclasses.replace(found, members=tuple(members))


def with_values(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Future], Future]:
    """A member whose variable `name` has other values."""

    def apply(one: Future) -> Future:
        family = one.plan.variables[name]
        other = Found(name, family.dims, family.labels, family.hourly, change(family.values.copy()))
        return dataclasses.replace(
            one, plan=dataclasses.replace(one.plan, variables={**one.plan.variables, name: other})
        )

    return apply


@pytest.fixture(scope="module")
def averse() -> TwoStage:
    """The same plan for who minds the dearest futures."""
    scenario = uncertain(full(3, periods=(2026, 2028)), ROWS.to_dict("records"))
    return two_stage(scenario.with_settings(risk=RiskOptions(level=0.6, weight=0.5)), Options(solver="simplex"))


def test_a_plan_with_risk_holds_and_its_cvar_is_that_of_the_sorted_members(averse: TwoStage, found: TwoStage) -> None:
    """The dearest 0.4 of the probability is all of one member, 0.3, and 0.1 of the next."""
    certificate = certify_members(averse.scenario, averse)
    assert certificate.ok, certificate.findings
    assert certificate.lower_bound == pytest.approx(averse.objective, rel=1e-6)
    costs = {one.name: one.plan.objective for one in averse.members}
    assert sorted(costs, key=lambda name: costs[name]) == ["lean", "likely", "rich"]
    assert averse.cvar == pytest.approx((0.3 * costs["rich"] + 0.1 * costs["likely"]) / 0.4, rel=1e-12)
    assert averse.objective == pytest.approx(0.5 * averse.expected_cost + 0.5 * averse.cvar, rel=1e-12)
    assert averse.cvar <= found_cvar(found) + 1e-6 * averse.cvar
    assert averse.expected_cost >= found.objective * (1 - 1e-6)


def found_cvar(found: TwoStage) -> float:
    """The same measure of the plan that minds the expected cost alone."""
    costs = sorted((one.plan.objective for one in found.members), reverse=True)
    return (0.3 * costs[0] + 0.1 * costs[1]) / 0.4


@pytest.mark.parametrize("factor", [0.0, 0.5, 3.0, -1.0, np.nan])
def test_no_weights_of_risk_prove_more_than_the_optimum(averse: TwoStage, factor: float) -> None:
    """Stored weights that are no weights of the measure are moved to some that are."""

    def other(one: Future) -> Future:
        dual = one.duals["risk"]
        return dataclasses.replace(
            one, duals={**one.duals, "risk": dataclasses.replace(dual, values=dual.values * factor)}
        )

    wrong = dataclasses.replace(averse, members=tuple(other(one) for one in averse.members))
    certificate = certify_members(averse.scenario, wrong)
    assert certificate.lower_bound <= averse.objective * (1 + 1e-9)


def test_an_objective_that_leaves_the_risk_out_is_found(averse: TwoStage) -> None:
    assert "objective: " in said(dataclasses.replace(averse, objective=averse.expected_cost))


def test_the_plan_as_found_holds_and_its_bound_is_its_cost(found: TwoStage) -> None:
    certificate = certify_members(found.scenario, found)
    assert certificate.ok, certificate.findings
    assert certificate.cost == pytest.approx(found.objective, rel=1e-9)
    assert certificate.lower_bound == pytest.approx(found.objective, rel=1e-6)
    assert certificate.families["common"] <= 1e-9


def test_equations_and_certificate_mean_the_same_by_early() -> None:
    """Two lists, written down twice."""
    assert set(COMMON) == set(EARLY)


def said(found: TwoStage) -> str:
    """Why the certificate does not hold."""
    certificate = certify_members(found.scenario, found)
    assert not certificate.ok
    return "; ".join(certificate.findings)


def test_a_cost_of_a_member_that_is_not_that_of_its_values_is_found(found: TwoStage) -> None:
    wrong = changed(
        found,
        1,
        lambda one: dataclasses.replace(one, plan=dataclasses.replace(one.plan, cost_mcny=0.99 * one.plan.cost_mcny)),
    )
    assert "likely: cost: " in said(wrong)


def test_an_expected_cost_that_its_members_do_not_make_is_found(found: TwoStage) -> None:
    assert "objective: " in said(dataclasses.replace(found, objective=found.objective * (1 - 1e-6)))


def test_orders_that_differ_before_one_knows_are_found(found: TwoStage) -> None:
    def more(values: np.ndarray) -> np.ndarray:
        values[0] *= 1.01
        return values

    assert "common: rich / build" in said(changed(found, 2, with_values("build", more)))


def test_work_that_a_member_does_not_do_is_found(found: TwoStage) -> None:
    assert "lean / " in said(changed(found, 0, with_values("load", lambda values: 0.5 * values)))


def test_a_probability_other_than_the_table_s_is_found(found: TwoStage) -> None:
    wrong = changed(found, 0, lambda one: dataclasses.replace(one, probability=0.1))
    assert "probability: 0.1 is stated, the table gives 0.2" in said(wrong)


def test_a_member_less_is_found(found: TwoStage) -> None:
    assert "members" in said(dataclasses.replace(found, members=found.members[:2]))


def test_a_plan_of_who_knows_that_is_none_is_found(found: TwoStage) -> None:
    """What knowing is worth would be wrong with it."""

    def cheaper(one: Future) -> Future:
        load = one.alone.variables["load"]
        family = dataclasses.replace(load, values=0.0 * load.values)
        return dataclasses.replace(
            one, alone=dataclasses.replace(one.alone, variables={**one.alone.variables, "load": family})
        )

    assert "likely: planned by itself" in said(changed(found, 1, cheaper))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), size=st.sampled_from([1e-6, 1e-3, 0.1, 1.0]))
def test_no_duals_prove_more_than_the_optimum(found: TwoStage, seed: int, size: float) -> None:
    """Whatever the duals: the bound is one. They are those of the plan with noise, so that bounds come near."""
    rng = np.random.default_rng(seed)

    def noisy(one: Future) -> Future:
        duals = {
            name: dataclasses.replace(dual, values=dual.values * (1 + size * rng.standard_normal(dual.values.shape)))
            for name, dual in one.duals.items()
        }
        return dataclasses.replace(one, duals=duals)

    wrong = dataclasses.replace(found, members=tuple(noisy(one) for one in found.members))
    certificate = certify_members(wrong.scenario, wrong)
    assert certificate.lower_bound <= found.objective * (1 + 1e-9)
    assert certificate.ok
