"""Orders, capital and payers of the place: every table that shows them has the same sums."""

from __future__ import annotations

import dataclasses
import math
import re

import pandas as pd
import pytest

from tests.report import decided, fake
from xisuan.report import run_measures
from xisuan.report.brief import finding, tiles
from xisuan.report.brief.brief_words import effect
from xisuan.report.chapters import build_chapter, money_chapter
from xisuan.report.document.blocks import Cell, Table
from xisuan.report.facts import build_facts, customer_facts, decisions_due, money_facts, ranges, turning_facts
from xisuan.report.run_context import Context


@pytest.fixture(scope="module")
def context() -> Context:
    made = fake.run()
    return Context(dataclasses.replace(made, decisions=decided.for_run(made)), "en")


def value(cell: Cell) -> float:
    """The number that a cell shows."""
    return float(cell.text.replace(",", "")) if cell.text and cell.text not in "—" else 0.0


def table(blocks: tuple[object, ...], title: str) -> Table:
    (found,) = [block for block in blocks if isinstance(block, Table) and title in block.title]
    return found


def test_lines_of_the_procurement_list_add_up_to_their_year_and_years_to_the_total(context: Context) -> None:
    found = table(build_chapter.section(context).blocks, "Procurement list")
    heads: list[float] = []
    lines: dict[int, float] = {}
    year = 0
    for row in found.rows:
        if row.kind == "group":
            heads.append(value(row.cells[1]))
            year = len(heads)
        elif row.kind == "plain":
            lines[year] = lines.get(year, 0.0) + value(row.cells[-1])
    assert [lines[at + 1] for at in range(len(heads))] == pytest.approx(heads, abs=1e-9)
    assert value(found.rows[-1].cells[-1]) == pytest.approx(sum(heads), abs=1e-9)


def test_payers_add_up_to_the_capital_of_each_year(context: Context) -> None:
    found = table(money_chapter.section(context).blocks, "beside the budgets")
    *payers, total = found.rows
    for at in range(2, 2 + len(context.periods) + 1):
        assert sum(value(row.cells[at]) for row in payers) == pytest.approx(value(total.cells[at]), abs=1e-9)
    years = build_facts.capital_by_year(context)
    for one in money_facts.payers(context):
        assert set(one.years) == set(years)


def test_the_headline_numbers_are_those_of_the_tables(context: Context) -> None:
    build, money, customers, *_others = tiles.tiles(context)
    capital = table(build_chapter.section(context).blocks, "Procurement list").rows[-1].cells[-1].text
    assert money.value == capital
    by_year, decimals = build_facts.ordered_by_year(context)
    assert float(build.value.replace(",", "")) == pytest.approx(sum(by_year.values()), abs=1e-9)
    first = next(one for one in customer_facts.origins(context) if not one.is_own)
    assert float(customers.value) == pytest.approx(100 * first.share, abs=0.5)
    assert decimals >= 0


def test_no_order_below_the_threshold_is_shown(context: Context) -> None:
    rows = build_facts.orders(context)
    assert ((rows["capex_mcny"] == 0.0) | (rows["capex_mcny"] >= build_facts.SMALLEST_ORDER_MCNY)).all()


def test_the_range_is_that_of_cases_and_estimates(context: Context) -> None:
    """The made-up cases go from 0.7 to 1.31 of 930 MW and of 50 bn CNY, the estimates from 700 to 1,100 MW.

    The case of required racks has 1.538 of both: it is a choice and widens nothing.
    """
    planned = ranges.new_mw(context)
    low, high, tables = ranges.power_ratio(context)
    assert (low * planned, high * planned) == pytest.approx((min(651.0, planned), max(1218.3, planned)))
    assert tables == ("stress", "estimates")
    fact = build_facts.capital(context)
    assert (fact.low, fact.high) == pytest.approx((min(35_000.0, fact.value), max(65_500.0, fact.value)))
    bare = Context(dataclasses.replace(context.run, decisions={}), "en")
    assert not build_facts.capital(bare).has_range


