"""Section 17: a typical week of the last year, hour by hour: load, power, price by site, and the work that waits.

The week was operated where the plan's own hours hold none; where that was left out, or not asked for, they are drawn.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.report import run_context, run_measures, terms
from xisuan.report.confidence import certificates
from xisuan.report.document.blocks import Block, Cell, Choice, Column, Hours, Row, Section, Series, Span, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.operation import rolling_cost
from xisuan.report.run_context import Context
from xisuan.results.schedule import Schedule
from xisuan.scenario import representative_days
from xisuan.scenario.timeline import Timeline
from xisuan.text.numbers import places
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

WEEK = units.HOURS_PER_WEEK
MOST_HOURS = 336
"""Two weeks: more hours than this are no longer told apart on a page."""

LEAST_PART = 1e-4
"""A source or technology below this share of the site's power would be a line without height."""

SOURCES = (("grid_mw", "grid"), ("solar_mw", "solar"), ("wind_mw", "wind"), ("discharge_mw", "battery"))


@dataclass(frozen=True)
class Operated:
    """Operation by the hour, and which of its hours are drawn: `tables` of it, and the timeline of their hours."""

    tables: Mapping[str, pd.DataFrame]
    timeline: Timeline
    shown: NDArray[np.int64]

    def of(self, name: str, period: int) -> pd.DataFrame:
        """Return the rows of a table in a period."""
        table = self.tables[name]
        return table[table["period"] == period]


def section(context: Context) -> Section:
    """Charts for each site, and one of the backlog: of a typical week, where one was operated or the plan has one."""
    say = context.say
    operated = _operated(context)
    drawn = charts(context, operated, here_only=True)
    if not drawn:
        return Section(
            "hours",
            say(_("Dispatch by the hour")),
            blocks=(Text(say(_("The plan has no hourly power.")), tone="empty"),),
        )
    blocks: list[Block] = []
    if context.run.week is not None:
        found = context.run.week
        service, proof = _describe_service(context, found), certificates.sentence(context, found)
        if found.foresight is not None:
            blocks += [Text(service), Text(rolling_cost.sentence(context, found) + proof)]
        else:
            blocks.append(Text(service + proof))
    elif len(operated.shown) < WEEK and (left_out := context.note("week")):
        blocks.append(
            Text(
                say(_("A typical week was not operated ({why}); the plan's own hours are shown.", why=left_out)),
                tone="note",
            )
        )
    blocks += drawn
    week = len(operated.shown) == units.HOURS_PER_WEEK
    return Section(
        "hours",
        say(_("A dispatch week") if week else _("Dispatch by the hour")),
        _lead(context, operated),
        tuple(blocks),
    )


def charts(context: Context, operated: Operated, *, here_only: bool = False) -> list[Block]:
    """Return charts for each site that draws power in the last year, and one of the backlog; nothing without power.

    `here_only`: of the sites of the place alone; without power there, of the largest site.
    """
    power = operated.of("power", context.last)
    used = power.groupby("site")["facility_mw"].max()
    sites = [str(site) for site in used[used > 1e-6].sort_values(ascending=False, kind="stable").index]
    here = [site for site in context.focus if site in sites]
    sites = (here or sites[:1]) if here_only else here + [site for site in sites if site not in context.focus]
    if not sites:
        return []
    groups = tuple(_site(context, site, operated) for site in sites)
    names = tuple(context.site(site) for site in sites)
    waiting = _backlog(context, operated)
    shown: list[Block] = (
        [Choice(context.say(_("Site")), names, groups)] if len(sites) > 1 or not here_only else list(groups[0])
    )
    return [*shown, *([waiting] if waiting is not None else [])]


