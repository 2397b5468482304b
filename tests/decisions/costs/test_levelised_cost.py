"""What a unit of work costs where, against sums by hand."""

from __future__ import annotations

import pytest

from tests.golden.small import small
from tests.workflow.planned import five_plan, pair_plan
from xisuan.decisions.costs.levelised_cost import TERMS, hub_costs, levelised
from xisuan.planning.expansion import plan
from xisuan.results.decision_tables import TABLES


def test_unit_costs_of_the_pair_are_those_by_hand() -> None:
    """A server is 1 mCNY over 5 years and 0.1 a year, 0.01 MW; new halls 30 and 20 mCNY a MW over 20 years. No
    discounting, no idle power, a link without cost. Energy a year: 0.01 MW × 8,760 h × price, PUE 1.5 and 1.2.
    """
    table = hub_costs(pair_plan()).set_index("site")
    assert list(hub_costs(pair_plan()).columns) == list(TABLES["hub_costs"])
    east, west = table.loc["east-1"], table.loc["west-1"]
    hours = 8760
    assert east["equipment_cny"] == west["equipment_cny"] == pytest.approx((1 / 5 + 0.1) * 1e6 / hours)
    assert east["hall_cny"] == pytest.approx(0.01 * 30 / 20 * 1e6 / hours)
    assert west["hall_cny"] == pytest.approx(0.01 * 20 / 20 * 1e6 / hours)
    assert east["power_cny"] == pytest.approx(10 * 0.6)
    assert east["pue_cny"] == pytest.approx(10 * 0.6 * 0.5)
    assert west["power_cny"] == pytest.approx(10 * 0.3)
    assert west["pue_cny"] == pytest.approx(10 * 0.3 * 0.2)
    assert west["against_rival"] == pytest.approx(west["total_cny"] / east["total_cny"] - 1)
    assert (west["best_rival"], west["why"], east["why"]) == ("east-1", "others", "dearer"), "servers stand there"
    assert west["eligible_share"] == 1.0, "5 ms are enough for 1,000 km"
    assert west["served_units"] == pytest.approx(60)


def test_terms_add_up_on_a_scenario_with_every_part() -> None:
    table = hub_costs(five_plan())
    assert table["total_cny"].to_numpy() == pytest.approx(
        table[[f"{term}_cny" for term in TERMS]].sum(axis=1).to_numpy()
    )
    assert table["served_share"].groupby(table["workload"]).sum().to_numpy() == pytest.approx(1.0)
    assert (table["eligible_share"] <= 1.0 + 1e-12).all()


def test_equipment_is_large_enough_for_its_peak_and_idles_outside_it() -> None:
    """Demand of 0.5 and 1.5 in turn: twice 0.75 attained is 1.5, so u = 0.5; half of the power is drawn all the time."""
    scenario = small(
        {
            "sites": "site,zone,pue\ns,z,1.2",
            "technologies": "technology,class,unit,mw_per_unit,idle_share,attainable_utilisation,"
            "capex_mcny_per_unit,life_years\ng,general,rack,0.01,0.5,0.75,1,4",
            "power": "zone,price,demand_charge_cny_per_kw_month\nz,tariff,40",
            "profile_rules": "profile,hours,value\ntariff,,1\ntariff,0-11,0.5\nbusy,,1.5\nbusy,0-11,0.5",
            "demand": "region,workload,period,units,profile\nr,w,2026,10,busy",
        },
        {"periods": [2026], "hours": "hours:24", "discount_rate": 0.0},
    )
    row = hub_costs(plan(scenario)).iloc[0]
    assert row["equipment_cny"] == pytest.approx(0.25e6 / (8760 * 0.5))
    # IT for a unit of mean work, MW: 0.01 × (0.5 / 0.5 + 0.5 × 0.5 or 1.5)
    night, day = 0.01 * (1 + 0.25), 0.01 * (1 + 0.75)
    assert row["power_cny"] == pytest.approx(1000 * (night * 0.5 + day * 1.0) / 2)
    assert row["pue_cny"] == pytest.approx(0.2 * row["power_cny"])
    assert row["demand_charge_cny"] == pytest.approx(1.2 * day * 1000 * 40 * 12 / 8760)


def test_halls_are_new_ones_and_where_they_may_not_grow_those_that_stand() -> None:
    """20 mCNY a MW over 20 years and 0.5 a year are 1.5 for new halls; a retrofit of 5 over 20 and 0.5 are 0.75."""
    scenario = small(
        {
            "sites": "site\nnew\nstanding\nbare",
            "halls": "site,existing_mw,limit_mw,capex_mcny_per_mw,opex_mcny_per_mw_year,life_years,"
            "retrofit_capex_mcny_per_mw,retrofit_pue\nnew,1,2,20,0.5,20,,\nstanding,1,1,20,0.5,20,5,1.2",
            "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,rack,0.01,1,4",
        },
        {"periods": [2026], "discount_rate": 0.0},
    )
    table = hub_costs(plan(scenario)).set_index("site")
    assert table["halls"].to_dict() == {"new": "new", "standing": "standing", "bare": ""}
    yearly = table["hall_cny"] * 8760 / 1e6 / 0.01
    assert yearly.to_dict() == pytest.approx({"new": 1.5, "standing": 0.75, "bare": 0.0})


