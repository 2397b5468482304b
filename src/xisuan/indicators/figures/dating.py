"""When: which phrase of time in a sentence a figure is of."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span, When, span
from xisuan.indicators.language.quantities import Quantity

_END_OF = r"(?:(?:end|close)\s+of\s+(?:the\s+)?)"
_ALL_OF = r"(?:(?:all|the\s+(?:whole|entirety|course))\s+(?:of\s+)?)"
_AT = r"(?:in|by|by\s+the\s+time|before|during|at|as\s+of|for|from|over|through|until|between|since)"


def of_figure(scene: Scene, figure: Quantity) -> tuple[Span | None, bool, bool]:
    """Days of a figure, whether they were inherited, and whether they are a deadline."""
    if (told := scene.moments.get(scene.sentence.amounts.index(figure))) is not None:
        return told, False, False
    if (told := of_the_change(scene, figure)) is not None:
        return told, False, False
    if (told := _when_it_was(scene, figure)) is not None:
        return told, False, False
    unknown = [when for when, days in scene.spans if days is None and when.end <= figure.start]
    known = [(when, days) for when, days in scene.spans if days is not None]
    before = [
        (when, days)
        for when, days in known
        if when.end <= figure.start
        and (when.kind not in ("years_before", "month_before") or not scene.sentence.english or _opens(scene, when))
        and not left_behind(scene, when, figure)
        and not _of_a_goal(scene, when, figure)
        and not of_a_level_before(scene, when, figure)
        and not _of_the_year_before(scene, when, figure)
        and _reaches(scene, when, figure)
    ]
    after = [
        (when, days)
        for when, days in known
        if when.start >= figure.end
        and (scene.sentence.english or BEFORE.search(scene.text[: when.start]) is None)
        and not _of_a_level_behind(scene, when, figure)
        and not (scene.sentence.english and when.kind in _BACK and scene.next_amount(figure) < when.start)
        and not (when.kind in _BACK and _of_the_clause_behind(scene, when, figure))
        and not _of_an_aim_behind(scene, when, figure)
        and not (when.kind == "before" and _dates_the_next(scene, when))
        and not (not days.point and _of_those_that_came(scene, when, figure))
    ]
    if scene.sentence.english and after:
        when, days = after[0]
        gap = re.sub(r"\([^()]*\)", "", scene.text[figure.end : when.start])
        near = when.start < scene.next_amount(figure) and not re.search("[,;]", gap)
        near = near and not _of_the_next(scene, when, figure)
        if near and when.kind == "now" and len(gap) < _NOW_NEAR:
            return days, False, False
        if near and gap.strip() == "of" and when.kind in ("years_before", "before"):
            return days, False, False  # double the 10.2 Tbps of two years earlier
        if near and gap == " of " and when.kind == "year" and figure.unit not in ("pct", "pp", "fold"):
            return days, False, when.deadline  # twice the 27 billion yuan of 2021
        if near and len(gap) < 90 and re.search(rf"\b{_AT}\s+{_ALL_OF}?(?:the\s+)?{_END_OF}?$|^\s*$", gap):
            return days, False, when.deadline
    if (coming := _to_come(scene, figure, after)) is not None:
        return coming[1], False, coming[0].deadline
    if before and not (unknown and unknown[-1].start > before[-1][0].start):
        phrase, spoken = _refined(scene, _without_an_aim(scene, before, figure))
        return spoken, False, phrase.deadline
    if unknown:
        return None, False, False
    inside = [(when, days) for when, days in after if when.start < scene.sentence.clause(figure.end)[1]]
    if inside and inside[0][0].start < scene.next_amount(figure):
        return inside[0][1], False, inside[0][0].deadline
    apart = bool(after) and (_alone_behind(scene, figure, after[0][0]) or _apart(scene, figure, after[0][0]))
    if scene.context.span and apart:
        return scene.context.span, True, False
    if apart and _has_it_now(scene, figure, after[0][0]):
        return None, True, False
    if after and (not scene.context.span or scene.sentence.english):
        return after[0][1], False, after[0][0].deadline
    if scene.context.span is not None:
        return scene.context.span, True, False
    return None, False, False


def _of_the_clause_behind(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether an English time before the one told opens the clause behind a figure, on how much it was then: 51 billion,
    whereas a year before it was 48 billion.
    """
    own = scene.sentence.english and _IT_HAD.match(scene.text, when.end) is not None
    return own and _WHEREAS.search(scene.text, figure.end, when.start) is not None


