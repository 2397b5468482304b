"""A plan and how it is operated, told in one language: what every section of its page asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.report.confidence import stress_test
from xisuan.report.operation import typical_week
from xisuan.report.run_context import Context
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.hardest_week import Week, hardest
from xisuan.text.translation import Language

PENALTIES = "unserved"
"""The term of cost of what is not done."""


@dataclass(frozen=True)
class Operated:
    """A plan and how it is operated, told in one language."""

    found: Schedule
    plan: Plan
    language: Language

    def told(self, language: Language) -> Operated:
        """Return the same case in another language, without reading its tables again."""
        other = Operated(self.found, self.plan, language)
        for name in ("week", "period", "power", "tables"):
            other.__dict__[name] = getattr(self, name)
        return other

    @cached_property
    def context(self) -> Context:
        """All periods that are operated."""
        return Context(Run(self.found.scenario, self.plan), self.language)

    @cached_property
    def week(self) -> Week | None:
        """The hardest week, None where not the whole year is operated."""
        return hardest(self.found)

    @cached_property
    def period(self) -> int:
        """The year that is drawn: that of the hardest week, else the last."""
        return self.week.period if self.week else self.found.scenario.settings.periods[-1]

    @cached_property
    def of_period(self) -> Context:
        """The year that is drawn alone."""
        one = self.found.scenario.with_settings(periods=(self.period,))
        return Context(Run(one, self.plan), self.language)

    @cached_property
    def power(self) -> pd.DataFrame:
        """Power by the hour in the year that is drawn."""
        table = self.found.tables["power"]
        return table[table["period"] == self.period]

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables of the hours that are drawn, read once."""
        shown = pd.Index(self.shown)
        out = {"power": self.power[self.power["hour"].isin(shown)]}
        for name in ("load", "backlog"):
            if name in self.found.tables:
                table = self.found.tables[name]
                out[name] = table[(table["period"] == self.period) & table["hour"].isin(shown)]
        return out

    @cached_property
    def shown(self) -> np.ndarray:
        """The modelled hours that are drawn one by one: of the hardest week, else the first whole blocks that fit."""
        timeline = self.found.scenario.timeline
        if self.week is not None:
            start = min((self.week.number - 1) * units.HOURS_PER_WEEK, timeline.n_hours - units.HOURS_PER_WEEK)
            return np.arange(start, start + units.HOURS_PER_WEEK)
        return typical_week.first_hours(timeline)

    @cached_property
    def expected(self) -> pd.DataFrame:
        """Costs of operation in these periods as the plan has them."""
        costs = self.plan.tables["costs"]
        return costs[~costs["term"].isin(CAPEX_TERMS) & costs["period"].isin(self.found.scenario.settings.periods)]

    @property
    def crumb(self) -> float:
        """Amount of money within the gap of the proof, mCNY."""
        return max(stress_test.LEAST_CHARGE * abs(self.found.cost_mcny), self.left_open)

    @property
    def left_open(self) -> float:
        """By how much the cost may be above the least, as far as that is proven, mCNY."""
        return stress_test.left_open(self.found)

    @property
    def expected_mcny(self) -> float:
        """Their sum without penalties, discounted, mCNY."""
        return float(self.expected.loc[self.expected["term"] != PENALTIES, "discounted_mcny"].sum())

    @property
    def paid_mcny(self) -> float:
        """Return the cost of the operation without penalties, discounted, mCNY."""
        return self.found.cost_mcny - self.found.penalty_mcny

    @property
    def penalised(self) -> bool:
        """Return True if there are penalties worth telling."""
        return self.found.penalty_mcny > self.crumb
