"""Recomputed hourly tables: `load`, `backlog`, `flows` and `power`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xisuan.certificate.constraints.costs import energy_price
from xisuan.certificate.constraints.power import pue, saved
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import contract_output, no_nan
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.results.plan import TABLES

AT_SITES = (
    ("grid_mw", "grid", ""),
    ("solar_mw", "generation", "solar"),
    ("wind_mw", "generation", "wind"),
    ("charge_mw", "charge", ""),
    ("discharge_mw", "discharge", ""),
    ("stored_mwh", "stored", ""),
)
"""Columns of `power` that are values of a variable, with the source if it has one."""


def load(of: Operands) -> Recomputed:
    """Recompute `load`: units running in each hour, and stock held in all hours."""
    return _units(of, "load", ("load", "stock_load"), ("site", "technology"))


def backlog(of: Operands) -> Recomputed:
    """Recompute `backlog`."""
    return _units(of, "backlog", ("backlog",), ("region", "workload"))


def _units(of: Operands, table: str, variables: tuple[str, ...], names: tuple[str, ...]) -> Recomputed:
    """Return the values of variables as a long table; rows of 0 may be missing."""
    hours, parts = of.columns.reading.clock.shape[1], []
    for variable in variables:
        if of.has(variable):
            values = of.values(variable)
            wide = values if values.ndim == 3 else np.repeat(values[:, None, :], hours, axis=1)
            cells = of.long((wide.shape[0], hours, wide.shape[2]), names, of.labels(variable))
            parts.append(pd.DataFrame({**cells, "units": wide.ravel()}))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TABLES[table]))
    return Recomputed(frame[list(TABLES[table])], ("period", "hour", *names), frame["units"].to_numpy(dtype=float) != 0)


def flows(of: Operands, within_link: Rows | None) -> Recomputed:
    """Recompute `flows`: all traffic on every arc. within_link: the rows that keep traffic within each link's capacity."""
    keys = ("period", "hour", "link", "from", "to")
    if within_link is None or not within_link.labels:
        return Recomputed(pd.DataFrame(columns=list(TABLES["flows"])), keys)
    gbps = _carried(of, within_link)
    shape = (gbps.shape[0], gbps.shape[1], gbps.shape[2])
    at = [of.columns["capacity"].at[arc[:1]] for arc in within_link.labels]
    room = np.broadcast_to(of.values("capacity")[:, None, at], shape)
    cells = of.long(shape, keys[2:], within_link.labels)
    frame = pd.DataFrame({**cells, "gbps": gbps.ravel(), "capacity_gbps": room.ravel()})
    return Recomputed(frame[list(TABLES["flows"])], keys)


def _carried(of: Operands, within_link: Rows) -> Array:
    """Return the Gbps of all traffic on each arc: the rows' left side without the capacity, and traffic on fixed paths."""
    room = of.columns["capacity"].span
    gbps = -within_link.rhs.ravel()
    for row, column, coef in within_link.pieces():
        sent = (column < room.start) | (column >= room.stop)
        np.add.at(gbps, row[sent], coef[sent] * of.x[column[sent]])
    return gbps.reshape(within_link.shape)


def delivered(of: Operands, i: int) -> Array:
    """Return grid power that the contract by the hour of site number i among them delivers, MW. Shape (P, H)."""
    (label,) = (of.labels("contract_use")[i],)
    offer = no_nan(contract_output(of.columns.reading, label[0]), 0.0) * of.values("contract_power")[:, i, None]
    drawn = of.values("grid")[:, :, of.labels("grid").index(label)]
    return np.clip(offer, 0.0, np.maximum(drawn, 0.0))


def power(of: Operands) -> Recomputed:
    """Recompute `power`: IT and facility load, sources, battery and price of every site in every hour."""
    keys = ("period", "hour", "site")
    sites = [site for (site,) in of.labels("it")]
    if not sites:
        return Recomputed(pd.DataFrame(columns=list(TABLES["power"])), keys)
    reading, it = of.columns.reading, of.values("it")
    shape = (it.shape[0], it.shape[1], it.shape[2])
    facility = np.stack([it[:, :, i] * pue(reading, site) for i, site in enumerate(sites)], axis=-1)
    for i, (site,) in enumerate(of.labels("it_retrofitted")):
        facility[:, :, sites.index(site)] -= of.values("it_retrofitted")[:, :, i] * saved(reading, site)
    price = np.full(shape, np.nan)
    if reading.scenario.has("power"):
        price = np.stack([energy_price(reading, site) for site in sites], axis=-1)
    columns = {"it_mw": it, "facility_mw": facility, "price_cny_per_kwh": price}
    for name, variable, source in AT_SITES:
        columns[name] = np.zeros(shape)
        for i, label in enumerate(of.labels(variable)):
            if label[0] in sites and (not source or label[1] == source):
                columns[name][:, :, sites.index(label[0])] = of.values(variable)[:, :, i]
    columns["contract_mw"] = np.zeros(shape)
    for i, (site,) in enumerate(of.labels("contract_use")):
        if site in sites:
            columns["contract_mw"][:, :, sites.index(site)] = delivered(of, i)
    cells = of.long(shape, keys[2:], of.labels("it"))
    frame = pd.DataFrame({**cells, **{name: values.ravel() for name, values in columns.items()}})
    # A site that can never have equipment may have no rows.
    required = np.any(
        [values != 0.0 for name, values in columns.items() if name != "price_cny_per_kwh"], axis=0
    ).ravel()
    return Recomputed(frame[list(TABLES["power"])], keys, required)
