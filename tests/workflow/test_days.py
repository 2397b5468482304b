"""Other hours of the same scenario: which, how many, and what each stands for."""

from __future__ import annotations

import itertools

import pytest

from tests.scenarios import five, pair
from xisuan.scenario.settings import Hours
from xisuan.workflow import days


def test_other_days_are_spread_and_none_is_the_plans_own() -> None:
    """`five` models the first day of the year; twelve others stand for a twelfth each."""
    scenario = five()
    other = days.other_days(scenario, 12)
    assert other is not None
    assert days.own_days(scenario) == {0}
    chosen = sorted(days.own_days(other))
    assert len(chosen) == 12
    assert 0 not in chosen
    assert all(29 <= later - earlier <= 32 for earlier, later in itertools.pairwise(chosen))
    assert other.timeline.weight.sum() == pytest.approx(8760)
    assert len(set(other.timeline.weight)) == 1


def test_the_choice_is_the_same_every_time() -> None:
    """It depends on nothing but the scenario and the count."""
    first, second = (days.other_days(five(), 7) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.timeline.blocks == second.timeline.blocks


def test_a_taken_day_gives_way_to_its_neighbour() -> None:
    """The middle of the year is taken, so the day before it stands in."""
    middle = days.on_days(five(), [182])
    other = days.other_days(middle, 1)
    assert other is not None
    assert days.own_days(other) == {181}


def test_where_no_day_is_left_there_is_no_other() -> None:
    """A plan of the whole year has seen all; more days are asked than are left: those that are left."""
    whole = days.on_hours(five(), Hours("year"))
    assert days.other_days(whole, 12) is None
    nearly = days.on_days(five(), list(range(360)))
    other = days.other_days(nearly, 12)
    assert other is not None
    assert days.own_days(other) == {360, 361, 362, 363, 364}


def test_a_mean_hour_is_no_day() -> None:
    """Every day is another one for a plan of the mean hour."""
    assert days.own_days(pair()) == set()
    other = days.other_days(pair(), 3)
    assert other is not None
    assert not other.timeline.mean


def test_hours_asked_for_replace_given_blocks() -> None:
    """`blocks` would otherwise win."""
    blocked = days.on_days(five(), [10, 20])
    assert days.on_hours(blocked, Hours("hours", 5)).timeline.n_hours == 5
