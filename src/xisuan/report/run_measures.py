"""Numbers computed from the tables of a run, before anyone says or draws them.

Nothing here formats or translates. EFLOPS of different precisions are never added; occupancy (installed over hall)
and utilisation (served over installed) are never mixed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.decisions.costs.cost_sharing import split_by_payer
from xisuan.results.decision_tables import IT_POWER, TABLES
from xisuan.results.plan import CAPEX_TERMS
from xisuan.results.run import Run
from xisuan.scenario.queries.row_keys import Keyed
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.policy_tables import INVESTOR
from xisuan.scenario.schema.tables import BY_NAME

CAPITAL = list(CAPEX_TERMS)
FACTS = ["class", "precision", "eflops_per_unit", "fp32_per_unit"]
CLASS_ORDER = {"intelligent": 0, "general": 1, "supercomputing": 2, "storage": 3}
ROUNDING = 1e-9
"""Part of the power of sites below which what they take from the grid is rounding of the solver."""
LEAST_PART = 1e-4
"""Orders below this share of the largest of their kind say nothing: an interior point stops short of zero."""
QUALITIES = ("published", "derived", "estimate")
SAME_EVERYWHERE = "compute_capex"
"""Equipment costs the same wherever it stands, so that no choice of place changes it."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of plain values."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def number(value: object) -> float:
    """Return a scalar of a data frame as a float."""
    return float(value)  # type: ignore[arg-type]


def orders(run: Run) -> pd.DataFrame:
    """Return the rows of `builds` without tiny amounts left by an interior point, relative to the largest of their
    kind."""
    builds = run.plan.builds
    largest = builds.groupby(["asset", "unit"])["amount"].transform("max") if len(builds) else builds["amount"]
    return builds[builds["amount"] >= LEAST_PART * largest]


def verdicts(run: Run, places: Collection[str]) -> pd.DataFrame:
    """Return the rows of `alternatives` at sites and hubs that the plan builds something of; none without such a table.

    Rows of `it_power`, of which nothing is ordered as such, are left out. The alternatives may be of fewer hours than the
    plan. What the plan orders, and the least-cost plan of those hours does not, is interchangeable: a plan that costs no
    more there does without it.
    """
    found = run.alternatives
    if found is None:
        return pd.DataFrame(columns=list(TABLES["alternatives"]))
    here = found[found["where"].isin(list(places)) & (found["asset"] != IT_POWER)]
    key = ["where", "asset", "technology"]
    sites = run.scenario["sites"].drop_duplicates("site").set_index("site")["hub"]
    builds = orders(run)[key].fillna("")
    builds = pd.concat([builds, builds.assign(where=builds["where"].map(sites).fillna(""))])
    ordered = set(builds.itertuples(index=False, name=None))
    is_ordered = np.array(
        [one in ordered for one in here[key].fillna("").itertuples(index=False, name=None)], dtype=bool
    )
    is_none = (here["verdict"] == "none").to_numpy()
    changed = here.assign(verdict=here["verdict"].mask(is_none & is_ordered, "interchangeable"))
    kept: pd.DataFrame = changed[~is_none | is_ordered]
    return kept.reset_index(drop=True)


