"""What the first screen says, against small plans whose money is counted by hand."""

from __future__ import annotations

import pytest

from tests.report.test_binding import context
from tests.report.test_page import spaced
from xisuan.report import headline
from xisuan.report.context import Context
from xisuan.report.specs import Hero


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
