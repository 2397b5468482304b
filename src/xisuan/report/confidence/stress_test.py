"""Section 14: the plan under stress: other demand, prices and delays; then on days it was not made for."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.report import run_measures
from xisuan.report.confidence import certificates
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import LEAST_SHARE, Context, inside, region_name, workload_name
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.unserved_work import undone
from xisuan.text.numbers import decimals, plain

MOST_REGIONS = 12
LEAST_CHARGE = 1e-7
"""Charges below this share of the cost are the tolerance of the solver as well."""
ROUNDING = 1e-9
"""Share of a cost below which a difference is that of adding in another order."""


def section(context: Context) -> Section:
    """Cases of stress, then cost on other days beside the plan's own, shortfall by workload, excess of rules."""
    say, found = context.say, context.decided("stress")
    cases: tuple[Block, ...] = (
        (Text(say("stress.no_cases", why=context.why_not("stress")), tone="empty"),)
        if found is None
        else (
            _cases(context, found),
            certificates.of_cases(found, say, lambda row: str(row[f"label_{context.language}"])),
        )
    )
    warned = found is not None and bool((found["shortfall_share"] > LEAST_SHARE).any())
    warning = (Text(say("stress.part_served"), tone="note"),) if warned else ()
    return Section("stress", say("stress.title"), say("stress.lead"), (*warning, *cases, *_other_days(context)))


def _cases(context: Context, found: pd.DataFrame) -> Table:
    """One row a case: the first period's decisions stand, everything later knows the case."""
    say, unit = context.say, context.money.unit
    columns = (
        Column(say("stress.case")),
        Column(say("stress.cost"), unit, number=True),
        Column(say("stress.cost_change"), "%", number=True),
        Column(say("stress.short_share"), "%", number=True),
        Column(say("stress.idle"), unit, number=True),
        Column(say("stress.regret"), unit, number=True),
        Column(say("stress.new_here", place=context.focus_name), "MW", number=True),
        Column(say("stress.new_change"), "%", number=True),
    )
    whole = found[~(found["shortfall_share"] > LEAST_SHARE)]
    most = float(whole["cost_change"].abs().max())
    found = found.assign(regret_mcny=_settled(found))
    sums = {name: found[name] / context.money.divisor for name in ("idle_mcny", "regret_mcny")}
    digits = {name: decimals(column.tolist(), 1) for name, column in sums.items()}
    digits["build_mw"] = decimals(found["build_mw"].tolist())
    lines = tuple(_case(context, row, most, digits) for row in run_measures.records(found))
    note = say("stress.table_note", note=context.note("stress"))
    base = found[found["case"] == "base"]
    if (base["regret_mcny"] > 0.0).any():
        note += say("stress.base_regret")
    note += say("stress.one_period") if len(context.periods) == 1 else ""
    return Table(say("stress.table"), columns, lines, note=note)


def _settled(found: pd.DataFrame) -> pd.Series[float]:
    """Regrets, 0 where they are less than what any two solutions may differ by."""
    regret: pd.Series[float] = found["regret_mcny"]
    return regret.mask(regret.abs() <= LEAST_CHARGE * found["cost_mcny"].abs(), 0.0)


def _case(context: Context, row: dict[str, Any], most: float, digits: dict[str, int]) -> Row:
    say, divisor, base = context.say, context.money.divisor, row["case"] == "base"
    missing = say("stress.no_plan" if row["status"] == "no plan" else "stress.not_solved")
    change, short = float(row["cost_change"]), float(row["shortfall_share"])
    workload, label = str(row["shortfall_workload"]), str(row[f"label_{context.language}"])
    part = short > LEAST_SHARE
    if part:
        label += say("stress.unserved", share=context.show.share(short), name=inside(workload_name(context, workload)))
    long = abs(change) / most if most > 0 and not part else None
    cells = (
        Cell(label),
        figure(float(row["cost_mcny"]) / divisor, why=missing),
        Cell("") if base else figure(100 * change, 1, why=missing, signed=True, bar=long),
        figure(100 * short, 2, why=missing, tip=workload_name(context, workload) if workload else ""),
        figure(float(row["idle_mcny"]) / divisor, digits["idle_mcny"], why=missing),
        figure(
            float(row["regret_mcny"]) / divisor, digits["regret_mcny"], why=say("stress.unlike") if part else missing
        ),
        figure(float(row["build_mw"]), digits["build_mw"], why=missing),
        Cell("") if base else figure(100 * float(row["build_change"]), 0, why=missing, signed=True),
    )
    return Row(cells, kind="marked" if base else "plain")


