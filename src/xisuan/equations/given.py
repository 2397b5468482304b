"""What the equations need of a scenario, as index sets and arrays.

Conditions live here, in the index sets; the equations have none. Arrays have shape (periods, items) or
(periods, hours, items).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import candidates, routes
from xisuan.scenario.routes import Arc, Option
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.tables import BY_NAME
from xisuan.scenario.timeline import Timeline

Array = NDArray[np.float64]
Label = tuple[str, ...]

Mask = NDArray[np.bool_]

TIMELESS = {"technologies"}
"""Tables whose rows describe a thing rather than an offer: before its first row, what that row says holds already."""


def chosen(labels: Sequence[Label], use: Mask | np.bool_) -> list[Label]:
    """Those of `labels` for which `use` is true."""
    return [labels[int(i)] for i in np.flatnonzero(use)]


@dataclass(frozen=True, eq=False)
class Given:
    """A scenario as the equations see it, for all of its periods or some (`periods`)."""

    scenario: Scenario
    periods: tuple[int, ...]

    @cached_property
    def whole(self) -> Given:
        """The same for all periods of the scenario: index sets are the same whichever periods are modelled."""
        every = self.scenario.settings.periods
        return self if self.periods == every else Given(self.scenario, every)

    # --- time -------------------------------------------------------------------------------------------------

    @cached_property
    def timeline(self) -> Timeline:
        """Periods, hours and weights."""
        return self.scenario.timeline

    @cached_property
    def discount(self) -> Array:
        """What a yearly cost of each period weighs in the objective. Shape (periods,)."""
        every = dict(zip(self.timeline.periods, self.timeline.period_discount, strict=True))
        return np.array([every[period] for period in self.periods])

    @cached_property
    def years(self) -> Array:
        """Calendar years that each period stands for. Shape (periods,)."""
        every = dict(zip(self.timeline.periods, self.timeline.years, strict=True))
        return np.array([float(len(every[period])) for period in self.periods])

    @cached_property
    def weight(self) -> Array:
        """Hours of a year that each modelled hour stands for. Shape (hours,)."""
        return self.timeline.weight

    @cached_property
    def hourly_weight(self) -> Array:
        """What a cost of one hour weighs in the objective. Shape (periods, hours, 1)."""
        return self.discount[:, None, None] * self.weight[None, :, None]

    def over_year(self, hourly: Array) -> Array:
        """Sum over the hours of a year: (periods, items) from (periods, hours, items)."""
        return np.asarray(np.einsum("pti,t->pi", hourly, self.weight))

    # --- numbers out of tables -----------------------------------------------------------------------------------

    def at(self, table: str, period: int) -> pd.DataFrame:
        """Rows of `table` that hold in `period`."""
        return self.scenario.at(table, period)

    def cells(self, table: str, labels: Sequence[Label], column: str) -> list[list[object]]:
        """For each period and label, the cell of the row that holds, None where no row does."""
        early = self._earliest(table, column) if table in TIMELESS else {}
        found: list[list[object]] = []
        for period in self.periods:
            now = self._lookup(table, period, column)
            found.append([now.get(label, early.get(label)) for label in labels])
        return found

    @cached_property
    def _lookups(self) -> dict[tuple[str, int, str], dict[Label, object]]:
        return {}

    def _lookup(self, table: str, period: int, column: str) -> dict[Label, object]:
        """Cells of a column by the key of their row, of the rows that hold in `period`."""
        place = (table, period, column)
        if place not in self._lookups:
            frame = self.at(table, period)
            keys = [frame[key].astype(str).tolist() for key in BY_NAME[table].keys if key != "period"]
            self._lookups[place] = dict(zip(zip(*keys, strict=True), frame[column].tolist(), strict=True))
        return self._lookups[place]

    def _earliest(self, table: str, column: str) -> dict[Label, object]:
        """Cells of the first row of every key within the horizon."""
        periods = reversed(self.scenario.settings.periods)
        return {key: cell for period in periods for key, cell in self._lookup(table, period, column).items()}

    def holds(self, table: str, labels: Sequence[Label]) -> Array:
        """1 where a row of `table` holds, else 0. Shape (periods, labels)."""
        key = BY_NAME[table].keys[0]
        present = [self._lookup(table, period, key) for period in self.periods]
        held = np.array([[float(label in rows) for label in labels] for rows in present])
        return held.reshape(len(self.periods), len(labels))

    def numbers(self, table: str, labels: Sequence[Label], column: str, missing: float = 0.0) -> Array:
        """A number for each period and label; `missing` where blank or without a row. Shape (periods, labels)."""
        cells = self.cells(table, labels, column)
        values = np.array(
            [[math.nan if cell is None else float(cell) for cell in row] for row in cells],  # type: ignore[arg-type]
            dtype=np.float64,
        ).reshape(len(self.periods), len(labels))
        return np.where(np.isnan(values), missing, values)

    def curves(self, table: str, labels: Sequence[Label], column: str, missing: float = 0.0) -> Array:
        """A number for each period, modelled hour and label. Shape (periods, hours, labels)."""
        cells = self.cells(table, labels, column)
        out = np.empty((len(self.periods), self.timeline.n_hours, len(labels)))
        sampled: dict[object, Array] = {}
        for y, row in enumerate(cells):
            for i, cell in enumerate(row):
                value = missing if _blank(cell) else cell
                if value not in sampled:
                    sampled[value] = self.timeline.sample(self.scenario.curve(value))  # type: ignore[arg-type]
                out[y, :, i] = sampled[value]
        return out

    def means(self, table: str, labels: Sequence[Label], column: str) -> Array:
        """Mean over the 8,760 hours of a `series` cell, 0 where blank. Shape (periods, labels)."""
        cells = self.cells(table, labels, column)
        known = [[0.0 if _blank(cell) else self.scenario.curve(cell).mean() for cell in row] for row in cells]  # type: ignore[arg-type]
        return np.array(known, dtype=np.float64).reshape(len(self.periods), len(labels))

    # --- who and what ----------------------------------------------------------------------------------------------

    @cached_property
    def sites(self) -> list[str]:
        """All sites."""
        return candidates.names(self.scenario, "sites")

    @cached_property
    def site_text(self) -> dict[str, dict[str, str]]:
        """Text columns of each site: node, zone, hub, investor."""
        columns = ("node", "zone", "hub", "investor")
        texts = {column: self._text("sites", column) for column in columns}
        return {site: {column: texts[column][site] for column in columns} for site in self.sites}

    @cached_property
    def region_node(self) -> dict[str, str]:
        """Backbone node of each region."""
        return self._text("regions", "node")

    @cached_property
    def link_investor(self) -> dict[str, str]:
        """Who pays for each link."""
        return self._text("links", "investor")

    def _text(self, table: str, column: str) -> dict[str, str]:
        """Text of each item of a table with one key; it holds for the whole horizon.

        Raises ScenarioError where it changes between the periods: what has moved is another thing.
        """
        key = BY_NAME[table].keys[0]
        found: dict[str, str] = {}
        for period in self.scenario.settings.periods:
            frame = self.at(table, period)
            for name, text in zip(frame[key].astype(str), frame[column].astype(str), strict=True):
                if found.setdefault(name, text) != text:
                    what = f"another than before ({found[name]}); it holds for all periods: give {name} a second name"
                    raise ScenarioError([Problem(f"{table}.csv", f"{name}, {period}", column, text, what)])
        never = self.scenario[table].drop_duplicates(key)
        return dict(zip(never[key].astype(str), never[column].astype(str), strict=True)) | found

    @cached_property
    def new_sites(self) -> set[str]:
        """Sites where neither halls nor fleet stand at the start."""
        first = self.at("halls", self.scenario.settings.periods[0])
        fleet = self.scenario["fleet"]
        standing = set(first.loc[first["existing_mw"] > 0, "site"]) | set(fleet.loc[fleet["units"] > 0, "site"])
        return set(self.sites) - standing

    @cached_property
    def equipment(self) -> list[Label]:
        """(site, technology) that could be in use."""
        return list(candidates.equipment(self.scenario))

    @cached_property
    def kind(self) -> dict[str, str]:
        """flow or stock, of each technology."""
        return self._text("technologies", "kind")

    @cached_property
    def class_of(self) -> dict[str, str]:
        """Class of each technology."""
        return self._text("technologies", "class")

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """Unit of each technology."""
        return self._text("technologies", "unit")

    def of_kind(self, kind: str) -> list[Label]:
        """Equipment that runs work (flow) or holds it (stock)."""
        return [label for label in self.equipment if self.kind[label[1]] == kind]

    @cached_property
    def target(self) -> dict[str, str]:
        """The class or technology that each workload names."""
        return self._text("workloads", "class")

    def class_of_work(self, workload: str) -> str:
        """Class whose equipment runs `workload`."""
        target = self.target[workload]
        return self.class_of.get(target, target)

    @cached_property
    def bound_technologies(self) -> set[str]:
        """Technologies that a workload names."""
        return {target for target in self.target.values() if target in self.class_of}

    @cached_property
    def demanded(self) -> dict[str, list[str]]:
        """For each workload with demand in some period, the regions that ask for it."""
        frame = self.scenario["demand"]
        frame = frame[frame["period"].isin(self.scenario.settings.periods) & (frame["units"] > 0)]
        order = {region: at for at, region in enumerate(candidates.names(self.scenario, "regions"))}
        asked = {str(name): set(part["region"].astype(str)) for name, part in frame.groupby("workload")}
        names = [name for name in candidates.names(self.scenario, "workloads") if name in asked]
        return {name: sorted(asked[name], key=order.__getitem__) for name in names}

    def workloads(self, stock: bool, pairwise: bool) -> list[str]:
        """Workloads with demand: held or run, served pair by pair or free."""
        return [name for name, kind in self._kinds.items() if kind == (stock, pairwise)]

    @cached_property
    def _kinds(self) -> dict[str, tuple[bool, bool]]:
        """Of each workload with demand, whether it is held and whether it is served pair by pair."""
        given = self.scenario
        return {name: (candidates.is_stock(given, name), candidates.is_pairwise(given, name)) for name in self.demanded}

    def asking(self, workloads: Sequence[str]) -> list[Label]:
        """(region, workload) with demand."""
        return [(region, name) for name in workloads for region in self.demanded[name]]

    def options(self, workload: str) -> tuple[Option, ...]:
        """Ways to serve a pairwise workload."""
        if workload not in self._options:
            self._options[workload] = routes.eligible(self.scenario, workload)
        return self._options[workload]

    @cached_property
    def _options(self) -> dict[str, tuple[Option, ...]]:
        return {}

    def absorbing(self, workloads: Sequence[str]) -> list[Label]:
        """(site, workload) where a free workload may run."""
        return [(site, name) for name in workloads for site in self.sites_for(name)]

    def sites_for(self, workload: str) -> list[str]:
        """Sites whose equipment can run `workload`."""
        able = set(candidates.runs(self.scenario, workload))
        have = {site for site, technology in self.equipment if technology in able}
        return [site for site in self.sites if site in have]

    # --- demand ----------------------------------------------------------------------------------------------------

    def mean_demand(self, labels: Sequence[Label]) -> Array:
        """Yearly mean of (region, workload), units. Shape (periods, labels)."""
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
        frame = self.scenario["demand"]
        return {
            (str(row.region), str(row.workload), int(row.period)): (float(row.units), str(row.profile))  # type: ignore[arg-type]
            for row in frame.itertuples()
        }

    @cached_property
    def _shapes(self) -> dict[str, Array]:
        return {}

    def _shape(self, profile: str) -> Array:
        if profile not in self._shapes:
            self._shapes[profile] = self.timeline.sample(self.scenario.shape(profile))
        return self._shapes[profile]

    def window(self, labels: Sequence[Label]) -> Array:
        """Most work of (region, workload) that may wait at the end of each hour, units. Shape (periods, hours, labels).

        What arrived in the last `defer_hours` hours, the window wrapping in the cyclic block, more than once if it is
        longer than the block: what arrived earlier would be late.
        """
        demand = self.demand(labels)
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

    def site_rule(self, rule: str, sites: Sequence[str]) -> Array:
        """Value of a rule at each site: its own, else its hub's, else that for all, else 0. Shape (periods, sites).

        A rule that applies to new sites says nothing of the others.
        """
        out = np.zeros((len(self.periods), len(sites)))
        for y, period in enumerate(self.periods):
            frame = self.at("policies", period)
            frame = frame[frame["rule"] == rule]
            found = {
                (str(scope), str(applies)): float(value)
                for scope, applies, value in zip(frame["scope"], frame["applies"], frame["value"], strict=True)
            }
            for i, site in enumerate(sites):
                kinds = ("all", "new") if site in self.new_sites else ("all",)
                for scope in ("all", self.site_text[site]["hub"] or "all", site):
                    out[y, i] = next((found[scope, kind] for kind in kinds if (scope, kind) in found), out[y, i])
        return out

    # --- network ---------------------------------------------------------------------------------------------------

    @cached_property
    def links(self) -> list[tuple[str, str, str]]:
        """(link, from, to) that can carry traffic in some period."""
        usable = {
            link
            for period in self.scenario.settings.periods
            for link, *_ in candidates.usable_links(self.scenario, period, existing=False)
        }
        one, other = self._text("links", "from"), self._text("links", "to")
        return [(link, one[link], other[link]) for link in candidates.names(self.scenario, "links") if link in usable]

    @cached_property
    def arcs(self) -> list[Arc]:
        """Both directions of every link."""
        return [arc for link, one, other in self.links for arc in ((link, one, other), (link, other, one))]

    def over_network(self, workload: str) -> bool:
        """Whether the links limit where `workload` runs."""
        return self.scenario.has("links") and routes.moves_data(self.scenario, workload)

    def useful_arcs(self, workload: str) -> list[Arc]:
        """Arcs that a free workload could travel: from where it arises, and not into a dead end where it cannot run."""
        homes = {self.site_text[site]["node"] for site in self.sites_for(workload)}
        begun = _reached({self.region_node[region] for region in self.demanded[workload]}, self.arcs)
        arcs = {arc for arc in self.arcs if arc[1] in begun}
        while True:
            dead = {arc for arc in arcs if arc[2] not in homes and not _onward(arcs, arc[2]) - {arc[1]}}
            if not dead:
                return [arc for arc in self.arcs if arc in arcs]
            arcs -= dead

    def nodes_of(self, workload: str) -> list[str]:
        """Nodes where a free workload starts, passes or runs."""
        found = [self.region_node[region] for region in self.demanded[workload]]
        found += [self.site_text[site]["node"] for site in self.sites_for(workload)]
        found += [node for _, start, end in self.useful_arcs(workload) for node in (start, end)]
        return list(dict.fromkeys(found))


def _blank(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))


def _reached(starts: set[str], arcs: Sequence[Arc]) -> set[str]:
    """Nodes that arcs lead to from `starts`, themselves included."""
    seen = set(starts)
    while more := {end for _, start, end in arcs if start in seen and end not in seen}:
        seen |= more
    return seen


def _onward(arcs: set[Arc], node: str) -> set[str]:
    """Nodes that arcs lead to from `node`."""
    return {end for _, start, end in arcs if start == node}


def _cyclic_window(arrived: Array, length: int) -> Array:
    """Sum of the last `length` arrivals at each hour of a cyclic block. Shape (hours,)."""
    hours = len(arrived)
    turns, rest = divmod(length, hours)
    total = np.full(hours, turns * arrived.sum())
    for back in range(rest):
        total += np.roll(arrived, back)
    return total
