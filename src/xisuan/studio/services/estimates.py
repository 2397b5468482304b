"""Estimated end of a running job and start of a queued one, by the times of earlier runs like them."""

from __future__ import annotations

import dataclasses
import time

from xisuan.studio.auth import Person
from xisuan.studio.jobs import time_remaining
from xisuan.studio.services.service_base import Service
from xisuan.studio.storage.repository import Row

Known = dict[tuple[str, ...], time_remaining.Earlier | None]
"""Earlier runs by what decides them: the runs of one what-if question have the same."""


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """Estimated start of a queued run: seconds from now, and the runs before it without an estimate, which count as 0."""

    seconds: float
    unknown: int


class Estimates(Service):
    """Estimates of the times of runs."""

    def _ends(self, person: Person, row: Row, known: Known | None = None) -> time_remaining.Expected | None:
        """Return the estimate from the latest run of the same verb and options, of this scenario or its origin."""
        known = {} if known is None else known
        key = tuple(str(row[name]) for name in ("owner_id", "scenario_id", "verb", "options"))
        if key not in known:
            one = self.store.finished_like(person, row)
            known[key] = None if one is None else time_remaining.Earlier(
                one["id"], one["ended"] - one["started"], self.queue.stages(one["id"])
            )  # fmt: skip
        earlier = known[key]
        stages = self.queue.stages(row["id"]) if row["status"] == "running" else ()
        return None if earlier is None else time_remaining.end(stages, earlier)

    def _left(self, person: Person, row: Row, known: Known | None = None) -> float | None:
        """Return the seconds of work that a queued or running run of anybody has left; None without an estimate."""
        ends = self._ends(dataclasses.replace(person, id=row["owner_id"]), row, known)
        if ends is None:
            return None
        return max(0.0, row["started"] + ends.seconds - time.time()) if row["started"] else ends.seconds

    def _starts(self, person: Person, row: Row) -> Start:
        """Return the estimated start of a queued run, from the work left of all runs."""
        known: Known = {}
        active = self.store.active()
        left = {one["id"]: self._left(person, one, known) for one in active}
        running = {one["id"]: left[one["id"]] or 0.0 for one in active if one["status"] == "running"}
        queued = [
            time_remaining.Waiting(one["id"], left[one["id"]] or 0.0, one["of_run"])
            for one in active
            if one["status"] == "queued"
        ]
        seconds = time_remaining.start(row["id"], running, queued, self.configuration.workers)
        before = [one for one in active if one["status"] == "running" or one["created"] < row["created"]]
        return Start(seconds, sum(left[one["id"]] is None for one in before))
