"""Work left undone on other days: how much of the network's it is, whose it could be, and the reserve against it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xisuan.report import shortages
from xisuan.results.labelled_values import Found

WORK = (("a", "urgent"), ("b", "urgent"), ("a", "slow"), ("b", "slow"))
"""Items of the hourly families: region and kind of work."""


def operated(price_elsewhere: float) -> Any:
    """Two hours. In the second, 10 units of urgent work of region a are left undone, and one unit more there costs 7.

    Equipment of both kinds of work does 90 units in that hour, 100 in the other.
    """
    undone = np.array([[[0.0, 0.0, 0.0, 0.0], [10.0, 0.0, 0.0, 0.0]]])
    prices = np.array([[[1.0, 1.0, 1.0, 1.0], [7.0, price_elsewhere, 7.0, 7.0]]])
    load = np.array([[[60.0, 40.0], [50.0, 40.0]]])
    service = [(2026, "a", "s", "urgent", 35.0), (2026, "a", "", "urgent", 5.0), (2026, "b", "s", "urgent", 60.0)]
    return SimpleNamespace(
        variables={
            "unserved": Found("unserved", ("region", "workload"), WORK, True, undone),
            "load": Found("load", ("site", "technology"), (("s", "old"), ("s", "new")), True, load),
        },
        duals={"work_balance": Found("work_balance", ("region", "workload"), WORK, True, prices)},
        tables={"service": pd.DataFrame(service, columns=["period", "region", "site", "workload", "units"])},
        shortfall=pd.DataFrame(
            [(2026, "urgent", "a", 5.0 * 8760.0, 5.0 / 40.0)],
            columns=["period", "workload", "region", "unit_hours", "share"],
        ),
    )


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(shortages.work_origins, "own_regions", lambda *_: frozenset({"a"}))
    tables = {
        "workloads": pd.DataFrame({"workload": ["urgent", "slow"], "class": ["general", "general"]}),
        "technologies": pd.DataFrame({"technology": ["old", "new"], "class": ["general", "general"]}),
    }
    return SimpleNamespace(periods=(2026,), scenario=tables, focus=("s",))


def test_five_of_a_hundred_units_are_undone_and_ten_of_ninety_would_do_them(context: Any) -> None:
    (found,) = shortages.shortages(context, operated(7.0))
    assert (found.period, found.kind, found.workload, found.region) == (2026, "general", "urgent", "a")
    assert found.share == pytest.approx(0.05)
    assert found.region_share == pytest.approx(0.125)
    assert found.reserve == pytest.approx(10.0 / 90.0)


@pytest.mark.parametrize(("price", "alike"), [(7.0, 2), (3.0, 1)])
def test_the_whole_network_is_short_where_one_unit_more_costs_as_much_everywhere(
    context: Any, price: float, alike: int
) -> None:
    (found,) = shortages.shortages(context, operated(price))
    assert (found.alike, found.regions, found.is_everywhere) == (alike, 2, alike == 2)


def test_nothing_is_short_where_all_work_is_done(context: Any) -> None:
    others = operated(7.0)
    others.shortfall = others.shortfall.iloc[:0]
    assert shortages.shortages(context, others) == []
    assert shortages.shortages(context, None) == []
