"""Shadow prices in words, against small plans priced by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.equations.constraints.test_contingencies import pair
from tests.golden.small import small
from tests.report.pages.test_single_future_page import spaced
from xisuan.planning.expansion import plan
from xisuan.report import run_measures
from xisuan.report.costs import shadow_prices
from xisuan.report.run_context import Context
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.text.translation import Language

LONG: dict[str, object] = {"periods": [2026, 2028], "last_period_years": 3, "base_year": 2025, "discount_rate": 0.05}
POWERED = {
    "sites": "site,zone,pue\ns,z,1.2",
    "power": "zone,price,co2_kg_per_kwh,green_premium_cny_per_kwh\nz,0.5,0.6,0.03",
    "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2028,10",
}
"""10 units take 5 MW, 6 with cooling: 52,560 MWh a year, 31,536 t. The second period is three years long."""


def context(tables: Mapping[str, str], language: Language = "en", **settings: object) -> Context:
    """The plan of a small scenario, told."""
    given = small(tables, settings)
    return Context(Run(given, plan(given)), language)


def told(found: Context) -> list[str]:
    """All prices in words, the dearest first."""
    return [spaced(shadow_prices.sentence(found, row)) for row in run_measures.records(shadow_prices.worth(found))]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        # a MWh is made green at the premium
        ("green_share_min,all,2028,0.3,all", "each MWh that must be green costs 30 CNY (undiscounted)."),
        # a contract displaces 0.6 t/MWh at 30 CNY/MWh
        ("carbon_cap_market_t,all,2028,30000,all", "one more tonne saves 50 CNY (undiscounted)."),
    ],
)
def test_a_unit_of_a_year_costs_the_price_of_the_year(rule: str, said: str) -> None:
    """In a period of three years as in one of one, and whatever the discount rate."""
    (line,) = told(context(POWERED | {"policies": f"rule,scope,period,value,applies\n{rule}"}, **LONG))
    assert "in 2028–2030" in line
    assert line.endswith(said)


def test_what_one_per_cent_of_a_rule_saves_is_discounted_over_its_years() -> None:
    """525.6 MWh a year at 30 CNY, in 2028, 2029 and 2030."""
    found = context(POWERED | {"policies": "rule,scope,period,value,applies\ngreen_share_min,all,2028,0.3,all"}, **LONG)
    worth = 525.6 * 30e-6 * (1.05**-3 + 1.05**-4 + 1.05**-5)
    assert shadow_prices.worth(found)["worth"].tolist() == [pytest.approx(worth, rel=1e-6)]


def test_a_clean_share_by_the_hour_costs_what_its_last_mw_does() -> None:
    """0.9 × grid ≤ 0.7 × 6 MW: a MW more on the right is 1.111 MW of grid for wind, at 4.38 against 5 mCNY a year."""
    clean = {
        "power": "zone,price,clean_share\nz,0.5,0.1",
        "supply": "site,source,capex_mcny_per_mw,life_years\ns,wind,100,20",
        "demand": "region,workload,period,units\nr,w,2026,10",
        "policies": "rule,scope,value\nclean_share_hourly_min,all,0.3",
    }
    (line,) = told(context(POWERED | clean, periods=[2026]))
    assert line.endswith("one MW less of clean power in every hour saves 0.689 million CNY.")


def test_a_clean_share_by_the_month_costs_what_its_last_mwh_does() -> None:
    """0.9 × grid ≤ 0.7 × facility: a MWh more on the right is 1.111 MWh of grid at 500 CNY for wind at 570.8: 78.6 CNY."""
    clean = {
        "power": "zone,price,clean_share\nz,0.5,0.1",
        "supply": "site,source,capex_mcny_per_mw,life_years\ns,wind,100,20",
        "demand": "region,workload,period,units\nr,w,2026,10",
        "policies": "rule,scope,value\nclean_share_monthly_min,all,0.3",
    }
    (line,) = told(context(POWERED | clean, periods=[2026]))
    assert line.endswith("one MWh less of clean power in Jan saves 78.6 CNY (undiscounted).")


def test_chinese_says_that_the_price_is_not_discounted() -> None:
    rules = POWERED | {"policies": "rule,scope,period,value,applies\ngreen_share_min,all,2028,0.3,all"}
    (line,) = told(context(rules, "zh", **LONG))
    assert line.startswith("2028–2030 年")
    assert line.endswith("每 1 MWh 绿电要求成本 30 元（未折现）。")


SCARCE = {
    "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.001",
    "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2027,10",
}
"""A unit that is not served costs 8.76 a year; a rack costs 0.25 a year and takes half a MW."""


def halls(*rows: str) -> dict[str, str]:
    return SCARCE | {"halls": "\n".join(["site,capex_mcny_per_mw,life_years,period,limit_mw", *rows])}


def test_a_limit_without_a_year_is_one_limit() -> None:
    """A MW of hall more, at 0.2 a year, holds two racks: 2 × (8.76 − 0.25) − 0.2 = 16.82 in each of two years."""
    found = context(halls("s,4,20,,1"))
    assert told(found) == ["The limit of halls at s (2026–2027) binds: one more MW of room saves 33.6 million CNY."]
    assert shadow_prices.worth(found)["worth"].tolist() == [pytest.approx(0.3364)]


def test_limits_of_different_years_are_priced_apart() -> None:
    found = context(halls("s,4,20,,1", "s,4,20,2027,1.5"))
    assert told(found) == [
        "The limit of halls at s (2027) binds: one more MW of room saves 16.8 million CNY.",
        "The limit of halls at s (2026) binds: one more MW of room saves 16.8 million CNY.",
    ]


def test_a_budget_without_a_year_has_a_price() -> None:
    """A million of 2026 buys a rack for two years, one of 2027 a rack for one: 2 × 8.51, 8.51."""
    budget = {"budgets": "period,scope,limit_mcny\n,compute,2"}
    assert told(context(SCARCE | budget)) == [
        "One more million CNY of the 2026 budget for equipment saves 17,020 thousand CNY.",
        "One more million CNY of the 2027 budget for equipment saves 8,510 thousand CNY.",
    ]


def test_a_least_is_said_as_such() -> None:
    """A rack that nobody needs costs 0.25 in each of two years."""
    limits = {"limits": "site,technology,min_units\ns,g,20"}
    found = context(limits)
    assert told(found) == ["The least of g at s (2026–2027) binds: one rack less saves 0.5 million CNY."]
    assert shadow_prices.worth(found)["worth"].tolist() == [pytest.approx(0.5 * 20 * 0.01)]


def test_a_least_of_a_link_is_said_as_such() -> None:
    """A Gbps of 2 for 10 years is a fifth a year: in one year 0.2."""
    made = link() | {
        "links": "link,from,to,length_km,capacity_gbps,min_gbps,capex_mcny_per_gbps,life_years\nl,b,a,9,1,5,2,10"
    }
    found = context(made, periods=[2026])
    assert told(found) == ["The least of the link b – a (2026) binds: one Gbps less saves 0.2 million CNY."]
    assert shadow_prices.worth(found)["worth"].tolist() == [pytest.approx(0.2 * 5 * 0.01)]
    (said,) = [
        shadow_prices.sentence(context(made, "zh", periods=[2026]), row)
        for row in run_measures.records(shadow_prices.worth(found))
    ]
    assert "容量下限" in said


def link(rule: str = "") -> dict[str, str]:
    """10 units of region a ask for 1 Gbps of a link of 0.5 to the racks at b."""
    return {
        "regions": "region\na\nb",
        "sites": "site,node\ns,b",
        "workloads": "workload,class,latency_ms,gbps_per_unit,unserved_mcny_per_unit_hour\nw,general,9,0.1,0.001",
        "demand": "region,workload,period,units\na,w,2026,10",
        "links": "link,from,to,length_km,capacity_gbps\nl,b,a,100,0.5",
        "policies": rule and f"rule,scope,value\n{rule}",
    }


@pytest.mark.parametrize(
    ("rule", "said", "worth"),
    [
        # a Gbps more serves 10 units: 10 × (8.76 − 0.25) = 85.1
        ("", "The link a → b is full at times in 2026: one more Gbps of capacity saves 85.1 million CNY.", 0.4255),
        # of which 0.8 may be used: 68.08
        (
            "link_load_max,all,0.8",
            "The link a → b is at times in 2026 at its most allowed load, 80.0 %: one more Gbps of capacity saves"
            " 68.1 million CNY.",
            0.3404,
        ),
        ("link_load_max,all,0.8\nlink_load_max,l,1", "The link a → b is full at times in 2026: one more Gbps", 0.4255),
    ],
)
def test_a_gbps_of_a_link_counts_with_what_may_be_used_of_it(rule: str, said: str, worth: float) -> None:
    found = context(link(rule), periods=[2026])
    (line,) = told(found)
    assert line.startswith(said)
    assert shadow_prices.worth(found)["worth"].tolist() == [pytest.approx(worth, rel=1e-4)]


@pytest.mark.parametrize(
    ("rule", "term", "said"),
    [
        # 1,667 CNY of penalty less what the racks cost for it: 1 / 0.6 × 250,000 CNY / 8,760 h
        ("own,<=,40000,MWh", "own,1,grid,", "one more MWh a year saves 1,619 CNY (undiscounted)."),
        ("own,>=,14,rack", "own,1,installed,", "one rack less saves 0.25 million CNY."),
    ],
)
def test_an_own_rule_is_priced_in_its_unit(rule: str, term: str, said: str) -> None:
    """A MWh runs 1 / (1.2 × 0.5) rack-hours, at 1,000 CNY each where dropped. A rack costs 1 / 4 million CNY a year."""
    tables = POWERED | {
        "power": "zone,price\nz,0",
        "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,0.001",
        "rules": f"rule,sense,value,unit\n{rule}",
        "rule_terms": f"rule,term,variable,coefficient\n{term}",
    }
    found = told(context(tables, periods=[2026]))
    assert any(line.startswith("The own rule own binds in 2026") and line.endswith(said) for line in found), found


FAILING = {
    "sites": "site,node,zone,capex_factor\ns,a,y,1\nt,b,z,1\nu,{node},y,3",
    "power": "zone,price,grid_limit_mw\ny,0,\nz,0,{limit}",
    "links": "link,from,to,length_km,capacity_gbps\nl,a,b,100,{gbps}",
    "policies": "rule,scope,value\nlink_load_max,all,0.8",
}


@pytest.mark.parametrize(
    ("name", "node", "failures", "less", "more", "says"),
    [
        # Without s what t cannot run runs at u, for three times as much: 2 units a MW at 0.5 more each.
        ("grid_within_zone", "b", "S,s,,1", (5.0, 100.0), (5.01, 100.0), "The limit of the grid connection of zone z"),
        # Without s the link saves units at u; half of it is lost while s must do more: 0.25 + 0.5 × 0.25 a Gbps.
        ("traffic_within_link", "a", "S,s,,1\nL,,l,0.5", (100.0, 5.0), (100.0, 5.01), "The link a → b is full"),
    ],
)
def test_a_limit_is_worth_what_it_saves_during_failures_too(
    name: str, node: str, failures: str, less: tuple[float, float], more: tuple[float, float], says: str
) -> None:
    """One more unit of the limit saves what a plan with a little more of it costs less."""

    def made(limits: tuple[float, float]) -> Plan:
        tables = {one: text.format(node=node, limit=limits[0], gbps=limits[1]) for one, text in FAILING.items()}
        return plan(pair(f"contingency,site,link,share_lost\n{failures}", **tables))

    found, other = made(less), made(more)
    saved = (found.objective - other.objective) / 0.01
    given = Context(Run(found.scenario, found), "en")
    (row,) = (row for row in run_measures.records(shadow_prices.worth(given)) if row["constraint"] == name)
    most = 0.8 if name == "traffic_within_link" else 1.0
    assert -float(row["value"]) * most == pytest.approx(saved, rel=1e-6)
    assert float(row["worth"]) == pytest.approx(saved * 5.0 * 0.01, rel=1e-6)
    assert shadow_prices.sentence(given, row).startswith(says)
    assert "at least during contingencies" in shadow_prices.sentence(given, row)
