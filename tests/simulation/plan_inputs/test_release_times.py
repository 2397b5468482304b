"""Work that may wait is held back as the schedule has it: by hand, and on a plan."""

from __future__ import annotations

import numpy as np
import pytest

from tests.simulation.test_simulate import plan  # noqa: F401 - a fixture
from xisuan.results.plan import Plan
from xisuan.simulation.arrivals.demand_sampling import Sampling, sample
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, setting
from xisuan.simulation.plan_inputs.release_times import _Curve
from xisuan.simulation.plan_inputs.schedule_shares import by_region


def test_a_day_of_four_hours_by_hand() -> None:
    """Two units arrive in each hour; all eight run in the last: what comes at t waits until 3 + t/4."""
    curve = _Curve(np.full(4, 2.0), np.array([0.0, 0.0, 0.0, 8.0]))
    time = np.array([0.0, 0.5, 2.0, 3.9])
    assert curve.delay(time) == pytest.approx(3.0 + time / 4 - time)


def test_the_window_wraps() -> None:
    """All arrives in the last hour and runs in the first: it waits for the next turn of the block."""
    curve = _Curve(np.array([0.0, 0.0, 6.0]), np.array([6.0, 0.0, 0.0]))
    assert curve.delay(np.array([2.0, 2.25, 2.999])) == pytest.approx([1.0, 1.0, 1.0])


def test_what_runs_as_it_comes_is_not_held() -> None:
    curve = _Curve(np.array([1.0, 3.0, 0.0]), np.array([1.0, 3.0, 0.0]))
    assert curve.delay(np.array([0.2, 1.7])) == pytest.approx([0.0, 0.0])


def test_held_work_runs_when_the_schedule_runs_it(plan: Plan) -> None:  # noqa: F811
    """Nobody is held beyond the window, and hour by hour as much is let go as the schedule releases."""
    of = setting(plan.scenario, plan, 2029)
    waits = np.flatnonzero(of.defer_hours > 0)
    assert len(waits)
    for (origin, _), curve in of.timing._curves.items():  # the schedule itself keeps to the window, up to its rounding
        assert (curve.delay(np.linspace(0.0, curve._hours, 500)) <= of.defer_hours[origin] + 1e-6).all()
    days, hours = 30, len(of.demand)
    let_go = np.zeros((hours, len(of.origins)))
    for piece in sample(of, Sampling(50.0, 0.2), days * hours, 1, held=True):
        held = np.maximum(piece.hold, piece.arrival) - piece.arrival
        assert (held <= of.defer_hours[piece.origin] * 3600.0 + 1e-6).all()
        assert (held[of.defer_hours[piece.origin] == 0.0] == 0.0).all()
        at = (np.maximum(piece.hold, piece.arrival) / 3600.0).astype(int) % hours
        np.add.at(let_go, (at, piece.origin), piece.servers * piece.run / GRAINS / 3600.0 / days)
    for o in waits:
        released = by_region(plan, 2029, of.origins[o], dropped=True)
        released *= of.demand[:, o].sum() / released.sum()
        assert np.abs(let_go[:, o] - released).sum() < 0.1 * released.sum()
