"""A path's latency is that of the period, so who may serve whom can change with it."""

import pandas as pd
import pytest

from xisuan.certificate.certify_plan import certify
from xisuan.planning.expansion import plan
from xisuan.scenario import load
from xisuan.scenario.queries import routing
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Settings


def one_link(first_ms: float, then_ms: float) -> Scenario:
    """Region A, site S beyond one link whose latency changes in 2027; the limit is 2.5 ms, dropping work is dear."""
    tables = {
        "regions": {"region": ["A"]},
        "nodes": {"node": ["N"]},
        "sites": {"site": ["S"], "node": ["N"], "it_limit_mw": [1000.0]},
        "technologies": {
            "technology": ["g"],
            "class": ["general"],
            "mw_per_unit": [0.1],
            "capex_mcny_per_unit": [1.0],
            "life_years": [5],
        },
        "workloads": {
            "workload": ["w"],
            "class": ["general"],
            "latency_ms": [2.5],
            "gbps_per_unit": [0.1],
            "unserved_mcny_per_unit_hour": [0.01],
        },
        "demand": {"region": ["A", "A"], "workload": ["w", "w"], "period": [2026, 2027], "units": [10.0, 10.0]},
        "links": {
            "link": ["L", "L"],
            "period": [2026, 2027],
            "from": ["A", "A"],
            "to": ["N", "N"],
            "latency_ms": [first_ms, then_ms],
            "capacity_gbps": [100.0, 100.0],
        },
    }
    frames = {name: pd.DataFrame(columns) for name, columns in tables.items()}
    return load.build(Settings(name="one-link", periods=(2026, 2027)), frames)


@pytest.mark.parametrize(
    ("first_ms", "then_ms", "usable"),
    [(3.0, 2.0, (False, True)), (2.0, 2.8, (True, False)), (2.0, 2.2, (True, True))],
)
def test_a_link_that_changes_speed_changes_who_is_served(
    first_ms: float, then_ms: float, usable: tuple[bool, bool]
) -> None:
    """Served (10 units) just in the periods in which the link is within 2.5 ms, and the certificate agrees."""
    scenario = one_link(first_ms, then_ms)
    (option,) = routing.eligible(scenario, "w")
    assert option.usable == usable
    found = plan(scenario)
    served = found.service[found.service["site"] == "S"].groupby("period")["units"].sum()
    assert dict(served) == {year: pytest.approx(10.0) for year, use in zip((2026, 2027), usable, strict=True) if use}
    assert certify(scenario, found).ok
