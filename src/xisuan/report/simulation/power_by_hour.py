"""Power of a run hour by hour, at each site and in all, with its cost and emissions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xisuan.report.document.blocks import Block, Cell, Choice, Column, Hours, Row, Section, Series, Table
from xisuan.report.document.time_bins import steps
from xisuan.report.simulation import trace_names
from xisuan.results.trace import Trace
from xisuan.text.numbers import plain
from xisuan.text.translation import Translator, in_context
from xisuan.text.translation import message as _

DRAWN = ["it_mw", "grid_mw", "energy_mcny", "location_t"]


def section(trace: Trace, say: Translator) -> list[Section]:
    """Power, cost and emissions by the hour, all sites and each; nothing where no power is known."""
    if "by_hour" not in trace.tables or "grid_mw" not in trace.by_hour:
        return []
    titles = trace_names.titles(trace, say)
    table = trace.by_hour
    every = [(say(_("all sites")), table.groupby("start_s", as_index=False)[DRAWN].sum())]
    each = [
        (titles.get(("site", str(site)), str(site)), frame.reset_index(drop=True))
        for site, frame in table.groupby("site", sort=False)
    ]
    if len(each) > 1:
        each = [*every, *each]
    groups = tuple(_charts(name, frame, say) for name, frame in each)
    names = tuple(name for name, _ in each)
    drawn: tuple[Block, ...] = (Choice(say(_("Where")), names, groups),) if len(names) > 1 else groups[0]
    return [
        Section(
            "power",
            say(_("Power, cost and emissions by the hour")),
            say(
                _(
                    "IT power by what is busy and what idles; from the grid: with the PUE of the hour, less what the "
                    "site itself generates; its cost at the price of the hour. Of several replications, the first."
                )
            ),
            (*drawn, _peaks(each, say)),
        )
    ]


def _charts(name: str, frame: pd.DataFrame, say: Translator) -> tuple[Block, ...]:
    """IT power and what comes from the grid; the cost and the emissions of that."""
    large = float(frame["energy_mcny"].max()) >= 1.0
    money = 1e2 if say.language == "zh" else 1.0 if large else 1e3  # of a million CNY: 万元, or millions, or thousands
    drawn, spans = steps(frame, DRAWN, say)
    it, grid, cost, carbon = (
        Series(say(key), tuple((drawn[column] * size).tolist()), colour)
        for key, column, size, colour in (
            (_("IT power"), "it_mw", 1.0, "other-1"), (_("from the grid"), "grid_mw", 1.0, "line-2"),
            (_("cost of energy"), "energy_mcny", money, "other-5"),
            (in_context("trace", "emissions, location-based"), "location_t", 1.0, "other-3"),
        )
    )  # fmt: skip
    return (
        Hours(say(_("Power, {site}", site=name)), "MW", say(_("time")), spans, (it,), (grid,)),
        Hours(
            say(_("Cost of energy, {site}", site=name)),
            say(_("million CNY an hour") if large else _("thousand CNY an hour")),
            say(_("time")),
            spans,
            (cost,),
        ),
        Hours(
            say(_("Emissions, location-based, {site}", site=name)),
            say(_("t CO₂ an hour")),
            say(_("time")),
            spans,
            (carbon,),
        ),
    )


def _peaks(each: list[tuple[str, pd.DataFrame]], say: Translator) -> Table:
    """Mean and highest power of all sites and of each, and when it is highest."""
    heads = (_("Site"), _("IT, mean"), _("IT, highest"), _("Grid, mean"), _("Grid, highest"), _("Grid highest"))
    columns = tuple(Column(say(head), "MW" if 0 < at < 5 else "", number=at > 0) for at, head in enumerate(heads))
    rows = []
    for at, (name, frame) in enumerate(each):
        it, grid = frame["it_mw"], frame["grid_mw"]
        when = int(np.rint(frame["start_s"].iloc[int(grid.argmax())] / 3600.0))
        cells = (name, *(plain(float(v)) for v in (it.mean(), it.max(), grid.mean(), grid.max())),
                 say(_("day {day}, {hour}:00", day=when // 24 + 1, hour=when % 24)))  # fmt: skip
        rows.append(Row(tuple(map(Cell, cells)), kind="total" if not at and len(each) > 1 else "plain"))
    return Table(say(_("Mean and highest power")), columns, tuple(rows))
