"""Schedule: operation of a plan's capacity on given hours, with the work that it cannot serve."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from gnomon import relative_gap
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Effort
from xisuan.scenario.scenario import Scenario

TABLES: dict[str, dict[str, str]] = {
    "shortfall": {
        "period": "year",
        "workload": "workload, or traffic",
        "region": "region where the work arises, or from/to of the traffic",
        "unit_hours": "not served in a year, unit-hours (Gbps-hours for traffic)",
        "share": "share of the demand of the period",
        "mcny": "what it is charged for in a year, mCNY",
    },
    "excess": {
        "period": "year",
        "rule": "yearly rule",
        "scope": "its scope",
        "amount": "by how much it is exceeded",
        "unit": "unit of `amount`",
        "mcny": "what it is charged for in a year, mCNY",
    },
}
"""Tables of a schedule in addition to those of a plan's operation (service, load, backlog, flows, power, costs, …)."""


ROUNDING = 1e-6
"""Part of a cost up to which two costs do not differ."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """Rolling horizon with which a schedule was found, and the cost of one that knows all hours, mCNY.

    `horizon`: hours that are looked at; `step`: hours that are known, and decided, at a time; `error`: error of the
    forecast at the end of the horizon, 0 to 1; `seed`: of its draws. `perfect_penalty_mcny`: the penalties in
    `perfect_mcny`.
    """

    horizon: int
    step: int
    error: float
    seed: int
    perfect_mcny: float
    perfect_penalty_mcny: float


@dataclass(frozen=True)
class Schedule:
    """A plan operated on `scenario`'s hours. `status` is `optimal`, or `short` where work is not served.

    `cost_mcny` is the discounted cost of operation over the horizon, with the penalties of `shortfall` and `excess`;
    `penalty_mcny` is their part of it; `lower_bound` is a lower bound on the cost of any operation. `certificate` is
    the independent check. `foresight` is None where all hours were known. With it, duals and prices are those of the
    schedule that knows all hours.
    """

    scenario: Scenario
    status: str
    cost_mcny: float
    penalty_mcny: float
    effort: Effort
    variables: Mapping[str, Found]
    duals: Mapping[str, Found]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    lower_bound: float = -math.inf
    certificate: Certificate | None = None
    foresight: Foresight | None = None

    @property
    def not_knowing_mcny(self) -> float:
        """Cost of not knowing the hours ahead, mCNY: the cost above that with all hours known; 0 without a horizon.

        A difference of up to `ROUNDING` of the cost counts as 0.
        """
        if self.foresight is None:
            return 0.0
        more = self.cost_mcny - self.foresight.perfect_mcny
        return more if abs(more) > ROUNDING * abs(self.cost_mcny) else 0.0

    @property
    def not_knowing_penalty_mcny(self) -> float:
        """Penalties in the cost of not knowing, mCNY: for work that a schedule with all hours known serves."""
        if self.foresight is None:
            return 0.0
        more = self.penalty_mcny - self.foresight.perfect_penalty_mcny
        return more if abs(more) > ROUNDING * abs(self.cost_mcny) else 0.0

    @property
    def foresight_figures(self) -> dict[str, Foresight | float | None]:
        """The horizon and the cost of not knowing, as schedule.json has them."""
        return {
            "foresight": self.foresight,
            "not_knowing_mcny": self.not_knowing_mcny,
            "not_knowing_penalty_mcny": self.not_knowing_penalty_mcny,
        }

    @property
    def gap(self) -> float:
        """Relative gap between the cost and its lower bound."""
        return relative_gap(self.cost_mcny, self.lower_bound)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = object.__getattribute__(self, "tables")
        if name in tables:
            table: pd.DataFrame = tables[name]
            return table
        raise AttributeError(f"a schedule has no {name!r}; its tables are {', '.join(tables)}")