def _other_days(context: Context) -> list[Block]:
    say, others = context.say, context.run.others
    if others is None:
        return [Text(say("stress.none", why=context.why_not("others")), tone="empty")]
    said = (
        say("stress.days_lead", hours=hours_tried(context, others)), _cost(context, others),
        certificates.sentence(context, others),
    )  # fmt: skip
    lead = Text("".join(said))
    return [lead, *left(context, others)]


def left(context: Context, others: Schedule) -> list[Block]:
    """What a schedule does not serve, by workload and where most, and the yearly rules that it exceeds."""
    blocks: list[Block] = []
    short = others.shortfall
    short = short[short["share"] > LEAST_SHARE]
    if len(short):
        blocks += [_by_workload(context, others, short), _worst(context, short)]
    else:
        blocks.append(Text(context.say("stress.all_served")))
    excess = _exceeded(others)
    blocks.append(_excess(context, excess) if len(excess) else Text(context.say("stress.no_excess")))
    return blocks


def _exceeded(others: Schedule) -> pd.DataFrame:
    """Yearly rules that are exceeded by more than the tolerance of the solver."""
    return others.excess[others.excess["mcny"] > LEAST_CHARGE * others.cost_mcny]


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


def left_open(schedule: Schedule) -> float:
    """By how much the cost of an operation may be above the least, as far as that is proven and beyond rounding, mCNY."""
    gap = schedule.gap if math.isfinite(schedule.gap) else 0.0
    return max(ROUNDING, gap) * abs(schedule.cost_mcny)


def _cost(context: Context, others: Schedule) -> str:
    extra = extra_cost(context)
    own = context.run.schedule
    said = ""
    if extra is not None and own is not None:
        base = own.cost_mcny - own.penalty_mcny
        if abs(extra) <= left_open(own) + left_open(others):
            said = context.say("stress.same", base=context.show.money(base))
        else:
            key = "stress.dearer" if extra >= 0 else "stress.cheaper"
            share = context.show.tiny(abs(extra) / base) if base > 0 else ""
            said = context.say(key, extra=context.show.money(abs(extra)), share=share, base=context.show.money(base))
    if others.penalty_mcny > LEAST_CHARGE * others.cost_mcny:
        told = (others.shortfall["share"] > LEAST_SHARE).any() or len(_exceeded(others))
        said += context.say(
            "stress.penalty" if told else "stress.rounding", penalty=context.show.money(others.penalty_mcny)
        )
    return said or context.say("stress.no_base")


def _by_workload(context: Context, others: Schedule, short: pd.DataFrame) -> Table:
    say = context.say
    shares = undone(others.tables["service"]).set_index(["period", "workload"])["share"]
    sums = short.groupby(["period", "workload"], sort=False)[["unit_hours", "mcny"]].sum()
    columns = (
        Column(say("col.year")),
        Column(say("col.workload")),
        Column(say("col.not_served"), say("unit.unit_hours"), number=True),
        Column(say("col.of_demand"), number=True),
        Column(say("col.charged"), context.money.unit, number=True),
    )
    lines = []
    for row in run_measures.records(sums.reset_index()):
        period, workload = row["period"], row["workload"]
        share = run_measures.number(shares.get((period, workload), math.nan))
        lines.append(
            Row(
                (
                    Cell(str(period)),
                    Cell(workload_name(context, str(workload))),
                    Cell(plain(float(row["unit_hours"]))),
                    Cell(context.show.share(share) if math.isfinite(share) else ""),
                    Cell(context.in_money(float(row["mcny"]))),
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
        for row in run_measures.records(rows)
    )
    return Table(say("stress.worst"), columns, lines, folded=True)


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
                Cell(context.in_money(float(row["mcny"]))),
            )
        )
        for row in run_measures.records(rows)
    )
    return Table(say("stress.excess"), columns, lines, note=say("stress.excess_note"))
