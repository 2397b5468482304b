"""English names that mean another indicator by what they stand beside: wind with TWh or GW, firms and partners in what is
told of trade, a rate of penetration behind those who have something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.language.doings import number_before
from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_SOURCE = re.compile(
    r"(?<![\w-])(?<!\ba\s)(?<!\bone\s)(?P<source>wind|solar|photovoltaics?|hydropower|hydro|thermal|coal-fired|nuclear|biomass"
    r"|renewables|renewable(?=\s(?:power|energy|sources))|new(?=\senergy\b)|clean(?=\s(?:power|energy|sources)))(?:\s(?:power|energy))?(?:\ssources)?"
    r"(?:\s(?:stations?|plants?|farms?|turbines?|panels?|units?|facilities|generators?|projects?))?"
    r"(?=(?:\s+(?:in|of|across)\s+(?:[a-z'-]+\s+){0,2}?[a-z'-]+)?(?:\s*[,.;()–—]|\s+(?:about\s+|another\s+|some\s+)?\d|\s+(?:make|makes|came|rose|fell|grew|suppl\w+|deliver\w+|provid\w+|account\w+|contribut\w+|produc\w+|generat\w+|add\w*|made|gave|put|yield\w+|reach\w+"
    r"|stood|climb\w+|jump\w+|surg\w+|soar\w+|increas\w+|declin\w+|dropp\w+|dipp\w+|total\w+|amount\w+|hit|was|were|had|has|with|at|for|and|to|up|down|more\s+than\s+doubled|nearly\s+doubled|doubled|expand\w+|overt\w+|exceed\w+|pass\w+|turned|alone|itself)\b))"
)
"""A source of power whose output or capacity is told."""
_OUTPUT = re.compile(
    r"(?<![a-z])(?:(?:kilo|mega|giga|tera)watt[\s-]hours?|[kmgt]wh)(?![a-z])"
    r"|\bof\s+(?:(?:all|the|total|its|[a-z]+'s)\s+)*(?:(?:electricity|power)\s+(?:generated|produced|output|generation|production)|generation|what\s+(?:was|is)\s+generated)\b"
)
_CAPACITY = re.compile(
    r"(?<![a-z])(?:(?:kilo|mega|giga)watts?(?![\s-]hours?)|[kmg]w)(?![a-z])"
    r"|\bof\s+(?:(?:all|the|total|its|[a-z]+'s)\s+)*(?:installed|generating|power)\s+(?:generating\s+|power\s+)?capacity\b"
)
"""What says that power or capacity is told: a unit, or the whole that a share is of."""
_CALLED = {
    "photovoltaic": "solar",
    "photovoltaics": "solar",
    "hydro": "hydropower",
    "coal-fired": "thermal",
    "renewables": "renewable",
}


def sources(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """The mentions with sources of power as their output or their capacity, by the nearest unit of either behind them, else
    before them; what they generate is no power of all plants.
    """
    out = list(known)
    for found in _SOURCE.finditer(text):
        kind = _kind(text, *found.span(), topic)
        called = _CALLED.get(found["source"], found["source"])
        power = called if called == "hydropower" else f"{called} energy" if called == "new" else f"{called} power"
        name = words.term_words.get(words.wording.key(f"{power} {kind}")) if kind else None
        if not name or not beside(out, *found.span()):
            continue
        number = _DIGIT.search(text, found.end())
        end = number.start() if number else len(text)
        out = [one for one in out if not (one.deed and one.indicator == _ALL and found.end() <= one.start < end)]
        out.append(Mention(*found.span(), name))
    return sorted(out, key=lambda seen: seen.start)


_DIGIT = re.compile(r"\d")
_ALL = "power_generation"
"""What all plants generate."""


def _kind(text: str, start: int, end: int, topic: Topic) -> str:
    """What is told of a source: generation or capacity; blank where no unit says."""
    ways = (("generation", _OUTPUT), ("capacity", _CAPACITY))
    behind = [(found.start(), kind) for kind, way in ways if (found := way.search(text, end))]
    before = [(-found.end(), kind) for kind, way in ways for found in way.finditer(text, 0, start)]
    told = topic.term.rpartition("_")[2]
    return min(behind or before or [(0, told if told in ("generation", "capacity") else "")])[1]


_TRADES = {
    "private_enterprises": "private_trade",
    "state_holding": "state_owned_trade",
    "foreign_funded": "foreign_funded_trade",
}
"""Families of firms by owner, and the trade of these."""
_OWNED = re.compile(r"(?:enterprises|firms|companies|businesses)$")
_PARTNER = re.compile(
    r"(?:^\s*|[,;]\s+(?:and\s+|while\s+)?|\band\s+|\b(?:followed\s+by|ahead\s+of|before)\s+)(?:the\s+|its\s+)?(?:neighbou?ring\s+)?"
    r"(?P<who>[a-z][\w.]*(?:\s[a-z][\w.]*){0,3}?)"
    r"(?=(?:\s+again|\s+alone|\s+itself)?(?:,?\s+(?:with|at|came|followed|ranked|was|remained|stayed|accounted|took|made|bought|ranks?|is|comes)\b|\s+\())"
)
"""A partner of trade that a clause opens with."""


def traders(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Firms by their owner as the trade of these, and bare partners as the trade with them, where trade is spoken of."""
    traded = any(term.endswith("_trade") for term in (topic.term, topic.main))
    here = [seen.indicator for seen in known if seen.indicator == "foreign_trade"]
    if not (traded or here) or not text.isascii():
        return list(known)
    out: list[Mention] = []
    for seen in known:
        spec = words.terms.get(seen.indicator)
        name = _TRADES.get(spec.family, "") if spec is not None and _OWNED.search(text[seen.start : seen.end]) else ""
        out.append(replace(seen, indicator=name) if name and "of" not in text[seen.start : seen.end].split() else seen)
    for found in _HANDLED.finditer(text) if traded else ():
        low, high = found.span("who")
        out = [one for one in out if one.end <= low or one.start >= high or one.indicator != "private_firms"]
        if beside(out, low, high) and "private_trade" in words.terms:
            out.append(Mention(*found.span("who"), "private_trade"))
    for found in _PARTNER.finditer(text):
        name = words.term_words.get(words.wording.key(f"trade with {found['who']}"), "")
        if traded and name.endswith("_trade") and beside(out, *found.span("who")):
            out.append(Mention(*found.span("who"), name))
    return sorted(out, key=lambda seen: seen.start)


