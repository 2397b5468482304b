"""Statements of contingencies: what a failure takes, and the work that must survive it."""

from __future__ import annotations

import math

from gnomon import Label
from xisuan.equations.index_sets import Given
from xisuan.planning.infeasibility.statement import Statement
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.text.translation import message as _


def surviving(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a contingency and a workload, the last part of the label; None while it does not hold."""
    one = next(one for one in contingencies(given.scenario) if one.name == label[0])
    year = given.periods[period]
    lost = one.lost[given.scenario.settings.periods.index(year)]
    if math.isnan(lost):
        return None
    said = _("{workload} must survive the loss of {share}", workload=label[-1], share=f"{lost:.0%}")
    loosen = _("let less be lost, list fewer workloads, or allow more latency")
    return Statement("contingencies", label[0], "share_lost", said, loosen, (year,))
