"""Section 8: levelised cost of compute, per unit of work and per rack and month."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures, terms
from xisuan.report.costs import site_comparison
from xisuan.report.document.blocks import Block, Cell, Column, Row, RowKind, Section, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context, inside
from xisuan.results.decision_tables import INSTALLED
from xisuan.text.numbers import exact
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

PARTS = {
    "equipment": _("Equipment"),
    "hall": _("Halls"),
    "power": in_context("levelised", "Power"),
    "network": _("Network"),
}
"""What a unit of work costs, part by part."""


def unit_cost(context: Context) -> Table | None:
    """Return the unit costs of the place's main class from the table `unit_costs`, and how each follows from the others.

    None where they were not found.
    """
    say, found = context.say, context.decided("unit_costs")
    if found is None or found["cny"].isna().all():
        return None
    order = found["class"].map(run_measures.CLASS_ORDER).fillna(9)
    kind = str(found.loc[order.sort_values(kind="stable").index, "class"].iloc[0])
    rows = run_measures.records(found[found["class"] == kind])
    unit = say(_("CNY per {unit}-hour", unit=context.one(str(rows[0]["unit"]))))
    columns = (Column(say(_("Of what"))), Column(say(_("Cost")), unit, number=True), Column(say(_("How it follows"))))
    name = say(terms.named(terms.PLAIN_CLASSES, kind))
    title = say(_("One unit of {name} at {place}, {year}", name=name, place=context.focus_name, year=rows[0]["period"]))
    lines = tuple(
        Row((Cell(what), figure(float(row["cny"])), Cell(how)))
        for row in rows
        for what, how in [_unit_cost(context, row)]
    )
    note = say(
        _(
            "New equipment, its halls, power and network; capital as annuities. These are the unit costs of the whole "
            "report: sites are compared by work, places by the mean, rents of cards with what is installed."
        )
    )
    return Table(title, columns, lines, style="pairs", note=note)


def _unit_cost(context: Context, row: dict[str, Any]) -> tuple[str, str]:
    """Return the name of a unit cost, and how it follows from the others."""
    say = context.say
    if row["per"] == INSTALLED:
        used = context.show.share(float(row["use"]))
        how = say(_("the mean times the use of the equipment, {use}", use=used))
        return say(_("an hour of what is installed")), how + _in_plan(context, row)
    if row["workload"]:
        share = context.show.share(float(row["share"]))
        how = say(_("this work alone, with equipment for its peak hour; {share} of the work here", share=share))
        return say(_("an hour served: {work}", work=inside(context.workload(str(row["workload"]))))), how
    return say(_("an hour served: mean of all work here")), say(_("the above, weighted by the work: the unit cost"))


def _in_plan(context: Context, row: dict[str, Any]) -> str:
    """Return how far the plan uses all equipment of the class, where that shows as another share; else blank."""
    found = run_measures.utilisation(context.run)
    found = found[
        (found["period"] == row["period"]) & (found["class"] == row["class"]) & found["site"].isin(list(context.focus))
    ]
    installed = float(found["installed"].sum())
    share = context.show.share(float(found["used"].sum()) / installed) if installed > 0 else ""
    if share in ("", context.show.share(float(row["use"]))):
        return ""
    return context.say(_("; kinds of work that share equipment use it more: {share} in the plan", share=share))


def section(context: Context) -> Section:
    """Return the cost by place and class; without the table, that of a kilowatt-hour of IT over the whole plan."""
    say, found = context.say, context.decided("levelised")
    blocks: list[Block] = []
    if found is None:
        blocks.append(
            Text(say(_("Levelised costs were not found. {why}", why=context.why_not("levelised"))), tone="empty")
        )
    else:
        found = found[[not context.only_site(place) for place in found["place"]]]
        classes = sorted(found["class"].unique(), key=lambda kind: run_measures.CLASS_ORDER.get(str(kind), 9))
        blocks += [_table(context, str(kind), found[found["class"] == kind], at > 0) for at, kind in enumerate(classes)]
        blocks += [_racks(context, found[found["class"] == kind]) for kind in classes[:1]]
    whole = levelised(context)
    if math.isfinite(whole):
        blocks.append(
            Text(
                say(
                    _(
                        "The whole plan, capital included, costs {value} CNY for a kilowatt-hour of IT energy (both "
                        "discounted).",
                        value=exact(whole, 2),
                    )
                )
            )
        )
    return Section(
        "levelised",
        say(_("Levelised cost of compute")),
        say(
            _(
                "What a unit of work costs in the last year with new equipment, its halls, power and network "
                "(capital as annuities): each workload by itself, with equipment large enough for its peak, as "
                "in the comparison of sites; places and classes are means over the work that the plan runs there."
            )
        ),
        tuple(blocks),
    )


def _place(context: Context, key: str) -> str:
    if key == "all":
        return context.say(_("Whole network"))
    return context.site(key) if key in set(context.scenario["sites"]["site"]) else context.hub(key)


def _kind(context: Context, place: str) -> RowKind:
    return "marked" if place in (context.focus_hub, *context.focus) else "plain"


def _table(context: Context, kind: str, rows: pd.DataFrame, folded: bool) -> Table:
    """Cost of a unit-hour by place in the last year, and what it is made of."""
    say = context.say
    unit = say(_("CNY per {unit}-hour", unit=context.one(str(rows["unit"].iloc[0]))))
    columns = (
        Column(say(_("Where"))),
        Column(say(_("Of work served")), number=True),
        Column(say(_("Of what is installed")), number=True),
        Column(say(_("Made up of"))),
        *(Column(say(PARTS[part]), "%", number=True) for part in PARTS),
    )
    most = float(rows["cny_per_unit_hour"].max())
    legend = tuple((say(PARTS[part]), f"unit-{part}") for part in PARTS)
    return Table(
        say(_("Cost of {name}, {unit}", name=say(terms.named(terms.PLAIN_CLASSES, kind)), unit=unit)),
        columns,
        tuple(_row(context, row, most) for row in run_measures.records(rows)),
        folded=folded,
        legend=legend,
        note=say(_("{halls}FP16 and FP32 have different units and do not compare.", halls=_standing(context, rows))),
    )


def _standing(context: Context, rows: pd.DataFrame) -> str:
    """Return the places shown that are given halls that stand."""
    costs = context.decided("hub_costs")
    return "" if costs is None else site_comparison.standing(context, costs[costs["site"].isin(rows["place"])])


def _row(context: Context, row: dict[str, Any], most: float) -> Row:
    none = context.say(_("nothing new in that year"))
    whole = float(row["cny_per_unit_hour"])
    decimals = 2 if most < 100 else 0
    parts = {part: float(row[f"{part}_cny"]) for part in PARTS}
    bars = tuple((value / most, f"unit-{part}") for part, value in parts.items() if math.isfinite(value) and value > 0)
    cells = (
        Cell(_place(context, str(row["place"]))),
        figure(whole, decimals, why=none),
        figure(float(row["cny_per_installed_unit_hour"]), decimals, why=none),
        Cell("", parts=bars if math.isfinite(whole) else ()),
        *(figure(100 * value / whole if whole > 0 else math.nan, 0, why=none) for value in parts.values()),
    )
    return Row(cells, kind=_kind(context, str(row["place"])))


def _racks(context: Context, found: pd.DataFrame) -> Table:
    """Per standard rack and month, with and without equipment, in the last year."""
    say = context.say
    rows = found[found["class"] == found["class"].iloc[0]]
    unit, none = say(_("CNY a month")), say(_("nothing new in that year"))
    columns = (
        Column(say(_("Where"))),
        Column(say(_("Without equipment")), unit, number=True),
        Column(say(_("With equipment")), unit, number=True),
    )
    lines = tuple(
        Row(
            (
                Cell(_place(context, str(row["place"]))),
                figure(float(row["cny_per_rack_month"]), 0, why=none),
                figure(float(row["with_equipment_cny_per_rack_month"]), 0, why=none),
            ),
            kind=_kind(context, str(row["place"])),
        )
        for row in run_measures.records(rows)
    )
    title = say(
        _(
            "Per standard rack and month, {name}, {year}",
            year=context.last,
            name=say(terms.named(terms.PLAIN_CLASSES, str(rows["class"].iloc[0]))),
        )
    )
    return Table(title, columns, lines, style="pairs", note=say(_("For 2.5 kW of IT in use.")))


def levelised(context: Context) -> float:
    """Discounted cost of the whole plan per discounted kWh of IT energy, CNY."""
    timeline = context.scenario.timeline
    weight = dict(zip(timeline.periods, timeline.period_discount.tolist(), strict=True))
    energy = context.energy
    total = float((energy["it_mwh"] * energy["period"].map(weight)).sum())
    return context.run.plan.cost_mcny / total * 1e3 if total > 0 else float("nan")
