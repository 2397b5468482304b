"""Own rules of a scenario: each with its sense, its value by period and its terms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xisuan.scenario.queries.memo import remembered
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.own_rule_tables import SUMMANDS

Row = Mapping[str, Any]


@dataclass(frozen=True)
class OwnRule:
    """A rule: Σ of its terms (`sense`) value, once a period or in each hour. `values`: by period, where it holds."""

    name: str
    sense: str
    hourly: bool
    unit: str
    values: Mapping[int, float]
    terms: tuple[Row, ...]

    @property
    def operates(self) -> bool:
        """True if it names a variable of operation, so that it also holds where a plan is operated."""
        return any(SUMMANDS[term["variable"]].stage == "operation" for term in self.terms)

    @property
    def lagged(self) -> bool:
        """True if it names a variable of the period before."""
        return any(term["lag"] > 0 for term in self.terms)

    def in_force(self, first: int) -> Mapping[int, float]:
        """Return the value by period in which the rule binds: in the `first` period a lagged one has nothing before."""
        return {period: value for period, value in self.values.items() if period != first or not self.lagged}


@remembered("rules", "rule_terms")
def own_rules(scenario: Scenario) -> tuple[OwnRule, ...]:
    """Return the own rules that hold in some period, in the order of the table."""
    if not scenario.has("rules"):
        return ()
    terms: dict[str, list[Row]] = {}
    for row in sorted(scenario["rule_terms"].to_dict("records"), key=lambda row: float(row["term"])):
        if row["variable"] in SUMMANDS:
            terms.setdefault(str(row["rule"]), []).append({str(name): cell for name, cell in row.items()})
    values: dict[str, dict[int, float]] = {}
    for period in scenario.settings.periods:
        for row in scenario.at("rules", period).to_dict("records"):
            if not math.isnan(row["value"]):
                values.setdefault(str(row["rule"]), {})[period] = float(row["value"])
    first = {str(row["rule"]): row for row in reversed(scenario["rules"].to_dict("records"))}
    return tuple(
        OwnRule(
            name,
            str(first[name]["sense"]),
            first[name]["by"] == "hour",
            str(first[name]["unit"]),
            held,
            tuple(terms.get(name, ())),
        )
        for name, held in values.items()
    )


def coefficient(term: Row) -> float:
    """Return the coefficient of a term, 1 where blank."""
    return 1.0 if math.isnan(term["coefficient"]) else float(term["coefficient"])


def signs(scenario: Scenario, term: Row) -> set[int]:
    """Return the signs, −1 and 1, that coefficient × weight of a term has in some hour of the year."""
    factor = coefficient(term)
    ends = (1.0, 1.0)
    if term["weight"]:
        curve = scenario.curve(str(term["weight"]))
        ends = (float(curve.min()), float(curve.max()))
    return {int(math.copysign(1, factor * end)) for end in ends if factor * end != 0.0}


def rewards(scenario: Scenario, rule: OwnRule) -> bool:
    """Return True if more of some variable can help to keep a rule, so that it can ask for more than the work needs."""
    helpful = {"<=": {-1}, ">=": {1}, "=": {-1, 1}}[rule.sense]
    return any(helpful & signs(scenario, term) for term in rule.terms)
