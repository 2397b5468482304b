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
what the plan spends, and the proof speaks of all plans that spend no more on any one order. What costs nothing to order
is not bounded by money at all; where a rule rewards it too, it is bounded by `BEYOND` times its largest use: what the work
of the whole scenario, what stands already and the targets could use of it, in units, in power and in FP32. The proof then
speaks of all plans that order no more of it. A share is reached within that unless it lies within a hundredth of all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xisuan.certificate.constraints.capacity import lives
from xisuan.certificate.constraints.network import gbps, load_max
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.constraints.policies import RACK_MW, eflops_fp16
from xisuan.certificate.constraints.power import by_site, efficiency, yields, zone_curve
from xisuan.certificate.constraints.work import attainable
from xisuan.certificate.proof.usage_bounds import Uses, times
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Label, no_nan, stack

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


class Bounds(Uses):
    """Implied upper bounds: `most[name]` broadcasts to the values of the family.

    `spent` is what a feasible plan spends, in mCNY; infinite if there is none to go by. `common`: orders up to which
    somebody else may ask for what is ordered here too, by variable.
    """

    def __init__(self, statement: Statement, spent: float, common: Mapping[str, Array] | None = None) -> None:
        super().__init__(statement.columns)
        self.common = common or {}
        self.order_cost = {order.variable: order.discounted for order in statement.orders}
        paid = statement.money and pays_back(statement)
        self.burning = paid or bool(self.reading.policies("carbon_cap_market_t"))
        self.rewarded = paid or any(self.reading.policies(rule) for rule in REWARDED)
        if paid or (not statement.money and self.rewarded):
            self.worth = BEYOND * spent
        else:
            self.worth = WORTH * spent if statement.money else np.inf
        for step in (
            self._work,
            self._loads,
            self._equipment,
            self._within_installed,
            self._halls,
            self._links,
            self._power,
            self._draw,
            self._access,
        ):
            step()
        self._close()

    # capacity

    def _orders(
        self, name: str, used: Array, need: Array, hard: Array, whole: Array | None = None, use: Array | None = None
    ) -> Array:
        """Bound on orders: the largest need in use (in whole modules), the hardest limit in use, their worth.

        `used` is (items, use, order); `need` and `hard` are (P, items) by period of use; `whole` is the module's size.
        `use`, like `need`, is what bounds orders that are free and that nothing else bounds.
        """
        alive = used > 0
        useful = _while_alive(alive, need)
        if whole is not None:
            size = np.where(whole > 0, whole, 1.0)
            useful = np.where((whole > 0) & np.isfinite(useful), np.ceil(useful / size - 1e-9) * size, useful)
        useful = np.maximum(useful, self.common.get(name, 0.0))
        limit = np.where(alive, hard.T[:, :, None], np.inf).min(axis=1, initial=np.inf).T
        cost = self.order_cost[name]
        with np.errstate(divide="ignore"):
            worth = np.where(cost > 0, self.worth / np.where(cost > 0, cost, 1.0), np.inf)
        bound: Array = np.minimum(np.minimum(useful, limit), np.minimum(worth, self.columns[name].upper))
        if use is not None:
            beyond = np.maximum(BEYOND * _while_alive(alive, use), self.common.get(name, 0.0))
            bound = np.where(np.isinf(bound) & (cost == 0) & (beyond > 0), beyond, bound)
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
        bound = self._orders("build", used, wanted, hard[:, pick], module, self._all_uses(need)[:, pick])
        most = np.zeros((n, len(installed.labels)))
        for i, label in enumerate(columns["kept"].labels):
            most[:, installed.at[label[:2]]] += columns["kept"].upper[:, i]
        most[:, pick] += self._in_use(used, bound)
        self.most["installed"] = np.minimum(most, hard)
        whole = [columns["build"].at[label] for label in columns["build_modules"].labels]
        self.most["build_modules"] = bound[:, whole] / np.where(module[:, whole] > 0, module[:, whole], np.inf)

    def _all_uses(self, need: Array) -> Array:
        """Units of everything installed that would be as much as all that is needed or stands anywhere, (P, items).

        As much in units, in power (halls that stand count as full) or in FP32, whichever is most: by these, rules weigh
        one against another. What a target for computing power asks for comes on top.
        """
        reading, n = self.reading, self.reading.clock.shape[0]
        labels, kept = self.columns["installed"].labels, self.columns["kept"]
        total = need.copy()
        for i, (site, g, _) in enumerate(kept.labels):
            total[:, self.columns["installed"].at[site, g]] += kept.upper[:, i]
        halls = reading.tables["halls"]
        stands = sum(
            (no_nan(halls.number(key, "existing_mw"), 0.0) for key in self.columns["hall"].labels), np.zeros(n)
        )
        targets = sum((no_nan(one.value, 0.0) for one in reading.policies("reach_eflops_fp16")), np.zeros(n))
        power, speed = (
            stack([no_nan(reading.technology(g, column), 0.0) for _, g in labels], n)
            for column in ("mw_per_unit", "fp32_per_unit")
        )
        eflops = stack([eflops_fp16(reading, label) for label in labels], n)
        pairs = (
            (np.ones_like(power), total.sum(axis=1)),
            (power, (power * total).sum(axis=1) + stands),
            (speed, (speed * total).sum(axis=1)),
            (eflops, targets),
        )
        return sum(
            (np.where(of > 0, all_[:, None] / np.where(of > 0, of, 1.0), 0.0) for of, all_ in pairs), np.zeros(1)
        )

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
                need[:, hall.at[s,]] += times(mw, self.most["installed"][:, i])
        racks = sum((no_nan(one.value, 0.0) for one in reading.policies("reach_racks")), np.zeros(n))
        use = need + RACK_MW * racks[:, None]
        if reading.policies("reach_racks") or reading.policies("reach_investment_mcny"):
            need = np.full(hall.shape, np.inf)
        need = np.minimum(need, hall.upper)
        used = lives(reading, halls, list(hall.labels))
        phase = stack([no_nan(halls.number(key, "phase_mw"), 0.0) for key in hall.labels], n)
        bound = self._orders("build_hall", used, need, hall.upper, phase, use)
        existing = stack([no_nan(halls.number(key, "existing_mw"), 0.0) for key in hall.labels], n)
        self.most["hall"] = existing + self._in_use(used, bound)
        whole = [hall.at[label] for label in columns["hall_phases"].labels]
        self.most["hall_phases"] = bound[:, whole] / np.where(phase[:, whole] > 0, phase[:, whole], np.inf)
        cool = columns["retrofitted"]
        used = lives(reading, halls, list(cool.labels))
        self._orders("retrofit", used, cool.upper, cool.upper)

    def _links(self) -> None:
        """Nothing asks for link capacity but the traffic, at most all of it on one arc, and the least that is given."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        traffic = np.zeros((n, 1)) + sum(
            (sum(gbps(reading, w), np.zeros(n))[:, None] * total for w, total in self.total.items()), np.zeros((n, 1))
        )
        traffic = (traffic + sum(self._traffic().values(), np.zeros((n, 1)))).max(axis=1)
        share = {link: load_max(reading, link) for link in columns.routes.links}
        need = {k: np.where(v > 0, traffic / np.where(v > 0, v, 1.0), 0.0) for k, v in share.items()}
        links, modules = reading.tables["links"], reading.tables["modules"]
        need = {k: np.maximum(v, no_nan(links.number((k,), "min_gbps"), 0.0)) for k, v in need.items()}
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
        turn, use = np.full_like(turn, np.inf) if self.burning else turn, turn
        energy = self._orders("build_energy", used, turn, columns["energy"].upper, use=use)
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
        need, use = (
            stack([self._most_asked(label, burning) for label in supply.labels], n) for burning in (self.burning, False)
        )
        bound = self._orders("build_supply", used, need, supply.upper, use=use)
        existing = stack([no_nan(table.number(key, "existing_mw"), 0.0) for key in supply.labels], n)
        self.most["supply"] = np.minimum(existing + self._in_use(used, bound), supply.upper)

    def _most_asked(self, label: Label, burning: bool) -> Array:
        s, source = label
        facility = np.broadcast_to(self.facility[s], self.reading.clock.shape)
        battery = self.columns["energy"].at.get((s,))
        turn = self.turn[:, battery] if battery is not None else np.zeros(len(facility))
        if source == "battery":
            return np.full(len(facility), np.inf) if burning else np.maximum(turn, facility.max(axis=1))
        profile = yields(self.reading, s, source)
        ask = facility + (np.inf if burning and battery is not None else turn[:, None])
        with np.errstate(invalid="ignore"):
            most: Array = np.where(profile > 0, ask / np.where(profile > 0, profile, 1.0), 0.0).max(axis=1)
        return most

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


def _while_alive(alive: NDArray[np.bool_], amount: Array) -> Array:
    """The most of an amount (P, items) in the periods in which an order is in use. Shape (P, items)."""
    most: Array = np.where(alive, amount.T[:, :, None], 0.0).max(axis=1, initial=0.0).T
    return most


def pays_back(statement: Statement) -> bool:
    """Return True if any price of power is negative, so that drawing more lowers the cost."""
    columns = statement.columns
    return any(bool((zone_curve(columns.reading, s, "price", 0.0) < 0).any()) for (s,) in columns["grid"].labels)
