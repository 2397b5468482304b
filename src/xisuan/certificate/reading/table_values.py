"""Values of the tables by period: numbers by key, permitted technologies, and rules by place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan import units
from xisuan.certificate.reading.calendar import Array, Clock, Mask
from xisuan.certificate.reading.dated_rows import Dated, Key, as_number, records
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Unit:
    """Existing units of one vintage at a site. `there`: True for periods in which they are in place."""

    site: str
    technology: str
    opened: str
    units: float
    may_retire: bool
    there: Mask


@dataclass(frozen=True)
class Reading:
    """The scenario as the certificate reads it."""

    scenario: Scenario
    clock: Clock

    @classmethod
    def of(cls, scenario: Scenario) -> Reading:
        """Read `scenario`."""
        return cls(scenario, Clock(scenario))

    def only(self, p: int) -> Reading:
        """Return the reading of period number p alone; sets of items stay those of the whole horizon."""
        return _Only(self.scenario, self.clock.only(p), self, p)

    @cached_property
    def tables(self) -> Mapping[str, Dated]:
        """Every dated table of the planning model."""
        names = ("regions", "sites", "halls", "technologies", "limits", "workloads", "links", "modules", "latency")
        more = ("serving_cost", "traffic", "power", "supply", "budgets", "policies", "payers", "rules")
        last = ("contingencies", "cities", "city_state", "measures", "standard")
        return {name: Dated.of(self.scenario, name) for name in (*names, *more, *last)}

    @cached_property
    def planned(self) -> Mask:
        """True for periods that are planned, False for history. Shape (P,)."""
        return ~self.clock.fixed

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """All sites."""
        return tuple(str(key[0]) for key in self.tables["sites"].keys)

    @cached_property
    def technologies(self) -> tuple[str, ...]:
        """All technologies."""
        return tuple(str(key[0]) for key in self.tables["technologies"].keys)

    @cached_property
    def classes(self) -> Mapping[str, str]:
        """Class of each technology."""
        return {g: str(self.tables["technologies"].first((g,), "class")) for g in self.technologies}

    @cached_property
    def stock(self) -> frozenset[str]:
        """Technologies that hold stock; all others run work by the hour."""
        table = self.tables["technologies"]
        return frozenset(g for g in self.technologies if table.first((g,), "kind") == "stock")

    def technology(self, g: str, column: str) -> Array:
        """Return a property of a technology in each period. Shape (P,)."""
        return self.tables["technologies"].ever((g,), column)

    @cached_property
    def fleet(self) -> tuple[Unit, ...]:
        """Units of the existing fleet, with the periods in which they are in place."""
        years = np.array(self.clock.periods, dtype=np.float64)
        found = []
        for row in records(self.scenario["fleet"]):
            opened, retires = as_number(row["opened"]), as_number(row["retires"])
            there = (np.isnan(opened) | (opened <= years)) & (np.isnan(retires) | (years < retires))
            name = year_label(row["opened"])
            may = row["may_retire"] is True or row["may_retire"] == True  # noqa: E712  (numpy flags)
            found.append(Unit(str(row["site"]), str(row["technology"]), name, float(row["units"]), bool(may), there))
        return tuple(found)

    def ever_used(self, table: str, key: Key) -> Mask:
        """Return True for periods in which an order by the row of `key` would be used in some period. Shape (P,)."""
        rows = self.tables[table]
        used = self.clock.in_use(rows.ever(key, "lead_years"), rows.ever(key, "life_years"))
        return np.asarray(used.any(axis=0))

    @cached_property
    def orderable(self) -> Mapping[tuple[str, str], Mask]:
        """Periods in which each site and technology can be ordered to be used at all. Shape (P,) each.

        All of an order is in place for all of its life. It is excluded if the limit of units or of the site is 0 in a
        period of its life.
        """
        years = np.array(self.clock.periods, dtype=np.float64)
        on_offer: dict[str, Mask] = {}
        for g in self.technologies:
            since, until = self.technology(g, "available_from"), self.technology(g, "available_until")
            available = (np.isnan(since) | (since <= years)) & (np.isnan(until) | (years <= until))
            offered = available & self.tables["technologies"].holds((g,)) & self.planned
            on_offer[g] = offered & self.ever_used("technologies", (g,))
        found = {}
        limits, sites = self.tables["limits"], self.tables["sites"]
        for s in self.sites:
            full = sites.number((s,), "it_limit_mw") == 0.0
            for g in self.technologies:
                closed = (limits.number((s, g), "max_units") == 0.0) | (
                    full & (self.technology(g, "mw_per_unit") > 0.0)
                )
                used = self.clock.in_use(self.technology(g, "lead_years"), self.technology(g, "life_years"))
                blocked = (used & closed[:, None]).any(axis=0) | (limits.number((s, g), "max_build_units") == 0.0)
                mask = on_offer[g] & sites.holds((s,)) & ~blocked
                if mask.any():
                    found[s, g] = mask
        return found

    @cached_property
    def candidates(self) -> tuple[tuple[str, str], ...]:
        """Pairs of site and technology that are or may be installed."""
        stands = {(unit.site, unit.technology) for unit in self.fleet}
        return tuple(
            (s, g) for s in self.sites for g in self.technologies if (s, g) in stands or (s, g) in self.orderable
        )

    @cached_property
    def capable(self) -> frozenset[tuple[str, str]]:
        """Pairs of site and class or technology that may be installed."""
        return frozenset(pair for s, g in self.candidates for pair in ((s, g), (s, self.classes[g])))

    def runs_on(self, w: str) -> tuple[str, bool]:
        """Return the class or technology that runs a workload, and True if it is a technology."""
        name = str(self.tables["workloads"].first((w,), "class"))
        return name, name not in self.classes.values()

    def holds_stock(self, w: str) -> bool:
        """Return True if a workload occupies storage instead of running on servers."""
        name, bound = self.runs_on(w)
        return name in self.stock if bound else any(self.classes[g] == name for g in self.stock)

    def moves_data(self, w: str) -> bool:
        """Return True if the network carries a workload: it moves data and there are links."""
        return w in self._carried

    @cached_property
    def _carried(self) -> frozenset[str]:
        table = self.tables["workloads"]
        if not self.scenario.has("links"):
            return frozenset()
        moved = {
            str(key[0]): np.nansum(table.number(key, "gbps_per_unit"))
            + np.nansum(table.number(key, "return_gbps_per_unit"))
            for key in table.keys
        }
        return frozenset(w for w, gbps in moved.items() if gbps > 0.0)

    def modelled(self, profile: str) -> Array:
        """Return the modelled hours of a profile of traffic. Shape (H,)."""
        if profile not in self._modelled:
            self._modelled[profile] = self.clock.work(self.scenario.curve(profile))
        return self._modelled[profile]

    @cached_property
    def _modelled(self) -> dict[str, Array]:
        return {}

    def paired(self, w: str) -> Mask:
        """Return True for periods in which a latency limit or serving costs assign a workload by pairs. Shape (P,)."""
        limited: Mask = ~np.isnan(self.tables["workloads"].number((w,), "latency_ms"))
        priced = [any(key[2] == w for key in rows) for rows in self.tables["serving_cost"].rows]
        return np.asarray(limited | np.array(priced, dtype=bool))

    def pairwise(self, w: str) -> bool:
        """Return True if a workload is assigned by pairs of region and site in some period."""
        return bool(self.paired(w).any())

    def free(self, w: str) -> bool:
        """Return True if a workload may run at any site in some period."""
        return not self.paired(w).all()

    @cached_property
    def units(self) -> Mapping[tuple[str, str], Array]:
        """Yearly mean of the demand of each region and workload, by period. Shape (P,)."""
        return {key: np.array([row["units"] if row else 0.0 for row in rows]) for key, rows in self._demand.items()}

    @cached_property
    def open_classes(self) -> frozenset[str]:
        """Classes that work with demand in some period names: any equipment of the class may run it."""
        named = {self.runs_on(w) for (_, w), amounts in self.units.items() if (amounts > 0.0).any()}
        return frozenset(needs for needs, bound in named if not bound)

    def demand(self, region: str, w: str) -> Array:
        """Return the demand in each hour. Shape (P, H)."""
        rows = self._demand[region, w]
        shapes = [self._shape(_text(row["profile"])) if row else 0.0 for row in rows]
        return np.array(
            [
                units * (shape + np.zeros(self.clock.shape[1]))
                for units, shape in zip(self.units[region, w], shapes, strict=True)
            ]
        )

    def _shape(self, profile: str) -> Array:
        """Return the modelled hours of a profile of demand, with a yearly mean of 1; 1 where it is blank. Shape (H,)."""
        if profile not in self._shapes:
            curve = self.scenario.curve(profile) if profile else np.ones(units.HOURS_PER_YEAR)
            self._shapes[profile] = self.clock.work(curve / curve.mean())
        return self._shapes[profile]

    @cached_property
    def _shapes(self) -> dict[str, Array]:
        return {}

    @cached_property
    def _demand(self) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        at = {period: p for p, period in enumerate(self.clock.periods)}
        for row in records(self.scenario["demand"]):
            if row["period"] in at:
                rows = found.setdefault((str(row["region"]), str(row["workload"])), [{} for _ in at])
                rows[at[row["period"]]] = row
        return found

    def node(self, name: str) -> str:
        """Return the node at an end of a link or of other traffic: for a region, the node where its traffic enters."""
        return (
            (self.tables["regions"].first((name,), "node") or name) if (name,) in self.tables["regions"].keys else name
        )

    @cached_property
    def new_sites(self) -> frozenset[str]:
        """Sites without halls or equipment at the start: in the first period and in all that have ended."""
        halls, began = self.tables["halls"], ~self.planned
        began[0] = True
        old = {unit.site for unit in self.fleet if unit.units > 0 and unit.there[began].any()}
        old |= {s for s in self.sites if (halls.number((s,), "existing_mw")[began] > 0).any()}
        return frozenset(self.sites) - old

    def curve(self, table: str, key: Key, column: str, missing: float) -> Array:
        """Return a number or profile in every modelled hour. Shape (P, H)."""
        cells = [rows.get(key, {}).get(column) for rows in self.tables[table].rows]
        values = np.full(self.clock.shape, missing)
        for p, cell in enumerate(cells):
            number = as_number(cell)
            if isinstance(cell, str) and cell:
                values[p] = self.clock.series(table, column, self.scenario.curve(cell))
            elif not np.isnan(number):
                values[p] = number
        return values

    def in_scope(self, scope: str, applies: str, p: int) -> frozenset[str]:
        """Return the sites of a policy's scope in period number p: all, those of a hub or an investor, or one."""
        sites, owner = self.tables["sites"], scope.removeprefix("investor:") if scope.startswith("investor:") else None
        if owner is not None:
            inside = {s for s in self.sites if sites.text((s,), "investor")[p] == owner}
        else:
            inside = {s for s in self.sites if scope in ("all", s) or sites.text((s,), "hub")[p] == scope}
        return frozenset(inside & self.new_sites) if applies == "new" else frozenset(inside)

    def policies(self, rule: str) -> tuple[Policy, ...]:
        """Return the rows of a rule: one for each scope and application, with its value by period (NaN: none)."""
        found: dict[tuple[str, str], Array] = {}
        for p, rows in enumerate(self.tables["policies"].rows):
            for row in rows.values():
                if row["rule"] == rule:
                    scope, applies = _text(row["scope"]) or "all", _text(row["applies"]) or "all"
                    found.setdefault((scope, applies), np.full(self.clock.shape[0], np.nan))[p] = row["value"]
        return tuple(Policy(rule, scope, applies, value) for (scope, applies), value in found.items())


