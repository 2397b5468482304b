"""Bounds beside policies and queues: below everything that was simulated, and as another method computes them."""

from __future__ import annotations

import dataclasses
import heapq
import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.simulation.test_simulate import plan as plan  # noqa: PLC0414 - a fixture
from tests.simulation.test_simulate import roomy as roomy  # noqa: PLC0414 - a fixture
from xisuan.results.plan import Plan
from xisuan.simulation.jobs import Jobs, jobs, pieces
from xisuan.simulation.outputs import queue_baselines
from xisuan.simulation.outputs.lower_bound import groups, least_cost
from xisuan.simulation.plan_inputs.plan_arrays import Setting, setting
from xisuan.simulation.policies.machine_inventory import Floor, read_floor
from xisuan.simulation.policies.placement import PLACEMENTS
from xisuan.simulation.serve import serve
from xisuan.simulation.simulate import Trial, simulate


def drawn(seed: int, own: bool, dear: float = 0.0) -> tuple[Setting, dict[str, Any]]:
    """Three sites, five stations, three workloads of which two share equipment; `dear` moves prices up or down."""
    rng = np.random.default_rng(seed)
    able = np.array([[1, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1]], bool)
    hours, sites, stations = 7, 3, 5
    of = SimpleNamespace(
        able=able, site_of=np.array([0, 0, 1, 1, 2]), units=rng.uniform(1.0, 5.0, stations),
        idle_share=rng.uniform(0.1, 0.5, stations), mw_per_unit=rng.uniform(0.5, 2.0, stations),
        pue=rng.uniform(1.1, 1.5, (hours, sites)), own_mw=rng.uniform(0.0, 9.0, (hours, sites)) * own,
    )  # fmt: skip
    given = {
        "busy": of.units[:, None] * rng.uniform(0.0, 1.0, (stations, hours)),
        "idle_mw": rng.uniform(0.0, 3.0, (sites, hours)),
        "at": np.arange(hours),
        "weight": rng.uniform(10.0, 50.0, hours),
        "rate": rng.uniform(0.0, 1.0, (hours, sites)) + dear,
    }
    return cast(Setting, of), given


def grid(of: Setting, given: dict[str, Any], busy: np.ndarray) -> np.ndarray:
    """Power from the grid by hour and site."""
    it = of.mw_per_unit[:, None] * (1.0 - of.idle_share)[:, None] * busy
    by_site = np.stack([it[of.site_of == e].sum(axis=0) for e in range(3)]) + given["idle_mw"]
    return np.maximum(by_site.T * of.pue - of.own_mw, 0.0)


def optimum(of: Setting, given: dict[str, Any]) -> float:
    """The same problem as a linear programme, what a site generates shared by its stations."""
    stations, hours = given["busy"].shape
    busy, power = stations * hours, hours * 3
    cost = np.concatenate([np.zeros(busy), (given["weight"][:, None] * given["rate"]).ravel()])
    each = of.mw_per_unit * (1.0 - of.idle_share)
    rows, right = [], []
    for h in range(hours):
        for e in range(3):
            row = np.zeros(busy + power)
            for s in np.flatnonzero(of.site_of == e):
                row[s * hours + h] = each[s] * of.pue[h, e]
            row[busy + h * 3 + e] = -1.0
            rows.append(row)
            right.append(of.own_mw[h, e] - given["idle_mw"][e, h] * of.pue[h, e])
    equal, total = [], []
    for group in ([0, 1, 3], [2, 4]):
        row = np.zeros(busy + power)
        for s in group:
            row[s * hours : (s + 1) * hours] = given["weight"]
        equal.append(row)
        total.append(row[:busy] @ given["busy"].ravel())
    bounds = [(0.0, of.units[s]) for s in range(stations) for _ in range(hours)] + [(0.0, None)] * power
    return float(linprog(cost, np.array(rows), right, np.array(equal), total, bounds).fun)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_optimum_of_a_linear_programme(seed: int) -> None:
    """Without power of one's own exactly; with it never above, as each station may use all of it."""
    of, given = drawn(seed, own=False)
    assert [group.tolist() for group in groups(of)] == [[0, 1, 3], [2, 4]]
    assert least_cost(of, **given) == pytest.approx(optimum(of, given), rel=1e-9)
    of, given = drawn(seed, own=True)
    assert least_cost(of, **given) <= optimum(of, given) * (1 + 1e-9)


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(8, 20))])
@pytest.mark.parametrize("dear", [0.0, -0.4, -2.0])
def test_nothing_is_below_it(seed: int, dear: float) -> None:
    """Not what was run, nor the same unit-hours placed by chance; at negative prices too."""
    of, given = drawn(seed, own=bool(seed % 2), dear=dear)
    bound = least_cost(of, **given)
    rng = np.random.default_rng(seed)
    for _ in range(50):
        busy = given["busy"].copy()
        for group in ([0, 1, 3], [2, 4]):
            for _ in range(40):  # as much work from one place and hour to another as both allow
                (a, b), (h, k) = rng.choice(group, 2), rng.integers(0, 7, 2)
                much = min(busy[a, h] * given["weight"][h], (of.units[b] - busy[b, k]) * given["weight"][k])
                much *= rng.random() * ((a, h) != (b, k))
                busy[a, h] -= much / given["weight"][h]
                busy[b, k] += much / given["weight"][k]
        taken = float((given["weight"][:, None] * given["rate"] * grid(of, given, busy)).sum())
        assert taken >= bound - 1e-9 * abs(bound) - 1e-9


