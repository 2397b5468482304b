"""Finite upper bounds of every variable, satisfied by at least one optimal plan: the box of the duality proof.

The bound is the smallest of three:

*Hard*: the tables' own limits, and consequences of the rows for every feasible plan.

*Useful*: take any optimal plan and lower its orders, one by one, to the largest use in the periods of their life.
Nothing else needs more, so the plan stays feasible and its cost does not rise. The steps only lower variables, hence
one optimal plan satisfies all these bounds together. Where a rule could reward capacity for its own sake (shares of
capacity built or installed, filled halls, energy ratios diluted by idle equipment) the argument is not used for
equipment. Where wasting power could pay (negative prices, market-based carbon) it is not used for batteries. Where an
own rule can ask for more of anything it is not used at all.

*Worth*: where every cost is ≥ 0, an optimal plan spends on no single order more than the total cost of a feasible plan,
so `WORTH` times the cost of the plan bounds every order. Where the objective is not a cost (tonnes, with a rule that
rewards equipment) or negative prices pay some of it back, orders are bounded by `BEYOND` times the plan's spending. The
proof then covers all plans that spend no more on any one order. An order that costs nothing is not bounded by money.
Where a rule rewards it too, its bound is `BEYOND` times its largest use: the work of the whole scenario, existing
capacity, targets and values of own rules, in units, in power and in FP32. The proof then covers all plans that order no
more of it. A required share is reached within that bound unless it is above 99 %.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xisuan.certificate.constraints.budgets import HOMES, taken, taken_share
from xisuan.certificate.constraints.capacity import lives
from xisuan.certificate.constraints.network import gbps, load_max
from xisuan.certificate.constraints.own_rules import asks_for_more, largest_asked
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.constraints.policies import RACK_MW, eflops_fp16
from xisuan.certificate.constraints.power import by_site, efficiency, yields, zone_curve
from xisuan.certificate.constraints.work import attainable
from xisuan.certificate.proof.recourse_bounds import RecourseBounds
from xisuan.certificate.proof.usage_bounds import Uses, times
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Label, no_nan, stack

REWARDED = (
    "occupancy_min",
    "hub_share_min",
    "intelligent_share_min",
    "green_share_min",
    "clean_share_hourly_min",
    "clean_share_monthly_min",
    "pue_max",
    "carbon_cap_market_t",
    "reach_eflops_fp16",
    "reach_investment_mcny",
)
"""Rules that can reward equipment beyond what the work needs."""


WORTH = 2.0
"""Any factor above 1 is valid for a feasible plan; this one allows for the plan's small violations."""
BEYOND = 100.0


