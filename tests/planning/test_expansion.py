"""What `plan` makes of scenarios that lack something, share something, or may choose: small ones, answers by hand."""

from __future__ import annotations

import pytest

from gnomon.highs import solver_sequence
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options
from gnomon.solution import Solution, Watch
from tests.golden.small import small
from xisuan.errors import InfeasibleError, ScenarioError, SolverError
from xisuan.planning.expansion import plan
from xisuan.progress import Progress
from xisuan.results.plan import Plan

ONE: dict[str, object] = {"periods": [2026]}
NO_COST = "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4"


def served(found: Plan) -> dict[tuple[str, str], float]:
    """Units by region and site, over all workloads and periods."""
    table = found.service.groupby(["region", "site"])["units"].sum()
    return {pair: round(float(units), 6) for pair, units in table.items()}


# --- the verb ---


def test_what_a_plan_says_of_itself() -> None:
    said: list[Progress] = []
    found = plan(small(), Options(solver="simplex"), progress=said.append)
    assert (found.status, found.effort.method) == ("optimal", "direct")
    assert found.objective == found.cost_mcny == pytest.approx(10 / 4 * 2 + 2 / 4)
    assert found.lower_bound <= found.objective + 1e-9
    assert found.gap <= 1e-6
    assert (found.effort.rows, found.effort.columns) == (10, 10), "five of each in each of two periods"
    assert {one.stage for one in said} >= {"build", "solve", "tables"}
    assert found.certificate is None, "that is for the workflow"


@pytest.mark.parametrize(("given", "asked"), [(None, 1e-3), (1e-5, 1e-5)])
def test_a_scenario_states_the_gap_unless_the_caller_does(
    given: float | None, asked: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float | None] = []

    def solve(_: object, flat: LinearProgram, options: Options, watch: Watch = None) -> Solution:
        heard.append(options.gap)
        return solver_sequence.solve(flat, options, watch)

    monkeypatch.setattr("xisuan.planning.expansion.run_strategies", solve)
    plan(small(settings={"plan.gap": 1e-3}), Options(gap=given))
    plan(small(), Options(gap=given))
    assert heard == [asked, given]


@pytest.mark.parametrize(
    ("most", "settings", "given", "wanted"),
    [
        (10, {}, None, 1e-4),
        (11, {}, None, None),
        (10, {"plan.gap": 1e-6}, None, 1e-6),
        (10, {}, 1e-5, 1e-5),
    ],
)
def test_a_huge_plan_is_proven_to_a_wider_gap_unless_somebody_says(
    most: int,
    settings: dict[str, object],
    given: float | None,
    wanted: float | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of ten columns, where so many are huge."""
    heard: list[float | None] = []

    def solve(_: object, flat: LinearProgram, options: Options, watch: Watch = None) -> Solution:
        heard.append(options.gap)
        return solver_sequence.solve(flat, options, watch)

    monkeypatch.setattr("xisuan.planning.expansion.HUGE", most)
    monkeypatch.setattr("xisuan.planning.expansion.run_strategies", solve)
    plan(small(settings=settings), Options(gap=given))
    assert heard == [wanted]


def test_a_method_that_is_not_there_is_refused() -> None:
    with pytest.raises(SolverError, match="no method 'magic'"):
        plan(small(), method="magic")


def test_what_cannot_be_is_said_in_the_scenarios_words() -> None:
    scenario = small({"limits": "site,technology,max_units\ns,g,9"}, ONE)
    with pytest.raises(InfeasibleError) as raised:
        plan(scenario)
    assert any("at most 9 units" in line for line in raised.value.conflict)
    assert any("demand" in line for line in raised.value.conflict)


# --- what is not there ---


def test_no_demand_costs_nothing() -> None:
    found = plan(small({"demand": "region,workload,period,units\nr,w,2026,0\nr,w,2027,0"}))
    assert found.objective == 0.0
    assert found.builds.empty
    assert plan(small({"demand": ""})).objective == 0.0


def test_without_links_a_listed_site_is_reachable() -> None:
    scenario = small(
        {
            "regions": "region\nr\nq",
            "sites": "site,node,capex_factor\ns,r,1\nt,q,2",
            "workloads": "workload,class,latency_ms,gbps_per_unit\nw,general,1,9",
            "latency": "region,site,latency_ms\nr,t,1",
            "limits": "site,technology,max_units\ns,g,4\nt,g,6",
        },
        ONE,
    )
    assert served(plan(scenario)) == {("r", "s"): 4.0, ("r", "t"): 6.0}


def test_without_halls_equipment_stands_anyhow() -> None:
    """One site has a halls row and needs them, the other has none and needs none."""
    scenario = small({"sites": "site\ns\nt", "halls": "site,capex_mcny_per_mw,life_years\ns,20,20"}, ONE)
    found = plan(scenario)
    assert served(found) == {("r", "t"): 10.0}
    assert set(found.builds["asset"]) == {"compute"}


def test_without_power_nothing_is_drawn() -> None:
    found = plan(small({}, ONE))
    assert found.power.empty
    assert found.emissions[["grid_mwh", "location_t"]].to_numpy().tolist() == [[0.0, 0.0]]


def test_a_rule_on_it_energy_needs_no_power() -> None:
    scenario = small(
        {"sites": "site,water_l_per_kwh\ns,1", "policies": "rule,scope,value\nwater_cap_m3,all,50000"}, ONE
    )
    found = plan(scenario)
    assert found.power["it_mw"].tolist() == pytest.approx([5.0])
    assert found.power["grid_mw"].tolist() == [0.0]


def test_supply_without_power_has_no_effect() -> None:
    """As `check` says; also where a rule asks for IT energy."""
    tables = {
        "sites": "site,pue\ns,1.2",
        "supply": "site,source,capex_mcny_per_mw,life_years,profile\ns,solar,4,20,0.5",
        "policies": "rule,scope,value\npue_max,all,1.3",
    }
    found = plan(small(tables, ONE))
    assert set(found.builds["asset"]) == {"compute"}


def test_a_site_may_lack_a_class() -> None:
    """Boxes may not stand at s, racks not at t: each work goes where its class is."""
    scenario = small(
        {
            "sites": "site,node\ns,r\nt,",
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,rack,0.5,1,4
                i,intelligent,box,2,5,4
                """,
            "workloads": "workload,class,latency_ms\nw,general,5\nv,intelligent,",
            "demand": "region,workload,period,units\nr,w,2026,10\nr,v,2026,4",
            "limits": "site,technology,max_units\ns,i,0\nt,g,0",
        },
        ONE,
    )
    found = plan(scenario)
    at = {(row.workload, row.site): row.units for row in found.service.itertuples()}
    assert at == {("w", "s"): pytest.approx(10), ("v", "t"): pytest.approx(4)}
    assert ("s", "i") not in found.variables["installed"].labels


