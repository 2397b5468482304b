"""Recomputed tables of investment: `builds` and `capacity`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan.certificate.constraints.costs import Order
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.dated_rows import Key
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import Label, no_nan, stack
from xisuan.certificate.tables.payers import payer
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.results.plan import TABLES

SMALLEST = 1e-6
"""Share of a variable's largest amount up to which an amount has no row: accuracy of an interior-point solution."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A variable of orders or of capacity in use, as its tables name it.

    asset: blank where the label has it. table: table of its lead time, or of its initial capacity (`column`).
    """

    variable: str
    asset: str
    unit: str
    table: str = ""
    column: str = ""
    is_it: bool = False


ORDERED = (
    Kind("build_hall", "hall", "MW", "halls", is_it=True),
    Kind("retrofit", "retrofit", "MW", "halls", is_it=True),
    Kind("open", "opening", ""),
    Kind("build", "compute", "", "technologies", is_it=True),
    Kind("build_link", "link", "Gbps", "links"),
    Kind("link_modules", "link", "modules", "links"),
    Kind("build_supply", "", "MW", "supply"),
    Kind("build_energy", "battery_energy", "MWh", "supply"),
)
IN_USE = (
    Kind("hall", "hall", "MW", "halls", "existing_mw", is_it=True),
    Kind("retrofitted", "retrofitted", "MW", is_it=True),
    Kind("installed", "compute", "", is_it=True),
    Kind("capacity", "link", "Gbps", "links", "capacity_gbps"),
    Kind("supply", "", "MW", "supply", "existing_mw"),
    Kind("energy", "battery_energy", "MWh", "supply", "existing_mwh"),
)


def builds(of: Operands, orders: Sequence[Order]) -> Recomputed:
    """Recompute `builds` from the values of every order and its price."""
    overnight = {order.variable: order.overnight for order in orders}
    reading, rows = of.columns.reading, []
    for kind in ORDERED:
        for p, i, amount in _amounts(of, kind):
            label = of.labels(kind.variable)[i]
            lead = no_nan(_numbers(reading, kind, label, "lead_years"), 0.0)[p] if kind.table else 0.0
            rows.append(
                _row(of, kind, label, p, amount)
                | {
                    "in_use_from": math.ceil(of.periods[p] + lead),
                    "investor": payer(reading, kind.variable, label),
                    "capex_mcny": amount * overnight[kind.variable][p, i],
                }
            )
    return _table("builds", rows)


def capacity(of: Operands) -> Recomputed:
    """Recompute `capacity` from capacity in use and the initial capacity of the tables."""
    rows = []
    for kind in IN_USE:
        stood = _existing(of, kind)
        for p, i, amount in _amounts(of, kind, stood):
            rows.append(_row(of, kind, of.labels(kind.variable)[i], p, amount) | {"existing": stood[p, i]})
    return _table("capacity", rows)


def _table(name: str, rows: list[dict[str, object]]) -> Recomputed:
    frame = pd.DataFrame(rows, columns=list(TABLES[name]))
    return Recomputed(frame, ("period", "asset", "where", "technology"))


def _amounts(of: Operands, kind: Kind, stood: Array | None = None) -> Iterator[tuple[int, int, float]]:
    """Yield period, item and amount of everything that has a row."""
    if of.has(kind.variable):
        values = of.values(kind.variable)
        shown = values > SMALLEST * values.max(initial=0.0)
        for p, i in zip(*np.nonzero(shown if stood is None else shown | (stood > 0.0)), strict=True):
            yield int(p), int(i), float(values[p, i])


def _row(of: Operands, kind: Kind, label: Label, p: int, amount: float) -> dict[str, object]:
    """Return the columns that both tables have."""
    reading, is_compute = of.columns.reading, kind.asset == "compute"
    mw = no_nan(reading.technology(label[1], "mw_per_unit"), 0.0)[p] if is_compute else 1.0
    return {
        "period": of.periods[p],
        "asset": kind.asset or label[1],
        "where": label[0],
        "technology": label[1] if is_compute or kind.variable == "link_modules" else "",
        "amount": amount,
        "unit": reading.tables["technologies"].first(label[1:2], "unit") if is_compute else kind.unit,
        "mw": amount * mw if kind.is_it else np.nan,
    }


def _key(kind: Kind, label: Label) -> Key:
    """Return the key of an item in the table of its kind."""
    if kind.table == "technologies":
        return label[1:2]
    if kind.asset == "battery_energy":
        return (*label, "battery")
    return label[:1] if kind.table == "links" else label


def _numbers(reading: Reading, kind: Kind, label: Label, column: str) -> Array:
    """Return a number of an item's row in each period. For technologies the first row also holds before its period."""
    table, key = reading.tables[kind.table], _key(kind, label)
    return table.ever(key, column) if kind.table == "technologies" else table.number(key, column)


def _existing(of: Operands, kind: Kind) -> Array:
    """Return the initial capacity that is still in place. Shape (P, items)."""
    labels, n = of.labels(kind.variable), len(of.periods)
    if kind.table:
        return stack([no_nan(_numbers(of.columns.reading, kind, label, kind.column), 0.0) for label in labels], n)
    stood = np.zeros((n, len(labels)))
    if kind.variable == "installed" and of.has("kept"):
        at = of.columns["installed"].at
        for i, (site, technology, _) in enumerate(of.labels("kept")):
            stood[:, at[site, technology]] += of.values("kept")[:, i]
    return stood
