"""Amounts of single years, added up for periods of several years: budgets and paces of orders, with their ranges.

Demand, prices and other rows that hold from a year on need no sum: a period takes those of its first year.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from xisuan.scenario.queries import estimate_ranges
from xisuan.scenario.reading import typed_columns
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables

AMOUNTS = {"budgets": "limit_mcny", "limits": "max_build_units"}
"""Columns with an amount for one period."""
RANK = " rank"
"""Column with the layer of a row, 0 for the base of all. No file has a column of this name."""


def add_up(
    frames: Mapping[str, pd.DataFrame], periods: Sequence[range], layers: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return the tables in which amounts were added, with one row for each period: that of its first year.

    Its amount is the sum over the years that have a row. But a layer that states the first year states the whole
    period: rows of layers below it are left out. An amount without limit in one year leaves the sum without limit.
    periods: the years of each. layers: what their files have before their names, base first.
    """
    out: dict[str, pd.DataFrame] = {}
    for name, column in AMOUNTS.items():
        inner = [year for years in periods for year in years[1:]]
        if frames[name].empty or not frames[name]["period"].isin(inner).any():
            continue
        prefixes = [file[: file.rfind("/") + 1] for file in frames[name][typed_columns.FILE]]
        frame = frames[name].assign(**{RANK: [layers.index(prefix) for prefix in prefixes]})
        given = frame
        for years, following in zip(periods, [*[one[0] for one in periods[1:]], None], strict=True):
            frame = _one_row(frame, name, column, years, following)
        if frame is not given:
            out[name] = frame.drop(columns=RANK)
    return out


def _one_row(frame: pd.DataFrame, name: str, column: str, years: range, following: int | None) -> pd.DataFrame:
    """Return the rows of a table with one row for the period of `years`, for each key with a row of its first year.

    following: first year of the next period. The last row of the period holds there if no other does.
    """
    keys = [key for key in tables.BY_NAME[name].row_keys if key != "period"]
    starts = frame[frame["period"] == years[0]]
    inside = frame[frame["period"].isin(years[1:])].reset_index(names="at")
    inside = inside.merge(starts[[*keys, RANK]].reset_index(names="start"), on=keys, suffixes=("", " of start"))
    if inside.empty:
        return frame
    counted = inside[inside[RANK] >= inside[f"{RANK} of start"]]
    more = counted.groupby("start")[column].agg(lambda amounts: amounts.sum(skipna=False))
    frame = frame.copy()
    frame.loc[more.index, column] += more
    for start, year in counted.groupby("start")["period"].max().items():
        frame.loc[start, "note"] = f"sum of {years[0]} to {year:.0f}"
    last = inside.sort_values("period").groupby("start")["at"].last()
    then = frame.loc[last].assign(period=following)
    known = set(map(tuple, frame.loc[frame["period"] == following, keys].to_numpy()))
    carried = then[[following is not None and tuple(key) not in known for key in then[keys].to_numpy()]]
    frame = frame.drop(index=inside["at"].tolist())
    return pd.concat([frame, carried.astype(frame.dtypes)], ignore_index=True) if len(carried) else frame


def ranges(scenario: Scenario, yearly: Mapping[str, pd.DataFrame], estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `estimates` with the ranges of sums, without those of rows that went into a sum.

    Each end keeps its ratio to the value. yearly: the tables with the amounts of single years.
    """
    horizon = scenario.timeline.horizon
    single = dataclasses.replace(scenario.settings, periods=horizon, last_period_years=1)
    before = Scenario(single, {**scenario.tables, **yearly}, scenario.curves)
    moved = estimate_ranges.moved(before, scenario, yearly)
    now, then = estimate_ranges.Ranges(before), estimate_ranges.Ranges(scenario)
    kept = [
        row["table"] not in yearly or bool(len(then.figures(row))) or not len(now.figures(row))
        for row in moved.to_dict("records")
    ]
    ends = {end: moved[end].to_numpy() for end in ("low", "high")}
    return estimates.assign(**ends)[np.array(kept, dtype=bool)].reset_index(drop=True)
