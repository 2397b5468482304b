"""Frequency of each asset among plans of one scenario, and the assets that are built in nearly all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.scenario.scenario import Scenario

BUILT = 0.01
"""Share of the largest amount in any plan from which a plan counts as building an asset."""
ROBUST = 0.9
"""Share of plans that build an asset from which it is called robust."""
ROUNDING = 1e-9
"""Rounding error of a sum of probabilities."""
UNITS = {"hall": "MW", "solar": "MW", "wind": "MW", "battery": "MW", "battery_energy": "MWh", "retrofit": "MW"}
"""Units of assets; equipment has its technology's unit, a link Gbps or modules."""
COLUMNS = ["asset", "where", "technology", "unit", "share", "least", "mean", "most", "robust"]


def things(builds: pd.DataFrame) -> dict[str, float]:
    """Return the amounts that a plan builds over all periods of its table `builds`: asset:where:technology → amount."""
    keys = [":".join(parts) for parts in zip(builds["asset"], builds["where"], builds["technology"], strict=True)]
    return {str(key): float(value) for key, value in builds["amount"].groupby(keys, sort=True).sum().items()}


def frequency(
    scenario: Scenario, built: pd.DataFrame, weight: NDArray[np.float64], without: float = 0.0
) -> pd.DataFrame:
    """Return how often each asset is built by plans with weights `weight`.

    `built` has a row a plan and a column an asset. `without` is the total weight of members without a plan: they build
    nothing.

    Columns `asset`, `where`, `technology`, `unit`, `share` (of all), `least`, `mean`, `most` (the amount over all
    periods in the plans, 0 where it is not built) and `robust`: built in `ROBUST` of all or more. The most frequent
    come first.
    """
    rows, planned = [], float(weight.sum())
    for thing in built.columns:
        amount = built[thing].to_numpy(dtype=np.float64)
        most = float(amount.max(initial=0.0))
        if most <= 0.0:
            continue
        share = float(weight[amount >= BUILT * most].sum()) / (planned + without)
        spread = (float(amount.min()), float(np.average(amount, weights=weight)), most)
        asset, where, technology = thing.split(":", 2)
        unit = _unit(scenario, asset, technology)
        rows.append((asset, where, technology, unit, share, *spread, share >= ROBUST - ROUNDING))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(["share", "mean"], ascending=False, kind="stable").reset_index(drop=True)


def _unit(scenario: Scenario, asset: str, technology: str) -> str:
    if asset == "link":
        return "modules" if technology else "Gbps"
    if asset != "compute":
        return UNITS.get(asset, "")
    rows = scenario["technologies"]
    return str(rows.loc[rows["technology"] == technology, "unit"].iloc[0])
