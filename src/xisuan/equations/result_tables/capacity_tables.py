"""Tables of orders (`builds`) and of capacity in use (`capacity`)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations import asset_sets
from xisuan.equations.model_builder import Assembly

Values = Mapping[str, Array]
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asset:
    """A variable of orders or of capacity in use.

    `asset` blank: the source in its label; `unit` blank: that of the technology. `table` gives lead and life (orders)
    or, in `column`, the existing amount. `it`: True if its MW are IT power.
    """

    variable: str
    asset: str
    unit: str
    table: str = ""
    column: str = ""
    it: bool = False


ORDERS = (
    Asset("build_hall", "hall", "MW", "halls", it=True),
    Asset("retrofit", "retrofit", "MW", "halls", it=True),
    Asset("open", "opening", ""),
    Asset("build", "compute", "", "technologies", it=True),
    Asset("build_link", "link", "Gbps", "links"),
    Asset("link_modules", "link", "modules", "links"),
    Asset("build_supply", "", "MW", "supply"),
    Asset("build_energy", "battery_energy", "MWh", "supply"),
)
USED = (
    Asset("hall", "hall", "MW", "halls", "existing_mw", it=True),
    Asset("retrofitted", "retrofitted", "MW", it=True),
    Asset("installed", "compute", "", it=True),
    Asset("capacity", "link", "Gbps", "links", "capacity_gbps"),
    Asset("supply", "", "MW", "supply", "existing_mw"),
    Asset("energy", "battery_energy", "MWh", "supply", "existing_mwh"),
)


CRUMB = 1e-6
"""Share of a family's largest amount below which an order is rounding of the interior-point method and is not shown."""


def builds(a: Assembly, values: Values) -> list[Row]:
    """Return the orders, period by period."""
    g = a.given
    rows: list[Row] = []
    for asset in ORDERS:
        block = a.column(asset.variable)
        if block is None:
            continue
        mw = _mw(a, asset, block)
        keys = _keys(asset, block.labels)
        lead = g.numbers(asset.table, keys, "lead_years") if asset.table else np.zeros_like(mw)
        crumb = CRUMB * values[asset.variable].max(initial=0.0)
        for (y, i), amount in np.ndenumerate(values[asset.variable]):
            if amount > crumb:
                label = block.labels[i]
                more = {
                    "in_use_from": math.ceil(g.periods[y] + lead[y, i]),
                    "investor": asset_sets.investor(g, asset.variable, label),
                    "capex_mcny": amount * a.capex[asset.variable][y, i],
                }
                rows.append(_row(a, asset, label, y, amount, float(mw[y, i])) | more)
    return rows


def in_use(a: Assembly, values: Values) -> list[Row]:
    """Return the capacity in use, period by period, and how much of it existed at the start."""
    rows: list[Row] = []
    for asset in USED:
        block = a.column(asset.variable)
        if block is None:
            continue
        mw = _mw(a, asset, block)
        existing = _existing(a, values, asset, block)
        crumb = CRUMB * values[asset.variable].max(initial=0.0)
        for (y, i), amount in np.ndenumerate(values[asset.variable]):
            if amount > crumb or existing[y, i] > 0.0:
                row = _row(a, asset, block.labels[i], y, amount, float(mw[y, i]))
                rows.append(row | {"existing": existing[y, i]})
    return rows


def _row(a: Assembly, asset: Asset, label: Label, y: int, amount: float, mw: float) -> Row:
    """Return the columns that `builds` and `capacity` have in common."""
    named = asset.variable in ("build", "installed", "link_modules")
    unit = a.given.unit_of[label[1]] if asset.asset == "compute" else asset.unit
    return {
        "period": a.given.periods[y],
        "asset": asset.asset or label[1],
        "where": label[0],
        "technology": label[1] if named else "",
        "amount": amount,
        "unit": unit,
        "mw": amount * mw,
    }


def _mw(a: Assembly, asset: Asset, block: Block) -> Array:
    """IT power of one unit of each item, MW; NaN for assets that are not IT. Shape (periods, items)."""
    if asset.asset == "compute":
        return asset_sets.it_mw(a.given, block.labels)
    return np.full((len(a.given.periods), len(block)), 1.0 if asset.it else np.nan)


def _keys(asset: Asset, labels: Sequence[Label]) -> list[Label]:
    """Return the keys of items in the asset's table."""
    if asset.table == "technologies":
        return asset_sets.technology_of(labels)
    if asset.asset == "battery_energy":
        return asset_sets.battery_rows(labels)
    return [label[:1] for label in labels] if asset.table == "links" else list(labels)


def _existing(a: Assembly, values: Values, asset: Asset, block: Block) -> Array:
    """Amount in use that existed at the start. Shape (periods, items)."""
    if asset.table:
        return a.given.numbers(asset.table, _keys(asset, block.labels), asset.column)
    out = np.zeros((len(a.given.periods), len(block)))
    kept = a.column("kept")
    if asset.variable == "installed" and kept:
        for i, (site, technology, _) in enumerate(kept.labels):
            out[:, block.position[site, technology]] += values["kept"][:, i]
    return out
