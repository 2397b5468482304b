"""Budgets: most overnight capital that may be ordered in a period, by scope."""

from __future__ import annotations

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations import asset_sets
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import VARIABLE
from xisuan.scenario.schema.policy_tables import INVESTOR

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

    An order counts against the budget of an investor with the share that it pays. A residual payer takes over what the
    budget cannot carry.
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
    taken_over_within_share(a, block, limits, [column for column in ordered if column.name not in BUDGETED["access"]])


def taken_over_within_share(a: Assembly, block: Block, limits: dict[str, Array], ordered: list[Block]) -> None:
    """Add what residual payers take over, to their own budgets and off those of the payers with a budget.

    `block`: rows of the budgets. `limits`: by scope, shape (periods,), infinite without a budget.
    """
    g = a.given
    labels = [label for label in g.residual_labels if f"{INVESTOR}{label[1]}" in limits]
    if not labels or not ordered:
        return
    taken = a.columns("taken_over", labels)
    within = a.rows("taken_over_within_share", labels, upper=0.0)
    a.model.add(within, labels, taken, labels, 1.0)
    for label in labels:
        scope, name = label
        own = f"{INVESTOR}{name}"
        rest = [held.get(label, "") for held in g.residual_payers]
        open_ = np.isfinite(limits[own]) & np.array([bool(payer) for payer in rest])
        a.model.add(block, [(own,)], taken, [label], -open_[:, None].astype(float))
        for other in dict.fromkeys(payer for payer in rest if f"{INVESTOR}{payer}" in limits):
            pays = open_ & np.array([payer == other for payer in rest])
            a.model.add(block, [(f"{INVESTOR}{other}",)], taken, [label], pays[:, None].astype(float))
        for column in ordered:
            shares = (
                np.array([_share_in(g, scope, name, column.name, order) for order in column.labels]).T * open_[:, None]
            )
            at = np.flatnonzero(shares.any(axis=0))
            orders = [column.labels[i] for i in at]
            a.model.add(within, [label] * len(at), column, orders, -shares[:, at] * a.capex[column.name][:, at])


def _share_in(given: Given, scope: str, name: str, variable: str, label: Label) -> Array:
    """Return the share of an order that an investor pays as a payer of `scope`, in each period. Shape (periods,)."""
    narrowest = asset_sets.payers_scopes(given, variable, label)
    return np.array([
        held.get(scope, {}).get(name, 0.0) if narrow == scope else 0.0
        for narrow, held in zip(narrowest, given.payer_shares, strict=True)
    ])  # fmt: skip


def _counted(given: Given, scope: str, variable: str, label: Label) -> Array:
    """Return the share of an order that counts against a budget's scope in each period. Shape (periods,)."""
    if scope.startswith(INVESTOR):
        name = scope.removeprefix(INVESTOR)
        return np.array([shares.get(name, 0.0) for shares in asset_sets.payers(given, variable, label)])
    if scope == "all":
        within = True
    elif scope in BUDGETED:
        within = variable in BUDGETED[scope]
    else:
        within = "site" in VARIABLE[variable].dims and given.site_text[label[0]]["hub"] == scope
    return np.full(len(given.periods), float(within))
