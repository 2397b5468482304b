"""Official targets as section 2 and the first screen see them: how each stands, and which of them the plan misses."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.report import tracking_notes, tracking_words
from xisuan.report.context import Context
from xisuan.report.figures import Language
from xisuan.results.track import AT_RISK, Track, records, watched

MISSED = ("missed", "off track")
PASSED = "deadline passed, outcome not published"
NEAR_DAYS = 92
"""Days before a deadline within which a figure tells how it ended: a quarter."""
SHORT = "short so far"
"""Of a target whose deadline has passed: its outcome is not published, and the last figure near it was below it."""


def due(found: Track) -> pd.DataFrame:
    """Targets that are looked at: those of the year under way and later, and of the year whose figures come out."""
    return found.targets[found.targets["deadline"] >= str(watched(found.as_of))]


def standing(context: Context, row: dict[str, Any]) -> str:
    """The status of a target; where its deadline has passed, whether the last figure near it was below it.

    A flow of part of a year is no level of the year, so that it says nothing yet.
    """
    if row["status"] != PASSED or row["latest"] is None or pd.isna(row["latest"]):
        return str(row["status"])
    kind = context.scenario["indicators"].set_index("indicator")["kind"].get(row["indicator"], "")
    days = datetime.date.fromisoformat(row["deadline"]) - datetime.date.fromisoformat(row["latest_end"])
    if kind == "flow" or days.days > NEAR_DAYS:
        return PASSED
    short = row["latest"] > row["target"] if _falling(context, row) else row["latest"] < row["target"]
    return SHORT if short else PASSED


def _given(context: Context, row: dict[str, Any]) -> pd.DataFrame:
    """The rows of the table `targets` that a target of the track comes from."""
    given, keys = context.scenario["targets"], ["indicator", "region", "deadline", "source"]
    rows: pd.DataFrame = given[(given[keys] == [row[key] for key in keys]).all(axis=1)]
    return rows


def _falling(context: Context, row: dict[str, Any]) -> bool:
    """Whether a target is one not to exceed."""
    return bool((_given(context, row)["bound"] == "under").any())


def worked_out(context: Context, row: dict[str, Any]) -> bool:
    """Whether nobody has published the level aimed at as such: it follows from others."""
    return bool(set(_given(context, row)["quality"]) == {"derived"})


def called(context: Context, standing: str) -> str:
    """A standing in words."""
    return context.say("targets.short") if standing == SHORT else tracking_words.status(context.language, standing)


def counts(context: Context, rows: pd.DataFrame) -> list[tuple[str, int]]:
    """How many targets stand how, in words, the good ones first."""
    found = [standing(context, row) for row in records(rows)]
    order = [*tracking_notes.TONES]
    order.insert(order.index(PASSED), SHORT)
    return [(called(context, name), found.count(name)) for name in order if name in found]


def unlikely(context: Context, row: dict[str, Any]) -> bool:
    """Whether a target that is due, and of which nothing is published, is not likely to have been reached."""
    kind = standing(context, row)
    chance = row["probability"]
    return kind == SHORT or (kind == PASSED and chance is not None and not pd.isna(chance) and chance < AT_RISK)


@dataclass(frozen=True)
class Aim:
    """A target of a year of the plan, of something that plan and statistics count alike, beside what the plan has."""

    row: dict[str, Any]
    year: int
    planned: float
    falling: bool
    language: Language

    def shown(self, value: float) -> str:
        """A level in the digits of the table."""
        return tracking_words.amount(value, str(self.row["unit"]), self.language)

    @property
    def met(self) -> bool:
        """Whether the plan reaches it, as far as the digits shown can tell."""
        target = float(self.row["target"])
        reached = self.planned <= target if self.falling else self.planned >= target
        return reached or self.shown(self.planned) == self.shown(target)


def of_plan(context: Context, found: Track) -> list[Aim]:
    """The targets with a deadline in a year of the plan that the plan has a level for, in the order of their years."""
    path = found.paths[found.paths["kind"] == "plan"]
    levels = {
        (row["indicator"], row["region"], int(str(row["date"])[:4])): float(row["median"]) for row in records(path)
    }
    held = dict(zip(context.periods, context.scenario.timeline.years, strict=True))
    out = []
    for row in records(found.targets.sort_values(["deadline", "indicator"])):
        year = int(str(row["deadline"])[:4])
        period = next((one for one, years in held.items() if year in years), None)
        planned = levels.get((row["indicator"], row["region"], period or 0))
        if planned is not None and row["deadline"].endswith("-12-31"):
            out.append(Aim(row, year, planned, _falling(context, row), context.language))
    return out
