"""Decision results that need no plan, so that they can be computed while the plan is being solved."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gnomon.highs.warm_simplex import Vertex
from xisuan.decisions.confidence.calibration import calibration
from xisuan.decisions.confidence.estimate_sensitivity import Trial, trial
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.typical_day import brief
from xisuan.errors import XisuanError
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Ahead:
    """Decision results that need no plan.

    `calibration`: the table, and why it is empty, in English and Chinese. `trial`: of the estimates, or the error.
    `vertex`: of the plan on the hours on which decisions are tried, or None.
    """

    calibration: tuple[pd.DataFrame, str, str]
    trial: Trial | XisuanError
    vertex: Vertex | None


def ahead(scenario: Scenario) -> Ahead:
    """Compute the calibration on the last past year, and the estimates at both ends."""
    published = calibration(scenario)
    question = Question(brief(scenario))
    try:
        return Ahead(published, trial(scenario, question), question.vertex)
    except XisuanError as problem:
        return Ahead(published, problem, None)
