"""`decide(plan)`: every table that a decision rests on, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xisuan.decisions import unit_costs
from xisuan.decisions.focus import focus
from xisuan.decisions.investors import investors
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan


def decide(plan: Plan, *, progress: Report | None = None) -> Mapping[str, pd.DataFrame]:
    """Tables of results.decisions.TABLES, by name."""
    tell(progress, "decisions", "unit costs and payers")
    about = focus(plan)
    costs = unit_costs.hub_costs(plan)
    return {
        "hub_costs": costs,
        "levelised": unit_costs.levelised(plan, costs, about.name, about.sites),
        "investors": investors(plan, about),
    }
