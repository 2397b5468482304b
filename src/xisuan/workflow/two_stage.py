"""Two-stage planning with certification: a plan is always returned with its certificates."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

from gnomon import Options
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.certify_two_stage import certify_joint, with_known
from xisuan.planning.two_stage_program import two_stage as find
from xisuan.progress import Report, tell
from xisuan.results.two_stage import TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _
from xisuan.workflow.plan import DEFAULT_OPTIONS, shared


def two_stage(
    scenario: Scenario,
    options: Options = DEFAULT_OPTIONS,
    *,
    method: str = "auto",
    workers: int | None = None,
    cluster: str | None = None,
    folder: Path | None = None,
    progress: Report | None = None,
) -> TwoStage:
    """Return the plan of least expected cost over the members of `scenario`, with common first-stage orders.

    `workers`, `cluster` and `folder` as in `plan`; every process has hours of all futures. The joint plan and every
    member's plan are certified independently of the solver. Raises ScenarioError without members, InfeasibleError where
    a member has no plan or no common orders are feasible in all, SolverError where the solver gives no answer. A failed
    certificate is part of the plan: check `certificate.ok`.
    """
    with shared(options, workers, cluster, folder) as spread:
        found = find(scenario, spread, method=method, check=partial(certify_joint, scenario), progress=progress)
    tell(progress, "certify", _("checking the plan against the scenario, member by member"))
    certified = tuple(
        dataclasses.replace(one, plan=dataclasses.replace(one.plan, certificate=certify(one.plan.scenario, one.plan)))
        for one in found.members
    )
    joint = found.certificate or certify_joint(scenario, found)
    found = dataclasses.replace(found, members=certified)
    return dataclasses.replace(found, certificate=with_known(joint, scenario, found))
