"""Published outlooks and prices: a plan outside of all of them, where prices lie, and what of the money leans on them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest

from tests.report import fake
from xisuan.report.chapters import power_chapter
from xisuan.report.confidence import estimate_sensitivity, outlooks_and_prices
from xisuan.report.document import number_cells
from xisuan.report.document.blocks import Table, Text
from xisuan.report.run_context import Context
from xisuan.text.translation import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def told(language: Language, **tables: pd.DataFrame) -> Context:
    """A run with these decision tables."""
    return Context(dataclasses.replace(fake.run(), decisions=tables), language)


def outlook(planned: float, *expected: float, bound: str = "exact") -> pd.DataFrame:
    row = {"quantity": "electricity_twh", "title_en": "Electricity", "title_zh": "用电量", "place": "China", "period": 2028,
           "date": "", "unit": "TWh", "planned": planned, "scope": "", "source": "", "quality": "published",
           "why_en": "It is so.", "why_zh": "原因如此。"}  # fmt: skip
    return pd.DataFrame([row | {"expected": one, "bound": bound, "difference": planned / one - 1} for one in expected])


@pytest.mark.parametrize(("planned", "side"), [(10.0, "less"), (30.0, ""), (70.0, "more")])
def test_only_a_plan_outside_of_every_outlook_is_told(planned: float, side: str) -> None:
    found = outlooks_and_prices.outside(told("en", outlooks=outlook(planned, 20.0, 60.0)))
    assert [f"{side} than every outlook (20.0 – 60.0 TWh)" in text for text in found] == [True] * bool(side)


def test_what_is_said_to_be_a_most_is_no_least() -> None:
    """Beside an outlook of 40 that of 35 at most says nothing of the least; alone it is all there is."""
    both = pd.concat([outlook(30.0, 40.0), outlook(30.0, 35.0, bound="at most")])
    (text,) = outlooks_and_prices.outside(told("en", outlooks=both))
    assert "(40.0 TWh)" in text
    assert (
        "less than the outlook (20.0 TWh)"
        in outlooks_and_prices.outside(told("en", outlooks=outlook(9.0, 20.0, bound="at most")))[0]
    )


def test_equipment_that_draws_the_same_explains_nothing() -> None:
    """The one machine of the made-up run draws as much at the end as at first."""
    (text,) = outlooks_and_prices.outside(told("en", outlooks=outlook(10.0, 20.0)))
    assert "needs less power" not in text


def test_what_follows_is_computed() -> None:
    """Twice to six times the plan's; work counted by name; the record's own reason."""
    (text,) = outlooks_and_prices.outside(told("en", outlooks=outlook(10.0, 20.0, 60.0)))
    assert "2.0 – 6.0 times the plan's" in text
    assert "It is so." in text
    assert "Batch" in text
    (chinese,) = outlooks_and_prices.outside(told("zh", outlooks=outlook(10.0, 20.0, 60.0)))
    assert "低于全部已公布展望（200 – 600 亿千瓦时）" in chinese
    assert "2.0 – 6.0 倍" in chinese


@pytest.mark.parametrize("planned", [10.0, 30.0])
def test_the_chapter_on_power_says_it_too(planned: float) -> None:
    given = told("en", outlooks=outlook(planned, 20.0, 60.0))
    blocks = power_chapter.section(given).blocks
    notes = [block.text for block in blocks if isinstance(block, Text) and block.tone == "note"]
    assert notes == [outlooks_and_prices.electricity_note(given)] * (planned < 20.0)
    assert all("less than every outlook" in note for note in notes)


def price(published: float, low: float, high: float, **more: Any) -> dict[str, Any]:
    return {"quantity": "hall_price", "title_en": "Halls", "title_zh": "机房", "place": "China", "unit": "mCNY per MW",
            "published": published, "published_period": 2025, "bound": "exact", "kind": "actual", "period": 2026,
            "low": low, "high": high, "scope": "", "source": "", "quality": "derived"} | more  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "words"),
    [((22.0, 28.0), "within"), ((10.0, 12.0), "below"), ((50.0, 60.0), "above"), ((22.0, 60.0), "partly outside")],
)
def test_a_kind_of_price_is_told_by_where_ours_lie(ours: tuple[float, float], words: str) -> None:
    rows = pd.DataFrame([price(20.0, *ours), price(32.0, *ours, kind="target")])
    (table,) = [
        block for block in outlooks_and_prices.prices(told("en", published_prices=rows)) if isinstance(block, Table)
    ]
    group, first, second = table.rows
    assert group.kind == "group"
    assert f"{words} the published 20.0 – 32.0" in group.cells[0].text
    assert [first.cells[3].text, second.cells[3].text] == ["2025", "2025, planned"]


def test_money_is_told_by_the_support_of_its_price() -> None:
    shares = pd.DataFrame({"support": ["inside", "below", "above", "none"], "mcny": [1.0, 3.0, 0.0, 4.0],
                           "share": [0.125, 0.375, 0.0, 0.5]})  # fmt: skip
    table = estimate_sensitivity._priced(told("en", price_support=shares))
    assert table is not None
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0].split(" ")[0] for row in rows] == ["within", "below", "no"]
    assert [row[2] for row in rows] == ["12.5", "37.5", "50.0"]
    for language, said in (
        ("en", "37.5 % of it is at prices below all"),
        ("zh", "其中 37.5% 的单价低于全部同类公布价格"),
    ):
        resting = pd.DataFrame({"quality": ["estimate"], "mcny": [8.0], "share": [1.0]})
        sentence = estimate_sensitivity.rests(told(language, price_support=shares, decided=resting))
        assert said in sentence.replace("\u00a0", " ").replace(number_cells.OPEN, "").replace(number_cells.CLOSE, "")
        assert "above" not in sentence
        assert "高于" not in sentence
    assert estimate_sensitivity._priced(told("en")) is None
