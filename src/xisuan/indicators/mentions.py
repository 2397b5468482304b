"""The indicators that a sentence names: words of the vocabulary, what the words around make of them, and bare measures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from xisuan.indicators.again import said_again, that_of
from xisuan.indicators.deeds import mentions_of
from xisuan.indicators.finding import Found
from xisuan.indicators.sharing import sectors, shared
from xisuan.indicators.tokens import BREAK, Mention, Topic, beside
from xisuan.indicators.vocabulary import Term, Vocabulary, key


def mentions_in(text: str, words: Vocabulary, taken: Sequence[tuple[int, int]], topic: Topic) -> list[Mention]:
    """Every indicator outside the spans `taken`, in order; `?` with a measure where nobody knows its name."""
    out = _in_words(text, words, taken)
    out = shared(text, words, out)
    out.sort(key=lambda seen: seen.start)
    out = [seen for at, seen in enumerate(out) if not _repeats(text, out[at - 1] if at else None, seen, words)]
    out += sectors(text, out)
    out = _invested(text, words, out)
    for match in words.cues.these.finditer(text):
        if topic.term in words.terms and beside(out, *match.span()):
            out.append(Mention(match.start(), match.end(), topic.term))
    out = mentions_of(text, words.deeds, out, (words.term_words, words.wording))
    again = that_of(text, words, out)
    out = [seen for seen in out if beside(again, seen.start, seen.end)] + again
    out += said_again(text, words, out, topic)
    out += _their_firms(text, words, out, topic)
    out = [_of_the_industry(text, seen, words, topic) for seen in out]
    out = _measured_alike(text, sorted(out, key=lambda seen: seen.start), words, topic)
    out = _of_unknown_industries(text, out, words)
    out.sort(key=lambda seen: seen.start)
    out += [seen for seen in _bare_measures(text, words, out, topic) if _outside(seen, taken)]
    return sorted(out, key=lambda seen: seen.start)


def _outside(seen: Mention, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether an indicator stands in no span that is something else."""
    return all(seen.end <= low or seen.start >= high for low, high in taken)


def _in_words(text: str, words: Vocabulary, taken: Sequence[tuple[int, int]]) -> list[Mention]:
    """Indicators that stand in words of the vocabulary; `?` for a part of one that it does not have."""
    out: list[Mention] = []
    for match in _named(text, words):
        name = match.name
        if not all(match.end() <= a or match.start() >= b for a, b in taken):
            continue
        if (
            "generic" in words.terms[name].flags
            and match.start()
            and not any(seen.end == match.start() for seen in out)
            and not words.cues.free_before.search(text[: match.start()])
        ):
            continue
        if re.search(r"[2-6]g\s?$", text[: match.start()]) and re.match(r"[\u4e00-\u9fff]", match[0]):
            continue  # 3G移动电话用户 are not all users
        if "generic" in words.terms[name].flags and words.cues.longer_measure.match(text, match.end()):
            continue
        if _BY_THE_UNIT.search(text[: match.start()]):
            continue  # 397 Mbps/household
        if (
            words.terms[name].measure == "output"
            and not any(sign in match[0] for sign in words.measures["output"])
            and words.cues.means_of.search(text[: match.start()])
        ):
            continue
        part = (
            _of_other_things(text, match.end(), words.terms[name], words)
            or _object(text, match, words)
            or words.cues.subset.search(text[: match.start()])
            or words.cues.other_thing.match(text, match.end())
        )
        if not part and (area := words.cues.in_areas.match(text, match.end())) is not None:
            own = f"{area['area']} {match[0]}"
            name = words.term_words.get(key(own, words.wording), "")
            out.append(Mention(match.start(), match.end(), name or "?"))
            continue
        if name == "mobile_base_stations" and _OF_5G.search(text[: match.start()]):
            name = "g5_base_stations"
        out.append(Mention(match.start(), match.end(), "?" if part else _measured(text, match, name, words)))
    return out


