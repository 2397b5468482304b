"""Decision results that need no plan, so that they can be computed while the plan is being solved."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gnomon import Vertex
from xisuan.decisions.confidence.calibration import calibration
from xisuan.decisions.confidence.estimate_sensitivity import Trial, solve_estimates
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.typical_day import on_few_hours
from xisuan.errors import XisuanError
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import Message


@dataclass(frozen=True)
class EarlyResults:
    """Decision results that need no plan.

    `calibration`: the table, and its note. `trial`: of the estimates, or the error.
    `vertex`: of the plan on the hours on which decisions are tried, or None.
    """

    calibration: tuple[pd.DataFrame, Message | None]
    trial: Trial | XisuanError
    vertex: Vertex | None


def decide_early(scenario: Scenario) -> EarlyResults:
    """Compute the calibration on the last past year, and the estimates at both ends."""
    published = calibration(scenario)
    question = Question(on_few_hours(scenario))
    try:
        return EarlyResults(published, solve_estimates(scenario, question), question.vertex)
    except XisuanError as problem:
        return EarlyResults(published, problem, None)
