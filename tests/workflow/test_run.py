"""One verb after the other, and what was left out is said."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import xisuan.workflow.run as module
from gnomon.interior_point.distributed import checkpoint
from gnomon.options import Options
from tests.access_cases import access
from tests.scenarios import pair, pair_frames
from xisuan.decisions import decide
from xisuan.dispatch.economic_dispatch import operate
from xisuan.errors import SolverError
from xisuan.parallel.process import Elsewhere, EndedError
from xisuan.planning.expansion import plan
from xisuan.progress import Progress
from xisuan.results.plan import CAPEX_TERMS
from xisuan.results.run import Run
from xisuan.scenario.load import build, load
from xisuan.scenario.variants.modelled_hours import own_days, typical_week
from xisuan.scenario.variants.synthetic import country
from xisuan.workflow.operate import operated
from xisuan.workflow.run import run


@cache
def run_of_pair() -> Run:
    """The run of the pair, whole and in this process."""
    return run(pair())


def run_with_cities() -> Run:
    """A run that brings cities to gigabit access."""
    return run(access({"city_targets": "city,deadline\nall,2026"}))


def test_a_run_has_all_that_can_be_found_out() -> None:
    """Certified plan, its own hours, other days, alternatives, where it comes from."""
    found = run(load("starter"))
    assert found.plan.certificate is not None
    assert found.plan.certificate.ok
    assert found.schedule is not None
    assert found.others is not None
    assert found.alternatives is not None
    assert set(found.alternatives["verdict"]) <= {"robust", "interchangeable", "none"}
    assert own_days(found.others.scenario).isdisjoint(own_days(found.scenario))
    assert len(own_days(found.others.scenario)) == found.scenario.settings.plan.operate_days
    assert found.week is not None
    assert found.week.scenario.settings.periods == found.scenario.settings.periods[-1:]
    assert found.week.scenario.timeline.n_hours == 168
    assert "alternatives" not in found.notes
    assert found.notes["scenario hash"]


@pytest.mark.parametrize("made", [run_of_pair, run_with_cities], ids=["compute", "access"])
def test_what_other_processes_find_is_what_is_found_here(
    made: Callable[[], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large scenario three of them work beside the run; here a small one counts as such."""
    here = made()
    monkeypatch.setattr(module, "_large", lambda _: True)
    there = run(here.scenario)
    assert set(there.decisions) == set(here.decisions) >= {"decision_notes"}
    for name, table in here.decisions.items():
        pd.testing.assert_frame_equal(there.decisions[name], table, rtol=1e-6)
    assert set(there.plan.tables) == set(here.plan.tables)
    assert ("city_dates" in here.plan.tables) == here.scenario.has("cities")
    for name in ("city_dates", "city_money", "city_openings"):
        if name in here.plan.tables:
            pd.testing.assert_frame_equal(there.plan.tables[name], here.plan.tables[name])
    assert there.notes.keys() == here.notes.keys()
    assert (there.others is None) == (here.others is None)


def test_what_a_process_was_killed_over_is_found_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = run_of_pair()

    def killed(_: object) -> None:
        raise EndedError("killed")

    monkeypatch.setattr(module, "_large", lambda _: True)
    monkeypatch.setattr(Elsewhere, "result", killed)
    told = list[str]()
    there = run(pair(), progress=lambda event: told.append(event.text))
    assert sum("its work continues in this process" in text for text in told) == 3
    assert {"stress", "estimates"} <= set(there.decisions)
    for name, table in here.decisions.items():
        pd.testing.assert_frame_equal(there.decisions[name], table, rtol=1e-6)
    assert there.others is not None