_BY_THE_UNIT = re.compile(r"(?:bps|[gmt]b|yuan|kwh)/\s?$")
"""A unit before what a figure is for each of."""
_OF_5G = re.compile(
    r"\b5g\s+(?:networks?|services?|system|infrastructure)\b(?:(?!\b4g\b)[^;.]){0,60}$|\b5g\s+base\s+stations?\b(?:(?!\b4g\b)[^;.]){0,160}$|\b5g\s+(?:new|newly\s+built)\s+$"
)
"""The network whose base stations are counted: the 5G network comprised 274,000 base stations."""


def _measured_alike(text: str, known: Sequence[Mention], words: Vocabulary, topic: Topic) -> list[Mention]:
    """Industries named without a measure behind one that had its own: investment in A rose by 4 percent, B by 5."""
    out: list[Mention] = []
    wholes = {topic.term, topic.main} & words.terms.keys()
    spoken = ""
    for seen in known:
        spec = words.terms.get(seen.indicator)
        listed = bool(out) and words.cues.joined.fullmatch(text[out[-1].end : seen.start]) is not None
        if spec is not None and spoken and listed and seen.indicator.endswith("_firms"):
            out.append(replace(seen, indicator=words.by_measure.get((spec.family, spoken), seen.indicator)))
            continue
        if spec is None or not spec.measure or seen.whole:
            out.append(seen)
            continue
        said = next(
            (
                kind
                for kind, signs in words.measures.items()
                if any(sign in text[seen.start : seen.end] for sign in signs)
            ),
            "",
        )
        turned = bool(spec.family and not said and spoken and spec.measure != spoken)
        other = words.by_measure.get((spec.family, spoken), "") if turned else ""
        if not said and not spoken:
            other = _part_of(spec, wholes, words)
        spoken = said or spoken
        out.append(replace(seen, indicator=other) if other else seen)
    return out


def _part_of(spec: Term, wholes: Collection[str], words: Vocabulary) -> str:
    """The indicator of the same industry that is a part of what the text is about; blank where there is none."""
    if not spec.family or spec.part_of in wholes:
        return ""
    kin = (name for (family, _), name in words.by_measure.items() if family == spec.family)
    return next((name for name in kin if words.terms[name].part_of in wholes), "")


