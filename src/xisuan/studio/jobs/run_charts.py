"""Charts of finished runs for a choice of sites, classes and regions, drawn by the report in the worker."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from xisuan.report.charts_data import ChartsData, Selection, charts_data
from xisuan.report.pages import charts_page
from xisuan.report.pages.charts_page import Charted
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.results.storage import run_store
from xisuan.text.translation import Language

Form = Literal["html", "csv"]
KEPT = 12
"""Runs whose charts' data stay in memory: two comparisons of six."""


@lru_cache(maxsize=KEPT)
def _read(folder: str) -> tuple[Run, ChartsData]:
    """Return a run without its large tables, and the data of its charts. A run folder does not change."""
    run = run_store.load_run(folder)
    bare = dataclasses.replace(run.plan, variables={}, duals={}, relaxation_duals={}, city_duals={}, tables={})
    return Run(run.scenario, bare), charts_data(run)


def charts(folders: Sequence[str], names: Sequence[str], chosen: Selection, language: Language, form: Form) -> str:
    """Return the page of the charts of runs, or the values behind them as CSV."""
    read = [(name, _read(folder)) for name, folder in zip(names, folders, strict=True)]
    runs = [Charted(name, Context(run, language), data) for name, (run, data) in read]
    return charts_page.html(runs, chosen) if form == "html" else charts_page.csv(runs, chosen)
