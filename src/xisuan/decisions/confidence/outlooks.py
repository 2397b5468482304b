"""Published forecasts compared with the plan: table `outlooks`.

A forecast is a row of `actuals` of kind `forecast` for a planned year, published by the scenario's date. The plan
serves the demand it is given, which is one path of several.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.decisions.confidence.calibration import compare_with_figure
from xisuan.decisions.confidence.statistical_counts import Measured
from xisuan.results.decision_tables import frame
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import last_day


def outlooks(plan: Plan) -> pd.DataFrame:
    """Return the table `outlooks` of a plan, sorted by year and amount."""
    rows: list[dict[str, Any]] = []
    for period in plan.scenario.settings.periods:
        planned = Measured(plan, period)
        found = (compare_with_figure(planned, row) for row in _expected(plan.scenario, period))
        rows += [
            {**line, "planned": line["model"], "expected": line["published"]} for line in found if line is not None
        ]
    table = frame("outlooks", rows)
    return table.sort_values(["quantity", "place", "period", "expected"], kind="stable", ignore_index=True)


def _expected(scenario: Scenario, period: int) -> list[dict[str, Any]]:
    """Return the forecasts of a year that were public on the scenario's date."""
    rows = scenario["actuals"]
    rows = rows[(rows["kind"] == "forecast") & (rows["period"] == period)]
    hidden = _later(scenario)
    return [
        {str(name): cell for name, cell in row.items()}
        for row in rows.to_dict("records")
        if hidden.isdisjoint(str(row["source"]).split(";"))
    ]


def _later(scenario: Scenario) -> frozenset[str]:
    """Return the sources published after the scenario's date."""
    day = scenario.settings.as_of
    if day is None:
        return frozenset()
    listed = scenario["sources"]
    dates = {str(name): last_day(str(date)) for name, date in zip(listed["source"], listed["date"], strict=True)}
    return frozenset(name for name, date in dates.items() if date is not None and date > day)