_HANDLED = re.compile(
    r"\b(?P<who>private(?:ly[\s-]owned)?\s+(?:enterprises|firms|companies|businesses|traders))(?=\s+(?:handled|accounted\s+for|contributed|recorded|conducted|generated|did|registered|carried\s+out|traded)\s+(?:(?:about|some|nearly|over)\s+)?(?:rmb|cny|¥)?\s?\d[\d.,]*\s+(?:million\s+|billion\s+|trillion\s+)?yuan)"
)
"""Private firms and what they did, where trade is spoken of."""
_STAFF = re.compile(
    r"\b(?:(?:the\s+(?:sector|industry|branch)'s|its|their|the)\s+(?:total\s+)?(?:headcount|workforce|payroll|staff)|the\s+number\s+of\s+(?:its\s+)?(?:employees|workers|staff|people\s+employed)"
    r"|employment\s+in\s+the\s+(?:sector|industry|branch))(?=\s+(?:was|were|stood|came|reached|rose|grew|fell|totall?ed|numbered|hit|climbed|exceed\w*|had|has|swelled|shrank|in\s))"
)
"""Those who work in what is spoken of."""
_WORK_THERE = re.compile(
    r"\b(?:work|worked|are\s+working|were\s+working|are\s+employed|were\s+employed|employed|working)\s+(?:in\s+(?:it|the\s+(?:industry|sector|branch))|there)\b"
)
"""What so many do in the industry just told of."""
_EMPLOYS = re.compile(
    r"\b(?:the\s+(?:industry|sector|branch|business|trade)|it)\s+(?:now\s+|then\s+|alone\s+)?(?P<what>employ(?:ed|s)|gave\s+work\s+to|gives\s+work\s+to"
    r"|provided\s+jobs\s+for|provides\s+jobs\s+for)(?=\s+(?:about\s+|some\s+|over\s+|nearly\s+|more\s+than\s+)?[\d.,]+\s(?:million\s)?(?:people|workers|staff|persons)\b)"
)
"""That the industry just told of employs so many."""
_AND_EMPLOYED = re.compile(
    r"(?:\band|,\s+and)\s+(?P<what>employ(?:ed|s)|gave\s+work\s+to|provided\s+jobs\s+for|had)(?=\s+(?:about\s+|some\s+|over\s+|nearly\s+|more\s+than\s+)?[\d.,]+\s(?:million\s)?(?:people|workers|staff|persons|employees)\b)"
)
"""That an industry whose money was just told also employs so many."""
_WORKERS = ("employees", "employment", "workers")
"""How the indicators of those who work in an industry end."""
_OPERATORS = re.compile(
    r"(?:^\s*|[,;.]\s+(?:and\s+|while\s+)?|\bthe\s+)(?P<who>operators|carriers)(?=\s+(?:together\s+)?(?:collected|earned|took|made|grossed|booked|brought|pocketed|billed|posted|generated|had)\b)"
)
"""The telecommunications operators, in what is told of their industry."""


