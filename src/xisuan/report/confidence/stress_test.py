"""Plan under stress: other demand, prices and delays; then on days it was not made for."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.report import constraint_names, run_measures, shortages, terms
from xisuan.report.confidence import certificates
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import LEAST_SHARE, Context, inside, region_name, workload_name
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.unserved_work import undone
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.scenario.queries.row_keys import first_part
from xisuan.text.numbers import decimals, plain
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

MOST_REGIONS = 12
LEAST_CHARGE = 1e-7
"""Charges below this share of the cost are the tolerance of the solver as well."""
ROUNDING = 1e-9
"""Share of a cost below which a difference is that of adding in another order."""


OTHER_WORK = _("it does not serve the same work as the plan that knew the case, so their costs are not compared")
RESERVED = _("the cases have no failures: reserves for the failures that the plan must survive would count")
"""Reasons for blank cells."""


def cases(context: Context) -> tuple[Block, ...]:
    """Return the cases of the stress test as a table, with the certificate of their operation."""
    found = context.decided("stress")
    if found is None:
        return ()
    label = f"label_{context.language}"
    text = _("Where work is not served, the cost is that of the work served only: a lower cost is no saving there.")
    is_short = bool((found["shortfall_share"] > LEAST_SHARE).any())
    warning = (Text(context.say(text), tone="note"),) if is_short else ()
    table, checked = _cases(context, found), certificates.of_cases(found, context.say, lambda row: str(row[label]))
    return *warning, table, checked


def other_days(context: Context) -> tuple[Block, ...]:
    """Return the plan operated on days that it was not made for: cost, shortfall, excess of rules."""
    return tuple(_other_days(context))


def _cases(context: Context, found: pd.DataFrame) -> Table:
    """Return the table of cases, one row each: decisions of the first period are fixed, later ones know the case."""
    say, unit = context.say, context.money.unit
    columns = (
        Column(say(_("Case"))),
        Column(say(_("Cost")), unit, number=True),
        Column(say(_("Change of cost")), "%", number=True),
        Column(say(_("Largest shortfall")), "%", number=True),
        Column(say(_("Idle capital")), unit, number=True),
        Column(say(_("Regret")), unit, number=True),
        Column(say(_("New at {place}", place=context.focus_name)), "MW", number=True),
        Column(say(_("Change of new")), "%", number=True),
    )
    whole = found[~(found["shortfall_share"] > LEAST_SHARE)]
    most = float(whole["cost_change"].abs().max())
    found = found.assign(regret_mcny=_clear_small_regrets(found))
    sums = {name: found[name] / context.money.divisor for name in ("idle_mcny", "regret_mcny")}
    digits = {name: decimals(column.tolist(), 1) for name, column in sums.items()}
    digits["build_mw"] = decimals(found["build_mw"].tolist())
    lines = tuple(_case(context, row, most, digits) for row in run_measures.records(found))
    note = _cases_note(context, found)
    return Table(say(_("The first year's decisions stand, the case comes true")), columns, lines, note=note)


def _cases_note(context: Context, found: pd.DataFrame) -> str:
    """Return how to read the table of cases, and what it leaves out."""
    say = context.say
    note = say(
        _(
            "{note} Orders of the first year are frozen; later ones know the case. Cost is discounted, "
            "without penalties. Shortfall: the largest share of a year's demand of a workload. Idle: capital "
            "ordered in the first year that all sites together could do without in their fullest hour, on "
            "average of the years; it is older equipment that then stands still. Regret: what the frozen "
            "decisions cost more than those made knowing the case, for the same work; a dash where the two "
            "do not serve the same.",
            note=context.note("stress"),
        )
    )
    base = found[found["case"] == "base"]
    if (base["regret_mcny"] > 0.0).any():
        note += say(
            _(
                " The regret of the first row comes of the hours tried here not being the plan's own, and is in "
                "every row."
            )
        )
    if contingencies(context.scenario):
        note += say(
            _(
                " The cases have no failures. Idle capital and regret are left blank, because they would count the reserves "
                "for the failures that the plan must survive."
            )
        )
    note += (
        say(_(" With one period nothing can come a year late: that case is left out."))
        if len(context.periods) == 1
        else ""
    )
    return note


def _clear_small_regrets(found: pd.DataFrame) -> pd.Series[float]:
    """Regrets, 0 where they are less than what any two solutions may differ by."""
    regret: pd.Series[float] = found["regret_mcny"]
    return regret.mask(regret.abs() <= LEAST_CHARGE * found["cost_mcny"].abs(), 0.0)


def _case(context: Context, row: dict[str, Any], most: float, digits: dict[str, int]) -> Row:
    say, divisor, base = context.say, context.money.divisor, row["case"] == "base"
    missing = say(_("no plan") if row["status"] == "no plan" else _("not found for this case"))
    reserved = say(RESERVED) if contingencies(context.scenario) else ""
    change, short = float(row["cost_change"]), float(row["shortfall_share"])
    workload, label = str(row["shortfall_workload"]), str(row[f"label_{context.language}"])
    part = short > LEAST_SHARE
    if part:
        label += say(
            _(
                "; up to {share} of {name} not served",
                share=context.show.share(short),
                name=inside(workload_name(context, workload)),
            )
        )
    if part and (why := str(row.get(f"shortfall_why_{context.language}", ""))):
        label += say(_(" ({why})", why=why))
    long = abs(change) / most if most > 0 and not part else None
    cells = (
        Cell(label),
        figure(float(row["cost_mcny"]) / divisor, why=missing),
        Cell("") if base else figure(100 * change, 1, why=missing, signed=True, bar=long),
        figure(100 * short, 2, why=missing, tip=workload_name(context, workload) if workload else ""),
        figure(float(row["idle_mcny"]) / divisor, digits["idle_mcny"], why=reserved or missing),
        figure(
            float(row["regret_mcny"]) / divisor,
            digits["regret_mcny"],
            why=reserved or (say(OTHER_WORK) if part else missing),
        ),
        figure(float(row["build_mw"]), digits["build_mw"], why=missing),
        Cell("") if base else figure(100 * float(row["build_change"]), 0, why=missing, signed=True),
    )
    return Row(cells, kind="marked" if base else "plain")


def _other_days(context: Context) -> list[Block]:
    say, others = context.say, context.run.others
    if others is None:
        return [
            Text(
                say(
                    _("The plan has not been operated on days other than its own. {why}", why=context.why_not("others"))
                ),
                tone="empty",
            )
        ]
    said = (
        say(
            _(
                "On other days: the capacity of the plan, operated on {hours} that it was not made for. ",
                hours=hours_tried(context, others),
            )
        ),
        _cost(context, others),
        certificates.sentence(context, others),
    )
    lead = Text("".join(said))
    return [lead, *left(context, others)]


def left(context: Context, others: Schedule) -> list[Block]:
    """Return the work that a schedule does not serve, by workload and region, and the yearly rules that it exceeds."""
    blocks: list[Block] = []
    short = others.shortfall
    short = short[short["share"] > LEAST_SHARE]
    if len(short):
        blocks += [_by_workload(context, others, short), _worst(context, others, short)]
    else:
        blocks.append(Text(context.say(_("Everything is served."))))
    excess = _exceeded(others)
    blocks.append(_excess(context, excess) if len(excess) else Text(context.say(_("No yearly rule is exceeded."))))
    return blocks


def _exceeded(others: Schedule) -> pd.DataFrame:
    """Yearly rules that are exceeded by more than the tolerance of the solver."""
    return others.excess[others.excess["mcny"] > LEAST_CHARGE * others.cost_mcny]


def hours_tried(context: Context, schedule: Schedule) -> str:
    """Return the hours of a schedule in words: `12 days`, or `336 hours`."""
    timeline = schedule.scenario.timeline
    days = all(block.hours == units.HOURS_PER_DAY for block in timeline.blocks)
    if days:
        return context.say(_("{n} days", n=len(timeline.blocks)))
    return context.say(_("{n} hours", n=f"{timeline.n_hours:,}"))


def extra_cost(context: Context) -> float | None:
    """Cost of operation on other days less that on the plan's own hours, penalties left out, mCNY; None: unknown."""
    own, others = context.run.schedule, context.run.others
    if own is None or others is None:
        return None
    return (others.cost_mcny - others.penalty_mcny) - (own.cost_mcny - own.penalty_mcny)


