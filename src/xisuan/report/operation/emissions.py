"""Carbon, in the section of electricity: location-based, market-based and embodied; never one for the other."""

from __future__ import annotations

import pandas as pd

from xisuan.report.build.build_orders import split, years
from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Column, Row, RowKind, Table, Text
from xisuan.report.facts.shown_sums import apportion
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
    rows = rows.assign(embodied_t=found.groupby("site")["embodied_t"].sum())
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
    rows = _with_shown(context, rows.loc[order])
    lines = [
        _row(context, context.site(str(site)), rows.loc[site], most, context.row_kind(str(site)))
        for site in order
        if rows.loc[site, ["grid_mwh", "location_t", "embodied_t"]].sum() > 0
    ]
    lines.append(_row(context, say(_("Total")), rows.sum(numeric_only=True), 0.0, "total"))
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


def _with_shown(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with a column `shown_…` for each amount, in the unit of its column: those add up to their total."""
    units = {"grid_mwh": (context.electricity, column_decimals(context.electricity.unit))}
    units |= dict.fromkeys(("location_t", "market_t", "embodied_t"), (context.carbon, _carbon_decimals(context)))
    for name, (unit, decimals) in units.items():
        parts = (rows[name] / unit.divisor).tolist()
        rows = rows.assign(**{f"shown_{name}": apportion(parts, sum(parts), decimals)})
    return rows


def _carbon_decimals(context: Context) -> int:
    return 2 if context.carbon.divisor >= 1e6 else 1


def _row(context: Context, name: str, values: pd.Series, most: float, kind: RowKind) -> Row:
    """Return a site's row, or the total's; `most`: the largest emissions by location, for the bars, or 0."""
    grid, contract = float(values["grid_mwh"]), float(values["contract_mwh"])
    decimals = _carbon_decimals(context)
    cells = (
        Cell(name),
        Cell(exact(float(values["shown_grid_mwh"]), column_decimals(context.electricity.unit))),
        Cell(exact(100 * contract / grid, 1) if grid > 0 else ""),
        *(
            Cell(exact(float(values[f"shown_{key}"]), decimals), bar=float(values[key]) / most if most else None)
            for key in ("location_t", "market_t")
        ),
        Cell(exact(float(values["shown_embodied_t"]), decimals)),
    )
    return Row(cells, kind=kind)
