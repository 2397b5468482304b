"""Facts about official targets: how many stand how, and those that the plan itself reaches or misses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from xisuan.report.run_context import Context
from xisuan.report.tracking import plan_targets
from xisuan.report.tracking.track_notes import standing
from xisuan.results.track import records

GOOD = ("reached", "on track")
BAD = ("missed", "off track")


@dataclass(frozen=True, slots=True)
class TargetCount:
    """Number of targets due by how they stand; `rows`: the targets themselves, as rows of the track.

    `reached`, `missed`: those whose outcome is published; the others are open.
    """

    total: int
    good: int
    bad: int
    reached: int
    missed: int
    rows: tuple[dict[str, Any], ...]

    @property
    def span(self) -> tuple[int, int]:
        """Return the least and the most targets that can be reached: the open ones are all missed, or all reached."""
        return self.reached, self.total - self.missed


def count(context: Context) -> TargetCount | None:
    """Return the targets due in the year under way and later, and those the plan misses; None without targets."""
    found = context.track
    if found is None or not len(found.targets):
        return None
    rows = tuple(records(plan_targets.due(found)))
    kinds = [standing(row) for row in rows]
    bad = sum(kind in BAD or plan_targets.unlikely(row) for kind, row in zip(kinds, rows, strict=True))
    good, reached, missed = (sum(kind in among for kind in kinds) for among in (GOOD, ("reached",), ("missed",)))
    return TargetCount(len(rows), good, bad, reached, missed, rows)


def planned(context: Context) -> list[plan_targets.Aim]:
    """Return the targets that the plan itself reaches or misses."""
    return plan_targets.of_plan(context, context.track) if context.track is not None else []


@dataclass(frozen=True, slots=True)
class Part:
    """A target and the latest published level of the same indicator, in the unit of the target; NaN: none is known.

    `bound`: a level that the whole and the other parts allow at most, where none is published; NaN otherwise.
    """

    indicator: str
    target: float
    latest: float
    bound: float = math.nan


@dataclass(frozen=True, slots=True)
class Whole:
    """A target that is the sum of the targets of its parts."""

    whole: Part
    parts: tuple[Part, ...]
    unit: str
    deadline: str


def wholes(context: Context) -> list[Whole]:
    """Return the targets due whose parts have targets of the same day that add up to them."""
    found = context.track
    if found is None or not len(found.targets):
        return []
    of = dict(
        zip(
            context.scenario["indicators"]["indicator"],
            context.scenario["indicators"]["part_of"].fillna(""),
            strict=True,
        )
    )
    bounds = {(row["part"], row["region"]): float(row["at_most"]) for row in records(found.parts)}
    rows = [row for row in records(plan_targets.due(found)) if row["target"] is not None]
    out = []
    for row in rows:
        mine = [
            one for one in rows
            if of.get(one["indicator"]) == row["indicator"]
            and (one["region"], one["deadline"]) == (row["region"], row["deadline"])
        ]  # fmt: skip
        parts = tuple(_part(one, bounds) for one in mine)
        total = sum(one.target for one in parts)
        if parts and abs(total - float(row["target"])) <= 1e-6 * total:
            out.append(Whole(_part(row, bounds), parts, str(row["unit"]), str(row["deadline"])))
    return out


def _part(row: dict[str, Any], bounds: dict[tuple[str, str], float]) -> Part:
    latest = math.nan if row["latest"] is None else float(row["latest"])
    bound = bounds.get((row["indicator"], row["region"]), math.nan) if math.isnan(latest) else math.nan
    return Part(str(row["indicator"]), float(row["target"]), latest, bound)
