"""The certificate of an operated plan: right ones pass, whatever is changed in one is caught, and its bound is one.

Whether a change is one is judged by the equations, which the certificate knows nothing of.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnomon.options import Options
from tests import scenarios
from tests.access_cases import PLACES
from tests.certificate.operated import assembled, retold, shrunk
from tests.certificate.solved import optimum
from tests.certificate.test_agreement import CORNERS
from tests.certificate.test_mutations import mutant
from tests.laws.strategies import Draft, full
from tests.laws.strategies import scenarios as drafts
from tests.planning.test_access_with_compute import joint
from tests.scenarios import frame
from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.certificate.constraints.operation_statement import Operated, Operation, horizon
from xisuan.certificate.proof.operation_bounds import OperationBounds
from xisuan.dispatch.economic_dispatch import operate
from xisuan.planning.expansion import plan
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours

VERTEX = Options(solver="simplex", threads=1)
COUNTS = pytest.mark.parametrize("count", [8, pytest.param(160, marks=pytest.mark.long)])


@dataclasses.dataclass(frozen=True)
class Tried:
    """A plan and how it is operated."""

    plan: Plan
    schedule: Schedule

    def certified(self, schedule: Schedule | None = None, at: Scenario | None = None) -> Certificate:
        """The certificate of its schedule, or of another."""
        return certify_schedule(at or self.schedule.scenario, self.plan, schedule or self.schedule)


def tried(scenario: Scenario, hours: str = "", share: float = 1.0, options: Options = VERTEX) -> Tried:
    """`scenario` planned on its hours, and operated on `hours` with a `share` of what the plan builds."""
    made = shrunk(plan(scenario, Options(threads=1)), share)
    return operated(scenario, made, hours, options)


def operated(scenario: Scenario, made: Plan, hours: str = "", options: Options = VERTEX) -> Tried:
    """A plan operated on `hours` of `scenario`."""
    other = on_hours(scenario, Hours.parse(hours)) if hours else scenario
    return Tried(made, operate(other, made, options))


@cache
def corner(name: str) -> Plan:
    """The plan of a corner of the model, which is tried with all of its capacity and with less."""
    return plan(CORNERS[name](), Options(threads=1))


@cache
def served() -> Tried:
    """Every part of the model in two periods, on hours that it was made for."""
    return tried(full(3).build())


TIGHT = {
    "utilisation_min": 0.95,
    "pue_max": 1.05,
    "water_cap_m3": 10.0,
    "carbon_cap_market_t": 10.0,
    "green_share_min": 1.0,
    "clean_share_hourly_min": 1.0,
}
"""Rules that nothing can keep."""


def strict(draft: Draft) -> Draft:
    """The scenario with rules that nothing can keep, and a connection that is too small for its zone."""

    def tighten(policies: pd.DataFrame) -> pd.DataFrame:
        return policies.assign(value=policies["rule"].map(TIGHT).fillna(policies["value"]))

    return draft.with_table("policies", tighten).with_table(
        "power", lambda frame: frame.assign(grid_limit_mw=[6.0, np.nan])
    )


@cache
def short() -> Tried:
    """The same on other hours, with a fifth less of everything and stricter rules: work and traffic are left, rules are
    exceeded."""
    found = operated(strict(full(3)).build(), shrunk(plan(full(3).build()), 0.8), "hours:7")
    assert found.schedule.status == "short"
    assert set(found.schedule.excess["rule"]) >= {"utilisation_min", "pue_max", "water_cap_m3"}
    return found


MADE: dict[str, Callable[[], Tried]] = {"served": served, "short": short}


# --- right ones pass, and both readings are one --------------------------------------------------------------------------


def judge(found: Tried) -> None:
    """The certificate holds, at the cost that was found, and proves it to the last digits."""
    certificate = found.certified()
    cost = found.schedule.cost_mcny
    assert certificate.ok, certificate.findings
    assert certificate.findings == ()
    assert certificate.cost == pytest.approx(cost, rel=1e-9)
    assert certificate.lower_bound == pytest.approx(cost, rel=2e-6, abs=1e-6)
    assert certificate.lower_bound <= cost + 1e-7 * max(1.0, abs(cost))


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize(("hours", "share"), [pytest.param("", 1.0, marks=pytest.mark.long), ("hours:7", 0.7)])
def test_every_corner_of_the_model_is_certified(name: str, hours: str, share: float) -> None:
    made = corner(name)
    judge(operated(made.scenario, shrunk(made, share), hours))


def test_cities_cost_their_upkeep_and_electricity() -> None:
    measures = frame(PLACES["measures"]).assign(opex_cny_per_unit_year="7000")
    found = tried(joint({"measures": measures.to_csv(index=False)}))
    judge(found)
    assert found.schedule.costs.query("term == 'access_opex'")["mcny"].sum() > 0


@pytest.mark.parametrize("solver", ["ipx", "hipo"])
def test_an_interior_point_is_certified(solver: str) -> None:
    made = short()
    options = Options(solver=solver, threads=1)  # type: ignore[arg-type]
    found = Tried(made.plan, operate(made.schedule.scenario, made.plan, options))
    certificate = found.certified()
    assert certificate.ok, certificate.findings
    assert certificate.lower_bound == pytest.approx(found.schedule.cost_mcny, rel=2e-6)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(draft=drafts(), hours=st.sampled_from(["", "one", "hours:4", "hours:7"]), share=st.sampled_from([0.5, 0.9, 1.0]))
def test_no_right_schedule_is_refused(draft: Draft, hours: str, share: float) -> None:
    judge(tried(draft.build(), hours, share))


@pytest.mark.parametrize("name", ["five", "own rules", "routes that change", "supply without power", "tiny"])
def test_both_readings_have_one_optimum(name: str) -> None:
    """The certificate's own rows, solved by scipy, cost what the equations' do."""
    made = corner(name)
    found = operated(made.scenario, shrunk(made, 0.7), "hours:5")
    whole = horizon(found.schedule.scenario, found.plan.scenario)
    cost = 0.0
    for p in range(len(found.plan.scenario.settings.periods)):
        operation = Operation(Operated(whole, p, found.plan.variables))
        cost += optimum(operation, operation.columns, list(operation.rows()))
    assert found.schedule.cost_mcny == pytest.approx(cost, rel=1e-7)


def test_the_box_holds_the_optimum_and_is_finite() -> None:
    """A bound that the optimum breaks would prove too much: here the optimum of the equations is laid into it."""
    found = short()
    whole = horizon(found.schedule.scenario, found.plan.scenario)
    for p in range(2):
        operation = Operation(Operated(whole, p, found.plan.variables))
        bounds = OperationBounds(operation.columns)
        for rows in operation.rows():
            if f"excess_{rows.name}" in operation.columns.families:
                bounds.exceed(rows)
        for name, family in operation.columns.families.items():
            most = np.broadcast_to(bounds.most[name], family.shape)
            assert np.isfinite(most).all(), name
            values = found.schedule.variables.get(name)
            if values is not None and name not in ("flow", "stock_flow", "traffic_flow"):  # flows may run in circles
                here = [i for i, label in enumerate(values.labels) if label in family.at]
                there = [family.at[values.labels[i]] for i in here]
                over = values.values[p][..., here] - most[0][..., there]
                assert over.max(initial=0.0) <= 1e-7 * max(1.0, float(most.max(initial=0.0))), name


# --- a period of several, others of a plan's -----------------------------------------------------------------------------


def test_one_period_of_a_plan_is_certified_by_itself() -> None:
    """What could stand depends on all periods of the plan; the year weighs as it does there."""
    scenario = CORNERS["links that arrive"]()
    made = plan(scenario, Options(threads=1))
    certificates = []
    for period in scenario.settings.periods:
        one = scenario.with_settings(periods=(period,))
        found = Tried(made, operate(one, made, VERTEX))
        judge(found)
        certificates.append(found.certified())
    whole = Tried(made, operate(scenario, made, VERTEX)).certified()
    assert whole.cost == pytest.approx(sum(one.cost for one in certificates), rel=1e-9)
    assert whole.lower_bound == pytest.approx(sum(one.lower_bound for one in certificates), rel=1e-9)


# --- whatever is changed is caught ---------------------------------------------------------------------------------------


@COUNTS
@pytest.mark.parametrize("name", MADE)
def test_every_mutation_is_caught(name: str, count: int) -> None:
    rng = np.random.default_rng(20260101)
    found, missed = MADE[name](), []
    for _ in range(count):
        what, other = mutant(found.schedule, rng)
        if found.certified(other).ok:
            missed.append(what)
    assert missed == []


@COUNTS
@pytest.mark.parametrize("name", MADE)
def test_a_wrong_schedule_that_tells_its_own_cost_is_caught(name: str, count: int) -> None:
    """Cost, penalties, status and tables are those of the changed values: only rows and bounds can tell. What breaks the
    equations is refused; what is only dearer is not, and no cheaper than the bound."""
    rng = np.random.default_rng(7)
    found, wrong = MADE[name](), 0
    for _ in range(count):
        what, other = mutant(found.schedule, rng)
        if what.endswith("swapped"):
            continue
        honest, broken = retold(found.schedule, found.plan, other.variables)
        certificate = found.certified(honest)
        assert certificate.cost == pytest.approx(honest.cost_mcny, rel=1e-9), what
        assert not any(finding.startswith(("cost", "penalties", "status")) for finding in certificate.findings), what
        assert not any("table" in finding for finding in certificate.findings), what
        if broken > 1e-5:
            assert not certificate.ok, what
            wrong += 1
        elif broken < 1e-7:
            assert certificate.ok, (what, certificate.findings)
            assert certificate.cost >= certificate.lower_bound * (1 - 1e-9), what
    assert wrong > count / 3


def families() -> list[str]:
    """Families of values that are not all next to nothing in what falls short."""
    return sorted(
        name for name, found in short().schedule.variables.items() if np.abs(found.values).max(initial=0) > 1e-6
    )


def test_every_family_is_among_what_is_tried() -> None:
    """Where a name is missing here, nothing above says anything of it."""
    assert {
        *("serve", "hold", "absorb", "release", "flow", "load", "backlog", "unserved", "stock_unserved", "installed"),
        *("hall", "capacity", "supply", "it", "grid", "peak", "contract", "generation", "traffic_unserved"),
        *("traffic_flow", "stock_load", "excess_pue_max", "excess_utilisation_min", "excess_water_cap_m3"),
    } <= set(families())


def test_each_family_that_is_dropped_is_caught() -> None:
    found = short()
    for name in families():
        values = found.schedule.variables[name].values
        if name in ("backlog", "stored") and np.ptp(values, axis=1).max() < 1e-9:
            continue  # as good as none in a cyclic block
        rest = {key: value for key, value in found.schedule.variables.items() if key != name}
        assert not found.certified(dataclasses.replace(found.schedule, variables=rest)).ok, name


def spoilt(found: Tried, name: str, change: Callable[[np.ndarray], np.ndarray]) -> Certificate:
    """The certificate where one family has other values, told honestly."""
    family = found.schedule.variables[name]
    other = {**found.schedule.variables, name: dataclasses.replace(family, values=change(family.values.copy()))}
    return found.certified(retold(found.schedule, found.plan, other)[0])


def test_capacity_that_the_plan_has_not_is_caught() -> None:
    for name in ("installed", "hall", "capacity", "supply"):
        certificate = spoilt(short(), name, lambda values: values * 1.01)
        assert certificate.families["capacity"] > 1e-3, name
        assert any(finding.startswith(f"capacity: {name} / ") for finding in certificate.findings), certificate.findings


def test_less_shortfall_than_there_is_is_caught() -> None:
    assert spoilt(short(), "unserved", lambda values: values * 0.99).families["work_balance"] > 1e-6
    assert spoilt(short(), "stock_unserved", lambda values: values * 0.99).families["stock_balance"] > 1e-6


def test_traffic_that_is_said_to_be_carried_is_caught() -> None:
    certificate = spoilt(short(), "traffic_unserved", lambda values: values * 0.99)
    assert max(certificate.families["traffic_balance"], certificate.families["traffic_within_link"]) > 1e-6


def test_a_rule_exceeded_by_less_than_it_is_is_caught() -> None:
    found = short()
    for rule in found.schedule.excess["rule"].unique():
        certificate = spoilt(found, f"excess_{rule}", lambda values: values * 0.99)
        assert certificate.families[rule] > 1e-6, rule


def test_work_that_waits_too_long_is_caught() -> None:
    certificate = spoilt(short(), "backlog", lambda values: values + 100.0)
    assert certificate.families["deadline"] > 1e-3
    assert max(value for name, value in certificate.families.items() if name != "deadline") <= 1e-6


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_value_that_is_no_number_is_caught(bad: float) -> None:
    found = short()
    family = found.schedule.variables["load"]
    values = family.values.copy()
    values[0, 0, 0] = bad
    other = {**found.schedule.variables, "load": dataclasses.replace(family, values=values)}
    certificate = found.certified(dataclasses.replace(found.schedule, variables=other))
    assert "2026: load: a value is missing or not a number" in certificate.findings


def test_a_family_or_a_period_that_there_is_not_is_caught() -> None:
    found = short()
    ghost = Found("ghost", ("site",), (("site-0",),), False, np.zeros((2, 1)))
    load = found.schedule.variables["load"]
    for more in ({"ghost": ghost}, {"load": dataclasses.replace(load, values=load.values[:1])}):
        assert not found.certified(
            dataclasses.replace(found.schedule, variables={**found.schedule.variables, **more})
        ).ok


# --- what is said of it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["cost_mcny", "penalty_mcny"])
def test_another_sum_is_caught(field: str) -> None:
    found = short()
    other = dataclasses.replace(found.schedule, **{field: getattr(found.schedule, field) * (1 - 1e-7)})
    assert not found.certified(other).ok


def test_a_status_that_hides_a_shortfall_is_caught() -> None:
    found = short()
    certificate = found.certified(dataclasses.replace(found.schedule, status="optimal"))
    assert [finding for finding in certificate.findings if finding.startswith("status")]
    made = served()
    assert not made.certified(dataclasses.replace(made.schedule, status="short")).ok


@pytest.mark.parametrize(
    ("table", "column"),
    [("shortfall", "unit_hours"), ("shortfall", "share"), ("shortfall", "mcny"), ("excess", "amount"), ("excess", "mcny"),
     ("costs", "discounted_mcny")],
)  # fmt: skip
def test_a_number_in_a_table_that_is_another_is_caught(table: str, column: str) -> None:
    found = short()
    frame = found.schedule.tables[table].copy()
    frame.loc[frame[column].abs().idxmax(), column] *= 1 + 1e-6
    certificate = found.certified(_with(found.schedule, table, frame))
    assert any(f"table {table}" in finding for finding in certificate.findings)
    assert not certificate.ok


@pytest.mark.parametrize("table", ["shortfall", "excess"])
def test_a_row_that_is_missing_or_too_many_is_caught(table: str) -> None:
    found = short()
    frame = found.schedule.tables[table]
    less = frame.sort_values("mcny").iloc[:-1]
    more = pd.concat([frame, frame.sort_values("mcny").iloc[-1:]])
    for other in (less, more):
        assert not found.certified(_with(found.schedule, table, other)).ok
    bare = {name: part for name, part in found.schedule.tables.items() if name != table}
    assert not found.certified(dataclasses.replace(found.schedule, tables=bare)).ok


def _with(schedule: Schedule, table: str, frame: pd.DataFrame) -> Schedule:
    return dataclasses.replace(schedule, tables={**schedule.tables, table: frame})


@pytest.mark.parametrize("edit", ["price", "demand", "penalty"])
def test_other_tables_of_the_scenario_are_caught(edit: str) -> None:
    """The schedule is laid against what is given, not against what it was made of."""
    draft = strict(full(3))
    edits = {
        "price": draft.with_table("power", lambda frame: frame.assign(demand_charge_cny_per_kw_month=[31.0, 0.0])),
        "demand": draft.with_table("demand", lambda frame: frame.assign(units=frame["units"] * 1.01)),
        "penalty": draft.with_settings(plan={"shortfall_mcny_per_unit_hour": 1.01}),
    }
    other = on_hours(edits[edit].build(), Hours.parse("hours:7"))
    assert not short().certified(at=other).ok


# --- no false alarm, and a bound whatever the duals ------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_rounding_is_no_alarm(name: str) -> None:
    """Values as a solver leaves them: off by 1e-10 of the largest of their family."""
    rng = np.random.default_rng(7)
    found = MADE[name]()
    for _ in range(5):
        variables = {}
        for family, held in found.schedule.variables.items():
            size = 1e-10 * np.abs(held.values).max(initial=0.0)
            noise = size * rng.uniform(-1, 1, held.values.shape)
            variables[family] = dataclasses.replace(held, values=held.values + noise)
        honest, _ = retold(found.schedule, found.plan, variables)
        certificate = found.certified(honest)
        assert certificate.ok, certificate.findings


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("size", [1e-9, 1e-3, 1.0])
def test_no_duals_prove_more_than_the_optimum(name: str, size: float) -> None:
    found = MADE[name]()
    for seed in range(3):
        rng = np.random.default_rng(seed)
        noisy = {
            family: dataclasses.replace(
                dual,
                values=dual.values
                + size * np.abs(dual.values).max(initial=0.0) * rng.standard_normal(dual.values.shape),
            )
            for family, dual in found.schedule.duals.items()
        }
        certificate = found.certified(dataclasses.replace(found.schedule, duals=noisy))
        assert certificate.lower_bound <= found.schedule.cost_mcny * (1 + 1e-9)
        assert certificate.ok
        if size == 1e-9:
            assert certificate.lower_bound == pytest.approx(found.schedule.cost_mcny, rel=1e-5)


def test_without_duals_there_is_still_a_bound() -> None:
    found = short()
    certificate = found.certified(dataclasses.replace(found.schedule, duals={}, lower_bound=-math.inf))
    assert certificate.ok
    assert -math.inf < certificate.lower_bound < found.schedule.cost_mcny


def test_the_judge_of_these_tests_finds_the_schedule_right() -> None:
    found = short()
    honest, broken = retold(found.schedule, found.plan, found.schedule.variables)
    assert broken <= 1e-9
    assert honest.cost_mcny == pytest.approx(found.schedule.cost_mcny, rel=1e-12)
    assert assembled(found.schedule.scenario, found.plan, 0)[1].shape[0] > 100


def test_pair_is_operated_at_the_cost_found_by_hand() -> None:
    found = tried(scenarios.pair())
    capital = found.plan.cost_mcny - found.schedule.cost_mcny
    assert found.certified().cost == pytest.approx(scenarios.PAIR_COST_MCNY - capital, abs=1e-9)