def workers(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Those who work in the industry that a sentence, or the one before, is about, and what its operators take in."""
    out: list[Mention] = []
    for found in _STAFF.finditer(text):
        before = [
            words.terms[seen.indicator].family
            for seen in known
            if seen.end <= found.start() and seen.indicator in words.terms
        ]
        families = [*before[-1:], topic.family]
        names = (f"{family}_{end}" for family in families if family for end in _WORKERS)
        name = next((name for name in names if name in words.terms), "")
        if name and beside([*known, *out], *found.span()):
            out.append(Mention(*found.span(), name))
    for found in _EMPLOYS.finditer(text):
        name = next((f"{topic.family}_{end}" for end in _WORKERS if f"{topic.family}_{end}" in words.terms), "")
        if name and beside([*known, *out], *found.span("what")):
            out.append(Mention(*found.span("what"), name, deed=True))
    for found in _AND_EMPLOYED.finditer(text):
        told = [
            words.terms[seen.indicator].family
            for seen in known
            if seen.end <= found.start() and seen.indicator in words.terms
        ]
        names = (f"{family}_{end}" for family in told[-1:] for end in _WORKERS if family)
        name = next((name for name in names if name in words.terms), "")
        if name and beside([*known, *out], *found.span("what")):
            out.append(Mention(*found.span("what"), name, deed=True))
    for found in _WORK_THERE.finditer(text):
        number = number_before(text, found.start(), words.cues)
        name = next((f"{topic.family}_{end}" for end in _WORKERS if f"{topic.family}_{end}" in words.terms), "")
        if name and number is not None and beside([*known, *out], *found.span()):
            out.append(Mention(*found.span(), name, deed=True, number=number))
    spoken = (words.terms[one].family for one in (topic.term, topic.main) if one in words.terms)
    if _TELECOM in (topic.family, *spoken):
        found_here = (found.span("who") for found in _OPERATORS.finditer(text))
        spans = [span for span in found_here if all(seen.end <= span[0] or seen.start >= span[1] for seen in known)]
        out += [Mention(*span, "telecom_revenue") for span in spans]
    return out


_AREA = re.compile(
    r"(?<![\w-])(?P<area>urban|rural)(?=\s+(?:about\s+|some\s+|over\s+|nearly\s+|(?:ones|residents)\s+)?\d)"
)
"""Town or country right before a figure."""
_OTHER = {"urban": "rural", "rural": "urban"}


def other_area(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """What was just told of the country, of towns, and back: rural per capita income was 20,794 yuan, urban 47,066 yuan."""
    out: list[Mention] = []
    for found in _AREA.finditer(text):
        before = [one.indicator for one in known if one.end <= found.start()]
        other = _OTHER[found["area"]]
        told = before[-1] if before else ""
        name = f"{found['area']}_{told.removeprefix(f'{other}_')}" if told.startswith(f"{other}_") else ""
        if name in words.terms and beside([*known, *out], *found.span("area")):
            out.append(Mention(*found.span("area"), name))
    return out


_USED_THERE = re.compile(
    r"\b(?:electricity|power)\s+(?:that\s+)?(?:the\s+(?:whole\s+)?(?:province|city|region|country|municipality|nation|island|area)|[a-z]+)\s+(?P<used>used|consumed|needed)\s+"
    r"(?=(?:was|came|amounted|reached|totall?ed|rose|grew|stood|fell)\b)"
)
"""Electricity that a region used, as what is told of."""


def used_there(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """All the electricity the province used, as its electricity use."""
    out: list[Mention] = []
    for found in _USED_THERE.finditer(text):
        local = found[0].split()[1 if "that" not in found[0] else 2] == "the"
        if (local or words.places_pattern.search(found[0])) and beside(known, *found.span("used")):
            out.append(Mention(*found.span("used"), "electricity_use"))
    return out


_WITH_IT = re.compile(
    r"\b(?P<what>trade|exports|imports)\s+(?:with|to|from)\s+(?P<who>it|them|the\s+bloc|that\s+country)(?![\w-])"
)
"""Trade with a partner that was named before."""
_NAMED = re.compile(r"[a-z][\w.]*")
_LONGEST_PARTNER = 4
"""Words of the longest name of a partner."""


def with_it(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Trade with `it` as that with the partner named last before it, with `them` as that with the last two."""
    out: list[Mention] = []
    for found in _WITH_IT.finditer(text):
        join = {"trade": "with", "exports": "to", "imports": "from"}[found["what"]]
        partners = _partners(text[: found.start()], f"{found['what']} {join}", words)
        if not partners or not beside([*known, *out], *found.span()):
            continue
        if (
            found["who"] == "them"
            and len(partners) > 1
            and re.fullmatch(r",?\s+and\s+(?:the\s+)?", text[partners[-2][1] : partners[-1][0]])
        ):
            out.append(Mention(partners[-2][0], partners[-2][1], partners[-2][2]))
            out.append(Mention(partners[-1][0], found.end(), partners[-1][2]))
        elif found["who"] != "them":
            out.append(Mention(*found.span(), partners[-1][2]))
    return out


def _partners(before: str, head: str, words: Vocabulary) -> list[tuple[int, int, str]]:
    """Where some words name partners of trade, and the indicator that each makes with a head; the longest names."""
    parts = list(_NAMED.finditer(before))
    out: list[tuple[int, int, str]] = []
    at = 0
    while at < len(parts):
        ends = range(min(len(parts), at + _LONGEST_PARTNER), at, -1)
        said = ((end, before[parts[at].start() : parts[end - 1].end()]) for end in ends)
        hit = next(
            ((end, name) for end, who in said if (name := words.term_words.get(words.wording.key(f"{head} {who}")))),
            None,
        )
        if hit is not None:
            out.append((parts[at].start(), parts[hit[0] - 1].end(), hit[1]))
        at = hit[0] if hit is not None else at + 1
    return out


_PRIVATE = re.compile(
    r"(?<=\d\s)(?P<a>private\s(?:firms|companies|enterprises|businesses))\b(?!')|(?<=million\s)(?P<b>private\s(?:firms|companies|enterprises|businesses))\b(?!')"
    r"|\b(?:the\snumber\sof\s)?(?P<c>private\s(?:firms|companies|enterprises|businesses))(?=\s(?:had\s|has\s|have\s)?(?:numbered|totall?ed|reached|risen\sto|rose\sto|grown\sto|stood\sat|came\sto|climbed\sto)\s(?:about\s|some\s|over\s|nearly\s|more\sthan\s)?\d[\d.,]*(?:\smillion)?(?!\s(?:yuan|percent|million|billion|trillion|us)|%|[\d.]))"
)
"""Private firms right behind or before a count of them."""


def private(text: str, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with private firms that are counted as these, and not as what of them is measured."""
    out = list(known)
    for found in _PRIVATE.finditer(text):
        span = found.span(found.lastgroup or 0)
        out = [one for one in out if one.end <= span[0] or one.start >= span[1]]
        out.append(Mention(*span, "private_firms"))
    return sorted(out, key=lambda seen: seen.start)


_RATE = re.compile(
    r"(?<![\w-])(?:the\s+|an?\s+|its\s+|their\s+)?(?:rate\s+of\s+penetration|penetration(?:\s+(?:rate|ratio|level))?)(?![\w-])(?!\s+of\s+(?!\d|about|over|nearly|some|almost|around|more))"
)
"""A rate of those told of, without a word of whom."""


def rates(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """A bare penetration as that of those who were told of last, in the sentence or before it (flag `part=`)."""
    out: list[Mention] = []
    for found in _RATE.finditer(text):
        before = [seen.indicator for seen in known if seen.end <= found.start() and seen.indicator in words.terms]
        told = next((f"part={name}" for name in (*reversed(before), topic.term) if name), "")
        name = next((name for name, term in words.terms.items() if told in term.flags), "")
        if name and beside(known, *found.span()):
            out.append(Mention(*found.span(), name))
    return out


_JOINED = re.compile(
    r"(?:\s+(?:in|of|across)\s+[^,.;\d]{2,30}?)?\s*,?\s+(?:taken\s+)?(?:together|combined|jointly|between\s+them|in\s+total|altogether)\b"
    r"|(?:\s+services|\s+businesses)?\s+(?:earned|brought|yielded|netted|generated)\s"
    r"|(?P<more>,?\s+and\s+(?:the\s+like|so\s+(?:on|forth)|others?(?:\s+(?:such|emerging|new|digital|similar|kinds\s+of))*(?:\s+(?:services|businesses|business|fields|areas|sectors|operations))?)|,?\s+etc\b\.?)"
)
"""Behind a list of several of which one figure is told."""


def sums(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Things of an English list whose figure is one of all together as what they are parts of (flag `sums=`), else `?`."""
    out = list(known)
    for at, seen in enumerate(known):
        if (joined := _JOINED.match(text, seen.end)) is None:
            continue
        run = [at]
        while run[0] and words.cues.joined.fullmatch(_THE.sub("", text[known[run[0] - 1].end : known[run[0]].start])):
            run.insert(0, run[0] - 1)
        while len(run) > _TWO and not _sum(known[run[0]].indicator, words) and _sum(known[run[1]].indicator, words):
            run.pop(0)  # of the revenue, cloud computing, big data and …
        if len(run) < _TWO:
            continue
        told = [_sum(known[one].indicator, words) for one in run]
        end = joined.end() if joined["more"] else seen.end
        named = {one.indicator for one in known if seen.end <= one.start and one.end <= end}
        spoken = (words.terms[one].family for one in (topic.term, topic.main) if one in words.terms)
        kin = told[0] and (_TELECOM in (topic.family, *spoken) or told[0] in named)
        name = told[0] if len(run) + bool(joined["more"]) > _TWO and len(set(told)) == 1 and kin else "?"
        out = [one for one in out if one.end <= known[run[0]].start or one.start >= end]
        out.append(Mention(known[run[0]].start, end, name))
    return sorted(out, key=lambda seen: seen.start)


_THE = re.compile(r"(?<=\s)the\s+$")
"""Before the next of a list."""
_TELECOM = "telecom"
"""The family of the industry whose new businesses are told of as one."""
_TWO = 2
"""Things of the shortest list."""


def _sum(indicator: str, words: Vocabulary) -> str:
    """What an indicator is summed up in with others of its kind; blank where nothing is."""
    flags = words.terms[indicator].flags if indicator in words.terms else ()
    return next((flag.removeprefix("sums=") for flag in flags if flag.startswith("sums=")), "")
