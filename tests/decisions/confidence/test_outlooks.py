"""What others expect beside what the plan has, by hand: the year, what was public, and who counts apart from whom."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.decisions.confidence.test_calibration import SETTINGS, frames
from tests.scenarios import frame
from xisuan.decisions.confidence.outlooks import outlooks
from xisuan.planning.expansion import plan
from xisuan.scenario.load import build

EXPECTED = """
    quantity,place,period,date,kind,value,unit,bound,scope,source
    electricity_twh,China,2026,,forecast,0.05,TWh,about,one,known
    electricity_twh,China,2026,,forecast,0.04,TWh,exact,another,known
    electricity_twh,China,2026,,forecast,0.03,TWh,exact,later,unknown
    electricity_twh,China,2030,,forecast,0.09,TWh,exact,one,known
    electricity_twh,China,2026,,actual,0.02,TWh,exact,,known
    utilisation,China,2026,,forecast,0.9,fraction,exact,,known
"""
SOURCES = """
    source,title,date
    known,Known,2025
    unknown,Published later,2026-01
"""


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    tables = frames() | {"actuals": frame(EXPECTED), "sources": frame(SOURCES)}
    return outlooks(plan(build(SETTINGS, tables)))


def test_two_who_count_the_same_stand_beside_the_plan(table: pd.DataFrame) -> None:
    """300 PFLOPS of work at 0.01 MW and a PUE of 1.2 for 8,760 hours; not of other years, not of what the plan has not."""
    assert table["expected"].tolist() == [0.04, 0.05]
    assert table["scope"].tolist() == ["another", "one"]
    twh = 300 * 0.01 * 1.2 * 8760 / 1e6
    assert table["planned"].tolist() == pytest.approx([twh, twh])
    assert table["difference"].tolist() == pytest.approx([twh / 0.04 - 1, twh / 0.05 - 1])


def test_what_was_published_after_the_day_is_not_held_against_a_plan(table: pd.DataFrame) -> None:
    assert "later" not in set(table["scope"])
    everything = {name: value for name, value in SETTINGS.items() if name != "as_of"}
    tables = frames() | {"actuals": frame(EXPECTED), "sources": frame(SOURCES)}
    assert "later" in set(outlooks(plan(build(everything, tables)))["scope"])
