"""`simulate(scenario, plan, trial)`: the demand of a scenario as jobs on the capacity that a plan builds."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.results.trace import Trace
from xisuan.scenario.scenario import Scenario
from xisuan.simulation import world
from xisuan.simulation.arrivals.demand_sampling import Sampling, sample
from xisuan.simulation.core.records import CHANGED, LOAD_WEIGHT, World
from xisuan.simulation.outputs import histograms, yearly_totals
from xisuan.simulation.outputs.histograms import OVERDUE, Meter
from xisuan.simulation.outputs.hourly_totals import Hourly, by_hour, hourly
from xisuan.simulation.outputs.link_demand import LinkDemand
from xisuan.simulation.outputs.paired_differences import differences
from xisuan.simulation.plan_inputs.link_routes import LinkRoutes
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, Setting, setting
from xisuan.simulation.plan_inputs.schedule_shares import Array
from xisuan.simulation.policies import placement, queue_disciplines
from xisuan.simulation.policies.bin_packing import Packing, packing
from xisuan.simulation.policies.failure_models import (
    Breakdowns,
    Down,
    MachineFailures,
    Outage,
    RandomFailures,
    records,
)
from xisuan.simulation.policies.failure_sources import describe
from xisuan.simulation.policies.machine_inventory import Floor, uniform
from xisuan.simulation.policies.placement import Placement, View
from xisuan.simulation.policies.queue_disciplines import Queue
from xisuan.simulation.serve import HOURS, balance, timeline, times, use
from xisuan.simulation.site_failures import check_downs, failure_window, links_down, site_outages
from xisuan.simulation.trace_feeder import TraceFeeder
from xisuan.simulation.world import NEVER, Checkpoint
from xisuan.text.translation import message as _

BASELINE = "nearest"
"""Placement policy against which every other is compared."""

A_DAY = 24
LONGEST = 10 * 8760
"""Largest number of hours that may be simulated."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Settings of a simulation.

    - `period`: None for the last one. `hours`: None for the modelled hours once, at least a week; beyond the modelled
      hours they repeat.
    - `place`, `queue`, `packing`: policies by name, `FILE.py:NAME` or object.
    - `down`: given failures; `breakdowns`: random failures of sites and links, new in each replication and equal for
      all policies; `machine_breakdowns`: random failures of single machines, where machines have sizes.
    - `baseline`: True to simulate the nearest-site policy as well.

    Replication r draws its jobs with `seed` + r under every policy (common random numbers).
    """

    period: int | None = None
    place: str | Placement = "plan"
    queue: str | Queue = "edf"
    hours: int | None = None
    replications: int = 5
    seed: int = 0
    down: tuple[Down, ...] = ()
    breakdowns: Breakdowns | None = None
    machine_breakdowns: RandomFailures | None = None
    sampling: Sampling = field(default_factory=Sampling)
    checkpoint: Checkpoint = NEVER
    baseline: bool = True
    packing: str | Packing = "best"


@dataclass(frozen=True)
class _Run:
    """Result of one replication."""

    world: World
    meter: Meter
    hourly: Hourly
    figures: dict[str, float]
    sites: pd.DataFrame
    links: pd.DataFrame | None


def simulate(
    scenario: Scenario, plan: Plan, trial: Trial = Trial(), *, progress: Report | None = None
) -> Trace:  # fmt: skip
    """Draw jobs from the demand of `scenario` and simulate them on the capacity that `plan` builds, hour by hour.

    The modelled hours of the plan follow one another; energy, cost and carbon are scaled to a year by their weights.
    Jobs move data before and after they run. Stock is not simulated. Raises ScenarioError for invalid settings or a
    plan that does not fit the scenario.
    """
    period = plan.scenario.settings.periods[-1] if trial.period is None else trial.period
    of = setting(scenario, plan, period)
    hours = max(len(of.demand), 7 * A_DAY) if trial.hours is None else trial.hours
    _check(of, trial, hours)
    check_downs(of, scenario, trial.down, hours)
    roads = LinkRoutes(scenario, plan, of)
    chosen, baseline = placement.placement(trial.place), placement.placement(BASELINE)
    policies = [chosen] if chosen.name == baseline.name or not trial.baseline else [chosen, baseline]
    runs: dict[str, list[_Run]] = {}
    for policy in policies:
        runs[policy.name] = []
        for replication in range(trial.replications):
            tell(
                progress,
                "simulate",
                _(
                    "{name}, replication {number} of {count}",
                    name=policy.name,
                    number=replication + 1,
                    count=trial.replications,
                ),
            )
            seed = trial.seed + replication
            drawn = _site_failures(of, roads, trial, hours, seed)
            check_downs(of, scenario, drawn, hours)
            tried = dataclasses.replace(trial, down=(*trial.down, *drawn))
            runs[policy.name].append(_replicate(of, roads, scenario, tried, policy, hours, seed))
    return _trace(of, plan, trial, hours, runs)


def _check(of: Setting, trial: Trial, hours: int) -> None:
    problems = []
    if not 1 <= hours <= LONGEST:
        problems.append(Problem("hours-out-of-range", column="hours", value=str(hours), most=LONGEST))
    if not 1 <= trial.replications <= 1000:
        problems.append(Problem("replications-out-of-range", column="replications", value=str(trial.replications)))
    if trial.seed < 0:
        problems.append(Problem("not-whole-nonnegative", column="seed", value=str(trial.seed)))
    if problems:
        raise ScenarioError(problems)


def _replicate(
    of: Setting, roads: LinkRoutes, scenario: Scenario, trial: Trial, policy: Placement, hours: int, seed: int
) -> _Run:
    """Simulate one replication under one policy."""
    line = queue_disciplines.queue(trial.queue)
    network = roads.network()
    failures = records([*site_outages(of, trial.down), *_machine_failures(of, trial, hours, seed)])
    w = world.make(
        of.grains.tolist(), line, origins=len(of.origins), owners=len(of.regions),
        network=network, failures=failures, checkpoint=trial.checkpoint, bins=(hours + 1, 3600.0),
        floor=_floor(of, trial, seed),
    )  # fmt: skip
    meter = Meter({"workload": of.workloads, "region": of.regions, "site": of.sites, "hour": HOURS})
    members = partial(_groups, of, scenario.timeline.hour_of_year % A_DAY)
    largest = np.where(np.isfinite(roads.latency(())), of.largest_job, 0.0).max(axis=1)
    trace = sample(of, trial.sampling, hours, seed, largest=largest, held=policy.as_scheduled)
    downs = [links_down(trial.down, hour) for hour in range(hours)]
    asked = None if network is None else LinkDemand(of, roads, network, downs, policy.as_scheduled)

    def take(done: NDArray[Any]) -> None:
        meter.add(done, **members(done))
        if asked is not None:
            asked.add(done)

    drive = TraceFeeder(w, trace, line, take)
    drive.world.clock[LOAD_WEIGHT] = policy.load_weight
    cut: frozenset[str] | None = None
    # Routes and capacities change with the failed links; the policy is consulted at the start of every hour.
    for hour, down in enumerate(downs):
        t = hour % len(of.demand)
        if network is not None:
            if down != cut:
                drive.world.arcs[:] = roads.ways(down)
            drive.world.links[:] = roads.capacities(down, t)
            drive.world.counts[CHANGED] = 1
        cut = down
        _apply_policy(of, drive.world, policy, _eligible(roads, down), hour)
        drive.advance((hour + 1) * 3600.0)
    left = world.in_system(drive.world)
    meter.end(left, hours * 3600.0, **members(left))
    if asked is not None:
        asked.add(left)
    meter.counts[:, histograms.HOURS] /= GRAINS
    meter.close()
    found = times(meter.values())
    hours_of_it = hourly(of, drive.world, hours)
    sites, totals = yearly_totals.site_totals(of, hours_of_it)
    shares = {**_shares(of, meter, hours), "cut": trace.cut, "left": float(meter.counts[0, histograms.LEFT])}
    figures = {**balance(drive.world), **found, **use(drive.world), **totals, **shares}
    return _Run(drive.world, meter, hours_of_it, figures, sites, None if asked is None else asked.table())


def _floor(of: Setting, trial: Trial, seed: int) -> Floor | None:
    """Return the machines of the stations whose technology has a machine size; None if none has.

    Units beyond whole machines form one smaller machine, so that the capacity equals that of the plan.
    """
    if not of.sized.any():
        return None
    machines = []
    for size, grains in zip(of.machine_grains.tolist(), of.grains.tolist(), strict=True):
        sizes = np.array([size, grains % size if size else 0])
        counts = np.array([grains // size if size else 0, 1])
        machines.append(uniform(sizes, counts) if size and grains else None)
    return Floor(machines, packing(trial.packing), seed=seed)


def _groups(of: Setting, clock: NDArray[np.int64], jobs: NDArray[Any]) -> dict[str, NDArray[np.int64]]:
    """Return the group of each job by family. clock: hour of the day of the modelled hours."""
    hour = (jobs["arrival"] // 3600.0).astype(np.int64)
    return {
        "workload": jobs["group"], "region": of.region_of[jobs["origin"]],
        "site": np.where(jobs["station"] < 0, histograms.NO_MEMBER, of.site_of[jobs["station"]]),
        "hour": clock[hour % len(clock)],
    }  # fmt: skip


def _shares(of: Setting, meter: Meter, hours: int) -> dict[str, float]:
    """Return the share of late jobs among those with a deadline, and the completed share of the work."""
    # Jobs with a deadline: finished ones, and those still in the system whose deadline has passed.
    due = float(meter.counts[0, histograms.DUE] + meter.counts[0, OVERDUE])
    late = float(meter.counts[0, histograms.MISSED] + meter.counts[0, OVERDUE])
    return {"late_share": late / due if due else 0.0, "done_share": _completed_share(of, meter, hours)}


def _completed_share(of: Setting, meter: Meter, hours: int) -> float:
    """Return the completed share of the work that arrived; NaN if none arrived.

    Workloads have different units, so each unit is weighted by the power that it draws.
    """
    asked = of.demand[np.arange(hours) % len(of.demand)].sum(axis=0)
    work, power = (np.bincount(of.workload_of, part, len(of.workloads)) for part in (asked, asked * of.unit_mw))
    rows = [meter.names.index(("workload", workload)) for workload in of.workloads]
    done = (meter.counts[rows, histograms.HOURS] / np.maximum(work, 1e-300)) @ power
    return float(done / power.sum()) if power.sum() > 0.0 else math.nan


def _site_failures(of: Setting, roads: LinkRoutes, trial: Trial, hours: int, seed: int) -> Sequence[Down]:
    """Return the random failures of sites and links in a replication."""
    if trial.breakdowns is None:
        return ()
    names = [*(("site", site) for site in of.sites), *(("link", link[0]) for link in roads.links)]
    return trial.breakdowns.downs(names, hours, seed)


def _machine_failures(of: Setting, trial: Trial, hours: int, seed: int) -> list[Outage]:
    """Return the random failures of single machines."""
    if trial.machine_breakdowns is None:
        return []
    if not of.sized.any():
        raise ScenarioError([Problem("machine-sizes-missing", table="technologies", column="machine_units")])
    mtbf, mttr = (3600.0 * mean for mean in (trial.machine_breakdowns.mtbf_hours, trial.machine_breakdowns.mttr_hours))
    counts = enumerate(of.machine_counts.tolist())
    alike = [MachineFailures(count, 1, mtbf, mttr, s) for s, count in counts if count]  # size 1: one machine fails
    return [outage for machines in alike for outage in machines.outages(3600.0 * hours, seed)]


def _eligible(roads: LinkRoutes, down: frozenset[str]) -> Array:
    """Return the latency of each origin to each station in ms; inf if the station is not eligible. Shape (O, S).

    An origin that is cut off from all stations keeps its normal latencies: its data waits on the way until a link is
    repaired, and its jobs are late instead of lost.
    """
    now = roads.latency(down)
    return np.where(np.isfinite(now).any(axis=1, keepdims=True), now, roads.latency(()))


def _apply_policy(of: Setting, w: World, policy: Placement, latency: Array, hour: int) -> None:
    """Apply the scores and shares of the policy for the coming hour.

    Raises ScenarioError if they have another shape or are not finite, or a share is negative.
    """
    t = hour % len(of.demand)
    # Facility power of a busy unit above its idle power, MW.
    each = of.pue[t, of.site_of] * (1.0 - of.idle_share) * of.mw_per_unit
    view = View(
        hour, latency, 1e3 * each * of.price[t, of.site_of], 1e3 * each * of.co2[t, of.site_of], of.units,
        w.stations["busy"] / GRAINS, w.stations["asked"] / GRAINS, of.planned[t],
    )  # fmt: skip
    scores, shares = policy.scores(view), policy.shares(view)
    spread = np.zeros_like(latency) if shares is None else shares
    for name, array in (("scores", scores), ("shares", spread)):
        if array.shape != latency.shape or not np.isfinite(array).all() or (name == "shares" and (array < 0).any()):
            raise ScenarioError(
                [
                    Problem(
                        "scores-invalid",
                        table=f"placement {policy.name}",
                        column=name,
                        value=f"shape {array.shape}",
                        shape=latency.shape,
                    )
                ]
            )
    reachable = np.isfinite(latency)
    w.scores[:] = np.where(reachable, scores, np.inf)
    # Shares of unreachable stations go to the others in proportion; balances restart every hour.
    spread = np.where(reachable, spread, 0.0)
    w.shares[:] = spread / np.maximum(spread.sum(axis=1, keepdims=True), 1e-300)
    w.given[:] = 0.0


def _trace(of: Setting, plan: Plan, trial: Trial, hours: int, runs: dict[str, list[_Run]]) -> Trace:
    """Return the trace: means over replications, with the baseline and the schedule of the plan for comparison."""
    name, mine = next(iter(runs.items()))
    meter = mine[0].meter
    sites = mine[0].sites.copy()
    for column in sites.columns[1:]:
        sites[column] = np.mean([run.sites[column] for run in mine], axis=0)
    links = [run.links for run in mine if run.links is not None]
    line = timeline(mine[0].world, [f"{site}/{technology}" for site, technology in of.stations])
    line[["busy", "up", "stuck"]] /= GRAINS
    figures = {key: float(np.mean([run.figures[key] for run in mine])) for key in mine[0].figures}
    tried = {policy: [run.figures for run in found] for policy, found in runs.items()}
    return Trace(
        given={
            "scenario": plan.scenario.settings.name, "period": of.period, "place": name,
            "queue": queue_disciplines.queue(trial.queue).name, "hours": hours, "replications": trial.replications,
            "seed": trial.seed, **dataclasses.asdict(trial.sampling),
            "down": "; ".join(f"{d.what} {d.name} from hour {d.start} for {d.hours} h" for d in trial.down),
            **failure_window(trial.down), **_machine_facts(of, trial),
            **describe(trial.breakdowns, trial.machine_breakdowns), **trial.checkpoint.given(),
        },
        figures=figures,
        tables={
            "measures": histograms.measures(meter.names, [run.meter.values() for run in mine]),
            "counts": histograms.counts(meter.names, [run.meter.counts for run in mine]),
            "timeline": line,
            "policies": yearly_totals.policies(of, plan, tried),
            **({"differences": differences(tried)} if len(tried) > 1 else {}),
            "names": yearly_totals.names(of, plan),
            "places": yearly_totals.places(of, plan),
            "by_hour": by_hour(of, mine[0].hourly),
            "sites": sites,
            **({"links": _busiest(links)} if links else {}),
        },
        notes=("stock is held, not run: it is not simulated",) if _has_stock(plan) else (),
    )  # fmt: skip


def _busiest(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return table `links` over several replications: means, and the largest value of the busiest hour."""
    out = tables[0].copy()
    out["asked_gbps"] = np.mean([table["asked_gbps"] for table in tables], axis=0)
    out["most_gbps"] = np.max([table["most_gbps"] for table in tables], axis=0)
    return out


def _machine_facts(of: Setting, trial: Trial) -> dict[str, str | int]:
    """Return the entries of a trace's `given` on machines with sizes; empty without such machines."""
    if not of.sized.any():
        return {}
    return {"machines": int(of.machine_counts.sum()), "packing": packing(trial.packing).name}


def _has_stock(plan: Plan) -> bool:
    return bool((plan.scenario["technologies"]["kind"] == "stock").any())
