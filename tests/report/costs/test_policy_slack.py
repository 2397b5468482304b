"""Section 13's table of rules, against small plans counted by hand."""

from __future__ import annotations

import pytest

from tests.report.costs.test_shadow_prices import POWERED, context, link
from tests.report.pages.test_single_future_page import spaced
from xisuan.report.costs import policy_slack
from xisuan.report.document.blocks import Table
from xisuan.report.run_context import Context


def told(found: Context, scope: str) -> list[str]:
    """Asked, reached, slack and cost of the rule of a scope."""
    tables = [block for block in policy_slack.section(found).blocks if isinstance(block, Table)]
    (row,) = (row for table in tables for row in table.rows if len(row.cells) > 2 and row.cells[1].text == scope)
    return [spaced(cell.text) for cell in row.cells[2:]]


def ruled(text: str) -> dict[str, str]:
    """One unit at s and one at t in each hour: 0.5 MW, 0.6 with cooling, 5,256 MWh, 3,153.6 t a year each."""
    return POWERED | {
        "regions": "region\na\nb",
        "sites": "site,node,hub,zone,pue,water_l_per_kwh\ns,a,,z,1.2,0.5\nt,b,h,z,1.2,0.5",
        "demand": "region,workload,period,units\na,w,2026,1\nb,w,2026,1",
        "workloads": "workload,class,latency_ms\nw,general,1",
        "links": "link,from,to,length_km,capacity_gbps\nl,a,b,1000,1",
        "policies": f"rule,scope,value,applies\n{text}",
    }


def test_a_price_of_carbon_is_what_is_paid_and_no_limit() -> None:
    """3,153.6 t at 60 CNY at s, at 90 at t."""
    tables = ruled("carbon_price_cny_per_t,all,60,all\ncarbon_price_cny_per_t,t,90,all")
    found = context(tables, periods=[2026])
    assert told(found, "all sites") == ["60 CNY/t", "—", "—", "paid: 0.189 million CNY in 2026"]
    assert told(found, "t") == ["90 CNY/t", "—", "—", "paid: 0.284 million CNY in 2026"]
    assert told(context(tables, "zh", periods=[2026]), "t") == ["90 元/吨", "—", "—", "2026 年支付 28.4 万元"]


def test_a_reserve_is_counted() -> None:
    """1 / 0.8 racks stand at s; t has none to keep."""
    found = context(ruled("site_reserve_min,s,0.2,all"), periods=[2026])
    assert told(found, "s") == ["≥ 20.0 %", "20.0 %", "0.0 %", "binds; paid in equipment, no price of its own"]


def test_a_hub_holds_for_its_sites_where_all_does_not() -> None:
    """The 40 % of the hub are kept at t, the 10 % of all at s, so that of all 10 % is reached and not 40."""
    found = context(ruled("site_reserve_min,all,0.1,all\nsite_reserve_min,h,0.4,all"), periods=[2026])
    assert told(found, "all sites")[1] == "10.0 %"
    assert told(found, "h")[1] == "40.0 %"


@pytest.mark.parametrize(
    ("rule", "reached"),
    [("water_cap_m3,all,9000000,all", "4,380.00"), ("reach_investment_mcny,all,1,all", "2.00")],
)
def test_every_rule_that_a_plan_keeps_is_counted(rule: str, reached: str) -> None:
    """2 × 4,380 MWh of IT at 0.5 l/kWh are 4,380 m³; two racks cost 2 mCNY."""
    assert told(context(ruled(rule), periods=[2026]), "all sites")[1] == reached


def test_a_clean_share_by_the_hour_is_that_of_the_worst_hour() -> None:
    """The grid is clean to 0.9 and 0.4 in two hours, and nothing else is: 40 % in the second."""
    mix = {
        "power": "zone,price,clean_share\nz,0.5,mix",
        "profile_rules": "profile,hours,value\nmix,,0.4\nmix,0,0.9",
    }
    found = context(ruled("clean_share_hourly_min,all,0.3,all") | mix, periods=[2026], hours="hours:2")
    assert told(found, "all sites")[:3] == ["≥ 30.0 %", "40.0 %", "10.0 %"]


def test_a_clean_share_by_the_month_is_that_of_the_worst_month() -> None:
    """January is clean to 0.9 and 0.4 in two hours, 65 % on average; February to 0.4, so 40 %."""
    mix = {
        "power": "zone,price,clean_share\nz,0.5,mix",
        "profile_rules": "profile,hours,months,value\nmix,,,0.4\nmix,0,1,0.9",
        "blocks": "block,first_hour,hours,weight\njanuary,0,2,1460\nfebruary,744,2,2920",
    }
    found = context(ruled("clean_share_monthly_min,all,0.3,all") | mix, periods=[2026])
    assert told(found, "all sites")[:3] == ["≥ 30.0 %", "40.0 %", "10.0 %"]


def test_the_load_of_links_is_that_of_all_links() -> None:
    found = context(link("link_load_max,all,0.8"), periods=[2026])
    assert told(found, "all links") == ["≤ 80.0 %", "80.0 %", "0.0 %", "binds; price below"]


def test_a_published_standard_is_no_rule_of_the_plan() -> None:
    """1,000 km of cable between hubs 111 km apart: nine times the way of light; and a limit of ms that is kept."""
    tables = ruled("latency_stretch_max,all,1.5,all\nring_hub_ms,all,20,all") | {
        "regions": "region,lat,lon\na,30,110\nb,31,110",
        "sites": "site,node,hub,zone,pue,lat,lon\ns,a,g,z,1.2,30,110\nt,b,h,z,1.2,31,110",
    }
    found = context(tables, periods=[2026])
    (table,) = [
        block for block in policy_slack.section(found).blocks if isinstance(block, Table) and "Transport" in block.title
    ]
    costs = {row.cells[0].text: row.cells[-1].text for row in table.rows}
    assert sorted(costs.values()) == [
        "published standard, for comparison, no rule of the plan: not met",
        "published standard, for comparison: met",
    ]
    assert "for comparison, bind nothing" in table.note
    colours = {row.cells[-1].text.rpartition(": ")[2]: row.cells[4].colour for row in table.rows}
    assert colours == {"not met": "full", "met": ""}


def test_own_rules_have_a_table_of_their_own() -> None:
    """10 racks stand: 2 more than asked for; in the hour 10 are asked for and run."""
    tables = {
        "rules": "rule,sense,value,by,unit\nleast,>=,8,period,rack\nhour,<=,10,hour,rack",
        "rule_terms": "rule,term,variable\nleast,1,installed\nhour,1,load",
    }
    blocks = policy_slack.section(context(tables, periods=[2026])).blocks
    (table,) = (block for block in blocks if isinstance(block, Table) and block.title == "Own rules in 2026")
    assert [[spaced(cell.text) for cell in row.cells] for row in table.rows] == [
        ["least", "≥ 8 rack", "10", "2", "nothing: met with room"],
        ["hour", "≤ 10 rack", "10", "0", "binds; price below"],
    ]
