"""Carbon, in the section of electricity: location-based, market-based and embodied; never one for the other."""

from __future__ import annotations

import pandas as pd

from xisuan.report.build.build_orders import split, years
from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Column, Row, RowKind, Table, Text
from xisuan.report.run_context import Context
from xisuan.text.numbers import column_decimals, exact
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

CHARTS = {
    "location": _("Location-based, a year"),
    "market": _("Market-based, a year"),
    "embodied": _("Embodied in orders"),
}


def blocks(context: Context) -> tuple[Block, ...]:
    """Charts of the three by year, and a table by site."""
    say = context.say
    found = context.run.plan.emissions
    if not len(found) or not (found[["location_t", "market_t", "embodied_t"]].fillna(0.0).to_numpy() > 0).any():
        return (Text(say(_("The scenario has no carbon data, so the report states no emissions.")), tone="empty"),)
    scaled = found.assign(
        location=found["location_t"] / context.carbon.divisor,
        market=found["market_t"] / context.carbon.divisor,
        embodied=found["embodied_t"] / context.carbon.divisor,
    )
    charts = tuple(
        Bars(
            say(CHARTS[name]),
            context.carbon.unit,
            say(_("year of the order") if name == "embodied" else _("year")),
            years(context),
            series,
        )
        for name in ("location", "market", "embodied")
        if (series := split(context, scaled, name, where="site"))
    )
    return (
        Text(
            say(
                _(
                    "Location-based: grid energy times the factor of the grid it comes from. Market-based: less what "
                    "is contracted as green power. Embodied: making the equipment ordered, once. The three are never "
                    "added."
                )
            )
        ),
        Beside(charts),
        _sites(context, found),
    )


def _sites(context: Context, found: pd.DataFrame) -> Table:
    say = context.say
    rows = found[found["period"] == context.last].set_index("site")
    embodied = found.groupby("site")["embodied_t"].sum()
    order = rows["location_t"].sort_values(ascending=False, kind="stable").index
    columns = (
        Column(say(_("Site"))),
        Column(say(in_context("col", "From the grid")), context.electricity.unit, number=True),
        Column(say(_("Green contracts over grid energy")), "%", number=True),
        Column(say(_("By location")), context.carbon.unit, number=True),
        Column(say(_("By market")), context.carbon.unit, number=True),
        Column(say(_("Embodied, {span}", span=context.span)), context.carbon.unit, number=True),
    )
    most = max(float(rows["location_t"].max()), 1e-9)
    lines = [
        _row(
            context,
            context.site(str(site)),
            rows.loc[site],
            float(embodied.get(site, 0.0)),
            most,
            context.row_kind(str(site)),
        )
        for site in order
        if rows.loc[site, ["grid_mwh", "location_t"]].sum() + float(embodied.get(site, 0.0)) > 0
    ]
    lines.append(_row(context, say(_("Total")), rows.sum(numeric_only=True), float(embodied.sum()), 0.0, "total"))
    note = say(
        _("Green contracts: green power trading and certificates (绿电交易、绿证) as a share of grid energy.")
    ) + _factors(context)
    return Table(say(_("Carbon by site, {year}", year=context.last)), columns, tuple(lines), note=note)


def _factors(context: Context) -> str:
    """Return a sentence that carbon factors stay constant, with source and year of those of the focus."""
    sites, given = context.scenario["sites"], context.scenario.at("power", context.last)
    mine = given[given["zone"].isin(sites.loc[sites["site"].isin(list(context.focus)), "zone"])]
    keys = dict.fromkeys(key for cell in mine["source"] for key in str(cell).split(";") if key)
    if not keys:
        return ""
    named = context.source(";".join(keys))
    return context.say(
        _(
            " The factor of each grid stays the same in all years: where a grid becomes greener, less is "
            "emitted than is told here. Data of the grid of {place}: {sources}.",
            place=context.focus_name,
            sources=named,
        )
    )


def _row(context: Context, name: str, values: pd.Series, embodied: float, most: float, kind: RowKind) -> Row:
    grid, contract = float(values["grid_mwh"]), float(values["contract_mwh"])
    carbon = context.carbon.divisor
    decimals = 2 if carbon >= 1e6 else 1
    energy = context.electricity.divisor
    cells = (
        Cell(name),
        Cell(exact(grid / energy, column_decimals(context.electricity.unit))),
        Cell(exact(100 * contract / grid, 1) if grid > 0 else ""),
        Cell(
            exact(float(values["location_t"]) / carbon, decimals),
            bar=float(values["location_t"]) / most if most else None,
        ),
        Cell(
            exact(float(values["market_t"]) / carbon, decimals), bar=float(values["market_t"]) / most if most else None
        ),
        Cell(exact(embodied / carbon, decimals)),
    )
    return Row(cells, kind=kind)
