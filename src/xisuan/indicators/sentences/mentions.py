"""The indicators that a sentence names: words of the vocabulary, what the words around make of them, and bare measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xisuan.indicators.language.deeds import mentions_of
from xisuan.indicators.language.doings import done_by
from xisuan.indicators.language.finding import Found
from xisuan.indicators.language.tokens import BREAK, Mention, Topic, beside
from xisuan.indicators.language.vocabulary import MONEY, Term, Vocabulary, key
from xisuan.indicators.sentences.again import counted_zh, said_again, that_of, their_users
from xisuan.indicators.sentences.alike import measured_alike, of_unknown_industries
from xisuan.indicators.sentences.bare import bare_measures
from xisuan.indicators.sentences.branches import (
    branches,
    budget,
    core,
    economy,
    grown_in,
    named_apart,
    of_industry,
    services,
    trade,
    without_verbs,
)
from xisuan.indicators.sentences.elliptic import elliptic
from xisuan.indicators.sentences.meanings import (
    other_area,
    private,
    rates,
    sources,
    sums,
    traders,
    used_there,
    with_it,
    workers,
)
from xisuan.indicators.sentences.owners import of_people, spent_by, town_and_country
from xisuan.indicators.sentences.sharing import bilateral, both_ways, partners, sectors, shared, two_in_one
from xisuan.indicators.sentences.sources import powers, prices, products, renewable, residents
from xisuan.indicators.sentences.speeds import by_speed
from xisuan.indicators.sentences.stations import of_5g
from xisuan.indicators.sentences.subjects import (
    behind_a_bracket,
    in_the_month,
    of_a_part,
    of_the_subject,
    other_way,
    the_latter,
    their_rates,
)
from xisuan.indicators.sentences.that_they import that_they


def mentions_in(text: str, words: Vocabulary, taken: Sequence[tuple[int, int]], topic: Topic) -> list[Mention]:
    """Every indicator outside the spans `taken`, in order; `?` with a measure where nobody knows its name."""
    out = _in_words(text, words, taken)
    out = shared(text, words, out)
    out.sort(key=lambda seen: seen.start)
    out = [seen for at, seen in enumerate(out) if not _repeats(text, out[at - 1] if at else None, seen, words)]
    out = _traded_by(text, _of_a_branch(text, out, words), words)
    out = of_people(text, spent_by(text, out, words, topic))
    out = sectors(text, out)
    out = sorted(partners(text, words, two_in_one(text, out)), key=lambda seen: seen.start)
    out = both_ways(text, out)
    out = _invested(text, words, out)
    for match in words.cues.these.finditer(text):
        if topic.term in words.terms and beside(out, *match.span()):
            out.append(Mention(match.start(), match.end(), topic.term))
    out = that_they(text, words, mentions_of(text, words, out, topic.lately or topic.said))
    out = done_by(text, words.doings, out, words.terms, words.cues)
    out = by_speed(text, words, out, topic)
    again = that_of(text, words, out)
    out = [seen for seen in out if beside(again, seen.start, seen.end)] + again
    out += said_again(text, words, out, topic)
    out += their_users(text, words, out)
    out += counted_zh(text, words, out)
    out += bilateral(text, words, out)
    out += powers(text, words, out, topic)
    out += products(text, words, out)
    out = renewable(text, words, out)
    out += residents(text, out, topic)
    out += prices(text, out, topic)
    out += their_rates(text, words, sorted(out, key=lambda seen: seen.start))
    out += the_latter(text, words, sorted(out, key=lambda seen: seen.start), topic.said)
    out += of_a_part(text, words, sorted(out, key=lambda seen: seen.start))
    out = sources(text, words, out, topic)
    out += workers(text, words, out, topic)
    out += other_area(text, words, out)
    out += with_it(text, words, out)
    out += used_there(text, words, out)
    for more in (core, trade, budget, services, economy, _their_firms):
        out += more(text, words, sorted(out, key=lambda seen: seen.start), topic)
    out = elliptic(text, words, out, topic)
    out = [_of_the_industry(text, seen, words, topic) for seen in out]
    out = measured_alike(text, sorted(out, key=lambda seen: seen.start), words, topic)
    out = of_the_subject(text, words, of_unknown_industries(text, out, words))
    out = in_the_month(text, words, behind_a_bracket(text, words, other_way(text, words, out)))
    out.sort(key=lambda seen: seen.start)
    out += [seen for seen in bare_measures(text, words, out, topic) if _outside(seen, taken)]
    out = private(text, out) if "private_firms" in words.terms else out
    out = traders(text, words, sums(text, words, sorted(out, key=lambda seen: seen.start), topic), topic)
    out += rates(text, words, out, topic)
    told = branches(text, words, out, topic)
    out = [*without_verbs(out, told), *told]
    out = of_industry(text, words, grown_in(text, words, named_apart(text, words, out)), topic)
    out = of_5g(text, words, town_and_country(text, out, words, topic), topic)
    return sorted(out, key=lambda seen: seen.start)


def _outside(seen: Mention, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether an indicator stands in no span that is something else."""
    return all(seen.end <= low or seen.start >= high for low, high in taken)


