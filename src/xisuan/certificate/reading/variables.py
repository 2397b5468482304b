"""All variables that the tables allow, in one vector: labels, indices, and the bounds of the tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from xisuan.certificate.reading.access import Access
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.shortest_paths import Arc, Option, Routes
from xisuan.certificate.reading.table_values import Reading, Unit

Label = tuple[str, ...]
INF = np.inf

HOURLY = frozenset(
    (
        *("serve", "release", "flow", "absorb", "backlog", "unserved", "load", "traffic_flow", "traffic_unserved"),
        *("it", "it_retrofitted", "grid", "contract_use", "generation", "charge", "discharge", "stored"),
        *("recourse_serve", "recourse_flow", "recourse_absorb", "recourse_load", "recourse_grid"),
        *("excess_clean_share_hourly_min", "excess_own_at_most_hourly", "excess_own_at_least_hourly"),
    )
)
OF_OPERATION = frozenset(
    (
        *("serve", "absorb", "backlog", "unserved", "load", "it", "it_retrofitted", "grid", "generation", "charge"),
        *("contract_use", "discharge", "stored", "contract", "hold", "stock_absorb", "stock_unserved", "stock_load"),
    )
)
"""Variables of operation that own rules may name."""
INTEGER = frozenset(("hall_phases", "build_modules", "link_modules", "open", "gigabit"))


@dataclass(frozen=True)
class Family:
    """One family of variables. Values have shape (P, H, items) where hourly, else (P, items).

    `lower` and `upper` are the bounds of the tables; they broadcast to the values.
    """

    name: str
    labels: tuple[Label, ...]
    hourly: bool
    integer: bool
    start: int
    shape: tuple[int, ...]
    lower: Array
    upper: Array

    @cached_property
    def at(self) -> Mapping[Label, int]:
        """Position of each label."""
        return {label: i for i, label in enumerate(self.labels)}

    @property
    def span(self) -> slice:
        """Return the slice of the family in the vector of all variables."""
        return slice(self.start, self.start + math.prod(self.shape))

    def view(self, vector: Array) -> Array:
        """Return the family's part of a vector of all variables, in its shape."""
        return vector[self.span].reshape(self.shape)


class Columns:
    """All families of variables, as `reading` and `routes` determine them."""

    def __init__(self, reading: Reading, routes: Routes) -> None:
        self.reading, self.routes = reading, routes
        self.families: dict[str, Family] = {}
        self.size = 0
        self.access = Access(reading)
        self._fill()

    def _fill(self) -> None:
        """Add every family."""
        for build in (_orders, _in_use, _service, _stock, _network, _power, _access, _payers):
            build(self)

    def __getitem__(self, name: str) -> Family:
        return self.families[name]

    def add(self, name: str, labels: Sequence[Label], upper: Array | None = None, lower: Array | None = None) -> None:
        """Add a family. `upper` (default: none) and `lower` (default: 0) are (P, items) or (P, H, items)."""
        periods, hours = self.reading.clock.shape
        hourly = name in HOURLY
        shape = (periods, hours, len(labels)) if hourly else (periods, len(labels))
        fit = [(np.full(1, INF) if upper is None else upper), (np.zeros(1) if lower is None else lower)]
        fit = [side[:, None, :] if hourly and side.ndim == 2 else side for side in fit]
        most, least = (
            np.broadcast_to(side.reshape((1,) * (len(shape) - side.ndim) + side.shape), shape) for side in fit
        )
        family = Family(name, tuple(labels), hourly, name in INTEGER, self.size, shape, least, most)
        self.families[name] = family
        self.size += int(np.prod(shape))

    def kind(self, name: str) -> str:
        """Return the kind under which violated bounds of a family are reported."""
        return "deadline" if name == "backlog" else "bounds"

    def penalty(self, w: str) -> Array:
        """Return the penalty of unserved work in mCNY per unit-hour, NaN where it must be served. Shape (P,)."""
        return self.reading.tables["workloads"].number((w,), "unserved_mcny_per_unit_hour")

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Nodes that send other traffic over any paths, in some period."""
        return _sources_of_traffic(self.reading)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Every region, site, workload, path of pairwise work, stock included."""
        reading = self.reading
        found: list[Option] = []
        for region, w in reading.units:
            if not reading.pairwise(w):
                continue
            needs, _ = reading.runs_on(w)
            for s in reading.sites:
                if (s, needs) in reading.capable:
                    found += self.routes.options(region, s, w)
        return tuple(found)

    @cached_property
    def absorbers(self) -> tuple[Label, ...]:
        """Sites and free workloads that may run (or be held) there."""
        reading = self.reading
        free = dict.fromkeys(w for _, w in reading.units if reading.free(w))
        return tuple((s, w) for w in free for s in reading.sites if (s, reading.runs_on(w)[0]) in reading.capable)


