"""Demand for each link: the data of the jobs placed in an hour, over the routes that were available then."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.simulation.core.records import NONE, Network
from xisuan.simulation.jobs import Integers
from xisuan.simulation.plan_inputs.link_routes import LinkRoutes
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, Setting
from xisuan.simulation.plan_inputs.schedule_shares import Array

KEPT = 64
"""Number of sets of failed links whose routes are cached: jobs that end in an hour were placed under few others."""
COLUMNS = ("link", "from", "to", "gbps", "asked_gbps", "most_gbps")


class LinkDemand:
    """Accumulates the demand of jobs for links.

    All data of a job counts in the hour in which the job is placed. The excess over the capacity of the link has to
    wait, even if the link carries it later.
    """

    def __init__(
        self, of: Setting, roads: LinkRoutes, network: Network, downs: Sequence[frozenset[str]], held: bool
    ) -> None:
        self._of, self._roads, self._network, self._downs, self._held = of, roads, network, downs, held
        self._gigabits = np.zeros((len(roads.arcs) + 1, len(downs)))
        self._ways = lru_cache(KEPT)(roads.ways)

    def add(self, jobs: NDArray[Any]) -> None:
        """Add the data of `jobs` in both directions; jobs that were never placed move none."""
        jobs = jobs[jobs["station"] >= 0]
        if not len(jobs):
            return
        hour = self._hours(jobs)
        work = jobs["servers"] / GRAINS * jobs["run"]
        for ways, gbps in ((self._network.inbound, self._of.gbps), (self._network.outbound, self._of.return_gbps)):
            way, moved = ways[jobs["origin"], jobs["station"]], work * gbps[jobs["origin"]]
            some = (way != NONE) & (moved > 0.0)
            self._along(way[some], hour[some], moved[some])

    def _hours(self, jobs: NDArray[Any]) -> Integers:
        """Return the hour in which each job is placed: after its hold, if deferrable work follows the schedule."""
        arrival = jobs["arrival"].copy()
        hour = (arrival // 3600.0).astype(np.int64)
        for origin in np.unique(jobs["origin"][self._of.defer_hours[jobs["origin"]] > 0.0]) if self._held else ():
            for at in np.unique(hour[jobs["origin"] == origin]):
                mine = (jobs["origin"] == origin) & (hour == at)
                part = arrival[mine] / 3600.0 - at
                arrival[mine] += self._of.timing.delay_s(int(origin), int(at) % len(self._of.demand), part)
        return np.minimum((arrival // 3600.0).astype(np.int64), len(self._downs) - 1)

    def _along(self, way: Integers, hour: Integers, moved: Array) -> None:
        """Add data to every link of its route."""
        for at in np.unique(hour):
            ways = self._ways(self._downs[at])
            sums = np.bincount(way[hour == at], moved[hour == at], len(ways))
            used = np.flatnonzero(sums)
            arcs = ways[used]
            np.add.at(self._gigabits[:, at], np.where(arcs == NONE, len(self._roads.arcs), arcs), sums[used, None])

    def table(self) -> pd.DataFrame:
        """Return table `links`: for each direction its demand, and the least capacity for work while the link is up."""
        hours = range(len(self._downs))
        t = len(self._of.demand)
        free = np.array([self._roads.capacities((), hour % t) for hour in range(min(t, len(hours)))])
        asked = self._gigabits[:-1] / 3600.0
        rows = [
            (*arc, float(free[:, at].min()), float(asked[at].mean()), float(asked[at].max()))
            for at, arc in enumerate(self._roads.arcs)
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))
