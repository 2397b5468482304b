"""Work by the hour, stock by the period and other traffic: formulas.md, work_balance to traffic_within_link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tests.oracle.folder import Row, number, optional
from tests.oracle.network import Arc
from tests.oracle.program import Sum, add, add_all

if TYPE_CHECKING:
    from tests.oracle.model import Model

Array = NDArray[np.float64]
HOURS = 8760.0


def build(m: Model) -> None:
    """State what is served where, and what links carry."""
    for y in m.clock.periods:
        run: dict[tuple[str, str], list[Sum]] = {}
        for name in m.folder.names("workloads"):
            _Service(m, name, y).state(run)
        for site in m.sites:
            _loads(m, site, y, run)
        _other_traffic(m, y)
        _within_links(m, y)


def is_pairwise(m: Model, workload: str, period: int) -> bool:
    """Return whether a workload is pairwise in a period: "if it has a latency limit or serving costs" in it."""
    if optional(m.folder.at("workloads", period, workload), "latency_ms") is not None:
        return True
    return prices_pairs(m, workload, period)


def prices_pairs(m: Model, workload: str, period: int) -> bool:
    """Return whether serving costs of a workload hold in a period; it must then list every eligible pair."""
    keys = [key for key in m.folder.dated["serving_cost"].keys() if key[2] == workload]  # noqa: SIM118 (not a mapping)
    return any(m.folder.at("serving_cost", period, *key) is not None for key in keys)


def runners(m: Model, workload: Row) -> list[str]:
    """Return the technologies that can run a workload: the one that it names, or those of its class."""
    name = workload["class"]
    return [name] if name in m.technologies else [g for g in m.technologies if m.class_of(g) == name]


class _Service:
    """One workload in one period, by the hour or (stock) for the whole of it."""

    def __init__(self, m: Model, name: str, y: int) -> None:
        self.m, self.name, self.y = m, name, y
        self.row = m.folder.at("workloads", y, name) or {}
        held = [m.is_stock(g) for g in runners(m, self.row)] if self.row else []
        self.stock = bool(held) and all(held)
        self.sites = m.sites if self.row and runners(m, self.row) else []
        self.hours = [None] if self.stock else list(range(m.clock.count))
        self.weight = np.array([HOURS]) if self.stock else m.clock.weight
        self.rate = number(self.row, "gbps_per_unit") + number(self.row, "return_gbps_per_unit")
        self.demand = {
            row["region"]: number(row, "units") * (np.ones(1) if self.stock else m.clock.shape(row.get("profile", "")))
            for row in m.folder.rows.get("demand", [])
            if row["workload"] == name and int(row["period"]) == y and number(row, "units") > 0
        }

    def state(self, run: dict[tuple[str, str], list[Sum]]) -> None:
        """Add the workload's rows, and to `run` what of it a site runs in each hour."""
        if not self.demand:
            return
        self.ran = {site: [{} for _ in self.hours] for site in self.sites}
        pairwise = is_pairwise(self.m, self.name, self.y)
        sent = {region: self._pairs(region) if pairwise else self._release(region) for region in self.demand}
        if not pairwise:
            self._absorb(sent)
        for region, leaving in sent.items():
            self._balance(region, leaving)
        for site, terms in self.ran.items():
            run[site, self.name] = terms

    def _key(self, stock: str, flow: str, *names: object, at: int | None) -> tuple[object, ...]:
        return (stock, *names, self.y) if at is None else (flow, *names, self.y, at)

    def _carry(self, arc: Arc, at: int | None, column: int) -> None:
        """Put the traffic of a unit on an arc and what comes back on the opposite one, and charge both for the way."""
        there, back = number(self.row, "gbps_per_unit"), number(self.row, "return_gbps_per_unit")
        for t in range(self.m.clock.count) if at is None else [at]:
            add(_on(self.m, self.y, arc)[t], column, there)
            add(_on(self.m, self.y, arc.opposite)[t], column, back)
        price = number(self.m.folder.at("links", self.y, arc.link), "cost_mcny_per_gbps_hour")
        self._charge("transmission", at, column, self.rate * price)

    def _charge(self, term: str, at: int | None, column: int, hourly: float) -> None:
        weight = self.weight[0 if at is None else at]
        self.m.program.cost(term, self.y, column, self.m.clock.discount(self.y) * weight * hourly)

    def _pairs(self, region: str) -> list[Sum]:
        """serve (hold) for each site and path within the limit; what leaves the region, by hour."""
        m, out = self.m, [Sum() for _ in self.hours]
        named = prices_pairs(m, self.name, self.y)
        for site in self.sites:
            cost = m.folder.at("serving_cost", self.y, region, site, self.name)
            if named and cost is None:
                continue
            for number_of, path in enumerate(m.network.eligible(region, site, self.row, self.y)):
                for at, t in enumerate(self.hours):
                    column = m.program.variable(*self._key("hold", "serve", region, site, self.name, number_of, at=t))
                    add(out[at], column)
                    add(self.ran[site][at], column)
                    self._charge("serving", t, column, number(cost, "mcny_per_unit_hour"))
                    for arc in path:
                        self._carry(arc, t, column)
        return out

    def _release(self, region: str) -> list[Sum]:
        m = self.m
        keys = [self._key("stock_release", "release", region, self.name, at=t) for t in self.hours]
        return [{m.program.variable(*key): 1.0} for key in keys]

    def _absorb(self, sent: dict[str, list[Sum]]) -> None:
        """pool_balance, or node_balance where the work moves data over links."""
        m = self.m
        routed = m.network.moves_data(self.name)
        for at, t in enumerate(self.hours):
            into: dict[str, Sum] = {}
            for region, leaving in sent.items():
                add_all(into.setdefault(m.network.node(region) if routed else "", {}), leaving[at])
            for site in self.sites:
                column = m.program.variable(*self._key("stock_absorb", "absorb", site, self.name, at=t))
                add(self.ran[site][at], column)
                add(into.setdefault(m.network.site_node(site) if routed else "", {}), column, -1.0)
            for arc in m.network.arcs(self.y) if routed else []:
                column = m.program.variable(*self._key("stock_flow", "flow", self.name, *arc, at=t))
                add(into.setdefault(arc.end, {}), column)
                add(into.setdefault(arc.start, {}), column, -1.0)
                self._carry(arc, t, column)
            for terms in into.values():
                m.program.equal(terms)

    def _balance(self, region: str, sent: list[Sum]) -> None:
        """work_balance with its bound on the backlog, or stock_balance; unserved work at its penalty."""
        m, demand = self.m, self.demand[region]
        penalty = optional(self.row, "unserved_mcny_per_unit_hour")
        if m.folder.options["objective"] == "carbon":
            penalty = None  # "all work served, penalties or not" (model-limits.md, Least carbon)
        for at, t in enumerate(self.hours):
            if penalty is not None:
                column = m.program.variable(*self._key("stock_unserved", "unserved", region, self.name, at=t))
                add(sent[at], column)
                self._charge("unserved", t, column, penalty)
        defer = int(number(self.row, "defer_hours"))
        if defer and not self.stock:
            latest = m.clock.window(demand, defer)
            waits = [
                m.program.variable("backlog", region, self.name, self.y, t, upper=latest[t])
                for t in range(m.clock.count)
            ]
            for t, wait in enumerate(waits):
                add(sent[t], wait)
                add(sent[t], waits[m.clock.before[t]], -1.0)
        for at, terms in enumerate(sent):
            m.program.equal(terms, float(demand[at]))


