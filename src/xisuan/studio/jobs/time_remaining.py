"""Estimated end of a run, and start of a queued one, from the times of the same stages in an earlier run like it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

TELLING = 3.0
"""Seconds into a run from which its pace relative to the earlier run is used."""
SLOWEST, FASTEST = 4.0, 0.25
"""Limits on the ratio of a run's pace to that of the earlier run."""

Stages = Sequence[tuple[str, float]]
"""Stages with the seconds after the start at which each began."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finished run: its id, its duration, and its stages."""

    run: str
    seconds: float
    stages: Stages


@dataclass(frozen=True, slots=True)
class Expected:
    """Estimated end of a run in `seconds` after its start, judged by the run `by`, which took `took` seconds."""

    seconds: float
    by: str
    took: float


def end(stages: Stages, earlier: Earlier) -> Expected | None:
    """Return the estimated end of a run in the last of `stages`; None if the earlier run had no such stage.

    The remaining time is that of the earlier run from the start of this stage, scaled by the ratio of the two runs'
    pace.
    """
    if not stages:
        return Expected(earlier.seconds, earlier.run, earlier.seconds)
    stage, began = stages[-1]
    then = dict(reversed(list(earlier.stages))).get(stage)
    if then is None:
        return None
    pace = began / then if min(then, began) >= TELLING else 1.0
    left = (earlier.seconds - then) * min(SLOWEST, max(FASTEST, pace))
    return Expected(began + left, earlier.run, earlier.seconds)


def start(running: Sequence[float], queued: Sequence[float], workers: int) -> float:
    """Return the seconds until a run starts behind `queued` ones, in which `workers` runs work at the same time.

    Each number is the seconds of work that a run has left. The next run of the queue starts where work ends first.
    """
    busy = sorted(running)[-workers:]  # the longest: after a restart more can be running than there are workers
    ends = [0.0] * (workers - len(busy)) + busy
    for seconds in queued:
        heapq.heapreplace(ends, ends[0] + seconds)
    return ends[0]
