"""Opening costs need a most for what may stand at a site: it must never forbid what is worth building."""

from __future__ import annotations

import pytest

from tests.certificate.solved import solved
from tests.golden.small import small
from xisuan.certificate.certify_plan import certify
from xisuan.equations.build_model import assemble
from xisuan.equations.constraints.site_openings import most_installed
from xisuan.planning.expansion import plan
from xisuan.scenario.scenario import Scenario

ONE: dict[str, object] = {"periods": [2026]}
TWO_KINDS = """
    technology,class,unit,mw_per_unit,idle_share,fp32_per_unit,capex_mcny_per_unit,life_years
    g,general,rack,0.5,0.5,0.2,1,4
    i,intelligent,box,2,0.5,0.6,5,4
    """
WORK = {
    "technologies": TWO_KINDS,
    "workloads": "workload,class\nw,general\nv,intelligent",
    "demand": "region,workload,period,units\nr,w,2026,10\nr,v,2026,4",
}


def free_and_costly(tables: dict[str, str], settings: dict[str, object]) -> tuple[float, float]:
    """The objective with the new site n free, and with an opening cost of next to nothing."""
    costs: list[float] = []
    for opening in ("", "0.000001"):
        sites = tables["sites"].replace("OPENING", opening)
        costs.append(plan(small({**tables, "sites": sites}, settings)).objective)
    return costs[0], costs[1]