def test_traffic_that_no_link_joins_is_an_error_in_words() -> None:
    tables = {
        "regions": "region\nr\nq",
        "nodes": "node\nx",
        "links": "link,from,to,length_km,capacity_gbps\nl,r,q,10,9",
        "traffic": "from,to,gbps,routing\nr,x,1,shortest",
    }
    with pytest.raises(ScenarioError, match="r/x"):
        plan(small(tables, ONE))
    with pytest.raises((ScenarioError, InfeasibleError)):
        plan(small({**tables, "traffic": "from,to,gbps,routing\nr,x,1,free"}, ONE))


def test_must_serve_is_served_at_any_price_and_a_penalty_is_a_price() -> None:
    dear = NO_COST.replace("life_years", "life_years,capex_mcny_per_unit").replace(",4", ",4,9999")
    assert plan(small({"technologies": dear}, ONE)).objective == pytest.approx(9999 / 4 * 10)
    dropped = plan(
        small({"technologies": dear, "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0"})
    )
    assert dropped.objective == pytest.approx(0.0)


# --- what is shared ---


NETWORK = {
    "regions": "region,node\na,n\nb,n",
    "nodes": "node\nn\nm",
    "sites": "site,node\ns,m",
    "demand": "region,workload,period,units\na,w,2026,10\nb,w,2026,5",
    "technologies": NO_COST,
}


@pytest.mark.parametrize("latency", ["9", ""], ids=["pairwise", "free"])
def test_regions_may_share_a_node(latency: str) -> None:
    scenario = small(
        {
            **NETWORK,
            "workloads": f"workload,class,gbps_per_unit,latency_ms\nw,general,0.1,{latency}",
            "links": "link,from,to,length_km,capacity_gbps\nl,n,m,10,1.5",
        },
        ONE,
    )
    found = plan(scenario)
    assert served(found) == {("a", "s"): 10.0, ("b", "s"): 5.0}
    assert found.flows["gbps"].tolist() == pytest.approx([1.5, 0.0])


def test_parallel_links_share_free_work_but_a_pair_has_one_shortest_path() -> None:
    """The short link carries 0.5 Gbps, the long one as much as wanted."""
    links = """
        link,from,to,length_km,capacity_gbps,limit_gbps,capex_mcny_per_gbps,life_years
        short,n,m,10,0.5,2,4,10
        long,n,m,20,9,,,
        """
    free = plan(small({**NETWORK, "workloads": "workload,class,gbps_per_unit\nw,general,0.1", "links": links}, ONE))
    assert free.objective == pytest.approx(0.0)
    by_link = free.flows[free.flows["from"] == "n"].set_index("link")["gbps"]
    assert by_link["long"] >= 1.0 - 1e-9
    assert by_link.sum() == pytest.approx(1.5)
    pair = "workload,class,gbps_per_unit,latency_ms\nw,general,0.1,9"
    found = plan(small({**NETWORK, "workloads": pair, "links": links}, ONE))
    assert found.builds["amount"].tolist() == pytest.approx([15.0, 1.0]), "racks, and 1 Gbps more of the short link"
    assert found.objective == pytest.approx(1.0 * 4 / 10)