_WHEREAS = re.compile(r"[,;]\s+(?:(?:and|while|whereas|but|though|although|when)\s+)?(?:only\s+|just\s+)?$")
"""Before a time that opens a clause behind a figure."""


def _of_those_that_came(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether an English stretch behind a figure is only that in which a part of it came: 198,000 stations, 31,000 of which
    went live in 2023.
    """
    behind = [one for one in scene.sentence.amounts if figure.end <= one.start and one.end <= when.start]
    return bool(behind) and _OF_THEM_IN.fullmatch(scene.text, behind[-1].end, when.start) is not None


ADDED = (
    r"(?:added|built|erected|opened|installed|put\s+up|set\s+up|completed|new|switched\s+on|activated|went\s+live|came\s+on\s?line"
    r"|came\s+on\s+stream|(?:put|went|came|taken)\s+into\s+(?:service|operation|use))"
)
"""What is said of those that came to what was counted."""
_OF_THEM_IN = re.compile(
    rf"\s+of\s+(?:them|these|which|those)(?:\s+(?:were|was|had\s+been|newly))*(?:\s+{ADDED})?\s+(?:(?:in|during|over)\s+)?(?:the\s+)?"
)
"""Between a part of what was counted and the stretch of time in which it came."""


def _dates_the_next(scene: Scene, when: When) -> bool:
    """Whether a Chinese time is that of the figure right behind it: 占比30.4%(上年同期为24.1%)."""
    behind = next((one.start for one in scene.sentence.amounts if one.start >= when.end), None)
    return not scene.sentence.english and behind is not None and behind < scene.sentence.clause(when.end)[1]


def _of_the_next(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a time behind a figure is that of the next one, in a list in which each stands right behind its own: in 2024
    12 EFLOPS, in 2025 15 and in 2026 20.
    """
    behind = next((one for one in scene.sentence.amounts if one.start >= when.end), None)
    joined = _AND_IN.fullmatch(scene.text, figure.end, when.start) is not None
    return joined and behind is not None and not scene.text[when.end : behind.start].strip(" ,")


_AND_IN = re.compile(r"(?:[\w\s'-]{0,30}?,?\s+(?:and|but)|\s*,)\s+(?:(?:in|by|at|for)\s+)?(?:the\s+)?")
"""Between a figure and the time of the next one."""


def _to_come(scene: Scene, figure: Quantity, after: Sequence[tuple[When, Span]]) -> tuple[When, Span] | None:
    """The time behind an English figure that is still to come, in a clause of its own: …, and 30,000 more are to follow
    this year.
    """
    if not scene.sentence.english or not after or after[0][0].start >= scene.next_amount(figure):
        return None
    return after[0] if _ARE_TO.fullmatch(scene.text, figure.end, after[0][0].start) is not None else None


_ARE_TO = re.compile(
    r"(?:\s+[a-z0-9-]+){0,5}?\s+(?:are|is|will)\s+(?:(?:to|be|due|set|expected|planned|scheduled)\s+)*(?:[a-z]+\s+){0,4}?(?:(?:in|by|during|over|before|at)\s+)?(?:the\s+)?"
)
"""Between what is to come and when."""


def _when_it_was(scene: Scene, figure: Quantity) -> Span | None:
    """The days of a time that an English figure was compared with, where the clause on it tells how much it was then: 1.3
    percent more than in 2022, when they had been 853.9 billion.
    """
    said = _WHEN_IT_WAS.search(scene.text, 0, figure.start) if scene.sentence.english else None
    when = next((one for one in scene.sentence.times if said and one.compared and one.end == said.start()), None)
    growth = said is not None and ("growth" in said[0] or "which" in said[0])
    if when is None or scene.context.published is None or (figure.unit == "pct" and not growth):
        return None
    now = next((days for _, days in reversed(scene.spans) if days is not None), scene.context.span)
    year = when.year if when.year is not None else now.last.year + (when.offset or 0) if now is not None else None
    return span(when, year, now.last.month if now is not None else 0) if year is not None else None


_WHEN_IT_WAS = re.compile(
    r"(?:,\s+which\s+(?:was|had\s+been|stood\s+at)|,?\s+when\s+growth\s+(?:was|came\s+to|had\s+been|had\s+come\s+to|reached|stood\s+at|ran\s+at)|,?\s+when\s+(?:it|they|there|the\s+[a-z]+)\s+(?:had\s+(?:been|stood\s+at|numbered)|was|were|stood\s+at|numbered)|\s+(?:levels?|figures?|totals?|readings?|values?)\s+of)\s+(?:(?:only|just|about|some|nearly|over)\s+)*$"
)
"""Behind a time, before how much something was then."""
_BACK = ("years_before", "before", "month_before")
"""Times before the one told, which date but the figure that they stand at: it had been 47.9 percent a year before."""


def _without_an_aim(scene: Scene, before: Sequence[tuple[When, Span]], figure: Quantity) -> Sequence[tuple[When, Span]]:
    """The phrases before a Chinese figure but for the year of an aim told before a semicolon: 全年有望突破130亿元;…."""
    when = before[-1][0]
    stop = max(scene.text.rfind(";", when.end, figure.start), scene.text.rfind("；", when.end, figure.start))
    if scene.sentence.english or len(before) < _TWO or when.kind != "year" or stop < 0:
        return before
    told = scene.text[when.end : stop]
    aimed = scene.cues.aims.search(told) or scene.cues.expects.search(told)
    own = scene.text[stop : figure.start]
    goes_on = scene.cues.aims.search(own) or scene.cues.expects.search(own) or scene.context.planned
    return before[:-1] if aimed and not goes_on and "全年" in scene.text[when.start : when.end] else before


_TWO = 2
"""Phrases of time of which one can be left out."""


def _apart(scene: Scene, figure: Quantity, when: When) -> bool:
    """Whether an English phrase behind another figure is of that one alone, which a clause of its own tells or which is
    a part of this one: output gained 4.6 percent, while investment was up 2.9 percent in the first ten months.
    """
    behind = scene.next_amount(figure)
    if scene.sentence.english and when.kind == "now" and _CLAUSE.search(scene.text, figure.end, when.start):
        return True  # 95,700 stations, and every township is now covered
    stop = scene.text.find(";", figure.end, when.start)
    if scene.sentence.english and stop >= 0:
        return any(one.start > stop for one in scene.sentence.amounts)
    return (
        scene.sentence.english
        and behind < when.start
        and (
            when.kind in ("since", "so_far")
            or _has_it_now(scene, figure, when)
            or scene.cues.own_clause.search(scene.text, figure.end, behind) is not None
        )
    )


def _has_it_now(scene: Scene, figure: Quantity, when: When) -> bool:
    """Whether an English figure is told in the present, and a clause with a subject of its own, in the past, has the time
    behind it: it has 48 centers, and its computing power had jumped to 41.6 EFLOPS by the end of July.
    """
    behind = scene.next_amount(figure)
    has = _HAS.search(scene.text, 0, figure.start) is not None
    return has and behind < when.start and _AND_ITS.search(scene.text, figure.end, behind) is not None


_HAS = re.compile(
    r"\b(?:has|have|boasts|counts|hosts|houses|operates|runs|there\s+are)\s+(?:(?:about|some|nearly|over|now|already)\s+)*$"
)
_AND_ITS = re.compile(
    r",\s+(?:and|while)\s+(?:its|the|their)\s+[^,;.\d]{3,50}\b(?:had|was|were|rose|grew|jumped|reached|came|hit|stood)\b"
)
"""Before what a place has, and where a clause of its own begins behind that, which is in the past."""
_CLAUSE = re.compile(r";|,\s+(?:and|while|but|so|with)\s")
"""Where a clause of its own begins, whose present is not that of what was told before it."""


def _alone_behind(scene: Scene, figure: Quantity, when: When) -> bool:
    """Whether a phrase behind another figure is of that one alone: the surplus was 1.96 trillion, with … in March alone."""
    apart = scene.next_amount(figure) < when.start or _CLAUSE.search(scene.text, figure.end, when.start) is not None
    return apart and ALONE.match(scene.text, when.end) is not None


ALONE = re.compile(r"\s+(?:alone|(?:taken\s+)?(?:by\s+itself|on\s+its\s+own|in\s+isolation|separately))\b|当月")
"""Behind a time that is but an aside in what is told of more months."""


_NOW_NEAR = 40
"""Signs within which `now` behind a figure is of it: 70,000 computing chips now in use."""


def of_a_level_before(scene: Scene, when: When, figure: Quantity | None = None) -> bool:
    """Whether a phrase dates only what a change came from, and not the figure: up from the 3.4 percent increase in March."""
    if not scene.sentence.english:
        return False
    earlier = [seen for seen in scene.sentence.amounts if seen.end <= when.start]
    if not earlier or earlier[-1] is figure:
        return False
    gap = scene.text[earlier[-1].end : when.start]
    if re.search(r",\s+(?:and|which|while|but)\s", gap):
        return False  # following 3.8 percent in March, and took the half-year figure to …
    known = [one for one, _ in scene.spans if earlier[-1].end <= one.start and one.end <= when.start]
    gap = re.sub(r"\s+and\s+$", "", scene.text[earlier[-1].end : known[0].start]) if known else gap
    first = earlier[-1]
    for one in reversed(earlier[:-1]):  # up from 32 and 54 percent respectively at the end of 2017
        if scene.cues.between_figures.fullmatch(scene.text, one.end, first.start) is None:
            break
        first = one
    own = (not gap.strip() and when.kind == "same_in") or scene.cues.in_its_time.fullmatch(gap)
    return bool(own and scene.cues.from_before.search(scene.text[: first.start]))


def _of_a_level_behind(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a date behind a figure is that of another figure, from which this one came: up from 12 in early 2024."""
    between = [seen for seen in scene.sentence.amounts if figure.end <= seen.start and seen.end <= when.start]
    while len(between) > 1 and _AND_ONLY.fullmatch(scene.untimed(between[-2].end, between[-1].start)):
        between.pop()  # up from 57 at the end of 2024 and just 0.8 in 2021
    return bool(between) and bool(scene.cues.from_before.search(scene.text[figure.end : between[-1].start]))


_AND_ONLY = re.compile(
    r",?\s+and\s+(?:from\s+)?(?:(?:just|only|a\s+mere|merely|barely|about|some|nearly|around|no\s+more\s+than)\s+)*"
)
"""Between two levels of other times with which a figure is compared."""


def _of_the_year_before(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a Chinese phrase only dates the level of a year before in a clause ahead of a figure."""
    ended = scene.sentence.clause(figure.start)[0] >= when.end
    return ended and when.kind == "before" and not scene.sentence.english


def is_stretch(scene: Scene, when: When) -> bool:
    """Whether a phrase is one of several years in which something changed: from 2012 to 2021, 五年来, “十四五”以来."""
    return when.until is not None or when.kind == "years_till" or (when.kind == "since" and _of_a_plan(scene, when))


def _of_a_plan(scene: Scene, when: When) -> bool:
    """Whether a phrase is a five-year plan, whose years are not said."""
    return when.year is not None and str(when.year) not in scene.text[when.start : when.end]


def before_it(scene: Scene, when: When, days: Span) -> Span:
    """The year of the level from which something changed in a stretch of years: the first of them where the text says it,
    else the one before them.
    """
    said = when.kind not in ("years_till", "since") and not _of_a_plan(scene, when)
    year = days.first.year if said else days.first.year - 1
    return Span(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def changes_from(scene: Scene, at: int) -> bool:
    """Whether a figure is the level before a change in Chinese words: 由5.34万元提升至…."""
    figure = scene.sentence.amounts[at]
    leads = scene.cues.from_.search(scene.segment(figure)) is not None
    behind = scene.text[figure.end : figure.end + _CHANGED]
    return leads and not scene.sentence.english and scene.cues.changes_to.match(behind) is not None


_CHANGED = 18
"""Signs behind a level within which it is said to have changed."""


def note_change(scene: Scene) -> None:
    """Keep the days of two levels of one change, said with both: 由2020年的2.52万亿元提升至2025年的3.28万亿元."""
    for at, figure in enumerate(scene.sentence.amounts[1:], start=1):
        before = scene.sentence.amounts[at - 1]
        if not changes_from(scene, at - 1):
            continue
        start = scene.sentence.clause(before.start)[0]
        first = [days for when, days in scene.spans if start <= when.start < before.start]
        second = [days for when, days in scene.spans if before.end <= when.start < figure.start]
        if len(first) == len(second) == 1 and first[0] is not None and second[0] is not None:
            scene.context.change = first[0], second[0]


def of_the_change(scene: Scene, figure: Quantity) -> Span | None:
    """The days of one of two Chinese levels that say none, of a change like the one before: 由2020年的…提升至2025年的…,
    人均…由5.34万元提升至7.05万元.
    """
    change = scene.context.change
    at = next((at for at, one in enumerate(scene.sentence.amounts) if one is figure), -1)
    first = at if change is not None and changes_from(scene, at) else at - 1
    if change is None or first < 0 or (first != at and not changes_from(scene, first)):
        return None
    start = scene.sentence.clause(scene.sentence.amounts[first].start)[0]
    if any(start <= when.start < figure.start for when, _ in scene.spans):
        return None
    return change[0] if first == at else change[1]


def _of_an_aim_behind(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a date behind a figure is that of an aim in a later clause: 累计建成2万个,力争到2030年走在前列."""
    between = scene.text[figure.end : when.start]
    apart = _APART.search(between)
    if apart is None:
        return False
    expected = scene.sentence.english and scene.cues.expects.search(between, apart.end()) is not None
    return expected or scene.cues.aims.search(between, apart.end()) is not None


_APART = re.compile(r"[,，;；]|\b(?:and|while)\b")
"""What begins another clause."""


def _opens(scene: Scene, when: When) -> bool:
    """Whether a sentence opens with a time before the one just told: a year earlier it had been 13 EFLOPS; the total a year
    earlier was 13 EFLOPS.
    """
    if _THEN_WAS.match(scene.text, when.end) and not any(one.end <= when.start for one in scene.sentence.amounts):
        return True
    start = scene.sentence.clause(when.start)[0] if scene.sentence.english else 0
    small = ("", "only", "just", "but", "and", "barely", "whereas", "while", "when", "though", "although")
    own = re.split(r",\s", scene.text[start : when.start])[-1] if _IT_HAD.match(scene.text, when.end) else ""
    return scene.text[start : when.start].strip() in small or (bool(own) and own.strip() in small)


_THEN_WAS = re.compile(
    r",?\s+(?:it\s+)?(?:was|were|had\s+been|stood\s+at|came\s+to)\s+(?:(?:about|only|just|some)\s+)*\d"
)
"""Behind a time, how much something was then."""
_IT_HAD = re.compile(r",?\s+(?:it|they|there|the\s+[a-z]+)\s+(?:was|were|had\s+(?:been|stood)|stood)\b")
"""Behind a time, what was told before again."""


def _reaches(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a phrase still holds where a figure stands: `since August` ends with its clause."""
    start = scene.sentence.clause(when.start)[0]
    if when.kind == "since" and scene.sentence.english and scene.text[: when.start].strip() in ("", "since"):
        return True
    if when.kind == "lately" and re.search(r"[a-z]{2,}", scene.text[start : when.start]):
        return False  # a 30-fold increase over the past five years; …
    return when.kind != "since" or when.year is not None or scene.sentence.clause(figure.start)[0] <= when.start


BEFORE = re.compile(r"(?:从|由|[比较与同而](?:自己|自身|其|它|往年)?|\bfrom)\s*$")
"""Right before the date of a level that something came from, or is compared with: 比2022年的…, 而2016年底只有…."""


def aside(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese figure is of a time that is only compared with, so that what follows is of another."""
    start = scene.sentence.clause(figure.start)[0]
    dates = [when for when, _ in scene.spans if start <= when.start and when.end <= figure.start]
    dates = [when for when in dates if not left_behind(scene, when, figure)]
    if scene.sentence.english or not dates:
        return False
    return dates[-1].kind == "years_before" or BEFORE.search(scene.text[: dates[-1].start]) is not None


def left_behind(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a date belongs to the level before a change: 由2020年的7个增加到50个."""
    between = [seen for seen in scene.sentence.amounts if when.end <= seen.start < figure.start]
    lead = scene.text[: when.start]
    month = when.first == when.last and when.until is None and BEFORE.search(lead) is not None  # 由4月的8%回落到6%
    if not between or (when.kind == "span" and not month):
        return False
    joined = re.match(r"[^,，。]{0,3}$", scene.text[when.end : between[0].start])
    return bool(BEFORE.search(lead) or when.kind == "years_before" or (joined and scene.cues.from_.search(lead)))


def _of_a_goal(scene: Scene, when: When, figure: Quantity) -> bool:
    """Whether a Chinese date is only that of a goal behind it: 提前完成了2020年150万公里目标,带宽达…."""
    goals = (one for one in scene.sentence.amounts if one.start == when.end and one.end <= figure.start)
    return any(scene.cues.a_goal_behind.match(scene.text, one.end) for one in goals)


def _refined(scene: Scene, before: Sequence[tuple[When, Span]]) -> tuple[When, Span]:
    """The last phrase before a figure; a year beside a nearer month or quarter says no more than its year."""
    when, days = before[-1]
    if when.kind == "year" and len(before) > 1 and when.year is not None:
        earlier, _ = before[-2]
        between = scene.text[earlier.end : when.start]
        if earlier.year is None and earlier.kind != "year" and re.fullmatch(r"\s*(?:of|in|,)?\s*", between):
            return earlier, span(earlier, when.year)
    return when, days
