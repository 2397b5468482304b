"""A rolling horizon of 48 hours against the same horizon written out by hand, window by window, for scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from gnomon.errors import SolverError
from gnomon.highs import solver_sequence
from gnomon.methods.rolling_horizon import Rolling, roll
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options

HOURS = 48
CHARGE, STORE, LOSS, PEAK = 0.5, 2.0, 0.9, 3.0
"""Power and energy of the battery, its efficiency each way, and the price of the highest hour."""
HOUR = np.arange(HOURS)
DEMAND = 1.0 + 0.5 * np.sin(HOUR / 24 * 2 * np.pi) + 0.2 * np.sin(HOUR * 1.7) ** 2
PRICE = 0.5 + 0.4 * np.sin(HOUR / 24 * 2 * np.pi + 1.0) + 0.2 * np.cos(HOUR * 2.3) ** 2
MOST = 58.0
"""Energy that may be bought in all hours together."""
EXACT = Options(solver="simplex")


def shop() -> LinearProgram:
    """Buy power for a demand, store some, pay for the highest hour, and buy no more than MOST."""
    model, at = Model(1, np.roll(HOUR, 1)), [("s",)]
    grid = model.add_columns("grid", ("site",), at, hourly=True, cost=PRICE[None, :, None])
    charge = model.add_columns("charge", ("site",), at, hourly=True, upper=CHARGE)
    discharge = model.add_columns("discharge", ("site",), at, hourly=True, upper=CHARGE)
    stored = model.add_columns("stored", ("site",), at, hourly=True, upper=STORE)
    peak = model.add_columns("peak", ("site",), at, cost=PEAK)
    demand = DEMAND[None, :, None]
    balance = model.add_rows("balance", ("site",), at, hourly=True, lower=demand, upper=demand)
    for column, value in ((grid, 1.0), (charge, -1.0), (discharge, 1.0)):
        model.add(balance, at, column, at, value)
    storage = model.add_rows("storage", ("site",), at, hourly=True, lower=0.0, upper=0.0)
    for column, value in ((stored, 1.0), (charge, -LOSS), (discharge, 1.0 / LOSS)):
        model.add(storage, at, column, at, value)
    model.add(storage, at, stored, at, -1.0, before=True)
    within = model.add_rows("within", ("site",), at, hourly=True, upper=0.0)
    model.add(within, at, grid, at)
    model.add(within, at, peak, at, -1.0)
    whole = model.add_rows("whole", ("site",), at, upper=MOST)
    model.add(whole, at, grid, at)
    return flatten(model)


def by_hand(rolling: Rolling, flat: LinearProgram, known: np.ndarray) -> float:
    """Cost of the horizon: windows solved one after the other, with no more of the model than its numbers."""
    part = flat.split_columns(known)
    bought, level = part["grid"][0, :, 0].copy(), part["stored"][0, :, 0].copy()
    last, highest, paid = level[-1], 0.0, 0.0
    random = np.random.default_rng(rolling.seed)
    for first in range(0, HOURS, rolling.step):
        hours = np.arange(first, min(first + rolling.horizon, HOURS))
        count, ends = len(hours), hours[-1] == HOURS - 1
        shift = int(random.integers(1, 2)) * int(random.choice((-1, 1)))
        other = (hours + 24 * shift) % HOURS
        error = np.zeros(count)
        if not ends:
            for at in range(rolling.step, count):
                error[at] = rolling.error * (at - rolling.step + 1) / (rolling.horizon - rolling.step)
        demand = (1 - error) * DEMAND[hours] + error * DEMAND[other]
        price = (1 - error) * PRICE[hours] + error * PRICE[other]
        one, none = np.eye(count), np.zeros((count, count))
        before = np.eye(count, k=-1)
        equal = np.block([
            [one, -one, one, none, np.zeros((count, 1))],
            [none, -LOSS * one, one / LOSS, one - before, np.zeros((count, 1))],
        ])  # fmt: skip
        right = np.concatenate([demand, np.zeros(count)])
        right[count] = level[first - 1] if first else last
        less = np.block([[one, none, none, none, -np.ones((count, 1))]])
        less = np.vstack([less, np.concatenate([np.ones(count), np.zeros(3 * count + 1)])])
        outside = np.delete(bought, hours).sum()
        bounds = [(0, None)] * count + [(0, CHARGE)] * (2 * count) + [(0, STORE)] * count + [(highest, None)]
        if ends:
            bounds[4 * count - 1] = (last, last)
        found = linprog(
            np.concatenate([price, np.zeros(3 * count), [PEAK]]), less, np.append(np.zeros(count), MOST - outside),
            equal, right, bounds,
        )  # fmt: skip
        assert found.status == 0
        now = min(rolling.step, count)
        bought[hours[:now]], level[hours[:now]] = found.x[:now], found.x[3 * count : 3 * count + now]
        highest = max(highest, bought[hours[:now]].max())
        paid += PRICE[hours[:now]] @ bought[hours[:now]]
    return float(paid + PEAK * highest)


@pytest.fixture(scope="module")
def flat() -> LinearProgram:
    return shop()


@pytest.mark.parametrize(
    "rolling",
    [Rolling(24, 6, 0.0), Rolling(12, 4, 0.7, 3), Rolling(18, 9, 1.0, 5), Rolling(24, 24, 0.5)],
    ids=lambda one: f"{one.horizon}/{one.step}",
)
def test_it_costs_what_the_windows_by_hand_cost(flat: LinearProgram, rolling: Rolling) -> None:
    known = solver_sequence.solve(flat, EXACT)
    found = roll(flat, known, rolling, (), (), EXACT)
    activity = flat.matrix @ found.x
    assert (activity <= flat.row_upper + 1e-9).all()
    assert (activity >= flat.row_lower - 1e-9).all()
    assert found.objective == pytest.approx(by_hand(rolling, flat, known.x), rel=1e-7)
    assert found.objective > known.objective * (1 + 1e-4)
    assert (found.bound, found.objective) == (known.bound, pytest.approx(float(flat.cost @ found.x)))


def test_debts_are_not_put_off_beyond_the_window() -> None:
    """One unit an hour may wait, three at most, and two are served an hour. Who looks one hour ahead puts off all that may
    wait. Who may leave behind no more than the schedule that knows all hours does as it does.
    """
    model, at = Model(1, np.roll(HOUR, 1)), [("s",)]
    most = np.where(HOUR == HOURS - 1, 0.0, 3.0)[None, :, None]
    late = model.add_columns("late", ("site",), at, hourly=True, upper=most)
    serve = model.add_columns("serve", ("site",), at, hourly=True, upper=2.0, cost=PRICE[None, :, None])
    lost = model.add_columns("lost", ("site",), at, hourly=True, cost=50.0)
    due = model.add_rows("due", ("site",), at, hourly=True, lower=1.0, upper=1.0)
    for column in (late, serve, lost):
        model.add(due, at, column, at)
    model.add(due, at, late, at, -1.0, before=True)
    flat = flatten(model)
    known = solver_sequence.solve(flat, EXACT)
    found, put_off = (roll(flat, known, Rolling(1, 1, 0.0), (), owed, EXACT) for owed in (("late",), ()))
    assert known.objective < PRICE.sum()
    assert found.objective == pytest.approx(known.objective)
    assert flat.split_columns(put_off.x)["late"][0, 2:47, 0] == pytest.approx(3.0)
    assert found.objective < put_off.objective


def test_who_sees_all_hours_loses_nothing(flat: LinearProgram) -> None:
    known = solver_sequence.solve(flat, EXACT)
    assert roll(flat, known, Rolling(HOURS, 24, 1.0), (), (), EXACT).objective == pytest.approx(known.objective)


def test_what_is_settled_stays(flat: LinearProgram) -> None:
    """A peak that is settled is that of the reference, and the horizon keeps to it."""
    known = solver_sequence.solve(flat, EXACT)
    found = roll(flat, known, Rolling(HOURS, HOURS, 0.0), ("peak",), (), EXACT)
    assert flat.split_columns(found.x)["peak"] == pytest.approx(flat.split_columns(known.x)["peak"])


def test_several_periods_are_refused() -> None:
    model = Model(2, np.arange(2))
    model.add_columns("x", (), [()])
    two = flatten(model)
    with pytest.raises(SolverError, match="one period"):
        roll(two, solver_sequence.solve(two, EXACT), Rolling(2, 1))
