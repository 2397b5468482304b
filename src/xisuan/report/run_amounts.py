"""Amounts of one run in the units and digits of the report's columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TypeVar

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.document.blocks import Cell
from xisuan.report.document.number_cells import percent
from xisuan.results.run import Run
from xisuan.text.numbers import (
    GAP,
    SAVED,
    Scale,
    carbon_scale,
    column_decimals,
    energy_scale,
    exact,
    money_scale,
    plain,
)  # fmt: skip
from xisuan.text.translation import Language

NOTHING = 1e-8
"""Share of the cost of the plan below which money is the crumbs of an interior point."""


@dataclass(frozen=True)
class RunAmounts:
    """One run and the language of its report, with the scales of columns and axes."""

    run: Run
    language: Language

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders of the run without dust; those of equipment have class, precision and `eflops` (NaN: none)."""
        builds = run_measures.orders(self.run)
        return builds.join(run_measures.equipment(self.run, builds)[["class", "precision", "eflops"]])

    @cached_property
    def money(self) -> Scale:
        """Money, by the cost of the plan."""
        return money_scale(self.language, self.run.plan.cost_mcny)

    def in_money(self, mcny: float) -> str:
        """Money for a column headed by the unit of `money`."""
        value, digits = mcny / self.money.divisor, column_decimals(self.money.unit)
        least = 10.0**-digits
        if abs(mcny) <= NOTHING * self.run.plan.cost_mcny:
            return "0"
        return f"<{least:g}" if 0 < value < least else exact(value, digits)

    def money_cell(self, mcny: float, bar: float | None = None) -> Cell:
        """Return money as a cell of a column headed by the unit of `money`; its number stands behind every text."""
        return Cell(self.in_money(mcny), bar=bar, value=mcny / self.money.divisor)

    def amount(self, mcny: float) -> str:
        """Money in a sentence: in the digits of its columns, with their unit."""
        return f"{self.in_money(mcny)}{GAP}{self.money.unit}"

    def saved(self, mcny: float) -> str:
        """Return the saving per additional million CNY of a budget, in the unit of SAVED."""
        return plain(mcny / SAVED[self.language].divisor)

    def share(self, fraction: float) -> str:
        """Return a share for a sentence, with the digits of a column of shares."""
        return percent(fraction).text + ("%" if self.language == "zh" else f"{GAP}%")

    @cached_property
    def carbon(self) -> Scale:
        """Scale of carbon, chosen by the yearly emissions of the network."""
        return carbon_scale(self.language, float(self.run.plan.emissions.groupby("period")["location_t"].sum().max()))

    @cached_property
    def electricity(self) -> Scale:
        """Scale of energy, chosen by the network's yearly energy from the grid."""
        return energy_scale(self.language, float(self.run.plan.emissions.groupby("period")["grid_mwh"].sum().max()))


C = TypeVar("C", bound=RunAmounts)
T = TypeVar("T")


def computed_once(compute: Callable[[C], T]) -> Callable[[C], T]:
    """Return `compute` with its result stored in its argument, as `cached_property` does for a method.

    For facts that many sections and cells ask for. All callers share the result: none may change it.
    """
    key = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def stored(context: C) -> T:
        results = context.__dict__
        if key not in results:
            results[key] = compute(context)
        found: T = results[key]
        return found

    return stored
