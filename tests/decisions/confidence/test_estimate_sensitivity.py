"""Which estimates matter: by the duals and by planning again, against sums by hand."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from tests.scenarios import frame, pair_frames
from xisuan.decisions.confidence import estimate_sensitivity as module
from xisuan.decisions.confidence.estimate_sensitivity import _title as title_of
from xisuan.decisions.confidence.estimate_sensitivity import estimates, groups, solve_estimates
from xisuan.decisions.confidence.price_quality import orders_by_quality
from xisuan.decisions.display_names import RULES
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.reported_place import Focus
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.load import build, load
from xisuan.scenario.schema.policy_tables import POLICY_RULES, REACH_RULES
from xisuan.text.translation import translate

SETTINGS = {"name": "guessed", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}
WEST = Focus("west", ("west-1",))


@pytest.fixture(scope="module")
def guessed() -> Plan:
    frames = pair_frames() | {
        "estimates": frame("""
            table,key,column,low,high,how
            technologies,server,capex_mcny_per_unit,0.5,2,judgement
            halls,west-1,capex_mcny_per_mw,10,30,judgement
            links,east-west,capacity_gbps,0.2,0.25,judgement
            demand,east/web/2027,units,90,130,judgement
            """)
    }
    frames["technologies"]["quality"] = "estimate"
    return plan(build(SETTINGS, frames))


def test_kinds_are_told_apart_and_ranges_are_factors(guessed: Plan) -> None:
    kinds = {(group.table, group.key, group.column): group for group in groups(guessed.scenario)}
    assert set(kinds) == {
        ("technologies", "server", "capex_mcny_per_unit"),
        ("halls", "*", "capex_mcny_per_mw"),
        ("links", "*", "capacity_gbps"),
        ("demand", "web", "units"),
    }
    server = kinds["technologies", "server", "capex_mcny_per_unit"]
    assert (server.low.tolist(), server.high.tolist()) == ([0.5], [2.0])


def test_titles_say_which_rows_are_moved(guessed: Plan) -> None:
    """One of two halls and one of two regions by name; the only link is all there are; a technology says it itself."""
    found = estimates(guessed, solve_estimates(guessed.scenario, Question(guessed.scenario)), WEST).set_index("table")
    assert found.loc["halls", "title_zh"] == "机房造价（west-1）"
    assert found.loc["halls", "title_en"].endswith("(west-1)")
    assert found.loc["demand", "title_zh"] == "需求（web；east）"
    assert found.loc["links", "title_zh"] == "链路现有带宽（全部 1 项）"
    assert found.loc["technologies", "title_zh"] == "设备价格（server）"
    assert found.loc["halls", "values"] == 1


@pytest.mark.parametrize(("count", "said"), [(3, "（s0、s1、s2）"), (4, "（5 项中的 4 项）"), (5, "（全部 5 项）")])
def test_up_to_three_rows_are_named_and_more_are_counted(count: int, said: str) -> None:
    sites = [f"s{at}" for at in range(5)]
    rows = "\n".join(f"power,{site},green_premium_cny_per_kwh,0.01,0.02,judgement" for site in sites[:count])
    frames = pair_frames() | {
        "power": frame("zone,price,green_premium_cny_per_kwh\n" + "\n".join(f"{site},0.5,0.015" for site in sites)),
        "estimates": frame("table,key,column,low,high,how\n" + rows),
    }
    frames["sites"]["zone"] = ["s0", "s1"][: len(frames["sites"])]
    group = next(iter(groups(build(SETTINGS, frames))))
    assert "（" + translate(group.of, "zh") + "）" == said


def test_every_shipped_estimate_has_a_chinese_title() -> None:
    for name in ("guizhou", "guizhou-gigabit-2023"):
        scenario = load(name)
        titles = {title_of(scenario, group)["title_zh"].partition("（")[0] for group in groups(scenario)}
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in title) for title in titles), titles


def test_what_no_plan_reads_is_not_tried() -> None:
    scenario = load("china")
    prices = scenario["estimates"].query("column == 'sweep_unserved_mcny_per_unit_hour'")
    assert len(prices) == len(scenario["workloads"])
    assert "sweep_unserved_mcny_per_unit_hour" not in {group.column for group in groups(scenario)}


def test_a_price_of_one_measure_in_one_city_is_found_among_the_estimates() -> None:
    """Listed for one measure in one city alone: only what is spent there counts as an estimate."""
    scenario = load("guizhou-gigabit-2023")
    measures, listed = scenario["measures"].assign(quality="published"), scenario["estimates"].iloc[:1]
    (measure, city), other = measures[["measure", "city"]].iloc[0], measures["city"].iloc[-1]
    listed = listed.assign(table="measures", key=f"{measure}/{city}", column="capex_cny_per_unit")
    spent = pd.DataFrame(
        {"measure": measure, "city": [city, other], "period": scenario.settings.periods[0], "capex_mcny": [30.0, 10.0]}
    )
    made = SimpleNamespace(
        scenario=scenario.with_tables(measures=measures, estimates=listed),
        tables={"builds": pd.DataFrame(columns=["asset"]), "rollout": spent},
    )
    shares = orders_by_quality(cast("Plan", made)).set_index("quality")["share"].to_dict()
    assert shares == {"estimate": pytest.approx(0.75), "published": pytest.approx(0.25)}


def test_swings_are_those_by_hand(guessed: Plan) -> None:
    """Servers cost 12 in the plan, at twice the price 12 more and at half 6 less; halls 0.6, so 0.3 either way."""
    table = estimates(guessed, solve_estimates(guessed.scenario, Question(guessed.scenario)), WEST).set_index(
        ["table", "column"]
    )
    server = table.loc[("technologies", "capex_mcny_per_unit")]
    assert server["cost_high_mcny"] == pytest.approx(12.0)
    assert server["cost_low_mcny"] == pytest.approx(-6.0)
    assert server["screened_mcny"] == pytest.approx(12.0), "exact where the plan does not change"
    assert (server["rank"], server["swing_mcny"]) == (1, pytest.approx(12.0))
    hall = table.loc[("halls", "capex_mcny_per_mw")]
    assert hall["cost_low_mcny"] == pytest.approx(-0.3)
    assert hall["cost_high_mcny"] == pytest.approx(0.3)
    assert not hall["flips"]
    # 0.05 Gbps less carry 5 units less each year: bought back at 2 / 10 a year for 2027 alone, and in 2026 not needed.
    link = table.loc[("links", "capacity_gbps")]
    assert link["cost_low_mcny"] == pytest.approx(0.05 * 2 / 10, abs=1e-6)


def test_money_at_guessed_prices_is_counted(guessed: Plan) -> None:
    table = orders_by_quality(guessed).set_index("quality")
    orders = guessed.builds
    guesses = orders[orders["asset"].isin(["compute", "hall"])]["capex_mcny"].sum()
    assert table.loc["estimate", "mcny"] == pytest.approx(guesses)
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.loc["not graded", "mcny"] == pytest.approx(orders[orders["asset"] == "link"]["capex_mcny"].sum())


def test_few_estimates_are_all_planned_again(guessed: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A price of nothing at the plan says nothing of a figure that moves far."""
    monkeypatch.setattr(module, "screen", lambda *_: 0.0)
    tried = solve_estimates(guessed.scenario, Question(guessed.scenario)).tried
    assert len(tried) == len(list(groups(guessed.scenario))) == 4
    table = estimates(guessed, solve_estimates(guessed.scenario, Question(guessed.scenario)), WEST)
    assert (table["swing_mcny"] > 0.0).any()


def test_what_may_leave_no_plan_comes_first(guessed: Plan) -> None:
    found = solve_estimates(guessed.scenario, Question(guessed.scenario))
    least = min(range(len(found.tried)), key=lambda at: found.tried[at].screened)
    ends = [dataclasses.replace(one, low=None) if at == least else one for at, one in enumerate(found.tried)]
    table = estimates(guessed, dataclasses.replace(found, tried=tuple(ends)), WEST)
    first = table.sort_values("rank").iloc[0]
    assert (first["table"], first["column"]) == (found.tried[least].group.table, found.tried[least].group.column)


def test_every_rule_has_a_name() -> None:
    """Of those that a scenario may hold."""
    assert set(POLICY_RULES) - set(REACH_RULES) <= set(RULES)


def test_no_title_is_a_key_of_the_format() -> None:
    """What people read of an estimate has no underscore, in either language."""
    scenario = load("guizhou")
    for group in groups(scenario):
        assert "_" not in "".join(title_of(scenario, group).values())
