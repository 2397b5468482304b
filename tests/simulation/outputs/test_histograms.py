"""Percentiles of the meters against sorted values, over many orders of magnitude."""

from __future__ import annotations

import numpy as np
import pytest

from xisuan.simulation.core.records import DONE
from xisuan.simulation.outputs import histograms
from xisuan.simulation.outputs.histograms import MEASURES, STATISTICS, Meter


@pytest.mark.parametrize("count", [1, 2, 3, 99, 100, 101, 5000])
def test_percentiles_are_those_of_sorted_values(count: int) -> None:
    rng = np.random.default_rng(count)
    done = np.zeros(count, DONE)
    done["run"], done["servers"], done["deadline"] = 1.0, 1, np.inf
    done["start"] = np.where(rng.random(count) < 0.2, 0.0, 10.0 ** rng.uniform(-5, 9, count))
    done["finish"] = done["start"] + done["run"]
    group = rng.integers(0, 3, count)
    meter = Meter({"region": ["a", "b", "c", "nobody"]})
    meter.add(done, region=group)
    found = meter.values()
    response = done["finish"]
    values = {
        "wait_s": done["start"],
        "response_s": response,
        "slowdown": np.maximum(1.0, response / histograms.SHORT_S),
    }
    for row, mine in enumerate([np.ones(count, bool), *(group == member for member in range(4))]):
        for m, measure in enumerate(MEASURES):
            if not mine.any():
                assert np.isnan(found[row, m]).all()
                continue
            ordered = np.sort(values[measure][mine])
            ranks = [int(np.ceil(len(ordered) * int(name[1:]) / 100)) - 1 for name in STATISTICS[1:-1]]
            expected = [ordered.mean(), *ordered[ranks], ordered[-1]]
            np.testing.assert_allclose(found[row, m], expected, rtol=4e-3, atol=1e-6)


def test_tables_leave_out_where_nothing_was_finished() -> None:
    done = np.zeros(4, DONE)
    done["run"], done["servers"], done["deadline"], done["finish"] = 1.0, 1, np.inf, 1.0
    runs = []
    for start in (0.0, 2.0):
        done["start"] = start
        meter = Meter({"region": ["a", "b"]})
        meter.add(done, region=np.zeros(4, np.int64))
        runs.append(meter.values())
    table = histograms.measures(meter.names, runs)
    assert table["what"].unique().tolist() == ["", "a"]
    assert len(table) == 2 * len(MEASURES) * len(STATISTICS)
    wait = table[(table["by"] == "region") & (table["measure"] == "wait_s") & (table["statistic"] == "mean")].iloc[0]
    # Two runs with means 0 and 2: 1 ± 12.706 × √2 / √2 (Student, one degree of freedom).
    assert (wait["value"], wait["low"], wait["high"]) == pytest.approx((1.0, 1.0 - 12.7062, 1.0 + 12.7062), abs=1e-3)
