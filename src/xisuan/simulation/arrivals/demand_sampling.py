"""Random jobs from the demand of a scenario, with exactly the demanded work in every hour."""

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
"""Largest number of jobs of a region and workload in an hour."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Distribution of the jobs into which demand is divided.

    The number of jobs per hour, region and workload is Poisson with mean `jobs_per_hour`. Run times are exponential
    with mean `job_hours`. Sizes are exponential, scaled to the work of the hour. `grace_s` extends deadlines beyond run
    time, data transfer and `defer_hours`.
    """

    jobs_per_hour: float = 100.0
    job_hours: float = 1.0
    grace_s: float = 60.0

    def __post_init__(self) -> None:
        limits = {"jobs_per_hour": (1e-3, 1e6), "job_hours": (1e-4, 8760.0), "grace_s": (0.0, 1e9)}
        bad = [
            Problem("sampling-out-of-range", column=name, value=str(getattr(self, name)), low=low, high=high)
            for name, (low, high) in limits.items()
            if not low <= getattr(self, name) <= high
        ]
        if bad:
            raise ScenarioError(bad)


@dataclass
class Sample:
    """Sampled jobs; each iteration yields the pieces from the start, one per hour.

    `cut`: number of jobs in the last iteration that exceeded the largest eligible station and were split into equal
    parts.
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
        """Return the jobs of one region and workload in one hour that are to be run, by column."""
        setting, sampling = self.setting, self.sampling
        t = hour % len(setting.demand)
        kept = 1.0 - setting.left[t, origin]
        work = kept * setting.demand[t, origin] * GRAINS * 3600.0
        count = max(1, int(rng.poisson(kept * sampling.jobs_per_hour)))
        run = np.maximum(1.0, rng.exponential(sampling.job_hours * 3600.0, count))
        weight = rng.exponential(1.0, count)
        # Scale exponential sizes so that Σ size × run equals the work of the hour.
        size = weight * work / (weight @ run)
        parts = _parts(size, self.most[origin], setting.origins[origin])
        self.cut += int((parts > 1).sum())
        run = np.repeat(run, parts)
        servers = np.maximum(1, np.floor(np.repeat(size / parts, parts))).astype(np.int64)
        count = len(run)
        # Rounding to whole servers changes the work: correct it in the run times.
        run = run * (work / (servers @ run))
        gigabits = servers / GRAINS * run
        inbound, outbound = gigabits * setting.gbps[origin], gigabits * setting.return_gbps[origin]
        part = np.sort(rng.random(count))
        arrival = (hour + part) * 3600.0
        hold = arrival + setting.timing.delay_s(origin, t, part) if self.held else np.zeros(count)
        # Data moves at the rate of the work, so each transfer may take as long as the run.
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
        """Return the jobs of an origin that the plan leaves unserved: they arrive and are dropped.

        They have their own random stream, so that the other jobs do not depend on them.
        """
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
    """Return the jobs of `hours` hours; the same seed gives the same jobs.

    For each region and workload the work arriving in an hour, Σ servers × run, is demand × 1 h, less the share that the
    plan leaves unserved. That share arrives as jobs that no station can run. Other jobs larger than `largest` servers
    (O,) are split into equal parts. `held`: True to hold deferrable work until the schedule of the plan runs it.
    """
    most = np.full(len(setting.origins), np.inf) if largest is None else largest
    return Sample(setting, sampling, hours, seed, most, held)


def _parts(size: Array, most: float, origin: tuple[str, str]) -> NDArray[np.int64]:
    """Return the number of equal parts into which each job is split.

    Jobs that no station can run (`most` < 1) stay whole; they are dropped and counted. Raises ScenarioError for too
    many.
    """
    parts = np.maximum(1.0, np.ceil(size / most)) if most >= 1.0 else np.ones(len(size))
    if parts.sum() > MOST:
        raise ScenarioError(
            [
                Problem(
                    "job-beyond-largest-place",
                    table="demand",
                    row=", ".join(origin),
                    value=f"{size.sum() / GRAINS:g} units",
                    times=MOST,
                    most=most / GRAINS,
                )
            ]
        )
    return parts.astype(np.int64)