def stack(items: Sequence[ArrayLike], periods: int) -> Array:
    """Stack columns: (P,) each to (P, items)."""
    return np.stack([np.asarray(item, dtype=np.float64) for item in items], -1) if items else np.zeros((periods, 0))


def no_nan(values: Array, blank: ArrayLike) -> Array:
    """Return `values` with `blank` in place of NaN."""
    return np.where(np.isnan(values), blank, values)


def _orders(columns: Columns) -> None:
    reading, n = columns.reading, columns.reading.clock.shape[0]
    halls, sites, links = reading.tables["halls"], reading.tables["sites"], reading.tables["links"]
    at = list(halls.keys)
    names = [(str(key[0]),) for key in at]
    may = [np.where(halls.holds(key) & reading.planned & reading.ever_used("halls", key), INF, 0.0) for key in at]
    phased = [no_nan(halls.number(key, "phase_mw"), 0.0) > 0 for key in at]
    columns.add("build_hall", names, stack(may, n))
    whole = [i for i, phase in enumerate(phased) if phase.any()]
    columns.add("hall_phases", [names[i] for i in whole], stack([np.where(phased[i], may[i], 0.0) for i in whole], n))
    offers = [~np.isnan(halls.number(k, "retrofit_capex_mcny_per_mw") + halls.number(k, "retrofit_pue")) for k in at]
    cool = [i for i, offer in enumerate(offers) if offer.any()]
    columns.add("retrofit", [names[i] for i in cool], stack([np.where(offers[i], may[i], 0.0) for i in cool], n))
    _equipment_orders(columns)
    line = [(link,) for link in columns.routes.links]
    in_time = {key: links.holds(key) & reading.planned & reading.ever_used("links", key) for key in line}
    grow = [~np.isnan(links.number(key, "capex_mcny_per_gbps")) & in_time[key] for key in line]
    some = [i for i, mask in enumerate(grow) if mask.any()]
    columns.add("build_link", [line[i] for i in some], stack([np.where(grow[i], INF, 0.0) for i in some], n))
    modules = reading.tables["modules"]
    kept = [key for key in modules.keys if (str(key[0]),) in set(line)]
    cap = [
        np.where(modules.holds(k) & in_time[str(k[0]),], no_nan(modules.number(k, "max_count"), INF), 0.0) for k in kept
    ]
    columns.add("link_modules", [(str(k[0]), str(k[1])) for k in kept], stack(cap, n))
    supply = reading.tables["supply"]
    sources = [(str(s), str(q)) for s, q in supply.keys]
    open_ = [
        np.where(supply.holds(key) & reading.planned & reading.ever_used("supply", key), INF, 0.0)
        for key in supply.keys
    ]
    columns.add("build_supply", sources, stack(open_, n))
    battery = [i for i, (_, q) in enumerate(sources) if q == "battery"]
    columns.add("build_energy", [(sources[i][0],) for i in battery], stack([open_[i] for i in battery], n))
    priced = [
        s for s in reading.sites if s in reading.new_sites and np.nansum(sites.number((s,), "fixed_cost_mcny")) > 0
    ]
    for name in ("open", "opened"):
        columns.add(name, [(s,) for s in priced], np.ones((n, len(priced))))


