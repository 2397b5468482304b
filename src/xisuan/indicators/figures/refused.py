"""Why a figure is no level of its indicator: of a plan, a project, a part, what is being built, before a change."""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating, placing
from xisuan.indicators.figures.nearness import A_PART
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Stretch
from xisuan.text.translation import message as _

CHANGE = _("a change, not a level")
_NO_LEVEL = (
    ("before", "plan_before", _("the figure of a plan, not of what happened")),
    ("opens", "once_built", _("of a project, not of a region")),
    ("before", "firm_project", _("of a project, not of a region")),
    ("before", "several_sessions", _("of several years, not of one period")),
    ("before", "some_subject", _("of some of them, not of all")),
    ("before", "as_low_as", _("the best or worst of several, not of all")),
    ("before", "could_hold", _("what could stand, not what stands")),
    ("before", "requires", _("a requirement, not what happened")),
    ("before", "condition", _("a condition, not what happened")),
    ("before", "small_place", _("of one village, building or firm, not of a region")),
    ("behind", "at_one_site", _("of one village, building or firm, not of a region")),
    ("behind", "of_a_grade", _("it says of what kind something is, not how much there is")),
    ("behind", "of_some", _("it says which ones are meant, not how much")),
    ("behind", "whole_of_some", _("it says which ones are meant, not how many there are")),
    ("behind", "asked", _("those who were asked, not all")),
    ("lead", "in_days", _("of some hours or days, not of a period")),
    ("before", "times_ahead", _("what something is compared with")),
    ("behind", "not_yet", _("what could stand, not what stands")),
    ("behind", "being_built", _("what is being built, not what stands")),
    ("before", "in_a_row", _("a mark that was passed, not a level")),
    ("behind", "every_year", _("of each of several years")),
    ("behind", "per_so_many", _("one for every so many people, not a level")),
    ("before", "had_been_expected", _("what had been expected, not what happened")),
    ("before", "compared_with", _("by how much one is more than another, not a level")),
    ("before", "or_so_much", CHANGE),
    ("behind", "in_hours", _("of some hours or days, not of a period")),
    ("behind", "than_before", CHANGE),
    ("before", "used_in", _("it says which ones are meant, not how many there are")),
    ("before", "intended", _("what some mean to do, not what was agreed")),
    ("lead", "under_way", _("what is being built, not what stands")),
    ("before", "worked_on", _("what is worked on, not how much there is")),
    ("lead", "together", _("of several things together")),
    ("lead", "each", _("of each of several, not of all")),
)
"""Cues that make a figure no level: where their words stand (before it in the sentence, leading to it from the figure
before, right behind it, opening the sentence), their name, and why.
"""


def why_none(scene: Scene, figure: Quantity, term: str, index: int | None, *, new: bool) -> str:
    """Why a figure is no level of its indicator; blank where it may be one. `new`: whether it counts what is new."""
    cues, lead = scene.cues, scene.segment(figure)
    found = {
        "before": lambda cue: cue.search(scene.text[: figure.start]),
        "lead": lambda cue: cue.search(lead),
        "behind": lambda cue: cue.match(scene.text, figure.end),
        "opens": lambda cue: cue.match(scene.text),
    }
    every = scene.context.words.terms[term].unit == "per_10k"  # so many of each 10,000 people
    done = index is not None and scene.sentence.mentions[index].number >= 0
    skipped = ("each",) * (every or term == "dou_month") + ("used_in",) * done
    skipped += ("being_built",) * (term == "projects" or term.endswith("_building"))
    why = next(
        (why for where, name, why in _NO_LEVEL if name not in skipped and found[where](getattr(cues, name))),
        "",
    )
    if lead.endswith("(") and cues.defined.match(scene.text, figure.end):
        return _("what a unit means, not how much there is")
    aimed = cues.aims.search(lead) or cues.expects.search(lead)
    kind = scene.context.words.terms[term].kind
    if why:
        return why
    if cues.plan_after.match(scene.text, figure.end) and not aimed:
        return _("the figure of a plan, not of what happened")
    if figure.unit in ("", "1") and not done and (why := _known_group(scene, figure, term)):
        return why
    if cues.respectively_behind.match(scene.text, figure.end) and not _in_a_list(scene, figure):
        return _("of each of several, not of all")
    if cues.came.search(lead) and kind == "stock" and not done:
        return _("what came in a period, not what stands")
    if _earlier(scene, figure) or before_a_change(scene, figure):
        return _("the level before a change, whose date is not said")
    start, end = scene.sentence.clause(figure.start)
    dated = any(start <= when.start < end or when.until for when, _ in scene.spans)
    if kind == "flow" and scene.sentence.english and cues.since_it_began.search(scene.text, start, end):
        return _("of several years, not of one period")
    if kind == "flow" and cues.several_years.search(scene.text[start:end]) and not dated:
        return _("of several years, not of one period")
    if placing.of_several(scene, figure) or placing.of_the_rest(scene, figure):
        return placing.NOT_NAMED
    if scene.sentence.english and _PASSED.search(lead) and _STOOD.match(scene.text, figure.end):
        return _("a mark that was passed, not a level")
    if scene.sentence.english and _passed_by_it(scene, figure, term):
        return _("a mark that was passed, not a level")
    if index is not None and _two_in_one(scene, figure, index):
        return _("of several things together")
    if not new and _part_of_itself(scene, figure, term):
        return A_PART
    return ""


