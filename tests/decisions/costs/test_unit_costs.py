"""One unit, several costs: the table that reconciles them."""

from __future__ import annotations

import pytest

from tests.golden.small import small
from tests.workflow.planned import five_plan
from xisuan.decisions.costs.levelised_cost import hub_costs, levelised
from xisuan.decisions.costs.unit_costs import unit_costs
from xisuan.decisions.reported_place import Focus, focus
from xisuan.planning.expansion import plan


def test_served_by_workload_their_mean_and_installed_by_hand() -> None:
    """A rack of 1 mCNY over 4 years, attained to 0.75, without power or halls: 250,000 CNY a year. Steady work uses 0.75
    of it; work of 0.5 and 1.5 in turn uses 0.5. Of 6 and 2 units the mean is 3/4 and 1/4 of both costs, and use is 8 over
    6 / 0.75 + 2 / 0.5 = 12 racks."""
    scenario = small(
        {
            "technologies": "technology,class,unit,mw_per_unit,attainable_utilisation,capex_mcny_per_unit,life_years\n"
            "g,general,rack,0.01,0.75,1,4",
            "workloads": "workload,class\nsteady,general\nbusy,general",
            "profile_rules": "profile,hours,value\nwave,,1.5\nwave,0-11,0.5",
            "demand": "region,workload,period,units,profile\nr,steady,2026,6,\nr,busy,2026,2,wave",
        },
        {"periods": [2026], "hours": "hours:24", "discount_rate": 0.0},
    )
    found = plan(scenario)
    costs, about = hub_costs(found), Focus("s", ("s",))
    table = unit_costs(found, costs, levelised(found, costs, "s", ("s",)), about).set_index(["per", "workload"])
    steady, busy = 250_000 / (8760 * 0.75), 250_000 / (8760 * 0.5)
    assert table["cny"].to_dict() == pytest.approx(
        {
            ("served", "steady"): steady,
            ("served", "busy"): busy,
            ("served", ""): 0.75 * steady + 0.25 * busy,
            ("installed", ""): 250_000 / 8760,
        }
    )
    assert table["share"].dropna().to_dict() == pytest.approx(
        {("served", "steady"): 0.75, ("served", "busy"): 0.25, ("served", ""): 1.0}
    )
    assert table.loc[("installed", ""), "use"] == pytest.approx(8 / 12)


def test_the_rows_reconcile_on_a_scenario_with_every_part() -> None:
    found = five_plan()
    about, costs = focus(found), hub_costs(found)
    table = unit_costs(found, costs, levelised(found, costs, about.name, about.sites), about)
    assert len(table)
    for _, rows in table.groupby("class"):
        single = rows[(rows["per"] == "served") & (rows["workload"] != "")]
        mean = rows[(rows["per"] == "served") & (rows["workload"] == "")]["cny"].iloc[0]
        installed = rows[rows["per"] == "installed"].iloc[0]
        assert (single["cny"] * single["share"]).sum() == pytest.approx(mean)
        assert installed["cny"] == pytest.approx(mean * installed["use"])
