"""English figures of the whole that a share is of, said with the share: 29.8 percent of the 15.5 million broadband users; 34
percent of all base stations (12.8 million); 30 percent of the 666 million total.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures import placing
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Scene, Told, alike
from xisuan.indicators.language.quantities import Quantity

_PART_OF = re.compile(
    r"(?:percent|per\s+cent|pct|%|\bhalf|\bthirds?|\bquarters?|\bfifths?|\btenths?)\s+of\s+"
    r"(?:(?:the|its|their|our|all|a\s+total\s+of|[a-z]+'s)\s+)*(?:(?:total\s+of|about|some|nearly|over|more\s+than|almost|roughly|around)\s+)*$"
)
"""Before how many the whole has that a share is of."""
_TOTAL = re.compile(r"\s+(?:in\s+)?(?:total|all|altogether)\b(?!\s+[a-z]*ed\b)")
"""Behind how many there are of what a share is of, without its name."""
_OF_SOME = re.compile(
    r"(?:\s+(?:in|of|across)\s+[a-z' -]{2,30}?)?,?\s+(?:that|who|which|whom|expected|planned|to\s+be)\b"
)
"""Behind a name, that only some of those are meant."""
_OPENS = re.compile(r"\s*\((?:about\s+|some\s+|over\s+|nearly\s+)?$")
_CLOSES = re.compile(r"\s*\)")
"""Around a figure that stands alone in brackets."""


def whole_of_a_share(scene: Scene, at: int) -> bool:
    """Whether an English level is that of the whole that a share is of; drafts it."""
    figure = scene.sentence.amounts[at]
    if not scene.sentence.english or figure.unit in ("pct", "pp", "fold"):
        return False
    if _in_another_place(scene, at) or _total_of_a_place(scene, at):
        return True
    near = _in_brackets(scene, figure)
    if near is None and _PART_OF.search(scene.text, 0, figure.start) is not None:
        near = _behind(scene, figure) or _of_all_parts(scene, figure)
    if near is None:
        return False
    index, term = near
    value, unit = in_unit(figure, scene.context.words.terms[term].unit)
    scene.told[at] = term  # its name says all of it
    draft(scene, at, index, term, value=value, unit=unit)
    return True


def _total_of_a_place(scene: Scene, at: int) -> bool:
    """Whether an English level is the total of the place around, of what was just told of one, which has a share of it: 46
    EFLOPS, 18 percent of China's total of 246; drafts it.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    said = _ITS_TOTAL.search(scene.text, 0, figure.start)
    told = last is None or ((last.value is not None or last.share is not None) and not last.doubt)
    term = last.term if last is not None else scene.context.term
    here = last.region if last is not None else scene.context.region
    place = _place_called(scene, said["who"], here) if said is not None else ""
    if not told or not place or place not in scene.context.words.within(here)[1:] or not fits(scene, term, figure):
        return False
    value, unit = in_unit(figure, scene.context.words.terms[term].unit)
    scene.told[at], scene.places[at] = term, place
    draft(scene, at, None, term, value=value, unit=unit)
    if scene.drafts and scene.drafts[-1].at == at:
        scene.drafts[-1].aside = True  # what follows is of the part again
        scene.drafts[-1].span = last.span if last is not None else scene.drafts[-1].span
    return True


def _place_called(scene: Scene, who: str, here: str) -> str:
    """The place that English words name, by its name or its kind, around `here`; blank where they name none."""
    words = scene.context.words
    if words.places_pattern.fullmatch(who):
        return words.place(who)
    if who in ("the country", "the nation"):
        return words.nation
    return words.ancestor(here, ("province",)) if who in ("the province", "the region") else ""


_ITS_TOTAL = re.compile(
    r"(?:percent|per\s+cent|pct|%|\bhalf|\bthirds?|\bquarters?|\bfifths?|\btenths?)\s+of\s+"
    r"(?P<who>(?:the\s+)?[a-z][a-z' ]{1,30}?)'s\s+(?:overall\s+|combined\s+|national\s+)?total\s+of\s+"
    r"(?:(?:about|some|nearly|over|more\s+than|almost|roughly)\s+)*$"
)
"""Between a share and how much there is of it all in a place."""


