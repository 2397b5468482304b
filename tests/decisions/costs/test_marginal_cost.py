"""What a unit costs at each site that may serve it, held against duals that it does not read."""

from __future__ import annotations

import numpy as np
import pytest

from tests.workflow.planned import five_plan
from xisuan.decisions.costs.marginal_cost import is_priced, margins
from xisuan.equations.index_sets import Given
from xisuan.results.plan import Plan


def workloads() -> tuple[list[str], list[str]]:
    """Work that has a price at each site and hour, and work that has none."""
    plan = five_plan()
    every = plan.scenario["workloads"]["workload"].drop_duplicates().tolist()
    with_price = [name for name in every if is_priced(plan, name)]
    return with_price, [name for name in every if name not in with_price]


def test_there_is_work_to_price_and_work_that_is_not() -> None:
    """Work that may wait, is held, or may run anywhere has no price of its own at a site and an hour."""
    assert all(workloads())


def test_who_serves_asks_least_and_that_is_what_the_work_costs() -> None:
    """Complementary slackness: the cheapest of all sites is the price of the demand, and whoever serves asks no more."""
    plan = five_plan()
    weight = Given(plan.scenario, plan.scenario.settings.periods[-1:]).hourly_weight[0, :, 0]
    for workload in workloads()[0]:
        asks_least(plan, workload, weight)


def asks_least(plan: Plan, workload: str, weight: np.ndarray) -> None:
    balance, serve = plan.duals["work_balance"], plan.variables["serve"]
    found = margins(plan, workload)
    for region in {region for region, _ in found}:
        price = 1e6 * balance.values[-1][:, balance.labels.index((region, workload))] / weight
        asked = {site: one.cny for (here, site), one in found.items() if here == region}
        least = np.min(list(asked.values()), axis=0)
        assert least == pytest.approx(price, rel=1e-4, abs=1e-3)
        for at, (here, site, name, _) in enumerate(serve.labels):
            if (here, name) == (region, workload):
                runs = serve.values[-1][:, at] > 1e-3
                assert asked[site][runs] == pytest.approx(least[runs], rel=1e-4, abs=1e-3)
