"""Published sums of carbon intensity for jobs that may wait and pause: Germany 2022, 1, 6 and 24 hours, slack 24 and 168.

Source: "On the limitations of carbon-aware temporal and spatial workload shifting", EuroSys 2024. A job of L hours
is L units of work that arise at once where one unit stands, in a block of its own: so no more than one runs in an hour,
and the plan of least carbon pauses it in the dirty hours of its window. A job that may not pause is one start, which emits
what all its hours do: one unit of work, on the sums of L hours of intensity, that may wait for the slack alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from tests.cases.folders import case

JOBS = 40


def published(length: int, slack: int) -> pd.DataFrame:
    return pd.read_csv(case("deferral") / f"DE_job{length}_slack{slack}.csv.gz")


def scenario(length: int, window: int, starts: np.ndarray, intensity: np.ndarray) -> xs.Scenario:
    """One block for each job, one unit of equipment, grid energy of the published intensity."""
    arises = np.zeros(8760)
    arises[starts] = length
    tables = {
        "regions": pd.DataFrame({"region": ["here"]}),
        "sites": pd.DataFrame({"site": ["site"], "zone": ["grid"]}),
        "technologies": pd.DataFrame(
            {"technology": ["server"], "class": ["general"], "mw_per_unit": [1.0], "available_until": [2020.0]}
        ),
        "fleet": pd.DataFrame({"site": ["site"], "technology": ["server"], "units": [1.0]}),
        "workloads": pd.DataFrame({"workload": ["job"], "class": ["general"], "defer_hours": [window - 1.0]}),
        "demand": pd.DataFrame(
            {"region": ["here"], "workload": ["job"], "period": [2026], "units": [arises.mean()], "profile": ["arises"]}
        ),
        "power": pd.DataFrame({"zone": ["grid"], "price": ["free"], "co2_kg_per_kwh": ["intensity"]}),
        "profiles": pd.DataFrame(
            {"hour": np.arange(8760), "arises": arises, "intensity": intensity / 1000, "free": np.zeros(8760)}
        ),
        "blocks": pd.DataFrame(
            {
                "block": [f"job-{at}" for at in range(len(starts))], "first_hour": starts, "hours": window,
                "weight": 8760 / (window * len(starts)),
            }
        ),
    }  # fmt: skip
    return xs.build({"name": "deferral", "base_year": 2026, "objective": "carbon"}, tables)


def least(length: int, window: int, starts: np.ndarray, intensity: np.ndarray) -> np.ndarray:
    """What each job emits by the plan of least carbon, which is certified. Shape (jobs,)."""
    plan = xs.plan(scenario(length, window, starts, intensity), xs.Options(solver="simplex"))
    assert plan.certificate is not None
    assert plan.certificate.ok
    load = plan.load.set_index("hour")["units"].reindex(range(JOBS * window)).fillna(0.0).to_numpy()
    hours = (starts[:, None] + np.arange(window)).ravel()
    return np.asarray((load * intensity[hours]).reshape(JOBS, window).sum(axis=1))


@pytest.mark.parametrize("length", [1, 6, 24])
@pytest.mark.parametrize("slack", [24, 168])
def test_every_job_emits_what_was_published(length: int, slack: int) -> None:
    window = length + slack
    listed = published(1, 24)["slack_0"].to_numpy()
    intensity = np.append(listed, np.full(8760 - len(listed), listed.max()))
    table = published(length, slack)
    starts = np.linspace(0, min(len(table), len(listed) - window) - 1, JOBS).astype(int)
    emitted = least(length, window, starts, intensity)
    np.testing.assert_allclose(emitted, table["interrupt"].to_numpy()[starts], rtol=1e-6)


@pytest.mark.parametrize("length", [1, 6, 24])
@pytest.mark.parametrize("slack", [24, 168])
def test_a_job_that_may_not_pause_emits_what_was_published(length: int, slack: int) -> None:
    listed = published(1, 24)["slack_0"].to_numpy()
    table = published(length, slack)
    whole = np.lib.stride_tricks.sliding_window_view(listed, length).sum(axis=1)
    starts = np.linspace(0, min(len(table), len(whole) - slack) - 1, JOBS).astype(int)
    series = np.append(whole, np.full(8760 - len(whole), whole.max()))
    emitted = least(1, slack + 1, starts, series)
    np.testing.assert_allclose(emitted, table["non_interrupt"].to_numpy()[starts], rtol=1e-6)
