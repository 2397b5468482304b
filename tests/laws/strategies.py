"""Small random scenarios that have a plan and use, in turn, every part of the model.

`scenarios()` draws which parts there are; the numbers come from a seeded generator. Every scenario can be served:
equipment, halls and links can be bought, green power too, and caps are set above what any plan of it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import xisuan as xs
from xisuan.planning.expansion import plan

Frames = dict[str, pd.DataFrame]
PARTS = ("links", "power", "halls", "stock", "defer", "serving", "traffic", "supply", "rules", "fleet")
RULES = {
    "occupancy_min": 0.4,
    "utilisation_min": 0.1,
    "hub_share_min": 0.3,
    "intelligent_share_min": 0.05,
    "green_share_min": 0.4,
    "clean_share_hourly_min": 0.15,
    "pue_max": 1.45,
    "carbon_cap_market_t": 4e5,
    "carbon_price_cny_per_t": 80.0,
    "water_cap_m3": 2e5,
    "link_load_max": 0.85,
    "site_reserve_min": 0.1,
    "reach_eflops_fp16": 0.02,
    "reach_racks": 2400.0,
    "reach_investment_mcny": 120.0,
}
"""Rules that a scenario may state: each binds in some scenarios and can be met in all."""
NEEDS = {
    "occupancy_min": "halls",
    "link_load_max": "links",
    "pue_max": "power",
    "water_cap_m3": "power",
    "green_share_min": "power",
    "clean_share_hourly_min": "power",
    "carbon_cap_market_t": "power",
    "carbon_price_cny_per_t": "power",
    "reach_racks": "halls",
}


@dataclass(frozen=True)
class Draft:
    """A scenario in the making: options as in scenario.toml, and tables."""

    settings: dict[str, Any]
    frames: Frames

    def build(self) -> xs.Scenario:
        return xs.build(self.settings, self.frames)

    def plan(self, solver: str = "simplex") -> xs.Plan:
        """The plan, by the simplex, so that two plans of one problem agree to the last digits."""
        return plan(self.build(), xs.Options(solver=solver))

    def with_settings(self, **changes: Any) -> Draft:
        return replace(self, settings=self.settings | changes)

    def with_table(self, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Draft:
        """The same with a changed table; without it where there is none."""
        if name not in self.frames:
            return self
        return replace(self, frames=self.frames | {name: change(self.frames[name].copy())})


@st.composite
def scenarios(draw: st.DrawFn, *, periods: tuple[tuple[int, ...], ...] = ((2026,), (2026, 2028))) -> Draft:
    """Any scenario of the kind."""
    parts = {part for part in PARTS if draw(st.booleans())}
    chosen = draw(st.sampled_from(periods))
    settings = {
        "name": "random",
        "base_year": 2026,
        "periods": list(chosen),
        "last_period_years": draw(st.integers(1, 2)),
        "discount_rate": draw(st.sampled_from([0.0, 0.06])),
        "hours": draw(st.sampled_from(["one", "hours:3", "hours:5"])),
        "capital": draw(st.sampled_from(["annuity", "full"])),
    }
    rules = draw(st.sets(st.sampled_from(sorted(RULES)), max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    if draw(st.booleans()):
        parts.add("blocks")
    if draw(st.booleans()):
        parts.add("near")
    return Draft(settings, tables(rng, parts, chosen, rules))


def full(seed: int = 1, *, hours: str = "hours:5", periods: tuple[int, ...] = (2026, 2028)) -> Draft:
    """The scenario that has every part, and all rules."""
    settings = {"name": "full", "base_year": 2026, "periods": list(periods), "discount_rate": 0.06, "hours": hours}
    return Draft(settings, tables(np.random.default_rng(seed), set(PARTS), periods, set(RULES)))


def tables(rng: np.random.Generator, parts: set[str], periods: tuple[int, ...], rules: set[str]) -> Frames:
    """Tables of a scenario with some parts."""
    count = int(rng.integers(2, 4))
    regions = [f"region-{i}" for i in range(count)]
    sites = [f"site-{i}" for i in range(int(rng.integers(2, 4)))]
    frames = {
        "regions": pd.DataFrame({"region": regions}),
        "sites": _sites(rng, sites, regions, parts),
        "technologies": _technologies(rng, parts),
        "workloads": _workloads(rng, parts),
        "demand": _demand(rng, regions, periods, parts),
        "profiles": _profiles(rng),
    }
    if "links" in parts:
        frames["links"] = _links(rng, regions)
    else:
        pairs = [(region, site, float(rng.integers(1, 9))) for region in regions for site in sites]
        frames["latency"] = pd.DataFrame(pairs, columns=["region", "site", "latency_ms"])
    if "power" in parts:
        frames["power"] = _power(rng, sites)
    if "halls" in parts:
        frames["halls"] = _halls(rng, sites)
    if "fleet" in parts:
        frames["fleet"] = _fleet(rng, sites)
    if "serving" in parts:
        cost = [(region, site, "ledger", float(rng.integers(1, 9)) * 1e-6) for region in regions for site in sites]
        frames["serving_cost"] = pd.DataFrame(cost, columns=["region", "site", "workload", "mcny_per_unit_hour"])
    if {"links", "traffic"} <= parts:
        ends = {"from": [regions[0], regions[-1]], "to": [regions[1], regions[0]]}
        frames["traffic"] = pd.DataFrame(
            ends | {"gbps": [2.0, 3.0], "profile": ["busy", ""], "routing": ["free", "shortest"]}
        )
    if {"power", "supply"} <= parts:
        frames["supply"] = _supply(rng, sites)
    if "rules" in parts:
        frames |= _rules(rules, parts, periods)
    if "blocks" in parts:
        frames["blocks"] = pd.DataFrame({"block": ["a", "b"], "first_hour": [10, 40], "hours": [2, 3],
                                         "weight": [1752.0, 1752.0]})  # fmt: skip
    return frames


def _some(rng: np.random.Generator, low: float, high: float, size: int) -> list[float]:
    """Numbers of three digits, so that a failure can be read."""
    return [float(f"{value:.3g}") for value in rng.uniform(low, high, size)]


def _sites(rng: np.random.Generator, sites: list[str], regions: list[str], parts: set[str]) -> pd.DataFrame:
    n = len(sites)
    frame = {
        "site": sites,
        "node": rng.choice(regions, n),
        "hub": ["hub-west", *[""] * (n - 1)],
        "pue": _some(rng, 1.1, 1.4, n),
        "capex_factor": _some(rng, 0.9, 1.2, n),
        "investor": ["one", *["two"] * (n - 1)],
        "water_l_per_kwh": _some(rng, 0.1, 0.5, n),
    }
    if "power" in parts:
        frame["zone"] = [f"zone-{i % 2}" for i in range(n)]
    return pd.DataFrame(frame)


def _technologies(rng: np.random.Generator, parts: set[str]) -> pd.DataFrame:
    names = ["server", "server-next", "gpu", "disk"]
    frame = pd.DataFrame(
        {
            "technology": names,
            "class": ["general", "general", "intelligent", "storage"],
            "unit": ["server", "server", "PFLOPS", "TB"],
            "precision": ["FP32", "FP32", "FP16", ""],
            "eflops_per_unit": [np.nan, np.nan, 0.001, np.nan],
            "mw_per_unit": [0.1, 0.08, 0.3, 0.02],
            "idle_share": [0.4, 0.3, 0.2, 0.9],
            "attainable_utilisation": [0.9, 0.85, 0.8, 1.0],
            "fp32_per_unit": [0.01, 0.015, 0.1, np.nan],
            "capex_mcny_per_unit": _some(rng, 0.5, 1.5, 2) + _some(rng, 6, 12, 1) + _some(rng, 0.1, 0.4, 1),
            "opex_mcny_per_unit_year": [0.05, 0.04, 0.3, 0.01],
            "life_years": [4, 4, 3, 6],
            "embodied_t_per_unit": [1.0, 1.0, 4.0, 0.2],
            "kind": ["flow", "flow", "flow", "stock"],
        }
    )
    return frame if "stock" in parts else frame.iloc[:3]


def _workloads(rng: np.random.Generator, parts: set[str]) -> pd.DataFrame:
    defer = [2 if "near" in parts else 0, 2, 9, 0] if "defer" in parts else [0, 0, 0, 0]
    frame = pd.DataFrame(
        {
            "workload": ["web", "batch", "training", "archive", "ledger"],
            "class": ["general", "general", "gpu", "storage", "general"],
            "latency_ms": [20.0, np.nan, np.nan, 30.0, np.nan],
            "defer_hours": [*defer, 0],
            "gbps_per_unit": [0.2, 0.1, 0.05, 0.01, 0.0],
            "return_gbps_per_unit": [0.1, 0.0, 0.02, 0.02, 0.0],
            "unserved_mcny_per_unit_hour": [np.nan, float(rng.choice([1e-4, 1e-3])), np.nan, np.nan, np.nan],
        }
    )
    keep = {"archive": "stock", "ledger": "serving"}
    return frame[[keep.get(name, "always") in {*parts, "always"} for name in frame["workload"]]]


def _demand(rng: np.random.Generator, regions: list[str], periods: tuple[int, ...], parts: set[str]) -> pd.DataFrame:
    kinds = {"web": "busy", "batch": "busy", "training": ""}
    kinds |= {"archive": ""} if "stock" in parts else {}
    kinds |= {"ledger": ""} if "serving" in parts else {}
    rows = [
        (region, name, period, float(rng.integers(2, 12)) * growth, profile)
        for region in regions
        for name, profile in kinds.items()
        for period, growth in zip(periods, (1.0, 1.25, 1.4, 1.5), strict=False)
    ]
    return pd.DataFrame(rows, columns=["region", "workload", "period", "units", "profile"])


def _profiles(rng: np.random.Generator) -> pd.DataFrame:
    """Named profiles. The hours that scenarios model are the first, or those of the blocks."""
    frame = pd.DataFrame({"hour": range(8760)})
    for name, low, high in (("busy", 0.5, 1.5), ("price", 0.2, 0.9), ("carbon", 0.3, 0.7), ("sun", 0.0, 0.9)):
        frame[name] = np.round(rng.uniform(low, high, 8760), 2)
    return frame


def _links(rng: np.random.Generator, regions: list[str]) -> pd.DataFrame:
    """A ring of links that can all grow; the last one does not stand yet."""
    n = len(regions)
    ends = [(regions[i], regions[(i + 1) % n]) for i in range(n if n > 2 else 1)]
    return pd.DataFrame(
        {
            "link": [f"link-{i}" for i in range(len(ends))],
            "from": [one for one, _ in ends],
            "to": [other for _, other in ends],
            "length_km": _some(rng, 200, 900, len(ends)),
            "capacity_gbps": [*_some(rng, 0.5, 6, len(ends) - 1), 0.0][: len(ends)],
            "capex_mcny_per_gbps": _some(rng, 0.5, 3, len(ends)),
            "life_years": 10,
            "cost_mcny_per_gbps_hour": _some(rng, 1e-6, 1e-5, len(ends)),
            "investor": "carrier",
        }
    )


def _power(rng: np.random.Generator, sites: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "zone": ["zone-0", "zone-1"],
            "price": ["price", float(_some(rng, 0.3, 0.6, 1)[0])],
            "demand_charge_cny_per_kw_month": [30.0, 0.0],
            "co2_kg_per_kwh": ["carbon", 0.55],
            "grid_limit_mw": [60.0, np.nan],
            "green_premium_cny_per_kwh": [0.03, 0.02],
            "clean_share": [0.25, 0.4],
            "green_profile": ["", 0.5],
        }
    )


def _halls(rng: np.random.Generator, sites: list[str]) -> pd.DataFrame:
    n = len(sites)
    return pd.DataFrame(
        {
            "site": sites,
            "existing_mw": [2.0, *[0.0] * (n - 1)],
            "capex_mcny_per_mw": _some(rng, 15, 30, n),
            "opex_mcny_per_mw_year": 0.2,
            "life_years": 20,
            "limit_mw": [50.0, *[np.nan] * (n - 1)],
            "retrofit_capex_mcny_per_mw": [float(rng.choice([0.1, 3.0])), *[np.nan] * (n - 1)],
            "retrofit_pue": [1.12, *[np.nan] * (n - 1)],
        }
    )


def _fleet(rng: np.random.Generator, sites: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site": [sites[0], sites[0]],
            "technology": ["server", "gpu"],
            "units": [8.0, 2.0],
            "retires": [2028, np.nan],
            "may_retire": ["yes", "no"],
        }
    )


def _supply(rng: np.random.Generator, sites: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site": [sites[0], sites[0], sites[1]],
            "source": ["solar", "battery", "wind"],
            "capex_mcny_per_mw": [2.0, 0.4, 5.0],
            "capex_mcny_per_mwh": [np.nan, 0.3, np.nan],
            "opex_mcny_per_mw_year": [0.02, 0.0, 0.1],
            "life_years": [20, 10, 20],
            "existing_mw": [0.5, 0.0, 0.0],
            "limit_mw": [3.0, 2.0, 2.0],
            "efficiency": [np.nan, 0.95, np.nan],
            "cost_mcny_per_mwh": [0.0, 2e-5, 1e-5],
            "profile": ["sun", np.nan, "sun"],
        }
    )


def _rules(rules: set[str], parts: set[str], periods: tuple[int, ...]) -> Frames:
    chosen = [rule for rule in sorted(rules) if NEEDS.get(rule, "power") in parts or rule not in NEEDS]
    policies = pd.DataFrame([(rule, "all", RULES[rule]) for rule in chosen], columns=["rule", "scope", "value"])
    budgets = pd.DataFrame([(periods[0], "all", 4000.0), (periods[0], "investor:one", 2000.0)],
                           columns=["period", "scope", "limit_mcny"])  # fmt: skip
    return {"policies": policies, "budgets": budgets} if len(policies) else {"budgets": budgets}
