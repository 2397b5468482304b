"""Directions of duals that hardly anything feels: solved for what they are, and days that just fit reach their optimum."""

from __future__ import annotations

import numpy as np
import pytest

from xisuan.dispatch.operate import _capacities
from xisuan.equations.assemble import assemble
from xisuan.interior.deflation import Deflation
from xisuan.interior.form import standard
from xisuan.interior.solve import solve
from xisuan.planning.plan import plan
from xisuan.scenario.synthetic import country
from xisuan.solver import highs
from xisuan.solver.flat import flatten
from xisuan.solver.highs import How
from xisuan.workflow.days import on_days


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("days", [None, [120, 300]])
def test_a_plan_operated_where_work_just_fits_has_the_optimum_of_the_simplex(seed: int, days: list[int] | None) -> None:
    """On its own hours a plan has no room to spare, on other days little."""
    scenario = country(5, 4, seed=seed, hours="hours:24")
    found = plan(scenario, How(solver="simplex"), method="direct")
    (period,) = scenario.settings.periods
    hours = scenario if days is None else on_days(scenario, days)
    flat = flatten(assemble(hours, (period,), _capacities(found, period)).model)
    exact = highs.solve(flat, How(solver="simplex")).objective
    assert solve(flat, How(gap=1e-6)).objective == pytest.approx(exact, rel=2e-6)


def test_energies_are_sums_of_squares_and_what_cancels_is_nothing() -> None:
    """A direction's solve takes from a residual exactly its part in the direction, by arithmetic of its own."""
    form = standard(flatten(assemble(country(4, 3, hours="hours:12")).model))
    rng = np.random.default_rng(0)
    theta = np.where(form.moves, 10.0 ** rng.uniform(-8.0, 8.0, len(form.cost)), 0.0)
    slack = np.where(form.slack_moves, 10.0 ** rng.uniform(-8.0, 8.0, len(form.side)), 0.0)
    deflation = Deflation(form)
    deflation.weigh(theta, slack)
    assert not deflation
    y = np.where(form.masked, 0.0, rng.normal(size=len(form.side)))
    y[: form.template.periods * form.template.period_rows] = 0.0
    deflation.add(y)
    right = rng.normal(size=len(form.side))
    dy, pull = deflation.solve(right)
    energy = theta @ np.where(form.moves, form.pull(y), 0.0) ** 2 + slack @ y**2
    assert dy == pytest.approx((y @ right) / energy * y, rel=1e-9)
    assert pull == pytest.approx(np.where(form.moves, form.pull(dy), 0.0), rel=1e-6, abs=1e-12 * np.abs(pull).max())
    deflation.forget()
    assert not deflation
