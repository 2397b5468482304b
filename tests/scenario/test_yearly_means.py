"""Yearly means that chosen days keep: by hand, against scipy, and as the certificate counts them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import brentq

import xisuan
from tests import scenarios
from xisuan.certificate.reading.calendar import Clock
from xisuan.scenario import yearly_means
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours

FLAT = np.full(4, 2190.0)


def kept(hours, mean, floor=0.0, ceiling=1.0, weight=FLAT):
    return yearly_means.keep(np.array(hours, dtype=float), weight, mean, floor, ceiling).tolist()


def test_half_the_wind_is_doubled():
    assert kept([0.1, 0.2, 0.3, 0.0], 0.3) == pytest.approx([0.2, 0.4, 0.6, 0.0])


def test_what_would_pass_the_ceiling_stays_there_and_the_others_make_up_for_it():
    """0.8 doubled is 1.6: it stays at 1, and 0.1 + 0.1 must give the remaining 0.6."""
    assert kept([0.8, 0.1, 0.1, 0.0], 0.4) == pytest.approx([1.0, 0.3, 0.3, 0.0])


def test_pue_moves_above_one():
    assert kept([1.1, 1.2, 1.3, 1.4], 1.5, floor=1.0, ceiling=np.inf) == pytest.approx([1.2, 1.4, 1.6, 1.8])


def test_weights_count():
    weight = np.array([8000.0, 760.0])
    moved = yearly_means.keep(np.array([0.2, 0.6]), weight, 0.1, 0.0, 1.0)
    assert float(weight @ moved) / 8760 == pytest.approx(0.1)
    assert moved[1] / moved[0] == pytest.approx(3.0)


def test_prices_below_zero_are_shifted():
    assert kept([-0.2, 0.1, 0.3, 0.2], 0.3, ceiling=np.inf) == pytest.approx([0.0, 0.3, 0.5, 0.4])


def test_a_mean_below_zero_shifts_hours_that_are_above_it():
    """No factor but a negative one would bring them there, and turn the dear hours into the cheap ones."""
    assert kept([0.1, 0.2, 0.3, 0.2], -0.1, ceiling=np.inf) == pytest.approx([-0.2, -0.1, 0.0, -0.1])


def test_hours_without_sun_stay_dark_and_constants_stay_constant():
    assert kept([0.0, 0.0, 0.0, 0.0], 0.2) == [0.0, 0.0, 0.0, 0.0]
    assert kept([0.3, 0.3, 0.3, 0.3], 0.3 + 1e-15) == [0.3, 0.3, 0.3, 0.3]


@settings(deadline=None)
@given(
    arrays.arrays(np.float64, 12, elements=st.floats(0.0, 1.0)),
    arrays.arrays(np.float64, 12, elements=st.floats(1.0, 100.0)),
    st.floats(0.0, 0.9),
)
def test_the_factor_is_that_of_scipy(hours, weight, mean):
    """min(1, f × hour) has the mean that is asked for: f is the root that another method finds, if there is one."""
    most = float(weight @ (hours > 1e-6)) / weight.sum()
    if mean < 1e-6 or most < mean + 1e-6 or ((hours > 0) & (hours < 1e-6)).any():
        return
    moved = yearly_means.keep(hours, weight, mean, 0.0, 1.0)
    share = weight / weight.sum()
    factor = brentq(lambda f: share @ np.minimum(1.0, f * hours) - mean, 0.0, 1e7, xtol=1e-14, rtol=1e-14)
    assert moved == pytest.approx(np.minimum(1.0, factor * hours), abs=1e-7)
    assert float(share @ moved) == pytest.approx(mean, abs=1e-9)


@pytest.mark.parametrize("hours", ["days:1", "days:4", "weeks:2"])
def test_chosen_days_keep_the_means_of_the_year_and_the_certificate_finds_the_same(hours):
    scenario = xisuan.load("guizhou").with_settings(hours=Hours.parse(hours))
    clock, weight = Clock(scenario), scenario.timeline.weight
    seen = 0
    for table, column in yearly_means.KEPT:
        for cell in set(scenario[table][column].dropna()) - {""}:
            curve, hourly = scenario.curve(cell), scenario.hourly(table, column, cell)
            assert float(weight @ hourly) / 8760 == pytest.approx(float(curve.mean()), rel=1e-9)
            assert clock.series(table, column, curve) == pytest.approx(hourly, abs=1e-12)
            seen += isinstance(cell, str)
    assert seen > 30
    supply = [scenario.hourly("supply", "profile", cell) for cell in set(scenario["supply"]["profile"]) if cell]
    assert all(values.min() >= 0.0 and values.max() <= 1.0 for values in supply if isinstance(values, np.ndarray))


def test_the_first_hours_keep_means_and_a_users_own_blocks_do_where_asked():
    five = scenarios.five()
    cell = next(cell for cell in five["sites"]["pue"] if isinstance(cell, str))
    first = on_hours(five, Hours.parse("hours:24"))
    assert first.hourly("sites", "pue", cell).mean() == pytest.approx(five.curve(cell).mean(), rel=1e-12)
    row = {"block": "a", "first_hour": 48, "hours": 24, "weight": 365.0}
    for asked in (False, True):
        blocks = pd.DataFrame([row | {"keep_means": asked}])
        own = five.with_tables(blocks=blocks)
        is_kept = own.hourly("sites", "pue", cell).mean() == pytest.approx(five.curve(cell).mean(), rel=1e-12)
        assert is_kept == asked
        if not asked:
            assert five.with_tables(blocks=pd.DataFrame([row])).timeline.blocks == own.timeline.blocks
        assert (own.hourly("sites", "pue", cell).tolist() == five.curve(cell)[48:72].tolist()) != asked
