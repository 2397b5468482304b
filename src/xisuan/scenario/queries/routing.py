"""Routing: shortest routes from regions to sites, their latency, and the pairs that may serve each other."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.candidates import Link
from xisuan.scenario.queries.memo import remembered
from xisuan.scenario.scenario import Scenario

Arc = tuple[str, str, str]
"""A link in one direction: (link, from, to)."""

Network = tuple[Link, ...]
"""Links as a hashable tuple, usable as a cache key."""

_TICKS_PER_MS = 1e9
"""Latencies are added as whole picoseconds, so that equal routes compare equal in every order of addition."""
_TICKS_PER_MCNY = 1e15
_TICKS_PER_KM = 1e9
"""Costs and lengths are added as integers for the same reason."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way for a region's work to reach a site.

    `usable[y]`: True if it may be used in period y. `latency_ms[y]`: its one-way latency then (∞ where the route does
    not exist); links may become faster or slower along the same route.
    """

    region: str
    site: str
    path: str
    arcs: tuple[Arc, ...]
    latency_ms: tuple[float, ...]
    usable: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A shortest path: its arcs in order, and its one-way latency."""

    arcs: tuple[Arc, ...]
    latency_ms: float


def shortest(links: Iterable[Link], start: str) -> dict[str, Route]:
    """Return the shortest routes from node `start` over undirected `links`, by node (Dijkstra's algorithm).

    Ties of latency: the cheapest to carry traffic, then the shortest in km, then fewest links; then, link by link from
    `start`, by the figures of the links, and by their names where these are the same.
    """
    neighbours: dict[str, list[tuple[Link, str]]] = {}
    for link in links:
        neighbours.setdefault(link.start, []).append((link, link.end))
        neighbours.setdefault(link.end, []).append((link, link.start))
    best: dict[str, Route] = {}
    queue: list[tuple[_Length, str, tuple[Arc, ...]]] = [((0, 0, 0, 0, (), ()), start, ())]
    while queue:
        length, node, arcs = heapq.heappop(queue)
        if node in best:
            continue
        best[node] = Route(arcs, length[0] / _TICKS_PER_MS)
        for link, other in neighbours.get(node, ()):
            if other not in best:
                heapq.heappush(queue, (_longer(length, link), other, (*arcs, (link.link, node, other))))
    return best


_Length = tuple[int, int, int, int, tuple[object, ...], tuple[str, ...]]
"""Order of routes: latency, cost and km in ticks, number of links, figures of the links, their names."""


def _longer(length: _Length, link: Link) -> _Length:
    """Return the length of a route with one link more."""
    ticks, cost, far, count, figures, names = length
    toll, km, own = link.tie
    return (
        ticks + round(link.latency_ms * _TICKS_PER_MS),
        cost + round(toll * _TICKS_PER_MCNY),
        far + round(km * _TICKS_PER_KM),
        count + 1,
        (*figures, own),
        (*names, link.link),
    )


@remembered("workloads", keep=256)
def moves_data(scenario: Scenario, workload: str) -> bool:
    """Return True if `workload` sends or returns data over links."""
    frame = scenario["workloads"]
    cells = (frame[name].tolist() for name in ("workload", "gbps_per_unit", "return_gbps_per_unit"))
    return any(name == workload and (there > 0 or back > 0) for name, there, back in zip(*cells, strict=True))


@remembered(
    *("regions", "sites", "links", "modules", "latency", "technologies", "fleet", "limits", "workloads", "demand"),
    "serving_cost",
)
def reachable(scenario: Scenario, workload: str) -> tuple[Option, ...]:
    """Return every option for `workload` within its latency limit, at a site that can run it.

    The limit is compared with the table `latency` where that lists the pair, else with the route. Order: regions, sites,
    paths, as in the tables. Options usable in no period are left out.
    """
    able = set(candidates.runs(scenario, workload))
    sites = {site for site, technology in candidates.equipment(scenario) if technology in able}
    asking = _asking(scenario).get(workload, frozenset())
    options = options_over_network(scenario) if _limited_by_network(scenario, workload) else unlimited(scenario)
    checks = latency_checks(scenario, workload)
    found: list[Option] = []
    for option in options:
        if option.region in asking and option.site in sites:
            usable = tuple(
                use and check(option, ms)
                for use, ms, check in zip(option.usable, option.latency_ms, checks, strict=True)
            )
            if any(usable):
                found.append(replace(option, usable=usable))
    return tuple(found)


@remembered(
    *("regions", "sites", "links", "modules", "latency", "technologies", "fleet", "limits", "workloads", "demand"),
    "serving_cost",
)
def eligible(scenario: Scenario, workload: str) -> tuple[Option, ...]:
    """Return every option for a pairwise `workload`: those of `reachable`, usable in the periods in which it is pairwise.

    Options usable in no period are left out.
    """
    pairwise = candidates.pairwise_periods(scenario, workload)
    found = []
    for option in reachable(scenario, workload):
        usable = tuple(use and own for use, own in zip(option.usable, pairwise, strict=True))
        if any(usable):
            found.append(replace(option, usable=usable))
    return tuple(found)


@remembered("demand")
def _asking(scenario: Scenario) -> Mapping[str, Set[str]]:
    """Return the regions with demand in the modelled periods, by workload."""
    frame, periods = scenario["demand"], set(scenario.settings.periods)
    cells = (frame[name].tolist() for name in ("workload", "period", "units", "region"))
    found: dict[str, set[str]] = {}
    for workload, period, units, region in zip(*cells, strict=True):
        if period in periods and units > 0:
            found.setdefault(workload, set()).add(region)
    return found


