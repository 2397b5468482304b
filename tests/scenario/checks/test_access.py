"""Checks of gigabit access: each problem is found, named with its table, row and column, and says what to do."""

from __future__ import annotations

import pytest

from tests.access_cases import PLACES, SETTINGS
from tests.scenario.folder import told
from tests.scenarios import frame
from xisuan.errors import ScenarioError
from xisuan.scenario import load


def problems(tables: dict[str, str], **settings: object) -> str:
    texts = {**PLACES, **tables}
    with pytest.raises(ScenarioError) as error:
        load.build({**SETTINGS, **settings}, {name: frame(text) for name, text in texts.items() if text})
    return "\n".join(map(told, error.value.problems))


def test_a_blank_count_is_told_with_the_indicators_that_need_it() -> None:
    """The share of 10G ports has `pon_ports` below and `pon10g_ports` above; no other indicator has them."""
    texts = {**PLACES, "city_state": f"{STATE}\na,10000,,20,1000,200,10{ROWS}"}
    with pytest.raises(ScenarioError) as error:
        load.build(SETTINGS, {name: frame(text) for name, text in texts.items() if text})
    assert [(one.column, one.values) for one in error.value.problems] == [
        ("pon_ports", {"indicators": "pon10g_port_share"})
    ]


STATE = "city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations"
ROWS = "\nb,20000,200,30,2000,450,30\nc,15000,150,20,1500,250,15"

