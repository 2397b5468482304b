"""The year of an operated plan as a map of days and hours: how much the busiest sites draw, and when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.report import terms
from xisuan.report.document.blocks import Block, Choice, Days, Section
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context
from xisuan.results.summaries.hardest_week import Week
from xisuan.text.translation import message as _

MOST_SITES = 4
"""Sites that are drawn: the busiest, besides all together."""
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def section(context: Context, power: pd.DataFrame, week: Week | None) -> Section | None:
    """Return the charts of days by hours for all sites together and for the busiest ones; None without all hours of a
    year."""
    if week is None or not len(power):
        return None
    by_site = power.pivot_table(index="hour", columns="site", values="facility_mw", aggfunc="sum").fillna(0.0)
    peaks = by_site.max().sort_values(ascending=False, kind="stable")
    sites = [str(site) for site in peaks.index if peaks[site] > 1e-6][:MOST_SITES]
    if len(by_site) != units.HOURS_PER_YEAR or not sites:
        return None
    say = context.say
    names = [context.site(site) for site in sites]
    maps = [_map(context, context.site(site), by_site[site].to_numpy(dtype=np.float64), week) for site in sites]
    if len(by_site.columns) > 1:
        names.insert(0, say(_("All sites")))
        whole = by_site.sum(axis=1).to_numpy(dtype=np.float64)
        maps.insert(0, _map(context, say(_("all sites")), whole, week))
    block: Block = maps[0]
    if len(maps) > 1:
        block = Choice(say(_("Site")), tuple(names), tuple((one,) for one in maps))
    return Section(
        "year",
        say(_("The year, day by day and hour by hour")),
        say(
            _(
                "Power of {year} at the busiest sites. A column is a day from 1 January, a row an hour of it, "
                "Beijing time; the stronger the colour, the more.",
                year=context.last,
            )
        ),
        (block,),
    )


def _map(context: Context, name: str, values: np.ndarray, week: Week) -> Days:
    say = context.say
    months = tuple((say(terms.named(terms.MONTHS, str(month + 1))), days) for month, days in enumerate(MONTHS))
    at = np.cumsum([0, *(24 * days for days in MONTHS)])
    rows = []
    for number, (month, _days) in enumerate(months):
        part = values[at[number] : at[number + 1]]
        rows.append((month, *(figure(float(value)).text for value in (part.mean(), part.min(), part.max()))))
    first = (week.number - 1) * units.DAYS_PER_WEEK
    return Days(
        title=say(_("Facility power in {year}, {site}", site=name, year=context.last)),
        unit="MW",
        across=say(_("days, Beijing time")),
        values=tuple(values.tolist()),
        months=months,
        marked=(first, min(first + units.DAYS_PER_WEEK, units.DAYS_PER_YEAR)),
        mark=say(_("hardest week")),
        ends=(f"{figure(float(values.min())).text} MW", f"{figure(float(values.max())).text} MW"),
        numbers=tuple(rows),
        note=say(_("The shades run from the least to the most of this map, not from nought.")),
    )
