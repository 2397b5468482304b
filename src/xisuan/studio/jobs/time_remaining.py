"""Estimated end of a run, and start of a queued one, from the times of the same stages in an earlier run like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queued run: its id, the seconds of work that it has, and the run whose plan it needs, if any."""

    run: str
    seconds: float
    of_run: str = ""


def start(run: str, running: Mapping[str, float], queued: Sequence[Waiting], workers: int) -> float:
    """Return the seconds until a run of the queue starts, in which `workers` runs work at the same time.

    running: id → seconds of work left; queued: in the order of the queue, with the run itself.

    When work ends, the first run starts that needs no plan of a run still at work or in the queue.
    """
    ends, waiting, now = dict(running), list(queued), 0.0
    while True:
        at_work = {one for one, end in ends.items() if end > now}
        unfinished = at_work | {one.run for one in waiting}
        ready = next((one for one in waiting if one.of_run not in unfinished), None)
        if ready is None or len(at_work) >= workers:
            if not at_work:  # a run that needs its own plan: the studio makes none
                return now
            now = min(ends[one] for one in at_work)
        elif ready.run == run:
            return now
        else:
            waiting.remove(ready)
            ends[ready.run] = now + ready.seconds
