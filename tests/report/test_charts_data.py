"""Amounts for a choice of sites, classes and regions, calculated by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from xisuan.report.charts_data import ChartsData, Selection

NONE = pd.DataFrame({"period": [], "value": []})
DATA = ChartsData(
    work=pd.DataFrame(
        {
            "period": 2026,
            "site": ["s", "s", "t"],
            "region": ["a", "b", "a"],
            "class": "general",
            "unit": "rack",
            "value": [3.0, 1.0, 5.0],
        }
    ),
    equipment=pd.DataFrame({"period": 2026, "site": ["s", "t", "u"], "class": "general", "value": [8.0, 10.0, 2.0]}),
    power=NONE,
    costs=NONE,
    waiting=NONE,
    weight=pd.Series([8760.0]),
)


@pytest.mark.parametrize(
    ("chosen", "mw"),
    [
        (Selection(), 20.0),  # 8 + 10 + 2
        (Selection(sites=("s",)), 8.0),
        (Selection(regions=("a",)), 16.0),  # 3/4 of 8, all of 10; u works for nobody
        (Selection(regions=("b",)), 2.0),  # 1/4 of 8
        (Selection(sites=("s",), regions=("a",)), 6.0),  # 3/4 of 8
    ],
)
def test_equipment_is_divided_among_regions_by_the_work_of_the_site(chosen: Selection, mw: float) -> None:
    assert DATA.equipment_of(chosen)["value"].sum() == pytest.approx(mw)
