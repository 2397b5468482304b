"""What kind of statement a figure is: actual, preliminary, projected or target."""

from __future__ import annotations

import datetime
import re

from xisuan.indicators.figures.presence import in_the_present
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity


def of_figure(scene: Scene, figure: Quantity, days: Span, *, deadline: bool, old: bool) -> str:
    """The standing that the words around a figure and the day of publication give it.

    A word of aim or expectation holds from where it stands to the end of the sentence, until a clause says that
    something was done; it never reaches back over a break to a figure before it.
    """
    published = scene.context.published
    future = published is not None and days.last > published
    past = published is not None and days.last <= published
    lead = _lead(scene, figure, over=not future or scene.sentence.english)
    aims = [match.start() for match in scene.cues.aims.finditer(lead) if not (past and match[0] == "年内")]
    expects = [match.start() for match in scene.cues.expects.finditer(lead)]
    before = past and not deadline and not old and scene.sentence.english
    if before and (
        scene.cues.from_before.search(scene.text, 0, figure.start) or _LEVEL_OF.search(scene.text, 0, figure.start)
    ):
        return "actual"  # raise it to 100 EFLOPS, from about 40 at the end of 2023
    if before and (_told_apart(scene, figure) or _was_so(scene, figure)):
        return "actual"
    if expects and (not aims or expects[-1] >= aims[-1] or scene.sentence.english):
        return "projected"
    if future and scene.sentence.english and _ESTIMATED.search(lead):
        return "projected"
    done = scene.cues.done.search(lead)
    if aims and not (past and not deadline and done and not future):
        return "target"
    if (future or published is None) and _under_an_aim(scene, figure):
        return "target"
    context = scene.context
    happened = bool(done or scene.cues.past.search(_own(scene, figure)))
    goes_on = past and context.status == "actual" and context.settled == days  # what a plan begins from
    aimed_at = old and not goes_on if past else True
    if context.planned and not deadline and not scene.cues.past.search(_own(scene, figure)) and aimed_at:
        return "target"
    follows = scene.part or future or context.aimed
    today = days.point and days.last == published and in_the_present(scene, figure)
    stands = scene.sentence.english and not context.planned
    stands = stands and (today or _FACT.search(_own(scene, figure)) is not None)
    happened = happened or stands or (scene.sentence.english and _WERE.match(scene.text, figure.end) is not None)
    if old and follows and not happened and context.status in ("target", "projected"):
        return context.status
    aim = context.aim
    begun = published is not None and not happened and _just_begun(days, published)
    told = aim is not None and aim.last == days.last  # of which aims were told
    before = context.settled is not None and published is not None and context.settled.last.year < published.year
    free = before and not scene.sentence.english and _TOLD.search(scene.text, 0, figure.start) is None
    begun = begun and (told or free)  # behind what was told of the year before
    if begun and published is not None:
        inherited = old and not scene.sentence.english and published.month < _FIRST_MONTHS
        if inherited or _named_year(scene, figure, published.year):
            return "target"
    this_month = published is not None and (days.last.year, days.last.month) == (published.year, published.month)
    if (
        future
        and published is not None
        and not (old and happened)
        and (deadline or (days.first > published and not this_month))
    ):
        return "target"
    if published is None and deadline and not old and not happened and _nothing_later(scene, days):
        return "target"
    return "preliminary" if scene.cues.first_figures.search(scene.text) else "actual"


_ESTIMATED = re.compile(
    r"\b(?:is|are|has\s+been|have\s+been)\s+(?:now\s+|already\s+)?(?:estimated|put|seen|reckoned)\s+(?:at|to\s+be)\b"
)
"""Words for a figure that is an estimate, which is a forecast of what has not ended."""


def _under_an_aim(scene: Scene, figure: Quantity) -> bool:
    """Whether what is before the semicolon was aimed at, and what is behind it goes on in the same days without a word of
    what was done: 2026年计划算力规模达到190EFLOPS;智算占比超过90%.
    """
    stop = max(scene.text.rfind(sign, 0, figure.start) for sign in ";；")
    before = [one for one in scene.drafts if scene.sentence.amounts[one.at].end <= stop]
    if not before or before[-1].status != "target":
        return False
    end = scene.cues.standing_stops.search(scene.text, figure.end)
    own = scene.text[stop : end.start() if end else len(scene.text)]
    timed = any(stop < when.start < figure.start for when, _ in scene.spans)
    return not timed and scene.cues.past.search(own) is None


def _nothing_later(scene: Scene, days: Span) -> bool:
    """Whether a Chinese text without a day names no year behind these days, so that `到2025年` reaches ahead."""
    anchor = scene.context.anchor
    return not scene.sentence.english and (anchor is None or anchor <= days.last.year)


def _told_apart(scene: Scene, figure: Quantity) -> bool:
    """Whether a clause of its own, without a word of aim or expectation, tells in the past how much there was: growth of 5
    percent is expected, after GDP expanded 5.1 percent in 2024; nobody expects trouble: they used 2.9 billion in 2024.
    """
    begins = max((found.end() for found in _APART.finditer(scene.text, 0, figure.start)), default=0)
    own = scene.text[begins : figure.start]
    hoped = scene.cues.aims.search(own) or scene.cues.expects.search(own)
    return begins > 0 and not hoped and scene.cues.past.search(own) is not None


