"""What the first screen says, against small plans whose money is counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.report.test_binding import SCARCE, context
from tests.report.test_page import spaced
from xisuan.report import headline
from xisuan.report.context import Context
from xisuan.report.figures import Language
from xisuan.report.money import section as section_of_money
from xisuan.report.specs import Hero
from xisuan.results.undone import undone


def told(found: Context, about: str) -> str:
    """The sentence of the first screen about something, without its marks."""
    (hero,) = (block for block in headline.section(found).blocks if isinstance(block, Hero))
    (text,) = (one.text for one in hero.sentences if one.about == found.say(f"headline.about_{about}"))
    return spaced(text).replace("\u2068", "").replace("\u2069", "")


OWNED = {"sites": "site,node,investor\ns,r,Ridge"}


@pytest.mark.parametrize(
    ("tables", "en", "zh"),
    [
        # ten racks and then two more, of a million each
        ({}, "cost 12 million CNY (undiscounted); who pays is not named.", "1,200 万元（未折现），未指明出资方。"),
        (OWNED, "paid by Ridge 12 million CNY.", "：Ridge 1,200 万元。"),
        (
            OWNED | {"payers": "scope,investor,party,share\ns,Ridge,operator,1"},
            "paid by telecom operators 12 million CNY; no public money is given, so none is counted.",
            "：电信运营商 1,200 万元；未给出财政出资，不计。",
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
            "No site runs 80.0 % of w in 2026 and 80.0 % of w in 2027: the plan is charged 140 million CNY for it,"
            " discounted.",
            "140 million CNY of it for work that is not served (80.0 % of w in 2026 and 80.0 % of w in 2027).",
        ),
        (
            "zh",
            "另有2026 年w的 80.0%和2027 年w的 80.0%无站点承接，计入惩罚 1.4 亿元（折现）。",
            "其中 1.4 亿元为业务缺口惩罚：2026 年w的 80.0%和2027 年w的 80.0%",
        ),
    ],
)
def test_work_left_undone_is_said_where_the_cost_is(language: Language, first: str, money: str) -> None:
    found = context(UNDONE, language)
    assert told(found, "comes").endswith(first)
    assert money in spaced(section_of_money(found).lead)
    assert "%" not in told(context({}), "comes")


def test_a_share_of_work_left_undone_is_that_of_the_modelled_hours() -> None:
    """8 of 20 units in an hour twice as busy as the mean of the year are 40 % of what is asked for then, not 80."""
    service = pd.DataFrame({"period": [2026, 2026], "workload": ["w", "w"], "site": ["", "s"], "units": [8.0, 12.0]})
    assert undone(service)["share"].tolist() == [0.4]
