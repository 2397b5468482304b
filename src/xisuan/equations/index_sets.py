"""Index sets and arrays that the equations read from a scenario.

All conditions on data are in the index sets; the equations have none. Arrays have shape (periods, items) or (periods,
hours, items).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gnomon import Array, Label
from xisuan.equations.table_arrays import Figures
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.queries.routing import Arc, Option


@dataclass(frozen=True, eq=False)
class Given(Figures):
    """Index sets and arrays of a scenario, for all of its periods or some (`periods`)."""

    @cached_property
    def whole(self) -> Given:
        """The same for all periods of the scenario, because index sets do not depend on the modelled periods."""
        every = self.scenario.settings.periods
        return self if self.periods == every else Given(self.scenario, every)

    # --- who pays ----------------------------------------------------------------------------------------------------

    @cached_property
    def payer_shares(self) -> tuple[dict[str, dict[str, float]], ...]:
        """Shares of the table `payers` in each period: scope → investor → share."""
        found: list[dict[str, dict[str, float]]] = []
        for period in self.periods:
            held: dict[str, dict[str, float]] = {}
            rows = self.at("payers", period)
            for scope, name, share in zip(rows["scope"], rows["investor"], rows["share"], strict=True):
                held.setdefault(str(scope), {})[str(name)] = float(share)
            found.append(held)
        return tuple(found)

    @cached_property
    def residual_payers(self) -> tuple[dict[Label, str], ...]:
        """Residual payer of each (scope, investor) of the table `payers` that names one, in each period."""
        found: list[dict[Label, str]] = []
        for period in self.periods:
            rows = self.at("payers", period)
            columns = (rows[name].astype(str) for name in ("scope", "investor", "residual_payer"))
            found.append({(scope, name): rest for scope, name, rest in zip(*columns, strict=True) if rest})
        return tuple(found)

    @property
    def residual_labels(self) -> list[Label]:
        """Each (scope, investor) with a residual payer in some period of the scenario."""
        return list(dict.fromkeys(label for held in self.whole.residual_payers for label in held))

    # --- sites, equipment, workloads ---------------------------------------------------------------------------------

    @cached_property
    def sites(self) -> list[str]:
        """Names of all sites."""
        return candidates.names(self.scenario, "sites")

    @cached_property
    def site_text(self) -> dict[str, dict[str, str]]:
        """Text columns of each site: node, zone, hub, investor."""
        columns = ("node", "zone", "hub", "investor")
        texts = {column: self.text("sites", column) for column in columns}
        return {site: {column: texts[column][site] for column in columns} for site in self.sites}

    @cached_property
    def region_node(self) -> dict[str, str]:
        """Backbone node of each region."""
        return self.text("regions", "node")

    @cached_property
    def link_investor(self) -> dict[str, str]:
        """Investor of each link."""
        return self.text("links", "investor")

    @cached_property
    def city_text(self) -> dict[str, dict[str, str]]:
        """Grid zone and investor of the cities: column → city → text."""
        return {column: self.text("cities", column) for column in ("zone", "investor")}

    @cached_property
    def new_sites(self) -> set[str]:
        """Sites where neither halls nor fleet stand at the start."""
        return set(self.sites) - candidates.standing_sites(self.scenario)

    @cached_property
    def equipment(self) -> list[Label]:
        """Each (site, technology) that can be in use."""
        return list(candidates.equipment(self.scenario))

    @cached_property
    def kind(self) -> dict[str, str]:
        """Kind (flow or stock) of each technology."""
        return self.text("technologies", "kind")

    @cached_property
    def class_of(self) -> dict[str, str]:
        """Class of each technology."""
        return self.text("technologies", "class")

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """Unit of each technology."""
        return self.text("technologies", "unit")

    def of_kind(self, kind: str) -> list[Label]:
        """Return the equipment that runs hourly work (flow) or holds stock."""
        return [label for label in self.equipment if self.kind[label[1]] == kind]

    @cached_property
    def target(self) -> dict[str, str]:
        """Class or technology named by each workload."""
        return self.text("workloads", "class")

    def class_of_work(self, workload: str) -> str:
        """Return the class whose equipment runs `workload`."""
        target = self.target[workload]
        return self.class_of.get(target, target)

    @cached_property
    def bound_technologies(self) -> set[str]:
        """Technologies named by a workload."""
        return {target for target in self.target.values() if target in self.class_of}

    @cached_property
    def kinds_of_equipment(self) -> dict[str, str]:
        """Balance group of each technology: its class, or itself where all demanded work of the class is bound."""
        free = {self.target[name] for name in self.demanded}
        return {name: kind if kind in free else name for name, kind in self.class_of.items()}

    def kind_of_work(self, workload: str) -> str:
        """Return the balance group of `workload`: its class, or its technology where all work of the class is bound."""
        target = self.target[workload]
        return self.kinds_of_equipment.get(target, target)

    @cached_property
    def demanded(self) -> dict[str, list[str]]:
        """Regions with demand, for each workload with demand in some period."""
        frame = self.scenario["demand"]
        frame = frame[frame["period"].isin(self.scenario.settings.periods) & (frame["units"] > 0)]
        order = {region: at for at, region in enumerate(candidates.names(self.scenario, "regions"))}
        asked = {str(name): set(part["region"].astype(str)) for name, part in frame.groupby("workload")}
        names = [name for name in candidates.names(self.scenario, "workloads") if name in asked]
        return {name: sorted(asked[name], key=order.__getitem__) for name in names}

    def workloads(self, stock: bool, pairwise: bool) -> list[str]:
        """Return the workloads with demand that are stock or hourly, and pairwise or free in some period."""
        is_kind = candidates.is_pairwise if pairwise else candidates.is_free
        return [name for name in self.demanded if self._stock_flags[name] == stock and is_kind(self.scenario, name)]

    @cached_property
    def _stock_flags(self) -> dict[str, bool]:
        """True for each workload with demand that is stock."""
        return {name: candidates.is_stock(self.scenario, name) for name in self.demanded}

    def free_most(self, workloads: Sequence[str]) -> Array:
        """Upper bound of free work: ∞ in periods in which the workload is free, 0 where it is pairwise.

        Shape (periods, workloads).
        """
        every = self.scenario.settings.periods
        pairwise = [
            dict(zip(every, candidates.pairwise_periods(self.scenario, name), strict=True)) for name in workloads
        ]
        found = [[0.0 if of[period] else np.inf for of in pairwise] for period in self.periods]
        return np.array(found).reshape(len(self.periods), len(workloads))

    def asking(self, workloads: Sequence[str]) -> list[Label]:
        """Return each (region, workload) with demand."""
        return [(region, name) for name in dict.fromkeys(workloads) for region in self.demanded[name]]

    def options(self, workload: str) -> tuple[Option, ...]:
        """Return the eligible routes of a pairwise workload."""
        if workload not in self._options:
            self._options[workload] = routing.eligible(self.scenario, workload)
        return self._options[workload]

    @cached_property
    def _options(self) -> dict[str, tuple[Option, ...]]:
        """Cache of `options` by workload."""
        return {}

    def absorbing(self, workloads: Sequence[str]) -> list[Label]:
        """Return each (site, workload) at which a free workload can run."""
        return [(site, name) for name in workloads for site in self.sites_for(name)]

    def sites_for(self, workload: str) -> list[str]:
        """Return the sites whose equipment can run `workload`."""
        able = set(candidates.runs(self.scenario, workload))
        have = {site for site, technology in self.equipment if technology in able}
        return [site for site in self.sites if site in have]

    # --- demand ----------------------------------------------------------------------------------------------------

    def mean_demand(self, labels: Sequence[Label]) -> Array:
        """Yearly mean demand of (region, workload), units. Shape (periods, labels)."""
        rows = self._demand_rows
        return np.array(
            [[rows.get((label[0], label[1], period), (0.0, ""))[0] for label in labels] for period in self.periods]
        ).reshape(len(self.periods), len(labels))

    def demand(self, labels: Sequence[Label]) -> Array:
        """Demand of (region, workload) by hour, units. Shape (periods, hours, labels)."""
        out = np.zeros((len(self.periods), self.timeline.n_hours, len(labels)))
        for y, period in enumerate(self.periods):
            for i, label in enumerate(labels):
                units, profile = self._demand_rows.get((label[0], label[1], period), (0.0, ""))
                if units:
                    out[y, :, i] = units * self._shape(profile)
        return out

    @cached_property
    def _demand_rows(self) -> dict[tuple[str, str, int], tuple[float, str]]:
        """Mean units and profile of each (region, workload, period)."""
        frame = self.scenario["demand"]
        return {
            (str(row.region), str(row.workload), int(row.period)): (float(row.units), str(row.profile))  # type: ignore[arg-type]
            for row in frame.itertuples()
        }

    @cached_property
    def _shapes(self) -> dict[str, Array]:
        """Cache of `_shape` by profile."""
        return {}

    def _shape(self, profile: str) -> Array:
        """Return the hourly shape of a demand profile."""
        if profile not in self._shapes:
            self._shapes[profile] = self.scenario.hourly("demand", "profile", profile)
        return self._shapes[profile]

    def window(self, labels: Sequence[Label]) -> Array:
        """Most work of (region, workload) that may be deferred at the end of each hour, units.

        Shape (periods, hours, labels). It is what arrived in the last `defer_hours` hours; earlier work would be late.
        The window wraps around the cyclic block, more than once if it is longer than the block.
        """
        demand = self.demand(labels)
        # 1e-9: a value that rounding left just below a whole number counts as that number.
        hours = np.floor(self.numbers("workloads", [(name,) for _, name in labels], "defer_hours") + 1e-9)
        out = np.zeros_like(demand)
        start = 0
        for block in self.timeline.blocks:
            arrived = demand[:, start : start + block.hours]
            for (y, i), length in np.ndenumerate(hours):
                out[y, start : start + block.hours, i] = _cyclic_window(arrived[y, :, i], int(length))
            start += block.hours
        return out

    # --- rules ---------------------------------------------------------------------------------------------------

    def rules_at(self, rule: str, period: int) -> list[Mapping[str, Any]]:
        """Return the rows of `policies` with `rule` that hold in `period`."""
        rows = self.scenario.dated("policies").rows(period)
        return [row for (name, *_), row in rows.items() if name == rule]

    def site_rule(self, rule: str, sites: Sequence[str]) -> Array:
        """Return the value of a rule at each site: its own, else its hub's, else that for all, else 0.

        Shape (periods, sites). A rule that applies to new sites does not affect the others.
        """
        out = np.zeros((len(self.periods), len(sites)))
        for y, period in enumerate(self.periods):
            rows = self.rules_at(rule, period)
            found = {(str(row["scope"]), str(row["applies"])): float(row["value"]) for row in rows}
            for i, site in enumerate(sites):
                kinds = ("all", "new") if site in self.new_sites else ("all",)
                for scope in ("all", self.site_text[site]["hub"] or "all", site):
                    out[y, i] = next((found[scope, kind] for kind in kinds if (scope, kind) in found), out[y, i])
        return out

    # --- network ---------------------------------------------------------------------------------------------------

    @cached_property
    def links(self) -> list[tuple[str, str, str]]:
        """Each (link, from, to) that can carry traffic in some period, or must have capacity in one."""
        usable = {
            link
            for period in self.scenario.settings.periods
            for link, *_ in candidates.usable_links(self.scenario, period, existing=False)
        }
        frame = self.scenario["links"]
        usable |= set(frame.loc[frame["min_gbps"] > 0, "link"].astype(str))
        one, other = self.text("links", "from"), self.text("links", "to")
        return [(link, one[link], other[link]) for link in candidates.names(self.scenario, "links") if link in usable]

    @cached_property
    def arcs(self) -> list[Arc]:
        """Both directions of every link."""
        return [arc for link, one, other in self.links for arc in ((link, one, other), (link, other, one))]

    def over_network(self, workload: str) -> bool:
        """Return True if links limit where `workload` runs."""
        return self.scenario.has("links") and routing.moves_data(self.scenario, workload)

    def useful_arcs(self, workload: str) -> list[Arc]:
        """Return the arcs on some way from a source of a free workload to a site that can run it.

        Arcs that cannot be reached, or that lead to a dead end without such a site, are removed until none is left.
        """
        homes = {self.site_text[site]["node"] for site in self.sites_for(workload)}
        sources = {self.region_node[region] for region in self.demanded[workload]}
        arcs = self.arcs
        while True:
            begun = _reached(sources, arcs)
            onward = {node: {end for _, start, end in arcs if start == node} for node in begun}
            useful = [arc for arc in arcs if arc[1] in begun and (arc[2] in homes or onward[arc[2]] - {arc[1]})]
            if len(useful) == len(arcs):
                return arcs
            arcs = useful

    def nodes_of(self, workload: str) -> list[str]:
        """Return the nodes at which a free workload starts, passes or runs."""
        found = [self.region_node[region] for region in self.demanded[workload]]
        found += [self.site_text[site]["node"] for site in self.sites_for(workload)]
        found += [node for _, start, end in self.useful_arcs(workload) for node in (start, end)]
        return list(dict.fromkeys(found))


def _reached(starts: set[str], arcs: Sequence[Arc]) -> set[str]:
    """Return the nodes reachable from `starts` over `arcs`, the starts included."""
    seen = set(starts)
    while more := {end for _, start, end in arcs if start in seen and end not in seen}:
        seen |= more
    return seen


def _cyclic_window(arrived: Array, length: int) -> Array:
    """Sum of the last `length` arrivals at each hour of a cyclic block. Shape (hours,)."""
    hours = len(arrived)
    turns, rest = divmod(length, hours)
    total = np.full(hours, turns * arrived.sum())
    for back in range(rest):
        total += np.roll(arrived, back)
    return total
