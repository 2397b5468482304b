"""Statement of a plan's operation, one period at a time: capacity is given, unserved work is penalised.

Labels are those of the whole horizon, since capacity in a period depends on earlier orders. Numbers are those of one
period, so that only one period is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xisuan.certificate.constraints.clean_shares import charge_rows
from xisuan.certificate.constraints.costs import Charge, charges, fixed_transmission
from xisuan.certificate.constraints.network import end_of, network_rows, other_traffic, routed, shortest
from xisuan.certificate.constraints.own_rules import own_operating_rows
from xisuan.certificate.constraints.policies import HOURLY, OPERATING, operating_labels, operating_rows
from xisuan.certificate.constraints.power import power_rows
from xisuan.certificate.constraints.work import service_rows
from xisuan.certificate.reading.calendar import Array, Clock
from xisuan.certificate.reading.shortest_paths import Option, Routes
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Columns, no_nan
from xisuan.results.labelled_values import Found
from xisuan.scenario.scenario import Scenario

STANDING = ("hall", "retrofitted", "installed", "capacity", "supply", "energy", "opened", "deployed")
"""Capacity variables of the plan that its operation uses."""
DECIDED = (
    *("serve", "release", "flow", "absorb", "backlog", "unserved", "load"),
    *("hold", "stock_release", "stock_flow", "stock_absorb", "stock_unserved", "stock_load"),
    *(
        "traffic_flow",
        "it",
        "it_retrofitted",
        "grid",
        "peak",
        "contract",
        "contract_power",
        "contract_use",
        "generation",
        "charge",
        "discharge",
        "stored",
    ),
)
"""Variables of operation."""
LOST = ("unserved", "stock_unserved")
UNSENT = "traffic_unserved"
"""Other traffic that is not carried."""
PENALTY = "unserved"
"""Cost term of all penalties."""
IMPLIED = "serve_when_open"
"""Redundant rows that only strengthen the relaxation: a closed site has no capacity."""


def excess(rule: str) -> str:
    """Return the name of the variable for the excess over a rule on operation."""
    return f"excess_{rule}"


def horizon(scenario: Scenario, planned: Scenario) -> Columns:
    """Return all variables by the tables of `scenario` over the periods of the plan, on the hours of `scenario`."""
    settings = planned.settings
    whole = scenario.with_settings(periods=settings.periods, last_period_years=settings.last_period_years)
    reading = Reading(whole, Clock(whole, Clock(scenario).given))
    return Columns(reading, Routes(reading))


class Operated(Columns):
    """The families of one period in operation.

    `whole` are those of the horizon, `p` the period's number in it, `plan` the plan's variables over it.
    """

    def __init__(self, whole: Columns, p: int, plan: Mapping[str, Found]) -> None:
        self.whole, self.p, self.plan = whole, p, plan
        reading = whole.reading.only(p)
        super().__init__(reading, whole.routes.only(reading, p))

    def _fill(self) -> None:
        for name in STANDING:
            stands = self._stands(name)
            self.add(name, self.whole[name].labels, stands, stands)
        for name in DECIDED:
            family = self.whole[name]
            free = name in LOST
            self.add(name, family.labels, None if free else self._own(family.upper), self._own(family.lower))
        if self.reading.scenario.has("links"):
            ends = [key for key in self.reading.tables["traffic"].keys if _leaves(self.reading, key)]
            sent = [other_traffic(self.reading, key) for key in ends]
            upper = np.stack(sent, axis=-1) if sent else np.zeros((*self.reading.clock.shape, 0))
            self.add(UNSENT, [(str(start), str(end)) for start, end in ends], upper)
        for rule in OPERATING:
            self.add(excess(rule), operating_labels(self, rule))

    def _own(self, bound: Array) -> Array:
        return bound[self.p : self.p + 1]

    def _stands(self, name: str) -> Array:
        """Return the plan's capacity in use in the period, 0 for items that the plan does not name. Shape (1, items)."""
        found, labels = self.plan.get(name), self.whole[name].labels
        values = np.zeros((1, len(labels)))
        if found is not None:
            at = {label: i for i, label in enumerate(found.labels)}
            known = [i for i, label in enumerate(labels) if label in at]
            values[0, known] = found.values[self.p, [at[labels[i]] for i in known]]
        return values

    def kind(self, name: str) -> str:
        """Return the kind under which violated bounds of a family are reported; capacities are the plan's own."""
        return "capacity" if name in STANDING else super().kind(name)

    def penalty(self, w: str) -> Array:
        """Return the penalty of unserved work, mCNY per unit-hour; the option's price for work without one of its own."""
        return no_nan(super().penalty(w), self.reading.scenario.settings.plan.shortfall_mcny_per_unit_hour)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Nodes that send other traffic over any paths, in some period."""
        return self.whole.sources

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Ways of pairwise work, with whether they may be used in the period."""
        ways = self.whole.options
        return tuple(
            Option(way.region, way.site, way.workload, way.path, way.route, way.allowed[self.p : self.p + 1])
            for way in ways
        )


