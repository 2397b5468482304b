"""Small random scenarios cost what a second statement of the model says, written from the text and not from the code."""

from __future__ import annotations

import pytest

import xisuan as xs
from tests.optimum.by_design import optimum
from tests.optimum.drawn import Drawing, Frames
from tests.scenarios import frame
from xisuan.planning.expansion import plan

SEEDS = 60
LONG = pytest.mark.long


def chosen(scenario: xs.Scenario) -> list[tuple[int, int, float]]:
    """First hour, hours and weight of each block; none where one hour stands for all."""
    timeline = scenario.timeline
    return [] if timeline.mean else [(block.first_hour, block.hours, block.weight) for block in timeline.blocks]


def least(scenario: xs.Scenario) -> float | None:
    """The plan's objective, None where there is no plan."""
    try:
        return plan(scenario, xs.Options(gap=1e-9)).objective
    except xs.InfeasibleError:
        return None


@pytest.mark.parametrize("first", [0, *(pytest.param(first, marks=LONG) for first in range(10, SEEDS, 10))])
def test_same_optimum_as_the_statement(first: int) -> None:
    """Dates, blanks, leads, lives, rules, budgets, storage, modules, openings: whatever the seed draws."""
    agreed = 0
    for seed in range(first, first + 10):
        settings, frames = Drawing(seed).draw()
        try:
            scenario = xs.build(settings, frames)
        except xs.ScenarioError:
            continue
        expected = optimum(settings, frames, chosen(scenario))
        found = least(scenario)
        assert (found is None) == (expected is None), f"seed {seed}: {found} against {expected}"
        if expected is not None:
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-6), f"seed {seed}"
            agreed += 1
    assert agreed > 0


LATE = {
    "regions": "region\neast",
    "nodes": "node\nmiddle\nother",
    "sites": "site,node,zone\nhall,far,grid",
    "technologies": "technology,class,mw_per_unit\nserver,general,0.01",
    "workloads": "workload,class,latency_ms,gbps_per_unit\nweb,general,12,0.01",
    "demand": "region,workload,period,units\neast,web,2026,50",
    "links": """link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years
        slow,east,middle,1200,0,4,10,
        slow-on,middle,far,1200,5,,,
        fast,east,other,800,0,4,10,1
        fast-on,other,far,1400,5,,,""",
    "power": "zone,price\ngrid,0.5",
}
"""The shorter way needs a link that is ordered a year before it carries anything, and there is one year."""


def late() -> Frames:
    frames = {name: frame(text) for name, text in LATE.items()}
    frames["nodes"].loc[len(frames["nodes"])] = ["far"]
    return frames


def test_link_that_cannot_be_built_in_time_is_no_path() -> None:
    """0.5 Gbps at 4 a Gbps, a tenth of it a year at no discount, and 0.5 MW × 8,760 h × 0.5 CNY/kWh."""
    settings = {"name": "late", "periods": [2026], "discount_rate": 0.0, "hours": "one"}
    found = xs.plan(xs.build(settings, late()))
    assert found.certificate.ok
    assert found.objective == pytest.approx(0.5 * 4 / 10 + 0.5 * 8760 * 0.5 / 1000, rel=1e-9)


def test_link_ordered_in_time_is_the_shorter_path() -> None:
    """In 2027 the shorter way may be there, and the longer one, which does not stand, is none of the pair's paths."""
    frames = late()
    frames["demand"].loc[len(frames["demand"])] = ["east", "web", "2027", "50"]
    frames["demand"].loc[0, "units"] = "0"
    settings = {"name": "late", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}
    found = xs.plan(xs.build(settings, frames))
    assert found.certificate.ok
    assert set(found.builds.loc[found.builds["asset"] == "link", "where"]) == {"fast"}