def _was_so(scene: Scene, figure: Quantity) -> bool:
    """Whether an English sentence tells in the past, behind a year of its own, how much there was, whatever it said of a
    plan before: according to the plan, in 2020 it accounted for 33 percent.
    """
    ends = [when.end for when, days in scene.spans if days is not None and when.end <= figure.start]
    own = scene.text[max(ends) : figure.start] if ends else ""
    return _WAS.search(own) is not None and not scene.cues.aims.search(own) and not scene.cues.expects.search(own)


_WAS = re.compile(
    r"\b(?:accounted\s+for|was|were|had(?!\s+(?:to|set|aimed|planned|hoped))|reached|stood\s+at|came\s+to|amounted\s+to|totall?ed|numbered|made\s+up|earned)\s+(?:(?:about|some|only|just|nearly|over)\s+)*$"
)
"""Right before how much there was."""
_APART = re.compile(r"[:;]\s+|,\s+(?:after|when|where|while|although|though|having)\s+")
"""What begins a clause that tells something else than the one before it."""
_WERE = re.compile(r"\s+[^,;.\d]{0,50}\b(?:were|was|had|ha(?:s|ve)\s+been)\s+(?!to\b)")
"""Behind a figure, that what it counts was so already: 19 million of them were using 5G."""
_LEVEL_OF = re.compile(r"\b\d{4}\s+(?:levels?|figures?|totals?|readings?|values?)\s+of\s+(?:[a-z]+\s+)?$")
"""Before how much there was in a year that an aim is compared with: twice the 2021 level of 0.9 trillion."""
_FACT = re.compile(r"\b(?:already|has|have|carry|carries|serves?|houses?|hosts?|boasts?|operates?|runs?)\b(?!\s+to\b)")
"""Verbs of what is so when it is told, whatever was aimed at before."""
_TOLD = re.compile(r"截至|累计|已经?|\d月")
"""What makes a Chinese figure of a year that has but begun one of what happened all the same."""
_FIRST_MONTHS = 3


def _just_begun(days: Span, published: datetime.date) -> bool:
    """Whether days are the whole of a year that has but begun: nothing of it can have happened."""
    year = datetime.date(published.year, 1, 1), datetime.date(published.year, 12, 31)
    return (days.first, days.last) == year and published.month <= _FIRST_MONTHS


def _named_year(scene: Scene, figure: Quantity, year: int) -> bool:
    """Whether the year, in Chinese be it but 全年, is named before a figure: 2022年,新建5G基站2.5万个."""
    named = (year, None) if not scene.sentence.english else (year,)  # 全年
    return any(when.kind == "year" and when.year in named and when.end <= figure.start for when, _ in scene.spans)


def _own(scene: Scene, figure: Quantity) -> str:
    """The words of a sentence that lead to a figure."""
    return scene.text[: figure.start]


def _head_of_list(scene: Scene, figure: Quantity) -> int:
    """Where the clause begins that says that all items of an English list behind its colon are aimed at: the main expected
    targets for 2025 are: growth of 5 percent; …; where the figure stands in no such list, the figure itself.
    """
    colon = scene.text.find(": ", 0, figure.start)
    if not scene.sentence.english or colon < 0:
        return figure.start
    start = max(0, *(match.end() for match in re.finditer(r"[;。]", scene.text[:colon])), 0)
    head = scene.text[start:colon]
    aimed = scene.cues.aims.search(head) or scene.cues.expects.search(head)
    return start if aimed and scene.cues.met.search(head) is None else figure.start


def _lead(scene: Scene, figure: Quantity, *, over: bool) -> str:
    """The words that may lend a figure its standing: before it in the sentence, and right behind it; where its days are
    not `over`, so that a word of aim holds on, those before a semicolon too.
    """
    text, start = scene.text, 0
    if over and not scene.cues.met.search(text):
        start = max([0, *(match.end() for match in re.finditer(r"[；;。]", text[: figure.start]))])
    listed = scene.cues.goal_list.search(text, 0, figure.start)
    start = min(start, listed.start()) if listed else min(start, _head_of_list(scene, figure))
    lead = text[start : figure.start]
    held = [match.end() for match in (*scene.cues.aims.finditer(lead), *scene.cues.expects.finditer(lead))]
    if held:
        for match in scene.cues.done_clause.finditer(lead):
            if match.start() >= max(held):
                lead = lead[match.start() :]
                break
    stop = scene.cues.standing_stops.search(text, figure.end)
    behind = text[figure.end : min(stop.start() if stop else len(text), scene.next_amount(figure))]
    if scene.cues.goal_behind.match(text, figure.end):
        behind += " 目标"
    return scene.cues.met.sub(" ", lead) + " " + scene.cues.met.sub(" ", behind)