def test_the_largest_share_has_the_range_of_the_cases_that_come_by_themselves(context: Context) -> None:
    """0.2 and 0.7 of its work in two cases, 0.9 where racks are required: a choice, which widens no range."""
    afar = next(one for one in customer_facts.origins(context) if not one.is_own)
    stress = context.run.decisions["stress"]
    shares = stress["case"].map({"demand_more": 0.2, "west_price_low": 0.7, "racks_required": 0.9}).fillna(afar.share)
    told = stress.assign(work_region=afar.region, work=afar.workload, work_share=shares)
    run = dataclasses.replace(context.run, decisions={**context.run.decisions, "stress": told})
    assert customer_facts.share_range(Context(run, "en"), afar) == (0.2, pytest.approx(max(0.7, afar.share)))
    assert math.isnan(customer_facts.share_range(context, afar)[0])


@pytest.mark.parametrize(("least", "most", "verdict", "is_open"), [
    (0.0, 1_200_000.0, "interchangeable", True),
    (400_000.0, 1_200_000.0, "robust", True),
    (400_000.0, 500_000.0, "robust", False),
])  # fmt: skip
def test_a_build_is_open_where_other_plans_have_little_of_it_or_half_as_much_again(
    context: Context, least: float, most: float, verdict: str, is_open: bool
) -> None:
    """480,000 PFLOPS are planned on the hours of the alternatives; the amount told is that of the plan."""
    row = {
        "asset": "compute", "where": "GAN", "technology": "ai_2025", "period": 2028, "existing": 0.0,
        "planned": 480_000.0, "least": least, "most": most, "unit": "PFLOPS FP16", "verdict": verdict,
    }  # fmt: skip
    run = dataclasses.replace(context.run, alternatives=pd.DataFrame([row]))
    found = ranges.open_sizes(Context(run, "en"))
    rows = context.run.plan.capacity
    rows = rows[(rows["where"] == "GAN") & (rows["technology"] == "ai_2025") & (rows["period"] == 2028)]
    own = float(rows["amount"].sum()) / 1e3
    assert own > 0.0
    ends = (own, min(least / 1e3, own), max(most / 1e3, own))
    assert [(one.value, one.low, one.high) for one in found] == ([ends] if is_open else [])


def test_a_place_of_several_sites_has_the_range_of_its_hub(context: Context) -> None:
    """Halls of Gui'an, and of Gui'an with a second site as one hub: ranges of single sites say nothing of the sum."""
    rows = [
        {"asset": "hall", "where": where, "technology": "", "period": 2028, "existing": 0.0, "planned": 100.0,
         "least": 0.0, "most": most, "unit": "MW", "verdict": "interchangeable"}
        for where, most in (("HLG", 4_000.0), ("GAN", 5_000.0), ("both", 5_500.0))
    ]  # fmt: skip
    two = Context(dataclasses.replace(context.run, alternatives=pd.DataFrame(rows)), "en")
    for name, value in (("focus", ("GAN", "HLG")), ("focus_hub", "both")):
        two.__dict__[name] = value
    (found,) = ranges.open_sizes(two)
    halls = context.run.plan.capacity.query("where in ['GAN', 'HLG'] and asset == 'hall' and period == 2028")
    assert (found.value, found.high) == (pytest.approx(halls["amount"].sum() / 0.0025), 5_500.0 / 0.0025)
    one = Context(two.run, "en")
    assert ranges.whole_place(one)["most"].tolist() == [5_000.0]


def test_what_turns_the_plan_is_read_from_its_tables(context: Context) -> None:
    (flip,) = turning_facts.flips(context)
    assert (flip.price, flip.list_price, flip.loses) == (0.621, 0.559, True)
    demand = turning_facts.largest(context, "demand")
    assert demand is not None
    assert demand.name == "demand_more"


