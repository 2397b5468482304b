"""What a scenario is read to mean, where two readings are possible: hand calculations and a second statement."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from tests.golden.small import small
from tests.optimum.drawn import Drawing
from xisuan.certificate.certify_plan import certify
from xisuan.scenario import load
from xisuan.scenario.checks.cross_table import check
from xisuan.scenario.queries import routing
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours

ONE: dict[str, object] = {"periods": [2026]}


def moved(hours: str, tables: Mapping[str, str]) -> Scenario:
    """The scenario of one year on hours that keep its means."""
    return on_hours(small(tables, ONE), Hours.parse(hours))


def objective(tables: Mapping[str, str], settings: Mapping[str, object] | None = None) -> float:
    """The objective of the plan, which is certified."""
    found = xs.plan(small(tables, settings), xs.Options(gap=1e-9))
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    return found.objective


# --- hours -----------------------------------------------------------------------------------------------------------

SUMMER = """
    profile,months,hours,value
    d,,,1
    d,,8-19,2
    d,7-8,,3
    night,,,0
    night,,18-22,1
    p,,,0.3
    p,,18-21,0.9
    """
YEAR_OF_WORK = {
    "profile_rules": SUMMER,
    "demand": "region,workload,period,units,profile\nr,w,2026,10,d\nr,v,2026,4,night",
    "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.01\nv,general,",
    "power": "zone,price\nz,p",
    "sites": "site,node,zone\ns,r,z",
}


@pytest.mark.parametrize("hours", ["hours:1", "hours:7", "hours:24", "hours:100", "days:1", "days:3", "weeks:2", "one"])
def test_modelled_hours_have_the_work_of_the_year(hours: str) -> None:
    """Whatever the hours: units × 8,760 unit-hours of each workload, and the plan serves or leaves just that."""
    scenario = moved(hours, YEAR_OF_WORK)
    weight = scenario.timeline.weight
    for profile in ("d", "night"):
        assert weight @ scenario.hourly("demand", "profile", profile) == pytest.approx(8760.0, rel=1e-12)
    found = xs.plan(scenario)
    assert found.certificate.ok
    assert found.service.groupby("workload")["units"].sum().to_dict() == pytest.approx({"w": 10.0, "v": 4.0})


def test_the_first_hours_by_hand() -> None:
    """Seven hours of a January night are alike, so that each has the mean: 10 units, in 0.01 MW each at 0.4 CNY/kWh."""
    tables = {
        **YEAR_OF_WORK,
        "demand": "region,workload,period,units,profile\nr,w,2026,10,d",
        "technologies": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,0.01,1,5",
    }
    by_hand = 10 / 5 + 10 * 0.01 * 8760 * 0.4 / 1000
    for hours in ("hours:7", "days:1"):
        found = xs.plan(moved(hours, tables), xs.Options(gap=1e-9))
        assert found.certificate.ok
        assert found.objective == pytest.approx(by_hand, rel=1e-9)


def test_hours_that_are_too_busy_keep_their_peak() -> None:
    """Of a day of 12 hours at 3 and 12 at 1 in a year of mean 1.5 the 3 stays, and the others fall to 0."""
    curve = np.tile(np.repeat([1.0, 3.0], 12), 365)
    curve[24:] = 1.5
    curve[24 + 12 :: 24] += (
        1.5 * 8760 / len(curve[36::24]) - curve[24:].sum() / len(curve[36::24]) - 48 / len(curve[36::24])
    )
    profiles = pd.DataFrame({"hour": np.arange(8760), "busy": curve / curve.mean()})
    settings = {"name": "busy", "periods": [2026], "hours": "hours:24"}
    frames = {"regions": pd.DataFrame({"region": ["r"]}), "profiles": profiles}
    scenario = load.build(settings, frames)
    h = curve[:24] / curve.mean()
    found = scenario.hourly("demand", "profile", "busy")
    assert found.mean() == pytest.approx(1.0, rel=1e-12)
    assert found.max() == pytest.approx(h.max(), rel=1e-12)
    factor = (h.max() - 1.0) / (h.max() - h.mean())
    assert found == pytest.approx(h.max() - factor * (h.max() - h), rel=1e-12)


def test_hours_without_any_of_the_work_have_its_mean() -> None:
    """The first seven hours have none of the evening's work, which is asked for all the same."""
    scenario = moved("hours:7", YEAR_OF_WORK)
    assert scenario.hourly("demand", "profile", "night").tolist() == [1.0] * 7


