"""Levelised cost of a unit of work at each site with new equipment, by cost term: tables `hub_costs` and `levelised`.

For workload w at site s with technology g in the last period, in CNY per unit-hour served: the yearly cost of one unit
of g divided by what it serves, u × 8,760. u is attainable_utilisation over the largest mean of demand within the
deferral time, so that equipment is large enough for its peak. IT power in hour t is mw × (idle / u + (1 − idle) ×
d(t)), with d(t) the demand relative to its mean. Capital is an annuity over the life.

It is a stand-alone cost: new equipment in new halls, no sharing with other work, no own power plants. Where halls may
not grow, existing halls are counted, retrofitted where offered. The plan pays less where halls stand empty; `why`
states why it does not fill the cheapest site.

Hubs compete for the nation's work. The *rival* of a site is the cheapest site of another hub that could serve some of
the work that runs there. If no work runs there, the work that may run there counts. Sites of no hub, such as
metropolitan data centres, may be cheaper still, so the cheapest of any kind is listed too. If no site of another hub
qualifies, any site may be the rival.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gnomon import Array, Label
from xisuan import units
from xisuan.decisions.costs.site_reach import Reach, reach_of_sites
from xisuan.equations.asset_sets import payers
from xisuan.equations.constraints import power
from xisuan.equations.index_sets import Given
from xisuan.results.decision_tables import frame
from xisuan.results.plan import Plan
from xisuan.scenario.queries import candidates

CNY = 1e6
"""CNY per million CNY."""
RIVAL_SHARE = 0.1
"""Least share of a site's work that its rival must be able to serve."""
WITHIN_REACH = 1e-3
"""Share of demand below which a site is out of reach."""
FULL = 1e-3
"""Share of a site's halls below which its free room counts as none."""
LEAST_PRICE = 1e-6
"""Dual multiplier of a budget, million CNY per million, below which the budget is not exhausted."""
NEW, STANDING = "new", "standing"
"""Halls counted in a unit cost: new ones, or existing ones where halls may not grow."""
HOURS_PER_MONTH = units.HOURS_PER_YEAR / units.MONTHS_PER_YEAR

TERMS = ("equipment", "hall", "power", "pue", "demand_charge", "green", "carbon", "network")
WITHOUT_EQUIPMENT = ("hall", "power", "pue", "demand_charge", "green", "carbon")


def hub_costs(plan: Plan) -> pd.DataFrame:
    """Return the table `hub_costs` of a plan."""
    given = Given(plan.scenario, plan.scenario.settings.periods[-1:])
    by_region, room, paced = _work_served(plan), _free_halls(plan), _at_order_limit(plan, given)
    total = {
        name: sum(sum(there.values()) for (_, work), there in by_region.items() if work == name)
        for name in given.demanded
    }
    rows: list[dict[str, Any]] = []
    reaches = {workload: reach_of_sites(given, workload) for workload in given.demanded}
    for workload, here in reaches.items():
        for site in given.sites_for(workload):
            cheapest = _cheapest(given, site, workload)
            if cheapest is None:
                continue
            units_run = sum(by_region.get((site, workload), {}).values())
            share = units_run / total[workload] if total[workload] > 0 else 0.0
            reach = here[site]
            rows.append(
                {
                    "site": site, "kind": given.text("sites", "kind")[site], "workload": workload,
                    "technology": cheapest.technology, "halls": _halls_counted(given, site), "period": given.periods[0],
                    "unit": given.unit_of[cheapest.technology],
                    **{f"{term}_cny": CNY * cheapest.mcny[term] for term in TERMS if term != "network"},
                    "network_cny": CNY * reach.network_mcny,
                    "total_cny": CNY * (sum(cheapest.mcny.values()) + reach.network_mcny),
                    "eligible_share": reach.share, "eastern_share": reach.eastern,
                    "served_units": units_run, "served_share": share, "room_mw": room.get(site, math.nan),
                }
            )  # fmt: skip
    return frame("hub_costs", _with_rivals(given, rows, reaches, by_region, paced, _binding_budgets(plan)))


def levelised(plan: Plan, costs: pd.DataFrame, focus: str, sites: tuple[str, ...]) -> pd.DataFrame:
    """Return the table `levelised`: `hub_costs` by class at each site, at the focus and overall, weighted by work."""
    given = Given(plan.scenario, plan.scenario.settings.periods[-1:])
    precision = given.text("technologies", "precision")
    costs = costs.assign(
        **{"class": [given.class_of[name] for name in costs["technology"]]},
        use=[_use(given, str(row.technology), str(row.workload)) for row in costs.itertuples()],
        mw=given.numbers("technologies", [(name,) for name in costs["technology"]], "mw_per_unit")[0],
    )
    costs = costs[costs["served_units"] > 0]
    places = {"all": set(costs["site"]), focus: set(sites), **{site: {site} for site in costs["site"]}}
    rows: list[dict[str, Any]] = []
    for place, members in places.items():
        for kind, part in costs[costs["site"].isin(members)].groupby("class", sort=False):
            technology = str(part["technology"].iloc[0])
            rows.append(_levelised(place, str(kind), part) | {"precision": precision[technology]})
    return frame("levelised", rows)


