"""The certificate's own counting of years and hours, against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from tests import scenarios
from xisuan.certificate.reading.calendar import Clock
from xisuan.scenario import load

BLOCKS = "block,first_hour,hours,weight\na,10,5,1000\nb,4000,3,1200\nc,8000,1,160"


def blocks() -> Clock:
    frames = scenarios.pair_frames()
    frames["blocks"] = scenarios.frame(BLOCKS)
    return Clock(load.build({"name": "blocks", "periods": [2026, 2029], "discount_rate": 0.05}, _both_years(frames)))


def _both_years(frames: scenarios.Frames) -> scenarios.Frames:
    frames["demand"]["period"] = frames["demand"]["period"].replace("2027", "2029")
    return frames


@pytest.mark.parametrize("hours", [0, 1, 2, 3, 4, 5, 7, 11, 26])
def test_a_deadline_window_wraps_as_often_as_need_be(hours: int) -> None:
    clock = blocks()
    demand = np.random.default_rng(hours).random((9, 2))
    expected = np.zeros((9, 2))
    for block in clock.blocks:
        size = block.stop - block.start
        for t in range(size):
            expected[block.start + t] = sum((demand[block.start + (t - k) % size] for k in range(hours)), np.zeros(2))
    np.testing.assert_allclose(clock.window(demand, hours), expected, atol=1e-12)


def test_the_hour_before_stays_in_its_block() -> None:
    assert blocks().before.tolist() == [4, 0, 1, 2, 3, 7, 5, 6, 8]


def test_weights_and_block_totals() -> None:
    clock = blocks()
    assert clock.weight.sum() == 8760
    total = clock.block_total(np.arange(9.0)[:, None])[:, 0]
    assert total.tolist() == [10.0] * 5 + [18.0] * 3 + [8.0]


def test_hours_are_those_of_the_blocks() -> None:
    assert blocks().hours_of(np.arange(8760.0)).tolist() == [10, 11, 12, 13, 14, 4000, 4001, 4002, 8000]


def test_years_and_discounting() -> None:
    clock = blocks()
    assert [list(years) for years in clock.years] == [[2026, 2027, 2028], [2029]]
    assert clock.year_count.tolist() == [3, 1]
    assert clock.year_weight == pytest.approx([1 + 1 / 1.05 + 1.05**-2, 1.05**-3])


def test_an_order_pays_its_annuity_while_it_is_alive() -> None:
    clock = blocks()
    payment = 0.05 / (1 - 1.05**-2)
    assert clock.capital(0, 1.0, 2.0) == pytest.approx(payment * (1.05**-1 + 1.05**-2))
    assert clock.capital(1, 0.0, 2.0) == pytest.approx(payment * 1.05**-3)
    assert clock.capital(1, 3.0, 2.0) == 0.0


def test_an_order_is_in_use_after_its_lead_for_its_life() -> None:
    clock = blocks()
    lead, life = np.array([[0.0, 0.0], [3.0, 0.0], [4.0, 0.0], [0.0, 0.0]]), np.array([[3.0, 3.0]] * 3 + [[np.nan] * 2])
    used = clock.in_use(lead, life)
    assert used[0].tolist() == [[True, False], [False, True]]
    assert used[1].tolist() == [[False, False], [True, True]]
    assert used[2].tolist() == [[False, False], [False, True]]
    assert used[3].tolist() == [[True, False], [True, True]]