def test_blocks_stay_as_they_are_and_check_says_how_far_they_are_off() -> None:
    """Seven hours of a night: d is 1 there and 1.75 in the mean of the year, 59 of 365 days being at 3."""
    mean = (303 * 36 + 62 * 72) / 8760
    blocks = "block,first_hour,hours,weight,keep_means\nb,0,7,1251.428571428571,{}"
    kept, bare = (small({**YEAR_OF_WORK, "blocks": blocks.format(word)}, ONE) for word in ("yes", ""))
    assert bare.hourly("demand", "profile", "d") == pytest.approx([1.0 / mean] * 7)
    said = [str(problem) for problem in check(bare)]
    assert any(f"{100 / mean:.3g} % of the year's w" in line for line in said)
    assert any("0 % of the year's v" in line for line in said)
    assert not any("of the year's" in str(problem) for problem in check(kept) if "largest" not in str(problem))


def test_check_says_where_the_peak_is_lost() -> None:
    said = [str(problem) for problem in check(moved("hours:7", YEAR_OF_WORK))]
    mean = (303 * 36 + 62 * 72) / 8760
    assert any(f"the largest modelled hour of w is {100 * mean / 3:.3g} % of that of the year" in line for line in said)
    whole = small(YEAR_OF_WORK, {**ONE, "hours": "year"})
    assert not [problem for problem in check(whole) if "modelled hour" in str(problem)]


# --- computing power -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["u", "PFLOPS FP16", "EFLOPS FP16", "", "card"])
@pytest.mark.parametrize(("each", "units"), [(0.01, 20.0), (0.001, 100.0)])
def test_computing_power_is_read_from_numbers(unit: str, each: float, units: float) -> None:
    """0.1 EFLOPS are asked for and 20 units of work; 0.4 of capital a unit and year, 1.4016 of energy for the work."""
    tables = {
        "sites": "site,node,zone\ns,r,z",
        "power": "zone,price\nz,0.4",
        "technologies": "technology,class,unit,precision,eflops_per_unit,mw_per_unit,capex_mcny_per_unit,life_years\n"
        f"gpu,intelligent,{unit},fp16,{each},0.02,2,5",
        "workloads": "workload,class\nai,intelligent",
        "demand": "region,workload,period,units\nr,ai,2026,20",
        "policies": "rule,value\nreach_eflops_fp16,0.1",
    }
    assert objective(tables, ONE) == pytest.approx(0.4 * units + 1.4016, rel=1e-9)


def test_computing_power_may_change_with_the_period_and_other_precisions_do_not_count() -> None:
    """From 2027 on a unit has twice as much; a technology of FP32, however cheap, adds nothing."""
    tables = {
        "technologies": """
            technology,period,class,precision,eflops_per_unit,mw_per_unit,capex_mcny_per_unit,life_years
            gpu,,intelligent,FP16,0.01,0,2,1
            gpu,2027,intelligent,FP16,0.02,0,2,1
            old,,intelligent,FP32,5,0,0.001,1
            """,
        "workloads": "workload,class\nai,intelligent",
        "demand": "region,workload,period,units\nr,ai,2026,0\nr,ai,2027,0",
        "policies": "rule,value\nreach_eflops_fp16,0.1",
    }
    assert objective(tables) == pytest.approx(2.0 * (10 + 5), rel=1e-9)


@pytest.mark.parametrize(
    ("precision", "each", "said"),
    [
        ("", "0.01", "precision · blank, but reach_eflops_fp16 needs it"),
        ("FP16", "", "eflops_per_unit · blank, but reach_eflops_fp16 needs it"),
        ("FP32", "0.01", "reach_eflops_fp16 counts FP16 alone"),
    ],
)
def test_check_asks_for_what_a_target_of_computing_power_needs(precision: str, each: str, said: str) -> None:
    tables = {
        "technologies": f"technology,class,precision,eflops_per_unit\ng,intelligent,{precision},{each}",
        "workloads": "workload,class\nw,intelligent",
        "policies": "rule,value\nreach_eflops_fp16,0.1",
    }
    try:
        found = "\n".join(map(str, small(tables).notes))
    except xs.ScenarioError as problems:
        found = str(problems)
    assert said in found


