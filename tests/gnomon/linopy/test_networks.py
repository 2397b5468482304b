"""Every family of PyPSA's linear constraints against HiGHS's simplex."""

from __future__ import annotations

import linopy
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

import gnomon.linopy
from gnomon.options import Options
from tests.gnomon.linopy import networks, reading

GAP = 1e-6
QUIET = {"output_flag": False, "solver": "simplex", "presolve": "on"}
NETWORKS = st.builds(
    networks.network,
    st.integers(0, 2**32 - 1),
    st.integers(2, 30),
    st.integers(1, 4),
    st.frozensets(st.sampled_from(networks.FEATURES), min_size=3),
    st.sampled_from([1, 1, 2]),
)


def compare(model: linopy.Model, gap: float = GAP) -> None:
    """Solve with the engine and with HiGHS's simplex: same status, same objective, duals that prove it."""
    report = gnomon.linopy.run(model, gap=gap, options=Options(threads=1))
    ours = reading.read(model) if report.status == "ok" else None
    value = model.objective.value
    status, condition = model.solve(solver_name="highs", io_api="direct", **QUIET)
    assert (report.status, report.condition) == (status, condition), report.reason
    if ours is None:
        return
    theirs = model.objective.value
    assert value == pytest.approx(theirs, rel=2 * gap, abs=1e-6)
    assert ours.violation < 1e-7
    assert ours.charge <= gap, "reduced costs of columns without bounds"
    assert -1e-7 <= ours.gap <= gap * (1 + 1e-3), "linopy's own matrices confirm the gap"
    assert report.gap <= gap
    assert report.bound <= theirs + 1e-9 * abs(theirs)


def model_of(n) -> linopy.Model:
    """Return the model. PyPSA 1.4 itself fails to build that of some networks with investment periods: skip these."""
    several = n.snapshots.nlevels > 1
    try:
        return n.optimize.create_model(multi_investment_periods=several, include_objective_constant=False)
    except (KeyError, ValueError):
        if several:
            reject()
        raise


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(NETWORKS)
def test_random_networks(n) -> None:
    """Few, because PyPSA takes ten times as long to build a network as the engine to solve it."""
    compare(model_of(n))


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(NETWORKS)
def test_many_random_networks(n) -> None:
    compare(model_of(n))