def _on(m: Model, period: int, arc: Arc) -> list[Sum]:
    """Return the traffic on an arc, by hour."""
    if (period, arc) not in m.carried:
        m.carried[period, arc] = [{} for _ in range(m.clock.count)]
    return m.carried[period, arc]


def _loads(m: Model, site: str, y: int, run: dict[tuple[str, str], list[Sum]]) -> None:
    """class_balance, technology_load and load_within_installed, and the same of stock."""
    reserve = m.rule_at("site_reserve_min", y, site, m.hub(site), "all") or 0.0
    for stock in (False, True):
        held = [g for g in m.technologies if m.is_stock(g) == stock]
        hours = [None] if stock else list(range(m.clock.count))
        loads: dict[str, list[int]] = {}
        for g in held:
            most = number(m.technology(g, y), "attainable_utilisation", 1.0) * (1 - reserve)
            installed = m.program.columns["installed", site, g, y]
            loads[g] = []
            for t in hours:
                key = ("stock_load", site, g, y) if t is None else ("load", site, g, y, t)
                loads[g].append(m.program.variable(*key))
                m.program.row({loads[g][-1]: 1.0, installed: -most}, upper=0.0)
            m.loads[site, g, y] = [{column: 1.0} for column in loads[g]] * (m.clock.count if stock else 1)
        for at in range(len(hours)):
            split(m, held, {g: columns[at] for g, columns in loads.items()}, _asked(m, site, y, run, held, at))


