"""Own plants on the modelled hours beside the year, by hand."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.report import fake
from tests.scenarios import five
from tests.workflow.planned import five_plan
from xisuan.report.operation import own_generation
from xisuan.report.run_context import Context
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours


def test_two_hours_stand_for_a_year() -> None:
    """Each for half of it; a constant is itself."""
    scenario = five(hours="hours:2")
    sun = scenario.curves["sun"].to_numpy()
    assert own_generation.full_load_hours(scenario, "sun") == pytest.approx((4380.0 * (sun[0] + sun[1]), sum(sun)))
    assert own_generation.full_load_hours(scenario, 0.25) == pytest.approx((2190.0, 2190.0))
    whole = on_hours(scenario, Hours("year", 0))
    assert own_generation.full_load_hours(whole, "sun") == pytest.approx((sum(sun), sum(sun)))


def test_a_plant_is_told_with_its_hours_both_ways() -> None:
    """Six MW that stand at `high`; those of nothing and of the year before are not told."""
    plan = five_plan()
    last = plan.scenario.settings.periods[-1]
    made = {"period": [last, last, last - 1], "asset": "solar", "where": ["high", "west", "high"], "technology": "",
            "amount": [6.0, 0.0, 9.0], "existing": 6.0, "unit": "MW", "mw": float("nan")}  # fmt: skip
    plan = dataclasses.replace(plan, tables={**plan.tables, "capacity": pd.DataFrame(made)})
    found = own_generation.table(Context(dataclasses.replace(fake.run(), plan=plan, scenario=plan.scenario), "en"))
    assert found is not None
    (cells,) = [row.cells for row in found.rows]
    sun, hours = plan.scenario.curves["sun"].to_numpy(), plan.scenario.timeline.hour_of_year
    modelled = float(sun[hours].mean()) * 8760.0  # one day stands for all
    assert [cell.value for cell in cells[2:5]] == pytest.approx([6.0, modelled, sun.sum()])
    assert cells[5].value == pytest.approx(100.0 * (modelled - sun.sum()) / sun.sum())


def test_a_year_of_hours_needs_no_such_table() -> None:
    run = fake.run()
    whole = dataclasses.replace(run.plan, scenario=run.plan.scenario.with_settings(hours=Hours("year", 0)))
    assert own_generation.table(Context(dataclasses.replace(run, plan=whole), "en")) is None


@pytest.mark.parametrize("profile", ["sun", "level"])
def test_hours_that_are_the_years_flatter_nobody(profile: str) -> None:
    """A level profile gives on any hours what it gives in the year; the sun of one day does not, and the note says which."""
    plan = five_plan()
    last = plan.scenario.settings.periods[-1]
    made = {"period": [last], "asset": "solar", "where": ["high"], "technology": "", "amount": [6.0], "existing": 6.0,
            "unit": "MW", "mw": float("nan")}  # fmt: skip
    supply = plan.scenario["supply"].assign(profile=0.3 if profile == "level" else "sun")
    scenario = dataclasses.replace(plan.scenario, tables={**plan.scenario.tables, "supply": supply})
    plan = dataclasses.replace(plan, scenario=scenario, tables={**plan.tables, "capacity": pd.DataFrame(made)})
    found = own_generation.table(Context(dataclasses.replace(fake.run(), plan=plan, scenario=scenario), "en"))
    assert found is not None
    assert ("no plant looks better or worse" in found.note) == (profile == "level")
    assert ("looks better than it is" in found.note) == (profile == "sun")
