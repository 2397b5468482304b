"""Published targets as constraints of a plan, for indicators that an identity ties to a plan variable."""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.results.plan import Plan
from xisuan.results.track import records
from xisuan.scenario.scenario import Scenario
from xisuan.tracking.series.statistical_units import convert
from xisuan.tracking.targets import planned_paths

Row = dict[str, Any]
RULES = {
    "eflops_fp16": "reach_eflops_fp16",
    "racks": "reach_racks",
    "investment": "reach_investment_mcny",
    "gigabit_cities": "reach_gigabit_cities",
}
"""Variable of a driver → the policy rule for its target."""
POLICIES = {"occupancy": "occupancy_min", "pue": "pue_max"}
"""Variables with a policy rule in the scenario format."""
UNITS = {"eflops_fp16": "EFLOPS", "racks": "1", "investment": "mCNY", "gigabit_cities": "1"}
"""Unit of each variable."""
SLACK = 1e-3
"""Relative excess over a target above which its constraint does not bind."""
ROWS_IN = {"reach_racks": 0.0025}
"""Unit of the constraint per unit of the rule's value: MW per rack."""
_ASKED = re.compile(r"(?P<indicator>[\w-]+)(?:=(?P<value>[\d.]+(?:e[+-]?\d+)?))?(?:@(?P<year>\d{4}))?")


@dataclass(frozen=True, slots=True)
class Reach:
    """Target as a constraint: at least `value` of the rule's quantity in `period`."""

    indicator: str
    rule: str
    scope: str
    period: int
    value: float
    unit: str


def reach(scenario: Scenario, *asked: str) -> Scenario:
    """Return the scenario with published targets as constraints: `racks`, `racks@2027` or `racks=800000@2027`.

    Without a value, the largest target of the indicator in the horizon, or in the given year, is used. A target applies
    in the period of its deadline only. Raises ScenarioError if no identity ties the indicator to a plan variable, or if
    the deadline lies outside the horizon.
    """
    table = scenario["policies"]
    rows: dict[tuple[str, str, int], Row] = {}
    for one in asks(scenario, asked):
        rows[one.rule, one.scope, one.period] = _policy(one)
        later = [period for period in scenario.settings.periods if period > one.period]
        for period in later[:1]:  # 0 ends the target
            rows.setdefault((one.rule, one.scope, period), _policy(dataclasses.replace(one, period=period, value=0.0)))
    blank = {name: "" if table[name].dtype.kind not in "fi" else math.nan for name in table.columns}
    added = pd.DataFrame([{**blank, **row} for row in rows.values()], columns=table.columns)
    kept = table[~table["rule"].isin({rule for rule, _, _ in rows})]
    joined = pd.concat([kept, added], ignore_index=True) if len(kept) else added
    return dataclasses.replace(scenario, tables={**scenario.tables, "policies": joined.astype(table.dtypes.to_dict())})


def asks(scenario: Scenario, asked: Sequence[str]) -> list[Reach]:
    """Return the constraint for each text `INDICATOR`, `INDICATOR@YEAR` or `INDICATOR=VALUE@YEAR`."""
    return [_ask(scenario, text) for text in asked]


def stated(scenario: Scenario) -> list[Reach]:
    """Return the targets that the scenario itself sets in `policies`, in every period in which they hold.

    The indicator is the rule. A target for what is new (`applies`) is left out: levels count all that stands.
    """
    known = {rule: UNITS[variable] for variable, rule in RULES.items()}
    return [
        Reach(row["rule"], row["rule"], row["scope"], period, float(row["value"]), known[row["rule"]])
        for period in scenario.settings.periods
        for row in records(scenario.at("policies", period))
        if row["rule"] in known and row["value"] > 0.0 and row["applies"] == "all"
    ]


