"""Random models with every feature of the template: status and optimum as HiGHS's simplex, and as built in.

The interior point may end without a proof, after which `auto` asks HiGHS; it may not find another status or optimum. It ends
so where columns without bounds leave the Newton system few digits, in an eighth of these models, a third of whose columns
have no bound or are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

import gnomon
from gnomon import InfeasibleError, LinearProgram, Options, UnboundedError
from gnomon.highs import solver_sequence
from gnomon.highs.highs_status import explain_status
from gnomon.proof import weak_duality
from tests.gnomon.random_models import draw

GAP = 1e-7
FEW, MANY = 60, 2000
"""Models of the short test and of the long one."""
UNPROVEN = 0.2
"""Largest share of models for which the interior point may end without a proof."""


def status(flat: LinearProgram, method: str) -> tuple[str, float, float]:
    """Return status, objective and bound of a model by the structured method or by simplex."""
    try:
        if method == "structured":
            found = gnomon.solve_structured(flat, Options(gap=GAP, threads=1))
        else:
            found = solver_sequence.solve(flat, Options(solver="simplex", threads=1))
    except InfeasibleError as error:
        confirmed = error.proof is None or weak_duality.contradiction(flat, error.proof) > 0.0
        return "infeasible" if confirmed else "infeasible without proof", np.nan, np.nan
    except UnboundedError:
        return "unbounded", np.nan, np.nan
    except gnomon.UnprovenError:
        return "unproven", np.nan, np.nan
    except gnomon.SolverError as error:
        if explain_status("kUnbounded") not in str(error):
            raise
        return "unbounded", np.nan, np.nan
    assert weak_duality.violation(flat, found.x) < 1e-6
    return "optimal", found.objective, found.bound


def compare(seed: int) -> str:
    """Return the status of a model by the structured method, which is that of simplex with the same optimum."""
    drawn = draw(seed)
    flat = gnomon.flatten(drawn.model)
    ours, theirs = status(flat, "structured"), status(flat, "simplex")
    assert ours[0] in (theirs[0], "unproven"), seed
    if ours[0] == "optimal":
        size = max(1e-6, abs(theirs[1]))
        assert abs(ours[1] - theirs[1]) <= 2e-6 * size, seed
        assert ours[2] <= theirs[1] + 1e-6 * size, seed
    if drawn.cost is not None:
        assert theirs[0] == "optimal", seed
        assert theirs[1] == pytest.approx(drawn.cost, rel=2e-6, abs=1e-6), seed
    return ours[0]


def test_random_models_have_the_status_and_the_optimum_of_simplex() -> None:
    found = [compare(seed) for seed in range(FEW)]
    assert {"optimal", "infeasible", "unbounded"} <= set(found)
    assert found.count("unproven") <= UNPROVEN * FEW


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, FEW), marks=pytest.mark.long)])
def test_duals_have_the_sign_of_a_side(seeds: range) -> None:
    """Also where the gap is wide: what proves the bound is what is returned. Long: more models of the same kinds."""
    for flat in (gnomon.flatten(draw(seed).model) for seed in seeds if draw(seed).cost is not None):
        for solve in (gnomon.solve_structured, gnomon.solve_direct):
            try:
                dual = solve(flat, Options(gap=1e-2, threads=1)).row_dual
            except gnomon.SolverError:
                continue
            assert not ((dual > 0.0) & np.isneginf(flat.row_lower)).any()
            assert not ((dual < 0.0) & np.isposinf(flat.row_upper)).any()


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, MANY, 100))
def test_two_thousand_random_models(first: int) -> None:
    found = [compare(seed) for seed in range(FEW + first, FEW + first + 100)]
    assert found.count("unproven") <= UNPROVEN * len(found)