_PASSED = re.compile(
    r"\b(?:crossed|passed|broke(?:n)?|topped|surpassed|cleared|exceeded|crossing|passing)\s+(?:through\s+)?(?:the\s+)?(?:(?:threshold|mark|barrier|line|level)\s+of\s+)?(?:about\s+)?$"
)
_STOOD = re.compile(
    r"(?:[^.;,\d]|\b(?:19|20)\d\d\b){0,50}\band\s+(?:amounted\s+to|stood\s+at|reached|came\s+to|hit|totall?ed|now\s+stands\s+at)\s+(?:(?:about|some|nearly|over)\s+)*\d"
)
"""Around a mark that was passed, when the level itself is told behind it."""


def _passed_by_it(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether a figure is a mark that the level just read has passed: 6.0013 trillion, crossing the 6-trillion threshold."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.term != term or last.value is None or _MARK.match(scene.text, figure.end) is None:
        return False
    return in_unit(figure, scene.context.words.terms[term].unit)[0] <= last.value


def _two_in_one(scene: Scene, figure: Quantity, index: int) -> bool:
    """Whether one Chinese amount is of two industries in one breath: 软件和大数据产业营收118亿元."""
    if scene.sentence.english and figure.unit == "MW":
        one = scene.sentence.mentions[index]
        return one.end <= figure.start and _AND_MORE.match(scene.text, one.end) is not None
    if scene.sentence.english or not money(figure.unit) or _in_a_list(scene, figure) or not index:
        return False
    before, one = scene.sentence.mentions[index - 1], scene.sentence.mentions[index]
    joined = _AND_ZH.fullmatch(scene.text, before.end, one.start) is not None
    return joined and before.indicator != one.indicator and not before.whole and one.end <= figure.start


_AND_MORE = re.compile(
    r"\s+and\s+(?:wind|solar|hydro|thermal|nuclear|coal|gas|photovoltaic)[a-z-]*\s+(?:[a-z]+\s+)?(?:with|had|have|together|combined)\b"
)
"""Behind the first of two sources of power of which one capacity is told."""
_AND_ZH = re.compile(r"和|与|及|以及")
"""Between two industries told of together."""


def _known_group(scene: Scene, figure: Quantity, term: str) -> str:
    """Why a count is not how many there are: the 23 projects, 10 projects that won prizes, one of them."""
    cues = scene.cues
    marked = _MARK.match(scene.text, figure.end) is not None  # passed the 35 million mark
    definite = scene.sentence.english and not marked and cues.definite.search(scene.text[: figure.start])
    if definite and not term.endswith("_cities") and not _whole_of_a_part(scene, figure, term):
        return _("a group that was counted elsewhere")
    batch = "batch" in scene.context.words.terms[term].flags and not _all_there_are(scene, figure)
    if batch or cues.some_of_them.match(scene.text, figure.end):
        return _("it says which ones are meant, not how many there are")
    if figure.value == 1.0 and scene.text[figure.start : figure.end] in _AN:
        return _("one of them, not how many there are")
    return ""


def _whole_of_a_part(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether an English sentence opens with how many there are, of which it tells a part, and nobody told it before: of the
    16 million broadband users, 5 million …
    """
    opens = scene.sentence.english and _OF_THE.fullmatch(scene.text, 0, figure.start)
    told = (name for name, _ in scene.context.stood)
    return bool(opens) and (figure.scaled or figure.value >= _MANY) and term not in told


_MARK = re.compile(r"\s*-?(?:mark|threshold|milestone|barrier|line|level)\b")
"""Behind a number that was passed."""
_OF_THE = re.compile(r"\s*(?:of|among)\s+(?:the|its|[a-z]+'s)\s+(?:(?:about|some|nearly|over|more\s+than)\s+)*")
_MANY = 10000.0
"""Things from which on a count is that of a region."""


def _all_there_are(scene: Scene, figure: Quantity) -> bool:
    """Whether the clause of a count says that there are so many, not that so many were part of something."""
    start, end = scene.sentence.clause(figure.start) if scene.sentence.english else (0, figure.start)
    return scene.cues.there_are.search(scene.text, start, end) is not None


_AN = ("one", "一个", "一座", "一家", "一项", "一台")
"""Numbers that mean no more than an article."""


def _in_a_list(scene: Scene, figure: Quantity) -> bool:
    """Whether a list settles which indicator or region a figure is of."""
    at = scene.sentence.amounts.index(figure)
    return at in scene.pairs or at in scene.places


def _earlier(scene: Scene, figure: Quantity) -> bool:
    """Whether an English figure is the level before the one just read and no day of its own stands behind it."""
    said = scene.sentence.english and scene.cues.level_before.search(scene.segment(figure))
    if not said or not scene.drafts:
        return False
    return not any(0 <= when.start - figure.end < _NEAR for when, _ in scene.spans)


_NEAR = 16
"""Signs within which the day of a level stands behind it."""


def _part_of_itself(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether a figure is said to be a part of one that was read as the same indicator: 18 large ones, including 8 huge."""
    last = scene.drafts[-1] if scene.drafts else None
    if last is None or last.term != term or last.value is None:
        return False
    if scene.sentence.english and scene.cues.level_before.search(scene.segment(figure)):
        return False  # 27 percent of the total, up from 8 million
    start = scene.sentence.amounts[last.at].end
    gap = scene.text[start : figure.start]
    if not scene.sentence.english and _IN_BRACKETS.search(gap):
        return not any(start <= one.start < figure.start for one in scene.sentence.mentions)
    if scene.sentence.english and _OF_WHICH.match(scene.text, figure.end) and figure.value <= last.value:
        return True
    part = scene.cues.part.search(scene.text, start, figure.start)
    if part is None or figure.value > last.value:
        return False
    named: list[Stretch] = [*scene.sentence.times, *scene.sentence.regions]
    return not any(part.end() <= one.start < figure.start for one in named)


_OF_WHICH = re.compile(r"\s+(?:yuan\s+)?of\s+(?:which|whom|them|these|it|that|this)\b")
"""Behind a figure that is a part of the one before it: 6.2 billion yuan of which went to 5G."""
_IN_BRACKETS = re.compile(
    r"^[^()]{0,8}\((?:其中)?(?!较|比|同比|去年|上年|全|截至|折合|约|超)[\u4e00-\u9fff]{2,6}(?:[\d.]+[\u4e00-\u9fff]+、[\u4e00-\u9fff]{2,6})*$"
)
"""Between a total and a part in the brackets right behind it: (风电2534万千瓦、光伏1708万千瓦)."""


def before_a_change(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure is the level before a change without a date of its own: from 7 to 50."""
    behind = scene.text[figure.end : figure.end + 18]
    leads = scene.cues.from_.search(scene.segment(figure))
    if leads is None or scene.next_amount(figure) == len(scene.text) or not scene.cues.changes_to.match(behind):
        return False
    stretched = any(dating.is_stretch(scene, when) for when, _ in scene.spans)
    if stretched or dating.of_the_change(scene, figure) is not None:
        return False  # from 11 to 45 from 2012 to 2021
    low = figure.start - _ITS_DATE
    if not scene.sentence.english:
        low = figure.start - len(scene.segment(figure)) + leads.start()  # 2025年,通达率从60%提升到98%
    dated = any(
        low < when.end <= figure.start or _ITS_DAY.fullmatch(scene.text, figure.end, when.start)
        for when, _ in scene.spans
    )
    return not dated or dating.of_figure(scene, figure)[0] is None


_ITS_DATE = 14
"""Signs within which the date of an English level before a change ends before it."""
_ITS_DAY = re.compile(r"\s*(?:[(（]|in\s|个|户|家|亿元)?\s*")
"""Between the level before a change and its own day."""
