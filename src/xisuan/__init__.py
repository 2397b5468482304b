"""xisuan (西算) plans a region's computing-power network: what to build where and when, which work runs where.

    import xisuan as xs

    scenario = xs.load("guizhou-days")  # a shipped scenario, the small one of Guizhou, or a folder of tables
    plan = xs.plan(scenario)            # certified: plan.certificate.ok
    plan.builds                         # pandas; plan.to_xarray() for everything
    xs.save(plan, "runs/days")

Every name below is imported when it is first used, so that importing xisuan costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xisuan.certificate.certify import certify
    from xisuan.certificate.schedules import certify_schedule
    from xisuan.errors import InfeasibleError, Problem, ScenarioError, SolverError, StoreError, XisuanError
    from xisuan.indicators.reading.bulletins import read_bulletin
    from xisuan.indicators.tracking.reach import reach
    from xisuan.indicators.tracking.track import track
    from xisuan.planning.alternatives import alternatives
    from xisuan.progress import Progress
    from xisuan.results.plan import Certificate, Plan
    from xisuan.results.reading import Observation, Reading
    from xisuan.results.run import Run
    from xisuan.results.schedule import Schedule
    from xisuan.results.store import load_run, load_schedule, save
    from xisuan.results.sweep import Range, Sweep, load_sweep
    from xisuan.results.trace import Trace
    from xisuan.results.tracestore import load_trace, save_trace
    from xisuan.results.track import Track
    from xisuan.results.two_stage import TwoStage
    from xisuan.results.two_stage_run import TwoStageRun
    from xisuan.results.two_stage_store import load_two_stage, save_two_stage
    from xisuan.results.verification import Verification, load_verification, save_verification
    from xisuan.scenario.create import new
    from xisuan.scenario.read import build, examine, load
    from xisuan.scenario.scenario import Scenario
    from xisuan.scenario.settings import Hours
    from xisuan.scenario.write import write
    from xisuan.simulation.failures import Down
    from xisuan.simulation.floor import Floor, read_floor
    from xisuan.simulation.formats import TraceOptions
    from xisuan.simulation.packing import pack
    from xisuan.simulation.serve import serve
    from xisuan.simulation.simulate import Trial, simulate
    from xisuan.simulation.traces import open_trace
    from xisuan.solver.highs import How
    from xisuan.workflow.compare import Comparison, compare
    from xisuan.workflow.contingency import Failure
    from xisuan.workflow.days import on_hours
    from xisuan.workflow.futures import run_two_stage
    from xisuan.workflow.operate import operate
    from xisuan.workflow.plan import plan
    from xisuan.workflow.run import run
    from xisuan.workflow.sweep import Design, sweep
    from xisuan.workflow.two_stage import two_stage
    from xisuan.workflow.verify import Ask, verify

__all__ = [
    "Ask",
    "Certificate",
    "Comparison",
    "Design",
    "Down",
    "Failure",
    "Floor",
    "Hours",
    "How",
    "InfeasibleError",
    "Observation",
    "Plan",
    "Problem",
    "Progress",
    "Range",
    "Reading",
    "Run",
    "Scenario",
    "ScenarioError",
    "Schedule",
    "SolverError",
    "StoreError",
    "Sweep",
    "Trace",
    "TraceOptions",
    "Track",
    "Trial",
    "TwoStage",
    "TwoStageRun",
    "Verification",
    "XisuanError",
    "alternatives",
    "build",
    "certify",
    "certify_schedule",
    "compare",
    "examine",
    "load",
    "load_run",
    "load_schedule",
    "load_sweep",
    "load_trace",
    "load_two_stage",
    "load_verification",
    "new",
    "on_hours",
    "open_trace",
    "operate",
    "pack",
    "plan",
    "reach",
    "read_bulletin",
    "read_floor",
    "run",
    "run_two_stage",
    "save",
    "save_trace",
    "save_two_stage",
    "save_verification",
    "serve",
    "simulate",
    "sweep",
    "track",
    "two_stage",
    "verify",
    "write",
]

_HOMES = {
    "certificate.certify": ("certify",),
    "certificate.schedules": ("certify_schedule",),
    "workflow.operate": ("operate",),
    "errors": ("InfeasibleError", "Problem", "ScenarioError", "SolverError", "StoreError", "XisuanError"),
    "indicators.reading.bulletins": ("read_bulletin",),
    "indicators.tracking.reach": ("reach",),
    "indicators.tracking.track": ("track",),
    "planning.alternatives": ("alternatives",),
    "progress": ("Progress",),
    "results.plan": ("Certificate", "Plan"),
    "results.reading": ("Observation", "Reading"),
    "results.run": ("Run",),
    "results.schedule": ("Schedule",),
    "results.sweep": ("Range", "Sweep", "load_sweep"),
    "results.trace": ("Trace",),
    "results.tracestore": ("load_trace", "save_trace"),
    "results.store": ("load_run", "load_schedule", "save"),
    "results.track": ("Track",),
    "results.two_stage": ("TwoStage",),
    "results.two_stage_run": ("TwoStageRun",),
    "results.two_stage_store": ("load_two_stage", "save_two_stage"),
    "results.verification": ("Verification", "load_verification", "save_verification"),
    "scenario.create": ("new",),
    "scenario.read": ("build", "examine", "load"),
    "scenario.scenario": ("Scenario",),
    "scenario.settings": ("Hours",),
    "scenario.write": ("write",),
    "simulation.packing": ("pack",),
    "simulation.serve": ("serve",),
    "simulation.failures": ("Down",),
    "simulation.floor": ("Floor", "read_floor"),
    "simulation.formats": ("TraceOptions",),
    "simulation.simulate": ("Trial", "simulate"),
    "simulation.traces": ("open_trace",),
    "solver.highs": ("How",),
    "workflow.compare": ("Comparison", "compare"),
    "workflow.days": ("on_hours",),
    "workflow.futures": ("run_two_stage",),
    "workflow.plan": ("plan",),
    "workflow.run": ("run",),
    "workflow.sweep": ("Design", "sweep"),
    "workflow.two_stage": ("two_stage",),
    "workflow.contingency": ("Failure",),
    "workflow.verify": ("Ask", "verify"),
}
"""Module (below xisuan) → the public names that live in it."""
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xisuan' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"xisuan.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
