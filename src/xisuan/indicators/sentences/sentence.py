"""One sentence taken apart: indicators, places, times, amounts and ranks, each with its position.

Works on folded text, in which every sign keeps its place, so that the words of the original can be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xisuan.indicators.language import numerals
from xisuan.indicators.language.periods import When, phrases
from xisuan.indicators.language.quantities import Quantity, money, quantities
from xisuan.indicators.language.tokens import BREAK, Mention, Rank, Topic, Where
from xisuan.indicators.language.vocabulary import Vocabulary, fold
from xisuan.indicators.sentences.carrying import carried
from xisuan.indicators.sentences.composing import composed
from xisuan.indicators.sentences.elsewhere import KIND, beyond, elsewhere
from xisuan.indicators.sentences.left_out import without_left_out
from xisuan.indicators.sentences.marking import firms, of_less, wholes
from xisuan.indicators.sentences.mentions import mentions_in
from xisuan.indicators.sentences.naming import Known, named_zh
from xisuan.indicators.sentences.naming_en import named_en
from xisuan.indicators.sentences.regions import asides, regions_in, timed_asides, where_it_is
from xisuan.indicators.sentences.trading_partners import by_traders, with_partners

_FOREIGN = re.compile(r"\([^()]*?(?:\$|美元|dollars?|usd|欧元|euros?|€|£)[^()]*\)")
_BESIDE = re.compile(
    r"\s?[,，(]?\s*(?:or|about|around|equivalent\s+to|约合|折合|合)\s*(?:about|around|approximately|roughly|nearly|约)?\s*"
)

DATELINE = re.compile(
    r"^\s*[A-Z][A-Z' /-]+,\s+(?:[A-Z][A-Za-z ]+,\s+)?[A-Z][a-z]+\.?\s+\d{1,2}(?:,?\s*\d{4})?\s*(?:\([A-Za-z ]+\)|/[A-Za-z -]+/)?\s*(?:--|-|—|–)+"
    r"|^\s*[A-Z][A-Z' ]{2,}(?:,\s+[A-Z][A-Za-z ]+?)?\s*(?:\([^()]{1,40}\)\s*)?(?:--|-|—|–)+\s+(?=[\"“A-Z])"
    r"|^\s*[A-Z][a-z']{2,12}(?:\s[A-Z][a-z]{2,10})?\s+(?:--|-|—|–)\s+(?=[\"“A-Z][^\n]{20})"
    r"|^\s*(?:\(?[Rr]eporter[s,]?[^.()]{0,30}?[,\s]\s*)?[A-Z][A-Za-z']+,\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s*\d{4})?\s*(?:\([^()]{0,40}\)\s*|(?:--|-|—|–|:)+\s*)+"
    r"|^\s*[A-Z][A-Z' /-]+,\s+\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+\.?,?(?:\s+\d{4})?\s*\([^()]{0,40}\)\s*(?:--|-|—|–|:)*"
    r"|^\s*(?:[A-Z][\w']+\s){1,4}(?:News|Agency|Service|Daily|Times)(?:\s[A-Z]\w+)?,\s+[A-Z][A-Za-z']+,\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s*\d{4})?\s*(?:\([^()]{0,40}\))?[\s:–—-]*"
    r"|^\s*[A-Z][A-Z' -]+,\s+[A-Z][a-z]+\.?\s+\d{1,2}(?:,?\s*\d{4})?\.?\s*/[A-Za-z -]+/\.?\s*(?:--|-|—|–)*"
    r"|^\s*\([A-Z][A-Za-z .&]{1,30}\)\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s*\d{4})?\s*(?:--|-|—|–)+"
    r"|^(?!\s*(?:GDP|CPI|PPI|PUE|PMI|FDI|NEV|IPTV)\b)\s*[A-Z][A-Z' /-]+,?\s*\([^()]{0,60}[A-Za-z]{3}[^()]{0,20}\d{4}\s*\)\s*[:—–-]*"
    r"|^\s*(?:[\u4e00-\u9fff]{2,10}(?:电|讯))?\s*[（(]?(?:记者|新华社|本报|中新网|中新社)[^，。]{0,10}?(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:电|讯|消息)?[^，。]{0,10}?[)）电讯]"
    r"|^\s*[\u4e00-\u9fff]{2,10}?(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:电|讯)(?=[^讯]|$)\s*(?:[（(][^（）()]{0,16}[)）])?(?:\d{1,2}日)?[,，|]?"
)


OWN = ("CNY", "USD")
"""Money in which bulletins of China tell what is theirs."""
_QUOTED = re.compile(r"(?<![a-z0-9])'([a-z][a-z -]{2,30})'(?![a-z0-9])")
"""Words in single quotes, which say no more than without."""


@dataclass(frozen=True)
class Sentence:
    """A sentence and what is in it, each list in the order of the text."""

    raw: str
    text: str
    place: str
    mentions: Sequence[Mention]
    regions: Sequence[Where]
    times: Sequence[When]
    amounts: Sequence[Quantity]
    ranks: Sequence[Rank]
    english: bool
    price_base: str
    scope: str
    breaks: Sequence[tuple[int, int]] = ()
    dropped: Sequence[str] = ()

    def clause(self, at: int) -> tuple[int, int]:
        """Start and end of the clause around `at`: between commas, semicolons or the ends."""
        start = max((end for _, end in self.breaks if end <= at), default=0)
        return start, min((begin for begin, _ in self.breaks if begin >= at), default=len(self.text))


_WRAP = re.compile(
    r"(?<=[a-z,])(?P<end>\r?\n)(?=[a-z]|\((?!\s*[A-Za-z. ]+\s*\)))"
    r"|(?<=[\w,%)’'\"])(?P<end2>\r?\n)(?=[a-z]{2,})"
    r"|\b(?:and|or|the|of|in|by|to|from|with|for|an?|at|its|their|than|as|on|over|about|reached|totaled|was|were|is|are|China)(?P<end3>\r?\n)(?!(?:Source|By|Updated|Published|Posted|Date|Released?)\b|(?:19|20)\d\d-\d)(?=\S)"
    r"|(?<=[a-z])(?P<end5>\r?\n)(?=\d[\d.,]*\s+(?:percent|million|billion|trillion|yuan)\b)"
    r"|(?<=[，、,])(?P<end4>\r?\n)(?=[\u4e00-\u9fff\d])"
)
"""Ends of lines inside sentences: before a small letter, behind a small word, behind a comma."""


def unwrapped(text: str) -> str:
    """The text with the lines of each sentence joined by blanks, every sign in its place."""
    return _WRAP.sub(lambda found: re.sub(r"[\r\n]", " ", found[0]), text)


def split(text: str) -> list[tuple[int, str]]:
    """Sentences with the place where each begins."""
    out: list[tuple[int, str]] = []
    start = 0
    for match in _END.finditer(text):
        if match[0] == "." and _ABBREVIATION.search(text[max(0, match.start() - 12) : match.end()]):
            continue
        out.append((start, text[start : match.end()]))
        start = match.end()
    out.append((start, text[start:]))
    return [(at, part) for at, part in out if part.strip()]


_END = re.compile(
    r"[。！？!?]|\n+|\.(?=[\s\"'”’)]+[A-Z0-9\"“(]|\s*$)|(?<=[\u4e00-\u9fff%])\.(?=[\u4e00-\u9fff])|(?<=%)\.(?=[A-Z])|；(?=[^；。]{0,12}(?:截至|截止|1-|其中，))"
)
_ORDINALS = {
    word: at + 1
    for at, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    )
}
_ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|No|approx|Jan|Feb|Mar|Apr|(?:(?:In|By|Since|From|To)\s|(?<![A-Z][a-z]\s)(?<![A-Z][a-z]{2}\s)(?<![A-Z][a-z]{3}\s)(?<![A-Z][a-z]{4}\s))Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Co|Ltd|Inc|Mr|Ms|Dr|vs|est|i\.e|e\.g|incl|excl|cf)|(?<!\d\s)\b[A-Z]|(?:^|\n)\s*\d{1,2})\.$"
)


def parse(raw: str, place: str, words: Vocabulary, topic: Topic | None = None, names: bool = False) -> Sentence:
    """Take one sentence apart. `topic`: what was spoken of before, for `its profits` and `the industry`; `names`: whether
    what the vocabulary does not have gets the name that the sentence gives it.
    """
    text = _QUOTED.sub(r" \1 ", fold(raw))
    text = without_left_out(text, words)
    line = DATELINE.match(raw)
    if line:
        text = " " * line.end() + text[line.end() :]
    taken = [match.span() for match in _FOREIGN.finditer(text) if _yuan_before(text, match.start())]
    dropped = [raw[start:end] for start, end in taken]
    for start, end in taken:  # about 2.8 billion U.S. dollars: no word and no full stop of the sentence
        text = text[:start] + " " * (end - start) + text[end:]
    base = words.cues.price_base.search(text)
    taken += [match.span() for match in words.cues.price_base.finditer(text)]
    taken += [match.span() for match in words.times.compared.finditer(text)]
    taken += [match.span() for match in words.cues.definition.finditer(text)]
    taken += [match.span() for match in words.cues.firm_names.finditer(text)]
    taken += [match.span() for match in words.cues.expects.finditer(text) if match[0] == "projects"]  # no noun
    ranks, spans = _ranks(text, words)
    sites = [(match.start(), beyond(raw, match.end(), words)) for match in words.cues.one_site.finditer(raw)]
    taken += [*spans, *sites]
    mentions = mentions_in(text, words, taken, topic or Topic())
    held = [(seen.start, seen.end) for seen in mentions]
    regions = regions_in(text, words, taken, held)
    regions = _with_strange(regions, elsewhere(raw, words), [*taken, *held])
    regions = sorted([*regions, *(Where(*site, "", KIND) for site in sites)], key=lambda seen: seen.start)
    aside = where_it_is(text)
    regions = [one for one in regions if not any(low <= one.start < high for low, high in aside)]
    mentions = [seen for seen in mentions if not _of_a_name(text, seen, regions)]
    spoken = phrases(text, [*taken, *held], words.times)
    times = [when for when in spoken if not (when.day and words.cues.said_on.search(text[: when.start]))]
    times = [when for when in times if not any(low <= when.start < high for low, high in timed_asides(text))]
    times = [
        when for when in times if when.kind != "now" or all(when.end != one.end() for one in _NOW_TOLD.finditer(text))
    ]
    taken += [match.span() for match in words.cues.bystanders.finditer(text)]
    amounts = quantities(text, [*taken, *held, *((seen.start, seen.end) for seen in spoken)], words.units)
    amounts = [seen for at, seen in enumerate(amounts) if not _conversion(text, amounts, at) and not _named(raw, seen)]
    amounts = [seen for at, seen in enumerate(amounts) if not _told_exactly(text, amounts, at)]
    amounts = [seen for seen in amounts if seen.unit != "fold" or not _AS_FAST.match(text, seen.end)]
    if words.nation == "china":  # what others' money means in a bulletin of China is not known
        amounts = [replace(one, unit="foreign") if money(one.unit) and one.unit not in OWN else one for one in amounts]
    scope = words.cues.scope.search(text)
    english = len(re.findall(r"[a-z]{2,}", text)) > len(re.findall(r"[\u4e00-\u9fff]", text)) / 2
    amounts = (
        carried(text, amounts, mentions, words, (topic or Topic()).term, regions, (topic or Topic()).said)
        if english
        else amounts
    )
    if english:
        mentions = composed(
            Known(_without_appositions(text), mentions, [*regions, *times], amounts), words, topic or Topic()
        )
        mentions = of_less(text, by_traders(text, with_partners(text, words, mentions), topic or Topic()))
    if names and english:
        mentions = named_en(raw, Known(text, mentions, [*regions, *times], amounts), words)
    elif names:
        mentions = named_zh(Known(text, mentions, [*regions, *times], amounts), words)
    return Sentence(
        raw=raw,
        text=text,
        place=place,
        mentions=firms(raw, wholes(text, mentions, words), words),
        regions=regions,
        times=times,
        amounts=amounts,
        ranks=ranks,
        english=english,
        price_base=next((year for year in base.groups() if year), "") if base else "",
        scope="firms above designated size" if scope else "",
        breaks=[match.span() for match in BREAK.finditer(text)],
        dropped=dropped,
    )


def _without_appositions(text: str) -> str:
    """A text with blanks for what is said between commas of its subject: software, a pillar of Wuhan, brought in …."""
    for low, high in asides(text):
        text = text[: low - 1] + " " * (high - low + 2) + text[high + 1 :]
    return text


_NOW_TOLD = re.compile(r"\d[^;]*,?\s+and\s+[^,;\d]{3,60}\b(?:is|are|has|have)\s+now(?=\s[^\d]*$)")
"""What stands now behind a figure that is of another day: numbered 95,700, and every township is now covered."""
_AS_FAST = re.compile(
    r"(?:[\s-]*(?:times|fold))?\s+(?:as\s+(?:fast|quickly|rapidly|strongly)|the\s+pace|the\s+rate|the\s+speed|faster)\b"
)
"""Behind how many times as fast something grew, which is no growth."""


def _with_strange(known: Sequence[Where], strange: Sequence[Where], taken: Sequence[tuple[int, int]]) -> list[Where]:
    """The regions with the places that the vocabulary does not have, in place of the larger ones that these lie in."""
    own = [one for one in strange if all(one.end <= low or one.start >= high for low, high in taken)]
    left = [seen for seen in known if all(seen.end <= one.start or seen.start >= one.end for one in own)]
    return sorted([*left, *own], key=lambda seen: seen.start)


def _of_a_name(text: str, seen: Mention, regions: Sequence[Where]) -> bool:
    """Whether an unknown thing is but the end of a region's name: the Horinger data center cluster."""
    here = seen.indicator == "?" and re.match(r"\s(?:cluster|base|hub)\b", text[seen.end :])
    return bool(here) and any(text[one.end : seen.start] == " " for one in regions)


