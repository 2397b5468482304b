"""Links inside a province, between its prefectures: rings as in Guizhou, with the ranges of estimates."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd

from xisuan import geography
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.provinces.province_list import Province

CITED = "nbs-2023;geonames;xisuan"
"""Sources of what is estimated for prefectures."""
ROUTE_FACTOR = 1.3
"""Cable route over great circle, the rule of all links of the nation."""
RING_GBPS = 4000.0
"""Capacity of a link between two prefectures, Gbps (estimate: that of the rings of Guizhou, by demand for others)."""
RINGED = "CN-GZ"
"""Province whose rings have this capacity."""
ENDS_MCNY_PER_GBPS, KM_MCNY_PER_GBPS, UPKEEP_SHARE = 0.004, 4e-6, 0.15
"""Cost of lit capacity: both ends and per km of route, mCNY per Gbps; its upkeep a year: power, spares, maintenance.

Estimates (docs/explanation/data/tables.md), of all links of the nation too.
"""
LIMIT_FACTOR = 5.0
"""Largest capacity of a link over the existing one: new fibre pairs in existing cables (estimate)."""


def _capacity_gbps(nation: Scenario, province: Province) -> float:
    """Return the capacity of the links inside a province, Gbps: in proportion to the traffic that its work moves."""
    per_unit = nation["workloads"].drop_duplicates("workload").set_index("workload")
    moved = per_unit["gbps_per_unit"] + per_unit["return_gbps_per_unit"]
    demand = nation["demand"]
    traffic = (demand["units"] * demand["workload"].map(moved)).groupby(demand["region"]).sum()
    return float(f"{RING_GBPS * max(1.0, traffic[province.code] / traffic[RINGED]):.2g}")


def links(nation: Scenario, province: Province) -> pd.DataFrame:
    """Return the links inside the province: a shortest tree, and for each prefecture at its end a second route."""
    capital, gbps = province.capital, _capacity_gbps(nation, province)
    places = {province.code if one == capital else one.key: (one.lat, one.lon) for one in province.prefectures}
    names = list(places)
    pairs = list(itertools.permutations(names, 2))
    ends = [np.array([places[pair[i]] for pair in pairs]) for i in (0, 1)]
    km = dict(zip(pairs, geography.great_circle_km(*ends).tolist(), strict=True))
    # Prim's algorithm: grow the tree by the shortest link to a place outside it.
    joined, chosen = [province.code], list[tuple[str, str]]()
    while len(joined) < len(names):
        pair = min(((a, b) for a in joined for b in names if b not in joined), key=lambda ends: (km[ends], ends))
        chosen.append(pair)
        joined.append(pair[1])
    degree = Counter(end for pair in chosen for end in pair)
    for leaf in [name for name in names if degree[name] == 1]:
        linked = {b if a == leaf else a for a, b in chosen if leaf in (a, b)}
        others = [name for name in names if name not in linked and name != leaf]
        if others and len(linked) == 1:
            chosen.append((min(others, key=lambda name: (km[leaf, name], name)), leaf))
    return pd.DataFrame([_link(a, b, ROUTE_FACTOR * km[a, b], gbps) for a, b in chosen])


def priced(km: float, gbps: float, lead_years: float = 1.0) -> dict[str, float]:
    """Return length, capacities, costs and lives of a link of `km` of route and `gbps` of capacity, as in `links`."""
    capex = float(f"{ENDS_MCNY_PER_GBPS + KM_MCNY_PER_GBPS * round(km, 1):.3g}")
    return {
        "length_km": round(km, 1), "capacity_gbps": gbps, "limit_gbps": LIMIT_FACTOR * gbps,
        "capex_mcny_per_gbps": capex, "life_years": 10.0, "lead_years": lead_years,
        "cost_mcny_per_gbps_hour": float(f"{UPKEEP_SHARE * capex / 8760:.3g}"),
    }  # fmt: skip


def _link(start: str, end: str, km: float, gbps: float) -> dict[str, object]:
    return {
        "link": f"{start}--{end}", "from": start, "to": end, **priced(km, gbps), "investor": "China Mobile",
        "source": CITED, "quality": "estimate", "note": "provincial ring; great circle x 1.3",
    }  # fmt: skip


def ranges(nation: Scenario, rings: pd.DataFrame) -> pd.DataFrame:
    """Return the ranges of the columns of the links: as wide as those of the nation's links, relative to the value."""
    trunks = nation["links"].drop_duplicates("link").set_index("link")
    given = nation["estimates"]
    given = given[(given["table"] == "links") & given["key"].isin(trunks.index)].drop_duplicates("column")
    out = []
    for row in given.to_dict("records"):
        value = trunks.loc[row["key"], row["column"]]
        low, high = rings[row["column"]] * (row["low"] / value), rings[row["column"]] * (row["high"] / value)
        out.append(pd.DataFrame([row] * len(rings)).assign(key=rings["link"].to_numpy(), low=low, high=high))
    return pd.concat(out, ignore_index=True)
