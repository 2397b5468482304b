"""What the first screen says, against small plans whose money is counted by hand."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.report.costs.test_shadow_prices import SCARCE, context
from tests.report.pages.test_single_future_page import spaced
from xisuan.report.chapters import leads
from xisuan.report.costs import spending
from xisuan.report.document.blocks import Block, Table, Text
from xisuan.report.run_context import Context
from xisuan.results.summaries.unserved_work import undone
from xisuan.text.translation import Language


def told(found: Context, about: str) -> str:
    """The opening sentence about something, without its marks."""
    return spaced(leads.SENTENCES[about](found)).replace("\u2068", "").replace("\u2069", "")


def blocks_of_money(found: Context) -> list[Block]:
    """The tables of the whole network's money."""
    return spending.elsewhere(found)


def total_of(found: Context) -> str:
    """The sentence that opens them."""
    first = blocks_of_money(found)[0]
    assert isinstance(first, Text)
    return first.text


OWNED = {"sites": "site,node,investor\ns,r,Ridge"}


@pytest.mark.parametrize(
    ("tables", "en", "zh"),
    [
        # ten racks and then two more, of a million each
        (
            {},
            "cost 12.0 million CNY (undiscounted); who pays is not named.",
            "1,200 万元（未折现），未指明出资方。",
        ),
        (OWNED, "paid by Ridge 12.0 million CNY.", "：Ridge 1,200 万元。"),
        (
            OWNED | {"payers": "scope,investor,party,share\ns,Ridge,operator,1"},
            "paid by telecom operators 12.0 million CNY; no public money is given, so it counts as 0.",
            "：电信运营商 1,200 万元；未给出财政出资，按 0 计。",
        ),
    ],
)
def test_only_who_is_said_to_be_an_operator_is_one(tables: dict[str, str], en: str, zh: str) -> None:
    assert told(context(tables), "cost").endswith(en)
    assert told(context(tables, "zh"), "cost").endswith(zh)


UNDONE = SCARCE | {"halls": "site,limit_mw\ns,1"}
"""Two racks in each of two years where ten are asked for: 8 × 8,760 × 2 unit-hours at 1,000 CNY are 140.16 mCNY."""


@pytest.mark.parametrize(
    ("language", "first", "money"),
    [
        (
            "en",
            "No site runs 80.0 % of w in 2026 and 80.0 % of w in 2027: the plan is charged 140.16 million CNY for it,"
            " discounted.",
            "140.16 million CNY of it for work that is not served (80.0 % of w in 2026 and 80.0 % of w in 2027).",
        ),
        (
            "zh",
            "另有2026 年w的 80.0%和2027 年w的 80.0%无站点承接，计入惩罚 14,016 万元（折现）。",
            "其中 14,016 万元为业务缺口惩罚：2026 年w的 80.0%和2027 年w的 80.0%",
        ),
    ],
)
def test_work_left_undone_is_said_where_the_cost_is(language: Language, first: str, money: str) -> None:
    found = context(UNDONE, language)
    assert told(found, "comes").endswith(first)
    assert money in spaced(total_of(found))
    assert "%" not in told(context({}), "comes")


def test_a_share_of_work_left_undone_is_that_of_the_modelled_hours() -> None:
    """8 of 20 units in an hour twice as busy as the mean of the year are 40 % of what is asked for then, not 80."""
    service = pd.DataFrame({"period": [2026, 2026], "workload": ["w", "w"], "site": ["", "s"], "units": [8.0, 12.0]})
    assert undone(service)["share"].tolist() == [0.4]


def test_where_there_are_no_halls_utilisation_has_its_verb() -> None:
    assert told(context({}), "use") == "In 2027, utilisation (算力利用率) at s is 100 % for general-purpose computing."
    assert told(context({}, "zh"), "use") == "2027 年，s算力利用率：通用算力 100%。"


AFAR = {
    "regions": "region,node\na,\nb,",
    "sites": "site,node,hub\ns,a,h\nt,b,",
    "workloads": "workload,class,latency_ms,defer_hours,gbps_per_unit\nw,general,1,,\nv,general,1,,\nlater,general,,5,",
    "demand": "region,workload,period,units\na,w,2026,1\nb,w,2026,1\nb,v,2026,1\nb,later,2026,1",
    "links": "link,from,to,length_km,capacity_gbps\nl,a,b,1000,1",
}
"""Work of 1 ms runs where it arises, at s that of a and at t that of b; what may wait runs anywhere."""


def test_work_that_stays_is_that_of_the_regions_afar_and_all_of_it_is_named() -> None:
    found = context(AFAR, periods=[2026], report={"region": "h"})
    said = told(found, "comes")
    assert said.endswith("w and v work of the other regions does not come to s; other sites run it.")
    zh = told(context(AFAR, "zh", periods=[2026], report={"region": "h"}), "comes")
    assert zh.endswith("的w和v业务不流向s，由其他站点承接。")
    assert said.startswith("In 2026 s runs none of the work of the other regions that may wait.")


def test_a_trifle_that_comes_is_told_from_nothing_and_from_a_share() -> None:
    """Of what may wait 0.2 % runs at s: neither a share worth a figure nor none."""
    found = context(AFAR, periods=[2026], report={"region": "h"})
    rows = found.run.plan.service.copy()
    mine = (rows["region"] == "b") & (rows["workload"] == "later")
    rest = rows[~mine]
    part = rows[mine].iloc[[0, 0]].assign(site=["s", "t"], units=[0.002, 0.998], share=[0.002, 0.998])
    tables = {**found.run.plan.tables, "service": pd.concat([rest, part], ignore_index=True)}
    run = dataclasses.replace(found.run, plan=dataclasses.replace(found.run.plan, tables=tables))
    said = told(Context(run, "en"), "comes")
    assert said == (
        "later work of the other regions hardly comes to s (less than 0.5 %)."
        " w and v work of the other regions does not come to s; other sites run it."
    )


def test_a_total_of_operation_counts_every_year() -> None:
    """Upkeep of 10 racks at 0.1 in 2026 and of 12 in each of 2027, 2028 and 2029: 1 + 3 × 1.2."""
    tables = {
        "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,opex_mcny_per_unit_year\n"
        "g,general,rack,0.5,1,4,0.1",
    }
    blocks = blocks_of_money(context(tables, last_period_years=3))
    lines = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    (line,) = (row for row in lines if row.cells[0].text == "Upkeep of equipment" and len(row.cells) == 4)
    assert [cell.text for cell in line.cells[1:]] == ["1.00", "1.20", "4.60"]


def test_work_of_afar_that_may_not_wait_is_told_from_work_that_may_not_at_all() -> None:
    """What may wait is demanded at home alone: no work of the others may wait, while workloads may."""
    at_home = AFAR["demand"].replace("b,later,2026,1", "a,later,2026,1")
    given = {"periods": [2026], "report": {"region": "h"}}
    said = told(context({**AFAR, "demand": at_home}, **given), "comes")
    assert said.startswith("Of the work of the other regions none may wait, so none seeks s for its price alone.")
    at_once = AFAR["workloads"].replace("later,general,,5,", "later,general,,0,")
    assert told(context({**AFAR, "workloads": at_once}, **given), "comes").startswith("No workload may wait")
