"""Amounts for periods of several years: budgets and limits on orders of the nation, added up over the years of each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.scenario.reading.lapsed_rows import AMOUNTS
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.timeline import Timeline


def unmodelled(nation: Scenario, periods: Sequence[int]) -> list[int]:
    """Return the periods for which the nation has no demand."""
    years = nation.settings.periods
    return [period for period in periods if period not in years]


def rows(nation: Scenario, frames: Mapping[str, Sequence[pd.DataFrame]], timeline: Timeline) -> dict[str, pd.DataFrame]:
    """Return the rows of `budgets`, `limits` and `estimates`, by table, for periods of one or several years.

    A row of the first year of a period gets the sum over the years of the period for which there are rows; the ends of
    its range are the sums of theirs. frames: rows that are written on top of the nation; they replace its rows with the
    same key. The rows to return replace both.
    """
    out, ranges = dict[str, pd.DataFrame](), list[pd.DataFrame]()
    given = pd.concat([nation["estimates"], *frames.get("estimates", ())], ignore_index=True)
    for name in AMOUNTS:
        sums = _sums(nation[name], frames.get(name, ()), name, timeline)
        ranges.append(_ranges(given, sums, name))
        keys = list(tables.BY_NAME[name].row_keys)
        out[name] = pd.concat([*frames.get(name, ()), sums.drop(columns="years")]).drop_duplicates(keys, keep="last")
    keys = list(tables.BY_NAME["estimates"].row_keys)
    out["estimates"] = pd.concat([*frames.get("estimates", ()), *ranges]).drop_duplicates(keys, keep="last")
    return out


def _sums(base: pd.DataFrame, layer: Sequence[pd.DataFrame], name: str, timeline: Timeline) -> pd.DataFrame:
    """Return the rows whose amount is a sum, with column `years`: the years added up."""
    keys = list(tables.BY_NAME[name].row_keys)
    found = pd.concat([base, *layer], ignore_index=True).drop_duplicates(keys, keep="last")
    amount, others = AMOUNTS[name], [key for key in keys if key != "period"]
    sums = []
    for years in timeline.years:
        inside = found[found["period"].isin(years) & found[amount].notna()]
        groups = inside.groupby(others)
        total = pd.DataFrame({"sum": groups[amount].sum(), "years": groups["period"].agg(tuple)}).reset_index()
        first = inside[inside["period"] == years[0]].merge(total[total["years"].str.len() > 1], on=others)
        note = f"sum of {years[0]} to {years[-1]}"
        sums.append(first.drop(columns=amount).rename(columns={"sum": amount}).assign(note=note))
    return pd.concat(sums, ignore_index=True)


def _ranges(given: pd.DataFrame, sums: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the ranges of sums: of each for which every year has a range."""
    mine = given[(given["table"] == name) & (given["column"] == AMOUNTS[name])]
    by_key = mine.drop_duplicates("key", keep="last").set_index("key")
    out = []
    for row in sums.to_dict("records"):
        keys = [_key({**row, "period": year}, name) for year in row["years"]]
        if all(key in by_key.index for key in keys):
            parts = by_key.loc[keys]
            first = parts.reset_index().iloc[0].to_dict()
            out.append(first | {"low": parts["low"].sum(), "high": parts["high"].sum()})
    return pd.DataFrame(out, columns=given.columns)


def _key(row: Mapping[Hashable, Any], name: str) -> str:
    """Return the key of a row as `estimates` states it."""
    return "/".join(tables.key_part(row[key]) for key in tables.BY_NAME[name].row_keys)
