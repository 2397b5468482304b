"""All that can be found out about a scenario, one verb after the other."""

from __future__ import annotations

from xisuan.dispatch.operate import operate
from xisuan.planning.alternatives import alternatives
from xisuan.progress import Report
from xisuan.results import identity
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.scenario.scenario import Scenario
from xisuan.solver.highs import How
from xisuan.workflow.days import other_days
from xisuan.workflow.plan import HOW, plan


def run(scenario: Scenario, how: How = HOW, *, method: str = "auto", progress: Report | None = None) -> Run:
    """Plan, certify, operate on the plan's own hours and on other days, and ask how firm the main builds are.

    Alternatives are left out where they would take longer than ALTERNATIVES_SECONDS. Raises as `plan` does.
    """
    found = plan(scenario, how, method=method, progress=progress)
    elsewhere = other_days(scenario, scenario.settings.plan.operate_days)
    return Run(
        scenario=scenario,
        plan=found,
        schedule=operate(scenario, found, how, progress=progress),
        others=None if elsewhere is None else operate(elsewhere, found, how, progress=progress),
        notes=identity.notes(identity.scenario_hash(scenario), identity.versions()),
    )