def _in_words(text: str, words: Vocabulary, taken: Sequence[tuple[int, int]]) -> list[Mention]:
    """Indicators that stand in words of the vocabulary; `?` for a part of one that it does not have."""
    out: list[Mention] = []
    for match in (_its_level(text, one, words) for one in _named(text, words)):
        name = match.name
        if not all(match.end() <= a or match.start() >= b for a, b in taken):
            continue
        if (
            ("generic" in words.terms[name].flags or match.alone)
            and match.start()
            and not any(seen.end == match.start() for seen in out)
            and not words.cues.free_before.search(text[: match.start()])
            and not _behind_a_place(text, match.start(), words)
        ):
            continue
        if re.search(r"[2-6]g\s?$", text[: match.start()]) and re.match(r"[\u4e00-\u9fff]", match[0]):
            continue  # 3G移动电话用户 are not all users
        if "generic" in words.terms[name].flags and words.cues.longer_measure.match(text, match.end()):
            continue
        if "apart" in words.terms[name].flags and _of_another(match.start(), name, out, words):
            out.append(Mention(match.start(), match.end(), "?"))  # projects of data centres are not all projects
            continue
        if text.endswith("-to-", 0, match.start()):
            continue  # the deficit-to-GDP ratio
        if _DECIMAL.search(text, 0, match.start()):
            out.append(Mention(match.start(), match.end(), "?"))  # 4.5G users are no 5G users
            continue
        if words.cues.by_the_unit.search(text[: match.start()]) or _FOR_SO_MANY.search(text, 0, match.start()):
            continue  # 397 Mbps/household, for every 10,000 inhabitants
        if (
            words.terms[name].measure == "output"
            and not any(sign in match[0] for sign in words.measures["output"])
            and words.cues.means_of.search(text[: match.start()])
        ):
            continue
        part = (
            text.endswith("non-", 0, match.start())
            or _of_other_things(text, match.end(), words.terms[name], words)
            or _object(text, match, words)
            or _of_a_thing_behind(text, match, words)
            or (words.terms[name].unit == "1" and _VALUE_OF.search(text, 0, match.start()) is not None)
            or (words.terms[name].measure in _EARNED and _SPENT_ON.search(text, 0, match.start()) is not None)
            or words.cues.subset.search(text[: match.start()])
            or _sold(text, match, words)
            or (match[0].endswith("用户") and _FIRMS.search(text, 0, match.start()) is not None)
            or words.cues.other_thing.match(text, match.end())
            or (
                words.terms[name].measure in ("revenue", "volume")
                and words.cues.exports_of.search(text[: match.start()])
            )
        )
        if not part and (area := words.cues.in_areas.match(text, match.end())) is not None:
            where = area["area"] or ("urban" if area["town"] else "rural")
            own = f"{where} {match[0]}"
            name = words.term_words.get(key(own, words.wording), "")
            end = area.end() if name and (area["town"] or area["country"]) else match.end()
            out.append(Mention(match.start(), end, name or "?"))
            continue
        if not part and (area := words.cues.areas_before.search(text[: match.start()])) is not None:
            where = area["area"] or ("urban" if area["town"] else "rural")
            name = words.term_words.get(key(f"{where} {match[0]}", words.wording), name)
        if name == "mobile_base_stations" and words.cues.of_5g.search(_ALL.sub("", text[: match.start()])):
            name = "g5_base_stations"
        out.append(Mention(match.start(), match.end(), "?" if part else _measured(text, match, name, words)))
    return out


_EARNED = ("value_added", "output", "revenue")
"""What is told of a branch by its name alone, which is none of what is spent on it."""
_SPENT_ON = re.compile(
    r"\b(?:spending|outlays?|expenditures?|budgets?|subsid(?:y|ies)|grants|spen[dt]s?|outlay)\s+(?:on|for|towards?)\s+(?:(?:the|their|its|more|further)\s+)?$"
)
"""Before a branch on which something is spent: spending on industrial digitalisation."""
_ALL = re.compile(r".*\b(?:all|total)\s+(?:the\s+)?$", re.DOTALL)
"""What leads to all of something, of whichever kind: 34 percent of all mobile base stations."""


