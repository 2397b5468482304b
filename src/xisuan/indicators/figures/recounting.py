"""English levels of what was just told, of another place or time, in words that say no more: Qingdao has 37,000 of them;
today there are 191,000; five years before, we had 10,000.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.scene import Scene, Told
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Stretch

_HAS = re.compile(
    r"\b(?:has|have|had|counts|counted|boasts|boasted|operates|operated|runs|ran|there\s+(?:are|were|have\s+been|had\s+been|(?:are\s+to|should|will|would|shall)\s+be)"
    r"|(?:wants|want|hopes\s+for|hope\s+for|aims\s+for|aim\s+for|is\s+aiming\s+for|targets|plans|expects)"
    r"|(?:wants?|hopes?|aims?|plans?|intends?|expects?|vows?|pledge[sd]?|vowed|(?:is|are)\s+(?:due|set|on\s+track))\s+to\s+(?:reach|have|hit|get\s+to|pass|top|exceed|operate|run)"
    r"|(?:expects?|wants?|sees?)\s+(?:the|that|this)\s+(?:figure|number|total|count)\s+to\s+(?:pass|reach|exceed|top|hit|surpass|(?:grow|rise|climb|increase)\s+to)"
    r"|put(?:s)?\s+(?:the|its|their|that)\s+(?:tally|number|total|figure|count)\s+at|(?:set|sets|has\s+set|have\s+set)\s+(?:its|their)\s+sights\s+on"
    r"|(?:number|figure|total|level|count|tally)\s+(?:that\s+|which\s+)?(?:[^.;\d]{0,60}?\s)?"
    r"(?:is|are|wants?|hopes?|plans?|aims?|intends?|expects?|would\s+like)\s+to\s+(?:see\s+at|see\s+rise\s+to|see\s+reach|reach|raise\s+to|lift\s+to|bring\s+to|increase\s+to|take\s+to|double\s+to|grow\s+to|climb\s+to|rise\s+to|hit)"
    r"|(?:bring|raise|lift|increase|expand|take|get)\s+(?:(?:the|its|our|their|that|this)\s+)?(?:[a-z]+'s\s+)?(?:total|number|count|figure)\s+to"
    r"|(?:it|the\s+(?:figure|number|total|count|target|goal|aim|objective))(?:\s+(?:at|by|in|as\s+of|for)\s+(?:(?:19|20)\d\d|[a-z][^,.;\d]{2,30}?(?:\s(?:19|20)\d\d)?))?\s+(?:is|was|were|had\s+been|stands\s+at|stood\s+at|remains|stays\s+at|has\s+reached|had\s+reached|reached))"
    r"\s+(?:(?:about|around|some|only|just|nearly|over|more\s+than|fewer\s+than|less\s+than|almost|already|a\s+mere|barely|roughly|hardly|still|now|as\s+many\s+as)\s+)*$"
)
"""Right before so many of what was told."""
_ENDS = re.compile(
    r"(?:\s+of\s+(?:them|these|those)|\s+such\s+[a-z]+s)?\s*(?:$|[.,;:)!?\"”—–]|\b(?:in|by|at|as\s+of|at\s+the|and|or|while|but|last|this|a\s+year|today|now|so\s+far|alone)\b)"
)
"""Behind so many that no other thing is counted."""
_WHICH = re.compile(r"(?:,|\s)\s*(?:which|where\s+there|who)\s+(?:now\s+|already\s+)?")
"""Between a place and what it has."""
_ASKED = re.compile(r"\s*[\"“]?(?:[aq]:\s+|a\.\s+)?")
"""How an answer opens."""
_ANSWER = re.compile(
    r"\s*[\"“]?a[:.]\s+[\"“]?(?:(?:about|around|some|only|just|nearly|over|more\s+than|almost|already|as\s+of\s+now,?|today,?)\s+)*"
)
"""Behind which an answer says how many there are of what was asked for."""
_FEW = 100.0
"""A bare number below this counts anything."""
_THE_TOTAL_IS = re.compile(
    r"(?:^|[;,.]\s+(?:and|so|while)\s|\s+and\s)\s*(?:the|its|their|that)\s+(?:total|overall|cumulative|combined)(?:\s+(?:number|count|tally|figure|stock))?"
    r"\s+(?:now\s+|had\s+|has\s+|then\s+)?(?:(?:stood|stands)\s+at|reached|came\s+to|was|is|hit|amounted\s+to|(?:climbed|rose|risen|grew|grown)\s+to|passed|exceeded)"
    r"\s+(?:(?:about|around|some|nearly|over|more\s+than|almost|already|roughly|now)\s+)*$"
)
"""How a clause opens that says how many there are in all of what was just told: the total number stood at 171,000."""


def counted_again(scene: Scene, figure: Quantity) -> Told | None:
    """What was told last, in the sentence or the one before, where an English clause only says how much of it there is in
    another place or at another time; None where it may be of anything else.
    """
    bare = figure.unit == "" and (figure.scaled or figure.value >= _FEW)
    if not scene.sentence.english or not bare or scene.cues.firm_subject.match(scene.text):
        return None
    last = scene.drafts[-1] if scene.drafts else None
    if any(one.start < figure.start for one, _ in scene.unplaced if one.unit in ("", "1")):
        return None
    term = scene.context.term if last is None else "" if last.doubt or last.value is None else last.term
    term = (_of_that_size(scene, figure) if last is None else "") or term.removesuffix("_new")
    spec = scene.context.words.terms.get(term)
    if spec is None or spec.kind != "stock" or not fits(scene, term, figure) or "generic" in spec.flags:
        return None
    if _ENDS.match(scene.text, figure.end) is None:
        return None
    low = 0 if last is None else _told_till(scene, figure)
    lows = (low, scene.sentence.clause(figure.start)[0])
    answers = last is None and _ANSWER.fullmatch(scene.text, 0, figure.start) is not None
    total = _THE_TOTAL_IS.search(scene.text, low, figure.start) is not None
    if not (answers or total) and not any(_only_says_where(scene, max(low, at), figure) for at in lows):
        return None
    scene.told[scene.sentence.amounts.index(figure)] = term  # all words that lead to it are known
    return None, term


def at_so_much(scene: Scene, figure: Quantity) -> Told | None:
    """What was told last, of which an English sentence opens with how much it is: at 9.01 trillion yuan it was 5.5 percent
    larger.
    """
    opens = _AT.fullmatch(scene.text, 0, figure.start) is not None and _IT.match(scene.text, figure.end) is not None
    term = scene.context.term if opens and scene.sentence.english else ""
    return (None, term) if term and fits(scene, term, figure) else None


def more_of_them(scene: Scene, figure: Quantity) -> Told | None:
    """What is new of a stock just told in an English sentence that means to build so many more: 22,000 stations, and plans
    to put up another 30,000 this year.
    """
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is None or last.doubt or last.value is None or figure.unit or not (figure.scaled or figure.value >= _FEW):
        return None
    new, low = f"{last.term.removesuffix('_new')}_new", _told_till(scene, figure)
    named = any(low <= one.start < figure.start and not one.whole for one in scene.sentence.mentions)
    more = _MORE.search(scene.text, low, figure.start) is not None and _ENDS.match(scene.text, figure.end) is not None
    if not more or named or new not in scene.context.words.terms:
        return None
    scene.told[scene.sentence.amounts.index(figure)] = new  # all words that lead to it are known
    return None, new


def being_built(scene: Scene, figure: Quantity) -> Told | None:
    """What is being built of a stock just told: 15,000 racks stand and another 40,000 are under construction."""
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is not None and (last.doubt or last.value is None):
        return None
    term = last.term if last is not None else scene.context.term
    building, low = f"{term}_building", _told_till(scene, figure)
    bare = figure.unit == "" and (figure.scaled or figure.value >= _FEW)
    if building not in scene.context.words.terms or not bare or low > figure.start:
        return None
    if scene.cues.being_built.match(scene.text, figure.end) is None or _THESE_ARE.match(scene.text, figure.end) is None:
        return None
    said = re.findall(r"[a-z][\w'-]*", scene.text[low : figure.start])
    return (None, building) if all(says_nothing(scene.cues, word) or word in _SMALL for word in said) else None


_THESE_ARE = re.compile(r"(?:\s+(?:more|others|further\s+ones))?\s+(?:are|were|is|was)\b")
"""Behind a bare number of what was just told."""
_MORE = re.compile(
    r"\b(?:put(?:ting)?\s+up|set(?:ting)?\s+up|build(?:ing)?|add(?:ing)?|open(?:ing)?|install(?:ing)?|erect(?:ing)?)\s+"
    r"(?:another|a\s+further|an\s+additional)\s+(?:(?:about|some|nearly|over)\s+)*$"
    r"|\b(?:intends?|plans?|wants?|aims?|hopes?|expects?|vows?|due|set|scheduled)\s+to\s+(?:build|add|open|install|erect|put\s+up)\s+"
    r"(?:(?:about|some|nearly|over|more\s+than)\s+)*$"
    r"|\b(?:after|having|by)\s+(?:building|built|adding|added|opening|opened|installing|installed|erecting|putting\s+up)\s+"
    r"(?:(?:about|some|nearly|over|another|more\s+than)\s+)*$"
)
"""Before so many more, or how many of what is told were built: 1.9 million, after building 429,000."""


def of_such(scene: Scene, figure: Quantity) -> Told | None:
    """What was told last, of which an English sentence says how much there is of `such` a thing: 62 EFLOPS of such power."""
    last = scene.drafts[-1] if scene.drafts else None
    term = scene.context.term if last is None else "" if last.doubt else last.term
    said = scene.sentence.english and _OF_SUCH.match(scene.text, figure.end) is not None
    return (None, term) if said and term and fits(scene, term, figure) else None


_OF_SUCH = re.compile(r"\s+(?:yuan\s+)?of\s+(?:such|this\s+kind\s+of|that\s+kind\s+of)\s+[a-z]+\b")
"""Behind so much of a thing just told."""
_AT = re.compile(r"\s*[\"“]?(?:at|with)\s+(?:(?:about|some|nearly|over|more\s+than|almost|just|only|around)\s+)*")
_IT = re.compile(r",?\s+(?:it|this|that|the\s+(?:total|figure|sum|number))\s+(?:was|is|were|remained|had)\b")
"""Around how much a sentence opens with."""


def _of_that_size(scene: Scene, figure: Quantity) -> str:
    """The latest of what was counted of which there were about as many as a figure says: 91,000 are none of 17 million
    users but of the stations told before these; blank where nothing is.
    """
    context = scene.context
    counted = (one for one in (context.term, *reversed(context.earlier)) if fits(scene, one, figure))
    levels = ((one, value) for one in counted for (name, _), value in context.stood.items() if name == one)
    return next((one for one, value in levels if value and 1.0 / _ABOUT < figure.value / value < _ABOUT), "")


_ABOUT = 20.0
"""How many times as many of a thing there may be at another time or place."""


def _told_till(scene: Scene, figure: Quantity) -> int:
    """Where the figure told last ends, with the name of what it counts."""
    ends = [one.end for one in scene.sentence.mentions if one.end <= figure.start]
    return max([scene.previous_end(figure), *ends])


def _only_says_where(scene: Scene, low: int, figure: Quantity) -> bool:
    """Whether the words from a place in the text up to a figure are but a place or a time that has so many."""
    has = _HAS.search(scene.text, low, figure.start)
    inside = [one for one in scene.sentence.mentions if one.end > low and one.start < figure.start]
    if has is None or any(not one.whole for one in inside):
        return False
    places = [one for one in scene.sentence.regions if low <= one.start and one.end <= has.start()]
    before = [one for one in scene.sentence.regions if one.end <= low]
    which = bool(before) and _WHICH.fullmatch(scene.text, before[-1].end, has.start()) is not None
    times = [when for when, days in scene.spans if days is not None and low <= when.start < figure.start]
    end = such.end() if (such := _SUCH.match(scene.text, figure.end)) is not None else figure.end
    behind = [when for when, days in scene.spans if days is not None and 0 <= when.start - end <= _NEAR]
    if (
        not places
        and not times
        and not which
        and not behind
        and re.search(r"\btoday\b|\bnow\b", scene.text[low:]) is None
    ):
        return False
    signs = list(scene.text[low : has.start()])
    named: list[Stretch] = [*places, *times]
    for found in scene.cues.who_tells.finditer(scene.text, low, has.start() + _PUTS):
        signs[found.start() - low : min(found.end(), has.start()) - low] = " " * (
            min(found.end(), has.start()) - found.start()
        )
    for seen in named:
        signs[seen.start - low : seen.end - low] = " " * (seen.end - seen.start)
    opens = _ASKED.match(scene.text) if low == 0 else None
    said = "".join(signs)[opens.end() if opens is not None else 0 :]
    return all(says_nothing(scene.cues, word) or word in _SMALL for word in re.findall(r"[a-z][\w'-]*", said))


_SUCH = re.compile(r"\s+such\s+[a-z]+s\b")
"""Behind so many of what was told: 276,000 such ports."""
_SMALL = frozenset(
    "and but while which who the in by at of on as for we it its our today now s only to with has had online service".split()  # noqa: SIM905
)
"""Words that say of nothing what it is."""
_PUTS = 5
"""Signs of the verb that may end who tells a number: the administration put the tally at …."""
_NEAR = 12
"""Signs behind a level within which its time begins."""
