"""Amounts for a choice of sites, classes and regions, calculated by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.report import fake
from xisuan.report import run_measures
from xisuan.report.charts_data import ChartsData, Selection, charts_data

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


@pytest.fixture(scope="module")
def data() -> ChartsData:
    return charts_data(fake.run())


def _total(frame: pd.DataFrame) -> float:
    return float(frame["value"].sum())


def test_everything_together_is_what_the_tables_of_the_run_say(data: ChartsData) -> None:
    run = fake.run()
    plan, weight = run.plan, run.scenario.timeline.weight
    mwh = (plan.power["facility_mw"] * plan.power["hour"].map(dict(enumerate(weight)))).sum()
    assert _total(data.energy_of(Selection())) == pytest.approx(mwh)
    capital = data.costs_of(Selection(), capital=True)
    assert _total(capital) == pytest.approx(run_measures.capital(run)["mcny"].sum())
    running = data.costs_of(Selection(), capital=False)
    assert _total(running) == pytest.approx(run_measures.running(run)["mcny"].sum())


@pytest.mark.parametrize("kind", ["sites", "classes", "regions"])
def test_choices_that_share_everything_add_up(data: ChartsData, kind: str) -> None:
    """Power is divided among classes, and among the regions for which a site works, without a rest."""
    column = {"sites": "site", "classes": "class", "regions": "region"}[kind]
    keys = data.work[column].unique()
    period = int(data.power["period"].max())
    parts = [data.power_of(Selection(**{kind: (str(key),)}), period) for key in keys]
    assert len(keys) > 1
    assert sum(map(_total, parts)) == pytest.approx(_total(data.power_of(Selection(**{kind: tuple(keys)}), period)))
    served = sum(_total(data.work_of(Selection(**{kind: (str(key),)}))) for key in keys)
    assert served == pytest.approx(_total(data.work_of(Selection())))