def equipment(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """Return the compute rows of `builds` or `capacity` with class, precision and EFLOPS at it (NaN if it has none)."""
    rows = table[table["asset"] == "compute"]
    if rows.empty:
        joined = rows.reindex(columns=[*rows.columns, *FACTS])
    else:
        ordered = rows.iloc[np.argsort(pd.factorize(rows["period"])[0], kind="stable")]
        keys = zip(ordered["period"].tolist(), ordered["technology"].tolist(), strict=True)
        dated = run.scenario.dated("technologies")
        given = [dated.rows(period).get((technology,), {}) for period, technology in keys]
        dtypes = run.scenario["technologies"].dtypes
        joined = ordered.assign(
            **{
                name: pd.Series([row.get(name, np.nan) for row in given], index=ordered.index, dtype=dtypes[name])
                for name in FACTS
            }
        )
    return joined.assign(eflops=joined["amount"] * joined["eflops_per_unit"])


def by_class(frame: pd.DataFrame) -> pd.DataFrame:
    """Sums of equipment by class, precision and unit: columns class, precision, unit, amount, eflops (NaN: none);
    intelligent first."""
    keys = ["class", "precision", "unit"]
    sums = frame.groupby(keys, sort=False)[["amount", "eflops"]].sum(min_count=1).reset_index()
    order = sums["class"].map(CLASS_ORDER).fillna(len(CLASS_ORDER))
    return sums.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def it_mw(run: Run, period: int) -> pd.DataFrame:
    """Return `mw` of IT for each site with equipment in use, and `existing`, the part that stood at the start."""
    rows = run.plan.capacity
    rows = rows[(rows["asset"] == "compute") & (rows["period"] == period)]
    amount = rows["amount"].where(rows["amount"] > 0)
    stood = (rows["mw"] * (rows["existing"] / amount).clip(upper=1.0)).fillna(0.0)
    return rows.assign(existing=stood).groupby("where", sort=False)[["mw", "existing"]].sum()


def hall_mw(run: Run, period: int) -> pd.Series:
    """Hall capacity in use by site, MW; only sites that have halls."""
    rows = run.plan.capacity
    rows = rows[(rows["asset"] == "hall") & (rows["period"] == period)]
    return rows.groupby("where", sort=False)["amount"].sum()


def occupancies(run: Run) -> dict[tuple[int, str], float]:
    """Installed MW over hall MW by period and site, for sites that have halls."""
    rows = run.plan.capacity
    halls = rows[rows["asset"] == "hall"].groupby(["period", "where"])["amount"].sum()
    installed = rows[rows["asset"] == "compute"].groupby(["period", "where"])["mw"].sum()
    shares = installed.reindex(halls.index).fillna(0.0) / halls.where(halls > 0)
    return {(row["period"], row["where"]): row["share"] for row in records(shares.rename("share").reset_index())}


def occupancy(run: Run, period: int, sites: Collection[str] | None = None) -> float:
    """Return installed MW over hall MW (上架率) of the sites with halls; otherwise NaN."""
    halls = hall_mw(run, period)
    halls = halls[halls.index.isin(list(sites))] if sites is not None else halls
    installed = it_mw(run, period)["mw"].reindex(halls.index).fillna(0.0)
    return float(installed.sum() / halls.sum()) if halls.sum() > 0 else float("nan")


def utilisation(run: Run) -> pd.DataFrame:
    """Work that runs over what is installed (算力利用率), yearly: columns period, site, class, installed, used, share.

    Stock counts what is held over what is installed.
    """
    plan = run.plan
    weight = run.scenario.timeline.weight
    load = plan.load
    load = load.assign(used=load["units"] * weight[load["hour"].to_numpy(dtype=int)] / units.HOURS_PER_YEAR)
    used = load.groupby(["period", "site", "technology"])["used"].sum()
    rows = equipment(run, plan.capacity).rename(columns={"where": "site", "amount": "installed"})
    rows = rows.join(used, on=["period", "site", "technology"]).fillna({"used": 0.0})
    sums = rows.groupby(["period", "site", "class"], sort=False)[["installed", "used"]].sum().reset_index()
    return sums.assign(share=(sums["used"] / sums["installed"]).where(sums["installed"] > 0))


def energy(run: Run) -> pd.DataFrame:
    """Return energy by period and site.

    Columns: yearly MWh of IT, facility, grid, solar and wind, `peak_mw` of the grid, `pue`.
    """
    power = run.plan.power
    weight = run.scenario.timeline.weight[power["hour"].to_numpy(dtype=int)]
    sums = power.assign(
        it_mwh=power["it_mw"] * weight,
        facility_mwh=power["facility_mw"] * weight,
        grid_mwh=power["grid_mw"] * weight,
        solar_mwh=power["solar_mw"] * weight,
        wind_mwh=power["wind_mw"] * weight,
        paid_mcny=power["grid_mw"] * weight * units.mcny_per_mwh(1.0) * power["price_cny_per_kwh"],
        peak_mw=power["grid_mw"],
    )
    totals = {name: "sum" for name in sums.columns if name.endswith(("_mwh", "_mcny")) and name != "stored_mwh"}
    out = sums.groupby(["period", "site"], sort=False).agg({**totals, "peak_mw": "max"}).reset_index()
    return out.assign(pue=(out["facility_mwh"] / out["it_mwh"]).where(out["it_mwh"] > 0))


def peak_grid_mw(run: Run, period: int, sites: Collection[str]) -> float:
    """Largest grid power of the sites together in any modelled hour of the period, MW."""
    return _peak(run.plan.power, period, sites)


def other_peak_mw(run: Run, period: int, sites: Collection[str]) -> float:
    """Return the grid peak on the other days that the plan was operated on, MW; otherwise NaN."""
    power = run.others.tables.get("power") if run.others is not None else None
    return _peak(power, period, sites) if power is not None else float("nan")


def _peak(power: pd.DataFrame, period: int, sites: Collection[str]) -> float:
    """Return the largest grid power of the sites; 0 below the rounding of what they draw, all of it their own."""
    rows = power[(power["period"] == period) & power["site"].isin(list(sites))]
    if not len(rows):
        return float("nan")
    used = rows.groupby("hour")[["grid_mw", "facility_mw"]].sum().max()
    return float(used["grid_mw"]) if used["grid_mw"] > ROUNDING * used["facility_mw"] else 0.0


def served(run: Run, period: int) -> pd.DataFrame:
    """Return the rows of `service` in a period, with `share` of all the region's work in the modelled hours.

    The share in the table refers to the yearly mean, which modelled hours may exceed.
    """
    rows = run.plan.service
    rows = rows[rows["period"] == period]
    total = rows.groupby(["region", "workload"])["units"].transform("sum") if len(rows) else rows["units"]
    return rows.assign(share=(rows["units"] / total).where(total > 0))


def share_served(run: Run, period: int, workload: str, regions: Collection[str], sites: Collection[str]) -> float:
    """Return the share of the regions' demand for a workload that runs at the sites; NaN without demand."""
    rows = run.plan.service
    rows = rows[(rows["period"] == period) & (rows["workload"] == workload) & rows["region"].isin(list(regions))]
    total = float(rows["units"].sum())
    return float(rows.loc[rows["site"].isin(list(sites)), "units"].sum()) / total if total > 0 else float("nan")


def places(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of everything that has them: sites, regions, nodes (the first of a name counts)."""
    found: dict[str, tuple[float, float]] = {}
    for table, key in (("sites", "site"), ("regions", "region"), ("nodes", "node")):
        for name, lon, lat in scenario[table][[key, "lon", "lat"]].dropna().itertuples(index=False):
            found.setdefault(str(name), (float(lon), float(lat)))
    return found


def capital(run: Run) -> pd.DataFrame:
    """Return the rows of `costs` that are overnight capital."""
    return run.plan.costs[run.plan.costs["term"].isin(CAPITAL)]


def running(run: Run) -> pd.DataFrame:
    """Return the rows of `costs` that are costs of a year of operation."""
    return run.plan.costs[~run.plan.costs["term"].isin(CAPITAL)]


def movable_cost(run: Run) -> float:
    """Discounted cost that the choice of place can change: all but equipment, mCNY."""
    costs = run.plan.costs
    return float(run.plan.cost_mcny - costs.loc[costs["term"] == SAME_EVERYWHERE, "discounted_mcny"].sum())


def peak_loads(run: Run, period: int) -> pd.DataFrame:
    """Return loads by link: `capacity_gbps`, `peak_gbps` of the busier direction, `load` = peak / capacity.

    `load` is NaN without capacity.
    """
    flows = run.plan.flows
    rows = flows[flows["period"] == period].groupby("link", sort=False)[["gbps", "capacity_gbps"]].max()
    rows = rows.rename(columns={"gbps": "peak_gbps"})
    return rows.assign(load=(rows["peak_gbps"] / rows["capacity_gbps"]).where(rows["capacity_gbps"] > 0))


def link_orders(run: Run, orders: pd.DataFrame) -> pd.DataFrame:
    """Orders of links with their capacity, `gbps`: modules count what each of them carries."""
    gbps: list[float] = []
    for row in records(orders):
        factor = 1.0
        if row["unit"] == "modules":
            given = run.scenario.at("modules", row["period"])
            same = given[(given["link"] == row["where"]) & (given["module"] == row["technology"])]
            factor = float(same["gbps"].iloc[0])
        gbps.append(factor * row["amount"])
    return orders.assign(gbps=gbps)


def quality(scenario: Scenario) -> pd.DataFrame:
    """Return for each table with rows the number of rows of each quality, and of those without (`unmarked`).

    A row without a quality that has a range in the table `estimates` counts as an estimate.
    """
    rows = {}
    for name, table in scenario.tables.items():
        if len(table) and "quality" in table and name not in ("estimates", "sources", "profiles"):
            said = table["quality"].to_numpy(dtype=object, copy=True)
            at = _estimated(scenario, name)
            said[at[said[at] == ""]] = "estimate"
            counts = pd.Series(said).value_counts()
            rows[name] = {kind: int(counts.get(kind, 0)) for kind in QUALITIES}
            rows[name]["unmarked"] = len(table) - sum(rows[name].values())
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*QUALITIES, "unmarked"])


def _estimated(scenario: Scenario, table: str) -> np.ndarray:
    """Return the positions of the rows that have a range in `estimates`."""
    given = scenario["estimates"]
    keys = dict.fromkeys(given.loc[given["table"] == table, "key"].astype(str))
    if not keys or table not in BY_NAME:
        return np.zeros(0, dtype=np.int64)
    rows = Keyed(scenario, table)
    return np.unique(np.concatenate([rows.rows(key) for key in keys]))


BUDGETED = {
    "halls": ("hall_capex", "retrofit_capex", "opening"),
    "compute": ("compute_capex",),
    "network": ("link_capex",),
    "power": ("supply_capex",),
    "access": ("access_capex", "route_capex"),
}
"""Cost terms that each kind of budget limits."""


def budget_use(run: Run) -> pd.DataFrame:
    """Budgets in force with a limit: columns period, scope, limit_mcny, used_mcny, price (saved by one more of it)."""
    costs, scenario = capital(run), run.scenario
    prices = run.plan.prices
    prices = prices[prices["constraint"] == "budget"]
    worth = {(int(row["period"]), str(row["item"])): -float(row["value"]) for row in records(prices)}
    rows: list[dict[str, object]] = []
    for period in scenario.settings.periods:
        held = scenario.at("budgets", period).dropna(subset=["limit_mcny"])
        ordered = costs[costs["period"] == period]
        paid = split_by_payer(run.plan, ordered).groupby("investor")["mcny"].sum()
        for scope, limit in zip(held["scope"].astype(str), held["limit_mcny"], strict=True):
            if scope.startswith(INVESTOR):
                used = float(paid.get(scope.removeprefix(INVESTOR), 0.0))
            else:
                used = float(ordered.loc[_counts(run, ordered, scope), "mcny"].sum())
            rows.append(
                {
                    "period": period,
                    "scope": scope,
                    "limit_mcny": float(limit),
                    "used_mcny": used,
                    "price": worth.get((period, scope), 0.0),
                }
            )
    return pd.DataFrame(rows, columns=["period", "scope", "limit_mcny", "used_mcny", "price"])


def _counts(run: Run, costs: pd.DataFrame, scope: str) -> pd.Series:
    """Return a mask of the capital that counts against a budget's scope."""
    if scope == "all":
        return costs["mcny"].notna()
    if scope in BUDGETED:
        return costs["term"].isin(BUDGETED[scope])
    sites = run.scenario["sites"]
    return costs["where"].isin(sites.loc[sites["hub"] == scope, "site"])
