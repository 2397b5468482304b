"""Reports of plans that were really found: the pair solved by hand, and the five that use every part of the model."""

from __future__ import annotations

import math
import re

import pytest

from tests import scenarios
from tests.report.pages.test_single_future_page import words
from xisuan.report import run_measures
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.report.workbook import run_workbook
from xisuan.results.run import Run
from xisuan.scenario.settings import Hours
from xisuan.text.numbers import GAP
from xisuan.text.translation import Language
from xisuan.workflow.plan import plan
from xisuan.workflow.run import run as run_all

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module", params=["pair", "five"])
def run(request: pytest.FixtureRequest) -> Run:
    """The pair with all that `run` finds out; the five, which take longer, as a plan alone."""
    if request.param == "pair":
        return run_all(scenarios.pair())
    five = scenarios.five(hours=Hours("days", 1))
    return Run(five, plan(five))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_the_cost_of_the_plan(run: Run, language: Language) -> None:
    text = words(single_future_page.html(run, language))
    assert Context(run, language).amount(run.plan.cost_mcny).replace(GAP, " ") in text
    assert "nan" not in re.findall(r"[a-z]+", text.lower())
    assert " inf " not in text


def test_orders_are_those_of_the_plan(run: Run) -> None:
    """Leaving out dust leaves out no money to speak of."""
    kept = float(run_measures.orders(run)["capex_mcny"].sum())
    assert kept == pytest.approx(float(run.plan.builds["capex_mcny"].sum()), rel=1e-4)


def test_what_is_served_and_not_served_is_everything(run: Run) -> None:
    """Shares of a region's work over all sites, with what is not served, add up to one."""
    found = run_measures.served(run, run.scenario.settings.periods[-1])
    sums = found.groupby(["region", "workload"])["share"].sum()
    assert sums.to_numpy() == pytest.approx(1.0)


def test_occupancy_is_never_above_one(run: Run) -> None:
    assert all(share <= 1 + 1e-6 for share in run_measures.occupancies(run).values() if math.isfinite(share))


def test_facility_energy_is_what_the_sources_give(run: Run) -> None:
    """Grid, solar, wind and battery in and out make up the facility's energy."""
    power, weight = run.plan.power, run.scenario.timeline.weight
    given = power["grid_mw"] + power["solar_mw"] + power["wind_mw"] + power["discharge_mw"] - power["charge_mw"]
    total = float((given * weight[power["hour"]]).sum())
    assert float(run_measures.energy(run)["facility_mwh"].sum()) == pytest.approx(total, rel=1e-5)


def test_the_workbook_of_it_can_be_written(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = tmp_path_factory.mktemp("book") / "tables.xlsx"
    run_workbook.write(run, target, "zh")
    assert target.stat().st_size > 10_000


def test_the_focus_is_a_site(run: Run) -> None:
    assert set(Context(run, "en").focus) <= set(run.scenario["sites"]["site"])