def _ask(scenario: Scenario, text: str) -> Reach:
    match = _ASKED.fullmatch(text.strip())
    if match is None:
        raise _no("target-unreadable", text)
    ties = {row["indicator"]: row for row in records(scenario["drivers"]) if row["kind"] == "identity"}
    tie = ties.get(match["indicator"])
    if tie is not None and tie["variable"] in POLICIES:
        raise _no("target-by-policy", match["indicator"], rule=POLICIES[tie["variable"]])
    if tie is None or tie["variable"] not in RULES:
        known = ", ".join(name for name, row in ties.items() if row["variable"] in RULES) or "–"
        raise _no("target-without-identity", match["indicator"], known=known)
    value, year = _aim(scenario, match, tie)
    periods = scenario.settings.periods
    period = max((one for one in periods if one <= year), default=None)
    if period is None or year > scenario.timeline.horizon[-1]:
        last = scenario.timeline.horizon[-1]
        raise _no("target-outside-horizon", text, year=year, first=periods[0], last=last, indicator=match["indicator"])
    if scenario.fixed(period):
        raise _no("target-period-over", text, period=period, day=str(scenario.settings.as_of))
    most = float(tie["high"])
    rule = RULES[str(tie["variable"])]
    scope = "all" if tie["variable"] == "gigabit_cities" else _scope(scenario)
    return Reach(match["indicator"], rule, scope, period, value / most, UNITS[str(tie["variable"])])


def _aim(scenario: Scenario, match: re.Match[str], tie: Row) -> tuple[float, int]:
    """Return value and year: as given, or those of the published targets."""
    indicator, unit = match["indicator"], UNITS[str(tie["variable"])]
    if match["value"] and match["year"]:
        return float(match["value"]), int(match["year"])
    spec = {row["indicator"]: row for row in records(scenario["indicators"])}.get(indicator)
    first = scenario.settings.periods[0]
    known = [
        (convert(float(row["value"]), row["unit"], unit), datetime.date.fromisoformat(row["deadline"]).year)
        for row in records(scenario["targets"])
        if row["indicator"] == indicator
        and row["bound"] != "under"
        and spec is not None
        and math.isfinite(row["value"])
    ]
    if match["value"]:
        years = sorted({year for _, year in known if year >= first})
        if len(years) != 1:
            raise _no("target-year-missing", indicator, wanted=f"{indicator}={match['value']}@YEAR")
        return float(match["value"]), years[0]
    wanted = [
        (value, year) for value, year in known if (int(match["year"]) == year if match["year"] else year >= first)
    ]
    if not wanted:
        past = ", ".join(f"{value:g}@{year}" for value, year in known) or "–"
        raise _no("no-target-in-horizon", indicator, targets=past, indicator=indicator)
    return max(wanted)


def _scope(scenario: Scenario) -> str:
    """Return the scope in which the planned path is measured: the reported hub or site, else all."""
    place = scenario.settings.report.region
    sites = records(scenario["sites"])
    return place if place and any(place in (row["hub"], row["site"]) for row in sites) else "all"


def _policy(one: Reach) -> Row:
    note = f"{one.indicator}: published target to be reached"
    return {
        "rule": one.rule, "scope": one.scope, "applies": "all", "period": float(one.period), "value": one.value,
        "note": note,
    }  # fmt: skip


def _no(code: str, value: str, **values: Any) -> ScenarioError:
    return ScenarioError([Problem(code, table="targets.csv", column="indicator", value=value, **values)])


@dataclass(frozen=True, slots=True)
class Price:
    """Marginal cost of a target: discounted mCNY per additional unit, with the level that the plan reaches.

    Gigabit cities are integer and have no marginal cost: it is missing.
    """

    asked: Reach
    reached: float
    margin_mcny: float


def price(plan: Plan, asked: Sequence[Reach]) -> list[Price]:
    """Return the marginal cost of each target; 0 if the least-cost plan reaches it without the constraint."""
    out = []
    for one in asked:
        rows = plan.prices[
            (plan.prices["constraint"] == one.rule)
            & (plan.prices["period"] == one.period)
            & (plan.prices["item"] == f"{one.scope}/all")
        ]
        margin = abs(float(rows["value"].sum())) * ROWS_IN.get(one.rule, 1.0)
        margin = math.nan if one.rule == "reach_gigabit_cities" else margin
        reached = _reached(plan, one)
        # Complementary slackness: the dual of a slack row is the rounding of an interior point.
        is_slack = math.isfinite(margin) and reached > (1.0 + SLACK) * one.value
        out.append(Price(one, reached, 0.0 if is_slack else margin))
    return out


def _reached(plan: Plan, one: Reach) -> float:
    """Return the level that the plan reaches, from its tables."""
    variable = next(name for name, rule in RULES.items() if rule == one.rule)
    if variable == "gigabit_cities":
        table = plan.tables["gigabit"]
        return float(table.loc[table["period"] == one.period, "gigabit"].sum())
    place = "" if one.scope == "all" else one.scope
    return planned_paths.variable(plan, variable, place).get(one.period, 0.0)
