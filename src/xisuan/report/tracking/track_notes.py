"""Words of a track that its page and its tables share: notes in a language, percentages, tones."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from xisuan.indicators.catalogue import catalogue
from xisuan.report.tracking.track_phrases import MEASURES, NOTES, amount, speak
from xisuan.results.track import Track, records
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Language

TONES = {
    "reached": "good",
    "on track": "good",
    "at risk": "plain",
    "off track": "bad",
    "missed": "bad",
    "short so far": "plain",
    "deadline passed, outcome not published": "plain",
    "not enough data": "plain",
}
"""How a status is coloured."""
FULL_WIDTH = {";": "；", ",": "，"}
MONTH = len("2025-10")
"""Signs of a day that name its month."""
HALF_WIDTH = re.compile(r"([;,]) (?=[\u4e00-\u9fff\d≥≤])")
"""Marks between Chinese clauses that the English note had."""


def note(track: Track, text: str, language: Language) -> str:
    """A note in a language, indicators by the names that people call them."""
    for name in sorted(track.titles, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", track.called(name, language).replace("\\", ""), text)
    text = re.sub(r"([\d,]+) mCNY", lambda match: amount(float(match[1].replace(",", "")), "mCNY", language), text)
    for pattern, chinese in NOTES if language == "zh" else ():
        text = re.sub(pattern, chinese, text)
    return HALF_WIDTH.sub(lambda found: FULL_WIDTH[found[1]], text) if language == "zh" else text


def percent(value: float, decimals: int, language: Language) -> str:
    """A percentage with its sign, after a space in English."""
    return MISSING if missing(value) else f"{value:.{decimals}f}{'' if language == 'zh' else ' '}%"


def missing(value: object) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value))


BOUNDS = {"over": ">", "about": "≈", "under": "<"}
"""Marks of vague bounds."""
SHORT = "short so far"
"""Of a target whose deadline has passed: its outcome is not published, and the last figure near it was below it."""
WEAKEST = "D"
"""The grade of a source that is said beside a target."""


def standing(row: Mapping[str, Any]) -> str:
    """The status of a target; where its deadline has passed, whether the last figure near it fell short of it."""
    return SHORT if row["undecided"] == "short" else str(row["status"])


def latest(row: Mapping[str, Any], language: Language) -> str:
    """The latest level of a target with the mark of its vague bound."""
    level = amount(None if missing(row["latest"]) else row["latest"], row["unit"], language)
    return BOUNDS.get(row["latest_bound"] or "", "") + level


def aim(row: Mapping[str, Any], language: Language) -> str:
    """The level aimed at, or the growth with the level that comes of it; a source of the weakest grade is marked."""
    level = amount(None if missing(row["target"]) else row["target"], row["unit"], language)
    if not missing(row["target_growth_pct"]):
        pace = f"{row['target_growth_pct']:+g} %"
        pace = speak(language, "a_year", growth=pace) if row["target_growth_to"] else pace
        level = pace if missing(row["target"]) else speak(language, "growth_to_level", growth=pace, level=level)
    return level + (f" ({WEAKEST})" if row["tier"] == WEAKEST else "")


def marks(track: Track, language: Language) -> str:
    """What the marks beside levels mean, of those that any target has; blank where none has any."""
    targets = track.targets
    parts = [
        speak(language, "bounds_note") if targets["latest_bound"].isin(list(BOUNDS)).any() else "",
        speak(language, "grade_note") if targets["tier"].eq(WEAKEST).any() else "",
    ]
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def remarks(track: Track, row: Mapping[str, Any], language: Language) -> str:
    """What has to be known of a target beside its figures: how it ended later, what decides nothing, where it is from."""
    late = str(row["reached_by"] or "").removesuffix("-12-31")
    since = "reached_late" if row["status"] == "missed" else "reached_since"
    parts = [
        speak(language, since, day=late[:MONTH]) if late else "",
        speak(language, "bound_only", level=latest(row, language)) if row["undecided"] == "bound" else "",
        speak(language, "weak_source", grade=WEAKEST) if row["tier"] == WEAKEST else "",
        speak(language, "worked_out") if row["quality"] == "derived" else "",
        speak(language, "latest_worked_out") if _latest_derived(track, row) else "",
        note(track, row["note"] or "", language),
        _run_rate(row, language),
    ]
    parts.append(_precisions(track, row, language))
    return ("；" if language == "zh" else "; ").join(part for part in parts if part)


def latest_figures(track: Track, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The published figures that the latest level of a target is."""
    if missing(row["latest"]):
        return []
    own = track.observed
    own = own[(own["indicator"] == row["indicator"]) & (own["region"] == row["region"])]
    return records(own[(own["period_end"] == row["latest_end"]) & (own["value"] == row["latest"]) & (own["rank"] == 1)])


def _latest_derived(track: Track, row: Mapping[str, Any]) -> bool:
    """Whether the latest level of a target was not published, but worked out."""
    found = latest_figures(track, row)
    return bool(found) and all(one["quality"] == "derived" for one in found)


def precision(row: Mapping[str, Any], language: Language) -> str:
    """The numeric precision of a figure of compute, or that it is not stated; blank of anything else."""
    if not str(row["unit"]).endswith("FLOPS"):
        return ""
    return str(row["precision"] or "") or speak(language, "precision_none")


def _precisions(track: Track, row: Mapping[str, Any], language: Language) -> str:
    """The precision of a target of compute and of its latest level: two precisions are not compared."""
    if not precision(row, language):
        return ""
    of = [("target", row["precision"]), *(("latest", one["precision"]) for one in latest_figures(track, row)[:1])]
    if not any(name for _, name in of):
        return speak(language, "precision_none")
    unknown = speak(language, "not_stated")
    parts = (
        speak(language, "precision_part", what=speak(language, what), precision=name or unknown) for what, name in of
    )
    return speak(language, "precision_of", parts=("，" if language == "zh" else ", ").join(parts))


def _run_rate(row: Mapping[str, Any], language: Language) -> str:
    """What each month left of the deadline's year has to bring; blank where nothing is left to bring."""
    rate = row["run_rate"]
    if missing(rate) or rate <= 0:
        return ""
    return speak(language, "run_rate", year=str(row["deadline"])[:4], level=amount(rate, row["unit"], language))


def measure(track: Track, indicator: str, language: Language) -> str:
    """What an indicator measures of its industry, such as value added; its name where the vocabulary does not say."""
    term = catalogue().terms.get(indicator)
    known = MEASURES.get(term.measure if term else "")
    return track.called(indicator, language) if known is None else known[language == "zh"]


def of_other(track: Track, indicator: str | None, language: Language) -> str:
    """The measure of another indicator whose growth a figure is, in brackets; blank where it is the same one's."""
    if not indicator or missing(indicator):
        return ""
    name = measure(track, indicator, language)
    return f"（{name}）" if language == "zh" else f" ({name})"
