"""What budgets lack for the dates of cities: the sum named is enough as it is named, and no less is, however spread."""

from __future__ import annotations

import re

import pytest

from tests.access_cases import access
from xisuan.errors import InfeasibleError
from xisuan.planning.access import date_obstacles
from xisuan.scenario.scenario import Scenario
from xisuan.workflow.plan import plan

DATES = "city,deadline\na,2026\nb,2027\nc,2027"
LIMITS = (0.3, 0.2)


def budgeted(first: float, second: float, **settings: object) -> Scenario:
    money = f"period,scope,limit_mcny\n2026,access,{first}\n2027,access,{second}"
    return access({"city_targets": DATES, "budgets": money}, **settings)


def planned(first: float, second: float) -> bool:
    try:
        plan(budgeted(first, second))
    except InfeasibleError:
        return False
    return True


@pytest.mark.parametrize("goal", ["cost", "residents"])
def test_the_sum_named_is_the_least_that_is_enough(goal: str) -> None:
    with pytest.raises(InfeasibleError) as refused:
        plan(budgeted(*LIMITS, objective=goal))
    text = str(refused.value)
    lacking = float(re.findall(r"lacks ([\d.]+) million", text)[0])
    needed = dict(zip((2026, 2027), LIMITS, strict=True))
    for year, amount in re.findall(r"budgets, (\d+)/access, limit_mcny: at most [\d.]+, and ([\d.]+) is needed", text):
        needed[int(year)] = float(amount)
    assert sum(needed.values()) - sum(LIMITS) == pytest.approx(lacking, abs=2.1e-3)
    assert planned(needed[2026], needed[2027])
    less = 0.99 * lacking
    for share in (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0):
        assert not planned(LIMITS[0] + share * less, LIMITS[1] + (1.0 - share) * less)


def test_a_budget_of_all_and_one_of_a_payer_are_each_told() -> None:
    """Cities a and c are of investor x; 2027 is without limits, and a has a date in 2026: both budgets lack the same."""
    money = "period,scope,limit_mcny\n2026,access,0.1\n2026,investor:x,0.1\n2027,access,\n2027,investor:x,"
    scenario = access({"city_targets": "city,deadline\na,2026", "budgets": money})
    error = date_obstacles.budget_error(scenario)
    assert error is not None
    free = access({"city_targets": "city,deadline\na,2026"})
    spent = plan(free).access_totals.query("city == 'a' and period == 2026")["capex_mcny"].sum()
    needed = re.findall(r"2026/(\S+), limit_mcny: at most 0.1, and ([\d.]+) is needed", str(error))
    assert {scope: float(amount) for scope, amount in needed} == pytest.approx(
        {"access": spent, "investor:x": spent}, abs=1.1e-3
    )


def test_a_year_without_a_row_of_its_own_is_given_one() -> None:
    """The row of 2026 holds in 2027 as well: to raise it raises both."""
    money = "period,scope,limit_mcny\n2026,access,0.2"
    error = date_obstacles.budget_error(access({"city_targets": DATES, "budgets": money}))
    assert "give that year and the next a row of their own" in str(error)
    assert "raise it" in str(date_obstacles.budget_error(budgeted(*LIMITS)))


def test_what_lacks_less_than_is_told_is_left_to_the_search_for_contradictions() -> None:
    """300 CNY short of what a's date takes: too little to be told in thousands, and still no plan."""
    dates = "city,deadline\na,2026"
    spent = plan(access({"city_targets": dates})).access_totals["capex_mcny"].sum()
    scenario = access({"city_targets": dates, "budgets": f"period,scope,limit_mcny\n2026,access,{spent - 3e-4}"})
    assert date_obstacles.budget_error(scenario) is None
    with pytest.raises(InfeasibleError, match="budgets, 2026/access"):
        plan(scenario)


def test_budgets_that_pay_for_the_dates_lack_nothing() -> None:
    assert date_obstacles.budget_error(budgeted(100.0, 100.0)) is None


def test_what_no_money_would_mend_is_not_said_to_lack_money() -> None:
    """City a has no crews, so that no budget brings it there."""
    none = "city,crew_days_year,investor\na,0,x\nb,90,y\nc,200,x"
    scenario = access({"cities": none, "city_targets": DATES, "budgets": "period,scope,limit_mcny\n2026,access,0.1"})
    assert date_obstacles.budget_error(scenario) is None
    with pytest.raises(InfeasibleError, match="Whatever is spent"):
        plan(scenario)
