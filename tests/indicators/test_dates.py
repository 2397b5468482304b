"""Which cities are on time: named ones by what was public, the others by a plan and its draws."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from tests.access_cases import PLACES, access
from xisuan.indicators.track import track
from xisuan.report import tracking
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.workflow.plan import plan

STATE = """
    city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations,named_under,source
    a,10000,100,10,1000,200,10,s1,late
    b,20000,200,30,2000,450,30,,
    c,15000,150,20,1500,250,15,,
    """
SOURCES = "source,title,publisher,date,address\nlate,named,m,2026-09,x"
DATES = "city,deadline\na,2026\nb,2027\nc,2025"
DAY = datetime.date(2026, 6, 30)


def scenario(**tables: str) -> Scenario:
    return access({"city_state": STATE, "sources": SOURCES, "city_targets": DATES, "regions": "", **tables})


@pytest.fixture(scope="module")
def found() -> Plan:
    """b's date alone, so that a and c may lag."""
    return plan(scenario(city_targets="city,deadline\nb,2027"))


def drawn(found: Plan, share: float, binding: str = "") -> Plan:
    row = {"city": "b", "deadline": 2027, "made": 0, "draws": 10, "share": share, "binding": binding}
    return replace(found, tables={**found.tables, "city_dates": pd.DataFrame([row])})


def statuses(given: Scenario, day: datetime.date = DAY, of: Plan | None = None) -> dict[str, str]:
    rows = track(given, day, of).cities
    return dict(zip(rows["city"], rows["status"], strict=True))


def test_a_name_counts_from_the_day_on_which_it_was_public() -> None:
    assert statuses(scenario())["a"] == "not enough data"
    assert statuses(scenario(), datetime.date(2026, 9, 30))["a"] == "reached"


def test_a_name_under_an_earlier_standard_is_none_under_a_later_one() -> None:
    later = PLACES["standard"].replace("s1", "s2")
    assert statuses(scenario(standard=later), datetime.date(2026, 10, 1))["a"] == "not enough data"


def test_a_date_gone_by_says_so_and_nothing_of_the_plan(found: Plan) -> None:
    assert statuses(scenario(), of=found)["c"] == "deadline passed, outcome not published"


@pytest.mark.parametrize(("share", "status"), [(0.7, "on track"), (0.5, "at risk"), (0.2, "off track")])
def test_the_share_of_draws_decides_where_the_plan_is_in_time(found: Plan, share: float, status: str) -> None:
    rows = track(scenario(), DAY, drawn(found, share, "user_500m_share 3;budgets 1")).cities.set_index("city")
    assert rows.loc["b", "status"] == status
    assert rows.loc["b", "probability"] == share
    assert rows.loc["b", "planned"] == 2027
    assert rows.loc["b", "binding"] == "user_500m_share;budgets"


def test_without_draws_the_plan_says_on_or_off_track(found: Plan) -> None:
    """b is in time; a date of c in 2027 is one that this plan does not meet."""
    assert statuses(scenario(), of=found)["b"] == "on track"
    asked = scenario(city_targets="city,deadline\nb,2027\nc,2027")
    assert statuses(asked, of=found)["c"] == "off track"


def test_cities_without_a_date_or_a_name_are_left_out() -> None:
    assert set(statuses(scenario(city_targets="city,deadline\nb,2027"))) == {"b"}


def test_the_page_and_the_document_name_them(found: Plan) -> None:
    made = track(scenario(), DAY, drawn(found, 0.5, "budgets 1"))
    assert "the budgets" in tracking.html(made, "en")
    assert "预算" in tracking.html(made, "zh")
    assert "cities" in made.document()
