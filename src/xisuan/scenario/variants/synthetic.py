"""Synthetic scenarios of any size from a seed: plausible numbers, no real data, every part of the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csgraph

from xisuan import units
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

Array = NDArray[np.float64]
Frames = dict[str, pd.DataFrame]

_REGIONS_PER_ZONE = 6
_LONGEST_KM = 4000.0
_NEAREST = 2
"""Links from each place to its nearest ones, in addition to the minimum spanning tree."""
_SHAPES = 4
"""Number of daily shapes from which demand profiles and prices are drawn."""
_GROWTH = 1.12
"""Growth factor of demand per year."""


def country(regions: int, sites: int, seed: int = 0, **settings: Any) -> Scenario:
    """Return a country of `regions` regions and `sites` sites (at most as many as regions), drawn from `seed`.

    Places lie in a square with a diagonal of 4,000 km; links are a minimum spanning tree and some more; demand follows
    population; sites prefer regions with cheap power. Six workloads: near, far, deferrable, bound to a technology, and
    stock. The same arguments give the same scenario. `settings` are options such as `periods` and `hours` (default: the
    first 24 hours; `hours:N` are one block of hours as drawn). Raises ValueError for invalid sizes.
    """
    if not 1 <= sites <= regions:
        raise ValueError(f"{sites} sites for {regions} regions: give at least one site and no more than regions")
    chosen = {"name": f"country-{regions}-{sites}-{seed}", "periods": [2026], "hours": "hours:24"} | settings
    rng = np.random.default_rng(seed)
    periods = [int(period) for period in chosen["periods"]]
    place = _places(rng, regions)
    zones = np.argsort(np.argsort(place[:, 1], kind="stable"), kind="stable") // _REGIONS_PER_ZONE
    people = np.round(rng.lognormal(16.5, 0.7, regions))
    price = np.round(rng.uniform(0.35, 0.75, zones.max() + 1), 3)
    homes = np.sort(np.argsort(price[zones] + rng.uniform(0, 0.2, regions), kind="stable")[:sites])
    frames: Frames = {
        "regions": _regions(place, people),
        "sites": _sites(rng, place, zones, homes),
        "links": _links(rng, place),
        "power": _power(rng, price),
        "profiles": _profiles(rng),
    }
    frames |= _equipment(rng, people, homes)
    frames |= _work(rng, people, periods)
    frames |= _supply(rng, homes)
    frames |= _rules(periods)
    kind, _, count = str(chosen["hours"]).partition(":")
    if kind == "hours":
        # A block keeps the drawn values of single hours; `hours:N` would move them to the mean of the year.
        row = {"block": "hours", "first_hour": "0", "hours": count, "weight": repr(8760 / int(count))}
        frames["blocks"] = pd.DataFrame([row])
    return load.build(chosen, frames)


def _name(kind: str, at: int) -> str:
    """Return a numbered name."""
    return f"{kind}-{at + 1:03d}"


def _places(rng: np.random.Generator, count: int) -> Array:
    """Return kilometres north and east, shape (count, 2)."""
    return np.round(rng.uniform(0, _LONGEST_KM / np.sqrt(2), (count, 2)), 1)


def _degrees(place: Array) -> tuple[Array, Array]:
    """Return latitude and longitude of places, about 22 to 47 north and 85 to 115 east."""
    return np.round(22.0 + place[:, 0] / 111.2, 4), np.round(85.0 + place[:, 1] / 92.0, 4)


def _regions(place: Array, people: Array) -> pd.DataFrame:
    """Return the table of regions."""
    lat, lon = _degrees(place)
    names = [_name("region", at) for at in range(len(place))]
    return pd.DataFrame({"region": names, "lat": lat, "lon": lon, "population": people})


def _sites(rng: np.random.Generator, place: Array, zones: NDArray[np.int64], homes: NDArray[np.int64]) -> pd.DataFrame:
    """Return the table of sites."""
    lat, lon = _degrees(place)
    return pd.DataFrame(
        {
            "site": [_name("site", at) for at in homes],
            "kind": "cluster",
            "hub": [f"hub-{at % 3 + 1}" if at % 2 == 0 else "" for at in range(len(homes))],
            "lat": lat[homes],
            "lon": lon[homes],
            "node": [_name("region", at) for at in homes],
            "zone": [_name("zone", zones[at]) for at in homes],
            "pue": [["cool", "warm", 1.25][at % 3] for at in range(len(homes))],
            "capex_factor": np.round(rng.uniform(0.9, 1.1, len(homes)), 3),
            "investor": [f"investor-{at % 2 + 1}" for at in range(len(homes))],
            "water_l_per_kwh": np.round(rng.uniform(0.05, 0.4, len(homes)), 3),
        }
    )


def _links(rng: np.random.Generator, place: Array) -> pd.DataFrame:
    """Return links: the minimum spanning tree over all places, and links to the nearest ones."""
    apart = np.hypot(*(place[:, None, axis] - place[None, :, axis] for axis in (0, 1)))
    tree = csgraph.minimum_spanning_tree(apart).tocoo()
    pairs = {(min(i, j), max(i, j)) for i, j in zip(tree.row.tolist(), tree.col.tolist(), strict=True)}
    for i, row in enumerate(np.argsort(apart, axis=1, kind="stable")[:, 1 : 1 + _NEAREST]):
        pairs |= {(min(i, j), max(i, j)) for j in row.tolist()}
    ends = sorted(pairs)
    cable = np.array([max(1.0, 1.3 * apart[i, j]) for i, j in ends])
    return pd.DataFrame(
        {
            "link": [f"link-{i + 1:03d}-{j + 1:03d}" for i, j in ends],
            "from": [_name("region", i) for i, _ in ends],
            "to": [_name("region", j) for _, j in ends],
            "length_km": np.round(cable, 1),
            "capacity_gbps": np.round(rng.uniform(20, 120, len(ends)), 1),
            "capex_mcny_per_gbps": np.round(0.2 + 0.0015 * cable, 4),
            "life_years": 15.0,
            "cost_mcny_per_gbps_hour": 1e-6,
            "investor": "carrier",
        }
    )


def _power(rng: np.random.Generator, price: Array) -> pd.DataFrame:
    """Return the table of power by zone."""
    count = len(price)
    return pd.DataFrame(
        {
            "zone": [_name("zone", at) for at in range(count)],
            "price": [f"price-{at % _SHAPES + 1}" if at % 3 else float(price[at]) for at in range(count)],
            "contract_price_cny_per_kwh": np.round(price * 0.95, 3),
            "demand_charge_cny_per_kw_month": np.round(rng.uniform(25, 45, count), 1),
            "co2_kg_per_kwh": np.round(rng.uniform(0.3, 0.8, count), 3),
            "green_premium_cny_per_kwh": np.round(rng.uniform(0.02, 0.05, count), 3),
        }
    )


def _profiles(rng: np.random.Generator) -> pd.DataFrame:
    """Return profiles of work, prices, PUE, sun and wind. Shape (8760, columns)."""
    hour = np.arange(units.HOURS_PER_YEAR)
    day = 2 * np.pi * (hour % units.HOURS_PER_DAY) / units.HOURS_PER_DAY
    year = 2 * np.pi * hour / units.HOURS_PER_YEAR
    noise = rng.uniform(0.97, 1.03, (units.HOURS_PER_YEAR, _SHAPES))
    data: dict[str, Array] = {"hour": hour.astype(np.float64)}
    for at in range(_SHAPES):
        lag = rng.uniform(-0.5, 0.5)
        data[f"work-{at + 1}"] = np.round((1 - 0.4 * np.cos(day - lag)) * noise[:, at], 4)
        data[f"price-{at + 1}"] = np.round(0.5 - 0.2 * np.cos(day - 1 - lag), 4)
    data["cool"] = np.round(1.18 - 0.04 * np.cos(year), 4)
    data["warm"] = np.round(1.3 - 0.08 * np.cos(year) - 0.03 * np.cos(day), 4)
    data["sun"] = np.round(np.maximum(0.0, -np.cos(day)) * (0.6 - 0.15 * np.cos(year)), 4)
    gusts = 0.3 + 0.15 * np.cos(year) + rng.normal(0, 0.08, len(hour))
    data["wind"] = np.round(gusts.clip(0.0, 1.0), 4)
    return pd.DataFrame(data)


def _equipment(rng: np.random.Generator, people: Array, homes: NDArray[np.int64]) -> Frames:
    """Return halls, technologies and the existing fleet: about half of what the near work of the first period needs."""
    names = [_name("site", at) for at in homes]
    share = rng.dirichlet(np.full(len(homes), 4.0)) * people.sum() * 1e-6
    halls = pd.DataFrame(
        {
            "site": names,
            "existing_mw": np.round(share * 0.05 + 1, 2),
            "capex_mcny_per_mw": np.round(rng.uniform(20, 35, len(homes)), 2),
            "opex_mcny_per_mw_year": 0.4,
            "life_years": 20.0,
            "retrofit_capex_mcny_per_mw": 4.0,
            "retrofit_pue": 1.2,
        }
    )
    columns = (
        "technology,class,unit,mw_per_unit,idle_share,attainable_utilisation,fp32_per_unit,capex_mcny_per_unit,"
        "opex_mcny_per_unit_year,life_years,embodied_t_per_unit,kind"
    )
    rows = (
        ("server", "general", "rack", 0.01, 0.4, 0.85, 0.0002, 0.8, 0.05, 5.0, 15.0, "flow"),
        ("server-next", "general", "rack", 0.009, 0.35, 0.9, 0.0004, 0.9, 0.05, 5.0, 14.0, "flow"),
        ("accelerator", "intelligent", "rack", 0.04, 0.3, 0.8, 0.002, 8.0, 0.3, 5.0, 60.0, "flow"),
        ("accelerator-large", "intelligent", "rack", 0.06, 0.3, 0.8, 0.004, 14.0, 0.5, 5.0, 90.0, "flow"),
        ("disk", "storage", "PB", 0.003, 0.9, 0.95, np.nan, 0.4, 0.03, 6.0, 5.0, "stock"),
    )
    fleet = pd.DataFrame(
        {"site": names, "technology": "server", "opened": 2023, "units": np.round(share * 2, 1), "may_retire": True}
    )
    return {"halls": halls, "technologies": pd.DataFrame(rows, columns=columns.split(",")), "fleet": fleet}


def _work(rng: np.random.Generator, people: Array, periods: list[int]) -> Frames:
    """Return workloads, and demand in proportion to population; rarer workloads arise in some regions only."""
    columns = "workload,class,latency_ms,defer_hours,gbps_per_unit,return_gbps_per_unit,unserved_mcny_per_unit_hour"
    blank = np.nan
    rows = (
        ("web", "general", 20.0, 0.0, 0.002, 0.004, 0.01),
        ("batch", "general", blank, 8.0, 0.003, 0.001, blank),
        ("inference", "intelligent", 25.0, 2.0, 0.004, 0.004, 0.05),
        ("training", "accelerator-large", blank, 24.0, 0.002, 0.002, blank),
        ("store", "storage", 25.0, 0.0, 0.0005, 0.001, 0.01),
        ("archive", "storage", blank, 0.0, 0.0004, 0.0004, blank),
    )
    level = {"web": 3.0, "batch": 1.5, "inference": 0.3, "training": 0.2, "store": 2.0, "archive": 4.0}
    everywhere = ("web", "store")
    demand: list[dict[str, object]] = []
    for at, persons in enumerate(people.tolist()):
        for name, each in level.items():
            arises = name in everywhere or at == 0 or rng.random() < 0.4
            size = each * persons * 1e-6 * rng.uniform(0.7, 1.3)
            profile = "" if name in ("training", "store", "archive") else f"work-{rng.integers(_SHAPES) + 1}"
            demand += [
                {"region": _name("region", at), "workload": name, "period": period, "profile": profile}
                | {"units": round(size * _GROWTH ** (period - periods[0]), 3)}
                for period in periods
                if arises
            ]
    return {"workloads": pd.DataFrame(rows, columns=columns.split(",")), "demand": pd.DataFrame(demand)}


def _supply(rng: np.random.Generator, homes: NDArray[np.int64]) -> Frames:
    """Return solar at every second site, wind at every third, batteries at every fourth."""
    rows: list[dict[str, object]] = []
    for at, home in enumerate(homes.tolist()):
        site = {"site": _name("site", home), "life_years": 20.0}
        if at % 2 == 0:
            rows.append(site | {"source": "solar", "capex_mcny_per_mw": 3.0, "limit_mw": 8.0, "profile": "sun"})
        if at % 3 == 0:
            rows.append(site | {"source": "wind", "capex_mcny_per_mw": 5.0, "limit_mw": 5.0, "profile": "wind"})
        if at % 4 == 0:
            power = round(float(rng.uniform(1, 3)), 2)
            battery = {"source": "battery", "capex_mcny_per_mw": 0.6, "capex_mcny_per_mwh": 1.0, "efficiency": 0.95}
            rows.append(site | battery | {"limit_mw": power, "limit_mwh": 4 * power, "cost_mcny_per_mwh": 5e-5})
    return {"supply": pd.DataFrame(rows)}


def _rules(periods: list[int]) -> Frames:
    """Return policies that every draw can meet, and an ample budget."""
    policies = [
        ("green_share_min", "all", periods[-1], 0.3),
        ("carbon_price_cny_per_t", "all", periods[0], 60.0),
        ("link_load_max", "all", periods[0], 0.9),
        ("site_reserve_min", "all", periods[0], 0.03),
        ("utilisation_min", "all", periods[-1], 0.1),
    ]
    columns = ["rule", "scope", "period", "value"]
    budgets = pd.DataFrame([{"period": periods[-1], "scope": "network", "limit_mcny": 1e6}])
    return {"policies": pd.DataFrame(policies, columns=columns), "budgets": budgets}