@dataclass(frozen=True)
class _Only(Reading):
    """One period of a reading. Sets of items are those of the whole horizon."""

    whole: Reading
    p: int

    @cached_property
    def tables(self) -> Mapping[str, Dated]:
        return {name: table.only(self.p) for name, table in self.whole.tables.items()}

    @cached_property
    def planned(self) -> Mask:
        return self._own(self.whole.planned)

    @cached_property
    def fleet(self) -> tuple[Unit, ...]:
        return tuple(replace(unit, there=self._own(unit.there)) for unit in self.whole.fleet)

    @cached_property
    def orderable(self) -> Mapping[tuple[str, str], Mask]:
        return {pair: self._own(mask) for pair, mask in self.whole.orderable.items()}

    @cached_property
    def open_classes(self) -> frozenset[str]:
        return self.whole.open_classes

    def moves_data(self, w: str) -> bool:
        return self.whole.moves_data(w)

    def pairwise(self, w: str) -> bool:
        return self.whole.pairwise(w)

    def free(self, w: str) -> bool:
        return self.whole.free(w)

    @cached_property
    def _demand(self) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
        return {key: [rows[self.p]] for key, rows in self.whole._demand.items()}

    @cached_property
    def new_sites(self) -> frozenset[str]:
        return self.whole.new_sites

    def policies(self, rule: str) -> tuple[Policy, ...]:
        return tuple(replace(policy, value=self._own(policy.value)) for policy in self.whole.policies(rule))

    def _own(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the value of this period from values of all periods."""
        return values[self.p : self.p + 1]


@dataclass(frozen=True)
class Policy:
    """A policy with its value in each period, NaN where it does not hold."""

    rule: str
    scope: str
    applies: str
    value: Array


def site_rule(reading: Reading, rule: str, site: str) -> Array:
    """Return the value of a rule at a site: its own, else its hub's, else the general one, else 0. Shape (P,)."""
    rules = reading.policies(rule)
    hubs = reading.tables["sites"].text((site,), "hub")
    value = np.zeros(reading.clock.shape[0])
    for p, hub in enumerate(hubs):
        here = [r for r in rules if site in reading.in_scope(r.scope, r.applies, p) and not np.isnan(r.value[p])]
        for scope in ("all", hub, site):
            value[p] = next((r.value[p] for r in here if r.scope == scope), value[p])
    return value


def year_label(value: Any) -> str:
    """Return the label of a year, which may be blank."""
    number = float(value) if isinstance(value, str) and value.strip() else as_number(value)
    return "" if np.isnan(number) else str(int(number))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
