"""The model of one scenario: what all parts share, and the order in which they are stated."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.oracle import access, assets, contingencies, own, power, rules, work
from tests.oracle.clock import Block, Clock
from tests.oracle.folder import Folder, Row, number, optional
from tests.oracle.network import Arc, Network
from tests.oracle.program import Program, Sum, add, add_all

Array = NDArray[np.float64]


class Model:
    """A scenario's linear program, with the expressions that several rows are made of."""

    def __init__(self, folder: Folder, chosen: tuple[Block, ...] = ()) -> None:
        self.folder = folder
        self.clock = Clock(folder, chosen)
        self.network = Network(folder, self.clock)
        self.program = Program()
        self.sites = folder.names("sites")
        self.technologies = folder.names("technologies")
        self.overnight: dict[int, tuple[str, int, float]] = {}
        """Term, period and overnight capital of a unit, by column."""
        self.carried: dict[tuple[int, Arc], list[Sum]] = {}
        """Gbps on an arc, by hour."""
        self.loads: dict[tuple[str, str, int], list[Sum]] = {}
        """Work that a technology runs (or stock that it holds), by hour."""
        self.facility: dict[tuple[str, int], list[Sum]] = {}
        """Facility power of a site, by hour, MW."""
        self.tonnes: Sum = {}
        """Location-based emissions over the horizon, t."""
        assets.build(self)
        work.build(self)
        power.build(self)
        contingencies.build(self)
        access.build(self)
        rules.build(self)
        own.build(self)

    @classmethod
    def read(cls, path: Path, chosen: tuple[Block, ...] = ()) -> Model:
        """Return the model of a scenario folder."""
        return cls(Folder(path), chosen)

    def one(self) -> int:
        """Return a column that is 1: what is given stands on it beside what is decided."""
        column = self.program.get("one")
        return self.program.variable("one", lower=1.0, upper=1.0) if column is None else column

    def technology(self, name: str, period: int) -> Row:
        """Return the figures of a technology; before its first row they are those of that row (model.md, Time)."""
        return self.folder.at("technologies", period, name) or self.folder.dated["technologies"].first(name)

    def is_on_sale(self, name: str, period: int) -> bool:
        """Return whether a technology can be ordered: not before its first row, within its years, to be used in time."""
        row = self.folder.at("technologies", period, name)
        if row is None or not self.clock.can_order(period, row):
            return False
        return number(row, "available_from", -math.inf) <= period <= number(row, "available_until", math.inf)

    def is_stock(self, technology: str) -> bool:
        """Return whether a technology holds work through the period."""
        return self.folder.dated["technologies"].first(technology).get("kind", "") == "stock"

    def class_of(self, technology: str) -> str:
        """Return the class of a technology."""
        return self.folder.dated["technologies"].first(technology)["class"]

    def capex_factor(self, site: str, period: int) -> float:
        """Return the factor on capital of halls, retrofits and equipment."""
        return number(self.folder.at("sites", period, site), "capex_factor", 1.0)

    def rule_at(self, rule: str, period: int, *scopes: str) -> float | None:
        """Return the value of a rule of which the narrowest scope holds, `scopes` from narrow to wide."""
        for scope in scopes:
            value = optional(self.folder.at("policies", period, rule, scope), "value") if scope else None
            if value is not None:
                return value
        return None

    def hub(self, site: str) -> str:
        """Return the hub of a site, blank if it has none."""
        return self.folder.dated["sites"].first(site).get("hub", "")

    def installed_mw(self, site: str, period: int) -> Sum:
        """Return Σ mw_per_unit × installed."""
        out: Sum = {}
        for name in self.technologies:
            add(
                out,
                self.program.get("installed", site, name, period),
                number(self.technology(name, period), "mw_per_unit"),
            )
        return out

    def yearly(self, terms: list[Sum], factor: Array | None = None) -> Sum:
        """Return Σ ω(t) × factor(t) × terms(t)."""
        out: Sum = {}
        for t, term in enumerate(terms):
            add_all(out, term, self.clock.weight[t] * (1.0 if factor is None else factor[t]))
        return out

    def most_units(self, site: str, technology: str, period: int) -> float:
        """Return a bound on what stands at a new site that no optimal plan of a random scenario needs to pass."""
        row = self.technology(technology, period)
        limit = number(self.folder.at("limits", period, site, technology), "max_units", math.inf)
        power = number(row, "mw_per_unit")
        room = number(self.folder.at("sites", period, site), "it_limit_mw", math.inf) / power if power else math.inf
        asked = sum(number(demand, "units") for demand in self.folder.rows.get("demand", []))
        fleet = sum(number(unit, "units") for unit in self.folder.rows.get("fleet", []) if unit["site"] == site)
        return min(limit, room, 100.0 * asked + 1000.0 + fleet)

    def most_hall(self, site: str, period: int) -> float:
        """Return a bound on the halls of a new site, as most_units."""
        limit = number(self.folder.at("halls", period, site), "limit_mw", math.inf)
        sizes = [number(self.technology(name, period), "mw_per_unit") for name in self.technologies]
        units = [self.most_units(site, name, period) for name in self.technologies]
        phase = number(self.folder.at("halls", period, site), "phase_mw")
        stands = number(self.folder.at("halls", period, site), "existing_mw")
        need = 2.0 * sum(size * most for size, most in zip(sizes, units, strict=True))
        return min(limit, need + 2.0 * phase + 1.0 + stands)
