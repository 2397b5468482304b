"""Figures whose indicator the words right around them tell: a source of power, a region between two figures, so many for
every 10,000 people, what a region or firms bring in.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.placing import WHAT_IT_HAS
from xisuan.indicators.figures.scene import Scene, Told
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention

_SOURCE = re.compile(
    r"\s+(?:of\s+(?:installed\s+)?|of\s+(?:it|that|this|which)\s+(?:(?:is|was|were|are|in|from)\s+)*|in\s+|from\s+)?(?P<what>wind|solar|hydro|thermal|nuclear|photovoltaic)(?:power|\s+power)?\b"
)

_GENERATED = re.compile(r"\b(?:generat|produc|turned\s+out|put\s+out)\w*\b")
_AND_ANOTHER_SOURCE = re.compile(r"\s+and\s+[a-z]")
"""Before what was generated, and behind the first of two sources of which it came."""
_OF_POWER = {"MW": "capacity", "GWh": "generation"}
"""Units of what is told of a source of power."""


def of_a_source(scene: Scene, figure: Quantity) -> Told | None:
    """The capacity of a source of power that stands behind its figure: 18.9 GW of wind and 34.6 GW of solar power; or what
    was generated from it: 41 billion kWh from wind.
    """
    said = _SOURCE.match(scene.text, figure.end) if figure.unit in _OF_POWER else None
    if said is not None and figure.unit == "GWh":
        alone = _AND_ANOTHER_SOURCE.match(scene.text, said.end()) is None
        said = said if alone and _GENERATED.search(scene.segment(figure)) else None
    words = scene.context.words
    name = words.term_words.get(words.wording.key(f"{said['what']} power {_OF_POWER[figure.unit]}")) if said else None
    return (None, name) if name else None


def told_at_once(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether the whole of a share is told right behind it: 64 percent of its installed capacity of 107 gigawatts."""
    if scene.sentence.english and WHICH.match(scene.text, seen.end) and seen.end <= figure.start:
        return True
    return scene.sentence.english and bool(
        re.fullmatch(r"\s+of\s+(?:about\s+|over\s+)?|\s+\((?:about\s+|over\s+)?", scene.text[seen.end : figure.start])
    )


WHICH = re.compile(
    r"(?:\s+(?:in|for|during)\s+(?:19|20)\d\d)?,\s+(?:which|itself)\s+(?:in\s+turn\s+|itself\s+)?(?:had\s+|has\s+)?"
    r"(?:[a-z]+ed|rose|risen|grew|grown|fell|fallen|was|stood|came|shrank|hit)\b"
)
"""Behind the whole of a share, of which something is told itself: power use, which rose 10 percent to …"""


def gapped(scene: Scene, figure: Quantity) -> Told | None:
    """The indicator of the figure before, where a region alone stands between: …; the western region 67.6 billion yuan."""
    if not scene.drafts or figure.unit == "pct" or (not figure.unit and not figure.scaled):
        return None
    last = scene.drafts[-1]
    start = scene.sentence.clause(figure.start)[0]
    if not scene.sentence.english and start and scene.cues.but_how_much.fullmatch(scene.text, start, figure.start):
        start = scene.sentence.clause(start - 1)[0]  # 安徽规模最小,为1400亿元
    start = max(start, scene.previous_end(figure))
    named = [one for one in scene.sentence.regions if start <= one.start and one.end <= figure.start]
    if not named and scene.sentence.english:
        start = scene.previous_end(figure)
        named = [one for one in scene.sentence.regions if start <= one.start and one.end <= figure.start][-1:]
        named = [one for one in named if _WITH.fullmatch(scene.text, one.end, figure.start)]
        start = named[0].start if named else start
    if len(named) != 1 or not fits(scene, last.term, figure) or last.value is None or last.doubt:
        return None
    lead = scene.text[start : named[0].start] + scene.text[named[0].end : figure.start]
    bare = scene.cues.filler_en.sub(" ", scene.cues.filler.sub(" ", lead))
    strange = [word for word in re.findall(r"[a-z\u4e00-\u9fff]{2,}", bare) if not says_nothing(scene.cues, word)]
    return (last.mention, last.term) if not strange else None


_WITH = re.compile(r",\s+(?:with|at|having|on)\s+(?:about\s+|some\s+|over\s+|nearly\s+|more\s+than\s+)?")
"""Between a region and its figure: Zhengzhou, with 560 million."""


def brought_to(scene: Scene, figure: Quantity) -> Told | None:
    """The level to which English additions led, of what was added: 2,700 were added, bringing the number to 50,300."""
    lead = scene.text[: figure.start]
    if not scene.sentence.english or scene.cues.brings_to.search(lead) is None:
        return None
    added = scene.drafts[-1].term if scene.drafts else scene.context.term
    term = added.removesuffix("_new")
    spec = scene.context.words.terms.get(term)
    level = spec is not None and spec.kind == "stock" and fits(scene, term, figure)
    start = scene.sentence.amounts[scene.drafts[-1].at].end if scene.drafts else 0
    between = (one for one in scene.sentence.mentions if start <= one.start and one.end <= figure.start)
    other = any(one.indicator not in (term, added, f"{term}_new") and not one.whole for one in between)
    mention = scene.drafts[-1].mention if scene.drafts else None
    return (mention, term) if level and not other else None


