"""Result of a sweep: one row per member; from the rows, the effects of the levers and the assets built in nearly all.

    sweep.json       the design, and what computed it
    sweep.parquet    a row a member: levers, status, figures of the plan, equipment at each place (`compute@PLACE`), and
                     what it builds (`asset:where:technology`)
    sweep.html       a page of it
    scenario/        the scenario that the levers move
    SHA256SUMS       the seal

The same sweep gives the same bytes, for any number of workers and interruptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from xisuan.results.summaries.build_frequency import frequency
from xisuan.scenario.scenario import Scenario

FIGURES: dict[str, str] = {
    "cost": "mCNY",
    "penalty": "mCNY",
    "capital": "mCNY",
    "halls": "MW",
    "compute": "MW",
    "western_compute": "MW",
    "links": "Gbps",
    "energy": "MWh",
    "carbon": "t",
    "unserved": "units",
    "unserved_share": "%",
    "gigabit": "cities",
}
"""Figures of a plan that a sweep stores, with their units. `penalty` is the part of the cost for unserved work,
`western_compute` the capacity in the west in the last period, `unserved_share` the largest unserved share of demand of
any workload and year."""
PLACE = "compute@"
"""Prefix of columns with the equipment at a place in the last period, MW of IT."""
HEAD = ("member", "status", "why", "why_zh", "objective", "lower_bound", "gap", "violation")
"""Columns of `members` besides the levers, the figures and the assets built."""
STATUSES = ("optimal", "feasible", "short", "infeasible", "uncertified", "unsolved")
GOOD = ("optimal", "feasible", "short")
"""Status values of members with a certified plan; one that is `short` cannot serve all work."""
CONFIDENCE = 0.95
"""Confidence level of the margins of fitted effects."""
SPARE = 2
"""Degrees of freedom that a least-squares fit needs."""
FLAT = 1e-12
"""Relative variance of a figure below which it counts as constant."""


_Effect = tuple[str, str, str, float, float, float, float]
"""A row of `Sweep.effects`."""


@dataclass(frozen=True, slots=True)
class Range:
    """Range of a lever, in percent of change."""

    lever: str
    low: float
    high: float

    def __str__(self) -> str:
        """Return both ends, with signs."""
        return " … ".join(f"{end:+g}" if end else "0" for end in (self.low, self.high))


@dataclass(frozen=True)
class Sweep:
    """Result of a sweep. `members`: a row each; member 0, the scenario as given, enters no statistic. `given`: design."""

    scenario: Scenario
    ranges: tuple[Range, ...]
    given: Mapping[str, str | int | float | None]
    members: pd.DataFrame

    @property
    def levers(self) -> list[str]:
        """Names of the levers."""
        return [one.lever for one in self.ranges]

    @property
    def things(self) -> list[str]:
        """Names of the columns of assets built."""
        return [name for name in self.members.columns if ":" in name and not name.startswith(PLACE)]

    @property
    def places(self) -> list[str]:
        """Names of the columns of equipment by place."""
        return [name for name in self.members.columns if name.startswith(PLACE)]

    @property
    def held(self) -> pd.DataFrame:
        """Members with a plan, without member 0."""
        rows = self.members
        return rows[rows["status"].isin(GOOD) & (rows["member"] > 0)].reset_index(drop=True)

    def effects(self) -> pd.DataFrame:
        """Return the change of each figure at both ends of each lever's range, the other levers as given.

        Columns `figure`, `unit`, `lever`, `low`, `high` (changes from the scenario as given), `margin` and `fit`. A
        design that moves each lever alone has planned these very members; `margin` and `fit` are then missing. Any
        other design is fitted by least squares, linear in all levers. `fit` is the share of the figure's variance
        explained (R², 1: all). `margin` is the half-width of the confidence interval of the larger change at level
        `CONFIDENCE` (Student's t; infinite where levers are collinear). A change no larger than its margin is not
        significant (see `told`). The levers that move a figure most come first. Empty where there are too few members.
        """
        rows = self._alone() if self.given["design"] == "each" else self._lines()
        frame = pd.DataFrame(rows, columns=["figure", "unit", "lever", "low", "high", "margin", "fit"])
        span = frame[["low", "high"]].abs().max(axis=1)
        order = frame.assign(rank=frame["figure"].map(list(FIGURES).index), span=span)
        order = order.sort_values(["rank", "span"], ascending=[True, False], kind="stable")
        return frame.loc[order.index].reset_index(drop=True)

    def _alone(self) -> list[_Effect]:
        """Return the effects of a design that moves each lever alone: the members' own figures."""
        rows = self.members[self.members["status"].isin(GOOD)]
        base = rows[rows["member"] == 0]
        if not len(base):
            return []
        moves = rows[self.levers].to_numpy(dtype=np.float64)
        out = []
        for figure, unit in FIGURES.items():
            change = rows[figure].to_numpy(dtype=np.float64) - float(base[figure].iloc[0])
            for at, one in enumerate(self.ranges):
                others = np.delete(moves, at, axis=1)
                ends = [change[(moves[:, at] == end) & ~others.any(axis=1)] for end in (one.low, one.high)]
                low, high = (float(end[0]) if len(end) else np.nan for end in ends)
                out.append((figure, unit, one.lever, low, high, np.nan, np.nan))
        return out

    def _lines(self) -> list[_Effect]:
        """Return the effects by least squares."""
        held = self.held
        if len(held) < len(self.levers) + 1 + SPARE:
            return []
        moves = held[self.levers].to_numpy(dtype=np.float64)
        matrix = np.column_stack([np.ones(len(held)), moves / 100.0])
        spare = len(held) - len(self.levers) - 1
        # Variances of the slopes for residuals of variance 1: the diagonal of (XᵀX)⁻¹.
        variances = np.diag(np.linalg.pinv(matrix.T @ matrix))[1:]
        moving = np.ptp(moves, axis=0) > 0.0
        # Without full rank the levers are collinear and their effects are not identifiable.
        known = np.linalg.matrix_rank(matrix) > moving.sum()
        out = []
        for figure, unit in FIGURES.items():
            values = held[figure].to_numpy(dtype=np.float64)
            slopes = np.linalg.lstsq(matrix, values, rcond=None)[0]
            whole = float(((values - values.mean()) ** 2).sum())
            left = float(((values - matrix @ slopes) ** 2).sum())
            fit = 1.0 - left / whole if whole > FLAT * float((values**2).sum()) else 1.0
            errors = np.where(
                known, special.stdtrit(spare, 0.5 + 0.5 * CONFIDENCE) * np.sqrt(left / spare * variances), np.inf
            )
            for at, one in enumerate(self.ranges):
                if moving[at]:
                    low, high = (float(slopes[1 + at] * end / 100.0) for end in (one.low, one.high))
                    margin = float(errors[at]) * max(abs(one.low), abs(one.high)) / 100.0
                    out.append((figure, unit, one.lever, low, high, margin, fit))
        return out

    def frequency(self) -> pd.DataFrame:
        """Return how often each asset is built among all members tried; a member without a plan builds nothing.

        Columns `asset`, `where`, `technology`, `unit`, `share`, `least`, `mean`, `most` (the amount over all periods of
        the members that have a plan, 0 where it is not built), `robust`: built in `ROBUST` of all members or more,
        `plans`: number of members with a plan, and `members`: number of members. The most frequent come first.
        """
        plans, tried = len(self.held), int((self.members["member"] > 0).sum())
        found = frequency(self.scenario, self.held[self.things], np.ones(plans), without=float(tried - plans))
        return found.assign(plans=plans, members=tried)


def told(effects: pd.DataFrame) -> pd.Series[bool]:
    """Return True for the effects that are significant: larger than their margin, or planned and not fitted."""
    return ~(effects["margin"] >= effects[["low", "high"]].abs().max(axis=1))
