"""Section 17: the modelled hours of the last year: load, power, price by site, and the work that waits."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.report.context import Context
from xisuan.report.specs import Block, Choice, Hours, Section, Series, Span, Text

WEEK = 7 * units.HOURS_PER_DAY
MOST_HOURS = 336
"""Two weeks: more hours than this are no longer told apart on a page."""

LEAST_PART = 1e-4
"""A source or technology below this share of the site's power would be a line without height."""

SOURCES = (("grid_mw", "grid"), ("solar_mw", "solar"), ("wind_mw", "wind"), ("discharge_mw", "battery"))


def section(context: Context) -> Section:
    """Charts for each site, and one of the backlog."""
    say = context.say
    power = context.run.plan.power
    power = power[power["period"] == context.last]
    if not len(power):
        return Section("hours", say("hours_section.title"), blocks=(Text(say("hours_section.none"), tone="empty"),))
    shown = chosen_hours(context)
    used = power.groupby("site")["facility_mw"].max()
    sites = [str(site) for site in used[used > 1e-6].sort_values(ascending=False, kind="stable").index]
    sites = [site for site in context.focus if site in sites] + [site for site in sites if site not in context.focus]
    if not sites:
        return Section("hours", say("hours_section.title"), blocks=(Text(say("hours_section.none"), tone="empty"),))
    groups = tuple(_site(context, site, power[power["site"] == site], shown) for site in sites)
    blocks: list[Block] = [Choice(say("hours_section.choose"), tuple(context.site(site) for site in sites), groups)]
    waiting = _backlog(context, shown)
    if waiting is not None:
        blocks.append(waiting)
    lead = say("hours_section.lead", year=context.last, hours=_described(context, shown))
    title = "hours_section.week" if context.scenario.timeline.n_hours >= WEEK else "hours_section.title"
    return Section("hours", say(title), lead, tuple(blocks))


def chosen_hours(context: Context) -> NDArray[np.int64]:
    """Modelled hours to draw: all, or the first whole blocks that fit, at least two weeks' worth of one."""
    timeline = context.scenario.timeline
    ends = np.cumsum([block.hours for block in timeline.blocks])
    fit = int(np.searchsorted(ends, MOST_HOURS, side="right"))
    return np.arange(int(ends[fit - 1]) if fit else min(MOST_HOURS, int(ends[0])))


def spans(context: Context, shown: int) -> tuple[Span, ...]:
    """Blocks with their date, length and how many such runs the year has."""
    if context.scenario.timeline.mean:
        return (Span(context.say("hours_section.mean_hour"), 1),)
    out: list[Span] = []
    left = shown
    for block in context.scenario.timeline.blocks:
        if left <= 0:
            break
        date = datetime.date(2026, 1, 1) + datetime.timedelta(days=block.first_hour // units.HOURS_PER_DAY)
        day = context.say("hours_section.date", month=context.say.known("month", str(date.month)), day=date.day)
        weight = block.weight
        label = context.say("hours_section.span", day=day, times=f"{weight:,.0f}") if weight > 1 else day
        out.append(Span(label, min(block.hours, left), block.first_hour % units.HOURS_PER_DAY))
        left -= block.hours
    return tuple(out)


def _described(context: Context, shown: NDArray[np.int64]) -> str:
    timeline = context.scenario.timeline
    key = "hours_section.some" if len(shown) < timeline.n_hours else "hours_section.all"
    return context.say(key, n=len(shown), total=timeline.n_hours)


def _site(context: Context, site: str, power: pd.DataFrame, shown: NDArray[np.int64]) -> tuple[Block, ...]:
    power = power.set_index("hour").reindex(shown)
    name = context.site(site)
    across, parts = context.say("axis.hours"), spans(context, len(shown))
    least = LEAST_PART * float(power["facility_mw"].max())
    stack = tuple(
        Series(context.say(f"source.{colour}"), _values(power[column]), colour)
        for column, colour in SOURCES
        if power[column].max() > least
    )
    line = Series(context.say("source.facility"), _values(power["facility_mw"]), "line")
    note = context.say("hours_section.power_note") if power["charge_mw"].max() > least else ""
    charts: list[Block] = [_load(context, site, shown, parts)]
    charts.append(Hours(context.say("hours_section.power", site=name), "MW", across, parts, stack, (line,), note))
    if power["price_cny_per_kwh"].notna().any():
        price = Series(context.say("source.price"), _values(power["price_cny_per_kwh"]), "price")
        charts.append(
            Hours(context.say("hours_section.price", site=name), context.say("unit.price"), across, parts, (), (price,))
        )
    return tuple(charts)


def _load(context: Context, site: str, shown: NDArray[np.int64], parts: tuple[Span, ...]) -> Hours:
    """IT power by technology: idle and running draw of what is installed."""
    plan = context.run.plan
    load = plan.load[(plan.load["period"] == context.last) & (plan.load["site"] == site)]
    capacity = plan.capacity
    rows = capacity[
        (capacity["period"] == context.last) & (capacity["where"] == site) & (capacity["asset"] == "compute")
    ]
    installed = rows.groupby("technology")["amount"].sum()
    given = context.scenario.at("technologies", context.last).set_index("technology")
    series = []
    for technology in sorted(installed.index, key=lambda name: context.colours.get(str(name), "")):
        run = load[load["technology"] == technology].groupby("hour")["units"].sum().reindex(shown).fillna(0.0)
        idle, mw = float(given.loc[technology, "idle_share"]), float(given.loc[technology, "mw_per_unit"])
        values = mw * (idle * float(installed[technology]) + (1 - idle) * run.to_numpy(dtype=float))
        if values.max() > 1e-6:
            series.append(
                Series(context.technology(str(technology)), tuple(values.tolist()), context.colours[str(technology)])
            )
    title = context.say("hours_section.load", site=context.site(site))
    return Hours(
        title, "MW", context.say("axis.hours"), parts, tuple(series), note=context.say("hours_section.load_note")
    )


def _backlog(context: Context, shown: NDArray[np.int64]) -> Hours | None:
    """Work that waits, all regions, in hours of its mean demand, so that workloads compare."""
    plan = context.run.plan
    rows = plan.tables.get("backlog")
    if rows is None or not len(rows):
        return None
    rows = rows[rows["period"] == context.last]
    demand = context.scenario["demand"]
    mean = demand[demand["period"] == context.last].groupby("workload")["units"].sum()
    lines = []
    for at, (workload, group) in enumerate(rows.groupby("workload", sort=False)):
        waiting = group.groupby("hour")["units"].sum().reindex(shown).fillna(0.0) / float(mean.get(workload, np.nan))
        if waiting.max() > 1e-6:
            lines.append(Series(context.workload(str(workload)), _values(waiting), f"line-{at % 4 + 1}"))
    if not lines:
        return None
    return Hours(
        context.say("hours_section.backlog"),
        context.say("unit.hours_of_demand"),
        context.say("axis.hours"),
        spans(context, len(shown)),
        (),
        tuple(lines),
        note=context.say("hours_section.backlog_note"),
    )


def _values(column: pd.Series) -> tuple[float, ...]:
    return tuple(column.fillna(0.0).astype(float).tolist())