def _operated(context: Context) -> Operated:
    """Return the week that was operated; otherwise hours of the plan.

    These are all of them, the typical week of a long block, or the first whole blocks that fit.
    """
    week = context.run.week
    if week is not None:
        return Operated(week.tables, week.scenario.timeline, np.arange(week.scenario.timeline.n_hours))
    timeline, tables = context.scenario.timeline, context.run.plan.tables
    first, start = timeline.blocks[0], 0
    if first.hours > MOST_HOURS:
        start = max(
            0, min(representative_days.typical_week(context.scenario).first_hour - first.first_hour, first.hours - WEEK)
        )
        return Operated(tables, timeline, np.arange(start, start + WEEK))
    return Operated(tables, timeline, first_hours(timeline))


def first_hours(timeline: Timeline) -> NDArray[np.int64]:
    """Return the modelled hours of the first whole blocks that fit, or of one week of a long block."""
    ends = np.cumsum([block.hours for block in timeline.blocks])
    fit = int(np.searchsorted(ends, MOST_HOURS, side="right"))
    return np.arange(int(ends[fit - 1]) if fit else WEEK)


def _lead(context: Context, operated: Operated) -> str:
    """Return the hours and the year that are shown."""
    say, shown, timeline = context.say, operated.shown, operated.timeline
    if len(shown) == WEEK and (context.run.week is not None or timeline.n_hours > WEEK):
        first = date_of(context, int(timeline.hour_of_year[shown[0]]))
        key = _week_key(context.run.week)
        return say(_(key, year=context.last, first=first, base=context.scenario.settings.base_year))
    which = (
        unfilled("the first {n} of {total} modelled hours")
        if len(shown) < timeline.n_hours
        else unfilled("all {n} modelled hours")
    )
    return say(
        _(
            "{year}, {hours}. A date stands for the run of hours that begins on it, ×n for how many such "
            "runs the year has.",
            year=context.last,
            hours=say(_(which, n=len(shown), total=timeline.n_hours)),
        )
    )


def _week_key(week: Schedule | None) -> str:
    """Return the sentence on a week that was operated, with or without knowing its hours, or on one of the plan's own."""
    if week is None:
        return unfilled(
            "The week from {first} {year} among the modelled hours: of all weeks of the year the nearest to their mean."
        )
    if week.foresight is not None:
        return unfilled(
            "{year}, the week from {first}, Monday to Sunday by the calendar of {base}: of all weeks of the year the "
            "nearest to their mean, operated with what the plan has in {year} as a controller would who does not know the "
            "hours ahead. An ordinary week, not the hardest: how the plan does on other days is in the annex."
        )
    return unfilled(
        "{year}, the week from {first}, Monday to Sunday by the calendar of {base}: of all weeks of the year the nearest to "
        "their mean, operated hour by hour at least cost with what the plan has in {year}. An ordinary week, not the "
        "hardest: the plan is made for its own hours; how it does on other days is in the annex."
    )


def _describe_service(context: Context, week: Schedule) -> str:
    """Return a sentence on the service of the week: all of it, or the work that is not served and its share."""
    short = week.shortfall
    short = short[short["share"] > run_context.LEAST_SHARE]
    if not len(short):
        return context.say(_("All work of the week is served."))
    worst = run_measures.records(short.sort_values("share", ascending=False, kind="stable").head(1))[0]
    return context.say(
        _(
            "Not all work of the week is served: of {workload} in {region} {share} is not.",
            workload=run_context.workload_name(context, str(worst["workload"])),
            region=run_context.region_name(context, str(worst["region"])),
            share=context.show.share(float(worst["share"])),
        )
    )


def spans(context: Context, shown: int) -> tuple[Span, ...]:
    """Return date, length and frequency in the year of the blocks in the first `shown` hours of the plan."""
    if context.scenario.timeline.mean:
        return (Span(context.say(_("mean hour of the year")), 1),)
    return _spans(context, context.scenario.timeline, np.arange(shown))


def _spans(context: Context, timeline: Timeline, shown: NDArray[np.int64]) -> tuple[Span, ...]:
    out: list[Span] = []
    start = 0
    for block in timeline.blocks:
        inside = shown[(shown >= start) & (shown < start + block.hours)]
        if len(inside):
            first = block.first_hour + int(inside[0]) - start
            day = date_of(context, first)
            label = day
            if block.weight > 1:
                label = context.say(_("{day} ×{times}", day=day, times=f"{block.weight:,.0f}"))
            out.append(Span(label, len(inside), first % units.HOURS_PER_DAY))
        start += block.hours
    return tuple(out)


