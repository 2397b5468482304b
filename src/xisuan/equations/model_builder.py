"""The model under assembly: the linear model, what is given, and what each column adds to cost and carbon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from gnomon.arrays import Array, Label
from gnomon.model.block_model import Block, Model
from xisuan.equations.index_sets import Given
from xisuan.equations.notation import CONSTRAINT, VARIABLE
from xisuan.errors import StoreError
from xisuan.results.labelled_values import Found


@dataclass
class Assembly:
    """The equations meet only here.

    `terms[variable]` are its costs by term (results.plan.COST_TERMS), mCNY discounted for one unit; they add up to
    the column's cost. `tonnes[variable]` are location-based tonnes over the horizon for one unit. `capex[variable]`
    is the overnight capital cost of one unit ordered, mCNY, undiscounted, which budgets limit. `fixed_traffic` is
    other traffic along shortest paths, Gbps, by arc; what it costs is `constants`, a yearly sum for each period.
    `outside[variable]` and `outside_constant` are residents outside gigabit cities, times years over the horizon.
    `fixed`: capacities of a plan that is operated, by variable; nothing is ordered then. `beside`: other futures that
    orders are shared with, and whose work they may have to do.
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
        """Add the variable `name` of the notation for `labels`, with its costs by term."""
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
        """Add the constraint `name` of the notation for `labels`: lower ≤ … ≤ upper."""
        constraint = CONSTRAINT[name]
        return self.model.add_rows(name, constraint.dims, labels, hourly=constraint.hourly, lower=lower, upper=upper)

    @property
    def operated(self) -> bool:
        """Whether capacities are those of a plan, and what cannot be served is shortfall."""
        return self.fixed is not None

    def column(self, name: str) -> Block | None:
        """The variable `name`, or None where the scenario has none of it."""
        return self.model.columns.get(name)

    def labels(self, name: str) -> list[Label]:
        """Labels of the variable `name`; empty where there are none."""
        block = self.column(name)
        return list(block.labels) if block else []


def found(blocks: Mapping[str, Block], values: Mapping[str, Array]) -> dict[str, Found]:
    """Values of columns or duals of rows with the labels of their blocks, by name."""
    return {name: Found(name, block.dims, block.labels, block.hourly, values[name]) for name, block in blocks.items()}


def aligned(capacity: Found, labels: Sequence[Label]) -> Array:
    """Capacities of a plan in the order of `labels`; what the plan does not know is not guessed."""
    position = {label: at for at, label in enumerate(capacity.labels)}
    missing = [label for label in labels if label not in position]
    if missing:
        raise StoreError(
            f"the plan has no {capacity.name} of {'/'.join(missing[0])}: it was made for another scenario; plan again"
        )
    return capacity.values[:, [position[label] for label in labels]]