@pytest.mark.parametrize("place", PLACEMENTS)
def test_no_policy_is_below_its_bound(plan: Plan, place: str) -> None:
    """Nor is the schedule of the plan."""
    found = simulate(plan.scenario, plan, Trial(place=place, replications=1, hours=24)).policies
    for column in ("energy_mcny", "grid_mwh", "location_t"):
        assert (found[column] >= found[f"least_{column}"] * (1 - 1e-9)).all()
        assert (found[f"least_{column}"] > 0).all()


def test_what_was_embodied_follows_use(roomy: Plan) -> None:
    """By hand from busy units of each site: carbon of a unit, by year of its life, for the part of the year it was busy."""
    table = roomy.scenario["technologies"].copy()
    table["embodied_t_per_unit"] = table.groupby("technology").ngroup() + 3.0
    scenario = roomy.scenario.with_tables(technologies=table)
    tried = dataclasses.replace(roomy, scenario=scenario)
    found = simulate(scenario, tried, Trial(replications=1, hours=24, baseline=False, place="nearest"))
    of = setting(scenario, tried, 2029)
    busy = found.timeline.groupby("site", sort=False)["busy"].mean()
    rows = {name: table[table["technology"] == name].iloc[0] for _, name in of.stations}
    each = {f"{s}/{g}": rows[g]["embodied_t_per_unit"] / rows[g]["life_years"] for s, g in of.stations}
    weighed = of.weight.sum() / 8760
    assert np.ptp(of.weight) < 1e-9  # so that the mean over hours is that over the year
    expected = sum(busy[name] * each[name] for name in busy.index) * weighed
    assert found.policies["embodied_t"].iloc[0] == pytest.approx(expected, rel=1e-6)
    bare = scenario.with_tables(technologies=table.assign(embodied_t_per_unit=0.0))
    unknown = simulate(bare, dataclasses.replace(roomy, scenario=bare), Trial(replications=1, hours=24, baseline=False))
    assert unknown.policies["embodied_t"].isna().all()


def shortest_first(made: Jobs, servers: int) -> tuple[float, float]:
    """Mean time in the system and end of all, on one fast server: written to be read, one event at a time."""
    coming = sorted(zip(made.arrival.tolist(), (made.run * made.servers / servers).tolist(), strict=True))
    now, line, spent = 0.0, list[tuple[float, float]](), 0.0
    while coming or line:
        now = max(now, coming[0][0]) if not line else now
        while coming and coming[0][0] <= now:
            came, length = coming.pop(0)
            heapq.heappush(line, (length, came))
        length, came = heapq.heappop(line)
        until = min(now + length, coming[0][0] if coming else math.inf)
        if until < now + length:
            heapq.heappush(line, (length - (until - now), came))
        else:
            spent += until - came
        now = until
    return spent / len(made), now


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("queue", ["fcfs", "easy", "edf", "fair", "shared"])
def test_no_queue_is_below_its_bound(seed: int, queue: str) -> None:
    """And the bound is what a second implementation finds, the longer of it and the mean run time."""
    rng = np.random.default_rng(seed)
    made = jobs(np.floor(np.cumsum(rng.exponential(2.0, 2500))), rng.exponential(6.0, 2500), rng.integers(1, 5, 2500))
    found = serve(pieces(made, 99), 8, queue).figures
    bound = queue_baselines.lower_bounds(pieces(made, 70), 8, 2500)
    response, end = shortest_first(made, 8)
    assert bound["mean_response_s"] == pytest.approx(max(response, float(made.run.mean())), rel=1e-9)
    assert bound["end_s"] == pytest.approx(max(end, float((made.arrival + made.run).max())), rel=1e-9)
    assert found["mean_response_s"] >= bound["mean_response_s"] * (1 - 1e-9)
    assert found["end_s"] >= bound["end_s"] * (1 - 1e-9)


def test_a_bound_of_a_crowded_server_is_reached() -> None:
    """One server, all there at once: shortest first is the best there is, and its bound. 1 + 3 + 6 over three."""
    made = jobs(np.zeros(3), np.array([3.0, 1.0, 2.0]))
    assert queue_baselines.lower_bounds([made], 1, 3) == {"mean_response_s": pytest.approx(10 / 3), "end_s": 6.0}


def test_what_was_not_done_has_no_bound() -> None:
    """Jobs too large are dropped and left out; jobs that machines could not hold, or that never ended, leave none."""
    made = jobs(np.zeros(3), np.ones(3), np.array([1, 9, 1]))
    assert queue_baselines.lower_bounds([made], 4, 2)["end_s"] == 1.0
    assert queue_baselines.lower_bounds([made], 4, 1) == {}
    assert queue_baselines.lower_bounds([], 4, 0) == {}
    found = serve([made], Floor([read_floor("2x2")]))
    table = queue_baselines.with_baselines(found, serve([made], 4), queue_baselines.lower_bounds([made], 4, 2)).queues
    assert table["queue"].tolist() == ["fcfs", "fcfs", "bound"]
