"""Release times of deferrable work: how long the schedule of a plan holds each job, first come, first served."""

from __future__ import annotations

import math

import numpy as np

from xisuan.results.plan import Plan
from xisuan.simulation.plan_inputs.schedule_shares import LEAST, Array, Pair, by_region


class Timing:
    """Releases of deferrable work by the schedule, by origin and block. Dropped work is released as well.

    In a cyclic block, releases equal arrivals. A(t) and R(t) are the cumulative arrivals and releases since its start.
    B is the least initial backlog with B + A − R ≥ 0. Work arriving at t is released when R reaches B + A(t). No job is
    held longer than the schedule allows, so it can meet its deadline.
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
        """Return the hold, in seconds, of work that arrives in modelled `hour`, after a `fraction` of it.

        The hold is limited to `defer_hours`; a schedule respects that limit up to rounding.
        """
        number, at = self._place[hour]
        curve = self._curves.get((origin, number))
        if curve is None:
            return np.zeros(len(fraction))
        return np.asarray(3600.0 * np.minimum(curve.delay(at + fraction), self._window[origin]))


class _Curve:
    """Cumulative arrivals and releases of a cyclic block, with constant rates within an hour."""

    def __init__(self, arrives: Array, released: Array) -> None:
        whole = arrives.sum()
        self._arrived = np.concatenate([[0.0], np.cumsum(arrives)])
        gone = np.concatenate([[0.0], np.cumsum(released * (whole / released.sum()))])
        self._backlog = max(0.0, float((gone - self._arrived).max()))
        turns = 2 + math.ceil(self._backlog / whole)
        self._gone = np.concatenate([gone[:-1] + whole * turn for turn in range(turns)])
        self._hours = len(arrives)

    def delay(self, time: Array) -> Array:
        """Return the hours between arrival at `time` (hours from the start of the block) and release."""
        before = np.minimum(time.astype(np.int64), self._hours - 1)
        part = time - before
        level = self._backlog + self._arrived[before] + part * (self._arrived[before + 1] - self._arrived[before])
        # Invert the cumulative releases at the level B + A(t) by linear interpolation.
        at = np.clip(np.searchsorted(self._gone, level, side="right"), 1, len(self._gone) - 1)
        step = np.maximum(self._gone[at] - self._gone[at - 1], 1e-300)
        released = at - 1 + np.clip((level - self._gone[at - 1]) / step, 0.0, 1.0)
        return np.asarray(np.maximum(0.0, released - time))