# --- links -----------------------------------------------------------------------------------------------------------

APART = {
    "regions": "region\nr\nfar",
    "sites": "site,node,zone\ns,far,z",
    "power": "zone,price\nz,0.4",
    "technologies": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,0.01,1,5",
    "workloads": "workload,class,latency_ms,gbps_per_unit\nw,general,10,0.01",
    "demand": "region,workload,period,units\nr,w,2026,10",
}
WORK = 10 / 5 + 10 * 0.01 * 8760 * 0.4 / 1000
"""Capital and energy of the work of APART, mCNY."""


def test_capacity_that_must_be_had_is_not_there_yet() -> None:
    """0.1 Gbps of work and as much that must be: they are the same 0.1, at a tenth of 2 a year."""
    links = "link,from,to,length_km,capacity_gbps,min_gbps,capex_mcny_per_gbps,life_years\nl,r,far,500,0,0.1,2,10"
    scenario = small({**APART, "links": links}, ONE)
    assert [option.path for option in routing.eligible(scenario, "w")] == ["all"]
    assert objective({**APART, "links": links}, ONE) == pytest.approx(WORK + 0.1 * 2 / 10, rel=1e-9)


def test_the_path_of_a_pair_is_the_shorter_link_whatever_another_must_have() -> None:
    """l must have 0.1 Gbps and is not the pair's path, m is: both are bought."""
    links = """link,from,to,length_km,capacity_gbps,min_gbps,capex_mcny_per_gbps,life_years
        l,r,far,500,0,0.1,2,10
        m,r,far,300,0,,9,10"""
    assert objective({**APART, "links": links}, ONE) == pytest.approx(WORK + 0.1 * (2 + 9) / 10, rel=1e-9)


def test_limits_that_leave_no_room_in_a_period_of_use_leave_no_link() -> None:
    """An order of 2026 would stand in 2027, when the limit is 0: there is no such link in either year."""
    links = """link,period,from,to,length_km,capacity_gbps,limit_gbps,capex_mcny_per_gbps,life_years
        l,,r,far,500,0,5,2,10
        l,2027,r,far,500,0,0,2,10"""
    work = {**APART, "links": links, "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,10"}
    work["workloads"] = "workload,class,gbps_per_unit,unserved_mcny_per_unit_hour\nw,general,0.01,0.001"
    assert objective(work) == pytest.approx(2 * 87.6, rel=1e-9)


TIES = """link,from,to,length_km,latency_ms,capacity_gbps,cost_mcny_per_gbps_hour,capex_mcny_per_gbps,limit_gbps,life_years
    {0},r,far,{a},2,{1},{2},{3},{4},10
    {5},r,far,{b},2,{6},{7},{8},{9},10"""


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((400, 1, 0.001, 5, 9), (300, 2, 0.002, 2, 9)),  # cheaper to carry, though longer
        ((300, 1, 0.001, 5, 9), (400, 2, 0.001, 2, 9)),  # shorter, though with less capacity
        ((300, 2, 0.001, 5, 9), (300, 1, 0.001, 2, 9)),  # with more capacity
        ((300, 1, 0.001, 2, 9), (300, 1, 0.001, 5, 9)),  # cheaper to expand
        ((300, 1, 0.001, 2, ""), (300, 1, 0.001, 2, 9)),  # without a limit
    ],
)
@pytest.mark.parametrize("names", [("x", "y"), ("y", "x")])
def test_names_decide_between_paths_last(
    better: tuple[object, ...], worse: tuple[object, ...], names: tuple[str, str]
) -> None:
    """Of links of 2 ms the pair's path is the better one, whatever they are called and in which order they stand."""
    for first, second in ((better, worse), (worse, better)):
        called = names if first is better else names[::-1]
        links = TIES.format(called[0], *first[1:], called[1], *second[1:], a=first[0], b=second[0])
        found = routing.eligible(small({**APART, "links": links}, ONE), "w")
        assert [(option.path, [arc[0] for arc in option.arcs]) for option in found] == [("existing", [names[0]])]