def _levelised(place: str, kind: str, part: pd.DataFrame) -> dict[str, Any]:
    """Return one class at one place: weighted means per unit-hour, per installed unit and per rack."""
    weight = part["served_units"] / part["served_units"].sum()
    mean = {term: float((part[f"{term}_cny"] * weight).sum()) for term in TERMS}
    total = sum(mean.values())
    installed = float((weight / part["use"]).sum())
    racks = float((weight / part["use"] * part["mw"]).sum()) / units.STANDARD_RACK_MW
    space = sum(mean[term] for term in WITHOUT_EQUIPMENT)
    month = HOURS_PER_MONTH / racks if racks > 0 else math.nan
    return {
        "place": place, "class": kind, "period": int(part["period"].iloc[0]), "unit": part["unit"].iloc[0],
        "cny_per_unit_hour": total, "cny_per_installed_unit_hour": total / installed,
        "equipment_cny": mean["equipment"], "hall_cny": mean["hall"],
        "power_cny": space - mean["hall"], "network_cny": mean["network"],
        "cny_per_rack_month": space * month,
        "with_equipment_cny_per_rack_month": (space + mean["equipment"]) * month,
    }  # fmt: skip


# --- one site, one workload ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cost:
    """Cost of a technology by term, million CNY per unit-hour served."""

    technology: str
    mcny: dict[str, float]


def _cheapest(given: Given, site: str, workload: str) -> _Cost | None:
    """Return the cheapest technology on offer in the last period, or None."""
    period = given.periods[0]
    able = candidates.runs(given.scenario, workload)
    offered = [name for name in able if period in candidates.order_window(given.scenario, name)]
    costs = [_cost(given, site, name, workload) for name in offered if (site, name) in set(given.equipment)]
    return min(costs, key=lambda cost: sum(cost.mcny.values()), default=None)


def _cost(given: Given, site: str, technology: str, workload: str) -> _Cost:
    """Return the cost of a technology at a site for a workload."""
    use = _use(given, technology, workload)
    figure = {
        column: float(given.numbers("technologies", [(technology,)], column)[0, 0])
        for column in ("capex_mcny_per_unit", "opex_mcny_per_unit_year", "mw_per_unit", "idle_share")
    }
    life = float(given.numbers("technologies", [(technology,)], "life_years", np.nan)[0, 0])
    factor = float(given.numbers("sites", [(site,)], "capex_factor", 1.0)[0, 0])
    # Annuity of capital plus upkeep, million CNY per unit and year.
    equipment = figure["capex_mcny_per_unit"] * factor * _annuity(given, life) + figure["opex_mcny_per_unit_year"]
    mw = figure["mw_per_unit"]
    hall, pue = _halls(given, site)
    # IT power per unit of work served in hour t: mw (idle / u + (1 − idle) d(t)).
    it = mw * (figure["idle_share"] / use + (1.0 - figure["idle_share"]) * _load(given, workload))
    served_hours = units.HOURS_PER_YEAR * use
    mcny = {"equipment": equipment / served_hours, "hall": mw * hall / served_hours, **_energy(given, site, it, pue)}
    return _Cost(technology, mcny)


def _annuity(given: Given, life: float) -> float:
    """Return the yearly payment per unit of capital; assets of unlimited life pay interest only."""
    rate = given.scenario.settings.discount_rate
    return rate if math.isnan(life) else units.annuity_factor(rate, life)


def _halls_counted(given: Given, site: str) -> str:
    """Return the kind of halls counted at a site: NEW, STANDING if they may not grow, empty if it needs none."""
    label = [(site,)]
    if not given.holds("halls", label)[0, 0]:
        return ""
    stands, most = given.numbers("halls", label, "existing_mw"), given.numbers("halls", label, "limit_mw", np.inf)
    return STANDING if most[0, 0] <= stands[0, 0] else NEW


