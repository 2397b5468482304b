"""Comparison of two plans: differences in assets, costs, placement of work, emissions and gigabit cities."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario.scenario import Scenario
from xisuan.text.year_spans import spells

Figure = Callable[[Plan], float]

SAME = 1e-4
"""Relative difference of a figure below which two plans count as equal."""
SLACK = 30.0
"""Ratio of other relative differences to the cost gap within which two solutions count as equal; an empirical value, so
that two loose solves of the same scenario show no difference."""
ALWAYS = ("cost", "capital")
"""Figures that are shown even if they are 0 in both plans."""


@dataclass(frozen=True)
class Comparison:
    """Differences of plan `b` from plan `a`. Every frame has columns `a`, `b` and `change` = b − a.

    `figures` has the main figures, changed or not, and `size`, the scale of a difference; figures that are 0 in both
    plans (halls where there are no sites) are left out. The other frames have the rows that differ, largest change
    first. `cities` counts the resident-years in which each is a gigabit city. It has the years of either plan,
    `a_years` and `b_years`, such as `2026–2028, 2030`, and the status at the end, `a_end`, `b_end`; gigabit status is
    compared exactly. `tolerance` is the share of the size up to which plans count as equal, `cost_tolerance` that for
    the cost, on which the gaps are bounds. `scenarios` are those of the plans.
    """

    names: tuple[str, str]
    scenarios: tuple[Scenario, Scenario]
    tolerance: float
    cost_tolerance: float
    figures: pd.DataFrame
    builds: pd.DataFrame
    capacity: pd.DataFrame
    costs: pd.DataFrame
    service: pd.DataFrame
    emissions: pd.DataFrame
    cities: pd.DataFrame

    @property
    def same(self) -> bool:
        """True if the two plans do not differ, as far as their gaps tell."""
        cost = self.figures.set_index("figure").loc["cost"]
        is_open = abs(cost["change"]) <= self.cost_tolerance * cost["size"]
        return bool(is_open) and all(getattr(self, name).empty for name in FRAMES if name != "figures")


FRAMES = ("figures", "cities", "builds", "capacity", "costs", "service", "emissions")


def compare(a: Plan, b: Plan, names: tuple[str, str] = ("a", "b")) -> Comparison:
    """Return the differences of plan `b` from plan `a`. Scenarios, periods and hours may differ."""
    gaps = [plan.gap for plan in (a, b) if math.isfinite(plan.gap)]
    tolerance = max(SAME, SLACK * sum(gaps))
    things = ["period", "asset", "where", "technology", "unit"]
    stands = _merged(a.tables["capacity"], b.tables["capacity"], things, "amount")
    built = _merged(_orders(a), _orders(b), things, "amount")
    costs = _merged(a.tables["costs"], b.tables["costs"], ["term"], "discounted_mcny")
    service = _merged(_shares(a), _shares(b), ["period", "workload", "site"], "share")
    emissions = _merged(_emissions(a), _emissions(b), ["period", "measure"], "value")
    if not any(plan.scenario.has("sites") for plan in (a, b)):
        emissions = emissions[emissions["measure"] != "market_t"]
    kinds = ["asset", "technology"]
    most = stands.groupby(kinds)[["a", "b"]].max()
    access = built[built["asset"] == "access"].groupby(kinds)[["a", "b"]].sum()
    whole = pd.concat([most, access]).max(axis=1).rename("size").reset_index()
    return Comparison(
        names,
        (a.scenario, b.scenario),
        tolerance,
        max(SAME, sum(gaps)),
        _figures(a, b),
        builds=_changed(built, _size(built, whole), tolerance),
        capacity=_changed(stands, _size(stands, whole), tolerance),
        costs=_changed(costs, pd.Series(_largest(costs), costs.index), tolerance),
        service=_changed(service, pd.Series(1.0, service.index), tolerance),
        emissions=_changed(emissions, emissions.groupby("measure")[["a", "b"]].transform("max").max(axis=1), tolerance),
        cities=_cities(a, b, tolerance),
    )


def _merged(a: pd.DataFrame, b: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """Return `value` summed by `keys` in both plans, 0 where one has no row, and the change."""
    each = [frame.groupby(keys, sort=False)[value].sum() for frame in (a, b)]
    both = pd.concat(each, axis=1, keys=["a", "b"]).fillna(0.0)
    both.index = both.index.set_names(keys)
    return both.assign(change=both["b"] - both["a"]).reset_index()


def _largest(frame: pd.DataFrame) -> float:
    return float(frame[["a", "b"]].abs().to_numpy().max(initial=0.0))


def _size(frame: pd.DataFrame, whole: pd.DataFrame) -> pd.Series[float]:
    """Return the scale of each row: the largest amount of its asset and technology anywhere, and at least its own
    amount.

    For access it is the sum of the orders of a measure.
    """
    found = frame.merge(whole, on=["asset", "technology"], how="left")["size"]
    found.index = frame.index
    own = frame[["a", "b"]].abs().max(axis=1)
    return found.fillna(0.0).clip(lower=own)


def _changed(frame: pd.DataFrame, size: pd.Series[float], tolerance: float) -> pd.DataFrame:
    """Return the rows that differ by more than the tolerance: largest change of an asset first, its years in order."""
    kept = frame[frame["change"].abs() > tolerance * size.clip(lower=1e-9)]
    if "period" not in kept:
        return _largest_first(kept)
    things = kept.groupby([name for name in kept.columns if name not in ("period", "a", "b", "change")], sort=False)
    order = pd.DataFrame({
        "most": kept["change"].abs().groupby(things.ngroup()).transform("max"),
        "thing": things.ngroup(),
        "period": kept["period"],
    })  # fmt: skip
    return kept.loc[order.sort_values(["most", "thing", "period"], ascending=[False, True, True]).index].reset_index(
        drop=True
    )


def _largest_first(frame: pd.DataFrame) -> pd.DataFrame:
    order = frame["change"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _orders(plan: Plan) -> pd.DataFrame:
    """Return the orders at sites, on links and in cities."""
    orders = plan.tables["builds"]
    if "rollout" not in plan.tables:
        return orders
    rollout = plan.tables["rollout"].rename(columns={"city": "where", "measure": "technology"})
    parts = [frame for frame in (orders, rollout.assign(asset="access")) if len(frame)]
    return pd.concat(parts, ignore_index=True) if parts else orders


def _shares(plan: Plan) -> pd.DataFrame:
    """Return the share of each workload's demand at each site; a blank site is unserved work."""
    service = plan.tables["service"]
    units = service.groupby(["period", "workload", "site"], sort=False)["units"].sum().reset_index()
    whole = units.groupby(["period", "workload"])["units"].transform("sum")
    return units.assign(share=units["units"] / whole.where(whole > 0.0, 1.0))


