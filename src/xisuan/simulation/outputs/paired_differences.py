"""Paired differences between policies on the same jobs, with confidence intervals.

Each replication draws its jobs and failures from its own seed, which is the same for all policies (common random
numbers). Variation common to both policies cancels in the difference, so its interval is narrower than theirs.
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
"""Figures for which differences are reported."""


def student(values: Array) -> tuple[Array, Array]:
    """Return the mean over the first axis and the half-width of its 95 % Student interval; NaN for a single value."""
    mean = values.mean(axis=0)
    if len(values) < 2:
        return mean, np.full_like(mean, np.nan)
    half = values.std(axis=0, ddof=1) / math.sqrt(len(values)) * float(special.stdtrit(len(values) - 1, 0.975))
    return mean, np.asarray(half)


def differences(runs: Mapping[str, Sequence[Mapping[str, float]]]) -> pd.DataFrame:
    """Return table `differences`: the first policy less each other, paired by replication. `runs`: figures by policy.

    A figure that is undefined in some replication (nothing finished, nothing embodied) is left out.
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
