"""Section 14: the plan operated on days it was not made for: extra cost, what is not served, rules exceeded."""

from __future__ import annotations

import math

import pandas as pd

from xisuan import units
from xisuan.report import measures
from xisuan.report.context import Context
from xisuan.report.figures import plain
from xisuan.report.orders import in_money
from xisuan.report.specs import Block, Cell, Column, Row, Section, Table, Text
from xisuan.results.schedule import Schedule

MOST_REGIONS = 12
LEAST_SHARE = 1e-6
"""Less of a demand than this is the tolerance of the solver, not shortfall."""


def section(context: Context) -> Section:
    """Cost on other days beside the plan's own, shortfall by workload, excess of rules."""
    say = context.say
    others = context.run.others
    if others is None:
        return Section("stress", say("stress.title"), blocks=(Text(say("stress.none"), tone="empty"),))
    blocks: list[Block] = [Text(_cost(context, others))]
    short = others.shortfall
    short = short[short["share"] > LEAST_SHARE]
    if len(short):
        blocks += [_byworkload_name(context, others, short), _worst(context, short)]
    else:
        blocks.append(Text(say("stress.all_served")))
    excess = others.excess
    excess = excess[excess["amount"] > 0]
    blocks.append(_excess(context, excess) if len(excess) else Text(say("stress.no_excess")))
    return Section("stress", say("stress.title"), say("stress.lead", hours=hours_tried(context, others)), tuple(blocks))


def hours_tried(context: Context, schedule: Schedule) -> str:
    """The hours of a schedule in words: `12 days`, or `336 hours`."""
    timeline = schedule.scenario.timeline
    days = all(block.hours == units.HOURS_PER_DAY for block in timeline.blocks)
    if days:
        return context.say("stress.days", n=len(timeline.blocks))
    return context.say("stress.hours", n=f"{timeline.n_hours:,}")


def extra_cost(context: Context) -> float | None:
    """Cost of operation on other days less that on the plan's own hours, penalties left out, mCNY; None: unknown."""
    own, others = context.run.schedule, context.run.others
    if own is None or others is None:
        return None
    return (others.cost_mcny - others.penalty_mcny) - (own.cost_mcny - own.penalty_mcny)


def _cost(context: Context, others: Schedule) -> str:
    extra = extra_cost(context)
    own = context.run.schedule
    said = ""
    if extra is not None and own is not None:
        base = own.cost_mcny - own.penalty_mcny
        key = "stress.dearer" if extra >= 0 else "stress.cheaper"
        share = context.show.tiny(abs(extra) / base) if base > 0 else ""
        said = context.say(key, extra=context.show.money(abs(extra)), share=share, base=context.show.money(base))
    if others.penalty_mcny > 0:
        said += context.say("stress.penalty", penalty=context.show.money(others.penalty_mcny))
    return said or context.say("stress.no_base")


def _byworkload_name(context: Context, others: Schedule, short: pd.DataFrame) -> Table:
    say = context.say
    demand = others.scenario["demand"].groupby(["period", "workload"])["units"].sum() * units.HOURS_PER_YEAR
    sums = short.groupby(["period", "workload"], sort=False)[["unit_hours", "mcny"]].sum()
    columns = (
        Column(say("col.year")),
        Column(say("col.workload")),
        Column(say("col.not_served"), say("unit.unit_hours"), number=True),
        Column(say("col.of_demand"), number=True),
        Column(say("col.charged"), context.money.unit, number=True),
    )
    lines = []
    for row in measures.records(sums.reset_index()):
        period, workload = row["period"], row["workload"]
        asked = measures.number(demand.get((period, workload), math.nan))
        lines.append(
            Row(
                (
                    Cell(str(period)),
                    Cell(workload_name(context, str(workload))),
                    Cell(plain(float(row["unit_hours"]))),
                    Cell(context.show.tiny(float(row["unit_hours"]) / asked) if asked > 0 else ""),
                    Cell(in_money(context, float(row["mcny"]))),
                )
            )
        )
    return Table(say("stress.short"), columns, tuple(lines), note=say("stress.short_note"))


def _worst(context: Context, short: pd.DataFrame) -> Table:
    say = context.say
    rows = short.sort_values("share", ascending=False, kind="stable").head(MOST_REGIONS)
    columns = (
        Column(say("col.year")),
        Column(say("col.workload")),
        Column(say("col.region")),
        Column(say("col.of_demand"), number=True),
    )
    lines = tuple(
        Row(
            (
                Cell(str(row["period"])),
                Cell(workload_name(context, str(row["workload"]))),
                Cell(region_name(context, str(row["region"]))),
                Cell(context.show.tiny(float(row["share"]))),
            )
        )
        for row in measures.records(rows)
    )
    return Table(say("stress.worst"), columns, lines, folded=True)


def workload_name(context: Context, name: str) -> str:
    """A workload, or other traffic."""
    return context.say("word.traffic") if name == "traffic" else context.workload(name)


def region_name(context: Context, name: str) -> str:
    """A region, or the two ends of other traffic."""
    return " – ".join(context.node(part) for part in name.split("/")) if "/" in name else context.name("regions", name)


def _excess(context: Context, rows: pd.DataFrame) -> Table:
    say = context.say
    columns = (
        Column(say("col.year")),
        Column(say("col.rule")),
        Column(say("col.scope")),
        Column(say("col.exceeded_by"), number=True),
        Column(say("col.charged"), context.money.unit, number=True),
    )
    lines = tuple(
        Row(
            (
                Cell(str(row["period"])),
                Cell(say.known("rule", str(row["rule"]))),
                Cell(context.scope(str(row["scope"]).split("/")[0])),
                Cell(f"{plain(float(row['amount']))} {row['unit']}"),
                Cell(in_money(context, float(row["mcny"]))),
            )
        )
        for row in measures.records(rows)
    )
    return Table(say("stress.excess"), columns, lines, note=say("stress.excess_note"))
