"""Remaining time of a run of a shipped scenario, from the stages of a measured run and the speed of this machine.

`timetables.json` holds for a scenario the seconds at which each stage of `xisuan run` began, and the length of the run;
`python -m tools.timetable` writes it from the output of `xisuan --progress json run`. The estimate is the remaining part
of the measured run, scaled by how much slower or faster the part so far was here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from xisuan.progress import Progress

WARM_UP = 5.0
"""Seconds of the measured run after which the speed of this machine counts as much as that of the measured one."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Seconds after the start at which each stage of a measured run began, in order, and the length of that run."""

    begins: Mapping[str, float]
    total: float


class Clock:
    """Position in a timetable; it never moves backwards, even if a stage is reported again."""

    def __init__(self, timetable: Timetable) -> None:
        self._table = timetable
        self._stages = list(timetable.begins)
        self._at, self._since = 0, 0.0
        self._before: float | None = None

    def estimate(self, now: Progress, seconds: float) -> tuple[float, float]:
        """Return the completed share of the run and the remaining seconds, `seconds` after its start."""
        later = self._stages[self._at + 1 :]
        if now.stage in later:
            self._at += 1 + later.index(now.stage)
            self._since, self._before = seconds, None
        begin, end = self._span()
        pace = self._pace(begin, self._since)
        within = min((seconds - self._since) / pace / (end - begin), 1.0) if end > begin else 1.0
        if now.fraction is not None and now.stage == self._stages[self._at]:
            # A stage may report its share only after a part of it: the share is that of the rest.
            self._before = within if self._before is None else self._before
            within = self._before + max(now.fraction, 0.0) * (1.0 - self._before)
        position = begin + within * (end - begin)
        return position / self._table.total, (self._table.total - position) * self._pace(position, seconds)

    def _span(self) -> tuple[float, float]:
        """Return beginning and end of the present stage in the measured run."""
        ends = [*list(self._table.begins.values())[1:], self._table.total]
        return self._table.begins[self._stages[self._at]], ends[self._at]

    @staticmethod
    def _pace(position: float, seconds: float) -> float:
        """Return the seconds here for a second of the measured run."""
        return (seconds + WARM_UP) / (position + WARM_UP)


def timetable(scenario: str) -> Timetable | None:
    """Return the timetable of a shipped scenario; None if none was measured."""
    text = resources.files("xisuan.cli.terminal").joinpath("timetables.json").read_text(encoding="utf-8")
    found = json.loads(text).get(scenario)
    return None if found is None else Timetable(found["begins"], found["total"])
