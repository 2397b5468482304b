"""Who is served where, when work travels as one commodity: mixing by hand, cycles, nodes that regions share."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden.small import small
from xisuan.equations.result_tables.flow_attribution import mixed, without_cycles
from xisuan.planning.expansion import plan

A, B, C, D, E = range(5)


def mix(
    release: list[float],
    absorb: list[float],
    flow: dict[tuple[int, int], float],
    homes: list[int],
    places: list[int],
    nodes: int = 5,
) -> list[list[float]]:
    """Work of each region (row) at each site (column), of one hour."""
    each = mixed(
        np.array([release], dtype=float),
        np.array([absorb], dtype=float),
        np.array([list(flow.values())]).reshape(1, len(flow)),
        homes,
        places,
        list(flow),
        nodes,
    )
    found: list[list[float]] = each[0].round(12).tolist()
    return found


def test_flows_that_meet_mix_in_proportion() -> None:
    """A sends 30 and B 10 to C, where 20 stay and 20 go on to D: at both sites three quarters are of A."""
    flow = {(A, C): 30.0, (B, C): 10.0, (C, D): 20.0}
    assert mix([30, 10], [20, 20], flow, [A, B], [C, D]) == [[15, 15], [5, 5]]


def test_what_joins_later_is_in_no_earlier_mix() -> None:
    """A sends 30 to C, 10 stay; at D 20 of A meet 20 of B; they part for E and a site at D."""
    flow = {(A, C): 30.0, (C, D): 20.0, (B, D): 20.0, (D, E): 10.0}
    found = mix([30, 20], [10, 30, 10], flow, [A, B], [C, D, E])
    assert found == [[10, 15, 5], [0, 15, 5]]
    assert np.sum(found, axis=1).tolist() == [30, 20], "all that a region sends runs somewhere"
    assert np.sum(found, axis=0).tolist() == [10, 30, 10], "and nothing else runs"


def test_there_and_back_is_netted_first() -> None:
    """A and B each absorb 10 of their own; 5 run from A to B and 5 back: nobody's work has moved."""
    assert mix([10, 10], [10, 10], {(A, B): 5.0, (B, A): 5.0}, [A, B], [A, B]) == [[10, 0], [0, 10]]
    # 5 to B and 2 back is 3 to B
    assert mix([10, 10], [7, 13], {(A, B): 5.0, (B, A): 2.0}, [A, B], [A, B]) == [[7, 3], [0, 10]]


def test_two_cycles_with_a_node_in_common_are_both_taken_out() -> None:
    """A sends 6 to E over B; circles of 2 over B, C and of 3 over B, C, D ride on it."""
    flow = {(A, B): 6.0, (B, C): 5.0, (C, B): 2.0, (C, D): 3.0, (D, B): 3.0, (B, E): 6.0}
    assert mix([6], [6], flow, [A], [E]) == [[6]]


def test_a_circle_that_nothing_feeds_changes_nothing() -> None:
    flow = {(A, B): 6.0, (C, D): 1.0, (D, E): 1.0, (E, C): 1.0}
    assert mix([6], [6], flow, [A], [B]) == [[6]]


def test_a_circle_is_not_served_out_of() -> None:
    """A circle A, B, C of 4 beside 6 that run from A to B: C's own work stays at C."""
    flow = {(A, B): 10.0, (B, C): 4.0, (C, A): 4.0}
    assert mix([6, 5], [6, 5], flow, [A, C], [B, C]) == [[6, 0], [0, 5]]


def test_regions_may_share_a_node_and_sites_too() -> None:
    assert mix([30, 10], [12, 28], {(A, B): 40.0}, [A, A], [B, B]) == [[9, 21], [3, 7]]


def test_hours_are_independent_of_one_another() -> None:
    release = np.array([[30.0, 10.0], [0.0, 10.0], [0.0, 0.0]])
    absorb = np.array([[40.0], [10.0], [0.0]])
    each = mixed(release, absorb, release, [A, B], [C], [(A, C), (B, C)], 3)
    assert each[:, :, 0].tolist() == [[30, 10], [0, 10], [0, 0]]


def test_taking_out_cycles_keeps_every_balance() -> None:
    rng = np.random.default_rng(3)
    flow = rng.random((40, 7, 7)) * (rng.random((40, 7, 7)) < 0.5)
    flow[:, range(7), range(7)] = 0.0
    rest = without_cycles(flow, np.zeros(40))

    def balance(of: np.ndarray) -> np.ndarray:
        return of.sum(axis=2) - of.sum(axis=1)

    np.testing.assert_allclose(balance(rest), balance(flow), atol=1e-12)
    assert (rest <= flow + 1e-12).all()
    for hour in rest:  # in an order of the nodes, every arc leads onward
        arcs, left = hour > 0, set(range(7))
        while left:
            first = [node for node in left if not arcs[node, sorted(left)].any()]
            assert first, "a cycle is left"
            left -= set(first)


def test_next_to_nothing_is_no_flow() -> None:
    flow = np.zeros((1, 3, 3))
    flow[0, B, A] = 1.0
    flow[0, C, B] = 1e-12
    assert without_cycles(flow, np.array([1e-9]))[0, C, B] == 0.0


def test_a_plan_says_who_is_served_where() -> None:
    """Regions a and b on one node, c on another; the only site with room for all is c's."""
    scenario = small(
        {
            "regions": "region,node\na,n\nb,n\nc,c",
            "nodes": "node\nn",
            "sites": "site,node,it_limit_mw\ns,n,5\nt,c,",
            "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
            "demand": "region,workload,period,units\na,w,2026,30\nb,w,2026,10\nc,w,2026,8",
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,rack,0.5,1,4
                """,
            "links": "link,from,to,length_km,capacity_gbps,cost_mcny_per_gbps_hour\nl,n,c,10,9,0.00001",
        },
        {"periods": [2026], "hours": "hours:2"},
    )
    service = plan(scenario).service
    at = {(row.region, row.site): row.units for row in service.itertuples()}
    assert at == {
        ("a", "s"): pytest.approx(7.5),
        ("b", "s"): pytest.approx(2.5),
        ("a", "t"): pytest.approx(22.5),
        ("b", "t"): pytest.approx(7.5),
        ("c", "t"): pytest.approx(8.0),
    }


def test_work_over_the_network_that_stays_at_its_node() -> None:
    """One node with region and site, a link to nowhere useful, several hours and periods: there is no arc to mix over."""
    scenario = small(
        {
            "nodes": "node\nx",
            "sites": "site,node\ns,r",
            "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
            "links": "link,from,to,length_km,capacity_gbps\nl,r,x,10,9",
        },
        {"hours": "hours:3"},
    )
    service = plan(scenario).service
    assert service[["period", "region", "site", "units"]].to_numpy().tolist() == [
        [2026, "r", "s", pytest.approx(10)],
        [2027, "r", "s", pytest.approx(12)],
    ]