def left_open(schedule: Schedule) -> float:
    """Return the proven amount by which the cost of an operation may exceed the least, at least rounding, mCNY."""
    gap = schedule.gap if math.isfinite(schedule.gap) else 0.0
    return max(ROUNDING, gap) * abs(schedule.cost_mcny)


def _cost(context: Context, others: Schedule) -> str:
    extra = extra_cost(context)
    own = context.run.schedule
    said = ""
    if extra is not None and own is not None:
        base = own.cost_mcny - own.penalty_mcny
        if abs(extra) <= left_open(own) + left_open(others):
            said = context.say(
                _(
                    "Operation costs what it does on the plan's own hours, {base}, within what the two proofs leave "
                    "open, penalties left out.",
                    base=context.show.money(base),
                )
            )
        else:
            key = (
                unfilled(
                    "Operation costs {extra} more ({share}) than the {base} on the plan's own hours, penalties left "
                    "out."
                )
                if extra >= 0
                else unfilled(
                    "Operation costs {extra} less ({share}) than the {base} on the plan's own hours, penalties left "
                    "out."
                )
            )
            share = context.show.tiny(abs(extra) / base) if base > 0 else ""
            said = context.say(_(key, extra=context.show.money(abs(extra)), share=share, base=context.show.money(base)))
    if others.penalty_mcny > LEAST_CHARGE * others.cost_mcny:
        told = (others.shortfall["share"] > LEAST_SHARE).any() or len(_exceeded(others))
        said += context.say(
            _(
                unfilled(" Penalties come to {penalty}.")
                if told
                else unfilled(" Penalties of {penalty} are for what is left by the tolerance of the solver."),
                penalty=context.show.money(others.penalty_mcny),
            )
        )
    return said or context.say(
        _("The plan has not been operated on its own hours, so there is nothing to compare its cost with.")
    )


