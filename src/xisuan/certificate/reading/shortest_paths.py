"""Shortest paths, and sites that may serve each region, recomputed from links, latencies and limits."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xisuan import units
from xisuan.certificate.reading.calendar import Mask
from xisuan.certificate.reading.table_values import Reading

Arc = tuple[str, str, str]
Route = tuple[Arc, ...]
Merit = tuple[int, int, int, tuple[object, ...]]
"""Contribution of a link to a path: latency, cost of traffic and km as integers, and figures that break ties."""
NANO = 1e9
FEMTO = 1e15
SLACK_MS = 1e-9


@dataclass(frozen=True)
class Option:
    """One way for a region to use a site: a path label, its arcs and the periods in which it may be used."""

    region: str
    site: str
    workload: str
    path: str
    route: Route
    allowed: Mask


class Routes:
    """Paths of every period over existing links and over all usable ones."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._trees: dict[tuple[frozenset[str], int, str], dict[str, tuple[int, Route]]] = {}
        self._networks: dict[tuple[str, int], tuple[frozenset[str], int]] = {}
        self._merits: dict[int, dict[str, Merit]] = {}
        self._known: dict[tuple[str, str, bool, int], list[tuple[str, int | None, Route]]] = {}

    def only(self, reading: Reading, p: int) -> Routes:
        """Return the paths of period number p alone, which `reading` reads."""
        return _Only(self, reading, p)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """All links."""
        return tuple(str(key[0]) for key in self.reading.tables["links"].keys)

    @cached_property
    def ends(self) -> Mapping[str, tuple[str, str]]:
        """The two nodes of each link."""
        table = self.reading.tables["links"]
        both = {link: (table.first((link,), "from"), table.first((link,), "to")) for link in self.links}
        return {
            link: (self.reading.node(str(one)), self.reading.node(str(other))) for link, (one, other) in both.items()
        }

    @cached_property
    def existing(self) -> Mapping[str, Mask]:
        """Periods in which each link has existing capacity; a required minimum (`min_gbps`) does not count."""
        table = self.reading.tables["links"]
        return {link: table.number((link,), "capacity_gbps") > 0 for link in self.links}

    @cached_property
    def usable(self) -> Mapping[str, Mask]:
        """Periods in which each link exists, or in which an order of one of the periods could be in use.

        An order counts if it is offered when it is made, and its link has room for it in every period of its use.
        """
        table = self.reading.tables["links"]
        modules = self.reading.tables["modules"]
        found = {}
        for link in self.links:
            offered = ~np.isnan(table.number((link,), "capex_mcny_per_gbps"))
            for key in modules.keys:
                if key[0] == link:
                    offered = offered | (modules.holds(key) & (modules.number(key, "max_count") != 0.0))
            offered = offered & table.holds((link,)) & self.reading.planned
            times = (table.number((link,), column) for column in ("lead_years", "life_years"))
            in_use = self.reading.clock.in_use(*times)
            stands = np.nan_to_num(table.number((link,), "capacity_gbps"))
            full = table.number((link,), "limit_gbps") <= stands
            offered = offered & ~(in_use & full[:, None]).any(axis=0)
            found[link] = self.existing[link] | ((in_use & offered).any(axis=1) & table.holds((link,)))
        return found

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """Both directions of every link that is usable in some period."""
        used = [link for link in self.links if self.usable[link].any()]
        both = [((link, *self.ends[link]), (link, *self.ends[link][::-1])) for link in used]
        return tuple(arc for pair in both for arc in pair)

    def delay(self, link: str, p: int) -> int:
        """Return the latency of a link in period number p, in units of 1e-9 ms so that integer sums are exact."""
        table = self.reading.tables["links"]
        given, length = table.number((link,), "latency_ms")[p], table.number((link,), "length_km")[p]
        return int(np.rint((units.FIBRE_MS_PER_KM * length if np.isnan(given) else given) * NANO))

    def path(self, start: str, end: str, p: int, kind: str) -> tuple[int, Route] | None:
        """Return the shortest path in period number p as (latency in 1e-9 ms, arcs), over `existing` or `all` links."""
        if start == end and start:
            return 0, ()
        links, delays = self._network(p, kind)
        key = (links, delays, start)
        if key not in self._trees:
            self._trees[key] = self._tree(start, links, p)
        return self._trees[key].get(end)

    def _network(self, p: int, kind: str) -> tuple[frozenset[str], int]:
        """Return the `existing` links of period number p, or `all` usable ones, and a digest of their path lengths."""
        if (kind, p) not in self._networks:
            chosen = self.existing if kind == "existing" else self.usable
            links = frozenset(link for link in self.links if chosen[link][p])
            self._networks[kind, p] = links, hash(tuple(self._merit(p).items()))
        return self._networks[kind, p]

    def _merit(self, p: int) -> dict[str, Merit]:
        """Return each link's contribution to the length of a path in period number p."""
        if p not in self._merits:
            rows = self.reading.tables["links"].rows[p]
            self._merits[p] = {link: self._judged(link, p) for link in self.links if (link,) in rows}
        return self._merits[p]

    def _judged(self, link: str, p: int) -> Merit:
        table, modules = self.reading.tables["links"], self.reading.tables["modules"].rows[p]

        def cell(column: str, blank: float = 0.0) -> float:
            value = float(table.number((link,), column)[p])
            return blank if np.isnan(value) else value

        offers = sorted((float(row["mcny"]), -float(row["gbps"])) for key, row in modules.items() if key[0] == link)
        rest = (
            -cell("capacity_gbps"),
            cell("capex_mcny_per_gbps", np.inf),
            -cell("limit_gbps", np.inf),
            cell("lead_years"),
            tuple(offers),
        )
        toll, far = np.rint(cell("cost_mcny_per_gbps_hour") * FEMTO), np.rint(cell("length_km") * NANO)
        return self.delay(link, p), int(toll), int(far), rest

    def _tree(self, start: str, links: frozenset[str], p: int) -> dict[str, tuple[int, Route]]:
        """Return the best path from `start` to every node, with its latency.

        Paths are compared by latency, then by cost of traffic, km, number of links, the figures of their links in
        order, and last by the links' names.
        """
        leaving: dict[str, list[Arc]] = {}
        for link in links:
            one, other = self.ends[link]
            leaving.setdefault(one, []).append((link, one, other))
            leaving.setdefault(other, []).append((link, other, one))
        merit = self._merit(p)
        done: dict[str, tuple[int, Route]] = {}
        queue: list[tuple[int, int, int, int, tuple[object, ...], tuple[str, ...], str, Route]]
        queue = [(0, 0, 0, 0, (), (), start, ())]
        while queue:
            delay, toll, far, hops, rest, names, node, route = heapq.heappop(queue)
            if node in done:
                continue
            done[node] = delay, route
            for arc in leaving.get(node, ()):
                if arc[2] not in done:
                    own = merit[arc[0]]
                    total = (delay + own[0], toll + own[1], far + own[2], hops + 1)
                    heapq.heappush(queue, (*total, (*rest, own[3]), (*names, arc[0]), arc[2], (*route, arc)))
        return done

    def node_of(self, region: str, p: int) -> str:
        """Return the node where a region's traffic enters, by default the region itself."""
        return self.reading.tables["regions"].text((region,), "node")[p] or region

    def site_node(self, site: str, p: int) -> str:
        """Return the node of a site, "" if it has none."""
        return self.reading.tables["sites"].text((site,), "node")[p]

    def options(self, region: str, site: str, workload: str) -> list[Option]:
        """Return every way in which `region` may run `workload` at `site`, with its periods."""
        periods = self.reading.clock.periods
        found: dict[tuple[str, Route], Mask] = {}
        for p in np.flatnonzero(self.reading.paired(workload)).tolist():
            for way in self._allowed(region, site, workload, p):
                found.setdefault(way, np.zeros(len(periods), dtype=bool))[p] = True
        names = self._names(region, site, workload)
        return [Option(region, site, workload, names[way], way[1], mask) for way, mask in found.items()]

    def _names(self, region: str, site: str, workload: str) -> dict[tuple[str, Route], str]:
        """Return the labels of a pair's paths, without the latency limit: the first path of a kind is named by its
        kind, later ones also by the first year in which they are it.
        """
        names: dict[tuple[str, Route], str] = {}
        for p, period in enumerate(self.reading.clock.periods):
            for kind, _, route in self._paths(region, site, workload, p):
                taken = any(way[0] == kind for way in names)
                names.setdefault((kind, route), f"{kind}@{period}" if taken else kind)
        return names

    def within(self, region: str, site: str, workload: str, p: int, extra_ms: float) -> list[Route]:
        """Return the routes within the latency limit plus `extra_ms` in period number p."""
        return [route for _, route in self._allowed(region, site, workload, p, extra_ms)]

    def without(self, link: str) -> Routes:
        """Return the paths over the network without a link."""
        return _Without(self, link)

    def _allowed(self, region: str, site: str, workload: str, p: int, extra_ms: float = 0.0) -> list[tuple[str, Route]]:
        """Return the paths (kind, arcs) within the latency limit plus `extra_ms` in period number p."""
        paths = self._paths(region, site, workload, p)
        limit = self.reading.tables["workloads"].number((workload,), "latency_ms")[p] + extra_ms
        if np.isnan(limit):
            return [(kind, route) for kind, _, route in paths]
        listed = self.reading.tables["latency"].number((region, site), "latency_ms")[p]
        kept = []
        for kind, delay, route in paths:
            latency = (np.inf if delay is None else delay / NANO) if np.isnan(listed) else listed
            if latency <= limit + SLACK_MS:
                kept.append((kind, route))
        return kept

    def _paths(self, region: str, site: str, workload: str, p: int) -> list[tuple[str, int | None, Route]]:
        """Return the paths (kind, latency, arcs) from region to site in period number p, without the latency limit.

        The latency is None if region and site are not connected.
        """
        key = (region, site, self.reading.moves_data(workload), p)
        if key not in self._known:
            self._known[key] = self._found(*key)
        return self._known[key]

    def _found(self, region: str, site: str, moves_data: bool, p: int) -> list[tuple[str, int | None, Route]]:
        start, end = self.node_of(region, p), self.site_node(site, p)
        by_kind = {kind: self.path(start, end, p, kind) for kind in ("existing", "all")}
        if not moves_data:
            near = [path[0] for path in by_kind.values() if path is not None]
            if start == (end or self._home_of(site, p)):
                near.append(0)
            return [("existing", min(near, default=None), ())]
        ways: list[tuple[str, int | None, Route]] = [
            (kind, *path) for kind, path in by_kind.items() if path is not None
        ]
        return ways[:1] if len(ways) == 2 and ways[0][2] == ways[1][2] else ways

    def _home_of(self, site: str, p: int) -> str:
        """Return the node of the region with the name of a site, "" if there is no such region."""
        return self.node_of(site, p) if (site,) in self.reading.tables["regions"].keys else ""


class _Only(Routes):
    """Paths of one period; the sets of links and arcs are those of the whole horizon."""

    def __init__(self, whole: Routes, reading: Reading, p: int) -> None:
        super().__init__(reading)
        self.whole, self.p = whole, p

    @cached_property
    def existing(self) -> Mapping[str, Mask]:
        return {link: mask[self.p : self.p + 1] for link, mask in self.whole.existing.items()}

    @cached_property
    def usable(self) -> Mapping[str, Mask]:
        return {link: mask[self.p : self.p + 1] for link, mask in self.whole.usable.items()}

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        return self.whole.arcs


class _Without(Routes):
    """Paths over the network without a link."""

    def __init__(self, whole: Routes, link: str) -> None:
        super().__init__(whole.reading)
        self.whole, self.link = whole, link

    @cached_property
    def existing(self) -> Mapping[str, Mask]:
        return {name: mask & (name != self.link) for name, mask in self.whole.existing.items()}

    @cached_property
    def usable(self) -> Mapping[str, Mask]:
        return {name: mask & (name != self.link) for name, mask in self.whole.usable.items()}
