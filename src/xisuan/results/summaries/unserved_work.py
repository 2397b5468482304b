"""Work that is left undone, as a share of what was asked for in the modelled hours: one share wherever it is said."""

from __future__ import annotations

import pandas as pd

CRUMB = 1e-6
"""Share below which work left undone is rounding of the solver."""
NAMED = 3
"""How many workloads are named."""


def undone(service: pd.DataFrame) -> pd.DataFrame:
    """Table `service` by period and workload: columns period, workload, units (yearly mean not served), share of the
    demand in the modelled hours; the largest share first, none that is rounding."""
    lost = service.assign(lost=service["units"].where(service["site"] == "", 0.0))
    sums = lost.groupby(["period", "workload"])[["lost", "units"]].sum()
    sums = sums.assign(share=(sums["lost"] / sums["units"]).where(sums["units"] > 0))
    found = sums.drop(columns="units").rename(columns={"lost": "units"}).reset_index()
    return found[found["share"] > CRUMB].sort_values("share", ascending=False, kind="stable").reset_index(drop=True)
