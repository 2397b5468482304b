"""Frozen result of tracking: a region's progress towards its published targets, one table for each question."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from xisuan.text.translation import Message

STATUSES = (
    "reached",
    "missed",
    "deadline passed, outcome not published",
    "on track",
    "at risk",
    "off track",
    "not enough data",
)
ON_TRACK, AT_RISK = 0.66, 0.33
"""Probabilities from which a target is on track, and at risk: "likely" and "unlikely" by the IPCC's scale."""

PUBLISHING_MONTHS = 3
"""Months of a year in which the figures of the year before are published."""


def watched(day: datetime.date) -> int:
    """Return the first year whose targets are tracked on a day: its own year, or through March the year before.

    In these months figures of the year before are still being published (`PUBLISHING_MONTHS`).
    """
    return day.year - 1 if day.month <= PUBLISHING_MONTHS else day.year


CONTRACT = (
    "indicator", "region", "target", "unit", "deadline", "status", "probability", "latest", "required_growth_pct",
    "status_tier", "latest_tier",
)  # fmt: skip
"""Fields of a target that outside readers rely on, in this order."""

TABLES = {
    "targets": {
        **dict.fromkeys(("indicator", "region"), "of the target"),
        "target": "level aimed at, in unit; where a growth is aimed at, the level that it makes of base, missing where that"
        " is not published",
        "target_growth_pct": "growth aimed at; missing where a level is",
        "target_growth_to": "what that growth is over; blank: the same period of the year before",
        "base": "published level that a growth aimed at counts from, in unit",
        "base_end": "last day of that level's period",
        "reached_growth_pct": "growth of the deadline's period, where a growth is aimed at: as published, or of two levels",
        "unit": "unit of target, latest and expected",
        "precision": "of a target of compute: FP32, FP16 or FP64; blank: not stated",
        "deadline": "last day",
        "status": "one of: " + "; ".join(STATUSES),
        "status_tier": "the weaker of the grades of the target's source and of the figure that the status rests on; blank:"
        " not graded",
        "probability": "that the target is reached; 1 reached, 0 missed; missing where nothing can be said, and where"
        " reached or missed rests on a source of grade C or D",
        "latest": "latest published level",
        "latest_end": "last day of that level's period",
        "latest_bound": "its vague bound",
        "latest_tier": "grade of its source, A to D, D the weakest; blank: not graded",
        "required_growth_pct": "growth a year from the latest level, or from that which the plan starts from, to the"
        " target; in all where less than a year is left",
        "best_growth_pct": "best yearly growth on record; a tenfold one tells of a small beginning and does not count",
        "best_growth_of": "the indicator that this growth is of, where it is another of the same industry",
        "run_rate": "amount a month still needed in the deadline's year, for a flow under way",
        "expected": "median at the deadline",
        "low": "lower end of the central 80 %",
        "high": "upper end of the central 80 %",
        "progress_index_pct": "ESCAP anticipated progress index: of the gap between the latest level and the target, the"
        " part that is expected to be open at the deadline; 0 where the median reaches the target",
        "undecided": "where the outcome is not published, what the last figure near the deadline says: short, of one that"
        " falls short; bound, of one that falls short as worded but bounds the level from one side only; blank: nothing",
        "reached_by": "of a stock or a ratio that is not known to have been in time, first later day whose level reaches"
        " it; blank: none",
        "source": "keys of the target's sources",
        "tier": "grade of its source, A to D, D the weakest; blank: not graded",
        "quality": "published, derived (worked out from published figures) or estimate",
        "note": "what else has to be known",
    },
    "observed": {
        **dict.fromkeys(("indicator", "region"), "of the figure"),
        "period_start": "first day",
        "period_end": "last day",
        "basis": "cumulative, single or point",
        "value": "level in unit",
        "unit": "unit of value",
        "growth_pct": "growth as published",
        "growth_to": "what the growth is over; blank: the same period of the year before",
        "change_points": "change as published, of the share where there is one, else of a level in per cent, in percentage"
        " points",
        "change_to": "what the change is over, as growth_to, or a year; blank: the same period of the year before",
        "share_pct": "share of a whole as published",
        "share_of": "that whole; blank: not stated",
        "place": "rank as published, such as first of the provinces",
        "place_of": "among whom; blank: provinces",
        "status": "actual, preliminary or projected",
        "bound": "vague bound",
        "precision": "of compute: FP32, FP16 or FP64; blank: not stated",
        "scope": "what is counted",
        "price_base": "year of constant prices",
        "published": "when",
        "rank": "order of use, no place among others: 1 is used for its period, others stand beside it",
        "tier": "grade of its source, A to D, D the weakest; blank: not graded",
        "quality": "published, derived (worked out from published figures) or estimate",
        "inherited": "what was taken from the sentence before, separated by ;",
        "source": "keys of the sources",
    },
    "paths": {
        **dict.fromkeys(("indicator", "region"), "of the path"),
        "date": "day",
        "median": "median level",
        "low": "lower end of the central 80 %",
        "high": "upper end of the central 80 %",
        "unit": "unit of median, low and high",
        "kind": "nowcast, forecast or plan",
    },
    "parts": {
        "whole": "indicator of the whole",
        "part": "indicator of the part that was not published",
        "region": "where",
        "year": "year of the whole",
        "at_most": "whole less the other parts",
        "unit": "unit of at_most",
        "how": "the subtraction in words",
        "required_growth_pct": "growth a year at least needed from there to the part's target",
        "best_growth_pct": "best yearly growth on record of the part or its industry",
        "best_growth_of": "the indicator that this growth is of, where it is another of the same industry",
    },
    "contradictions": {
        **dict.fromkeys(("indicator", "region", "period_end"), "of the figures"),
        "used": "figure that is used",
        "used_bound": "its vague bound",
        "used_source": "its sources",
        "other": "figure that is not",
        "other_bound": "its vague bound",
        "other_source": "its sources",
        "unit": "of both; pct where growth is meant",
    },
    "restated": {
        **dict.fromkeys(("indicator", "region", "period_end"), "of the figure"),
        "growth_pct": "growth as published",
        "levels_pct": "growth of the two published levels",
        "change_points": "change in percentage points as published, where that is what they do not bear out",
        "levels_points": "change of the two published levels",
        "points": "between them",
    },
    "singles": {
        **dict.fromkeys(("indicator", "region"), "of the flow"),
        "period_start": "first day of a stretch of a year: the day after one published level from January on",
        "period_end": "last day: that of the next published level",
        "value": "what came in it, the second level less the first; January and February stay one where January has none",
        "unit": "unit of value",
        "to_date": "published level from January to the last day",
        "before": "published level from January to the day before the first one",
        "source": "keys of the sources of both levels",
    },
    "cities": {
        "city": "city that has a date, or has been named a gigabit city",
        "holds": "version of the standard under which it has been named; blank where it has not",
        "since": "first year or month by which it is on record as a gigabit city; blank where it is not",
        "asked": "version of the standard that its date asks for",
        "deadline": "last day of its date; blank where it has none",
        "status": "as that of a target; without draws a plan says on track or off track on the central estimates",
        "planned": "year by the end of which the plan makes it a gigabit city; missing without a plan, or where it does not",
        "probability": "share of the draws of the estimates in which it makes its date; 1 where it is one",
        "binding": "what most often stood in the way in the other draws",
        "short": "without a plan: indicators of that standard of which its state falls short if nothing is built",
    },
    "standards": {
        "version": "version of the standard that a city holds or that its date asks for",
        "indicator": "one that it makes mandatory",
        "since": "year from which it holds; blank: from the start",
        "op": "at least, or above",
        "threshold": "in unit",
        "unit": "of the threshold",
        "quality": "published, derived or estimate",
        "source": "keys of the sources",
    },
    "followed": {
        **dict.fromkeys(("indicator", "region"), "of the target"),
        "as": "indicator published; another where it may count the same",
        "period_end": "last day of the level",
        "value": "level published later, in unit",
        "unit": "unit of value, target and interval",
        "bound": "vague bound",
        "status": "actual, preliminary or projected",
        "target": "target of that day, where there is one",
        "low": "lower end of the central 80 % that the track gave for that day",
        "high": "its upper end",
        "held": "whether the interval held it; missing without interval, where it was only projected and where it is a"
        " bound from one side that does not decide it",
        "published": "when",
        "source": "keys of the sources",
    },
    "drivers": {
        "indicator": "what would follow",
        "variable": "what a plan builds or spends",
        "kind": "identity or scenario",
        "low": "least for one of the variable",
        "high": "largest for one of the variable",
        "unit": "of low and high",
        "how": "who says so, and what it leaves out",
    },
}
"""Tables of a track and the meaning of their columns."""

