"""Budgets: most overnight capital that may be ordered in a period, by scope."""

from __future__ import annotations

import numpy as np

from gnomon import Array, Label
from xisuan.equations import asset_sets
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import VARIABLE

BUDGETED = {
    "halls": ("build_hall", "retrofit", "open"),
    "compute": ("build",),
    "network": ("build_link", "link_modules"),
    "power": ("build_supply", "build_energy"),
    "access": ("deploy", "lay"),
}
"""Orders that each scope of a budget limits."""


def budget(a: Assembly) -> None:
    """Add overnight capital ordered in the period ≤ limit (mCNY, undiscounted), by scope of the budget.

    An order counts against the budget of an investor with the share that it pays.
    """
    g = a.given
    limits: dict[str, Array] = {}
    for y, period in enumerate(g.periods):
        held = g.at("budgets", period)
        for scope, limit in zip(held["scope"].astype(str), held["limit_mcny"], strict=True):
            if not np.isnan(limit):
                limits.setdefault(scope, np.full(len(g.periods), np.inf))[y] = limit
    upper = np.array(list(limits.values())).reshape(len(limits), len(g.periods)).T
    block = a.rows("budget", [(scope,) for scope in limits], upper=upper)
    ordered = [column for names in BUDGETED.values() for name in names if (column := a.column(name))]
    for scope in limits:
        for column in ordered:
            counts = [_counted(g, scope, column.name, label) for label in column.labels]
            at = [i for i, shares in enumerate(counts) if shares.any()]
            labels = [column.labels[i] for i in at]
            shares = np.array([counts[i] for i in at]).reshape(len(at), len(g.periods)).T
            a.model.add(block, [(scope,)] * len(labels), column, labels, shares * a.capex[column.name][:, at])


def _counted(given: Given, scope: str, variable: str, label: Label) -> Array:
    """Return the share of an order that counts against a budget's scope in each period. Shape (periods,)."""
    if scope.startswith("investor:"):
        name = scope.removeprefix("investor:")
        return np.array([shares.get(name, 0.0) for shares in asset_sets.payers(given, variable, label)])
    if scope == "all":
        within = True
    elif scope in BUDGETED:
        within = variable in BUDGETED[scope]
    else:
        within = "site" in VARIABLE[variable].dims and given.site_text[label[0]]["hub"] == scope
    return np.full(len(given.periods), float(within))