def _halls(given: Given, site: str) -> tuple[float, Array]:
    """Return the yearly cost per MW of the halls counted, million CNY, and their PUE, shape (hours,)."""
    label, taken = [(site,)], _halls_counted(given, site)
    bare = power.pue(given, label)[0, :, 0]
    if not taken:
        return 0.0, bare
    row = {
        name: float(given.numbers("halls", label, name, np.nan)[0, 0])
        for name in (
            "capex_mcny_per_mw", "opex_mcny_per_mw_year", "life_years", "retrofit_capex_mcny_per_mw", "retrofit_pue",
        )
    }  # fmt: skip
    factor = float(given.numbers("sites", label, "capex_factor", 1.0)[0, 0])
    upkeep = np.nan_to_num(row["opex_mcny_per_mw_year"])
    if taken == NEW:
        return row["capex_mcny_per_mw"] * factor * _annuity(given, row["life_years"]) + upkeep, bare
    if math.isnan(row["retrofit_capex_mcny_per_mw"]) or math.isnan(row["retrofit_pue"]):
        return upkeep, bare
    retrofit = row["retrofit_capex_mcny_per_mw"] * factor * _annuity(given, row["life_years"])
    return retrofit + upkeep, np.minimum(bare, row["retrofit_pue"])


def _energy(given: Given, site: str, it: Array, pue: Array) -> dict[str, float]:
    """Return the power cost terms for IT power `it`, shape (hours,), million CNY per unit-hour served."""
    label = [(site,)]
    # Weights of the modelled hours as shares of the year.
    share = given.weight / given.weight.sum()
    price = units.mcny_per_mwh(1.0) * power.energy_price(given, label)[0, :, 0]
    drawn = float((share * pue * it).sum())
    zones = power.zone_of(given, label)
    charge = float(given.numbers("power", zones, "demand_charge_cny_per_kw_month")[0, 0])
    premium = float(given.numbers("power", zones, "green_premium_cny_per_kwh")[0, 0])
    carbon = float((share * pue * it * power.co2(given, label)[0, :, 0]).sum())
    levy = float(given.site_rule("carbon_price_cny_per_t", [site])[0, 0])
    # The demand charge is paid on the highest facility power.
    peak = float((pue * it).max()) * units.mcny_per_mw_year_from_demand_charge(charge)
    return {
        "power": float((share * price * it).sum()),
        "pue": float((share * price * (pue - 1.0) * it).sum()),
        "demand_charge": peak / units.HOURS_PER_YEAR,
        "green": units.mcny_per_mwh(premium) * _green_share(given, site) * drawn,
        "carbon": units.mcny_from_cny(levy) * carbon,
    }


def _green_share(given: Given, site: str) -> float:
    """Return the strictest green share that the rules require of a site."""
    rules = given.at("policies", given.periods[0])
    hub = given.site_text[site]["hub"]
    rules = rules[(rules["rule"] == "green_share_min") & rules["scope"].isin(["all", site, hub or site])]
    covers = (rules["applies"] == "all") | (site in given.new_sites)
    return float(rules.loc[covers, "value"].max()) if covers.any() else 0.0


def _use(given: Given, technology: str, workload: str) -> float:
    """Return the mean work that a unit serves, u."""
    most = float(given.numbers("technologies", [(technology,)], "attainable_utilisation", 1.0)[0, 0])
    return most / float(_load(given, workload).max())


def _load(given: Given, workload: str) -> Array:
    """Return the work run in each hour relative to its mean, shape (hours,): demand averaged over the deferral time."""
    if candidates.is_stock(given.scenario, workload):
        return np.ones(given.timeline.n_hours)
    labels = given.asking([workload])
    demand = given.demand(labels)[0].sum(axis=1)
    defer = int(given.numbers("workloads", [(workload,)], "defer_hours")[0, 0] + 1e-9)
    out, start = np.empty_like(demand), 0
    for block in given.timeline.blocks:
        # Moving average over the deferral time, cyclic within each block of hours.
        run = demand[start : start + block.hours]
        span = min(defer + 1, block.hours)
        out[start : start + block.hours] = np.mean([np.roll(run, back) for back in range(span)], axis=0)
        start += block.hours
    return np.asarray(out / (out @ given.weight) * given.weight.sum())


# --- figures of the plan ---------------------------------------------------------------------------------------------


def _work_served(plan: Plan) -> dict[Label, dict[str, float]]:
    """Return the work run in the last period, by (site, workload) and region, units."""
    rows = plan.tables["service"]
    rows = rows[(rows["period"] == plan.scenario.settings.periods[-1]) & (rows["site"] != "") & (rows["units"] > 0.0)]
    found: dict[Label, dict[str, float]] = {}
    for row in rows.groupby(["site", "workload", "region"])["units"].sum().reset_index().itertuples():
        found.setdefault((str(row.site), str(row.workload)), {})[str(row.region)] = float(str(row.units))
    return found


