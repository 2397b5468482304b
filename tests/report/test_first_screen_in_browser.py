"""What a decision maker is told beside the size of the build: ceilings, what leaves, whose money, what stress leaves."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.report import fake
from tests.report.costs.test_shadow_prices import context
from tests.report.pages.test_single_future_page import spaced
from tests.report.test_first_screen import told
from tests.workflow.planned import pair_plan
from xisuan.report.build import build_orders, order_ceilings
from xisuan.report.chapters import build_chapter, leads, money_chapter
from xisuan.report.confidence import estimate_sensitivity, robust_builds
from xisuan.report.costs import spending
from xisuan.report.document.blocks import Block, Table
from xisuan.report.document.number_cells import CLOSE, OPEN
from xisuan.report.operation import electricity
from xisuan.report.run_context import Context
from xisuan.report.run_measures import budget_use, capital
from xisuan.results.run import Run

HALLS = "site,limit_mw,capex_mcny_per_mw,life_years\ns,100,1,9"
LIMITED = {
    "halls": HALLS,
    "limits": "site,technology,period,max_build_units,source,quality\ns,g,2026,10,p,{quality}\ns,g,2027,90,p,{quality}",
    "sources": "source,title,title_zh\np,A page,某页",
}
"""Ten racks are asked for in 2026, where ten may be ordered, and two more in 2027, where 90 may."""


def limited(quality: str) -> dict[str, str]:
    return {name: text.format(quality=quality) for name, text in LIMITED.items()}


@pytest.mark.parametrize(("language", "said"), [
    ("en", "10 racks of general-purpose computing in 2026 (10 million CNY) is as much as may be ordered in the year"),
    ("zh", "其中2026 年采购的通用算力 10 架（1,000 万元）已达当年采购上限，该上限为估计值，并非公布值。"),
])  # fmt: skip
def test_what_stands_at_a_supposed_ceiling_is_said_with_its_money(language: str, said: str) -> None:
    found = context(limited("estimate"), language)  # type: ignore[arg-type]
    assert said in told(found, "build")
    assert [one.order["period"] for one in order_ceilings.reached(found)] == [2026]


def test_a_published_ceiling_stands_in_the_table_alone() -> None:
    found = context(limited("published"))
    assert order_ceilings.said(found) == ""
    table = order_ceilings.table(found)
    assert table is not None
    assert [cell.text for cell in table.rows[0].cells][-2:] == ["Published", "A page"]


def test_without_a_ceiling_nothing_is_said_of_one() -> None:
    free = context({"halls": HALLS})
    assert order_ceilings.said(free) == ""
    assert order_ceilings.table(free) is None


STOOD = {
    "halls": HALLS,
    "fleet": "site,technology,opened,retires,units\ns,g,2020,,4\ns,g,2021,2027,3",
}
"""Seven racks stand; three leave before 2027, in which twelve are asked for."""


def test_what_stood_and_leaves_makes_the_sum_come_out() -> None:
    """7 stand and 3 are ordered in 2026; 4 of the 7 are left in 2027, in which 5 more make 12: 8 ordered and 4."""
    said = told(context(STOOD), "build")
    assert (
        "8 racks of general-purpose computing, to reach 12 racks (7 stand in 2026, of which 4 are still in use" in said
    )
    assert "（2026 年原有 7，到 2027 年仍在用 4）" in told(context(STOOD, "zh"), "build")


def test_where_nothing_leaves_nothing_is_said_to() -> None:
    whole = {"halls": HALLS, "fleet": "site,technology,opened,units\ns,g,2020,4"}
    assert "stand in" not in told(context(whole), "build")


SHARED = {
    "sites": "site,node,investor\ns,r,Ridge",
    "payers": "scope,investor,party,share,source,quality\ns,Ridge,operator,0.25,p,derived\ns,others,owner,0.75,p,derived",
    "sources": "source,title,title_zh\np,Shares of 2022,2022年份额",
    "budgets": "period,scope,limit_mcny\n2026,investor:Ridge,900",
}
"""Ridge orders all of it and pays a quarter."""


def test_the_first_screen_says_where_shares_come_from() -> None:
    assert (
        "other investors 9.0 million CNY and telecom operators 3.0 million CNY (shares taken from: Shares of 2022)"
        in told(context(SHARED), "cost")
    )
    assert "电信运营商 300 万元（分担比例取自：2022年份额）" in told(context(SHARED, "zh"), "cost")
    alone = {"sites": SHARED["sites"], "payers": "scope,investor,party,share,quality\ns,Ridge,operator,1,estimate"}
    assert "shares" not in told(context(alone), "cost")
    supposed = SHARED | {"payers": SHARED["payers"].replace("derived", "estimate")}
    assert "in shares that are estimates" in told(context(supposed), "cost")


def test_the_shares_stand_in_section_5_with_their_source_and_whom_others_stands_for() -> None:
    two = SHARED | {"sites": "site,node,investor\ns,r,Ridge\nt,r,Hill"}
    found = context(two, report={"region": "s"})
    (table,) = (one for one in tables(spending.elsewhere(found)) if "shares of those who pay" in one.title)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Ridge", "telecom operators", "25.0", "Derived", "Shares of 2022"],
        ["others", "other investors", "75.0", "Derived", "Shares of 2022"],
    ]
    assert "who else orders in this network (Hill) is among them" in table.note


def tables(blocks: Iterable[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def test_a_budget_of_an_investor_is_used_by_what_it_pays() -> None:
    """Ridge pays a quarter of the orders in its name; the rest is not held against its budget."""
    run = context(SHARED).run
    ordered = capital(run).groupby("period")["mcny"].sum()
    for row in budget_use(run).to_dict("records"):
        assert row["used_mcny"] == pytest.approx(0.25 * ordered.get(row["period"], 0.0))


def test_the_budget_of_a_payer_stands_beside_what_it_pays() -> None:
    """Ridge orders 12 mCNY and pays 3 of them; its budget is 6 in each of two years; others have none."""
    tight = SHARED | {"budgets": "period,scope,limit_mcny\n2026,investor:Ridge,6"}
    section = money_chapter.section(context(tight))
    (table,) = (one for one in tables(section.blocks) if "beside the budgets" in one.title)
    assert [column.title for column in table.columns][-3:] == ["Paid in the whole network", "Budget", "Used"]
    last = {row.cells[0].text: [cell.value for cell in row.cells[-3:-1]] for row in table.rows}
    assert last["Ridge"] == [pytest.approx(3.0), pytest.approx(12.0)]
    assert last["others"] == [None, None]
    assert "A budget covers what the payer pays in the whole network" in table.note
    assert "No budget of its own is given for others." in table.note


def stressed(*shares: float) -> Context:
    """A plan with cases of stress that leave so much of w undone; the first is the base case."""
    rows = [
        {"case": "base" if at == 0 else f"c{at}", "label_en": f"Case {at}", "label_zh": f"情形{at}",
         "shortfall_share": share, "shortfall_workload": "w"}
        for at, share in enumerate(shares)
    ]  # fmt: skip
    found = context({})
    return Context(dataclasses.replace(found.run, decisions={"stress": pd.DataFrame(rows)}), "en")


def test_the_gravest_case_of_stress_is_on_the_first_screen() -> None:
    said = robust_builds.gravest(stressed(0.6, 0.1, 0.418, 0.2)).replace(OPEN, "").replace(CLOSE, "")
    assert spaced(said) == " Gravest under stress: with case 2, 41.8 % of w is left undone in its worst year."
    assert robust_builds.gravest(stressed(0.6, 0.0, 1e-9)) == ""
    assert robust_builds.gravest(context({})) == ""


REFITTED = {
    "sites": "site,node,pue\ns,r,2",
    "halls": "site,existing_mw,limit_mw,life_years,retrofit_capex_mcny_per_mw,retrofit_pue\ns,9,9,9,0.001,1.1",
    "power": "zone,price\nz,1",
}


def test_that_retrofits_have_no_pace_is_said_where_there_are_any() -> None:
    found = context(REFITTED | {"sites": "site,node,zone,pue\ns,r,z,2"})
    assert "No yearly limit is known for that, and none is set" in build_orders.refits(found)
    assert build_orders.refits(context({})) == ""


def test_racks_are_counted_where_they_are_given_and_not_where_they_are_filled() -> None:
    (table,) = (
        one
        for one in tables(build_chapter.section(context({"halls": HALLS})).blocks)
        if one.title.startswith("Procurement")
    )
    at = [column.title for column in table.columns].index("New racks")
    cells = {row.cells[0].text: row.cells[at].text for row in table.rows if row.kind == "plain"}
    assert cells.pop("Halls") != ""
    assert set(cells.values()) == {""}


def test_a_higher_peak_of_other_days_is_told_and_a_rounding_is_not() -> None:
    """10 MW on the plan's own hours; 12 on another day is 20 % more, 10.04 no more than a rounding."""
    run = fake.run()
    own = pd.DataFrame({"period": 2028, "site": ["s", "s"], "hour": [0, 1], "grid_mw": [4.0, 10.0]})
    own = own.assign(facility_mw=10.0)
    for most, said in ((12.0, " On other days of the year that peak is up to 12.0 MW."), (10.04, "")):
        days = own.assign(grid_mw=[4.0, most])
        held = SimpleNamespace(plan=SimpleNamespace(power=own), others=SimpleNamespace(tables={"power": days}))
        focus = SimpleNamespace(run=held, last=2028, focus=("s",), say=Context(run, "en").say, peak="{:.1f} MW".format)
        assert spaced(leads._on_other_days(focus)).replace(OPEN, "").replace(CLOSE, "") == said  # type: ignore[arg-type]


