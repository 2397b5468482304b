"""Which cities are on time: named ones by what was public, the others by a plan and its draws."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from tests.access_cases import PLACES, access
from xisuan.report.tracking import city_deadlines, track_page
from xisuan.results.plan import Plan
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario
from xisuan.tracking.track import track
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
    assert "the budgets" in track_page.html(made, "en")
    assert "预算" in track_page.html(made, "zh")
    assert "cities" in made.document()


# --- what is held already ---------------------------------------------------------------------------------------------

RECORD = """
    quantity,place,period,date,kind,value,unit,bound,source
    gigabit_city,a,2025,2025-10,actual,1,0 or 1,exact,
    gigabit_city,a,2023,2023-06,actual,1,0 or 1,exact,
    gigabit_city,b,2026,,actual,0,0 or 1,exact,
    gigabit_city,c,2026,2026-09,actual,1,0 or 1,exact,late
    """
LATER = """
    indicator,period,version,threshold,quality
    pon10g_port_share,,s1,25,published
    pon10g_port_share,2027,s2,40,estimate
    user_500m_share,2027,s2,22,published
    """


def test_a_city_holds_its_standard_since_the_first_record_of_it_while_a_later_one_is_asked() -> None:
    """10 of 100 ports and 15 of 100 users are short of 40 % and 22 %; 450 of 2,000 users of b are 22.5 %."""
    later = scenario(standard=LATER, actuals=RECORD, city_targets="city,deadline\nall,2027")
    rows = track(later, datetime.date(2026, 12, 31)).cities.set_index("city")
    assert rows["holds"].to_dict() == {"a": "s1", "b": "", "c": ""}
    assert rows["since"].to_dict() == {"a": "2023-06", "b": "", "c": "2026-09"}
    assert rows["asked"].tolist() == ["s2"] * 3
    assert rows["status"].tolist() == ["not enough data"] * 3
    assert rows.loc["a", "short"] == "pon10g_port_share;user_500m_share"
    assert rows.loc["b", "short"] == "pon10g_port_share"


def test_what_was_not_public_is_not_held() -> None:
    later = scenario(standard=LATER, actuals=RECORD, city_targets="city,deadline\nall,2027")
    rows = track(later, DAY).cities.set_index("city")
    assert rows["holds"].tolist() == ["", "", ""]
    assert rows["since"].to_dict() == {"a": "2023-06", "b": "", "c": ""}
    assert rows.loc["a", "short"] == "", "its state is of a page that came later"


def test_a_city_on_record_and_without_a_date_has_reached_it() -> None:
    rows = track(scenario(actuals=RECORD, city_targets="city,deadline\nb,2027"), DAY).cities.set_index("city")
    assert rows.loc["a", "status"] == "reached"
    assert "c" not in rows.index


def test_the_standards_held_and_asked_are_told_with_their_thresholds() -> None:
    later = scenario(standard=LATER, actuals=RECORD, city_targets="city,deadline\nall,2027")
    made = track(later, datetime.date(2026, 12, 31))
    assert city_deadlines.standard_lines(made, "en") == [
        "Standard s1: 10G-PON and above ports ≥ 25 %. Thresholds that are estimates: 0 of 1.",
        "Standard s2, from 2027: 10G-PON and above ports ≥ 40 %, users on 500 Mbps and above ≥ 22 %. Thresholds that are"
        " estimates: 1 of 2.",
    ]
    assert (
        city_deadlines.short_lines(made, "en")[0]
        == "If nothing is built, short of standard s2 in 10G-PON and above ports: a, b, c"
    )
    assert "planned" not in city_deadlines.city_columns(made)
    assert "s2" in track_page.html(made, "zh")


def test_of_guizhou_all_nine_hold_the_standard_of_2021_by_october_2025() -> None:
    """Two are on record since June 2023 (China Daily), the others since October 2025 (the province's administration)."""
    rows = track(load.load("guizhou")).cities.set_index("city")
    assert len(rows) == 9
    assert set(rows["holds"]) == {"2021"}
    assert rows.groupby("since").groups.keys() == {"2023-06", "2025-10"}
    assert set(rows.index[rows["since"] == "2023-06"]) == {"guiyang", "zunyi"}