def _in_another_place(scene: Scene, at: int) -> bool:
    """Whether an English level is how much of what was just told another place has, of which that is a share: 23 EFLOPS, 41
    percent of the 56 EFLOPS available in Hubei; drafts it, or leaves it over where that place is not known.
    """
    figure, last = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    where = next((one for one in scene.sentence.regions if one.start >= figure.end and one.region), None)
    if last is None or last.value is None or last.doubt or (where is not None and where.region == last.region):
        return False
    of = _PART_OF.search(scene.text, scene.sentence.amounts[last.at].end, figure.start)
    behind = _AVAILABLE.match(scene.text, figure.end)
    if of is None or behind is None or not alike(figure, scene.sentence.amounts[last.at]):
        return False
    if where is None or where.start != behind.end():
        scene.leave(figure, placing.NOT_NAMED)
        return True
    value, unit = in_unit(figure, scene.context.words.terms[last.term].unit)
    scene.told[at], scene.places[at] = last.term, where.region
    draft(scene, at, None, last.term, value=value, unit=unit)
    if scene.drafts and scene.drafts[-1].at == at:
        scene.drafts[-1].aside = True  # what follows is of the part again
    return True


_AVAILABLE = re.compile(
    r"\s+(?:(?:available|installed|recorded|counted|earned|made|standing|running|in\s+operation|in\s+service|in\s+all)\s+)?(?:in|across|of|by)\s+(?:the\s+)?(?:whole\s+of\s+)?"
)
"""Between how much of a thing there is and where."""


def of_a_whole_counted(scene: Scene, at: int) -> bool:
    """Whether an English percentage is a share because how many the whole has stands right behind it."""
    figure, amounts = scene.sentence.amounts[at], scene.sentence.amounts
    if not scene.sentence.english or at + 1 >= len(amounts) or amounts[at + 1].unit in ("pct", "pp", "fold"):
        return False
    behind = _PART_OF.search(scene.text, figure.start, amounts[at + 1].start) is not None
    before = scene.drafts[-1] if scene.drafts else None
    return behind and (before is None or alike(amounts[before.at], amounts[at + 1]))


def _behind(scene: Scene, figure: Quantity) -> Told | None:
    """What stands right behind how many the whole has."""
    for index, one in enumerate(scene.sentence.mentions):
        if one.start < figure.end or one.indicator not in scene.context.words.terms:
            continue
        right = _NAMED.fullmatch(scene.text, figure.end, one.start) is not None
        some = _OF_SOME.match(scene.text, one.end) is not None
        return (index, one.indicator) if right and not some and fits(scene, one.indicator, figure) else None
    return None


_NAMED = re.compile(r"\s+(?:of\s+)?(?:[a-z]+\s+)?")
"""Between how many there are and what these are."""


def _of_all_parts(scene: Scene, figure: Quantity) -> Told | None:
    """The whole of what was just counted, where only `total` stands behind how many that has."""
    if _TOTAL.match(scene.text, figure.end) is None:
        return None
    last = scene.drafts[-1] if scene.drafts else None
    words = scene.context.words
    ratio = words.terms.get(words.ratio(last.term if last is not None else scene.context.term))
    whole = next((flag[6:] for flag in ratio.flags if flag.startswith("whole=")), "") if ratio is not None else ""
    return (None, whole) if whole in words.terms and fits(scene, whole, figure) else None


def _in_brackets(scene: Scene, figure: Quantity) -> Told | None:
    """The whole of a share behind which a level stands alone in brackets."""
    opens = _OPENS.search(scene.text, 0, figure.start)
    if opens is None or _CLOSES.match(scene.text, figure.end) is None:
        return None
    named = enumerate(scene.sentence.mentions)
    return next(
        (
            (index, one.indicator)
            for index, one in named
            if one.end == opens.start() and one.whole and fits(scene, one.indicator, figure)
        ),
        None,
    )
