"""What of a decision takes no plan, so that it may be found while the plan is."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from xisuan.decisions.brief import brief
from xisuan.decisions.calibration import calibration
from xisuan.decisions.estimates import Trial, trial
from xisuan.decisions.question import Question
from xisuan.errors import XisuanError
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Ahead:
    """`calibration`: the table, or why it is empty, in both languages. `trial`: of the estimates, or why there is none."""

    calibration: tuple[pd.DataFrame, str, str]
    trial: Trial | XisuanError


def ahead(scenario: Scenario) -> Ahead:
    """The year that is over, and the estimates at both ends."""
    published = calibration(scenario)
    try:
        return Ahead(published, trial(scenario, Question(brief(scenario))))
    except XisuanError as problem:
        return Ahead(published, problem)
