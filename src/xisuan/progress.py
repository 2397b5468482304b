"""Progress reports of long operations through a callback, and the memory of the process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gnomon
from gnomon import Watch
from xisuan.operating_system import system
from xisuan.text.translation import message as _


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of an operation: stage, completed fraction (None if unknown), a line of text, and the solver's gap."""

    stage: str
    fraction: float | None
    text: str
    gap: float | None = None


Report = Callable[[Progress], None]
"""Callback for progress; None for no reports."""


def tell(
    progress: Report | None, stage: str, text: str, fraction: float | None = None, gap: float | None = None
) -> None:
    """Call `progress` with a report, if it is given."""
    if progress is not None:
        progress(Progress(stage, fraction, text, gap))


def peak_mb() -> float:
    """Return the peak memory of this process so far, MB."""
    return system.peak_memory_mb()


def watcher(report: Report | None, what: str = "") -> Watch:
    """Return a callback for a solver that reports its progress as text, prefixed by `what`; None without `report`."""

    def watch(now: gnomon.Progress) -> None:
        effort = {"stage": now.stage, "iterations": now.iterations, "seconds": now.seconds}
        text = _("{stage}: {iterations:,} iterations, {seconds:.0f} s", **effort)
        if now.gap is not None:
            text = _("{stage}: {iterations:,} iterations, {seconds:.0f} s, gap {gap:.1e}", **effort, gap=now.gap)
        tell(report, "solve", _("{what}: {text}", what=what, text=text) if what else text, now.fraction, now.gap)

    return watch if report else None
