"""Who pays: nothing is lost between the table of costs and that of payers."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from tests.access_cases import access
from tests.equations.constraints.test_policies import RESIDUAL, with_residual_payer
from tests.scenarios import frame, pair_frames
from tests.workflow.planned import five_plan
from xisuan.decisions.costs.cost_sharing import investors, split_by_payer
from xisuan.decisions.reported_place import Focus, focus
from xisuan.errors import ScenarioError
from xisuan.planning.expansion import plan
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario.load import build

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


NOWHERE = Focus("", ())
THREE = "scope,investor,party,share\naccess,x,operator,0.5\naccess,y,operator,0.3\naccess,province,public,0.2"
LIMITS = "period,scope,limit_mcny\n2026,investor:x,24\n2026,investor:y,60\n2026,all,84"


def paid(payers: str) -> Plan:
    """Cities of x and y whose costs are made up: x orders 10 + 2, y orders 30, and x owes 5 for carbon."""
    found = plan(access({"payers": payers, "budgets": LIMITS}))
    rows = [
        (2026, "access_capex", "a", "x", 10.0, 4.0),
        (2026, "route_capex", "a", "x", 2.0, 1.0),
        (2026, "access_capex", "b", "y", 30.0, 12.0),
        (2027, "carbon_price", "a", "x", 5.0, 5.0),
    ]
    costs = pd.DataFrame(rows, columns=list(found.costs.columns))
    return dataclasses.replace(found, tables={**found.tables, "costs": costs})


def test_what_access_costs_is_shared_carbon_too() -> None:
    """0.5, 0.3 and 0.2 of 42 mCNY of capital and of 5 of carbon."""
    table = investors(paid(THREE), NOWHERE)
    capital = table[table["term"] == "capital"].set_index("investor")["mcny"]
    assert capital.to_dict() == pytest.approx({"x": 21.0, "y": 12.6, "province": 8.4, "": 42.0})
    carbon = table[table["term"] == "carbon_price"].set_index("investor")["mcny"]
    assert carbon.to_dict() == pytest.approx({"x": 2.5, "y": 1.5, "province": 1.0})


def test_a_budget_of_an_investor_stands_beside_what_it_pays() -> None:
    """x pays 21 of 24, y 12.6 of 60, all 42 of 84; the province orders nothing and has no budget."""
    table = investors(paid(THREE), NOWHERE)
    rows = table[table["term"] == "capital"].set_index("investor")
    assert rows["ordered_mcny"].to_dict() == {"x": 12.0, "y": 30.0, "province": 0.0, "": 42.0}
    assert rows.loc[["x", "y", ""], "budget_mcny"].tolist() == [24.0, 60.0, 84.0]
    assert rows.loc[["x", "y", ""], "budget_use"].tolist() == pytest.approx([21 / 24, 12.6 / 60, 0.5])
    assert rows["budget_use"].isna().to_dict()["province"]
    assert table.loc[table["term"] != "capital", "ordered_mcny"].isna().all()


def test_who_orders_and_pays_nothing_has_its_budget_too() -> None:
    """Public money pays for all of it, so that nothing counts against the budgets of x and y."""
    table = investors(paid("scope,investor,party,share\naccess,province,public,1"), NOWHERE)
    rows = table[table["term"] == "capital"].set_index("investor")
    assert rows["mcny"].to_dict() == {"x": 0.0, "y": 0.0, "province": 42.0, "": 42.0}
    assert rows.loc[["x", "y"], "budget_use"].tolist() == [0.0, 0.0]


def test_an_investor_that_is_two_parties_has_its_orders_once() -> None:
    """y pays 0.3 of 42 for access as an operator, and the 7 of z's link as public money: 19.6 of its 60."""
    found = paid("scope,investor,party,share\naccess,x,operator,0.7\naccess,y,operator,0.3\nall,y,public,1")
    link = pd.DataFrame([(2026, "link_capex", "l", "z", 7.0, 7.0)], columns=list(found.costs.columns))
    costs = pd.concat([found.costs, link], ignore_index=True)
    table = investors(dataclasses.replace(found, tables={**found.tables, "costs": costs}), NOWHERE)
    rows = table[table["term"] == "capital"].set_index(["investor", "party"])
    mcny, ordered = rows["mcny"].to_dict(), rows["ordered_mcny"].to_dict()
    assert (mcny["y", "operator"], mcny["y", "public"]) == pytest.approx((12.6, 7.0))
    assert ordered["y", "operator"] == 30.0
    assert math.isnan(ordered["y", "public"])
    assert rows["budget_use"].notna().to_dict()["y", "public"] is False
    assert rows["budget_use"].to_dict()["y", "operator"] == pytest.approx(19.6 / 60)
    assert (mcny["z", "not given"], ordered["z", "not given"]) == (0.0, 7.0)


def test_nobody_is_an_operator_who_is_not_said_to_be() -> None:
    """x is public wherever the table names it, also where it pays for what it orders; of y nothing is said."""
    rows = [(2026, "access_capex", "a", "x", 10.0, 4.0), (2026, "link_capex", "l", "y", 7.0, 7.0)]
    found = paid("scope,investor,party,share\nnetwork,x,public,1")
    found = dataclasses.replace(
        found, tables={**found.tables, "costs": pd.DataFrame(rows, columns=list(found.costs.columns))}
    )
    said = split_by_payer(found, found.costs)
    assert list(zip(said["investor"], said["party"], strict=True)) == [("x", "public"), ("x", "public")]
    alone = dataclasses.replace(
        found.scenario, tables={**found.scenario.tables, "payers": found.scenario["payers"][:0]}
    )
    unlisted = dataclasses.replace(found, scenario=alone)
    assert split_by_payer(unlisted, found.costs)["party"].tolist() == ["not given", "not given"]


def test_a_residual_payer_is_shown_with_what_it_takes_over_and_no_payer_above_its_budget() -> None:
    """Ridge pays 1 of the 10 ordered at s in 2026 and nothing in 2027; Hill pays the other 9, and 2.

    That a plan lets more be taken over than the budget needs changes nothing. A year's operation keeps its shares.
    """
    found = plan(with_residual_payer(RESIDUAL, hill=9.0))
    for values in (found.variables["taken_over"].values, np.array([[2.25], [0.5]])):
        taken = dataclasses.replace(found.variables["taken_over"], values=values)
        table = investors(dataclasses.replace(found, variables={**found.variables, "taken_over": taken}), NOWHERE)
        rows = table[table["term"] == "capital"].set_index(["period", "investor"])
        assert rows["mcny"].to_dict() == pytest.approx(
            {(2026, "Ridge"): 1.0, (2026, "Hill"): 9.0, (2026, ""): 10.0, (2027, "Ridge"): 0.0, (2027, "Hill"): 2.0,
             (2027, ""): 2.0},
            abs=1e-9,
        )  # fmt: skip
        assert rows.loc[[(2026, "Ridge"), (2026, "Hill")], "budget_use"].tolist() == pytest.approx([1.0, 1.0])
    upkeep = pd.DataFrame([(2026, "compute_opex", "s", "Ridge", 8.0, 8.0)], columns=list(found.costs.columns))
    assert split_by_payer(found, upkeep)["mcny"].tolist() == [2.0, 6.0]


def test_a_plan_that_orders_nothing_has_no_payers() -> None:
    """Links that carry nothing cost nothing."""
    frames = pair_frames()
    quiet = build(PAIR, {name: frames[name] for name in ("regions", "nodes", "links") if name in frames})
    found = plan(quiet)
    assert investors(found, focus(found)).empty