def _yuan_before(text: str, at: int) -> bool:
    return bool(
        re.search(
            r"(?:元(?:人民币)?|yuan|rmb|cny|renminbi|(?:rmb|cny|¥)\s?[\d.,]+\s?\w*)\s*$", text[max(0, at - 30) : at]
        )
    )


def _named(raw: str, seen: Quantity) -> bool:
    """Whether a number in words is part of a name: the Seven Star Data Center."""
    return (
        raw[seen.start].isupper()
        and bool(re.search(r"[a-z,]\s+(?:[A-Z][\w'-]*\s+)*$", raw[: seen.start]))
        and raw[seen.start : seen.end].isalpha()
    )


def _conversion(text: str, amounts: Sequence[Quantity], at: int) -> bool:
    """Whether an amount is the one before it said again: in foreign money, or computing power in operations a second."""
    here = amounts[at]
    if at and here.unit == amounts[at - 1].unit == "EFLOPS" and "浮点" in text[here.start : here.end]:
        return _PER_SECOND.fullmatch(text[amounts[at - 1].end : here.start]) is not None
    if (
        here.unit == "CNY"
        or not (money(here.unit) or here.unit == "foreign")
        or not at
        or amounts[at - 1].unit != "CNY"
    ):
        return False
    return bool(_BESIDE.fullmatch(text[amounts[at - 1].end : here.start]))


