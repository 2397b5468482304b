"""Tables of an operated plan: unserved work, and yearly rules exceeded (results.schedule.TABLES)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gnomon import Array, Label
from xisuan import units
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import CONSTRAINT, OPERATING_RULES, OWN
from xisuan.results.schedule import TABLES
from xisuan.scenario.queries.own_rules import own_rules

LOST = (("unserved", 1), ("stock_unserved", 1), ("traffic_unserved", None))
"""Variables of unserved work and traffic, and the position of the workload in their labels."""


SHORT = 1e-6
"""Share of a demand above which it counts as unserved; the tolerance of the interior-point method is below it."""


def shortfall(a: Assembly, values: Mapping[str, Array]) -> pd.DataFrame:
    """Return unserved work and traffic of a year, with the penalty charged."""
    g = a.given
    rows: list[dict[str, object]] = []
    for name, workload in LOST:
        block = a.column(name)
        if block is None:
            continue
        lost = g.over_year(values[name]) if block.hourly else values[name] * units.HOURS_PER_YEAR
        money = a.terms[name]["unserved"] * values[name]
        charged = money.sum(axis=1) if block.hourly else money
        asked = _yearly_demand(a, name)
        for (y, i), amount in np.ndenumerate(lost):
            if amount > 0.0:
                label = block.labels[i]
                rows.append(
                    {
                        "period": g.periods[y],
                        "workload": "traffic" if workload is None else label[workload],
                        "region": "/".join(label) if workload is None else label[0],
                        "unit_hours": amount,
                        "share": amount / asked[y, i] if asked[y, i] > 0 else np.nan,
                        "mcny": charged[y, i] / g.discount[y],
                    }
                )
    return pd.DataFrame(rows, columns=list(TABLES["shortfall"]))


def falls_short(a: Assembly, lost: pd.DataFrame) -> bool:
    """Return True if `lost` contains traffic, or work without a penalty of its own, above the tolerance `SHORT`."""
    priced = {
        (period, workload)
        for period in a.given.periods
        for workload, penalty in a.given.at("workloads", period)[["workload", "unserved_mcny_per_unit_hour"]].to_numpy()
        if not np.isnan(penalty)
    }
    owed = [pair not in priced for pair in zip(lost["period"], lost["workload"], strict=True)]
    return bool((lost.loc[owed, "share"] > SHORT).any())


def _yearly_demand(a: Assembly, name: str) -> Array:
    """Unit-hours of demand in a year. Shape (periods, labels)."""
    block = a.model.columns[name]
    if name == "traffic_unserved":
        return a.given.over_year(block.upper)
    if name == "stock_unserved":
        return a.given.mean_demand(block.labels) * units.HOURS_PER_YEAR
    return a.given.over_year(a.given.demand(block.labels))


def excess(a: Assembly, values: Mapping[str, Array]) -> pd.DataFrame:
    """Return the rules on operation that are exceeded, the excess over a year, and the penalty charged."""
    rows: list[dict[str, object]] = []
    price = a.given.scenario.settings.plan.excess_mcny_per_unit
    for rule in OPERATING_RULES:
        block = a.column(f"excess_{rule}")
        if block is None:
            continue
        of_year = a.given.over_year(values[block.name]) if block.hourly else values[block.name]
        for (y, i), amount in np.ndenumerate(of_year):
            if amount > 0.0:
                rows.append(
                    {
                        "period": a.given.periods[y],
                        "rule": rule,
                        "scope": "/".join(block.labels[i]),
                        "amount": amount,
                        "unit": _unit(a, rule, block.labels[i]),
                        "mcny": amount * price,
                    }
                )
    return pd.DataFrame(rows, columns=list(TABLES["excess"]))


def _unit(a: Assembly, rule: str, label: Label) -> str:
    """Return the unit of an excess over a year: of an own rule its unit as stated, summed over hours where by hour."""
    if rule not in OWN.values():
        return "MWh" if CONSTRAINT[rule].hourly else CONSTRAINT[rule].unit
    unit = next(one.unit for one in own_rules(a.given.scenario) if one.name == label[0])
    return f"{unit}·h" if unit and CONSTRAINT[rule].hourly else unit
