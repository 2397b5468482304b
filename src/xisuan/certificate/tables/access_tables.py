"""Recomputed tables of gigabit cities: `gigabit`, `rollout` and `access_totals`."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from xisuan.certificate.reading.access import INDICATORS, TAKEN_UP, Access
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Label, no_nan
from xisuan.certificate.tables.payers import payer
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.results.plan import TABLES

SMALLEST = 1e-6
"""Share of the largest possible order up to which an order has no row."""
CLOSE = 1e-6
"""Relative distance below a threshold that still counts as reached: the solver's accuracy."""


def gigabit(of: Operands) -> Recomputed:
    """Recompute `gigabit`: each city's indicators in each period, and the indicators that are still missing."""
    access, rows = of.columns.access, []
    counted = _counted(of)
    for p, period in enumerate(of.periods):
        for city in access.cities:
            known = {}
            for one in INDICATORS:
                pair = counted.get((city, one.numerator)), counted.get((city, one.denominator))
                known[one.name] = (
                    one.scale * _over(pair[0][p], pair[1][p])
                    if pair[0] is not None and pair[1] is not None
                    else math.nan
                )
            short = [] if access.named(city)[p] else _missing(access, known, p)
            people = access.state(city, "population")[p]
            rows.append(
                {
                    "period": period,
                    "city": city,
                    **known,
                    "gigabit": not short,
                    "binding": ";".join(short),
                    "residents": people,
                }
            )
    return Recomputed(pd.DataFrame(rows, columns=list(TABLES["gigabit"])), ("period", "city"))


def _over(part: float, whole: float) -> float:
    """Return part / whole in floating-point arithmetic: 0 / 0 is NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(part) / np.float64(whole))


def _counted(of: Operands) -> dict[Label, Array]:
    """Return the quantities of each city at the end of each period; users are at most the base of their indicator."""
    access = of.columns.access
    found: dict[Label, Array] = {}
    for city, name in access.counted:
        added = [
            access.adds(order, name) @ of.values("deploy")[:, i]
            for i, order in enumerate(of.labels("deploy"))
            if order[0] == city
        ]
        found[city, name] = sum(added, access.state(city, name).copy())
    for one in INDICATORS:
        for city in access.cities if one.part and one.numerator in TAKEN_UP else ():
            if (city, one.numerator) in found and (city, one.denominator) in found:
                found[city, one.numerator] = np.minimum(found[city, one.numerator], found[city, one.denominator])
    return found


def _missing(access: Access, known: dict[str, float], p: int) -> list[str]:
    """Return the mandatory indicators that fall short in period number p, then those of unknown value."""
    short, unknown = [], []
    for row in access.reading.tables["standard"].rows[p].values():
        name, threshold = str(row["indicator"]), float(row["threshold"])
        if not row["mandatory"] or math.isnan(threshold):
            continue
        value = known[name]
        if math.isnan(value):
            unknown.append(name)
        elif not (value > threshold if row["op"] == ">" else value >= threshold * (1.0 - CLOSE)):
            short.append(name)
    return [*short, *unknown]


def rollout(of: Operands, overnight: Array) -> Recomputed:
    """Recompute `rollout`. overnight: price of a unit of each order in mCNY, shape (P, items)."""
    access, reading, rows = of.columns.access, of.columns.reading, []
    unit = {str(row["measure"]): row["unit"] for row in reading.scenario["measures"].to_dict("records")}
    for i, order in enumerate(of.labels("deploy")):
        amount, most = of.values("deploy")[:, i], access.most(order)
        days, lead = access.of(order, "crew_days_per_unit"), access.of(order, "lead_years")
        for p in np.flatnonzero(amount > SMALLEST * most):
            rows.append(
                {
                    "period": of.periods[p],
                    "city": order[0],
                    "measure": order[1],
                    "amount": amount[p],
                    "unit": unit[order[1]],
                    "most": most[p],
                    "crew_days": amount[p] * days[p],
                    "in_use_from": math.ceil(of.periods[p] + lead[p]),
                    "investor": payer(reading, "deploy", order),
                    "capex_mcny": amount[p] * overnight[p, i],
                }
            )
    return Recomputed(pd.DataFrame(rows, columns=list(TABLES["rollout"])), ("period", "city", "measure"))


def access_totals(of: Operands, deploy: Array, lay: Array) -> Recomputed:
    """Recompute `access_totals`. deploy, lay: price of a unit of each order in mCNY, shape (P, items)."""
    access, reading, n = of.columns.access, of.columns.reading, len(of.periods)
    names = [name for name in TABLES["access_totals"] if name not in ("period", "city")]
    cities = {city: {name: np.zeros(n) for name in names} for city in access.cities}
    for i, order in enumerate(of.labels("deploy")):
        at, ordered = cities[order[0]], of.values("deploy")[:, i]
        drawn = of.values("deployed")[:, i] * access.mwh(order)
        at["capex_mcny"] += ordered * deploy[:, i]
        at["crew_days"] += ordered * access.of(order, "crew_days_per_unit")
        at["grid_mwh"] += drawn
        at["location_t"] += drawn * access.carbon(order[0])
    for i, (city,) in enumerate(of.labels("lay")):
        cities[city]["lay_km"] += of.values("lay")[:, i]
        cities[city]["capex_mcny"] += of.values("lay")[:, i] * lay[:, i]
    for city, at in cities.items():
        at["crew_days_most"] = reading.tables["cities"].number((city,), "crew_days_year") * reading.clock.year_count
    rows = [
        {"period": period, "city": city, **{name: no_nan(at[name], np.nan)[p] for name in names}}
        for p, period in enumerate(of.periods)
        for city, at in cities.items()
    ]
    return Recomputed(pd.DataFrame(rows, columns=list(TABLES["access_totals"])), ("period", "city"))
