"""The peak from the grid: of all sites in one hour, and none where all that is left is rounding."""

from __future__ import annotations

import pandas as pd
import pytest

from xisuan.report.run_measures import _peak


@pytest.mark.parametrize(("grid", "peak"), [((1.0, 2.0), 3.0), ((1e-14, 2e-14), 0.0), ((1e-6, 0.0), 1e-6)])
def test_rounding_of_the_solver_is_no_peak(grid: tuple[float, float], peak: float) -> None:
    """Two sites draw 3 MW each; a watt from the grid is still one."""
    power = pd.DataFrame(
        {"period": 2026, "site": ["a", "b"], "hour": 0, "grid_mw": list(grid), "facility_mw": [3.0, 3.0]}
    )
    assert _peak(power, 2026, ("a", "b")) == pytest.approx(peak, abs=1e-12)