def test_levelised_cost_is_the_mean_by_work_and_a_rack_is_2_5_kilowatts() -> None:
    found = pair_plan()
    costs = hub_costs(found)
    table = levelised(found, costs, "west", ("west-1",)).set_index("place")
    assert set(table.index) == {"all", "west", "east-1", "west-1"}
    by_site = costs.set_index("site")["total_cny"]
    assert table.loc["west", "cny_per_unit_hour"] == pytest.approx(by_site["west-1"])
    assert table.loc["all", "cny_per_unit_hour"] == pytest.approx(
        (by_site["east-1"] * 80 + by_site["west-1"] * 60) / 140
    )
    west = costs.set_index("site").loc["west-1"]
    # A quarter of a server, for 730 hours: halls and power.
    assert table.loc["west", "cny_per_rack_month"] == pytest.approx(
        730 * 0.25 * (west["hall_cny"] + west["power_cny"] + west["pue_cny"])
    )
    more = table.loc["west", "with_equipment_cny_per_rack_month"] - table.loc["west", "cny_per_rack_month"]
    assert more == pytest.approx(730 * 0.25 * west["equipment_cny"])


SITES = """
    site,node,hub,kind,capex_factor
    a,r,h,cluster,1
    b,r,h,cluster,1.1
    c,r,,edge,1.2
    d,r,i,cluster,1.5
    """


def test_a_rival_is_the_cheapest_of_another_hub_and_the_cheapest_of_any_kind_stands_beside_it() -> None:
    """Of a and b in one hub the rival is d, the cluster of the other at 1.5; cheaper is c, of no hub, at 1.2."""
    table = hub_costs(plan(small({"sites": SITES}))).set_index("site")
    assert table["best_rival"].to_dict() == {"a": "d", "b": "d", "c": "a", "d": "a"}
    assert table["best_site"].to_dict() == {"a": "c", "b": "c", "c": "a", "d": "a"}
    assert table.loc["b", "against_rival"] == pytest.approx(1.1 / 1.5 - 1)
    assert table.loc["b", "against_site"] == pytest.approx(1.1 / 1.2 - 1)


def test_where_no_other_hub_is_any_site_may_be_the_rival() -> None:
    one_hub = "\n".join(line for line in SITES.splitlines() if ",i," not in line)
    table = hub_costs(plan(small({"sites": one_hub}))).set_index("site")
    assert table["best_rival"].to_dict() == {"a": "c", "b": "c", "c": "a"}
    assert (table["best_site"] == table["best_rival"]).all()


def test_where_money_is_short_that_is_why_no_more_is_built() -> None:
    """Two racks more are needed in 2027 than in 2026, and one of them has to be ordered a year early."""
    budget = {"budgets": "period,scope,limit_mcny\n2027,compute,1"}
    table = hub_costs(plan(small({"sites": SITES, **budget}))).set_index("site")
    assert table["why"].to_dict() == {"a": "budget", "b": "budget", "c": "dearer", "d": "dearer"}
    free = hub_costs(plan(small({"sites": SITES}))).set_index("site")
    assert (free.loc["a", "why"], free.loc["b", "why"]) == ("", "others"), "all runs in a, and would cost the same in b"


def test_where_the_rest_is_too_far_that_is_why_no_more_is_built() -> None:
    """Two regions 1,000 km apart, and 1 ms: each site is all there is for its own."""
    afar = {
        "regions": "region\na\nb",
        "sites": "site,node\ns,a\nt,b",
        "workloads": "workload,class,latency_ms\nw,general,1",
        "demand": "region,workload,period,units\na,w,2027,1\nb,w,2027,1",
        "links": "link,from,to,length_km,capacity_gbps\nl,a,b,1000,1",
    }
    table = hub_costs(plan(small(afar, {"periods": [2027]}))).set_index("site")
    assert table["why"].to_dict() == {"s": "reach", "t": "reach"}
    assert table["best_rival"].to_dict() == {"s": "", "t": ""}, "neither could take anything of the other"


def test_a_rival_is_one_that_could_take_some_of_the_same_work() -> None:
    """By s stands u of another hub at 1.2; t of a third costs least, but serves b alone, 1,000 km off."""
    apart = {
        "regions": "region\na\nb",
        "sites": "site,node,hub,kind,capex_factor\ns,a,h,cluster,1.1\nt,b,i,cluster,1\nu,a,j,cluster,1.2",
        "workloads": "workload,class,latency_ms\nw,general,1",
        "demand": "region,workload,period,units\na,w,2027,1\nb,w,2027,1",
        "links": "link,from,to,length_km,capacity_gbps\nl,a,b,1000,1",
    }
    table = hub_costs(plan(small(apart, {"periods": [2027]}))).set_index("site")
    assert table["best_rival"].to_dict() == {"s": "u", "t": "", "u": "s"}
    assert table["best_site"].to_dict() == {"s": "u", "t": "", "u": "s"}
    assert table.loc["s", "against_rival"] == pytest.approx(1.1 / 1.2 - 1)


def test_a_rival_could_serve_what_runs_here_not_only_what_might() -> None:
    """m lies between a and b, one hop from each: s at m could serve both, but t at b, which costs least, has all of b. So s
    is there for a alone, which t is two hops from: its rival is u at a."""
    between = {
        "regions": "region\na\nb\nm",
        "sites": "site,node,hub,kind,capex_factor\ns,m,h,cluster,1.1\nt,b,i,cluster,1\nu,a,j,cluster,1.2",
        "workloads": "workload,class,latency_ms\nw,general,1",
        "demand": "region,workload,period,units\na,w,2027,1\nb,w,2027,1",
        "links": "link,from,to,length_km,capacity_gbps\nk,a,m,130,1\nl,m,b,130,1",
    }
    table = hub_costs(plan(small(between, {"periods": [2027]}))).set_index("site")
    assert table["eligible_share"].to_dict() == {"s": 1.0, "t": 0.5, "u": 0.5}
    assert table["served_share"].to_dict() == pytest.approx({"s": 0.5, "t": 0.5, "u": 0.0})
    assert table["best_rival"].to_dict() == {"s": "u", "t": "s", "u": "s"}
