"""Forecasts of levels: the filter beside the joint distribution, and intervals that hold what they promise."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.backtest import rolling
from xisuan.tracking.series import level_walk


def test_intervals_hold_four_fifths_of_what_follows() -> None:
    """Random walks with drift of known truth, 4 to 9 years long, volatility between 5 and 20 % a year."""
    rng = np.random.default_rng(20261124)
    count = inside = 0
    for _ in range(120):
        years, drift, spread = int(rng.integers(4, 10)), rng.normal(0.1, 0.12), rng.choice([0.05, 0.1, 0.2])
        levels = np.exp(5 + np.cumsum(drift + spread * rng.standard_normal(years)))
        days = [datetime.date(2010 + year, 12, 31) for year in range(years)]
        for at, found in rolling(days, [float(level) for level in levels]):
            count += 1
            inside += found.low <= levels[at] <= found.high
    assert count > 400
    assert 0.70 <= inside / count <= 0.90


def test_one_level_is_not_enough_and_two_are_wide() -> None:
    day = datetime.date
    assert level_walk.outlook([day(2022, 12, 31)], [5.0], [day(2025, 12, 31)]) is None
    (found,) = level_walk.outlook([day(2021, 12, 31), day(2022, 12, 31)], [5.0, 6.0], [day(2025, 12, 31)]) or []
    assert found.high / found.low > 1.6
    assert found.low < found.median < found.high


def test_the_filter_agrees_with_its_formula() -> None:
    """Two yearly levels, no damping, by hand: drift known to its prior and one step, variance added up."""
    sd, weight, mean, spread = level_walk.PRIOR_SD, level_walk.PRIOR_WEIGHT, level_walk.DRIFT_MEAN, level_walk.DRIFT_SD
    step = np.log(6.0 / 5.0)
    drift_for_variance = (step + mean * sd**2 / spread**2) / (1 + sd**2 / spread**2)
    variance = ((step - drift_for_variance) ** 2 + weight * sd**2) / weight
    gain = spread**2 / (spread**2 + variance)
    drift, left = mean + gain * (step - mean), spread**2 * (1 - gain)
    (found,) = (
        level_walk.outlook(
            [datetime.date(2021, 12, 31), datetime.date(2022, 12, 31)], [5.0, 6.0], [datetime.date(2023, 12, 31)]
        )
        or []
    )
    damped = level_walk.DAMPING * drift
    assert np.log(found.median / 6.0) == pytest.approx(damped, rel=1e-3)
    assert found.spread**2 == pytest.approx(variance + level_walk.DAMPING**2 * left, rel=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_the_filter_agrees_with_the_joint_distribution(seed: int) -> None:
    """The same model without a filter: all levels as one Gaussian vector, conditioned on those that were seen.

    Days are uneven, months are missing. This formulation shares nothing with the state space.
    """
    source = np.random.default_rng(seed)
    months = np.sort(source.choice(40, size=6, replace=False))
    days = [datetime.date(2019 + int(m) // 12, int(m) % 12 + 1, 28) for m in months]
    levels = np.exp(np.cumsum(source.normal(0.02, 0.05, 6)) + 3.0)
    ahead = datetime.date(days[-1].year + 2, days[-1].month, 28)
    (found,) = level_walk.outlook(days, list(levels), [ahead]) or []
    step = 1.0 / 12.0
    at = np.array([12 * (day.year - days[0].year) + day.month - days[0].month for day in [*days, ahead]])
    variance, freedom = level_walk._variance(at[:-1] * step, np.log(levels))
    reach = np.array([sum(level_walk.DAMPING ** (step * k) for k in range(t)) for t in at])
    mean = np.log(levels[0]) + reach * level_walk.DRIFT_MEAN * step
    drift = (level_walk.DRIFT_SD * step) ** 2
    joint = 1e-6 + drift * np.outer(reach, reach) + variance * step * np.minimum.outer(at, at)
    seen, asked = slice(0, -1), -1
    gain = joint[asked, seen] @ np.linalg.inv(joint[seen, seen] + 1e-12 * np.eye(len(days)))
    middle = mean[asked] + gain @ (np.log(levels) - mean[seen])
    left = joint[asked, asked] - gain @ joint[seen, asked]
    assert np.log(found.median) == pytest.approx(middle, abs=1e-6)
    assert found.spread == pytest.approx(np.sqrt(left), rel=1e-4)
    assert found.freedom == pytest.approx(freedom)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wait", [0, 1, 14])
def test_growth_between_two_days_ahead_agrees_with_the_joint_distribution(seed: int, wait: int) -> None:
    """The difference of two logarithms of the same vector: what both share, such as the walk up to the first, falls out."""
    source = np.random.default_rng(seed)
    months = np.sort(source.choice(40, size=5, replace=False))
    days = [datetime.date(2019 + int(m) // 12, int(m) % 12 + 1, 28) for m in months]
    levels = np.exp(np.cumsum(source.normal(0.02, 0.05, 5)) + 3.0)
    ends = [days[-1].year * 12 + days[-1].month - 1 + wait, days[-1].year * 12 + days[-1].month + 11 + wait]
    first, last = (datetime.date(end // 12, end % 12 + 1, 28) for end in ends)
    found = level_walk.growth(days, list(levels), first, last)
    assert found is not None
    step = 1.0 / 12.0
    at = np.array([12 * (day.year - days[0].year) + day.month - days[0].month for day in [*days, first, last]])
    variance, freedom = level_walk._variance(at[:-2] * step, np.log(levels))
    reach = np.array([sum(level_walk.DAMPING ** (step * k) for k in range(t)) for t in at])
    mean = np.log(levels[0]) + reach * level_walk.DRIFT_MEAN * step
    joint = (
        1e-6 + (level_walk.DRIFT_SD * step) ** 2 * np.outer(reach, reach) + variance * step * np.minimum.outer(at, at)
    )
    gain = joint[-2:, :-2] @ np.linalg.inv(joint[:-2, :-2] + 1e-12 * np.eye(len(days)))
    middle = mean[-2:] + gain @ (np.log(levels) - mean[:-2])
    left = joint[-2:, -2:] - gain @ joint[:-2, -2:]
    apart = np.array([-1.0, 1.0])
    assert np.log(found.median) == pytest.approx(apart @ middle, abs=1e-6)
    assert found.spread == pytest.approx(np.sqrt(apart @ left @ apart), rel=1e-3)
    assert found.freedom == pytest.approx(freedom)


def test_damped_smoothing_foretells_no_better() -> None:
    """A peer of another family, damped exponential smoothing, on random walks whose drift fades: the errors compare."""
    models = pytest.importorskip("statsforecast.models", reason="statsforecast has no wheels for this Python")

    source = np.random.default_rng(5)
    ours, theirs = [], []
    days = [datetime.date(2010 + year, 12, 31) for year in range(12)]
    for _ in range(40):
        drift = source.normal(0.1, 0.1) * level_walk.DAMPING ** np.arange(12)
        logs = 4.0 + np.cumsum(drift + source.normal(0.0, 0.08, 12))
        (found,) = level_walk.outlook(days[:9], list(np.exp(logs[:9])), [days[11]]) or []
        peer = models.AutoETS(season_length=1, model="ZZN", damped=True).forecast(y=logs[:9], h=3)["mean"][-1]
        ours.append(abs(np.log(found.median) - logs[11]))
        theirs.append(abs(float(peer) - logs[11]))
    assert np.mean(ours) <= 1.05 * np.mean(theirs)


@given(st.lists(st.floats(0.5, 100.0), min_size=2, max_size=6), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_a_share_never_passes_its_whole(levels: list[float], years: int) -> None:
    days = [datetime.date(2015 + at, 12, 31) for at in range(len(levels))]
    (found,) = level_walk.outlook(days, levels, [datetime.date(days[-1].year + years, 12, 31)], share=True) or []
    assert 0.0 <= found.low <= found.median <= found.high <= 100.0
    assert found.probability(found.median) == pytest.approx(0.5, abs=1e-6) or found.median > 99.9


def test_a_small_share_walks_as_a_level_does() -> None:
    """Far below its whole a share knows nothing of it: 1, 1.1, 1.2 of 100 go where 1, 1.1, 1.2 go."""
    days = [datetime.date(year, 12, 31) for year in (2020, 2021, 2022)]
    ahead = [datetime.date(2024, 12, 31)]
    (share,) = level_walk.outlook(days, [0.010, 0.011, 0.012], ahead, share=True) or []
    (level,) = level_walk.outlook(days, [0.010, 0.011, 0.012], ahead) or []
    assert (share.low, share.median, share.high) == pytest.approx((level.low, level.median, level.high), rel=1e-3)
    assert share.probability(0.013) == pytest.approx(level.probability(0.013), abs=1e-3)
