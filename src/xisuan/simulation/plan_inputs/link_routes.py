"""Routes of data between regions and sites over the links that are up."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from xisuan.results.plan import Plan
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.queries.routing import Route
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.core.records import NONE, Network
from xisuan.simulation.plan_inputs.plan_arrays import Setting
from xisuan.simulation.plan_inputs.schedule_shares import LEAST, Array


class LinkRoutes:
    """Links of a plan in one period. Work and other traffic take shortest routes over the links that are up.

    Every pair of a region and a site at different nodes has a route in each direction. The route to an unreachable site
    is a link of capacity 0, so data on its way waits there.
    """

    def __init__(self, scenario: Scenario, plan: Plan, setting: Setting) -> None:
        self._scenario, self._setting = scenario, setting
        frame = plan.tables["capacity"]
        frame = frame[(frame["period"] == setting.period) & (frame["asset"] == "link") & (frame["amount"] > LEAST)]
        gbps = dict(zip(frame["where"].astype(str), frame["amount"].astype(float), strict=True))
        links = candidates.usable_links(scenario, setting.period, existing=False)
        self.links = [link for link in links if link[0] in gbps]
        self.arcs = [(name, *ends) for name, a, b, *_ in self.links for ends in ((a, b), (b, a))]
        self._index = {arc: at for at, arc in enumerate(self.arcs)}
        self._gbps = np.array([*(gbps[arc[0]] for arc in self.arcs), 0.0])
        regions = scenario["regions"].drop_duplicates("region").set_index("region")["node"].astype(str)
        sites = scenario.at("sites", setting.period).set_index("site")["node"].astype(str)
        self._home = [regions[region] for region in setting.regions]
        self._place = [sites[site] for site in setting.sites]
        self._given = routing.given_latency(scenario, setting.period)
        self._traffic = _traffic(scenario, setting.period, regions)
        self._limited = scenario.has("links")
        self._trees: dict[frozenset[str], dict[str, dict[str, Route]]] = {}

    def _routes(self, down: Collection[str]) -> dict[str, dict[str, Route]]:
        """Return shortest routes from every origin node of work or traffic, without the links in `down`."""
        cut = frozenset(down)
        if cut not in self._trees:
            up = [link for link in self.links if link[0] not in cut]
            starts = {*self._home, *(a for a, _, _ in self._traffic)}
            self._trees[cut] = {start: routing.shortest(up, start) for start in sorted(starts)}
        return self._trees[cut]

    def capacities(self, down: Collection[str], hour: int) -> Array:
        """Return the capacity of each direction for work in a modelled hour, Gbps. Shape (A + 1,).

        Other traffic is subtracted. Links in `down` have capacity 0, and so has the last entry, which stands for
        unreachable sites.
        """
        left = self._gbps.copy()
        trees = self._routes(down)
        for start, end, gbps in self._traffic:
            route = trees[start].get(end)
            for arc in route.arcs if route is not None else ():
                left[self._index[arc]] -= gbps[hour]
        cut = [at for at, arc in enumerate(self.arcs) if arc[0] in down]
        left[cut] = 0.0
        return np.asarray(np.maximum(left, 0.0))

    def latency(self, down: Collection[str]) -> Array:
        """Return the one-way latency of each origin to each station, ms; inf if it is not eligible. Shape (O, S)."""
        of = self._setting
        trees = self._routes(down)
        # Last axis: latency for work that moves no data (0 without a route), and for work that does.
        anywhere = np.isinf(of.latency_limit)[:, None]
        pairs = np.full((len(of.regions), len(of.sites), 2), math.inf)
        for r, home in enumerate(self._home):
            for e, place in enumerate(self._place):
                route = trees[home].get(place)
                listed = self._given.get((of.regions[r], of.sites[e]))
                away = math.inf if route is None else route.latency_ms
                pairs[r, e, 1] = away if listed is None or route is None else listed
                pairs[r, e, 0] = listed if listed is not None else away
        moves = ((of.gbps > 0) | (of.return_gbps > 0)) & self._limited
        ms = pairs[of.region_of[:, None], of.site_of[None, :], moves[:, None].astype(int)]
        ms = np.where(anywhere & ~moves[:, None] & np.isinf(ms), 0.0, ms)
        return np.where(of.able & (ms <= of.latency_limit[:, None] + 1e-9), ms, math.inf)

    def ways(self, down: Collection[str]) -> NDArray[np.int64]:
        """Return the link directions of each route: region to site, then site to region. Shape (P, L)."""
        rows = []
        nowhere = [len(self.arcs)]
        trees = self._routes(down)
        for back in (False, True):
            for home in self._home:
                for place in self._place:
                    if home != place:
                        route = trees[home].get(place)
                        arcs = (
                            [] if route is None else [self._index[_turned(arc) if back else arc] for arc in route.arcs]
                        )
                        rows.append(arcs or nowhere)
        longest = max(1, len({end for link in self.links for end in link[1:3]}))
        out = np.full((len(rows), longest), NONE)
        for at, row in enumerate(rows):
            out[at, : len(row)] = row
        return out

    def network(self) -> Network | None:
        """Return the network in the first hour with all links up; None if the scenario has no links."""
        if not self._limited:
            return None
        of = self._setting
        apart = np.array([[home != place for place in self._place] for home in self._home])
        number = np.where(apart, np.cumsum(apart.ravel()).reshape(apart.shape) - 1, NONE)
        back = np.where(apart, number + int(apart.sum()), NONE)
        pick = (of.region_of[:, None], of.site_of[None, :])
        return Network(self.capacities((), 0), self.ways(()), number[pick], back[pick])


def _turned(arc: tuple[str, str, str]) -> tuple[str, str, str]:
    return arc[0], arc[2], arc[1]


def _traffic(scenario: Scenario, period: int, node: object) -> list[tuple[str, str, Array]]:
    """Return other traffic: origin node, destination node, Gbps by modelled hour."""
    frame = scenario.at("traffic", period)
    out = []
    for start, end, gbps, profile in zip(*(frame[c] for c in ("from", "to", "gbps", "profile")), strict=True):
        shape = scenario.hourly("traffic", "profile", profile) if profile else np.ones(scenario.timeline.n_hours)
        ends = [node.get(name, name) for name in (start, end)]  # type: ignore[attr-defined]
        out.append((str(ends[0]), str(ends[1]), np.asarray(gbps * shape)))
    return out
