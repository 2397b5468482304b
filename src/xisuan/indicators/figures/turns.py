"""English figures that take turns with their places, and lists whose order says which figure is whose, without a word such
as `respectively`: A had 41,000 stations, B 22,300 and C 17,900; in A, B and C users made up 45, 46 and 44 percent of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.having import what_they_have
from xisuan.indicators.figures.listing import growths_behind, run_of
from xisuan.indicators.figures.observing import in_unit
from xisuan.indicators.figures.scene import Draft, Scene, alike
from xisuan.indicators.figures.telling import revenue_told
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Stretch, Where

S = TypeVar("S", bound=Stretch)


def in_order(scene: Scene) -> None:
    """Settle lists of English figures by the list of just as many places, or indicators, right before them."""
    amounts = scene.sentence.amounts
    at = 0
    while scene.sentence.english and at < len(amounts):
        group = run_of(scene, list(range(at, len(amounts))))
        at = group[-1] + 1
        if len(group) >= _PAIR and scene.places.keys() >= set(group):
            _counted_behind(scene, group)
        if len(group) >= _PAIR and scene.loose >= set(group) and _by_those_told(scene, group):
            scene.loose -= set(group)
        settled = (scene.pairs.keys() | scene.places.keys() | scene.loose | scene.follows.keys()) & set(group)
        if len(group) < _PAIR or settled or amounts[group[0]].unit in ("pp", "rate"):
            continue
        low = amounts[group[0] - 1].end if group[0] else 0
        if _by_those_told(scene, group):
            continue
        if not _by_places(scene, group, low) and not _by_names(scene, group, low):
            _after_levels(scene, group)


_PAIR = 2
"""Figures of the shortest list."""


def _by_places(scene: Scene, group: Sequence[int], low: int) -> bool:
    """Whether just as many places lead to a list of figures; ties them, and the growths behind, to these."""
    high = scene.sentence.amounts[group[0]].start
    inside = [one for one in scene.sentence.regions if low <= one.start < high]
    run = _last_list(scene, inside)
    names = [one for one in scene.sentence.mentions if low <= one.start < high and not one.whole]
    apart = len(run) != len(group) or len({one.region for one in run}) < len(run) or not all(one.region for one in run)
    if apart or len(_last_list(scene, names)) == len(group) or _another_clause(scene, run[-1].end, high):
        return False
    if not names:
        end = scene.sentence.amounts[group[-1]].end
        counted = [
            index for index, one in enumerate(scene.sentence.mentions) if _COUNTS.fullmatch(scene.text, end, one.start)
        ]
        first = scene.sentence.amounts[group[0]]
        earned = _what_they_earn(scene, group, scene.text[run[-1].end : high])
        earned = earned or what_they_have(scene, first, run[-1].end, end)
        earned = earned or _what_grew_there(scene, group, run[-1].end)
        if not counted and not earned:
            return False
        scene.pairs |= dict.fromkeys(group, counted[0]) if counted else {}
        scene.told |= dict.fromkeys(group, earned) if not counted else {}
    scene.places |= {at: one.region for at, one in zip(group, run, strict=True)}
    growths_behind(scene, group)
    return True


def _by_those_told(scene: Scene, group: Sequence[int]) -> bool:
    """Whether a sentence on `they` has a list of just as many figures as the one before had places; ties them to these."""
    told = scene.context.listed
    first = scene.sentence.amounts[group[0]]
    if len(told) != len(group) or scene.sentence.regions or _THEY.search(scene.text, 0, first.start) is None:
        return False
    scene.places |= dict(zip(group, told, strict=True))
    if (days := dating.of_figure(scene, first)[0]) is not None:
        scene.moments |= dict.fromkeys(group, days)
    if first.unit != "pct" and fits(scene, scene.context.term, first):
        scene.told |= dict.fromkeys(group, scene.context.term)
    return True


_THEY = re.compile(
    r"\b(?:they|the\s+(?:two|three|four)(?:\s+(?:provinces|cities|regions|municipalities|places))?)\s+(?:had\s+|have\s+)?(?:grew|grown|expanded|rose|counted|had|exported|imported|earned|posted|recorded|reported)\b"
)
"""What takes up the places of the sentence before."""


def _counted_behind(scene: Scene, group: Sequence[int]) -> None:
    """Tie figures of a list that already has its places to what all of them count behind the last: A and B have 45,000 and
    41,000 stations respectively.
    """
    end = scene.sentence.amounts[group[-1]].end
    named = enumerate(scene.sentence.mentions)
    counted = next((at for at, one in named if not one.whole and _COUNTS.fullmatch(scene.text, end, one.start)), None)
    free = not any(at in scene.pairs or at in scene.told for at in group)
    if counted is not None and free:
        fitting = (fits(scene, scene.sentence.mentions[counted].indicator, scene.sentence.amounts[at]) for at in group)
        scene.pairs |= dict.fromkeys(group, counted) if all(fitting) else {}


def _what_they_earn(scene: Scene, group: Sequence[int], lead: str) -> str:
    """The revenue that a text is about, where places are said to earn a list of amounts; blank for anything else."""
    terms, first = scene.context.words.terms, scene.sentence.amounts[group[0]]
    term = revenue_told(scene)
    earns = first.unit == "CNY" and scene.cues.earns.search(lead) is not None
    return term if earns and term in terms and terms[term].measure == "revenue" else ""


def _what_grew_there(scene: Scene, group: Sequence[int], low: int) -> str:
    """What was told last, where places behind `low` are only said to have grown by a list of percentages: the centre and
    the northeast rose by 12 and 9 percent; blank for anything else.
    """
    first, words = scene.sentence.amounts[group[0]], scene.context.words
    if first.unit != "pct" or _ONLY_GREW.fullmatch(scene.untimed(low, first.start)) is None:
        return ""
    before = [one.indicator for one in scene.sentence.mentions if one.end <= low and not one.whole]
    term = before[-1] if before else scene.context.term
    return term if term in words.terms and words.terms[term].unit != "pct" else ""


_ONLY_GREW = re.compile(
    r"\s+(?:(?:both|each|also|even|only|just|in\s+turn)\s+)*(?:grew|rose|gained|increased|expanded|climbed|advanced|fell|dropped|declined|shrank"
    r"|(?:were|was)\s+(?:up|down)|(?:had|saw|posted|recorded|registered|reported)\s+(?:growth|increases|gains|rises|growth\s+rates)\s+of)"
    r"(?:\s+(?:by|about|some|nearly|over))*\s+"
)
"""Between places and the percentages by which what was told last grew there."""


def _another_clause(scene: Scene, low: int, high: int) -> bool:
    """Whether another clause begins between places and figures, which does not just say what the places have: were A, B and
    C, with revenues of ….
    """
    own = any(_WITH.fullmatch(scene.text, low, one.start) and _OF.fullmatch(scene.text, one.end, high)
              for one in scene.sentence.mentions if low <= one.start < high)  # fmt: skip
    return not own and _CLAUSE.search(scene.text, low, high) is not None


_WITH = re.compile(r",\s+with\s+(?:(?:their|respective|combined)\s+)*")
_OF = re.compile(r"\s+(?:of|at|reaching|totalling|totaling)\s+(?:(?:about|some|nearly|over)\s+)*")
"""Around what places of a list are said to have."""
_COUNTS = re.compile(r"\s?|\s+of\s+(?:the\s+)?(?:total\s+)?")
"""Between a list of figures and what they count."""
_CLAUSE = re.compile(r"[;:]|,\s+(?:while|and|with|but)\s")
"""Where another clause begins, of which a list before it says nothing."""


def _by_names(scene: Scene, group: Sequence[int], low: int) -> bool:
    """Whether just as many indicators lead to a list of percentages; ties them to these. Levels are told side by side."""
    first = scene.sentence.amounts[group[0]]
    indices = [at for at, one in enumerate(scene.sentence.mentions) if low <= one.start and one.end <= first.start]
    names = [scene.sentence.mentions[at] for at in indices if not scene.sentence.mentions[at].whole]
    run = _last_list(scene, names)
    known = all(one.indicator in scene.context.words.terms for one in run)
    if first.unit != "pct" or len(run) != len(group) or not known or len({one.indicator for one in run}) < len(run):
        return False
    times = [one for one in scene.sentence.times if run[-1].end <= one.start < first.start]
    if len(times) == len(group) or _CLAUSE.search(scene.text, run[-1].end, first.start):
        return False
    told = [at for at in indices if scene.sentence.mentions[at] in run]
    scene.pairs |= dict(zip(group, told, strict=True))
    return True


def _last_list(scene: Scene, inside: Sequence[S]) -> list[S]:
    """The last of some things in the text with those that stand in one list with it."""
    out: list[S] = []
    for one in reversed(inside):
        if out and scene.cues.joined.fullmatch(scene.text, one.end, out[-1].start) is None:
            break
        out.append(one)
    return out[::-1]


def _after_levels(scene: Scene, group: Sequence[int]) -> None:
    """Tie a list of growths to just as many levels right before it, each with its own name or place: deposits were 4.1
    trillion yuan and loans 4.5 trillion, up 6.4 and 9.3 percent.
    """
    sentence, count = scene.sentence, len(group)
    levels = list(range(group[0] - count, group[0]))
    growth = sentence.amounts[group[0]]
    if levels[0] < 0 or growth.unit != "pct" or not _GROWN.search(scene.segment(growth)):
        return
    told = [sentence.amounts[at] for at in levels]
    if told[0].unit in ("pct", "pp", "fold") or not all(alike(one, told[0]) for one in told):
        return
    between = (told[-1].end, growth.start)
    named: list[Stretch] = [*(one for one in sentence.mentions if not one.whole), *sentence.regions]
    if any(between[0] + _COUNTED < one.start < between[1] for one in named):
        return
    ends = [sentence.amounts[levels[0] - 1].end if levels[0] else 0, *(one.end for one in told)]
    own = [any(low <= one.start < high.start for one in named) for low, high in zip(ends, told, strict=False)]
    if all(own) or all(at in scene.places for at in levels):
        scene.follows |= dict(zip(group, levels, strict=True))


_GROWN = re.compile(
    r"[,(]\s*(?:which\s+(?:was|were)\s+)?(?:up|down|rising|growing|falling|increasing|(?:an?\s+)?(?:increases?|rises?|growth|gains?|falls?|declines?|drops?)\s+of)\s+(?:by\s+)?$"
)
"""What leads to growths of the levels before them."""
_COUNTED = 2
"""Signs behind a level within which what it counts begins."""


def turn_of(scene: Scene, at: int, last: Draft) -> str | None:
    """The region that takes its turn in a list of figures of one thing: A had 41,000 stations, B 22,300; 305 million users
    in A, 158 million in B; revenue in A rose 12.1 percent, in B 12.2.
    """
    figure = scene.sentence.amounts[at]
    low = scene.previous_end(figure)
    before = scene.sentence.amounts[at - 1] if at else None
    levels = {last.at, *range(last.at + 1, at)} if figure.unit != "pct" else {last.at}
    if (
        before is None
        or at - 1 not in levels
        or _named_between(scene, low, figure.start)
        or not _same(scene, figure, last)
    ):
        return None
    if figure.unit != "pct" and any(one.unit not in ("pct", "pp") for one in scene.sentence.amounts[last.at + 1 : at]):
        return None
    regions = [one for one in scene.sentence.regions if low <= one.start]
    ahead = [one for one in regions if one.end <= figure.start]
    if ahead and _turns_ahead(scene, ahead[-1], figure, low):
        return ahead[-1].region or None
    behind = _IN.match(scene.text, figure.end)
    where = next((one for one in regions if behind and one.start == behind.end()), None)
    if where is None or not where.region or (where.region == last.region and not ahead):
        return None
    own = ahead[-1].end if ahead else low
    lead = scene.untimed(own, figure.start)
    return where.region if _NEXT.fullmatch(lead) and _ENDS.match(scene.text, where.end) else None


def goes_on_in_places(scene: Scene, at: int) -> bool:
    """Whether an English percentage is the ratio just read of the next place of a list; drafts it: in A and B 5G users made
    up 45 and 46 percent of all.
    """
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is None or last.at != at - 1 or not {at, at - 1} <= scene.places.keys() or last.value is None:
        return False
    spec = scene.context.words.terms.get(last.term)
    if spec is None or spec.unit != "pct" or last.unit != "pct" or last.doubt:
        return False
    draft(scene, at, last.mention, last.term, value=scene.sentence.amounts[at].value, unit="pct")
    return True


def _turns_ahead(scene: Scene, where: Where, figure: Quantity, low: int) -> bool:
    """Whether a place stands right before its figure, as the next of a list."""
    joined = _JOINS.search(scene.text, low, where.start)
    return bool(
        joined is not None
        and _HAS.fullmatch(scene.text, where.end, figure.start)
        and _ENDS.match(scene.text, figure.end)
    )


def _same(scene: Scene, figure: Quantity, last: Draft) -> bool:
    """Whether a figure may measure what the figure before it did."""
    if last.doubt or last.term not in scene.context.words.terms:
        return False
    if figure.unit == "pct":
        alone = last.value is None and last.growth is not None
        return alone or scene.context.words.terms[last.term].unit == "pct"
    return last.value is not None and fits(scene, last.term, figure)


def _named_between(scene: Scene, low: int, high: int) -> bool:
    """Whether an indicator is named between two figures, but for what the first of them counts."""
    return any(low + _COUNTED < one.start < high and not one.whole for one in scene.sentence.mentions)


_JOINS = re.compile(
    r"(?:[,;]\s+(?:and\s+|while\s+|but\s+|then\s+|with\s+|against\s+)?|\band\s+|\bwhile\s+|\bagainst\s+)(?:(?:that|those)\s+(?:in|of|for)\s+|followed\s+by\s+|ahead\s+of\s+|in\s+|by\s+)?(?:the\s+)?(?:cit(?:y|ies)\s+of\s+)?$"
)
"""Before the next place of a list."""
_HAS = re.compile(
    r"[,:]?\s+(?:with\s+|at\s+|had\s+|has\s+|counted\s+|by\s+|reached\s+)?(?:(?:about|some|nearly|over|more\s+than|almost|only|just|another)\s+)*"
)
"""Between a place and its figure."""
_ENDS = re.compile(
    r"\s*(?:$|[.,;:)(]|(?:and|while|with|but|respectively|in|at|by|as|from|over|during|last|this|year|for|of\s+(?:them|these|those))\b)"
)
"""Behind a figure that counts nothing else."""
_IN = re.compile(r"\s+(?:(?:were|was|are|is)\s+)?(?:in|for|from|by)\s+(?:the\s+)?(?:city\s+of\s+)?(?=[a-z])")
"""Between a figure and its place."""
_NEXT = re.compile(
    r"\s*(?:[,;]\s*(?:and\s+|while\s+|with\s+|against\s+|followed\s+by\s+)?|\s+and\s+|\s+while\s+|\s+against\s+)(?:by\s+)?(?:(?:about|some|nearly|over|more\s+than|almost|only|just)\s+)*"
)
"""Between a place and the next figure, whose place stands behind it."""


def at_another_time(scene: Scene, at: int) -> bool:
    """Whether an English figure is that of another time, of what was just told of one: 130,000 stations by the end of the
    year and, by the end of 2025, 160,000; drafts it.
    """
    last, figure = scene.drafts[-1] if scene.drafts else None, scene.sentence.amounts[at]
    if last is None or last.at != at - 1 or not scene.sentence.english or figure.unit in ("pct", "pp", "fold"):
        return False
    before = scene.sentence.amounts[at - 1]
    noun = next((one.end for one in scene.sentence.mentions if 0 <= one.start - before.end < _COUNTED), before.end)
    dated = any(noun <= one.start and one.end <= figure.start and not one.compared for one in scene.sentence.times)
    named: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.regions]
    if not dated or any(noun <= one.start < figure.start for one in named) or not alike(before, figure):
        return False
    if not _same(scene, figure, last) or _AND_THEN.fullmatch(scene.untimed(noun, figure.start)) is None:
        return False
    if _ENDS.match(scene.text, figure.end) is None:
        return False
    scene.places[at] = last.region
    value, unit = in_unit(figure, scene.context.words.terms[last.term].unit)
    draft(scene, at, last.mention, last.term, value=value, unit=unit)
    return True


_AND_THEN = re.compile(
    r"[\s,;]*(?:(?:and|then|to|while|but)\b)?[\s,]*(?:(?:about|some|nearly|over|more\s+than|almost|only|just|to|reach|reached)\s+)*[\s,]*"
)
"""Between a figure of one time and that of another."""