def runs(context: Context, operated: Operated) -> tuple[Span, ...]:
    """Return the spans of the axis of hours: blocks, or the days of a single long one."""
    timeline, shown = operated.timeline, operated.shown
    if timeline.mean:
        return (Span(context.say(_("mean hour of the year")), 1),)
    blocks = _spans(context, timeline, shown)
    if len(blocks) > 1 or len(shown) <= units.HOURS_PER_DAY:
        return blocks
    out: list[Span] = []
    for hour in timeline.hour_of_year[shown].tolist():
        if not out or hour % units.HOURS_PER_DAY == 0:
            out.append(Span(date_of(context, hour, weekday=True), 0, hour % units.HOURS_PER_DAY))
        out[-1] = dataclasses.replace(out[-1], hours=out[-1].hours + 1)
    return tuple(out)


def date_of(context: Context, hour: int, weekday: bool = False) -> str:
    """Return the date of an hour of the year, which has no 29 February; the weekday is that of the base year."""
    day = hour // units.HOURS_PER_DAY % units.DAYS_PER_YEAR
    date = datetime.date(2026, 1, 1) + datetime.timedelta(days=day)
    said = context.say(_("{day} {month}", month=context.say(terms.named(terms.MONTHS, str(date.month))), day=date.day))
    if not weekday:
        return said
    january = datetime.date(context.scenario.settings.base_year, 1, 1).weekday()
    name = context.say(terms.named(terms.WEEKDAYS, str((january + day) % units.DAYS_PER_WEEK + 1)))
    return context.say(_("{weekday} {day}", weekday=name, day=said))


def _site(context: Context, site: str, operated: Operated) -> tuple[Block, ...]:
    power = operated.of("power", context.last)
    power = power[power["site"] == site].set_index("hour").reindex(operated.shown)
    name = context.site(site)
    across, parts = context.say(_("modelled hours, Beijing time")), runs(context, operated)
    least = LEAST_PART * float(power["facility_mw"].max())
    stack = tuple(
        Series(context.say(terms.SOURCES[colour]), _values(power[column]), colour)
        for column, colour in SOURCES
        if power[column].max() > least
    )
    line = Series(context.say(_("facility power")), _values(power["facility_mw"]), "line")
    note = (
        context.say(_("What lies above the line of facility power charges the battery."))
        if power["charge_mw"].max() > least
        else ""
    )
    charts: list[Block] = [_load(context, site, operated)]
    charts.append(
        Hours(
            context.say(_("Where the power comes from, {site}", site=name)), "MW", across, parts, stack, (line,), note
        )
    )
    if power["price_cny_per_kwh"].notna().any():
        price = Series(context.say(_("energy price")), _values(power["price_cny_per_kwh"]), "price")
        charts.append(
            Hours(
                context.say(_("Price of grid energy, {site}", site=name)),
                context.say(_("CNY/kWh")),
                across,
                parts,
                (),
                (price,),
            )
        )
    if len(operated.shown) == WEEK:
        charts.append(_by_day(context, site, power, parts))
    return tuple(charts)