@pytest.mark.parametrize("seed", range(12))
def test_renaming_links_changes_nothing(seed: int) -> None:
    """Random networks with a twin of a link that differs in one figure: three sets of names, one cost."""
    rng = np.random.default_rng(seed)
    rows = [
        ("l0", "r", "m", 2),
        ("l1", "m", "far", 2),
        ("l2", "r", "far", 4),
        ("l3", "r", "n", 1),
        ("l4", "n", "far", 3),
    ]
    twin = rows[rng.integers(len(rows))]
    rows.append(("l5", *twin[1:]))
    figures = {
        name: (rng.choice([0.02, 0.05]), rng.choice([1.0, 3.0, 7.0]), rng.choice([0.0, 0.001])) for name, *_ in rows
    }
    costs = []
    for _ in range(3):
        names = dict(zip(figures, rng.permutation(list("abcdef")), strict=True))
        lines = [
            f"{names[name]},{a},{b},{ms},{100 * ms},{figures[name][0]},{figures[name][1]},10,{figures[name][2]}"
            for name, a, b, ms in rows
        ]
        head = "link,from,to,latency_ms,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,cost_mcny_per_gbps_hour"
        tables = {**APART, "nodes": "node\nm\nn", "links": "\n".join([head, *lines])}
        costs.append(objective(tables, ONE))
    assert costs == pytest.approx([costs[0]] * 3, rel=1e-9)


# --- who may serve whom ----------------------------------------------------------------------------------------------

LEFT = 10 * 8760 * 0.001
"""Ten units that nobody serves for a year, mCNY."""
NEAR = {
    **APART,
    "workloads": "workload,class,latency_ms,unserved_mcny_per_unit_hour\nw,general,5,0.001",
}


def test_places_that_nothing_joins_are_out_of_reach() -> None:
    """Without links or latencies a limit is kept by nobody but the own place, and check says so."""
    assert objective(NEAR, ONE) == pytest.approx(LEFT, rel=1e-9)
    (said,) = [problem for problem in check(small(NEAR, ONE)) if problem.code == "distances-missing"]
    assert said.values == {"pairs": "r/s"}


@pytest.mark.parametrize(
    "more",
    [
        {"latency": "region,site,latency_ms\nr,s,4"},
        {"workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.001"},
        {"sites": "site,node,zone\ns,r,z"},
        {"sites": "site,zone\nr,z"},
        {"links": "link,from,to,length_km,capacity_gbps\nl,r,far,1000,1"},
        {"links": "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years\nl,r,far,1000,0,1,10"},
    ],
    ids=["listed", "no limit", "one node", "one name", "a link", "a link that can be built"],
)
def test_places_that_something_joins_are_within_reach(more: dict[str, str]) -> None:
    assert objective({**NEAR, **more}, ONE) == pytest.approx(WORK, rel=1e-9)


def test_a_link_joins_from_the_year_in_which_it_can_stand() -> None:
    """1,000 km are 4.9 ms, a year after the order: nobody is served in 2026, all are in 2027."""
    links = "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years\nl,r,far,1000,0,1,10,1"
    demand = "region,workload,period,units\nr,w,2026,10\nr,w,2027,10"
    assert objective({**NEAR, "links": links, "demand": demand}) == pytest.approx(LEFT + WORK, rel=1e-9)
    too_far = links.replace("1000", "2000")
    assert objective({**NEAR, "links": too_far, "demand": demand}) == pytest.approx(2 * LEFT, rel=1e-9)