def _equipment_orders(columns: Columns) -> None:
    reading, n = columns.reading, columns.reading.clock.shape[0]
    limits = reading.tables["limits"]
    pairs = list(reading.orderable)
    most = [no_nan(limits.number(pair, "max_build_units"), INF) for pair in pairs]
    upper = [np.where(reading.orderable[pair], cap, 0.0) for pair, cap in zip(pairs, most, strict=True)]
    columns.add("build", pairs, stack(upper, n))
    module = {g: no_nan(reading.technology(g, "module_units"), 0.0) > 0 for g in reading.technologies}
    whole = [i for i, (_, g) in enumerate(pairs) if module[g].any()]
    unlimited = [np.where(reading.orderable[pairs[i]] & module[pairs[i][1]], INF, 0.0) for i in whole]
    columns.add("build_modules", [pairs[i] for i in whole], stack(unlimited, n))


def _in_use(columns: Columns) -> None:
    reading, n = columns.reading, columns.reading.clock.shape[0]
    halls, links, supply = reading.tables["halls"], reading.tables["links"], reading.tables["supply"]
    keys = halls.keys
    columns.add(
        "hall", [(str(k[0]),) for k in keys], stack([no_nan(halls.number(k, "limit_mw"), INF) for k in keys], n)
    )
    cool = columns["retrofit"].labels
    columns.add("retrofitted", cool, stack([no_nan(halls.number(k, "existing_mw"), 0.0) for k in cool], n))
    upper, lower = _kept(reading.fleet, reading)
    columns.add("kept", [(u.site, u.technology, u.opened) for u in reading.fleet], upper, lower)
    limits, pairs = reading.tables["limits"], reading.candidates
    most = [no_nan(limits.number(pair, "max_units"), INF) for pair in pairs]
    least = [no_nan(limits.number(pair, "min_units"), 0.0) for pair in pairs]
    columns.add("installed", pairs, stack(most, n), stack(least, n))
    line = [(link,) for link in columns.routes.links]
    most = [no_nan(links.number(key, "limit_gbps"), INF) for key in line]
    least = [no_nan(links.number(key, "min_gbps"), 0.0) for key in line]
    columns.add("capacity", line, stack(most, n), stack(least, n))
    sources = columns["build_supply"].labels
    columns.add("supply", sources, stack([no_nan(supply.number(k, "limit_mw"), INF) for k in sources], n))
    battery = columns["build_energy"].labels
    room = [no_nan(supply.number((*k, "battery"), "limit_mwh"), INF) for k in battery]
    columns.add("energy", battery, stack(room, n))


def _kept(fleet: tuple[Unit, ...], reading: Reading) -> tuple[Array, Array]:
    n = reading.clock.shape[0]
    upper = stack([np.where(unit.there, unit.units, 0.0) for unit in fleet], n)
    free = np.array([unit.may_retire for unit in fleet], dtype=bool)
    return upper, np.where(free & reading.planned[:, None], 0.0, upper)


def may_drop(columns: Columns, w: str) -> Array:
    """Return the upper bound of unserved work by period: infinite where there is a penalty, else 0. Shape (P,)."""
    served = columns.reading.scenario.settings.objective == "carbon"
    return np.where(np.isnan(columns.penalty(w)) | served, 0.0, INF)


def _service(columns: Columns) -> None:
    reading = columns.reading
    clock, n = reading.clock, reading.clock.shape[0]
    run = [option for option in columns.options if not reading.holds_stock(option.workload)]
    labels = [(o.region, o.site, o.workload, o.path) for o in run]
    columns.add("serve", labels, stack([np.where(o.allowed, INF, 0.0) for o in run], n))
    work = [key for key in reading.units if not reading.holds_stock(key[1])]
    free = [key for key in work if reading.free(key[1])]
    columns.add("release", free, _free_most(columns, [w for _, w in free]))
    columns.add("flow", _flows(columns, stock=False), _open_arcs(columns, stock=False))
    absorb = [key for key in columns.absorbers if not reading.holds_stock(key[1])]
    columns.add("absorb", absorb, _free_most(columns, [w for _, w in absorb]))
    wait = {key: delay_hours(reading, key[1]) for key in work}
    late = [key for key in work if wait[key].max() > 0]
    due = np.zeros((*clock.shape, len(late)))
    for i, key in enumerate(late):
        demand = reading.demand(*key)[..., None]
        for p in range(n):
            due[p, :, i] = clock.window(demand[p], int(wait[key][p]))[:, 0]
    columns.add("backlog", late, due)
    columns.add("unserved", work, stack([may_drop(columns, w) for _, w in work], n))
    columns.add("load", [pair for pair in reading.candidates if pair[1] not in reading.stock])


