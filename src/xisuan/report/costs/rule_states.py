"""Rules in force in the last year for section 13: what each asks, what the plan reaches, and the slack."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from xisuan import geography, units
from xisuan.report import run_measures
from xisuan.report.costs import shadow_prices
from xisuan.report.operation import network_load
from xisuan.report.run_context import Context
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.schema.compute_tables import is_fp16

PRICE = "carbon_price_cny_per_t"
"""A price is paid; nothing has to be reached."""
NARROWEST = (PRICE, "site_reserve_min")
"""Rules of which only the narrowest scope holds at a site."""
LEAST_UNITS = 1e-6
"""Equipment below this is the dust of an interior point."""
LIGHT_MS_PER_KM = 0.0049
Reached = Callable[[Context, int, list[str], str], float]


def _occupancy(context: Context, period: int, sites: list[str], scope: str) -> float:
    return run_measures.occupancy(context.run, period, sites)


def _utilisation(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return the utilisation of the class that is used least."""
    rows = run_measures.utilisation(context.run)
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites)]
    sums = rows.groupby("class")[["installed", "used"]].sum()
    return float((sums["used"] / sums["installed"].where(sums["installed"] > 0)).min())


def _hub_share(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return the share of FP32 ordered in the period that goes to the hub, or to any hub."""
    rows = run_measures.equipment(context.run, context.run.plan.builds)
    rows = rows[rows["period"] == period]
    fp32 = rows["amount"] * rows["fp32_per_unit"]
    given = context.scenario["sites"]
    hubs = given.loc[(given["hub"] != "") if scope == "all" else (given["hub"] == scope), "site"]
    return float(fp32[rows["where"].isin(hubs)].sum() / fp32.sum()) if fp32.sum() > 0 else math.nan


def _intelligent(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.equipment
    rows = rows[(rows["period"] == period) & rows["where"].isin(sites)]
    fp32 = rows["amount"] * rows["fp32_per_unit"]
    return float(fp32[rows["class"] == "intelligent"].sum() / fp32.sum()) if fp32.sum() > 0 else math.nan


def _green(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return 1 less the energy that is neither contracted nor own, over facility energy."""
    energy, found = context.energy, context.run.plan.emissions
    rows = energy[(energy["period"] == period) & energy["site"].isin(sites)]
    contract = float(found.loc[(found["period"] == period) & found["site"].isin(sites), "contract_mwh"].sum())
    facility = float(rows["facility_mwh"].sum())
    share = 1 - (float(rows["grid_mwh"].sum()) - contract) / facility if facility > 0 else math.nan
    return 0.0 if share < 0.0 else share  # of losses of batteries


def _clean(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return the least share in any hour of what is not the unclean part of the grid."""
    return _least_clean(context, period, sites, np.arange(context.scenario.timeline.n_hours))


def _clean_month(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return the least share in any month of what is not the unclean part of the grid."""
    return _least_clean(context, period, sites, context.scenario.timeline.month)


def _least_clean(context: Context, period: int, sites: list[str], span: np.ndarray[Any, Any]) -> float:
    """Return the least share of clean energy in any span of hours. `span`: its number by modelled hour."""
    zones = context.scenario.at("sites", period).set_index("site")["zone"]
    parts = context.scenario.at("power", period).set_index("zone")["clean_share"]
    hours = context.run.plan.power
    hours = hours[(hours["period"] == period) & hours["site"].isin(sites)]
    curves = {zone: context.scenario.hourly("power", "clean_share", part) for zone, part in parts.items()}
    clean = [float(curves[zones[site]][hour]) for site, hour in zip(hours["site"], hours["hour"], strict=True)]
    at = hours["hour"].to_numpy(dtype=int)
    weight = context.scenario.timeline.weight[at]
    rest, facility = (
        (hours["grid_mw"] - hours["contract_mw"]) * (1.0 - np.array(clean)) * weight,
        hours["facility_mw"] * weight,
    )
    sums = pd.DataFrame({"rest": rest, "facility_mw": facility}).groupby(span[at]).sum()
    sums = sums[sums["facility_mw"] > 0.0]
    return float((1.0 - sums["rest"] / sums["facility_mw"]).min()) if len(sums) else math.nan


def _pue(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.energy
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites)]
    it = float(rows["it_mwh"].sum())
    return float(rows["facility_mwh"].sum()) / it if it > 0 else math.nan


def _emitted(column: str) -> Reached:
    def reached(context: Context, period: int, sites: list[str], scope: str) -> float:
        rows = context.run.plan.emissions
        return float(rows.loc[(rows["period"] == period) & rows["site"].isin(sites), column].sum())

    return reached


def _water(context: Context, period: int, sites: list[str], scope: str) -> float:
    """MWh of IT times litres per kWh are cubic metres."""
    given = context.scenario.at("sites", period).set_index("site")["water_l_per_kwh"]
    rows = context.energy
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites)]
    return float((rows["it_mwh"] * rows["site"].map(given).fillna(0.0)).sum())


