"""Ratios of two counts that are indicators of their own: what a part is of its whole (flags `part=`, `whole=`)."""

from __future__ import annotations

import re

from xisuan.indicators.figures.growths import clause_of
from xisuan.indicators.figures.scene import Draft, Scene, Told
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention

_PAIR = 2
"""A part and its whole."""


def of_two(scene: Scene, figure: Quantity) -> Told | None:
    """The ratio of two counts that a Chinese clause names, the part before the whole: 5G用户占移动电话用户总数的57.5% (flags
    `part=`, `whole=`); None beside a level of the part, whose share it is.
    """
    start = scene.sentence.clause(figure.start)[0]
    named = [(at, one) for at, one in enumerate(scene.sentence.mentions) if start <= one.start < figure.start]
    if scene.sentence.english or len(named) < _PAIR:
        return None
    (index, part), (_, whole) = named[-_PAIR:]
    between = scene.text[part.end : whole.start]
    told = any(part.start <= one.start < figure.start for one in scene.sentence.amounts)
    if told or part.whole or scene.cues.takes_of.fullmatch(between) is None:
        return None
    name = scene.context.words.ratio(part.indicator, whole.indicator)
    return (index, name) if name else None


def of_the_part_named(scene: Scene, figure: Quantity, ratio: Told | None) -> Told | None:
    """The ratio of a count that is named behind the ratio nearest: 渗透率升至55%;千兆用户占到28%."""
    before = [(at, one) for at, one in enumerate(scene.sentence.mentions) if one.end <= figure.start and not one.whole]
    if not before or ratio is None or ratio[0] is None or before[-1][0] <= ratio[0]:
        return None
    name = of_its_part(scene, figure, before[-1][1])
    return (before[-1][0], name) if name else None


def of_its_part(scene: Scene, figure: Quantity, seen: Mention) -> str | None:
    """The ratio that a Chinese count is the part of, where no whole is said beside its share: 千兆用户占到25%."""
    name = scene.context.words.ratio(seen.indicator)
    start = scene.sentence.clause(figure.start)[0]
    if (
        scene.sentence.english
        or not name
        or seen.start < start
        or scene.cues.of_a_place.search(clause_of(scene, figure))
    ):
        return None
    whole = any(one.whole and one.start >= start for one in scene.sentence.mentions)
    return None if whole else name


def of_all_users(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese share beside a count names no whole but all users: 5G用户4000万户,占比54.8%; 占总用户数的29%."""
    return _OF_ALL_USERS.fullmatch(scene.segment(figure)) is not None


_OF_ALL_USERS = re.compile(
    r"(?:占比|渗透率|占(?:总用户数?|用户总数|全部用户)的?(?:比重|比例)?)(?:已|达到?|为|约|近|超过?|升至)*"
)
"""Before a share of all that are counted with what has it."""


def of_all_people(scene: Scene, figure: Quantity, last: Draft) -> str:
    """The ratio of those counted in English to all people: 1.12 billion internet users, 79.7 percent of the population."""
    said = scene.sentence.english and _PEOPLE.match(scene.text, figure.end)
    return scene.context.words.ratio(last.term, "resident_population") or "" if said else ""


_PEOPLE = re.compile(r"\s+of\s+(?:the|its|their|all)\s+(?:[a-z]+\s+)?(?:population|people|inhabitants|residents)\b")
"""Behind a share of all people."""


def to_what_was_told(scene: Scene, figure: Quantity, part: str) -> str:
    """The ratio of a part to the whole told before, of which an English percentage is said to be."""
    said = scene.sentence.english and _OF_IT.match(scene.text, figure.end)
    wholes = (*(one.term for one in reversed(scene.drafts) if one.term != part), scene.context.term)
    return next(filter(None, (scene.context.words.ratio(part, one) for one in wholes if one)), "") if said else ""


def of_another_kind(scene: Scene, figure: Quantity, part: str) -> bool:
    """Whether an English share `of it` is of what has another unit than the part named, which then means another: the
    secondary industry took 72.6 percent of the power used.
    """
    terms = scene.context.words.terms
    whole = next((one.term for one in reversed(scene.drafts) if one.term != part), scene.context.term)
    said = scene.sentence.english and _OF_IT.match(scene.text, figure.end)
    return bool(said) and whole in terms and part in terms and terms[whole].unit != terms[part].unit


_OF_IT = re.compile(r"\s+of\s+(?:it|this|that|them|these|those|the\s+total|the\s+whole|all)\b")
"""Behind a percentage of what was told before."""


def of_these(scene: Scene, figure: Quantity, last: Draft) -> str:
    """The ratio of an English count to the whole that the sentence, or the one before, counted: of these, 943 million, or 67
    percent, lived in towns; blank where there is none.
    """
    start = scene.sentence.amounts[last.at].start
    told = scene.cues.or_percent.search(scene.segment(figure)) and _THESE.search(scene.text, 0, start)
    if not scene.sentence.english or not told:
        return ""
    wholes = {f"whole={one}" for one in (scene.context.term, *(one.term for one in scene.drafts if one is not last))}
    ratios = scene.context.words.terms.items()
    return next((name for name, term in ratios if f"part={last.term}" in term.flags and wholes & term.flags), "")


_THESE = re.compile(r"\bof\s+(?:these|them|those|whom|which|this)\b")
"""Before a part of what was counted."""
