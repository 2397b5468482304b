"""Rows of the policies and budgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from xisuan.certificate.constraints.clean_shares import (
    CLEAN_SHARES,
    clean_hourly_rows,
    clean_monthly_labels,
    clean_monthly_rows,
)
from xisuan.certificate.constraints.costs import Order
from xisuan.certificate.constraints.own_rules import FAMILIES, SOFT, own_operating_labels
from xisuan.certificate.constraints.power import by_site, pue, saved, zone_curve
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows, Sense
from xisuan.certificate.reading.table_values import Policy, Reading
from xisuan.certificate.reading.variables import Columns, Label, no_nan, stack


def policy_rows(columns: Columns) -> Iterator[Rows]:
    """Yield all families of policies, without the budgets."""
    yield _occupancy(columns)
    yield _hub_share(columns)
    yield _intelligent_share(columns)
    yield from operating_rows(columns)


OPERATING = (
    "utilisation_min",
    "green_share_min",
    *CLEAN_SHARES,
    "pue_max",
    "carbon_cap_t",
    "carbon_cap_market_t",
    "water_cap_m3",
    *SOFT,
)
"""Rules on operation."""


HOURLY = ("clean_share_hourly_min", *(name for name in SOFT if FAMILIES[name][2]))
"""Those of them with a row for every hour."""


def operating_rows(columns: Columns) -> Iterator[Rows]:
    """Yield the families of rules on operation."""
    yield _utilisation(columns)
    yield _rule(columns, "green_share_min", "<", _green, nothing=0.0)
    yield clean_hourly_rows(columns)
    yield clean_monthly_rows(columns)
    yield _rule(columns, "pue_max", "<", _pue)
    yield _rule(columns, "carbon_cap_t", "<", _carbon)
    yield _rule(columns, "carbon_cap_market_t", "<", _carbon_market)
    yield _rule(columns, "water_cap_m3", "<", _water)


def operating_labels(columns: Columns, name: str) -> list[Label]:
    """Return the labels of a rule's rows: its scopes; for utilisation also the classes, whose units cannot be added; for
    clean shares by month also the months."""
    if name in SOFT:
        return own_operating_labels(columns, name)
    if name == "clean_share_monthly_min":
        return clean_monthly_labels(columns)
    rules = [(rule.scope, rule.applies) for rule in columns.reading.policies(name)]
    if name != "utilisation_min":
        return list(rules)
    return [(*rule, of) for rule in rules for of in _classes(columns)]


def _classes(columns: Columns) -> list[str]:
    return sorted({columns.reading.classes[g] for _, g in columns["load"].labels})


class _Scoped:
    """Row of a policy family that collects terms of the sites in its scope, in the periods in which it holds."""

    def __init__(self, rows: Rows, row: int, policy: Policy) -> None:
        self.rows, self.row, self.policy = rows, row, policy
        self.columns, self.reading = rows.columns, rows.columns.reading
        self.value = no_nan(policy.value, 0.0)

    def inside(self, site: str) -> Array:
        """Return 1 in the periods in which the rule holds and the site is in scope. Shape (P,)."""
        scope, applies = self.policy.scope, self.policy.applies
        periods = range(self.reading.clock.shape[0])
        found = [site in self.reading.in_scope(scope, applies, p) for p in periods]
        return np.array(found, dtype=float) * ~np.isnan(self.policy.value)

    def add(self, variable: str, coef: Callable[[tuple[str, ...]], ArrayLike], times: ArrayLike = 1.0) -> None:
        """Add coef(label) × times × item to the row, over the items at sites in scope."""
        labels = self.columns[variable].labels
        inside = {s: self.inside(s) for s in dict.fromkeys(label[0] for label in labels)}
        items = [i for i, label in enumerate(labels) if inside[label[0]].any()]
        hourly = self.columns[variable].hourly
        scale = [inside[labels[i][0]] * np.asarray(times) for i in items]
        if not hourly:
            self.rows.add(
                variable,
                [self.row] * len(items),
                items,
                stack([a * coef(labels[i]) for a, i in zip(scale, items, strict=True)], self.rows.periods),
            )
            return
        weight = self.reading.clock.weight
        hours = [a[:, None] * weight * coef(labels[i]) for a, i in zip(scale, items, strict=True)]
        self.rows.add(variable, [self.row] * len(items), items, by_site(hours, self.reading))


def _one(_: tuple[str, ...]) -> float:
    return 1.0


def _family(columns: Columns, name: str, sense: Sense, nothing: float = np.nan) -> tuple[Rows, list[_Scoped]]:
    """Return the rows of a rule and their collectors. A row whose value is `nothing` does not bind and stays empty."""
    rules = [
        replace(rule, value=np.where(rule.value == nothing, np.nan, rule.value))
        for rule in columns.reading.policies(name)
    ]
    rows = Rows(columns, name, [(rule.scope, rule.applies) for rule in rules], sense)
    return rows, [_Scoped(rows, i, rule) for i, rule in enumerate(rules)]


def _rule(columns: Columns, name: str, sense: Sense, terms: Callable[[_Scoped], None], nothing: float = np.nan) -> Rows:
    rows, scoped = _family(columns, name, sense, nothing)
    for one in scoped:
        terms(one)
    return rows


def _by_technology(columns: Columns, column: str) -> Callable[[tuple[str, ...]], Array]:
    reading = columns.reading
    values = {g: no_nan(reading.technology(g, column), 0.0) for g in reading.technologies}
    return lambda label: values[label[1]]


def _occupancy(columns: Columns) -> Rows:
    rows, scoped = _family(columns, "occupancy_min", ">")
    halls = columns.reading.tables["halls"]
    power = _by_technology(columns, "mw_per_unit")
    for one in scoped:
        one.add("installed", lambda label: power(label) * halls.holds(label[:1]))
        one.add("hall", lambda label: halls.holds(label).astype(float), -one.value)
    return rows


def _utilisation(columns: Columns) -> Rows:
    reading = columns.reading
    rules = reading.policies("utilisation_min")
    classes = _classes(columns)
    rows = Rows(columns, "utilisation_min", operating_labels(columns, "utilisation_min"), ">")
    year = float(reading.clock.weight.sum())
    for i, rule in enumerate(rules):
        for k, c in enumerate(classes):
            one = _Scoped(rows, i * len(classes) + k, rule)
            one.add("load", lambda label, c=c: float(reading.classes[label[1]] == c))  # type: ignore[misc]
            ours = {g for g in reading.technologies if reading.classes[g] == c and g not in reading.stock}
            one.add("installed", lambda label, ours=ours: float(label[1] in ours), -one.value * year)  # type: ignore[misc]
    return rows


def _hub_share(columns: Columns) -> Rows:
    rows, scoped = _family(columns, "hub_share_min", ">")
    reading, sites = columns.reading, columns.reading.tables["sites"]
    fp32 = _by_technology(columns, "fp32_per_unit")
    labels = columns["build"].labels
    for one in scoped:
        one.add("build", lambda label: fp32(label) * np.array([hub != "" for hub in sites.text(label[:1], "hub")]))
        holds = ~np.isnan(one.policy.value)
        total = stack([-one.value * holds * fp32(label) for label in labels], reading.clock.shape[0])
        rows.add("build", [one.row] * len(labels), range(len(labels)), total)
    return rows


def _intelligent_share(columns: Columns) -> Rows:
    rows, scoped = _family(columns, "intelligent_share_min", ">")
    fp32, classes = _by_technology(columns, "fp32_per_unit"), columns.reading.classes
    for one in scoped:
        one.add("installed", lambda label: fp32(label) * (classes[label[1]] == "intelligent"))
        one.add("installed", fp32, -one.value)
    return rows


def _facility(one: _Scoped, times: Array | float) -> None:
    """Add facility power over the year: the right side of the power balance."""
    one.add("it", lambda label: pue(one.reading, label[0]), times)
    one.add("it_retrofitted", lambda label: saved(one.reading, label[0]), -np.asarray(times))


def _green(one: _Scoped) -> None:
    one.add("grid", _one)
    one.add("contract", _one, -1.0)
    _facility(one, -(1.0 - one.value))


def _pue(one: _Scoped) -> None:
    _facility(one, 1.0)
    one.add("it", _one, -one.value)


def _carbon(one: _Scoped) -> None:
    one.add("grid", lambda label: zone_curve(one.reading, label[0], "co2_kg_per_kwh", 0.0))
    one.rows.rhs[:, one.row] = one.value


def _carbon_market(one: _Scoped) -> None:
    _carbon(one)
    one.add("contract", lambda label: mean_carbon(one, label[0]), -1.0)


def mean_carbon(one: _Scoped, site: str) -> Array:
    """Return the weighted mean carbon intensity of a site's zone over the modelled hours. Shape (P,)."""
    weight = one.reading.clock.weight
    mean: Array = zone_curve(one.reading, site, "co2_kg_per_kwh", 0.0) @ weight / weight.sum()
    return mean


