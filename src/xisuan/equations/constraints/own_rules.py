"""Own rules of a scenario: the linear sums of the tables `rules` and `rule_terms`.

A rule is a row of each period, or of each hour. Where it does not hold, its row is free. In operation, rules without a
variable of operation are left out, and the others may be exceeded at a price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations.constraints import policies, power
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import OWN, VARIABLE
from xisuan.results.labelled_values import Found
from xisuan.scenario.queries.own_rules import OwnRule, Row, coefficient, own_rules
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.own_rule_tables import FILTERS


def add(a: Assembly) -> None:
    """Add a row for every own rule, and in operation an excess to it."""
    for (sense, hourly), name in OWN.items():
        found = [
            rule
            for rule in own_rules(a.given.scenario)
            if (rule.sense, rule.hourly) == (sense, hourly) and (rule.operates or not a.operated)
        ]
        block = a.rows(name, [(rule.name,) for rule in found], **_sides(a.given, found, sense, hourly))
        for rule in found:
            _sum(a, block, rule)
        if sense != "=":
            policies.soften(a, block)


def _value(given: Given, rule: OwnRule) -> Array:
    """Return the value of a rule by period, NaN where it does not hold. Shape (periods,)."""
    held = rule.in_force(given.scenario.settings.periods[0])
    return np.array([held.get(period, np.nan) for period in given.periods])


def _sides(given: Given, rules: list[OwnRule], sense: str, hourly: bool) -> dict[str, Array]:
    """Return the finite sides of the rows by name, infinite where a rule does not hold."""
    value = np.array([_value(given, rule) for rule in rules]).reshape(len(rules), len(given.periods)).T
    value = value[:, None, :] if hourly else value
    sides = {"lower": np.where(np.isnan(value), -np.inf, value), "upper": np.where(np.isnan(value), np.inf, value)}
    return {side: sides[side] for side in {"<=": ("upper",), ">=": ("lower",), "=": ("lower", "upper")}[sense]}


def _sum(a: Assembly, block: Block, rule: OwnRule) -> None:
    """Add coefficient × weight × the chosen variables of each term to the row of its rule, in the periods it holds."""
    sums: dict[str, list[tuple[list[Label], Array]]] = {}
    for term in rule.terms:
        column = a.column(str(term["variable"]))
        if column is None:
            continue  # not on offer anywhere, so that it is 0
        labels = _matching(a.given, term, column.labels)
        if term["lag"] > 0:
            _add_lagged(a, block, rule, term, labels)
        else:
            sums.setdefault(column.name, []).append((labels, _values(a.given, block, column, rule, term)))
    for name, parts in sums.items():
        named = [label for of, _ in parts for label in of]
        for labels, values in [_joint(parts)] if len(set(named)) < len(named) else parts:
            a.model.add(block, [(rule.name,)] * len(labels), a.model.columns[name], labels, values)


def _held(given: Given, rule: OwnRule, term: Row) -> Array:
    """Return the coefficient of a term, 0 in periods in which the rule does not hold. Shape (periods,)."""
    return np.where(np.isnan(_value(given, rule)), 0.0, coefficient(term))


def _values(given: Given, block: Block, column: Block, rule: OwnRule, term: Row) -> Array:
    """Return coefficient × weight of a term. Shape (periods, 1), or (periods, hours, 1) where one of them is hourly."""
    held = _held(given, rule, term)
    if not (block.hourly or column.hourly):
        return held[:, None]
    weight = given.scenario.hourly("rule_terms", "weight", str(term["weight"]) or 1.0)
    values = held[:, None, None] * weight[None, :, None]
    return values if block.hourly else values * power.over_hours(given)


def _joint(parts: Sequence[tuple[list[Label], Array]]) -> tuple[list[Label], Array]:
    """Return the sum of terms on one variable. Where they cancel, what rounding leaves must not bind the variable."""
    labels = list(dict.fromkeys(label for of, _ in parts for label in of))
    total = np.zeros((*parts[0][1].shape[:-1], len(labels)))
    size = np.zeros_like(total)
    for of, values in parts:
        at = [labels.index(label) for label in of]
        total[..., at] += values
        size[..., at] += abs(values)
    return labels, np.where(abs(total) <= policies.ROUNDING * size, 0.0, total)


def _add_lagged(a: Assembly, block: Block, rule: OwnRule, term: Row, labels: Sequence[Label]) -> None:
    """Add a term on the period before."""
    given, held = a.given, _held(a.given, rule, term)
    pairs = [(y, label) for y in range(1, len(given.periods)) for label in labels]
    before = [(y - 1, label) for y, label in pairs]
    at = [(y, (rule.name,)) for y, _ in pairs]
    a.model.add_across(block, at, a.model.columns[str(term["variable"])], before, [held[y] for y, _ in pairs])


def _matching(given: Given, term: Row, labels: Sequence[Label]) -> list[Label]:
    """Return the labels of a term's variable that match all its filters."""
    asked = {column: str(term[column]) for column in FILTERS if term[column]}
    return [label for label in labels if all(_text(given, term, label, of) == it for of, it in asked.items())]


def _text(given: Given, term: Row, label: Label, column: str) -> str:
    """Return what a filter compares: a part of the label, or a property of its site, link or technology."""
    parts = dict(zip(VARIABLE[str(term["variable"])].dims, label, strict=True))
    if column in parts:
        return str(parts[column])
    if column == "class":
        return given.class_of[str(parts["technology"])]
    if column == "investor" and "link" in parts:
        return given.link_investor[str(parts["link"])]
    return given.site_text[str(parts["site"])][column]


def left_sides(scenario: Scenario, variables: Mapping[str, Found]) -> dict[str, Array]:
    """Return the sum of each own rule in a plan, by its name. Shape (periods,), of rules by hour (periods, hours)."""
    given = Given(scenario, scenario.settings.periods)
    return {rule.name: sum(_amounts(given, rule, variables), np.zeros(1)) for rule in own_rules(scenario)}


def _amounts(given: Given, rule: OwnRule, variables: Mapping[str, Found]) -> Iterator[Array]:
    """Yield the amount of each term of a rule in a plan."""
    for term in rule.terms:
        found = variables.get(str(term["variable"]))
        if found is None:
            continue
        at = [found.labels.index(label) for label in _matching(given, term, found.labels)]
        total = coefficient(term) * found.values[..., at].sum(axis=-1)
        if term["lag"] > 0:
            total = np.concatenate([[np.nan], total[:-1]])
        if not (found.hourly or rule.hourly):
            yield total
            continue
        weight = given.scenario.hourly("rule_terms", "weight", str(term["weight"]) or 1.0)
        by_hour = (total if found.hourly else total[:, None]) * weight
        yield by_hour if rule.hourly else by_hour @ given.weight