class Bounds(Uses):
    """Implied upper bounds: `most[name]` broadcasts to the values of the family.

    `spent`: spending of a feasible plan in mCNY; infinite if none is known. `common`: by variable, orders that another
    scenario member may need of what is ordered here too.
    """

    def __init__(self, statement: Statement, spent: float, common: Mapping[str, Array] | None = None) -> None:
        super().__init__(statement.columns)
        self.recourse = RecourseBounds(statement.columns)
        self.common = common or {}
        self.order_cost = {order.variable: order.discounted for order in statement.orders}
        # Negative prices invalidate "Worth" and, for batteries, "Useful" (see the module).
        paid = statement.money and pays_back(statement)
        self.asked = asks_for_more(self.reading)
        self.target = largest_asked(self.reading) if self.asked else 0.0
        self.burning = paid or self.asked or bool(self.reading.policies("carbon_cap_market_t"))
        self.rewarded = paid or self.asked or any(self.reading.policies(rule) for rule in REWARDED)
        if paid or (not statement.money and self.rewarded):
            self.worth = BEYOND * spent
        else:
            self.worth = WORTH * spent if statement.money else np.inf
        # Each step uses bounds of earlier ones: work, loads, equipment, halls, links, power, access.
        for step in (
            self._work,
            self._loads,
            self._equipment,
            self._within_installed,
            self._halls,
            self._links,
            self._power,
            self._recourse,
            self._draw,
            self._access,
            lambda: self._taken_over(statement),
        ):
            step()
        self._close()

    # capacity

    def _orders(
        self, name: str, used: Array, need: Array, hard: Array, whole: Array | None = None, use: Array | None = None
    ) -> Array:
        """Return the bound on orders: the smallest of the largest need in use (whole modules), the hardest limit and
        the worth.

        `used` is (items, use, order); `need` and `hard` are (P, items) by period of use; `whole` is the module's size.
        `use` has the shape of `need` and bounds orders that cost nothing and have no other bound.
        """
        alive = used > 0
        # Useful: the largest need in the order's life, rounded up to whole modules.
        useful = _while_alive(alive, need)
        if whole is not None:
            size = np.where(whole > 0, whole, 1.0)
            useful = np.where((whole > 0) & np.isfinite(useful), np.ceil(useful / size - 1e-9) * size, useful)
        useful = np.maximum(useful, self.common.get(name, 0.0))
        # Hard: an order counts in every period of its life, so the smallest limit of these applies.
        limit = np.where(alive, hard.T[:, :, None], np.inf).min(axis=1, initial=np.inf).T
        cost = self.order_cost[name]
        with np.errstate(divide="ignore"):
            # Worth: no more than the total spending over the unit cost.
            worth = np.where(cost > 0, self.worth / np.where(cost > 0, cost, 1.0), np.inf)
        bound: Array = np.minimum(np.minimum(useful, limit), np.minimum(worth, self.columns[name].upper))
        if use is not None:
            # Free orders without another bound: BEYOND times the largest use.
            beyond = np.maximum(BEYOND * _while_alive(alive, use), self.common.get(name, 0.0))
            bound = np.where(np.isinf(bound) & (cost == 0) & (beyond > 0), beyond, bound)
        self.most[name] = bound
        return bound

    @staticmethod
    def _in_use(used: Array, bound: Array) -> Array:
        """Return the sum of the bounds of all orders in use, by period of use. Shape (P, items)."""
        total: Array = np.where(used > 0, bound.T[:, None, :], 0.0).sum(axis=2).T
        return total

    def _equipment(self) -> None:
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        installed = columns["installed"]
        share = attainable(reading, installed.labels)
        peak = stack([self._peak(label) for label in installed.labels], n)
        # Units that carry the peak load at the attainable share.
        need = np.maximum(np.where(share > 0, peak / np.where(share > 0, share, 1.0), 0.0), installed.lower)
        need = np.maximum(need, self.recourse.units(installed.labels))
        hard = np.minimum(installed.upper, stack([self._room(label) for label in installed.labels], n))
        pick = [installed.at[label] for label in columns["build"].labels]
        technologies = reading.tables["technologies"]
        used = lives(reading, technologies, [label[1:] for label in columns["build"].labels])
        module = stack([no_nan(reading.technology(g, "module_units"), 0.0) for _, g in columns["build"].labels], n)
        # "Useful" does not hold where a rule can reward idle equipment.
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
        """Return the units of each item that equal all need and all existing capacity together. Shape (P, items).

        Equal in units, in power (existing halls count as full), in FP32 or in targets for computing power, the measures
        by which rules compare equipment. The sum over these measures is returned; it bounds the largest.
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
            (np.ones_like(power), total.sum(axis=1) + self.target),
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
        """Return the units that fit within the IT limits of the site and its halls. Shape (P,)."""
        s, g = label
        mw = no_nan(self.reading.technology(g, "mw_per_unit"), 0.0)
        room = np.minimum(
            no_nan(self.reading.tables["sites"].number((s,), "it_limit_mw"), np.inf),
            no_nan(self.reading.tables["halls"].number((s,), "limit_mw"), np.inf),
        )
        return np.where(mw > 0, room / np.where(mw > 0, mw, 1.0), np.inf)

    def _halls(self) -> None:
        """Bound halls by the equipment in them, and by targets for racks or investment."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        hall, halls = columns["hall"], self.reading.tables["halls"]
        need = np.zeros(hall.shape)
        for i, (s, g) in enumerate(columns["installed"].labels):
            if (s,) in hall.at:
                mw = no_nan(reading.technology(g, "mw_per_unit"), 0.0)
                need[:, hall.at[s,]] += times(mw, self.most["installed"][:, i])
        racks = sum((no_nan(one.value, 0.0) for one in reading.policies("reach_racks")), np.zeros(n))
        use = need + RACK_MW * racks[:, None] + self.target
        if self.asked or reading.policies("reach_racks") or reading.policies("reach_investment_mcny"):
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
        """Bound link capacity by all traffic on one arc, and by the required minimum."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        # All work and other traffic at once on one arc, in both directions.
        traffic = np.zeros((n, 1)) + sum(
            (sum(gbps(reading, w), np.zeros(n))[:, None] * total for w, total in self.total.items()), np.zeros((n, 1))
        )
        traffic = (traffic + sum(self._traffic().values(), np.zeros((n, 1)))).max(axis=1)
        share = {link: load_max(reading, link) for link in columns.routes.links}
        need = {k: np.where(v > 0, traffic / np.where(v > 0, v, 1.0), 0.0) for k, v in share.items()}
        links, modules = reading.tables["links"], reading.tables["modules"]
        need = {k: np.maximum(v, traffic * self.recourse.traffic(k)) for k, v in need.items()}
        need = {k: np.maximum(v, no_nan(links.number((k,), "min_gbps"), 0.0)) for k, v in need.items()}
        most = {key: no_nan(links.number(key, "capacity_gbps"), 0.0) for key in columns["capacity"].labels}
        limit = {key: no_nan(links.number(key, "limit_gbps"), np.inf) for key in most}
        for name in ("build_link", "link_modules"):
            labels = columns[name].labels
            used = lives(reading, links, [label[:1] for label in labels])
            size = np.ones((n, len(labels)))
            if name == "link_modules":
                size = stack([no_nan(modules.number(label, "gbps"), 1.0) for label in labels], n)
            wanted = stack([np.full(n, np.inf) if self.asked else need[label[0]] for label in labels], n)
            hard = stack([limit[label[:1]] for label in labels], n)
            use = stack([need[label[0]] + self.target for label in labels], n)
            if name == "link_modules":
                least = size.min(axis=0, initial=np.inf)
                wanted, hard, use = np.ceil(wanted / least), hard / least, np.ceil(use / least)
            bound = self._orders(name, used, wanted, hard, use=use)
            for i, added in enumerate(self._in_use(used, bound * size).T):
                most[labels[i][:1]] = most[labels[i][:1]] + added
        self.most["capacity"] = stack(list(most.values()), n)

    def _recourse(self) -> None:
        """Bound the work that survives contingencies, and its power."""
        self.recourse.power(self.most)
        self.most |= self.recourse.most

    def _battery(self) -> None:
        """Bound battery energy by the facility's energy over a block, and charging and discharging by power."""
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
        # One battery cycle: energy to feed the facility over the largest block, with the discharge loss.
        turn = stack([total.max(axis=(1, 2)) for total in block], n) / eta
        turn, use = np.full_like(turn, np.inf) if self.burning else turn, turn + self.target
        energy = self._orders("build_energy", used, turn, columns["energy"].upper, use=use)
        existing = stack([no_nan(supply.number(key, "existing_mwh"), 0.0) for key in keys], n)
        self.most["energy"] = np.minimum(existing + self._in_use(used, energy), columns["energy"].upper)
        # Energy drawn to charge one cycle, with the charging loss.
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
        """Bound the power of a source by the hour with the largest need."""
        columns, reading, n = self.columns, self.reading, self.reading.clock.shape[0]
        supply, table = columns["supply"], reading.tables["supply"]
        used = lives(reading, table, list(supply.labels))
        need, use = (
            stack([self._most_asked(label, burning) for label in supply.labels], n) for burning in (self.burning, False)
        )
        need, use = np.full_like(need, np.inf) if self.asked else need, use + self.target
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
        # Capacity at which the hour with the lowest output over need is still covered.
        with np.errstate(invalid="ignore"):
            most: Array = np.where(profile > 0, ask / np.where(profile > 0, profile, 1.0), 0.0).max(axis=1)
        return np.maximum(most, self.recourse.own_power(s, profile))

    # access

    def _access(self) -> None:
        """Bound access orders by their pace, and from them what is deployed, counted and laid."""
        columns, access, n = self.columns, self.columns.access, self.reading.clock.shape[0]
        most = {label: access.most(label) for label in access.orders}
        # Orders at their fastest pace; all other quantities follow linearly.
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

    def _taken_over(self, statement: Statement) -> None:
        """Bound what residual payers take over by the payer's whole share of all orders at their bounds."""
        labels, n = taken(self.columns), self.reading.clock.shape[0]
        most = np.zeros((n, len(labels)))
        for order in statement.orders if labels else ():
            if HOMES.get(order.term) != "cities":
                bound = np.broadcast_to(self.most.get(order.variable, np.inf), self.columns[order.variable].shape)
                money = times(order.overnight, np.minimum(bound, self.columns[order.variable].upper))
                for i, label in enumerate(labels):
                    most[:, i] += times(taken_share(self.columns, label, order), money).sum(axis=1)
        if labels:
            self.most["taken_over"] = most


def _while_alive(alive: NDArray[np.bool_], amount: Array) -> Array:
    """Return the largest amount (P, items) over the periods in which an order is in use. Shape (P, items)."""
    most: Array = np.where(alive, amount.T[:, :, None], 0.0).max(axis=1, initial=0.0).T
    return most


def pays_back(statement: Statement) -> bool:
    """Return True if any price of power is negative, so that drawing more lowers the cost."""
    columns = statement.columns
    return any(bool((zone_curve(columns.reading, s, "price", 0.0) < 0).any()) for (s,) in columns["grid"].labels)
