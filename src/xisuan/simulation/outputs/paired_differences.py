"""Policies side by side on the same jobs: the mean of their differences, and how sure it is.

Every replication draws its jobs, and what fails, from a seed of its own, which is the same for every policy. What chance
gives to both cancels in the difference (common random numbers), so its interval is narrower than that of either policy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import special

from xisuan.simulation.plan_inputs.schedule_shares import Array

COMPARED = (
    "done_share", "late_share", "energy_mcny", "grid_mwh", "location_t", "market_t", "embodied_t",
    "mean_wait_s", "p95_wait_s", "mean_response_s", "p95_response_s", "mean_slowdown",
)  # fmt: skip
"""Figures of which differences are given."""


def student(values: Array) -> tuple[Array, Array]:
    """Mean over the first axis and half of Student's 95 % interval of it; NaN where there is one value only."""
    mean = values.mean(axis=0)
    if len(values) < 2:
        return mean, np.full_like(mean, np.nan)
    half = values.std(axis=0, ddof=1) / math.sqrt(len(values)) * float(special.stdtrit(len(values) - 1, 0.975))
    return mean, np.asarray(half)


def differences(runs: Mapping[str, Sequence[Mapping[str, float]]]) -> pd.DataFrame:
    """Table `differences`: the first policy less each other, replication by replication. `runs`: figures by policy.

    What a replication cannot say (nothing was finished, nothing was embodied) is said of none.
    """
    (policy, mine), *others = runs.items()
    rows = []
    for against, theirs in others:
        for measure in COMPARED:
            pairs = zip(mine, theirs, strict=True)
            mean, half = student(np.array([ours[measure] - other[measure] for ours, other in pairs]))
            if np.isfinite(mean):
                rows.append((policy, against, measure, float(mean), float(mean - half), float(mean + half)))
    return pd.DataFrame(rows, columns=["policy", "against", "measure", "difference", "low", "high"])
