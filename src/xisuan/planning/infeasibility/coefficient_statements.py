"""What a scenario states in coefficients, so that no row or bound is its own: reserves, loads of links, fixed traffic.

A search among rows cannot drop such a statement: it is left out of the scenario, and the equations are set up again.
"""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.equations.index_sets import Given
from xisuan.planning.infeasibility.statements import Statement, show
from xisuan.scenario.scenario import Scenario

RULES = {"site_reserve_min": "lower", "link_load_max": "raise"}
"""Rules that are factors on a capacity, and how to loosen them."""
SHORTEST = "shortest"
"""Routing of traffic whose path is given."""


@dataclass(frozen=True, slots=True)
class Inside:
    """A rule in one scope, or (`rule` blank) the traffic on shortest paths between two ends."""

    rule: str
    scope: tuple[str, ...]

    def left_out(self, scenario: Scenario) -> Scenario:
        """`scenario` without it."""
        name = "policies" if self.rule else "traffic"
        frame = scenario[name]
        if self.rule:
            mine = (frame["rule"] == self.rule) & (frame["scope"] == self.scope[0])
        else:
            mine = (frame["routing"] == SHORTEST) & (frame["from"] == self.scope[0]) & (frame["to"] == self.scope[1])
        return scenario.with_tables(**{name: frame[~mine].reset_index(drop=True)})

    def statement(self, given: Given) -> Statement:
        """What it says, in the periods in which it says so."""
        row = "/".join((self.rule, *self.scope) if self.rule else self.scope)
        if not self.rule:
            rows = given.scenario["traffic"]
            rows = rows[(rows["from"] == self.scope[0]) & (rows["to"] == self.scope[1])]
            said = f"{show(float(rows['gbps'].iloc[0]))} must be carried on the shortest path"
            return Statement("traffic", row, "gbps", said, "lower it, or let it take any path (routing free)")
        held = {year: row["value"] for year in given.periods for row in given.rules_at(self.rule, year)
                if row["scope"] == self.scope[0]}  # fmt: skip
        said = " then ".join(dict.fromkeys(show(float(value)) for value in held.values()))
        loosen = f"{RULES[self.rule]} it, or give the row a narrower scope"
        return Statement("policies", row, "value", said, loosen, tuple(held))


def inside(given: Given) -> list[Inside]:
    """All that the scenario says in coefficients."""
    policies, traffic = given.scenario["policies"], given.scenario["traffic"]
    rules = policies[policies["rule"].isin(list(RULES))]
    found = [Inside(str(rule), (str(scope),)) for rule, scope in zip(rules["rule"], rules["scope"], strict=True)]
    fixed = traffic[traffic["routing"] == SHORTEST]
    found += [Inside("", (str(one), str(other))) for one, other in zip(fixed["from"], fixed["to"], strict=True)]
    return list(dict.fromkeys(found))
