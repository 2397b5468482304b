"""Target values, and the test of whether published figures settle a target."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from xisuan.tracking.series.reconciliation import Figure

Row = dict[str, Any]
SETTLED_DAYS = 31
"""Days from the deadline within which the level of a stock settles a target."""
NEAR_DAYS = 92
"""Days before a deadline within which the level of a stock or a ratio indicates its outcome: a quarter."""


class Wanted:
    """Target of a level.

    `goal`: level aimed at; `begins`, `deadline`: its period; `falling`: True if the level must not exceed the goal.
    """

    def __init__(self, goal: float, begins: datetime.date, deadline: datetime.date, kind: str, falling: bool) -> None:
        self.goal, self.begins, self.deadline, self.kind, self.falling = goal, begins, deadline, kind, falling
        self.yearly = (begins.year, begins.month, begins.day) == (deadline.year, 1, 1) and (
            deadline.month,
            deadline.day,
        ) == (12, 31)

    def covers(self, one: Figure) -> bool:
        """Return True if a figure has exactly the target's period."""
        return one.last == self.deadline and (one.first == self.begins or self.kind != "flow")

    def met(self, one: Figure) -> bool:
        """Return True if a level reaches the goal; a lower bound counts as the level that it names."""
        return one.value <= self.goal if self.falling else one.value >= self.goal * (1.0 - 1e-9)

    def settled(self, series: Sequence[Figure], day: datetime.date) -> str:
        """Return `reached`, `missed`, or blank if no published figure decides."""
        found = self.deciding(series, day)
        return ("reached" if self.met(found[0]) else "missed") if found else ""

    def deciding(self, series: Sequence[Figure], day: datetime.date) -> list[Figure]:
        """Return the figures of which each decides the target: all that reach it, else all that miss it."""
        if self.kind == "flow":
            whole = [one for one in series if self.covers(one)]
            early = [one for one in series if self.yearly and one.whole_year and one.last < self.deadline]
        else:
            near = self.deadline - datetime.timedelta(days=SETTLED_DAYS)
            whole = [
                one for one in series if (one.last >= near if self.kind == "stock" else one.last == self.deadline)
            ][:1]
            early = [one for one in series if one.last <= self.deadline]
        soon = self.deadline + datetime.timedelta(days=SETTLED_DAYS)
        met = [one for one in (*whole, *early) if one.last <= soon and self.met(one)]  # later levels do not count
        return met or [
            one
            for one in whole
            if not self.met(one)
            and one.bound != ("under" if self.falling else "over")
            and self.deadline <= day
            and one.last >= self.deadline
        ]

    def undecided(self, out: Row) -> str:
        """Return the indication of the latest level for an unpublished outcome: `short`, `bound` or blank.

        A bound on the side of the goal does not tell how far beyond it the level is. The flow of part of a year is not
        a level of the year.
        """
        if out["latest"] is None:
            return ""
        last = datetime.date.fromisoformat(out["latest_end"])
        near = last == self.deadline if self.kind == "flow" else (self.deadline - last).days <= NEAR_DAYS
        open_side = out["latest_bound"] == ("under" if self.falling else "over")
        if not near or (self.kind == "flow" and not open_side):
            return ""
        short = out["latest"] > self.goal if self.falling else out["latest"] < self.goal
        return ("bound" if open_side else "short") if short else ""

    def reached_by(self, series: Sequence[Figure]) -> str:
        """Return the first day after the deadline whose level reaches the goal; blank if unknown, and for a flow.

        The flow of another year is not a value of the target's year.
        """
        if self.kind == "flow":
            return ""
        wrong = "over" if self.falling else "under"
        later = [one.last for one in series if one.last > self.deadline and one.bound != wrong and self.met(one)]
        return min(later).isoformat() if later else ""