def _water(one: _Scoped) -> None:
    table = one.reading.tables["sites"]
    one.add("it", lambda label: no_nan(table.number(label, "water_l_per_kwh"), 0.0)[:, None])
    one.rows.rhs[:, one.row] = one.value


RACK_MW = 0.0025
FACILITIES = ("hall_capex", "retrofit_capex", "compute_capex")


def reach_rows(columns: Columns, orders: Sequence[Order]) -> Iterator[Rows]:
    """Yield the rows of targets: computing power, racks, investment, gigabit cities."""
    reading = columns.reading
    yield _target(
        columns, "reach_eflops_fp16", lambda one: one.add("installed", lambda label: eflops_fp16(reading, label))
    )
    yield _target(columns, "reach_racks", lambda one: one.add("hall", _one), RACK_MW)
    yield _target(columns, "reach_investment_mcny", lambda one: _invested(one, orders))
    yield _target(columns, "reach_gigabit_cities", _declared)


def eflops_fp16(reading: Reading, label: tuple[str, ...]) -> Array:
    """Return the FP16 EFLOPS of one unit of (site, technology) that count for a target: class intelligent. Shape (P,)."""
    g = label[1]
    if reading.classes[g] != "intelligent":
        return np.zeros(reading.clock.shape[0])
    first = reading.tables["technologies"].earliest[g,]
    rows = [rows.get((g,), first) for rows in reading.tables["technologies"].rows]
    at_fp16 = np.array([str(row["precision"] or "").strip().upper() == "FP16" for row in rows])
    return np.where(at_fp16, no_nan(reading.technology(g, "eflops_per_unit"), 0.0), 0.0)


def _target(columns: Columns, name: str, terms: Callable[[_Scoped], None], unit: float = 1.0) -> Rows:
    """Return one row a target: terms ≥ its value, in the periods in which it applies."""
    rows, scoped = _family(columns, name, ">")
    for one in scoped:
        terms(one)
        rows.rhs[:, one.row] = unit * one.value
    return rows


def _invested(one: _Scoped, orders: Sequence[Order]) -> None:
    for order in orders:
        if order.term in FACILITIES:
            labels = one.columns[order.variable].labels
            inside = {site: one.inside(site) for site in {label[0] for label in labels}}
            items = [i for i, label in enumerate(labels) if inside[label[0]].any()]
            part = stack([inside[labels[i][0]] for i in items], one.rows.periods) * order.overnight[:, items]
            one.rows.add(order.variable, [one.row] * len(items), items, part)


def _declared(one: _Scoped) -> None:
    items = range(len(one.columns["gigabit"].labels))
    held = ~np.isnan(one.policy.value)
    part = np.repeat(held[:, None].astype(float), len(items), axis=1)
    one.rows.add("gigabit", [one.row] * len(items), items, part)
