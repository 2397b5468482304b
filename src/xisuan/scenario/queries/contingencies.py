"""Contingencies of a scenario: what fails, what must survive, and the paths of surviving work during the failure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.queries.memo import remembered
from xisuan.scenario.queries.routing import Arc, Option
from xisuan.scenario.reading.profiles import spans
from xisuan.scenario.scenario import Scenario

LOCAL = "-"
"""Name of a path without links."""


@dataclass(frozen=True)
class Contingency:
    """Loss of a share of a site or a link.

    `lost`: share by period of the scenario, NaN where the contingency does not hold. `hours`: hours of the day.
    `workloads`: what must survive, by period.
    """

    name: str
    site: str
    link: str
    lost: tuple[float, ...]
    hours: frozenset[int]
    workloads: tuple[frozenset[str], ...]
    extra_ms: float

    @property
    def surviving(self) -> frozenset[str]:
        """Workloads that must survive in some period."""
        return frozenset[str]().union(*self.workloads)


@remembered("contingencies", "workloads", "technologies")
def contingencies(scenario: Scenario) -> tuple[Contingency, ...]:
    """Return the contingencies that hold in some period that is planned, in the order of the table."""
    rows: dict[str, list[dict[str, object] | None]] = {}
    periods = scenario.settings.periods
    for y, period in enumerate(periods):
        for (name,), row in scenario.dated("contingencies").rows(period).items():
            rows.setdefault(str(name), [None] * len(periods))[y] = dict(row)
    return tuple(one for name, held in rows.items() for one in _made(scenario, name, held))


def _made(scenario: Scenario, name: str, held: Sequence[dict[str, object] | None]) -> Iterator[Contingency]:
    """Yield the contingency of these rows, one for each period or None, unless it holds in no planned period."""
    periods = scenario.settings.periods
    lost = tuple(
        math.nan if row is None or scenario.fixed(period) else float(row["share_lost"])  # type: ignore[arg-type]
        for row, period in zip(held, periods, strict=True)
    )
    first = next((row for row in held if row is not None), None)
    if first is None or all(map(math.isnan, lost)):
        return
    listed = listed_workloads(str(first["workloads"]))
    work = tuple(
        frozenset[str]() if math.isnan(share) else frozenset(listed) or frozenset(urgent(scenario, period))
        for share, period in zip(lost, periods, strict=True)
    )
    hours = spans(str(first["hours"]), 0, units.HOURS_PER_DAY - 1)
    yield Contingency(name, str(first["site"]), str(first["link"]), lost, hours, work, float(first["extra_latency_ms"]))  # type: ignore[arg-type]


def listed_workloads(cell: str) -> list[str]:
    """Return the names in a cell of `workloads`."""
    return [name for name in (part.strip() for part in cell.split(";")) if name]


def urgent(scenario: Scenario, period: int) -> list[str]:
    """Return the workloads that run by the hour in `period`, may not wait and have no penalty for being unserved."""
    return [
        str(row["workload"])
        for row in scenario.dated("workloads").rows(period).values()
        if not row["defer_hours"] >= 1
        and math.isnan(row["unserved_mcny_per_unit_hour"])
        and not candidates.is_stock(scenario, str(row["workload"]))
    ]


def active_hours(scenario: Scenario, one: Contingency) -> NDArray[np.bool_]:
    """Return True in the periods and modelled hours in which a contingency must be survived. Shape (periods, hours).

    An hour that has the mean of the year has no time of the day, so that every contingency holds in it.
    """
    timeline = scenario.timeline
    day = timeline.hour_of_year % units.HOURS_PER_DAY
    hours = np.ones(len(day), dtype=bool) if timeline.mean else np.isin(day, sorted(one.hours))
    return np.asarray(~np.isnan(one.lost)[:, None] & hours)


def in_steps(scenario: Scenario, length: int) -> pd.DataFrame:
    """Return the table `contingencies` for a day in steps of `length` hours, which are the first hours of the day there.

    What survives is listed, because a workload that may wait for less than a step may not wait at all in steps.
    """
    frame = with_listed_work(scenario)
    hours = [spans(str(text), 0, units.HOURS_PER_DAY - 1) for text in frame["hours"]]
    return frame.assign(hours=[";".join(map(str, sorted({hour // length for hour in some}))) for some in hours])


def with_listed_work(scenario: Scenario) -> pd.DataFrame:
    """Return the table `contingencies` with the workloads that survive listed in full, without those that protect none.

    The list no longer depends on what may wait or has a penalty. Where other work survives in other periods, the rows are
    those of several contingencies, since one has the same list in all periods: the later ones have their first period
    after the name.
    """
    frame, periods = scenario["contingencies"], scenario.settings.periods
    made = [frame.iloc[:0]]
    for one in contingencies(scenario):
        rows = frame[frame["contingency"] == one.name]
        held = [
            frozenset[str]() if math.isnan(lost) else work for lost, work in zip(one.lost, one.workloads, strict=True)
        ]
        lists = [work for work in dict.fromkeys(held) if work]
        if len(lists) == 1 and all(work or math.isnan(lost) for lost, work in zip(one.lost, held, strict=True)):
            made.append(rows.assign(workloads=_cell(lists[0])))
            continue
        for at, work in enumerate(lists):
            name = f"{one.name} {periods[held.index(work)]}" if at else one.name
            lost = [share if now == work else math.nan for share, now in zip(one.lost, held, strict=True)]
            each = pd.concat([rows.iloc[:1]] * len(periods))
            made.append(each.assign(contingency=name, workloads=_cell(work), period=periods, share_lost=lost))
    return pd.concat(made, ignore_index=True)


def _cell(work: frozenset[str]) -> str:
    """Return the cell of `workloads` that lists these."""
    return ";".join(sorted(work))


_READ = (
    *("regions", "sites", "links", "modules", "latency", "technologies", "fleet", "limits", "workloads", "demand"),
    *("serving_cost", "contingencies"),
)


@remembered(*_READ, keep=256)
def recourse_options(scenario: Scenario, name: str, workload: str) -> tuple[Option, ...]:
    """Return the ways for pairwise `workload` during the contingency called `name`, each set of arcs once.

    They are the shortest paths of normal operation and, where a link fails, those over the network without it. A link
    that is lost altogether is on no path. The latency limit is raised by what the contingency allows.
    """
    one = next(one for one in contingencies(scenario) if one.name == name)
    networked = scenario.has("links") and routing.moves_data(scenario, workload)
    whole = np.array(one.lost) == 1.0
    found: list[tuple[Option, NDArray[np.bool_]]] = []
    every = np.ones(len(whole), dtype=bool)
    for option in _options(scenario, networked):
        cut = one.link and (not networked or any(arc[0] == one.link for arc in option.arcs))
        found.append((option, every & ~whole if cut else every))
    for option in _options(without_link(scenario, one.link), networked) if one.link else ():
        found.append((option, every if networked else every & whole))
    return _joined(scenario, one, workload, found)


def _options(scenario: Scenario, networked: bool) -> tuple[Option, ...]:
    """Return the options of all pairs, over the network or without data to carry."""
    return routing.options_over_network(scenario) if networked else routing.unlimited(scenario)


@remembered("regions", "sites", "links", "modules")
def without_link(scenario: Scenario, link: str) -> Scenario:
    """Return the scenario in which a link has no capacity and cannot be built."""
    links, modules = scenario["links"], scenario["modules"]
    lost = links["link"] == link
    changed = {"capacity_gbps": 0.0, "capex_mcny_per_gbps": math.nan}
    cut = links.assign(**{column: links[column].mask(lost, value) for column, value in changed.items()})
    return scenario.with_tables(links=cut, modules=modules[modules["link"] != link].reset_index(drop=True))


def _joined(
    scenario: Scenario, one: Contingency, workload: str, found: Sequence[tuple[Option, NDArray[np.bool_]]]
) -> tuple[Option, ...]:
    """Return the options within the limits, those of the same arcs as one whose path is named by its links."""
    able = set(candidates.runs(scenario, workload))
    sites = {site for site, technology in candidates.equipment(scenario) if technology in able}
    frame = scenario["demand"]
    frame = frame[(frame["workload"] == workload) & frame["period"].isin(scenario.settings.periods)]
    asking = set(frame.loc[frame["units"] > 0, "region"])
    within = routing.latency_checks(scenario, workload, one.extra_ms)
    pairwise = np.array(candidates.pairwise_periods(scenario, workload))
    joined: dict[tuple[str, str, tuple[Arc, ...]], tuple[Option, NDArray[np.bool_]]] = {}
    for option, may in found:
        if option.region in asking and option.site in sites:
            checks = zip(within, option.latency_ms, option.usable, may, strict=True)
            usable = pairwise & [ok and use and check(option, ms) for check, ms, use, ok in checks]
            key = option.region, option.site, option.arcs
            joined[key] = (option, joined[key][1] | usable if key in joined else usable)
    return tuple(
        replace(option, path=path_name(arcs), usable=tuple(map(bool, usable)))
        for (_, _, arcs), (option, usable) in joined.items()
        if usable.any()
    )


def path_name(arcs: Sequence[Arc]) -> str:
    r"""Return the name of a path during a contingency: its links in their order, joined by +.

    A + or \ in the name of a link is written after a \, so that no two paths have one name.
    """
    return "+".join(re.sub(r"([+\\])", r"\\\1", link) for link, _, _ in arcs) or LOCAL
