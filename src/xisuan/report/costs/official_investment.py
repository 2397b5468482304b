"""Investment on the official definition in section 5: what was published, and what the plan orders."""

from __future__ import annotations

import dataclasses
import math

from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import figure
from xisuan.report.document.number_cells import year as year_text
from xisuan.report.operation import network_load
from xisuan.report.run_context import Context
from xisuan.text.numbers import MISSING
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

OFFICIAL_KINDS = {
    "actual": unfilled("{when}, published"),
    "target": unfilled("{when}, aimed at"),
    "forecast": unfilled("{when}, expected"),
}
OFFICIAL = ("investment_infrastructure_mcny", "investment_mcny", "investment_compute_mcny")


def table(context: Context) -> Table | None:
    """Return investment on the official definition: what was published, and what the plan orders at the focus."""
    say, hub = context.say, context.focus_hub
    record = context.scenario["actuals"]
    record = record[record["quantity"].isin(list(OFFICIAL)) & (record["place"] == hub)]
    if not len(record):
        return None
    unit = context.money
    columns = (
        Column(say(_("When"))),
        Column(say(_("Information infrastructure")), unit.unit, number=True),
        Column(say(_("Big-data field")), unit.unit, number=True),
        Column(say(_("Computing facilities")), unit.unit, number=True),
        Column(say(_("Source"))),
    )
    rows: list[Row] = []
    keys = ["period", "date", "kind"]
    for (period, date, kind), group in record.sort_values(keys, kind="stable").groupby(keys, sort=False):
        values = dict(zip(group["quantity"], group["value"], strict=True))
        bounds = dict(zip(group["quantity"], group["bound"], strict=True))
        when = say(_(OFFICIAL_KINDS[str(kind)], when=_date(context, year_text(period), str(date))))
        cells = [Cell(when), *(_published(context, values.get(name), bounds.get(name)) for name in OFFICIAL)]
        rows.append(
            Row((*cells, Cell(say(_("; ")).join(dict.fromkeys(context.source(key) for key in group["source"])))))
        )
    for period in context.periods:
        infrastructure, compute = (value / unit.divisor for value in planned(context, period))
        cells = [Cell(say(_("{year}, this plan", year=period))), figure(infrastructure, 1)]
        cells += [
            Cell(MISSING, tip=say(_("the field holds software and manufacturing, of which this plan orders nothing"))),
            figure(compute, 1),
            Cell(say(_("this plan"))),
        ]
        rows.append(Row(tuple(cells), kind="marked"))
    return Table(
        say(_("Investment in {place} on the official definition", place=context.hub(hub))),
        columns,
        tuple(rows),
        note=say(
            _(
                "Information infrastructure of the plan: halls, equipment and power supply here, links that "
                "touch the province, gigabit access of its cities. Computing facilities: halls and equipment of "
                "it. The big-data field is wider than any plan of infrastructure and has no counterpart here."
            )
        ),
    )


def planned(context: Context, period: int) -> tuple[float, float]:
    """Return the orders of a period that the official count would hold, mCNY: information infrastructure, and of it
    halls and equipment.

    Information infrastructure: sites, links that touch the province, gigabit access of its cities.
    """
    costs = run_measures.capital(context.run)
    costs = costs[costs["period"] == period]
    inside = network_load.inside(context)
    near = {link for link, ends in context.ends.items() if inside & set(ends)}
    cities = set(context.scenario["cities"]["city"])
    here = costs["where"].isin([*context.focus, *near, *cities])
    compute = here & costs["term"].isin(["hall_capex", "retrofit_capex", "opening", "compute_capex"])
    return float(costs.loc[here, "mcny"].sum()), float(costs.loc[compute, "mcny"].sum())


def _published(context: Context, value: float | None, bound: object) -> Cell:
    if value is None or not math.isfinite(value):
        return Cell(MISSING, tip=context.say(_("not published")))
    mark = context.say(terms.named(terms.BOUNDS, str(bound))) if bound in ("at least", "at most", "about") else ""
    found = figure(value / context.money.divisor, 1)
    return dataclasses.replace(found, text=mark + found.text)


def _date(context: Context, year: str, date: str) -> str:
    """Return `2023` or, to a month of it, `January to April 2023`."""
    month = date[5:7] if date else ""
    if month and month != "12":
        return context.say(
            _("January to {month} {year}", year=year, month=context.say(terms.named(terms.MONTHS, str(int(month)))))
        )
    return context.say(_("{year}", year=year))