def _of_unknown_industries(text: str, known: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """The indicators with those of industries that nobody knows, whose names may hold words of others."""
    out = list(known)
    for match in words.cues.unknown_industry.finditer(text):
        inside = [seen for seen in out if match.start() < seen.start and seen.end <= match.end()]
        loose = [
            seen for seen in inside if seen.indicator in words.terms and "generic" in words.terms[seen.indicator].flags
        ]
        if loose and loose == inside:
            out = [seen for seen in out if seen not in loose]  # communication equipment manufacturing is a part of it
        if beside(out, *match.span()):
            out.append(Mention(match.start(), match.end(), "?"))
    return out


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
                    match = later
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
    """Industrial value added `of major firms in this sector` as that of the industry the text is about."""
    spec = words.terms.get(seen.indicator)
    if spec is None or "bare" not in spec.flags or not topic.family:
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


def _bare_measures(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Measures without an industry: of the one spoken of where only small words stand between, else of one unknown."""
    out: list[Mention] = []
    for match in words.cues.measured.finditer(text):
        before = [seen for seen in known if seen.end <= match.start()]
        if not beside(known, *match.span()) or (before and before[-1].end == match.start()):
            continue  # inside a name, or the end of one
        subjects = _without_examples(text, before, match.start(), words)
        name = _of_the_topic(text, match, subjects, topic, words)
        if not name and _of_something(text, match.end(), known, words):
            name = f"?{_measure(match[0], words)}"
        name = name or _of_the_one_before(text, match, subjects, words)
        name = name or _by_its_lead(text, match, subjects, (known, topic), words)
        if name:
            out.append(Mention(match.start(), match.end(), name))
    return out


def _measure(said: str, words: Vocabulary) -> str:
    """Which measure the words of a bare one are; blank where `measures.csv` does not say."""
    if "总量" in said or "volume" in said:
        return "volume"
    return next((kind for kind, signs in words.measures.items() if any(sign in said for sign in signs)), "")


def _of_the_topic(text: str, match: re.Match[str], before: Sequence[Mention], topic: Topic, words: Vocabulary) -> str:
    """The indicator of what was spoken of before, where a sentence that names nothing ahead says that it goes on."""
    if before:
        return ""
    measure = _measure(match[0], words)
    spec = words.terms.get(topic.term)
    if words.cues.this_one.match(text) and spec is not None and spec.measure == measure:
        return topic.term
    if words.cues.the_last.search(text[: match.start()]) and _same_measure(topic.term, measure, words):
        return topic.term
    if topic.family and words.cues.of_the_firms.match(text, match.end()):
        return words.by_measure.get((topic.family, measure), "")
    return ""


def _of_the_one_before(text: str, match: re.Match[str], before: Sequence[Mention], words: Vocabulary) -> str:
    """The indicator with this measure of what the sentence just named, where it says so."""
    if not before:
        return ""
    measure = _measure(match[0], words)
    same = [one for one in before if one.indicator in words.terms and words.terms[one.indicator].measure == measure]
    if same and _small(_without(text, before, same[-1].end, match.start()), match[0], words):
        return same[-1].indicator
    grown = _GROWN.search(text[: match.start()])
    if grown is not None and words.cues.growth_in.fullmatch(grown["gap"]):
        return _of_it(before[-1].indicator, measure, words) or f"?{measure}"
    return _of_it(before[-1].indicator, measure, words) if words.cues.of_it.search(text[: match.start()]) else ""


_GROWN = re.compile(r"(?:percent|%|pct)(?P<gap>[^%.;,\d]{1,60})$")
"""What stands between a percentage and a measure behind it."""


def _by_its_lead(
    text: str,
    match: re.Match[str],
    before: Sequence[Mention],
    around: tuple[Sequence[Mention], Topic],
    words: Vocabulary,
) -> str:
    """The indicator that the words ahead of a measure leave it to; `?` with the measure of one unknown."""
    known, topic = around
    measure = _measure(match[0], words)
    spec = words.terms.get(before[-1].indicator) if before else None
    end = before[-1].end if before else 0
    start = max([end, *(mark.end() for mark in BREAK.finditer(text, 0, match.start()))])
    if not before and topic.family and words.cues.the_industry.search(text[: match.start()]):
        start = match.start()
    lead = words.places_pattern.sub(" ", words.cues.scope.sub(" ", text[start : match.start()]))
    kin = spec.family if spec else topic.family
    if kin and _small(lead, match[0], words):
        own = before[-1].indicator if spec is not None and spec.measure == measure else ""
        return own or words.by_measure.get((kin, measure), "")
    main, term = words.terms.get(topic.main), words.terms.get(topic.term)
    if main is not None and main.measure == measure and words.cues.the_industry.search(text):
        return topic.main
    if not known and term is not None and term.measure == measure:
        return ""  # said again of what was spoken of
    return f"?{measure}" if not before or start > end or len(_unknown(lead, words)) > 1 else ""


def _without_examples(text: str, before: list[Mention], end: int, words: Vocabulary) -> list[Mention]:
    """The indicators before a measure without those of a list of examples right before it."""
    said = words.cues.such_as.search(text[:end])
    subjects = [seen for seen in before if said and seen.end <= said.start()]
    return subjects or before


def _same_measure(term: str, measure: str, words: Vocabulary) -> bool:
    """Whether an indicator has this measure and stands for a branch of its own."""
    spec = words.terms.get(term)
    return spec is not None and spec.measure == measure and not spec.family


def _of_something(text: str, end: int, known: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether a bare measure is that of something nobody knows: revenue from fixed-line communications."""
    what = words.cues.from_what.match(text, end)
    if what is None or words.cues.the_industry.search(what[0]) or words.places_pattern.match(text, what.start("what")):
        return False
    return not any(seen.start < what.end() + 30 and seen.end > what.start("what") for seen in known)


def _of_it(indicator: str, measure: str, words: Vocabulary) -> str:
    """The indicator of the same industry with this measure; blank where there is none."""
    spec = words.terms.get(indicator)
    if spec is None or spec.measure == measure:
        return indicator if spec else ""
    return words.by_measure.get((spec.family, measure), "") if spec.family else ""


def _without(text: str, mentions: Sequence[Mention], start: int, end: int) -> str:
    """The words of a stretch of text outside the indicators in it."""
    parts, at = [], start
    for seen in mentions:
        if at <= seen.start and seen.end <= end:
            parts.append(text[at : seen.start])
            at = seen.end
    return " ".join([*parts, text[at:end]])


def _small(lead: str, measure: str, words: Vocabulary) -> bool:
    """Whether only small words stand between an industry and its measure."""
    if re.search(r"[\u4e00-\u9fff]", measure):
        return not re.sub(r"[^\u4e00-\u9fff]", "", words.cues.grows.sub("", words.cues.filler.sub("", lead)))
    return not _unknown(lead, words)


def _unknown(lead: str, words: Vocabulary) -> list[str]:
    """English words that are no small ones."""
    return re.findall(r"[a-z][\w'-]+", words.cues.filler_en.sub(" ", lead))


_ANY_INVESTMENT = ("fixed_asset_investment", "project_investment")


def _repeats(text: str, before: Mention | None, seen: Mention, words: Vocabulary) -> bool:
    """Whether `fixed-asset investment` only says again what the indicator before it is: 大数据领域完成固定资产投资."""
    if before is None or seen.indicator not in _ANY_INVESTMENT or before.indicator not in words.terms:
        return False
    between = words.cues.filler.sub("", text[before.end : seen.start]).strip()
    return words.terms[before.indicator].measure == "investment" and not between


def _measured_behind(text: str, end: int, own: str, words: Vocabulary) -> str:
    """Another Chinese measure right behind a name; blank where there is none."""
    for measure, signs in words.measures.items():
        if measure not in (own, "share") and any(not sign.isascii() and text.startswith(sign, end) for sign in signs):
            return measure
    return ""


def _measured(text: str, match: Found, name: str, words: Vocabulary) -> str:
    """The indicator of the same industry that the words around it mean: its profits, its value added."""
    term = words.terms[name]
    if not term.family and term.measure and (other := _measured_behind(text, match.end(), term.measure, words)):
        return f"?{other}"  # 采矿业投资 is no value added
    if not term.family or any(sign in match[0] for sign in words.measures.get(term.measure, ())):
        return name
    behind = words.cues.year_said.sub("", text[match.end() : match.end() + 24])
    after = re.split(r"[\d，。；;、]|,|\.\s| reached | was | rose | grew ", behind)[0]
    before = re.search(
        r"((?:gross\s+|operating\s+|business\s+|total\s+|industrial\s+)?(?:value\s+added|added\s+value|output\s+value|revenues?|income|profits?|investment|exports?|output|business\s+volume|total\s+amount|volume))"
        r"\s+(?:of|in|from|by|for)\s+(?:the\s+|its\s+|\w+'s\s+)?(?:[\w']+\s+){0,2}$",
        text[max(0, match.start() - 70) : match.start()],
    )
    for spoken in [after] if not before else [after, before[1]]:
        for measure, signs in words.measures.items():
            if measure != "share" and any(sign in spoken for sign in signs) and measure != term.measure:
                return words.by_measure.get(
                    (term.family, measure), name if measure in ("revenue", "output") else f"?{measure}"
                )
    return name