def _reserve(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return the smallest share of attainable output that stays free: of any technology of any site, in its busiest
    hour."""
    load, capacity = context.run.plan.load, context.run.plan.capacity
    load = load[(load["period"] == period) & load["site"].isin(sites)]
    rows = capacity[(capacity["asset"] == "compute") & (capacity["period"] == period) & capacity["where"].isin(sites)]
    attains = context.scenario.at("technologies", period).set_index("technology")["attainable_utilisation"]
    most = rows.set_index(["where", "technology"])["amount"] * attains.reindex(rows["technology"]).to_numpy()
    peak = load.groupby(["site", "technology"])["units"].max().reindex(most.index).fillna(0.0)
    found = (1 - peak / most)[most > LEAST_UNITS]
    return float(found.min()) if len(found) else math.nan


def _load(context: Context, period: int, sites: list[str], scope: str) -> float:
    loads = context.peak_loads[period]["load"]
    given = context.scenario.at("policies", period)
    own = given.loc[(given["rule"] == "link_load_max") & given["value"].notna(), "scope"]
    loads = loads[loads.index == scope] if scope in context.ends else loads[~loads.index.isin(own)]
    return float(loads.max()) if len(loads) else math.nan


def _between_hubs(context: Context, period: int) -> pd.DataFrame:
    """Fastest paths between the nodes of hub sites: columns ms, and stretch over the great circle."""
    sites = context.scenario["sites"].drop_duplicates("site")
    nodes = [str(node) for node in sites.loc[sites["hub"] != "", "node"].drop_duplicates()]
    loads = context.peak_loads[period]
    standing = set(loads.index[loads["capacity_gbps"] > 0])
    usable = [link for link in candidates.usable_links(context.scenario, period, existing=False) if link[0] in standing]
    places = context.places
    rows = []
    for at, start in enumerate(nodes):
        found = routing.shortest(usable, start)
        for end in nodes[at + 1 :]:
            if end in found and start in places and end in places:
                ends = [np.array([places[node][::-1]]) for node in (start, end)]
                far = geography.great_circle_km(*ends)[0]
                ms = found[end].latency_ms
                rows.append((ms, ms / (LIGHT_MS_PER_KM * far) if far > 0 else math.nan))
    return pd.DataFrame(rows, columns=["ms", "stretch"])


def _hub_ms(context: Context, period: int, sites: list[str], scope: str) -> float:
    return float(_between_hubs(context, period)["ms"].max())


def _stretch(context: Context, period: int, sites: list[str], scope: str) -> float:
    return float(_between_hubs(context, period)["stretch"].max())


def _region_ms(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Return the latency from the focus to the nearest region other than its own, ms."""
    found = network_load.delays(context)
    return float(found["ms"].min()) if len(found) else math.nan


def _racks(context: Context, period: int, sites: list[str], scope: str) -> float:
    return float(run_measures.hall_mw(context.run, period).reindex(sites).sum()) / units.STANDARD_RACK_MW


def _investment(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.run.plan.costs
    rows = rows[(rows["period"] == period) & rows["where"].isin(sites)]
    return float(rows.loc[rows["term"].isin(["hall_capex", "retrofit_capex", "compute_capex"]), "mcny"].sum())


def _cities(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.run.plan.tables.get("gigabit")
    return math.nan if rows is None else float(rows.loc[rows["period"] == period, "gigabit"].sum())


def _fp16(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.equipment
    rows = rows[(rows["period"] == period) & rows["where"].isin(sites)]
    counts = [is_fp16(*pair) for pair in zip(rows["class"], rows["precision"], strict=True)]
    return float(rows.loc[counts, "eflops"].sum())


def is_least(rule: str) -> bool:
    """Return True if a rule sets a least value: shares, and published targets."""
    return rule.endswith("_min") or rule.startswith("reach_")


REACHED: dict[str, Reached] = {
    "occupancy_min": _occupancy,
    "utilisation_min": _utilisation,
    "hub_share_min": _hub_share,
    "intelligent_share_min": _intelligent,
    "green_share_min": _green,
    "clean_share_hourly_min": _clean,
    "clean_share_monthly_min": _clean_month,
    "pue_max": _pue,
    "carbon_cap_t": _emitted("location_t"),
    "carbon_cap_market_t": _emitted("market_t"),
    "water_cap_m3": _water,
    "site_reserve_min": _reserve,
    "link_load_max": _load,
    "latency_stretch_max": _stretch,
    "ring_hub_ms": _hub_ms,
    "ring_region_ms": _region_ms,
    "reach_racks": _racks,
    "reach_eflops_fp16": _fp16,
    "reach_investment_mcny": _investment,
    "reach_gigabit_cities": _cities,
}
"""How each rule is counted; those without an entry, a price and the rings of cities, are stated with a dash."""


def states(context: Context) -> list[dict[str, Any]]:
    """Return the rules in force in the last year: rule, scope, applies, asked, reached, slack (≥ 0: kept), price."""
    prices = context.run.plan.prices
    prices = prices[prices["period"] == context.last]
    found = []
    held = context.scenario.at("policies", context.last)
    for row in run_measures.records(held[held["value"].notna()]):
        rule, scope = str(row["rule"]), str(row["scope"])
        sites = _sites(context, scope, str(row["applies"]))
        sites = _governed(context, rule, scope, sites) if rule in NARROWEST else sites
        count = REACHED.get(rule)
        reached = count(context, context.last, sites, scope) if count and (sites or scope == "all") else math.nan
        asked = float(row["value"])
        item = f"{scope}/{row['applies']}"
        named = prices["item"].isin((scope, item)) | prices["item"].str.startswith(f"{item}/")
        mine = prices[(prices["constraint"] == rule) & named]
        sign = -1.0 if is_least(rule) else 1.0
        found.append(
            {"rule": rule, "scope": scope, "applies": str(row["applies"]), "asked": asked, "reached": reached,
             "slack": sign * (asked - reached), "sites": len(sites), "governed": sites,
             "price": float(mine["value"].abs().max()) if len(mine) else 0.0}
        )  # fmt: skip
    return found


def _sites(context: Context, scope: str, applies: str) -> list[str]:
    """Return the sites in scope; for a rule on new sites, those without halls or fleet at the start."""
    sites = shadow_prices.sites_in(context, scope)
    if applies != "new":
        return sites
    old = candidates.standing_sites(context.scenario)
    return [site for site in sites if site not in old]


def _governed(context: Context, rule: str, scope: str, sites: list[str]) -> list[str]:
    """Return the sites of a scope for which no narrower scope of the rule holds."""
    held = context.scenario.at("policies", context.last)
    held = held[(held["rule"] == rule) & held["value"].notna()]
    narrower: set[str] = set()
    for other, applies in zip(held["scope"].astype(str), held["applies"].astype(str), strict=True):
        within = _sites(context, other, applies)
        if other != scope and (scope == "all" or other in sites):
            narrower.update(within)
    return [site for site in sites if site not in narrower]