def of_its_unit(scene: Scene, figure: Quantity) -> Told | None:
    """What an English sentence tells by its unit alone, which nothing else has: Guizhou had 120 EFLOPS, used 41 TWh."""
    if (each := _by_each_user(scene, figure)) is not None:
        return each
    name = {"EFLOPS": "compute_capacity", "GWh": "electricity_use"}.get(figure.unit, "")
    own = bool(name) and scene.sentence.english
    cue = scene.cues.uses_so_much if figure.unit == "GWh" else scene.cues.owns_so_much
    named = any(fits(scene, one.indicator, figure) or one.indicator.startswith("?") for one in scene.sentence.mentions)
    start = max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure))
    had = cue.search(scene.text, start, figure.start) if own and not named else None
    if had is None:
        behind = next((one.start for one in scene.sentence.regions if one.start >= figure.end), None)
        told = own and not named and behind is not None and WHAT_IT_HAS.fullmatch(scene.text, figure.end, behind)
        return (None, name) if told else None
    places = [*scene.sentence.regions]
    owner = any(not scene.text[one.end : had.start()].strip(" ,") for one in places if one.end <= had.start())
    return (None, name) if owner else None


def _by_each_user(scene: Scene, figure: Quantity) -> Told | None:
    """What each user got through in a month, where an English clause says data, a user and a month or an average around its
    figure: monthly data usage averaged 18.9 GB per user.
    """
    if figure.unit != "GB" or not scene.sentence.english:
        return None
    start = max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure))
    end = scene.sentence.clause(figure.end)[1]
    said = all(cue.search(scene.text, start, end) for cue in (_DATA, _EACH_USER, _A_MONTH))
    named = any(start <= one.start < end and fits(scene, one.indicator, figure) for one in scene.sentence.mentions)
    return (None, "dou_month") if said and not named else None


_DATA = re.compile(r"\b(?:data|traffic)\b")
_EACH_USER = re.compile(
    r"\b(?:per|an?|each|every|by\s+each|the\s+average|the\s+typical)\s+(?:mobile\s+|smartphone\s+|phone\s+|5g\s+)*(?:user|subscriber|customer|person|head|capita|account)\b"
)
_A_MONTH = re.compile(r"\b(?:monthly|an?\s+month|per\s+month|each\s+month|average[ds]?|averaging)\b")
"""What a clause says together where it tells what each user got through in a month."""


def revenue_told(scene: Scene) -> str:
    """The revenue of which the places of a text earn amounts: that which the text is about, or that of another industry
    which was told last.
    """
    terms, context = scene.context.words.terms, scene.context
    if context.term not in terms or context.main not in terms:
        return context.main if context.main in terms else context.term
    last, main = terms[context.term], terms[context.main]
    other = last.measure == "revenue" and last.family not in ("", main.family) and last.part_of != context.main
    return context.term if other else context.main


def region_earns(scene: Scene, figure: Quantity) -> Told | None:
    """Money that a region takes in, where the text is about a revenue: eastern regions took in 5.88 trillion yuan."""
    terms = scene.context.words.terms
    term = revenue_told(scene)
    start = max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure))
    named = [one for one in scene.sentence.regions if start <= one.start and one.end <= figure.start]
    if figure.unit != "CNY" or not named or term not in terms or terms[term].measure != "revenue":
        return None
    lead = scene.text[named[-1].end : figure.start]
    if any(start <= one.start < figure.start for one in scene.sentence.mentions):
        return None
    return (None, term) if scene.cues.earns.search(lead) else None


