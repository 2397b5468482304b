"""What can be in use in some period, and nothing else, is modelled."""

from __future__ import annotations

import pytest

from tests.golden.small import small
from xisuan.scenario.queries import candidates


@pytest.mark.parametrize(
    ("lead", "life", "window"),
    [
        (0, 2, (2026, 2030)),
        (2, 3, (2026,)),  # in use 2028 to 2030
        (2, 2, ()),  # in use 2028 and 2029, between the periods
        (4, 1, (2026,)),
        (5, 9, ()),
    ],
)
def test_a_technology_can_be_ordered_to_be_in_use_in_a_period(lead: int, life: int, window: tuple[int, ...]) -> None:
    technologies = f"technology,class,capex_mcny_per_unit,life_years,lead_years\ng,general,1,{life},{lead}"
    demand = "region,workload,period,units\nr,w,2026,0\nr,w,2030,0"
    scenario = small({"technologies": technologies, "demand": demand}, {"periods": [2026, 2030]})
    assert candidates.order_window(scenario, "g") == window
    assert bool(candidates.equipment(scenario)) == bool(window)


@pytest.mark.parametrize(("period", "stays"), [("2030", True), ("2034", False)])
def test_units_required_after_the_last_period_are_no_candidates(period: str, stays: bool) -> None:
    """A technology on offer from 2040 only stays where a period requires it, so that the conflict is found."""
    tables = {
        "technologies": "technology,class,capex_mcny_per_unit,life_years,available_from\ng,general,1,4,2040",
        "demand": "region,workload,period,units\nr,w,2026,0\nr,w,2030,0",
        "limits": f"site,technology,min_units,period\ns,g,5,{period}",
    }
    assert bool(candidates.equipment(small(tables, {"periods": [2026, 2030]}))) is stays
