"""Reconciliation of the costs of a unit-hour at the reported place: table `unit_costs`.

One cost stands for four quantities that are easily taken for one another. Of a class of equipment: a unit-hour served of
each workload, whose costs differ with its use u (work with a peak needs idle equipment); their mean, weighted by the
work that the plan runs, w; and a unit-hour installed, which is what a card or server costs whether it works or not:

    mean = Σ w × cost,    installed = mean × use,    use = 1 / Σ (w / u)
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.decisions.reported_place import Focus
from xisuan.equations.index_sets import Given
from xisuan.results.decision_tables import INSTALLED, SERVED, frame
from xisuan.results.plan import Plan


def unit_costs(plan: Plan, costs: pd.DataFrame, levelised: pd.DataFrame, about: Focus) -> pd.DataFrame:
    """Return the table `unit_costs` of the reported place, from the plan's tables `hub_costs` and `levelised`."""
    rows: list[dict[str, Any]] = []
    kinds = Given(plan.scenario, plan.scenario.settings.periods[-1:]).class_of
    here = costs[costs["site"].isin(about.sites) & (costs["served_units"] > 0)]
    for found in levelised[levelised["place"] == about.name].drop_duplicates("class").to_dict("records"):
        head = {"place": about.name, "class": found["class"], "period": found["period"], "unit": found["unit"]}
        part = here[here["technology"].map(kinds) == found["class"]]
        work = float(part["served_units"].sum())
        for workload, own in part.groupby("workload", sort=False):
            served = float(own["served_units"].sum())
            cny = float((own["total_cny"] * own["served_units"]).sum()) / served
            rows.append(head | {"per": SERVED, "workload": workload, "cny": cny, "share": served / work})
        mean, installed = float(found["cny_per_unit_hour"]), float(found["cny_per_installed_unit_hour"])
        rows.append(head | {"per": SERVED, "workload": "", "cny": mean, "share": 1.0})
        rows.append(head | {"per": INSTALLED, "workload": "", "cny": installed, "use": installed / mean})
    return frame("unit_costs", rows)