@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_work_is_pairwise_in_the_periods_that_say_so(kind: str) -> None:
    """One way costs 0.01 a Gbps and hour and is the pair's only path; another is free of charge and no path of a pair.

    With a limit in one of two years the toll of 0.1 Gbps is paid in that year, and in none without a limit.
    """
    links = """link,from,to,length_km,capacity_gbps,cost_mcny_per_gbps_hour
        direct,r,far,500,0.1,0.01
        there,r,m,400,1,
        on,m,far,400,1,"""
    tables = {**APART, "nodes": "node\nm", "links": links}
    tables["demand"] = "region,workload,period,units\nr,w,2026,10\nr,w,2027,10"
    tables["technologies"] = (
        "technology,class,mw_per_unit,capex_mcny_per_unit,life_years,kind\ng,general,0.01,1,5," + kind
    )
    toll = 0.1 * 0.01 * 8760
    for limits, years in (((10, 10), 2), ((10, ""), 1), (("", 10), 1), (("", ""), 0)):
        rows = [f"w,general,{limit},0.01,{period}" for limit, period in zip(limits, ("", 2027), strict=True)]
        tables["workloads"] = "\n".join(["workload,class,latency_ms,gbps_per_unit,period", *rows])
        assert objective(tables) == pytest.approx(2 * WORK + years * toll, rel=1e-9), limits


# --- what can never be -----------------------------------------------------------------------------------------------


LEFT_OUT = ("modules", "policies", "budgets", "traffic", "limits")
"""Tables by which a drawn scenario may have no plan, or whole numbers."""


def with_what_can_never_be(seed: int) -> tuple[Scenario, Scenario]:
    """A random scenario that has a plan, and the same with technologies and links that no order brings in time."""
    settings, frames = Drawing(seed).draw()
    rng = np.random.default_rng(seed)
    for table, column in (("halls", "phase_mw"), ("technologies", "module_units"), ("sites", "fixed_cost_mcny")):
        if table in frames and column in frames[table]:
            frames[table][column] = ""
    frames = {name: table for name, table in frames.items() if name not in LEFT_OUT}
    for table in (frames.get("links"), frames.get("halls")):
        if table is not None:
            for column in ("limit_mw", "limit_gbps", "min_gbps"):
                if column in table:
                    table[column] = ""
    frames["workloads"]["unserved_mcny_per_unit_hour"] = [
        f"{rng.uniform(1e-4, 2e-2):.3g}" for _ in frames["workloads"].index
    ]
    if "fleet" in frames:
        frames["fleet"]["may_retire"] = "yes"
    late = dict(frames)
    for table, key in (("technologies", "technology"), ("links", "link")):
        if table in frames:
            copy = frames[table].copy()
            copy[key] = copy[key] + "-never"
            copy["lead_years"] = "9"
            if table == "links":
                copy["capacity_gbps"] = "0"
            late[table] = pd.concat([frames[table], copy], ignore_index=True)
    return load.build({**settings, "objective": "cost"}, frames), load.build({**settings, "objective": "cost"}, late)


@pytest.mark.parametrize("first", [0, *(pytest.param(first, marks=pytest.mark.long) for first in range(10, 60, 10))])
def test_no_bound_is_lost_to_what_can_never_be(first: int) -> None:
    """The optimum is the same with and without, and the duals prove it to a millionth either way."""
    done = 0
    for seed in range(first, first + 10):
        try:
            pair = with_what_can_never_be(seed)
        except xs.ScenarioError:
            continue
        costs = []
        for scenario in pair:
            found = xs.plan(scenario, xs.Options(gap=1e-9))
            proven = certify(scenario, found)
            assert proven.ok, (seed, proven.findings)
            assert proven.lower_bound >= found.objective - 1e-6 * max(1.0, abs(found.objective)), seed
            costs.append(found.objective)
        assert costs[1] == pytest.approx(costs[0], rel=1e-6), seed
        done += 1
    assert done > 0


def test_a_technology_that_comes_too_late_is_not_modelled() -> None:
    """Ordered in 2027 at the earliest and used a year later, when the horizon is over."""
    tables = {
        "sites": "site,node,zone\ns,r,z",
        "power": "zone,price\nz,0.4",
        "technologies": """technology,class,mw_per_unit,capex_mcny_per_unit,life_years,lead_years,available_from
            old,general,0.01,1,5,1,
            new,general,0.01,1,5,1,2027""",
        "fleet": "site,technology,units\ns,old,4",
        "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.0002",
        "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,10",
    }
    found = xs.plan(small(tables))
    assert found.certificate.ok
    assert found.certificate.lower_bound == pytest.approx(found.objective, rel=1e-9)
    assert found.certificate.findings == ()
