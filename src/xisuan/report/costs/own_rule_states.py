"""Own rules of the scenario for section 13: what each asks in the last year, what the plan reaches, and the slack."""

from __future__ import annotations

import numpy as np

from xisuan.equations.constraints.own_rules import left_sides
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context
from xisuan.scenario.queries.own_rules import OwnRule, own_rules
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _

SIGNS = {"<=": "≤", ">=": "≥", "=": "="}
ROUNDING = 1e-6
"""Relative difference from a rule's right side up to which it is rounding of the solver."""
TIGHT = 1e-3
"""A rule with less slack than this, relative to its value, binds."""


def table(context: Context) -> Table | None:
    """Return the own rules in force in the last year; None without any."""
    first = context.scenario.settings.periods[0]
    rules = [rule for rule in own_rules(context.scenario) if context.last in rule.in_force(first)]
    if not rules:
        return None
    say = context.say
    columns = (
        Column(say(_("Own rule"))),
        Column(say(_("Asked")), number=True),
        Column(say(_("Reached {year}", year=context.last)), number=True),
        Column(say(_("Slack")), number=True),
        Column(say(_("What it costs"))),
    )
    sums = left_sides(context.scenario, context.run.plan.variables)
    rows = tuple(_row(context, rule, sums[rule.name][-1]) for rule in rules)
    note = say(_("Of a rule by hour the hour with the least slack is shown."))
    return Table(say(_("Own rules in {year}", year=context.last)), columns, rows, note=note)


def _row(context: Context, rule: OwnRule, sums: np.typing.NDArray[np.float64]) -> Row:
    """Return one rule; `sums`: what it adds up to in the last period, in each hour where it is by hour."""
    asked, sign = rule.values[context.last], 1.0 if rule.sense == "<=" else -1.0
    reached = float(sign * np.max(sign * np.atleast_1d(sums)))
    reached = asked if abs(reached - asked) <= ROUNDING * max(1.0, abs(asked)) else reached
    slack = -abs(asked - reached) if rule.sense == "=" else sign * (asked - reached)
    size = max(1.0, abs(asked))
    tight = slack <= TIGHT * size
    costs = _("not met") if slack < -TIGHT * size else _("binds; price below") if tight else _("nothing: met with room")
    unit = f" {rule.unit}" if rule.unit else ""
    return Row(
        (
            Cell(rule.name),
            Cell(f"{SIGNS[rule.sense]} {plain(asked)}{unit}", value=asked),
            figure(reached),
            figure(0.0 if abs(slack) <= TIGHT * size else slack),
            Cell(context.say(costs)),
        )
    )