def _leaves(reading: Reading, key: tuple[object, ...]) -> bool:
    """Return True if a row of other traffic ends at another node than it starts from."""
    return end_of(reading, key, 0) != end_of(reading, key, 1)


@dataclass(frozen=True)
class Operation:
    """Least-cost operation of a period: minimise Σ cost x + constant over its rows and bounds."""

    columns: Operated

    def rows(self) -> Iterator[Rows]:
        """Yield every family of constraints."""
        for rows in service_rows(self.columns):
            if rows.name != IMPLIED:
                yield rows
        for rows in network_rows(self.columns):
            if UNSENT in self.columns.families:
                _add_unsent(rows)
            yield rows
        yield from power_rows(self.columns)
        yield charge_rows(self.columns)
        for rows in (*operating_rows(self.columns), *own_operating_rows(self.columns)):
            every = range(len(rows.labels))
            rows.add(excess(rows.name), every, every, 1.0 if rows.sense == ">" else -1.0)
            yield rows

    def charges(self) -> Iterator[Charge]:
        """Yield every running cost, and the penalties of shortfall and excess."""
        yield from charges(self.columns)
        clock, prices = self.columns.reading.clock, self.columns.reading.scenario.settings.plan
        year = clock.year_weight[:, None]
        for rule in OPERATING:
            once = (year * clock.weight)[..., None] if rule in HOURLY else year
            yield Charge(excess(rule), PENALTY, once * prices.excess_mcny_per_unit)
        if UNSENT in self.columns.families:
            hour = year * clock.weight * prices.shortfall_mcny_per_unit_hour
            yield Charge(UNSENT, PENALTY, hour[..., None])

    def costs(self, x: Array) -> dict[str, float]:
        """Return the cost of the values `x` in mCNY, by cost term."""
        terms = {"transmission": self.constant}
        for part in self.charges():
            values = self.columns[part.variable].view(x)
            terms[part.term] = terms.get(part.term, 0.0) + float((part.discounted * values).sum())
        return terms

    @cached_property
    def constant(self) -> float:
        """Cost in mCNY that no operation can change."""
        return fixed_transmission(self.columns)

    @cached_property
    def objective(self) -> Array:
        """Objective coefficient of each variable, in discounted cost. Shape (variables,)."""
        vector = np.zeros(self.columns.size)
        for part in self.charges():
            self.columns[part.variable].view(vector)[...] += part.discounted
        return vector


def _add_unsent(rows: Rows) -> None:
    """Subtract unsent traffic from the flow balance of its two ends, or from the arcs of its shortest path."""
    reading, unsent = rows.columns.reading, rows.columns[UNSENT].at
    if rows.name == "traffic_balance":
        for key in routed(reading, shortest=False):
            start, end = end_of(reading, key, 0), end_of(reading, key, 1)
            item = unsent[str(key[0]), str(key[1])]
            rows.add(UNSENT, [rows.at[start, end], rows.at[start, start]], [item, item], [1.0, -1.0])
    else:
        for key in routed(reading, shortest=True):
            path = shortest(rows.columns.routes, end_of(reading, key, 0), end_of(reading, key, 1), 0)
            item = unsent[str(key[0]), str(key[1])]
            rows.add(UNSENT, [rows.at[arc] for arc in path], [item] * len(path), -1.0)
