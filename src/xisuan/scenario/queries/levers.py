"""Levers: named what-if changes of a scenario, each scaling some numbers by a percentage.

West and east are divided at 112.5° east, between the clusters of the western hubs and the provinces that send work to
them. Hourly prices keep their shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xisuan.scenario.queries import candidates
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.provenance_tables import LEAST, MOST
from xisuan.text.translation import Message, in_context

DIVIDE = 112.5
"""Degrees east: Horinger lies at 111.8, Guangzhou at 113.3. Reports and decisions use the same division."""

Frames = dict[str, pd.DataFrame]
Pull = Callable[[Scenario, float], Frames]


@dataclass(frozen=True, slots=True)
class Lever:
    """A named change: the numbers it scales, by `least` to `most` percent.

    `pull` returns the changed tables for a factor, and none where the scenario has nothing to scale.
    """

    name: str
    title: Message
    meaning: Message
    pull: Pull
    least: float = LEAST
    most: float = MOST


def moved(scenario: Scenario) -> tuple[Lever, ...]:
    """Return the levers that change something in this scenario."""
    return tuple(lever for lever in LEVERS if lever.pull(scenario, 1.0))


def _scaled(frame: pd.DataFrame, rows: pd.Series[bool], column: str, factor: float) -> pd.DataFrame:
    """Return the frame with a column scaled in some rows."""
    return frame.assign(**{column: frame[column].where(~rows, frame[column] * factor)})


def _western_power(scenario: Scenario, factor: float) -> Frames:
    """Scale list and contract prices of energy in the zones of western sites."""
    sites, power = scenario["sites"], scenario["power"]
    zones = set(sites.loc[sites["lon"] < DIVIDE, "zone"]) - {""}
    rows = power["zone"].isin(zones)
    if not rows.any():
        return {}
    out = _scaled(power, rows, "contract_price_cny_per_kwh", factor)
    names: dict[str, str] = {}
    prices = []
    for price, moves in zip(power["price"], rows, strict=True):
        if not moves or price == "":
            prices.append(price)
        elif isinstance(price, str):
            prices.append(names.setdefault(price, _free(f"{price}-west", scenario)))
        else:
            prices.append(price * factor)
    changed = {"power": out.assign(price=pd.Series(prices, index=power.index, dtype=object))}
    return {**changed, **_profiles(scenario, names, factor)}


def _free(name: str, scenario: Scenario) -> str:
    """Return a profile name not yet in use."""
    taken = set(map(str, scenario.curves.columns))
    while name in taken:
        name += "-"
    return name


def _profiles(scenario: Scenario, names: dict[str, str], factor: float) -> Frames:
    """Return tables with scaled copies of profiles under other names, and of their rules."""
    held, given = scenario["profile_rules"], scenario["profiles"]
    ruled = held[held["profile"].isin(set(names))]
    more = ruled.assign(profile=ruled["profile"].map(names), value=ruled["value"] * factor)
    columns = {names[name]: given[name] * factor for name in names if name in given.columns}
    out = {"profile_rules": pd.concat([held, more], ignore_index=True)} if len(more) else {}
    return {**out, "profiles": given.assign(**columns)} if columns else out


def _eastern_demand(scenario: Scenario, factor: float) -> Frames:
    """Scale the demand of eastern regions, in every period."""
    regions, demand = scenario["regions"], scenario["demand"]
    rows = demand["region"].isin(set(regions.loc[regions["lon"] >= DIVIDE, "region"]))
    return {"demand": _scaled(demand, rows, "units", factor)} if rows.any() else {}


def _intelligent_demand(scenario: Scenario, factor: float) -> Frames:
    """Scale the demand for intelligent computing, by class or by its technologies, in every region and period."""
    demand = scenario["demand"]
    rows = demand["workload"].isin(candidates.workloads_of(scenario, "intelligent"))
    return {"demand": _scaled(demand, rows, "units", factor)} if rows.any() else {}


def _budgets(scenario: Scenario, factor: float) -> Frames:
    """Scale all budgets."""
    budgets = scenario["budgets"]
    rows = budgets["limit_mcny"].notna()
    return {"budgets": _scaled(budgets, rows, "limit_mcny", factor)} if rows.any() else {}


def _detour(scenario: Scenario, factor: float) -> Frames:
    """Scale lengths and latencies of links, but not their costs."""
    links = scenario["links"]
    rows = links["length_km"].notna() | links["latency_ms"].notna()
    if not rows.any():
        return {}
    return {"links": _scaled(_scaled(links, rows, "length_km", factor), rows, "latency_ms", factor)}


def _population_demand(scenario: Scenario, factor: float) -> Frames:
    """Shift demand towards shares of population: 0 % as given, 100 % entirely. National totals are kept."""
    demand = scenario["demand"]
    if not len(demand) or demand["period"].isna().any():
        return {}
    regions = scenario.dated("regions")
    early = regions.first("population")
    held = {period: {**early, **regions.column(period, "population")} for period in demand["period"].unique()}
    people = [held[period][(region,)] for region, period in zip(demand["region"], demand["period"], strict=True)]
    head = pd.Series(people, index=demand.index, dtype=float)
    if not (head > 0.0).all():
        return {}
    by = [demand["workload"], demand["period"]]
    whole = demand["units"].groupby(by).transform("sum")
    shared = whole * head / head.groupby(by).transform("sum")
    return {"demand": demand.assign(units=(2.0 - factor) * demand["units"] + (factor - 1.0) * shared)}


LEVERS: tuple[Lever, ...] = (
    Lever(
        "western_power_price",
        in_context("lever", "western power price"),
        in_context("lever", "prices of energy in the zones of sites west of 112.5° E"),
        _western_power,
    ),
    Lever(
        "eastern_demand",
        in_context("lever", "eastern demand"),
        in_context("lever", "demand of the regions east of 112.5° E"),
        _eastern_demand,
    ),
    Lever(
        "intelligent_demand",
        in_context("lever", "intelligent computing"),
        in_context("lever", "demand for intelligent computing"),
        _intelligent_demand,
    ),
    Lever("budgets", in_context("lever", "budgets"), in_context("lever", "all budgets"), _budgets),
    Lever("detour", in_context("lever", "cable detours"), in_context("lever", "lengths and delays of links"), _detour),
    Lever(
        "population_demand",
        in_context("lever", "demand by population"),
        in_context("lever", "demand, towards the regions' shares of population (100 %: wholly)"),
        _population_demand,
        least=0.0,
        most=100.0,
    ),
)
BY_NAME = {lever.name: lever for lever in LEVERS}
