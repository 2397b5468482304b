"""How a long verb says where it is, a callback that the faces draw and the library only calls; and what memory it took."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass

from gnomon import solution


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a verb is: the stage it is in, how far (None: nobody knows), a line for people, and a solver's gap."""

    stage: str
    fraction: float | None
    text: str
    gap: float | None = None


Report = Callable[[Progress], None]
"""What a verb calls as it goes; None where nobody listens."""


def tell(
    progress: Report | None, stage: str, text: str, fraction: float | None = None, gap: float | None = None
) -> None:
    """Call `progress`, if there is one."""
    if progress is not None:
        progress(Progress(stage, fraction, text, gap))


def peak_mb() -> float:
    """Most memory that this process has held so far, MB."""
    unit = 1024.0**2 if sys.platform == "darwin" else 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def watcher(report: Report | None, what: str = "") -> solution.Watch:
    """What a solver calls: its progress in words, after `what` it solves."""

    def watch(now: solution.Progress) -> None:
        gap = f", gap {now.gap:.1e}" if now.gap is not None else ""
        said = f"{now.stage}: {now.iterations:,} iterations, {now.seconds:.0f} s{gap}"
        tell(report, "solve", f"{what}: {said}" if what else said, now.fraction, now.gap)

    return watch if report else None
