"""Section 13: rules and limits in four groups (computing, transport, storage, application): slack and price in words.

The groups are those of the action plan for computing infrastructure (2023): 算力, 运力, 存力, 应用.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import pandas as pd

from xisuan.report import constraint_names, run_measures, terms
from xisuan.report.costs import own_rule_states, shadow_prices
from xisuan.report.costs.rule_states import PRICE, REACHED, is_least, states
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context
from xisuan.scenario.schema.policy_tables import REPORTED_RULES
from xisuan.text.numbers import MISSING, exact, money_scale
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

RULE_TABLES = {
    "computing": unfilled("Computing (算力): rules in {year}"),
    "transport": unfilled("Transport (运力): rules in {year}"),
    "storage": unfilled("Storage (存力): rules in {year}"),
    "application": unfilled("Application (应用): rules in {year}"),
}

BINDING_TABLES = {
    "computing": _("Computing (算力): limits that bind, the dearest first"),
    "transport": _("Transport (运力): limits that bind, the dearest first"),
    "storage": _("Storage (存力): limits that bind, the dearest first"),
    "application": _("Application (应用): limits that bind, the dearest first"),
}

GROUP_NAMES = {
    "computing": _("Computing (算力)"),
    "transport": _("Transport (运力)"),
    "storage": _("Storage (存力)"),
    "application": _("Application (应用)"),
}

GROUPS = ("computing", "transport", "storage", "application")
OF_RULE = {
    "link_load_max": "transport",
    "latency_stretch_max": "transport",
    "ring_hub_ms": "transport",
    "ring_region_ms": "application",
    "ring_city_ms": "application",
}
OF_LIMIT = {
    "bound on capacity": "transport",
    "traffic_within_link": "transport",
}
"""Everything else is computing, or, of storage equipment, storage."""
OF_BUDGET = {"network": "transport", "access": "application"}
MOST_LINES = 12
TIGHT = 1e-3
"""A rule with less slack than this, relative to its value, binds."""


SHARES = (
    "occupancy_min",
    "utilisation_min",
    "hub_share_min",
    "intelligent_share_min",
    "green_share_min",
    "clean_share_hourly_min",
    "clean_share_monthly_min",
    "link_load_max",
    "site_reserve_min",
)
"""Rules whose value is a share, said in per cent."""


def section(context: Context) -> Section:
    """Return the section on policies.

    For each group it shows the rules with the values reached and their slack, and the binding limits with their prices.
    """
    say = context.say
    rows, limits = states(context), shadow_prices.worth(context)
    limits = limits.assign(group=[_group(context, row) for row in run_measures.records(limits)])
    blocks: list[Block] = []
    for group in GROUPS:
        mine = [row for row in rows if OF_RULE.get(row["rule"], "computing") == group]
        table = _table(context, group, mine)
        binds = _binding(context, group, limits[limits["group"] == group])
        own = own_rule_states.table(context) if group == GROUPS[0] else None
        found = [block for block in (table, own, binds) if block is not None]
        blocks += found or [
            Text(
                say(_("{group}: no rule is in force and no limit binds.", group=say(GROUP_NAMES[group]))), tone="empty"
            )
        ]
    lead = say(
        _(
            "Four groups, as the action plan for computing infrastructure (2023) has them: computing (算力), "
            "transport (运力), storage (存力), application (应用). First what is asked and what is reached, then "
            "what each binding limit costs: what one more unit would save, all else as it is: of MWh, "
            "tonnes, water and hours of work in money of the year, undiscounted; of everything else over the "
            "whole horizon, discounted to {base}. Prices hold for small changes only.",
            base=context.scenario.settings.base_year,
        )
    )
    return Section("rules", say(_("Rules and limits")), lead, tuple(blocks))


def _group(context: Context, row: dict[str, Any]) -> str:
    name, parts = str(row["constraint"]), str(row["item"]).split("/")
    if name == "budget":
        return OF_BUDGET.get(parts[0], "computing")
    if name in ("bound on build", "bound on installed"):
        given = context.scenario["technologies"]
        return "storage" if (given.loc[given["technology"] == parts[1], "class"] == "storage").any() else "computing"
    return OF_LIMIT.get(name, "computing")


def _paid(context: Context, row: dict[str, Any]) -> float:
    """Return the cost of a carbon price in the last year, of gigabit access too where it is for all, mCNY."""
    costs = context.run.plan.costs
    costs = costs[(costs["period"] == context.last) & (costs["term"] == "carbon_price")]
    everywhere = row["scope"] == "all" and row["applies"] == "all"
    elsewhere = ~costs["where"].isin(shadow_prices.sites_in(context, "all")) if everywhere else False
    return float(costs.loc[costs["where"].isin(row["governed"]) | elsewhere, "mcny"].sum())


def _table(context: Context, group: str, rows: list[dict[str, Any]]) -> Table | None:
    if not rows:
        return None
    say = context.say
    columns = (
        Column(say(_("Rule"))),
        Column(say(_("Scope"))),
        Column(say(_("Asked")), number=True),
        Column(say(_("Reached {year}", year=context.last)), number=True),
        Column(say(_("Slack")), number=True),
        Column(say(_("What it costs"))),
    )
    order = {rule: at for at, rule in enumerate(REACHED)}
    rows = sorted(
        rows, key=lambda row: (order.get(row["rule"], 99), row["applies"], not _near(context, row), row["scope"])
    )
    lines: list[Row] = []
    for _rule, same in itertools.groupby(rows, key=lambda row: (row["rule"], row["applies"])):
        alike = list(same)
        lines += [_state(context, row) for row in alike if _near(context, row)]
        far = [row for row in alike if not _near(context, row)]
        if far:
            worst = min(far, key=lambda row: row["slack"] if math.isfinite(row["slack"]) else math.inf)
            lines.append(_state(context, worst, len(far)))
    reported = any(row["rule"] in REPORTED_RULES for row in rows)
    note = say(_("Slack: what is reached beyond what is asked; 0 means the rule binds.")) + (
        say(
            _(
                " Published standards of delay follow from where cables run, which the plan cannot change: they "
                "are listed for comparison, bind nothing, and are no part of what the certificate checks."
            )
        )
        if reported
        else ""
    )
    return Table(say(_(RULE_TABLES[group], year=context.last)), columns, tuple(lines), note=note)


def _near(context: Context, row: dict[str, Any]) -> bool:
    """Return True if a rule is about the focus, or about everything."""
    return row["scope"] in ("all", context.focus_hub, *context.focus)


def _state(context: Context, row: dict[str, Any], others: int = 0) -> Row:
    """Return the row of a rule. `others`: number of other scopes of the rule, of which this one is the tightest."""
    say, rule = context.say, str(row["rule"])
    factor, unit, decimals = _unit(context, rule)
    asked, reached, slack = (factor * float(row[name]) for name in ("asked", "reached", "slack"))
    none = (
        say(_("no new site in scope; halls added at sites that stand are not counted"))
        if row["applies"] == "new" and not row["sites"]
        else say(_("not counted by the plan"))
    )
    sign = "" if rule == PRICE else "≥ " if is_least(rule) else "≤ "
    none = say(_("a price, not a limit")) if rule == PRICE else none
    name = say(terms.named(constraint_names.RULES, rule)) + (say(_(", new sites")) if row["applies"] == "new" else "")
    whole = row["scope"] == "all" and rule == "link_load_max"
    scope = say(_("all links")) if whole else context.scope(str(row["scope"]))
    scope = say(_("{n} other scopes; tightest: {scope}", n=others, scope=scope)) if others > 1 else scope
    met = math.isfinite(slack) and slack >= -0.5 * 10.0**-decimals
    at = figure(reached, decimals, why=none)
    value = Cell(at.text + unit if at.value is not None else MISSING, tip=at.tip, value=at.value)
    room = Cell(
        f"{exact(slack, decimals)}{unit}" if math.isfinite(slack) else MISSING,
        tip=none,
        colour="" if met or not math.isfinite(slack) else "full",
    )
    return Row(
        (
            Cell(name),
            Cell(scope),
            Cell(f"{sign}{exact(asked, decimals)}{unit}", value=asked),
            value,
            room,
            Cell(_price(context, row)),
        ),
        kind="marked" if row["scope"] in (context.focus_hub, *context.focus) else "plain",
    )


def _unit(context: Context, rule: str) -> tuple[float, str, int]:
    """Factor, unit and decimals of a rule's values."""
    if rule in SHARES:
        return 100.0, "%" if context.language == "zh" else " %", 1
    if rule.startswith("ring_"):
        return 1.0, context.say(_(" ms")), 1
    if rule.startswith("carbon_cap"):
        return 1 / context.carbon.divisor, " " + context.carbon.unit, 2
    if rule == PRICE:
        return 1.0, context.say(_(" CNY/t")), 0
    return 1.0, "", 2


