"""Checks of gigabit access: each problem is found, named with its table, row and column, and says what to do."""

from __future__ import annotations

import pytest

from tests.access_cases import PLACES, SETTINGS
from tests.scenarios import frame
from xisuan.errors import ScenarioError
from xisuan.scenario import read


def problems(tables: dict[str, str], **settings: object) -> str:
    texts = {**PLACES, **tables}
    with pytest.raises(ScenarioError) as error:
        read.build({**SETTINGS, **settings}, {name: frame(text) for name, text in texts.items() if text})
    return str(error.value)


STATE = "city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations"
ROWS = "\nb,20000,200,30,2000,450,30\nc,15000,150,20,1500,250,15"

CASES = {
    "a part above its whole": ({"city_state": f"{STATE}\na,10000,100,110,1000,200,10{ROWS}"}, "of which it is a part"),
    "a whole of 0": ({"city_state": f"{STATE}\na,10000,0,0,1000,200,10{ROWS}"}, "is a share of it; leave it blank"),
    "unknown and decisive": ({"city_state": f"{STATE}\na,10000,100,,1000,200,10{ROWS}"}, "blank, but it decides"),
    "a city without a state": ({"city_state": STATE + ROWS}, "no row holds in 2026, 2027"),
    "a city that is none": ({"city_targets": "city,deadline\naa,2026"}, "not in cities"),
    "no standard": ({"standard": ""}, "cities are judged by it"),
    "no threshold": ({"standard": "indicator,version,threshold\npon10g_port_share,s,"}, "blank, but mandatory"),
    "two versions": (
        {"standard": "indicator,version,threshold\npon10g_port_share,s,25\nuser_500m_share,t,25"},
        "hold together in 2026",
    ),
    "a measure that adds nothing": (
        {"measures": "measure,capex_cny_per_unit,life_years,pace_units_year\nport,5000,8,25"},
        "adds to nothing that is counted",
    ),
    "a measure without a pace": (
        {"measures": "measure,capex_cny_per_unit,life_years,pon10g_ports_per_unit\nport,5000,8,1"},
        "pace_units_year",
    ),
    "a measure without a life": (
        {"measures": "measure,capex_cny_per_unit,pace_units_year,pon10g_ports_per_unit\nport,5000,25,1"},
        "capital is an annuity and it costs",
    ),
    "a floor without a value": (
        {"city_targets": "city,indicator,deadline\na,pon10g_port_share,2026"},
        "give the least value of the indicator",
    ),
    "an unknown indicator": ({"city_targets": "city,indicator,deadline\na,ports,2026"}, "indicator"),
    "an unknown payer": ({"budgets": "period,scope,limit_mcny\n2026,investor:z,1"}, "no such scope"),
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
    assert "known in some periods only" in problems({"city_state": state})


def test_most_residents_of_no_cities() -> None:
    none = dict.fromkeys(("cities", "city_state", "measures", "standard"), "")
    assert "the objective residents needs cities" in problems(none, objective="residents")


def test_most_residents_need_residents() -> None:
    state = f"{STATE},named_under\na,,,,,,,s1" + ROWS.replace("\n", ",\n")[1:] + ","
    assert "the objective counts residents" in problems({"city_state": state}, objective="residents")


def test_a_named_city_needs_no_figures() -> None:
    state = f"{STATE},named_under\na,,,,,,,s1" + ROWS.replace("\n", ",\n")[1:] + ","
    tables = {**PLACES, "city_state": state}
    scenario = read.build(SETTINGS, {name: frame(text) for name, text in tables.items()})
    assert scenario.notes == ()
