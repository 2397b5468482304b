"""Failures drawn ahead in growing horizons: the length of a trace is known only at its end."""

from __future__ import annotations

import math

import numpy as np

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core.records import FINISHED, KNOWN, World
from xisuan.simulation.jobs import LONGEST
from xisuan.simulation.policies.failure_models import Failures, records

FIRST_S = 7 * 86_400.0
"""First horizon for which failures are drawn, s; it doubles whenever it is reached."""

MOST_AHEAD = 2_000_000
"""Largest number of failures of a trace; with more of them no job makes progress."""


class FailureHorizon:
    """Failures of a source, drawn ahead. The outages of a longer horizon must begin with those of a shorter one."""

    def __init__(self, source: Failures, seed: int) -> None:
        self._source, self._seed = source, seed
        self._until = FIRST_S / 2.0

    def extend(self, w: World) -> World:
        """Return the world with failures for twice the horizon.

        Raises ScenarioError for too many failures, for a source that changes past ones, or for an unknown station.
        """
        self._until *= 2.0
        outages = self._source.outages(self._until, self._seed)
        if len(outages) > MOST_AHEAD:
            raise ScenarioError(
                [
                    Problem(
                        "failures-without-end",
                        table="failures",
                        count=len(outages),
                        hours=self._until / 3600,
                        jobs=int(w.counts[FINISHED]),
                    )
                ]
            )
        found = records(outages)
        found = found[found["time"] < self._until]
        past = w.failures
        names = ("time", "target", "amount", "draw", "repair")
        if len(found) < len(past) or any((found[: len(past)][name] != past[name]).any() for name in names):
            raise ScenarioError(
                [
                    Problem(
                        "failure-source-changes",
                        table="failures",
                        value=type(self._source).__name__,
                        hours=self._until / 7200,
                    )
                ]
            )
        if (found["target"] != 0).any():
            raise ScenarioError([Problem("one-site-only", table="failures", column="target")])
        for name in ("taken", "short", "then"):
            found[name][: len(past)] = past[name]
        w.clock[KNOWN] = self._until if self._until < LONGEST else math.inf
        if w.yard is None:
            return w._replace(failures=found)
        lost = np.zeros((len(found), w.yard.lost.shape[1]), np.int64)
        lost[: len(past)] = w.yard.lost
        return w._replace(failures=found, yard=w.yard._replace(failures=found, lost=lost))
