"""Result tables of gigabit access: `gigabit`, `rollout` and `access_totals`."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from gnomon import Array, Label
from xisuan.equations.access import city_arrays
from xisuan.equations.model_builder import Assembly
from xisuan.equations.result_tables.capacity_tables import CRUMB
from xisuan.scenario.queries.gigabit_standard import classify
from xisuan.scenario.schema.access_tables import BY_INDICATOR, INDICATORS, TAKEN_UP

Values = Mapping[str, Array]
Row = dict[str, object]
WITHIN = 1e-6
"""Relative tolerance on a threshold: a distance within it is solver accuracy, not a shortfall of the city."""


def quantities(a: Assembly, values: Values) -> dict[Label, Array]:
    """Return the counted quantities of each city with the orders made. Shape (periods,) each.

    Users are computed from the take-up curve: the variable `counted` is only bounded above by it and may be lower.
    """
    g = a.given
    labels = a.labels("counted")
    total, deploy = city_arrays.opening(g, labels), a.column("deploy")
    if deploy:
        row = {label: i for i, label in enumerate(labels)}
        adds, at = city_arrays.effects(g, deploy.labels).to(city_arrays.places(deploy.labels, row))
        np.add.at(total, (adds.used, at), adds.amount * values["deploy"][adds.made, adds.item])
    found = dict(zip(labels, total.T, strict=True))
    for one in INDICATORS:
        for city, name in labels:
            if one.part and name == one.numerator and name in TAKEN_UP and (city, one.denominator) in found:
                found[city, name] = np.minimum(found[city, name], found[city, one.denominator])
    return found


def indicators(a: Assembly, values: Values) -> dict[Label, Array]:
    """Return the value of each known (city, indicator) in its unit. Shape (periods,) each."""
    counted = quantities(a, values)
    return {
        (city, one.name): one.scale * counted[city, one.numerator] / counted[city, one.denominator]
        for (city,) in city_arrays.cities(a.given)
        for one in INDICATORS
        if (city, one.numerator) in counted and (city, one.denominator) in counted
    }


def gigabit(a: Assembly, values: Values) -> list[Row]:
    """Return a row per city and period: indicators, gigabit status, and the indicators that are short or unknown."""
    g = a.given
    labels = city_arrays.cities(g)
    found, named = indicators(a, values), city_arrays.named(g, labels)
    people = g.numbers("city_state", labels, "population", np.nan)
    rows: list[Row] = []
    for y, period in enumerate(g.periods):
        asked = city_arrays.mandatory(g, y)
        for i, (city,) in enumerate(labels):
            value = {name: float(found[city, name][y]) if (city, name) in found else np.nan for name in BY_INDICATOR}
            verdict = classify(value, () if named[y, i] else asked, WITHIN)
            short = (*verdict.short, *verdict.unknown)
            rows.append(
                {"period": period, "city": city}
                | value
                | {"gigabit": verdict.gigabit is True, "binding": ";".join(short), "residents": people[y, i]}
            )
    return rows


def rollout(a: Assembly, values: Values) -> list[Row]:
    """Return the orders by city, measure and period; amounts below a millionth of the pace are solver noise."""
    g = a.given
    deploy = a.column("deploy")
    if deploy is None:
        return []
    unit = dict(zip(g.scenario["measures"]["measure"], g.scenario["measures"]["unit"], strict=True))
    lead = city_arrays.measure(g, deploy.labels, "lead_years")
    days = city_arrays.measure(g, deploy.labels, "crew_days_per_unit")
    payer = g.city_text["investor"]
    return [
        {
            "period": g.periods[y],
            "city": deploy.labels[i][0],
            "measure": deploy.labels[i][1],
            "amount": amount,
            "unit": unit[deploy.labels[i][1]],
            "most": deploy.upper[y, i],
            "crew_days": amount * days[y, i],
            "in_use_from": math.ceil(g.periods[y] + lead[y, i]),
            "investor": payer[deploy.labels[i][0]],
            "capex_mcny": amount * a.capex["deploy"][y, i],
        }
        for (y, i), amount in np.ndenumerate(values["deploy"])
        if amount > CRUMB * deploy.upper[y, i]
    ]


def access_totals(a: Assembly, values: Values) -> list[Row]:
    """Return capital, routes, crew-days, electricity and carbon of each city in each period."""
    g = a.given
    labels = city_arrays.cities(g)
    deploy, lay = a.column("deploy"), a.column("lay")
    at = {label: i for i, label in enumerate(labels)}
    total = {name: np.zeros((len(g.periods), len(labels))) for name in ("capex", "km", "days", "mwh", "tonnes")}
    if deploy:
        money = values["deploy"] * a.capex["deploy"]
        work = values["deploy"] * city_arrays.measure(g, deploy.labels, "crew_days_per_unit")
        used = values["deployed"] * city_arrays.energy_mwh(g, deploy.labels)
        carbon = used * city_arrays.carbon(g, deploy.labels)
        for name, amounts in (("capex", money), ("days", work), ("mwh", used), ("tonnes", carbon)):
            for i, label in enumerate(deploy.labels):
                total[name][:, at[label[:1]]] += amounts[:, i]
    if lay:
        for i, label in enumerate(lay.labels):
            total["km"][:, at[label]] += values["lay"][:, i]
            total["capex"][:, at[label]] += values["lay"][:, i] * a.capex["lay"][:, i]
    days = g.numbers("cities", labels, "crew_days_year", np.nan) * g.years[:, None]
    return [
        {
            "period": g.periods[y],
            "city": label[0],
            "capex_mcny": total["capex"][y, i],
            "lay_km": total["km"][y, i],
            "crew_days": total["days"][y, i],
            "crew_days_most": days[y, i],
            "grid_mwh": total["mwh"][y, i],
            "location_t": total["tonnes"][y, i],
        }
        for y in range(len(g.periods))
        for i, label in enumerate(labels)
    ]
