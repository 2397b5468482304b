"""Charts of the hardest week of an operated plan, or of all its hours: power by class, sites, unserved work."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xisuan.report import run_context, terms
from xisuan.report.document.blocks import Block, Hours, Section, Series
from xisuan.report.operated.operated_case import Operated
from xisuan.report.operation import typical_week
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

NOTHING = 1e-9
"""Demand or power below which it counts as zero."""


def section(one: Operated) -> Section | None:
    """Return the section on the hardest week hour by hour, or on all hours operated; None if there is nothing to draw."""
    context = one.of_period
    drawn = typical_week.Operated(one.tables, one.found.scenario.timeline, one.shown)
    blocks: list[Block] = [*_by_class(one, drawn), *typical_week.charts(context, drawn)]
    lost = _lost(one, drawn)
    blocks += [lost] if lost is not None else []
    if not blocks:
        return None
    say, week = context.say, one.week
    if week is None:
        which = (
            unfilled("the first {n} of {total} modelled hours")
            if len(one.shown) < one.found.scenario.timeline.n_hours
            else unfilled("all {n} modelled hours")
        )
        hours = say(_(which, n=len(one.shown), total=one.found.scenario.timeline.n_hours))
        return Section(
            "week",
            say(_("Hour by hour")),
            say(
                _(
                    "{year}, {hours}. A date stands for the run of hours that begins on it, ×n for how many such "
                    "runs the year has.",
                    year=one.period,
                    hours=hours,
                )
            ),
            tuple(blocks),
        )
    first = typical_week.date_of(context, int(one.shown[0]))
    why = (
        _("of all weeks of all years operated, the one in which most is left undone")
        if week.unserved > 0.0
        else _("of all weeks of all years operated, the one whose fullest hour runs most of a class of equipment")
    )
    lead = say(
        _(
            "{year}, the week from {first}, hour by hour: {why}. Each site is operated at least cost with "
            "what the plan has there in {year}.",
            first=first,
            year=one.period,
            why=say(why),
        )
    )
    return Section("week", say(_("The hardest week")), lead, tuple(blocks))


def _by_class(one: Operated, drawn: typical_week.Operated) -> Iterator[Hours]:
    """IT power of all sites, a class a colour, what idle equipment draws included; nothing where there is only one site."""
    context = one.of_period
    given = context.scenario.at("technologies", one.period).set_index("technology")
    capacity = one.plan.tables["capacity"]
    stands = capacity[(capacity["period"] == one.period) & (capacity["asset"] == "compute")]
    if stands["where"].nunique() < 2 or "load" not in one.tables:
        return
    load = one.tables["load"].pivot_table(index="hour", columns="technology", values="units", aggfunc="sum")
    runs = load.reindex(one.shown).fillna(0.0)
    series = []
    for kind, names in given.groupby("class", sort=False).groups.items():
        total = np.zeros(len(one.shown))
        for name in names:
            idle, mw = float(given.loc[name, "idle_share"]), float(given.loc[name, "mw_per_unit"])
            busy = runs[name].to_numpy() if name in runs else 0.0
            units_there = float(stands.loc[stands["technology"] == name, "amount"].sum())
            total += mw * (idle * units_there + (1.0 - idle) * busy)
        if total.max() > NOTHING:
            colour = context.colours[str(names[0])]
            series.append(Series(context.say(terms.named(terms.CLASSES, str(kind))), tuple(total.tolist()), colour))
    if series:
        say = context.say
        yield Hours(
            say(_("IT power by class, all sites")),
            "MW",
            say(_("modelled hours, Beijing time")),
            typical_week.runs(context, drawn),
            tuple(series),
            note=say(_("What idle equipment draws is included.")),
        )


def _lost(one: Operated, drawn: typical_week.Operated) -> Hours | None:
    """Work and traffic that are not served in the hours drawn, in hours of mean demand."""
    context, at = one.of_period, one.found.scenario.settings.periods.index(one.period)
    lines = []
    demand = context.scenario["demand"]
    mean = demand[demand["period"] == one.period].groupby("workload")["units"].sum()
    family = one.found.variables.get("unserved")
    if family is None:
        return None
    values = family.values[at][one.shown]
    workloads = [label[1] for label in family.labels]
    waiting = one.tables["backlog"]["workload"].tolist() if "backlog" in one.tables else []  # with its colours there
    for number, workload in enumerate(dict.fromkeys([*map(str, waiting), *workloads])):
        items = [i for i, name in enumerate(workloads) if name == workload]
        left = values[:, items].sum(axis=1) / max(float(mean.get(workload, 0.0)), NOTHING)
        if left.max() > run_context.LEAST_SHARE:
            lines.append(Series(context.workload(workload), tuple(left.tolist()), f"line-{number % 4 + 1}"))
    if not lines:
        return None
    say = context.say
    return Hours(
        say(_("Work not served, all regions")),
        say(_("hours of mean demand")),
        say(_("modelled hours, Beijing time")),
        typical_week.runs(context, drawn),
        (),
        tuple(lines),
        note=say(_("One hour means that as much is left in that hour as arises in a mean hour.")),
    )