def _free_halls(plan: Plan) -> dict[str, float]:
    """Return the free hall room in the last period by site, MW; rounding residues count as 0."""
    rows = plan.tables["capacity"]
    rows = rows[rows["period"] == plan.scenario.settings.periods[-1]]
    halls = rows[rows["asset"] == "hall"].groupby("where")["amount"].sum()
    used = rows[rows["asset"] == "compute"].groupby("where")["mw"].sum().reindex(halls.index).fillna(0.0)
    left = halls - used
    return {str(site): float(amount) for site, amount in left.where(left > FULL * halls, 0.0).items()}


def _at_order_limit(plan: Plan, given: Given) -> set[Label]:
    """Return the (site, technology) pairs whose orders in the last period are at their limit."""
    orders = plan.tables["builds"]
    orders = orders[(orders["asset"] == "compute") & (orders["period"] == given.periods[0])]
    labels = list(zip(orders["where"], orders["technology"], strict=True))
    most = given.numbers("limits", labels, "max_build_units", np.inf)[0]
    return {
        label for label, amount, top in zip(labels, orders["amount"], most, strict=True) if amount >= (1 - FULL) * top
    }


def _binding_budgets(plan: Plan) -> set[str]:
    """Return the scopes of budgets with a nonzero price in the last period."""
    prices = plan.tables["prices"]
    rows = prices[(prices["constraint"] == "budget") & (prices["period"] == plan.scenario.settings.periods[-1])]
    return set(rows.loc[rows["value"] < -LEAST_PRICE, "item"].astype(str))


def _with_rivals(
    given: Given,
    rows: list[dict[str, Any]],
    reaches: Mapping[str, Mapping[str, Reach]],
    served: Mapping[Label, Mapping[str, float]],
    paced: set[Label],
    exhausted: set[str],
) -> list[dict[str, Any]]:
    """Add to each row its best rival, the cheapest site of any kind, and why the plan does not run more there."""
    hubs = given.text("sites", "hub")
    table = pd.DataFrame(rows).assign(hub=[hubs[row["site"]] for row in rows])
    for row in rows:
        hub = hubs[row["site"]]
        own = (table["site"] == row["site"]) | ((hub != "") & (table["hub"] == hub))
        reach = reaches[str(row["workload"])]
        work = served.get((str(row["site"]), str(row["workload"]))) or reach[str(row["site"])].demand
        rivals = [site for site, other in reach.items() if other.of(work) >= RIVAL_SHARE]
        able = table[(table["workload"] == row["workload"]) & ~own & table["site"].isin(rivals)]
        able = able.sort_values("total_cny", kind="stable")
        row.update(_best_rival(row, able[able["hub"] != ""] if (able["hub"] != "").any() else able, "rival"))
        row.update(_best_rival(row, able, "site"))
        row["why"] = _limit_reason(given, row, paced, exhausted)
    return rows


def _best_rival(row: dict[str, Any], others: pd.DataFrame, what: str) -> dict[str, Any]:
    """Return the first of `others`, and the relative cost difference of the row from it."""
    if not len(others):
        return {f"best_{what}": "", f"against_{what}": math.nan}
    best = others.iloc[0]
    return {
        f"best_{what}": str(best["site"]),
        f"against_{what}": float(row["total_cny"]) / float(best["total_cny"]) - 1.0,
    }


def _limit_reason(given: Given, row: dict[str, Any], paced: set[Label], exhausted: set[str]) -> str:
    """Return the first reason that applies why the plan does not run more work at a site; empty if it runs all.

    In order: latency, full, pace, dearer, budget, reach. "others" remains: existing capacity elsewhere is used first,
    or other sites cost the same.
    """
    site = (str(row["site"]),)
    if float(row["eligible_share"]) < WITHIN_REACH:
        return "latency"
    limits = [
        given.numbers(*of, np.inf)[0, 0] for of in (("halls", [site], "limit_mw"), ("sites", [site], "it_limit_mw"))
    ]
    stands = given.numbers("halls", [site], "existing_mw")[0, 0]
    if row["room_mw"] == 0.0 and min(limits) <= stands:
        return "full"
    if (*site, str(row["technology"])) in paced:
        return "pace"
    if float(row["against_site"]) > 0:
        return "dearer"
    paying = {
        f"investor:{name}" for shares in payers(given, "build", site) for name, share in shares.items() if share > 0
    }
    if exhausted & {"all", "compute", *paying, given.text("sites", "hub")[site[0]]}:
        return "budget"
    if float(row["eligible_share"]) < 1 - WITHIN_REACH:
        return "reach"
    return "" if float(row["served_share"]) > 1 - WITHIN_REACH else "others"
