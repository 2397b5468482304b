"""Links, shortest paths, and who may serve whom: formulas.md, How tables are read; tables.md, links and latency."""

from __future__ import annotations

import heapq
import math
from functools import cache
from typing import NamedTuple

from tests.oracle.clock import Clock
from tests.oracle.folder import Folder, Row, number, optional

MS_PER_KM = 0.0049
UNREACHABLE_MS = float("inf")
"""Latency of a pair that nothing joins, for work that moves no data."""


class Arc(NamedTuple):
    """A link in one direction."""

    link: str
    start: str
    end: str

    @property
    def opposite(self) -> Arc:
        """The link in the other direction."""
        return Arc(self.link, self.end, self.start)


Path = tuple[Arc, ...]
Sums = tuple[float, float, float, int]
"""Latency in ms, cost, km and number of links of a path."""
Figure = tuple[float, float, float, float, str]
Figures = tuple[Figure, ...]


class Network:
    """The backbone in each period."""

    def __init__(self, folder: Folder, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.exists = folder.has("links")
        self.shortest = cache(self._shortest)
        self.stands = cache(self._stands)
        self.is_usable = cache(self._is_usable)

    def node(self, place: str) -> str:
        """Return the backbone node of a region (its `node`, else itself) or of a node."""
        if place in self.folder.names("regions"):
            return self.folder.dated["regions"].first(place).get("node") or place
        return place

    def site_node(self, site: str) -> str:
        """Return the backbone node of a site, as the ends of links are: where it is a region, that region's node."""
        node = self.folder.dated["sites"].first(site).get("node", "")
        return self.node(node) if node else ""

    def links(self, period: int) -> list[str]:
        """Return the links that are there in a period: "before its first row a link is not there"."""
        return [link for link in self.folder.names("links") if self.folder.at("links", period, link) is not None]

    def _stands(self, link: str, period: int) -> bool:
        """Return whether a link is one that stands, for the path `existing`.

        `min_gbps` asks for capacity; it is none.
        """
        return number(self.folder.at("links", period, link), "capacity_gbps") > 0

    def _is_usable(self, link: str, period: int) -> bool:
        """Return whether a link stands in a period or can have been built by then: an order on offer in an earlier period
        or this one that is in use in it, with room within the link's limit as long as it is."""
        if self.stands(link, period):
            return True
        return any(
            self.is_on_offer(link, ordered) and period in used and all(self._has_room(link, y) for y in used)
            for ordered, used in ((ordered, self._used(link, ordered)) for ordered in self.clock.periods)
        )

    def _used(self, link: str, ordered: int) -> list[int]:
        row = self.folder.at("links", ordered, link)
        return [y for y in self.clock.periods if row is not None and self.clock.in_use(ordered, row, y)]

    def _has_room(self, link: str, period: int) -> bool:
        row = self.folder.at("links", period, link)
        return number(row, "limit_gbps", math.inf) > number(row, "capacity_gbps")

    def is_on_offer(self, link: str, period: int) -> bool:
        """Return whether capacity of a link can be ordered in a period, in any amount or in modules."""
        row = self.folder.at("links", period, link)
        if row is None or not self.clock.can_order(period, row):
            return False
        return optional(row, "capex_mcny_per_gbps") is not None or self._offers(link, period)

    def modules(self, link: str, period: int) -> dict[str, Row]:
        """Return the modules of a link that are on offer in a period."""
        keys = [key for key in self.folder.dated["modules"].keys() if key[0] == link]  # noqa: SIM118 (not a mapping)
        rows = {module: self.folder.at("modules", period, link, module) for _, module in keys}
        return {module: row for module, row in rows.items() if row is not None}

    def _offers(self, link: str, period: int) -> bool:
        """Return whether a module is on offer of which there may be one."""
        return any(number(row, "max_count", 1.0) > 0 for row in self.modules(link, period).values())

    def ends(self, link: str) -> tuple[str, str]:
        """Return the nodes that a link joins; an end in a region is at that region's node."""
        row = self.folder.dated["links"].first(link)
        return self.node(row["from"]), self.node(row["to"])

    def delay(self, link: str, period: int) -> float:
        """Return the one-way latency of a link, ms: as given, else 0.0049 × length_km."""
        row = self.folder.at("links", period, link)
        given = optional(row, "latency_ms")
        return MS_PER_KM * number(row, "length_km") if given is None else given

    def arcs(self, period: int) -> list[Arc]:
        """Return both directions of every usable link."""
        out: list[Arc] = []
        for link in self.links(period):
            one, other = self.ends(link)
            if one != other and self.is_usable(link, period):
                out += [Arc(link, one, other), Arc(link, other, one)]
        return out

    def latency(self, path: Path, period: int) -> float:
        """Return the latency of a path, ms."""
        return sum(self.delay(arc.link, period) for arc in path)

    def _shortest(self, start: str, end: str, period: int, standing: bool) -> Path | None:
        """Return the path of least latency, over links that stand or over all usable ones; None where nothing joins.
        Ties go to the least cost, the fewest km, the fewest links, then link by link to figures and names."""
        leaving: dict[str, list[Arc]] = {}
        for arc in self.arcs(period):
            if not standing or self.stands(arc.link, period):
                leaving.setdefault(arc.start, []).append(arc)
        heap: list[tuple[Sums, Figures, str, Path]] = [((0.0, 0.0, 0.0, 0), (), start, ())]
        done: set[str] = set()
        while heap:
            sums, figures, node, path = heapq.heappop(heap)
            if node == end:
                return path
            if node in done:
                continue
            done.add(node)
            for arc in leaving.get(node, []):
                longer, figure = self._longer(sums, arc.link, period)
                heapq.heappush(heap, (longer, (*figures, figure), arc.end, (*path, arc)))
        return None

    def _longer(self, sums: Sums, link: str, period: int) -> tuple[Sums, Figure]:
        """Return the sums of a path with one link more, and the figures by which ties are broken at this link."""
        row = self.folder.at("links", period, link)
        ms = round(sums[0] + self.delay(link, period), 9)
        cost = round(sums[1] + number(row, "cost_mcny_per_gbps_hour"), 12)
        km = round(sums[2] + number(row, "length_km"), 9)
        figure = (
            -number(row, "capacity_gbps"), number(row, "capex_mcny_per_gbps", math.inf),
            -number(row, "limit_gbps", math.inf), number(row, "lead_years"), link,
        )  # fmt: skip
        return (ms, cost, km, sums[3] + 1), figure

    def fixed_path(self, start: str, end: str, period: int) -> Path | None:
        """Return the path of other traffic that is routed shortest: over existing links, else over all usable ones."""
        path = self.shortest(start, end, period, True)
        return self.shortest(start, end, period, False) if path is None else path

    def paths(self, region: str, site: str, period: int) -> list[Path]:
        """Return the paths of a pair: the shortest over links that stand and, where different, over all usable links."""
        start, end = self.node(region), self.site_node(site)
        found = [self.shortest(start, end, period, standing) for standing in (True, False)]
        return list(dict.fromkeys(path for path in found if path is not None))

    def listed(self, region: str, site: str, period: int) -> float | None:
        """Return the latency that the table `latency` lists for a pair."""
        return optional(self.folder.at("latency", period, region, site), "latency_ms")

    def moves_data(self, workload: str) -> bool:
        """Return whether links carry a workload: there are links, and a unit takes traffic in some period."""
        rows = [self.folder.at("workloads", y, workload) for y in self.clock.periods]
        return self.exists and any(
            number(row, "gbps_per_unit") + number(row, "return_gbps_per_unit") > 0 for row in rows
        )

    def eligible(self, region: str, site: str, workload: Row, period: int) -> list[Path]:
        """Return the paths on which work of a region may be served at a site; the empty path where it moves no data."""
        limit, listed = optional(workload, "latency_ms"), self.listed(region, site, period)
        if not self.moves_data(workload["workload"]):
            at = self._without_data(region, site, period) if listed is None else listed
            return [()] if limit is None or at <= limit else []
        paths = self.paths(region, site, period)
        if limit is None or (listed is not None and listed <= limit):
            return paths
        return [path for path in paths if listed is None and self.latency(path, period) <= limit]

    def _without_data(self, region: str, site: str, period: int) -> float:
        """Return the latency of a pair for work that moves no data, without a row in `latency`: the lesser of its paths,
        0 at one node or where a site without a node has the region's name, else out of reach."""
        start, end = self.node(region), self.site_node(site)
        if start == end or (not end and site == region):
            return 0.0
        found = [self.latency(path, period) for path in self.paths(region, site, period)]
        return min(found, default=UNREACHABLE_MS)
