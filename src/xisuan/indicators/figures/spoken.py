"""What the words around a percentage say of it: growth, share, ratio, or none of these."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xisuan.indicators.figures import placing
from xisuan.indicators.figures.bases import over_the_year
from xisuan.indicators.figures.belonging import nearest
from xisuan.indicators.figures.growths import clause_of, of_place
from xisuan.indicators.figures.scene import Scene, Told
from xisuan.indicators.language.quantities import Quantity
from xisuan.text.translation import message as _

_CHANGED_FROM = re.compile(r"\s*(?:up|down)\s+from\b")
"""Right behind a level of which it says what it was before."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the words around a percentage say: that something grew (before it, or `late` behind it), or is a share."""

    growth: bool
    shared: bool
    late: bool
    ratio: Told | None


def spoken(scene: Scene, at: int, lead: str, rest: str) -> Said:
    """What the words before a percentage, `lead`, and behind it, `rest`, say of it."""
    growth = [match.end() for match in scene.cues.grows.finditer(lead)]
    share = [match.end() for match in scene.cues.shares.finditer(lead)]
    share = share or ([0] if not growth and _part_of_a_level(scene, at, lead) else [])
    late = scene.sentence.english and bool(scene.cues.grows.search(rest[:44]))
    late = late and not (_CHANGED_FROM.match(rest) and scene.cues.stood_at.search(lead))
    if late and scene.cues.represents.search(lead):
        share = []
    figure = scene.sentence.amounts[at]
    late |= not scene.sentence.english and (grows_behind(scene, at) or scene.text[figure.start : figure.end] == "持平")
    late |= scene.sentence.english and (scene.sentence.amounts[at].value < 0.0 or over_the_year(scene, at))
    late |= scene.sentence.english and bool(re.search(r"\bby\s+(?:an?\s+)?(?:[a-z-]+\s+){0,2}$", lead))
    if share and (scene.cues.to_level.search(lead) or scene.cues.from_.search(lead)):
        growth, late = [], False  # its share rose from 34 percent
    ratio = nearest(scene, at)
    if ratio is not None and ratio[0] is None and (late or growth):
        ratio = None  # the change of something said here is not the ratio of the sentence before
    if continues(scene, at):
        growth, share = ([], [0]) if scene.drafts[-1].share is not None else ([0], [])
    listed = scene.listed
    if {at, at - 1} <= listed and not growth and not share and _first_shares(scene, at):
        share = [0]
    elif {at, at - 1} <= listed and not growth and not share and scene.drafts and not _a_ratio_ahead(scene, at):
        told = of_place(scene, at - 1) if at in scene.places else None
        again = told.growth == scene.sentence.amounts[at - 1].value if told else False
        again |= any(one.growth is not None and (told is None or one.at == at - 1) for one in scene.drafts)
        growth, share = ([0], []) if again else ([], [0])
        ratio = None if ratio is not None and ratio[0] is None else ratio
    elif {at, at - 1} <= listed and not growth and not share:
        growth = [0] * _first_grows(scene, at)
    return Said(bool(growth), bool(share) and not (growth and growth[-1] > share[-1]), late, ratio)


def _part_of_a_level(scene: Scene, at: int, lead: str) -> bool:
    """Whether an English percentage stands with a part of the level just read: of which A no less than 60
    percent.
    """
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is None or last.at != at - 1 or last.value is None or last.unit == "pct":
        return False
    low = scene.sentence.amounts[at].start - len(lead)
    inside = [one for one in scene.sentence.mentions if low <= one.start and one.end <= low + len(lead)]
    return (
        len(inside) == 1
        and _OF_WHICH.search(lead[: inside[0].start - low]) is not None
        and _IS.fullmatch(lead[inside[0].end - low :]) is not None
    )


_OF_WHICH = re.compile(r",\s+(?:and\s+)?(?:of|within|among)\s+(?:which|that|this|it|them|these)\s*,?\s+(?:the\s+)?$")
_IS = re.compile(
    r"\s+(?:(?:is|are|was|were|be|should\s+be|will\s+be|to\s+be|has\s+to\s+be|at\s+least|no\s+less\s+than|not\s+less\s+than|no\s+fewer\s+than|more\s+than|over|about|some|nearly|above|almost)\s+)*"
)
"""Around a part of what was just told."""


def _a_ratio_ahead(scene: Scene, at: int) -> bool:
    """Whether a ratio is named right before the list of Chinese percentages that one is in: 平均上架率分别为52%和71%."""
    amounts, terms = scene.sentence.amounts, scene.context.words.terms
    while at and scene.cues.between_figures.fullmatch(scene.text, amounts[at - 1].end, amounts[at].start):
        at -= 1
    low = amounts[at - 1].end if at else 0
    named = [one for one in scene.sentence.mentions if low <= one.start < amounts[at].start and not one.whole]
    last = terms.get(named[-1].indicator) if named else None
    return last is not None and last.kind == "ratio" and not scene.sentence.english


def grows_behind(scene: Scene, at: int) -> bool:
    """Whether a Chinese percentage, or the list that it begins, is a growth by the words behind: 17.7%和16.9%的高增长."""
    amounts = scene.sentence.amounts
    while at + 1 < len(amounts) and scene.cues.between_figures.fullmatch(
        scene.text, amounts[at].end, amounts[at + 1].start
    ):
        at += 1
    return scene.cues.grows_behind_zh.match(scene.text, amounts[at].end) is not None


