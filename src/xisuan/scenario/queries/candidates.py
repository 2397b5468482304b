"""Candidates: equipment and links that can be in use within the horizon. Nothing else is modelled."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import pandas as pd

from xisuan import units
from xisuan.scenario.queries.memo import remembered
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.timeline import Timeline


@remembered("sites", "technologies", "fleet", "limits")
def equipment(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Return each (site, technology) that exists, is required, or can be ordered and used within the horizon."""
    periods, barred = scenario.settings.periods, _barred(scenario)
    limits = (scenario.at("limits", period) for period in periods)
    given = (scenario["fleet"], *(rows[rows["min_units"] > 0] for rows in limits))
    fixed = {pair for frame in given for pair in zip(frame["site"], frame["technology"], strict=True)}
    found: list[tuple[str, str]] = []
    windows = {technology: order_window(scenario, technology) for technology in names(scenario, "technologies")}
    for site in names(scenario, "sites"):
        for technology, window in windows.items():
            later = [period for period in periods if window and period >= window[0]]
            if (site, technology) in fixed or any((site, technology, period) not in barred for period in later):
                found.append((site, technology))
    return tuple(found)


@remembered("technologies", keep=256)
def order_window(scenario: Scenario, technology: str) -> tuple[int, ...]:
    """Return the periods in which `technology` may be ordered so that it is in use in some period."""
    periods = scenario.settings.periods
    window: list[int] = []
    for period in periods:
        row = row_at(scenario, "technologies", period, technology)
        if row is None or scenario.fixed(period):
            continue
        begins = math.isnan(row["available_from"]) or row["available_from"] <= period
        ends = math.isnan(row["available_until"]) or period <= row["available_until"]
        if (
            begins
            and ends
            and any(Timeline.usable(period, year, row["lead_years"], row["life_years"]) for year in periods)
        ):
            window.append(period)
    return tuple(window)


def row_at(scenario: Scenario, table: str, period: int, *key: str) -> Mapping[str, Any] | None:
    """Return the row of `table` with `key` that holds in `period`, or None."""
    return scenario.dated(table).rows(period).get(key)


def names(scenario: Scenario, table: str) -> list[str]:
    """Return the keys of a table with one key column, in order, each once."""
    column = scenario[table].columns[0]
    return [str(name) for name in pd.unique(scenario[table][column])]


def _barred(scenario: Scenario) -> set[tuple[str, str, int]]:
    """Return each (site, technology, period) in which limits allow no unit."""
    powered = set(scenario["technologies"].loc[scenario["technologies"]["mw_per_unit"] > 0, "technology"])
    found: set[tuple[str, str, int]] = set()
    for period in scenario.settings.periods:
        limits, sites = scenario.at("limits", period), scenario.at("sites", period)
        none = limits[limits["max_units"] == 0]
        found |= {(site, technology, period) for site, technology in zip(none["site"], none["technology"], strict=True)}
        full = sites.loc[sites["it_limit_mw"] == 0, "site"]
        found |= {(site, technology, period) for site in full for technology in powered}
    return found


@remembered("halls", "fleet")
def standing_sites(scenario: Scenario) -> frozenset[str]:
    """Return the sites with halls or fleet at the start: in the first period, or in one that has ended at `as_of`."""
    periods, fleet = scenario.settings.periods, scenario["fleet"]
    found: set[str] = set()
    for period in dict.fromkeys((periods[0], *filter(scenario.fixed, periods))):
        halls = scenario.at("halls", period)
        gone = (fleet["opened"] > period) | (fleet["retires"] <= period)
        found |= set(halls.loc[halls["existing_mw"] > 0, "site"]) | set(fleet.loc[(fleet["units"] > 0) & ~gone, "site"])
    return frozenset(found)


@remembered("workloads", "technologies", keep=256)
def runs(scenario: Scenario, workload: str) -> tuple[str, ...]:
    """Return the technologies that run `workload`: the one it names, or all of its class."""
    target = str(scenario.dated("workloads").first("class")[workload,])
    able = _of_classes(scenario)
    return (target,) if any(target in names for names in able.values()) else able.get(target, ())


