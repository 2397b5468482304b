"""Contingencies as the certificate reads them, and the variables of the work that survives each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xisuan.certificate.reading.calendar import Array, Clock, Mask
from xisuan.certificate.reading.dated_rows import Key
from xisuan.certificate.reading.shortest_paths import Route
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Columns, Label, no_nan, stack

Item = tuple["Failure", Label, Mask]
"""An item of a variable: its contingency, the rest of its label, and the periods in which it may be above 0."""
DAY = 24
FIRST = ("site", "link", "hours", "workloads", "extra_latency_ms")
"""Columns that are the same in all rows of a contingency."""


@dataclass(frozen=True)
class Failure:
    """A contingency. `lost`: share by period, 0 where it does not hold, shape (P,). `active`: shape (P, H).

    `survives`: periods in which each workload must be served, shape (P,).
    """

    name: str
    site: str
    link: str
    lost: Array
    active: Mask
    survives: dict[str, Mask]
    extra_ms: float

    def left(self, *, site: str = "", link: str = "") -> Array:
        """Return the share of a site's or a link's capacity that is left. Shape (P,)."""
        fails = bool(site and site == self.site) or bool(link and link == self.link)
        return np.asarray(1.0 - self.lost * fails)

    def demand(self, reading: Reading, region: str, w: str) -> Array:
        """Return the work that must be served. Shape (P, H)."""
        return np.where(self.active & self.survives[w][:, None], reading.demand(region, w), 0.0)


@dataclass(frozen=True)
class Way:
    """One way of surviving pairwise work: its route, and the periods in which it may be used."""

    failure: Failure
    region: str
    site: str
    workload: str
    route: Route
    allowed: Mask

    @property
    def label(self) -> tuple[str, ...]:
        """Label of the variable: the path is named by its links, a sign of + in a name being escaped."""
        marked = str.maketrans({"+": "\\+", "\\": "\\\\"})
        path = "+".join(arc[0].translate(marked) for arc in self.route) or "-"
        return self.failure.name, self.region, self.site, self.workload, path


def failures(reading: Reading) -> tuple[Failure, ...]:
    """Return the contingencies in which some work must survive in a modelled hour of a planned period."""
    table = reading.tables["contingencies"]
    found = (_failure(reading, key) for key in table.keys)
    return tuple(one for one in found if one.survives and one.active.any())


def _failure(reading: Reading, key: Key) -> Failure:
    table = reading.tables["contingencies"]
    site, link, hours, named, extra = (table.first(key, column) for column in FIRST)
    share = table.number(key, "share_lost")
    holds = ~np.isnan(share) & reading.planned
    listed = {part.strip() for part in str(named or "").split(";")} - {""}
    survives = {}
    for w in dict.fromkeys(w for _, w in reading.units):
        if not reading.holds_stock(w) and (not listed or w in listed):
            mask = holds if listed else holds & _urgent(reading, w)
            if mask.any() and any((units > 0).any() for (_, of), units in reading.units.items() if of == w):
                survives[w] = mask
    active = holds[:, None] & _within(reading.clock, str(hours or ""))
    return Failure(
        str(key[0]), str(site or ""), str(link or ""), np.where(holds, np.nan_to_num(share), 0.0), active, survives,
        float(no_nan(np.array(extra, dtype=float), 0.0)),
    )  # fmt: skip


def _urgent(reading: Reading, w: str) -> Mask:
    """Return the periods in which a workload may neither wait an hour nor be dropped at a penalty. Shape (P,)."""
    table = reading.tables["workloads"]
    waits = table.number((w,), "defer_hours") >= 1.0
    return np.asarray(table.holds((w,)) & ~waits & np.isnan(table.number((w,), "unserved_mcny_per_unit_hour")))


def _within(clock: Clock, spans: str) -> Mask:
    """Return the modelled hours within spans of the day such as 9-12;22-3; all hours where blank. Shape (H,)."""
    settings = clock.scenario.settings
    if not spans or (settings.hours.kind == "one" and not clock.scenario.has("blocks")):
        return np.ones(clock.shape[1], dtype=bool)
    day = np.concatenate([np.arange(block.first_hour, block.first_hour + block.hours) % DAY for block in clock.given])
    inside = np.zeros(len(day), dtype=bool)
    for span in spans.split(";"):
        first, _, last = span.partition("-")
        start, end = int(first), int(last or first)
        # Hours after the start, around midnight, as far as the end.
        inside |= (day - start) % DAY <= (end - start) % DAY
    return inside


def ways(columns: Columns, failure: Failure) -> list[Way]:
    """Return every way of the pairwise work that must survive a failure.

    Routes are those of normal operation and those without the failed link; without it alone where it is lost.
    """
    reading, routes = columns.reading, columns.routes
    around = routes.without(failure.link) if failure.link else None
    found: dict[tuple[str, str, str, Route], Mask] = {}
    for region, w in reading.units:
        if w not in failure.survives or not reading.pairwise(w) or not (reading.units[region, w] > 0).any():
            continue
        for site in reading.sites:
            if (site, reading.runs_on(w)[0]) not in reading.capable:
                continue
            for p in np.flatnonzero(reading.paired(w)).tolist():
                networks = [] if around is not None and failure.lost[p] == 1.0 else [routes]
                for network in (*networks, *([around] if around is not None else [])):
                    for route in network.within(region, site, w, p, failure.extra_ms):
                        key = region, site, w, route
                        found.setdefault(key, np.zeros(len(failure.lost), dtype=bool))[p] = True
    return [Way(failure, *key, mask) for key, mask in found.items()]


class PlanColumns(Columns):
    """All variables of a plan: those of normal operation, and those of the work that survives failures."""

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """Contingencies of the plan."""
        return failures(self.reading)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Ways of pairwise work in all contingencies."""
        return tuple(way for one in self.failures for way in ways(self, one))

    def _fill(self) -> None:
        super()._fill()
        for name, items in self._recourse().items():
            labels = [(one.name, *label) for one, label, _ in items]
            # 0 outside the hours of the contingency
            open_ = [np.where(one.active & may[:, None], np.inf, 0.0) for one, _, may in items]
            shape = self.reading.clock.shape
            self.add(f"recourse_{name}", labels, np.stack(open_, axis=-1) if open_ else np.zeros((*shape, 0)))

    def _recourse(self) -> dict[str, list[Item]]:
        """Return the items of the variables of recourse."""
        reading, always = self.reading, np.ones_like(self.reading.planned)
        found: dict[str, list[Item]] = {
            "serve": [(w.failure, w.label[1:], w.allowed & (w.failure.left(site=w.site) > 0.0)) for w in self.ways]
        }
        flow, absorb, load, grid = (found.setdefault(name, []) for name in ("flow", "absorb", "load", "grid"))
        for one in self.failures:
            for w in filter(reading.free, one.survives):
                free = ~reading.paired(w)
                for arc in self.routes.arcs if reading.moves_data(w) else ():
                    usable = self.routes.usable[arc[0]] & (one.left(link=arc[0]) > 0.0)
                    flow.append((one, (w, *arc), usable & free))
                mine = [label for label in self.absorbers if label[1] == w]
                absorb += [(one, label, free & (one.left(site=label[0]) > 0.0)) for label in mine]
            load += [(one, label, one.left(site=label[0]) > 0.0) for label in self["load"].labels]
            limited = [label for label in self["grid"].labels if (~np.isnan(zone_limit(reading, label[0]))).any()]
            grid += [(one, label, always) for label in limited]
        return found

    def shares(self, items: Sequence[Label], *, of: str) -> Array:
        """Return the share left for each (contingency, site or link). Shape (P, items)."""
        by_name = {one.name: one for one in self.failures}
        found = [by_name[k].left(**{of: place}) for k, place in items]
        return stack(found, self.reading.clock.shape[0])

    def during(self, names: Sequence[str]) -> Array:
        """Return 1 in the hours of contingencies, else 0. Shape (P, H, names)."""
        by_name = {one.name: one.active for one in self.failures}
        shape = self.reading.clock.shape
        return np.stack([by_name[name] for name in names], -1).astype(float) if names else np.zeros((*shape, 0))


def zone_limit(reading: Reading, site: str) -> Array:
    """Return the limit of the grid connection of a site's zone in MW, NaN where it has none. Shape (P,)."""
    power = reading.tables["power"]
    zones = reading.tables["sites"].text((site,), "zone")
    return np.array([power.number((zone,), "grid_limit_mw")[p] for p, zone in enumerate(zones)])
