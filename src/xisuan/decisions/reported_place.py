"""Place that a report is about: its sites, the eastern regions, western power zones, and new capacity by site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gnomon import Array
from xisuan.equations import asset_sets
from xisuan.equations.model_builder import Assembly
from xisuan.results.plan import Plan
from xisuan.scenario.queries.levers import DIVIDE
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Focus:
    """Reported place. `name`: the hub or site asked for, otherwise a single site. `sites`: its sites."""

    name: str
    sites: tuple[str, ...]


def focus(plan: Plan) -> Focus:
    """Return the site or hub that the scenario's report asks for; otherwise the site with the most new or total MW."""
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
    """Return the eastern regions: longitude DIVIDE and beyond."""
    regions = scenario["regions"]
    return set(regions.loc[regions["lon"] >= DIVIDE, "region"])


def western_zones(scenario: Scenario) -> set[str]:
    """Return the power zones with all sites west of DIVIDE."""
    sites = scenario["sites"]
    last = sites.groupby("zone")["lon"].max()
    return set(last[last < DIVIDE].index) - {""}


def new_mw(a: Assembly, values: Mapping[str, Array]) -> dict[str, float]:
    """Return the IT power in use in the last period that did not exist at the start, by site, MW."""
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
    """Return the halls in use in the last period that did not exist at the start, by site, MW."""
    block = a.column("hall")
    if block is None:
        return {}
    stood = a.given.numbers("halls", block.labels, "existing_mw")[-1]
    return _by_site(block.labels, np.maximum(values["hall"][-1] - stood, 0.0))


def _by_site(labels: Sequence[tuple[str, ...]], amounts: Array) -> dict[str, float]:
    """Return the amounts summed by site."""
    found: dict[str, float] = {}
    for label, amount in zip(labels, amounts, strict=True):
        found[label[0]] = found.get(label[0], 0.0) + float(amount)
    return found
