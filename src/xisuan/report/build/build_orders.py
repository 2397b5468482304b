"""Orders of the whole network, year by year: amounts, first year of use, payers, money; and their alternatives."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.report import run_measures, terms
from xisuan.report.build import order_ceilings, replacement_and_growth
from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Column, Row, Series, Table, Text
from xisuan.report.run_context import Context
from xisuan.text.numbers import large_unit, plain
from xisuan.text.translation import message as _

SHOWN_LINKS = 12


def elsewhere(context: Context) -> list[Block]:
    """Return the national tables: charts of orders here and elsewhere, links, orders elsewhere, alternatives."""
    say = context.say
    builds = run_measures.orders(context.run)
    if not len(builds):
        return [Text(say(_("The plan orders nothing.")), tone="empty")]
    linked = builds[builds["asset"] == "link"]
    away = builds[~builds["where"].isin(list(context.focus)) & (builds["asset"] != "link")]
    blocks: list[Block] = [Beside(_charts(context, builds)), *replacement_and_growth.blocks(context)]
    if (ceilings := order_ceilings.table(context)) is not None:
        blocks.append(ceilings)
    if len(linked):
        blocks.append(links(context, linked))
    if note := refits(context):
        blocks.append(Text(note))
    if len(away):
        blocks.append(order_list(context, away, say(_("Orders everywhere else")), folded=True))
    if context.run.alternatives is not None and len(context.run.alternatives):
        blocks.append(alternatives(context, context.run.alternatives))
    return blocks


def refits(context: Context) -> str:
    """Return how many halls are retrofitted, in which year most, and that no pace is set for it; blank where none are."""
    builds = run_measures.orders(context.run)
    rows = builds[builds["asset"] == "retrofit"]
    if not len(rows):
        return ""
    by_year = rows.groupby("period")["amount"].sum()
    year = int(str(by_year.idxmax()))
    return context.say(
        _(
            "Halls are retrofitted for {all} in all, {most} of it in {year}. No yearly limit is known for "
            "that, and none is set: only the halls that stand and the budgets bound it. Whether so many "
            "could be refitted in a year has to be checked.",
            all=context.show.mw(float(by_year.sum())),
            most=context.show.mw(float(by_year.max())),
            year=year,
        )
    )


def split(context: Context, frame: pd.DataFrame, column: str, where: str = "where") -> tuple[Series, ...]:
    """Sums by period of a column, at the focus and elsewhere."""
    here = frame[where].isin(list(context.focus))
    parts = []
    for name, mask, colour in (
        (context.focus_name, here, "focus"),
        (context.say(_("elsewhere")), ~here, "rest"),
    ):
        sums = frame[mask].groupby("period")[column].sum()
        values = tuple(float(sums.get(period, 0.0)) for period in context.periods)
        if any(values):
            parts.append(Series(name, values, colour))
    return tuple(parts)


def years(context: Context) -> tuple[str, ...]:
    """Labels of the periods."""
    return tuple(str(period) for period in context.periods)


def _charts(context: Context, builds: pd.DataFrame) -> tuple[Block, ...]:
    say = context.say
    charts: list[Block] = []
    halls = builds[builds["asset"] == "hall"]
    if len(halls):
        charts.append(
            Bars(
                say(_("Halls ordered")),
                say(_("MW of IT")),
                say(_("year of the order")),
                years(context),
                split(context, halls, "amount"),
            )
        )
    rows = run_measures.equipment(context.run, builds)
    for row in run_measures.records(run_measures.by_class(rows)):
        same = rows[
            (rows["class"] == row["class"]) & (rows["precision"] == row["precision"]) & (rows["unit"] == row["unit"])
        ]
        column = "eflops" if math.isfinite(row["eflops"]) else "amount"
        axis = f"EFLOPS {row['precision']}"
        if column == "amount":
            factor, unit = large_unit(row["amount"], row["unit"])
            axis = context.unit(unit)
            same = same.assign(amount=same["amount"] * factor)
        title = say(_("{name} ordered", name=say(terms.named(terms.SHORT_CLASSES, row["class"]))))
        series = split(context, same, column)
        if series:
            charts.append(Bars(title, axis, say(_("year of the order")), years(context), series))
    return tuple(charts)


def amount(context: Context, row: dict[str, Any]) -> str:
    """Return the amount of an asset with its unit; compute in EFLOPS at its precision."""
    value = float(row["amount"])
    if row["asset"] == "compute":
        eflops = float(row["eflops"])
        if math.isfinite(eflops):
            return f"{plain(eflops)} EFLOPS {row['precision']}"
    if row["asset"] == "opening":
        return ""
    factor, unit = large_unit(value, row["unit"])
    return f"{plain(value * factor)} {context.unit(unit)}"


def what(context: Context, row: dict[str, Any]) -> str:
    """Return the name of what is ordered."""
    if row["asset"] == "compute":
        return context.technology(str(row["technology"]))
    return context.say(terms.named(terms.ASSETS, str(row["asset"])))


def _with_eflops(context: Context, rows: pd.DataFrame) -> list[dict[str, Any]]:
    facts = run_measures.equipment(context.run, rows)[["precision", "eflops"]]
    rows = rows.join(facts)
    site_order = {site: at for at, site in enumerate((*context.focus, *context.scenario["sites"]["site"]))}
    asset_order = {"opening": 0, "hall": 1, "retrofit": 2, "compute": 3}
    rows = rows.assign(
        _site=rows["where"].map(site_order).fillna(len(site_order)), _asset=rows["asset"].map(asset_order).fillna(9)
    )
    rows = rows.sort_values(["period", "_site", "_asset"], kind="stable")
    return run_measures.records(rows)


def order_list(context: Context, rows: pd.DataFrame, title: str, folded: bool = False) -> Table:
    """Return orders by year with amount, first year of use, payer and capital."""
    say = context.say
    several = rows["where"].nunique() > 1
    columns = [Column(say(_("What")))] + ([Column(say(_("Where")))] if several else [])
    columns += [
        Column(say(_("How much")), number=True),
        Column(say(_("IT power")), "MW", number=True),
        Column(say(_("New racks")), say(_("of 2.5 kW")), number=True),
        Column(say(_("In use from"))),
        Column(say(_("Who pays"))),
        Column(say(_("Capital")), context.money.unit, number=True),
    ]
    most = float(rows["capex_mcny"].max())
    lines: list[Row] = []
    year = 0
    for row in _with_eflops(context, rows):
        if row["period"] != year:
            year = row["period"]
            money = float(rows.loc[rows["period"] == year, "capex_mcny"].sum())
            heading = Cell(say(_("Ordered in {year}", year=year)))
            lines.append(Row((heading, context.money_cell(money)), kind="group"))
        lines.append(Row(tuple(_order_cells(context, row, several, most))))
    gaps = (Cell("") for _ in columns[2:])
    lines.append(Row((Cell(say(_("Total"))), *gaps, context.money_cell(rows["capex_mcny"].sum())), kind="total"))
    return Table(
        title,
        tuple(columns),
        tuple(lines),
        folded=folded,
        note=say(
            _(
                "Capital is overnight, undiscounted, in prices of the base year. Equipment is replaced and "
                "retired by its life; an order may replace what ages out. Halls give racks and IT power, "
                "equipment takes up some of it: the two are not added. Orders too small to matter are left out; "
                "tables.xlsx has them all."
            )
        ),
    )


def _order_cells(context: Context, row: dict[str, Any], several: bool, most: float) -> list[Cell]:
    mw = float(row["mw"])
    racks = mw / units.STANDARD_RACK_MW
    capital = float(row["capex_mcny"])
    return [
        Cell(what(context, row)),
        *([Cell(context.place(str(row["where"])))] if several else []),
        Cell(amount(context, row)),
        Cell(plain(mw) if mw > 0 else ""),
        Cell(f"{racks:,.0f}" if mw > 0 and row["asset"] == "hall" else ""),
        Cell(f"{row['in_use_from']:.0f}"),
        Cell(_payer(context, row)),
        context.money_cell(capital, bar=capital / most if most > 0 else None),
    ]


def _payer(context: Context, row: dict[str, Any]) -> str:
    """Return the payers of an order: those who share in what is built here, or the investor of the site."""
    shared = context.payers if row["where"] in context.focus else []
    return context.show.listed([context.investor(name) for name in shared or [str(row["investor"])]])


def links(context: Context, orders: pd.DataFrame) -> Table:
    """Return one row a link: capacity ordered by year, total, investor, money; the largest first, the rest together."""
    say = context.say
    rows = run_measures.link_orders(context.run, orders)
    totals = rows.groupby("where")["gbps"].sum().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in totals.index]
    columns = (
        Column(say(_("Link"))),
        *(Column(str(period), "Gbps", number=True) for period in context.periods),
        Column(say(_("Total")), "Gbps", number=True),
        Column(say(_("Who pays"))),
        Column(say(_("Capital")), context.money.unit, number=True),
    )
    most = float(totals.iloc[0])
    count = SHOWN_LINKS if len(names) > SHOWN_LINKS + 1 else len(names)  # one more is named, not counted
    lines = [_link_row(context, context.link(name), rows[rows["where"] == name], most) for name in names[:count]]
    rest = rows[rows["where"].isin(names[count:])]
    if len(rest):
        lines.append(_link_row(context, say(_("{n} other links", n=rest["where"].nunique())), rest, 0.0))
    years = float((rows["in_use_from"] - rows["period"]).max())
    lead = (
        say(_("Years from the order to use: {lead} at most.", lead=plain(years)))
        if years > 0
        else say(_("In use in the year of the order."))
    )
    return Table(
        say(_("Link capacity ordered (运力)")),
        columns,
        tuple(lines),
        note=say(_("Capacity of each direction; links are full duplex. {lead}", lead=lead)),
    )


def _link_row(context: Context, name: str, rows: pd.DataFrame, most: float) -> Row:
    """Sums of the orders in `rows`; a bar against the largest link, or, at most = 0, the row of the rest."""
    by_year = rows.groupby("period")["gbps"].sum().to_dict()
    total = float(rows["gbps"].sum())
    payers = sorted({context.investor(str(name)) for name in rows["investor"]})
    return Row(
        (
            Cell(name),
            *(Cell(plain(by_year[period]) if by_year.get(period) else "") for period in context.periods),
            Cell(plain(total), bar=total / most if most else None),
            Cell(payers[0] if len(payers) == 1 else ""),
            context.money_cell(float(rows["capex_mcny"].sum())),
        ),
    )


COLUMNS = {
    "asset": _("What"),
    "where": _("Where"),
    "technology": _("Technology"),
    "period": _("Year"),
    "existing": _("Stood"),
    "planned": _("Plan tried"),
    "least": _("Least"),
    "most": _("Most"),
    "unit": _("Unit"),
    "verdict": _("Verdict"),
}
"""Columns of the alternatives."""


def alternatives(context: Context, found: pd.DataFrame) -> Table:
    """Return the least and most of each capacity near the optimum, as they were handed over."""
    columns = tuple(
        Column(context.say(terms.named(COLUMNS, str(name))), number=pd.api.types.is_numeric_dtype(found[name]))
        for name in found.columns
    )
    rows = []
    for row in run_measures.records(_in_large_units(found)):
        cells = []
        for name, value in row.items():
            if isinstance(value, float | int) and not isinstance(value, bool):
                cells.append(Cell(str(value) if name == "period" else plain(float(value))))
            else:
                cells.append(Cell(_name_cell(context, str(name), str(value))))
        rows.append(Row(tuple(cells)))
    note = context.say(
        _(
            "Least and most in use that year in any plan that costs at most 1 % more. Robust: even the least "
            "keeps half of the build or more. Interchangeable: other places or kinds could take its role. "
            "Plan tried: the one of least cost on the hours of this table. {note}",
            note=context.note("alternatives"),
        )
    )
    return Table(context.say(_("How firm the largest builds are")), columns, tuple(rows), note=note)


LARGE = {"PFLOPS": "EFLOPS", "PB": "EB"}
"""Units of equipment, and the thousandfold that the page counts in."""


def _in_large_units(found: pd.DataFrame) -> pd.DataFrame:
    """Amounts of equipment in the units of the section."""
    found = found.astype(dict.fromkeys(("existing", "planned", "least", "most"), float))
    kinds = found["unit"].str.split(" ").str[0]
    for kind, larger in LARGE.items():
        mine = kinds == kind
        found.loc[mine, ["existing", "planned", "least", "most"]] /= 1000.0
        found.loc[mine, "unit"] = found.loc[mine, "unit"].str.replace(kind, larger)
    return found


def _name_cell(context: Context, column: str, value: str) -> str:
    if column in ("where", "site", "link"):
        return context.place(value)
    if column == "technology":
        return context.technology(value)
    return (
        context.say(terms.named(terms.ASSETS, value))
        if column == "asset"
        else context.say(terms.named(terms.VERDICTS, value))
    )
