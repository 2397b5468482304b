"""The structured interior point finds what the simplex finds, on every shape of scenario, and proves it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.laws.strategies import Draft, full, scenarios
from xisuan.certificate.certify import certify
from xisuan.errors import InfeasibleError
from xisuan.planning.plan import plan
from xisuan.solver.highs import How

GAP = 1e-6


def agree(draft: Draft) -> None:
    """Both methods, one optimum; the certificate holds on the structured plan and proves the gap."""
    scenario = draft.build()
    try:
        exact = plan(scenario, How(solver="simplex"))
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            plan(scenario, method="structured")
        return
    found = plan(scenario, How(gap=GAP), method="structured")
    assert (found.effort.method, found.effort.solver) == ("structured", "structured")
    size = max(1.0, abs(exact.objective))
    assert found.objective == pytest.approx(exact.objective, abs=2 * GAP * size)
    assert found.lower_bound <= exact.objective + 1e-9 * size
    assert found.gap <= GAP
    certificate = certify(scenario, found)
    assert certificate.ok, certificate.findings
    assert certificate.max_violation <= 1e-6
    assert (found.objective - certificate.lower_bound) / size <= 2 * GAP


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_any_scenario_has_the_optimum_of_the_simplex(draft: Draft) -> None:
    agree(draft)


@pytest.mark.parametrize("hours", ["one", "hours:2", "hours:3", "hours:9"])
@pytest.mark.parametrize("seed", range(4))
def test_the_scenario_with_every_part(hours: str, seed: int) -> None:
    agree(full(seed, hours=hours, periods=(2026, 2028)))