def _told_exactly(text: str, amounts: Sequence[Quantity], at: int) -> bool:
    """Whether an amount in English words is told exactly right behind: down by a third, or 33.2 percent."""
    here, later = amounts[at], amounts[at + 1] if at + 1 < len(amounts) else None
    if later is None or here.unit != later.unit or here.unit != "pct" or text[here.start : here.end].isascii() is False:
        return False
    worded = not re.search(r"\d", text[here.start : here.end])
    joined = _EXACTLY.fullmatch(text, here.end, later.start) is not None
    return worded and joined and abs(here.value - later.value) <= _ROUGH * abs(later.value)


_EXACTLY = re.compile(
    r"\s*[,(—–-]\s*(?:(?:or|that\s+is|namely|precisely|exactly|to\s+be\s+(?:exact|precise))[\s,]+(?:exactly\s+|precisely\s+|more\s+exactly\s+|some\s+|about\s+)?)?"
)
"""Between an amount in words and the same in figures."""
_ROUGH = 0.1
"""Part of an amount up to which words only round it."""
_PER_SECOND = re.compile(
    r"\s*[,，(（、]?\s*(?:即|也就是|相当于|折合)?(?:约|达到?|超过?)?每秒(?:可?(?:完成|进行|执行|达))?(?:约|到|超过?)?"
)
"""Between computing power and the same in operations: 6.6万P,每秒….."""


