"""Where cities share more than budgets they are not planned one by one."""

from __future__ import annotations

import pytest

from tests.access_cases import access
from xisuan.certificate.certify_plan import certify
from xisuan.workflow.plan import plan


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_number_of_cities_to_be_reached_is_reached_whatever_is_aimed_at(number: int) -> None:
    """A target for the number of gigabit cities joins their choices, under each objective."""
    rule = f"rule,scope,period,value\nreach_gigabit_cities,all,2027,{number}"
    for goal in ("cost", "residents"):
        found = plan(access({"policies": rule}, objective=goal))
        named = found.tables["gigabit"]
        assert named.loc[named["period"] == 2027, "gigabit"].sum() >= number
        assert certify(found.scenario, found).ok
