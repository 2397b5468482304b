"""The model under assembly: the linear model, the scenario's data, and the cost and carbon of each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from gnomon import Array, Block, Label, Model
from xisuan.equations.index_sets import Given
from xisuan.equations.notation import CONSTRAINT, VARIABLE
from xisuan.errors import StoreError
from xisuan.results.labelled_values import Found


@dataclass
class Assembly:
    """Everything that the equations share while the model is built.

    `terms[variable]` are its costs by term (results.plan.COST_TERMS), mCNY discounted per unit; they add up to the
    column's cost. `tonnes[variable]` are location-based tonnes over the horizon per unit. `capex[variable]` is the
    overnight capital cost per unit ordered, mCNY, undiscounted, which budgets limit. `constants` are costs that do not
    depend on variables, by term: a discounted amount for each period. `outside[variable]` and `outside_constant` are
    residents outside gigabit cities, times years over the horizon. `fixed`: capacities of a plan in operation, by
    variable; nothing is ordered then. `beside`: futures that share the orders, whose work they may have to serve.
    """

    given: Given
    model: Model
    fixed: Mapping[str, Found] | None = None
    beside: tuple[Given, ...] = ()
    terms: dict[str, dict[str, Array]] = field(default_factory=dict)
    tonnes: dict[str, Array] = field(default_factory=dict)
    capex: dict[str, Array] = field(default_factory=dict)
    constants: dict[str, Array] = field(default_factory=dict)
    outside: dict[str, Array] = field(default_factory=dict)
    outside_constant: float = 0.0

    def columns(
        self,
        name: str,
        labels: Sequence[Label],
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        costs: Mapping[str, ArrayLike] | None = None,
        tonnes: ArrayLike | None = None,
    ) -> Block:
        """Add the variable `name` of the notation for `labels`, with its costs by term, and return its block."""
        variable = VARIABLE[name]
        shape = self.model.shape(variable.hourly, len(labels))
        costs = costs or {}
        if self.fixed is not None and name in self.fixed:
            lower = upper = aligned(self.fixed[name], labels)
        self.terms[name] = {term: np.broadcast_to(np.asarray(cost, float), shape) for term, cost in costs.items()}
        if tonnes is not None:
            self.tonnes[name] = np.broadcast_to(np.asarray(tonnes, float), shape)
        return self.model.add_columns(
            name,
            variable.dims,
            labels,
            hourly=variable.hourly,
            lower=lower,
            upper=upper,
            cost=sum(self.terms[name].values(), start=np.zeros(())),
            integer=variable.integer,
        )

    def rows(
        self, name: str, labels: Sequence[Label], *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf
    ) -> Block:
        """Add the constraint `name` of the notation for `labels`: lower ≤ … ≤ upper. Return its block."""
        constraint = CONSTRAINT[name]
        return self.model.add_rows(name, constraint.dims, labels, hourly=constraint.hourly, lower=lower, upper=upper)

    @property
    def operated(self) -> bool:
        """True if capacities are fixed by a plan, so that unserved work is shortfall."""
        return self.fixed is not None

    def column(self, name: str) -> Block | None:
        """Return the variable `name`, or None where the scenario has none of it."""
        return self.model.columns.get(name)

    def labels(self, name: str) -> list[Label]:
        """Return the labels of the variable `name`, empty where the scenario has none of it."""
        block = self.column(name)
        return list(block.labels) if block else []


def found(blocks: Mapping[str, Block], values: Mapping[str, Array]) -> dict[str, Found]:
    """Return values of columns, or duals of rows, with the labels of their blocks, by name."""
    return {name: Found(name, block.dims, block.labels, block.hourly, values[name]) for name, block in blocks.items()}


def aligned(capacity: Found, labels: Sequence[Label]) -> Array:
    """Return the capacities of a plan in the order of `labels`. Raises StoreError where the plan lacks one."""
    position = {label: at for at, label in enumerate(capacity.labels)}
    missing = [label for label in labels if label not in position]
    if missing:
        raise StoreError(
            f"the plan has no {capacity.name} of {'/'.join(missing[0])}: it was made for another scenario; plan again"
        )
    return capacity.values[:, [position[label] for label in labels]]
