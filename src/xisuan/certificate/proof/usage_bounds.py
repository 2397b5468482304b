"""Upper bounds on operation that follow from the rows and hold for every plan.

Work runs within its deadline; power follows from installed and running equipment. Some cheapest operation has no flow
in cycles and no peak above the power drawn. The caller supplies the bounds on capacity.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np

from xisuan.certificate.constraints.network import other_traffic
from xisuan.certificate.constraints.power import idle_and_busy, pue, yields
from xisuan.certificate.constraints.work import attainable
from xisuan.certificate.proof.usable_arcs import useful_arcs
from xisuan.certificate.reading.calendar import Array, Mask
from xisuan.certificate.reading.variables import Columns, Label, contract_output, no_nan, stack

STOCK = frozenset(("hold", "stock_release", "stock_flow", "stock_absorb", "stock_load", "stock_unserved"))


class Uses(ABC):
    """Upper bounds of operation. `most[name]` broadcasts to the family's values; subclasses bound capacity."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.reading = columns, columns.reading
        self.most: dict[str, Array] = {}

    @abstractmethod
    def _battery(self) -> None:
        """Bound stored energy, charging, discharging and supply, and set `charge` to the charging power of each site."""

    def _close(self) -> None:
        """Tighten every bound by the upper bounds of the tables."""
        for name, family in self.columns.families.items():
            self.most[name] = np.minimum(family.upper, self.most.get(name, np.inf))

    # work

    def _work(self) -> None:
        """Bound work by its deadline: at most backlog plus arrivals, and the total demand of its block."""
        reading, clock = self.reading, self.reading.clock
        backlog = self.columns["backlog"]
        self.run: dict[Label, Array] = {}
        for key in self.columns["unserved"].labels:
            demand = reading.demand(key[0], key[1])
            most = demand
            if key in backlog.at:
                due = backlog.upper[:, :, backlog.at[key]]
                # run ≤ backlog of the hour before + demand, and ≤ demand of the whole block.
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

    def _pick(self, name: str, value: Callable[[Label], Array]) -> Array:
        labels = self.columns[name].labels
        periods, hours = self.reading.clock.shape
        if not labels:
            return np.zeros((periods, 1 if name in STOCK else hours, 0))
        return np.stack([value(label) for label in labels], axis=-1)

    def _loads(self) -> None:
        """Bound the load of a site by the work that may reach it. Some optimal plan has no flow in cycles."""
        columns, reading = self.columns, self.reading
        at: dict[tuple[str, str], Array] = {}
        ways: dict[tuple[str, str, str], Mask] = {}
        for option in columns.options:
            key = option.region, option.site, option.workload
            ways[key] = ways.get(key, np.zeros(reading.clock.shape[0], dtype=bool)) | option.allowed
        for (region, s, w), allowed in ways.items():
            place = s, reading.runs_on(w)[0]
            at[place] = at.get(place, np.zeros(1)) + self.run[region, w] * allowed[:, None]
        for name in ("absorb", "stock_absorb"):
            for s, w in columns[name].labels:
                place = s, reading.runs_on(w)[0]
                at[place] = at.get(place, np.zeros(1)) + self.total[w] * ~reading.paired(w)[:, None]
        none = np.zeros((reading.clock.shape[0], 1))
        for name in ("load", "stock_load"):
            found = [at.get((s, g), none) + at.get((s, reading.classes[g]), none) for s, g in columns[name].labels]
            self.most[name] = wide(found, reading.clock.shape, name)
        for name in ("absorb", "stock_absorb"):
            self.most[name] = wide([self.total[w] for _, w in columns[name].labels], reading.clock.shape, name)
        for name in ("flow", "stock_flow"):
            # Acyclic flow: no arc carries a workload's total more than once.
            useful = useful_arcs(columns, stock=name == "stock_flow")
            found = [self.total[label[0]] * useful[label][:, None] for label in columns[name].labels]
            self.most[name] = wide(found, reading.clock.shape, name)

    def _within_installed(self) -> None:
        """Bound running work by the attainable share of the equipment that may be installed."""
        columns, reading = self.columns, self.reading
        labels = columns["installed"].labels
        share = attainable(reading, labels)
        installed = np.maximum(np.broadcast_to(self.most["installed"], columns["installed"].shape), 0.0)
        room: dict[Label, Array] = {}
        for i, (s, g) in enumerate(labels):
            for place in ((s, g), (s, reading.classes[g])):
                room[place] = room.get(place, np.zeros(len(share))) + times(share[:, i], installed[:, i])
        none = np.zeros(len(share))
        places: dict[str, list[Label]] = {name: list(columns[name].labels) for name in ("load", "stock_load")}
        for name in ("serve", "hold"):
            places[name] = [(s, reading.runs_on(w)[0]) for _, s, w, _ in columns[name].labels]
        for name in ("absorb", "stock_absorb"):
            places[name] = [(s, reading.runs_on(w)[0]) for s, w in columns[name].labels]
        for name, at in places.items():
            most = stack([room.get(place, none) for place in at], len(share))
            self.most[name] = np.minimum(self.most[name], most if name in STOCK else most[:, None])

    # traffic

    def _traffic(self) -> dict[Label, Array]:
        """Bound other traffic on each arc by its source's. Return the traffic by its ends, in Gbps."""
        n = self.reading.clock.shape[0]
        ends = self.reading.tables["traffic"].keys
        sent: dict[Label, Array] = {(str(key[0]), str(key[1])): other_traffic(self.reading, key) for key in ends}
        leaves: dict[str, Array] = {}
        for (start, _), gbps_sent in sent.items():
            node = self.reading.node(start)
            leaves[node] = leaves.get(node, np.zeros((n, 1))) + gbps_sent
        flows = [leaves.get(label[0], np.zeros((n, 1))) for label in self.columns["traffic_flow"].labels]
        self.most["traffic_flow"] = wide(flows, self.reading.clock.shape, "traffic_flow")
        return sent

    # power

    def _power(self) -> None:
        """Bound IT load and facility power by installed and running equipment."""
        columns, reading = self.columns, self.reading
        draw = {g: idle_and_busy(reading, g) for g in reading.technologies}
        it = {label[0]: np.zeros((reading.clock.shape[0], 1)) for label in columns["it"].labels}
        for name, part in (("installed", 0), ("load", 1), ("stock_load", 1)):
            most = self.most[name]
            for i, (s, g) in enumerate(columns[name].labels):
                if s in it:
                    power = draw[g][part][:, None]
                    units = most[..., i].reshape(len(power), -1)
                    it[s] = it[s] + times(power, units)
        self.most["it"] = wide(list(it.values()), reading.clock.shape, "it")
        # Facility power = PUE × IT load; a retrofit only lowers it.
        self.facility = {s: pue(reading, s) * load for s, load in it.items()}
        cool = columns["retrofitted"]
        self.most["it_retrofitted"] = cool.upper[
            :, None, [cool.at[label] for label in columns["it_retrofitted"].labels]
        ]

    def _draw(self) -> None:
        """Bound grid power, storage and generation. Without negative prices a battery only feeds the facility."""
        columns, reading = self.columns, self.reading
        self.charge = {s: np.zeros((reading.clock.shape[0], 1)) for s in self.facility}
        self._battery()
        self._generation()
        # Grid power ≤ facility + charging, and ≤ the zone's limit.
        grid = [self.facility[s] + self.charge[s] for (s,) in columns["grid"].labels]
        limit = [self._zone_limit(s) for (s,) in columns["grid"].labels]
        most = [np.minimum(g, cap[:, None]) for g, cap in zip(grid, limit, strict=True)]
        self.most["grid"] = wide(most, reading.clock.shape, "grid")
        by_name = {label: self.most["grid"][:, :, i] for i, label in enumerate(columns["grid"].labels)}
        n = reading.clock.shape[0]
        # Some optimal plan has no peak above the largest hour and no contract above the yearly energy.
        self.most["peak"] = stack([by_name[label].max(axis=1) for label in columns["peak"].labels], n)
        weight = reading.clock.weight
        self.most["contract"] = stack([by_name[label] @ weight for label in columns["contract"].labels], n)
        used = columns["contract_use"].labels
        self.most["contract_use"] = wide([by_name[label] for label in used], reading.clock.shape, "contract_use")
        # Nor one by the hour beyond the capacity whose output covers the grid power of every hour that has output.
        output = {label: no_nan(contract_output(reading, label[0]), 0.0) for label in used}
        full = [
            np.where(output[k] > 0, by_name[k] / np.where(output[k] > 0, output[k], 1.0), 0.0).max(axis=1) for k in used
        ]
        self.most["contract_power"] = stack(full, n)

    def _zone_limit(self, site: str) -> Array:
        zones = self.reading.tables["sites"].text((site,), "zone")
        power = self.reading.tables["power"]
        return no_nan(np.array([power.number((z,), "grid_limit_mw")[p] for p, z in enumerate(zones)]), np.inf)

    def _generation(self) -> None:
        reading = self.reading
        supply = self.columns["supply"]
        found = []
        for label in self.columns["generation"].labels:
            profile, power = yields(reading, *label), self.most["supply"][:, [supply.at[label]]]
            # Generation beyond what the facility and the battery take is curtailed.
            found.append(np.minimum(times(profile, power), self.facility[label[0]] + self.charge[label[0]]))
        self.most["generation"] = wide(found, reading.clock.shape, "generation")


def times(factor: Array, most: Array) -> Array:
    """Return factor × most, with 0 × ∞ = 0."""
    some = factor > 0
    return np.where(some, factor * np.where(some, most, 0.0), 0.0)


def wide(items: Sequence[Array], shape: tuple[int, int], name: str) -> Array:
    """Stack curves of (P, 1) or (P, H): (P, H, items), or (P, items) for stock."""
    if name in STOCK:
        return stack([item[:, 0] if item.ndim == 2 else item for item in items], shape[0])
    return np.stack([np.broadcast_to(item, shape) for item in items], -1) if items else np.zeros((*shape, 0))
