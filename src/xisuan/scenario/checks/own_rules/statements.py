"""Checks of own rules: known variables and filters that match something, one unit, and a sum that can be kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from xisuan.scenario.checks.inspection import Inspection, Row, named
from xisuan.scenario.checks.own_rules.matching import Item, Items, opening_sites
from xisuan.scenario.queries.own_rules import own_rules, rewards, signs
from xisuan.scenario.schema.own_rule_tables import FILTERS, REFUSED, SUMMANDS


def stated(at: Inspection) -> None:
    """Check that each rule has terms, and the same sense, hours and unit in all its rows."""
    having = {term["rule"] for term in at.rows("rule_terms")}
    holding = {rule.name for rule in own_rules(at.scenario)}
    first: dict[str, Row] = {}
    for row in at.rows("rules"):
        before = first.setdefault(row["rule"], row)
        if row is before and row["rule"] not in having:
            at.error("rules", row, "rule", "rule-without-terms")
        elif row is before and row["rule"] not in holding:
            at.warn("rules", row, "value", "rule-never-holds")
        for column in ("sense", "by", "unit"):
            if row[column] != before[column]:
                at.error("rules", row, column, "rule-changes", before=before[column])


def summed(at: Inspection) -> None:
    """Check each term: its variable, its filters, its weight and its lag; then the rule that it is part of."""
    items = Items(at)
    rules = {row["rule"]: row for row in reversed(at.rows("rules"))}
    good: dict[str, list[tuple[Row, list[Item]]]] = {}
    for term in at.rows("rule_terms"):
        rule, name = rules.get(term["rule"]), term["variable"]
        if name not in SUMMANDS:
            hint = at.findings.suggest(name, SUMMANDS)
            code = REFUSED.get(name, "rule-variable-unknown")
            at.error("rule_terms", term, "variable", code, **({} if name in REFUSED else {"hint": hint}))
        elif rule is not None and _fits(at, rule, term):
            found = items.matched(term)
            if not found:
                at.error("rule_terms", term, "variable", "rule-term-of-nothing")
            good.setdefault(term["rule"], []).append((term, found))
    for name, terms in good.items():
        _stages(at, rules[name], [term for term, _ in terms])
        _units(at, rules[name], terms)


def _fits(at: Inspection, rule: Row, term: Row) -> bool:
    """Record filters, weights and lags that a term's variable does not have. Return True if all of them fit."""
    summand = SUMMANDS[term["variable"]]
    wrong = [column for column in FILTERS if term[column] and column not in summand.filters]
    for column in wrong:
        at.error("rule_terms", term, column, "rule-filter-not-of-variable", columns=", ".join(summand.filters))
    by_hour = rule["by"] == "hour"
    if term["weight"] and not (summand.hourly or by_hour):
        at.error("rule_terms", term, "weight", "rule-weight-without-hours")
    elif term["weight"] and not at.scenario.hourly("rule_terms", "weight", term["weight"]).any():
        at.error("rule_terms", term, "weight", "rule-weight-zero")
    if term["lag"] > 0 and (by_hour or summand.stage == "operation"):
        at.error("rule_terms", term, "lag", "rule-lag-in-operation")
    return not wrong


def _stages(at: Inspection, rule: Row, terms: Sequence[Row]) -> None:
    """Check that a rule on operation names no orders, no equation and no lag, and a rule by hour an hourly variable."""
    operates = [term for term in terms if SUMMANDS[term["variable"]].stage == "operation"]
    if rule["by"] == "hour" and not any(SUMMANDS[term["variable"]].hourly for term in terms):
        at.error("rules", rule, "by", "rule-by-hour-without-hours")
    if operates and rule["sense"] == "=":
        at.error("rules", rule, "sense", "rule-equal-in-operation", variable=operates[0]["variable"])
    for term in terms if operates else ():
        if SUMMANDS[term["variable"]].stage == "order":
            at.error("rule_terms", term, "variable", "rule-orders-in-operation", variable=operates[0]["variable"])
        elif term["lag"] > 0 and SUMMANDS[term["variable"]].stage == "stock":
            at.error("rule_terms", term, "lag", "rule-lag-in-operation")


