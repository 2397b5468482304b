"""The indicator of the sentence before, where a sentence only names places, times or parts of what was told; not where it
tells of what somebody spent, of every year, or of a thing of its own.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.having import the_whole, whole_of
from xisuan.indicators.figures.nearness import of_something
from xisuan.indicators.figures.scene import Scene, alike
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Mention, Stretch


def inherited(scene: Scene, figure: Quantity) -> tuple[int | None, str] | None:
    """The indicator of the sentence before, where this one only names places, times or parts."""
    context, sentence = scene.context, scene.sentence
    if _after_one_left(scene, figure) or _A_PART.match(scene.text, figure.end) or _new_subject(scene, figure):
        return None
    if sentence.english and scene.cues.firm_subject.match(scene.text):
        return None
    if sentence.english and (_THAT_SOMEBODY.match(scene.text, figure.end) or _EVERY_YEAR.match(scene.text, figure.end)):
        return None
    if sentence.english and (_after_something_else(scene, figure) or _SPENT.search(scene.segment(figure))):
        return None
    own = money(figure.unit) or figure.unit == "1" or (sentence.english and scene.part)
    own |= sentence.english and re.match(r"\s*(?:its|their)\s", scene.text) is not None
    terms = [context.term] if own else [context.term, *reversed(context.earlier)]
    fitting = [name for name in terms if name and fits(scene, name, figure)]
    term = fitting[0] if fitting else ""
    if sentence.english and fitting and fitting[0] != context.term:
        term = the_whole(scene, fitting)  # what a unit goes back to is all of it, not the part told last
    term = _all_of_it(scene, figure, term)
    if term and sentence.english and _other_energy(scene, figure, term):
        return None
    if term and figure.unit == "" and _of_the_same(scene, figure):
        return None, term.removesuffix("_new")
    if not term or figure.unit == "":
        return None
    if money(figure.unit) and not sentence.english and _of_a_thing_said(scene, figure):
        return None
    if figure.unit == "1" and "generic" in context.words.terms[term].flags:
        return None  # what many things are called is not meant unless it is said
    again = re.match(rf"\s*{_AGAIN}\s+(?:stood|was|reached|hit|came|rose|has|had|is)\b", scene.text)
    end = sentence.clause(figure.end)[1] if again else len(scene.text)
    if any(
        not seen.whole and seen.start < end and (seen.indicator.startswith("?") or fits(scene, seen.indicator, figure))
        for seen in sentence.mentions
    ):
        return None
    if figure.unit == "pct" and any(seen.end <= figure.start and not seen.whole for seen in sentence.mentions):
        return None
    if figure.unit == "pct" and any(
        seen.whole and scene.cues.percent_of.fullmatch(scene.text, figure.end, seen.start) for seen in sentence.mentions
    ):
        return None  # a share of what is named behind it
    start = sentence.clause(figure.start)[0]
    if figure.unit == "1" and any(start <= one.start < figure.start and not one.whole for one in sentence.mentions):
        return None  # so many of something else, of which a word is known
    if (
        sentence.english
        and money(figure.unit)
        and any(_a_thing(scene, one, start, figure) for one in sentence.mentions)
    ):
        return None  # what was paid for things that are counted
    said = "" if sentence.english else scene.cues.the_figure.sub("", scene.segment(figure))
    if figure.unit != "pct" and len(scene.residue(said)) > 1:
        return None  # so many of what the words right before them say
    pronoun = re.match(r"\s*(?:it|this|that|they|these|the|its|their)\b", scene.text) is not None
    borne = 0 if sentence.english and money(figure.unit) and not pronoun else _BORNE
    if scene.strange(scene.segment(figure), False, borne) or (sentence.english and of_something(scene, figure)):
        return None
    cue = sentence.regions or sentence.times or scene.part or re.match(rf"\s*{_AGAIN}\b", scene.text)
    return (None, term) if cue else None


_AGAIN = r"(?:it|this|that|they|these|the\s+(?:figure|total|sum|amount|value))"
"""What a sentence opens with that takes up what was told."""


def _a_thing(scene: Scene, one: Mention, start: int, figure: Quantity) -> bool:
    """Whether a mention before a figure in its clause is of things that are counted as they are made or traded."""
    spec = scene.context.words.terms.get(one.indicator)
    here = start <= one.start < figure.start and not one.whole
    return (
        here and spec is not None and spec.unit == "1" and one.indicator.endswith(("_exports", "_imports", "_output"))
    )


def _after_something_else(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure alike stands before it in its sentence that was left over, and nothing is named between."""
    left = {id(one) for one, _ in scene.unplaced}
    before = [one for one in scene.sentence.amounts if one.end <= figure.start and alike(one, figure)]
    doubted = {one.at for one in scene.drafts if one.doubt}
    return bool(before) and (id(before[-1]) in left or scene.sentence.amounts.index(before[-1]) in doubted)


def _of_a_thing_said(scene: Scene, figure: Quantity) -> bool:
    """Whether Chinese money is told by its measure alone, of what the clauses before it say and nobody knows: 拥有无人机企业
    1700多家,年产值960亿元.
    """
    start = scene.sentence.clause(figure.start)[0]
    measured = scene.cues.measure_alone_zh.search(scene.text, start, figure.start) is not None
    return measured and len(scene.residue(scene.text[:start])) > 1