def test_the_first_decisions_come_first_and_their_money_is_that_of_the_list(context: Context) -> None:
    found = decisions_due.decisions(context)
    assert [one.year for one in found] == sorted(one.year for one in found)
    lines = build_facts.procurement(context)
    for one in found:
        if one.kind == "compute":
            same = [line.mcny for line in lines if line.asset == "compute" and line.period == one.year]
            assert one.mcny == pytest.approx(sum(same))


def test_the_finding_names_the_place_the_amount_and_the_halls(context: Context) -> None:
    text = finding.finding(context)
    by_year, _decimals = build_facts.ordered_by_year(context)
    assert text.startswith(f"Gui'an: add {by_year[2026]:,.0f}\u00a0EFLOPS in 2026")
    assert "halls" in text


@pytest.mark.parametrize(("halls", "is_open"), [([1300.0, 1200.0], False), ([1300.0, 0.0], True)])
def test_the_title_claims_no_halls_that_a_case_does_without(
    context: Context, halls: list[float], is_open: bool
) -> None:
    """The plan builds halls here, and so do both cases that come by themselves, or only one of them; 0 MW is none."""
    stress = context.run.decisions["stress"]
    told = stress.assign(
        halls_mw=stress["case"].map(dict(zip(stress["case"].iloc[:2], halls, strict=True))).fillna(1300.0)
    )
    found = Context(dataclasses.replace(context.run, decisions={**context.run.decisions, "stress": told}), "en")
    assert ranges.halls_are_open(found) == is_open
    assert finding.finding(found).endswith("new halls undecided") == is_open


def test_the_title_carries_the_range_of_plans_that_cost_as_much(context: Context) -> None:
    """Within 1 % of the least cost the place may have none of the equipment, or 1,200 EFLOPS; halls likewise are open."""
    rows = [("compute", "GAN", "ai_2025", 0.0, 1_200_000.0), ("hall", "GAN", "", 900.0, 2500.0)]
    found = pd.DataFrame(rows, columns=["asset", "where", "technology", "least", "most"])
    found = found.assign(
        period=2028, existing=[0.0, 900.0], planned=[480_000.0, 2500.0], unit="", verdict="interchangeable"
    )
    text = finding.finding(Context(dataclasses.replace(context.run, alternatives=found), "en"))
    assert "(0–1,200 by 2028 within 1\u00a0% of cost)" in text.replace(" %", "\u00a0%")
    assert text.endswith("new halls undecided")


def test_a_budget_of_the_place_that_is_used_up_in_a_year_is_named(context: Context) -> None:
    """The first orders here against a budget of just as much, and of twice as much: the latter is not used up."""
    scenario, sums = context.scenario, run_measures.capital(context.run)
    here = sums[sums["where"].isin(list(context.focus))].groupby("period")["mcny"].sum()
    first = int(here[here > 0].index[0])
    for factor, is_full in ((1.0, True), (2.0, False)):
        row = {"period": first, "scope": context.focus_hub, "limit_mcny": factor * float(here[first])}
        given = scenario["budgets"]
        budgets = pd.DataFrame([row]).reindex(columns=given.columns).astype(given.dtypes.to_dict())
        changed = scenario.with_tables(budgets=budgets)
        run = dataclasses.replace(
            context.run, scenario=changed, plan=dataclasses.replace(context.run.plan, scenario=changed)
        )
        found = money_facts.used_up(Context(run, "en"))
        assert (first in found.get(context.focus_hub, [])) == is_full


def test_work_not_served_is_said_beside_the_change(context: Context) -> None:
    case = next(one for one in turning_facts.cases(context) if one.name == "demand_more")
    case = dataclasses.replace(case, workload="training")

    def said(change: float, short: float, is_short: bool = False) -> str:
        made = dataclasses.replace(case, build_change=change, shortfall=short)
        return spaced_text(effect(context, made, is_short))

    assert said(-0.5, 0.6, is_short=True) == "−50 %; 60 % not served"
    assert re.fullmatch(r"60 % of .*training not served", said(0.0, 0.6))
    assert said(-0.5, 0.0) == "−50 %"


def spaced_text(text: str) -> str:
    return text.replace("\u00a0", " ")
