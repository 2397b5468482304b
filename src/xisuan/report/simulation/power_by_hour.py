"""What a run draws hour by hour: power at each site and in all, what it costs, and what it emits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xisuan.report.document.blocks import Block, Cell, Choice, Column, Hours, Row, Section, Series, Table
from xisuan.report.document.time_bins import steps
from xisuan.report.simulation import trace_names
from xisuan.report.words import Words
from xisuan.results.trace import Trace
from xisuan.text.numbers import plain

DRAWN = ["it_mw", "grid_mw", "energy_mcny", "location_t"]


def section(trace: Trace, say: Words) -> list[Section]:
    """Power, cost and emissions by the hour, all sites and each; nothing where no power is known."""
    if "by_hour" not in trace.tables or "grid_mw" not in trace.by_hour:
        return []
    titles = trace_names.titles(trace, say)
    table = trace.by_hour
    every = [(say("trace.all_sites"), table.groupby("start_s", as_index=False)[DRAWN].sum())]
    each = [
        (titles.get(("site", str(site)), str(site)), frame.reset_index(drop=True))
        for site, frame in table.groupby("site", sort=False)
    ]
    if len(each) > 1:
        each = [*every, *each]
    groups = tuple(_charts(name, frame, say) for name, frame in each)
    names = tuple(name for name, _ in each)
    drawn: tuple[Block, ...] = (Choice(say("trace.choose"), names, groups),) if len(names) > 1 else groups[0]
    return [Section("power", say("trace.power"), say("trace.power_lead"), (*drawn, _peaks(each, say)))]


def _charts(name: str, frame: pd.DataFrame, say: Words) -> tuple[Block, ...]:
    """IT power and what comes from the grid; the cost and the emissions of that."""
    large = float(frame["energy_mcny"].max()) >= 1.0
    money = 1e2 if say.language == "zh" else 1.0 if large else 1e3  # of a million CNY: 万元, or millions, or thousands
    drawn, spans = steps(frame, DRAWN, say)
    it, grid, cost, carbon = (
        Series(say(f"trace.{key}"), tuple((drawn[column] * size).tolist()), colour)
        for key, column, size, colour in (
            ("it_power", "it_mw", 1.0, "other-1"), ("grid_power", "grid_mw", 1.0, "line-2"),
            ("hour_cost", "energy_mcny", money, "other-5"),
            ("hour_carbon", "location_t", 1.0, "other-3"),
        )
    )  # fmt: skip
    return (
        Hours(say("trace.power_chart", site=name), "MW", say("trace.time"), spans, (it,), (grid,)),
        Hours(
            say("trace.cost_chart", site=name),
            say("trace.cost_unit_large" if large else "trace.cost_unit"),
            say("trace.time"),
            spans,
            (cost,),
        ),
        Hours(say("trace.carbon_chart", site=name), say("trace.carbon_unit"), say("trace.time"), spans, (carbon,)),
    )


def _peaks(each: list[tuple[str, pd.DataFrame]], say: Words) -> Table:
    """Mean and highest power of all sites and of each, and when it is highest."""
    heads = ("failure_site", "it_mean", "it_most", "grid_mean", "grid_most", "grid_when")
    columns = tuple(
        Column(say(f"trace.{head}"), "MW" if 0 < at < 5 else "", number=at > 0) for at, head in enumerate(heads)
    )
    rows = []
    for at, (name, frame) in enumerate(each):
        it, grid = frame["it_mw"], frame["grid_mw"]
        when = int(np.rint(frame["start_s"].iloc[int(grid.argmax())] / 3600.0))
        cells = (name, *(plain(float(v)) for v in (it.mean(), it.max(), grid.mean(), grid.max())),
                 say("trace.map_day", day=when // 24 + 1, hour=when % 24))  # fmt: skip
        rows.append(Row(tuple(map(Cell, cells)), kind="total" if not at and len(each) > 1 else "plain"))
    return Table(say("trace.peaks"), columns, tuple(rows))
