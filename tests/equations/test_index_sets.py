"""What the equations need of a scenario: rows that hold, hours, deadline windows, who asks, which arcs are of use."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden.small import small
from xisuan.equations.index_sets import Given
from xisuan.errors import ScenarioError
from xisuan.scenario.scenario import Scenario

THREE = {"periods": [2026, 2027, 2028]}
DEMAND = """
    region,workload,period,units
    r,w,2026,10
    r,w,2027,10
    r,w,2028,10
    """


def given(scenario: Scenario) -> Given:
    return Given(scenario, scenario.settings.periods)


# --- rows that hold ---


def test_a_row_holds_until_the_next_of_its_key() -> None:
    scenario = small(
        {
            "demand": DEMAND,
            "sites": """
                site,period,it_limit_mw
                s,,50
                s,2027,60
                s,2035,90
                """,
        },
        THREE,
    )
    assert given(scenario).numbers("sites", [("s",)], "it_limit_mw").tolist() == [[50.0], [60.0], [60.0]]


def test_before_its_first_row_a_limit_is_none_but_a_technology_is_what_it_is() -> None:
    scenario = small(
        {
            "demand": DEMAND,
            "technologies": """
                technology,period,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,2027,general,rack,0.5,1,4
                g,2028,general,rack,0.4,1,4
                """,
            "limits": """
                site,technology,period,max_units
                s,g,2027,90
                """,
            "fleet": """
                site,technology,units
                s,g,30
                """,
        },
        THREE,
    )
    g = given(scenario)
    assert g.numbers("limits", [("s", "g")], "max_units", np.inf).tolist() == [[np.inf], [90.0], [90.0]]
    assert g.numbers("technologies", [("g",)], "mw_per_unit").tolist() == [[0.5], [0.5], [0.4]]
    assert g.holds("technologies", [("g",), ("h",)]).tolist() == [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]


@pytest.mark.parametrize("column", ["node", "zone", "hub", "investor"])
def test_what_a_site_is_called_by_may_not_change(column: str) -> None:
    scenario = small(
        {
            "regions": "region\nr\na\nb",
            "power": "zone,price\na,0.5\nb,0.5",
            "sites": f"site,period,node,zone,{'hub,investor' if column in ('hub', 'investor') else 'title'}\n"
            + (f"s,,r,a,{'a,x' if column == 'hub' else 'x,a'}\n" if column in ("hub", "investor") else "s,,a,a,\n")
            + {"node": "s,2027,b,a,", "zone": "s,2027,a,b,", "hub": "s,2027,r,a,b,x", "investor": "s,2027,r,a,x,b"}[
                column
            ],
        }
    )
    with pytest.raises(ScenarioError, match=rf"sites.csv, s, 2027, {column}: b · another than before \(a\)"):
        _ = given(scenario).site_text


# --- hours ---


PROFILE = """
    profile,hours,value
    p,,0
    p,6,12
    p,7,36
    """


def test_one_hour_carries_the_mean_of_every_profile() -> None:
    scenario = small(
        {
            "sites": "site,zone\ns,z",
            "power": "zone,price\nz,p",
            "profile_rules": PROFILE,
        }
    )
    assert given(scenario).curves("power", [("z",)], "price")[:, :, 0].tolist() == [[2.0], [2.0]]


def test_hours_are_sampled_as_they_come_and_demand_is_normalised_before() -> None:
    scenario = small(
        {
            "sites": "site,zone\ns,z",
            "power": "zone,price\nz,p",
            "profile_rules": PROFILE,
            "demand": "region,workload,period,units,profile\nr,w,2026,10,p",
        },
        {"hours": "hours:8", "periods": [2026]},
    )
    g = given(scenario)
    assert g.curves("power", [("z",)], "price")[0, :, 0].tolist() == [0, 0, 0, 0, 0, 0, 12.0, 36.0]
    assert g.demand([("r", "w")])[0, :, 0].tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 60.0, 180.0])
    assert g.weight.tolist() == [1095.0] * 8


def test_blocks_override_hours_and_their_weights_make_a_year() -> None:
    scenario = small(
        {
            "sites": "site,zone\ns,z",
            "power": "zone,price\nz,p",
            "profile_rules": PROFILE,
            "blocks": "block,first_hour,hours,weight\nnight,0,3,1000\nmorning,6,2,2880",
        }
    )
    g = given(scenario)
    assert g.curves("power", [("z",)], "price")[0, :, 0].tolist() == [0, 0, 0, 12.0, 36.0]
    assert g.weight.tolist() == [1000.0] * 3 + [2880.0] * 2
    assert g.timeline.previous.tolist() == [2, 0, 1, 4, 3]


# --- work that may wait ---


def window(arrivals: list[float], wait: object, blocks: str = "") -> list[float]:
    """Most that may wait at the end of each hour, for arrivals in the first hours of the day."""
    mean = sum(arrivals) / 24
    rules = "".join(f"\nd,{hour},{value}" for hour, value in enumerate(arrivals))
    scenario = small(
        {
            "workloads": f"workload,class,defer_hours\nw,general,{wait}",
            "demand": f"region,workload,period,units,profile\nr,w,2026,{mean},d",
            "profile_rules": "profile,hours,value\nd,,0" + rules,
            "blocks": blocks,
        },
        {"hours": f"hours:{len(arrivals)}", "periods": [2026]},
    )
    found: list[float] = given(scenario).window([("r", "w")])[0, :, 0].round(9).tolist()
    return found


def test_what_waits_arose_in_the_last_hours_cyclically() -> None:
    assert window([1, 2, 4, 8], 0) == [0, 0, 0, 0]
    assert window([1, 2, 4, 8], 1) == [1, 2, 4, 8]
    assert window([1, 2, 4, 8], 2) == [9, 3, 6, 12]


def test_a_window_longer_than_its_block_wraps_more_than_once() -> None:
    assert window([1, 2, 4, 8], 4) == [15, 15, 15, 15]
    assert window([1, 2, 4, 8], 6) == [24, 18, 21, 27]
    assert window([1, 2, 4, 8], 9) == [31, 32, 34, 38]


def test_no_window_leaves_its_block() -> None:
    blocks = "block,first_hour,hours,weight\na,0,2,2190\nb,2,2,2190"
    assert window([1, 2, 4, 8], 2, blocks) == [3, 3, 12, 12]
    assert window([1, 2, 4, 8], 1, blocks) == [1, 2, 4, 8]


# --- who asks ---


def test_only_demand_of_the_periods_counts() -> None:
    """A region that asks in another year only is no item of this model, pairwise or free."""
    scenario = small(
        {
            "regions": "region\nr\nq\nz",
            "workloads": "workload,class,latency_ms\nw,general,5\nv,general,",
            "demand": """
                region,workload,period,units
                r,w,2026,10
                q,w,2026,0
                q,w,2035,10
                z,w,2026,0
                q,v,2026,0
                q,v,2035,10
                """,
        },
        {"periods": [2026]},
    )
    g = given(scenario)
    assert g.demanded == {"w": ["r"]}
    assert {way.region for way in g.options("w")} == {"r"}


# --- arcs ---


NETWORK = {
    "regions": "region\nr\nq",
    "nodes": "node\na\nb\nc\nd\nalone\nother",
    "sites": "site,node\ns,q",
    "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
}


def arcs(links: str) -> set[tuple[str, str]]:
    rows = "".join(f"\n{one}-{other},{one},{other},10,1" for one, other in (pair.split("-") for pair in links.split()))
    scenario = small({**NETWORK, "links": "link,from,to,length_km,capacity_gbps" + rows})
    return {(start, end) for _, start, end in given(scenario).useful_arcs("w")}


def test_dead_ends_are_no_arcs_of_free_work() -> None:
    assert arcs("r-q") == {("r", "q")}
    assert arcs("r-a a-q a-b b-c q-d") == {("r", "a"), ("a", "q")}


def test_a_detour_is() -> None:
    ring = [("r", "a"), ("a", "q"), ("q", "b"), ("b", "r")]
    assert arcs("r-a a-q r-b b-q") == {*ring, *((end, start) for start, end in ring)}


def test_what_is_not_joined_to_any_demand_is_not() -> None:
    assert arcs("r-q alone-other") == {("r", "q")}


def test_a_link_that_was_built_stands_when_expansion_is_no_longer_on_offer() -> None:
    scenario = small(
        {
            "regions": "region\nr\nq",
            "sites": "site,node\ns,q",
            "workloads": "workload,class,gbps_per_unit,latency_ms\nw,general,0.1,5",
            "links": """
                link,period,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
                l,,r,q,10,0,1,10
                l,2027,r,q,10,0,,
                """,
        }
    )
    assert [way.usable for way in given(scenario).options("w")] == [(True, True)]


# --- rules of a site ---


def test_the_narrowest_scope_of_a_site_rule_holds() -> None:
    scenario = small(
        {
            "sites": "site,hub\ns,h\nt,h\nu,\nv,",
            "fleet": "site,technology,units\nu,g,5",
            "policies": """
                rule,scope,period,value,applies
                site_reserve_min,all,,0.1,all
                site_reserve_min,h,,0.2,all
                site_reserve_min,t,,0.3,all
                site_reserve_min,u,2027,0.4,new
                site_reserve_min,v,2027,0.5,new
                """,
        }
    )
    sites = ["s", "t", "u", "v"]
    assert given(scenario).site_rule("site_reserve_min", sites).tolist() == [[0.2, 0.3, 0.1, 0.1], [0.2, 0.3, 0.1, 0.5]]


def test_new_is_where_nothing_stands_at_the_start() -> None:
    scenario = small(
        {
            "sites": "site\na\nb\nc\nd",
            "halls": """
                site,period,existing_mw,capex_mcny_per_mw,life_years
                a,,5,20,20
                b,,0,20,20
                b,2027,5,20,20
                """,
            "fleet": "site,technology,units\nc,g,5\nd,g,0",
        }
    )
    assert given(scenario).new_sites == {"b", "d"}
