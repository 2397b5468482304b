"""Other hours of the same scenario: which, how many, and what each stands for."""

from __future__ import annotations

import dataclasses
import datetime
import itertools

import pytest

from tests.scenarios import five, pair
from xisuan.scenario import representative_days
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants import modelled_hours


def test_other_days_are_spread_and_none_is_the_plans_own() -> None:
    """`five` models the first day of the year; twelve others stand for a twelfth each."""
    scenario = five()
    other = modelled_hours.other_days(scenario, 12)
    assert other is not None
    assert modelled_hours.own_days(scenario) == {0}
    chosen = sorted(modelled_hours.own_days(other))
    assert len(chosen) == 12
    assert 0 not in chosen
    assert all(29 <= later - earlier <= 32 for earlier, later in itertools.pairwise(chosen))
    assert other.timeline.weight.sum() == pytest.approx(8760)
    assert len(set(other.timeline.weight)) == 1


def test_the_choice_is_the_same_every_time() -> None:
    """It depends on nothing but the scenario and the count."""
    first, second = (modelled_hours.other_days(five(), 7) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.timeline.blocks == second.timeline.blocks


def test_a_taken_day_gives_way_to_its_neighbour() -> None:
    """The middle of the year is taken, so the day before it stands in."""
    middle = modelled_hours.on_days(five(), [182])
    other = modelled_hours.other_days(middle, 1)
    assert other is not None
    assert modelled_hours.own_days(other) == {181}


def test_where_no_day_is_left_there_is_no_other() -> None:
    """A plan of the whole year has seen all; more days are asked than are left: those that are left."""
    whole = modelled_hours.on_hours(five(), Hours("year"))
    assert modelled_hours.other_days(whole, 12) is None
    nearly = modelled_hours.on_days(five(), list(range(360)))
    other = modelled_hours.other_days(nearly, 12)
    assert other is not None
    assert modelled_hours.own_days(other) == {360, 361, 362, 363, 364}


def test_a_mean_hour_is_no_day() -> None:
    """Every day is another one for a plan of the mean hour."""
    assert modelled_hours.own_days(pair()) == set()
    other = modelled_hours.other_days(pair(), 3)
    assert other is not None
    assert not other.timeline.mean


def test_hours_asked_for_replace_given_blocks() -> None:
    """`blocks` would otherwise win."""
    blocked = modelled_hours.on_days(five(), [10, 20])
    assert modelled_hours.on_hours(blocked, Hours("hours", 5)).timeline.n_hours == 5


def test_the_typical_week_is_the_one_nearest_to_the_mean_of_all() -> None:
    """Found again by plain arithmetic: weeks from Monday to Sunday, the distance to the mean week."""
    scenario = five()
    week = modelled_hours.typical_week(scenario)
    assert week is not None
    (block,) = week.timeline.blocks
    assert week.settings.periods == scenario.settings.periods[-1:]
    assert (block.hours, block.weight) == (168, pytest.approx(8760 / 168))
    january = datetime.date(scenario.settings.base_year, 1, 1)
    assert (january + datetime.timedelta(days=block.first_hour // 24)).weekday() == 0
    monday = next(day for day in range(7) if (january + datetime.timedelta(days=day)).weekday() == 0)
    starts = list(range(24 * monday, 8760 - 167, 168))
    series = representative_days.features(scenario)
    weeks = [series[start : start + 168] for start in starts]
    mean = sum(weeks) / len(weeks)
    apart = [float(((one - mean) ** 2).sum()) for one in weeks]
    assert apart[starts.index(block.first_hour)] == pytest.approx(min(apart))


def test_hours_that_hold_a_week_are_the_week() -> None:
    """Nothing is operated twice; a mean hour holds no week."""
    assert modelled_hours.typical_week(modelled_hours.on_hours(five(), Hours("year"))) is None
    assert modelled_hours.typical_week(modelled_hours.on_hours(five(), Hours("weeks", 2))) is None
    assert modelled_hours.typical_week(modelled_hours.on_hours(five(), Hours("days", 7))) is not None
    assert modelled_hours.typical_week(pair()) is not None


def test_a_plan_of_one_week_rolls_over_that_week() -> None:
    """Else its capacity, planned for other hours, would be judged beside what a controller does not know."""
    given = modelled_hours.on_hours(five(), Hours("weeks", 1))
    assert modelled_hours.typical_week(given) is None
    rolling = given.with_settings(plan=dataclasses.replace(given.settings.plan, rolling="48/24"))
    week = modelled_hours.typical_week(rolling)
    assert week is not None
    assert week.timeline.blocks == given.timeline.blocks
    assert week.timeline.hour_of_year.tolist() == given.timeline.hour_of_year.tolist()
