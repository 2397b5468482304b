"""PyPSA's own example networks: the optimum of HiGHS's simplex, and everything that a solved network holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gnomon.pypsa
from gnomon.options import Options
from tests.gnomon.linopy import reading
from tests.gnomon.linopy.test_networks import QUIET

pypsa = pytest.importorskip("pypsa")

EXAMPLES = Path(__file__).with_name("examples")
OBJECTIVES = {"ac-dc-meshed": -3474256.0405, "storage-hvdc": 14670508.8254, "model-energy": 8078135675.4512}
"""`n.objective` by HiGHS with default options."""


def example(name: str):
    return pypsa.Network(str(EXAMPLES / f"{name}.nc"))


@pytest.mark.parametrize("name", ["ac-dc-meshed", "storage-hvdc", pytest.param("model-energy", marks=pytest.mark.long)])
def test_the_optimum_is_that_of_highs_and_its_own_matrices_prove_it(name: str) -> None:
    """Long: the largest example; the others prove the same of lines, storage and extendable parts."""
    n = example(name)
    report = gnomon.pypsa.optimize(n, options=Options(threads=1), include_objective_constant=True)
    assert (report.status, report.condition) == ("ok", "optimal")
    assert n.objective == pytest.approx(OBJECTIVES[name], rel=1e-6)
    seen = reading.read(n.model)
    assert report.gap <= 1e-6
    assert -1e-8 <= seen.gap <= 1e-6
    assert seen.charge <= 1e-6
    assert seen.violation <= 1e-7
    assert report.bound <= OBJECTIVES[name] + 1e-4


@pytest.mark.parametrize("name", ["ac-dc-meshed", "storage-hvdc"])
def test_a_network_holds_what_it_holds_after_highs(name: str) -> None:
    ours, theirs = example(name), example(name)
    gnomon.pypsa.optimize(ours, gap=1e-8, options=Options(threads=1), include_objective_constant=True)
    theirs.optimize(solver_name="highs", io_api="direct", solver_options=QUIET, include_objective_constant=True)
    for one, other in zip(ours.components, theirs.components, strict=True):
        assert set(one.dynamic) == set(other.dynamic)
        assert list(one.static.columns) == list(other.static.columns)
        for key, table in one.dynamic.items():
            assert table.shape == other.dynamic[key].shape, (one.name, key)
    prices, known = ours.buses_t.marginal_price, theirs.buses_t.marginal_price
    np.testing.assert_allclose(prices, known, rtol=1e-3, atol=1e-2)
    assert ours.statistics.capex().sum() + ours.statistics.opex().sum() == pytest.approx(
        theirs.statistics.capex().sum() + theirs.statistics.opex().sum(), rel=1e-6
    )