def _asked(
    m: Model, site: str, y: int, run: dict[tuple[str, str], list[Sum]], held: list[str], at: int
) -> dict[str, Sum]:
    """Return the work at a site in an hour by the class or technology that it names."""
    out: dict[str, Sum] = {}
    for (place, workload), terms in run.items():
        name = (m.folder.at("workloads", y, workload) or {"class": ""})["class"]
        if place == site and (name in held or name in {m.class_of(g) for g in held}):
            add_all(out.setdefault(name, {}), terms[at])
    return out


def split(m: Model, held: list[str], loads: dict[str, int], asked: dict[str, Sum]) -> None:
    """Split the work of each class over its technologies; work bound to one runs there at least."""
    for kind in dict.fromkeys(m.class_of(g) for g in held):
        members = [g for g in held if m.class_of(g) == kind]
        terms: Sum = {loads[g]: 1.0 for g in members}
        for name in dict.fromkeys([kind, *members]):
            add_all(terms, asked.get(name, {}), -1.0)
        m.program.equal(terms)
        for g in members:
            if g in asked and g != kind:
                bound: Sum = {loads[g]: 1.0}
                add_all(bound, asked[g], -1.0)
                m.program.row(bound, lower=0.0)


def _other_traffic(m: Model, y: int) -> None:
    """traffic_balance, and traffic on shortest paths with its cost, a constant."""
    if not m.network.exists:
        return
    free: dict[str, dict[str, Array]] = {}
    for start, end in m.folder.dated["traffic"].keys():  # noqa: SIM118 (not a mapping)
        row = m.folder.at("traffic", y, start, end)
        one, other = m.network.node(start), m.network.node(end)
        if row is None or one == other:
            continue
        gbps = number(row, "gbps") * m.clock.traffic(row.get("profile", ""))
        if row.get("routing") == "shortest":
            _fixed(m, y, one, other, gbps)
        else:
            sinks = free.setdefault(one, {})
            sinks[other] = sinks.get(other, np.zeros(m.clock.count)) + gbps
    for source, sinks in free.items():
        _commodity(m, y, source, sinks)


def _fixed(m: Model, y: int, start: str, end: str, gbps: Array) -> None:
    path = m.network.fixed_path(start, end, y)
    if path is None:
        m.program.row({}, lower=1.0, upper=1.0)  # nothing joins the ends
        return
    for arc in path:
        price = number(m.folder.at("links", y, arc.link), "cost_mcny_per_gbps_hour")
        m.program.constant += m.clock.discount(y) * float(m.clock.weight @ gbps) * price
        for t in range(m.clock.count):
            add(_on(m, y, arc)[t], m.one(), float(gbps[t]))


def _commodity(m: Model, y: int, source: str, sinks: dict[str, Array]) -> None:
    arcs = m.network.arcs(y)
    nodes = dict.fromkeys([source, *sinks, *(arc.start for arc in arcs)])
    for t in range(m.clock.count):
        balance: dict[str, Sum] = {node: {} for node in nodes}
        for arc in arcs:
            column = m.program.variable("traffic_flow", source, *arc, y, t)
            add(balance[arc.end], column)
            add(balance[arc.start], column, -1.0)
            add(_on(m, y, arc)[t], column)
            price = number(m.folder.at("links", y, arc.link), "cost_mcny_per_gbps_hour")
            m.program.cost("transmission", y, column, m.clock.discount(y) * m.clock.weight[t] * price)
        for node, terms in balance.items():
            wanted = float(sinks[node][t]) if node in sinks else 0.0
            if node == source:
                wanted -= sum(float(gbps[t]) for gbps in sinks.values())
            m.program.equal(terms, wanted)


def _within_links(m: Model, y: int) -> None:
    """traffic_within_link: all traffic on an arc within the share of its capacity that may be used."""
    for arc in m.network.arcs(y):
        share = m.rule_at("link_load_max", y, arc.link, "all")
        capacity = m.program.columns["capacity", arc.link, y]
        for terms in _on(m, y, arc):
            m.program.row(terms | {capacity: -(1.0 if share is None else share)}, upper=0.0)