def _price(context: Context, row: dict[str, Any]) -> str:
    """Return the cost of a rule in words; the price itself stands with the limits that bind."""
    if row["applies"] == "new" and not row["sites"]:
        return context.say(_("no new site in scope; halls added at sites that stand are not counted"))
    if row["rule"] == PRICE:
        return context.say(
            _("paid: {money} in {year}", money=context.show.money(_paid(context, row)), year=context.last)
        )
    if not math.isfinite(row["reached"]):
        return context.say(
            _("not counted by the plan") if row["rule"] in REPORTED_RULES else _("nothing to hold it against")
        )
    missed = row["slack"] < -1e-4 * max(1.0, abs(row["asked"]))
    if row["rule"] in REPORTED_RULES:
        return context.say(
            _("published standard, for comparison, no rule of the plan: not met")
            if missed
            else _("published standard, for comparison: met")
        )
    if missed:
        return context.say(_("not met"))
    tight = row["slack"] <= TIGHT * max(1.0, abs(row["asked"]))
    if tight and row["rule"] == "site_reserve_min":
        return context.say(_("binds; paid in equipment, no price of its own"))
    return context.say(_("binds; price below") if tight else _("nothing: met with room"))


def _binding(context: Context, group: str, found: pd.DataFrame) -> Table | None:
    if not len(found):
        return None
    say = context.say
    most = float(found["worth"].max())
    scale = money_scale(context.language, most)
    columns = (Column(say(_("In words"))), Column(say(_("1 % more saves, discounted")), scale.unit, number=True))
    lines = tuple(
        Row(
            (
                Cell(shadow_prices.sentence(context, row)),
                figure(float(row["worth"]) / scale.divisor, bar=float(row["worth"]) / most),
            )
        )
        for row in run_measures.records(found.head(MOST_LINES))
    )
    note = say(
        _(
            "{shown} of {total}. Sorted by what one per cent more would save (one percentage point of a rule "
            "that is a share). A limit that the tables give for several years is moved in all of them "
            "together.",
            shown=len(lines),
            total=len(found),
        )
    )
    return Table(say(BINDING_TABLES[group]), columns, lines, note=note)
