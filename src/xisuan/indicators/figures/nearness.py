"""How far an indicator is from a figure: distance, with what stands between made dear."""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene, alike
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Mention, Stretch
from xisuan.indicators.language.vocabulary import Term
from xisuan.text.translation import message as _

FARTHEST = 60.0
"""Cost of the distance to an indicator beyond which a figure is not taken to be its."""
_GAP_ZH = 8
A_PART = _("a part of it that is not in the vocabulary")
NO_INDICATOR = _("no indicator of the vocabulary is near that has this unit")
"""Why a figure was left over that is of nothing known."""
TOWNS = ("cities", "prefectures", "prefecture-level", "municipalities", "towns")
"""What may become a gigabit city."""


def of_something(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure is said to be of, from or in something that is not in the vocabulary."""
    what = scene.cues.of_what.match(scene.text, figure.end)
    if what is None or scene.cues.of_nothing_else.match(what["what"]):
        return False
    start, end = what.span("what")
    known: list[Stretch] = [*scene.sentence.times, *scene.sentence.regions, *scene.sentence.mentions]
    return not any(one.start < end + 24 and one.end > start for one in known)


def cost_of(scene: Scene, figure: Quantity, index: int, seen: Mention) -> float:
    """How far an indicator is from a figure: distance, with what stands between made dear."""
    if seen.end <= figure.start:
        return _before(scene, figure, index, seen)
    if figure.start <= seen.start and seen.end <= figure.end:
        return 0.0  # its unit says what it counts: 10万标准机架
    if figure.start < seen.start < figure.end:
        return 0.0  # its name begins with the unit: 8,784 kilometers of expressways
    return FARTHEST if seen.start < figure.end else _behind(scene, figure, seen)


def _before(scene: Scene, figure: Quantity, index: int, seen: Mention) -> float:
    """Cost of an indicator that stands before its figure."""
    text, sentence = scene.text, scene.sentence
    gap = scene.cues.apposed.sub(" ", text[seen.end : figure.start])
    others = [one for one in sentence.amounts if seen.end <= one.start and one.end <= figure.start]
    same = [one for one in others if alike(one, figure)]
    breaks = len(re.findall(r"[，；;。]|,(?!\d)", gap))
    cost = len(gap) / (5.0 if sentence.english else 3.0) + 6.0 * breaks
    holder = scene.used.get(index)
    if holder is not None and sentence.amounts[holder].end <= seen.start and alike(sentence.amounts[holder], figure):
        compared = sentence.english and scene.cues.level_before.search(text[: figure.start])
        compared = compared or (sentence.english and scene.cues.more_behind.match(text, figure.end))
        if not scene.cues.part.search(gap) and not re.search(r"\btotal\b", gap) and not compared:
            return FARTHEST  # it stands behind another figure and belongs to that
        cost += 30.0
    if sentence.english and _by_those_counted(scene, seen, text[seen.end : figure.start]):
        return FARTHEST
    if sentence.english and _another_subject(scene, seen, figure):
        return FARTHEST
    if _other_measure(scene, gap, scene.context.words.terms.get(seen.indicator)):
        return FARTHEST
    if same and sentence.english and _another_named(scene, seen, same[-1], figure):
        return FARTHEST
    if same:
        start = max(one.end for one in (same if sentence.english else others))
        own = _unnumbered(scene, start, figure.start) if sentence.english else text[start : figure.start]
        part = scene.cues.part.search(own)
        known: list[Stretch] = [*sentence.times, *sentence.regions]
        named = part and any(start + part.end() <= one.start < figure.start for one in known)
        left = any(one.start == same[-1].start and why == NO_INDICATOR for one, why in scene.unplaced)
        if left and not sentence.english and not named:
            return FARTHEST  # what was said of something unknown goes on: 从42亿元扩张至120亿元
        if scene.strange(own, False, 0) or (part and not named) or (sentence.english and of_something(scene, figure)):
            return FARTHEST
        cost += 14.0
    elif scene.strange(re.sub(r"^[^，,；;]*[，,；;]", "", gap) if breaks and others else gap, not (breaks and others)):
        cost += 40.0
    return cost


def _unnumbered(scene: Scene, low: int, high: int) -> str:
    """The words between two places in the text with blanks for the amounts there: …, 27 percent of the total, up from …"""
    signs = list(scene.text[low:high])
    for one in scene.sentence.amounts:
        if low <= one.start and one.end <= high:
            signs[one.start - low : one.end - low] = " " * (one.end - one.start)
    return "".join(signs)


def _by_those_counted(scene: Scene, seen: Mention, gap: str) -> bool:
    """Whether a number is of what those counted used or had, not how many they are: households used 15.9 billion."""
    spec = scene.context.words.terms.get(seen.indicator)
    if spec is None or spec.unit != "1" or spec.kind != "stock":
        return False
    told = scene.drafts[-1].term if scene.drafts else scene.context.term
    other = told in scene.context.words.terms and scene.context.words.terms[told].unit != "1"
    return _USED.fullmatch(gap) is not None or (other and _TOOK_UP.fullmatch(gap) is not None)


_USED = re.compile(
    r"\s+(?:[a-z]+ly\s+|together\s+|alone\s+)?(?:used|consumed|spent|paid|bought|took|earned|received|produced|sold|drew|burned|burnt|needed|sent|made|invested|exported"
    r"|imported|generated|handled|collected|contributed)\s+(?:up\s+)?(?:about\s+|some\s+|nearly\s+|over\s+|more\s+than\s+|around\s+|another\s+)?"
)
"""What those counted did with so many of something else."""


_TOOK_UP = re.compile(
    r"\s+(?:[a-z]+ly\s+|together\s+|alone\s+)?(?:accounted\s+for|account\s+for|accounting\s+for|made\s+up|make\s+up|took\s+up|take\s+up)\s+(?:about\s+|some\s+|nearly\s+|over\s+|more\s+than\s+|around\s+)?"
)
"""Between those counted and how much of what was told, which is not counted, is theirs."""


def _another_named(scene: Scene, seen: Mention, before: Quantity, figure: Quantity) -> bool:
    """Whether an indicator of another unit stands between a figure and the one alike before it, of which that was told:
    imports of circuits were 121 billion units; exports, at 62 billion units.
    """
    return any(
        before.end <= one.start
        and one.end <= figure.start
        and not one.whole
        and one.indicator != seen.indicator
        and one.indicator in scene.context.words.terms
        and scene.cues.measured.fullmatch(scene.text, one.start, one.end) is None
        for one in scene.sentence.mentions
    )


def _another_subject(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether a clause between has a subject that nobody knows: solar power rose to x, while wind power rose to y; …; homes
    alone took 29.3 billion.
    """
    part = _ALONE.search(scene.text, seen.end, figure.start)
    if part is not None and not any(part.start() <= one.start < part.end() for one in scene.sentence.regions):
        return True
    for said in scene.cues.other_subject.finditer(scene.text, seen.end, figure.start):
        named: list[Stretch] = [*scene.sentence.times, *scene.sentence.regions, *scene.sentence.mentions]
        if any(one.start < said.end("who") and one.end > said.start("who") for one in named):
            continue
        if re.search(r"[a-z]{2}", scene.cues.filler_en.sub(" ", scene.cues.grows.sub(" ", said["who"]))):
            return True
    return False


_ALONE = re.compile(r"[;,]\s+(?:and\s+|while\s+)?(?:the\s+)?[a-z][\w' -]{1,40}?\s+alone\s+[a-z]+[^,;.]*$")
"""A clause on but a part of what was told."""


def _behind(scene: Scene, figure: Quantity, seen: Mention) -> float:
    """Cost of an indicator that stands behind its figure."""
    gap = re.sub(r",\s*or\s+[^,]{1,40}(?:percent|%)[^,]{0,20},", "", scene.text[figure.end : seen.start])
    if seen.into and not re.search(r"[;.]", gap):
        later = (one for one in scene.sentence.amounts if figure.end <= one.start and one.end <= seen.start)
        return FARTHEST if any(alike(one, figure) for one in later) else 0.0  # invested … in it, whoever did
    if figure.unit != "pct" and _OF_THEM_ARE.fullmatch(gap):
        return 2.0  # some 905 million of them were 5G users
    if re.search(r"[，；;。,.]", re.sub(r"\([^()]*\)", "", gap)) or _OF_THIS.match(gap):
        return FARTHEST
    between = [one for one in scene.sentence.amounts if one.start >= figure.end and one.end <= seen.start]
    if any("(" not in gap and scene.text[one.start : one.end] in gap for one in between):
        return FARTHEST
    if scene.sentence.english and not gap.strip() and figure.unit not in ("", "1", "pct") and not money(figure.unit):
        return 1.0  # 788 EFLOPS intelligent computing scale
    if not scene.sentence.english and (
        _of_its_own(scene, seen, gap) or (figure.unit == "1" and scene.cues.of_its_part.match(scene.text, seen.end))
    ):
        return FARTHEST
    if not scene.sentence.english:
        built = re.search(r"建成|达到|成为|创建", gap) and figure.unit == "1"
        return 3.0 + len(gap) / (2.0 if built else 1.0) if len(gap) <= _GAP_ZH * (3 if built else 1) else FARTHEST
    if figure.unit in ("", "1"):
        return _counted(scene, figure, seen, gap)
    if figure.unit == "pct" and scene.cues.begins_another.search(gap):
        return FARTHEST  # 98 percent and a rate of …
    if scene.sentence.english and gap.strip() == "of" and figure.unit in ("EFLOPS", "GB", "EB"):
        return 0.0  # 17,000 PFLOPS of intelligent computing power
    if _NEXT_SUBJECT.search(gap):
        return FARTHEST  # … to 248 billion yuan in the first half and software revenue climbed …
    if scene.cues.figure_into.fullmatch(gap):
        return 1.0 + len(gap) / 8.0
    if scene.cues.figure_went.fullmatch(gap):
        return 3.0 + len(gap) / 8.0
    return 26.0 + len(gap) / 3.0


_OF_THEM_ARE = re.compile(r"\s+of\s+(?:them|these|those|it|this|that|which)\s+(?:were|are|was|is)\s+")
"""Between so much of what was told and what it is."""
_OF_THIS = re.compile(r"\s+of\s+(?:this|that|it|them|these|the\s+total|the\s+sum|the\s+whole)\b")
"""Behind a part of what was told, which is nothing named behind it."""


_NEXT_SUBJECT = re.compile(r"\s(?:and|while|whereas|but|as|with)\s+(?:the\s+|its\s+|their\s+)?$")
"""Right before an indicator of which a figure of its own is told: it begins another clause."""


def _of_its_own(scene: Scene, seen: Mention, gap: str) -> bool:
    """Whether a Chinese indicator behind a figure is the next of a list, with a figure of its own: 工厂105个、车间574个."""
    behind = any(one.start - seen.end in (0, 1) for one in scene.sentence.amounts)
    return behind and re.match(r"\s*[、和与及]", gap) is not None


def _counted(scene: Scene, figure: Quantity, seen: Mention, gap: str) -> float:
    """Cost of an indicator behind an English count: 120 new 5G base stations."""
    head = scene.text[seen.start : seen.end].split()[-1]
    gap = _BRACKETED.sub(" ", gap)
    if seen.indicator == "family_households" and (
        scene.cues.covers.search(scene.text[: figure.start]) or scene.cues.that_have.match(scene.text, seen.end)
    ):
        return FARTHEST
    if seen.indicator.endswith("_firms") and scene.cues.for_firms.search(scene.text[: figure.start]):
        return FARTHEST
    if gap and not gap.strip(_QUOTES):
        names = scene.text[seen.start : seen.end].split()
        alone = (
            any(word.endswith("s") for word in (head, names[0]))
            or _JOINED.match(scene.text, seen.end) is None
            or figure.value <= 1
        )
        return (
            0.0 if alone else FARTHEST
        )  # so many of these; but 92 million mobile phone and 9 million fixed-line users
    if re.match(rf"\s*{re.escape(head)}\b", scene.text[figure.end :]):
        return 2.0
    if seen.indicator.endswith("cities") and any(re.match(rf"\s*(?:[\w-]+\s+){{0,2}}{town}\b", gap) for town in TOWNS):
        return 2.0
    if re.fullmatch(r"\s+(?:of\s+(?:whom|which|them|these|those)\s+)?(?:were|are|was|is)\s+(?:[\w/-]+\s+){0,2}", gap):
        return 3.0
    if re.search(
        r"\b(?:will|become\w*|to|was|were|are|is|have|had|has|and|or|as|while|when|but|than)\b", gap
    ) or scene.cues.by_whom.search(gap):
        return FARTHEST
    return (
        2.0 + len(gap) / 4.0 if re.fullmatch(r"[\s-]*(?:of\s+)?(?:[\"“”']?[\w'-]+[\"“”']?\s+){0,3}", gap) else FARTHEST
    )


_QUOTES = " \t\n\"“”'‘’"
"""Blanks and quotes, which say nothing."""
_JOINED = re.compile(r"\s+(?:and|or)\s+[\d.,]+")
"""Behind the first of two that share their last word: 92 million mobile phone and 9 million fixed-line subscribers."""
_BRACKETED = re.compile(r"\([^()]*\)")


def _other_measure(scene: Scene, gap: str, term: Term | None) -> bool:
    """Whether the words between an indicator and a figure name something else to be measured of it."""
    if term is None:
        return False
    return any(
        match[0] not in f"{term.title.lower()} {term.title_zh}" and not (match[0] == "资产" and "投资" in term.title_zh)
        for match in scene.cues.other_measure.finditer(gap)
    )