def delay_hours(reading: Reading, w: str) -> Array:
    """Return the hours that a workload may wait, by period, rounded down. Shape (P,)."""
    hours = no_nan(reading.tables["workloads"].number((w,), "defer_hours"), 0.0)
    return np.floor(hours + 1e-9)  # 1e-9: rounding of a value scaled by a factor


def _flows(columns: Columns, stock: bool) -> list[Label]:
    reading = columns.reading
    free = dict.fromkeys(w for _, w in reading.units if reading.free(w))
    carried = [w for w in free if reading.moves_data(w) and reading.holds_stock(w) == stock]
    return [(w, *arc) for w in carried for arc in columns.routes.arcs]


def _open_arcs(columns: Columns, stock: bool) -> Array:
    usable = columns.routes.usable
    labels = _flows(columns, stock)
    bounds = [np.where(usable[label[1]], INF, 0.0) for label in labels]
    return np.minimum(stack(bounds, columns.reading.clock.shape[0]), _free_most(columns, [w for w, *_ in labels]))


def _free_most(columns: Columns, workloads: Sequence[str]) -> Array:
    """Return upper bounds: infinite in periods in which a workload may run at any site, else 0. Shape (P, workloads)."""
    reading = columns.reading
    return stack([np.where(reading.paired(w), 0.0, INF) for w in workloads], reading.clock.shape[0])


def _stock(columns: Columns) -> None:
    reading, n = columns.reading, columns.reading.clock.shape[0]
    held = [option for option in columns.options if reading.holds_stock(option.workload)]
    labels = [(o.region, o.site, o.workload, o.path) for o in held]
    columns.add("hold", labels, stack([np.where(o.allowed, INF, 0.0) for o in held], n))
    work = [key for key in reading.units if reading.holds_stock(key[1])]
    free = [key for key in work if reading.free(key[1])]
    columns.add("stock_release", free, _free_most(columns, [w for _, w in free]))
    columns.add("stock_flow", _flows(columns, stock=True), _open_arcs(columns, stock=True))
    absorb = [key for key in columns.absorbers if reading.holds_stock(key[1])]
    columns.add("stock_absorb", absorb, _free_most(columns, [w for _, w in absorb]))
    columns.add("stock_load", [pair for pair in reading.candidates if pair[1] in reading.stock])
    columns.add("stock_unserved", work, stack([may_drop(columns, w) for _, w in work], n))


def _sources_of_traffic(reading: Reading) -> tuple[str, ...]:
    """Return the nodes that send other traffic over any paths, in some period."""
    table = reading.tables["traffic"]
    rows = [key for key in table.keys if any(rows[key]["routing"] != "shortest" for rows in table.rows if key in rows)]
    ends = [(reading.node(str(key[0])), reading.node(str(key[1]))) for key in rows]
    return tuple(dict.fromkeys(one for one, other in ends if one != other)) if reading.scenario.has("links") else ()


def _network(columns: Columns) -> None:
    n, usable = columns.reading.clock.shape[0], columns.routes.usable
    labels: list[tuple[str, Arc]] = [(q, arc) for q in columns.sources for arc in columns.routes.arcs]
    bounds = [np.where(usable[arc[0]], INF, 0.0) for _, arc in labels]
    columns.add("traffic_flow", [(q, *arc) for q, arc in labels], stack(bounds, n))


