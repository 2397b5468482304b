"""What a growth is over: the year before, the period before, the end of a year, several years."""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.fiscal import several_years
from xisuan.indicators.figures.other_times import BY_MONTH, LONG, OTHER, over
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity


def relative_to(scene: Scene, at: int, lead: str, rest: str) -> str:
    """What a growth is relative to by the words before it, `lead`, and behind it, `rest`; blank for the year before."""
    seen_so = _SEEN_BY_MONTH.search(scene.text, 0, scene.sentence.amounts[at].start)
    if scene.cues.previous.search(lead + rest) or seen_so or over(scene, scene.sentence.amounts[at]) == BY_MONTH:
        return BY_MONTH
    if scene.cues.yearly.search(lead + rest):
        return "the year before, yearly average"
    return _BY_YEAR_END if _of_year_end(scene, at, lead) else ""


_SEEN_BY_MONTH = re.compile(r"从?环比来?看[^。;；同]*$")
"""Before growths that are over the month or quarter before: 从环比看,四季度增长1.6%."""
_BY_YEAR_END = "the end of the year before"
PERIODS = BY_MONTH, _BY_YEAR_END
"""What a growth over the month or quarter before, and one since a year ended, is relative to."""


def _of_year_end(scene: Scene, at: int, lead: str) -> bool:
    """Whether a Chinese growth in the midst of a year is over the end of the one before, 较上年末增长8%, not over a year."""
    days = dating.of_figure(scene, scene.sentence.amounts[at])[0]
    return (
        not scene.sentence.english and _YEAR_END.search(lead) is not None and days is not None and days.last.month < 12
    )


_YEAR_END = re.compile(r"[较比](?:上年|去年)(?:年?末|年?底)|[较比]年初")
"""What a growth is over that is none over the same time of the year before."""


def of_several_years(scene: Scene, at: int, to: str, *, alone: bool) -> str:
    """Why a growth is none of one period; blank where it may be one."""
    figure = scene.sentence.amounts[at]
    yearly = scene.cues.a_year.match(scene.text, figure.end)
    if yearly and (
        scene.cues.several_years.search(scene.text) or scene.cues.average_pace.search(scene.segment(figure))
    ):
        return LONG
    days = dating.of_figure(scene, figure)[0]
    if days is not None and days.last.year - days.first.year > 1 and not to:
        return LONG
    if "yearly average" in to and alone and _of_one_year(scene, figure):
        return "an average of several years, not a growth of the one that is said"
    if (base := over(scene, figure)) in (LONG, OTHER) and "yearly average" not in to:
        return base
    long = _between_two_levels(scene, at) or _since_long(scene, figure) or _since_as_long(scene, at)
    return LONG if long else ""


def _of_one_year(scene: Scene, figure: Quantity) -> bool:
    """Whether the days of a figure are one year or less, as those of a deadline, and no stretch of several years that the
    text tells by its plan or its years.
    """
    days = dating.of_figure(scene, figure)[0]
    vague = any(when.kind == "years_till" and days == long for when, long in scene.spans)
    return days is not None and (vague or not several_years(days))


def _between_two_levels(scene: Scene, at: int) -> bool:
    """Whether a growth stands behind two levels of years further apart: from 66 in 2003 to 6,350 in 2022."""
    if len(scene.drafts) < _TWO:
        return False
    first, second = scene.drafts[-_TWO:]
    if second.at != at - 1 or first.at != at - 2 or (first.term, first.region) != (second.term, second.region):
        return False
    if first.value is None or second.value is None or first.span is None or second.span is None:
        return False
    return abs(second.span.last.year - first.span.last.year) > 1


_TWO = 2
"""Levels of one change."""


def _since_long(scene: Scene, figure: Quantity) -> bool:
    """Whether a growth is since a year before the last: 37 percent more than in 2019."""
    said = scene.cues.since_year_en.match(scene.text, figure.end) if scene.sentence.english else None
    said = said or (scene.cues.since_year_first.match(scene.text) if scene.sentence.english else None)
    said = said or scene.cues.since_year_zh.search(scene.segment(figure))
    days = dating.of_figure(scene, figure)[0]
    return said is not None and days is not None and days.last.year - int(said["year"]) > 1


def _since_as_long(scene: Scene, at: int) -> bool:
    """Whether an English growth goes on, with `and`, from one since long before: …, and total assets rose 57 percent."""
    before = scene.sentence.amounts[at - 1] if at and scene.sentence.english else None
    left = any(one is before and why == LONG for one, why in scene.unplaced)
    return left and before is not None and ", and " in scene.text[before.end : scene.sentence.amounts[at].start]
