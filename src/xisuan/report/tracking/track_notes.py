"""Words of a track that its page and its tables share: notes in a language, percentages, tones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from xisuan.indicators.catalogue import catalogue
from xisuan.report.tracking.track_heads import HEADS
from xisuan.report.tracking.track_phrases import MEASURES, amount, status
from xisuan.results.track import Level, Track
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Language, Message, translate, unfilled
from xisuan.text.translation import message as _

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
MONTH = len("2025-10")
"""Signs of a day that name its month."""


def note(track: Track, text: str, language: Language) -> str:
    """Return a note of a track's tables in a language, indicators by the names that people call them."""
    said = [_phrase(track, one, language) for one in track.notes.get(text, ())]
    return ("；" if language == "zh" else "; ").join(said) if said else text


def _phrase(track: Track, one: Message, language: Language) -> str:
    """Return a message with its levels and indicators as people read them."""
    values = {name: _phrase_value(track, value, language) for name, value in one.values.items()}
    return translate(Message(one.source, values, context=one.context), language)


def _phrase_value(track: Track, value: object, language: Language) -> object:
    if isinstance(value, Message):
        return _phrase(track, value, language)
    if isinstance(value, Level):
        return amount(float(value.number.replace(",", "")), value.unit or "1", language)
    return track.called(value, language) if isinstance(value, str) else value


def percent(value: float, decimals: int, language: Language) -> str:
    """Return a percentage with its sign, after a space in English."""
    return MISSING if missing(value) else f"{value:.{decimals}f}{'' if language == 'zh' else ' '}%"


def missing(value: object) -> bool:
    """Return True if a cell holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value))


BOUNDS = {"over": ">", "about": "≈", "under": "<"}
"""Marks of vague bounds."""
SHORT = "short so far"
"""Of a target whose deadline has passed: its outcome is not published, and the last figure near it was below it."""
WEAKEST = "D"
"""The grade of a source that is said beside a target."""
WEAK = ("C", "D")
"""The grades that are said beside a status that rests on them."""


def standing(row: Mapping[str, Any]) -> str:
    """Return the status of a target. After its deadline: SHORT if the last figure near it was below it."""
    return SHORT if row["undecided"] == "short" else str(row["status"])


def graded_status(row: Mapping[str, Any], language: Language) -> str:
    """Return the status of a target, with the grade of the source where it rests on a weak one."""
    said = status(language, standing(row))
    weak = row["status"] in ("reached", "missed") and row["status_tier"] in WEAK
    return f"{said} ({row['status_tier']})" if weak else said


def latest(row: Mapping[str, Any], language: Language) -> str:
    """Return the latest level of a target, marked if it is a vague bound or from a source of the weakest grade."""
    level = amount(None if missing(row["latest"]) else row["latest"], row["unit"], language)
    return BOUNDS.get(row["latest_bound"] or "", "") + level + _weakest(row["latest_tier"])


def aim(row: Mapping[str, Any], language: Language) -> str:
    """Return the level of a target, or its growth with the resulting level. A source of the weakest grade is marked."""
    level = amount(None if missing(row["target"]) else row["target"], row["unit"], language)
    if not missing(row["target_growth_pct"]):
        pace = f"{row['target_growth_pct']:+g} %"
        pace = translate(_("{growth} a year", growth=pace), language) if row["target_growth_to"] else pace
        level = (
            pace if missing(row["target"]) else translate(_("{growth} ({level})", growth=pace, level=level), language)
        )
    return level + _weakest(row["tier"])


def _weakest(grade: object) -> str:
    """Return the mark of a figure from a source of the weakest grade; blank for other grades."""
    return f" ({WEAKEST})" if grade == WEAKEST else ""


def marks(track: Track, language: Language) -> str:
    """Return the meaning of the marks beside levels that any target has; blank where none has any."""
    targets = track.targets
    parts = [
        translate(_(">, ≈, <: as the source words it; > is a lower bound."), language)
        if targets["latest_bound"].isin(list(BOUNDS)).any()
        else "",
        translate(_("(D): source of the weakest grade."), language)
        if any(targets[name].eq(WEAKEST).any() for name in ("tier", "latest_tier", "status_tier"))
        else "",
        translate(_("(C): source that copies an official text. Neither is certain, so no chance is given."), language)
        if targets["status_tier"].isin(WEAK).any()
        else "",
    ]
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def remarks(track: Track, row: Mapping[str, Any], language: Language) -> str:
    """Return the remarks on a target: its later outcome, figures that decide nothing, its source."""
    late = str(row["reached_by"] or "").removesuffix("-12-31")
    since = (
        unfilled("reached late: by {day} at the latest")
        if row["status"] == "missed"
        else unfilled("reached by {day} at the latest; whether in time is not on record")
    )
    parts = [
        translate(_(since, day=late[:MONTH]), language) if late else "",
        translate(
            _("the last figure, {level}, is a bound from one side and decides nothing", level=latest(row, language)),
            language,
        )
        if row["undecided"] == "bound"
        else "",
        translate(_("the target is from a source of grade {grade}, the weakest", grade=WEAKEST), language)
        if row["tier"] == WEAKEST
        else "",
        translate(_("the target is worked out from what was published"), language)
        if row["quality"] == "derived"
        else "",
        translate(_("the latest level is worked out from what was published"), language)
        if _latest_derived(track, row)
        else "",
        note(track, row["note"] or "", language),
        _run_rate(row, language),
    ]
    parts.append(_precisions(track, row, language))
    return ("；" if language == "zh" else "; ").join(part for part in parts if part)


def latest_figures(track: Track, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the published figures that give the latest level of a target."""
    if missing(row["latest"]):
        return []
    own = track.firsts.get((row["indicator"], row["region"], row["latest_end"]), [])
    return [one for one in own if one["value"] == row["latest"]]


