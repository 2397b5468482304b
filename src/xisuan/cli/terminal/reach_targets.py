"""Published targets that a command holds a plan to, and their marginal cost."""

from __future__ import annotations

from collections.abc import Sequence

import click

from xisuan.cli.terminal import result_lines
from xisuan.results.run import Run
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _
from xisuan.tracking.targets import target_constraints
from xisuan.tracking.targets.target_constraints import Price, Reach


def constrained(given: Scenario, targets: Sequence[str]) -> tuple[Scenario, list[Reach]]:
    """Return the scenario with the targets as constraints, and the constraints. Raises UsageError with members."""
    if not targets:
        return given, []
    if given.has("members"):
        raise click.UsageError(
            _("--reach prices a target of one plan, and members have several: state it in policies (reach_...) instead")
        )
    return target_constraints.reach(given, *targets), target_constraints.asks(given, targets)


def priced(found: Run | TwoStageRun, asked: Sequence[Reach]) -> list[Price]:
    """Return the marginal cost of each target in the plan of a run."""
    return target_constraints.price(found.plan, asked) if isinstance(found, Run) else []


def document(prices: Sequence[Price]) -> dict[str, object]:
    """Return the targets and their marginal cost as data; empty without targets."""
    return {"reach": [result_lines.reach_document(one) for one in prices]} if prices else {}