CASES: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "work alone": ({**WORK, "sites": "site,fixed_cost_mcny\nn,OPENING"}, ONE),
    "a share of the hub measured in FP32": (
        {
            **WORK,
            "sites": "site,hub,fixed_cost_mcny\ns,,\nn,h,OPENING",
            "limits": "site,technology,max_units\nn,i,0\ns,g,0",
            "policies": "rule,scope,value\nhub_share_min,h,0.8",
        },
        ONE,
    ),
    "a share of intelligent computing": (
        {
            **WORK,
            "sites": "site,fixed_cost_mcny\ns,\nn,OPENING",
            "limits": "site,technology,max_units\ns,i,0",
            "fleet": "site,technology,units\ns,g,500",
            "policies": "rule,scope,value\nintelligent_share_min,all,0.9",
        },
        ONE,
    ),
    "old halls to fill": (
        {
            **WORK,
            "sites": "site,fixed_cost_mcny\ns,\nn,OPENING",
            "halls": "site,existing_mw,capex_mcny_per_mw,life_years\ns,200,20,20\nn,,20,20",
            "limits": "site,technology,max_units\ns,g,5\ns,i,5",
            "policies": "rule,scope,value\noccupancy_min,all,0.6",
        },
        ONE,
    ),
    "old cooling to dilute": (
        {
            **WORK,
            "sites": "site,zone,pue,fixed_cost_mcny\ns,z,1.6,\nn,z,1.1,OPENING",
            "power": "zone,price\nz,0.01",
            "limits": "site,technology,max_units\nn,i,0",
            "policies": "rule,scope,value\npue_max,all,1.2",
        },
        ONE,
    ),
    "demand that falls": (
        {"sites": "site,fixed_cost_mcny\nn,OPENING", "demand": "region,workload,period,units\nr,w,2026,90\nr,w,2027,1"},
        {},
    ),
    "orders that overlap": (
        {
            "sites": "site,fixed_cost_mcny\nn,OPENING",
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,available_until
                g,general,rack,0.5,1,2,2027
                """,
            "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,10\nr,w,2028,10",
        },
        {"periods": [2026, 2027, 2028]},
    ),
    "work that waits": (
        {
            "sites": "site,fixed_cost_mcny\nn,OPENING",
            "workloads": "workload,class,defer_hours\nw,general,3",
            "demand": "region,workload,period,units,profile\nr,w,2026,5,d",
            "profile_rules": "profile,hours,value\nd,,1\nd,0,9\nd,1,5",
        },
        {"periods": [2026], "hours": "hours:6"},
    ),
    "modules and phases": (
        {
            "sites": "site,fixed_cost_mcny\nn,OPENING",
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,module_units
                g,general,rack,0.5,1,4,7
                """,
            "halls": "site,capex_mcny_per_mw,life_years,phase_mw\nn,20,20,4",
        },
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_opening_cost_of_next_to_nothing_changes_nothing(case: str) -> None:
    free, costly = free_and_costly(*CASES[case])
    assert costly == pytest.approx(free, abs=1e-4)


def test_the_most_is_small_where_only_work_asks() -> None:
    """5 and 10 units by turns, of which those of the hour before may wait: at most 15 run in an hour, at 0.8 a rack."""
    scenario = small(
        {
            "sites": "site,fixed_cost_mcny\nn,3",
            "technologies": """
                technology,class,unit,mw_per_unit,attainable_utilisation,capex_mcny_per_unit,life_years
                g,general,rack,0.5,0.8,1,4
                """,
            "workloads": "workload,class,defer_hours\nw,general,1",
            "demand": "region,workload,period,units,profile\nr,w,2026,7.5,d",
            "profile_rules": "profile,hours,value\nd,,3\nd,1;3;5;7;9;11;13;15;17;19;21;23,6",
        },
        {"periods": [2026], "hours": "hours:4"},
    )
    assert most_installed(assemble(scenario), [("n", "g")]).tolist() == [[pytest.approx(15 / 0.8)]]


@pytest.mark.parametrize(("column", "most"), [("max_units", 12.0), ("it_limit_mw", 8.0)])
def test_limits_make_it_smaller(column: str, most: float) -> None:
    def scenario() -> Scenario:
        tables = {"sites": "site,fixed_cost_mcny,it_limit_mw\nn,3,4"}
        if column == "max_units":
            tables = {"sites": "site,fixed_cost_mcny\nn,3", "limits": "site,technology,max_units\nn,g,12"}
        return small({**tables, "demand": "region,workload,period,units\nr,w,2026,5\nr,w,2027,8"})

    found = most_installed(assemble(scenario()), [("n", "g")])
    assert found[1].tolist() == [most]


PAST: dict[str, object] = {"periods": [2025, 2026, 2027], "as_of": "2026-12-31"}
STANDS: dict[str, tuple[str, dict[str, object], float]] = {
    "fleet that stands": ("n,g,1,2020,2027", {}, 0.0),
    "fleet that retires in the first year": ("n,g,1,2020,2026", {}, 7.0),
    "fleet that is opened in the second period": ("n,g,500,2027,\ns,g,12,,", {}, 6.0),
    "fleet that stood in the first of two past years": ("n,g,1,2020,2026\ns,g,12,,2027", PAST, 0.0),
    "fleet that stood in the second of them": ("n,g,1,2026,2027\ns,g,12,,2027", PAST, 0.0),
    "fleet that retired before both": ("n,g,1,2020,2025\ns,g,12,,2027", PAST, 6.0),
}
"""Fleet, settings, and what the opening of n costs."""


@pytest.mark.parametrize("case", STANDS)
def test_a_site_is_open_where_something_stands_at_the_start(case: str) -> None:
    """Equipment is free, but nothing can be built at s; opening n costs 7 in 2026, 6 in 2027, where nothing stood."""
    fleet, settings, opening = STANDS[case]
    years = settings.get("periods", [2026, 2027])
    scenario = small(
        {
            "sites": "site,fixed_cost_mcny,period\ns,,\nn,7,\nn,6,2027",
            "limits": "site,technology,max_build_units\ns,g,0",
            "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,rack,0.5,0,4",
            "fleet": "site,technology,units,opened,retires\n" + fleet,
            "demand": "region,workload,period,units" + "".join(f"\nr,w,{year},12" for year in years),
        },
        settings,
    )
    found = plan(scenario)
    assert found.objective == pytest.approx(opening)
    assert certify(scenario, found).ok
    assert solved(scenario).objective == pytest.approx(opening)


def test_halls_that_stand_later_do_not_open_a_site() -> None:
    """20 MW of halls stand at n from 2027 on, more than any work needs: opening n costs 6 then."""
    tables = {
        "sites": "site,fixed_cost_mcny,period\ns,,\nn,7,\nn,6,2027",
        "halls": "site,existing_mw,limit_mw,period\ns,100,100,\nn,0,100,\nn,20,100,2027",
        "demand": "region,workload,period,units\nr,w,2026,1\nr,w,2027,1",
    }
    scenario = small(tables, {"last_period_years": 1})
    found = plan(scenario)
    assert found.objective == pytest.approx(6 + 2 * 1 / 4)
    assert certify(scenario, found).ok
    assert solved(scenario).objective == pytest.approx(found.objective)
