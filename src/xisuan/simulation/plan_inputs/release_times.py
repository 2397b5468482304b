"""When work that may wait is run by the schedule of a plan: how long each job is held back, first come, first served."""

from __future__ import annotations

import math

import numpy as np

from xisuan.results.plan import Plan
from xisuan.simulation.plan_inputs.schedule_shares import LEAST, Array, Pair, by_region


class Timing:
    """The schedule's releases of work that may wait, by origin and block. What it drops is let go as well.

    In a cyclic block as much is released as arrives. With A(t) and R(t) what has arrived and been released since the
    block began, and B the least backlog at its beginning that keeps B + A − R at 0 or more, what arrives at t is released
    when R has grown to B + A(t). No job is held longer than the schedule holds work, so its deadline can be kept.
    """

    def __init__(self, plan: Plan, period: int, origins: list[Pair], demand: Array, defer_hours: Array) -> None:
        self._curves: dict[tuple[int, int], _Curve] = {}
        self._window = defer_hours
        blocks = plan.scenario.timeline.blocks
        self._place = [(number, hour) for number, block in enumerate(blocks) for hour in range(block.hours)]
        for o in np.flatnonzero(defer_hours > 0.0):
            released = by_region(plan, period, origins[o], dropped=True)
            for number, part in enumerate(plan.scenario.timeline.slices):
                if demand[part, o].sum() > LEAST and released[part].sum() > LEAST:
                    self._curves[int(o), number] = _Curve(demand[part, o], released[part])

    def delay_s(self, origin: int, hour: int, fraction: Array) -> Array:
        """Seconds for which work that arrives in modelled `hour`, after a `fraction` of it, is held back.

        Never longer than it may wait: a schedule keeps to that up to its own rounding.
        """
        number, at = self._place[hour]
        curve = self._curves.get((origin, number))
        if curve is None:
            return np.zeros(len(fraction))
        return np.asarray(3600.0 * np.minimum(curve.delay(at + fraction), self._window[origin]))


class _Curve:
    """Arrivals and releases of a cyclic block, each at an even rate within an hour."""

    def __init__(self, arrives: Array, released: Array) -> None:
        whole = arrives.sum()
        self._arrived = np.concatenate([[0.0], np.cumsum(arrives)])
        gone = np.concatenate([[0.0], np.cumsum(released * (whole / released.sum()))])
        self._backlog = max(0.0, float((gone - self._arrived).max()))
        turns = 2 + math.ceil(self._backlog / whole)
        self._gone = np.concatenate([gone[:-1] + whole * turn for turn in range(turns)])
        self._hours = len(arrives)

    def delay(self, time: Array) -> Array:
        """Hours between arrival at `time` (hours from the beginning of the block) and release."""
        before = np.minimum(time.astype(np.int64), self._hours - 1)
        part = time - before
        level = self._backlog + self._arrived[before] + part * (self._arrived[before + 1] - self._arrived[before])
        at = np.clip(np.searchsorted(self._gone, level, side="right"), 1, len(self._gone) - 1)
        step = np.maximum(self._gone[at] - self._gone[at - 1], 1e-300)
        released = at - 1 + np.clip((level - self._gone[at - 1]) / step, 0.0, 1.0)
        return np.asarray(np.maximum(0.0, released - time))
