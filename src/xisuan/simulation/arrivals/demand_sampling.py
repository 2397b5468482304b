"""Jobs drawn from a scenario's demand: by chance, but in every hour exactly as much work as the demand says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.jobs import ENDLESS, Jobs, jobs
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, Setting
from xisuan.simulation.plan_inputs.schedule_shares import Array

MOST = 2_000_000
"""Jobs of a region and workload in an hour."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How demand is cut into jobs: `jobs_per_hour` of each region and workload (Poisson), running for an exponential
    time of mean `job_hours`; sizes are exponential, scaled to the work of the hour. `grace_s` is what a deadline allows
    beyond run time, moving data and `defer_hours`.
    """

    jobs_per_hour: float = 100.0
    job_hours: float = 1.0
    grace_s: float = 60.0

    def __post_init__(self) -> None:
        limits = {"jobs_per_hour": (1e-3, 1e6), "job_hours": (1e-4, 8760.0), "grace_s": (0.0, 1e9)}
        bad = [
            Problem("", "", name, str(getattr(self, name)), f"give a number from {low:g} to {high:g}")
            for name, (low, high) in limits.items()
            if not low <= getattr(self, name) <= high
        ]
        if bad:
            raise ScenarioError(bad)


@dataclass
class Sample:
    """Jobs drawn: iterate over it, as often as you like, for its pieces, one an hour. `cut` then says how many jobs were
    larger than any place in reach that may run them, and were cut into equal ones.
    """

    setting: Setting
    sampling: Sampling
    hours: int
    seed: int
    most: Array
    held: bool
    cut: int = 0

    def __iter__(self) -> Iterator[Jobs]:
        self.cut = 0
        asked = self.setting.demand
        for hour in range(self.hours):
            rng = np.random.default_rng([self.seed, hour])
            t = hour % len(asked)
            left = self.setting.left[t]
            coming = np.flatnonzero(asked[t] > 0.0).tolist()
            parts = [self._hour(hour, origin, rng) for origin in coming if left[origin] < 1.0]
            parts += [self._left(hour, origin) for origin in coming if left[origin] > 0.0]
            if not parts:
                continue
            columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            order = np.argsort(columns["arrival"], kind="stable")
            yield jobs(**{name: column[order] for name, column in columns.items()})

    def _hour(self, hour: int, origin: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Jobs of one region and workload in one hour that are to be run, by column."""
        setting, sampling = self.setting, self.sampling
        t = hour % len(setting.demand)
        kept = 1.0 - setting.left[t, origin]
        work = kept * setting.demand[t, origin] * GRAINS * 3600.0
        count = max(1, int(rng.poisson(kept * sampling.jobs_per_hour)))
        run = np.maximum(1.0, rng.exponential(sampling.job_hours * 3600.0, count))
        weight = rng.exponential(1.0, count)
        size = weight * work / (weight @ run)
        parts = _parts(size, self.most[origin], setting.origins[origin])
        self.cut += int((parts > 1).sum())
        run = np.repeat(run, parts)
        servers = np.maximum(1, np.floor(np.repeat(size / parts, parts))).astype(np.int64)
        count = len(run)
        run = run * (work / (servers @ run))
        gigabits = servers / GRAINS * run
        inbound, outbound = gigabits * setting.gbps[origin], gigabits * setting.return_gbps[origin]
        part = np.sort(rng.random(count))
        arrival = (hour + part) * 3600.0
        hold = arrival + setting.timing.delay_s(origin, t, part) if self.held else np.zeros(count)
        moving = run * ((inbound > 0).astype(float) + (outbound > 0))
        return {
            "arrival": arrival,
            "run": run,
            "servers": servers,
            "hold": hold,
            "deadline": arrival + run + moving + setting.defer_hours[origin] * 3600.0 + sampling.grace_s,
            "priority": np.full(count, -setting.defer_hours[origin]),
            "owner": np.full(count, setting.region_of[origin]),
            "group": np.full(count, setting.workload_of[origin]),
            "origin": np.full(count, origin),
            "inbound": inbound,
            "outbound": outbound,
        }

    def _left(self, hour: int, origin: int) -> dict[str, np.ndarray]:
        """Jobs of it that the plan leaves undone: they come, and are dropped. Drawn apart, so that all others stay what they
        are."""
        setting = self.setting
        rng = np.random.default_rng([self.seed, hour, origin])
        count = int(rng.poisson(setting.left[hour % len(setting.left), origin] * self.sampling.jobs_per_hour))
        arrival, none = (hour + np.sort(rng.random(count))) * 3600.0, np.zeros(count)
        return {
            "arrival": arrival,
            "run": none,
            "servers": np.full(count, ENDLESS),
            "hold": none,
            "deadline": np.full(count, np.inf),
            "priority": none,
            "owner": np.full(count, setting.region_of[origin]),
            "group": np.full(count, setting.workload_of[origin]),
            "origin": np.full(count, origin),
            "inbound": none,
            "outbound": none,
        }


def sample(
    setting: Setting, sampling: Sampling, hours: int, seed: int, *, largest: Array | None = None, held: bool = False
) -> Sample:
    """The jobs of `hours` hours. The same seed gives the same jobs, whatever is done with them.

    Work arriving in an hour, Σ servers × run, is demand × 1 h for each region and workload, less what the plan leaves of it
    in that hour, which comes as jobs that nothing can run. No other job is larger than `largest` servers (O,): it is cut
    into equal ones. `held`: work that may wait is held back as the schedule has it.
    """
    most = np.full(len(setting.origins), np.inf) if largest is None else largest
    return Sample(setting, sampling, hours, seed, most, held)


def _parts(size: Array, most: float, origin: tuple[str, str]) -> NDArray[np.int64]:
    """Into how many equal ones each job is cut; what nothing could run is left whole, to be dropped and counted."""
    parts = np.maximum(1.0, np.ceil(size / most)) if most >= 1.0 else np.ones(len(size))
    if parts.sum() > MOST:
        what = (
            f"is more than {MOST:,} times what the plan's largest place for it holds ({most / GRAINS:g} units);"
            " give such work an equipment, or leave it out"
        )
        raise ScenarioError([Problem("demand", ", ".join(origin), "", f"{size.sum() / GRAINS:g} units", what)])
    return parts.astype(np.int64)