def _by_workload(context: Context, others: Schedule, short: pd.DataFrame) -> Table:
    say = context.say
    shares = undone(others.tables["service"]).set_index(["period", "workload"])["share"]
    sums = short.groupby(["period", "workload"], sort=False)[["unit_hours", "mcny"]].sum()
    columns = (
        Column(say(_("Year"))),
        Column(say(_("Workload"))),
        Column(say(_("Not served")), say(_("unit-hours a year")), number=True),
        Column(say(_("Of demand")), number=True),
        Column(say(_("Charged a year")), context.money.unit, number=True),
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
                    context.money_cell(float(row["mcny"])),
                )
            )
        )
    return Table(
        say(_("Not served, by workload")),
        columns,
        tuple(lines),
        note=say(_("The charge is what the scenario sets for work that is not served; it is no forecast of damage.")),
    )


def _worst(context: Context, others: Schedule, short: pd.DataFrame) -> Table:
    say = context.say
    rows = short.sort_values("share", ascending=False, kind="stable").head(MOST_REGIONS)
    columns = (
        Column(say(_("Year"))),
        Column(say(_("Workload"))),
        Column(say(_("Region"))),
        Column(say(_("Of demand")), number=True),
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
    return Table(say(_("Where it falls short most")), columns, lines, note=_whose(context, others), folded=True)


def _whose(context: Context, others: Schedule) -> str:
    """Return that the whole network is short, where it is: whose work is left undone is then no finding."""
    if not any(one.is_everywhere for one in shortages.shortages(context, others)):
        return ""
    return context.say(
        _(
            "In the hours concerned one unit more would be left undone in every region: the whole network is short. "
            "Work left undone costs the same everywhere, so operation leaves it where serving it costs most. Shared by "
            "all regions, each would lack the share of the table before."
        )
    )


def _excess(context: Context, rows: pd.DataFrame) -> Table:
    say = context.say
    columns = (
        Column(say(_("Year"))),
        Column(say(_("Rule"))),
        Column(say(_("Scope"))),
        Column(say(_("Exceeded by")), number=True),
        Column(say(_("Charged a year")), context.money.unit, number=True),
    )
    lines = tuple(
        Row(
            (
                Cell(str(row["period"])),
                Cell(say(terms.named(constraint_names.RULES, str(row["rule"])))),
                Cell(context.scope(first_part(str(row["scope"]), context.scenario["policies"]["scope"]))),
                Cell(f"{plain(float(row['amount']))} {row['unit']}"),
                context.money_cell(float(row["mcny"])),
            )
        )
        for row in run_measures.records(rows)
    )
    return Table(
        say(_("Yearly rules exceeded")),
        columns,
        lines,
        note=say(
            _("A rule of the year may be exceeded on other days at a charge, so that operation always has an answer.")
        ),
    )