_AND_RANK = re.compile(
    rf"(?:\s+(?:in|among|of|across|within|nationwide|nationally)\b[^.,;:\d]{{0,40}}?)?,?\s+and\s+(?P<rank>{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))"
    r"\s+(?:in|among|nationwide|nationally|across|within)\b(?!\s+(?:the\s+)?(?:quarter|half|month))"
)
"""Behind a rank, another of the same figure among others."""


def _ranks(text: str, words: Vocabulary) -> tuple[list[Rank], list[tuple[int, int]]]:
    out: list[Rank] = []
    for match in words.cues.rank.finditer(text):
        groups = match.groupdict()
        if groups["zh"]:
            rank = int(groups["zh"]) if groups["zh"].isdigit() else numerals.whole(groups["zh"])
        elif number := groups["no"] or groups["no2"] or groups["nth"]:
            rank = int(number)
        else:
            word = groups["word"] or groups["word2"] or groups["word3"]
            rank = _ORDINALS[word] if word else 1
        out.append(Rank(match.start(), match.end(), rank))
        also = _AND_RANK.match(text, match.end())
        if also is not None:  # ranking third in the country and first in the southwest
            nth = also["rank"]
            out.append(Rank(*also.span("rank"), _ORDINALS[nth] if nth in _ORDINALS else int(nth[:-2])))
    return out, [(seen.start, seen.end) for seen in out]
