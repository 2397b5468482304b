"""xisuan (西算) plans a region's computing-power network: what to build where and when, and which work runs where.

    import xisuan as xs

    scenario = xs.load("guizhou-days")  # a shipped scenario, the small one of Guizhou, or a folder of tables
    plan = xs.plan(scenario)            # certified: plan.certificate.ok
    plan.builds                         # pandas; plan.to_xarray() for everything
    xs.save(plan, "runs/days")

Names are imported on first use, so that `import xisuan` is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gnomon import Options, Rolling
    from xisuan.bulletins.read_bulletin import read_bulletin
    from xisuan.certificate.certify_plan import certify
    from xisuan.certificate.certify_schedule import certify_schedule
    from xisuan.errors import InfeasibleError, Problem, ScenarioError, SolverError, StoreError, XisuanError
    from xisuan.planning.alternatives import alternatives
    from xisuan.progress import Progress
    from xisuan.report.takeaways.write_comparison import write_comparison
    from xisuan.report.takeaways.write_report import write_report
    from xisuan.results.bulletin_reading import Observation, Reading
    from xisuan.results.certification import Certification
    from xisuan.results.plan import Certificate, Plan
    from xisuan.results.run import Run
    from xisuan.results.schedule import Schedule
    from xisuan.results.storage.run_store import load_run, load_schedule, save
    from xisuan.results.storage.sweep_store import load_sweep
    from xisuan.results.storage.trace_store import load_trace, save_trace
    from xisuan.results.storage.two_stage_store import load_two_stage, save_two_stage
    from xisuan.results.storage.verification_store import load_verification, save_verification
    from xisuan.results.sweep import Range, Sweep
    from xisuan.results.trace import Trace
    from xisuan.results.track import Track
    from xisuan.results.two_stage import TwoStage
    from xisuan.results.two_stage_run import TwoStageRun
    from xisuan.results.verification import Verification
    from xisuan.scenario.load import build, examine, load
    from xisuan.scenario.scenario import Scenario
    from xisuan.scenario.settings import Hours
    from xisuan.scenario.variants.modelled_hours import on_hours
    from xisuan.scenario.variants.new_folder import new
    from xisuan.scenario.write import write
    from xisuan.simulation.arrivals.trace_files import open_trace
    from xisuan.simulation.arrivals.trace_formats import TraceOptions
    from xisuan.simulation.policies.bin_packing import Packing, pack
    from xisuan.simulation.policies.failure_models import Breakdowns, Down, Failures, Outage
    from xisuan.simulation.policies.machine_inventory import Floor, read_floor
    from xisuan.simulation.policies.placement import Placement
    from xisuan.simulation.policies.queue_disciplines import Queue, QueueMode
    from xisuan.simulation.serve import serve
    from xisuan.simulation.simulate import Trial, simulate
    from xisuan.tracking.targets.target_constraints import reach
    from xisuan.tracking.track import track
    from xisuan.workflow.certify_run import certify_run
    from xisuan.workflow.compare import Comparison, compare
    from xisuan.workflow.operate import operate
    from xisuan.workflow.plan import plan
    from xisuan.workflow.run import run
    from xisuan.workflow.run_two_stage import run_two_stage
    from xisuan.workflow.sweep import Design, sweep
    from xisuan.workflow.two_stage import two_stage
    from xisuan.workflow.verification.contingency import Failure
    from xisuan.workflow.verification.verify import Ask, verify

__all__ = [
    "Ask",
    "Breakdowns",
    "Certificate",
    "Certification",
    "Comparison",
    "Design",
    "Down",
    "Failure",
    "Failures",
    "Floor",
    "Hours",
    "InfeasibleError",
    "Observation",
    "Options",
    "Outage",
    "Packing",
    "Placement",
    "Plan",
    "Problem",
    "Progress",
    "Queue",
    "QueueMode",
    "Range",
    "Reading",
    "Rolling",
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
    "certify_run",
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
    "write_comparison",
    "write_report",
]

_HOMES = {
    "xisuan.certificate.certify_plan": ("certify",),
    "xisuan.certificate.certify_schedule": ("certify_schedule",),
    "xisuan.workflow.operate": ("operate",),
    "xisuan.errors": ("InfeasibleError", "Problem", "ScenarioError", "SolverError", "StoreError", "XisuanError"),
    "xisuan.bulletins.read_bulletin": ("read_bulletin",),
    "xisuan.tracking.targets.target_constraints": ("reach",),
    "xisuan.tracking.track": ("track",),
    "xisuan.planning.alternatives": ("alternatives",),
    "xisuan.progress": ("Progress",),
    "xisuan.report.takeaways.write_comparison": ("write_comparison",),
    "xisuan.report.takeaways.write_report": ("write_report",),
    "xisuan.results.plan": ("Certificate", "Plan"),
    "xisuan.results.bulletin_reading": ("Observation", "Reading"),
    "xisuan.results.certification": ("Certification",),
    "xisuan.results.run": ("Run",),
    "xisuan.results.schedule": ("Schedule",),
    "xisuan.results.sweep": ("Range", "Sweep"),
    "xisuan.results.trace": ("Trace",),
    "xisuan.results.storage.trace_store": ("load_trace", "save_trace"),
    "xisuan.results.storage.run_store": ("load_run", "load_schedule", "save"),
    "xisuan.results.track": ("Track",),
    "xisuan.results.two_stage": ("TwoStage",),
    "xisuan.results.two_stage_run": ("TwoStageRun",),
    "xisuan.results.storage.two_stage_store": ("load_two_stage", "save_two_stage"),
    "xisuan.results.storage.sweep_store": ("load_sweep",),
    "xisuan.results.storage.verification_store": ("load_verification", "save_verification"),
    "xisuan.results.verification": ("Verification",),
    "xisuan.scenario.variants.new_folder": ("new",),
    "xisuan.scenario.load": ("build", "examine", "load"),
    "xisuan.scenario.scenario": ("Scenario",),
    "xisuan.scenario.settings": ("Hours",),
    "xisuan.scenario.write": ("write",),
    "xisuan.simulation.policies.bin_packing": ("Packing", "pack"),
    "xisuan.simulation.policies.placement": ("Placement",),
    "xisuan.simulation.policies.queue_disciplines": ("Queue", "QueueMode"),
    "xisuan.simulation.serve": ("serve",),
    "xisuan.simulation.policies.failure_models": ("Breakdowns", "Down", "Failures", "Outage"),
    "xisuan.simulation.policies.machine_inventory": ("Floor", "read_floor"),
    "xisuan.simulation.arrivals.trace_formats": ("TraceOptions",),
    "xisuan.simulation.simulate": ("Trial", "simulate"),
    "xisuan.simulation.arrivals.trace_files": ("open_trace",),
    "gnomon": ("Options", "Rolling"),
    "xisuan.workflow.certify_run": ("certify_run",),
    "xisuan.workflow.compare": ("Comparison", "compare"),
    "xisuan.scenario.variants.modelled_hours": ("on_hours",),
    "xisuan.workflow.run_two_stage": ("run_two_stage",),
    "xisuan.workflow.plan": ("plan",),
    "xisuan.workflow.run": ("run",),
    "xisuan.workflow.sweep": ("Design", "sweep"),
    "xisuan.workflow.two_stage": ("two_stage",),
    "xisuan.workflow.verification.contingency": ("Failure",),
    "xisuan.workflow.verification.verify": ("Ask", "verify"),
}
"""Module → the public names that it defines."""
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xisuan' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