def _emissions(plan: Plan) -> pd.DataFrame:
    """Return energy and carbon of each year, of sites and of access.

    Access has no contracts, so its market-based emissions equal the location-based ones.
    """
    measures = ["grid_mwh", "contract_mwh", "location_t", "market_t", "embodied_t"]
    parts = [plan.tables["emissions"]]
    if "access_totals" in plan.tables:
        access = plan.tables["access_totals"]
        parts.append(access.assign(market_t=access["location_t"]))
    rows = pd.concat([part.reindex(columns=["period", *measures]) for part in parts if len(part)] or parts)
    yearly = rows.groupby("period", sort=False)[measures].sum().reset_index()
    return yearly.melt("period", var_name="measure", value_name="value")


def _cities(a: Plan, b: Plan, tolerance: float) -> pd.DataFrame:
    """Return the cities that are gigabit cities in other years, or with other residents."""
    each = [_standing(plan) for plan in (a, b)]
    names = pd.Index(list(dict.fromkeys(city for found in each for city in found.index)), name="city")
    one, other = (found.reindex(names) for found in each)
    frame = pd.DataFrame(
        {
            "a": one["held"].fillna(0.0),
            "b": other["held"].fillna(0.0),
            "a_years": one["years"].fillna(""),
            "b_years": other["years"].fillna(""),
            "a_end": one["end"].eq(True),
            "b_end": other["end"].eq(True),
            "size": pd.concat([one["all"], other["all"]], axis=1).max(axis=1),
        }
    )
    frame.insert(2, "change", frame["b"] - frame["a"])
    differs = (frame["a_years"] != frame["b_years"]) | (frame["change"].abs() > tolerance * frame["size"])
    return _largest_first(frame[differs].drop(columns="size").reset_index())


