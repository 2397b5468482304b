"""The backbone: which way traffic takes, what it shares, in which direction."""

from __future__ import annotations

import pytest

from tests.certificate.solved import solved
from tests.golden.small import small
from xisuan.certificate.certify_plan import certify
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan

ONE: dict[str, object] = {"periods": [2026]}
TRIANGLE = {
    "regions": "region\nr\nq",
    "nodes": "node\nx",
    "sites": "site,node\ns,q",
    "links": """
        link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
        rq,r,q,10,0,1,10
        rx,r,x,10,5,1,10
        xq,x,q,10,5,1,10
        """,
}
"""The direct link r–q must be built; the detour over x stands."""


def gbps(found: Plan, period: int = 2026, hour: int = 0) -> dict[tuple[str, str], float]:
    flows = found.flows[(found.flows["period"] == period) & (found.flows["hour"] == hour)]
    arcs = zip(flows["from"], flows["to"], flows["gbps"], strict=True)
    return {(start, end): round(amount, 9) for start, end, amount in arcs if amount > 1e-9}


def test_shortest_traffic_keeps_to_links_that_stand_where_they_join_its_ends() -> None:
    found = plan(small({**TRIANGLE, "traffic": "from,to,gbps,routing\nr,q,2,shortest"}, ONE))
    assert gbps(found) == {("r", "x"): 2.0, ("x", "q"): 2.0}
    cut = {**TRIANGLE, "links": TRIANGLE["links"].replace("xq,x,q,10,5", "xq,x,q,10,0")}
    built = plan(small({**cut, "traffic": "from,to,gbps,routing\nr,q,2,shortest"}, ONE))
    assert gbps(built) == {("r", "q"): 2.0}
    assert built.builds[built.builds["asset"] == "link"][["where", "amount"]].to_numpy().tolist() == [["rq", 2.0]]


def test_free_traffic_takes_every_way_that_pays() -> None:
    found = plan(small({**TRIANGLE, "traffic": "from,to,gbps,routing\nr,q,7,free"}, ONE))
    assert gbps(found) == {("r", "q"): 2.0, ("r", "x"): 5.0, ("x", "q"): 5.0}


def test_each_direction_has_the_capacity() -> None:
    found = plan(small({**TRIANGLE, "traffic": "from,to,gbps\nr,x,5\nx,r,5"}, ONE))
    assert gbps(found) == {("r", "x"): 5.0, ("x", "r"): 5.0}
    assert "link" not in set(found.builds["asset"])


def test_routing_may_change_between_periods() -> None:
    traffic = "from,to,period,gbps,routing\nr,q,,7,free\nr,q,2027,4,shortest"
    found = plan(small({**TRIANGLE, "traffic": traffic}))
    assert gbps(found, 2026) == {("r", "q"): 2.0, ("r", "x"): 5.0, ("x", "q"): 5.0}
    assert gbps(found, 2027) == {("r", "x"): 4.0, ("x", "q"): 4.0}


def test_other_traffic_has_its_profile_as_it_is() -> None:
    tables = {
        **TRIANGLE,
        "traffic": "from,to,gbps,profile\nr,x,2,t",
        "profile_rules": "profile,hours,value\nt,,0.5\nt,1,1.5",
    }
    found = plan(small(tables, {"periods": [2026], "hours": "hours:2"}))
    assert gbps(found, hour=0) == {("r", "x"): 1.0}
    assert gbps(found, hour=1) == {("r", "x"): 3.0}
    mean = plan(small(tables, ONE))
    assert gbps(mean) == {("r", "x"): pytest.approx(2 * (23 * 0.5 + 1.5) / 24)}


def test_traffic_between_regions_of_one_node_uses_no_link() -> None:
    tables = {
        **TRIANGLE,
        "regions": "region,node\nr,x\nq,q\np,x",
        "traffic": "from,to,gbps,routing\nr,p,99,free\np,r,99,shortest",
        "links": "link,from,to,length_km,capacity_gbps\nxq,x,q,10,5",
    }
    assert gbps(plan(small(tables, ONE))) == {}


def test_an_answer_takes_the_opposite_way() -> None:
    tables = {**TRIANGLE, "workloads": "workload,class,gbps_per_unit,return_gbps_per_unit\nw,general,0.1,0.2"}
    assert gbps(plan(small(tables, ONE))) == {
        ("r", "x"): 1.0,
        ("x", "q"): 1.0,
        ("q", "x"): 2.0,
        ("x", "r"): 2.0,
    }


