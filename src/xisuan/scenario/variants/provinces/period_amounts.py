"""Amounts for periods of several years: budgets and limits on orders of the nation, added up over the years of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from xisuan.scenario.queries import estimate_ranges
from xisuan.scenario.reading.lapsed_rows import AMOUNTS
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.timeline import Timeline


def unmodelled(nation: Scenario, periods: Sequence[int]) -> list[int]:
    """Return the periods for which the nation has no demand."""
    years = nation.settings.periods
    return [period for period in periods if period not in years]


def rows(nation: Scenario, frames: Mapping[str, Sequence[pd.DataFrame]], planned: Scenario) -> dict[str, pd.DataFrame]:
    """Return the rows of `budgets`, `limits` and `estimates`, by table, for periods of one or several years.

    A row of the first year of a period gets the sum over the years of the period for which there are rows. Its range
    keeps the ratios of its ends to the values. frames: rows that are written on top of the nation; they replace its
    rows with the same key. The rows to return replace both. planned: the nation with the periods.
    """
    joined = {name: _over(nation[name], frames.get(name, ()), name) for name in (*AMOUNTS, "estimates")}
    yearly = nation.with_tables(**joined)
    out, whole = dict[str, pd.DataFrame](), dict[str, pd.DataFrame]()
    for name in AMOUNTS:
        sums = _sums(joined[name], name, planned.timeline)
        out[name] = _over(sums.iloc[:0], [*frames.get(name, ()), sums], name)
        whole[name] = _over(joined[name], [sums], name)
    ranges = estimate_ranges.moved(yearly, planned.with_tables(**{**joined, **whole}), AMOUNTS)
    ends = ["low", "high"]
    changed = (ranges[ends] != joined["estimates"][ends]).any(axis=1)
    out["estimates"] = _over(ranges.iloc[:0], [*frames.get("estimates", ()), ranges[changed]], "estimates")
    return out


def _over(base: pd.DataFrame, more: Sequence[pd.DataFrame], name: str) -> pd.DataFrame:
    """Return the rows of a table with more rows, of which the last of each key counts."""
    keys = list(tables.BY_NAME[name].row_keys)
    return pd.concat([base, *more], ignore_index=True).drop_duplicates(keys, keep="last", ignore_index=True)


def _sums(found: pd.DataFrame, name: str, timeline: Timeline) -> pd.DataFrame:
    """Return the rows whose amount is a sum."""
    amount, others = AMOUNTS[name], [key for key in tables.BY_NAME[name].row_keys if key != "period"]
    sums = []
    for years in timeline.years:
        inside = found[found["period"].isin(years) & found[amount].notna()]
        groups = inside.groupby(others)
        total = pd.DataFrame({"sum": groups[amount].sum(), "years": groups["period"].nunique()}).reset_index()
        first = inside[inside["period"] == years[0]].merge(total[total["years"] > 1], on=others)
        note = f"sum of {years[0]} to {years[-1]}"
        sums.append(first.drop(columns=[amount, "years"]).rename(columns={"sum": amount}).assign(note=note))
    return pd.concat(sums, ignore_index=True)
