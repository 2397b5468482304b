"""Hourly totals of a simulation: power of busy and idle equipment, and the resulting energy, cost and carbon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.simulation.core.records import METERS, World
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, Setting
from xisuan.simulation.plan_inputs.schedule_shares import Array


@dataclass(frozen=True)
class Hourly:
    """Means of each simulated hour. H hours, S stations (site, technology), E sites."""

    at: NDArray[np.int64]  # (H,): modelled hour that it repeats
    busy: Array  # (S, H) units
    up: Array  # (S, H): share of the equipment that has not failed
    waiting: Array  # (S, H) jobs in line
    idle_mw: Array  # (S, H): idle IT power of equipment that is up
    it_mw: Array  # (E, H): including stock
    grid_mw: Array  # (E, H): facility power less on-site generation
    energy_mcny: Array  # (E, H): cost of grid energy at the price of the hour
    location_t: Array  # (E, H): location-based emissions of grid energy


def hourly(of: Setting, w: World, hours: int) -> Hourly:
    """Return the hourly means of a simulation from its meters.

    A unit that is up draws its idle power, and the rest of its power in proportion to its load.
    """
    at = np.arange(hours) % len(of.demand)
    meter = w.meters[:, :hours] / 3600.0
    busy, up, waiting = (meter[:, :, METERS.index(name)] for name in ("busy", "up", "waiting"))
    busy, up = busy / GRAINS, up / np.maximum(w.stations["servers"][:, None], 1)
    idle = of.mw_per_unit[:, None] * of.idle_share[:, None] * of.installed[:, None] * up
    # IT power = idle power + (1 − idle share) × busy units; grid power = IT × PUE − on-site output, 0 or more.
    drawn = idle + of.mw_per_unit[:, None] * (1.0 - of.idle_share)[:, None] * busy
    it = np.stack([drawn[of.site_of == e].sum(axis=0) for e in range(len(of.sites))]) + of.other_mw[at].T
    grid = np.maximum(0.0, it * of.pue[at].T - of.own_mw[at].T)
    return Hourly(at, busy, up, waiting, idle, it, grid, grid * of.price[at].T * 1e-3, grid * of.co2[at].T)


def by_hour(of: Setting, found: Hourly) -> pd.DataFrame:
    """Return table `by_hour`: the stations of a site together, with use weighted by IT power."""
    power = of.mw_per_unit * of.units
    parts = []
    for e, site in enumerate(of.sites):
        here = of.site_of == e
        whole = max(float(power[here].sum()), 1e-300)
        columns = {
            "start_s": 3600.0 * np.arange(len(found.at)),
            "site": site,
            "busy": of.mw_per_unit[here] @ found.busy[here] / whole,
            "up": power[here] @ found.up[here] / whole,
            "waiting": found.waiting[here].sum(axis=0),
            **{name: getattr(found, name)[e] for name in ("it_mw", "grid_mw", "energy_mcny", "location_t")},
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
