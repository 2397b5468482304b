"""Replacement and growth: equipment that replaces what ages out, and equipment that adds to it, by year."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.document.number_cells import blank
from xisuan.report.run_context import Context
from xisuan.text.numbers import large_unit
from xisuan.text.translation import message as _

LATE = {
    "hall": ("halls", _("halls")),
    "link": ("links", _("links")),
    "solar": ("supply", _("solar power")),
    "wind": ("supply", _("wind power")),
    "battery": ("supply", _("batteries")),
}
"""Assets that may take years to build, the table of their `lead_years`, and what they are called in a sentence."""
DUST = 1e-6
"""Less of what comes than this is an interior point's crumb."""


@dataclass(frozen=True)
class Pace:
    """Equipment of one class: what comes into use by year, and of it what replaces equipment that left, in `unit`.

    `capital`: of what comes, mCNY, by year; the first year has no year before it and is left out.
    """

    kind: str
    unit: str
    comes: dict[int, float]
    replaces: dict[int, float]
    capital: dict[int, float]


def paces(context: Context, sites: list[str] | None = None) -> list[Pace]:
    """Class by class, at `sites` or everywhere. What comes less the growth of what is in use is what it replaces."""
    capacity = context.equipment
    orders = run_measures.equipment(context.run, run_measures.orders(context.run))
    paid = run_measures.equipment(context.run, context.run.plan.builds)
    if sites is not None:
        capacity, orders, paid = (table[table["where"].isin(sites)] for table in (capacity, orders, paid))
    found = []
    for row in run_measures.records(run_measures.by_class(capacity)) if len(capacity) else []:
        column = "eflops" if math.isfinite(float(row["eflops"])) else "amount"
        running, coming, bought = (_of(table, row) for table in (capacity, orders, paid))
        if not len(coming):
            continue
        factor, unit = large_unit(float(coming["amount"].sum()), str(row["unit"]))
        factor, unit = (1.0, f"EFLOPS {row['precision']}") if column == "eflops" else (factor, context.unit(unit))
        in_use = factor * running.groupby("period")[column].sum()
        comes = factor * coming.groupby(_arrives(context, coming))[column].sum()
        capital = bought.groupby(_arrives(context, bought))["capex_mcny"].sum()
        later = list(zip(context.periods, context.periods[1:], strict=False))
        arrivals = {year: float(comes.get(year, 0.0)) for _, year in later}
        growth = {year: float(in_use.get(year, 0.0) - in_use.get(before, 0.0)) for before, year in later}
        left = {year: min(came, came - growth[year]) for year, came in arrivals.items()}
        replaces = {year: value if value > DUST * arrivals[year] else 0.0 for year, value in left.items()}
        spent = {year: float(capital.get(year, 0.0)) for _, year in later}
        found.append(Pace(str(row["class"]), unit, arrivals, replaces, spent))
    return found


def _arrives(context: Context, orders: pd.DataFrame) -> pd.Series:
    """Return the period in which each order is first in use; 0: after the horizon."""
    return orders["in_use_from"].map(lambda year: min((p for p in context.periods if p >= year), default=0))


def _of(table: pd.DataFrame, row: dict[str, object]) -> pd.DataFrame:
    return table[
        (table["class"] == row["class"]) & (table["precision"] == row["precision"]) & (table["unit"] == row["unit"])
    ]


def blocks(context: Context) -> list[Block]:
    """Return the table of replacement and growth with its sentences.

    They name the year of the highest cost for the network and for the focus, and what the last year leaves out.
    """
    if len(context.periods) < 2:
        return []
    scopes = [("", paces(context)), (context.focus_name, paces(context, list(context.focus)))]
    said = [_dearest(context, place, found) for place, found in scopes]
    said.append(_last(context))
    texts: list[Block] = [Text("".join(text for text in said if text))] if any(said) else []
    return [*texts, *([_table(context, scopes)] if any(found for _, found in scopes) else [])]


def _table(context: Context, scopes: list[tuple[str, list[Pace]]]) -> Table:
    say, years = context.say, context.periods[1:]
    columns = (Column(say(_("Equipment"))), *(Column(str(year), number=True) for year in years), Column(say(_("Unit"))))
    lines: list[Row] = []
    for place, found in scopes:
        if not found:
            continue
        lines.append(Row((Cell(place or say(_("the whole network"))),), kind="group"))
        for pace in found:
            name = say(terms.named(terms.SHORT_CLASSES, pace.kind))
            grows = {year: pace.comes[year] - pace.replaces[year] for year in years}
            for title, values in (
                (say(_("{name}: growth", name=name)), grows),
                (say(_("{name}: replaces what leaves", name=name)), pace.replaces),
            ):
                if any(values.values()):
                    cells = (blank(values[year]) for year in years)
                    lines.append(Row((Cell(title), *cells, Cell(pace.unit))))
    return Table(
        say(_("What comes into use, and what of it replaces equipment that ages out")),
        columns,
        tuple(lines),
        note=say(_("What comes less the growth of what is in use. The first year has none before it.")),
    )


def _dearest(context: Context, place: str, found: list[Pace]) -> str:
    """Return a sentence on the year with the most capital, and how much of its equipment replaces old equipment."""
    costs = run_measures.capital(context.run)
    costs = costs[costs["where"].isin(list(context.focus))] if place else costs
    by_year = costs.groupby("period")["mcny"].sum()
    if not len(by_year) or not by_year.max() > 0 or not found:
        return ""
    year, show = int(str(by_year.idxmax())), context.show
    if year == context.periods[0]:
        return ""
    equipment = sum(pace.capital[year] for pace in found)
    replacing = sum(
        pace.capital[year] * pace.replaces[year] / pace.comes[year] for pace in found if pace.comes[year] > 0
    )
    if not equipment > 0:
        return ""
    return context.say(
        _(
            "Capital of {place} is largest in {year}, {money}: {share} of the {equipment} of equipment that "
            "comes into use then replaces what ages out, the rest is growth. ",
            place=place or context.say(_("the whole network")),
            year=year,
            money=context.amount(float(by_year.max())),
            equipment=context.amount(equipment),
            share=show.share(replacing / equipment),
        )
    )


def _last(context: Context) -> str:
    """Return a sentence on assets that are not ordered in the last year, because they would serve only after it."""
    orders = run_measures.orders(context.run)
    late = []
    for asset, (name, called) in LATE.items():
        table = context.scenario[name]
        table = table[table["source"] == asset] if name == "supply" else table
        mine = orders[orders["asset"] == asset]
        leads = table["lead_years"].fillna(0.0)
        if len(mine) and len(leads) and leads.min() >= 1 and not (mine["period"] == context.last).any():
            late.append(context.say(called))
    return (
        context.say(
            _(
                "What is ordered of {assets} in {year} would serve only after it, and no demand of later years "
                "is known here: that nothing is ordered then is the end of the horizon, not of the need. ",
                year=context.last,
                assets=context.show.listed(late),
            )
        )
        if late
        else ""
    )