def by_heads(scene: Scene, figure: Quantity) -> Told | None:
    """So many for every 10,000 people: the rate of what the sentence counts (flag `per=` of the rate)."""
    ahead = figure.unit in ("", "1") and scene.cues.every_10k.search(scene.text[: figure.start])
    if scene.sentence.english and figure.unit == "" and _AND_ANOTHER.match(scene.text, figure.end):
        return None  # 38 and 29 for every 10,000: of two places
    if not ahead and figure.unit in ("", "1") and scene.cues.for_every.search(scene.text[: figure.start]):
        behind = next((one.indicator for one in scene.sentence.mentions if one.start >= figure.end), "")
        told = (name for name, term in scene.context.words.terms.items() if f"per={behind}" in term.flags)
        return next(((None, name) for name in told), None)
    if figure.unit != "per_10k" and not ahead:
        return None
    before = [one.indicator for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
    counted = next(reversed(before), scene.context.term).removesuffix("_new")
    rates = (name for name, term in scene.context.words.terms.items() if f"per={counted}" in term.flags)
    return next(((None, name) for name in rates), None)


_AND_ANOTHER = re.compile(r"\s+and\s+\d[\d.,]*\d?(?=\s*(?:$|[.;:)]|,\s))")
"""Behind the first of two bare numbers."""


def of_that_trade(scene: Scene, figure: Quantity, told: Told) -> Told | None:
    """The exports, or imports, of the kind of trade that an English sentence just told, of which they are said to be a part:
    trade with ASEAN came to 182 billion yuan, of which exports were 124 billion; None where nobody knows these.
    """
    last, index = scene.drafts[-1] if scene.drafts and scene.sentence.english else None, told[0]
    if last is None or index is None or told[1] not in ("exports", "imports") or last.value is None:
        return told
    one, low = scene.sentence.mentions[index], scene.sentence.amounts[last.at].end
    kind = last.term == "crossborder_ecommerce" or (last.term.endswith("_trade") and last.term != "foreign_trade")
    bare = scene.text[one.start : one.end] in ("exports", "imports", "export", "import") and one.start > low
    if not kind or not bare or _A_PART_OF_IT.search(scene.text, low, one.start) is None:
        return told
    name = f"{last.term.removesuffix('_trade')}_{told[1]}"
    return (index, name) if fits(scene, name, figure) else None


_A_PART_OF_IT = re.compile(
    r"(?:\b(?:of\s+(?:which|this|that|it)|including|comprising|with)|,\s+(?:its|the))\s+(?:(?:the|its|total)\s+)*$"
)
"""Before exports or imports that are a part of the trade just told."""


def other_way(scene: Scene, figure: Quantity) -> Told | None:
    """Bare exports behind the imports of a thing, or the other way, told in its unit: …; exports were 62 billion units."""
    last = scene.drafts[-1] if scene.drafts and scene.sentence.english else None
    if last is None or last.value is None:
        return None
    start = scene.sentence.amounts[last.at].end
    for index, one in enumerate(scene.sentence.mentions):
        ways = {"exports": "_imports", "imports": "_exports"}
        if (
            not start <= one.start < figure.start
            or one.indicator not in ways
            or not last.term.endswith(ways[one.indicator])
        ):
            continue
        name = f"{last.term.rpartition('_')[0]}_{one.indicator}"
        return (index, name) if fits(scene, name, figure) else None
    return None


def by_doing(scene: Scene, figure: Quantity) -> Told | None:
    """What those counted do, where that says what they are: 974 million people shopped online."""
    for index, one in enumerate(scene.sentence.mentions):
        few = one.indicator.endswith(_NO_PEOPLE)
        if (
            figure.start <= one.number < figure.end
            and not one.foreign
            and fits(scene, one.indicator, figure)
            and (few or figure.value >= _MANY or figure.unit not in ("", "1"))
        ):
            return index, one.indicator
    return None


_MANY = 1000.0
"""People below which a count is not one of a region."""
_NO_PEOPLE = ("_firms", "_giants", "_models", "_champions", "_cities")
"""How indicators end of which there may be few."""


def ratio_of_doing(scene: Scene, figure: Quantity) -> Told | None:
    """The ratio of those who do something to all: 85 percent of whom lived in towns (flag `part=` of the ratio)."""
    if figure.unit != "pct":
        return None
    terms = scene.context.words.terms
    wholes = [one.indicator for one in scene.sentence.mentions if one.end <= figure.start]
    wholes += [one.indicator for one in scene.sentence.mentions if figure.end <= one.start and one.whole]
    for index, one in enumerate(scene.sentence.mentions):
        if not figure.start <= one.number < figure.end:
            continue
        if one.indicator in terms and terms[one.indicator].unit == "pct":
            return index, one.indicator
        told = (name for name, term in terms.items() if f"part={one.indicator}" in term.flags)
        for name in told:
            whole = next(flag.removeprefix("whole=") for flag in terms[name].flags if flag.startswith("whole="))
            everybody = whole == _EVERYBODY and not wholes
            if everybody or whole in (*wholes, scene.context.term) or _OF_ALL.match(scene.text, figure.end):
                return index, name
    return None


_EVERYBODY = "resident_population"
"""Of whom a percentage is where nobody else is named."""
_OF_ALL = re.compile(
    r"\s+of\s+(?:the\s+|its\s+|all\s+|\w+'s\s+)*(?:people|residents|population|inhabitants|chinese|citizens|permanent\s+residents)\b"
)
"""Behind a percentage of all people."""


def by_deed(scene: Scene, figure: Quantity) -> tuple[int, str] | None:
    """Money of firms without a measure: what they bring in is revenue, what they turn out is output."""
    if figure.unit != "CNY" or not scene.sentence.english:
        return None
    terms = scene.context.words.terms
    firms = [
        (index, one)
        for index, one in enumerate(scene.sentence.mentions)
        if one.end <= figure.start and not one.whole and one.indicator.endswith("_firms")
    ]
    if not firms or any(firms[-1][1].end <= one.start < figure.start for one in scene.sentence.amounts):
        return None
    if not scene.text[firms[-1][1].start : firms[-1][1].end].endswith("s"):
        return None  # one of them
    lead = scene.text[firms[-1][1].end : figure.start]
    measure = "revenue" if scene.cues.earns.search(lead) else "output" if scene.cues.makes.search(lead) else ""
    name = scene.context.words.by_measure.get((terms[firms[-1][1].indicator].family, measure))
    return (firms[-1][0], name) if name else None
