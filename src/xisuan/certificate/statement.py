"""The whole statement: every column, every row, every cost, in the one order in which the certificate walks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xisuan.certificate.capacity import capacity_rows
from xisuan.certificate.clock import Array
from xisuan.certificate.columns import Columns
from xisuan.certificate.cost import Charge, Order, charges, fixed_transmission, orders, tonnes
from xisuan.certificate.network import network_rows
from xisuan.certificate.policies import budget_rows, policy_rows
from xisuan.certificate.power import power_rows
from xisuan.certificate.reading import Reading
from xisuan.certificate.routes import Routes
from xisuan.certificate.rows import Rows
from xisuan.certificate.service import service_rows
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Statement:
    """Minimise Σ cost x + constant over the rows and the bounds of the columns."""

    columns: Columns

    @classmethod
    def of(cls, scenario: Scenario) -> Statement:
        """Read the statement off the tables."""
        reading = Reading.of(scenario)
        return cls(Columns(reading, Routes(reading)))

    @property
    def carbon(self) -> bool:
        """Whether the objective is tonnes rather than money."""
        return self.columns.reading.scenario.settings.objective == "carbon"

    @property
    def whole(self) -> bool:
        """Whether there is anything that comes in whole numbers."""
        return any(family.integer and family.labels for family in self.columns.families.values())

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """Capital of everything that can be ordered."""
        return orders(self.columns)

    @cached_property
    def fixed(self) -> float:
        """Cost in mCNY that no plan can change."""
        return fixed_transmission(self.columns)

    def rows(self, most: Mapping[str, Array], plan: Array) -> Iterator[Rows]:
        """Every family of constraints. `most` bounds what stands at sites with an opening cost, as `plan` does."""
        yield from capacity_rows(self.columns, most, plan)
        yield from service_rows(self.columns)
        yield from network_rows(self.columns)
        yield from power_rows(self.columns)
        yield from policy_rows(self.columns)
        yield budget_rows(self.columns, self.orders)

    def costs(self, x: Array) -> dict[str, float]:
        """mCNY by cost term of the values `x`."""
        terms: dict[str, float] = {"transmission": self.fixed}
        for part in self._parts():
            values = self.columns[part.variable].view(x)
            terms[part.term] = terms.get(part.term, 0.0) + float((part.discounted * values).sum())
        return terms

    def tonnes(self, x: Array) -> float:
        """Location-based operational tonnes over the horizon of the values `x`."""
        charge = tonnes(self.columns)
        return float((charge.discounted * self.columns[charge.variable].view(x)).sum())

    @cached_property
    def objective(self) -> Array:
        """What one unit of each variable adds to the objective."""
        vector = np.zeros(self.columns.size)
        parts: Iterator[Order | Charge] = iter((tonnes(self.columns),)) if self.carbon else self._parts()
        for part in parts:
            self.columns[part.variable].view(vector)[...] += part.discounted
        return vector

    def _parts(self) -> Iterator[Order | Charge]:
        yield from self.orders
        yield from charges(self.columns)

    @property
    def constant(self) -> float:
        """The part of the objective that no plan can change."""
        return 0.0 if self.carbon else self.fixed
