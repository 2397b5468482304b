"""Two-stage plan: first-stage orders common to all futures, and the recourse in each scenario member.

plan.json          the figures of the whole: expected cost, value of perfect information, cost of planning for the mean
members.parquet    a row a member
frequency.parquet  frequency of each asset in the plans with perfect foresight
NAME.parquet       the tables of the members' plans, `member` being their first column
members/NAME/      the plan of each member: a run folder like any other; of a run with its further results
alone/NAME/        the plan with perfect foresight of this member
duals/NAME/        duals that prove the joint bound, by member
scenario/          the scenario with its members
SHA256SUMS         the seal
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gnomon import relative_gap
from xisuan.results.labelled_values import Found
from xisuan.results.plan import TABLES, Certificate, Effort, Plan
from xisuan.results.summaries import risk_measure
from xisuan.results.summaries.build_frequency import frequency, things
from xisuan.results.summaries.risk_measure import RISK
from xisuan.scenario.scenario import Scenario

MEMBERS: dict[str, str] = {
    "member": "the future",
    "probability": "how likely it is",
    "weight": "part of its cost in the objective: the probability, changed by what the risk of scenario.toml adds to the"
    " dearest members",
    "cost_mcny": "discounted cost of its plan, which shares the orders of the first period with all members, mCNY",
    "alone_mcny": "discounted cost of the plan of one who knows that this future comes, mCNY",
    "regret_mcny": "what not knowing costs in it: cost_mcny − alone_mcny, mCNY",
    "mean_mcny": "discounted cost in it after the orders for the mean, mCNY; blank: they leave no plan, or as mean_why says",
    "mean_why": "why the solver does not tell mean_mcny; blank where it does and where no plan is left",
}
"""Columns of `members`."""
FREQUENCY: dict[str, str] = {
    "asset": "as in builds",
    "where": "site or link",
    "technology": "technology of compute, module of a link, otherwise blank",
    "unit": "unit of the amounts",
    "share": "probability of the members whose plan builds it, each planned by one who knows",
    "least": "least amount among them over all periods, 0 where it is not built",
    "mean": "expected amount",
    "most": "largest amount",
    "robust": "whether it is built in at least 90 % of futures, by probability",
    "now": "amount that the two-stage plan orders in the first period",
}
"""Columns of `frequency`."""
OWN_TABLES = {"members": MEMBERS, "frequency": FREQUENCY}
"""Tables that only a two-stage plan has."""


@dataclass(frozen=True)
class Future:
    """One scenario member of a two-stage plan.

    `plan`: its plan with the common first stage, with the bound that `alone` proves: no plan for this member alone
    costs less. `alone`: its plan with perfect foresight. `mean_mcny`: its cost with the first-stage orders of the mean
    future, infinite where these are infeasible, NaN where the solver gives no answer, for the reason `mean_why`.
    `duals`, `relaxation_duals`: duals that prove the joint bound.
    """

    name: str
    probability: float
    plan: Plan
    alone: Plan
    mean_mcny: float
    duals: Mapping[str, Found]
    relaxation_duals: Mapping[str, Found]
    mean_why: str = ""


@dataclass(frozen=True)
class TwoStage:
    """Plan of least expected cost, or of least risk-adjusted cost, with the same first-stage orders in every member.

    `objective`: expected discounted cost, mCNY, or (1 − weight) × it + weight × CVaR by section [risk]; `lower_bound`:
    proven for all such plans. `first`: the last period with common orders.
    """

    scenario: Scenario
    status: str
    objective: float
    lower_bound: float
    first: int
    effort: Effort
    members: tuple[Future, ...]
    certificate: Certificate | None = None

    @property
    def gap(self) -> float:
        """Relative gap (objective − lower bound) / |objective|."""
        return relative_gap(self.objective, self.lower_bound)

    @property
    def likeliest(self) -> Future:
        """Most probable member; of several, the first in the table."""
        return max(self.members, key=lambda one: one.probability)

    @property
    def expected_cost(self) -> float:
        """Expected discounted cost, mCNY."""
        return sum(one.probability * one.plan.objective for one in self.members)

    @property
    def cvar(self) -> float:
        """Expected cost of the dearest members by section [risk], mCNY; NaN without a weight of risk."""
        risk = self.scenario.settings.risk
        costs = [one.plan.objective for one in self.members]
        return risk_measure.cvar(costs, self._chances, risk.level) if risk.weight else math.nan

    @property
    def weights(self) -> tuple[float, ...]:
        """Weight of each member's cost in the objective: its probability, changed by what risk adds."""
        shares = [float(one.duals[RISK].values[0, 0]) if RISK in one.duals else 0.0 for one in self.members]
        return tuple(risk_measure.member_weights(shares, self._chances, self.scenario.settings.risk).tolist())

    @property
    def _chances(self) -> list[float]:
        return [one.probability for one in self.members]

    def _adjusted(self, costs: Sequence[float]) -> float:
        """Return the expected cost of costs by member, or their risk-adjusted cost."""
        return risk_measure.risk_adjusted(costs, self._chances, self.scenario.settings.risk)

    @property
    def wait_and_see(self) -> float:
        """Expected, or risk-adjusted, cost with perfect foresight (wait-and-see), mCNY."""
        return self._adjusted([one.alone.objective for one in self.members])

    @property
    def perfect_information(self) -> float:
        """Expected value of perfect information (EVPI), mCNY: the most that knowing the future first is worth."""
        return self.objective - self.wait_and_see

    @property
    def mean_value(self) -> float:
        """Expected, or risk-adjusted, cost with the first-stage orders of the mean future, mCNY.

        Infinite where these orders are infeasible in a member; else NaN where the solver gives no answer (`mean_why`).
        """
        if any(one.mean_mcny == math.inf for one in self.members):
            return math.inf
        return self._adjusted([one.mean_mcny for one in self.members])

    @property
    def mean_why(self) -> str:
        """Reason why `mean_value` is unknown; blank if it is known."""
        return next((one.mean_why for one in self.members if one.mean_why), "") if math.isnan(self.mean_value) else ""

    @property
    def stochastic_solution(self) -> float:
        """Value of the stochastic solution (VSS), mCNY: extra cost of planning for the mean; may be infinite or NaN."""
        return self.mean_value - self.objective

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`members`, `frequency`, and the tables of all members' plans with a first column `member`."""
        found = {"members": self._members(), "frequency": self._frequency()}
        for name in TABLES:
            parts = [(one.name, one.plan.tables[name]) for one in self.members if name in one.plan.tables]
            if parts:
                found[name] = pd.concat(
                    [pd.concat([pd.Series([who] * len(of), name="member", dtype=object), of.reset_index(drop=True)], axis=1)
                     for who, of in parts], ignore_index=True,
                )  # fmt: skip
        return found

    def _members(self) -> pd.DataFrame:
        rows = [
            (one.name, one.probability, weight, one.plan.objective, one.alone.objective,
             one.plan.objective - one.alone.objective, one.mean_mcny if math.isfinite(one.mean_mcny) else math.nan,
             one.mean_why)
            for one, weight in zip(self.members, self.weights, strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(MEMBERS))

    def _frequency(self) -> pd.DataFrame:
        built = pd.DataFrame([things(one.alone.tables["builds"]) for one in self.members]).fillna(0.0)
        weight = np.array([one.probability for one in self.members])
        found = frequency(self.scenario, built, weight)
        orders = self.members[0].plan.tables["builds"]
        now = things(orders[orders["period"] <= self.first])
        keys = [":".join(parts) for parts in zip(found["asset"], found["where"], found["technology"], strict=True)]
        return found.assign(now=[now.get(key, 0.0) for key in keys])
