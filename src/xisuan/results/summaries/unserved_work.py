"""Unserved work as a share of demand in the modelled hours: the one definition for all pages and tables."""

from __future__ import annotations

import pandas as pd

CRUMB = 1e-6
"""Share of demand below which unserved work is rounding of the solver."""
NAMED = 3
"""Number of workloads that are named."""


def undone(service: pd.DataFrame) -> pd.DataFrame:
    """Return unserved work from table `service`, the largest share first, without rounding noise.

    Columns: period, workload, units (yearly mean not served), share of the demand in the modelled hours.
    """
    lost = service.assign(lost=service["units"].where(service["site"] == "", 0.0))
    sums = lost.groupby(["period", "workload"])[["lost", "units"]].sum()
    sums = sums.assign(share=(sums["lost"] / sums["units"]).where(sums["units"] > 0))
    found = sums.drop(columns="units").rename(columns={"lost": "units"}).reset_index()
    return found[found["share"] > CRUMB].sort_values("share", ascending=False, kind="stable").reset_index(drop=True)