def _its_level(text: str, match: Found, words: Vocabulary) -> Found:
    """The name behind `of this`, which with it would be that of a share, where no percentage follows: of this, intelligent
    computing provided 5.4 EFLOPS.
    """
    opens = _OF_THIS.match(match[0]) if words.terms[match.name].unit == "pct" else None
    number = _NUMBER.search(text, match.end()) if opens is not None else None
    if opens is None or number is None or number["percent"]:
        return match
    return words.names.match(text, match.start() + opens.end()) or match


_OF_THIS = re.compile(r"of\s+(?:this|that|which|it|these|them),?\s+")
_NUMBER = re.compile(r"\d[\d.,]*\s*(?P<percent>percent|per\s+cent|pct|%)?")
"""Before and behind a part of what was told."""


def _of_a_thing_behind(text: str, match: Found, words: Vocabulary) -> bool:
    """Whether a Chinese industry only begins the name of something else that is measured: 人工智能|芯片销售收入."""
    if match[0].isascii() or words.terms[match.name].unit not in MONEY or _ITS_OWN.search(match[0]):
        return False
    behind = _MEASURED_THING.match(text, match.end())
    thing = words.cues.light_name.sub("", words.cues.filler.sub("", behind["thing"])) if behind else ""
    return len(thing) > 1 and words.names.without(thing) == thing


_ITS_OWN = re.compile(r"(?:业|经济|收入|投资|产值|增加值|规模|利润|出口|额|市场)$")
"""How a Chinese name ends that is one of an industry or says what is measured."""
_MEASURED_THING = re.compile(r"(?P<thing>[\u4e00-\u9fff]{2,6}?)(?:销售|营业|业务)(?:总?收入|额)")
"""A thing and its sales right behind a name."""


def _sold(text: str, match: Found, words: Vocabulary) -> bool:
    """Whether an English product, whose name means its output, is one of which something else is told: car sales."""
    term = words.terms[match.name]
    own = any(sign in match[0] for sign in (*words.measures["output"], "production", "harvest", "made", "crop"))
    return (
        term.measure == "output" and term.unit == "1" and not own and _SOLD.search(text, 0, match.start()) is not None
    )


_SOLD = re.compile(
    r"\b(?:sales|deliver(?:y|ies)|registrations?|ownership|prices?|stocks?|fleets?|purchases|shipments|number|use|market|demand)"
    r"(?:\s+volumes?)?\s+(?:of|for)\s+(?:(?:the|its|all|domestic|passenger)\s+)*$"
)
"""Before a product of which not the output is told."""
_VALUE_OF = re.compile(r"\bvalues?\s+of\s+(?:the\s+)?$")
"""Before what is counted, of which money is told: the output value of cars."""
_FOR_SO_MANY = re.compile(r"\b(?:per|every|each)\s+(?:[\d,]+|hundred|thousand|ten\s+thousand|million)\s+$")
"""Before those for so many of whom something is counted."""
_DECIMAL = re.compile(r"\d\.$")
"""Before a digit that is but the end of a number."""


def _behind_a_place(text: str, at: int, words: Vocabulary) -> bool:
    """Whether the name of a place ends right before a general name, which then is its own: 浙江服务业增加值."""
    return any(found.end() == at for found in words.places_pattern.finditer(text, max(0, at - _LONGEST_PLACE), at))


_LONGEST_PLACE = 12
"""Signs of the longest Chinese name of a place."""


