"""Electricity of the network: peak, energy, headroom in the grid, green contracts; then carbon, both ways."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.operation import emissions
from xisuan.report.run_context import Context
from xisuan.scenario.queries.row_keys import matches
from xisuan.text.numbers import column_decimals, places, plain
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _


def section(context: Context) -> Section:
    """Return the section on electricity: the grid of the focus by year, the sites in the last year, carbon."""
    say = context.say
    found = (_grid(context), _sites(context))
    blocks: list[Block] = [block for block in found if block is not None]
    if not blocks:
        blocks.append(Text(say(_("The plan has no hourly power.")), tone="empty"))
    return Section(
        "electricity",
        say(in_context("electricity", "Electricity")),
        say(_("What the grid must deliver, and how much of it is green.")),
        (*blocks, *emissions.blocks(context)),
    )


def grid_limits(context: Context, period: int) -> dict[str, float]:
    """Zone → the most that its sites may take from the grid together, MW (missing: no limit)."""
    rows = context.scenario.at("power", period)
    return {str(zone): float(limit) for zone, limit in zip(rows["zone"], rows["grid_limit_mw"], strict=True)}


def zones(context: Context) -> dict[str, list[str]]:
    """Zone → its sites."""
    rows = context.scenario["sites"].drop_duplicates("site")
    return {str(zone): [str(site) for site in group["site"]] for zone, group in rows.groupby("zone", sort=False)}


def focus_zones(context: Context) -> list[str]:
    """Return the power zones of the place."""
    return [zone for zone, sites in zones(context).items() if zone and set(sites) & set(context.focus)]


def _grid(context: Context) -> Table | None:
    """Peak, energy, limit, room, own supply and green contracts of the focus, year by year."""
    say, focus = context.say, list(context.focus)
    energy = context.energy[context.energy["site"].isin(focus)]
    if not len(energy):
        return None
    columns = (
        Column(say(_("Year"))),
        Column(say(_("Peak from the grid")), "MW", number=True),
        *((Column(say(_("The same on other days")), "MW", number=True),) if _tried(context) else ()),
        Column(say(_("Grid limit")), "MW", number=True),
        Column(say(_("Headroom")), "MW", number=True),
        Column(say(_("Electricity")), context.electricity.unit, number=True),
        Column(say(_("From the grid")), context.electricity.unit, number=True),
        Column(say(_("Own solar and wind")), context.electricity.unit, number=True),
        Column(say(_("Green contracts")), context.electricity.unit, number=True),
        Column(say(_("Green share")), "%", number=True),
    )
    lines = tuple(_year(context, energy[energy["period"] == period], period) for period in context.periods)
    note = say(
        _(
            "Peak: largest sum over the sites in one hour. Headroom: the limit of the zone less the peak of "
            "all sites in it. Green share, as the rule counts it: electricity used less what is bought "
            "without a contract, over electricity used. The peak is bought power: what equipment draws at "
            "its work, less what own plants and batteries give in that hour, so that it may be less than the "
            "IT power installed; what is bought and own comes to more than is used by what batteries lose."
        )
    ) + judged(context)
    return Table(say(_("{place} and its grid", place=context.focus_name)), columns, lines, note=note)


def _estimated(context: Context) -> dict[str, dict[str, Any]]:
    """Zone → the row of `estimates` that its limit on grid power has."""
    rows = context.scenario["estimates"]
    rows = rows[(rows["table"] == "power") & (rows["column"] == "grid_limit_mw")]
    known = run_measures.records(rows)
    return {
        zone: row
        for zone in zones(context)
        for row in known
        if matches(str(row["key"]).split("/"), (zone,))
        and math.isfinite(grid_limits(context, context.last).get(zone, math.nan))
    }


def limit_ends(context: Context, period: int) -> tuple[float, float]:
    """Return the ends of the range of the grid limit of the place in a period, MW; the limit twice where it is no estimate.

    The ends of an estimate are factors on the extreme values over all periods, as everywhere in the run.
    """
    given, estimated = grid_limits(context, period), _estimated(context)
    limits = {zone: [grid_limits(context, one).get(zone, math.nan) for one in context.periods] for zone in estimated}
    low = high = 0.0
    for zone in focus_zones(context):
        limit, row = given.get(zone, math.nan), estimated.get(zone)
        low += limit * (float(row["low"]) / min(limits[zone]) if row else 1.0)
        high += limit * (float(row["high"]) / max(limits[zone]) if row else 1.0)
    return low, high


def judged(context: Context) -> str:
    """Return a sentence that the grid limit of the place is an estimate, with its range and origin; blank otherwise."""
    rows = [row for zone, row in _estimated(context).items() if zone in focus_zones(context)]
    if not rows:
        return ""
    low, high = limit_ends(context, context.last)
    how = context.show.joined(list(dict.fromkeys(context.said(str(row["how"])) for row in rows)))
    return context.say(
        _(
            " The grid limit is an estimate ({range} MW in {year}), and so is the headroom: {how}.",
            range=f"{plain(float(f'{low:.3g}'))} – {plain(float(f'{high:.3g}'))}",
            year=context.last,
            how=how,
        )
    )


def _judged_all(context: Context) -> str:
    """Return how many of the limits are estimates; blank where none is."""
    limits = [limit for limit in grid_limits(context, context.last).values() if math.isfinite(limit)]
    judged = len(_estimated(context))
    key = (
        unfilled(
            "All {n} grid limits are estimates, whose ranges are in the annex; the headroom is as good as they are."
        )
        if judged == len(limits)
        else unfilled(
            "Of the {n} grid limits {judged} are estimates, whose ranges are in the annex; the headroom is "
            "as good as they are."
        )
    )
    return context.say(_(key, n=len(limits), judged=judged)) if judged else ""


def _tried(context: Context) -> bool:
    """Return True if the plan was operated on other days of the year, too."""
    return math.isfinite(run_measures.other_peak_mw(context.run, context.last, context.focus))


def _year(context: Context, rows: pd.DataFrame, period: int) -> Row:
    say, divisor, digits = context.say, context.electricity.divisor, column_decimals(context.electricity.unit)
    mine = focus_zones(context)
    sites = [site for zone in mine for site in zones(context)[zone]]
    limits = [grid_limits(context, period).get(zone, math.nan) for zone in mine]
    limit = sum(limits) if limits else math.nan
    peak = run_measures.peak_grid_mw(context.run, period, context.focus)
    room = limit - run_measures.peak_grid_mw(context.run, period, sites) if sites else math.nan
    found = context.run.plan.emissions
    found = found[(found["period"] == period) & found["site"].isin(list(context.focus))]
    contract, grid = float(found["contract_mwh"].sum()), float(rows["grid_mwh"].sum())
    own = float((rows["solar_mwh"] + rows["wind_mwh"]).sum())
    facility = float(rows["facility_mwh"].sum())
    there = run_measures.other_peak_mw(context.run, period, context.focus)
    decimals, none = context.peak_decimals, say(_("no limit is given"))
    return Row(
        (
            Cell(str(period)),
            figure(peak, decimals),
            *((figure(there, decimals),) if _tried(context) else ()),
            figure(limit, 0, why=none),
            figure(room, decimals, why=none),
            figure(facility / divisor, digits),
            figure(grid / divisor, digits),
            figure(own / divisor, digits),
            figure(contract / divisor, digits),
            percent(1.0 - (grid - contract) / facility if facility > 0 else math.nan),
        )
    )


def _sites(context: Context) -> Table | None:
    """Return the table of sites that draw power in the last year: peak, energy, room in the zone."""
    say = context.say
    rows = context.energy[(context.energy["period"] == context.last) & (context.energy["facility_mwh"] > 0)]
    if not len(rows):
        return None
    of = {site: zone for zone, sites in zones(context).items() for site in sites}
    limits = grid_limits(context, context.last)
    columns = (
        Column(say(_("Site"))),
        Column(say(_("Peak from the grid")), "MW", number=True),
        Column(say(_("Electricity")), context.electricity.unit, number=True),
        Column(say(_("Grid limit")), "MW", number=True),
        Column(say(_("Headroom")), "MW", number=True),
    )
    most = float(rows["peak_mw"].max())
    decimals = places(most)
    lines = []
    for row in run_measures.records(rows.sort_values("facility_mwh", ascending=False, kind="stable")):
        zone = of.get(row["site"], "")
        limit = limits.get(zone, math.nan)
        taken = run_measures.peak_grid_mw(context.run, context.last, zones(context).get(zone, []))
        none = say(_("no limit is given"))
        cells = (
            Cell(context.site(row["site"])),
            figure(row["peak_mw"], decimals, bar=row["peak_mw"] / most if most > 0 else None),
            figure(row["facility_mwh"] / context.electricity.divisor, column_decimals(context.electricity.unit)),
            figure(limit, 0, why=none),
            figure(limit - taken, decimals, why=none),
        )
        lines.append(Row(cells, kind=context.row_kind(row["site"])))
    title = say(_("All sites in {year}", year=context.last))
    return Table(title, columns, tuple(lines), folded=len(lines) > 8, note=_judged_all(context))
