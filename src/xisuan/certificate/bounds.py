"""A finite upper bound for every variable, kept by at least one optimal plan: what the duality proof stands on.

Three sources, the least of which counts.

*Hard*: the tables' own limits, and what follows from the rows for every plan that keeps them.

*Useful*: take any optimal plan and lower its orders, one by one, to the most that anything in the periods of their use
can need. Nothing else asks for more, so the plan stays feasible and never costs more. The steps only ever lower
variables, hence one optimal plan keeps all these bounds together. Where a rule could reward capacity for its own sake
(shares of what is built or installed, filled halls, energy ratios diluted by idle equipment) the argument is not used
for equipment, and where burning power could pay (negative prices, market-based carbon) not for batteries.

*Worth*: where every cost is ≥ 0, an optimal plan spends on no single order more than a feasible plan costs in all,
so that `WORTH` times what the plan in hand costs bounds every order. Where money does not bound the objective (tonnes,
with a rule that rewards equipment) or prices below zero give some of it back, the orders are bounded by `BEYOND` times
what the plan spends, and the proof speaks of all plans that spend no more on any one order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xisuan.certificate.capacity import lives
from xisuan.certificate.clock import Array
from xisuan.certificate.columns import Label, no_nan, stack
from xisuan.certificate.network import gbps, load_max, other_traffic
from xisuan.certificate.power import by_site, efficiency, idle_and_busy, pue, yields, zone_curve
from xisuan.certificate.reach import useful_arcs
from xisuan.certificate.service import attainable
from xisuan.certificate.statement import Statement

REWARDED = (
    "occupancy_min",
    "hub_share_min",
    "intelligent_share_min",
    "green_share_min",
    "pue_max",
    "carbon_cap_market_t",
    "reach_eflops_fp16",
    "reach_investment_mcny",
)
"""Rules that can reward equipment beyond what the work needs."""


WORTH = 2.0
"""Any factor above 1 is valid for a feasible plan; this one leaves room for the last digits of one."""
BEYOND = 100.0


class Bounds:
    """Implied upper bounds: `most[name]` broadcasts to the values of the family.

    `spent` is what a feasible plan spends, in mCNY; infinite if there is none to go by. `common`: orders up to which
    somebody else may ask for what is ordered here too, by variable.
    """

    def __init__(self, statement: Statement, spent: float, common: Mapping[str, Array] | None = None) -> None:
        self.common = common or {}
        self.columns, self.reading = statement.columns, statement.columns.reading
        self.order_cost = {order.variable: order.discounted for order in statement.orders}
        paid = statement.money and pays_back(statement)
        self.burning = paid or bool(self.reading.policies("carbon_cap_market_t"))
        self.rewarded = paid or any(self.reading.policies(rule) for rule in REWARDED)
        if paid or (not statement.money and self.rewarded):
            self.worth = BEYOND * spent
        else:
            self.worth = WORTH * spent if statement.money else np.inf
        self.most: dict[str, Array] = {}
        for step in (
            self._work,
            self._loads,
            self._equipment,
            self._halls,
            self._links,
            self._power,
            self._draw,
            self._access,
        ):
            step()
        for name, family in self.columns.families.items():
            self.most[name] = np.minimum(family.upper, self.most.get(name, np.inf))

    # work

    def _work(self) -> None:
        """Work runs within its deadline: at most what waits and what arrives, and what its block has in all."""
        reading, clock = self.reading, self.reading.clock
        backlog = self.columns["backlog"]
        self.run: dict[Label, Array] = {}
        for key in self.columns["unserved"].labels:
            demand = reading.demand(key[0], key[1])
            most = demand
            if key in backlog.at:
                due = backlog.upper[:, :, backlog.at[key]]
                most = np.minimum(demand + due[:, clock.before], clock.block_total(demand[..., None])[..., 0])
            self.run[key] = most
        for key in self.columns["stock_unserved"].labels:
            self.run[key] = np.repeat(reading.units[key[0], key[1]][:, None], 1, axis=1)
        self.total: dict[str, Array] = {}
        for (_, w), most in self.run.items():
            self.total[w] = self.total.get(w, np.zeros(1)) + most
        for name in ("unserved", "release"):
            self.most[name] = self._pick(name, lambda label: self.run[label])
        for name in ("stock_unserved", "stock_release"):
            self.most[name] = self._pick(name, lambda label: self.run[label])[:, 0]
        self.most["serve"] = self._pick("serve", lambda label: self.run[label[0], label[2]])
        self.most["hold"] = self._pick("hold", lambda label: self.run[label[0], label[2]])[:, 0]

    def _pick(self, name: str, value: object) -> Array:
        labels = self.columns[name].labels
        periods, hours = self.reading.clock.shape
        if not labels:
            return np.zeros((periods, 1 if name in STOCK else hours, 0))
        return np.stack([value(label) for label in labels], axis=-1)  # type: ignore[operator]

    def _loads(self) -> None:
        """A site runs at most the work that may come to it; flows are free of cycles in some optimal plan."""
        columns, reading = self.columns, self.reading
        at: dict[tuple[str, str], Array] = {}
        seen: set[tuple[str, str, str]] = set()
        for name in ("serve", "hold"):
            for region, s, w, _ in columns[name].labels:
                if (region, s, w) not in seen:
                    seen.add((region, s, w))
                    place = s, reading.runs_on(w)[0]
                    at[place] = at.get(place, np.zeros(1)) + self.run[region, w]
        for name in ("absorb", "stock_absorb"):
            for s, w in columns[name].labels:
                place = s, reading.runs_on(w)[0]
                at[place] = at.get(place, np.zeros(1)) + self.total[w]
        none = np.zeros((reading.clock.shape[0], 1))
        for name in ("load", "stock_load"):
            found = [at.get((s, g), none) + at.get((s, reading.classes[g]), none) for s, g in columns[name].labels]
            self.most[name] = _wide(found, reading.clock.shape, name)
        for name in ("absorb", "stock_absorb"):
            self.most[name] = _wide([self.total[w] for _, w in columns[name].labels], reading.clock.shape, name)
        for name in ("flow", "stock_flow"):
            useful = useful_arcs(columns, stock=name == "stock_flow")
            found = [self.total[label[0]] * useful[label][:, None] for label in columns[name].labels]
            self.most[name] = _wide(found, reading.clock.shape, name)

    # capacity

    def _orders(self, name: str, used: Array, need: Array, hard: Array, whole: Array | None = None) -> Array:
        """Bound on orders: the largest need in use (in whole modules), the hardest limit in use, their worth.

        `used` is (items, use, order); `need` and `hard` are (P, items) by period of use; `whole` is the module's size.
        """
        alive = used > 0
        useful = np.where(alive, need.T[:, :, None], 0.0).max(axis=1, initial=0.0).T
        if whole is not None:
            size = np.where(whole > 0, whole, 1.0)
            useful = np.where((whole > 0) & np.isfinite(useful), np.ceil(useful / size - 1e-9) * size, useful)
        useful = np.maximum(useful, self.common.get(name, 0.0))
        limit = np.where(alive, hard.T[:, :, None], np.inf).min(axis=1, initial=np.inf).T
        cost = self.order_cost[name]
        with np.errstate(divide="ignore"):
            worth = np.where(cost > 0, self.worth / np.where(cost > 0, cost, 1.0), np.inf)
        bound: Array = np.minimum(np.minimum(useful, limit), np.minimum(worth, self.columns[name].upper))
        self.most[name] = bound
        return bound

    @staticmethod
    def _in_use(used: Array, bound: Array) -> Array:
        """Most that living orders add up to, by period of use. Shape (P, items)."""
        total: Array = np.where(used > 0, bound.T[:, None, :], 0.0).sum(axis=2).T
        return total

    def _equipment(self) -> None:
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        installed = columns["installed"]
        share = attainable(reading, installed.labels)
        peak = stack([self._peak(label) for label in installed.labels], n)
        need = np.maximum(np.where(share > 0, peak / np.where(share > 0, share, 1.0), 0.0), installed.lower)
        hard = np.minimum(installed.upper, stack([self._room(label) for label in installed.labels], n))
        pick = [installed.at[label] for label in columns["build"].labels]
        technologies = reading.tables["technologies"]
        used = lives(reading, technologies, [label[1:] for label in columns["build"].labels])
        module = stack([no_nan(reading.technology(g, "module_units"), 0.0) for _, g in columns["build"].labels], n)
        wanted = np.full((n, len(pick)), np.inf) if self.rewarded else need[:, pick]
        bound = self._orders("build", used, wanted, hard[:, pick], module)
        most = np.zeros((n, len(installed.labels)))
        for i, label in enumerate(columns["kept"].labels):
            most[:, installed.at[label[:2]]] += columns["kept"].upper[:, i]
        most[:, pick] += self._in_use(used, bound)
        self.most["installed"] = np.minimum(most, hard)
        whole = [columns["build"].at[label] for label in columns["build_modules"].labels]
        self.most["build_modules"] = bound[:, whole] / np.where(module[:, whole] > 0, module[:, whole], np.inf)

    def _peak(self, label: Label) -> Array:
        name = "stock_load" if label in self.columns["stock_load"].at else "load"
        most: Array = np.broadcast_to(self.most[name], self.columns[name].shape)[..., self.columns[name].at[label]]
        return most if most.ndim == 1 else most.max(axis=1)

    def _room(self, label: Label) -> Array:
        """Units that the site's limit and its halls leave room for. Shape (P,)."""
        s, g = label
        mw = no_nan(self.reading.technology(g, "mw_per_unit"), 0.0)
        room = np.minimum(
            no_nan(self.reading.tables["sites"].number((s,), "it_limit_mw"), np.inf),
            no_nan(self.reading.tables["halls"].number((s,), "limit_mw"), np.inf),
        )
        return np.where(mw > 0, room / np.where(mw > 0, mw, 1.0), np.inf)

    def _halls(self) -> None:
        """Nothing asks for halls but the equipment in them, and a target for racks or investment."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        hall, halls = columns["hall"], self.reading.tables["halls"]
        need = np.zeros(hall.shape)
        for i, (s, g) in enumerate(columns["installed"].labels):
            if (s,) in hall.at:
                mw = no_nan(reading.technology(g, "mw_per_unit"), 0.0)
                need[:, hall.at[s,]] += _times(mw, self.most["installed"][:, i])
        if reading.policies("reach_racks") or reading.policies("reach_investment_mcny"):
            need = np.full(hall.shape, np.inf)
        need = np.minimum(need, hall.upper)
        used = lives(reading, halls, list(hall.labels))
        phase = stack([no_nan(halls.number(key, "phase_mw"), 0.0) for key in hall.labels], n)
        bound = self._orders("build_hall", used, need, hall.upper, phase)
        existing = stack([no_nan(halls.number(key, "existing_mw"), 0.0) for key in hall.labels], n)
        self.most["hall"] = existing + self._in_use(used, bound)
        whole = [hall.at[label] for label in columns["hall_phases"].labels]
        self.most["hall_phases"] = bound[:, whole] / np.where(phase[:, whole] > 0, phase[:, whole], np.inf)
        cool = columns["retrofitted"]
        used = lives(reading, halls, list(cool.labels))
        self._orders("retrofit", used, cool.upper, cool.upper)

    def _links(self) -> None:
        """Nothing asks for link capacity but the traffic; on one arc that is at most all traffic there is."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        traffic = np.zeros((n, 1)) + sum(
            (sum(gbps(reading, w), np.zeros(n))[:, None] * total for w, total in self.total.items()), np.zeros((n, 1))
        )
        sent = {key: other_traffic(reading, key) for key in reading.tables["traffic"].keys}
        traffic = (traffic + sum(sent.values(), np.zeros((n, 1)))).max(axis=1)
        leaves: dict[str, Array] = {}
        for key, gbps_sent in sent.items():
            node = reading.node(str(key[0]))
            leaves[node] = leaves.get(node, np.zeros((n, 1))) + gbps_sent
        flows = [leaves.get(label[0], np.zeros((n, 1))) for label in columns["traffic_flow"].labels]
        self.most["traffic_flow"] = _wide(flows, reading.clock.shape, "traffic_flow")
        share = {link: load_max(reading, link) for link in columns.routes.links}
        need = {k: np.where(v > 0, traffic / np.where(v > 0, v, 1.0), 0.0) for k, v in share.items()}
        links, modules = reading.tables["links"], reading.tables["modules"]
        most = {key: no_nan(links.number(key, "capacity_gbps"), 0.0) for key in columns["capacity"].labels}
        limit = {key: no_nan(links.number(key, "limit_gbps"), np.inf) for key in most}
        for name in ("build_link", "link_modules"):
            labels = columns[name].labels
            used = lives(reading, links, [label[:1] for label in labels])
            size = np.ones((n, len(labels)))
            if name == "link_modules":
                size = stack([no_nan(modules.number(label, "gbps"), 1.0) for label in labels], n)
            wanted = stack([need[label[0]] for label in labels], n)
            hard = stack([limit[label[:1]] for label in labels], n)
            if name == "link_modules":
                wanted, hard = np.ceil(wanted / size.min(axis=0)), hard / size.min(axis=0, initial=np.inf)
            bound = self._orders(name, used, wanted, hard)
            for i, added in enumerate(self._in_use(used, bound * size).T):
                most[labels[i][:1]] = most[labels[i][:1]] + added
        self.most["capacity"] = stack(list(most.values()), n)

    # power

    def _power(self) -> None:
        """IT load and facility power follow from what is installed and what runs."""
        columns, reading = self.columns, self.reading
        draw = {g: idle_and_busy(reading, g) for g in reading.technologies}
        it = {label[0]: np.zeros((reading.clock.shape[0], 1)) for label in columns["it"].labels}
        for name, part in (("installed", 0), ("load", 1), ("stock_load", 1)):
            most = self.most[name]
            for i, (s, g) in enumerate(columns[name].labels):
                if s in it:
                    power = draw[g][part][:, None]
                    units = most[..., i].reshape(len(power), -1)
                    it[s] = it[s] + _times(power, units)
        self.most["it"] = _wide(list(it.values()), reading.clock.shape, "it")
        self.facility = {s: pue(reading, s) * load for s, load in it.items()}
        cool = columns["retrofitted"]
        self.most["it_retrofitted"] = cool.upper[
            :, None, [cool.at[label] for label in columns["it_retrofitted"].labels]
        ]

    def _draw(self) -> None:
        """What is drawn, stored and generated; without a reason to burn power a battery only feeds the facility."""
        columns, reading = self.columns, self.reading
        self.charge = {s: np.zeros((reading.clock.shape[0], 1)) for s in self.facility}
        self._battery()
        self._generation()
        grid = [self.facility[s] + self.charge[s] for (s,) in columns["grid"].labels]
        limit = [self._zone_limit(s) for (s,) in columns["grid"].labels]
        most = [np.minimum(g, cap[:, None]) for g, cap in zip(grid, limit, strict=True)]
        self.most["grid"] = _wide(most, reading.clock.shape, "grid")
        by_name = {label: self.most["grid"][:, :, i] for i, label in enumerate(columns["grid"].labels)}
        n = reading.clock.shape[0]
        self.most["peak"] = stack([by_name[label].max(axis=1) for label in columns["peak"].labels], n)
        weight = reading.clock.weight
        self.most["contract"] = stack([by_name[label] @ weight for label in columns["contract"].labels], n)

    def _zone_limit(self, site: str) -> Array:
        zones = self.reading.tables["sites"].text((site,), "zone")
        power = self.reading.tables["power"]
        return no_nan(np.array([power.number((z,), "grid_limit_mw")[p] for p, z in enumerate(zones)]), np.inf)

    def _battery(self) -> None:
        """Energy for all that a block's facility can draw, power for the rest; hard limits else."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        labels = columns["energy"].labels
        supply = reading.tables["supply"]
        keys: list[tuple[str, ...]] = [(*label, "battery") for label in labels]
        used = lives(reading, supply, list(keys))
        eta = stack([efficiency(reading, s) for (s,) in labels], n)
        block = [
            reading.clock.block_total(np.broadcast_to(self.facility[s], reading.clock.shape)[..., None])
            for (s,) in labels
        ]
        turn = stack([total.max(axis=(1, 2)) for total in block], n) / eta
        turn = np.full_like(turn, np.inf) if self.burning else turn
        energy = self._orders("build_energy", used, turn, columns["energy"].upper)
        existing = stack([no_nan(supply.number(key, "existing_mwh"), 0.0) for key in keys], n)
        self.most["energy"] = np.minimum(existing + self._in_use(used, energy), columns["energy"].upper)
        self.turn = np.minimum(turn, self.most["energy"]) / eta
        for name in ("stored", "charge", "discharge"):
            self.most[name] = self.most["energy"][:, None]
        self._supply()
        items = [columns["supply"].at[key] for key in keys]
        power = self.most["supply"][:, items][:, None]
        self.most["charge"] = power if self.burning else np.minimum(power, self.turn[:, None])
        facility = by_site([np.broadcast_to(self.facility[s], reading.clock.shape) for (s,) in labels], reading)
        self.most["discharge"] = power if self.burning else np.minimum(power, facility)
        for i, (s,) in enumerate(labels):
            self.charge[s] = self.most["charge"][..., i]

    def _supply(self) -> None:
        """Power of a source is worth no more than the hour that asks most of it."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        supply, table = columns["supply"], reading.tables["supply"]
        used = lives(reading, table, list(supply.labels))
        need = stack([self._most_asked(label) for label in supply.labels], n)
        bound = self._orders("build_supply", used, need, supply.upper)
        existing = stack([no_nan(table.number(key, "existing_mw"), 0.0) for key in supply.labels], n)
        self.most["supply"] = np.minimum(existing + self._in_use(used, bound), supply.upper)

    def _most_asked(self, label: Label) -> Array:
        s, source = label
        facility = np.broadcast_to(self.facility[s], self.reading.clock.shape)
        battery = self.columns["energy"].at.get((s,))
        turn = self.turn[:, battery] if battery is not None else np.zeros(len(facility))
        if source == "battery":
            return np.full(len(facility), np.inf) if self.burning else np.maximum(turn, facility.max(axis=1))
        profile = yields(self.reading, s, source)
        ask = facility + (np.inf if self.burning and battery is not None else turn[:, None])
        with np.errstate(invalid="ignore"):
            most: Array = np.where(profile > 0, ask / np.where(profile > 0, profile, 1.0), 0.0).max(axis=1)
        return most

    def _generation(self) -> None:
        reading = self.reading
        supply = self.columns["supply"]
        found = []
        for label in self.columns["generation"].labels:
            profile, power = yields(reading, *label), self.most["supply"][:, [supply.at[label]]]
            found.append(np.minimum(_times(profile, power), self.facility[label[0]] + self.charge[label[0]]))
        self.most["generation"] = _wide(found, reading.clock.shape, "generation")

    # access

    def _access(self) -> None:
        """Orders keep their pace; what is in use, counted and laid follows from them."""
        columns, access, n = self.columns, self.columns.access, self.reading.clock.shape[0]
        most = {label: access.most(label) for label in access.orders}
        self.most["deployed"] = stack([access.used(label) @ most[label] for label in access.orders], n)
        counted = [
            access.state(*key) + sum((access.adds(o, key[1]) @ most[o] for o in most if o[0] == key[0]), np.zeros(n))
            for key in access.counted
        ]
        self.most["counted"] = stack(counted, n)
        km = {label: access.of(label, "route_km_per_unit") * most[label] for label in most}
        self.most["lay"] = stack(
            [sum((km[o] for o in km if o[0] == city), np.zeros(n)) for (city,) in columns["lay"].labels], n
        )


def pays_back(statement: Statement) -> bool:
    """Whether there are prices below zero, which give back some of what is spent."""
    columns = statement.columns
    return any(bool((zone_curve(columns.reading, s, "price", 0.0) < 0).any()) for (s,) in columns["grid"].labels)


STOCK = frozenset(("hold", "stock_release", "stock_flow", "stock_absorb", "stock_load", "stock_unserved"))


def _times(factor: Array, most: Array) -> Array:
    """factor × most, where nothing of an infinite amount is nothing."""
    some = factor > 0
    return np.where(some, factor * np.where(some, most, 0.0), 0.0)


def _wide(items: Sequence[Array], shape: tuple[int, int], name: str) -> Array:
    """Curves of (P, 1) or (P, H) side by side: (P, H, items), or (P, items) for stock."""
    if name in STOCK:
        return stack([item[:, 0] if item.ndim == 2 else item for item in items], shape[0])
    return np.stack([np.broadcast_to(item, shape) for item in items], -1) if items else np.zeros((*shape, 0))
