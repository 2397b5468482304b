"""Of which days a level is among those that are told: the last of several years, the day before one in which it rose."""

from __future__ import annotations

import datetime
import re

from xisuan.indicators.figures import standing
from xisuan.indicators.figures.fiscal import several_years
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity


def of_the_level(scene: Scene, figure: Quantity, term: str, days: Span, said: tuple[bool, bool]) -> Span:
    """The days of a level among those that are told, by whether these are inherited and a deadline: the last year of
    several, or the day before a stretch from which on it rose.
    """
    old, deadline = said
    if (
        deadline
        or _aimed_over(scene, figure, term, days, old)
        or _reached_in(scene, figure, term)
        or (scene.sentence.english and _LED_TO.search(scene.text, 0, figure.start))
        or (old and _a_years(scene, figure, term))
    ):
        days = last_year(days)
    if deadline and scene.sentence.english and "point" in scene.context.words.terms[term].flags and not days.point:
        return Span(days.last, days.last, True)  # a PUE of 1.3 by 2025 is that of its last day
    return days if deadline else _begun_from(scene, figure, term, days)


def _begun_from(scene: Scene, figure: Quantity, term: str, days: Span) -> Span:
    """The day before a stretch for the English level from which what stands rose in it: rose in the course of 2024 from 12
    to 50 EFLOPS; else `days`.
    """
    from_to = FROM.search(scene.text, 0, figure.start) and _TO.match(scene.text, figure.end)
    said = any(told == days and when.end <= figure.start for when, told in scene.spans)
    if not scene.sentence.english or not from_to or days.point or not said or not stands(scene, term):
        return days
    before = days.first - datetime.timedelta(days=1)
    if any(told == days and when.until is not None for when, told in scene.spans):
        before = datetime.date(days.first.year, 12, 31)  # of the first of the years between which it rose
    return Span(before, before, True)


FROM = re.compile(r"\bfrom\s+(?:(?:about|some|just|only|nearly|over)\s+)*$")
_TO = re.compile(r"(?:\s+[a-z0-9-]+){0,3}?\s+to\s+(?:[a-z]+\s+){0,2}\d")
"""Around the level that something came from."""


def _aimed_over(scene: Scene, figure: Quantity, term: str, days: Span, old: bool) -> bool:
    """Whether a yearly level is aimed at within a plan of several years, so that it is one of the last of them."""
    spec = scene.context.words.terms[term]
    if spec.kind != "flow" or spec.measure == "investment" or not several_years(days):
        return False
    if term.endswith("_new"):
        return False  # what is built in several years is their sum
    if scene.cues.in_all.search(scene.segment(figure)):
        return False
    return standing.of_figure(scene, figure, days, deadline=False, old=old) in ("target", "projected")


def _reached_in(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether a Chinese level is said to be reached within a stretch, so that it is one of the last of its years:
    “十三五”时期,增加值突破2万亿元; investment over several years is a sum.
    """
    reached = scene.cues.reached_zh.search(scene.segment(figure)) is not None
    return reached and _a_years(scene, figure, term)


_LED_TO = re.compile(
    r"\b(?:an?\s+average\s+of|a\s+year|annually|per\s+year|each\s+year|on\s+average)\b[^.;]*,?\s+to\s+(?:(?:about|some|nearly|over|reach)\s+)*$"
)
"""Before the level to which a growth over several years led, which is that of the last of them."""


def _a_years(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether a Chinese level is one of a year and no sum over several; investment and what is built are sums."""
    spec = scene.context.words.terms[term]
    if scene.sentence.english or spec.kind != "flow" or spec.measure == "investment" or term.endswith("_new"):
        return False
    return scene.cues.in_all.search(scene.segment(figure)) is None


def last_year(days: Span) -> Span:
    """The last year of a stretch of several, the one before where that had but begun; what is shorter stays."""
    if days.point or not several_years(days):
        return days
    if days.last.month <= _BEGUN:
        return Span(datetime.date(days.last.year - 1, 1, 1), datetime.date(days.last.year - 1, 12, 31))
    return Span(datetime.date(days.last.year, 1, 1), days.last)


_BEGUN = 3
"""Months at the beginning of a year of which no figures of the year are told yet."""


def stands(scene: Scene, term: str) -> bool:
    """Whether an indicator is as of a day."""
    spec = scene.context.words.terms[term]
    return spec.kind == "stock" or "day" in spec.flags