def test_a_small_place_draws_more_than_nothing() -> None:
    """60 servers of 10 kW at a PUE of 1.2: 0.72 MW all year are 6.31 GWh, and 1 MW, or none, would not be."""
    plan = pair_plan()
    place = Context(Run(plan.scenario, plan), "en")
    assert place.focus == ("west-1",)
    said = spaced(leads._power(place)).replace(OPEN, "").replace(CLOSE, "")
    assert "draws at most 0.720 MW from the grid and uses 6.31 GWh of electricity" in said
    (table,) = (one for one in tables(electricity.section(place).blocks) if one.title.endswith("and its grid"))
    assert [row.cells[1].text for row in table.rows][-1] == "0.720"


def test_estimates_without_a_plan_at_one_end_are_named() -> None:
    """They rank first because no cost can be told of them: a reader must not take that for a swing of the cost."""
    ends = {"cost_low_mcny": [math.nan, -1.0], "cost_high_mcny": [2.0, 3.0]}
    ranked = pd.DataFrame({"rank": [1, 2], "title_en": ["Delay", "Price"]} | ends)
    money = pd.DataFrame({"quality": ["estimate"], "mcny": [1.0], "share": [1.0]})
    run = dataclasses.replace(fake.run(), decisions={"estimates": ranked, "decided": money})
    said = spaced(estimate_sensitivity.rests(Context(run, "en")))
    assert said.endswith("At the unfavourable end of delay there is no plan.")
    both = dataclasses.replace(run, decisions={"estimates": ranked.assign(cost_high_mcny=math.nan), "decided": money})
    assert spaced(estimate_sensitivity.rests(Context(both, "en"))).endswith(
        "At their unfavourable ends there is no plan."
    )