def _power(columns: Columns) -> None:
    reading, n = columns.reading, columns.reading.clock.shape[0]
    sites, power = reading.tables["sites"], reading.tables["power"]
    named = set(reading.scenario["rule_terms"]["variable"]) & {"it", "it_retrofitted"}
    ruled = any(reading.policies(rule) for rule in ("pue_max", "water_cap_m3"))
    measured = reading.scenario.has("power") or ruled or bool(named)
    powered = [s for s in reading.sites if has_power(reading, s)]
    names = [(s,) for s in powered]
    drawing = [(s,) for s in reading.sites if measured or s in powered]
    columns.add("it", drawing)
    columns.add("it_retrofitted", [label for label in columns["retrofitted"].labels if label in drawing])
    columns.add("grid", names)
    charge, premium = [], []
    for s in powered:
        zones = sites.text((s,), "zone")
        fee = [power.number((z,), "demand_charge_cny_per_kw_month")[p] for p, z in enumerate(zones)]
        offer = [power.number((z,), "green_premium_cny_per_kwh")[p] for p, z in enumerate(zones)]
        charge.append(no_nan(np.array(fee), 0.0) > 0)
        premium.append(~np.isnan(np.array(offer)))
    peaks = [i for i, mask in enumerate(charge) if mask.any()]
    columns.add("peak", [names[i] for i in peaks])
    green = [i for i, mask in enumerate(premium) if mask.any()]
    columns.add("contract", [names[i] for i in green], stack([np.where(premium[i], INF, 0.0) for i in green], n))
    timed = {s: np.isfinite(contract_output(reading, s)).all(axis=1) for s in powered}
    by_hour = [label for label in names if timed[label[0]].any()]
    columns.add("contract_power", by_hour, stack([np.where(timed[s], INF, 0.0) for (s,) in by_hour], n))
    columns.add("contract_use", by_hour)
    columns.add("generation", [label for label in columns["supply"].labels if label[1] != "battery"])
    battery = columns["energy"].labels
    for name in ("charge", "discharge", "stored"):
        columns.add(name, battery)


def contract_output(reading: Reading, site: str) -> Array:
    """Return the hourly output over capacity of the plants behind a site's green contract, NaN where it has no hours.

    Shape (P, H).
    """
    zones, out = reading.tables["sites"].text((site,), "zone"), np.full(reading.clock.shape, np.nan)
    for p, zone in enumerate(zones):
        if np.isfinite(reading.tables["power"].number((zone,), "green_premium_cny_per_kwh")[p]):
            out[p] = reading.curve("power", (zone,), "green_profile", np.nan)[p]
    return out


def has_power(reading: Reading, site: str) -> bool:
    """Return True if a site's power is modelled: it has a zone or its own supply, and power has prices."""
    if not reading.scenario.has("power"):
        return False
    zoned = any(reading.tables["sites"].text((site,), "zone"))
    return zoned or any(key[0] == site for key in reading.tables["supply"].keys)


def _access(columns: Columns) -> None:
    access, n = columns.access, columns.reading.clock.shape[0]
    columns.add("deploy", access.orders, stack([access.most(label) for label in access.orders], n))
    columns.add("deployed", access.orders)
    laying = {city for city, m in access.orders if access.of((city, m), "route_km_per_unit").max() > 0}
    columns.add("lay", [(city,) for city in access.cities if city in laying])
    columns.add("counted", access.counted)
    must = stack([access.must(city) for city in access.cities], n)
    asked = bool(columns.reading.policies("reach_gigabit_cities"))
    wished = asked or columns.reading.scenario.settings.objective == "residents"
    columns.add("gigabit", [(city,) for city in access.cities], np.maximum(must, float(wished)), must)


def _payers(columns: Columns) -> None:
    """Add what residual payers take over from payers with a budget."""
    listed, budgets = columns.reading.tables["payers"], columns.reading.tables["budgets"]
    limited = [~np.isnan(budgets.number((f"investor:{key[1]}",), "limit_mcny")).all() for key in listed.keys]
    labels = [
        (str(key[0]), str(key[1]))
        for key, limit in zip(listed.keys, limited, strict=True)
        if limit and any(listed.text(key, "residual_payer"))
    ]
    columns.add("taken_over", labels)
