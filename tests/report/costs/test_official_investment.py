"""Investment on the official definition: published amounts as they are, and the plan's orders by hand."""

from __future__ import annotations

import pytest

from tests.report.costs.test_shadow_prices import context
from xisuan.report.costs import official_investment
from xisuan.text.translation import Language

PUBLISHED = {
    "sites": "site,node,hub\ns,r,West",
    "sources": "source,title,title_zh\np,Bulletin,公报\nq,Daily,日报",
    "actuals": "period,date,place,quantity,value,unit,bound,kind,source\n"
    "2024,2024-04-30,West,investment_mcny,300,mCNY,at least,actual,p\n"
    "2024,2024-04-30,West,investment_infrastructure_mcny,200,mCNY,,actual,q\n"
    "2025,,West,investment_mcny,500,mCNY,,target,p",
}
"""Two amounts of the first four months of 2024 from two sources, and an aim for 2025."""


@pytest.mark.parametrize(
    ("language", "whens", "sources"),
    [
        ("en", ["January to Apr 2024, published", "2025, aimed at"], "Bulletin; Daily"),
        ("zh", ["2024 年 1 月至 4 月，公布值", "2025 年，计划值"], "公报；日报"),
    ],
)
def test_published_amounts_stand_by_their_months_with_all_sources(
    language: Language, whens: list[str], sources: str
) -> None:
    found = context(PUBLISHED, language)
    table = official_investment.table(found)
    assert table is not None
    assert [row.cells[0].text for row in table.rows[:2]] == whens
    assert table.rows[0].cells[-1].text == sources
    assert [cell.value for cell in table.rows[0].cells[1:3]] == [
        pytest.approx(of / found.money.divisor) for of in (200, 300)
    ]


def test_orders_of_the_plan_count_halls_and_equipment_as_computing() -> None:
    """The site orders equipment alone, so both amounts are its orders of the year: 12 mCNY in all."""
    found = context(PUBLISHED)
    orders = [official_investment.planned(found, period) for period in found.periods]
    assert sum(infrastructure for infrastructure, _ in orders) == pytest.approx(12.0)
    assert sum(compute for _, compute in orders) == pytest.approx(12.0)


def test_without_published_amounts_there_is_no_table() -> None:
    assert official_investment.table(context({})) is None