CASES = {
    "a part above its whole": ({"city_state": f"{STATE}\na,10000,100,110,1000,200,10{ROWS}"}, "part-above-whole"),
    "a whole of 0": ({"city_state": f"{STATE}\na,10000,0,0,1000,200,10{ROWS}"}, "whole-is-zero"),
    "unknown and decisive": ({"city_state": f"{STATE}\na,10000,100,,1000,200,10{ROWS}"}, "deciding-count-blank"),
    "a city without a state": ({"city_state": STATE + ROWS}, "city-state-missing"),
    "a city that is none": ({"city_targets": "city,deadline\naa,2026"}, "city-unknown"),
    "no standard": ({"standard": ""}, "standard-missing"),
    "no-threshold-in-period": (
        {"standard": "indicator,version,threshold\npon10g_port_share,s,"},
        "mandatory-threshold-blank",
    ),
    "two versions": (
        {"standard": "indicator,version,threshold\npon10g_port_share,s,25\nuser_500m_share,t,25"},
        "standard-versions-mixed",
    ),
    "a measure that adds nothing": (
        {"measures": "measure,capex_cny_per_unit,life_years,pace_units_year\nport,5000,8,25"},
        "measure-adds-nothing",
    ),
    "a measure without a pace": (
        {"measures": "measure,capex_cny_per_unit,life_years,pon10g_ports_per_unit\nport,5000,8,1"},
        "pace_units_year",
    ),
    "a measure without a life": (
        {"measures": "measure,capex_cny_per_unit,pace_units_year,pon10g_ports_per_unit\nport,5000,25,1"},
        "measure-life-blank",
    ),
    "a floor without a value": (
        {"city_targets": "city,indicator,deadline\na,pon10g_port_share,2026"},
        "floor-blank",
    ),
    "an unknown indicator": ({"city_targets": "city,indicator,deadline\na,ports,2026"}, "indicator"),
    "an unknown payer": ({"budgets": "period,scope,limit_mcny\n2026,investor:z,1"}, "scope-unknown"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_problem_is_named_with_its_remedy(case: str) -> None:
    tables, said = CASES[case]
    assert said in problems(tables)


def test_what_is_known_must_be_known_throughout() -> None:
    state = (
        f"{STATE},period\na,10000,100,10,1000,200,10,\na,10000,100,,1000,200,10,2027"
        + ROWS.replace("\n", ",\n")[1:]
        + ","
    )
    assert "count-in-some-periods" in problems({"city_state": state})


def test_most_residents_of_no_cities() -> None:
    none = dict.fromkeys(("cities", "city_state", "measures", "standard"), "")
    assert "objective-needs-cities" in problems(none, objective="residents")


def test_most_residents_need_residents() -> None:
    state = f"{STATE},named_under\na,,,,,,,s1" + ROWS.replace("\n", ",\n")[1:] + ","
    assert "residents-blank" in problems({"city_state": state}, objective="residents")


def test_a_named_city_needs_no_figures() -> None:
    state = f"{STATE},named_under\na,,,,,,,s1" + ROWS.replace("\n", ",\n")[1:] + ","
    tables = {**PLACES, "city_state": state, "city_targets": "city,deadline\nall,2027"}
    scenario = load.build(SETTINGS, {name: frame(text) for name, text in tables.items()})
    assert scenario.notes == ()


def warnings(tables: dict[str, str], **settings: object) -> str:
    texts = {**PLACES, **tables}
    scenario = load.build({**SETTINGS, **settings}, {name: frame(text) for name, text in texts.items() if text})
    return "; ".join(map(told, scenario.notes))


DATE = "city,deadline\na,2027"
SHARE = "indicator,version,threshold\npon10g_port_share,s,{}"


def test_a_share_as_a_fraction_is_refused() -> None:
    """25 % is 25; at 0.25 every city would be a gigabit city for nothing, and nobody would know."""
    assert "share-not-in-percent" in problems({"standard": SHARE.format(0.25)})
    floor = "city,indicator,deadline,value\na,pon10g_port_share,2027,0.3"
    assert "share-not-in-percent" in problems({"city_targets": floor})


def test_more_than_the_whole_of_a_part_is_refused_and_of_coverage_is_not() -> None:
    assert "part-above-whole-percent" in problems({"standard": SHARE.format(120)})
    homes = "city,population,urban_households,homes_gigabit\na,300,100,50\nb,300,100,50\nc,300,100,50"
    cover = "indicator,version,threshold\nhome_gigabit_coverage,s,120"
    assert not warnings({"standard": cover, "city_state": homes, "city_targets": DATE})


def test_a_period_without_a_standard_is_refused() -> None:
    late = "indicator,period,version,threshold\npon10g_port_share,2027,s,25"
    assert "no-threshold-in-period" in problems({"standard": late})


def test_where_nothing_is_asked_that_is_said() -> None:
    assert "residents-without-dates" in warnings({})
    assert not warnings({"city_targets": DATE})
    assert not warnings({}, objective="residents")


def test_a_date_within_a_period_of_several_years_is_refused_and_the_end_of_one_is_not() -> None:
    """Met within 2026-2029 as a whole, it may be met in 2029; nobody would know."""
    said = problems({"city_targets": "city,deadline\na,2027"}, periods=[2026, 2030], last_period_years=5)
    assert "deadline-within-period" in said
    assert "deadline-within-period" in said
    said = problems({"city_targets": "city,deadline\na,2031"}, periods=[2026, 2030], last_period_years=5)
    assert "deadline-within-period" in said
    assert not warnings({"city_targets": "city,deadline\na,2029\nb,2034"}, periods=[2026, 2030], last_period_years=5)


def test_a_date_gone_by_is_said() -> None:
    assert "deadline-before-first-period" in warnings({"city_targets": "city,deadline\na,2025"})


def test_a_version_that_there_is_not_is_said() -> None:
    state = "city,population,pon_ports,pon10g_ports,named_under\na,1,100,10,2021\nb,1,9,1,\nc,1,9,1,"
    said = warnings({"city_state": state, "standard": SHARE.format(25), "city_targets": DATE})
    assert "standard-version-unknown" in said


def test_cities_need_no_regions() -> None:
    assert not warnings({"regions": "", "city_targets": DATE})


def test_more_stations_than_any_city_has_are_said_of_a_threshold_and_of_a_floor() -> None:
    stations = "indicator,version,threshold\ng5_bs_per_10k,s,{}"
    said = "standard, row 1 (g5_bs_per_10k), threshold: 1200 · stations-not-per-10k"
    assert said in warnings({"standard": stations.format(1200), "city_targets": DATE})
    assert not warnings({"standard": stations.format(1000), "city_targets": DATE})
    floor = "city,indicator,deadline,value\na,g5_bs_per_10k,2027,1500\na,gigabit,2027,"
    said = "city_targets, row 1 (a/g5_bs_per_10k), value: 1500 · stations-not-per-10k"
    assert said in warnings({"city_targets": floor})


def test_a_floor_under_the_whole_standard_is_said_to_have_no_effect() -> None:
    said = warnings({"city_targets": "city,deadline,value\na,2027,30\nb,2027,"})
    assert said == ("city_targets, row 1 (a/gigabit), value: 30 · value-without-effect-gigabit")


def test_a_share_in_place_of_a_count_is_said_and_a_single_one_is_not() -> None:
    rows = "\na,10000,100,{},1000,200,10"
    said = warnings({"city_state": STATE + rows.format(0.4) + ROWS, "city_targets": DATE})
    place = "city_state, row 1 (a), pon10g_ports: 0.4"
    assert said == f"{place} · count-looks-like-share"
    for few in (0, 1):
        assert not warnings({"city_state": STATE + rows.format(few) + ROWS, "city_targets": DATE})


def test_residents_in_ten_thousands_are_said_once_a_city() -> None:
    state = f"{STATE},mobile_users,urban_households,period\na,1,100,10,3,2,10,3,,\na,1,100,10,4,2,10,3,,2027"
    state += ROWS.replace("\n", ",,,\n")[3:] + ",,,"
    said = warnings({"city_state": state, "city_targets": DATE})
    assert said == "city_state, row 1 (a), population: 1 · residents-below-users"
    assert not warnings({"city_state": state.replace("10,4,2", "10,3,2"), "city_targets": DATE}), "three a resident"
    said = warnings({"city_state": state.replace("10,4,2,10,3,", "10,3,2,10,4,"), "city_targets": DATE})
    assert "residents-below-users" in said
    said = warnings(
        {"city_state": state.replace("10,3,2,10,3,,", "10,3,2,10,3,2,"), "city_targets": DATE}, periods=[2026]
    )
    assert "population: 1 · residents-below-households" in said


def test_cities_without_measures_are_told_once() -> None:
    said = warnings({"measures": "", "city_targets": DATE})
    assert said == "measures.csv · measures-missing"


@pytest.mark.parametrize("rule", ["carbon_cap_t", "carbon_cap_market_t", "water_cap_m3", "pue_max", "utilisation_min"])
def test_a_rule_of_data_centres_where_there_are_none_is_said(rule: str) -> None:
    """The plan is the same with it and without it, which is what the warning says."""
    power = "zone,price,co2_kg_per_kwh\nz,0.5,0.6"
    said = warnings({"policies": f"rule,value\n{rule},1", "power": power, "city_targets": DATE})
    place = f"policies, row 1 ({rule}/all), rule: {rule}"
    what = "cap-without-sites" if rule.startswith("carbon") else "rule-limits-nothing"
    assert said == f"{place} · {what}"


@pytest.mark.parametrize("rule", ["carbon_price_cny_per_t", "reach_gigabit_cities"])
def test_a_rule_that_access_is_under_is_left_alone(rule: str) -> None:
    power = "zone,price,co2_kg_per_kwh\nz,0.5,0.6"
    assert not warnings({"policies": f"rule,value\n{rule},1", "power": power, "city_targets": DATE})


RANGE = "table,key,column,low,high\n"


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (
            "city_state,c,pon10g_ports,21,30",
            "c/pon10g_ports), low: 21 · range-without-value",
        ),
        ("city_state,c,pon10g_ports,10,19", "high: 19 · range-without-value"),
        (
            "measures,station,capex_cny_per_unit,0.9,1.1",
            "high: 1.1 · range-without-value",
        ),
        ("city_state,*,pon10g_ports,15,40", "low: 15 · range-without-value"),
        ("city_state,*,pon10g_ports,5,25", "high: 25 · range-without-value"),
    ],
)
def test_a_range_beside_its_value_is_refused(estimate: str, said: str) -> None:
    """Clamped in silence, one end would be the value and the swing of the other a figure that nobody meant."""
    found = problems({"estimates": RANGE + estimate, "city_targets": DATE})
    assert said in found


@pytest.mark.parametrize(
    "estimate",
    ["city_state,c,pon10g_ports,20,30", "city_state,*,pon10g_ports,10,30", "measures,station,lead_years,0,1",
     "measures,*,g5_stations_per_unit,0.8,1.2", "city_state,c,pon10g_ports,,", "city_state,c,pon10g_ports,10,"],
)  # fmt: skip
def test_a_range_around_its_values_is_left_alone(estimate: str) -> None:
    """Ends may be the values; a 0 among others is not what is estimated."""
    assert not warnings({"estimates": RANGE + estimate, "city_targets": DATE})
