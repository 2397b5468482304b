"""Official targets for brief and chapter: status of each, and those that the plan itself misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.report.run_context import Context
from xisuan.report.tracking import track_phrases
from xisuan.report.tracking.track_notes import SHORT, TONES, graded_status, standing
from xisuan.results.track import AT_RISK, Track, records, watched
from xisuan.text.translation import Language

MISSED = ("missed", "off track")
PASSED = "deadline passed, outcome not published"


def due(found: Track) -> pd.DataFrame:
    """Targets that are looked at: those of the year under way and later, and of the year whose figures come out."""
    return found.targets[found.targets["deadline"] >= str(watched(found.as_of))]


def _target_rows(context: Context, row: dict[str, Any]) -> pd.DataFrame:
    """Return the rows of the table `targets` that a target of the track comes from."""
    given, keys = context.scenario["targets"], ["indicator", "region", "deadline", "source"]
    rows: pd.DataFrame = given[(given[keys] == [row[key] for key in keys]).all(axis=1)]
    return rows


def _falling(context: Context, row: dict[str, Any]) -> bool:
    """Return True if a target is one not to exceed."""
    return bool((_target_rows(context, row)["bound"] == "under").any())


def counts(context: Context, rows: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Return how targets stand, in words with weak grades, the good ones first, and the region of each that stands so."""
    found: dict[str, list[str]] = {}
    order = list(TONES)
    for row in sorted(records(rows), key=lambda row: (order.index(standing(row)), graded_status(row, "en"))):
        found.setdefault(graded_status(row, context.language), []).append(row["region"])
    return list(found.items())


def unlikely(row: dict[str, Any]) -> bool:
    """Return True if a target is due, has no published outcome, and is not likely to have been reached."""
    kind = standing(row)
    chance = row["probability"]
    return kind == SHORT or (kind == PASSED and chance is not None and not pd.isna(chance) and chance < AT_RISK)


@dataclass(frozen=True)
class Aim:
    """A target for a year of the plan, and the plan's level of the same quantity."""

    row: dict[str, Any]
    year: int
    planned: float
    falling: bool
    language: Language

    @property
    def level(self) -> str:
        """Return the plan's level with three digits."""
        return track_phrases.planned(self.planned, str(self.row["unit"]), self.language)

    def shown(self, value: float) -> str:
        """Return a level with the digits of the table."""
        return track_phrases.amount(value, str(self.row["unit"]), self.language)

    @property
    def met(self) -> bool:
        """Return True if the plan reaches it, as far as the digits shown can tell."""
        target = float(self.row["target"])
        reached = self.planned <= target if self.falling else self.planned >= target
        return reached or self.shown(self.planned) == self.shown(target)


def of_plan(context: Context, found: Track) -> list[Aim]:
    """Return the targets due in a year of the plan for which the plan has a level, in the order of their years."""
    path = found.paths[found.paths["kind"] == "plan"]
    levels = {
        (row["indicator"], row["region"], int(str(row["date"])[:4])): float(row["median"]) for row in records(path)
    }
    held = dict(zip(context.periods, context.scenario.timeline.years, strict=True))
    out = []
    aimed = found.targets[found.targets["target"].notna()]
    for row in records(aimed.sort_values(["deadline", "indicator"])):
        year = int(str(row["deadline"])[:4])
        period = next((one for one, years in held.items() if year in years), None)
        planned = levels.get((row["indicator"], row["region"], period or 0))
        if planned is not None and row["deadline"].endswith("-12-31"):
            out.append(Aim(row, year, planned, _falling(context, row), context.language))
    return out
