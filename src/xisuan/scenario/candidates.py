"""What could exist at all: equipment at sites, links that could carry traffic. The rest is never modelled."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from xisuan import units
from xisuan.scenario.scenario import Scenario


def equipment(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Pairs (site, technology) that stand somewhere in the horizon or could be ordered and used within it."""
    standing = {(str(row.site), str(row.technology)) for row in scenario["fleet"].itertuples()}
    orderable = [order_window(scenario, technology) for technology in names(scenario, "technologies")]
    can_order = {
        technology for technology, window in zip(names(scenario, "technologies"), orderable, strict=True) if window
    }
    closed = _closed(scenario)
    return tuple(
        (site, technology)
        for site in names(scenario, "sites")
        for technology in names(scenario, "technologies")
        if (site, technology) in standing or (technology in can_order and not closed(site, technology))
    )


def order_window(scenario: Scenario, technology: str) -> tuple[int, ...]:
    """Periods in which `technology` may be ordered so that it is used within the horizon."""
    periods = scenario.settings.periods
    window: list[int] = []
    for period in periods:
        row = row_at(scenario, "technologies", period, technology=technology)
        if row is None or scenario.fixed(period):
            continue
        begins = math.isnan(row["available_from"]) or row["available_from"] <= period
        ends = math.isnan(row["available_until"]) or period <= row["available_until"]
        if begins and ends and period + row["lead_years"] <= periods[-1]:
            window.append(period)
    return tuple(window)


def row_at(scenario: Scenario, table: str, period: int, **key: str) -> dict[str, float] | None:
    """The row of `table` with `key` that holds in `period`, as a dict, or None."""
    frame = scenario.at(table, period)
    for column, value in key.items():
        frame = frame[frame[column] == value]
    return None if frame.empty else frame.iloc[0].to_dict()


def names(scenario: Scenario, table: str) -> list[str]:
    """Keys of a table with one key column, in order, each once."""
    column = scenario[table].columns[0]
    return [str(name) for name in pd.unique(scenario[table][column])]


def _closed(scenario: Scenario) -> Callable[[str, str], bool]:
    """A test of whether limits forbid a technology at a site in every period."""
    zero = scenario["limits"]["max_units"] == 0
    limits = scenario["limits"].assign(zero=zero).groupby(["site", "technology"])["zero"].all()
    never = {key for key, value in limits.items() if value}
    sites = scenario["sites"].assign(zero=scenario["sites"]["it_limit_mw"] == 0).groupby("site")["zero"].all()
    full = {site for site, value in sites.items() if value}
    powered = set(scenario["technologies"].loc[scenario["technologies"]["mw_per_unit"] > 0, "technology"])
    return lambda site, technology: (site, technology) in never or (site in full and technology in powered)


def runs(scenario: Scenario, workload: str) -> tuple[str, ...]:
    """Technologies that run `workload`: the one it names, or all of its class."""
    frame = scenario["workloads"]
    target = str(frame.loc[frame["workload"] == workload, "class"].iloc[0])
    technologies = scenario["technologies"]
    if target in set(technologies["technology"]):
        return (target,)
    return tuple(pd.unique(technologies.loc[technologies["class"] == target, "technology"]))


def is_stock(scenario: Scenario, workload: str) -> bool:
    """Whether `workload` is held through the period rather than run by the hour."""
    kinds = scenario["technologies"].drop_duplicates("technology").set_index("technology")["kind"]
    return any(kinds.get(technology) == "stock" for technology in runs(scenario, workload))


def is_pairwise(scenario: Scenario, workload: str) -> bool:
    """Whether `workload` is served pair by pair: it has a latency limit, or serving costs name it."""
    frame = scenario["workloads"]
    limit = frame.loc[frame["workload"] == workload, "latency_ms"]
    return bool(limit.notna().any()) or workload in set(scenario["serving_cost"]["workload"])


def usable_links(scenario: Scenario, period: int, existing: bool) -> tuple[tuple[str, str, str, float], ...]:
    """Links (link, from, to, latency ms) that carry traffic in `period`; with `existing`, only those that stand.

    A link with neither capacity nor a way to get any is no link.
    """
    modules = scenario.at("modules", period) if scenario.has("modules") else scenario["modules"]
    expandable = set(modules.loc[modules["max_count"] != 0, "link"])
    found: list[tuple[str, str, str, float]] = []
    for row in scenario.at("links", period).to_dict("records"):
        has = row["capacity_gbps"] > 0
        open_ended = math.isnan(row["limit_gbps"]) or row["limit_gbps"] > max(0.0, _zero(row["capacity_gbps"]))
        grows = open_ended and (not math.isnan(row["capex_mcny_per_gbps"]) or row["link"] in expandable)
        if has or (grows and not existing):
            found.append((str(row["link"]), str(row["from"]), str(row["to"]), latency(row)))
    return tuple(found)


def latency(link: dict[str, float]) -> float:
    """One-way latency of a link, ms: as given, else 0.0049 ms for each km of cable."""
    if not math.isnan(link["latency_ms"]):
        return float(link["latency_ms"])
    return units.FIBRE_MS_PER_KM * _zero(link["length_km"])


def _zero(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)