def test_a_listed_latency_decides_who_may_serve_but_not_the_way() -> None:
    """The route takes 0.098 ms; the table says 7 ms: beyond a limit of 5, within one of 8."""
    tables = {
        **TRIANGLE,
        "sites": "site,node,capex_factor\ns,q,1\nt,r,9",
        "latency": "region,site,latency_ms\nr,s,7",
    }
    work = "workload,class,gbps_per_unit,latency_ms\nw,general,0.1,"
    near = plan(small({**tables, "workloads": work + "5"}, ONE))
    assert set(near.service["site"]) == {"t"}
    far = plan(small({**tables, "workloads": work + "8"}, ONE))
    assert set(far.service["site"]) == {"s"}
    assert gbps(far) == {("r", "x"): 1.0, ("x", "q"): 1.0}


ONE_NODE = {
    "regions": "region,node\nr,\nq,x\np,x",
    "sites": "site,node\ns,r",
    "links": "link,from,to,length_km,capacity_gbps,cost_mcny_per_gbps_hour\nl,r,x,10,5,0.0001",
    "demand": "",
}
"""Two regions at the node x."""


@pytest.mark.parametrize("routing", [("free", "free", "free"), ("shortest",) * 3, ("free", "shortest", "free")])
def test_rows_of_traffic_between_the_same_nodes_add_up(routing: tuple[str, str, str]) -> None:
    """2 Gbps to q, 1 to p and 0.5 to x, all from r to x, at 0.0001 million CNY a Gbps and hour."""
    rows = zip(("q", "p", "x"), (2, 1, 0.5), routing, strict=True)
    traffic = "from,to,gbps,routing" + "".join(f"\nr,{end},{amount},{kind}" for end, amount, kind in rows)
    scenario = small({**ONE_NODE, "traffic": traffic}, {**ONE, "last_period_years": 1})
    found = plan(scenario)
    assert gbps(found) == {("r", "x"): 3.5}
    assert found.objective == pytest.approx(3.5 * 0.0001 * 8760)
    assert certify(scenario, found).ok
    assert solved(scenario).objective == pytest.approx(3.5 * 0.0001 * 8760)


LATER = {
    "regions": "region\nr\nq",
    "sites": "site,node\ns,q",
    "workloads": "workload,class,gbps_per_unit,unserved_mcny_per_unit_hour\nw,general,0.1,0.001",
    "links": "link,from,to,length_km,capacity_gbps,life_years,period\nl,r,q,10,0,10,2027",
    "modules": "link,module,gbps,mcny\nl,m,2,5",
}
"""The link l begins in 2027, its module has no period."""


def test_no_module_is_ordered_before_its_link_begins() -> None:
    """10 units for 8,760 hours at 0.001 in 2026; in 2027 a module, 5 over 10 years, and 12 racks, 1 over 4 years each."""
    scenario = small(LATER, {"last_period_years": 1})
    found = plan(scenario)
    builds = found.builds[found.builds["asset"] == "link"]
    assert builds[["period", "amount"]].to_numpy().tolist() == [[2027, 1.0]]
    assert found.objective == pytest.approx(10 * 8760 * 0.001 + 5 / 10 + 12 / 4)
    assert certify(scenario, found).ok
    assert solved(scenario).objective == pytest.approx(found.objective)


@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_free_work_waits_for_its_link_even_where_it_sends_nothing(kind: str) -> None:
    """No traffic in 2026, when the link ordered in 2026 is not there yet: 10 units of 2026 go unserved."""
    tables = {
        **LATER,
        "technologies": f"""
            technology,class,kind,unit,mw_per_unit,capex_mcny_per_unit,life_years
            g,general,{kind},rack,0.5,1,4
            """,
        "workloads": """
            workload,class,gbps_per_unit,unserved_mcny_per_unit_hour,period
            w,general,,0.001,
            w,general,0.1,0.001,2027
            """,
        "links": """
            link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years
            l,r,q,10,0,2,10,1
            """,
        "modules": "",
    }
    scenario = small(tables, {"last_period_years": 1})
    found = plan(scenario)
    assert found.objective == pytest.approx(10 * 8760 * 0.001 + 1.2 * 2 / 10 + 12 / 4)
    assert certify(scenario, found).ok
    assert solved(scenario).objective == pytest.approx(found.objective)
