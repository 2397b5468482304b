"""Carbon-aware placement finds the published least emissions of 30 cloud regions.

The numbers are those of Sukprasert, Souza, Bashir, Irwin and Shenoy, "On the limitations of carbon-aware temporal and
spatial workload shifting in the cloud", EuroSys'24: mean emissions of a unit of load by latency limit, for idle
capacity of 0 % and 99 % at every site.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import xisuan as xs
from tests.cases import folders, placement


@pytest.mark.parametrize("limit_ms", placement.LIMITS_MS)
@pytest.mark.parametrize("idle_pct", [0, 99])
def test_least_emissions(limit_ms: int, idle_pct: int, tmp_path: Path) -> None:
    source = folders.case("placement")
    published = pd.read_csv(source / "expected_emissions.csv", index_col="latency").loc[limit_ms, str(idle_pct)]
    scenario = xs.load(placement.write(source, limit_ms, idle_pct / 100, tmp_path / "placement"))
    plan = xs.plan(scenario)
    regions = len(scenario["regions"])
    assert regions == 30
    assert plan.certificate.ok
    assert placement.mean_g_per_unit(plan.objective, regions) == pytest.approx(published, abs=5e-5)
    assert placement.mean_g_per_unit(plan.lower_bound, regions) == pytest.approx(published, abs=5e-5)
