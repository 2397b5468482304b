"""The scenario's prices beside published ones, by hand."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.decisions.confidence.test_calibration import SETTINGS, frames
from tests.scenarios import frame
from xisuan.decisions.costs.published_prices import in_the_end, price_support, published_prices
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.load import build
from xisuan.scenario.scenario import Scenario

PUBLISHED = """
    quantity,place,period,date,kind,value,unit,bound,scope
    hall_price,Alpha,2025,,actual,20,mCNY per MW,exact,a
    hall_price,China,2025,,target,40,mCNY per MW,exact,b
    intelligent_price,China,2026,,actual,1500,mCNY per EFLOPS,exact,c
    project_price,Nowhere,2026,,actual,2100,mCNY per EFLOPS,exact,d
    rack_price,China,2019,,actual,300000,CNY per standard rack,about,e
    racks,Alpha,2025,,actual,4000,standard racks,exact,f
"""


def scenario() -> Scenario:
    """Halls at 25 mCNY a MW that may grow at Alpha, and dearer ones that may not at Beta; a PFLOPS at 2 mCNY draws 0.01 MW;
    an older machine is no longer sold."""
    tables = frames()
    tables["sites"] = frame("""
        site,title,hub,node,zone,pue
        A,Alpha (with Beta),West,Home,Z,1.2
        B,Beta,,Far,Z,1.2
        """)
    tables["halls"] = frame("""
        site,existing_mw,limit_mw,capex_mcny_per_mw,life_years
        A,10,20,25,20
        B,1,1,90,20
        """)
    tables["technologies"] = frame("""
        technology,class,unit,precision,eflops_per_unit,fp32_per_unit,mw_per_unit,capex_mcny_per_unit,life_years,available_until
        gpu,intelligent,PFLOPS FP16,FP16,0.001,0.0001,0.01,2,5,
        old,intelligent,PFLOPS FP16,FP16,0.001,0.0001,0.02,9,5,2024
        """)
    return build(SETTINGS, tables | {"actuals": frame(PUBLISHED)})


def test_every_price_by_hand() -> None:
    """A PFLOPS in its hall is 2 + 0.01 × 25 = 2.25 mCNY; a rack of 2.5 kW holds a quarter of one."""
    found = published_prices(scenario()).set_index("scope")
    assert found["low"].to_dict() == pytest.approx({"a": 25, "b": 25, "c": 2000, "d": 2250, "e": 0.25 * 2.25e6})
    assert found["high"].to_dict() == pytest.approx(found["low"].to_dict())
    assert found["published"].to_dict() == {"a": 20, "b": 40, "c": 1500, "d": 2100, "e": 300000}
    assert set(found["period"]) == {2026}, "the year of the price, or the nearest that is planned"


@pytest.fixture(scope="module")
def ordered() -> Plan:
    return plan(scenario())


def bought(plan: Plan, *orders: tuple[str, str, float, float]) -> Plan:
    """The plan with these orders: asset, technology, amount, mCNY."""
    rows = [dict(zip(("asset", "technology", "amount", "capex_mcny"), order, strict=True)) for order in orders]
    return dataclasses.replace(plan, tables={**plan.tables, "builds": pd.DataFrame(rows)})


def test_money_is_told_by_where_its_price_lies(ordered: Plan) -> None:
    """Halls at 25 lie between 20 and 40, at 19 below both; equipment at 1,500 an EFLOPS is as published, at 2,000 above."""
    plan = bought(
        ordered,
        ("hall", "", 4.0, 100.0),
        ("hall", "", 10.0, 190.0),
        ("compute", "gpu", 100.0, 200.0),
        ("compute", "gpu", 100.0, 150.0),
        ("link", "", 7.0, 60.0),
        ("hall", "", 0.0, 0.0),
    )
    found = price_support(plan).set_index("support")
    assert found["mcny"].to_dict() == {"inside": 250.0, "below": 190.0, "above": 200.0, "none": 60.0}
    assert found["share"].sum() == pytest.approx(1.0)


def test_nothing_published_supports_nothing(ordered: Plan) -> None:
    bare = dataclasses.replace(
        ordered.scenario, tables={**ordered.scenario.tables, "actuals": ordered.scenario["actuals"].iloc[:0]}
    )
    assert not len(price_support(dataclasses.replace(ordered, scenario=bare)))


def test_what_a_price_comes_to_in_the_end_is_that_of_the_last_year() -> None:
    """A PFLOPS at 2 mCNY falls to 1 in the last of two years."""
    before = scenario()
    later = before["technologies"].assign(period=2028.0, capex_mcny_per_unit=1.0)
    both = pd.concat([before["technologies"], later], ignore_index=True)
    two = dataclasses.replace(before, tables={**before.tables, "technologies": both}).with_settings(
        periods=(2026, 2028)
    )
    assert in_the_end(two, "intelligent_price") == pytest.approx((1000.0, 1000.0))
    assert in_the_end(two, "hall_price") == pytest.approx((25.0, 25.0))