def latency_checks(scenario: Scenario, workload: str, extra_ms: float = 0.0) -> list[Callable[[Option, float], bool]]:
    """Return for each period a test of an option and its latency (ms) against the limit of `workload` plus `extra_ms`."""
    checks: list[Callable[[Option, float], bool]] = []
    for period in scenario.settings.periods:
        row = candidates.row_at(scenario, "workloads", period, workload)
        limit = math.inf if row is None or math.isnan(row["latency_ms"]) else row["latency_ms"] + extra_ms
        given = given_latency(scenario, period)

        def within(
            option: Option, ms: float, given: dict[tuple[str, str], float] = given, limit: float = limit
        ) -> bool:
            # 1e-9 ms: tolerance for rounding in the sum of latencies.
            return given.get((option.region, option.site), ms) <= limit + 1e-9

        checks.append(within)
    return checks


def given_latency(scenario: Scenario, period: int) -> dict[tuple[str, str], float]:
    """Return the table `latency` in `period`: (region, site) to one-way ms."""
    cells = scenario.dated("latency").column(period, "latency_ms")
    return {(region, site): float(ms) for (region, site), ms in cells.items()}


def _limited_by_network(scenario: Scenario, workload: str) -> bool:
    """Return True if links limit where `workload` runs."""
    return scenario.has("links") and moves_data(scenario, workload)


def unlimited(scenario: Scenario) -> tuple[Option, ...]:
    """Return every region with every site, over no arcs, for work whose traffic no network limits.

    The latency is that of the shortest route over the links, 0 within one place (a site without a node lies in the
    region of its name), else ∞: unconnected places are out of reach of work with a latency limit.
    """
    everywhere = (True,) * len(scenario.settings.periods)
    nowhere = (math.inf,) * len(scenario.settings.periods)
    over: dict[tuple[str, str], tuple[float, ...]] = {}
    for option in options_over_network(scenario):
        pair = (option.region, option.site)
        over[pair] = tuple(map(min, over.get(pair, nowhere), option.latency_ms))
    here = (0.0,) * len(scenario.settings.periods)
    nodes, places = _region_nodes(scenario), _site_places(scenario)
    return tuple(
        Option(
            region,
            site,
            "existing",
            (),
            here if nodes[region] == places[site] else over.get((region, site), nowhere),
            everywhere,
        )
        for region in candidates.names(scenario, "regions")
        for site in candidates.names(scenario, "sites")
    )


def _site_places(scenario: Scenario) -> dict[str, str]:
    """Return the node of each site; of a site without one, that of the region of its name."""
    frame, nodes = scenario["sites"].drop_duplicates("site"), _region_nodes(scenario)
    pairs = zip(frame["site"].astype(str), frame["node"].astype(str), strict=True)
    return {site: node or nodes.get(site, "") for site, node in pairs}


@remembered("regions", "sites", "links", "modules", keep=8)
def options_over_network(scenario: Scenario) -> tuple[Option, ...]:
    """Return for each region and site the shortest path over existing links and, where different, over all links.

    Topology may change between periods (dated links): a path that is new in a later period is an option of its own,
    called existing@YEAR or all@YEAR. Pairs without any path have no option.
    """
    if not scenario.has("links"):
        return ()
    trees = [_trees(scenario, period) for period in scenario.settings.periods]
    nodes = _region_nodes(scenario)
    places = scenario["sites"].drop_duplicates("site").set_index("site")["node"].to_dict()
    found: list[Option] = []
    for region in candidates.names(scenario, "regions"):
        for site in candidates.names(scenario, "sites"):
            routes = [
                (old[nodes[region]].get(places[site]), new[nodes[region]].get(places[site])) for old, new in trees
            ]
            for label, arcs, latency in _variants(routes, scenario.settings.periods):
                usable = tuple(not math.isinf(ms) for ms in latency)
                found.append(Option(region, site, label, arcs, latency, usable))
    return tuple(found)


def _variants(
    routes: list[tuple[Route | None, Route | None]], periods: tuple[int, ...]
) -> list[tuple[str, tuple[Arc, ...], tuple[float, ...]]]:
    """Return the distinct routes of one pair over the periods: label, arcs, latency by period (∞: no route then)."""
    variants: list[tuple[str, tuple[Arc, ...], tuple[float, ...]]] = []
    for kind, at in (("existing", 0), ("all", 1)):
        seen: dict[tuple[Arc, ...], dict[int, float]] = {}
        for y, pair in enumerate(routes):
            route = pair[at]
            if route is None or (at == 1 and pair[0] is not None and pair[0].arcs == route.arcs):
                continue
            seen.setdefault(route.arcs, {})[y] = route.latency_ms
        for count, (arcs, times) in enumerate(seen.items()):
            label = kind if count == 0 else f"{kind}@{periods[min(times)]}"
            variants.append((label, arcs, tuple(times.get(y, math.inf) for y in range(len(periods)))))
    return variants


def _trees(scenario: Scenario, period: int) -> tuple[dict[str, dict[str, Route]], dict[str, dict[str, Route]]]:
    """Return shortest routes from every region's node in `period`: over existing links, and over all links."""
    starts = set(_region_nodes(scenario).values())
    old, new = (candidates.usable_links(scenario, period, existing) for existing in (True, False))
    return {start: known(old, start) for start in starts}, {start: known(new, start) for start in starts}


@lru_cache(maxsize=1024)
def known(links: Network, start: str) -> dict[str, Route]:
    """Return `shortest`, cached because the same few networks recur. Callers must not change the result."""
    return shortest(links, start)


def _region_nodes(scenario: Scenario) -> dict[str, str]:
    """Return the node of each region."""
    return {region: str(node) for (region,), node in scenario.dated("regions").first("node").items()}
