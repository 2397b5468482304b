"""Recomputed table `costs`: costs by period, term, place and payer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from xisuan.certificate.constraints.costs import Charge, Order
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.tables.payers import payer, place
from xisuan.certificate.tables.recomputed import ROUNDING, Operands, Recomputed
from xisuan.results.plan import TABLES

KEYS = ("period", "term", "where", "investor")
Places = dict[tuple[int, str, str, str], list[float]]
"""By index of the period, term, place and payer: mCNY as in the table, mCNY discounted, sum of the absolute terms."""


def costs(of: Operands, parts: Iterable[Order | Charge], fixed: Array) -> Recomputed:
    """Recompute `costs`.

    parts: the orders and charges of the statement. fixed: discounted transmission in mCNY that no plan changes, shape (P,).
    """
    found: Places = {}
    year = of.columns.reading.clock.year_weight
    for part in parts:
        if of.has(part.variable):
            _collect(of, found, part, year)
    if fixed.any():
        for p, money in enumerate(fixed):
            _add(found, (p, "transmission", "", ""), float(money / year[p]), float(money))
    rows = [
        (of.periods[p], term, where, investor, own, discounted)
        for (p, term, where, investor), (own, discounted, _) in found.items()
    ]
    frame = pd.DataFrame(rows, columns=list(TABLES["costs"]))
    slack = ROUNDING * np.array([terms for _, _, terms in found.values()])
    required = np.abs(frame["discounted_mcny"].to_numpy(dtype=float)) > 0.0
    return Recomputed(frame, KEYS, required, {"discounted_mcny": slack, "mcny": slack})


def _collect(of: Operands, found: Places, part: Order | Charge, year: Array) -> None:
    """Add the costs of a variable's items to their places."""
    values = of.values(part.variable)
    money = part.discounted * values
    discounted = money.sum(axis=1) if money.ndim == 3 else money
    own = part.overnight * values if isinstance(part, Order) else discounted / year[:, None]
    reading = of.columns.reading
    for i in np.flatnonzero(np.abs(own).max(axis=0, initial=0.0) + np.abs(discounted).max(axis=0, initial=0.0)):
        label = of.labels(part.variable)[int(i)]
        where, investor = place(part.variable, label), payer(reading, part.variable, label)
        for p in range(len(of.periods)):
            if discounted[p, i]:
                _add(found, (p, part.term, where, investor), float(own[p, i]), float(discounted[p, i]))


def _add(found: Places, key: tuple[int, str, str, str], own: float, discounted: float) -> None:
    one = found.setdefault(key, [0.0, 0.0, 0.0])
    one[0] += own
    one[1] += discounted
    one[2] += abs(discounted) + abs(own)
