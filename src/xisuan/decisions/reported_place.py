"""What a report is about: the sites it asks for, the eastern regions whose work might come there, and new capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array
from xisuan.equations import asset_sets
from xisuan.equations.model_builder import Assembly
from xisuan.results.plan import Plan
from xisuan.scenario.queries.levers import DIVIDE
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Focus:
    """`name`: the hub or site asked for, otherwise the only site."""

    name: str
    sites: tuple[str, ...]


def focus(plan: Plan) -> Focus:
    """The site or hub that the scenario's report asks for; otherwise the site with the largest build, or else fleet."""
    sites = plan.scenario["sites"]
    asked = plan.scenario.settings.report.region
    found = sites.loc[(sites["site"] == asked) | (sites["hub"] == asked), "site"].drop_duplicates()
    if asked and len(found):
        return Focus(asked, tuple(found))
    for table in ("builds", "capacity"):
        rows = plan.tables[table]
        rows = rows[rows["where"].isin(set(sites["site"])) & rows["mw"].notna()]
        if len(rows):
            largest = str(rows.groupby("where", sort=False)["mw"].sum().idxmax())
            return Focus(largest, (largest,))
    first = tuple(sites["site"].drop_duplicates()[:1])
    return Focus(first[0] if first else "", first)


def eastern(scenario: Scenario) -> set[str]:
    """Regions in the east: at DIVIDE and beyond."""
    regions = scenario["regions"]
    return set(regions.loc[regions["lon"] >= DIVIDE, "region"])


def western_zones(scenario: Scenario) -> set[str]:
    """Zones of power all of whose sites lie west of DIVIDE."""
    sites = scenario["sites"]
    last = sites.groupby("zone")["lon"].max()
    return set(last[last < DIVIDE].index) - {""}


def new_mw(a: Assembly, values: Mapping[str, Array]) -> dict[str, float]:
    """IT power of equipment in use in the last period that did not stand at the start, by site, MW."""
    block = a.column("installed")
    if block is None:
        return {}
    units = values["installed"][-1].copy()
    kept = a.column("kept")
    for i, (site, technology, _) in enumerate(kept.labels if kept else ()):
        units[block.position[site, technology]] -= values["kept"][-1][i]
    mw = np.maximum(units, 0.0) * asset_sets.it_mw(a.given, block.labels)[-1]
    return _by_site(block.labels, mw)


def new_halls_mw(a: Assembly, values: Mapping[str, Array]) -> dict[str, float]:
    """Halls in use in the last period that did not stand at the start, by site, MW."""
    block = a.column("hall")
    if block is None:
        return {}
    stood = a.given.numbers("halls", block.labels, "existing_mw")[-1]
    return _by_site(block.labels, np.maximum(values["hall"][-1] - stood, 0.0))


def _by_site(labels: Sequence[tuple[str, ...]], amounts: Array) -> dict[str, float]:
    found: dict[str, float] = {}
    for label, amount in zip(labels, amounts, strict=True):
        found[label[0]] = found.get(label[0], 0.0) + float(amount)
    return found