def _standing(plan: Plan) -> pd.DataFrame:
    """Return by city: resident-years as a gigabit city (`held`) and in `all`; its `years` as one; status at the `end`."""
    rows: dict[str, tuple[float, float, str, bool]] = {}
    if "gigabit" in plan.tables:
        years = dict(zip(plan.scenario.settings.periods, plan.scenario.timeline.years, strict=True))
        for city, of in plan.tables["gigabit"].groupby("city", sort=False):
            status = dict(zip(of["period"].astype(int), of["gigabit"].astype(bool), strict=True))
            people = of["residents"] * of["period"].map({period: len(span) for period, span in years.items()})
            spans = [(years[period][-1], status[period]) for period in years]
            held = float(people[of["gigabit"].astype(bool)].sum())
            rows[str(city)] = held, float(people.sum()), spells(spans), spans[-1][1]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["held", "all", "years", "end"])


def _figures(a: Plan, b: Plan) -> pd.DataFrame:
    """Return the main figures of both plans, without those that are 0 in both."""
    rows = [(name, unit, of(a), of(b), max(map(size, (a, b)))) for name, unit, of, size in FIGURES]
    frame = pd.DataFrame(rows, columns=["figure", "unit", "a", "b", "size"])
    frame.insert(4, "change", frame["b"] - frame["a"])
    return frame[(frame["size"] > 0.0) | frame["figure"].isin(ALWAYS)].reset_index(drop=True)


def _of(table: str, asset: str, column: str) -> Figure:
    """Return the sum of a column over the rows of an asset."""

    def total(plan: Plan) -> float:
        frame = plan.tables[table]
        return float(frame.loc[frame["asset"] == asset, column].sum())

    return total


def _capital(plan: Plan) -> float:
    """Return the overnight capital of all orders, including access and its ducts, in mCNY."""
    costs = plan.tables["costs"]
    return float(costs.loc[costs["term"].isin(CAPEX_TERMS), "mcny"].sum())


def _yearly(measure: str) -> Figure:
    """Return a measure of energy or carbon over the horizon: yearly value times the years of each period."""

    def total(plan: Plan) -> float:
        found = _emissions(plan)
        years = dict(zip(plan.scenario.settings.periods, map(len, plan.scenario.timeline.years), strict=True))
        found = found[found["measure"] == measure]
        return float((found["value"] * found["period"].map(years)).sum())

    return total


def _unserved(plan: Plan) -> float:
    service = plan.tables["service"]
    return float(service.loc[service["site"] == "", "units"].sum())


def _work(plan: Plan) -> float:
    return float(plan.tables["service"]["units"].sum())


def _in_cities(column: str) -> Figure:
    """Return the sum over all cities."""
    return lambda plan: float(_standing(plan)[column].sum())


def _count(plan: Plan) -> float:
    return float(len(_standing(plan)))


FIGURES: tuple[tuple[str, str, Figure, Figure], ...] = (
    ("cost", "mCNY", lambda plan: plan.cost_mcny, lambda plan: abs(plan.cost_mcny)),
    ("capital", "mCNY", _capital, _capital),
    ("halls", "MW", _of("builds", "hall", "amount"), _of("capacity", "hall", "amount")),
    ("compute", "MW", _of("builds", "compute", "mw"), _of("capacity", "compute", "mw")),
    ("links", "Gbps", _of("builds", "link", "amount"), _of("capacity", "link", "amount")),
    ("gigabit", "cities", _in_cities("end"), _count),
    ("resident_years", "resident-years", _in_cities("held"), _in_cities("all")),
    ("energy", "MWh", _yearly("grid_mwh"), _yearly("grid_mwh")),
    ("carbon", "t", _yearly("location_t"), _yearly("location_t")),
    ("unserved", "units", _unserved, _work),
)
"""Name, unit, value, and the scale of differences of each figure."""