def _all_of_it(scene: Scene, figure: Quantity, term: str) -> str:
    """The indicator of which `term` is a part, where an English sentence tells `the total` of what was told; else `term`."""
    said = term and scene.sentence.english and _THE_TOTAL.search(scene.text, 0, figure.start) is not None
    whole = whole_of(scene, term) if said else ""
    return whole if whole and fits(scene, whole, figure) else term


_THE_TOTAL = re.compile(
    r"\bthe\s+(?:overall\s+)?total\b"
    r"(?=,|\s+(?:was|is|had|has|stood|rose|came|reached|climbed|grew|hit|amounted|exceeded|passed|went)\b)"
)
"""Before a figure of all of which a part was told."""


def _other_energy(scene: Scene, figure: Quantity, term: str) -> bool:
    """Whether a sentence produces energy where the use of it was told, or uses it where something else of it was."""
    lead = scene.segment(figure) if figure.unit == "GWh" else ""
    if _PRODUCED.search(lead):
        return "_use" in term
    return _USED.search(lead) is not None and term != "electricity_use"


_PRODUCED = re.compile(r"\b(?:produced|generated|turned\s+out|supplied)\b[^,;.]*$")
_USED = re.compile(r"\b(?:used|consumed|burned|burnt|needed|drew)\b[^,;.]*$")
"""Before energy that was produced, and that was used."""


def _new_subject(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese sentence has an industry that nobody knows for its subject: 虚拟现实产业从无到有,从42亿元…."""
    if scene.sentence.english:
        return False
    said = list(scene.cues.opens_industry.finditer(scene.text, 0, figure.start))
    known: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.times]
    return bool(said) and not any(one.start < said[-1].end("who") and one.end > said[-1].start("who") for one in known)


_THAT_SOMEBODY = re.compile(
    r"\s+(?:that|which)\s+(?!(?:was|were|is|are|had|has|have|it|they|we|will|would|the)\b)[a-z][\w'&-]*(?:\s+[a-z][\w'&-]*){0,2}?"
    r"\s+(?:invested|spent|earned|raised|paid|made|poured|put|lost|borrowed|won)\b"
)
"""Behind money, that it was somebody's: the 5.5 billion yuan that Chindata invested."""
_SPENT = re.compile(
    r"\b(?:they|who|visitors|tourists|guests|buyers|firms|companies)\s+(?:[a-z]+ly\s+)?(?:spent|left|paid|invested|lost|raised|borrowed|donated|owed)\b[^,;]*$"
    r"|\b(?:earmarked|allotted|allocated|set\s+aside|granted|disbursed|subsidi[sz]ed)\b[^,;]*$"
)
"""Before money that those just told of spent, or set aside, which is none of what was told of."""
_EVERY_YEAR = re.compile(r"\s+(?:(?:a|per|each|every)\s+year|yearly|annually)\b(?!\s+(?:ago|earlier|before|on))")
"""Behind an amount of every year, which is none of the stretch that was told of."""
_A_PART = re.compile(r"\s+of\s+(?:that|this|it|them|these|the\s+total)\b")
"""Behind a percentage of what was just told, which is no level of a ratio told before."""


def _after_one_left(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure goes on in a list whose figure before was left over: A and B accounted for 19 and 29 percent."""
    at = scene.sentence.amounts.index(figure)
    if not at or not scene.unplaced or scene.unplaced[-1][0] is not scene.sentence.amounts[at - 1]:
        return False
    before = scene.sentence.amounts[at - 1]
    return alike(before, figure) and bool(scene.cues.between_figures.fullmatch(scene.text[before.end : figure.start]))


def _of_the_same(scene: Scene, figure: Quantity) -> bool:
    """Whether a bare count is more of what the sentence before counted: it plans to build another 30,000 in 2023."""
    if figure.value < _A_COUNT or any(not one.whole for one in scene.sentence.mentions):
        return False
    if scene.cues.in_service.match(scene.text, figure.end):
        return True
    start = scene.sentence.clause(figure.start)[0]
    named = any((start <= one.start and one.end <= figure.start) or one.end <= start for one in scene.sentence.regions)
    if named and _OF_THESE.match(scene.text, figure.end):
        return True
    said = scene.cues.more_of_it.search(scene.text[: figure.start])
    said = said or (
        scene.cues.more_behind.match(scene.text, figure.end) and scene.cues.built.search(scene.segment(figure))
    )
    behind = re.match(
        r"\s*(?:[.,;]|$|in\b|by\b|this\b|next\b|more\b|(?:new|further|additional|such)\s+ones\b|of\s+them\b|during\b|个|座)",
        scene.text[figure.end :],
    )
    return bool(said and behind)


_OF_THESE = re.compile(r"\s+of\s+(?:these|them|those)\s*(?:[.,;]|$|\bin\b|\bor\b)")
"""Behind so many of what the sentence before counted."""
_BORNE = 2
"""Unknown English words that may lead to a figure of what the sentence before told."""
_A_COUNT = 100.0
"""A bare number below this counts anything."""
