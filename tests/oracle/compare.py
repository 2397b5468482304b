"""xisuan's plan beside the second model's optimum: status, objective, cost tables and certificate."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import xisuan as xs
from tests.oracle.clock import Block, UnknownHours
from tests.oracle.optimum import Answer, solve

NEAR = 1e-6
"""Relative difference of objectives that two solvers may have."""
GAP = 1e-9


@dataclass
class Verdict:
    """`status` of xisuan ("refused" where `check` finds errors); what differs, blank where nothing does."""

    status: str
    differs: str = ""
    ours: float = math.nan
    second: float = math.nan
    gap: float = math.nan


def compare(folder: Path) -> Verdict:
    """Plan a folder with xisuan and with the second model, and return what differs."""
    try:
        scenario = xs.load(folder)
    except xs.ScenarioError as error:
        return _refused(folder, error)
    second = solve(folder, _chosen(scenario))
    try:
        if len(scenario["members"]):
            return _joint(scenario, second)
        plan = xs.plan(scenario, xs.How(gap=GAP))
    except xs.InfeasibleError:
        return Verdict("infeasible", "" if second.status == "infeasible" else f"the second model: {second}")
    except xs.SolverError as error:
        return Verdict("unsolved", f"{error}; the second model: {second}")
    return _differences(plan, second)


def _refused(folder: Path, error: xs.ScenarioError) -> Verdict:
    """Return the verdict on a folder that `check` refuses: drawn folders are well formed, so that nothing but what cannot
    be done is refused, and the second model must have no plan either."""
    try:
        second = solve(folder)
    except UnknownHours:
        return Verdict("refused")
    return Verdict("refused", "" if second.status == "infeasible" else f"{error}; the second model: {second}")


def _chosen(scenario: xs.Scenario) -> tuple[Block, ...]:
    """Return the blocks that xisuan chose for days:N and weeks:N; the second model has no rule for the choice."""
    blocks = scenario.timeline.blocks
    return tuple((block.first_hour, block.hours, block.weight, block.keep_means) for block in blocks)


def _joint(scenario: xs.Scenario, second: Answer) -> Verdict:
    found = xs.two_stage(scenario, xs.How(gap=GAP))
    differs = _difference("expected cost", found.objective, second.objective, second.status)
    certificate = found.certificate
    if not differs and (certificate is None or not certificate.ok):
        differs = f"the certificate does not hold: {certificate}"
    return Verdict(found.status, differs, found.objective, second.objective)


def _differences(plan: xs.Plan, second: Answer) -> Verdict:
    differs = _difference("objective", plan.objective, second.objective, second.status)
    differs = differs or _difference("cost", plan.cost_mcny, second.cost, second.status)
    total = float(plan.costs["discounted_mcny"].sum())
    differs = differs or _difference("sum of the costs", total, plan.cost_mcny, "optimal")
    certificate = plan.certificate
    gap = math.nan
    if certificate is not None:
        gap = certificate.gap(plan.objective)
        if not differs and not certificate.ok:
            differs = f"the certificate does not hold: {json.dumps(dict(certificate.families))}; {certificate.findings}"
    return Verdict(plan.status, differs, plan.objective, second.objective, gap)


def _difference(what: str, ours: float, other: float, status: str) -> str:
    if status != "optimal":
        return f"xisuan has a plan with {what} {ours}, the second model is {status}"
    if abs(ours - other) > NEAR * max(1.0, abs(ours), abs(other)):
        return f"{what}: xisuan {ours}, second model {other}"
    return ""