def test_a_run_that_is_killed_goes_on_with_its_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended at the fifth iterate of the plan: the same call begins there, and leaves nothing behind."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", math.inf)
    scenario, folder = country(5, 4, hours="hours:96"), tmp_path / "iterates"
    counts: list[int] = []

    def watched(end: int) -> Callable[[Progress], None]:
        def watch(now: Progress) -> None:
            if (found := re.match(r"structured: (\d+) iterations", now.text)) is not None:
                counts.append(int(found[1]))
                if counts[-1] == end:
                    raise KeyboardInterrupt

        return watch

    with pytest.raises(KeyboardInterrupt):
        run(scenario, method="structured", ask=False, folder=folder, progress=watched(5))
    counts.clear()
    found = run(scenario, method="structured", ask=False, folder=folder, progress=watched(-1))
    assert counts[0] == 5
    assert found.plan.certificate is not None
    assert found.plan.certificate.ok
    assert not folder.exists()


def test_on_its_own_hours_plan_is_investment_and_operation() -> None:
    """The law that ties the two verbs."""
    found = run_of_pair()
    assert found.schedule is not None
    costs = found.plan.tables["costs"]
    invested = costs.loc[costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    assert found.schedule.status == "optimal"
    assert invested + found.schedule.cost_mcny == pytest.approx(found.plan.cost_mcny, rel=1e-6)


def test_what_takes_many_plans_can_be_left_out_and_that_is_said() -> None:
    """Without asking again only what the plan itself tells is there."""
    found = run(pair(), ask=False)
    assert found.alternatives is None
    assert set(found.decisions) == {"hub_costs", "levelised", "unit_costs", "investors", "decided", "decision_notes"}
    assert (found.others, found.week) == (None, None)
    for name in ("stress", "calibration", "others", "week"):
        assert found.notes[name] == "left out of a quick run; a whole one has it"


def test_the_week_of_a_run_is_operated_as_one_is_by_hand() -> None:
    """One `operate` of the last period on the hours of the typical week, to the digit of the solver."""
    found = run_of_pair()
    week = typical_week(pair())
    assert found.week is not None
    assert week is not None
    by_hand = operate(week, found.plan)
    assert found.week.status == by_hand.status == "optimal"
    assert found.week.cost_mcny == pytest.approx(by_hand.cost_mcny, rel=1e-6)
    assert found.week.scenario.timeline.blocks == week.timeline.blocks


def test_alternatives_that_fail_do_not_take_the_plan_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on, and the note says why."""

    def fail(*_: object, **__: object) -> None:
        raise SolverError("the solver stumbled")

    monkeypatch.setattr(decide, "alternatives", fail)
    found = run(pair())
    assert found.alternatives is None
    assert found.notes["alternatives"] == "not found: the solver stumbled"
    assert len(found.decisions["stress"])


def test_a_plan_by_branch_and_bound_is_operated_by_an_lp_solver() -> None:
    """Operating fixes all whole numbers, so that `mip` would find nothing to branch on."""
    frames = pair_frames()
    frames["halls"]["phase_mw"] = "0.15"
    settings = {"name": "phases", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}
    found = run(build(settings, frames), Options(solver="mip"))
    assert found.plan.effort.solver == "mip"
    assert found.schedule is not None
    assert found.schedule.effort.solver != "mip"


def test_a_rolling_horizon_is_that_of_the_typical_week_and_a_failure_of_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where the plan's own hours hold a week. A week that knows its hours is what is left after a failure."""
    scenario = pair()
    options = dataclasses.replace(scenario.settings.plan, rolling="48/24")
    planned = plan(scenario.with_settings(plan=options))
    found = module.on_other_hours(planned, Options())
    assert found.week is not None
    assert found.week.foresight is not None
    assert (found.week.foresight.horizon, found.week.foresight.step, found.not_rolling) == (48, 24, "")
    assert found.week.cost_mcny >= found.week.foresight.perfect_mcny * (1 - 1e-6)

    def fails(*given: object, rolling: object = None) -> object:
        if rolling is not None:
            raise SolverError("a block's end cannot be reached")
        return operated(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "operated", fails)
    known = module.on_other_hours(planned, Options())
    assert known.week is not None
    assert known.week.foresight is None
    assert known.not_rolling == "a block's end cannot be reached"
