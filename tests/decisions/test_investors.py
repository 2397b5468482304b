"""Who pays: nothing is lost between the table of costs and that of payers."""

from __future__ import annotations

import dataclasses

import pytest

from tests.scenarios import frame, pair_frames
from tests.workflow.planned import five_plan
from xisuan.decisions.focus import Focus, focus
from xisuan.decisions.investors import investors
from xisuan.errors import ScenarioError
from xisuan.planning.plan import plan
from xisuan.results.plan import CAPEX_TERMS
from xisuan.scenario.read import build

WEST = Focus("west", ("high",))
PAIR = {"name": "paid", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}


def test_money_is_that_of_the_plan() -> None:
    found = five_plan()
    table = investors(found, WEST)
    of_terms = table[(table["scope"] == "all") & (table["term"] != "capital")]
    costs = found.costs
    assert of_terms["discounted_mcny"].sum() == pytest.approx(found.cost_mcny, rel=1e-6)
    for term, part in of_terms.groupby("term"):
        assert part["mcny"].sum() == pytest.approx(costs.loc[costs["term"] == term, "mcny"].sum(), rel=1e-6, abs=0.01)
        assert (part["capital"] == (term in CAPEX_TERMS)).all()
    capital = table[(table["scope"] == "all") & (table["term"] == "capital") & (table["investor"] == "")]
    assert capital["mcny"].sum() == pytest.approx(found.builds["capex_mcny"].sum(), rel=1e-6)


def test_budgets_stand_beside_what_counts_against_them() -> None:
    found = five_plan()
    table = investors(found, WEST)
    rows = table[table["budget_mcny"].notna()].set_index(["scope", "period", "investor"])
    orders = found.builds
    assert rows.loc[("all", 2026, ""), "budget_mcny"] == 670
    developer = orders[(orders["period"] == 2027) & (orders["investor"] == "developer")]["capex_mcny"].sum()
    assert rows.loc[("all", 2027, "developer"), "budget_use"] == pytest.approx(developer / 185)
    assert rows.loc[("west", 2029, ""), "budget_mcny"] == 900
    assert (rows["budget_use"] <= 1 + 1e-6).all()


def test_shares_split_the_money_of_their_scope_the_narrowest_first() -> None:
    """The west is paid by two and public money; the east has only what holds for all."""
    frames = pair_frames() | {
        "payers": frame("""
            scope,investor,party,share
            west,Mobile,operator,0.5
            west,Telecom,operator,0.3
            west,province,public,0.2
            all,others,operator,1
            """)
    }
    found = plan(build(PAIR, frames))
    table = investors(found, focus(found))
    terms = table[(table["scope"] == "all") & (table["term"] != "capital")]
    by_payer = terms.groupby("investor")["mcny"].sum()
    west = found.costs[found.costs["where"] == "west-1"]["mcny"].sum()
    assert by_payer["Mobile"] == pytest.approx(0.5 * west)
    assert by_payer["province"] == pytest.approx(0.2 * west)
    assert set(terms.loc[terms["party"] == "public", "investor"]) == {"province"}
    assert by_payer.sum() == pytest.approx(found.costs["mcny"].sum())


def test_shares_must_make_a_whole_and_name_a_scope() -> None:
    frames = pair_frames() | {"payers": frame("scope,investor,share\nwets,Mobile,0.5")}
    with pytest.raises(ScenarioError) as caught:
        build(PAIR, frames)
    said = str(caught.value)
    assert "wets" in said
    assert "west" in said
    assert "add up to 0.5" in said


def test_without_a_region_of_the_report_the_largest_build_is_in_focus() -> None:
    found = five_plan()
    by_site = found.builds[found.builds["mw"].notna()].groupby("where")["mw"].sum()
    assert focus(found).sites == (by_site.idxmax(),)
    asked = dataclasses.replace(
        found,
        scenario=found.scenario.with_settings(
            report=dataclasses.replace(found.scenario.settings.report, region="east")
        ),
    )
    assert focus(asked) == Focus("east", ("shore",))