def _units(at: Inspection, rule: Row, terms: Sequence[tuple[Row, list[Item]]]) -> None:
    """Check that one term adds up one unit, and that terms without a coefficient have the unit of the rule."""
    asked = rule["unit"]
    for term, found in terms:
        kinds = sorted({item["unit"] for item in found if "unit" in item})
        if len(kinds) > 1:
            at.error("rule_terms", term, "variable", "rule-units-mixed", units=named([f'"{kind}"' for kind in kinds]))
            continue
        known = _named(term, kinds, rule["by"] == "period")
        asked = asked or known[0]
        if math.isnan(term["coefficient"]) and asked not in known:
            at.error("rule_terms", term, "coefficient", "rule-units-differ", unit=known[0], wanted=asked)


def _named(term: Row, kinds: Sequence[str], over_year: bool) -> list[str]:
    """Return the names of the unit of a term, the first one of the model or of its technology."""
    summand = SUMMANDS[term["variable"]]
    units = [kind for kind in kinds if kind and summand.unit == "units"]
    if not (summand.hourly and over_year):
        return [*units, summand.unit]
    summed = {"MW": "MWh", "units": "unit-hours"}.get(summand.unit, f"{summand.unit}-hours")
    return [*(f"{unit}-hours" for unit in units), summed]


def kept(at: Inspection) -> None:
    """Check that each rule depends on the plan: variables are ≥ 0, so some rules always hold and others never do."""
    for rule in own_rules(at.scenario):
        found = {sign for term in rule.terms for sign in signs(at.scenario, term)}
        for period, value in rule.in_force(at.scenario.settings.periods[0]).items():
            # Sums of variables with coefficients of one sign are ≥ 0 or ≤ 0.
            low, high = (-math.inf if -1 in found else 0.0), (math.inf if 1 in found else 0.0)
            row = {"rule": rule.name, "period": period, "value": value}
            if (rule.sense != ">=" and value < low) or (rule.sense != "<=" and value > high):
                at.error("rules", row, "value", "rule-cannot-be-kept", period=period, sign="≥" if low == 0.0 else "≤")
            elif (rule.sense == "<=" and value >= high) or (rule.sense == ">=" and value <= low):
                at.warn("rules", row, "value", "rule-always-kept", period=period)


def limited(at: Inspection) -> None:
    """Check that a site that must be opened has limits, where an own rule may ask for any amount of capacity there."""
    asking = next((rule.name for rule in own_rules(at.scenario) if rewards(at.scenario, rule)), "")
    for site in opening_sites(at) if asking else ():
        for table, key, column in _without_limit(at, site):
            at.error(table, key, column, "limit-for-own-rule", value="", rule=asking)


def _without_limit(at: Inspection, site: str) -> Iterator[tuple[str, str, str]]:
    """Yield table, row and column of each limit that a site lacks in some period; power limits what draws power."""
    if any(math.isnan(row["it_limit_mw"]) for row in at.rows("sites") if row["site"] == site):
        yield "sites", site, "it_limit_mw"
    if any(math.isnan(row["limit_mw"]) for row in at.rows("halls") if row["site"] == site):
        yield "halls", site, "limit_mw"
    unlimited = {row["technology"] for row in at.rows("technologies") if row["mw_per_unit"] == 0.0}
    for name in sorted(unlimited & at.equipped.get(site, set())):
        for period in at.periods:
            held = at.at("limits", period)
            most = [row["max_units"] for row in held if (row["site"], row["technology"]) == (site, name)]
            if not most or any(map(math.isnan, most)):
                yield "limits", f"{site}/{name}", "max_units"
                break


CHECKS = (stated, summed, kept, limited)
