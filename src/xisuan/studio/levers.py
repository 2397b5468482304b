"""What-if questions as runs: the values asked of a lever, and the scenario folder of each."""

from __future__ import annotations

from collections.abc import Sequence

from xisuan.scenario import levers, pulling, read, write
from xisuan.scenario.tables_origin import LEAST
from xisuan.scenario.tables_origin import MOST as HIGHEST
from xisuan.studio.refusal import RefusedError

MOST = 12
"""Runs of one question."""


def checked(values: Sequence[float]) -> list[float]:
    """The percentages asked, each once, ascending. Raises RefusedError."""
    steps = sorted({round(float(value), 3) for value in values if LEAST <= value <= HIGHEST})
    if not steps or len(steps) > MOST:
        raise RefusedError(422, f"give 1 to {MOST} percentages from {LEAST:g} to {HIGHEST:g}")
    return steps


def known(folder: str) -> list[str]:
    """Levers that move something in the scenario of a folder. Raises ScenarioError."""
    return [lever.name for lever in levers.moved(read.load(folder))]


def pull(folder: str, lever: str, steps: Sequence[float], places: Sequence[str]) -> None:
    """Write the scenario of `folder` with the lever moved by each step into a place. Raises ScenarioError."""
    scenario = read.load(folder)
    for step, place in zip(steps, places, strict=True):
        write.write(pulling.pull(scenario, lever, step), place)


def label(lever: str, step: float) -> str:
    """What a run of a sweep is called: `lever +10 %`."""
    return f"{lever} {step:+g} %"


def asked(label: str) -> tuple[str, float]:
    """Lever and step of a run of a sweep, from what it is called."""
    lever, step, _ = label.split(" ")
    return lever, float(step)


def between(low: float, high: float, count: int) -> list[float]:
    """`count` percentages from `low` to `high`, evenly spaced."""
    return [low + (high - low) * at / max(1, count - 1) for at in range(count)]
