"""Measures that stand without an industry, as in its profits, and the industry that the words ahead leave them to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.tokens import BREAK, Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.sentences.branches import named


def bare_measures(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Measures without an industry: of the one spoken of where only small words stand between, else of one unknown."""
    out: list[Mention] = []
    for match in words.cues.measured.finditer(text):
        before = [seen for seen in known if seen.end <= match.start()]
        if not beside(known, *match.span()) or (before and before[-1].end == match.start()):
            continue  # inside a name, or the end of one
        subjects = _without_examples(text, before, match.start(), words)
        name = _whose(text, match, before, words)
        name = (
            name or _of_its_opening(text, match, subjects, words) or _of_the_topic(text, match, subjects, topic, words)
        )
        if not name and _of_something(text, match.end(), known, words):
            name = f"?{_measure(match[0], words)}"
        name = name or _of_the_one_before(text, match, subjects, words)
        name = name or _by_its_lead(text, match, subjects, (known, topic), words)
        name = _of_the_subject(text, match, known, words) or name if name.startswith("?") else name
        if name:
            out.append(Mention(match.start(), match.end(), name))
    return out


def _whose(text: str, match: re.Match[str], before: Sequence[Mention], words: Vocabulary) -> str:
    """The indicator of the industry right before `whose`: as did electronics, whose value added rose 11 percent."""
    said = _WHOSE.search(text, 0, match.start())
    last = before[-1] if before else None
    if said is None or last is None or last.end != said.start() or last.indicator not in words.terms:
        return ""
    return _of_it(last.indicator, _measure(match[0], words), words)


_WHOSE = re.compile(r",?\s+whose\s+(?:total\s+|combined\s+)?$")
"""Between an industry and its measure."""


def _measure(said: str, words: Vocabulary) -> str:
    """Which measure the words of a bare one are; blank where `measures.csv` does not say."""
    if "总量" in said or "volume" in said:
        return "volume"
    return next((kind for kind, signs in words.measures.items() if any(sign in said for sign in signs)), "")


def _of_the_subject(text: str, match: re.Match[str], known: Sequence[Mention], words: Vocabulary) -> str:
    """The indicator of the industry that an English sentence has for its subject: the telecom sector of Jiangxi generated
    business revenue of 21 billion yuan, while business volume came to 25 billion.
    """
    said = next(reversed([*_INDUSTRY.finditer(text, 0, match.start())]), None) if text.isascii() else None
    measure = _measure(match[0], words)
    if said is None or measure not in ("revenue", "volume", "profits") or ";" in text[said.end() : match.start()]:
        return ""
    if any(said.end() <= one.start and one.end <= match.start() and not one.indicator.startswith("?") for one in known):
        return ""
    parts = said["who"].split(" ")
    whos = (" ".join(parts[at:]) for at in range(len(parts)))
    names = (name for who in whos for name in named(who, measure, words))
    return next((name for name in names if words.terms[name].measure == measure), "")


_INDUSTRY = re.compile(
    r"\b(?P<who>[a-z][a-z-]*(?:\s(?:and\s)?[a-z][a-z-]*){0,3}?)"
    r"\s(?:sector|industry|businesses|carriers|operators|companies|enterprises|firms)\b"
    r"(?=\s+(?:(?:of|in)\s+(?:the\s+)?[a-z' ]{2,30}?\s+)?(?:[a-z]+ly\s+)?"
    r"(?:generated|posted|booked|recorded|reported|finished|achieved|earned|realized|saw|had|ended|closed|registered|took|made|collected|brought|employ(?:s|ed)|counted|had)\b)"
)
"""An industry that did something."""


def _of_its_opening(text: str, match: re.Match[str], before: Sequence[Mention], words: Vocabulary) -> str:
    """The indicator of the industry with which an English sentence opens: in industry, the value added of enterprises …"""
    said = _OPENS_IN.match(text) if not before and text.isascii() else None
    measure = _measure(match[0], words) if said is not None else ""
    signs = (sign for sign in words.measures.get(measure, ()) if sign.isascii())
    ways = (f"{sign} of {said['who']}" for sign in signs if said is not None)
    return next((words.term_words[key] for way in ways if (key := words.wording.key(way)) in words.term_words), "")


