"""One city by itself: how far it gets, said in words, and from what opening it would make its date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.access_cases import access
from xisuan.errors import InfeasibleError
from xisuan.planning.access import date_obstacles, single_city
from xisuan.planning.expansion import plan
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import translate


def changed(scenario: Scenario, table: str, **columns: object) -> Scenario:
    """The scenario with whole columns of a table replaced."""
    return replace(scenario, tables={**scenario.tables, table: scenario[table].assign(**columns)})


def test_crews_that_are_too_few_are_named_with_how_far_they_get() -> None:
    """14 crew-days a year, two years: 1.4 + 1.4 stations, of the 3.0018 that c lacks, were it not for its ports."""
    cities = "city,crew_days_year\na,60\nb,90\nc,14"
    with pytest.raises(InfeasibleError) as error:
        plan(access({"cities": cities, "city_targets": "city,deadline\nall,2027"}))
    assert error.value.args[0].startswith("No plan satisfies the scenario. Whatever is spent:")
    said = str(error.value)
    assert "c cannot reach 12 5G base stations per 10,000 residents by 2027: crews allow 2.8 of 3 stations" in said
    assert "a cannot" not in said


def test_a_city_is_called_what_people_call_it() -> None:
    """15 ports of 2 crew-days each; the crews of Qiandongnan work 5 days in 2023: 2.5 ports."""
    cities = "city,title,title_zh,crew_days_year\na,Qiandongnan,黔东南州,5\nb,,,\nc,,,"
    standard = "indicator,version,threshold,op\npon10g_port_share,s1,25,>="
    base = access(
        {"cities": cities, "standard": standard, "city_targets": "city,deadline\na,2023"},
        periods=[2023, 2024],
        base_year=2023,
    )
    slow = changed(base, "measures", crew_days_per_unit=2.0)
    with pytest.raises(InfeasibleError) as error:
        plan(slow)
    sentence = "Qiandongnan (黔东南州) cannot reach 25 % 10G-PON and above ports by 2023: crews allow 2.5 of 15 ports"
    assert sentence in str(error.value)


def test_paces_that_are_too_slow_are_named_too() -> None:
    base = access({"city_targets": "city,deadline\nall,2026"})
    pace = base["measures"]["pace_units_year"].where(base["measures"]["measure"] != "port", 12)
    said = date_obstacles.impossible_dates(changed(base, "measures", pace_units_year=pace))
    short = "a cannot reach 25 % 10G-PON and above ports by 2026: the pace of the measures allows 12 of 15 ports"
    assert f"{short} · raise pace_units_year in measures, or {single_city.LATER}" in said


def test_what_crews_allow_one_at_a_time_only_is_said() -> None:
    """20 stations-days and 15 ports-days of a: 21 crew-days do either, not both."""
    cities = "city,crew_days_year\na,21\nb,\nc,"
    said = date_obstacles.impossible_dates(access({"cities": cities, "city_targets": "city,deadline\na,2026"}))
    assert said == (
        "a cannot reach all its indicators together by 2026: crews allow one or the other · " + single_city.LATER,
    )


def test_a_floor_that_cannot_be_reached_is_said() -> None:
    targets = "city,indicator,deadline,value\nb,pon10g_port_share,2026,60"
    said = date_obstacles.impossible_dates(access({"city_targets": targets}))
    assert said == (
        "b cannot reach 60 % 10G-PON and above ports by 2026: the pace of the measures allows 25 of 90 ports"
        f" · raise pace_units_year in measures, or {single_city.LATER}",
    )


def test_a_later_and_higher_standard_is_asked_at_its_own_date() -> None:
    """25 % in 2026 can be had, 90 % in 2027 cannot: 10 + 25 + 25 of 100 ports."""
    standard = "indicator,period,version,threshold\npon10g_port_share,,s1,25\npon10g_port_share,2027,s2,90"
    said = date_obstacles.impossible_dates(access({"standard": standard, "city_targets": "city,deadline\na,2026"}))
    assert said == (
        "a cannot reach 90 % 10G-PON and above ports by 2027: the pace of the measures allows 50 of 80 ports"
        f" · raise pace_units_year in measures, or {single_city.LATER}",
    )


PLACES = {
    "city_state": "city,population,key_places,key_places_5g\na,1,100,90\nb,1,100,95\nc,1,100,99",
    "measures": "measure,capex_cny_per_unit,life_years,pace_units_year,key_places_5g_per_unit\nplace,1,8,10,1",
    "standard": "indicator,version,threshold\nkey_place_5g_access,s1,95",
    "cities": "city\na\nb\nc",
}
"""Key places, of which no more can have 5G than there are; 10 can be had in a year."""


@pytest.mark.parametrize("indicator", ["user_500m_share", "pon10g_port_share", "g5_bs_per_10k", "key_place_5g_access"])
def test_a_city_that_opens_a_little_higher_makes_its_date_and_a_little_lower_does_not(indicator: str) -> None:
    """For parts that can be built up to their whole as for those that cannot."""
    base = access({**(PLACES if indicator.startswith("key") else {}), "city_targets": "city,deadline\na,2026"})
    pace = base["measures"]["pace_units_year"].where(base["measures"]["measure"] != "port", 20)
    base = changed(base, "measures", pace_units_year=pace)
    row = date_obstacles.openings(base).set_index("indicator").loc[indicator]
    assert 0 < row["needed"] < row["opening"]
    column = {"user_500m_share": "users_500m", "pon10g_port_share": "pon10g_ports"}.get(indicator, "g5_stations")
    column = "key_places_5g" if indicator.startswith("key") else column
    state = base["city_state"].set_index("city")

    def opened(value: float) -> Scenario:
        cells = base["city_state"][column].where(base["city_state"]["city"] != "a", value * state.loc["a", column])
        return changed(base, "city_state", **{column: cells})

    assert not date_obstacles.impossible_dates(opened((row["needed"] + 1e-3) / row["opening"]))
    assert date_obstacles.impossible_dates(opened((row["needed"] - 1e-2) / row["opening"]))


def test_the_opening_of_a_part_does_not_stop_at_its_whole() -> None:
    """85 of 100 places are enough, for 10 more can be had; that only 5 % lie between threshold and whole limits nothing."""
    found = date_obstacles.openings(access({**PLACES, "city_targets": "city,deadline\nall,2026"}))
    assert found["needed"].tolist() == pytest.approx([85, 85, 85])


def test_a_city_that_lacks_another_indicator_makes_it_from_no_opening() -> None:
    base = access({"city_targets": "city,deadline\na,2026", "cities": "city,crew_days_year\na,15\nb,\nc,"})
    needed = date_obstacles.openings(base).set_index("indicator")["needed"]
    assert needed[["user_500m_share", "pon10g_port_share"]].isna().all()


@pytest.mark.parametrize("lead", ["", "5"])
def test_what_no_measure_adds_to_in_time_is_said(lead: str) -> None:
    """No row offers stations to c, or they come into use after five years."""
    where = "b" if not lead else "all"
    measures = f"""
        measure,city,unit,capex_cny_per_unit,life_years,lead_years,pace_units_year,pon10g_ports_per_unit,users_500m_per_unit,g5_stations_per_unit
        port,all,ports,5000,8,,25,1,2,
        user,all,users,400,8,,100,,1,
        station,{where},stations,180000,10,{lead},5,,,1
        """
    said = date_obstacles.impossible_dates(access({"measures": measures, "city_targets": "city,deadline\nc,2027"}))
    assert said == (
        "c cannot reach 12 5G base stations per 10,000 residents by 2027: 3 stations are missing, and no measure adds to"
        f" them in time · offer one with g5_stations_per_unit that is in use by then, or {single_city.LATER}",
    )
    assert translate(said[0], "zh").startswith("c到 2027 年达不到每万人拥有5G基站数 12：尚缺 3 个基站")


def test_the_opening_counts_what_is_added_in_every_year_to_the_date() -> None:
    """By the end of 2027 c gets 2 × 100 users moved and 2 × 25 ports with 2 users each: 300 of the 375 asked, so 75 of
    1,500 at the start are enough; b 300 of 500. Both lie above or below the threshold at the start, and are free in 2026."""
    base = access({"city_targets": "city,deadline\nall,2027", "cities": "city\na\nb\nc"})
    needed = date_obstacles.openings(base).set_index(["city", "indicator"])["needed"]
    assert needed["c", "user_500m_share"] == pytest.approx(5.0)
    assert needed["b", "user_500m_share"] == pytest.approx(10.0)
    rich = changed(base, "city_state", users_500m=[500.0, 1000.0, 700.0])
    needed = date_obstacles.openings(rich).set_index(["city", "indicator"])["needed"]
    assert needed["b", "user_500m_share"] == pytest.approx(10.0)


def test_a_city_with_a_chinese_name_alone_is_called_by_it() -> None:
    cities = "city,title_zh,crew_days_year\na,甲市,0\nb,,\nc,,"
    said = date_obstacles.impossible_dates(access({"cities": cities, "city_targets": "city,deadline\na,2027"}))
    assert said[0].startswith("甲市 cannot reach")
