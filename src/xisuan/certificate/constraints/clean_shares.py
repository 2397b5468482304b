"""Rows of the clean shares by hour and by month, and of the clean charge of batteries."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from xisuan import units
from xisuan.certificate.constraints.power import by_site, pue, saved, zone_curve
from xisuan.certificate.reading.calendar import Array, Clock
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.table_values import Policy, Reading
from xisuan.certificate.reading.variables import Columns, Label, no_nan

CLEAN_SHARES = ("clean_share_hourly_min", "clean_share_monthly_min")


def clean_part(reading: Reading, site: str) -> Array:
    """Return the share of a site's grid power that counts as clean in each modelled hour. Shape (P, H)."""
    return zone_curve(reading, site, "clean_share", 0.0)


def clean_hourly_rows(columns: Columns) -> Rows:
    """Return rows of each scope and hour: power from the grid that is neither clean nor of a contract by the hour
    ≤ (1 − share) × facility power."""
    policies = columns.reading.policies("clean_share_hourly_min")
    rows = Rows(columns, "clean_share_hourly_min", [(one.scope, one.applies) for one in policies], "<", hourly=True)
    for i, policy in enumerate(policies):
        _add_unclean(rows, i, policy, np.ones(columns.reading.clock.shape[1]))
    return rows


def clean_monthly_labels(columns: Columns) -> list[Label]:
    """Return the scopes of the clean shares by month, each with every month that has modelled hours."""
    policies = columns.reading.policies("clean_share_monthly_min")
    months = sorted(set(_months(columns.reading.clock)))
    return [(one.scope, one.applies, str(month)) for one in policies for month in months]


def clean_monthly_rows(columns: Columns) -> Rows:
    """Return rows of each scope and month: grid energy that is not clean ≤ (1 − share) × facility energy."""
    clock, months = columns.reading.clock, np.array(_months(columns.reading.clock))
    rows = Rows(columns, "clean_share_monthly_min", clean_monthly_labels(columns), "<")
    held = {(one.scope, one.applies): one for one in columns.reading.policies("clean_share_monthly_min")}
    for i, (scope, applies, month) in enumerate(rows.labels):
        _add_unclean(rows, i, held[scope, applies], np.where(months == int(month), clock.weight, 0.0))
    return rows


def _months(clock: Clock) -> list[int]:
    """Return the calendar month of each modelled hour, in a year without a 29 February."""
    first = date(2025, 1, 1)
    hours = [block.first_hour + hour for block in clock.given for hour in range(block.hours)]
    return [(first + timedelta(days=hour % units.HOURS_PER_YEAR // 24)).month for hour in hours]


def _add_unclean(rows: Rows, row: int, policy: Policy, weight: Array) -> None:
    """Add weight × (unclean grid power − (1 − share) × facility power) to a row. `weight` has shape (H,)."""
    columns, reading, n = rows.columns, rows.columns.reading, rows.columns.reading.clock.shape[0]
    share = no_nan(policy.value, 0.0)
    inside = [reading.in_scope(policy.scope, policy.applies, p) if share[p] > 0.0 else frozenset() for p in range(n)]
    for variable in ("grid", "contract_use", "it", "it_retrofitted"):
        items = range(len(columns[variable].labels))
        parts = []
        for (site,) in columns[variable].labels:
            held = np.array([site in sites for sites in inside], dtype=float)[:, None] * weight
            if variable == "grid":
                parts.append(held * (1.0 - clean_part(reading, site)))
            elif variable == "contract_use":
                parts.append(held * (clean_part(reading, site) - 1.0))
            elif variable == "it":
                parts.append(-held * (1.0 - share)[:, None] * pue(reading, site))
            else:
                parts.append(held * (1.0 - share)[:, None] * saved(reading, site))
        rows.add(variable, [row] * len(items), items, by_site(parts, reading))


def charge_rows(columns: Columns) -> Rows:
    """Return rows of each site and hour: what a battery takes is generated there, of a contract by the hour, or the clean
    part of the other grid power.

    They bind where a clean share above 0 is asked of the site.
    """
    reading, n = columns.reading, columns.reading.clock.shape[0]
    asked: dict[str, Array] = {}
    for policy in (policy for name in CLEAN_SHARES for policy in reading.policies(name)):
        share = no_nan(policy.value, 0.0)
        for p in np.flatnonzero(share > 0.0):
            for site in reading.in_scope(policy.scope, policy.applies, int(p)):
                asked.setdefault(site, np.zeros(n))[p] = 1.0
    labels = [label for label in columns["charge"].labels if label[0] in asked]
    rows = Rows(columns, "charge_is_clean", labels, "<", hourly=True)
    hours = np.ones((1, reading.clock.shape[1]))
    for variable in ("charge", "grid", "generation", "contract_use"):
        at, items = rows.match(variable, rows.at, slice(0, 1))
        parts = []
        for i in at:
            (site,) = labels[i]
            held = asked[site][:, None] * hours
            clean = clean_part(reading, site)
            own = held if variable == "charge" else -held
            parts.append({"grid": -held * clean, "contract_use": held * (clean - 1.0)}.get(variable, own))
        rows.add(variable, at, items, by_site(parts, reading))
    return rows
