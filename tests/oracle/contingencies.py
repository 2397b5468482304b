"""Contingencies: tables.md `contingencies`, formulas.md recourse_demand to recourse_within_zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.oracle.folder import Row, number, optional
from tests.oracle.network import Arc, Network, Path
from tests.oracle.power import profile, pue
from tests.oracle.program import Sum, add, add_all
from tests.oracle.work import is_pairwise, runners, split

if TYPE_CHECKING:
    from tests.oracle.model import Model

STEADY = ("hold", "stock_flow", "traffic_flow", "one")
"""Columns of traffic that keeps its route."""


class Without(Network):
    """The network without a link."""

    def __init__(self, whole: Network, link: str) -> None:
        super().__init__(whole.folder, whole.clock)
        self.gone = link

    def _stands(self, link: str, period: int) -> bool:
        return link != self.gone and super()._stands(link, period)

    def _is_usable(self, link: str, period: int) -> bool:
        return link != self.gone and super()._is_usable(link, period)


def build(m: Model) -> None:
    """State every contingency in every hour in which it must be survived."""
    for (name,) in m.folder.dated["contingencies"].keys():  # noqa: SIM118 (not a mapping)
        for y in m.clock.periods:
            row = m.folder.at("contingencies", y, name)
            lost = optional(row, "share_lost")
            if row is None or lost is None or m.clock.is_past(y):
                continue
            inside = _hours_of_day(row.get("hours", ""))
            for t in range(m.clock.count):
                if m.clock.is_mean or int(m.clock.at[t]) % 24 in inside:
                    _Hour(m, name, row, lost, y, t).state()


def _hours_of_day(text: str) -> set[int]:
    out: set[int] = set()
    for part in text.split(";") if text else ["0-23"]:
        first, last = (int(end) for end in (part.split("-") * 2)[:2])
        while True:
            out.add(first)
            if first == last:
                break
            first = (first + 1) % 24
    return out


class _Hour:
    """One contingency in one hour of one period."""

    def __init__(self, m: Model, name: str, row: Row, lost: float, y: int, t: int) -> None:
        self.m, self.name, self.row, self.lost, self.y, self.t = m, name, row, lost, y, t
        self.link = row.get("link", "")
        self.around = Without(m.network, self.link) if self.link else m.network
        self.run: dict[tuple[str, str], Sum] = {}
        self.carried: dict[Arc, Sum] = {}

    def left(self, *, site: str = "", link: str = "") -> float:
        """Return the share of a site or a link that is left."""
        fails = (site and site == self.row.get("site", "")) or (link and link == self.link)
        return 1.0 - self.lost if fails else 1.0

    def state(self) -> None:
        """Add rows of work, equipment, links and power."""
        for workload in self._surviving():
            self._serve(workload)
        self.loads = {site: self._loads(site) for site in self.m.sites}
        self._links()
        for zone in self.m.folder.names("power"):
            self._zone(zone)

    def _surviving(self) -> list[Row]:
        m, listed = self.m, [part.strip() for part in self.row.get("workloads", "").split(";") if part.strip()]
        found: list[Row] = []
        for name in m.folder.names("workloads"):
            row = m.folder.at("workloads", self.y, name)
            if row is None or any(m.is_stock(g) for g in runners(m, row)):
                continue
            urgent = number(row, "defer_hours") < 1 and optional(row, "unserved_mcny_per_unit_hour") is None
            if name in listed or (not listed and urgent):
                found.append(row)
        return found

    def _demand(self, name: str) -> dict[str, float]:
        return {
            row["region"]: number(row, "units") * float(self.m.clock.shape(row.get("profile", ""))[self.t])
            for row in self.m.folder.rows.get("demand", [])
            if row["workload"] == name and int(row["period"]) == self.y and number(row, "units") > 0
        }

    def _column(self, *key: object) -> int:
        return self.m.program.variable("recourse", self.name, *key, self.y, self.t)

    def _ran(self, site: str, workload: str, column: int) -> None:
        add(self.run.setdefault((site, workload), {}), column)

    def _carry(self, row: Row, arc: Arc, column: int) -> None:
        add(self.carried.setdefault(arc, {}), column, number(row, "gbps_per_unit"))
        add(self.carried.setdefault(arc.opposite, {}), column, number(row, "return_gbps_per_unit"))

    def _serve(self, row: Row) -> None:
        name, demand = row["workload"], self._demand(row["workload"])
        if not demand:
            return
        if is_pairwise(self.m, name, self.y):
            for region, units in demand.items():
                self._pairs(row, region, units)
            return
        routed, into, asked = self.m.network.moves_data(name), dict[str, Sum](), dict[str, float]()
        for region, units in demand.items():
            node = self.m.network.node(region) if routed else ""
            asked[node] = asked.get(node, 0.0) + units
        for site in self.m.sites if runners(self.m, row) else []:
            column = self._column("absorb", site, name)
            self._ran(site, name, column)
            add(into.setdefault(self.m.network.site_node(site) if routed else "", {}), column)
        for arc in self.m.network.arcs(self.y) if routed else []:
            column = self._column("flow", name, *arc)
            add(into.setdefault(arc.start, {}), column)
            add(into.setdefault(arc.end, {}), column, -1.0)
            self._carry(row, arc, column)
        for node in {*into, *asked}:
            self.m.program.equal(into.get(node, {}), asked.get(node, 0.0))

    def _pairs(self, row: Row, region: str, units: float) -> None:
        limit = optional(row, "latency_ms")
        late = row if limit is None else row | {"latency_ms": repr(limit + number(self.row, "extra_latency_ms"))}
        total: Sum = {}
        networks = [self.around] if self.lost == 1.0 else [self.m.network, self.around]
        for site in self.m.sites if runners(self.m, row) else []:
            paths: dict[Path, None] = {}
            for network in networks:
                paths |= dict.fromkeys(network.eligible(region, site, late, self.y))
            for number_of, path in enumerate(paths):
                column = self._column("serve", region, site, row["workload"], number_of)
                add(total, column)
                self._ran(site, row["workload"], column)
                for arc in path:
                    self._carry(row, arc, column)
        self.m.program.equal(total, units)

    def _loads(self, site: str) -> dict[str, int]:
        """recourse_class, recourse_technology and recourse_within_installed."""
        m = self.m
        held = [g for g in m.technologies if not m.is_stock(g)]
        loads: dict[str, int] = {}
        for g in held:
            most = number(m.technology(g, self.y), "attainable_utilisation", 1.0) * self.left(site=site)
            loads[g] = self._column("load", site, g)
            m.program.row({loads[g]: 1.0, m.program.columns["installed", site, g, self.y]: -most}, upper=0.0)
        asked: dict[str, Sum] = {}
        for (place, workload), terms in self.run.items():
            if place == site:
                row = m.folder.at("workloads", self.y, workload) or {"class": ""}
                add_all(asked.setdefault(row["class"], {}), terms)
        split(m, held, loads, asked)
        return loads

    def _links(self) -> None:
        """recourse_within_link."""
        names = {column: key[0] for key, column in self.m.program.columns.items()} if self.m.network.exists else {}
        for arc in self.m.network.arcs(self.y) if self.m.network.exists else []:
            left = self.left(link=arc.link)
            terms = dict(self.carried.get(arc, {}))
            normal = self.m.carried.get((self.y, arc), [{}] * self.m.clock.count)[self.t]
            for column, gbps in normal.items():
                if names[column] in STEADY:
                    add(terms, column, gbps * left)
            add(terms, self.m.program.columns["capacity", arc.link, self.y], -left)
            self.m.program.row(terms, upper=0.0)

    def _zone(self, zone: str) -> None:
        """recourse_power and recourse_within_zone."""
        m, y, t = self.m, self.y, self.t
        limit = optional(m.folder.at("power", y, zone), "grid_limit_mw")
        if limit is None:
            return
        total: Sum = {}
        for site in m.sites:
            if m.folder.dated["sites"].first(site).get("zone", "") != zone:
                continue
            grid, left = self._column("grid", site), self.left(site=site)
            terms: Sum = {grid: 1.0}
            for source in ("solar", "wind"):
                supply = m.program.get("supply", site, source, y)
                if supply is not None:
                    add(terms, supply, left * profile(m, m.folder.at("supply", y, site, source))[t])
            ratio = float(np.asarray(pue(m, site, y))[t])
            for g in m.technologies:
                figures = m.technology(g, y)
                size, idle = number(figures, "mw_per_unit") * ratio, number(figures, "idle_share")
                add(terms, m.program.columns["installed", site, g, y], -size * idle * left)
                if m.is_stock(g):
                    add_all(terms, m.loads[site, g, y][t], -size * (1 - idle) * left)
                else:
                    add(terms, self.loads[site][g], -size * (1 - idle))
            m.program.row(terms, lower=0.0)
            add(total, grid)
        m.program.row(total, upper=limit)
