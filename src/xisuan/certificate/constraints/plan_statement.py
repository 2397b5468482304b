"""Complete statement of the model: all columns, rows and costs, in the order in which the certificate visits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xisuan.certificate.constraints.access import access_rows
from xisuan.certificate.constraints.budgets import budget_rows, taken_over_rows
from xisuan.certificate.constraints.capacity import capacity_rows
from xisuan.certificate.constraints.clean_shares import charge_rows
from xisuan.certificate.constraints.costs import Charge, Order, charges, fixed_transmission, orders, tonnes
from xisuan.certificate.constraints.network import network_rows
from xisuan.certificate.constraints.own_rules import own_rows
from xisuan.certificate.constraints.policies import policy_rows, reach_rows
from xisuan.certificate.constraints.power import power_rows
from xisuan.certificate.constraints.recourse import recourse_rows
from xisuan.certificate.constraints.work import service_rows
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.failures import PlanColumns
from xisuan.certificate.reading.shortest_paths import Routes
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import stack
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Statement:
    """Model as the certificate reads it: minimise Σ cost x + constant over the rows and the bounds of the columns."""

    columns: PlanColumns

    @classmethod
    def of(cls, scenario: Scenario) -> Statement:
        """Read the statement from the tables."""
        reading = Reading.of(scenario)
        return cls(PlanColumns(reading, Routes(reading)))

    @property
    def aim(self) -> str:
        """Quantity that is minimised: cost, carbon, or residents outside gigabit cities."""
        return self.columns.reading.scenario.settings.objective

    @property
    def money(self) -> bool:
        """True if the objective is a cost, so that its value limits what is spent."""
        return self.aim == "cost"

    @property
    def unit(self) -> str:
        """Unit of the objective."""
        return {"cost": "mCNY", "carbon": "t", "residents": "resident-years"}[self.aim]

    @property
    def whole(self) -> bool:
        """True if any integer variable is not fixed by its bounds."""
        return any(family.integer and (family.lower < family.upper).any() for family in self.columns.families.values())

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """Capital of everything that can be ordered."""
        return orders(self.columns)

    @cached_property
    def fixed(self) -> float:
        """Cost in mCNY that no plan can change."""
        return fixed_transmission(self.columns)

    def rows(self, most: Mapping[str, Array], plan: Array) -> Iterator[Rows]:
        """Yield every family of constraints. `most` and `plan` bound capacity at sites with an opening cost."""
        yield from capacity_rows(self.columns, most, plan)
        yield from service_rows(self.columns)
        yield from network_rows(self.columns)
        yield from power_rows(self.columns)
        yield charge_rows(self.columns)
        yield from recourse_rows(self.columns)
        yield from access_rows(self.columns)
        yield from policy_rows(self.columns)
        yield from own_rows(self.columns)
        yield from reach_rows(self.columns, self.orders)
        yield budget_rows(self.columns, self.orders)
        yield from taken_over_rows(self.columns, self.orders)

    def costs(self, x: Array) -> dict[str, float]:
        """Return the cost of the values `x` in mCNY, by cost term."""
        terms: dict[str, float] = {"transmission": self.fixed}
        for part in self._parts():
            values = self.columns[part.variable].view(x)
            terms[part.term] = terms.get(part.term, 0.0) + float((part.discounted * values).sum())
        return terms

    def tonnes(self, x: Array) -> float:
        """Return location-based operational tonnes of the values `x` over the horizon."""
        return sum(
            float((part.discounted * self.columns[part.variable].view(x)).sum()) for part in tonnes(self.columns)
        )

    def value(self, x: Array) -> float:
        """Return the objective of the values `x`."""
        return float(self.objective @ x) + self.constant

    @cached_property
    def objective(self) -> Array:
        """Objective coefficient of each variable. Shape (variables,)."""
        vector = np.zeros(self.columns.size)
        for part in self._aimed():
            self.columns[part.variable].view(vector)[...] += part.discounted
        return vector

    def _aimed(self) -> Iterator[Order | Charge]:
        if self.aim == "carbon":
            yield from tonnes(self.columns)
        elif self.aim == "residents":
            yield Charge("gigabit", "residents", -self._residents)
        else:
            yield from self._parts()

    @cached_property
    def _residents(self) -> Array:
        """Residents times years of each city. Shape (P, cities)."""
        access = self.columns.access
        return stack([access.residents(city) for city in access.cities], self.columns.reading.clock.shape[0])

    def _parts(self) -> Iterator[Order | Charge]:
        yield from self.orders
        yield from charges(self.columns)

    @property
    def constant(self) -> float:
        """The part of the objective that no plan can change."""
        return {"cost": self.fixed, "carbon": 0.0, "residents": float(self._residents.sum())}[self.aim]