_OPENS_IN = re.compile(
    r"\s*(?:\(?[a-z0-9ivx]{1,4}[.)]\s+)?(?:in|for|as\s+for|turning\s+to|across|within)\s+(?:the\s+)?(?P<who>[a-z][a-z-]*(?:\s[a-z][a-z-]*){0,3}?)(?:\s+sector)?,\s"
)
"""The industry with which a sentence opens."""


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
    if not words.cues.of_the_firms.match(text, match.end()):
        return ""
    family = topic.family if topic.family not in _SECTORS else ""
    family = family or ("industry" if measure == "value_added" else "")  # of no other firms is that told
    return words.by_measure.get((family, measure), "") if family else ""


_SECTORS = ("primary_industry", "secondary_industry", "tertiary_industry")
"""Families of what is not told by firms."""


def _of_the_one_before(text: str, match: re.Match[str], before: Sequence[Mention], words: Vocabulary) -> str:
    """The indicator with this measure of what the sentence just named, where it says so."""
    if not before:
        return ""
    measure = _measure(match[0], words)
    same = [one for one in before if one.indicator in words.terms and words.terms[one.indicator].measure == measure]
    if same and _small(_without(text, before, same[-1].end, match.start()), match[0], words):
        return same[-1].indicator
    if _BESIDE_ANOTHER.search(text, before[-1].end, match.start()) and (
        told := _of_it(before[-1].indicator, measure, words)
    ):
        return told
    grown = words.cues.grown_ahead.search(text[: match.start()])
    if grown is not None and words.cues.growth_in.fullmatch(grown["gap"]):
        return _of_it(before[-1].indicator, measure, words) or f"?{measure}"
    return _of_it(before[-1].indicator, measure, words) if words.cues.of_it.search(text[: match.start()]) else ""


_BESIDE_ANOTHER = re.compile(
    r"\d[\d.,]*\s+[^;.]{3,70}?(?:,|,?\s+and|,?\s+while|,?\s+with)\s+(?:(?:it|they)\s+)?"
    r"(?:(?:had|has|made|earned|posted|recorded|reported|achieved|registered|generated|took|booked|realized|turned|brought|in|a|an|total|combined)\s+)*$"
)
"""What an industry is said to have before one more of its measures: revenue of 5 billion yuan and profits of …"""


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
    lead = _SO_MANY_PLACES.sub(" ", lead)
    unknown = bool(before and before[-1].indicator == "?") or _of_an_unknown(text, match.start(), known, words)
    kin = spec.family if spec else "" if unknown else topic.family
    if before and start == end and lead.isascii():
        lead = _SO_MUCH.sub(" ", words.cues.grows.sub(" ", lead))  # edged up by 2.9 percent to realize
    if kin and _small(lead, match[0], words):
        own = before[-1].indicator if spec is not None and spec.measure == measure else ""
        return own or words.by_measure.get((kin, measure), f"?{measure}" if spec is not None and start > end else "")
    main, term = words.terms.get(topic.main), words.terms.get(topic.term)
    if main is not None and main.measure == measure and not unknown and words.cues.the_industry.search(text):
        return topic.main
    if not known and term is not None and term.measure == measure:
        return ""  # said again of what was spoken of
    return f"?{measure}" if not before or start > end or len(_unknown(lead, words)) > 1 else ""


_SO_MANY_PLACES = re.compile(r"[两二三四五六七八九十]个?(?:省|市|州|地)市?(?![\u4e00-\u9fff]*区)")
"""How many places were just listed: 深圳、东莞、惠州三市."""


def _of_an_unknown(text: str, end: int, known: Sequence[Mention], words: Vocabulary) -> bool:
    """Whether a Chinese sentence opens with an industry that nobody knows: 信息通信业稳步增长,2022年实现营收…."""
    said = list(words.cues.opens_industry.finditer(text, 0, end))
    named = [one for one in known if one.indicator in words.terms]
    return bool(said) and not any(one.start < said[-1].end("who") and one.end > said[-1].start("who") for one in named)


_SO_MUCH = re.compile(
    r"\d[\d.]*\s*(?:percent|per\s+cent|pct|%)|\b(?:realiz|realis|actualiz|achiev|record|register|post|creat)\w*\b"
)
"""A percentage, and verbs of what is reached."""


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
    left = re.findall(r"[a-z][\w'-]+", words.cues.filler_en.sub(" ", lead))
    return [word for word in left if not says_nothing(words.cues, word)]