@remembered("technologies")
def _of_classes(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Return the technologies of each class, in the order of the table."""
    frame = scenario["technologies"]
    found: dict[str, dict[str, None]] = {}
    for kind, technology in zip(frame["class"].tolist(), frame["technology"].tolist(), strict=True):
        found.setdefault(kind, {})[technology] = None
    return {kind: tuple(names) for kind, names in found.items()}


def workloads_of(scenario: Scenario, kind: str) -> set[str]:
    """Return the workloads that equipment of a class runs: those that name the class, or a technology of it."""
    technologies, work = scenario["technologies"], scenario["workloads"]
    able = set(technologies.loc[technologies["class"] == kind, "technology"]) | {kind}
    return set(work.loc[work["class"].isin(able), "workload"])


@remembered("workloads", "technologies", keep=256)
def is_stock(scenario: Scenario, workload: str) -> bool:
    """Return True if `workload` is held through the period rather than run by the hour."""
    kinds = scenario.dated("technologies").first("kind")
    return any(kinds.get((technology,)) == "stock" for technology in runs(scenario, workload))


@remembered("workloads", "serving_cost", keep=256)
def pairwise_periods(scenario: Scenario, workload: str) -> tuple[bool, ...]:
    """Return True for each period in which `workload` is served pair by pair: a latency limit or serving costs hold."""
    found: list[bool] = []
    for period in scenario.settings.periods:
        row = row_at(scenario, "workloads", period, workload)
        limited = row is not None and not math.isnan(row["latency_ms"])
        found.append(limited or any(key[2] == workload for key in scenario.dated("serving_cost").keys(period)))
    return tuple(found)


def is_pairwise(scenario: Scenario, workload: str) -> bool:
    """Return True if `workload` is served pair by pair in some period."""
    return any(pairwise_periods(scenario, workload))


def is_free(scenario: Scenario, workload: str) -> bool:
    """Return True if `workload` may run anywhere, over any paths, in some period."""
    return not all(pairwise_periods(scenario, workload))


class Link(NamedTuple):
    """A link that can carry traffic in a period.

    `tie` breaks ties between paths of equal latency, smaller being better: cost of carrying a Gbps for an hour (mCNY),
    length (km), and the link's other figures.
    """

    link: str
    start: str
    end: str
    latency_ms: float
    tie: tuple[float, float, tuple[object, ...]]


@remembered("links", "modules")
def usable_links(scenario: Scenario, period: int, existing: bool) -> tuple[Link, ...]:
    """Return the links that carry traffic in `period`; with `existing`, only existing ones.

    A link exists in the periods in which its `capacity_gbps` is above 0; `min_gbps` is a requirement, not capacity.
    Other links are usable where an order can have given them capacity: after its lead, for its life.
    """
    years = [year for year in scenario.settings.periods if not existing and not scenario.fixed(year)]
    grown = {link for year in years for link in _grown(scenario, year, period)}
    modules = scenario.dated("modules").rows(period).values()
    return tuple(
        Link(str(row["link"]), str(row["from"]), str(row["to"]), latency(row), _tie(row, modules))
        for row in scenario.dated("links").rows(period).values()
        if row["capacity_gbps"] > 0 or row["link"] in grown
    )


def _tie(row: Mapping[str, Any], modules: Collection[Mapping[str, Any]]) -> tuple[float, float, tuple[object, ...]]:
    """Return the figures of a link that break ties of paths before names do: the order is part of the reference."""
    offers = sorted((one["mcny"], -one["gbps"]) for one in modules if one["link"] == row["link"])
    figures = (
        -_zero(row["capacity_gbps"]),
        math.inf if math.isnan(row["capex_mcny_per_gbps"]) else row["capex_mcny_per_gbps"],
        -math.inf if math.isnan(row["limit_gbps"]) else -row["limit_gbps"],
        row["lead_years"],
        tuple(offers),
    )
    return _zero(row["cost_mcny_per_gbps_hour"]), _zero(row["length_km"]), figures


def _grown(scenario: Scenario, ordered: int, period: int) -> set[str]:
    """Return the links that an order in `ordered`, in any amount or by modules, can expand for use in `period`."""
    modules = scenario.dated("modules").rows(ordered).values()
    expandable = {row["link"] for row in modules if row["max_count"] != 0}
    found: set[str] = set()
    for key, row in scenario.dated("links").rows(ordered).items():
        on_offer = not math.isnan(row["capex_mcny_per_gbps"]) or row["link"] in expandable
        used = [
            y for y in scenario.settings.periods if Timeline.usable(ordered, y, row["lead_years"], row["life_years"])
        ]
        if on_offer and period in used and all(_has_room(scenario, year, key) for year in used):
            found.add(row["link"])
    return found


def _has_room(scenario: Scenario, period: int, key: tuple[str, ...]) -> bool:
    """Return True if the limit of a link in `period` is above its existing capacity."""
    row = scenario.dated("links").rows(period)[key]
    return math.isnan(row["limit_gbps"]) or row["limit_gbps"] > _zero(row["capacity_gbps"])


@remembered("workloads", keep=256)
def droppable(scenario: Scenario, period: int) -> frozenset[str]:
    """Return the workloads that may go unserved in `period`, because they have a penalty."""
    work = scenario.at("workloads", period)
    return frozenset(work.loc[work["unserved_mcny_per_unit_hour"].notna(), "workload"].astype(str))


def latency(link: Mapping[Any, Any]) -> float:
    """Return the one-way latency of a link, ms: as given, else 0.0049 ms for each km of cable."""
    if not math.isnan(link["latency_ms"]):
        return float(link["latency_ms"])
    return units.FIBRE_MS_PER_KM * _zero(link["length_km"])


def _zero(value: float) -> float:
    """Return the value, or 0 for NaN."""
    return 0.0 if math.isnan(value) else float(value)
