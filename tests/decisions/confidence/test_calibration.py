"""The model beside published figures: every value by hand, the year that is over without rules, and honest blanks."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tests.scenarios import frame
from xisuan.decisions.confidence.calibration import (
    TITLES,
    calibration,
    compare_actuals,
    compare_with_record,
    past_scenario,
)
from xisuan.decisions.confidence.statistical_counts import COMPARABLE
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.load import build, load
from xisuan.scenario.settings import Hours
from xisuan.text.translation import translate

SETTINGS = {"name": "past", "periods": [2026], "as_of": "2025-12-31", "hours": "one", "discount_rate": 0.0}


def frames() -> dict[str, pd.DataFrame]:
    """10 MW of halls, 500 PFLOPS of equipment at 0.01 MW: half full. In 2025 it runs 200, so 2 MW of IT at a PUE of 1.2."""
    return {
        "regions": frame("""
            region,hub
            Home,West
            Far,
            """),
        "sites": frame("""
            site,title,hub,node,zone,pue
            A,Alpha (with Beta),West,Home,Z,1.2
            """),
        "halls": frame("""
            site,existing_mw,life_years
            A,10,20
            """),
        "technologies": frame("""
            technology,class,unit,precision,eflops_per_unit,fp32_per_unit,mw_per_unit,capex_mcny_per_unit,life_years
            gpu,intelligent,PFLOPS FP16,FP16,0.001,0.0001,0.01,2,5
            """),
        "fleet": frame("""
            site,technology,units,opened
            A,gpu,200,2024
            A,gpu,300,2025
            """),
        "workloads": frame("""
            workload,class,gbps_per_unit
            training,intelligent,0.01
            """),
        "demand": frame("""
            region,workload,period,units
            Far,training,2025,200
            Far,training,2026,300
            """),
        "links": frame("""
            link,from,to,length_km,capacity_gbps
            out,Home,Far,100,40
            """),
        "power": frame("""
            zone,price
            Z,0.4
            """),
        "policies": frame("""
            rule,scope,value
            occupancy_min,all,0.6
            """),
        "actuals": frame("""
            quantity,place,period,date,kind,value,unit,bound,why,why_zh
            compute_eflops,West,2024,,actual,0.3,EFLOPS,exact,,
            compute_eflops,West,2025,,actual,0.7,EFLOPS,at least,too little,不足
            compute_fp32_eflops,China,2025,,target,0.05,EFLOPS FP32,at least,,
            racks,Alpha,2025,,actual,4000,standard racks,exact,,
            occupancy,China,2025,,actual,0.5,fraction,exact,,
            pue,China,2025,,actual,1.2,ratio,at most,,
            electricity_twh,China,2025,2025-06,actual,0.01,TWh,exact,,
            egress_gbps,West,2025,,actual,40,Gbps,exact,,
            investment_compute_mcny,West,2025,,actual,100,mCNY,at least,,
            utilisation,China,2025,,actual,0.9,fraction,exact,,
            racks,Elsewhere,2025,,actual,1,standard racks,exact,,
            racks,Alpha,2026,,actual,9000,standard racks,exact,,
            """),
    }


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(build(SETTINGS, frames()))


def test_every_value_by_hand(found: Plan) -> None:
    table, why = calibration(found.scenario)
    assert why is None
    model = table.set_index(["quantity", "place"])["model"].to_dict()
    assert model == {
        ("compute_eflops", "West"): pytest.approx(0.5),
        ("compute_fp32_eflops", "China"): pytest.approx(0.05),
        ("racks", "Alpha"): pytest.approx(4000),
        ("occupancy", "China"): pytest.approx(0.5),
        ("pue", "China"): pytest.approx(1.2),
        ("electricity_twh", "China"): pytest.approx(2 * 1.2 * 8760 / 1e6 / 2),
        ("egress_gbps", "West"): pytest.approx(40),
        ("investment_compute_mcny", "West"): pytest.approx(300 * 2),
    }
    assert set(table["period"]) == {2025}


def test_latest_figure_counts_and_only_the_wrong_side_of_a_bound_is_a_miss(found: Plan) -> None:
    table = calibration(found.scenario)[0].set_index("quantity")
    assert table.loc["compute_eflops", "published"] == 0.7
    assert table.loc["compute_eflops", "difference"] == pytest.approx(0.5 / 0.7 - 1)
    assert table.index[table["miss"]].tolist() == ["compute_eflops"]
    assert table.loc["compute_eflops", "why_zh"] == "不足"
    assert not table.loc["investment_compute_mcny", "miss"], "six times as much is no less than `at least`"


def test_a_plan_of_the_past_stands_beside_what_happened(found: Plan) -> None:
    table = compare_actuals(found)
    assert table[["quantity", "planned", "happened"]].values.tolist() == [["racks", 4000.0, 9000.0]]
    assert table["why_en"].item() == "less was expected than came, on what was published by 2025-12-31"
    assert math.isnan(table["aimed"].item())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"actuals": None}, "nothing published is given (table actuals)"),
        ({"demand": "region,workload,period,units\nFar,training,2026,300"}, "no demand of 2025 is given"),
        (
            {"traffic": "from,to,gbps\nFar,Home,41"},
            "what stood in 2025 cannot serve the work given for 2025",
        ),
    ],
)
def test_what_is_missing_is_said(change: dict[str, str | None], why: str) -> None:
    given = frames()
    for name, text in change.items():
        given.pop(name, None)
        if text:
            given[name] = frame(text)
    table, said = calibration(build(SETTINGS, given))
    said_zh = translate(said, "zh")
    assert said is not None
    assert table.empty
    assert said.startswith(why)
    assert said_zh


def test_work_that_what_stood_cannot_serve_is_left_and_said() -> None:
    """625 units are asked for and 500 stand: a fifth is left. The stock is compared all the same, and 500 run."""
    given = frames() | {"demand": frame("region,workload,period,units\nFar,training,2025,625\nFar,training,2026,300")}
    table, said = calibration(build(SETTINGS, given))
    said_zh = translate(said, "zh")
    assert said is not None
    assert "left unserved: 20 % of training (most of it in Far)" in said
    assert "training的 20%（主要在Far）" in said_zh
    model = table.set_index(["quantity", "place"])["model"]
    assert model["electricity_twh", "China"] == pytest.approx(5 * 1.2 * 8760 / 1e6 / 2, rel=1e-6)
    assert model["compute_eflops", "West"] == pytest.approx(0.5)


@pytest.mark.parametrize(("period", "compared"), [(2025, True), (2024, True), (2023, False)])
def test_amounts_of_long_ago_are_shown_but_not_compared(period: int, compared: bool) -> None:
    given = frames()
    rows = given["actuals"]
    ours = rows["quantity"].isin(["racks", "occupancy"]) & (rows["period"] == "2025") & (rows["place"] != "Elsewhere")
    given["actuals"] = rows.assign(period=rows["period"].mask(ours, str(period)), value=rows["value"].mask(ours, "0.1"))
    table = calibration(build(SETTINGS, given))[0].set_index("quantity")
    assert table.loc["racks", "published"] == 0.1
    assert math.isfinite(table.loc["racks", "difference"]) == compared
    assert table.loc["racks", "miss"] == compared
    assert table.loc["occupancy", "difference"] == pytest.approx(0.5 / 0.1 - 1), "a rate keeps over the years"


def test_china_is_held_against_the_nation_and_its_clusters() -> None:
    """What stood at Urumqi and Lhasa cannot do all inference of Xinjiang and Tibet, which no other site reaches in time."""
    scenario = load("china").with_settings(hours=Hours("one"))
    table, said = calibration(scenario)
    said_zh = translate(said, "zh")
    assert said is not None
    assert "AI inference (most of it in Xinjiang, Tibet)" in said
    assert "新疆" in said_zh
    demand = scenario["demand"]
    inference = demand[(demand["period"] == 2025) & (demand["workload"] == "inference")].set_index("region")["units"]
    far = inference[["CN-XJ", "CN-XZ"]].sum() / inference.sum()
    left = float(said.split("unserved: ")[1].split(" %")[0]) / 100
    assert 0.5 * far < left < far
    held = table[table["kind"] == "actual"].set_index(["quantity", "place"])["difference"]
    assert abs(held["electricity_twh", "China"]) < 0.2
    assert abs(held["racks", "China"]) < 0.01
    missed = table[table["miss"]]
    assert (missed["why_en"].str.len() > 20).all()
    assert (missed["why_zh"].str.len() > 10).all()


def test_each_quantity_has_a_title_in_both_languages() -> None:
    assert set(TITLES) == set(COMPARABLE)
    assert all(translate(title, "zh") for title in TITLES.values())


def test_every_miss_of_guizhou_is_explained_in_both_languages() -> None:
    """On one mean hour: what stood at the end of 2025 is the same whatever the hours."""
    scenario = load("guizhou-days").with_settings(hours=Hours("one"))
    past = plan(past_scenario(scenario, 2025))
    assert not len(past.builds), "a year that is over is not planned"
    table = compare_with_record(past, 2025)
    missed = table[table["miss"]]
    assert 3 <= len(missed) <= 15
    assert (missed["why_en"].str.len() > 20).all()
    assert (missed["why_zh"].str.len() > 10).all()
    close = table[table["kind"] == "actual"].set_index(["quantity", "place"])["difference"]
    assert abs(close["electricity_twh", "China"]) < 0.2
    assert abs(close["compute_eflops", "Guizhou"]) < 0.2


@pytest.mark.parametrize(("hours", "taken"), [("one", 1), ("weeks:1", 168), ("weeks:2", 96), ("year", 96)])
def test_a_year_that_is_over_is_taken_on_few_hours(hours: str, taken: int) -> None:
    scenario = load("guizhou").with_settings(hours=Hours.parse(hours))
    assert past_scenario(scenario, 2025).timeline.n_hours == taken
    blocks = pd.DataFrame({"block": ["all"], "first_hour": [0.0], "hours": [float(scenario.timeline.n_hours)]})
    blocks = blocks.assign(weight=8760.0 / scenario.timeline.n_hours).reindex(columns=scenario["blocks"].columns)
    given = scenario.with_tables(blocks=blocks) if hours != "one" else scenario
    assert past_scenario(given, 2025).timeline.n_hours == taken
