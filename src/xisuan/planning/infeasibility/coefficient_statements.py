"""Statements that a scenario makes in coefficients, without a row or bound of their own: reserves, link loads, fixed
paths.

A search over rows cannot drop such a statement. It is removed from the scenario, and the equations are assembled again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from xisuan.equations.index_sets import Given
from xisuan.planning.infeasibility.statement import Statement
from xisuan.planning.infeasibility.statements import LOWER_RULE, RAISE_RULE, format_number
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

RULES = {"site_reserve_min": LOWER_RULE, "link_load_max": RAISE_RULE}
"""Rules that multiply a capacity, and how to relax them."""
SHORTEST = "shortest"
"""Routing of traffic on a fixed path."""


@dataclass(frozen=True, slots=True)
class CoefficientStatement:
    """A rule in one scope, or (`rule` empty) the shortest-path traffic between two ends."""

    rule: str
    scope: tuple[str, ...]

    def left_out(self, scenario: Scenario) -> Scenario:
        """Return `scenario` without this statement."""
        name = "policies" if self.rule else "traffic"
        frame = scenario[name]
        if self.rule:
            mine = (frame["rule"] == self.rule) & (frame["scope"] == self.scope[0])
        else:
            mine = (frame["routing"] == SHORTEST) & (frame["from"] == self.scope[0]) & (frame["to"] == self.scope[1])
        return scenario.with_tables(**{name: frame[~mine].reset_index(drop=True)})

    def statement(self, given: Given) -> Statement:
        """Return the statement with the periods in which it holds."""
        row = "/".join((self.rule, *self.scope) if self.rule else self.scope)
        if not self.rule:
            rows = given.scenario["traffic"]
            rows = rows[(rows["from"] == self.scope[0]) & (rows["to"] == self.scope[1])]
            work = _("{amount} must be carried on the shortest path", amount=format_number(float(rows["gbps"].iloc[0])))
            return Statement("traffic", row, "gbps", work, _("lower it, or let it take any path (routing free)"))
        held = {year: row["value"] for year in given.periods for row in given.rules_at(self.rule, year)
                if row["scope"] == self.scope[0]}  # fmt: skip
        values: list[str] = list(dict.fromkeys(format_number(float(value)) for value in held.values()))
        said = reduce(lambda earlier, later: _("{earlier}, then {later}", earlier=earlier, later=later), values)
        return Statement("policies", row, "value", said, RULES[self.rule], tuple(held))


def coefficient_statements(given: Given) -> list[CoefficientStatement]:
    """Return all statements that the scenario makes in coefficients."""
    policies, traffic = given.scenario["policies"], given.scenario["traffic"]
    rules = policies[policies["rule"].isin(list(RULES))]
    found = [
        CoefficientStatement(str(rule), (str(scope),))
        for rule, scope in zip(rules["rule"], rules["scope"], strict=True)
    ]
    fixed = traffic[traffic["routing"] == SHORTEST]
    found += [
        CoefficientStatement("", (str(one), str(other))) for one, other in zip(fixed["from"], fixed["to"], strict=True)
    ]
    return list(dict.fromkeys(found))
