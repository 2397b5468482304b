"""Smallest meaningful orders in the units of the model's variables, from those of the result tables."""

from __future__ import annotations

import numpy as np

from gnomon import Array, Block
from xisuan.equations import asset_sets
from xisuan.equations.model_builder import Assembly
from xisuan.results.plan import SMALLEST

UNITS = {
    "build_hall": "MW",
    "retrofit": "MW",
    "build_link": "Gbps",
    "build_supply": "MW",
    "build_energy": "MWh",
    "lay": "km",
}
"""Unit of a variable of orders that is in a unit of `SMALLEST`."""


def smallest_orders(a: Assembly) -> dict[str, Array]:
    """Return the smallest meaningful amount of every order, by variable, shape (periods, items).

    An order is below it if its amount, its IT power or its capital is below the smallest of that unit. Orders in whole
    pieces have none.
    """
    found: dict[str, Array] = {}
    for name, price in a.capex.items():
        block = a.column(name)
        if block is not None and not block.integer:
            found[name] = np.maximum(_by_amount(a, block), _share(SMALLEST["mCNY"], price))
    return found


def _by_amount(a: Assembly, block: Block) -> Array:
    """Return the smallest amount by the variable's own unit, or by IT power for equipment; 0 where neither applies."""
    shape = (len(a.given.periods), len(block))
    if block.name == "build":
        return _share(SMALLEST["MW"], np.broadcast_to(asset_sets.it_mw(a.given, block.labels), shape))
    return np.full(shape, SMALLEST[UNITS[block.name]] if block.name in UNITS else 0.0)


def _share(least: float, each: Array) -> Array:
    """Return `least` over the amount of each unit; 0 where that is 0."""
    return np.divide(least, each, out=np.zeros(np.shape(each)), where=np.asarray(each) > 0.0)