def _latest_derived(track: Track, row: Mapping[str, Any]) -> bool:
    """Return True if the latest level of a target was not published, but worked out."""
    found = latest_figures(track, row)
    return bool(found) and all(one["quality"] == "derived" for one in found)


def precision(row: Mapping[str, Any], language: Language) -> str:
    """Return the numeric precision of a figure of compute, or that it is not stated; blank for other figures."""
    if not str(row["unit"]).endswith("FLOPS"):
        return ""
    return str(row["precision"] or "") or translate(_("numeric precision not stated"), language)


def _precisions(track: Track, row: Mapping[str, Any], language: Language) -> str:
    """Return the precision of a compute target and of its latest level; different precisions are not compared."""
    if not precision(row, language):
        return ""
    of = [("target", row["precision"]), *(("latest", one["precision"]) for one in latest_figures(track, row)[:1])]
    if not any(name for _, name in of):
        return translate(_("numeric precision not stated"), language)
    unknown = translate(_("not stated"), language)
    parts = (
        translate(_("{what} {precision}", what=translate(HEADS[what], language), precision=name or unknown), language)
        for what, name in of
    )
    return translate(_("numeric precision: {parts}", parts=("，" if language == "zh" else ", ").join(parts)), language)


def _run_rate(row: Mapping[str, Any], language: Language) -> str:
    """Return the amount that each month left of the deadline's year has to bring; blank where nothing is left."""
    rate = row["run_rate"]
    if missing(rate) or rate <= 0:
        return ""
    return translate(
        _(
            "the rest of {year} needs {level} a month",
            year=str(row["deadline"])[:4],
            level=amount(rate, row["unit"], language),
        ),
        language,
    )


def measure(track: Track, indicator: str, language: Language) -> str:
    """Return the measure of an indicator, such as value added; its name where the vocabulary does not say."""
    term = catalogue().terms.get(indicator)
    known = MEASURES.get(term.measure if term else "")
    return track.called(indicator, language) if known is None else translate(known, language)


def of_other(track: Track, indicator: str | None, language: Language) -> str:
    """Return, in brackets, the measure of the other indicator that a growth belongs to; blank if it is the same."""
    if not indicator or missing(indicator):
        return ""
    name = measure(track, indicator, language)
    return f"（{name}）" if language == "zh" else f" ({name})"