def _first_shares(scene: Scene, at: int) -> bool:
    """Whether the list that a Chinese percentage is in begins with a share: 占工业的比重分别为56.5%和31.4%."""
    amounts = scene.sentence.amounts
    while at and scene.cues.between_figures.fullmatch(scene.text, amounts[at - 1].end, amounts[at].start):
        at -= 1
    lead = scene.segment(amounts[at])
    return not scene.sentence.english and "占" in lead and not scene.cues.grows.search(lead)


def _first_grows(scene: Scene, at: int) -> bool:
    """Whether a list, of whose first figures nothing was read, begins with growth."""
    listed = scene.listed
    while at - 1 in listed:
        at -= 1
    return bool(scene.cues.grows.search(scene.segment(scene.sentence.amounts[at])))


def neither(scene: Scene, figure: Quantity, lead: str, rest: str) -> str:
    """Why a percentage is neither growth nor share; blank where it may be."""
    if scene.cues.progress.search(lead) or scene.cues.progress_after.match(rest):
        return _("progress against a plan, not growth")
    dated = any(when.kind != "years_till" for when in scene.sentence.times)
    if scene.cues.several_years.search(clause_of(scene, figure)) and not dated:
        return _("of several years, not of one period")
    if not scene.sentence.english and scene.cues.recent_years.search(lead):
        return _("of several years, not of one period")
    if placing.of_the_rest(scene, figure) or placing.of_several(scene, figure):
        return placing.NOT_NAMED
    if scene.cues.several_years.search(rest) and scene.cues.grows.search(lead + rest):
        return _("of several years, not of one period")
    if scene.cues.the_growth.search(lead) and scene.cues.exceeds.match(scene.text, figure.end):
        return _("a change of a growth, not a growth")
    if _difference(scene, figure):
        return _("by how much one is more than another, not a growth")
    if scene.cues.had_been_expected.search(scene.text[: figure.start]):
        return _("what had been expected, not what happened")
    if scene.sentence.english and _SO_MANY_TIMES_THE.search(lead):
        return _("what something is compared with")
    if scene.cues.requires.search(lead):
        return _("a requirement, not what happened")
    if scene.cues.contribution.search(lead):
        return _("a contribution to the growth of something, not a share")
    listed = any(scene.sentence.amounts[at] is figure for at in scene.pairs)
    if not listed and scene.cues.contributes.search(lead) and scene.cues.to_growth.match(rest):
        return _("a contribution to the growth of something, not a share")
    if listed and scene.sentence.english and _of_contributions(scene, figure):
        return _("a contribution to the growth of something, not a share")
    if scene.cues.averages.search(lead):
        return _("an average of several years")
    if scene.cues.some_subject.search(scene.text[: figure.start]):
        return _("of some of them, not of all")
    if scene.cues.in_which_it_was.search(scene.text[: figure.start]):
        return _("what something is compared with")
    if scene.cues.together.search(lead):
        return _("of several things together")
    if scene.cues.of_some.match(rest):
        return _("it says which ones are meant, not how much")
    if scene.cues.compared_level.match(rest) and re.search(r"较|超过|高于|低于|比", lead):
        return _("what something is compared with")
    if scene.cues.of_owners.match(rest):
        return _("a share of something that is not in the vocabulary")
    return ""


_SO_MANY_TIMES_THE = re.compile(
    r"\b(?:twice|double|triple|half|treble|(?:two|three|four|five|\d+(?:\.\d+)?)\s+times)\s+(?:the|its|a)\s+(?:[a-z-]+\s+){0,4}$"
)
"""Before a percentage of which the one told is a multiple: nearly twice the 7.7 percent of all industry."""


def _of_contributions(scene: Scene, figure: Quantity) -> bool:
    """Whether an English percentage is one of a list of contributions: contributed 5.2, 38.6 and 56.2 percent to growth."""
    amounts = scene.sentence.amounts
    first = last = amounts.index(figure)
    joined = scene.cues.between_figures.fullmatch
    while first and joined(scene.text, amounts[first - 1].end, amounts[first].start):
        first -= 1
    while last + 1 < len(amounts) and joined(scene.text, amounts[last].end, amounts[last + 1].start):
        last += 1
    leads = scene.cues.contributes.search(scene.segment(amounts[first])) is not None
    return leads and _TO_GROWTH.match(scene.text, amounts[last].end) is not None


_TO_GROWTH = re.compile(r"\s+(?:to|of|towards?)\s+(?:[\w'-]+\s+){0,4}?(?:growth|expansion)\b")
"""Behind what was contributed to a growth."""


def _difference(scene: Scene, figure: Quantity) -> bool:
    """Whether a percentage is by how much one thing exceeds another: 6.8 percent higher than primary industries."""
    said = scene.cues.exceeds.match(scene.text, figure.end)
    if said is None:
        return False
    times = scene.context.words.times
    dated = any(
        when.start >= said.end() and _TO_A_TIME.fullmatch(scene.text, said.end(), when.start)
        for when in scene.sentence.times
    )
    return not dated and times.compared.match(scene.text, said.start("than")) is None


_TO_A_TIME = re.compile(r"(?:(?:that|those|the|a|in|of|at|during)\s+)*")
"""Between `than` and a time that makes a percentage a growth."""


def continues(scene: Scene, at: int) -> bool:
    """Whether a percentage is the later of two: from 23 % to 46 %, of which the first said what they are."""
    if not at or scene.sentence.amounts[at - 1].unit != "pct" or not scene.drafts or scene.drafts[-1].at != at - 1:
        return False
    before = scene.sentence.amounts[at - 1]
    gap = scene.text[before.end : scene.sentence.amounts[at].start]
    return bool(scene.cues.from_.search(scene.text[: before.start]) and scene.cues.from_a_share.search(gap))