def _by_day(context: Context, site: str, power: pd.DataFrame, parts: tuple[Span, ...]) -> Table:
    """Return the power of the site day by day, and its mean price of a kilowatt-hour of the grid."""
    say = context.say
    columns = (
        Column(say(_("Day"))),
        Column(say(_("Facility")), "MWh", number=True),
        Column(say(_("From the grid")), "MWh", number=True),
        Column(say(_("Own solar and wind")), "MWh", number=True),
        Column(say(_("From the battery")), "MWh", number=True),
        Column(say(_("Most from the grid")), "MW", number=True),
        Column(say(_("Least from the grid")), "MW", number=True),
        Column(say(_("Mean price paid")), say(_("CNY/kWh")), number=True),
    )
    energy, peak = (
        places(float(power["facility_mw"].mean()) * units.HOURS_PER_DAY),
        places(float(power["grid_mw"].max())),
    )
    lines = []
    for name, rows in [
        *((part.label, power.iloc[at - part.hours : at]) for part, at in zip(parts, _ends(parts), strict=True)),
        (say(_("Total")), power),
    ]:
        sums = rows[["facility_mw", "grid_mw", "solar_mw", "wind_mw", "discharge_mw"]].sum()
        paid = float((rows["grid_mw"] * rows["price_cny_per_kwh"]).sum())
        cells = (
            Cell(name),
            figure(float(sums["facility_mw"]), energy),
            figure(float(sums["grid_mw"]), energy),
            figure(float(sums["solar_mw"] + sums["wind_mw"]), energy),
            figure(float(sums["discharge_mw"]), energy),
            figure(float(rows["grid_mw"].max()), peak),
            figure(float(rows["grid_mw"].min()), peak),
            figure(paid / float(sums["grid_mw"]) if sums["grid_mw"] > 0 else math.nan, 3),
        )
        lines.append(Row(cells, kind="total" if rows is power else "plain"))
    return Table(say(_("The week by day, {site}", site=context.site(site))), columns, tuple(lines))


def _ends(parts: tuple[Span, ...]) -> list[int]:
    ends: list[int] = np.cumsum([part.hours for part in parts]).tolist()
    return ends


def _load(context: Context, site: str, operated: Operated) -> Hours:
    """IT power by technology: idle and running draw of what is installed."""
    load = operated.of("load", context.last)
    load = load[load["site"] == site]
    capacity = context.run.plan.capacity
    rows = capacity[
        (capacity["period"] == context.last) & (capacity["where"] == site) & (capacity["asset"] == "compute")
    ]
    installed = rows.groupby("technology")["amount"].sum()
    given = context.scenario.at("technologies", context.last).set_index("technology")
    series = []
    for technology in sorted(installed.index, key=lambda name: context.colours.get(str(name), "")):
        run = load[load["technology"] == technology].groupby("hour")["units"].sum().reindex(operated.shown).fillna(0.0)
        idle, mw = float(given.loc[technology, "idle_share"]), float(given.loc[technology, "mw_per_unit"])
        values = mw * (idle * float(installed[technology]) + (1 - idle) * run.to_numpy(dtype=float))
        if values.max() > 1e-6:
            series.append(
                Series(context.technology(str(technology)), tuple(values.tolist()), context.colours[str(technology)])
            )
    title, parts = context.say(_("IT power by technology, {site}", site=context.site(site))), runs(context, operated)
    return Hours(
        title,
        "MW",
        context.say(_("modelled hours, Beijing time")),
        parts,
        tuple(series),
        note=context.say(_("What idle equipment draws is included.")),
    )


def _backlog(context: Context, operated: Operated) -> Hours | None:
    """Work that waits, all regions, in hours of its mean demand, so that workloads compare."""
    if not len(operated.tables.get("backlog", ())):
        return None
    rows = operated.of("backlog", context.last)
    demand = context.scenario["demand"]
    mean = demand[demand["period"] == context.last].groupby("workload")["units"].sum()
    lines = []
    for at, (workload, group) in enumerate(rows.groupby("workload", sort=False)):
        waiting = group.groupby("hour")["units"].sum().reindex(operated.shown).fillna(0.0)
        waiting = waiting / float(mean.get(workload, np.nan))
        if waiting.max() > 1e-6:
            lines.append(Series(context.workload(str(workload)), _values(waiting), f"line-{at % 4 + 1}"))
    if not lines:
        return None
    return Hours(
        context.say(_("Work that waits, all regions")),
        context.say(_("hours of mean demand")),
        context.say(_("modelled hours, Beijing time")),
        runs(context, operated),
        (),
        tuple(lines),
        note=context.say(_("One hour means that as much work waits as arises in a mean hour.")),
    )


def _values(column: pd.Series) -> tuple[float, ...]:
    return tuple(column.fillna(0.0).astype(float).tolist())
