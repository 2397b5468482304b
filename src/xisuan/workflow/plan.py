"""A plan with its certificate: nobody is handed one without the other."""

from __future__ import annotations

import dataclasses

from xisuan.certificate.certify import certify
from xisuan.planning.plan import plan as find
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How

HOW = How()
"""The solver of choice at the usual gap."""


def plan(scenario: Scenario, how: How = HOW, *, method: str = "auto", progress: Report | None = None) -> Plan:
    """The least-cost (or least-carbon) plan of `scenario`, checked by code that shares nothing with what found it.

    Raises InfeasibleError with the smallest set of statements that contradict one another, SolverError where the
    solver gives no answer. A certificate that does not hold is part of the plan: look at `certificate.ok`.
    """
    found = find(scenario, how, method=method, progress=progress)
    tell(progress, "certify", "checking the plan against the scenario")
    return dataclasses.replace(found, certificate=certify(scenario, found))
