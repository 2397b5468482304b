"""Four hundred cases, or two thousand: the cyclic window of deferral allows exactly what job-by-job variables allow.

The equations bound what waits (`backlog` ≤ what arrived in the last `defer_hours` hours, wrapping in the block). The
second model here has a variable for every hour in which the work of every hour may run, and no backlog; it is solved
by scipy. Its optimum must be that of the plan, case by case. The cases share a scenario where they share their
blocks, but nothing else: each has a workload, a technology, a site and a price of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

import xisuan as xs

Array = NDArray[np.float64]

BLOCKS = (
    (1,), (2,), (3,), (5,), (8,), (12,), (17,), (24,), (36,), (48,),
    (1, 1), (1, 4), (2, 9), (6, 6), (5, 12), (24, 3), (24, 24), (1, 2, 3), (4, 7, 10), (12, 1, 12, 5),
)  # fmt: skip
"""Lengths of the blocks of each scenario, hours."""
MWH = 1e-3
"""mCNY for a MWh at 1 CNY/kWh."""


@dataclass(frozen=True)
class Case:
    """One site and one workload. `demand` and `price` have shape (hours,); a blank drop price is infinite."""

    defer: int
    demand: Array
    price: Array
    standing: float
    attains: float
    capex: float
    drop: float
    pairwise: bool


def draw(rng: np.random.Generator, hours: int) -> Case:
    """Lumpy demand, capacity about as large as its mean, and windows from nothing to four times the longest block."""
    demand = rng.integers(0, 10, hours) * rng.integers(0, 2, hours)
    demand[rng.integers(hours)] += 5
    standing = float(rng.integers(0, 2 + int(1.5 * demand.mean())))
    capex, drop = rng.choice([0.0, 20.0, 4000.0]), rng.choice([0.3, 2.0, np.inf])
    if capex == 0.0 and drop == np.inf:  # nothing to buy and nothing to drop: enough must stand for the worst hour
        standing = float(demand.max()) / 0.5
    return Case(
        defer=int(rng.choice([0, 1, 2, 3, 6, 11, 23, 24, 25, hours - 1, hours, hours + 2, 2 * hours + 1, 4 * hours])),
        demand=demand.astype(float),
        price=rng.integers(1, 9, hours) / 4,
        standing=standing,
        attains=float(rng.choice([1.0, 0.8, 0.5])),
        capex=capex,
        drop=drop,
        pairwise=bool(rng.integers(2)),
    )


def weights(blocks: tuple[int, ...]) -> Array:
    """Hours of the year that an hour of each block stands for; uneven, and 8,760 in all."""
    share = np.arange(1, len(blocks) + 1) / np.arange(1, len(blocks) + 1).sum()
    return 8760 * share / np.array(blocks)


def job_by_job(case: Case, blocks: tuple[int, ...]) -> float:
    """Least cost of a year where the work of every hour has a variable for each hour in which it may run, mCNY."""
    hours, each = sum(blocks), np.repeat(weights(blocks), blocks)
    start = np.repeat(np.cumsum((0, *blocks[:-1])), blocks)
    length = np.repeat(blocks, blocks)
    runs = [
        (arrived, start[arrived] + (arrived - start[arrived] + wait) % length[arrived])
        for arrived in range(hours)
        for wait in range(min(case.defer + 1, length[arrived]))
    ]
    arrived, at = np.array(runs).T
    drops = hours if np.isfinite(case.drop) else 0
    n = len(runs)
    done = sp.hstack([sp.csr_array((np.ones(n), (arrived, np.arange(n))), (hours, n)), sp.eye_array(hours, drops)])
    done = sp.hstack([done, sp.csr_array((hours, 1))])
    load = sp.csr_array((np.ones(n), (at, np.arange(n))), (hours, n + drops))
    load = sp.hstack([load, sp.csr_array(np.full((hours, 1), -case.attains))])
    cost = np.concatenate([(case.price * MWH * each)[at], case.drop * each[:drops], [case.capex]])
    bounds = [(0, None)] * (n + drops) + [(0, None if case.capex else 0)]
    found = linprog(cost, load, np.full(hours, case.attains * case.standing), done, case.demand, bounds)
    assert found.status == 0, found.message
    return float(found.fun)


def scenario(cases: list[Case], blocks: tuple[int, ...]) -> xs.Scenario:
    """All cases side by side, in the public format."""
    first = np.cumsum((0, *blocks[:-1])) * 3 + 100
    modelled = np.concatenate([np.arange(begin, begin + hours) for begin, hours in zip(first, blocks, strict=True)])
    profiles = {"hour": np.arange(8760)}
    for i, case in enumerate(cases):
        for name, values in (("demand", case.demand), ("price", case.price)):
            profiles[f"{name}-{i}"] = np.ones(8760)
            profiles[f"{name}-{i}"][modelled] = values
    number = range(len(cases))
    one = pd.DataFrame({"case": number})
    site, technology, work, zone = (f"{name}-" + one["case"].astype(str) for name in ("site", "server", "work", "zone"))
    alone = [(f"site-{i}", f"server-{j}", 0) for i in number for j in number if i != j]
    never = np.array([2020 if case.capex == 0 else np.nan for case in cases])
    tables = {
        "regions": pd.DataFrame({"region": ["here"]}),
        "sites": pd.DataFrame({"site": site, "zone": zone}),
        "technologies": pd.DataFrame(
            {
                "technology": technology,
                "class": "general",
                "mw_per_unit": 1,
                "attainable_utilisation": [case.attains for case in cases],
                "capex_mcny_per_unit": [case.capex for case in cases],
                "available_until": never,
            }
        ),
        "fleet": pd.DataFrame({"site": site, "technology": technology, "units": [case.standing for case in cases]}),
        "limits": pd.DataFrame(alone, columns=["site", "technology", "max_units"]),
        "workloads": pd.DataFrame(
            {
                "workload": work,
                "class": technology,
                "latency_ms": [5 if case.pairwise else np.nan for case in cases],
                "defer_hours": [case.defer for case in cases],
                "unserved_mcny_per_unit_hour": [np.nan if np.isinf(case.drop) else case.drop for case in cases],
            }
        ),
        "demand": pd.DataFrame(
            {
                "region": "here",
                "workload": work,
                "period": 2026,
                "units": [profiles[f"demand-{i}"].mean() for i in number],
                "profile": "demand-" + one["case"].astype(str),
            }
        ),
        "latency": pd.DataFrame({"region": "here", "site": site, "latency_ms": 1}),
        "power": pd.DataFrame({"zone": zone, "price": "price-" + one["case"].astype(str)}),
        "profiles": pd.DataFrame(profiles),
        "blocks": pd.DataFrame(
            {
                "block": [f"block-{i}" for i in range(len(blocks))],
                "first_hour": first,
                "hours": blocks,
                "weight": weights(blocks),
            }
        ),
    }
    return xs.build({"name": "deferral", "base_year": 2026, "capital": "full"}, tables)


def planned(plan: xs.Plan, number: int) -> float:
    """What one case costs in the plan, mCNY: its site, and the work of its workload that is dropped."""
    costs = plan.costs[plan.costs["where"] == f"site-{number}"]
    dropped = plan.variables.get("unserved")
    total = float(costs["discounted_mcny"].sum())
    if dropped is not None and ("here", f"work-{number}") in dropped.labels:
        at = dropped.labels.index(("here", f"work-{number}"))
        price = plan.scenario["workloads"]["unserved_mcny_per_unit_hour"][number]
        total += float(dropped.values[0, :, at] @ plan.scenario.timeline.weight) * price
    return total


@pytest.mark.parametrize("count", [12, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.parametrize("blocks", BLOCKS, ids=lambda blocks: "+".join(map(str, blocks)))
def test_window_is_exact(blocks: tuple[int, ...], count: int) -> None:
    rng = np.random.default_rng(sum(2**i * hours for i, hours in enumerate(blocks)))
    cases = [draw(rng, sum(blocks)) for _ in range(count)]
    plan = xs.plan(scenario(cases, blocks), xs.Options(solver="simplex"))
    exact = np.array([job_by_job(case, blocks) for case in cases])
    assert [planned(plan, i) for i in range(count)] == pytest.approx(exact, rel=1e-9)
    assert plan.objective == pytest.approx(exact.sum(), rel=1e-9)
