"""Shortest paths, their ties and labels, and who may serve whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests import scenarios
from xisuan.certificate.reading.shortest_paths import Routes
from xisuan.certificate.reading.table_values import Reading
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

LINKS = """
    link,period,from,to,latency_ms,capacity_gbps,limit_gbps,capex_mcny_per_gbps,life_years
    b-direct,,east,west,3,1,,2,10
    a-direct,,east,west,3,1,,2,10
    short,,east,west,2,0,,2,10
    shut,,east,west,1,0,0,2,10
    slow,,east,middle,1.5,1,,2,10
    slower,,middle,west,1.5,1,,2,10
    """


def triangle(links: str = LINKS, **workload: str) -> Scenario:
    frames = scenarios.pair_frames()
    frames["nodes"] = scenarios.frame("node,lat,lon\nmiddle,29,114")
    frames["links"] = scenarios.frame(links)
    for column, value in workload.items():
        frames["workloads"][column] = value
    return load.build({"name": "triangle", "periods": [2026, 2027]}, frames)


def ways(scenario: Scenario) -> dict[str, tuple[tuple[str, ...], list[bool]]]:
    """From east to west-1: links and periods of each path label."""
    options = Routes(Reading.of(scenario)).options("east", "west-1", "web")
    return {option.path: (tuple(arc[0] for arc in option.route), option.allowed.tolist()) for option in options}


def test_ties_go_to_fewer_links_then_to_names() -> None:
    assert ways(triangle()) == {"existing": (("a-direct",), [True, True]), "all": (("short",), [True, True])}


def test_arcs_run_from_region_to_site() -> None:
    option = Routes(Reading.of(triangle())).options("east", "west-1", "web")[0]
    assert option.route == (("a-direct", "east", "west"),)


def test_each_path_must_keep_the_limit_itself() -> None:
    assert list(ways(triangle(latency_ms="2.5"))) == ["all"]
    assert ways(triangle(latency_ms="1.9")) == {}


def test_a_listed_latency_decides_for_every_path() -> None:
    frames = scenarios.frame("region,site,latency_ms\neast,west-1,9\nwest,east-1,9\neast,east-1,0\nwest,west-1,0")
    scenario = triangle()
    listed = load.build({"name": "listed", "periods": [2026, 2027]}, {**_frames(scenario), "latency": frames})
    assert ways(listed) == {}


def _frames(scenario: Scenario) -> scenarios.Frames:
    frames = scenarios.pair_frames()
    frames["nodes"] = scenarios.frame("node,lat,lon\nmiddle,29,114")
    frames["links"] = scenarios.frame(LINKS)
    assert len(scenario["links"]) == len(frames["links"])
    return frames


def test_a_link_that_arrives_later_makes_a_new_path() -> None:
    later = LINKS + "    new,2027,east,west,1,2,,2,10\n"
    assert ways(triangle(later)) == {
        "existing": (("a-direct",), [True, False]),
        "all": (("short",), [True, False]),
        "existing@2027": (("new",), [False, True]),
    }


def test_the_latency_of_a_path_is_that_of_the_period() -> None:
    faster = LINKS + "    a-direct,2027,east,west,2,1,,2,10\n"
    assert ways(triangle(faster, latency_ms="2.5"))["existing"] == (("a-direct",), [False, True])
    slower = LINKS + "    short,2027,east,west,2.8,0,,2,10\n"
    assert ways(triangle(slower, latency_ms="2.5")) == {"all": (("short",), [True, False])}


def test_work_that_moves_no_data_has_one_way_without_arcs() -> None:
    assert ways(triangle(gbps_per_unit="")) == {"existing": ((), [True, True])}
    assert ways(triangle(gbps_per_unit="", latency_ms="1.9")) == {}


@pytest.mark.parametrize(("limit", "listed", "reached"), [("5", False, False), ("5", True, True), ("", False, False)])
def test_without_links_only_what_is_listed_is_within_a_limit(limit: str, listed: bool, reached: bool) -> None:
    """East and west-1 lie at different nodes that nothing joins; work without a limit is free and has no pairs."""
    frames = scenarios.pair_frames()
    del frames["links"]
    frames["workloads"]["latency_ms"] = limit
    frames["workloads"]["unserved_mcny_per_unit_hour"] = "1"
    if listed:
        frames["latency"] = scenarios.frame("region,site,latency_ms\neast,west-1,5")
    scenario = load.build({"name": "open", "periods": [2026, 2027]}, frames)
    assert ways(scenario) == ({"existing": ((), [True, True])} if reached else {})


def test_a_region_stands_for_its_node_at_the_end_of_a_link() -> None:
    routes = Routes(Reading.of(scenarios.five()))
    assert routes.ends["basin-plateau"] == ("basin", "upland")


@pytest.mark.parametrize("seed", range(5))
def test_paths_are_the_shortest_of_all(seed: int) -> None:
    """Against every simple path of small random networks, ties included."""
    rng = np.random.default_rng(seed)
    names = ["east", "west", "n0", "n1", "n2"]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    rows = [
        (f"l{rng.integers(100)}-{i}", a, b, rng.integers(1, 4), 1)
        for i, (a, b) in enumerate(pairs)
        if rng.random() < 0.8
    ]
    frames = scenarios.pair_frames()
    frames["nodes"] = pd.DataFrame({"node": names[2:], "lat": "30", "lon": "110"})
    frames["links"] = pd.DataFrame(rows, columns=["link", "from", "to", "latency_ms", "capacity_gbps"]).astype(str)
    frames["workloads"]["latency_ms"] = ""
    frames["workloads"]["unserved_mcny_per_unit_hour"] = "1"
    routes = Routes(Reading.of(load.build({"name": "random", "periods": [2026, 2027]}, frames)))
    best = min(_simple(rows, "east", "west", ()), default=None)
    found = routes.path("east", "west", 0, "existing")
    if best is None:
        assert found is None
    else:
        assert found is not None
        assert (found[0] / 1e9, tuple(arc[0] for arc in found[1])) == (best[0], best[2])


def _simple(
    rows: list[tuple[str, str, str, int, int]], at: str, end: str, been: tuple[str, ...]
) -> list[tuple[int, int, tuple[str, ...]]]:
    if at == end:
        return [(0, 0, ())]
    found = []
    for link, a, b, latency, _ in rows:
        other = b if a == at else a if b == at else None
        if other is not None and other not in been:
            for far, hops, links in _simple(rows, other, end, (*been, at)):
                found.append((far + latency, hops + 1, (link, *links)))
    return found
