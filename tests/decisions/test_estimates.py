"""Which estimates matter: by the duals and by planning again, against sums by hand."""

from __future__ import annotations

import pytest

from tests.scenarios import frame, pair_frames
from xisuan.decisions.estimates import decided, estimates, groups, trial
from xisuan.decisions.focus import Focus
from xisuan.decisions.question import Question
from xisuan.planning.plan import plan
from xisuan.results.plan import Plan
from xisuan.scenario.read import build

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


def test_swings_are_those_by_hand(guessed: Plan) -> None:
    """Servers cost 12 in the plan, at twice the price 12 more and at half 6 less; halls 0.6, so 0.3 either way."""
    table = estimates(guessed, trial(guessed.scenario, Question(guessed.scenario)), WEST).set_index(["table", "column"])
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
    table = decided(guessed).set_index("quality")
    orders = guessed.builds
    guesses = orders[orders["asset"].isin(["compute", "hall"])]["capex_mcny"].sum()
    assert table.loc["estimate", "mcny"] == pytest.approx(guesses)
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.loc["not graded", "mcny"] == pytest.approx(orders[orders["asset"] == "link"]["capex_mcny"].sum())
