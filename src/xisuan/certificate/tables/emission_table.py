"""Recomputed table `emissions`: yearly emissions of sites and embodied emissions of orders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xisuan.certificate.constraints.costs import carbon
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import contract_output, no_nan
from xisuan.certificate.tables.hourly_tables import delivered
from xisuan.certificate.tables.recomputed import ROUNDING, Operands, Recomputed
from xisuan.results.plan import TABLES

AMOUNTS = tuple(name for name in TABLES["emissions"] if name not in ("period", "site"))


def emissions(of: Operands) -> Recomputed:
    """Recompute `emissions`: a row for each period and site."""
    reading, n = of.columns.reading, len(of.periods)
    weight = reading.clock.weight
    sites = {site: {name: np.zeros(n) for name in AMOUNTS} for site in reading.sites}
    for i, (site,) in enumerate(of.labels("grid")):
        drawn, at = of.values("grid")[:, :, i], sites[site]
        at["grid_mwh"] += drawn @ weight
        at["location_t"] += (drawn * carbon(reading, site)) @ weight
    for i, (site,) in enumerate(of.labels("contract")):
        for name in ("contract_mwh", "contract_paid_mwh"):
            sites[site][name] += of.values("contract")[:, i]
    for i, (site,) in enumerate(of.labels("contract_use")):
        output, at = contract_output(reading, site), sites[site]
        timed, paid = ~np.isnan(output[:, 0]), no_nan(output, 0.0) @ weight * of.values("contract_power")[:, i]
        at["contract_mwh"] = np.where(timed, delivered(of, i) @ weight, at["contract_mwh"])
        at["contract_paid_mwh"] = np.where(timed, paid, at["contract_paid_mwh"])
    for i, (site, technology) in enumerate(of.labels("build")):
        each = no_nan(reading.technology(technology, "embodied_t_per_unit"), 0.0)
        sites[site]["embodied_t"] += of.values("build")[:, i] * each
    for site, at in sites.items():
        covered = at["contract_mwh"] * (carbon(reading, site) @ weight) / weight.sum()
        at["market_t"] = at["location_t"] - covered
    rows = [
        {"period": period, "site": site, **{name: of_site[name][p] for name in AMOUNTS}}
        for p, period in enumerate(of.periods)
        for site, of_site in sites.items()
    ]
    frame = pd.DataFrame(rows, columns=list(TABLES["emissions"]))
    slack: Array = ROUNDING * np.abs(frame["location_t"].to_numpy(dtype=float))
    return Recomputed(frame, ("period", "site"), slack={"market_t": slack})