def test_a_pair_may_use_a_path_that_stands_and_a_shorter_one_that_could_be_built() -> None:
    """0.5 Gbps over the standing detour n, x, m; the rest over the direct link, which must be built."""
    scenario = small(
        {
            **NETWORK,
            "nodes": "node\nn\nm\nx",
            "workloads": "workload,class,gbps_per_unit,latency_ms\nw,general,0.1,9",
            "links": """
                link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
                nx,n,x,100,0.5,,
                xm,x,m,100,0.5,,
                nm,n,m,100,0,4,10
                """,
        },
        ONE,
    )
    found = plan(scenario)
    assert {label[3] for label in found.variables["serve"].labels} == {"existing", "all"}
    assert found.builds[found.builds["asset"] == "link"]["amount"].tolist() == pytest.approx([1.0])


# --- hours ---


def test_in_blocks_of_an_hour_nothing_waits() -> None:
    scenario = small(
        {
            "workloads": "workload,class,defer_hours\nw,general,12",
            "demand": "region,workload,period,units,profile\nr,w,2026,2,d",
            "profile_rules": "profile,hours,value\nd,,1\nd,0,25",
            "blocks": "block,first_hour,hours,weight\na,0,1,365\nb,1,1,8395",
        },
        ONE,
    )
    found = plan(scenario)
    assert found.backlog.empty
    assert found.load["units"].tolist() == pytest.approx([25.0, 1.0])


def test_blocks_of_an_hour_and_of_more_may_stand_together() -> None:
    """Hour 0 stands alone; hours 1 to 3 share their 2, 4 and 6 units: 4 in each, for work may wait two hours."""
    scenario = small(
        {
            "workloads": "workload,class,defer_hours\nw,general,2",
            "demand": "region,workload,period,units,profile\nr,w,2026,0.625,d",
            "profile_rules": "profile,hours,value\nd,,0\nd,0,3\nd,1,2\nd,2,4\nd,3,6",
            "blocks": "block,first_hour,hours,weight\na,0,1,2190\nb,1,3,2190",
        },
        ONE,
    )
    found = plan(scenario)
    assert found.load["units"].max() == pytest.approx(4.0)
    assert found.load["units"][0] == pytest.approx(3.0)


def test_a_deadline_is_kept() -> None:
    """Cheap power comes 3 hours after the work: with 2 hours it is too late, with 3 it waits."""

    def cost(wait: int) -> float:
        scenario = small(
            {
                "sites": "site,zone\ns,z",
                "technologies": NO_COST,
                "power": "zone,price\nz,p",
                "workloads": f"workload,class,defer_hours\nw,general,{wait}",
                "demand": "region,workload,period,units,profile\nr,w,2026,1,d",
                "profile_rules": "profile,hours,value\nd,,0\nd,1,24\np,,1\np,4,0",
            },
            {"periods": [2026], "hours": "hours:6"},
        )
        return plan(scenario).objective

    assert cost(2) == pytest.approx(24 * 0.5 * 1460 / 1000)
    assert cost(3) == pytest.approx(0.0)


# --- carbon ---


def test_the_carbon_objective_counts_tonnes_and_settles_ties_by_cost() -> None:
    """Two sites equally clean, a third dirty and cheap: all work goes to the clean ones, there to the cheaper one.

    5 MW for the year at 0.1 t/MWh; the period stands for two years: 8,760 t. What has a penalty is served too.
    """
    scenario = small(
        {
            "sites": "site,zone,capex_factor\ns,z,1\nt,y,3\nu,y,2",
            "power": "zone,price,co2_kg_per_kwh\nz,0.1,0.6\ny,0.3,0.1",
            "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0",
        },
        {"periods": [2026], "last_period_years": 2, "objective": "carbon"},
    )
    found = plan(scenario)
    assert found.objective == pytest.approx(8760, rel=1e-6)
    assert served(found)["r", "u"] == pytest.approx(10.0, rel=1e-4)
    assert found.cost_mcny == pytest.approx((10 * 2 / 4 + 43_800 * 0.3 / 1000) * 2, rel=1e-4)
    assert found.costs["discounted_mcny"].sum() == pytest.approx(found.cost_mcny)
    assert found.lower_bound == pytest.approx(8760, rel=1e-6)