def _of_another(start: int, name: str, out: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether an indicator is right behind another whose own it is; projects are so only behind what is counted."""
    before = next((words.terms.get(seen.indicator) for seen in out if seen.end == start), None)
    return before is not None and "1" in (before.unit, "1" if words.terms[name].unit != "1" else "")


def _invested(text: str, words: Vocabulary, known: list[Mention]) -> list[Mention]:
    """The mentions with those that money was invested in: invested … in 5G networks."""
    out = known
    for match in words.cues.invested_in.finditer(text):
        invested = [word for word in words.term_words if word.startswith("invested of ")]
        for word in sorted(invested, key=len, reverse=True):
            ways = "|".join(words.wording.patterns(word.removeprefix("invested of ")))
            what = re.compile(rf"(?:{ways})(?![a-z0-9])").match(text, match.end())
            if what and all(
                seen.start >= what.start() for seen in out if seen.start < what.end() and seen.end > what.start()
            ):
                out = [seen for seen in out if seen.start >= what.end() or seen.end <= what.start()]
                out.append(Mention(what.start(), what.end(), words.term_words[word], into=True))
                break
    return out


def _named(text: str, words: Vocabulary) -> Iterator[Found]:
    """Words of the vocabulary in order; of two that overlap the longer: 贵州电信业务总量 is no figure of 贵州电信."""
    at, pattern = 0, words.names
    while (match := pattern.search(text, at)) is not None:
        latin = match[0].isascii()
        starts = [at for at in range(match.start() + 1, match.end()) if not (latin and text[at - 1].isalnum())]
        if len(match[0]) > 1:
            for start in starts:
                later = pattern.match(text, start)
                if later is None or later.end() <= match.end() or len(later[0]) <= len(match[0]):
                    continue
                if "generic" not in words.terms[later.name].flags:
                    both = latin and later.name == match.name  # standard racks in data centers, racks in data centers
                    match = replace(match, text=text[match.start() : later.end()]) if both else later
                    break
        yield match
        at = max(match.end(), at + 1)


def _of_other_things(text: str, end: int, term: Term, words: Vocabulary) -> bool:
    return term.unit == "1" and bool(words.cues.other_head.match(text, end))


def _object(text: str, match: Found, words: Vocabulary) -> bool:
    """Whether a generic verb has an object that nobody knows: 出口笔记本电脑."""
    if match[0] not in ("出口", "进口"):
        return False
    behind = re.match(r"[\u4e00-\u9fff]*", text[match.end() :])
    rest = behind[0] if behind else ""
    plain = words.cues.filler.sub("", words.cues.grows.sub("", words.names.without(rest)))
    return len(plain) > 1 and not rest.startswith(("交货", "总", "额", "值", "金额", "方面"))


def _their_firms(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Firms without more, counted, as those of the industry spoken of: software, which consists of 35,368 companies."""
    out: list[Mention] = []
    for match in words.cues.counted_firms.finditer(text):
        before = [seen for seen in known if seen.end <= match.start() and seen.indicator in words.terms]
        family = words.terms[before[-1].indicator].family if before else ""
        group = "firms" if match["firms"] else "own"
        if group == "own":
            family = family or topic.family
        if f"{family}_firms" in words.terms and beside(known, *match.span(group)):
            out.append(Mention(*match.span(group), f"{family}_firms"))
    for match in words.cues.firms_in.finditer(text):
        behind = next((seen for seen in known if match.end() <= seen.start < match.end() + 24), None)
        family = words.terms[behind.indicator].family if behind and behind.indicator in words.terms else ""
        if f"{family}_firms" in words.terms and beside([*known, *out], *match.span("firms")):
            out.append(Mention(match.start("firms"), match.end("firms"), f"{family}_firms"))
    return out


def _of_the_industry(text: str, seen: Mention, words: Vocabulary, topic: Topic) -> Mention:
    """Industrial value added `of major firms in this sector` as that of the industry the text is about, and so is what a
    name says of `the industry`: investment in the industry.
    """
    spec = words.terms.get(seen.indicator)
    if spec is None or not topic.family:
        return seen
    if topic.family != "industry" and _THE_INDUSTRY.search(text, seen.start, seen.end):
        return replace(seen, indicator=words.by_measure.get((topic.family, spec.measure), f"?{spec.measure}"))
    if "bare" not in spec.flags:
        return seen
    behind = text[seen.end : seen.end + 60]
    said = words.cues.the_industry.search(behind)
    if (
        said is None
        or BREAK.search(behind[: said.start()])
        or not re.match(r"\s+(?:of|in|from)\b|[\u4e00-\u9fff]", behind)
    ):
        return seen
    return replace(seen, indicator=words.by_measure.get((topic.family, spec.measure), seen.indicator))


_THE_INDUSTRY = re.compile(r"\b(?:the|this)\s+(?:industry|sector)$")
"""The end of a name that leaves open which industry is meant."""
_FIRMS = re.compile(r"(?:企业|政企|商企|集团)$")
"""Before users, who are but those that are firms."""
_ANY_INVESTMENT = ("fixed_asset_investment", "project_investment")


def _repeats(text: str, before: Mention | None, seen: Mention, words: Vocabulary) -> bool:
    """Whether `fixed-asset investment` only says again what the indicator before it is: 大数据领域完成固定资产投资."""
    if before is None or seen.indicator not in _ANY_INVESTMENT or before.indicator not in words.terms:
        return False
    between = words.cues.filler.sub("", text[before.end : seen.start]).strip()
    return words.terms[before.indicator].measure == "investment" and not between


def _of_a_branch(text: str, known: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """A measure of all industry right behind a branch as that of the branch: 电子信息制造业规模以上工业增加值."""
    out: list[Mention] = []
    for seen in known:
        branch = words.terms.get(out[-1].indicator) if out else None
        spec = words.terms.get(seen.indicator)
        if (
            branch is None
            or spec is None
            or not branch.family
            or spec.family != "industry"
            or branch.family == spec.family
            or words.cues.scope.sub("", text[out[-1].end : seen.start]).strip()
            or text[seen.start : seen.end].isascii()
        ):
            out.append(seen)
            continue
        name = words.by_measure.get((branch.family, spec.measure), f"?{spec.measure}")
        out[-1] = replace(out[-1], end=seen.end, indicator=name)
    return out


def _traded_by(text: str, known: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """Exports as those of the industry whose they are said to be: the software industry realized exports of …"""
    out: list[Mention] = []
    for seen in known:
        before = words.terms.get(out[-1].indicator) if out else None
        spec = words.terms.get(seen.indicator)
        if (
            before is not None
            and spec is not None
            and before.family
            and "generic" in spec.flags
            and not spec.family
            and words.cues.traded.fullmatch(text, out[-1].end, seen.start)
        ):
            name = words.by_measure.get((before.family, seen.indicator), f"?{seen.indicator}")
            out.append(replace(seen, indicator=name))
        else:
            out.append(seen)
    return out


def _measured_behind(text: str, end: int, own: str, words: Vocabulary) -> str:
    """Another Chinese measure right behind a name; blank where there is none."""
    for measure, signs in words.measures.items():
        if measure not in (own, "share") and any(not sign.isascii() and text.startswith(sign, end) for sign in signs):
            return measure
    return ""


_VALUE_ADDED_IN = re.compile(r"\b(?:added\s+values?|value\s+added)\s+(?:in|of)\s+(?:the\s+)?(?:[\w']+\s+){0,2}$")
"""Before an industry of which value added is told."""
_LARGEST = re.compile(r"(?:的)?规模(?=最大|较大|最小|居|位|领先|首)")
"""What says of an industry that it is large, not how large: 数字技术应用业规模最大."""


_MADE_OF_VALUE = re.compile(
    r"[^,.;:\d]{0,50}?\b(?:produc|generat|creat|contribut|record|achiev|post)\w*\s+(?:an?\s+|a\s+total\s+)?(?P<what>value\s+added|added\s+value)\s+of\b"
)
"""Behind an industry, that what is told is its value added: the digital economy of the capital produced value added of …"""


def _measured(text: str, match: Found, name: str, words: Vocabulary) -> str:
    """The indicator of the same industry that the words around it mean: its profits, its value added."""
    term = words.terms[name]
    if _LARGEST.match(text, match.end()):
        return name
    if not term.family and term.measure and (other := _measured_behind(text, match.end(), term.measure, words)):
        return f"?{other}"  # 采矿业投资 is no value added
    if not term.family and term.measure and match[0].isascii() and _VALUE_ADDED_IN.search(text, 0, match.start()):
        return "?value_added"
    if not term.family or any(sign in match[0] for sign in words.measures.get(term.measure, ())):
        return name
    behind = words.cues.year_said.sub("", text[match.end() : match.end() + 24])
    after = re.split(r"[\d，。；;、]|,|\.\s| reached | was | rose | grew ", behind)[0]
    if (made := _MADE_OF_VALUE.match(text, match.end())) is not None:
        after = made["what"]
    before = re.search(
        r"((?:gross\s+|operating\s+|business\s+|total\s+|industrial\s+)?(?:value[\s-]add(?:ed)?|added\s+values?|output\s+value|revenues?|income|profits?|investment|exports?|output|business\s+volume|total\s+amount|volume))"
        r"\s+(?:of|in|from|by|for)\s+(?:the\s+|its\s+|\w+'s\s+)?(?:(?:[\w']+\s+){1,3}and\s+)?(?:[\w']+\s+){0,2}$",
        text[max(0, match.start() - 70) : match.start()],
    )
    for spoken in [after] if not before else [after, before[1]]:
        for measure, signs in words.measures.items():
            if measure != "share" and any(sign in spoken for sign in signs) and measure != term.measure:
                alike = {measure, term.measure} <= {"revenue", "output"}
                alike |= measure == "output" and (term.family, "share") in words.by_measure  # of GDP
                return words.by_measure.get((term.family, measure), name if alike else f"?{measure}")
    return name
