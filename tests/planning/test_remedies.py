"""What a conflict advises helps: whoever follows it has a plan, and what is advised is not there already."""

from __future__ import annotations

import datetime

import pytest

from tests.golden.small import small
from xisuan.errors import InfeasibleError
from xisuan.planning.expansion import plan
from xisuan.scenario.checks.cross_table import check
from xisuan.scenario.scenario import Scenario

POWER = {"power": "zone,price,co2_kg_per_kwh\nz,0.4,0.5"}


def of_carbon(limit: str, penalty: str = "0.001", units: int = 10, **settings: object) -> Scenario:
    tables = {
        **POWER,
        "sites": f"site,node,zone,it_limit_mw\ns,r,z,{limit}",
        "workloads": f"workload,class,unserved_mcny_per_unit_hour\nw,general,{penalty}",
        "demand": f"region,workload,period,units\nr,w,2026,{units}\nr,w,2027,{units}",
    }
    return small(tables, {"objective": "carbon", **settings})


def said(scenario: Scenario, level: str) -> list[str]:
    return [str(problem) for problem in check(scenario) if problem.level == level]


@pytest.mark.parametrize("penalty", ["", "0.001"])
def test_the_conflict_of_a_carbon_plan_advises_no_penalty(penalty: str) -> None:
    """The objective serves all work; whoever lowers the demand as advised has a plan."""
    with pytest.raises(InfeasibleError) as refused:
        plan(of_carbon("2", penalty))
    text = str(refused.value)
    assert "lower it, because the objective carbon serves all work at any penalty" in text
    assert "give w a penalty" not in text
    assert plan(of_carbon("2", penalty, units=4)).status == "optimal"
    assert plan(of_carbon("5", penalty)).status == "optimal"


def test_a_penalty_under_the_carbon_objective_is_said_to_be_of_no_use() -> None:
    assert any(
        "no plan uses it, because the objective carbon serves all work" in one
        for one in said(of_carbon("9"), "warning")
    )
    assert not any("no plan uses it" in one for one in said(of_carbon("9", ""), "warning"))
    assert not any("no plan uses it" in one for one in said(of_carbon("9", objective="cost"), "warning"))


@pytest.mark.parametrize(("objective", "level"), [("cost", "warning"), ("carbon", "error")])
def test_what_nothing_can_serve_is_left_only_where_plans_may_leave_it(objective: str, level: str) -> None:
    """`check` says of each objective what its plan then does."""
    tables = {"limits": "site,technology,max_units\ns,g,0", **POWER, "sites": "site,node,zone\ns,r,z"}
    tables |= {"workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.001"}
    given = small(tables, {"objective": "cost"}).with_settings(objective=objective)
    lines = said(given, level)
    assert any("is left unserved in 2026, 2027" in one for one in lines) == (objective == "cost")
    assert any("cannot be served in 2026, 2027" in one for one in lines) == (objective == "carbon")
    assert not any("or give unserved_mcny_per_unit_hour" in one for one in said(given, "error"))
    if objective == "cost":
        assert plan(given).status == "optimal"
    else:
        with pytest.raises(InfeasibleError):
            plan(given)


def with_day(day: str | None, lead: int = 0, existing: int = 0) -> Scenario:
    """20 racks of 0.5 MW that stand need 10 MW of halls, of which `existing` stand: the others may be built from 2026 on."""
    tables = {
        "halls": "site,existing_mw,capex_mcny_per_mw,life_years\ns,10,1,20",
        "fleet": "site,technology,units\ns,g,20",
    }
    given = small(tables)
    halls = given["halls"].assign(existing_mw=float(existing), lead_years=float(lead))
    return given.with_tables(halls=halls).with_settings(as_of=day and datetime.date.fromisoformat(day))


def test_a_conflict_that_a_date_makes_names_the_date() -> None:
    """No lead is to blame where there is none, and an earlier date helps, as does what stood."""
    with pytest.raises(InfeasibleError) as refused:
        plan(with_day("2026-12-31"))
    text = str(refused.value)
    assert "only 0 MW stand, because as_of 2026-12-31 fixes the orders of more in 2026" in text
    assert "give an earlier as_of, or more that stands" in text
    assert "lead_years" not in text
    assert "takes 0 years" not in text
    assert plan(with_day("2025-12-31")).status == "optimal"
    assert plan(with_day("2026-12-31", existing=10)).status == "optimal"


def test_check_names_the_date_too() -> None:
    """Nothing stood in 2026, and nothing can be ordered for it any more."""
    given = small().with_settings(as_of=datetime.date(2026, 12, 31))
    (line,) = said(given, "error")
    assert "as_of 2026-12-31 fixes 2026, and what stood then does not serve it; give an earlier as_of" in line
    assert said(given.with_settings(as_of=datetime.date(2025, 12, 31)), "error") == []


def test_a_conflict_that_a_lead_makes_names_the_lead() -> None:
    with pytest.raises(InfeasibleError, match=r"0 MW stand \(lead_years: more takes 1 year\) in 2026 · shorten lead"):
        plan(with_day(None, lead=1))


@pytest.mark.parametrize("fleet", [{}, {"fleet": "site,technology,units\ns,g,4"}])
def test_a_conflict_of_equipment_that_comes_too_late_names_lead_years_or_the_row_that_stands(
    fleet: dict[str, str],
) -> None:
    """Racks ordered in 2026 stand from 2027 on: without a row of fleet it is lead_years that a user can change."""
    given = small(fleet)
    slow = given.with_tables(technologies=given["technologies"].assign(lead_years=1.0))
    with pytest.raises(InfeasibleError) as refused:
        plan(slow)
    (line,) = [line for line in refused.value.conflict if "lead_years" in line]
    if fleet:
        assert line.startswith("fleet, s/g, units: only these units serve (lead_years: more takes 1 year) in 2026 · ")
    else:
        assert line.startswith("technologies, g, lead_years: none stands at s, and an order takes 1 year in 2026 · ")
        assert "fleet, s/g" not in str(refused.value)