KINDS = {
    **dict.fromkeys(
        (
            *(
                "target",
                "target_growth_pct",
                "base",
                "reached_growth_pct",
                "probability",
                "latest",
                "required_growth_pct",
                "best_growth_pct",
                "run_rate",
                "expected",
                "low",
            ),
            *("high", "progress_index_pct", "value", "growth_pct", "share_pct", "place", "median", "at_most", "used"),
            *(
                "other",
                "levels_pct",
                "change_points",
                "levels_points",
                "points",
                "planned",
                "threshold",
                "to_date",
                "before",
            ),
        ),
        "number",
    ),
    **dict.fromkeys(("rank", "year"), "count"),
    "held": "flag",
}
"""Types of the columns that hold no text, so that an empty column has a type in a file too."""


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True, slots=True)
class Level:
    """A level in a note, in a unit of the statistics; `digits`: significant ones, 0: whole numbers."""

    value: float
    unit: str
    digits: int = 0

    @property
    def number(self) -> str:
        """The level without its unit."""
        return f"{self.value:.{self.digits}g}" if self.digits else f"{self.value:,.0f}"

    def __str__(self) -> str:
        """Return it as the tables have it."""
        return f"{self.number} {self.unit}".rstrip()


@dataclass(frozen=True, eq=False)
class Track:
    """Progress towards the targets of a scenario as of a day. Tables are pandas frames in the columns of TABLES.

    `notes`: the messages of each text in `note` of targets and `how` of parts. `planned_of`: tables
    in which the scenario of the planned path differs from this scenario.
    """

    name: str
    title: str
    title_zh: str
    as_of: datetime.date
    targets: pd.DataFrame
    observed: pd.DataFrame
    paths: pd.DataFrame
    parts: pd.DataFrame
    contradictions: pd.DataFrame
    restated: pd.DataFrame
    singles: pd.DataFrame
    drivers: pd.DataFrame
    cities: pd.DataFrame
    standards: pd.DataFrame
    followed: pd.DataFrame
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    sources: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    chinese: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[Message, ...]] = field(default_factory=dict)
    planned_of: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """Region of most targets, of most figures if there are no targets; empty if there is neither."""
        regions = (self.targets if len(self.targets) else self.observed)["region"].mode()
        return str(regions.iloc[0]) if len(regions) else ""

    @cached_property
    def firsts(self) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
        """Observed rows of the first rank by indicator, region and end of period."""
        rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for row in records(self.observed[self.observed["rank"] == 1]):
            rows.setdefault((row["indicator"], row["region"], row["period_end"]), []).append(row)
        return rows

    def called(self, name: str, language: str) -> str:
        """Return the title of an indicator or a region."""
        known = self.titles.get(name) or self.places.get(name) or (name, name)
        return known[1 if language == "zh" else 0]

    def said(self, sentence: str, language: str) -> str:
        """Return a text of the scenario's tables in a language, if it has one."""
        return self.chinese.get(sentence, sentence) if language == "zh" else sentence

    def titled(self, source: str, language: str) -> str:
        """Return the titles of one or several sources, or the key of one without a title."""
        keys = [key for key in source.split(";") if key]
        titles = (self.said(self.sources.get(key, (key, "", ""))[0], language) for key in keys)
        return ("；" if language == "zh" else "; ").join(titles)

    def document(self) -> dict[str, object]:
        """Return the public JSON document: targets with exactly its fields, and the other tables."""
        rest = {name: getattr(self, name) for name in TABLES if name not in ("targets", "observed")}
        return {
            "targets": self.targets[list(CONTRACT)],
            "as_of": self.as_of,
            "details": self.targets.drop(
                columns=[name for name in CONTRACT if name not in ("indicator", "region", "deadline")]
            ),
            **rest,
        }
