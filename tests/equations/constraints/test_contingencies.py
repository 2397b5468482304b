"""Contingencies: sums by hand, every failure operated, no cheaper plan, and what a contingency may not change."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden.small import small
from tests.oracle.drawn.networks import scenario as drawn
from tests.oracle.drawn.whole import write
from tests.scenario.folder import made
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.certify_two_stage import certify_members
from xisuan.decisions.confidence.stress_cases import with_unserved_allowed
from xisuan.decisions.costs.resilience_cost import resilience
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.typical_day import typical_day
from xisuan.dispatch.economic_dispatch import operate
from xisuan.errors import InfeasibleError, ScenarioError
from xisuan.planning.expansion import plan
from xisuan.planning.two_stage_program import two_stage
from xisuan.results.labelled_values import Found
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario.load import load
from xisuan.scenario.queries.contingencies import active_hours, contingencies, path_name
from xisuan.scenario.scenario import Scenario
from xisuan.workflow.sweep import may_leave

ONE_YEAR: dict[str, object] = {"periods": [2026]}
PAIR = {
    "regions": "region\na\nb",
    "sites": "site,node\ns,a\nt,b",
    "workloads": "workload,class,gbps_per_unit,latency_ms\nw,general,1,10",
    "demand": "region,workload,period,units\na,w,2026,10\nb,w,2026,6",
    "links": """
        link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
        l,a,b,100,0,0.1,4
        """,
}
"""Two places; a unit costs 1 / 4 of a million in the year, a Gbps 0.1 / 4."""
HALVES = "contingency,site,link,share_lost\nS,s,,0.5\nT,t,,0.5\nL,,l,1"


def pair(failures: str, **tables: str) -> Scenario:
    return small({**PAIR, "contingencies": failures, **tables}, ONE_YEAR)


def amounts(found: Plan) -> dict[str, float]:
    frame = found.tables["capacity"]
    return dict(zip(frame["where"], frame["amount"], strict=True))


# --- sums by hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failures", "cost"),
    [
        # 16 units where the work is: 16 / 4.
        ("", 4.0),
        # All at t, and a link for the 10 units of a.
        ("contingency,site,share_lost\nS,s,1", 16 / 4 + 10 * 0.025),
        # 16 at each site, and the larger of 10 and 6 Gbps.
        ("contingency,site,share_lost\nS,s,1\nT,t,1", 32 / 4 + 10 * 0.025),
        # s / 2 + t = s + t / 2 = 16, so that both are 32/3; a sends 10 − 16/3 = 14/3 over the link.
        (HALVES, 64 / 3 / 4 + 14 / 3 * 0.025),
        # Without the link each place serves itself.
        ("contingency,link,share_lost\nL,l,1", 4.0),
        # 5 ms more are of no use where nothing fails.
        ("contingency,site,share_lost,extra_latency_ms\nS,s,0,5", 4.0),
    ],
)
def test_cost_is_the_sum_by_hand(failures: str, cost: float) -> None:
    found = plan(pair(failures))
    assert found.objective == pytest.approx(cost)
    proven = certify(found.scenario, found)
    assert proven.ok
    assert proven.lower_bound == pytest.approx(cost)


def test_no_cheaper_plan_survives_by_brute_force() -> None:
    """All capacities on a grid of thirds, each failure checked by its sums: the least that survives is the plan."""

    def survives(s: float, t: float, link: float) -> bool:
        if s < 10 or t < 6:  # the link is lost; normal operation asks for no more
            return False
        lost_s = s / 2 + t >= 16 and 10 - s / 2 <= link
        return lost_s and s + t / 2 >= 16 and 6 - t / 2 <= link

    thirds = np.arange(0, 61) / 3 + 1e-9
    costs = [s / 4 + t / 4 + link / 40 for s, t, link in itertools.product(thirds, repeat=3) if survives(s, t, link)]
    found = plan(pair(HALVES))
    assert min(costs) == pytest.approx(found.objective, rel=1e-6)
    assert amounts(found) == pytest.approx({"s": 32 / 3, "t": 32 / 3, "l": 14 / 3})


def test_only_the_hours_of_the_day_that_are_listed_count() -> None:
    """Demand is 10 × 1 in hour 0 and 10 × 0.5 in hour 1, scaled to a mean of 1; half of the site is lost in hour 1."""
    tables = {
        "demand": "region,workload,period,units,profile\nr,w,2026,9,day",
        "profile_rules": "profile,hours,value\nday,,1\nday,0,4\nday,1,3",
    }
    hours: dict[str, object] = {"periods": [2026], "hours": "hours:2"}
    bare = plan(small(tables, hours))
    for listed, share, more in (("1", 0.2, 1.0), ("1", 0.5, 1.5), ("0", 0.5, 2.0), ("23-1", 0.5, 2.0), ("5", 0.5, 1.0)):
        failures = f"contingency,site,share_lost,hours\nS,s,{share},{listed}"
        found = plan(small({**tables, "contingencies": failures}, hours))
        assert found.objective == pytest.approx(more * bare.objective), (listed, share)


def test_a_contingency_begins_and_ends_with_its_periods() -> None:
    failures = "contingency,site,period,share_lost\nS,s,2027,0.5\nS,s,2028,"
    demand = "region,workload,period,units\n" + "\n".join(f"r,w,{year},10" for year in (2026, 2027, 2028))
    tables = {"demand": demand, "contingencies": failures}
    found = plan(small(tables, {"periods": [2026, 2027, 2028]}))
    (one,) = contingencies(found.scenario)
    assert active_hours(found.scenario, one).tolist() == [[False], [True], [False]]
    used = found.tables["capacity"].set_index("period")["amount"]
    assert used[2026] == pytest.approx(10)
    assert used[2027] == pytest.approx(20)


def test_work_that_waits_or_may_be_dropped_survives_only_where_it_is_listed() -> None:
    work = "workload,class,defer_hours,unserved_mcny_per_unit_hour\nw,general,,\nlate,general,3,\nspare,general,,9"
    demand = "region,workload,period,units\nr,w,2026,10\nr,late,2026,4\nr,spare,2026,2"
    for listed, units in (("", 20.0), ("late", 16.0), ("w; spare", 24.0), ("w;late;spare", 32.0)):
        failures = f"contingency,site,share_lost,workloads\nS,s,0.5,{listed}"
        found = plan(small({"workloads": work, "demand": demand, "contingencies": failures}, ONE_YEAR))
        assert amounts(found)["s"] == pytest.approx(max(units, 16.0)), listed


def test_latency_may_be_longer_during_the_failure() -> None:
    """0.49 ms to the other site: too far in normal operation, not with 0.4 ms more."""
    work = "workload,class,gbps_per_unit,latency_ms\nw,general,1,0.1"
    failures = "contingency,site,share_lost,extra_latency_ms\nS,s,1,{}"
    assert plan(pair(failures.format(0.4), workloads=work)).objective == pytest.approx(26 / 4 + 10 * 0.025)
    with pytest.raises(InfeasibleError, match="contingencies, S, share_lost: w must survive the loss of 100%"):
        plan(pair(failures.format(0.3), workloads=work))


def test_what_is_kept_free_may_be_used_during_the_failure() -> None:
    """A reserve of a half asks for twice the units; the failure of a half asks for no more."""
    rules = "rule,scope,value\nsite_reserve_min,all,0.5\nlink_load_max,all,0.5"
    bare = plan(pair("", policies=rules))
    found = plan(pair("contingency,site,share_lost\nS,s,0.2", policies=rules))
    assert found.objective == pytest.approx(bare.objective)


def test_a_grid_connection_is_common_to_all_failures() -> None:
    """At PUE 2, 8 MW carry 4 MW of IT: 8 units of 0.5 MW. Without s, t must run 8 units in a zone of 8 MW, not of 7."""
    tables = {
        "sites": "site,node,zone,pue\ns,a,y,1\nt,b,z,2",
        "demand": "region,workload,period,units\na,w,2026,4\nb,w,2026,4",
    }
    power = "zone,price,grid_limit_mw\ny,0.5,\nz,0.5,{}"
    failures = "contingency,site,share_lost\nS,s,1"
    assert amounts(plan(pair(failures, **tables, power=power.format(8))))["t"] == pytest.approx(8)
    with pytest.raises(InfeasibleError):
        plan(pair(failures, **tables, power=power.format(7)))


# --- every failure, operated -----------------------------------------------------------------------------------------


def broken(scenario: Scenario, name: str, y: int) -> Scenario:
    """The failure as a scenario of one period: what is lost by rules, what need not survive left out, and no waiting.

    It is stated in tables that know nothing of contingencies.
    """
    one = next(one for one in contingencies(scenario) if one.name == name)
    period, lost = scenario.settings.periods[y], one.lost[y]
    rule = {"rule": "site_reserve_min" if one.site else "link_load_max", "scope": one.site or one.link,
            "value": lost if one.site else 1.0 - lost, "applies": "all"}  # fmt: skip
    rules = pd.DataFrame([rule]).reindex(columns=scenario["policies"].columns)
    work, demand = scenario["workloads"], scenario["demand"]
    held = [name for name in work["workload"] if "held" in name]
    kept = demand["workload"].isin([*one.workloads[y], *held])
    work = work.assign(latency_ms=work["latency_ms"] + one.extra_ms, defer_hours=0.0)
    # A lost link is the longest way, so that shortest paths go round it.
    links = scenario["links"]
    links = links.assign(latency_ms=links["latency_ms"].mask((links["link"] == one.link) & (lost == 1.0), 1e6))
    return scenario.with_tables(
        policies=rules, workloads=work, demand=demand[kept].reset_index(drop=True), links=links,
        contingencies=scenario["contingencies"].iloc[:0],
    ).with_settings(periods=(period,))  # fmt: skip


def worst(scenario: Scenario, found: Plan) -> float:
    """The largest amount of surviving work that is unserved in an hour of a failure, or of normal operation."""
    amounts = [most_unserved(operate(scenario, found).variables, ...)]
    for one in contingencies(scenario):
        active = active_hours(scenario, one)
        for y, lost in enumerate(one.lost):
            if not np.isnan(lost) and one.workloads[y]:
                schedule = operate(broken(scenario, one.name, y), found)
                amounts.append(most_unserved(schedule.variables, active[y]))
    return max(amounts)


def most_unserved(variables: Mapping[str, Found], hours: object) -> float:
    short = variables.get("unserved")
    return 0.0 if short is None else float(short.values[:, hours].max(initial=0.0))  # type: ignore[index]


def network(seed: int, folder: Path, **changes: list[dict[str, object]]) -> Scenario:
    """A drawn network without what a failure is stated differently for: other traffic, stock, batteries, energy."""
    options, tables = drawn(seed)
    tables |= {"traffic": [], "supply": [], "power": []} | changes
    tables["sites"] = [{name: row[name] for name in ("site", "node")} for row in tables["sites"]]
    for name in ("workloads", "demand"):
        tables[name] = [row for row in tables[name] if row["workload"] != "held"]
    for row in tables["links"]:
        row["cost_mcny_per_gbps_hour"] = ""
    write(folder, options, tables)
    return load(folder)


SEEDS = (1, 3, 6, 10)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_failure_is_survived_and_less_capacity_does_not_suffice(seed: int, tmp_path: Path) -> None:
    """All cost is capital, so that a hundredth less of all capacity is a cheaper plan."""
    scenario = network(seed, tmp_path / "a")
    assert contingencies(scenario)
    found = plan(scenario)
    assert worst(scenario, found) < 1e-6
    less = {
        name: Found(
            name, of.dims, of.labels, of.hourly, 0.99 * of.values if name in ("installed", "capacity") else of.values
        )
        for name, of in found.variables.items()
    }
    assert worst(scenario, dataclasses.replace(found, variables=less)) > 1e-3


# --- laws ------------------------------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_more_contingencies_are_never_cheaper_and_nothing_lost_costs_nothing(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    options, tables = drawn(seed)
    tables["supply"] = [row for row in tables["supply"] if row["source"] != "battery"]
    nothing = {"contingency": "N", "site": tables["sites"][0]["site"], "share_lost": 0}
    every = tables["contingencies"]
    # All rows of the first: a later one may take less.
    first = [row for row in every if row["contingency"] == every[0]["contingency"]]
    sets = {"bare": [], "nothing": [nothing], "one": first, "all": every}
    cost: dict[str, float] = {}
    for name, rows in sets.items():
        write(folder / name, options, tables | {"contingencies": rows})
        try:
            cost[name] = plan(load(folder / name)).objective
        except (InfeasibleError, ScenarioError):
            cost[name] = np.inf
    near = 1e-6 * cost["bare"] if np.isfinite(cost["bare"]) else 0.0
    assert cost["nothing"] == pytest.approx(cost["bare"], rel=1e-6)
    assert cost["bare"] <= cost["one"] + near
    assert cost["one"] <= cost["all"] + near


def test_operation_without_a_failure_does_not_know_of_contingencies() -> None:
    """On its own hours, investment and cost of operation are the cost of the plan."""
    found = plan(pair(HALVES, sites="site,node,zone\ns,a,z\nt,b,z", power="zone,price\nz,0.5"))
    schedule = operate(found.scenario, found)
    costs = found.tables["costs"]
    invested = costs.loc[costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    assert invested + schedule.cost_mcny == pytest.approx(found.objective, rel=1e-6)
    assert not [name for name in schedule.variables if name.startswith("recourse")]


def test_the_structured_method_plans_contingencies(tmp_path: Path) -> None:
    scenario = network(3, tmp_path)
    direct, structured = plan(scenario), plan(scenario, method="structured")
    assert structured.effort.method == "structured"
    assert structured.objective == pytest.approx(direct.objective, rel=1e-5)


def test_a_plan_that_does_not_survive_has_no_certificate() -> None:
    found = plan(pair(""))
    asked = pair(HALVES)
    proven = certify(asked, dataclasses.replace(found, scenario=asked))
    assert not proven.ok
    assert any("recourse" in str(finding) for finding in proven.findings)


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_each_contingency_is_left_out_to_see_what_it_costs() -> None:
    """Without S: s ≥ 10, t ≥ 6, s + t / 2 ≥ 16, at least 13 + 6 units and 3 Gbps. Without T: s = 10, t = 11, 5 Gbps."""
    found = resilience(Question(pair(HALVES))).set_index("contingency")
    cost = 64 / 3 / 4 + 14 / 3 * 0.025
    assert found.loc["", "saving_mcny"] == pytest.approx(cost - 4)
    assert found.loc["S", "cost_mcny"] == pytest.approx(19 / 4 + 3 * 0.025)
    assert found.loc["T", "cost_mcny"] == pytest.approx(21 / 4 + 5 * 0.025)
    assert found.loc["L", "saving_mcny"] == 0.0


def test_steps_of_a_typical_day_keep_the_hours_and_the_work_of_contingencies() -> None:
    work = "workload,class,defer_hours\nw,general,\nlate,general,3"
    demand = "region,workload,period,units\nr,w,2026,10\nr,late,2026,4"
    failures = "contingency,site,share_lost,hours\nS,s,0.5,9-12;23"
    scenario = small(
        {"workloads": work, "demand": demand, "contingencies": failures}, {"periods": [2026], "hours": "days:1"}
    )
    (one,) = contingencies(typical_day(scenario))
    assert one.hours == {2, 3, 5}
    assert one.surviving == {"w"}


# --- where contingencies meet other commands -------------------------------------------------------------------------


def test_a_scenario_with_contingencies_is_not_planned_by_pypsa() -> None:
    pypsa = pytest.importorskip("xisuan.exchange.pypsa.network")
    with pytest.raises(ScenarioError, match="contingencies are not exported to PyPSA"):
        pypsa.planning(pair(HALVES))


def test_a_plan_of_several_futures_survives_in_each() -> None:
    """Halves of both sites are lost in two futures that are alike: the plan of one."""
    found = two_stage(pair(HALVES, members="member,probability\none,0.5\nother,0.5"))
    assert found.objective == pytest.approx(64 / 3 / 4 + 14 / 3 * 0.025)
    assert certify_members(found.scenario, found).ok


def test_a_typical_day_without_contingencies_keeps_the_empty_table() -> None:
    day = typical_day(small({}, {"periods": [2026], "hours": "days:1"}))
    assert list(day["contingencies"].columns) == list(small()["contingencies"].columns)
    assert contingencies(day) == ()


def test_a_sweep_and_a_penalty_for_it_do_not_end_what_survives() -> None:
    """A penalty for sweeps lets work go unserved in normal operation; the failure is survived all the same."""
    work = "workload,class,sweep_unserved_mcny_per_unit_hour\nw,general,0.5"
    failures = "contingency,site,share_lost\nS,s,0.5"
    scenario = small({"workloads": work, "contingencies": failures}, ONE_YEAR)
    for member in may_leave(scenario):
        assert amounts(plan(member))["s"] == pytest.approx(20)


def test_what_survives_by_period_survives_a_penalty_in_the_same_periods() -> None:
    """w has a penalty until 2027 and v from 2028: what must survive is v, then both, then w. No failure holds in 2026."""
    tables = {
        "workloads": (
            "workload,class,unserved_mcny_per_unit_hour,sweep_unserved_mcny_per_unit_hour,period\n"
            "w,general,1,1,\nw,general,,1,2028\nv,general,,1,\nv,general,1,1,2029"
        ),
        "demand": "region,workload,period,units\n"
        + "\n".join(f"r,{work},{year},10" for work in "wv" for year in range(2026, 2030)),
        "contingencies": "contingency,site,share_lost,period\nS,s,0.5,2027\nS,s,0.25,2029",
    }
    scenario = small(tables, {"periods": [2026, 2027, 2028, 2029]})

    def survivors(of: Scenario) -> dict[int, set[tuple[float, frozenset[str]]]]:
        found: dict[int, set[tuple[float, frozenset[str]]]] = {}
        for one in contingencies(of):
            for period, lost, work in zip(of.settings.periods, one.lost, one.workloads, strict=True):
                if lost == lost:
                    found.setdefault(period, set()).add((lost, work))
        return found

    asked = survivors(scenario)
    assert asked == {2027: {(0.5, frozenset("v"))}, 2028: {(0.5, frozenset("wv"))}, 2029: {(0.25, frozenset("w"))}}
    for member in may_leave(scenario):
        assert member["workloads"]["unserved_mcny_per_unit_hour"].notna().all()
        assert survivors(member) == asked
        assert member["contingencies"]["contingency"].drop_duplicates().tolist() == ["S", "S 2028", "S 2029"]


def test_stress_cases_look_at_normal_operation() -> None:
    changed = with_unserved_allowed(pair(HALVES))
    assert contingencies(changed) == ()
    assert plan(changed).objective == pytest.approx(4.0)


def test_no_two_paths_have_one_name() -> None:
    """Whatever links are called: + joins them, and a + or \\ of a name stands after a \\."""
    names = ["".join(signs) for count in (1, 2, 3) for signs in itertools.product("p+\\", repeat=count)]
    paths = [links for count in (1, 2) for links in itertools.product(names, repeat=count)]
    found = {path_name([(link, "a", "b") for link in links]) for links in paths}
    assert len(found) == len(paths)
    assert path_name([("p", "a", "m"), ("q", "m", "b")]) == "p+q"


def test_a_link_may_be_called_like_a_path(tmp_path: Path) -> None:
    """Where half of p fails, work goes over p and q or over the link p+q beside them."""
    folder = made(
        tmp_path,
        nodes_csv="node\nmid\n",
        links_csv=(
            "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years\np,east,mid,300,0,1,10\n"
            "q,mid,west,300,0,1,10\np+q,east,west,700,0,5,10\n"
        ),
        contingencies_csv="contingency,link,share_lost\nK,p,0.5\n",
    )
    found = plan(load(folder))
    ways = {label[-1] for label in found.variables["recourse_serve"].labels}
    assert {"p+q", r"p\+q"} <= ways
    proven = certify(found.scenario, found)
    assert proven.ok, proven.findings
    assert proven.lower_bound == pytest.approx(found.objective, rel=1e-6)
